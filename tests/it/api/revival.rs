//! Revival plans over the API.

use entity::account::Role;
use serde_json::json;

use super::change::Change;
use crate::harness::{Town, revivals::idle, town::VILLAGE_A1};

on_both!(a_plan_is_taken_to_its_end, what_cannot_be_read_is_named);

async fn a_plan_is_taken_to_its_end(town: &Town) {
    let (village, there) =
        (town.caller(Role::VillageOfficer).await, town.caller_there(Role::VillageOfficer).await);
    let rural = town.caller(Role::RuralOfficer).await;
    let asset = town.asset(VILLAGE_A1, "帮扶车间", "1000.00").await;
    let asset = idle(town, &asset).await;
    let body = town.collective(VILLAGE_A1).await;
    let plan = json!({
        "reason": "market", "mode": "lease", "batch": "revive", "measures": "公开招租",
        "target_on": town.days_ahead(90), "organization": body.0,
    });
    let proposed = Change {
        path: "/revivals".into(),
        body: json!({ "asset": asset.id.0, "plan": plan }),
        version: None,
        status: 201,
        by: &village,
        there: &there,
    };
    let (first, again) = proposed.make(town).await;
    assert_eq!(again.json(), first.json());
    let row = first.json();
    assert_eq!((&row["state"], &row["value"]), (&json!("proposed"), &json!("1000.00")));
    let at = format!("/revivals/{}", row["id"]);
    let post =
        async |who: &crate::api::Client, act: &str, version: i64, body: &serde_json::Value| {
            let key = format!("{act}-{version}");
            let asked = who.post(&format!("{at}/{act}")).key(&key).version(version);
            asked.json(body).send().await.is(200).json()
        };
    post(&rural, "approve", 1, &json!({})).await;
    let done = json!({ "report": "已出租", "outcome": "leased" });
    post(&village, "report", 2, &done).await;
    let back = json!({ "is_verified": false, "reason": "门还锁着" });
    assert_eq!(post(&rural, "verify", 3, &back).await["n_returned"], 1);
    post(&village, "report", 4, &done).await;
    let seen = json!({ "is_verified": true, "evidence": "合同1号" });
    assert_eq!(post(&rural, "verify", 5, &seen).await["state"], "closed");
    let card = rural.get(&format!("/assets/{}", asset.id)).await.is(200).json();
    assert_eq!(card["use_state"], "leased");
    let list = village.get("/revivals?state=closed&sort=-ended_on").await.is(200).json();
    assert_eq!(list["items"][0]["evidence"], "合同1号");
    let rate = village.get("/revivals/rate").await.is(200).json();
    assert_eq!(
        (&rate["whole"]["rate_bp"], &rate["whole"]["needed"]["n"]),
        (&json!(10_000), &json!(1))
    );
    assert_eq!(rate["batches"].as_array().map(Vec::len), Some(4));
}

async fn what_cannot_be_read_is_named(town: &Town) {
    let village = town.caller(Role::VillageOfficer).await;
    let asset = town.asset(VILLAGE_A1, "帮扶车间", "1000.00").await;
    let plan = |mode: &str, batch: &str| {
        json!({
            "asset": asset.id.0, "plan": {
                "reason": "market", "mode": mode, "batch": batch, "measures": "公开招租",
                "target_on": town.days_ahead(90), "organization": 1,
            }
        })
    };
    for (body, field) in [(plan("gift", "revive"), "mode"), (plan("lease", "fifth"), "batch")] {
        let asked = village.post("/revivals").key(field).json(&body).send().await;
        let problem = asked.is(422).json();
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
    assert_eq!(
        village.get("/revivals/rate?year=1999").await.is(422).json()["code"],
        "revival.year"
    );
}
