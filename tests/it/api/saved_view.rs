//! Views of the list of assets over the API.

use entity::account::Role;
use serde_json::json;
use taizhang::limits;

use crate::harness::Town;

on_both!(
    a_view_is_saved_changed_and_withdrawn,
    a_view_belongs_to_its_account,
    an_account_keeps_so_many_views,
    a_list_begins_with_one_view_at_most,
);

async fn a_view_is_saved_changed_and_withdrawn(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let new =
        json!({ "name": "缺管护主体", "words": "lacks=G01&q=%E6%A1%A5", "seen_by": "county" });
    clerk.post("/saved-views").json(&new).send().await.problem(400, "idempotency_key_missing");
    let made = clerk.post("/saved-views").key("one").json(&new).send().await.is(201);
    let again = clerk.post("/saved-views").key("one").json(&new).send().await.is(201);
    assert_eq!(again.json(), made.json());
    let (view, id) = (made.json(), made.json()["id"].clone());
    assert_eq!((&view["words"], &view["is_own"]), (&json!("lacks=G01"), &json!(true)));
    let path = format!("/saved-views/{id}");
    clerk
        .patch(&path)
        .json(&json!({ "name": "别的" }))
        .send()
        .await
        .problem(428, "if_match_missing");
    let change = json!({ "name": "无人管护", "words": "lacks=G01,G02", "seen_by": "private" });
    let changed = clerk.patch(&path).version(1).json(&change).send().await.is(200);
    assert_eq!((changed.header("etag"), &changed.json()["seen_by"]), ("\"2\"", &json!("private")));
    clerk.patch(&path).version(1).json(&change).send().await.problem(412, "changed_meanwhile");
    clerk.patch(&path).version(2).json(&change).send().await.problem(422, "row.nothing_changed");
    let bad = json!({ "words": "colour=red" });
    clerk.patch(&path).version(2).json(&bad).send().await.problem(422, "invalid");
    let before = town.n_entries().await;
    let taken = format!("{path}/withdrawal");
    clerk.post(&taken).key("two").version(2).json(&json!({})).send().await.is(200);
    assert_eq!(town.n_entries().await, before + 1);
    clerk.get(&path).await.problem(404, "not_found");
    assert_eq!(clerk.get("/saved-views").await.is(200).json()["items"], json!([]));
}

async fn a_view_belongs_to_its_account(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let mut ids = Vec::new();
    for seen_by in ["private", "area", "county"] {
        let new = json!({ "name": seen_by, "words": "class=public", "seen_by": seen_by });
        let made = clerk.post("/saved-views").key(seen_by).json(&new).send().await.is(201);
        ids.push(made.json()["id"].as_i64().expect("an id"));
    }
    let rural = town.caller(Role::RuralOfficer).await;
    let township = town.caller(Role::TownshipClerk).await;
    let there = town.clerk_there().await;
    for (reader, shown) in [(&rural, &ids[1..]), (&township, &ids[2..]), (&there, &[][..])] {
        let items = reader.get("/saved-views").await.is(200).json();
        let items = items["items"].as_array().expect("items").iter();
        let found: Vec<i64> = items.map(|item| item["id"].as_i64().expect("an id")).collect();
        assert_eq!(found, shown);
        for id in &ids {
            let path = format!("/saved-views/{id}");
            reader.get(&path).await.is(if shown.contains(id) { 200 } else { 404 });
            // whoever is shown a view may not change it
            let name = json!({ "name": "改名" });
            reader.patch(&path).version(1).json(&name).send().await.problem(404, "not_found");
            let withdrawal = format!("{path}/withdrawal");
            let withdrawn = reader.post(&withdrawal).key("k").version(1);
            withdrawn.json(&json!({})).send().await.problem(404, "not_found");
        }
    }
    // a role that may not share keeps its views for itself
    let inspector = town.caller(Role::Inspector).await;
    for (seen_by, status) in [("county", 403), ("private", 201)] {
        let new = json!({ "name": seen_by, "words": "", "seen_by": seen_by });
        inspector.post("/saved-views").key(seen_by).json(&new).send().await.is(status);
    }
}

async fn an_account_keeps_so_many_views(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let save = async |n: usize| {
        let new = json!({ "name": format!("第{n}个"), "words": "" });
        clerk.post("/saved-views").key(&format!("k{n}")).json(&new).send().await
    };
    for n in 0..limits::SAVED_VIEWS {
        save(n).await.is(201);
    }
    save(limits::SAVED_VIEWS).await.problem(422, "view.full");
    let views = clerk.get("/saved-views").await.is(200).json();
    let path = format!("/saved-views/{}/withdrawal", views["items"][0]["id"]);
    clerk.post(&path).key("out").version(1).json(&json!({})).send().await.is(200);
    save(limits::SAVED_VIEWS + 1).await.is(201);
}

async fn a_list_begins_with_one_view_at_most(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    for name in ["first", "second"] {
        let new = json!({ "name": name, "words": "", "is_default": true });
        clerk.post("/saved-views").key(name).json(&new).send().await.is(201);
    }
    let views = clerk.get("/saved-views").await.is(200).json();
    let begun = |n: usize| views["items"][n]["is_default"].clone();
    assert_eq!((begun(0), begun(1)), (json!(false), json!(true)));
    let first = format!("/saved-views/{}", views["items"][0]["id"]);
    let again = json!({ "is_default": true });
    // it was changed when the second took its place
    clerk.patch(&first).version(2).json(&again).send().await.is(200);
    let views = clerk.get("/saved-views").await.is(200).json();
    assert_eq!(views["items"][1]["is_default"], json!(false));
}
