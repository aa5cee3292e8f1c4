//! Areas over the API.

use entity::account::Role;
use serde_json::json;

use super::change::{Change, fields};
use crate::harness::{
    Town,
    town::{COUNTY, OTHER_COUNTY, TOWN_A, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1},
};

on_both!(areas_are_found_below_their_parents, an_area_is_renamed_and_merged);

async fn areas_are_found_below_their_parents(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let below = clerk.get(&format!("/areas?parent={TOWN_A}")).await.is(200).json();
    let codes: Vec<_> = below["items"].as_array().expect("items").iter().collect();
    assert!(codes.iter().all(|row| row["parent_code"] == json!(TOWN_A)), "{below}");
    assert!(codes.iter().any(|row| row["area_code"] == json!(VILLAGE_A1)), "{below}");
    let card = clerk.get(&format!("/areas/{VILLAGE_A1}")).await.is(200);
    assert_eq!(card.header("etag"), "\"1\"");
    let card = card.json();
    let above: Vec<_> =
        card["above"].as_array().expect("areas").iter().map(|one| &one["area_code"]).collect();
    assert!(above.ends_with(&[&json!(COUNTY), &json!(TOWN_A)]), "{card}");
    assert_eq!((&card["former"], &card["area"]["level"]), (&json!([]), &json!("village")));
    let name = card["area"]["name"].as_str().expect("a name").to_owned();
    let found = clerk.get(&format!("/areas?q={}", encoded(&name))).await.is(200).json();
    assert_eq!(found["items"][0]["area_code"], json!(VILLAGE_A1));
    let officer = town.caller(Role::VillageOfficer).await;
    let own = officer.get("/areas?count=true").await.is(200).json();
    assert_eq!((&own["total"], &own["items"][0]["area_code"]), (&json!(1), &json!(VILLAGE_A1)));
    for (path, status) in [(OTHER_COUNTY, 404), (VILLAGE_A2, 404), (COUNTY, 404), ("here", 404)] {
        officer.get(&format!("/areas/{path}")).await.problem(status, "not_found");
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn an_area_is_renamed_and_merged(town: &Town) {
    let officer = town.caller(Role::RuralOfficer).await;
    let there = town.caller_there(Role::RuralOfficer).await;
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let path = format!("/areas/{VILLAGE_A1}");
    let body = json!({ "name": "", "on": town.today() });
    let nameless = officer.post(&format!("{path}/rename")).key("n").version(1).json(&body);
    assert_eq!(fields(&nameless.send().await.problem(422, "invalid")), ["name"]);
    let change = Change {
        path: format!("{path}/rename"),
        body: json!({ "name": "河口村", "on": town.today() }),
        version: Some(1),
        status: 200,
        by: &officer,
        there: &there,
    };
    let (first, again) = change.make(town).await;
    assert_eq!((&first.json()["name"], again.json()), (&json!("河口村"), first.json()));
    let card = officer.get(&path).await.is(200).json();
    assert_eq!(card["area"]["name"], json!("河口村"));
    assert_eq!(card["former"].as_array().map(Vec::len), Some(1));
    town.clock.advance(1);
    // a day has passed: everybody signs in anew
    let (officer, there) = (town.again("rural-officer").await, town.again("rural-officer-2").await);
    let path = format!("/areas/{VILLAGE_B1}");
    let body = json!({ "into": VILLAGE_A2, "on": town.today() });
    let merged =
        officer.post(&format!("{path}/merge")).key("m").version(1).json(&body).send().await;
    merged.is(200);
    let gone = officer.get(&path).await.is(200).json();
    assert_eq!(gone["area"]["successor_code"], json!(VILLAGE_A2));
    there.get(&path).await.problem(404, "not_found");
    let listed = officer.get("/areas?limit=200").await.is(200);
    assert!(!String::from_utf8_lossy(&listed.body).contains(VILLAGE_B1));
    let former = officer.get("/areas?former=yes&limit=200").await.is(200);
    assert!(String::from_utf8_lossy(&former.body).contains(VILLAGE_B1));
    let body = json!({ "into": TOWN_A, "on": town.today() });
    let path = format!("/areas/{VILLAGE_A2}/merge");
    let levels = officer.post(&path).key("l").version(1).json(&body).send().await;
    levels.problem(422, "area.levels_differ");
    assert_eq!(town.stored(asset.id).await.area_code.as_str(), VILLAGE_A1);
}
