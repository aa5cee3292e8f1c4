//! Work orders over the API.

use entity::account::Role;
use serde_json::json;

use super::change::Change;
use crate::harness::{Town, town::VILLAGE_A1};

on_both!(a_work_order_is_taken_to_its_end, what_cannot_be_read_is_named);

async fn a_work_order_is_taken_to_its_end(town: &Town) {
    let (village, there) =
        (town.caller(Role::VillageOfficer).await, town.caller_there(Role::VillageOfficer).await);
    let rural = town.caller(Role::RuralOfficer).await;
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let body = town.collective(VILLAGE_A1).await;
    let opened = Change {
        path: "/work-orders".into(),
        body: json!({
            "asset": asset.id.0, "item": "guardrail", "condition": "defect", "what": "立柱松动",
        }),
        version: None,
        status: 201,
        by: &village,
        there: &there,
    };
    let (first, again) = opened.make(town).await;
    assert_eq!(again.json(), first.json());
    let row = first.json();
    assert_eq!((&row["state"], &row["kind"]), (&json!("waiting"), &json!("repair")));
    let at = format!("/work-orders/{}", row["id"]);
    let said = json!({ "kind": "improvement", "estimate": "50000.00" });
    let post =
        async |who: &crate::api::Client, act: &str, version: i64, body: &serde_json::Value| {
            let key = format!("{act}-{version}");
            let asked = who.post(&format!("{at}/{act}")).key(&key).version(version);
            asked.json(body).send().await.is(200).json()
        };
    let row = post(&village, "estimate", 1, &said).await;
    assert_eq!((&row["estimate"], &row["approved"]), (&json!("50000.00"), &json!(null)));
    let row = post(&rural, "approve", 2, &json!({})).await;
    assert_eq!(row["approved"], "50000.00");
    let given = json!({ "organization": body.0, "due_on": town.days_ahead(9) });
    let row = post(&village, "dispatch", 3, &given).await;
    assert_eq!(row["organization"], body.0);
    post(&village, "begin", 4, &json!({})).await;
    let done = json!({ "report": "加宽一米", "cost": "48000.50", "voucher_no": "记-12" });
    post(&village, "report", 5, &done).await;
    let accepted = json!({ "is_accepted": true, "tier": "county", "fund": "transition" });
    let row = post(&rural, "accept", 6, &accepted).await;
    assert_eq!(row["state"], "accepted");
    let card = rural.get(&format!("/assets/{}", asset.id)).await.is(200).json();
    assert_eq!(card["original_value"], "49000.50");
    let list = village.get("/work-orders?state=accepted&sort=-due_on").await.is(200).json();
    assert_eq!(list["items"][0]["cost"], "48000.50");
}

async fn what_cannot_be_read_is_named(town: &Town) {
    let village = town.caller(Role::VillageOfficer).await;
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    for (body, field) in [
        (json!({ "asset": asset.id.0, "condition": "broken", "what": "坏" }), "condition"),
        (json!({ "asset": asset.id.0, "condition": "defect", "item": "x", "what": "坏" }), "item"),
    ] {
        let asked = village.post("/work-orders").key(field).json(&body).send().await;
        let problem = asked.is(422).json();
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
    let none = json!({ "asset": asset.id.0, "condition": "good", "what": "坏" });
    let problem = village.post("/work-orders").key("good").json(&none).send().await.is(422).json();
    assert_eq!(problem["code"], "work_order.of_good");
}
