//! How often somebody without an account may look something up by a code: so often in a minute, and
//! fewer times where nobody has the code. While many such codes are tried from everywhere, each
//! address may try but a few; whoever stands before a plate has none of them. All of it is asked
//! before anything is looked up, so that a refusal tells nothing of the code.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Utc};

use crate::{
    domain::throttle::network,
    error::{Error, Result},
    limits,
};

/// Seconds in which it is counted.
const SPAN: i64 = 60;

/// What was looked up in this minute.
#[derive(Debug, Default)]
pub struct Lookups(Mutex<Minute>);

#[derive(Debug, Default)]
struct Minute {
    /// The how many-th minute it is.
    n: i64,
    by_address: HashMap<IpAddr, Counts>,
    /// Addresses beyond those that are counted one by one.
    others: Counts,
    n_missed: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    n: u32,
    n_missed: u32,
}

impl Minute {
    fn at(&mut self, now: DateTime<Utc>) -> &mut Minute {
        let n = now.timestamp().div_euclid(SPAN);
        if n != self.n {
            *self = Minute { n, ..Minute::default() };
        }
        self
    }

    fn of(&mut self, address: IpAddr) -> &mut Counts {
        let address = network(address);
        let is_full = self.by_address.len() >= limits::LOOKUP_ADDRESSES;
        if is_full && !self.by_address.contains_key(&address) {
            return &mut self.others;
        }
        self.by_address.entry(address).or_default()
    }
}

impl Lookups {
    /// Counts one that is about to be made, or says how long to wait.
    pub fn admit(&self, address: IpAddr, now: DateTime<Utc>) -> Result<()> {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = minute.at(now);
        let is_tried = minute.n_missed >= limits::LOOKUPS_MISSED_IN_ALL;
        let most = if is_tried { limits::LOOKUPS_MISSED_FEW } else { limits::LOOKUPS_MISSED };
        let counts = minute.of(address);
        if counts.n >= limits::LOOKUPS_PER_ADDRESS || counts.n_missed >= most {
            return Err(Error::Throttled(SPAN - now.timestamp().rem_euclid(SPAN)));
        }
        counts.n += 1;
        Ok(())
    }

    /// Counts one that found nothing.
    pub fn miss(&self, address: IpAddr, now: DateTime<Utc>) {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = minute.at(now);
        minute.n_missed = minute.n_missed.saturating_add(1);
        let counts = minute.of(address);
        counts.n_missed = counts.n_missed.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn address(n: u32) -> IpAddr {
        Ipv4Addr::from_bits(0x0A00_0000 + n).into()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(seconds)
    }

    fn is_in(done: &Result<()>) -> bool {
        !matches!(done, Err(Error::Throttled(1..=SPAN)))
    }

    #[test]
    fn an_address_looks_up_so_many_in_a_minute_and_not_one_more() {
        let lookups = Lookups::default();
        for _ in 0..limits::LOOKUPS_PER_ADDRESS {
            assert!(is_in(&lookups.admit(address(1), at(10))));
        }
        assert!(!is_in(&lookups.admit(address(1), at(59))));
        assert!(
            is_in(&lookups.admit(address(2), at(59))) && is_in(&lookups.admit(address(1), at(60)))
        );
    }

    #[test]
    fn fewer_where_nobody_has_the_code() {
        let lookups = Lookups::default();
        for _ in 0..limits::LOOKUPS_MISSED {
            assert!(is_in(&lookups.admit(address(1), at(0))));
            lookups.miss(address(1), at(0));
        }
        assert!(
            !is_in(&lookups.admit(address(1), at(0))) && is_in(&lookups.admit(address(2), at(0)))
        );
    }

    #[test]
    fn while_many_are_tried_from_everywhere_each_address_has_a_few() {
        let lookups = Lookups::default();
        for n in 0..limits::LOOKUPS_MISSED_IN_ALL {
            lookups.miss(address(1_000 + n), at(0));
        }
        for _ in 0..limits::LOOKUPS_MISSED_FEW {
            assert!(is_in(&lookups.admit(address(1), at(0))));
            lookups.miss(address(1), at(0));
        }
        assert!(!is_in(&lookups.admit(address(1), at(0))));
        // whoever scans what hangs there misses nothing
        for _ in 0..limits::LOOKUPS_PER_ADDRESS {
            assert!(is_in(&lookups.admit(address(2), at(0))));
        }
        assert!(is_in(&lookups.admit(address(1), at(60))));
    }

    #[test]
    fn addresses_beyond_those_that_are_counted_are_counted_together() {
        let lookups = Lookups::default();
        let most = u32::try_from(limits::LOOKUP_ADDRESSES).expect("a small number");
        for n in 0..most {
            assert!(is_in(&lookups.admit(address(n), at(0))));
        }
        for n in 0..limits::LOOKUPS_PER_ADDRESS {
            assert!(is_in(&lookups.admit(address(most + n), at(0))));
        }
        assert!(!is_in(&lookups.admit(address(most * 2), at(0))));
        assert!(is_in(&lookups.admit(address(1), at(0))), "those that came first are not kept out");
        assert_eq!(lookups.0.lock().expect("a lock").by_address.len(), limits::LOOKUP_ADDRESSES);
    }
}
