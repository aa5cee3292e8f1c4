//! How soon somebody may try again: ever slower, never shut out for good (reliability.md §3); and
//! how often in a day people may be shown whole (reliability.md §2).

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};

use crate::limits;

/// Attempts so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// How many did not succeed.
    pub n: i64,
    /// Since when.
    pub since: DateTime<Utc>,
    /// No further one is looked at before.
    pub until: DateTime<Utc>,
}

impl Attempts {
    /// None yet.
    pub const fn none(now: DateTime<Utc>) -> Attempts {
        Attempts { n: 0, since: now, until: now }
    }
}

/// How attempts are slowed down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Doubling delays after the first few: for an account, a device, a session.
    Doubling,
    /// So many a minute: for an address, behind which many may sit.
    PerMinute,
    /// So many a day: for what is asked for seldom.
    PerDay,
    /// So many in so many hours: for what people without an account send.
    Within(i64, i64),
}

/// Counts one more attempt, before it is looked at; or the seconds to wait. An attempt that came
/// too early does not count, so that nobody can keep another out by trying.
pub fn admit(pace: Pace, attempts: Attempts, now: DateTime<Utc>) -> Result<Attempts, i64> {
    match pace {
        Pace::Doubling => admit_doubling(attempts, now),
        Pace::PerMinute => {
            admit_within(TimeDelta::minutes(1), limits::ATTEMPTS_PER_ADDRESS, attempts, now)
        }
        Pace::PerDay => admit_within(TimeDelta::days(1), limits::REVEALS_A_DAY, attempts, now),
        Pace::Within(hours, most) => admit_within(TimeDelta::hours(hours), most, attempts, now),
    }
}

fn admit_doubling(attempts: Attempts, now: DateTime<Utc>) -> Result<Attempts, i64> {
    if now < attempts.until {
        return Err(wait(attempts.until, now));
    }
    let is_old = now >= attempts.since + TimeDelta::hours(limits::ATTEMPTS_KEPT_HOURS);
    let n = if is_old { 1 } else { attempts.n + 1 };
    Ok(Attempts { n, since: now, until: now + TimeDelta::seconds(delay(n)) })
}

/// Seconds after so many attempts: one after the fifth, doubling.
fn delay(n: i64) -> i64 {
    let beyond = n - limits::ATTEMPTS_AT_ONCE;
    if beyond < 0 {
        return 0;
    }
    // past this power the longest delay is reached
    let power = beyond.clamp(0, 20);
    (1 << power).min(limits::ATTEMPT_DELAY_SECONDS)
}

/// So many within a span that begins with the first.
fn admit_within(
    span: TimeDelta,
    most: i64,
    attempts: Attempts,
    now: DateTime<Utc>,
) -> Result<Attempts, i64> {
    let end = attempts.since + span;
    if now >= end || now < attempts.since {
        return Ok(Attempts { n: 1, since: now, until: now });
    }
    if attempts.n >= most {
        return Err(wait(end, now));
    }
    Ok(Attempts { n: attempts.n + 1, ..attempts })
}

/// Whole seconds until an instant, at least one.
fn wait(until: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    let milliseconds = (until - now).num_milliseconds();
    (milliseconds + 999).div_euclid(1000).max(1)
}

/// What of an address is counted: all of an IPv4 address, the network (/64) of an IPv6 one.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn five_attempts_are_free_then_delays_double_up_to_a_quarter_of_an_hour() {
        let mut attempts = Attempts::none(at(0));
        for _ in 0..5 {
            attempts = admit(Pace::Doubling, attempts, at(0)).expect("free");
        }
        assert_eq!(admit(Pace::Doubling, attempts, at(0)), Err(1));
        let mut now = 1;
        for expected in [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900] {
            attempts = admit(Pace::Doubling, attempts, at(now)).expect("the delay is over");
            assert_eq!(admit(Pace::Doubling, attempts, at(now)), Err(expected));
            assert_eq!(admit(Pace::Doubling, attempts, at(now + expected - 1)), Err(1));
            now += expected;
        }
        let rested = at(now + 24 * 3600);
        assert_eq!(admit(Pace::Doubling, attempts, rested).map(|attempts| attempts.n), Ok(1));
    }

    #[test]
    fn attempts_without_end_stay_at_the_longest_delay() {
        let many = Attempts { n: i64::MAX - 1, ..Attempts::none(at(0)) };
        let next = admit(Pace::Doubling, many, at(10)).expect("admitted");
        assert_eq!(next.until, at(10 + 900));
    }

    #[test]
    fn an_address_has_thirty_a_minute() {
        let mut attempts = Attempts::none(at(0));
        for second in 0..30 {
            attempts = admit(Pace::PerMinute, attempts, at(second)).expect("within the limit");
        }
        assert_eq!(admit(Pace::PerMinute, attempts, at(30)), Err(30));
        assert_eq!(admit(Pace::PerMinute, attempts, at(60)).map(|attempts| attempts.n), Ok(1));
    }

    #[test]
    fn people_are_shown_whole_fifty_times_a_day() {
        let mut attempts = Attempts::none(at(0));
        for second in 0..50 {
            attempts = admit(Pace::PerDay, attempts, at(second)).expect("within the limit");
        }
        assert_eq!(admit(Pace::PerDay, attempts, at(50)), Err(24 * 3600 - 50));
        assert!(admit(Pace::PerDay, attempts, at(24 * 3600)).is_ok());
    }

    #[test]
    fn so_many_are_taken_in_so_many_hours_and_not_one_more() {
        let pace = Pace::Within(1, limits::REPORTS_PER_ADDRESS);
        let mut attempts = Attempts::none(at(0));
        for second in 0..limits::REPORTS_PER_ADDRESS {
            attempts = admit(pace, attempts, at(second)).expect("within the limit");
        }
        assert_eq!(admit(pace, attempts, at(100)), Err(3_500));
        assert_eq!(admit(pace, attempts, at(3_600)).map(|attempts| attempts.n), Ok(1));
    }

    #[test]
    fn a_network_counts_as_one() {
        let network = |text: &str| network(text.parse().expect("an address")).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
    }
}
