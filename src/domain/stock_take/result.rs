//! What was signed, as one sum: whoever changes a line later changes it as well.

use entity::{
    stock_find,
    stock_line::{self, Outcome},
    stock_take::Model,
};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::domain::trail::canonical::canonical;

/// SHA-256 over the canonical text (RFC 8785) of the year, the day, whoever signed, every line in its
/// order and every find as it was recorded. Where the village lies is left out: areas are merged, and
/// what was counted stays.
pub fn digest(take: &Model, lines: &[stock_line::Model], finds: &[stock_find::Model]) -> String {
    let mut lines: Vec<&stock_line::Model> = lines.iter().collect();
    lines.sort_by_key(|line| line.place);
    let mut finds: Vec<&stock_find::Model> = finds.iter().collect();
    finds.sort_by_key(|find| find.id);
    let whole = json!({
        "year": take.year,
        "opened_on": take.opened_on,
        "signed_on": take.signed_on,
        "signed_by": take.signed_by,
        "lines": lines.into_iter().map(line).collect::<Vec<Json>>(),
        "finds": finds.into_iter().map(find).collect::<Vec<Json>>(),
    });
    // whole numbers and texts always have a canonical text
    let text = canonical(&whole).unwrap_or_default();
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn line(row: &stock_line::Model) -> Json {
    json!([
        row.place,
        row.asset_id,
        row.code,
        row.name,
        row.recorded_state,
        row.outcome,
        row.seen_state,
        row.note,
        row.counted_by,
        row.counted_at.map(|at| at.timestamp_millis()),
    ])
}

fn find(row: &stock_find::Model) -> Json {
    json!([row.id, row.name, row.subclass, row.location, row.note, row.found_by, row.found_on])
}

/// The first number or sum of a stock-take that its lines and finds contradict: column, expected, found.
pub fn differing(
    take: &Model,
    lines: &[stock_line::Model],
    finds: &[stock_find::Model],
) -> Option<(&'static str, String, String)> {
    let of = |outcome| lines.iter().filter(|line| line.outcome == Some(outcome)).count();
    let numbers = [
        ("n_expected", lines.len(), take.n_expected),
        ("n_found", of(Outcome::Found), take.n_found),
        ("n_missing", of(Outcome::Missing), take.n_missing),
        ("n_changed", of(Outcome::Changed), take.n_changed),
        ("n_unexpected", finds.len(), take.n_unexpected),
    ];
    let wrong =
        numbers.into_iter().find(|(_, expected, found)| i32::try_from(*expected) != Ok(*found));
    if let Some((column, expected, found)) = wrong {
        return Some((column, expected.to_string(), found.to_string()));
    }
    let kept = take.digest.as_ref()?;
    let expected = digest(take, lines, finds);
    (expected != *kept).then(|| ("digest", expected, kept.clone()))
}
