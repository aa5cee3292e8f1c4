//! Looking for things on pages: what is found, who may look for people, what is offered while one
//! types.

use entity::{account::Role, duty::Kind};
use taizhang::{
    app,
    domain::{duty::Terms, title::Party},
};

use crate::harness::{
    Town,
    people::contact,
    town::{OTHER_VILLAGE, VILLAGE_A1, code},
};

on_both!(
    a_search_finds_things_of_every_kind,
    a_code_leads_straight_to_the_card,
    people_are_found_by_whole_names_in_a_body,
    what_is_offered_while_typing_is_of_ones_own_area,
);

async fn a_search_finds_things_of_every_kind(town: &Town) {
    for n in 0..8 {
        town.asset(VILLAGE_A1, &format!("上河{n}号桥"), "1.00").await;
    }
    town.asset(OTHER_VILLAGE, "上河外县桥", "1.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = browser.open("/search?q=%E4%B8%8A%E6%B2%B3").await.is(200).text();
    assert!(page.contains("上河0号桥") && !page.contains("外县桥"), "{page}");
    assert!(page.contains("资产 <span class=\"mut\">8<") && page.contains("看全部"), "{page}");
    assert!(page.contains("/assets?q=%E4%B8%8A%E6%B2%B3"), "{page}");
    // the village itself is an area
    assert!(page.contains(&format!("/assets?area={VILLAGE_A1}")), "{page}");
    let page = browser.open("/search?q=shc&in=organizations").await.is(200);
    let body = town.collective(VILLAGE_A1).await;
    assert!(page.text().contains(&format!("/assets?owner={body}")));
    let none = browser.open("/search?q=zzzz").await.is(200).text();
    assert!(none.contains("没有找到"), "{none}");
    for bad in ["colour=red", "in=people"] {
        browser.open(&format!("/search?{bad}")).await.is(422);
    }
    let long = "a".repeat(65);
    let page = browser.open(&format!("/search?q={long}")).await.is(422).text();
    assert!(!page.contains(&long[..60]), "what was looked for is repeated");
}

async fn a_code_leads_straight_to_the_card(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1.00").await;
    let there = town.asset(OTHER_VILLAGE, "外县桥", "1.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let led = browser.open(&format!("/search?q={}", asset.code)).await.is(303);
    assert_eq!(led.header("location"), format!("/assets/{}", asset.code));
    let page = browser.open(&format!("/search?q={}", there.code)).await.is(200).text();
    assert!(page.contains("没有找到"), "{page}");
}

async fn people_are_found_by_whole_names_in_a_body(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1.00").await;
    let person = town.person(code(VILLAGE_A1), 1).await;
    let clerk = town.clerk().await;
    let party = (Kind::Keeper, Party::Person(person));
    let (on, terms) = ([asset.id], Terms::default());
    app::duty::assign(&town.ledger, &clerk, &on, party, &terms).await.expect("assigned");
    let name = contact(1).name;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let before = town.n_entries().await;
    let form = browser.open("/search").await.is(200).text();
    let form = form.split("method=\"post\" action=\"/search\"").nth(1).expect("a form").to_owned();
    let mark = super::hidden(&form);
    let mark = mark.iter().find(|(name, _)| name == "mark").expect("a mark").1.clone();
    let with = |name| [("mark", mark.as_str()), ("name", name)];
    let page = browser.send("/search", &with(&name)).await.is(200).text();
    assert!(page.contains("石拱桥"), "{page}");
    // whole names are typed and never shown
    assert!(!page.contains(&name), "{page}");
    let none = browser.send("/search", &with("没有这个人")).await.is(200).text();
    assert!(!none.contains("石拱桥"), "{none}");
    assert_eq!(town.n_entries().await, before);
    let mut officer = town.browser(Role::VillageOfficer).await;
    let page = officer.open("/search").await.is(200).text();
    assert!(!page.contains("name=\"name\""), "{page}");
}

async fn what_is_offered_while_typing_is_of_ones_own_area(town: &Town) {
    for n in 0..12 {
        town.asset(VILLAGE_A1, &format!("上河{n}号桥"), "1.00").await;
    }
    town.asset(OTHER_VILLAGE, "上河外县桥", "1.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let n = |text: &str| text.matches("role=\"option\"").count();
    let all = browser.open("/search/suggestions?q=sh&in=").await.is(200).text();
    assert!(
        n(&all) > 0 && n(&all) <= 8 && !all.contains("外县桥") && !all.contains("<html"),
        "{all}"
    );
    let assets = browser.open("/search/suggestions?q=sh&in=assets").await.is(200).text();
    assert_eq!(n(&assets), 8, "{assets}");
    let bodies = browser.open("/search/suggestions?q=shc&in=organizations").await;
    assert_eq!(n(&bodies.is(200).text()), 1);
    let none = browser.open("/search/suggestions?q=").await.is(200).text();
    assert_eq!(n(&none), 0);
}
