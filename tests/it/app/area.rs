//! Areas renamed and merged: history stays, and everything follows.

use entity::{
    account::Role,
    area,
    finding::{Rule, tally},
    log::Action,
};
use taizhang::{app, error::Error, store::Actor};

use crate::harness::{
    Town,
    calls::{Subjects, call},
    expect::{not_found, refused},
    town::{OTHER_VILLAGE, TOWN_A, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code, day},
};

on_both!(
    a_renamed_area_keeps_its_history,
    renaming_is_refused,
    a_merged_area_takes_everything_along,
    merging_is_refused,
);

async fn a_renamed_area_keeps_its_history(town: &Town) {
    let (ledger, officer) = (&town.ledger, town.as_role(Role::RuralOfficer).await);
    let village = code(VILLAGE_A1);
    let done = app::area::rename(ledger, &officer, village, "河口村", town.today()).await;
    assert_eq!(done.expect("renamed").valid_from, Some(town.today()));
    let mut rows = town.rows::<area::Entity>().await;
    rows.retain(|row| row.area_code == village);
    rows.sort_by_key(|row| row.id);
    let told: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.valid_until)).collect();
    assert_eq!(told, [("上河村", Some(town.days_ahead(-1))), ("河口村", None)]);
    let names = ledger.read(&officer).area_names(&[village]).await.expect("names");
    assert_eq!(names[&village], "河口村");
}

async fn renaming_is_refused(town: &Town) {
    let (ledger, officer) = (&town.ledger, town.as_role(Role::RuralOfficer).await);
    let rename = async |area: &str, name: &str, on| {
        app::area::rename(ledger, &officer, code(area), name, on).await
    };
    let before = town.everything().await;
    refused(rename(VILLAGE_A1, "上河村", town.today()).await, "row.nothing_changed");
    refused(rename(VILLAGE_A1, "新", town.days_ahead(1)).await, "day.in_future");
    assert!(matches!(rename(VILLAGE_A1, " ", town.today()).await, Err(Error::Invalid(_))));
    let long = "长".repeat(101);
    assert!(matches!(rename(VILLAGE_A1, &long, town.today()).await, Err(Error::Invalid(_))));
    not_found(rename(OTHER_VILLAGE, "新", town.today()).await);
    assert_eq!(town.everything().await, before);
    rename(VILLAGE_A1, "河口村", town.today()).await.expect("renamed");
    refused(rename(VILLAGE_A1, "新", town.today()).await, "asset.day_before");
}

async fn a_merged_area_takes_everything_along(town: &Town) {
    let on = Subjects::new(town).await;
    let operator = Actor::operator();
    for action in [Action::SettleTitle, Action::WaiveFinding, Action::AssignDuty] {
        call(town, &operator, action, &on).await.expect("an action").expect("done");
    }
    let waived = on.twin.id;
    let until = town.days_ahead(9);
    let rule = Rule::NoMaintainer;
    app::waiver::grant(&town.ledger, &operator, waived, rule, "在办", until).await.expect("waived");
    let before = (town.open_findings(on.asset.id).await, town.n_entries().await);
    let (from, into) = (code(VILLAGE_A1), code(VILLAGE_A2));
    let officer = town.as_role(Role::RuralOfficer).await;
    let closed = app::area::merge(&town.ledger, &officer, from, into, town.today()).await;
    let closed = closed.expect("merged");
    assert_eq!(closed.successor_code, Some(into));
    assert_eq!(closed.valid_until, Some(town.days_ahead(-1)));
    assert_eq!(town.n_entries().await, before.1 + 1);
    macro_rules! nothing_stays_in {
        ($($noun:ident),+) => {$(
            let rows = town.rows::<entity::$noun::Entity>().await;
            assert!(!rows.is_empty(), "{} was tried", stringify!($noun));
            assert!(rows.iter().all(|row| row.area_code != from), "{}", stringify!($noun));
        )+};
    }
    nothing_stays_in!(
        account,
        asset,
        duty,
        funding,
        holding,
        organization,
        person,
        project,
        title,
        vault,
        waiver
    );
    let findings = town.rows::<entity::finding::Entity>().await;
    assert!(findings.iter().all(|row| row.closed_on.is_some() || row.area_code != from));
    let tallies = town.rows::<tally::Entity>().await;
    assert!(tallies.iter().all(|row| row.area_code != from || row.n == 0));
    assert_eq!(town.open_findings(on.asset.id).await, before.0);
    let moved = town.stored(on.asset.id).await;
    assert_eq!((moved.area_code, &moved.code), (into, &on.asset.code), "its code stays");
    let village = town.as_role(Role::VillageOfficer).await;
    assert_eq!(village.area(), into);
    let next = town.asset(VILLAGE_A2, "新桥", "1.00").await;
    assert!(next.code.starts_with(VILLAGE_A2));
}

async fn merging_is_refused(town: &Town) {
    let (ledger, officer) = (&town.ledger, town.as_role(Role::RuralOfficer).await);
    let merge = async |from: &str, into: &str, on| {
        app::area::merge(ledger, &officer, code(from), code(into), on).await
    };
    let before = town.everything().await;
    let today = town.today();
    refused(merge(VILLAGE_A1, VILLAGE_A1, today).await, "area.succeeds_itself");
    refused(merge(VILLAGE_A1, TOWN_A, today).await, "area.levels_differ");
    refused(merge(TOWN_A, "520381101000", today).await, "area.has_parts");
    refused(merge(VILLAGE_A1, VILLAGE_A2, town.days_ahead(1)).await, "day.in_future");
    not_found(merge(VILLAGE_A1, OTHER_VILLAGE, today).await);
    not_found(merge(OTHER_VILLAGE, VILLAGE_A1, today).await);
    assert_eq!(town.everything().await, before);
    merge(VILLAGE_A1, VILLAGE_A2, today).await.expect("merged");
    not_found(merge(VILLAGE_A1, VILLAGE_B1, today).await);
    app::area::rename(ledger, &officer, code(VILLAGE_A2), "两河村", today).await.expect("renamed");
    refused(merge(VILLAGE_A2, VILLAGE_B1, day("2026-05-01")).await, "asset.day_before");
}
