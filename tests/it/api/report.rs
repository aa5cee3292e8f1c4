//! Reports over the API.

use entity::account::Role;
use serde_json::json;
use taizhang::app;

use crate::harness::{
    Town,
    town::{VILLAGE_A1, registration},
};

on_both!(the_list_is_as_long_as_it_says, a_report_is_asked_for_strictly);

async fn fill(town: &Town) {
    let clerk = town.clerk().await;
    for n in 0..3 {
        let new = registration(VILLAGE_A1, &format!("第{n}桥"), "1000.00");
        let take_on = taizhang::domain::asset::Completeness::TakeOn;
        app::asset::register(&town.ledger, &clerk, new, take_on).await.expect("registered");
    }
}

async fn the_list_is_as_long_as_it_says(town: &Town) {
    fill(town).await;
    let leader = town.caller(Role::Leader).await;
    let report = leader.get("/reports/no-maintainer").await.is(200).json();
    let rows = report["rows"].as_array().expect("rows").len();
    assert_eq!(report["total"]["count"].as_u64(), Some(rows as u64));
    assert!(rows >= 3, "{report}");
    let by_town = leader.get("/reports/no-maintainer?by=town").await.is(200).json();
    assert_eq!(by_town["total"]["count"], report["total"]["count"]);
    let sheet = leader.get("/reports/no-maintainer?format=csv").await.is(200);
    assert_eq!(sheet.header("content-disposition"), "attachment; filename=\"no-maintainer.csv\"");
    assert!(String::from_utf8_lossy(&sheet.body).contains("第0桥"));
    let book = leader.get("/reports/findings?rule=G01&format=xlsx").await.is(200);
    assert!(book.body.starts_with(b"PK"));
    let other = town.caller_there(Role::Leader).await;
    let report = other.get("/reports/no-maintainer").await.is(200).json();
    assert!(!report.to_string().contains("第0桥"));
}

async fn a_report_is_asked_for_strictly(town: &Town) {
    let leader = town.caller(Role::Leader).await;
    leader.get("/reports/no-maintainer?colour=red").await.problem(422, "invalid");
    leader.get("/reports/no-maintainer?rule=G01").await.problem(422, "invalid");
    let many = leader.get("/reports/findings?rule=G99&by=colour&format=pdf").await;
    let problem = many.problem(422, "invalid");
    let fields: Vec<_> =
        problem["errors"].as_array().expect("errors").iter().map(|one| &one["field"]).collect();
    assert_eq!(fields, [&json!("by"), &json!("rule"), &json!("format")]);
}
