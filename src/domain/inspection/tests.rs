//! What a record must say, which of several stands, and what is doubted.

use entity::{
    area::AreaCode,
    asset::{Form, Subclass},
    id::AssetId,
    inspection::Checked,
};
use proptest::prelude::*;

use super::*;
use crate::domain::asset::blank;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn place(east: &str, north: &str) -> Option<Place> {
    Coordinate::longitude(east).ok().zip(Coordinate::latitude(north).ok())
}

fn road() -> asset::Model {
    let mut asset = blank(AreaCode::NATION, Class::Public, "桥");
    asset.id = AssetId(1);
    asset.subclass = Some(Subclass::Road);
    (asset.longitude, asset.latitude) = place("106.70722", "26.59820").unzip();
    asset
}

/// Everything was good.
fn good(asset: &asset::Model) -> Record {
    let checked = |item| Checked { item, condition: Condition::Good, note: None };
    Record {
        device_key: "0b6f7c1e-2f1a-4c58-9c1b-0123456789ab".to_owned(),
        inspected_at: at("2026-06-01T02:03:04.567891Z"),
        checks: Checks(points(asset).into_iter().map(checked).collect()),
        is_all_at_once: true,
        note: None,
        place: place("106.70723", "26.59821"),
        accuracy_m: Some(12),
        device: Some("1b6f7c1e-2f1a-4c58-9c1b-0123456789ab".to_owned()),
        device_count: Some(3),
        sheet_no: None,
    }
}

fn fields(asset: &asset::Model, record: &Record) -> Vec<String> {
    check(asset, record).0.iter().map(|mistake| mistake.field.to_string()).collect()
}

/// The record as it is kept, when it came.
fn kept(record: &Record, came: &str) -> Model {
    let row = super::record(&road(), record, None);
    Model { created_at: at(came), updated_at: at(came), ..row }
}

#[test]
fn every_kind_has_points_and_each_once() {
    for kind in Subclass::ALL.iter().filter(|kind| !kind.is_claim()) {
        let mut asset = road();
        (asset.class, asset.subclass) = (kind.class(), Some(*kind));
        let points = points(&asset);
        let mut once = points.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), points.len(), "{kind:?}");
        assert!(points.len() >= 2, "{kind:?}");
        assert_eq!(points.contains(&CheckItem::Plate), kind.class() != Class::Household);
    }
    let named = POINTS.iter().flat_map(|(kinds, _)| *kinds);
    let mut kinds: Vec<_> = named.clone().collect();
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds.len(), named.count(), "a kind stands in two rows");
}

#[test]
fn a_point_that_nobody_looked_at_is_never_good() {
    let asset = road();
    assert_eq!(fields(&asset, &good(&asset)), [""; 0]);
    let mut left_out = good(&asset);
    left_out.checks.0.remove(1);
    assert_eq!(fields(&asset, &left_out), ["shoulder"]);
    let mut twice = good(&asset);
    twice.checks.0.push(twice.checks.0[0].clone());
    assert_eq!(fields(&asset, &twice), ["surface"]);
    let mut foreign = good(&asset);
    foreign.checks.0[0].item = CheckItem::Inverter;
    assert_eq!(fields(&asset, &foreign), ["surface", "inverter"]);
    let mut danger = good(&asset);
    danger.checks.0[3].condition = Condition::Danger;
    assert_eq!(fields(&asset, &danger), ["is_all_at_once"]);
    danger.is_all_at_once = false;
    assert_eq!(fields(&asset, &danger), [""; 0]);
    assert_eq!(kept(&danger, "2026-06-01T03:00:00Z").condition, Condition::Danger);
}

#[test]
fn keys_notes_and_numbers_have_their_limits() {
    let asset = road();
    let longest = "字".repeat(limits::INSPECTION_NOTE_LENGTH);
    let mut record = good(&asset);
    record.note = Some(longest.clone());
    record.checks.0[0].note = Some(longest.clone());
    (record.accuracy_m, record.device_count) = (Some(0), Some(1));
    assert_eq!(fields(&asset, &record), [""; 0]);
    record.note = Some(format!("{longest}字"));
    record.checks.0[0].note = Some("两\n行".to_owned());
    (record.accuracy_m, record.device_count) = (Some(-1), Some(0));
    record.device_key.pop();
    record.device = Some("手机".to_owned());
    let expected = ["device_key", "device", "surface", "note", "accuracy_m", "device_count"];
    assert_eq!(fields(&asset, &record), expected);
}

#[test]
fn what_is_gone_or_lies_nowhere_is_not_inspected() {
    let mut asset = road();
    asset.state = asset::State::Disposed;
    let refused = inspectable(&asset).expect_err("gone");
    assert_eq!(refused.code, "asset.not_held");
    let mut claim = road();
    claim.form = Form::Equity;
    let refused = inspectable(&claim).expect_err("a claim");
    assert_eq!(refused.code, "inspection.of_claim");
}

#[test]
fn the_same_record_is_known_again_and_another_is_not() {
    let sent = good(&road());
    let first = Model { id: InspectionId(9), version: 1, ..kept(&sent, "2026-06-01T03:00:00Z") };
    assert!(is_same(&first, &kept(&sent, "2026-06-09T03:00:00Z")));
    let other = Record { note: Some("护栏松动".to_owned()), ..sent };
    assert!(!is_same(&first, &kept(&other, "2026-06-09T03:00:00Z")));
}

#[test]
fn doubts_are_told_and_stop_nobody() {
    let asset = road();
    let sent = good(&asset);
    let doubted = |record: &Record, came: &str, before: Option<&Model>| {
        doubts(&asset, &kept(record, came), before)
    };
    let came = "2026-06-01T02:05:00Z";
    assert_eq!(doubted(&sent, came, None), []);
    let far = Record { place: place("106.70722", "26.60820"), ..sent.clone() };
    assert!(matches!(doubted(&far, came, None)[..], [Doubt::Far(1_100..=1_120)]));
    // the error of the place is no doubt
    let vague = Record { accuracy_m: Some(1_000), ..far.clone() };
    assert_eq!(doubted(&vague, came, None), []);
    let nowhere = Record { place: None, ..sent.clone() };
    assert_eq!(doubted(&nowhere, came, None), [Doubt::Nowhere]);
    let on_paper = Record { device: None, ..nowhere };
    assert_eq!(doubted(&on_paper, came, None), []);
    assert_eq!(doubted(&sent, "2026-06-08T02:03:05Z", None), []);
    assert_eq!(doubted(&sent, "2026-06-09T02:03:05Z", None), [Doubt::Late(8)]);
    assert_eq!(doubted(&sent, "2026-06-01T01:53:05Z", None), []);
    assert_eq!(doubted(&sent, "2026-06-01T01:50:00Z", None), [Doubt::Ahead(13)]);
    // eleven kilometres in two minutes; the clock turned back
    let before = Record {
        place: place("106.70722", "26.69820"),
        inspected_at: at("2026-06-01T02:01:04Z"),
        ..sent.clone()
    };
    let before = kept(&before, came);
    assert!(matches!(doubted(&sent, came, Some(&before))[..], [Doubt::Fast(300..=340)]));
    let later = Model { inspected_at: at("2026-06-01T04:00:00Z"), ..before };
    assert_eq!(doubted(&sent, came, Some(&later)), [Doubt::OutOfOrder]);
}

#[test]
fn photos_are_doubted_by_what_their_cameras_say() {
    let asset = road();
    let row = kept(&good(&asset), "2026-06-01T02:05:00Z");
    let doubted = |hours: i64, north: &str| {
        let at = Some(row.inspected_at - chrono::TimeDelta::hours(hours));
        photo_doubts(&asset, &row, Shot { at, place: place("106.70722", north) })
    };
    assert_eq!(doubted(limits::PHOTO_HOURS, "26.59820"), []);
    assert_eq!(doubted(-1, "26.59820"), [], "one that is added afterwards");
    let hours = limits::PHOTO_HOURS + 1;
    assert_eq!(doubted(hours, "26.59820"), [Doubt::PhotoBefore(hours)]);
    assert!(matches!(doubted(0, "26.60820")[..], [Doubt::PhotoFar(1_100..=1_120)]));
    assert_eq!(photo_doubts(&asset, &row, Shot::default()), []);
}

/// The rows of upkeep that records leave in an order.
fn stands(rows: &[Model]) -> Option<(DateTime<Utc>, Condition)> {
    let mut last: Option<upkeep::Model> = None;
    for row in rows {
        if let Some(next) = found(last.as_ref(), row) {
            last = Some(next);
        }
    }
    last.map(|row| (row.inspected_at, row.condition))
}

proptest! {
    #[test]
    fn whatever_the_order_in_which_they_come_the_same_one_stands(
        made in prop::collection::vec((0_i64..6, 0_usize..3), 1..8),
        order in prop::collection::vec(any::<prop::sample::Index>(), 8),
    ) {
        let rows: Vec<Model> = made.iter().map(|(hour, condition)| {
            let record = Record {
                inspected_at: at("2026-06-01T00:00:00Z") + chrono::TimeDelta::hours(*hour),
                ..good(&road())
            };
            let row = kept(&record, "2026-06-02T00:00:00Z");
            Model { condition: Condition::ALL[*condition], ..row }
        }).collect();
        let mut mixed = rows.clone();
        for (place, other) in order.iter().enumerate().take(mixed.len()) {
            let other = other.index(mixed.len());
            mixed.swap(place, other);
        }
        prop_assert_eq!(stands(&rows), stands(&mixed));
        let best = rows.iter().map(|row| (made_at(row), row.condition)).max();
        prop_assert_eq!(stands(&rows), best);
    }
}
