//! Rectifications over the API.

use entity::account::Role;
use serde_json::json;

use super::change::{Change, fields};
use crate::harness::{
    Town,
    town::{COUNTY, VILLAGE_A1},
};

on_both!(a_finding_is_asked_done_and_checked, what_cannot_be_read_is_named);

async fn a_finding_is_asked_done_and_checked(town: &Town) {
    let (clerk, officer) =
        (town.caller(Role::TownshipClerk).await, town.caller(Role::RuralOfficer).await);
    let there = town.caller_there(Role::RuralOfficer).await;
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let body = town.collective(VILLAGE_A1).await;
    let findings = json!([{ "asset": asset.id, "rule": "G01", "version": 0 }]);
    let due_on = town.days_ahead(30);
    let change = Change {
        path: "/rectifications/assign".into(),
        body: json!({ "findings": findings, "organization": body, "due_on": due_on, "note": "尽快" }),
        version: None,
        status: 200,
        by: &clerk,
        there: &there,
    };
    let (first, again) = change.make(town).await;
    assert_eq!(again.json(), first.json());
    let round = first.json()["rectifications"][0].clone();
    assert_eq!((&round["state"], &round["organization"]), (&json!("open"), &json!(body)));
    let id = round["id"].as_i64().expect("an id");
    let change = |deed: &str, body, version| Change {
        path: format!("/rectifications/{id}/{deed}"),
        body,
        version: Some(version),
        status: 200,
        by: &clerk,
        there: &there,
    };
    change("begin", json!({}), 1).make(town).await;
    change("report", json!({ "what": "已签协议" }), 2).make(town).await;
    let own = clerk.post(&format!("/rectifications/{id}/check")).key("own").version(3);
    let accepted = json!({ "is_accepted": true });
    own.json(&accepted).send().await.problem(422, "rectification.own_report");
    let back = json!({ "is_accepted": false, "reason": "没有照片" });
    let sent_back = Change { by: &officer, ..change("check", back, 3) };
    let (first, _) = sent_back.make(town).await;
    assert_eq!(
        (&first.json()["state"], &first.json()["returned"]),
        (&json!("underway"), &json!("没有照片"))
    );
    change("report", json!({ "what": "照片已补" }), 4).make(town).await;
    let (closed, _) = Change { by: &officer, ..change("check", accepted, 5) }.make(town).await;
    assert_eq!(
        (&closed.json()["state"], &closed.json()["closing"]),
        (&json!("closed_out"), &json!("checked"))
    );
    assert_eq!(town.last_entry(COUNTY).await["action"], "rectification.check");
    let listed =
        clerk.get("/rectifications?state=closed_out&rule=G01&count=true").await.is(200).json();
    assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(1), &json!(id)));
    let got = clerk.get(&format!("/rectifications/{id}")).await.is(200);
    assert_eq!(got.header("etag"), "\"6\"");
    let report = clerk.get("/reports/findings?rule=G01").await.is(200).json();
    assert_eq!(report["rows"][0]["progress"], "销号", "{report}");
}

async fn what_cannot_be_read_is_named(town: &Town) {
    let clerk = town.caller(Role::TownshipClerk).await;
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let due_on = town.days_ahead(30);
    let send = async |key: &str, body: serde_json::Value| {
        clerk.post("/rectifications/assign").key(key).json(&body).send().await
    };
    let findings = |rule: &str| json!([{ "asset": asset.id, "rule": rule, "version": 0 }]);
    let named = json!({ "findings": findings("G99"), "organization": 1, "due_on": due_on });
    assert_eq!(fields(&send("a", named).await.problem(422, "invalid")), ["rule"]);
    let nothing = json!({ "findings": [], "organization": 1, "due_on": due_on });
    assert_eq!(fields(&send("b", nothing).await.problem(422, "invalid")), ["findings"]);
    let nobody = json!({ "findings": findings("G01"), "due_on": due_on });
    send("c", nobody).await.problem(422, "rectification.one_bearer");
    let both =
        json!({ "findings": findings("G01"), "account": 1, "organization": 1, "due_on": due_on });
    send("d", both).await.problem(422, "rectification.one_bearer");
}
