//! What stands around every page: settings, help, the area that is looked at, what went wrong.

use entity::account::Role;

use super::Browser;
use crate::harness::{
    Town,
    town::{TOWN_A, TOWN_B, VILLAGE_A1},
};

on_both!(
    settings_are_kept_by_the_browser,
    every_page_leads_to_its_help,
    an_area_is_chosen_a_level_at_a_time,
    a_page_of_what_went_wrong_says_what_now,
);

async fn settings_are_kept_by_the_browser(town: &Town) {
    for n in 0..25 {
        town.asset(VILLAGE_A1, &format!("{n}号桥"), "1000.00").await;
    }
    let mut browser = town.browser(Role::FinanceClerk).await;
    let rows = |page: &str| page.matches("<th scope=\"row\"").count();
    assert_eq!(rows(&browser.open("/findings?rule=G01").await.is(200).text()), 20);
    let set = [
        ("size", "large"),
        ("colours", "contrast"),
        ("lang", "en"),
        ("keys", "off"),
        ("rows", "50"),
    ];
    browser.fill("/me/settings", "/me/settings", &set).await.is(303);
    let page = browser.open("/findings?rule=G01").await.is(200).text();
    assert_eq!(rows(&page), 25);
    for part in ["lang=\"en\"", "data-size=\"large\"", "data-keys=\"off\"", "/static/contrast-"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // what nobody offers is not taken
    let odd = [("size", "huge"), ("colours", "pink"), ("lang", "fr"), ("keys", "?"), ("rows", "7")];
    browser.fill("/me/settings", "/me/settings", &odd).await.is(303);
    let page = browser.open("/findings?rule=G01").await.is(200).text();
    assert!(page.contains("data-size=\"large\"") && page.contains("/static/contrast-"), "{page}");
}

async fn every_page_leads_to_its_help(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    for (page, help) in [
        ("/dashboard", "/help/dashboard"),
        ("/assets", "/help/assets"),
        ("/assets/new", "/help/asset-new"),
        ("/me/settings", "/help/settings"),
    ] {
        let text = browser.open(page).await.is(200).text();
        assert!(text.contains(&format!("href=\"{help}\"")), "{page}: {text}");
        let text = browser.open(help).await.is(200).text();
        assert!(text.contains("问谁") && text.contains("nav class=\"side\""), "{text}");
    }
    browser.open("/help/nothing").await.is(404);
    let all = browser.open("/help").await.is(200).text();
    for help in all.split("href=\"/help/").skip(1).filter_map(|rest| rest.split('"').next()) {
        browser.open(&format!("/help/{help}")).await.is(200);
    }
    // it is open to whoever cannot sign in
    let mut stranger = Browser::new(town);
    assert!(stranger.open("/sign-in").await.is(200).text().contains("href=\"/help/sign-in\""));
    assert!(!stranger.open("/help/sign-in").await.is(200).text().contains("class=\"side\""));
    stranger.open("/help/shortcuts").await.is(200);
}

async fn an_area_is_chosen_a_level_at_a_time(town: &Town) {
    town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = browser.open("/assets?class=public").await.is(200).text();
    for code in [TOWN_A, TOWN_B] {
        let link = format!("/assets?class=public&amp;area={code}");
        assert!(page.contains(&link), "{link}: {page}");
    }
    assert!(!page.contains(&format!("area={VILLAGE_A1}")), "two levels at once");
    // it stays chosen on the way to what tells of areas, and leads on and back
    let page = browser.open(&format!("/assets?area={TOWN_A}")).await.is(200).text();
    for link in [
        format!("/dashboard?area={TOWN_A}"),
        format!("/findings?area={TOWN_A}"),
        format!("/assets?area={VILLAGE_A1}"),
        "href=\"/assets\"".to_owned(),
    ] {
        assert!(page.contains(&link), "{link}: {page}");
    }
    // where the page tells of none, it leads to the overview
    let page = browser.open("/me").await.is(200).text();
    assert!(page.contains(&format!("/dashboard?area={TOWN_A}")), "{page}");
    let mut other = town.browser(Role::TownshipClerk).await;
    let page = other.open("/dashboard").await.is(200).text();
    assert!(!page.contains(TOWN_B) && page.contains(VILLAGE_A1), "{page}");
}

async fn a_page_of_what_went_wrong_says_what_now(town: &Town) {
    let mut browser = town.browser(Role::Leader).await;
    let page = browser.open("/assets/new").await.is(403).text();
    assert!(page.contains("可以办理的角色：") && page.contains("财政经办"), "{page}");
    let page = browser.open("/assets/NO-SUCH").await.is(404).text();
    assert!(page.contains("href=\"/assets\"") && page.contains("现在怎么办"), "{page}");
    assert!(page.contains("href=\"/help/asset\""), "{page}");
    for words in ["我的工作还在吗", "问谁", "编号"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}
