//! Accounts over the API: who adds, locks and resets them, and codes that are shown once.

use axum::http::Method;
use entity::account::Role;
use serde_json::{Value as Json, json};

use super::{Client, Reply, change::fields};
use crate::harness::{
    Town,
    signing_in::NEXT,
    town::{COUNTY, OTHER_COUNTY, VILLAGE_A1},
};

on_both!(
    an_account_is_added_with_a_code_that_is_shown_once,
    an_account_is_locked_unlocked_and_reset,
    whoever_may_not_see_accounts_sees_none,
);

fn new(name: &str) -> Json {
    json!({ "name": name, "role": "village_officer", "area_code": VILLAGE_A1 })
}

async fn add(client: &Client, key: &str, body: &Json) -> Reply {
    client.post("/accounts").key(key).json(body).send().await
}

async fn an_account_is_added_with_a_code_that_is_shown_once(town: &Town) {
    let administrator = town.caller_with_factor(Role::Administrator).await;
    let leader = town.caller(Role::Leader).await;
    add(&leader, "a", &new("he-jing")).await.problem(403, "forbidden");
    let far = json!({ "name": "he-jing", "role": "leader", "area_code": OTHER_COUNTY });
    add(&administrator, "a", &far).await.problem(404, "not_found");
    let wrong = json!({ "name": "he-jing", "role": "king", "area_code": COUNTY });
    assert_eq!(fields(&add(&administrator, "a", &wrong).await.problem(422, "invalid")), ["role"]);
    let wrong = json!({ "name": "He", "role": "leader", "area_code": COUNTY });
    assert_eq!(fields(&add(&administrator, "a", &wrong).await.problem(422, "invalid")), ["name"]);
    let apart = json!({ "name": "root-2", "role": "security_administrator", "area_code": COUNTY });
    add(&administrator, "a", &apart).await.problem(422, "account.administrator_kept_apart");
    let before = town.n_entries().await;
    let first = add(&administrator, "a", &new("he-jing")).await.is(201).json();
    assert_eq!(town.n_entries().await, before + 1);
    let code = first["code"].as_str().expect("a code").to_owned();
    assert_eq!(
        (&first["is_code_shown_before"], &first["account"]["state"]),
        (&json!(false), &json!("active"))
    );
    let again = add(&administrator, "a", &new("he-jing")).await.is(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    let again = again.json();
    assert_eq!((&again["code"], &again["is_code_shown_before"]), (&json!(null), &json!(true)));
    assert_eq!(again["account"], first["account"]);
    assert_eq!(town.n_entries().await, before + 1);
    for row in town.rows::<entity::request_key::Entity>().await {
        let kept = row.answer.unwrap_or_default();
        assert!(!String::from_utf8_lossy(&kept).contains(&code), "the code is kept");
    }
    let link = json!({ "code": code, "password": NEXT });
    town.stranger().post("/links").json(&link).send().await.is(204);
    let who = json!({ "name": "he-jing", "password": NEXT });
    town.stranger().post("/sessions").json(&who).send().await.is(201);
    add(&administrator, "b", &new("he-jing")).await.problem(409, "taken");
}

async fn an_account_is_locked_unlocked_and_reset(town: &Town) {
    let security = town.caller_with_factor(Role::SecurityAdministrator).await;
    let there = town.caller_there_with_factor(Role::SecurityAdministrator).await;
    let clerk = town.caller(Role::TownshipClerk).await;
    let id = town.account("township-clerk").await.account().expect("an account").0;
    let path = format!("/accounts/{id}");
    let send = async |client: &Client, what: &str, version: Option<i64>| {
        let call = client.post(&format!("{path}/{what}")).key(&format!("{what}-{version:?}"));
        let call = if let Some(version) = version { call.version(version) } else { call };
        call.json(&json!({})).send().await
    };
    let before = town.n_entries().await;
    send(&security, "lock", None).await.problem(428, "if_match_missing");
    send(&security, "lock", Some(9)).await.problem(412, "changed_meanwhile");
    send(&there, "lock", Some(1)).await.problem(404, "not_found");
    send(&clerk, "lock", Some(1)).await.problem(403, "forbidden");
    send(&there, "reset", None).await.problem(404, "not_found");
    assert_eq!(town.n_entries().await, before);
    assert_eq!(clerk.get("/assets").await.status.as_u16(), 200);
    let locked = send(&security, "lock", Some(1)).await.is(200);
    assert_eq!((locked.header("etag"), &locked.json()["state"]), ("\"2\"", &json!("locked")));
    clerk.get("/assets").await.problem(401, "unauthenticated");
    send(&security, "unlock", Some(2)).await.is(200);
    assert_eq!(town.n_entries().await, before + 2);
    let reset = send(&security, "reset", None).await.is(200).json();
    let code = reset["code"].as_str().expect("a code");
    let again = send(&security, "reset", None).await.is(200).json();
    assert_eq!((&again["code"], &again["is_code_shown_before"]), (&json!(null), &json!(true)));
    assert_eq!(town.n_entries().await, before + 3);
    let link = json!({ "code": code, "password": NEXT });
    town.stranger().post("/links").json(&link).send().await.is(204);
    let sign_in = json!({ "name": "township-clerk", "password": NEXT });
    let opened = town.stranger().post("/sessions").json(&sign_in).send().await.is(201).json();
    let sessions = security.get(&format!("{path}/sessions")).await.is(200).json();
    assert_eq!(sessions[0]["id"], opened["session"]);
    let session = format!("/sessions/{}", opened["session"]);
    security.call(Method::DELETE, &session).send().await.is(204);
    assert_eq!(security.get(&format!("{path}/sessions")).await.is(200).json(), json!([]));
    there.get(&format!("{path}/sessions")).await.problem(404, "not_found");
    send(&security, "drop-second-factor", None).await.problem(422, "second_factor.missing");
    send(&security, "invite", None).await.problem(403, "forbidden");
}

async fn whoever_may_not_see_accounts_sees_none(town: &Town) {
    let security = town.caller_with_factor(Role::SecurityAdministrator).await;
    let clerk = town.caller(Role::FinanceClerk).await;
    let leader = town.account("leader").await.account().expect("an account").0;
    let other = town.account("leader-2").await.account().expect("an account").0;
    clerk.get("/accounts").await.problem(403, "forbidden");
    clerk.get(&format!("/accounts/{leader}")).await.problem(403, "forbidden");
    clerk.get(&format!("/accounts/{leader}/sessions")).await.problem(403, "forbidden");
    let one = security.get(&format!("/accounts/{leader}")).await.is(200);
    assert_eq!((one.header("etag"), &one.json()["name"]), ("\"1\"", &json!("leader")));
    security.get(&format!("/accounts/{other}")).await.problem(404, "not_found");
    let leaders = security.get("/accounts?role=leader,auditor&count=true").await.is(200).json();
    assert_eq!(leaders["total"], json!(2));
    let all = security.get("/accounts?limit=200").await.is(200);
    assert!(!String::from_utf8_lossy(&all.body).contains("-2\""));
}
