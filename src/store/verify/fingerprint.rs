//! Fingerprints of fields: keyed sums that tell whether all changes of a row come to the row,
//! without keeping the row.
//!
//! A change subtracts the fields as they were and adds the fields as they became, so the sum over
//! all of them is that of the fields as they are. The key is drawn anew for every check; whoever
//! altered the database could not have known it.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use serde_json::{Map, Value as Json};

/// Draws fingerprints under one key.
#[derive(Clone, Debug, Default)]
pub(super) struct Fingerprints(RandomState);

impl Fingerprints {
    /// The fingerprint of anything.
    pub(super) fn of(&self, value: impl Hash) -> u64 {
        self.0.hash_one(value)
    }

    /// The sum over the fields of a row that hold something.
    pub(super) fn fields(&self, row: (usize, i64), fields: &Map<String, Json>) -> u64 {
        let held = fields.iter().filter(|(_, value)| !value.is_null());
        held.fold(0, |sum, (name, value)| sum.wrapping_add(self.field(row, name, value)))
    }

    fn field(&self, row: (usize, i64), name: &str, value: &Json) -> u64 {
        let mut hasher = self.0.build_hasher();
        row.hash(&mut hasher);
        name.hash(&mut hasher);
        match value {
            Json::String(text) => text.hash(&mut hasher),
            Json::Number(number) => number.as_i64().hash(&mut hasher),
            other => other.hash(&mut hasher),
        }
        hasher.finish()
    }

    /// The fingerprint of a number that belongs to a row beside its fields.
    pub(super) fn number(&self, row: (usize, i64), name: &str, number: i64) -> u64 {
        self.of((row, name, number))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Json) -> Map<String, Json> {
        match value {
            Json::Object(fields) => fields,
            other => panic!("{other} is no object"),
        }
    }

    #[test]
    fn changes_come_to_the_row_in_any_order() {
        let prints = Fingerprints::default();
        let row = (3, 7);
        let of = |value| prints.fields(row, &map(value));
        let first = of(json!({ "a": "x", "b": 1 }));
        let second =
            of(json!({ "b": 2, "c": true })).wrapping_sub(of(json!({ "b": 1, "c": null })));
        let third = of(json!({ "a": null })).wrapping_sub(of(json!({ "a": "x" })));
        let all = third.wrapping_add(first).wrapping_add(second);
        assert_eq!(all, of(json!({ "a": null, "b": 2, "c": true })));
        assert_ne!(all, of(json!({ "b": 2, "c": false })));
        assert_ne!(all, prints.fields((3, 8), &map(json!({ "b": 2, "c": true }))));
    }
}
