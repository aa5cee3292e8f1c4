//! Alerts over the API.

use entity::{account::Role, inspection::Condition};
use serde_json::json;
use taizhang::app;

use crate::harness::{
    Town,
    inspections::{found, good},
    town::{TOWN_A, VILLAGE_A1},
};

on_both!(alerts_are_counted);

async fn alerts_are_counted(town: &Town) {
    let road = town.asset(VILLAGE_A1, "通组路", "10.00").await;
    let inspector = town.as_role(Role::Inspector).await;
    let seen = found(good(&road, 1, town.ledger.clock().now()), 0, Condition::Danger, "塌陷");
    app::inspection::record(&town.ledger, &inspector, road.id, &seen).await.expect("a record");
    let leader = town.caller(Role::Leader).await;
    let told = leader.get("/alerts").await.is(200).json();
    let expected = json!([{ "area_code": TOWN_A, "tier": "red", "kind": "danger", "n": 1 }]);
    assert_eq!(told, expected);
    leader.get("/alerts?tier=red").await.problem(422, "invalid");
}
