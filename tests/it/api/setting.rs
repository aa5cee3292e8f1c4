//! Local rules over the API.

use entity::account::Role;
use serde_json::{Value as Json, json};

use super::change::{Change, fields};
use crate::harness::{
    Town,
    town::{COUNTY, OTHER_COUNTY, TOWN_A, VILLAGE_A1},
};

on_both!(
    a_rule_is_set_told_and_withdrawn,
    what_begins_today_is_put_into_effect,
    a_value_must_be_one,
    a_rule_asks_for_a_fresh_proof,
);

fn body(key: &str, value: &str, from_on: chrono::NaiveDate) -> Json {
    json!({ "key": key, "area_code": COUNTY, "value": value, "basis_title": "管护办法",
        "basis_no": "赤府〔2026〕1号", "from_on": from_on })
}

/// One rule of those that are told.
fn rule(told: &Json, key: &str) -> Json {
    let rules = told["rules"].as_array().expect("rules").iter();
    rules.clone().find(|rule| rule["key"] == key).expect("a rule").clone()
}

async fn a_rule_is_set_told_and_withdrawn(town: &Town) {
    let officer = town.caller(Role::RuralOfficer).await;
    let there = town.caller_there(Role::RuralOfficer).await;
    let change = |path: &str, body, version, status| Change {
        path: path.to_owned(),
        body,
        version,
        status,
        by: &officer,
        there: &there,
    };
    let new = body("title_target", "97.5", town.days_ahead(3));
    let (first, again) = change("/settings", new, None, 201).make(town).await;
    let (first, again) = (first.json(), again.json());
    assert_eq!((&first["value"], &first["set_by"]), (&json!("97.5"), &json!("rural-officer")));
    assert_eq!((&again["id"], &again["value"]), (&first["id"], &first["value"]));
    assert_eq!(town.last_entry(COUNTY).await["action"], "setting.set");

    let reader = town.caller(Role::VillageOfficer).await;
    for area in ["", COUNTY, TOWN_A, VILLAGE_A1] {
        let path =
            if area.is_empty() { "/settings".into() } else { format!("/settings?area={area}") };
        let told = reader.get(&path).await.is(200).json();
        let target = rule(&told, "title_target");
        assert_eq!((&target["value"], &target["default"]), (&json!("95"), &json!("95")));
        assert_eq!(target["in_force"], Json::Null);
        assert_eq!(target["history"][0]["set_by"], "rural-officer");
    }
    reader.get(&format!("/settings?area={OTHER_COUNTY}")).await.problem(404, "not_found");
    assert_eq!(fields(&reader.get("/settings?zone=1").await.problem(422, "invalid")), ["zone"]);

    let path = format!("/settings/{}/withdraw", first["id"]);
    let (gone, _) = change(&path, json!({}), Some(1), 200).make(town).await;
    assert_eq!(gone.json()["withdrawn_on"], json!(town.today()));
    town.clock.advance(3);
    let reader = town.caller(Role::VillageOfficer).await;
    let target = rule(&reader.get("/settings").await.is(200).json(), "title_target");
    assert_eq!(target["value"], "95");
}

async fn what_begins_today_is_put_into_effect(town: &Town) {
    let officer = town.caller_with_factor(Role::FinanceApprover).await;
    town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let new = body("check_G01", "no", town.today());
    let tried = officer.post("/settings/what-if").json(&new).send().await.is(200).json();
    let expected =
        json!({ "assets": 1, "opened": {}, "closed": { "G01": 1 }, "is_complete": true });
    assert_eq!(tried, expected);
    let set = officer.post("/settings").key("s").json(&new).send().await.is(201);
    assert_eq!(set.header("etag"), "\"1\"");
    let expected = json!({ "assets": 1, "opened": 0, "closed": 1, "is_complete": true });
    assert_eq!(set.json()["applied"], expected);
    let again = officer.post("/settings").key("s").json(&new).send().await.is(201);
    assert_eq!(
        (again.header("idempotency-replayed"), &again.json()["applied"]),
        ("true", &Json::Null)
    );
    let told = officer.get("/settings").await.is(200).json();
    let check = rule(&told, "check_G01");
    assert_eq!((&check["value"], &check["in_force"]), (&json!("no"), &set.json()["id"]));
    let path = format!("/settings/{}/withdraw", set.json()["id"]);
    let late = officer.post(&path).key("w").version(1).json(&json!({})).send().await;
    late.problem(422, "rule.in_force");
}

async fn a_value_must_be_one(town: &Town) {
    let officer = town.caller(Role::RuralOfficer).await;
    let send = async |body: Json| officer.post("/settings").key("v").json(&body).send().await;
    let today = town.today();
    for (key, value, field) in [
        ("nonsense", "1", "key"),
        ("idle_days", "0", "value"),
        ("title_target", "101", "value"),
        ("check_G01", "maybe", "value"),
        ("asset_family", "乡村振兴", "value"),
    ] {
        let problem = send(body(key, value, today)).await.problem(422, "invalid");
        assert_eq!(fields(&problem), [field], "{key}");
    }
    let mut bare = body("idle_days", "9", today);
    bare["basis_title"] = json!(" ");
    assert_eq!(fields(&send(bare).await.problem(422, "invalid")), ["basis_title"]);
    send(body("idle_days", "9", town.days_ahead(-1))).await.problem(422, "day.passed");
    send(body("idle_days", "9", town.days_ahead(3_651))).await.problem(422, "rule.too_far");
}

async fn a_rule_asks_for_a_fresh_proof(town: &Town) {
    let officer = town.caller(Role::RuralOfficer).await;
    town.clock.pass(301);
    let new = body("idle_days", "9", town.days_ahead(1));
    let late = officer.post("/settings").key("p").json(&new).send().await;
    late.problem(403, "sign_in.step_up_due");
    // to see what would change is no change
    officer.post("/settings/what-if").json(&new).send().await.is(200);
}
