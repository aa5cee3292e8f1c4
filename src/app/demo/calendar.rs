//! When things happened in the sample county: its register was drawn up the day after that of the
//! sample, at most a year ago, and what followed came evenly until today, with a round a month. So
//! its log, its findings and its reports of earlier days have a past.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};

use crate::{clock::day_of, domain::sample, store::Ledger};

/// From when to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Calendar {
    begin: DateTime<Utc>,
    end: DateTime<Utc>,
}

/// Nine in the morning of a day, in China.
fn morning(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(1, 0, 0).unwrap_or_default().and_utc()
}

impl Calendar {
    /// The calendar of a sample that a ledger is given now.
    pub(super) fn of(ledger: &Ledger) -> Calendar {
        let (today, end) = (ledger.today(), ledger.clock().now());
        let drawn_up = sample::day_for(today) + Days::new(1);
        let a_year_ago = today - Months::new(12);
        Calendar { begin: morning(drawn_up.max(a_year_ago)).min(end), end }
    }

    /// When the register was drawn up.
    pub(super) const fn begin(&self) -> DateTime<Utc> {
        self.begin
    }

    /// The time that it is.
    pub(super) const fn end(&self) -> DateTime<Utc> {
        self.end
    }

    /// The instant of one of so many things that happened since, counted from 0.
    pub(super) fn instant(&self, place: usize, of: usize) -> DateTime<Utc> {
        let share = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        self.begin + (self.end - self.begin) / share(of + 1) * share(place + 1)
    }

    /// The mornings on which a month began since then.
    pub(super) fn rounds(&self) -> Vec<DateTime<Utc>> {
        let mut rounds = Vec::new();
        let mut day = day_of(self.begin).with_day(1);
        while let Some(first) = day.and_then(|day| day.checked_add_months(Months::new(1))) {
            if morning(first) > self.end {
                break;
            }
            rounds.push(morning(first));
            day = Some(first);
        }
        rounds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn what_happened_lies_between_the_register_and_today() {
        let calendar =
            Calendar { begin: at("2026-07-01T01:00:00Z"), end: at("2026-09-29T01:00:00Z") };
        let instants: Vec<_> = (0..8).map(|place| calendar.instant(place, 8)).collect();
        assert!(instants.is_sorted() && instants[0] > calendar.begin);
        assert!(*instants.last().expect("the last") < calendar.end);
        assert_eq!(calendar.rounds(), [at("2026-08-01T01:00:00Z"), at("2026-09-01T01:00:00Z")]);
    }

    #[test]
    fn a_register_of_today_has_no_past() {
        let now = at("2026-06-30T02:00:00Z");
        let calendar = Calendar { begin: now, end: now };
        assert_eq!((calendar.instant(0, 3), calendar.instant(2, 3)), (now, now));
        assert!(calendar.rounds().is_empty());
    }
}
