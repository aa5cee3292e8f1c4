//! Assets over the API.

use axum::http::Method;
use entity::{account::Role, log::Action};
use serde_json::{Value as Json, json};
use taizhang::{limits, store::Actor};

use crate::harness::{
    Town,
    town::{COUNTY, OTHER_VILLAGE, VILLAGE_A1, VILLAGE_B1, code},
};

on_both!(
    an_asset_is_registered_once,
    a_change_is_made_to_the_version_that_was_read,
    what_lies_elsewhere_is_not_found,
    lists_come_a_page_at_a_time,
    what_a_list_does_not_know_is_refused,
    actions_need_their_permission,
    who_finds_no_place_is_told_to_come_again,
);

fn bridge(name: &str, village: &str) -> Json {
    json!({
        "area_code": village,
        "fields": {
            "name": name, "class": "public", "subclass": "road", "location": "村口",
            "quantity": "1.5", "unit": "km", "original_value": "120000.50",
            "acquired_on": "2020-05-20", "project_year": 2020,
        },
        "funding": [{ "tier": "central", "amount": "120000.50" }],
    })
}

async fn an_asset_is_registered_once(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let new = bridge("石拱桥", VILLAGE_A1);
    clerk.post("/assets").json(&new).send().await.problem(400, "idempotency_key_missing");
    let before = town.n_entries().await;
    let first = clerk.post("/assets").key("k-1").json(&new).send().await.is(201);
    assert_eq!(first.header("etag"), "\"1\"");
    assert_eq!(town.n_entries().await, before + 1);
    let made = first.json();
    assert_eq!(made["original_value"], json!("120000.50"));
    assert_eq!((&made["class"], &made["area_code"]), (&json!("public"), &json!(VILLAGE_A1)));
    let again = clerk.post("/assets").key("k-1").json(&new).send().await.is(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.json(), made);
    assert_eq!(town.n_entries().await, before + 1);
    let other = bridge("另一座桥", VILLAGE_A1);
    let reused = clerk.post("/assets").key("k-1").json(&other).send().await;
    reused.problem(422, "request_key.reused");
    let problem = clerk.post("/assets").key("k-2").json(&json!({
        "area_code": VILLAGE_A1, "fields": { "name": "", "colour": "red", "original_value": 1.5 },
    }));
    let problem = problem.send().await.problem(422, "invalid");
    assert!(problem["errors"].as_array().is_some_and(|errors| errors.len() >= 3), "{problem}");
    assert_eq!(town.n_entries().await, before + 1);
}

async fn a_change_is_made_to_the_version_that_was_read(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let new = bridge("石拱桥", VILLAGE_A1);
    let made = clerk.post("/assets").key("k-1").json(&new).send().await.is(201).json();
    let path = format!("/assets/{}", made["id"]);
    let remark = json!({ "remark": "桥面已修" });
    clerk.patch(&path).json(&remark).send().await.problem(428, "if_match_missing");
    let unread = clerk.patch(&path).header("if-match", "3").json(&remark).send().await;
    unread.problem(400, "if_match_malformed");
    let amended = clerk.patch(&path).version(1).json(&remark).send().await.is(200);
    assert_eq!((amended.header("etag"), &amended.json()["remark"]), ("\"2\"", &json!("桥面已修")));
    let stale = clerk.patch(&path).version(1).json(&json!({ "remark": "旧" })).send().await;
    stale.problem(412, "changed_meanwhile");
    let value = json!({ "original_value": "1.00" });
    clerk.patch(&path).version(2).json(&value).send().await.problem(422, "invalid");
    let correction = json!({ "reason": "抄写有误", "fields": { "original_value": "120000.00" } });
    let correct = format!("{path}/correct");
    let done = clerk.post(&correct).version(2).key("k-2").json(&correction).send().await.is(200);
    assert_eq!(done.json()["original_value"], json!("120000.00"));
    let again = clerk.post(&correct).version(2).key("k-2").json(&correction).send().await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    let read = clerk.get(&path).await.is(200);
    assert_eq!((read.header("etag"), &read.json()["remark"]), ("\"3\"", &json!("桥面已修")));
}

async fn what_lies_elsewhere_is_not_found(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let there = town.clerk_there().await;
    let far = bridge("外县桥", OTHER_VILLAGE);
    let made = there.post("/assets").key("k-1").json(&far).send().await.is(201).json();
    let path = format!("/assets/{}", made["id"]);
    clerk.get(&path).await.problem(404, "not_found");
    let remark = json!({ "remark": "看不见" });
    clerk.patch(&path).version(1).json(&remark).send().await.problem(404, "not_found");
    clerk.post("/assets").key("k-2").json(&far).send().await.problem(404, "not_found");
    let list = clerk.get("/assets").await.is(200);
    assert!(!String::from_utf8_lossy(&list.body).contains("外县桥"));
    clerk.get(&format!("/assets?area={OTHER_VILLAGE}")).await.problem(404, "not_found");
}

async fn lists_come_a_page_at_a_time(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    for n in 0..5 {
        let village = if n % 2 == 0 { VILLAGE_A1 } else { VILLAGE_B1 };
        let new = bridge(&format!("第{n}桥"), village);
        clerk.post("/assets").key(&format!("k-{n}")).json(&new).send().await.is(201);
    }
    let (mut names, mut next) = (Vec::new(), String::new());
    loop {
        let page = clerk.get(&format!("/assets?limit=2{next}")).await.is(200).json();
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= 2);
        names.extend(items.iter().map(|item| item["name"].to_string()));
        let Some(after) = page["next"].as_str() else { break };
        next = format!("&after={after}");
    }
    let mut told = names.clone();
    told.sort();
    told.dedup();
    assert_eq!((names.len(), told.len()), (5, 5));
    let found = clerk.get("/assets?q=%E7%AC%AC3").await.is(200).json();
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    let of_village = clerk.get(&format!("/assets?area={VILLAGE_B1}")).await.is(200).json();
    assert_eq!(of_village["items"].as_array().map(Vec::len), Some(2));
    let most = limits::PAGE_ROWS;
    clerk.get(&format!("/assets?limit={most}&area={COUNTY}")).await.is(200);
    clerk.get(&format!("/assets?limit={}", most + 1)).await.problem(422, "invalid");
    clerk.get("/assets?limit=0").await.problem(422, "invalid");
}

/// What is refused: the query, the field or the word found, and words of both languages.
const REFUSED: [(&str, &str, &str, &str); 12] = [
    (
        "colour=red",
        "colour",
        "没有这个查询条件；可用：class",
        "no such parameter; there are: class",
    ),
    ("class=red", "class", "应为其中之一", "one of"),
    ("class=public,red", "class", "应为其中之一", "one of"),
    ("area=red", "area", "十二位", "twelve digits"),
    ("after=red", "after", "上一页的 next", "the next of the page before"),
    ("sort=colour", "sort", "可按 place", "one of: place"),
    ("limit=0", "limit", "1 至 200", "1 to 200"),
    ("limit=201", "limit", "1 至 200", "1 to 200"),
    ("count=maybe", "count", "true 或 false", "true or false"),
    ("acquired_year=2020-2016", "acquired_year", "2016-2020", "2016-2020"),
    ("value_from=much", "value_from", "", ""),
    ("class=public&class=household", "class", "出现两次", "there twice"),
];

async fn what_a_list_does_not_know_is_refused(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    for (query, named, zh, en) in REFUSED {
        for (language, words) in [("zh-CN", zh), ("en", en)] {
            let call = clerk.call(Method::GET, &format!("/assets?{query}"));
            let problem = call.header("accept-language", language).send().await;
            let problem = problem.problem(422, "invalid");
            let error = &problem["errors"][0];
            let is_named = [&error["field"], &error["found"]].contains(&&json!(named));
            assert!(is_named, "{query}: {problem}");
            let said = error["expected"].as_str().unwrap_or_default();
            assert!(said.contains(words), "{query}: {problem}");
        }
    }
    let search = |n: usize| format!("/assets?q={}", "a".repeat(n));
    clerk.get(&search(limits::SEARCH_LENGTH)).await.is(200);
    let long = clerk.get(&search(limits::SEARCH_LENGTH + 1)).await.problem(422, "invalid");
    assert_eq!(long["errors"][0]["found"], json!(""), "a search is not repeated");
    let backwards = clerk.get("/assets?limit=1&sort=-place").await.is(200).json();
    assert_eq!(backwards["next"], Json::Null);
}

async fn actions_need_their_permission(town: &Town) {
    let inspector = town.caller(Role::Inspector).await;
    let new = bridge("石拱桥", VILLAGE_A1);
    inspector.post("/assets").key("k-1").json(&new).send().await.problem(403, "forbidden");
    inspector.get("/assets").await.is(200);
    inspector.get("/logs").await.problem(403, "forbidden");
}

async fn who_finds_no_place_is_told_to_come_again(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (go, may_go) = tokio::sync::oneshot::channel::<()>();
    let operator = Actor::operator();
    // somebody else is at work in the county, so that nobody gets on
    let slow = town.ledger.write(&operator, Action::AmendAsset, async |write| {
        write.take_turn(code(COUNTY).county()).await?;
        begun.send(()).expect("somebody waits");
        may_go.await.expect("told to go");
        Ok(())
    });
    let crowd = async {
        has_begun.await.expect("begun");
        let posts = (0..limits::REQUESTS_AT_ONCE).map(|n| {
            let new = bridge(&format!("第{n}桥"), VILLAGE_A1);
            clerk.post("/assets").key(&format!("k-{n}")).json(&new).send()
        });
        let posts = futures_util::future::join_all(posts);
        let late = async {
            let turned_away = async {
                loop {
                    let reply = clerk.get("/assets?limit=1").await;
                    if reply.status.as_u16() == 503 {
                        return reply;
                    }
                    tokio::task::yield_now().await;
                }
            };
            let patience = std::time::Duration::from_mins(1);
            let reply = tokio::time::timeout(patience, turned_away).await.expect("no place left");
            assert_eq!(reply.header("retry-after"), "2");
            reply.problem(503, "busy");
            go.send(()).expect("the slow one waits");
        };
        tokio::join!(posts, late).0
    };
    let (done, replies) = tokio::join!(slow, crowd);
    done.expect("nothing was refused");
    for reply in replies {
        reply.is(201);
    }
}
