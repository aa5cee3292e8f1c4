//! The whole ledger verified by one click, and what is told of it.

use entity::{account::Role, log::Action};
use sea_orm::ConnectionTrait;

use super::Browser;
use crate::harness::{
    Town,
    town::{OTHER_VILLAGE, VILLAGE_A1},
};

on_both!(
    one_click_verifies_the_county,
    what_does_not_fit_is_named,
    only_those_who_may_have_it_verified,
);

const PAGE: &str = "/log/verify";

/// The page once nothing is under way.
async fn over(browser: &mut Browser) -> String {
    for _ in 0..200 {
        let reply = browser.open(PAGE).await.is(200);
        if reply.headers.get("refresh").is_none() {
            return reply.text();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it does not come to its end");
}

async fn one_click_verifies_the_county(town: &Town) {
    town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    town.ledger.sign_checkpoints().await.expect("signed");
    let mut auditor = town.seated(Role::Auditor).await;
    let first = auditor.open(PAGE).await.is(200).text();
    assert!(first.contains("开始核验") && !first.contains("核验通过"), "{first}");
    let n = entries(town).await;
    auditor.fill(PAGE, PAGE, &[]).await.is(303);
    let page = over(&mut auditor).await;
    for words in ["核验通过", "填报单位（盖章）", "单位负责人", "520381", "最近签署 2026-06-01"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("520382") && page.contains(&format!("<dd>{n} 条")), "{n}: {page}");
    // who had it verified, and what came of it, is in the log
    let noted = town.rows::<entity::log::Entity>().await;
    let noted: Vec<_> = noted.iter().filter(|one| one.action == Action::VerifyLog.code()).collect();
    assert_eq!(noted.len(), 1);
    assert!(noted[0].body.contains("\"verdict\":\"sound\""), "{}", noted[0].body);
    // what somebody else had verified is not shown
    let mut keeper = town.seated(Role::AuditAdministrator).await;
    assert!(!keeper.open(PAGE).await.is(200).text().contains("核验通过"));
}

/// Entries of the county's log.
async fn entries(town: &Town) -> usize {
    town.entries(crate::harness::town::COUNTY).await.len()
}

async fn what_does_not_fit_is_named(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let there = town.asset(OTHER_VILLAGE, "外县桥", "1000.00").await;
    for (id, value) in [(asset.id, 777), (there.id, 888)] {
        let sql = format!("UPDATE asset SET location = '偷改{value}' WHERE id = {id}");
        town.db.execute_unprepared(&sql).await.expect("altered");
    }
    let mut auditor = town.seated(Role::Auditor).await;
    auditor.fill(PAGE, PAGE, &[]).await.is(303);
    let page = over(&mut auditor).await;
    assert!(page.contains("与留痕不符") && page.contains(&format!("资产 {}", asset.id)), "{page}");
    assert!(page.contains("href=\"/log/520381/") && !page.contains("偷改888"), "{page}");
}

async fn only_those_who_may_have_it_verified(town: &Town) {
    let mut clerk = town.browser(Role::FinanceClerk).await;
    clerk.open(PAGE).await.is(403);
    let mark = super::hidden(super::form_of(&clerk.open("/me").await.is(200).text(), "/sign-out"));
    let mark: Vec<_> = mark.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    clerk.send(PAGE, &mark).await.is(403);
    let mut auditor = town.seated(Role::Auditor).await;
    auditor.send(PAGE, &[("mark", "another")]).await.is(403);
    assert!(auditor.open(PAGE).await.is(200).text().contains("开始核验"));
}
