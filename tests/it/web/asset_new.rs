//! Registering assets by their page.

use entity::account::Role;

use super::Browser;
use crate::harness::{
    Town,
    town::{OTHER_VILLAGE, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1},
};

on_both!(
    an_asset_is_registered_by_its_form,
    what_is_needed_is_told_and_what_was_typed_stays,
    one_more_source_keeps_what_was_typed,
    the_next_one_is_like_the_last,
    an_asset_of_the_same_name_is_told,
    only_places_within_reach_are_offered,
    whoever_may_not_register_is_told,
);

const NEW: &str = "/assets/new";
const BRIDGE: [(&str, &str); 11] = [
    ("name", "上河村便民桥"),
    ("class", "public"),
    ("subclass", "road"),
    ("area", VILLAGE_A1),
    ("original_value", "86.4万"),
    ("acquired_on", "2019-06-30"),
    ("location", "三组河边"),
    ("quantity", "1"),
    ("unit", "km"),
    ("f0-fund", "transition"),
    ("f0-amount", "864000"),
];

/// The fields of a bridge with some of them set otherwise.
fn bridge<'a>(other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = BRIDGE.iter().filter(|(name, _)| other.iter().all(|(set, _)| set != name));
    kept.copied().chain(other.iter().copied()).collect()
}

async fn registered(browser: &mut Browser, other: &[(&str, &str)]) -> String {
    let reply = browser.fill(NEW, NEW, &bridge(other)).await.is(303);
    reply.header("location").to_owned()
}

async fn an_asset_is_registered_by_its_form(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let list = browser.open("/assets").await.is(200).text();
    assert!(list.contains("href=\"/assets/new\""), "{list}");
    let led = registered(&mut browser, &[]).await;
    assert!(led.ends_with("?done=registered"), "{led}");
    let card = browser.open(&led).await.is(200).text();
    assert!(card.contains("上河村便民桥") && card.contains("864,000.00"), "{card}");
    let row = town.rows::<entity::asset::Entity>().await.pop().expect("an asset");
    assert_eq!(row.area_code.as_str(), VILLAGE_A1);
    let source = town.rows::<entity::funding::Entity>().await.pop().expect("a source");
    assert_eq!(source.fund, Some(entity::funding::Fund::Transition));
    assert_eq!((source.asset_id, source.amount), (row.id, row.original_value));
}

async fn what_is_needed_is_told_and_what_was_typed_stays(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let before = town.n_entries().await;
    let fields = bridge(&[("name", ""), ("area", ""), ("f0-fund", ""), ("quantity", "不少")]);
    let page = browser.fill(NEW, NEW, &fields).await.is(422).text();
    assert_eq!(town.n_entries().await, before);
    assert!(page.contains("<title>错误："), "{page}");
    for field in ["name", "area", "f0-fund", "quantity"] {
        assert!(page.contains(&format!("href=\"#f-{field}\"")), "{field}: {page}");
        assert!(page.contains(&format!("id=\"f-{field}\"")), "{field}: {page}");
    }
    assert!(page.contains("value=\"不少\"") && page.contains("value=\"86.4万\""), "{page}");
    assert!(page.contains("资产名称：不能为空"), "{page}");
    let none = bridge(&[("f0-fund", ""), ("f0-amount", "")]);
    let page = browser.fill(NEW, NEW, &none).await.is(422).text();
    assert!(page.contains("href=\"#f-funding\"") && page.contains("id=\"f-funding\""), "{page}");
}

async fn one_more_source_keeps_what_was_typed(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let before = town.n_entries().await;
    let page = browser.fill(NEW, NEW, &bridge(&[("then", "more")])).await.is(200).text();
    assert_eq!(town.n_entries().await, before);
    assert!(page.contains("name=\"f3-amount\"") && !page.contains("name=\"f4-amount\""), "{page}");
    assert!(page.contains("value=\"三组河边\"") && page.contains("value=\"864000\""), "{page}");
    let four = bridge(&[
        ("sources", "4"),
        ("f0-amount", "800000"),
        ("f3-fund", "donation"),
        ("f3-amount", "6.4万"),
    ]);
    browser.fill(NEW, NEW, &four).await.is(303);
    assert_eq!(town.rows::<entity::funding::Entity>().await.len(), 2);
}

async fn the_next_one_is_like_the_last(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let led = registered(&mut browser, &[("then", "next")]).await;
    assert!(led.starts_with("/assets/new?like=") && led.ends_with("&done=registered"), "{led}");
    let page = browser.open(&led).await.is(200).text();
    assert!(page.contains("role=\"status\""), "{page}");
    assert!(page.contains(&format!("value=\"{VILLAGE_A1}\" selected")), "{page}");
    assert!(page.contains("value=\"transition\" selected") && page.contains("2019-06-30"));
    assert!(!page.contains("上河村便民桥") && !page.contains("864000"), "{page}");
}

async fn an_asset_of_the_same_name_is_told(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    registered(&mut browser, &[]).await;
    let before = town.n_entries().await;
    let page = browser.fill(NEW, NEW, &bridge(&[])).await.is(422).text();
    assert_eq!(town.n_entries().await, before);
    let first = town.rows::<entity::asset::Entity>().await.pop().expect("an asset");
    assert!(page.contains(&format!("href=\"/assets/{}\"", first.code)), "{page}");
    assert!(page.contains("id=\"f-other\"") && page.contains("value=\"86.4万\""), "{page}");
    // elsewhere it is no namesake, and whoever says so registers it here too
    registered(&mut browser, &[("area", VILLAGE_A2)]).await;
    registered(&mut browser, &[("other", "yes")]).await;
    assert_eq!(town.rows::<entity::asset::Entity>().await.len(), 3);
}

async fn only_places_within_reach_are_offered(town: &Town) {
    let mut browser = town.browser(Role::TownshipClerk).await;
    let page = browser.open(NEW).await.is(200).text();
    assert!(page.contains("optgroup label=\"石桥镇\"") && page.contains(VILLAGE_A1), "{page}");
    assert!(!page.contains(VILLAGE_B1) && !page.contains(OTHER_VILLAGE), "{page}");
    browser.fill(NEW, NEW, &bridge(&[("area", VILLAGE_B1)])).await.is(404);
    let other = town.asset(OTHER_VILLAGE, "外县桥", "1000.00").await;
    browser.open(&format!("/assets/new?like={}", other.code)).await.is(404);
}

async fn whoever_may_not_register_is_told(town: &Town) {
    let mut browser = town.browser(Role::Leader).await;
    browser.open(NEW).await.is(403);
    assert!(!browser.open("/assets").await.is(200).text().contains("/assets/new"));
}
