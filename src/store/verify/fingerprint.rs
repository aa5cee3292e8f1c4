//! Fingerprints of fields: keyed sums that tell whether all changes of a row come to the row,
//! without keeping the row.
//!
//! A change subtracts the fields as they were and adds the fields as they became, so the sum over
//! all of them is that of the fields as they are. The key is drawn anew for every check; whoever
//! altered the database could not have known it.

use std::hash::{BuildHasher, Hash, RandomState};

/// Draws fingerprints under one key.
#[derive(Clone, Debug, Default)]
pub(super) struct Fingerprints(RandomState);

impl Fingerprints {
    /// The fingerprint of anything.
    pub(super) fn of(&self, value: impl Hash) -> u64 {
        self.0.hash_one(value)
    }

    /// The sum over the fields of a row: name and canonical text of each that holds something.
    pub(super) fn fields<'n, 'v>(
        &self,
        row: (usize, i64),
        held: impl Iterator<Item = (&'n str, &'v str)>,
    ) -> u64 {
        held.fold(0, |sum, (name, value)| sum.wrapping_add(self.of((row, name, value))))
    }

    /// The fingerprint of a number that belongs to a row beside its fields.
    pub(super) fn number(&self, row: (usize, i64), name: &str, number: i64) -> u64 {
        self.of((row, name, number))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::body::Fields, *};

    #[test]
    fn changes_come_to_the_row_in_any_order() {
        let prints = Fingerprints::default();
        let row = (3, 7);
        let of_row = |row, text| prints.fields(row, Fields::read(text).unwrap().held());
        let of = |text| of_row(row, text);
        let first = of(r#"{"a":"x","b":1}"#);
        let second = of(r#"{"b":2,"c":true}"#).wrapping_sub(of(r#"{"b":1,"c":null}"#));
        let third = of(r#"{"a":null}"#).wrapping_sub(of(r#"{"a":"x"}"#));
        let all = third.wrapping_add(first).wrapping_add(second);
        assert_eq!(all, of(r#"{"a":null,"b":2,"c":true}"#));
        assert_ne!(all, of(r#"{"b":2,"c":false}"#));
        assert_ne!(all, of_row((3, 8), r#"{"b":2,"c":true}"#));
        assert_ne!(of(r#"{"a":"1"}"#), of(r#"{"a":1}"#));
    }
}
