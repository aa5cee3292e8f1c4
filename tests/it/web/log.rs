//! The log by pages: who did what, when, field by field; each entry as it was hashed, with its proof.

use entity::{account::Role, asset, duty::Kind};
use taizhang::{
    app::{self, proof},
    domain::{duty::Terms, title::Party},
    limits,
};

use crate::harness::{
    Town,
    town::{COUNTY, VILLAGE_A1},
};

on_both!(
    entries_are_told_field_by_field,
    entries_are_found_by_who_did_what_to_what,
    a_long_entry_is_told_in_part,
    an_entry_is_proven_outside,
    a_log_is_shown_to_those_who_may_read_it,
    the_log_is_a_file,
);

/// An asset that a clerk has amended and corrected.
async fn changed(town: &Town) -> asset::Model {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let clerk = town.clerk().await;
    let moved = |row| asset::Model { location: Some("桥头".into()), ..row };
    let named = (asset.id, asset.version);
    let asset = app::asset::amend(&town.ledger, &clerk, named, moved).await.expect("amended");
    let dearer =
        |row| asset::Model { original_value: Some(crate::harness::town::yuan("1001.00")), ..row };
    let named = (asset.id, asset.version);
    let done = app::asset::correct(&town.ledger, &clerk, named, "录入有误", dearer).await;
    done.expect("corrected")
}

/// The rows of a page.
fn rows(page: &str) -> Vec<&str> {
    page.split("<tbody>").nth(1).expect("rows").split("<tr>").skip(1).collect()
}

async fn entries_are_told_field_by_field(town: &Town) {
    let asset = changed(town).await;
    let mut auditor = town.seated(Role::Auditor).await;
    let page = auditor.open("/log").await.is(200).text();
    let rows = rows(&page);
    // the auditor's own password is the newest
    let newest = rows.iter().find(|row| row.contains("更正资产")).expect("the correction");
    assert!(newest.contains("finance-clerk") && newest.contains("录入有误"), "{newest}");
    assert!(newest.contains("资产原值：<del>1000.00</del> → <ins>1001.00</ins>"), "{newest}");
    assert!(newest.contains(&format!("href=\"/assets/{}\"", asset.code)), "{newest}");
    let added = rows.iter().find(|row| row.contains("开设账号"));
    assert!(added.is_none_or(|row| row.contains("角色：")), "{added:?}");
    // sums are of the county's log and nothing else
    let all = auditor.open("/log?action=account.add").await.is(200).text();
    assert!(!all.contains("-2</"), "{all}");
    // whoever reads the log is led from the card to the entry
    let card = auditor.open(&format!("/assets/{}/history", asset.code)).await.is(200).text();
    assert!(card.contains("href=\"/log/520381/") && card.contains("原文与证明"), "{card}");
    let mut clerk = town.browser(Role::FinanceClerk).await;
    let card = clerk.open(&format!("/assets/{}/history", asset.code)).await.is(200).text();
    assert!(card.contains("更正资产") && !card.contains("href=\"/log/"), "{card}");
}

async fn entries_are_found_by_who_did_what_to_what(town: &Town) {
    let asset = changed(town).await;
    town.asset(VILLAGE_A1, "木桥", "1.00").await;
    let mut auditor = town.seated(Role::Auditor).await;
    for (query, n) in [
        ("actor=finance-clerk".to_owned(), 2),
        ("action=asset.register".to_owned(), 2),
        (format!("asset={}", asset.code), 3),
        (format!("asset={}&actor=finance-clerk&action=asset.amend", asset.code), 1),
        ("actor=finance-clerk&from=2026-06-01&to=2026-06-01".to_owned(), 2),
        (format!("actor=finance-clerk&area={COUNTY}"), 2),
    ] {
        let page = auditor.open(&format!("/log?{query}")).await.is(200).text();
        assert_eq!(rows(&page).len(), n, "{query}: {page}");
    }
    for query in ["actor=nobody", "from=2026-06-02", "to=2026-05-31"] {
        let page = auditor.open(&format!("/log?{query}")).await.is(200).text();
        assert!(page.contains("没有符合条件的留痕"), "{query}");
    }
    for query in ["colour=red", "action=asset.paint", "from=yesterday", "after=x", "area=5203"] {
        auditor.open(&format!("/log?{query}")).await.is(422);
    }
    auditor.open("/log?asset=NONE").await.is(404);
    // page by page, none twice and none left out
    let (mut address, mut seen) = ("/log".to_owned(), Vec::new());
    loop {
        let page = auditor.open(&address).await.is(200).text();
        let own = rows(&page);
        seen.extend(own.iter().map(|row| {
            row.split("href=\"/log/520381/")
                .nth(1)
                .expect("a place")
                .split('"')
                .next()
                .expect("its end")
                .to_owned()
        }));
        let Some(next) = page.split("rel=\"next\" href=\"").nth(1) else { break };
        address = next.split('"').next().expect("an address").replace("&amp;", "&");
    }
    let n = town.entries(COUNTY).await.len();
    let expected: Vec<String> = (0..n).rev().map(|seq| seq.to_string()).collect();
    assert_eq!(seen, expected);
}

async fn a_long_entry_is_told_in_part(town: &Town) {
    let mut auditor = town.seated(Role::Auditor).await;
    let body = town.organization(crate::harness::town::code(VILLAGE_A1), "管护公司").await;
    let party = (Kind::Maintainer, Party::Organization(body));
    for (n, more) in [(limits::CHANGES_TOLD, false), (limits::CHANGES_TOLD + 1, true)] {
        let mut assets = Vec::new();
        for _ in 0..n {
            assets.push(
                town.asset(VILLAGE_A1, &format!("桥{}", town.next_number()), "1.00").await.id,
            );
        }
        let (clerk, terms) = (town.clerk().await, Terms::default());
        app::duty::assign(&town.ledger, &clerk, &assets, party, &terms).await.expect("assigned");
        let page = auditor.open("/log?action=duty.assign").await.is(200).text();
        let row = rows(&page)[0].to_owned();
        assert_eq!(row.matches("<b>管护责任</b>").count(), limits::CHANGES_TOLD, "{row}");
        assert_eq!(row.contains("还有 1 行"), more, "{row}");
        let address =
            row.split("href=\"").nth(1).expect("a way").split('"').next().expect("its end");
        let whole = auditor.open(address).await.is(200).text();
        assert_eq!(whole.matches("<b>管护责任</b>").count(), n, "{whole}");
    }
}

async fn an_entry_is_proven_outside(town: &Town) {
    changed(town).await;
    let mut auditor = town.seated(Role::Auditor).await;
    let seq = town.entries(COUNTY).await.len() - 1;
    let place = format!("/log/520381/{seq}");
    let page = auditor.open(&place).await.is(200).text();
    assert!(page.contains("还没有签名") && !page.contains("/proof\""), "{page}");
    auditor.open(&format!("{place}/proof")).await.is(404);
    town.ledger.sign_checkpoints().await.expect("signed");
    let page = auditor.open(&place).await.is(200).text();
    assert!(page.contains("taizhang verify --check") && page.contains(&format!("{place}/proof\"")));
    let entry = auditor.open(&format!("{place}/entry")).await.is(200);
    assert!(entry.header("content-disposition").contains(&format!("entry-520381-{seq}.json")));
    let text = auditor.open(&format!("{place}/proof")).await.is(200).text();
    let key = auditor.open("/log/public-key").await.is(200).text();
    let checked = proof::check(&text, &key, Some(&entry.body)).expect("it holds");
    assert_eq!(checked.size, u64::try_from(seq + 1).expect("small"));
    assert!(proof::check(&text, &key, Some(b"{}")).is_err());
    let note = auditor.open("/log/520381/checkpoint").await.is(200).text();
    assert!(note.contains("520381") && text.contains(note.lines().last().expect("a signature")));
    auditor.open(&format!("/log/520381/{}", seq + 1)).await.is(404);
}

async fn a_log_is_shown_to_those_who_may_read_it(town: &Town) {
    town.ledger.sign_checkpoints().await.expect("signed");
    let mut auditor = town.seated(Role::Auditor).await;
    for part in ["0", "0/entry", "0/proof", "checkpoint"] {
        auditor.open(&format!("/log/520382/{part}")).await.is(404);
        auditor.open(&format!("/log/none/{part}")).await.is(404);
    }
    auditor.open("/log?area=520382000000").await.is(404);
    let mut clerk = town.browser(Role::FinanceClerk).await;
    for address in ["/log", "/log.csv", "/log/520381/0", "/log/520381/0/entry", "/log/verify"] {
        clerk.open(address).await.is(403);
    }
    for address in ["/log/520381/0/proof", "/log/520381/checkpoint", "/log/public-key"] {
        clerk.open(address).await.is(403);
    }
    assert!(!clerk.open("/me").await.is(200).text().contains("href=\"/log"));
}

async fn the_log_is_a_file(town: &Town) {
    changed(town).await;
    let mut auditor = town.seated(Role::Auditor).await;
    let page = auditor.open("/log?actor=finance-clerk").await.is(200).text();
    assert!(page.contains("href=\"/log.csv?actor=finance-clerk\""), "{page}");
    let before = town.n_entries().await;
    let file = auditor.open("/log.csv?actor=finance-clerk").await.is(200);
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"log.csv\"");
    let text = file.text();
    assert!(text.starts_with("\u{feff}县,序号,时间,"), "{text}");
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(text.contains("资产原值 1000.00 → 1001.00") && text.contains("录入有误"), "{text}");
    assert_eq!(town.n_entries().await, before + 1, "an export is in the log");
    // who keeps the log and exports nothing
    let mut keeper = town.seated(Role::AuditAdministrator).await;
    assert!(!keeper.open("/log").await.is(200).text().contains("/log.csv"));
    keeper.open("/log.csv").await.is(403);
}
