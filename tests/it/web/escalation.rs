//! What is late, as people see it: who sees to it now, and who will.

use entity::account::Role;
use taizhang::{
    app::{
        self,
        rectification::{Finding, assign},
    },
    domain::rectification::{Bearer, Charge},
};

use crate::harness::{Town, town::VILLAGE_A1};

on_both!(a_case_tells_who_sees_to_it_and_who_will);

async fn a_case_tells_who_sees_to_it_and_who_will(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "10.00").await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let officer = town.account("village-officer").await.account().expect("an account");
    let bearer = Bearer::Account(officer);
    let charge = Charge { bearer, due_on: town.days_ahead(5), note: None };
    let finding =
        Finding { asset: asset.id, rule: entity::finding::Rule::NoMaintainer, version: 0 };
    assign(&town.ledger, &clerk, &[finding], &charge).await.expect("asked");
    let place = format!("/findings/{}/G01", asset.code);
    let (town_on, leader_on) = (town.days_ahead(12), town.days_ahead(35));
    let mut leader = town.browser(Role::Leader).await;
    let text = leader.open(&place).await.is(200).text();
    let said = format!("{town_on} 起督办到乡镇");
    assert!(text.contains(&said) && !text.contains("现由谁督办"), "{text}");
    town.clock.advance(25);
    app::nightly::raise_late(&town.ledger, &taizhang::store::Actor::operator())
        .await
        .expect("raised");
    let mut leader = town.browser(Role::Leader).await;
    let text = leader.open(&place).await.is(200).text();
    for said in
        ["现由谁督办", "县级主管部门", "逾期自动督办", &format!("{leader_on} 起督办到县领导")]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    let text = leader.open("/tasks").await.is(200).text();
    assert!(!text.contains("便民桥"), "the department has it: {text}");
    town.clock.advance(10);
    app::nightly::raise_late(&town.ledger, &taizhang::store::Actor::operator())
        .await
        .expect("raised");
    let mut leader = town.browser(Role::Leader).await;
    let text = leader.open("/tasks").await.is(200).text();
    assert!(text.contains("督办到本级") && text.contains("便民桥"), "{text}");
    let text = leader.open("/findings?escalated=leader").await.is(200).text();
    assert!(text.contains("便民桥"), "{text}");
    leader.open("/findings?escalated=village").await.is(422);
}
