//! Titles over the API.

use entity::account::Role;
use serde_json::json;

use super::change::{Change, fields};
use crate::harness::{
    Town,
    people::PEOPLE,
    town::{VILLAGE_A1, code},
};

on_both!(a_title_is_settled_from_the_version_that_was_read, a_settlement_is_read_strictly);

async fn a_title_is_settled_from_the_version_that_was_read(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let there = town.clerk_there().await;
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let owner = town.collective(VILLAGE_A1).await;
    let person = town.person(code(VILLAGE_A1), 0).await;
    let path = format!("/assets/{}/title", asset.id);
    let unopened = clerk.get(&path).await.is(200);
    assert_eq!(unopened.header("etag"), "\"0\"");
    assert_eq!(unopened.json()["title"]["state"], json!("unconfirmed"));
    there.get(&path).await.problem(404, "not_found");
    let change = Change {
        path: format!("{path}/settle"),
        body: json!({
            "fields": { "state": "confirmed", "confirmed_on": town.today(), "certificate_no": "黔1" },
            "holders": [
                { "right": "own", "organization": owner, "share": "1/3" },
                { "right": "own", "person": person, "share": "2/3" },
            ],
        }),
        version: Some(0),
        status: 200,
        by: &clerk,
        there: &there,
    };
    let (first, again) = change.make(town).await;
    assert_eq!((first.header("etag"), &first.json()["state"]), ("\"1\"", &json!("confirmed")));
    assert_eq!(again.json(), first.json());
    let card = clerk.get(&path).await.is(200);
    assert_eq!(card.header("etag"), "\"1\"");
    let text = String::from_utf8_lossy(&card.body).into_owned();
    assert!(!text.contains(PEOPLE[0].0) && !text.contains(PEOPLE[0].1), "{text}");
    let shares: Vec<_> = card.json()["holders"]
        .as_array()
        .expect("holders")
        .iter()
        .map(|one| one["share"].clone())
        .collect();
    assert_eq!(shares, [json!("1/3"), json!("2/3")]);
    // what is not named stays
    let dispute = json!({ "fields": { "state": "disputed" } });
    let settle = format!("{path}/settle");
    let done = clerk.post(&settle).key("d").version(1).json(&dispute).send().await.is(200).json();
    assert_eq!((&done["certificate_no"], &done["version"]), (&json!("黔1"), &json!(2)));
    let stale = clerk.post(&settle).key("s").version(1).json(&dispute).send().await;
    stale.problem(412, "changed_meanwhile");
}

async fn a_settlement_is_read_strictly(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let owner = town.collective(VILLAGE_A1).await;
    let path = format!("/assets/{}/title/settle", asset.id);
    let send = async |body| clerk.post(&path).key("k").version(0).json(&body).send().await;
    let holder =
        |right: &str, share: &str| json!({ "right": right, "organization": owner, "share": share });
    let with = |holder| json!({ "fields": {}, "holders": [holder] });
    assert_eq!(fields(&send(with(holder("king", "1/1"))).await.problem(422, "invalid")), ["right"]);
    let problem = send(with(holder("own", "3/2"))).await.problem(422, "invalid");
    assert!(problem.to_string().contains("holders[0].share"), "{problem}");
    send(with(json!({ "right": "own" }))).await.problem(422, "party.one_party");
    send(with(holder("own", "1/2"))).await.problem(422, "title.shares_do_not_sum");
    let wrong = json!({ "fields": { "state": "settled" } });
    assert_eq!(fields(&send(wrong).await.problem(422, "invalid")), ["state"]);
}
