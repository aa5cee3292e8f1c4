//! What each role begins with: its own tiles, each the length of the list behind it; and how a town
//! stands beside its county.

use entity::{account::Role, inspection::Condition};
use taizhang::{app, store::Actor};

use super::Browser;
use crate::harness::{
    Town,
    inspections::{found, good},
    town::{OTHER_VILLAGE, TOWN_B, VILLAGE_A1, VILLAGE_B1},
};

on_both!(
    a_village_sees_what_is_to_be_mended,
    a_town_stands_beside_its_county,
    an_inspector_begins_with_what_waits_on_the_device,
);

/// The tiles of a card: where each leads, what it says, its number.
fn tiles(page: &str, card: &str) -> Vec<(String, String, u64)> {
    let card = page.split("<section").find(|part| part.contains(card)).unwrap_or_default();
    let links = card.split("<a class=\"btn\" href=\"").skip(1).filter_map(|link| {
        let (address, rest) = link.split_once("\">")?;
        let (name, rest) = rest.split_once(" <b>")?;
        let n = rest.split_once("</b>")?.0.parse().ok()?;
        Some((address.replace("&amp;", "&"), name.to_owned(), n))
    });
    links.collect()
}

/// How many rows of a table or a list a page shows.
fn length(page: &str) -> u64 {
    let main = page.split("<main").nth(1).expect("what the page says");
    let rows = main
        .split("<tbody>")
        .skip(1)
        .flat_map(|body| body.split("</tbody>").next().unwrap_or_default().split("<tr").skip(1));
    let n = rows.count();
    u64::try_from(n).expect("a number")
}

async fn follow(browser: &mut Browser, tiles: &[(String, String, u64)], name: &str) -> u64 {
    let (address, _, n) = tiles.iter().find(|(_, known, _)| known == name).expect(name);
    let page = browser.open(address).await.is(200).text();
    assert_eq!(length(&page), *n, "{address}");
    *n
}

async fn a_village_sees_what_is_to_be_mended(town: &Town) {
    let inspector = town.as_role(Role::Inspector).await;
    for (n, village) in [VILLAGE_A1, VILLAGE_A1, VILLAGE_B1].into_iter().enumerate() {
        let asset = town.asset(village, &format!("{n}号桥"), "1000.00").await;
        let n = u32::try_from(n).expect("a number") + 1;
        let seen = good(&asset, n, town.ledger.clock().now());
        let made = found(seen, 3, Condition::Defect, "立柱松动");
        app::inspection::record(&town.ledger, &inspector, asset.id, &made).await.expect("kept");
    }
    let mut officer = town.browser(Role::VillageOfficer).await;
    let page = officer.open("/dashboard").await.is(200).text();
    let tiles = tiles(&page, "我要办的");
    assert_eq!(follow(&mut officer, &tiles, "要修").await, 2);
    // and what is late
    town.clock.advance(31);
    let mut officer = town.browser(Role::VillageOfficer).await;
    let page = officer.open("/dashboard").await.is(200).text();
    let late = tiles_of(&page, "维修已超期");
    assert_eq!(late, Some(2), "{page}");
}

fn tiles_of(page: &str, name: &str) -> Option<u64> {
    tiles(page, "我要办的").into_iter().find(|(_, known, _)| known == name).map(|(_, _, n)| n)
}

async fn a_town_stands_beside_its_county(town: &Town) {
    for (village, name) in
        [(VILLAGE_A1, "甲桥"), (VILLAGE_B1, "乙桥"), (VILLAGE_B1, "丙桥"), (OTHER_VILLAGE, "丁桥")]
    {
        town.asset(village, name, "10.00").await;
    }
    let asset = town.rows::<entity::asset::Entity>().await;
    let one = asset.iter().find(|row| row.name == "甲桥").expect("a bridge").id;
    let body = taizhang::domain::title::Party::Organization(town.collective(VILLAGE_A1).await);
    let terms = taizhang::domain::duty::Terms::default();
    let duty = (entity::duty::Kind::Maintainer, body);
    app::duty::assign(&town.ledger, &Actor::operator(), &[one], duty, &terms)
        .await
        .expect("a duty");
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let page = clerk.open("/dashboard").await.is(200).text();
    let card = page.split("五项指标：本镇与全县").nth(1).expect("the card");
    let card = card.split("</section>").next().expect("its end");
    let row = card.split("<tr>").find(|row| row.contains("管护落实率")).expect("a row");
    // one of one here, one of three in the county: the other county does not count
    assert!(row.contains(">100.0%<") && row.contains(">33.3%<"), "{row}");
    let titled = card.split("<tr>").find(|row| row.contains("确权率")).expect("a row");
    assert!(titled.contains("rule=Q01"), "{titled}");
    // nothing of the other town is named
    assert!(!page.contains("乙桥") && !page.contains("白果乡"), "{page}");
    // nobody else is shown it, and a clerk not beside another area
    let mut leader = town.browser(Role::Leader).await;
    let page = leader.open("/dashboard").await.is(200).text();
    assert!(!page.contains("五项指标"), "{page}");
    let page = clerk.open(&format!("/dashboard?area={VILLAGE_A1}")).await.is(200).text();
    assert!(!page.contains("五项指标"), "{page}");
    clerk.open(&format!("/dashboard?area={TOWN_B}")).await.is(404);
}

async fn an_inspector_begins_with_what_waits_on_the_device(town: &Town) {
    town.asset(VILLAGE_A1, "石桥", "10.00").await;
    let mut inspector = town.browser(Role::Inspector).await;
    let page = inspector.open("/dashboard").await.is(200).text();
    assert!(page.contains("本机待上传"), "{page}");
    let mut leader = town.browser(Role::Leader).await;
    let page = leader.open("/dashboard").await.is(200).text();
    assert!(!page.contains("本机待上传"), "{page}");
}
