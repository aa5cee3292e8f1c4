//! Projects over the API.

use entity::account::Role;
use serde_json::json;

use super::change::{Change, fields};
use crate::harness::{
    Town,
    town::{OTHER_VILLAGE, VILLAGE_A1},
};

on_both!(a_project_is_registered_and_amended, what_is_wrong_with_a_project_is_named);

async fn a_project_is_registered_and_amended(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let there = town.clerk_there().await;
    let unit = town.collective(VILLAGE_A1).await;
    let change = Change {
        path: "/projects".into(),
        body: json!({
            "area_code": VILLAGE_A1,
            "fields": {
                "project_no": "黔-1", "name": "通村路", "year": 2019, "budget": "1200000.50",
                "line_department": "transport", "implementing_unit": unit,
            },
        }),
        version: None,
        status: 201,
        by: &clerk,
        there: &there,
    };
    let (first, again) = change.make(town).await;
    let made = first.json();
    assert_eq!(again.json(), made);
    assert_eq!((&made["budget"], &made["implementing_unit"]), (&json!("1200000.50"), &json!(unit)));
    let path = format!("/projects/{}", made["id"]);
    there.get(&path).await.problem(404, "not_found");
    let next = json!({ "name": "通组路", "implementing_unit": null });
    there.patch(&path).version(1).json(&next).send().await.problem(404, "not_found");
    clerk.patch(&path).json(&next).send().await.problem(428, "if_match_missing");
    let before = town.n_entries().await;
    clerk.patch(&path).version(1).json(&next).send().await.is(200);
    assert_eq!(town.n_entries().await, before + 1);
    clerk.patch(&path).version(1).json(&next).send().await.problem(412, "changed_meanwhile");
    let read = clerk.get(&path).await.is(200);
    assert_eq!((read.header("etag"), &read.json()["implementing_unit"]), ("\"2\"", &json!(null)));
    for (query, n) in [("year=2019", 1), ("year=2020-2021", 0), ("q=%E9%80%9A&limit=1", 1)] {
        let page = clerk.get(&format!("/projects?{query}")).await.is(200).json();
        assert_eq!(page["items"].as_array().map(Vec::len), Some(n), "{query}");
    }
    assert_eq!(there.get("/projects").await.is(200).json()["items"], json!([]));
}

async fn what_is_wrong_with_a_project_is_named(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let send = async |fields| {
        let body = json!({ "area_code": VILLAGE_A1, "fields": fields });
        clerk.post("/projects").key("k").json(&body).send().await
    };
    let problem = send(json!({ "year": "soon", "implementing_unit": "x" })).await;
    assert_eq!(fields(&problem.problem(422, "invalid")), ["year", "implementing_unit", "name"]);
    let problem = send(json!({ "name": "路", "budget": "-1.00" })).await;
    assert_eq!(fields(&problem.problem(422, "invalid")), ["budget"]);
    let elsewhere = town.collective(OTHER_VILLAGE).await;
    send(json!({ "name": "路", "implementing_unit": elsewhere })).await.problem(404, "not_found");
    let leader = town.caller(Role::Leader).await;
    let made = send(json!({ "name": "路" })).await.is(201).json();
    let path = format!("/projects/{}", made["id"]);
    let next = json!({ "name": "渠" });
    leader.patch(&path).version(1).json(&next).send().await.problem(403, "forbidden");
    let number = json!({ "project_no": "黔-2" });
    clerk.patch(&path).version(1).json(&number).send().await.problem(422, "invalid");
}
