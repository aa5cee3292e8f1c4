//! Inspecting by a page: nothing is answered beforehand, one press says that all is good, and what was
//! answered stays whatever was wrong.

use entity::{account::Role, asset, inspection};

use crate::harness::{Town, town::VILLAGE_A1};

on_both!(nothing_is_answered_beforehand, all_is_good_at_one_press, a_danger_says_what_to_do_first);

const POINTS: [&str; 6] = ["surface", "shoulder", "drainage", "guardrail", "bridges", "plate"];

fn form(asset: &asset::Model) -> String {
    format!("/assets/{}/inspect", asset.code)
}

/// How many answers of a page are given.
fn n_answered(page: &str) -> usize {
    let controls = page.split("<input type=\"radio\"").skip(1);
    let controls = controls.filter_map(|rest| rest.split('>').next());
    controls.filter(|control| control.contains("checked")).count()
}

async fn nothing_is_answered_beforehand(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let mut browser = town.browser(Role::Inspector).await;
    let address = form(&asset);
    let page = browser.open(&address).await.is(200).text();
    assert_eq!((page.matches("type=\"radio\"").count(), n_answered(&page)), (18, 0));
    let before = (town.everything().await, town.n_entries().await);
    let some = [("surface", "good"), ("drainage", "defect"), ("note-drainage", "堵塞约 3 米")];
    let page = browser.bring(&address, &some, &[]).await.is(422).text();
    assert!(before == (town.everything().await, town.n_entries().await));
    // each that was left out, with a way to it; what was answered stays
    for left_out in ["shoulder", "guardrail", "bridges", "plate"] {
        assert!(page.contains(&format!("href=\"#f-{left_out}\"")), "{left_out}");
    }
    assert!(!page.contains("href=\"#f-surface\""));
    assert_eq!(n_answered(&page), 2);
    assert!(page.contains("堵塞约 3 米"));
}

async fn all_is_good_at_one_press(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let mut browser = town.browser(Role::VillageOfficer).await;
    let address = form(&asset);
    let before = town.n_entries().await;
    let page = browser.bring(&address, &[("all", "good")], &[]).await.is(200).text();
    assert_eq!((n_answered(&page), town.n_entries().await), (6, before));
    // nothing is kept before it is saved
    let mut all: Vec<(String, String)> = super::hidden(super::form_of(&page, &address));
    all.extend(POINTS.map(|point| (point.to_owned(), "good".to_owned())));
    let sent: Vec<(&str, &str)> =
        all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let led = browser.send_files(&address, &sent, &[]).await.is(303);
    assert_eq!(town.n_entries().await, before + 1);
    let page = browser.open(led.header("location")).await.is(200).text();
    assert!(page.contains("巡查已登记") && page.contains("一键全部完好"));
    let again = browser.send_files(&address, &sent, &[]).await.is(303);
    assert_eq!(again.header("location"), led.header("location"));
    let rows = town.rows::<inspection::Entity>().await;
    assert!(rows.len() == 1 && rows[0].is_all_at_once);
    // whoever then finds a defect did not say so of all
    let other = browser.bring(&address, &[("all", "good")], &[]).await.is(200).text();
    let mut changed: Vec<(String, String)> = super::hidden(super::form_of(&other, &address));
    changed.extend(POINTS.map(|point| (point.to_owned(), "good".to_owned())));
    changed.retain(|(name, _)| name != "surface");
    changed.push(("surface".to_owned(), "defect".to_owned()));
    let sent: Vec<(&str, &str)> =
        changed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.send_files(&address, &sent, &[]).await.is(303);
    let rows = town.rows::<inspection::Entity>().await;
    assert_eq!(rows.iter().filter(|row| row.is_all_at_once).count(), 1);
}

async fn a_danger_says_what_to_do_first(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let mut browser = town.browser(Role::Inspector).await;
    let address = form(&asset);
    let mut all = POINTS.map(|point| (point, "good")).to_vec();
    all[3].1 = "danger";
    all.push(("note-guardrail", "立柱松动 6 根"));
    let led = browser.bring(&address, &all, &[]).await.is(303);
    let page = browser.open(led.header("location")).await.is(200).text();
    assert!(page.contains("先设警示") && page.contains("立柱松动 6 根"));
    let card = browser.open(&format!("/assets/{}/inspections", asset.code)).await.is(200).text();
    assert!(card.contains("护栏与警示标志：立柱松动 6 根"), "{card}");
    let list = browser.open("/inspections?condition=danger").await.is(200).text();
    assert!(list.contains("通组路"));
    let none = browser.open("/inspections?condition=good").await.is(200).text();
    assert!(none.contains("没有符合条件的巡查"));
    browser.open("/inspections?sort=place").await.is(200);
    // a leader looks and does not record
    let mut leader = town.browser(Role::Leader).await;
    leader.open(&address).await.is(403);
    leader.open(led.header("location")).await.is(200);
}
