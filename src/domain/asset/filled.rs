//! How much of a card is filled in: of the fields that every asset of its form has.

use entity::asset::{Form, Model};

use super::FIELDS;
use crate::domain::field::Field;

/// Fields that some assets have, or that are made elsewhere: a card is whole without them.
const BESIDE: [&str; 14] = [
    "code",
    "form",
    "state",
    "audit_cut",
    "handed_over_on",
    "handover_no",
    "voucher_no",
    "warranty_until",
    "idle_since",
    "idle_reason",
    "maintainer_answer",
    "recorded_on",
    "source_key",
    "remark",
];
/// Fields of a share or a loan alone.
const OF_CLAIMS: [&str; 2] = ["rate_bp", "ends_on"];
/// Fields of a claim that things have too.
const OF_BOTH: [&str; 12] = [
    "name",
    "class",
    "subclass",
    "use_state",
    "beneficiary_villages",
    "beneficiary_households",
    "beneficiary_people",
    "project_year",
    "line_department",
    "original_value",
    "acquired_on",
    "booked_on",
];

/// The fields that are counted on a card of a form.
pub fn counted(form: Form) -> impl Iterator<Item = &'static Field<Model>> {
    FIELDS.iter().filter(move |field| {
        let is_of = |names: &[&str]| names.contains(&field.name);
        if form.is_claim() {
            is_of(&OF_CLAIMS) || is_of(&OF_BOTH)
        } else {
            !is_of(&OF_CLAIMS) && !is_of(&BESIDE)
        }
    })
}

/// Hundredths of so many fields that are filled in, rounded down: only what is whole is 100.
pub fn percent(filled: usize, all: usize) -> usize {
    (filled.min(all) * 100).checked_div(all).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::field;

    #[test]
    fn what_a_whole_card_needs_is_counted() {
        for form in Form::ALL.iter().copied() {
            let names: Vec<&str> = counted(form).map(|field| field.name).collect();
            let is_counted = |name: &str| names.contains(&name);
            assert!(is_counted("subclass") && is_counted("original_value"), "{form:?}");
            assert_eq!(is_counted("rate_bp"), form.is_claim(), "{form:?}");
            assert_eq!(is_counted("location"), !form.is_claim(), "{form:?}");
            assert!(!is_counted("idle_since") && !is_counted("remark"), "{form:?}");
        }
    }

    #[test]
    fn every_name_of_the_lists_is_a_field() {
        for name in BESIDE.iter().chain(&OF_CLAIMS).chain(&OF_BOTH) {
            assert!(field(FIELDS, name).is_some(), "{name}");
        }
    }

    #[test]
    fn only_what_is_whole_is_a_hundred() {
        for (filled, all, expected) in [
            (0, 3, 0),
            (1, 3, 33),
            (2, 3, 66),
            (3, 3, 100),
            (199, 200, 99),
            (5, 3, 100),
            (0, 0, 100),
        ] {
            assert_eq!(percent(filled, all), expected, "{filled} of {all}");
        }
    }
}
