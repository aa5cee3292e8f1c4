//! `Clock`: the time is an argument.

use chrono::{DateTime, FixedOffset, NaiveDate, SubsecRound, TimeDelta, Utc};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant, in whole milliseconds: PostgreSQL keeps microseconds, the log none.
    fn now(&self) -> DateTime<Utc>;
}

/// The clock of the machine.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }
}

/// A clock that stands still: for tests, the demonstration and reports as of a recorded time.
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.trunc_subsecs(3)
    }
}

/// How far the clocks of China are ahead: the whole country keeps UTC+8.
pub const CHINA: FixedOffset = FixedOffset::east_opt(8 * 3600).expect("eight hours are an offset");

/// The day it is in China at an instant.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&CHINA).date_naive()
}

/// The instant at which a day begins in China.
pub fn day_begins(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::hours(8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_midnight_in_china() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        assert_eq!(day_of(at("2026-11-22T15:59:59Z")).to_string(), "2026-11-22");
        assert_eq!(day_of(at("2026-11-22T16:00:00Z")).to_string(), "2026-11-23");
        assert_eq!(day_begins(day_of(at("2026-11-23T15:59:59Z"))), at("2026-11-22T16:00:00Z"));
    }
}
