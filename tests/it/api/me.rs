//! What somebody is told of themselves.

use entity::{account::Role, log::Action};
use serde_json::json;
use taizhang::domain::permission::permits;

use crate::harness::{Town, town::COUNTY};

on_both!(everybody_learns_what_they_may_do);

async fn everybody_learns_what_they_may_do(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let me = clerk.call(axum::http::Method::GET, "/me").header("accept-language", "en");
    let me = me.send().await.is(200).json();
    assert_eq!((&me["role"], &me["area_code"]), (&json!("finance_clerk"), &json!(COUNTY)));
    assert_eq!(me["area_path"], json!("赤水县"));
    let told = me["actions"].as_array().expect("actions").iter();
    let told: Vec<_> = told.map(|one| one["action"].as_str().expect("a code")).collect();
    let allowed = Action::ALL.iter().filter(|action| permits(Role::FinanceClerk, **action));
    assert_eq!(told, allowed.map(|action| action.code()).collect::<Vec<_>>());
    let chinese = clerk.get("/me").await.is(200).json();
    assert_eq!(chinese["actions"].as_array().map(Vec::len), Some(told.len()));
    assert_ne!(chinese["role_name"], me["role_name"]);
    town.stranger().get("/me").await.problem(401, "unauthenticated");
}
