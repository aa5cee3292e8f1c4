//! How many connections there may be, in all and from one address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use crate::limits;

/// The connections that are open.
#[derive(Default)]
pub(crate) struct Seats(Mutex<Taken>);

#[derive(Default)]
struct Taken {
    in_all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One connection, until it is dropped.
pub(super) struct Seat {
    address: IpAddr,
    seats: Arc<Seats>,
}

impl Seats {
    /// A connection more; none when there are as many as there may be, in all or from its address.
    /// A proxy stands for many callers, so that only the whole limits it.
    pub(super) fn take(self: &Arc<Seats>, address: IpAddr, is_proxy: bool) -> Option<Seat> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = taken.by_address.get(&address).copied().unwrap_or_default();
        let is_free = is_proxy || crate::broken::is("no cap on an address");
        if taken.in_all >= limits::CONNECTIONS
            || (held >= limits::CONNECTIONS_PER_ADDRESS && !is_free)
        {
            return None;
        }
        taken.in_all += 1;
        taken.by_address.insert(address, held + 1);
        Some(Seat { address, seats: Arc::clone(self) })
    }

    /// How many are open.
    pub(super) fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).in_all
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.in_all -= 1;
        if let Some(n) = taken.by_address.get_mut(&self.address) {
            *n -= 1;
            if *n == 0 {
                taken.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn address(n: usize) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(0x0A00_0000 + u32::try_from(n).unwrap()))
    }

    #[test]
    fn an_address_holds_so_many_connections_and_not_one_more() {
        let seats = Arc::new(Seats::default());
        let take = |n| seats.take(address(n), false);
        let mut held: Vec<_> =
            (0..limits::CONNECTIONS_PER_ADDRESS).map(|_| take(1).unwrap()).collect();
        assert!(take(1).is_none());
        assert!(take(2).is_some());
        held.pop();
        assert!(take(1).is_some());
        held.clear();
        assert!(seats.0.lock().unwrap().by_address.is_empty());
        assert_eq!(seats.count(), 0);
    }

    #[test]
    fn there_are_so_many_connections_in_all_and_not_one_more() {
        let seats = Arc::new(Seats::default());
        let mut held: Vec<_> =
            (0..limits::CONNECTIONS).map(|n| seats.take(address(n), false).unwrap()).collect();
        assert!(seats.take(address(limits::CONNECTIONS), false).is_none());
        assert!(seats.take(address(0), true).is_none(), "nor for a proxy");
        assert_eq!(seats.count(), limits::CONNECTIONS);
        held.pop();
        assert!(seats.take(address(0), false).is_some());
    }

    #[test]
    fn a_proxy_stands_for_many_callers() {
        let seats = Arc::new(Seats::default());
        let held: Vec<_> = (0..=limits::CONNECTIONS_PER_ADDRESS)
            .map(|_| seats.take(address(1), true).unwrap())
            .collect();
        assert_eq!(seats.count(), held.len());
    }
}
