//! Contracts over the API.

use entity::account::Role;
use serde_json::json;

use super::change::Change;
use crate::harness::{Town, town::VILLAGE_A1};

on_both!(a_contract_is_concluded_amended_and_ended, what_is_left_out_is_named);

async fn a_contract_is_concluded_amended_and_ended(town: &Town) {
    let (clerk, there) =
        (town.caller(Role::TownshipClerk).await, town.caller_there(Role::TownshipClerk).await);
    let asset = town.asset(VILLAGE_A1, "门面房", "1000.00").await;
    let body = town.collective(VILLAGE_A1).await;
    let terms = json!({
        "kind": "lease", "contract_no": "租-1", "signed_on": "2025-12-20",
        "starts_on": "2026-01-01", "ends_on": "2027-12-31", "yearly_rent": "1200.00",
        "rhythm": "half_yearly", "steps": "2=1260",
    });
    let concluded = Change {
        path: "/contracts".into(),
        body: json!({ "asset": asset.id.0, "organization": body.0, "terms": terms }),
        version: None,
        status: 201,
        by: &clerk,
        there: &there,
    };
    let (first, again) = concluded.make(town).await;
    assert_eq!(again.json(), first.json());
    let row = first.json();
    assert_eq!((&row["steps"], &row["last_on"]), (&json!("2=1260.00"), &json!("2027-12-31")));
    let at = format!("/contracts/{}", row["id"]);
    let dues = clerk.get(&at).await.is(200).json()["dues"].clone();
    assert_eq!(dues.as_array().map(Vec::len), Some(4));
    assert_eq!((&dues[0]["amount"], &dues[3]["amount"]), (&json!("600.00"), &json!("630.00")));
    assert_eq!((&dues[0]["kind"], &dues[0]["due_on"]), (&json!("rent"), &json!("2026-01-01")));
    let list = clerk.get("/contracts?running=yes&sort=-last_on").await.is(200).json();
    assert_eq!(list["items"][0]["contract_no"], "租-1");
    let none = clerk.get("/contracts?ending=90").await.is(200).json();
    assert_eq!(none["items"], json!([]));
    let amended = Change {
        path: at.clone(),
        body: json!({ "reason": "补充协议", "terms": { "due_days": 10 } }),
        version: Some(1),
        status: 200,
        by: &clerk,
        there: &there,
    };
    let asked = clerk.patch(&amended.path).key("amend").version(1);
    assert_eq!(asked.json(&amended.body).send().await.is(200).json()["due_days"], 10);
    let ending = json!({ "on": "2026-06-30", "reason": "退租" });
    let asked = clerk.post(&format!("{at}/end")).key("end").version(2);
    let ended = asked.json(&ending).send().await.is(200).json();
    assert_eq!(ended["last_on"], "2026-06-30");
    let dues = clerk.get(&at).await.is(200).json()["dues"].clone();
    assert_eq!(dues.as_array().map(Vec::len), Some(1));
}

async fn what_is_left_out_is_named(town: &Town) {
    let clerk = town.caller(Role::TownshipClerk).await;
    let asset = town.asset(VILLAGE_A1, "门面房", "1000.00").await;
    let said = json!({ "asset": asset.id.0, "terms": { "last_on": "2026-06-01" } });
    let reply = clerk.post("/contracts").key("none").json(&said).send().await.is(422).text();
    for field in ["kind", "contract_no", "signed_on", "starts_on", "ends_on", "last_on"] {
        assert!(reply.contains(field), "{field}: {reply}");
    }
    let both = json!({ "asset": asset.id.0, "organization": 1, "person": 1, "terms": {} });
    clerk.post("/contracts").key("both").json(&both).send().await.is(422);
}
