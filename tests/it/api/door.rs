//! Nobody gets in without a token, and everybody is told why in their own language.

use axum::http::Method;
use entity::account::Role;
use serde_json::json;
use taizhang::{api, limits};

use crate::{
    api::Client,
    harness::{Town, signing_in::PASSWORD},
};

on_both!(
    a_stranger_gets_nowhere,
    whoever_signs_out_is_out_at_once,
    a_refresh_token_is_good_once,
    faults_are_told_in_the_callers_language,
    answers_carry_their_headers,
    bodies_are_read_strictly,
    what_cannot_be_read_names_its_field_in_both_languages,
);

/// Every operation of the document: method, path, whether it is open to strangers.
fn operations() -> Vec<(Method, String, bool)> {
    let document = api::document();
    let mut all = Vec::new();
    for (path, item) in &document.paths.paths {
        let operations = [
            (Method::GET, &item.get),
            (Method::POST, &item.post),
            (Method::PUT, &item.put),
            (Method::PATCH, &item.patch),
            (Method::DELETE, &item.delete),
        ];
        for (method, operation) in operations {
            let Some(operation) = operation else { continue };
            let path = path.strip_prefix(api::PREFIX).expect("under the prefix").to_owned();
            let tags = operation.tags.clone().unwrap_or_default();
            all.push((method, path, tags.iter().any(|tag| tag == api::OPEN)));
        }
    }
    all
}

fn filled(path: &str) -> String {
    path.replace("{id}", "1")
        .replace("{county}", "520381")
        .replace("{code}", "520381000000")
        .replace("{seq}", "0")
        .replace("{from_size}", "1")
}

#[test]
fn the_document_is_what_it_was() {
    let document = api::document();
    let text = document.to_pretty_json().expect("text");
    crate::golden::golden("openapi.json", &text);
}

async fn a_stranger_gets_nowhere(town: &Town) {
    let stranger = town.stranger();
    let operations = operations();
    assert!(operations.len() >= 20, "{operations:?}");
    for (method, path, is_open) in operations {
        let call = stranger.call(method.clone(), &filled(&path));
        let reply = call.key("k").version(1).json(&json!({})).send().await;
        if is_open {
            assert_ne!(reply.status.as_u16(), 404, "{method} {path}");
            assert!(reply.status.is_client_error(), "{method} {path}: {}", reply.status);
        } else {
            assert_eq!(reply.header("www-authenticate"), "Bearer", "{method} {path}");
            reply.problem(401, "unauthenticated");
        }
    }
    let forged = Client { token: Some("a.b.c".to_owned()), ..stranger };
    forged.get("/assets").await.problem(401, "unauthenticated");
}

async fn whoever_signs_out_is_out_at_once(town: &Town) {
    let caller = town.caller(Role::TownshipClerk).await;
    let sessions = caller.get("/sessions").await.is(200).json();
    assert_eq!(sessions.as_array().map(Vec::len), Some(1));
    assert_eq!(sessions[0]["is_current"], json!(true));
    caller.call(Method::DELETE, "/sessions/current").send().await.is(204);
    caller.get("/assets").await.problem(401, "unauthenticated");
}

async fn a_refresh_token_is_good_once(town: &Town) {
    let (_, opened) = town.clerk_session().await;
    let stranger = town.stranger();
    let refresh = json!({ "refresh_token": opened.token.expose() });
    let next = stranger.post("/sessions/refresh").json(&refresh).send().await.is(200).json();
    let token = next["access_token"].as_str().map(str::to_owned);
    let caller = Client { token, ..town.stranger() };
    caller.get("/assets").await.is(200);
    stranger.post("/sessions/refresh").json(&refresh).send().await.is(401);
    // the used one came again: the whole family is out
    caller.get("/assets").await.problem(401, "unauthenticated");
}

async fn faults_are_told_in_the_callers_language(town: &Town) {
    let stranger = town.stranger();
    let wrong = json!({ "name": "nobody", "password": PASSWORD });
    let reply = stranger.post("/sessions").json(&wrong).send().await;
    assert_eq!(reply.header("content-language"), "zh-CN");
    let problem = reply.problem(401, "sign_in.wrong");
    let english = stranger.post("/sessions").header("accept-language", "en").json(&wrong);
    let reply = english.send().await;
    assert_eq!(reply.header("content-language"), "en");
    let in_english = reply.problem(401, "sign_in.wrong");
    assert_ne!(problem["detail"], in_english["detail"]);
    assert!(in_english["detail"].as_str().is_some_and(str::is_ascii));
}

async fn answers_carry_their_headers(town: &Town) {
    let stranger = town.stranger();
    for path in ["/assets", "/nowhere", "/openapi.json"] {
        let reply = stranger.get(path).await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("x-frame-options"), "DENY");
        assert_eq!(reply.header("cache-control"), "no-store");
        assert!(reply.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(reply.header("x-request-id").len(), 18);
    }
    stranger.get("/nowhere").await.problem(404, "no_such_address");
    let put = stranger.call(Method::PUT, "/assets").send().await;
    put.problem(405, "method_not_allowed");
    stranger.get("/openapi.json").await.is(200);
}

async fn bodies_are_read_strictly(town: &Town) {
    let stranger = town.stranger();
    let sent =
        async |kind: &str, body: String| stranger.post("/sessions").raw(kind, body).send().await;
    let json = "application/json";
    sent("text/plain", "{}".into()).await.problem(415, "not_json");
    sent(json, "{".into()).await.problem(400, "not_json");
    sent(json, "{}{}".into()).await.problem(422, "invalid");
    sent(json, r#"{"name":"a","password":"b","admin":true}"#.into()).await.problem(422, "invalid");
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    sent(json, nested(limits::BODY_DEPTH)).await.problem(422, "invalid");
    sent(json, nested(limits::BODY_DEPTH + 1)).await.problem(422, "too_deep");
    let sized = |bytes: usize| format!("{{}}{}", " ".repeat(bytes - 2));
    sent(json, sized(limits::BODY_BYTES_OF_ANYBODY)).await.problem(422, "invalid");
    sent(json, sized(limits::BODY_BYTES_OF_ANYBODY + 1)).await.problem(413, "too_large");
    let clerk = town.caller(Role::TownshipClerk).await;
    let sent =
        async |bytes: usize| clerk.post("/assets").key("k").raw(json, sized(bytes)).send().await;
    sent(limits::BODY_BYTES).await.problem(422, "invalid");
    sent(limits::BODY_BYTES + 1).await.problem(413, "too_large");
}

async fn what_cannot_be_read_names_its_field_in_both_languages(town: &Town) {
    let stranger = town.stranger();
    let wrong = json!({ "name": "a", "password": 13_800_138_000_u64 });
    let problem = stranger.post("/sessions").json(&wrong).send().await.problem(422, "invalid");
    let expected = json!([{ "field": "password", "found": "number", "expected": "应为文本" }]);
    assert_eq!(problem["errors"], expected);
    let english = stranger.post("/sessions").header("accept-language", "en").json(&json!({}));
    let problem = english.send().await.problem(422, "invalid");
    let missing = json!([{ "field": "name", "found": "", "expected": "this field is missing" }]);
    assert_eq!(problem["errors"], missing);
    let clerk = town.caller(Role::TownshipClerk).await;
    let problem = clerk.get("/reports/findings?gone=maybe").await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "gone");
    let problem = clerk.get("/reports/findings?colour=red").await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "colour");
    // a part of an address that is no number: the router says it, and not in our words
    clerk.get("/assets/abc").await.problem(400, "malformed");
}
