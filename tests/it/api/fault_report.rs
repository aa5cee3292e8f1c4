//! Reports of faults over the API.

use entity::account::Role;
use serde_json::json;

use super::change::{Change, fields};
use crate::harness::{
    Town,
    town::{COUNTY, VILLAGE_A1},
};

on_both!(reports_are_read_and_handled, what_was_said_is_shown_whole_for_a_reason);

async fn reports_are_read_and_handled(town: &Town) {
    let clerk = town.caller(Role::TownshipClerk).await;
    let there = town.caller_there(Role::TownshipClerk).await;
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let row = town.report(&asset, ("路面塌了", "13812345678")).await;
    let whole = clerk.get(&format!("/fault-reports/{}", row.id)).await.is(200).json();
    assert_eq!(whole["told"], json!({ "words": "路面塌了", "phone": "138****5678" }));
    assert_eq!((&whole["kind"], &whole["state"]), (&json!("broken"), &json!("received")));
    assert!(whole["code_digest"].is_null());
    let change = Change {
        path: format!("/fault-reports/{}/accept", row.id),
        body: json!({}),
        version: Some(1),
        status: 200,
        by: &clerk,
        there: &there,
    };
    let (first, again) = change.make(town).await;
    assert_eq!(again.json(), first.json());
    assert_eq!(town.last_entry(COUNTY).await["action"], "fault_report.accept");
    let list = clerk.get("/fault-reports?state=accepted&sort=-reported_at").await.is(200).json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["items"][0]["id"], json!(row.id.0));
    let path = format!("/fault-reports/{}/dismiss", row.id);
    let problem = clerk.post(&path).key("d1").version(2).json(&json!({ "reason": " " })).send();
    problem.await.problem(422, "action.reason_missing");
    let problem = clerk.post(&path).key("d2").version(2).json(&json!({ "why": "x" })).send();
    assert!(!fields(&problem.await.problem(422, "invalid")).is_empty());
    let done = clerk.post(&path).key("d3").version(2).json(&json!({ "reason": "已由村里修好" }));
    let done = done.send().await.is(200).json();
    assert_eq!((&done["state"], &done["answer"]), (&json!("dismissed"), &json!("已由村里修好")));
    let path = format!("/fault-reports/{}/mend", row.id);
    let late = clerk.post(&path).key("m1").version(3).json(&json!({})).send().await;
    late.problem(422, "fault_report.in_state");
}

async fn what_was_said_is_shown_whole_for_a_reason(town: &Town) {
    let clerk = town.caller(Role::TownshipClerk).await;
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let row = town.report(&asset, ("路面塌了", "13812345678")).await;
    let path = format!("/fault-reports/{}/reveal", row.id);
    let told = clerk.post(&path).json(&json!({ "reason": "回电话" })).send().await.is(200).json();
    assert_eq!(told, json!({ "words": "路面塌了", "phone": "13812345678" }));
    let leader = town.caller(Role::VillageOfficer).await;
    leader.post(&path).json(&json!({ "reason": "看看" })).send().await.problem(403, "forbidden");
}
