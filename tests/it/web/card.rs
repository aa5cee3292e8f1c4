//! The card: whom to call, when nobody bore a duty, what became of the asset, all of its history.

use entity::{account::Role, asset::Model, duty::Kind};
use taizhang::{
    app::{self, duty::Assignee},
    domain::{duty::Terms, title::Party},
    limits,
    store::Actor,
};

use crate::harness::{
    Town,
    people::{PEOPLE, contact},
    town::{TOWN_A, VILLAGE_A1, code, day},
};

on_both!(
    offices_are_called_by_one_press_and_people_for_a_reason,
    the_strip_tells_when_nobody_bore_a_duty,
    a_long_history_is_told_page_by_page,
);

async fn bears(town: &Town, asset: &Model, party: Party, (from, until): (&str, Option<&str>)) {
    let terms = Terms { from_on: Some(day(from)), until_on: until.map(day), ..Terms::default() };
    let kind = match party {
        Party::Organization(_) => Kind::Maintainer,
        Party::Person(_) => Kind::Keeper,
    };
    let bearer = (kind, Assignee::Known(party));
    let actor = Actor::operator();
    app::duty::assign(&town.ledger, &actor, &[asset.id], bearer, &terms).await.expect("assigned");
}

async fn offices_are_called_by_one_press_and_people_for_a_reason(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let station = town.organization(code(VILLAGE_A1), "水管站").await;
    let office = taizhang::domain::organization::blank(code(TOWN_A), "石桥镇人民政府");
    let office =
        entity::organization::Model { kind: entity::organization::Kind::TownGovernment, ..office };
    let operator = Actor::operator();
    app::organization::register(&town.ledger, &operator, office, Some(&contact(0)))
        .await
        .expect("registered");
    let keeper = town.person(code(VILLAGE_A1), 2).await;
    bears(town, &bridge, Party::Organization(station), ("2026-01-01", None)).await;
    bears(town, &bridge, Party::Person(keeper), ("2026-01-01", None)).await;
    let card = format!("/assets/{}", bridge.code);
    let phone = contact("水管站".len()).phone;
    let mut leader = town.browser(Role::Leader).await;
    let page = leader.open(&card).await.is(200).text();
    for number in [&phone, PEOPLE[0].1] {
        let dialled: String = number.chars().filter(char::is_ascii_digit).collect();
        assert!(page.contains(&format!("href=\"tel:{dialled}\"")), "{number}: {page}");
    }
    assert!(page.contains("拨打水管站") && !page.contains(PEOPLE[2].0), "{page}");
    assert!(!page.contains(PEOPLE[2].1), "a keeper is a person");
    // whoever may see a person whole is led to where a reason is asked for
    let mut clerk = town.browser(Role::FinanceClerk).await;
    let page = clerk.open(&card).await.is(200).text();
    assert!(page.contains(&format!("class=\"tel\" href=\"/persons/{keeper}\"")), "{page}");
    let mut auditor = town.seated(Role::Auditor).await;
    let page = auditor.open(&card).await.is(200).text();
    assert!(!page.contains("href=\"tel:") && !page.contains(&phone), "{page}");
}

async fn the_strip_tells_when_nobody_bore_a_duty(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let card = format!("/assets/{}", bridge.code);
    let mut clerk = town.browser(Role::FinanceClerk).await;
    let page = clerk.open(&card).await.is(200).text();
    let way = format!("class=\"tel\" href=\"/duties/assign?asset={}\"", bridge.code);
    assert!(page.contains(&way), "{page}");
    let station = Party::Organization(town.organization(code(VILLAGE_A1), "水管站").await);
    bears(town, &bridge, station, ("2025-01-01", Some("2025-12-31"))).await;
    bears(town, &bridge, station, ("2026-03-01", Some("2026-05-22"))).await;
    // it is the first of June, 2026
    let page = clerk.open(&card).await.is(200).text();
    assert!(page.contains("空缺 10 天"), "{page}");
    for event in ["管护主体：水管站", "管护主体空缺，原为 水管站"] {
        assert!(page.contains(event), "{event}: {page}");
    }
    let page = clerk.open(&format!("{card}/duty")).await.is(200).text();
    assert!(page.contains("管护主体：在任 448 天，空缺 2 次共 69 天"), "{page}");
    let page = clerk.open(&format!("{card}/duty?lang=en")).await.is(200).text();
    assert!(page.contains("borne for 448 days, vacant 2 times for 69 days"), "{page}");
}

async fn a_long_history_is_told_page_by_page(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let clerk = town.clerk().await;
    for (n, version) in (0..limits::HISTORY_ENTRIES).zip(bridge.version..) {
        let place = format!("{n}号路口");
        app::asset::amend(&town.ledger, &clerk, (bridge.id, version), |row| Model {
            location: Some(place.clone()),
            ..row
        })
        .await
        .expect("amended");
    }
    let mut browser = town.browser(Role::FinanceClerk).await;
    let history = format!("/assets/{}/history", bridge.code);
    let first = browser.open(&history).await.is(200).text();
    assert_eq!(first.matches(">留痕 ").count(), limits::HISTORY_ENTRIES);
    assert!(!first.contains("登记资产</b>"), "{first}");
    let next = first.split("rel=\"next\" href=\"").nth(1).expect("earlier ones");
    let next = next.split('"').next().expect("its end").replace("&amp;", "&");
    let second = browser.open(&next).await.is(200).text();
    assert!(second.contains("登记资产</b>") && second.contains("最新的记录"), "{second}");
    assert!(!second.contains("rel=\"next\""), "{second}");
    browser.open(&format!("{history}?before=x")).await.is(422);
}
