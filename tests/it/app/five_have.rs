//! The five haves as they are kept: with every change, with the days, in the sums.

use std::collections::BTreeMap;

use entity::{
    area::AreaCode,
    asset, duty,
    finding::tally,
    five_have::{self, Have},
};
use taizhang::{
    app::{self, five_have::coverage, inspection::record},
    domain::{duty::Terms, title::Party},
    store::{Actor, list::List},
};

use crate::harness::{
    Town,
    expect::not_found,
    inspections::good,
    money::for_asset,
    town::{COUNTY, TOWN_A, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code},
};

on_both!(
    each_is_kept_when_it_changes,
    what_the_days_take_away_is_kept_at_night,
    coverage_is_told_by_area_and_leads_to_the_assets,
    what_moves_is_counted_where_it_went,
);

async fn has(town: &Town, asset: &asset::Model) -> Vec<&'static str> {
    let rows = town.rows::<five_have::Entity>().await;
    let row = rows.into_iter().find(|row| row.asset_id == asset.id).expect("kept");
    Have::ALL.iter().filter(|have| row.has(**have)).map(|have| have.code()).collect()
}

async fn entrust(town: &Town, asset: &asset::Model) {
    let operator = Actor::operator();
    let terms = Terms {
        agreement_no: Some("石管护2026-7".to_owned()),
        standard: Some("每月清扫".to_owned()),
        ..Terms::default()
    };
    let body = Party::Organization(town.collective(VILLAGE_A1).await);
    let person = Party::Person(town.person(code(VILLAGE_A1), 0).await);
    for party in [(duty::Kind::Maintainer, body), (duty::Kind::Keeper, person)] {
        app::duty::assign(&town.ledger, &operator, &[asset.id], party, &terms)
            .await
            .expect("assigned");
    }
}

async fn look(town: &Town, asset: &asset::Model, n: u32) {
    let made = good(asset, n, town.ledger.clock().now());
    record(&town.ledger, &Actor::operator(), asset.id, &made).await.expect("a record");
}

async fn fund(town: &Town, asset: &asset::Model) {
    let fund = town.fund(COUNTY, "5000.00").await;
    town.set_aside(&for_asset(fund.id, asset.id, "100.00")).await;
}

async fn each_is_kept_when_it_changes(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    assert!(has(town, &asset).await.is_empty());
    entrust(town, &asset).await;
    assert_eq!(has(town, &asset).await, ["rule", "standard", "team"]);
    fund(town, &asset).await;
    assert_eq!(has(town, &asset).await, ["rule", "standard", "team", "money"]);
    look(town, &asset, 1).await;
    assert_eq!(has(town, &asset).await, ["rule", "standard", "team", "money", "oversight"]);
    // what is gone is not asked any more
    let named = (asset.id, town.stored(asset.id).await.version);
    let change = |row| asset::Model { condition: Some(asset::Condition::Gone), ..row };
    app::asset::amend(&town.ledger, &Actor::operator(), named, change).await.expect("gone");
    assert!(town.rows::<five_have::Entity>().await.is_empty());
    assert_eq!(sums(town).await, BTreeMap::new());
}

async fn what_the_days_take_away_is_kept_at_night(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    entrust(town, &asset).await;
    look(town, &asset, 1).await;
    town.night(365).await;
    assert!(has(town, &asset).await.contains(&"oversight"));
    town.night(1).await;
    assert!(!has(town, &asset).await.contains(&"oversight"));
    let told = coverage(&town.ledger, &Actor::operator(), Some(code(VILLAGE_A1))).await;
    assert_eq!(told.expect("told").whole.have, [1, 1, 1, 0, 0]);
}

/// The sums of the county that are kept, as they are stored.
async fn sums(town: &Town) -> BTreeMap<String, i64> {
    let rows = town.rows::<tally::Entity>().await.into_iter();
    let own = rows.filter(|row| row.digits == 6 && row.n != 0 && row.subject.starts_with("ha"));
    own.map(|row| (row.subject, row.n)).collect()
}

async fn coverage_is_told_by_area_and_leads_to_the_assets(town: &Town) {
    let first = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let second = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    town.asset(VILLAGE_A2, "通村路", "1000.00").await;
    town.asset(VILLAGE_B1, "水渠", "1000.00").await;
    for asset in [&first, &second] {
        entrust(town, asset).await;
    }
    fund(town, &first).await;
    look(town, &first, 1).await;
    let clerk = town.as_role(entity::account::Role::RuralOfficer).await;
    let told = coverage(&town.ledger, &clerk, Some(code(TOWN_A))).await.expect("told");
    assert_eq!((told.whole.asked, told.whole.all), (3, 1));
    assert_eq!(told.whole.have, [2, 2, 2, 1, 1]);
    let areas: Vec<(AreaCode, i64)> =
        told.lines.iter().map(|line| (line.area, line.asked)).collect();
    assert_eq!(areas, [(code(VILLAGE_A1), 2), (code(VILLAGE_A2), 1)]);
    // the list behind each number has as many rows
    let rows = async |words: &[(&str, &str)]| {
        let place = [("area", TOWN_A), ("standing", "yes")];
        let list = List::<asset::Entity>::read(place.into_iter().chain(words.iter().copied()));
        let read = town.ledger.read(&clerk);
        i64::try_from(read.list(&list.expect("a list")).await.expect("rows").rows.len())
            .expect("few")
    };
    for (have, n) in Have::ALL.iter().zip(told.whole.have) {
        assert_eq!(rows(&[("has", have.code())]).await, n, "{have:?}");
        assert_eq!(rows(&[("has_not", have.code())]).await, 3 - n, "{have:?}");
    }
    assert_eq!(rows(&[("has", "asked")]).await, 3);
    assert_eq!(rows(&[("has", "all")]).await, 1);
    assert_eq!(rows(&[("has_not", "all")]).await, 2);
    let words = [("has", "sixth")];
    assert!(List::<asset::Entity>::read(words).is_err());
    // whoever sees a village alone is told of that
    let village = town.as_role(entity::account::Role::VillageOfficer).await;
    let own = coverage(&town.ledger, &village, None).await.expect("told");
    assert_eq!((own.whole.area, own.whole.asked), (code(VILLAGE_A1), 2));
    not_found(coverage(&town.ledger, &village, Some(code(VILLAGE_B1))).await);
    let read = town.ledger.read(&village);
    assert!(read.haves_of(first.id).await.expect("read").is_some());
}

async fn what_moves_is_counted_where_it_went(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    entrust(town, &asset).await;
    let before = sums(town).await;
    assert_eq!(before["has rule"], 1);
    let operator = Actor::operator();
    app::area::merge(&town.ledger, &operator, code(VILLAGE_A1), code(VILLAGE_A2), town.today())
        .await
        .expect("merged");
    let told = coverage(&town.ledger, &operator, Some(code(TOWN_A))).await.expect("told");
    let areas: Vec<_> = told.lines.iter().map(|line| (line.area, line.have[0])).collect();
    assert_eq!(areas, [(code(VILLAGE_A2), 1)]);
    assert_eq!(sums(town).await, before);
}
