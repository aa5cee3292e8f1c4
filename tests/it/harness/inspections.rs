//! What somebody records of an asset.

use chrono::{DateTime, Utc};
use entity::{
    asset,
    inspection::{Checked, Checks, Condition},
};
use taizhang::domain::inspection::{Record, points};

/// Everything was good, and was said so point by point, without a device; the `n`-th record there is.
pub(crate) fn good(asset: &asset::Model, n: u32, at: DateTime<Utc>) -> Record {
    let checked = |item| Checked { item, condition: Condition::Good, note: None };
    Record {
        device_key: format!("1c6f7c1e-2f1a-4c58-9c1b-{n:012x}"),
        inspected_at: at,
        checks: Checks(points(asset).into_iter().map(checked).collect()),
        is_all_at_once: false,
        note: None,
        place: None,
        accuracy_m: None,
        device: None,
        device_count: None,
        sheet_no: None,
    }
}

/// The same with one point that was found otherwise.
pub(crate) fn found(record: Record, place: usize, condition: Condition, note: &str) -> Record {
    let mut record = record;
    let point = &mut record.checks.0[place];
    (point.condition, point.note) = (condition, Some(note.to_owned()));
    record
}
