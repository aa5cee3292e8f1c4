//! Revival plans by their pages: proposed from the card, approved, verified, counted.

use entity::{account::Role, revival};

use crate::harness::{
    Town,
    revivals::{idle, plan, staged},
    town::{VILLAGE_A1, VILLAGE_A2, collective_name},
};

on_both!(
    a_plan_is_proposed_approved_and_verified,
    what_is_wrong_is_told_and_what_was_typed_stays,
    every_number_of_the_rate_leads_to_its_rows,
);

async fn a_plan_is_proposed_approved_and_verified(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "帮扶车间", "1000.00").await;
    town.collective(VILLAGE_A1).await;
    let mut village = town.browser(Role::VillageOfficer).await;
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let card = format!("/assets/{}/revival", asset.code);
    let page = village.open(&card).await.is(200).text();
    assert!(page.contains("只有闲置、低效的资产需要") && !page.contains("提出盘活方案"), "{page}");
    idle(town, &asset).await;
    let page = village.open(&card).await.is(200).text();
    assert!(page.contains("提出盘活方案"), "{page}");
    let form = format!("/assets/{}/revive", asset.code);
    let (target, body) = (town.days_ahead(90).to_string(), collective_name("上河村"));
    let fields = [
        ("reason", "market"),
        ("mode", "lease"),
        ("batch", "revive"),
        ("measures", "公开招租"),
        ("body", &*body),
        ("target", &*target),
    ];
    let led = village.fill(&form, &form, &fields).await.is(303);
    let at = led.header("location").split('?').next().expect("a path").to_owned();
    let page = village.open(&at).await.is(200).text();
    assert!(page.contains("租赁运营") && page.contains("待批准") && page.contains(&body), "{page}");
    clerk.fill(&at, &format!("{at}/approve"), &[]).await.is(303);
    let later = town.days_ahead(120).to_string();
    let mut other = fields.to_vec();
    other[5] = ("target", &*later);
    village.fill(&at, &format!("{at}/amend"), &other).await.is(303);
    let page = village.open(&at).await.is(200).text();
    assert!(page.contains(&later) && page.contains("待批准"), "{page}");
    clerk.fill(&at, &format!("{at}/approve"), &[]).await.is(303);
    let done = [("outcome", "leased"), ("report", "已出租给合作社")];
    village.fill(&at, &format!("{at}/report"), &done).await.is(303);
    let back = [("verdict", "return"), ("returned", "门还锁着")];
    clerk.fill(&at, &format!("{at}/verify"), &back).await.is(303);
    assert!(village.open(&at).await.is(200).text().contains("门还锁着"));
    village.fill(&at, &format!("{at}/report"), &done).await.is(303);
    let seen = [("verdict", "verify"), ("evidence", "合同1号，已开工")];
    clerk.fill(&at, &format!("{at}/verify"), &seen).await.is(303);
    let page = clerk.open(&at).await.is(200).text();
    assert!(page.contains("已盘活") && page.contains("合同1号，已开工"), "{page}");
    let list = clerk.open("/revivals?state=closed").await.is(200).text();
    assert!(list.contains("帮扶车间") && list.contains("盘活一批"), "{list}");
    assert!(clerk.open("/revivals").await.is(200).text().contains("没有在办的盘活方案"));
}

async fn what_is_wrong_is_told_and_what_was_typed_stays(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "帮扶车间", "1000.00").await;
    let asset = idle(town, &asset).await;
    let body = town.collective(VILLAGE_A1).await;
    let mut village = town.browser(Role::VillageOfficer).await;
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let form = format!("/assets/{}/revive", asset.code);
    let before = (town.everything().await, town.n_entries().await);
    let wrong = [("mode", "lease"), ("measures", "公开招租"), ("target", "明年")];
    let page = village.fill(&form, &form, &wrong).await.is(422).text();
    for part in ["#f-reason", "#f-batch", "#f-body", "#f-target", "公开招租"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(before == (town.everything().await, town.n_entries().await));
    let row = staged(town, &asset, &plan(town, body, "公开招租"), revival::State::Done).await;
    let at = format!("/revivals/{}", row.id);
    let blank = [("verdict", "verify"), ("evidence", "")];
    let page = clerk.fill(&at, &format!("{at}/verify"), &blank).await.is(422).text();
    assert!(page.contains("须写明核验依据"), "{page}");
    village.open("/revivals/999").await.is(404);
    village.open("/revivals/x").await.is(404);
}

async fn every_number_of_the_rate_leads_to_its_rows(town: &Town) {
    let body = town.collective(VILLAGE_A1).await;
    for (village, n) in [(VILLAGE_A1, 2), (VILLAGE_A2, 1)] {
        for one in 0..n {
            let asset = town.asset(village, &format!("车间{village}-{one}"), "100.00").await;
            let asset = idle(town, &asset).await;
            if one == 0 {
                let plan = plan(town, body, "公开招租");
                staged(town, &asset, &plan, revival::State::Proposed).await;
            }
        }
    }
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let page = clerk.open("/revivals/rate").await.is(200).text();
    assert!(page.contains("0.00%") && page.contains("盘活一批"), "{page}");
    let body = page.split_once("<main").map_or("", |(_, main)| main);
    let links = body.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    let mut n = 0;
    for (link, rest) in links.filter(|(link, _)| link.contains("area=")) {
        let Some(told) = rest.strip_prefix('>').and_then(|rest| rest.split_once('<')) else {
            continue;
        };
        let Ok(count) = told.0.parse::<usize>() else { continue };
        let rows = clerk.open(&link.replace("&amp;", "&")).await.is(200).text();
        let rows = rows.split_once("<tbody>").map_or("", |(_, rows)| rows);
        let rows = rows.split_once("</tbody>").map_or("", |(rows, _)| rows);
        assert_eq!(rows.matches("<th scope=\"row\"").count(), count, "{link}: {rows}");
        n += 1;
    }
    assert_eq!(n, 7, "{page}");
}
