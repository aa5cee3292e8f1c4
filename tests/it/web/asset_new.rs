//! Registering assets by their page.

use entity::account::Role;
use taizhang::{
    app,
    domain::{asset::Completeness, permission::Action},
    limits,
};

use super::Browser;
use crate::harness::{
    Town,
    town::{OTHER_VILLAGE, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, registration},
};

on_both!(
    an_asset_is_registered_by_its_form,
    what_is_needed_is_told_and_what_was_typed_stays,
    one_more_source_keeps_what_was_typed,
    the_next_one_is_like_the_last,
    an_asset_of_a_like_name_is_told,
    what_is_said_of_one_name_is_not_said_of_another,
    what_is_alike_is_told_while_the_name_is_typed,
    only_the_newest_names_of_a_place_are_compared,
    a_place_is_named_by_name_code_or_letters,
    a_text_that_means_several_places_is_chosen_from,
    only_places_within_reach_are_meant,
    whoever_may_not_register_is_told,
);

const NEW: &str = "/assets/new";
const BRIDGE: [(&str, &str); 12] = [
    // left empty, as a browser sends it: a code is made
    ("code", ""),
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
    assert!(page.contains(&format!("value=\"石桥镇上河村 {VILLAGE_A1}\"")), "{page}");
    assert!(page.contains("value=\"transition\" selected") && page.contains("2019-06-30"));
    assert!(!page.contains("上河村便民桥") && !page.contains("864000"), "{page}");
}

/// What a form says of a name in a place.
fn another(place: &str, name: &str) -> String {
    format!("{place} {name}")
}

async fn an_asset_of_a_like_name_is_told(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    registered(&mut browser, &[]).await;
    let first = town.rows::<entity::asset::Entity>().await.pop().expect("an asset");
    let before = town.n_entries().await;
    for name in ["上河村便民桥", "上河村 便民桥", "上河村（便民）桥", "上河村人行桥"]
    {
        let page = browser.fill(NEW, NEW, &bridge(&[("name", name)])).await.is(422).text();
        assert!(page.contains(&format!("href=\"/assets/{}\"", first.code)), "{name}: {page}");
        assert!(page.contains("相似：") && page.contains("href=\"#f-other\""), "{page}");
        assert!(page.contains("id=\"f-other\"") && page.contains("value=\"86.4万\""), "{page}");
    }
    assert_eq!(town.n_entries().await, before);
    // elsewhere it is no namesake, nor is what is called otherwise
    registered(&mut browser, &[("area", VILLAGE_A2)]).await;
    registered(&mut browser, &[("name", "光伏电站")]).await;
    // and whoever says that it is another one registers it here too
    let said = another(VILLAGE_A1, "上河村人行桥");
    registered(&mut browser, &[("name", "上河村人行桥"), ("other", &said)]).await;
    assert_eq!(town.rows::<entity::asset::Entity>().await.len(), 4);
}

async fn what_is_said_of_one_name_is_not_said_of_another(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    registered(&mut browser, &[]).await;
    let said = another(VILLAGE_A1, "上河村人行桥");
    // what was said stays said while something else is mended
    let wrong = [("name", "上河村人行桥"), ("other", &*said), ("quantity", "不少")];
    let page = browser.fill(NEW, NEW, &bridge(&wrong)).await.is(422).text();
    assert!(page.contains(&format!("value=\"{said}\" checked")), "{page}");
    assert!(!page.contains("href=\"#f-other\""), "{page}");
    let otherwise = [("name", "上河村便民大桥"), ("other", &*said)];
    let page = browser.fill(NEW, NEW, &bridge(&otherwise)).await.is(422).text();
    assert!(page.contains("href=\"#f-other\"") && !page.contains("checked"), "{page}");
    let led = browser.fill(NEW, NEW, &bridge(&wrong[..2])).await.is(303);
    assert!(led.header("location").ends_with("?done=registered"));
}

/// What a page is told while a name is typed, and what was said of a name before.
async fn told(browser: &mut Browser, [area, name, said]: [&str; 3]) -> String {
    let mut words = form_urlencoded::Serializer::new(String::new());
    let words = words.append_pair("area", area).append_pair("name", name);
    let address = format!("/assets/alike?{}", words.append_pair("other", said).finish());
    browser.open(&address).await.is(200).text()
}

async fn what_is_alike_is_told_while_the_name_is_typed(town: &Town) {
    let mut browser = town.browser(Role::TownshipClerk).await;
    for end in "甲乙丙丁戊己".chars() {
        town.asset(VILLAGE_A1, &format!("便民桥{end}"), "1.00").await;
    }
    let page = told(&mut browser, [VILLAGE_A1, "便民桥", ""]).await;
    assert_eq!(page.matches("<li>").count(), limits::ALIKE_SHOWN, "{page}");
    assert!(page.contains("还有 1 项"), "{page}");
    let said = another(VILLAGE_A1, "便民桥");
    assert!(page.contains(&format!("value=\"{said}\">")) && !page.contains("<html"), "{page}");
    let page = told(&mut browser, [VILLAGE_A1, "便民桥", &said]).await;
    assert!(page.contains(&format!("value=\"{said}\" checked")), "{page}");
    // nothing of what is elsewhere, of what is not alike, of half a form
    town.asset(VILLAGE_B1, "外镇便民桥", "1.00").await;
    town.asset(OTHER_VILLAGE, "外县便民桥", "1.00").await;
    for area in [VILLAGE_B1, OTHER_VILLAGE, VILLAGE_A2, "", "12"] {
        assert_eq!(told(&mut browser, [area, "便民桥", ""]).await, "", "{area}");
    }
    for name in ["光伏电站", ""] {
        assert_eq!(told(&mut browser, [VILLAGE_A1, name, ""]).await, "", "{name}");
    }
    town.browser(Role::Leader).await.open("/assets/alike?area=&name=").await.is(403);
}

async fn only_the_newest_names_of_a_place_are_compared(town: &Town) {
    let most = usize::try_from(limits::NAMES_COMPARED).expect("a number");
    let mut browser = town.browser(Role::FinanceClerk).await;
    town.asset(VILLAGE_A1, "老石拱桥", "1.00").await;
    let fill = async |n: usize| {
        let new = (0..n).map(|n| registration(VILLAGE_A1, &format!("{n}号蓄水池"), "1.00"));
        let new: Vec<_> = new.collect();
        let clerk = town.clerk().await;
        let done = town.ledger.write(&clerk, Action::RegisterAsset, async |write| {
            app::asset::put_in(write, new, Completeness::TakeOn).await
        });
        done.await.expect("registered");
    };
    fill(most - 1).await;
    let page = told(&mut browser, [VILLAGE_A1, "石拱桥", ""]).await;
    assert!(page.contains("老石拱桥"), "the oldest of as many: {page}");
    fill(1).await;
    let page = told(&mut browser, [VILLAGE_A1, "石拱桥", ""]).await;
    assert_eq!(page, "", "so many and no more");
    // the very same name is found however old
    let page = told(&mut browser, [VILLAGE_A1, "老石拱桥", ""]).await;
    assert!(page.contains("老石拱桥"), "{page}");
}

async fn a_place_is_named_by_name_code_or_letters(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let picked = format!("石桥镇上河村 {VILLAGE_A1}");
    for (text, name) in [
        ("石桥镇上河村", "便民桥"),
        ("石桥镇 / 上河村", "光伏电站"),
        ("sqs", "通组公路"),
        (picked.as_str(), "蓄水池"),
    ] {
        registered(&mut browser, &[("area", text), ("name", name)]).await;
    }
    let rows = town.rows::<entity::asset::Entity>().await;
    assert!(rows.len() == 4 && rows.iter().all(|row| row.area_code.as_str() == VILLAGE_A1));
}

async fn a_text_that_means_several_places_is_chosen_from(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let before = town.n_entries().await;
    let page = browser.fill(NEW, NEW, &bridge(&[("area", "河村")])).await.is(422).text();
    assert_eq!(town.n_entries().await, before);
    assert!(page.contains("href=\"#f-area\"") && page.contains("不止一处"), "{page}");
    // what was typed stays, and the places are offered to choose from
    assert!(page.contains("<select id=\"f-area\"") && page.contains("value=\"86.4万\""), "{page}");
    for (village, told) in [(VILLAGE_A1, "石桥镇上河村"), (VILLAGE_A2, "石桥镇下河村")]
    {
        let option = format!("<option value=\"{village}\">{told} {village}");
        assert!(page.contains(&option), "{option}: {page}");
    }
    // none of these: the field comes back
    let page = browser.fill(NEW, NEW, &bridge(&[("area", "")])).await.is(422).text();
    assert!(page.contains("<input id=\"f-area\"") && page.contains("所在区划不能为空"), "{page}");
    let page = browser.fill(NEW, NEW, &bridge(&[("area", "无此村")])).await.is(422).text();
    assert!(page.contains("管辖范围内没有") && page.contains("value=\"无此村\""), "{page}");
    registered(&mut browser, &[("area", VILLAGE_A2)]).await;
}

async fn only_places_within_reach_are_meant(town: &Town) {
    let mut browser = town.browser(Role::TownshipClerk).await;
    let suggested = async |browser: &mut Browser, text: &str| {
        let words = [("q", text), ("in", "areas")];
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(words).finish();
        browser.open(&format!("/search/suggestions?{query}")).await.is(200).text()
    };
    let told = suggested(&mut browser, "shc").await;
    assert!(told.contains(&format!("data-value=\"上河村 {VILLAGE_A1}\"")), "{told}");
    for text in [VILLAGE_B1, OTHER_VILLAGE, "无此村", "dpx"] {
        assert_eq!(suggested(&mut browser, text).await, "", "{text}");
    }
    // what is elsewhere and what is nowhere are answered alike
    for area in [VILLAGE_B1, OTHER_VILLAGE, "520381999999"] {
        let page = browser.fill(NEW, NEW, &bridge(&[("area", area)])).await.is(422).text();
        assert!(page.contains("管辖范围内没有"), "{area}: {page}");
    }
    assert!(town.rows::<entity::asset::Entity>().await.is_empty());
    let other = town.asset(OTHER_VILLAGE, "外县桥", "1000.00").await;
    browser.open(&format!("/assets/new?like={}", other.code)).await.is(404);
}

async fn whoever_may_not_register_is_told(town: &Town) {
    let mut browser = town.browser(Role::Leader).await;
    browser.open(NEW).await.is(403);
    assert!(!browser.open("/assets").await.is(200).text().contains("/assets/new"));
}
