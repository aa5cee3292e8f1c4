//! Briefs on paper: a month is chosen, every town of a county has its sheet.

use entity::account::Role;

use crate::harness::{
    Town,
    town::{COUNTY, OTHER_VILLAGE, TOWN_A, VILLAGE_A1, VILLAGE_B1},
};

on_both!(every_town_has_its_sheet);

async fn every_town_has_its_sheet(town: &Town) {
    town.asset(VILLAGE_A1, "便民桥", "10.00").await;
    town.asset(VILLAGE_B1, "水渠", "10.00").await;
    town.asset(OTHER_VILLAGE, "外县桥", "10.00").await;
    let mut leader = town.browser(Role::Leader).await;
    let text = leader.open("/briefs").await.is(200).text();
    assert_eq!(text.matches("class=\"card upright\"").count(), 2, "{text}");
    for said in [
        "管护简报",
        "管护落实率",
        "缺管护主体（项）",
        "低于目标 95%",
        "全县第",
        "月末",
        "今日",
        "填表人：",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.contains("/findings?area=") && text.contains("data-print"), "{text}");
    let text = leader.open("/briefs?month=2026-05").await.is(200).text();
    assert!(text.contains("2026-05 管护简报"), "{text}");
    let text = leader.open("/briefs?month=2025-05").await.is(422).text();
    assert!(text.contains("之前十二个月"), "one past the limit: {text}");
    leader.open("/briefs?month=2025-06").await.is(200);
    leader.open("/briefs?area=cheese").await.is(422);
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let text = clerk.open(&format!("/briefs?area={TOWN_A}")).await.is(200).text();
    assert_eq!(text.matches("class=\"card upright\"").count(), 1, "{text}");
    assert!(!text.contains("全县第"), "a town is not told of the others: {text}");
    let text = clerk.open(&format!("/briefs?area={COUNTY}")).await.is(200).text();
    assert_eq!(text.matches("class=\"card upright\"").count(), 1, "{text}");
    let mut officer = town.browser(Role::VillageOfficer).await;
    let text = officer.open("/briefs").await.is(200).text();
    assert!(text.contains("简报按县、乡镇出"), "{text}");
}
