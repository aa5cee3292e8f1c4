//! 月度简报: what of a month is told of a town, and its place among the towns of its county (ux.md §1:
//! the one-page brief). What the kept sums know of earlier months is told as of the month's end; the rest
//! is what is so today, and says so.

use chrono::{Datelike, Days, Months, NaiveDate};
use entity::{finding::tally, language::Sentence};

use crate::limits;

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(NaiveDate);

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Month {
        Month(day.with_day(1).unwrap_or(day))
    }

    /// Reads a month as people write it, such as 2026-05: this one or one of the twelve before it.
    pub fn read(text: &str, today: NaiveDate) -> Result<Month, Sentence> {
        let wrong = || {
            Sentence::new(
                "应为年-月，例如 2026-05；本月或之前十二个月",
                "such as 2026-05: this month or one of the twelve before it",
            )
        };
        let is_whole = text.len() == 7;
        let first = format!("{text}-01").parse().ok().filter(|_| is_whole).ok_or_else(wrong)?;
        let month = Month(first);
        if Month::told(today).any(|known| known == month) { Ok(month) } else { Err(wrong()) }
    }

    /// The months of which there are briefs, the latest first.
    pub fn told(today: NaiveDate) -> impl Iterator<Item = Month> {
        let this = Month::of(today);
        (0..=limits::BRIEF_MONTHS).map(move |n| this.earlier(n))
    }

    /// The month so many months earlier.
    #[must_use]
    pub fn earlier(self, months: u32) -> Month {
        Month(self.0.checked_sub_months(Months::new(months)).unwrap_or(self.0))
    }

    /// Its first day.
    pub const fn first(self) -> NaiveDate {
        self.0
    }

    /// The first day after it.
    pub fn next(self) -> NaiveDate {
        self.0.checked_add_months(Months::new(1)).unwrap_or(self.0)
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        self.next().checked_sub_days(Days::new(1)).unwrap_or(self.0)
    }

    /// The months after it up to that of a day, the earliest first.
    pub fn since(self, today: NaiveDate) -> Vec<Month> {
        let mut later: Vec<Month> = Month::told(today).take_while(|known| *known > self).collect();
        later.reverse();
        later
    }

    /// The month as the kept sums know it.
    pub fn kept(self) -> tally::Month {
        tally::Month::of(self.0)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

/// How many findings stood at the end of a month: those that stand, without those that opened since,
/// with those that cleared since. One that cleared and came back counts from the last time.
pub const fn stood(now: i64, opened_since: i64, cleared_since: i64) -> i64 {
    let n = now - opened_since + cleared_since;
    if n < 0 { 0 } else { n }
}

/// A part of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// The part.
    pub part: i64,
    /// The whole.
    pub whole: i64,
}

impl Share {
    /// Whether it reaches a target in hundredths of a percent; nothing of nothing has none to reach.
    pub fn reaches(self, target_bp: i64) -> bool {
        i128::from(self.part) * 10_000 >= i128::from(target_bp) * i128::from(self.whole)
    }

    fn is_above(self, other: Share) -> bool {
        i128::from(self.part) * i128::from(other.whole)
            > i128::from(other.part) * i128::from(self.whole)
    }
}

/// The place of each share among all, the greatest first; equal shares have the same place. A share of
/// nothing has none.
pub fn places(shares: &[Share]) -> Vec<Option<usize>> {
    let place = |own: &Share| {
        let above = shares.iter().filter(|other| other.whole > 0 && other.is_above(*own));
        (own.whole > 0).then(|| above.count() + 1)
    };
    shares.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_month_has_its_days_whatever_its_length() {
        for (text, first, last) in [
            ("2026-02-28", "2026-02-01", "2026-02-28"),
            ("2024-02-10", "2024-02-01", "2024-02-29"),
            ("2025-12-31", "2025-12-01", "2025-12-31"),
        ] {
            let month = Month::of(day(text));
            assert_eq!((month.first(), month.last()), (day(first), day(last)));
            assert_eq!(month.next(), day(last) + Days::new(1));
        }
    }

    #[test]
    fn this_month_and_the_twelve_before_it_are_told() {
        let today = day("2026-06-01");
        let read = |text: &str| Month::read(text, today).map(|month| month.to_string()).ok();
        assert_eq!(read("2026-06").as_deref(), Some("2026-06"));
        assert_eq!(read("2025-06").as_deref(), Some("2025-06"), "at the limit");
        assert_eq!(read("2025-05"), None, "one past it");
        for text in ["2026-07", "2026-13", "2026-6", "", "2026-06-01", "june"] {
            assert_eq!(read(text), None, "{text}");
        }
        let later = Month::of(day("2026-03-09")).since(today);
        let later: Vec<String> = later.iter().map(ToString::to_string).collect();
        assert_eq!(later, ["2026-04", "2026-05", "2026-06"]);
        assert!(Month::of(today).since(today).is_empty());
    }

    #[test]
    fn what_stood_is_what_stands_without_what_came_since() {
        // ten stand, of which three are new; two that stood then have cleared since
        assert_eq!(stood(10, 3, 2), 9);
        assert_eq!(stood(0, 0, 0), 0);
    }

    #[test]
    fn equal_shares_have_the_same_place_and_nothing_has_none() {
        let share = |part, whole| Share { part, whole };
        let shares = [share(1, 2), share(9, 10), share(50, 100), share(0, 0), share(1, 10)];
        assert_eq!(places(&shares), [Some(2), Some(1), Some(2), None, Some(4)]);
        assert!(share(19, 20).reaches(9_500) && !share(949, 1_000).reaches(9_500));
        assert!(share(0, 0).reaches(9_500));
        assert!(places(&[]).is_empty());
    }
}
