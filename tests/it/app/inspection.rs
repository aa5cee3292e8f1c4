//! Inspections: kept once however they come; what they say of an asset, whatever the order; what the
//! rules find when nobody looks.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    account::Role,
    asset::{self, Class, Subclass},
    inspection::{self, Condition},
    setting::Key,
    upkeep,
};
use taizhang::{
    app::{self, inspection::record},
    domain::{inspection::Record, setting::Proposal},
    store::Actor,
};

use crate::harness::{
    Town,
    expect::{not_found, refused},
    inspections::{found, good},
    town::{COUNTY, VILLAGE_A1, VILLAGE_B1, code},
};

on_both!(
    a_record_is_kept_once_however_often_it_comes,
    the_latest_stands_whatever_came_first,
    nobody_looks_and_it_is_found,
    a_danger_makes_the_next_one_come_sooner,
    what_lies_elsewhere_is_not_inspected,
    what_lay_in_a_village_that_was_merged_follows,
    phones_send_in_any_order_and_any_number_of_times,
);

async fn road(town: &Town, village: &str, name: &str) -> asset::Model {
    town.asset(village, name, "1000.00").await
}

fn now(town: &Town) -> DateTime<Utc> {
    town.ledger.clock().now()
}

async fn upkeep(town: &Town, asset: &asset::Model) -> Option<upkeep::Model> {
    let rows = town.rows::<upkeep::Entity>().await;
    rows.into_iter().find(|row| row.asset_id == asset.id)
}

/// Has assets of the county inspected every so many days, from today on.
async fn ask_for(town: &Town, key: Key, days: i64) {
    let proposal = Proposal {
        key,
        area: code(COUNTY),
        value: days.to_string(),
        basis_title: "县扶贫项目资产管护办法".to_owned(),
        basis_no: None,
        from_on: town.today(),
    };
    app::setting::set(&town.ledger, &Actor::operator(), &proposal).await.expect("set");
}

async fn is_overdue(town: &Town, asset: &asset::Model) -> bool {
    town.open_findings(asset.id).await.contains(&"G06")
}

async fn a_record_is_kept_once_however_often_it_comes(town: &Town) {
    let asset = road(town, VILLAGE_A1, "通组路").await;
    let inspector = town.as_role(Role::Inspector).await;
    let sent = found(good(&asset, 1, now(town)), 3, Condition::Danger, "立柱松动 6 根");
    let kept = record(&town.ledger, &inspector, asset.id, &sent).await.expect("a record");
    assert_eq!((kept.condition, kept.account_id), (Condition::Danger, inspector.account()));
    let before = (town.everything().await, town.n_entries().await);
    town.clock.pass(60);
    let again = record(&town.ledger, &inspector, asset.id, &sent).await.expect("the same");
    assert_eq!(again, kept);
    // also when it is of another kind by now, with other points
    let class = (Class::Operating, Some(Subclass::Shop));
    let named = (asset.id, asset.version);
    app::asset::reclass(&town.ledger, &Actor::operator(), named, class, "改作经营")
        .await
        .expect("done");
    let again = record(&town.ledger, &inspector, asset.id, &sent).await.expect("the same");
    assert_eq!(again, kept);
    // in capital letters it is the same key; with other words it is another record
    let shouted = Record { device_key: sent.device_key.to_uppercase(), ..sent.clone() };
    assert_eq!(record(&town.ledger, &inspector, asset.id, &shouted).await.expect("the same"), kept);
    let other = Record { note: Some("已拉警示带".to_owned()), ..sent.clone() };
    let done = record(&town.ledger, &inspector, asset.id, &other).await;
    refused(done, "inspection.key_reused");
    let twin = road(town, VILLAGE_A1, "便民桥").await;
    let entries = town.n_entries().await;
    let done = record(&town.ledger, &inspector, twin.id, &sent).await;
    refused(done, "inspection.key_reused");
    assert_eq!(town.n_entries().await, entries);
    assert_eq!(before.1 + 2, entries, "re-classed, and the twin registered");
    assert_eq!(town.rows::<inspection::Entity>().await, [kept]);
}

async fn the_latest_stands_whatever_came_first(town: &Town) {
    let asset = road(town, VILLAGE_A1, "通组路").await;
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let at = |days| now(town) - TimeDelta::days(days);
    let late = record(ledger, &operator, asset.id, &good(&asset, 1, at(2))).await.expect("kept");
    let early = found(good(&asset, 2, at(5)), 0, Condition::Danger, "塌方");
    record(ledger, &operator, asset.id, &early).await.expect("kept");
    let stands = upkeep(town, &asset).await.expect("a state");
    assert_eq!((stands.inspection_id, stands.condition), (late.id, Condition::Good));
    assert_eq!(stands.inspected_on, town.days_ahead(-2));
    // a clock that is ahead counts as when it came
    let ahead = found(good(&asset, 3, at(-3)), 0, Condition::Defect, "坑洼");
    record(ledger, &operator, asset.id, &ahead).await.expect("kept");
    let stands = upkeep(town, &asset).await.expect("a state");
    assert_eq!((stands.inspected_on, stands.condition), (town.today(), Condition::Defect));
    town.clock.pass(3_600);
    record(ledger, &operator, asset.id, &good(&asset, 4, now(town))).await.expect("kept");
    assert_eq!(upkeep(town, &asset).await.expect("a state").condition, Condition::Good);
}

async fn nobody_looks_and_it_is_found(town: &Town) {
    let asset = road(town, VILLAGE_A1, "通组路").await;
    let inspector = town.as_role(Role::Inspector).await;
    assert!(!is_overdue(town, &asset).await, "nobody asked for it");
    ask_for(town, Key::InspectionDays, 30).await;
    assert!(is_overdue(town, &asset).await);
    let sent = good(&asset, 1, now(town));
    record(&town.ledger, &inspector, asset.id, &sent).await.expect("kept");
    assert!(!is_overdue(town, &asset).await, "in the same action");
    town.night(30).await;
    assert!(!is_overdue(town, &asset).await, "on the last day");
    town.night(1).await;
    assert!(is_overdue(town, &asset).await, "on the day after");
}

async fn a_danger_makes_the_next_one_come_sooner(town: &Town) {
    let asset = road(town, VILLAGE_A1, "通组路").await;
    let operator = Actor::operator();
    ask_for(town, Key::RiskInspectionDays, 7).await;
    let sent = found(good(&asset, 1, now(town)), 3, Condition::Danger, "护栏倒塌");
    record(&town.ledger, &operator, asset.id, &sent).await.expect("kept");
    town.night(8).await;
    assert!(is_overdue(town, &asset).await);
    record(&town.ledger, &operator, asset.id, &good(&asset, 2, now(town))).await.expect("kept");
    town.night(300).await;
    assert!(!is_overdue(town, &asset).await, "without danger nothing is asked");
}

async fn what_lies_elsewhere_is_not_inspected(town: &Town) {
    let asset = road(town, VILLAGE_A1, "通组路").await;
    let there = town.as_other(Role::Inspector).await;
    let before = (town.everything().await, town.n_entries().await);
    let done = record(&town.ledger, &there, asset.id, &good(&asset, 1, now(town))).await;
    not_found(done);
    assert!(before == (town.everything().await, town.n_entries().await));
}

async fn what_lay_in_a_village_that_was_merged_follows(town: &Town) {
    let asset = road(town, VILLAGE_B1, "通组路").await;
    let operator = Actor::operator();
    record(&town.ledger, &operator, asset.id, &good(&asset, 1, now(town))).await.expect("kept");
    let (from, into) = (code(VILLAGE_B1), code(VILLAGE_A1));
    app::area::merge(&town.ledger, &operator, from, into, town.today()).await.expect("merged");
    assert_eq!(upkeep(town, &asset).await.expect("a state").area_code, into);
    let rows = town.rows::<inspection::Entity>().await;
    assert!(rows.iter().all(|row| row.area_code == into));
}

/// Phones of the simulation, and the records that each makes.
const PHONES: u32 = 20;
const RECORDS: u32 = 6;

/// What a phone has recorded while it had no network: of several assets, with a clock of its own.
fn recorded(phone: u32, assets: &[asset::Model], at: DateTime<Utc>) -> Vec<(usize, Record)> {
    let skew = TimeDelta::minutes(i64::from(phone % 7) * 11 - 33);
    (0..RECORDS)
        .map(|n| {
            let of = ((phone + n) as usize) % assets.len();
            let made = at - TimeDelta::hours(i64::from((phone * 13 + n * 7) % 48)) + skew;
            let record = good(&assets[of], phone * 100 + n, made);
            let condition = Condition::ALL[((phone + n) % 3) as usize];
            let record = found(record, 0, condition, "路面");
            let record = Record {
                device: Some(format!("4c6f7c1e-2f1a-4c58-9c1b-{phone:012x}")),
                device_count: Some(i64::from(n) + 1),
                sheet_no: None,
                ..record
            };
            (of, record)
        })
        .collect()
}

/// An order of sending in which much comes twice, and some of it before what was made earlier.
fn sent_as(phone: u32, mut records: Vec<(usize, Record)>) -> Vec<(usize, Record)> {
    let n = records.len();
    for place in 0..n {
        records.swap(place, (place * 5 + phone as usize) % n);
    }
    // the answer was lost: sent again, later
    let again: Vec<_> = records.iter().step_by(2).cloned().collect();
    records.extend(again);
    records
}

async fn phones_send_in_any_order_and_any_number_of_times(town: &Town) {
    let mut assets = Vec::new();
    for n in 0..5 {
        assets.push(road(town, VILLAGE_A1, &format!("第 {n} 段路")).await);
    }
    let at = now(town);
    let inspector = Arc::new(town.as_role(Role::Inspector).await);
    let mut phones = Vec::new();
    for phone in 0..PHONES {
        let sent = sent_as(phone, recorded(phone, &assets, at));
        let (ledger, inspector) = (town.ledger.clone(), Arc::clone(&inspector));
        let ids: Vec<_> = assets.iter().map(|asset| asset.id).collect();
        phones.push(tokio::spawn(async move {
            for (of, sent) in sent {
                while let Err(error) = record(&ledger, &inspector, ids[of], &sent).await {
                    // somebody else wrote of the same asset at the same moment
                    assert!(matches!(error, taizhang::error::Error::Busy), "{error}");
                }
            }
        }));
    }
    for phone in phones {
        phone.await.expect("a phone");
    }
    let made: Vec<(usize, Record)> =
        (0..PHONES).flat_map(|phone| recorded(phone, &assets, at)).collect();
    let rows = town.rows::<inspection::Entity>().await;
    let mut keys: Vec<_> = rows.iter().map(|row| row.device_key.as_str()).collect();
    let mut expected: Vec<_> = made.iter().map(|(_, sent)| sent.device_key.as_str()).collect();
    keys.sort_unstable();
    expected.sort_unstable();
    assert_eq!(keys, expected, "nothing lost and nothing doubled");
    for (of, asset) in assets.iter().enumerate() {
        let own = made.iter().filter(|(one, _)| *one == of);
        let last = own.map(|(_, sent)| (sent.inspected_at.min(at), sent.checks.worst())).max();
        let stands = upkeep(town, asset).await.expect("a state");
        assert_eq!(Some((stands.inspected_at, Some(stands.condition))), last, "{}", asset.name);
    }
}
