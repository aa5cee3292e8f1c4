//! The overview: each figure that leads to a list is the length of that list.

use entity::account::Role;

use super::Browser;
use crate::harness::{
    Town,
    town::{TOWN_A, VILLAGE_A1},
};

on_both!(every_figure_is_the_length_of_its_list, an_area_of_another_is_not_found);

/// The links of a page whose words are a number: where they lead, and the number.
fn figures(page: &str) -> Vec<(String, usize)> {
    let links = page.split("<a href=\"").skip(1).filter_map(|link| {
        let (address, rest) = link.split_once("\">")?;
        let number = rest.split_once("</a>")?.0.replace(',', "").parse().ok()?;
        Some((address.replace("&amp;", "&"), number))
    });
    links.collect()
}

/// How many rows a list says it has.
async fn length(browser: &mut Browser, address: &str) -> usize {
    let page = browser.open(address).await.is(200).text();
    let said = page.split(" 项，共 ").nth(1).and_then(|rest| rest.split(' ').next());
    // an empty list has no pages
    said.map_or(0, |n| n.parse().expect("a number"))
}

async fn every_figure_is_the_length_of_its_list(town: &Town) {
    for n in 0..3 {
        town.asset(VILLAGE_A1, &format!("{n}号桥"), "1000.00").await;
    }
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = browser.open("/dashboard").await.is(200).text();
    let figures = figures(&page);
    assert!(figures.len() >= 4, "{figures:?}");
    for (address, n) in &figures {
        assert_eq!(length(&mut browser, address).await, *n, "{address}");
    }
    // and those of the strip, and of the rules
    let strip = ["/assets?area=520381000000", "/assets?area=520381000000&standing=no"];
    for (address, n) in strip.into_iter().zip([3, 0]) {
        assert!(page.contains(&address.replace('&', "&amp;")), "{address}: {page}");
        assert_eq!(length(&mut browser, address).await, n, "{address}");
    }
    for rule in ["G01", "Q01"] {
        let address = format!("/findings?rule={rule}&area={TOWN_A}");
        let there = browser.open(&format!("/dashboard?area={TOWN_A}")).await.is(200).text();
        assert!(there.contains(&address.replace('&', "&amp;")) || rule == "Q01", "{there}");
        let listed = length(&mut browser, &format!("/assets?lacks={rule}&area={TOWN_A}")).await;
        assert_eq!(length(&mut browser, &address).await, listed, "{address}");
    }
}

async fn an_area_of_another_is_not_found(town: &Town) {
    let mut browser = town.browser(Role::TownshipClerk).await;
    for page in ["/dashboard", "/assets", "/findings"] {
        browser.open(&format!("{page}?area=520382000000")).await.is(404);
    }
}
