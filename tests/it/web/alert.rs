//! Alerts as a page: three lists, each number a way to its rows, never colour alone.

use entity::account::Role;
use taizhang::{
    app::rectification::{Finding, assign},
    domain::rectification::{Bearer, Charge},
};

use crate::harness::{
    Town,
    town::{COUNTY, TOWN_B, VILLAGE_A1},
};

on_both!(numbers_lead_to_their_rows);

async fn numbers_lead_to_their_rows(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "10.00").await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let officer = town.account("village-officer").await.account().expect("an account");
    let charge =
        Charge { bearer: Bearer::Account(officer), due_on: town.days_ahead(3), note: None };
    let finding =
        Finding { asset: asset.id, rule: entity::finding::Rule::NoMaintainer, version: 0 };
    assign(&town.ledger, &clerk, &[finding], &charge).await.expect("asked");
    let mut leader = town.browser(Role::Leader).await;
    let text = leader.open("/alerts").await.is(200).text();
    for said in ["红色预警", "黄色预警", "蓝色提醒", "石桥镇", "7 天内到期", "60 天内"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.matches("class=\"st ").count() >= 2, "a shape beside each word: {text}");
    let way = format!("/alerts?area={COUNTY}&amp;tier=yellow&amp;kind=rectification");
    assert!(text.contains(&way), "{text}");
    let text = leader.open(&way.replace("&amp;", "&")).await.is(200).text();
    assert!(text.contains("便民桥") && text.contains("还有 3 天"), "{text}");
    assert!(text.contains(&format!("/findings/{}/G01", asset.code)), "{text}");
    town.clock.advance(5);
    let mut leader = town.browser(Role::Leader).await;
    let text = leader.open("/alerts?tier=red&kind=rectification").await.is(200).text();
    assert!(text.contains("已逾期 2 天"), "{text}");
    leader.open("/alerts?tier=green").await.is(422);
    leader.open("/alerts?kind=cheese").await.is(422);
    leader.open("/alerts?area=cheese").await.is(422);
    let mut there = town.browser(Role::VillageOfficer).await;
    there.open(&format!("/alerts?area={TOWN_B}")).await.is(404);
}
