//! Events and webhooks over the API.

use axum::http::Method;
use entity::account::Role;
use serde_json::{Value as Json, json};
use taizhang::limits;

use super::change::{Change, fields};
use crate::harness::{
    Town,
    town::{COUNTY, OTHER_COUNTY, VILLAGE_A1},
};

on_both!(
    events_are_followed_by_their_positions,
    a_secret_is_shown_once_and_kept_nowhere,
    what_is_wrong_with_a_webhook_is_said,
    adding_one_asks_for_a_fresh_proof,
);

async fn events_are_followed_by_their_positions(town: &Town) {
    let auditor = town.caller_with_factor(Role::Auditor).await;
    let first = auditor.get("/events?limit=200").await.is(200).json();
    assert_eq!((&first["county"], &first["is_more"]), (&"520381".into(), &false.into()));
    assert_eq!(first["next"], first["end"]);
    let asset = town.asset(VILLAGE_A1, "便民桥", "10.00").await;
    let next = auditor.get(&format!("/events?after={}", first["next"])).await.is(200).json();
    let items = next["items"].as_array().expect("items");
    assert_eq!(items.len(), 1, "{next}");
    assert_eq!(
        (&items[0]["action"], &items[0]["sequence"]),
        (&"asset.register".into(), &next["next"])
    );
    let row = json!({ "noun": "asset", "id": asset.id.0, "version": 1, "area_code": VILLAGE_A1 });
    assert!(items[0]["rows"].as_array().expect("rows").contains(&row), "{next}");
    assert!(!next.to_string().contains("便民桥") && !next.to_string().contains("operator"));
    let none = auditor.get(&format!("/events?after={}", next["next"])).await.is(200).json();
    assert_eq!((&none["items"], &none["next"]), (&json!([]), &next["next"]));
    let some = auditor.get("/events?noun=asset,duty&action=asset.register&limit=1").await.is(200);
    assert_eq!(some.json()["items"].as_array().expect("items").len(), 1);
    for (query, field) in [
        ("noun=account", "noun"),
        ("action=asset.paint", "action"),
        ("after=-2", "after"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("since=1", "since"),
    ] {
        let problem = auditor.get(&format!("/events?{query}")).await.problem(422, "invalid");
        assert_eq!(fields(&problem), [field], "{query}");
    }
    let there = format!("/events?county={}", &OTHER_COUNTY[..6]);
    auditor.get(&there).await.problem(404, "not_found");
    auditor.get("/events?county=x").await.problem(404, "not_found");
}

fn new() -> Json {
    json!({ "area_code": COUNTY, "address": "https://hooks.example.cn/a", "nouns": ["asset"] })
}

async fn a_secret_is_shown_once_and_kept_nowhere(town: &Town) {
    let by = town.caller_with_factor(Role::Administrator).await;
    let there = town.caller_there_with_factor(Role::Administrator).await;
    let change = |path: &str, body, version, status| Change {
        path: path.to_owned(),
        body,
        version,
        status,
        by: &by,
        there: &there,
    };
    let (first, again) = change("/webhooks", new(), None, 201).make(town).await;
    let (first, again) = (first.json(), again.json());
    let secret = first["secret"].as_str().expect("a secret").to_owned();
    assert!(secret.starts_with("whsec_"));
    assert_eq!((&again["secret"], &again["is_secret_shown_before"]), (&Json::Null, &true.into()));
    assert_eq!(again["webhook"], first["webhook"]);
    let path = format!("/webhooks/{}", first["webhook"]["id"]);
    for (act, body, version) in [
        ("pause", json!({}), 1),
        ("resume", json!({}), 2),
        ("rotate", json!({}), 3),
        ("replay", json!({ "sequence": 0 }), 4),
    ] {
        let done = change(&format!("{path}/{act}"), body, Some(version), 200).make(town).await;
        assert!(!done.1.json().to_string().contains("whsec_"), "{act}");
    }
    let amended = by
        .call(Method::PATCH, &path)
        .version(5)
        .json(&json!({ "address": "https://hooks.example.cn/b" }))
        .send()
        .await
        .is(200)
        .json();
    assert_eq!((&amended["nouns"], &amended["replay_from"]), (&json!([]), &0.into()));
    change(&format!("{path}/end"), json!({}), Some(6), 200).make(town).await;
    let told = by.get(&path).await.is(200).json();
    assert_eq!((&told["webhook"]["state"], &told["sent_upto"]), (&"ended".into(), &(-1).into()));
    let list = by.get("/webhooks?limit=1").await.is(200).json();
    assert_eq!((&list["items"][0], &list["next"]), (&told, &Json::Null));
    there.get(&path).await.problem(404, "not_found");
    town.caller(Role::Leader).await.get("/webhooks").await.problem(403, "forbidden");
    let secret = &secret["whsec_".len()..];
    let entries = town.rows::<entity::log::Entity>().await;
    assert!(!entries.iter().any(|entry| entry.body.contains(secret)));
    let kept = town.rows::<entity::request_key::Entity>().await.into_iter();
    let answers = kept.filter_map(|row| row.answer);
    assert!(
        !answers
            .map(|one| String::from_utf8_lossy(&one).into_owned())
            .any(|one| one.contains(secret))
    );
}

async fn what_is_wrong_with_a_webhook_is_said(town: &Town) {
    let by = town.caller_with_factor(Role::Administrator).await;
    let wrong = json!({ "area_code": COUNTY, "address": "https://u:geheim@hooks.example.cn/",
        "nouns": ["account"], "actions": ["asset.paint"] });
    let problem = by.call(Method::POST, "/webhooks").key("w-1").json(&wrong).send().await;
    let problem = problem.problem(422, "invalid");
    let mut named = fields(&problem);
    named.sort();
    assert_eq!(named, ["actions", "address", "nouns"]);
    assert!(!problem.to_string().contains("geheim"), "{problem}");
}

async fn adding_one_asks_for_a_fresh_proof(town: &Town) {
    let by = town.caller_with_factor(Role::Administrator).await;
    town.clock.pass(limits::STEP_UP_SECONDS + 1);
    let asked = by.call(Method::POST, "/webhooks").key("w-2").json(&new()).send().await;
    asked.problem(403, "sign_in.step_up_due");
}
