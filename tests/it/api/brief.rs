//! Briefs over the API.

use entity::account::Role;
use serde_json::json;

use crate::harness::{
    Town,
    town::{TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_B1},
};

on_both!(briefs_are_listed);

async fn briefs_are_listed(town: &Town) {
    town.asset(VILLAGE_A1, "便民桥", "10.00").await;
    town.asset(VILLAGE_B1, "水渠", "10.00").await;
    let leader = town.caller(Role::Leader).await;
    let told = leader.get("/briefs?month=2026-06").await.is(200).json();
    assert_eq!((&told["month"], &told["n_compared"]), (&json!("2026-06"), &json!(2)));
    let own = &told["towns"][0];
    assert_eq!((&own["area_code"], &own["assets"]), (&json!(TOWN_A), &json!(1)));
    assert_eq!(
        own["maintained"],
        json!({
            "part": 0, "whole": 1, "part_before": 1, "target_bp": 9500, "place": 1, "place_before": 1,
        })
    );
    assert_eq!((&own["paid"], &own["value"]), (&json!("0.00"), &json!("10.00")));
    assert_eq!(told["towns"][1]["area_code"], json!(TOWN_B));
    leader.get("/briefs?month=2025-05").await.problem(422, "invalid");
    leader.get("/briefs?week=1").await.problem(422, "invalid");
}
