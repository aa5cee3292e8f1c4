//! Lists over the API: orders, filters, searches, totals, the past; and nothing from elsewhere.

use chrono::NaiveDate;
use entity::{
    account::Role,
    area::AreaCode,
    asset::{self, Class, Model},
    duty::Kind,
    id::AssetId,
    log::Action,
};
use serde_json::{Value as Json, json};
use taizhang::{
    app::{self, asset::Registration},
    domain::{
        area,
        asset::{Completeness, blank},
        duty::Terms,
        title::Party,
    },
    limits,
    store::{Actor, list::List},
};

use super::Client;
use crate::harness::{
    Town,
    expect::{not_found, refused},
    town::{
        COUNTY, OTHER_VILLAGE, TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, card, code, yuan,
    },
};

on_both!(
    every_order_yields_each_asset_once,
    a_place_of_another_order_is_refused,
    filters_say_what_is_listed,
    a_search_finds_names_codes_letters_and_places,
    a_text_that_too_many_places_hold_names_none,
    a_keeper_is_found_in_a_body_by_whoever_may_know_people,
    a_list_of_the_past_is_what_was_so_then,
    a_page_of_the_past_looks_at_so_many_rows,
    nothing_of_another_village_shows_in_any_list,
    the_ids_of_a_list_are_all_or_none,
    wide_lists_go_by_place_alone,
);

/// An address with a query whose texts may be Chinese.
fn query(path: &str, words: &[(&str, &str)]) -> String {
    let word = |(name, text): &(&str, &str)| {
        let bytes = text.bytes().map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b',' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        });
        format!("{name}={}", bytes.collect::<String>())
    };
    let words: Vec<String> = words.iter().map(word).collect();
    format!("{path}?{}", words.join("&"))
}

fn ids(page: &Json) -> Vec<i64> {
    let items = page["items"].as_array().expect("items").iter();
    items.map(|item| item["id"].as_i64().expect("an id")).collect()
}

async fn listed(client: &Client, words: &[(&str, &str)]) -> Vec<i64> {
    ids(&client.get(&query("/assets", words)).await.is(200).json())
}

/// Every page of a list, one after another.
async fn paged(client: &Client, words: &[(&str, &str)]) -> Vec<i64> {
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let mut words = words.to_vec();
        words.extend(after.as_deref().map(|after| ("after", after)));
        let page = client.get(&query("/assets", &words)).await.is(200).json();
        found.extend(ids(&page));
        after = match page["next"].as_str() {
            Some(next) => Some(next.to_owned()),
            None => return found,
        };
    }
}

/// An asset whose value and day may be unknown.
async fn asset(town: &Town, village: &str, name: &str, value: Option<&str>, on: &str) -> Model {
    let row = Model {
        original_value: value.map(yuan),
        acquired_on: on.parse::<NaiveDate>().ok(),
        ..card(village, name, "1.00")
    };
    let new = Registration::of(row);
    let operator = Actor::operator();
    let made = app::asset::register(&town.ledger, &operator, new, Completeness::TakeOn).await;
    made.expect("an asset")
}

/// Assets with equal values, with none, and with names of equal letters.
async fn many(town: &Town) -> Vec<Model> {
    let mut made = Vec::new();
    for (village, name, value, on) in [
        (VILLAGE_A1, "便民桥", Some("500.00"), "2018-03-01"),
        (VILLAGE_B1, "便民渠", Some("500.00"), ""),
        (VILLAGE_A2, "白马桥", None, "2019-01-01"),
        (VILLAGE_A1, "安全饮水", None, ""),
        (VILLAGE_A2, "光伏电站", Some("90000.00"), "2018-03-01"),
        (VILLAGE_B1, "冷库", Some("1.00"), "2020-12-31"),
        (VILLAGE_A1, "Zx-9 泵房", Some("500.00"), "2018-03-01"),
        (VILLAGE_A2, "村道", None, "2016-01-01"),
    ] {
        made.push(asset(town, village, name, value, on).await);
        town.clock.pass(1);
    }
    made
}

async fn every_order_yields_each_asset_once(town: &Town) {
    let made = many(town).await;
    let mut all: Vec<i64> = made.iter().map(|one| one.id.0).collect();
    let clerk = town.caller(Role::FinanceClerk).await;
    let by_id = |id: &i64| made.iter().find(|one| one.id.0 == *id).expect("one of them");
    for order in ["place", "name", "value", "acquired_on", "updated_at"] {
        for order in [order.to_owned(), format!("-{order}")] {
            for limit in ["1", "3", "200"] {
                let mut found = paged(&clerk, &[("sort", &order), ("limit", limit)]).await;
                if limit == "3" && order.ends_with("value") {
                    let values: Vec<_> = found.iter().map(|id| by_id(id).original_value).collect();
                    assert!(values[5..].iter().all(Option::is_none), "{order}: {values:?}");
                    let is_rising = values[..5].is_sorted();
                    assert_eq!(is_rising, order == "value", "{order}: {values:?}");
                }
                found.sort_unstable();
                all.sort_unstable();
                assert_eq!(found, all, "{order}, {limit} a page");
            }
        }
    }
    // three have the same letters, and stand by place
    let names = paged(&clerk, &[("sort", "name")]).await;
    let names: Vec<&str> = names.iter().map(|id| by_id(id).name.as_str()).collect();
    let expected =
        ["安全饮水", "便民桥", "白马桥", "便民渠", "村道", "光伏电站", "冷库", "Zx-9 泵房"];
    assert_eq!(names, expected);
    let changed = paged(&clerk, &[("sort", "-updated_at")]).await;
    assert_eq!(changed.first(), made.last().map(|one| &one.id.0));
    let words = [("sort", "value"), ("limit", "2"), ("count", "true"), ("area", TOWN_A)];
    let page = clerk.get(&query("/assets", &words)).await.is(200).json();
    assert_eq!((page["total"].as_u64(), ids(&page).len()), (Some(6), 2));
    assert_eq!(
        paged(&clerk, &[("sort", "value"), ("limit", "2"), ("area", TOWN_A)]).await.len(),
        6
    );
    assert_eq!(clerk.get("/assets").await.json()["total"], Json::Null);
}

async fn a_place_of_another_order_is_refused(town: &Town) {
    many(town).await;
    let clerk = town.caller(Role::FinanceClerk).await;
    let page = clerk.get("/assets?sort=value&limit=2").await.is(200).json();
    let next = page["next"].as_str().expect("another page");
    for order in ["-value", "name", "place"] {
        let words = [("sort", order), ("after", next)];
        for (language, said) in [("zh", "另一种排序"), ("en", "another order")] {
            let call = clerk.call(axum::http::Method::GET, &query("/assets", &words));
            let problem = call.header("accept-language", language).send().await;
            let problem = problem.problem(422, "invalid");
            let expected = problem["errors"][0]["expected"].as_str().unwrap_or_default();
            assert!(expected.contains(said), "{problem}");
        }
    }
    let problem = clerk.get("/assets?sort=colour").await.problem(422, "invalid");
    let expected = problem["errors"][0]["expected"].as_str().unwrap_or_default();
    assert!(expected.contains("place、name、value、acquired_on、updated_at"), "{problem}");
}

async fn filters_say_what_is_listed(town: &Town) {
    let made = many(town).await;
    let clerk = town.caller(Role::FinanceClerk).await;
    let id = |name: &str| made.iter().find(|one| one.name == name).expect("one of them").id.0;
    let n = async |words: &[(&str, &str)]| listed(&clerk, words).await.len();
    assert_eq!(n(&[("class", "public,operating")]).await, 8);
    assert_eq!(n(&[("class", "household")]).await, 0);
    assert_eq!(n(&[("acquired_year", "2018")]).await, 3);
    assert_eq!(n(&[("acquired_year", "2016-2019")]).await, 5);
    assert_eq!(n(&[("value_from", "500")]).await, 4);
    assert_eq!(n(&[("value_from", "500"), ("value_to", "500.00")]).await, 3);
    assert_eq!(n(&[("value_to", "499.99")]).await, 1);
    assert_eq!(n(&[("title", "unconfirmed")]).await, 8);
    assert_eq!(n(&[("title", "confirmed,disputed")]).await, 0);
    assert_eq!(n(&[("lacks", "G01")]).await, 8);
    let body = town.collective(VILLAGE_A1).await;
    let party = (Kind::Maintainer, Party::Organization(body));
    let bridge = AssetId(id("便民桥"));
    let actor = town.clerk().await;
    app::duty::assign(&town.ledger, &actor, &[bridge], party, &Terms::default())
        .await
        .expect("assigned");
    assert_eq!(listed(&clerk, &[("maintainer", &body.0.to_string())]).await, [bridge.0]);
    assert_eq!(n(&[("lacks", "G01"), ("sort", "-value")]).await, 7);
    assert_eq!(n(&[("lacks", "G01,G02")]).await, 8);
    assert_eq!(n(&[("project", "1")]).await, 0);
    for (word, wrong) in [("lacks", "G99"), ("maintainer", "somebody"), ("title", "fine")] {
        clerk.get(&query("/assets", &[(word, wrong)])).await.problem(422, "invalid");
    }
}

async fn a_search_finds_names_codes_letters_and_places(town: &Town) {
    let made = many(town).await;
    let clerk = town.caller(Role::FinanceClerk).await;
    let names = async |text: &str| {
        let found = listed(&clerk, &[("q", text), ("sort", "name")]).await;
        let name = |id: &i64| made.iter().find(|one| one.id.0 == *id).map(|one| one.name.clone());
        found.iter().filter_map(name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names("便民").await, "便民桥 便民渠");
    assert_eq!(names("bmq").await, "便民桥 白马桥 便民渠");
    assert_eq!(names("BMQ").await, "便民桥 白马桥 便民渠");
    assert_eq!(names("zx-9").await, "Zx-9 泵房");
    assert_eq!(names(&made[4].code).await, "光伏电站");
    assert_eq!(names(&made[4].code.to_lowercase()).await, "光伏电站");
    assert_eq!(names("银杏村").await, "便民渠 冷库");
    assert_eq!(names("yxc").await, "便民渠 冷库");
    assert_eq!(listed(&clerk, &[("q", "石桥镇")]).await.len(), 6);
    assert_eq!(names("%").await, "");
    assert_eq!(names("_").await, "");
    // the village of another county is no place here
    assert_eq!(names("卢荣坝").await, "");
    let words = [("q", "桥"), ("count", "true"), ("limit", "1")];
    let page = clerk.get(&query("/assets", &words)).await.is(200).json();
    // two bridges, and whatever lies in 石桥镇
    assert_eq!(page["total"].as_u64(), Some(6));
}

async fn a_text_that_too_many_places_hold_names_none(town: &Town) {
    let most = u32::try_from(limits::AREAS_FOUND).expect("a number");
    let operator = Actor::operator();
    let found_village = async |n: u32| {
        let row = entity::area::Model {
            parent_code: Some(code(TOWN_B)),
            ..area::blank(code(&format!("520381101{n:03}")), &format!("柏树{n}村"))
        };
        let made = town.ledger.write(&operator, Action::ImportAreas, async |write| {
            write.insert_areas(vec![row]).await
        });
        made.await.expect("a village");
    };
    for n in 0..most {
        found_village(300 + n).await;
    }
    let lamp = asset(town, "520381101300", "路灯", None, "").await;
    let clerk = town.caller(Role::FinanceClerk).await;
    assert_eq!(listed(&clerk, &[("q", "柏树")]).await, [lamp.id.0], "at the limit");
    found_village(300 + most).await;
    assert_eq!(listed(&clerk, &[("q", "柏树")]).await, [0_i64; 0], "one past it");
    assert_eq!(listed(&clerk, &[("q", "柏树300")]).await, [lamp.id.0]);
}

/// Gives an asset a keeper: one of the people the tests know.
async fn keep(town: &Town, asset: AssetId, area: AreaCode, place: usize) {
    let person = town.person(area, place).await;
    let (actor, party) = (Actor::operator(), (Kind::Keeper, Party::Person(person)));
    app::duty::assign(&town.ledger, &actor, &[asset], party, &Terms::default())
        .await
        .expect("assigned");
}

async fn a_keeper_is_found_in_a_body_by_whoever_may_know_people(town: &Town) {
    let made = many(town).await;
    let (bridge, channel) = (&made[0], &made[1]);
    keep(town, bridge.id, bridge.area_code, 0).await;
    keep(town, channel.id, channel.area_code, 1).await;
    let (name, phone) = crate::harness::people::PEOPLE[0];
    let found = async |client: &Client, text: &str| {
        let asked = json!({ "q": text, "count": true });
        let page = client.post("/assets/search").json(&asked).send().await.is(200).json();
        assert_eq!(page["total"].as_u64(), Some(ids(&page).len() as u64));
        assert!(!page.to_string().contains(name));
        ids(&page)
    };
    let clerk = town.caller(Role::FinanceClerk).await;
    assert_eq!(found(&clerk, name).await, [bridge.id.0]);
    assert_eq!(found(&clerk, "欧阳").await, [0_i64; 0], "the full name alone");
    assert_eq!(found(&clerk, phone).await, [0_i64; 0]);
    assert_eq!(found(&clerk, "便民桥").await, [bridge.id.0]);
    let other = town.caller_with_factor(Role::FinanceApprover).await;
    assert_eq!(found(&other, name).await, [0_i64; 0], "who may not know people finds none");
    assert_eq!(found(&other, "便民桥").await, [bridge.id.0]);
    assert_eq!(listed(&clerk, &[("q", name)]).await, [0_i64; 0], "never by an address");
    let there = town.clerk_there().await;
    assert_eq!(found(&there, name).await, [0_i64; 0]);
    let asked =
        json!({ "class": ["public", "operating"], "q": name, "limit": 5, "sort": "-value" });
    let page = clerk.post("/assets/search").json(&asked).send().await.is(200).json();
    assert_eq!(ids(&page), [bridge.id.0]);
    let problem = clerk.post("/assets/search").json(&json!({ "colour": "red" })).send().await;
    assert_eq!(problem.problem(422, "invalid")["errors"][0]["field"], json!("colour"));
    let problem = clerk.post("/assets/search").json(&json!({ "q": { "a": 1 } })).send().await;
    problem.problem(422, "invalid");
}

async fn a_list_of_the_past_is_what_was_so_then(town: &Town) {
    let made = many(town).await;
    let before = town.today().to_string();
    town.clock.advance(2);
    let clerk = town.caller(Role::FinanceClerk).await;
    let actor = town.clerk().await;
    let (bridge, channel) = (&made[0], &made[1]);
    let rename = |row| Model { name: "风雨桥".into(), ..row };
    let named = (bridge.id, bridge.version);
    app::asset::amend(&town.ledger, &actor, named, rename).await.expect("amended");
    let dearer = |row| Model { original_value: Some(yuan("700.00")), ..row };
    let named = (channel.id, channel.version);
    app::asset::correct(&town.ledger, &actor, named, "有误", dearer).await.expect("corrected");
    let late = asset(town, VILLAGE_A1, "晚到桥", Some("5.00"), "2026-05-01").await;
    let body = town.collective(VILLAGE_A1).await;
    let party = (Kind::Maintainer, Party::Organization(body));
    app::duty::assign(&town.ledger, &actor, &[bridge.id], party, &Terms::default())
        .await
        .expect("assigned");
    let past = [("as_of", before.as_str())];
    let then = async |words: &[(&str, &str)]| listed(&clerk, &[&past, words].concat()).await;
    let all = then(&[]).await;
    assert_eq!((all.len(), all.contains(&late.id.0)), (8, false));
    assert_eq!(then(&[("q", "bmq")]).await.len(), 3);
    assert_eq!(then(&[("q", "风雨")]).await, [0_i64; 0]);
    assert_eq!(then(&[("q", "银杏村")]).await.len(), 2);
    assert_eq!(then(&[("value_to", "500"), ("value_from", "500")]).await.len(), 3);
    assert_eq!(listed(&clerk, &[("value_to", "500"), ("value_from", "500")]).await.len(), 2);
    let maintainer = body.0.to_string();
    assert_eq!(then(&[("maintainer", &maintainer)]).await, [0_i64; 0]);
    assert_eq!(then(&[("lacks", "G01"), ("class", "public")]).await.len(), 8);
    assert_eq!(then(&[("title", "unconfirmed"), ("acquired_year", "2018")]).await.len(), 3);
    assert_eq!(then(&[("area", VILLAGE_B1)]).await.len(), 2);
    let today = town.today().to_string();
    assert_eq!(listed(&clerk, &[("as_of", &today), ("q", "风雨")]).await, [bridge.id.0]);
    assert_eq!(listed(&clerk, &[("as_of", &today), ("maintainer", &maintainer)]).await.len(), 1);
    let paged = paged(&clerk, &[("as_of", &before), ("limit", "3")]).await;
    assert_eq!(paged, all);
    let path = query(&format!("/assets/{}", bridge.id), &past);
    let card = clerk.get(&path).await.is(200);
    assert_eq!(card.header("etag"), "", "the past is not changed");
    let card = card.json();
    assert_eq!((&card["name"], &card["version"]), (&json!("便民桥"), &json!(1)));
    assert_eq!(card["duties"], json!([]));
    assert!(card["findings"].to_string().contains("G01"));
    let path = query(&format!("/assets/{}", late.id), &past);
    clerk.get(&path).await.problem(404, "not_found");
    for (word, text) in [("sort", "value"), ("sort", "-place"), ("count", "true")] {
        let path = query("/assets", &[past[0], (word, text)]);
        clerk.get(&path).await.problem(422, "list.past_by_place");
    }
    clerk.get("/assets?as_of=yesterday").await.problem(422, "invalid");
    clerk.get("/assets?as_of=2099-01-01").await.is(422);
}

async fn a_page_of_the_past_looks_at_so_many_rows(town: &Town) {
    let operator = Actor::operator();
    let most = usize::try_from(limits::PAST_ROWS).expect("a number");
    let put_in = async |n: usize| {
        let made = town.ledger.write(&operator, Action::RegisterAsset, async |write| {
            let mut rows: Vec<Model> =
                (0..n).map(|_| blank(code(VILLAGE_A1), Class::Public, "路灯")).collect();
            write.give_codes(&mut rows).await?;
            write.insert_all::<asset::Entity>(rows).await
        });
        made.await.expect("assets")
    };
    put_in(most - 1).await;
    let last = asset(town, VILLAGE_A2, "末尾桥", None, "").await;
    let at = town.today().to_string();
    let clerk = town.caller(Role::FinanceClerk).await;
    let words = [("as_of", at.as_str()), ("q", "末尾桥")];
    let page = clerk.get(&query("/assets", &words)).await.is(200).json();
    assert_eq!(ids(&page), [last.id.0], "at the limit it is looked at");
    put_in(1).await;
    let page = clerk.get(&query("/assets", &words)).await.is(200).json();
    assert_eq!(ids(&page), [0_i64; 0], "one past it, on the next page");
    assert!(page["next"].is_string());
    assert_eq!(paged(&clerk, &words).await, [last.id.0]);
}

async fn nothing_of_another_village_shows_in_any_list(town: &Town) {
    let made = many(town).await;
    keep(town, made[2].id, made[2].area_code, 0).await;
    let (name, _) = crate::harness::people::PEOPLE[0];
    asset(town, OTHER_VILLAGE, "外县桥", Some("9.00"), "2018-03-01").await;
    let officer = town.caller(Role::VillageOfficer).await;
    let clerk = town.caller(Role::FinanceClerk).await;
    let here: Vec<i64> =
        made.iter().filter(|one| one.area_code == code(VILLAGE_A1)).map(|one| one.id.0).collect();
    let far = clerk.get("/assets?limit=1&sort=-place").await.is(200).json();
    let far = far["next"].as_str().expect("a place in another village");
    let today = town.today().to_string();
    for words in [
        vec![("sort", "place")],
        vec![("sort", "-place")],
        vec![("sort", "-place"), ("after", far)],
        vec![("sort", "name")],
        vec![("sort", "-value")],
        vec![("sort", "acquired_on")],
        vec![("sort", "updated_at")],
        vec![("q", "q")],
        vec![("q", "白马桥")],
        vec![("q", "下河村")],
        vec![("q", "石桥镇")],
        vec![("q", name)],
        vec![("lacks", "G01")],
        vec![("title", "unconfirmed")],
        vec![("class", "public"), ("area", COUNTY)],
        vec![("value_from", "0")],
        vec![("as_of", &today)],
        vec![("as_of", &today), ("q", "河村")],
    ] {
        let found = paged(&officer, &words).await;
        assert!(found.iter().all(|id| here.contains(id)), "{words:?}: {found:?}");
    }
    let count = officer.get("/assets?count=true").await.is(200).json();
    assert_eq!(count["total"].as_u64(), Some(here.len() as u64));
    officer.get(&format!("/assets?area={VILLAGE_A2}")).await.problem(404, "not_found");
    officer
        .get(&format!("/assets?as_of={today}&area={VILLAGE_A2}"))
        .await
        .problem(404, "not_found");
    let body = json!({ "q": name, "count": true });
    let found = officer.post("/assets/search").json(&body).send().await.is(200).json();
    assert_eq!((ids(&found).len(), found["total"].as_u64()), (0, Some(0)));
    for path in [
        format!("/assets/{}", made[2].id),
        format!("/assets/{}?as_of={today}", made[2].id),
        format!("/assets/by-code/{}", made[2].code),
    ] {
        officer.get(&path).await.problem(404, "not_found");
    }
}

async fn the_ids_of_a_list_are_all_or_none(town: &Town) {
    let made = many(town).await;
    let (clerk, officer) = (town.clerk().await, town.as_role(Role::VillageOfficer).await);
    let ids = async |actor: &Actor, words: &[(&str, &str)], at_most: usize| {
        let list = List::<asset::Entity>::read(words.iter().copied()).expect("a list");
        let action = Action::ExportRows;
        let done =
            town.ledger.write(actor, action, async |write| write.ids_listed(&list, at_most).await);
        done.await
    };
    let dearest = [("sort", "-value"), ("limit", "1")];
    let found = ids(&clerk, &dearest, made.len()).await.expect("all of them");
    assert_eq!((found.len(), found[0]), (made.len(), made[4].id));
    refused(ids(&clerk, &dearest, made.len() - 1).await, "action.too_many");
    let bridges = ids(&clerk, &[("q", "bmq")], 3).await.expect("three");
    assert_eq!(bridges.len(), 3);
    assert_eq!(ids(&officer, &[("area", COUNTY)], 9).await.expect("its own").len(), 3);
    not_found(ids(&officer, &[("area", VILLAGE_A2)], 9).await);
    let past = ids(&clerk, &[("as_of", "2026-06-01")], 9).await;
    refused(past, "list.past_unchangeable");
}

async fn wide_lists_go_by_place_alone(town: &Town) {
    many(town).await;
    asset(town, OTHER_VILLAGE, "外县桥", Some("9.00"), "2018-03-01").await;
    let operator = Actor::operator();
    let n = async |words: &[(&str, &str)]| {
        let list = List::<asset::Entity>::read(words.iter().copied()).expect("a list");
        let found = app::listing::assets(&town.ledger, &operator, &list).await;
        found.map(|listing| (listing.rows.len(), listing.total))
    };
    assert_eq!(n(&[("count", "true")]).await.expect("all"), (9, Some(9)));
    refused(n(&[("sort", "value")]).await, "list.sort_too_wide");
    refused(n(&[("q", "桥")]).await, "list.search_too_wide");
    assert_eq!(n(&[("sort", "value"), ("area", COUNTY)]).await.expect("a county").0, 8);
    assert_eq!(n(&[("q", "桥"), ("area", OTHER_VILLAGE)]).await.expect("a village").0, 1);
}
