//! Inspections over the API.

use entity::account::Role;
use serde_json::{Value as Json, json};

use super::change::{Change, fields};
use crate::harness::{
    Town,
    town::{COUNTY, VILLAGE_A1},
};

on_both!(an_inspection_is_recorded_once_and_read, what_cannot_be_read_is_named);

const KEY: &str = "0b6f7c1e-2f1a-4c58-9c1b-0123456789ab";

fn checks(conditions: [&str; 6]) -> Json {
    let items = ["surface", "shoulder", "drainage", "guardrail", "bridges", "plate"];
    let points = items.iter().zip(conditions);
    points.map(|(item, condition)| json!({ "item": item, "condition": condition })).collect()
}

fn body(town: &Town, asset: i64) -> Json {
    json!({
        "asset": asset, "device_key": KEY, "inspected_at": town.ledger.clock().now(),
        "checks": checks(["good", "good", "defect", "danger", "good", "good"]),
        "longitude": "106.70722", "latitude": "26.59820", "accuracy_m": 12,
        "device": "1b6f7c1e-2f1a-4c58-9c1b-0123456789ab", "device_count": 1,
    })
}

async fn an_inspection_is_recorded_once_and_read(town: &Town) {
    let inspector = town.caller(Role::Inspector).await;
    let there = town.caller_there(Role::Inspector).await;
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let points = inspector.get(&format!("/assets/{}/points", asset.id)).await.is(200).json();
    assert_eq!(points[0], json!({ "item": "surface", "zh": "路面", "en": "surface" }));
    assert_eq!(points.as_array().map(Vec::len), Some(6));
    let change = Change {
        path: "/inspections".into(),
        body: body(town, asset.id.0),
        version: None,
        status: 201,
        by: &inspector,
        there: &there,
    };
    let (first, again) = change.make(town).await;
    assert_eq!(again.json(), first.json());
    assert_eq!(town.last_entry(COUNTY).await["action"], "inspection.record");
    let kept = first.json();
    assert_eq!(
        (&kept["condition"], &kept["checks"][3]["item"]),
        (&json!("danger"), &json!("guardrail"))
    );
    assert_eq!((&kept["longitude"], &kept["device_count"]), (&json!("106.70722"), &json!(1)));
    // sent again by a phone that has forgotten under which key: kept once, answered again
    let n = town.n_entries().await;
    let resent = inspector.post("/inspections").key("other").json(&body(town, asset.id.0));
    assert_eq!(resent.send().await.is(201).json(), kept);
    assert_eq!(town.n_entries().await, n);
    let id = kept["id"].as_i64().expect("an id");
    let got = inspector.get(&format!("/inspections/{id}")).await.is(200);
    assert_eq!((got.header("etag"), got.json()), ("\"1\"", kept.clone()));
    let listed = inspector.get("/inspections?sort=-inspected_at&condition=danger&count=true").await;
    let listed = listed.is(200).json();
    assert_eq!((&listed["total"], &listed["items"][0]), (&json!(1), &kept));
    let none = inspector.get("/inspections?condition=good").await.is(200).json();
    assert_eq!(none["items"], json!([]));
    there.get(&format!("/inspections/{id}")).await.problem(404, "not_found");
}

async fn what_cannot_be_read_is_named(town: &Town) {
    let inspector = town.caller(Role::Inspector).await;
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let before = town.everything().await;
    let send = async |key: &str, changes: Json| {
        let mut sent = body(town, asset.id.0);
        for (name, value) in changes.as_object().expect("an object") {
            sent[name] = value.clone();
        }
        inspector.post("/inspections").key(key).json(&sent).send().await.problem(422, "invalid")
    };
    let left_out = json!({ "checks": [{ "item": "surface", "condition": "good" }] });
    let others = ["shoulder", "drainage", "guardrail", "bridges", "plate"];
    assert_eq!(fields(&send("a", left_out).await), others);
    let unknown = json!({ "checks": [{ "item": "colour", "condition": "fair" }] });
    assert_eq!(fields(&send("b", unknown).await), ["checks", "checks"]);
    let place = json!({ "longitude": "806", "latitude": "x" });
    assert_eq!(fields(&send("c", place).await), ["longitude", "latitude"]);
    let key = json!({ "device_key": "1", "device": "phone" });
    assert_eq!(fields(&send("d", key).await), ["device_key", "device"]);
    let all = json!({ "is_all_at_once": true });
    assert_eq!(fields(&send("e", all).await), ["is_all_at_once"]);
    assert!(town.everything().await == before);
}
