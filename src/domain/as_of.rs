//! What was recorded when: the time that somebody asks for.

use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};

use super::refusal::Refusal;
use crate::clock::day_of;

/// The whole country keeps one time.
const CHINA: FixedOffset = FixedOffset::east_opt(8 * 3600).expect("eight hours are an offset");

/// A recorded time that a report, a list or a card is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// An instant.
    Instant(DateTime<Utc>),
    /// The end of a day in China.
    Day(NaiveDate),
}

impl FromStr for AsOf {
    type Err = String;

    /// Reads an instant with an offset, a day and a time in China, or a day.
    fn from_str(text: &str) -> Result<AsOf, String> {
        let text = text.trim();
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Ok(AsOf::Instant(at.to_utc()));
        }
        for format in ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"] {
            let local = NaiveDateTime::parse_from_str(text, format).ok();
            if let Some(at) = local.and_then(|at| at.and_local_timezone(CHINA).single()) {
                return Ok(AsOf::Instant(at.to_utc()));
            }
        }
        text.parse().map(AsOf::Day).map_err(|_| {
            "应为 2026-11-23、“2026-11-23 18:00”或 2026-11-23T18:00:00+08:00 / expected \
             2026-11-23, “2026-11-23 18:00” or 2026-11-23T18:00:00+08:00"
                .to_owned()
        })
    }
}

impl AsOf {
    /// The instant that is meant; the present one for today. What is to come is not recorded.
    pub fn instant(self, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
        let (at, day) = match self {
            AsOf::Instant(at) => (Some(at), day_of(at)),
            AsOf::Day(day) => {
                let end = day.and_hms_milli_opt(23, 59, 59, 999);
                let end = end.and_then(|end| end.and_local_timezone(CHINA).single());
                (end.map(|end| end.to_utc()), day)
            }
        };
        match at {
            Some(at) if at <= now => Ok(at),
            Some(_) if self == AsOf::Day(day_of(now)) => Ok(now),
            _ => Err(Refusal::day_in_future(day)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_means_its_end_in_china() {
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().expect("an instant");
        let instant = |text: &str| text.parse::<AsOf>().expect("a time").instant(now);
        let at = |text: &str| instant(text).expect("in the past").to_rfc3339();
        assert_eq!(at("2026-11-22"), "2026-11-22T15:59:59.999+00:00");
        assert_eq!(at("2026-11-23"), "2026-11-23T10:00:00+00:00");
        assert_eq!(at("2026-11-22 18:00"), "2026-11-22T10:00:00+00:00");
        assert_eq!(at("2026-11-22T18:00:00+08:00"), "2026-11-22T10:00:00+00:00");
        assert!(instant("2026-11-24").is_err());
        assert!(instant("2026-11-23T10:00:01Z").is_err());
        assert!("yesterday".parse::<AsOf>().is_err());
    }
}
