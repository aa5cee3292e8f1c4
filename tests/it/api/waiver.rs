//! Waivers over the API.

use entity::account::Role;
use serde_json::json;

use super::change::{Change, fields};
use crate::harness::{
    Town,
    town::{COUNTY, VILLAGE_A1},
};

on_both!(a_finding_is_waived_once);

async fn a_finding_is_waived_once(town: &Town) {
    let officer = town.caller(Role::RuralOfficer).await;
    let there = town.caller_there(Role::RuralOfficer).await;
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let body = |rule: &str, days| {
        let until = town.days_ahead(days);
        json!({ "asset": asset.id, "rule": rule, "reason": "正在招标", "until_on": until })
    };
    let send = async |body| officer.post("/waivers").key("w").json(&body).send().await;
    assert_eq!(fields(&send(body("G99", 30)).await.problem(422, "invalid")), ["rule"]);
    send(body("G01", 367)).await.problem(422, "finding.waiver_too_long");
    let change = Change {
        path: "/waivers".into(),
        body: body("G01", 30),
        version: None,
        status: 201,
        by: &officer,
        there: &there,
    };
    let (first, again) = change.make(town).await;
    assert_eq!((&first.json()["rule"], &first.json()["asset"]), (&json!("G01"), &json!(asset.id)));
    assert_eq!(again.json(), first.json());
    assert_eq!(town.last_entry(COUNTY).await["action"], "finding.waive");
    send(body("G01", 20)).await.problem(422, "finding.waived_already");
}
