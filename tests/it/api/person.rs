//! People over the API: masked everywhere, whole where one is revealed for a reason.

use entity::account::Role;
use serde_json::json;

use super::change::Change;
use crate::harness::{
    Town,
    people::PEOPLE,
    town::{COUNTY, VILLAGE_A1, VILLAGE_A2, code},
};

on_both!(
    people_are_masked_for_everybody,
    a_reveal_leaves_its_reason_and_nothing_of_the_person,
    an_account_has_people_shown_whole_so_often_a_day,
    somebody_leaves_and_their_duties_fall_vacant,
);

async fn people_are_masked_for_everybody(town: &Town) {
    let id = town.person(code(VILLAGE_A1), 0).await;
    town.person(code(VILLAGE_A2), 1).await;
    let path = format!("/persons/{id}");
    for role in [Role::FinanceClerk, Role::RuralOfficer, Role::Leader, Role::TownshipClerk] {
        let caller = town.caller(role).await;
        for path in [path.as_str(), "/persons", "/persons?ended=no&count=true"] {
            let text = String::from_utf8_lossy(&caller.get(path).await.is(200).body).into_owned();
            for (name, phone) in PEOPLE {
                assert!(!text.contains(name) && !text.contains(phone), "{role:?} {path}: {text}");
            }
        }
        let view = caller.get(&path).await.json();
        assert_eq!((&view["name"], &view["phone"]), (&json!("欧***"), &json!("139****4321")));
    }
    let officer = town.caller(Role::VillageOfficer).await;
    let seen = officer.get("/persons?count=true").await.is(200).json();
    assert_eq!((&seen["total"], &seen["items"][0]["id"]), (&json!(1), &json!(id.0)));
    let there = town.clerk_there().await;
    there.get(&path).await.problem(404, "not_found");
    assert_eq!(there.get("/persons").await.is(200).json()["items"], json!([]));
}

async fn a_reveal_leaves_its_reason_and_nothing_of_the_person(town: &Town) {
    let id = town.person(code(VILLAGE_A1), 0).await;
    let path = format!("/persons/{id}/reveal");
    let reason = json!({ "reason": "路灯坏了，请管护人到场" });
    let clerk = town.caller(Role::TownshipClerk).await;
    let there = town.caller_there(Role::FinanceClerk).await;
    let officer = town.caller(Role::VillageOfficer).await;
    let before = town.n_entries().await;
    there.post(&path).json(&reason).send().await.problem(404, "not_found");
    officer.post(&path).json(&reason).send().await.problem(403, "forbidden");
    clerk.post(&path).json(&json!({})).send().await.problem(422, "invalid");
    clerk
        .post(&path)
        .json(&json!({ "reason": "" }))
        .send()
        .await
        .problem(422, "action.reason_missing");
    assert_eq!(town.n_entries().await, before);
    let whole = clerk.post(&path).json(&reason).send().await.is(200).json();
    assert_eq!((&whole["name"], &whole["phone"]), (&json!(PEOPLE[0].0), &json!(PEOPLE[0].1)));
    assert_eq!(town.n_entries().await, before + 1);
    let entry = town.last_entry(COUNTY).await;
    assert_eq!(
        (&entry["action"], &entry["note"]["reason"]),
        (&json!("person.reveal"), &reason["reason"])
    );
    assert_eq!((&entry["note"]["noun"], &entry["note"]["id"]), (&json!("person"), &json!(id.0)));
    // each look is one: no key makes two of them into one
    clerk.post(&path).key("k").json(&reason).send().await.is(200);
    clerk.post(&path).key("k").json(&reason).send().await.is(200);
    assert_eq!(town.n_entries().await, before + 3);
    let kept = town.rows::<entity::request_key::Entity>().await;
    assert!(kept.is_empty(), "nothing of what was shown is kept: {kept:?}");
}

async fn an_account_has_people_shown_whole_so_often_a_day(town: &Town) {
    let id = town.person(code(VILLAGE_A1), 0).await;
    let path = format!("/persons/{id}/reveal");
    let reason = json!({ "reason": "核对责任人" });
    let clerk = town.caller(Role::TownshipClerk).await;
    for _ in 0..taizhang::limits::REVEALS_A_DAY {
        clerk.post(&path).json(&reason).send().await.is(200);
    }
    let before = town.n_entries().await;
    let refused = clerk.post(&path).json(&reason).send().await;
    assert_eq!(refused.header("retry-after"), (24 * 3600).to_string());
    refused.problem(429, "throttled");
    assert_eq!(town.n_entries().await, before, "what was refused leaves nothing");
    let colleague = town.caller(Role::FinanceClerk).await;
    colleague.post(&path).json(&reason).send().await.is(200);
}

async fn somebody_leaves_and_their_duties_fall_vacant(town: &Town) {
    let id = town.person(code(VILLAGE_A1), 0).await;
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let clerk = town.caller(Role::FinanceClerk).await;
    let there = town.clerk_there().await;
    let duty = json!({ "assets": [asset.id], "duty": { "kind": "keeper", "person": id } });
    clerk.post("/duties/assign").key("d").json(&duty).send().await.is(200);
    let ahead = json!({ "on": town.days_ahead(1) });
    let path = format!("/persons/{id}/end");
    let early = clerk.post(&path).key("e").version(1).json(&ahead).send().await;
    early.problem(422, "day.in_future");
    let change = Change {
        path,
        body: json!({ "on": town.today() }),
        version: Some(1),
        status: 200,
        by: &clerk,
        there: &there,
    };
    let (first, again) = change.make(town).await;
    assert_eq!((first.header("etag"), &first.json()["duties_ended"]), ("\"2\"", &json!(1)));
    assert_eq!(again.json(), first.json());
    let gone = clerk.get("/persons?ended=yes").await.is(200).json();
    assert_eq!(gone["items"][0]["ended_on"], json!(town.today()));
}
