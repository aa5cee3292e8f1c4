//! Reports over the API.

use entity::account::Role;
use serde_json::json;
use taizhang::app;

use crate::harness::{
    Town, people,
    town::{OTHER_VILLAGE, TOWN_A, VILLAGE_A1, code, registration},
};

on_both!(
    the_list_is_as_long_as_it_says,
    a_report_is_asked_for_strictly,
    whoever_has_to_act_is_called_and_is_revealed_for_a_reason,
);

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

async fn whoever_has_to_act_is_called_and_is_revealed_for_a_reason(town: &Town) {
    fill(town).await;
    let clerk = town.clerk().await;
    let (ledger, contact) = (&town.ledger, people::contact(0));
    let office = entity::organization::Model {
        kind: entity::organization::Kind::TownGovernment,
        ..taizhang::domain::organization::blank(code(TOWN_A), "清河镇人民政府")
    };
    let made = app::organization::register(ledger, &clerk, office, Some(&contact)).await;
    made.expect("registered");
    let phone = contact.phone.as_str();
    for role in [Role::Leader, Role::FinanceClerk, Role::Inspector] {
        let caller = town.caller(role).await;
        for path in ["/reports/no-maintainer", "/reports/findings?rule=G01&format=csv"] {
            let reply = caller.get(path).await.is(200);
            let text = String::from_utf8_lossy(&reply.body).into_owned();
            assert!(text.contains(phone), "an office is called: {role:?} {path}: {text}");
        }
    }
    let leader = town.caller(Role::Leader).await;
    let path = "/reports/no-maintainer/reveal";
    let officer = town.caller(Role::VillageOfficer).await;
    let before = town.n_entries().await;
    let send = async |body| leader.post(path).json(&body).send().await;
    send(json!({ "reason": "" })).await.problem(422, "action.reason_missing");
    let summed = send(json!({ "reason": "催办", "report": { "by": "town", "rule": "G01" } })).await;
    summed.problem(422, "invalid");
    send(json!({ "reason": "催办", "report": { "colour": "red" } })).await.problem(422, "invalid");
    let far = send(json!({ "reason": "催办", "report": { "area": OTHER_VILLAGE } })).await;
    far.problem(404, "not_found");
    let no = officer.post(path).json(&json!({ "reason": "催办" })).send().await;
    no.problem(403, "forbidden");
    assert_eq!(town.n_entries().await, before);
    let report = json!({ "area": VILLAGE_A1, "format": "csv" });
    let whole = send(json!({ "reason": "逐户催办", "report": report })).await.is(200);
    assert!(String::from_utf8_lossy(&whole.body).contains(phone));
    assert_eq!(town.n_entries().await, before + 1);
    let entry = town.last_entry(VILLAGE_A1).await;
    assert_eq!(entry["action"], "person.reveal");
    let note = json!({ "noun": "finding", "rule": "G01", "area": VILLAGE_A1, "rows": 3, "reason": "逐户催办" });
    assert_eq!(entry["note"], note);
}
