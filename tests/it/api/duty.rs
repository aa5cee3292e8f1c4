//! Duties over the API.

use entity::account::Role;
use serde_json::{Value as Json, json};
use taizhang::limits;

use super::{
    Client,
    change::{Change, fields},
};
use crate::harness::{
    Town,
    people::PEOPLE,
    town::{VILLAGE_A1, VILLAGE_A2, VILLAGE_B1},
};

on_both!(
    a_duty_is_assigned_to_all_or_to_none,
    a_new_keeper_is_put_on_record_once,
    a_filter_is_assigned_when_it_has_as_many_as_was_said,
    a_duty_is_listed_and_ended_once,
    an_assignment_is_taken_back,
);

async fn a_duty_is_assigned_to_all_or_to_none(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let there = town.clerk_there().await;
    let one = town.asset(VILLAGE_A1, "便民桥", "1000.00").await.id;
    let other = town.asset(VILLAGE_A2, "通村路", "1000.00").await.id;
    let body = town.collective(VILLAGE_A1).await;
    let duty = json!({
        "kind": "maintainer", "organization": body, "terms": { "interval_days": 30, "mode": null },
    });
    let send = async |body: Json| clerk.post("/duties/assign").key("k").json(&body).send().await;
    let problem = send(json!({ "assets": [], "duty": duty })).await.problem(422, "invalid");
    assert_eq!(fields(&problem), ["assets"]);
    let wrong = json!({ "kind": "king", "organization": body, "terms": { "interval_days": "x" } });
    let problem = send(json!({ "assets": [one], "duty": wrong })).await.problem(422, "invalid");
    assert_eq!(fields(&problem), ["kind", "interval_days"]);
    let nobody = json!({ "kind": "maintainer" });
    send(json!({ "assets": [one], "duty": nobody })).await.problem(422, "party.one_party");
    let many = |n: usize| json!({ "assets": vec![one; n], "duty": duty });
    send(many(limits::ASSETS_PER_ACTION + 1)).await.problem(422, "action.too_many");
    let before = town.everything().await;
    send(json!({ "assets": [one, 999_999], "duty": duty })).await.problem(404, "not_found");
    assert!(town.everything().await == before, "all or none");
    let change = Change {
        path: "/duties/assign".into(),
        body: json!({ "assets": [one, other], "duty": duty }),
        version: None,
        status: 200,
        by: &clerk,
        there: &there,
    };
    let (first, again) = change.make(town).await;
    assert_eq!((first.json()["count"].clone(), again.json()), (json!(2), first.json()));
    let duties = town.rows::<entity::duty::Entity>().await;
    assert!(duties.iter().all(|duty| duty.interval_days == Some(30)), "{duties:?}");
}

async fn a_new_keeper_is_put_on_record_once(town: &Town) {
    let clerk = town.caller(Role::TownshipClerk).await;
    let (name, phone) = PEOPLE[1];
    let person = |phone: &str| json!({ "name": name, "phone": phone });
    let send = async |key: &str, asset, duty: Json| {
        let body = json!({ "assets": [asset], "duty": duty });
        clerk.post("/duties/assign").key(key).json(&body).send().await
    };
    let one = town.asset(VILLAGE_A1, "便民桥", "1000.00").await.id;
    let other = town.asset(VILLAGE_A1, "通村路", "1000.00").await.id;
    let problem = send("a", one, json!({ "kind": "keeper", "new_person": person("12") })).await;
    let problem = problem.problem(422, "invalid");
    assert_eq!(fields(&problem), ["phone"]);
    assert!(!problem.to_string().contains(name));
    let body = json!({ "kind": "maintainer", "new_person": person(phone) });
    send("a", one, body).await.problem(422, "duty.wrong_party");
    for (key, asset) in [("a", one), ("b", other)] {
        let before = town.n_entries().await;
        let body = json!({ "kind": "keeper", "new_person": person(phone) });
        let reply = send(key, asset, body).await.is(200);
        assert!(!String::from_utf8_lossy(&reply.body).contains(name));
        assert_eq!(town.n_entries().await, before + 1);
    }
    assert_eq!(town.rows::<entity::person::Entity>().await.len(), 1, "the same person");
    let far = town.asset(VILLAGE_B1, "水渠", "1000.00").await.id;
    let body = json!({ "kind": "keeper", "new_person": person(phone) });
    send("c", far, body).await.problem(404, "not_found");
}

async fn a_filter_is_assigned_when_it_has_as_many_as_was_said(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    for n in 0..3 {
        town.asset(VILLAGE_A1, &format!("第{n}桥"), "1000.00").await;
    }
    town.asset(VILLAGE_A2, "通村路", "1000.00").await;
    let body = town.collective(VILLAGE_A1).await;
    let duty = json!({ "kind": "maintainer", "organization": body });
    let ask = |filter: Json, n: u64| json!({ "filter": filter, "expected_count": n, "duty": duty });
    let path = "/duties/assign-filtered";
    let send = async |body: Json| clerk.post(path).key("k").json(&body).send().await;
    let village = json!({ "area": VILLAGE_A1, "class": "public" });
    let there = town.clerk_there().await;
    let leader = town.caller(Role::Leader).await;
    let before = town.everything().await;
    for n in [2, 4] {
        let problem = send(ask(village.clone(), n)).await.problem(409, "duty.count_differs");
        assert!(
            problem["detail"].as_str().is_some_and(|detail| detail.contains("3 项")),
            "{problem}"
        );
    }
    send(ask(json!({ "colour": "red" }), 3)).await.problem(422, "invalid");
    let wrong = send(ask(json!({ "class": "red" }), 3)).await.problem(422, "invalid");
    assert_eq!(fields(&wrong), ["class"]);
    let far = there.post(path).key("k").json(&ask(village.clone(), 3)).send().await;
    far.problem(404, "not_found");
    let no = leader.post(path).key("k").json(&ask(village.clone(), 3)).send().await;
    no.problem(403, "forbidden");
    assert!(town.everything().await == before, "a refusal left something");
    let entries = town.n_entries().await;
    let first = send(ask(village.clone(), 3)).await.is(200);
    assert_eq!((first.json()["count"].clone(), town.n_entries().await), (json!(3), entries + 1));
    let again = send(ask(village, 3)).await.is(200);
    assert_eq!((again.header("idempotency-replayed"), again.json()), ("true", first.json()));
    assert_eq!(town.rows::<entity::duty::Entity>().await.len(), 3);
}

/// Assigns a maintainer to an asset; the id of the duty.
async fn assigned(town: &Town, clerk: &Client, asset: entity::id::AssetId, key: &str) -> i64 {
    let duty = json!({ "kind": "maintainer", "organization": town.collective(VILLAGE_A1).await });
    let body = json!({ "assets": [asset], "duty": duty });
    let begun = clerk.post("/duties/assign").key(key).json(&body).send().await.is(200).json();
    begun["duties"][0]["duty"].as_i64().expect("a duty")
}

async fn a_duty_is_listed_and_ended_once(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let there = town.caller_there(Role::FinanceClerk).await;
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await.id;
    let id = assigned(town, &clerk, asset, "a").await;
    let path = format!("/duties/{id}");
    let read = clerk.get(&path).await.is(200);
    assert_eq!((read.header("etag"), &read.json()["kind"]), ("\"1\"", &json!("maintainer")));
    there.get(&path).await.problem(404, "not_found");
    let listed = async |client: &Client, query: &str| {
        let page = client.get(&format!("/duties?{query}")).await.is(200).json();
        page["items"].as_array().expect("items").len()
    };
    assert_eq!(listed(&clerk, "running=yes").await, 1);
    assert_eq!(listed(&clerk, "running=no").await, 0);
    assert_eq!(listed(&clerk, "kind=keeper").await, 0);
    assert_eq!(listed(&there, "").await, 0);
    assert_eq!(fields(&clerk.get("/duties?colour=red").await.problem(422, "invalid")), ["colour"]);

    let end = format!("{path}/end");
    let on = town.today();
    let send = async |reason: &str| {
        let body = json!({ "on": on, "reason": reason });
        clerk.post(&end).key("e").version(1).json(&body).send().await
    };
    assert_eq!(fields(&send("boredom").await.problem(422, "invalid")), ["reason"]);
    send("person_left").await.problem(422, "duty.reason_unfit");
    let change = Change {
        path: end.clone(),
        body: json!({ "on": on, "reason": "revoked" }),
        version: Some(1),
        status: 200,
        by: &clerk,
        there: &there,
    };
    let (ended, _) = change.make(town).await;
    let told = ended.json();
    assert_eq!((ended.header("etag"), &told["until_on"]), ("\"2\"", &json!(on)));
    assert_eq!(told["end_reason"], "revoked");
    let late = clerk.post(&end).key("f").version(2).json(&json!({ "on": on })).send().await;
    late.problem(422, "duty.over");
}

async fn an_assignment_is_taken_back(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let there = town.caller_there(Role::FinanceClerk).await;
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await.id;
    let id = assigned(town, &clerk, asset, "a").await;
    let change = Change {
        path: "/duties/take-back".to_owned(),
        body: json!({ "first": id, "last": id }),
        version: None,
        status: 200,
        by: &clerk,
        there: &there,
    };
    let (taken, _) = change.make(town).await;
    assert_eq!(taken.json(), json!({ "count": 1 }));
    let told = clerk.get(&format!("/duties/{id}")).await.is(200).json();
    assert_eq!(told["end_reason"], "revoked");
    let body = json!({ "first": id, "last": id });
    let again = clerk.post("/duties/take-back").key("t").json(&body).send().await;
    again.problem(422, "duty.over");
}
