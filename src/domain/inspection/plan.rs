//! What an interval comes to in a year, and the number of a paper sheet.

use sha2::{Digest, Sha256};

/// Days of a year, as plans count them.
const YEAR: i64 = 365;

/// How many inspections a year some assets ask for that are inspected every so many days: as many as
/// keep each in time, rounded up. An interval that is not known asks for none.
pub fn a_year(n: i64, interval_days: i32) -> i64 {
    let days = i64::from(interval_days);
    if days <= 0 || n <= 0 {
        return 0;
    }
    n.saturating_mul(YEAR).saturating_add(days - 1) / days
}

/// The number of a paper sheet: its day, and six digits that its assets and whoever printed it make, so
/// that the same sheet printed twice on a day is the same, and another one is another.
pub fn sheet_no(
    day: chrono::NaiveDate,
    by: Option<entity::id::AccountId>,
    assets: &[i64],
) -> String {
    let mut digest = Sha256::new();
    digest.update(by.map_or(0, |id| id.0).to_be_bytes());
    for id in assets {
        digest.update(id.to_be_bytes());
    }
    let digits: String =
        digest.finalize().iter().take(3).map(|byte| format!("{byte:02X}")).collect();
    format!("XC{}-{digits}", day.format("%Y%m%d"))
}

#[cfg(test)]
mod tests {
    use entity::id::AccountId;

    use super::*;

    #[test]
    fn a_year_has_as_many_inspections_as_keep_assets_in_time() {
        for (n, interval, expected) in [
            (1, 365, 1),
            (1, 364, 2),
            (1, 30, 13),
            (12, 30, 146),
            (0, 30, 0),
            (5, 0, 0),
            (3_000_000, 1, 1_095_000_000),
        ] {
            assert_eq!(a_year(n, interval), expected, "{n} every {interval}");
        }
    }

    #[test]
    fn a_sheet_is_known_by_its_number() {
        let day: chrono::NaiveDate = "2026-06-01".parse().expect("a day");
        let who = Some(AccountId(7));
        let own = sheet_no(day, who, &[1, 2, 3]);
        assert!(own.starts_with("XC20260601-") && own.len() == 17, "{own}");
        assert_eq!(sheet_no(day, who, &[1, 2, 3]), own);
        for other in [
            sheet_no(day, who, &[1, 3, 2]),
            sheet_no(day, None, &[1, 2, 3]),
            sheet_no(day.succ_opt().expect("a day"), who, &[1, 2, 3]),
        ] {
            assert_ne!(other, own);
        }
    }
}
