//! Organizations over the API.

use entity::account::Role;
use serde_json::json;

use super::change::{Change, fields};
use crate::harness::{
    Town,
    people::PEOPLE,
    town::{COUNTY, VILLAGE_A1, VILLAGE_B1, code},
};

on_both!(
    an_organization_is_registered_amended_and_ended,
    a_contact_is_masked_until_it_is_revealed,
    what_is_wrong_with_an_organization_is_named,
    organizations_are_listed_a_page_at_a_time,
);

async fn an_organization_is_registered_amended_and_ended(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let there = town.clerk_there().await;
    let (name, phone) = PEOPLE[0];
    let new = json!({
        "area_code": VILLAGE_A1,
        "fields": { "name": "清河管护公司", "kind": "company" },
        "contact": { "name": name, "phone": phone },
    });
    let change = Change {
        path: "/organizations".into(),
        body: new,
        version: None,
        status: 201,
        by: &clerk,
        there: &there,
    };
    let (first, again) = change.make(town).await;
    let made = first.json();
    assert_eq!(again.json(), made);
    assert_eq!((&made["kind"], &made["has_contact"]), (&json!("company"), &json!(true)));
    let path = format!("/organizations/{}", made["id"]);
    there.get(&path).await.problem(404, "not_found");
    let renamed = json!({ "name": "清河物业" });
    clerk.patch(&path).json(&renamed).send().await.problem(428, "if_match_missing");
    there.patch(&path).version(1).json(&renamed).send().await.problem(404, "not_found");
    let done = clerk.patch(&path).version(1).json(&renamed).send().await.is(200);
    assert_eq!((done.header("etag"), &done.json()["name"]), ("\"2\"", &json!("清河物业")));
    clerk.patch(&path).version(1).json(&renamed).send().await.problem(412, "changed_meanwhile");
    let same = clerk.patch(&path).version(2).json(&renamed).send().await;
    same.problem(422, "row.nothing_changed");
    let ended = json!({ "ended_on": "2020-01-01" });
    clerk.patch(&path).version(2).json(&ended).send().await.problem(422, "invalid");
    let change = Change {
        path: format!("{path}/end"),
        body: json!({ "on": town.today() }),
        version: Some(2),
        status: 200,
        by: &clerk,
        there: &there,
    };
    let (first, _) = change.make(town).await;
    assert_eq!((first.header("etag"), &first.json()["duties_ended"]), ("\"3\"", &json!(0)));
    let read = clerk.get(&path).await.is(200);
    assert_eq!(read.header("etag"), "\"3\"");
    assert_eq!(read.json()["ended_on"], json!(town.today()));
}

async fn a_contact_is_masked_until_it_is_revealed(town: &Town) {
    let id = town.organization(code(VILLAGE_A1), "公司").await;
    let path = format!("/organizations/{id}");
    for role in [Role::FinanceClerk, Role::Leader, Role::Inspector, Role::TownshipClerk] {
        let caller = town.caller(role).await;
        let card = caller.get(&path).await.is(200).json();
        let (name, phone) = PEOPLE["公司".len() % PEOPLE.len()];
        let text = card.to_string();
        assert!(!text.contains(name), "{role:?}: {text}");
        assert_eq!(card["contact"]["phone"], json!(phone), "an office is called: {role:?}");
    }
    let leader = town.caller(Role::Leader).await;
    let there = town.caller_there(Role::Leader).await;
    let officer = town.caller(Role::VillageOfficer).await;
    let before = town.n_entries().await;
    let reveal = format!("{path}/reveal-contact");
    let empty = leader.post(&reveal).json(&json!({ "reason": " " })).send().await;
    empty.problem(422, "action.reason_missing");
    let reason = |length: usize| json!({ "reason": "催".repeat(length) });
    let limit = taizhang::limits::REASON_LENGTH;
    leader
        .post(&reveal)
        .json(&reason(limit + 1))
        .send()
        .await
        .problem(422, "action.reason_too_long");
    there.post(&reveal).json(&reason(2)).send().await.problem(404, "not_found");
    officer.post(&reveal).json(&reason(2)).send().await.problem(403, "forbidden");
    assert_eq!(town.n_entries().await, before);
    let whole = leader.post(&reveal).json(&reason(limit)).send().await.is(200).json();
    let (name, phone) = PEOPLE["公司".len() % PEOPLE.len()];
    assert_eq!((&whole["name"], &whole["phone"]), (&json!(name), &json!(phone)));
    assert_eq!(town.n_entries().await, before + 1);
    let entry = town.last_entry(COUNTY).await;
    assert_eq!(entry["action"], "person.reveal");
    assert_eq!(entry["note"]["reason"], json!("催".repeat(limit)));
    assert_eq!(
        (&entry["note"]["noun"], &entry["note"]["id"]),
        (&json!("organization"), &json!(id.0))
    );
    let collective = town.collective(VILLAGE_A1).await;
    let none = format!("/organizations/{collective}/reveal-contact");
    leader.post(&none).json(&reason(2)).send().await.problem(422, "party.contact_missing");
}

async fn what_is_wrong_with_an_organization_is_named(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let send = async |body| clerk.post("/organizations").key("k").json(&body).send().await;
    let new = json!({ "area_code": VILLAGE_A1, "fields": { "kind": "red", "credit_code": "1" } });
    let problem = send(new).await.problem(422, "invalid");
    assert_eq!(fields(&problem), ["kind", "name"]);
    let code = json!({ "name": "甲", "kind": "company", "credit_code": "12" });
    let problem = send(json!({ "area_code": VILLAGE_A1, "fields": code })).await;
    assert_eq!(fields(&problem.problem(422, "invalid")), ["credit_code"]);
    let named = json!({ "name": "甲", "kind": "company" });
    let contact = json!({ "name": "", "phone": "12" });
    let body = json!({ "area_code": VILLAGE_A1, "fields": named, "contact": contact });
    let problem = send(body).await.problem(422, "invalid");
    assert_eq!(fields(&problem), ["name", "phone"]);
    assert_eq!(problem["errors"][1]["found"], json!(""), "no telephone stands in an error");
    let nowhere = json!({ "area_code": "520381999000", "fields": named });
    send(nowhere).await.problem(404, "not_found");
}

async fn organizations_are_listed_a_page_at_a_time(town: &Town) {
    for n in 0..4 {
        let village = if n % 2 == 0 { VILLAGE_A1 } else { VILLAGE_B1 };
        town.organization(code(village), &format!("第{n}公司")).await;
    }
    let clerk = town.caller(Role::FinanceClerk).await;
    let (mut names, mut next) = (Vec::new(), String::new());
    loop {
        let page =
            clerk.get(&format!("/organizations?limit=3&count=true{next}")).await.is(200).json();
        let items = page["items"].as_array().expect("items").clone();
        names.extend(items.iter().map(|item| item["name"].to_string()));
        let Some(after) = page["next"].as_str() else {
            assert_eq!(page["total"], json!(names.len()));
            break;
        };
        next = format!("&after={after}");
    }
    let n = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), n);
    let path = "/organizations?q=%E7%AC%AC2&kind=other";
    let found = clerk.get(path).await.is(200).json();
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    let there = town.clerk_there().await;
    let page = there.get("/organizations?limit=200").await.is(200);
    assert!(!String::from_utf8_lossy(&page.body).contains("公司"));
    clerk.get("/organizations?colour=red").await.problem(422, "invalid");
}
