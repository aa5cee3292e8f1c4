//! Splits and mergers over the API.

use entity::account::Role;
use serde_json::{Value as Json, json};

use super::change::{Change, fields};
use crate::harness::{Town, town::VILLAGE_A1};

on_both!(an_asset_is_split_and_its_parts_are_merged_again);

async fn an_asset_is_split_and_its_parts_are_merged_again(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let there = town.clerk_there().await;
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.01").await;
    let path = format!("/assets/{}/split", asset.id);
    let part = |name: &str, value: &str| json!({ "name": name, "original_value": value });
    let body = |parts: &[Json]| json!({ "reason": "分段管护", "parts": parts });
    let send = async |body: Json| clerk.post(&path).key("s").version(1).json(&body).send().await;
    let wrong = send(body(&[part("甲", "much"), part("乙", "1.00")])).await;
    assert_eq!(fields(&wrong.problem(422, "invalid")), ["original_value"]);
    let short = send(body(&[part("甲", "500.00"), part("乙", "500.00")])).await;
    short.problem(422, "asset.parts_do_not_sum");
    send(body(&[part("甲", "1000.01")])).await.problem(422, "asset.too_few_parts");
    let silent = json!({ "reason": "", "parts": [part("甲", "500.00"), part("乙", "500.01")] });
    send(silent).await.problem(422, "action.reason_missing");
    let change = Change {
        path,
        body: body(&[part("甲", "500.00"), part("乙", "500.01")]),
        version: Some(1),
        status: 200,
        by: &clerk,
        there: &there,
    };
    let (first, again) = change.make(town).await;
    let parts = first.json();
    assert_eq!(again.json(), parts);
    assert_eq!((&parts[0]["original_value"], &parts[1]["name"]), (&json!("500.00"), &json!("乙")));
    let read = |place: usize, version: i64| json!({ "id": parts[place]["id"], "version": version });
    let merger =
        |assets: &[Json]| json!({ "reason": "合并管护", "name": "便民桥", "assets": assets });
    let stale = merger(&[read(0, 1), read(1, 2)]);
    let stale = clerk.post("/assets/merge").key("m").json(&stale).send().await;
    stale.problem(412, "changed_meanwhile");
    let alone = merger(&[read(0, 1)]);
    let alone = clerk.post("/assets/merge").key("m").json(&alone).send().await;
    alone.problem(422, "asset.too_few_to_merge");
    let change = Change {
        path: "/assets/merge".into(),
        body: merger(&[read(0, 1), read(1, 1)]),
        version: None,
        status: 201,
        by: &clerk,
        there: &there,
    };
    let (first, _) = change.make(town).await;
    assert_eq!(first.json()["original_value"], json!("1000.01"));
}
