//! Which addresses of the internet anybody may be sent to: a webhook must not reach what only this
//! machine reaches (server-side request forgery), unless the operator names it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network by its first address and how many bits all its addresses share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: u128,
    bits: u32,
    is_v4: bool,
}

const fn v4(a: u8, b: u8, c: u8, bits: u32) -> Network {
    Network { first: Ipv4Addr::new(a, b, c, 0).to_bits() as u128, bits, is_v4: true }
}

const fn v6(a: u16, b: u16, c: u16, bits: u32) -> Network {
    Network { first: Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).to_bits(), bits, is_v4: false }
}

/// What is not public of version 4 (IANA, special-purpose addresses).
const NOT_PUBLIC_V4: [Network; 15] = [
    v4(0, 0, 0, 8),
    v4(10, 0, 0, 8),
    v4(100, 64, 0, 10),
    v4(127, 0, 0, 8),
    v4(169, 254, 0, 16),
    v4(172, 16, 0, 12),
    v4(192, 0, 0, 24),
    v4(192, 0, 2, 24),
    v4(192, 88, 99, 24),
    v4(192, 168, 0, 16),
    v4(198, 18, 0, 15),
    v4(198, 51, 100, 24),
    v4(203, 0, 113, 24),
    v4(224, 0, 0, 4),
    v4(240, 0, 0, 4),
];

/// All that is public of version 6, …
const PUBLIC_V6: Network = v6(0x2000, 0, 0, 3);
/// … but for what leads elsewhere or is set aside.
const NOT_PUBLIC_V6: [Network; 4] =
    [v6(0x2001, 0, 0, 23), v6(0x2001, 0xdb8, 0, 32), v6(0x2002, 0, 0, 16), v6(0x3fff, 0, 0, 20)];

/// An address as the network it is in would have it: one of version 4 that is written as one of
/// version 6 is of version 4.
const fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => IpAddr::V6(six),
        },
        IpAddr::V4(_) => address,
    }
}

impl Network {
    /// Reads `10.1.0.0/16`, or an address alone.
    pub fn read(text: &str) -> Option<Network> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let address = plain(address.parse().ok()?);
        let (first, most) = number(address);
        let bits = bits.unwrap_or(most);
        let network = Network { first, bits, is_v4: address.is_ipv4() };
        // what stands behind the bits would say nothing
        let is_first = first & !network.mask() == 0;
        (bits <= most && is_first).then_some(network)
    }

    const fn mask(self) -> u128 {
        let most: u32 = if self.is_v4 { 32 } else { 128 };
        let loose = most.saturating_sub(self.bits);
        let all = if self.is_v4 { u32::MAX as u128 } else { u128::MAX };
        if loose >= 128 { 0 } else { (all >> loose) << loose }
    }

    /// Whether an address is in it.
    pub fn holds(self, address: IpAddr) -> bool {
        let address = plain(address);
        address.is_ipv4() == self.is_v4 && number(address).0 & self.mask() == self.first
    }
}

fn number(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(four) => (four.to_bits().into(), 32),
        IpAddr::V6(six) => (six.to_bits(), 128),
    }
}

/// Whether anybody on the internet may be at an address.
pub fn is_public(address: IpAddr) -> bool {
    let address = plain(address);
    let in_one = |networks: &[Network]| networks.iter().any(|one| one.holds(address));
    match address {
        IpAddr::V4(_) => !in_one(&NOT_PUBLIC_V4),
        IpAddr::V6(_) => PUBLIC_V6.holds(address) && !in_one(&NOT_PUBLIC_V6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are() {
        for public in ["1.1.1.1", "114.114.114.114", "223.5.5.5", "2400:3200::1", "172.32.0.1"] {
            assert!(is_public(public.parse().expect("an address")), "{public}");
        }
        for other in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
        ] {
            assert!(!is_public(other.parse().expect("an address")), "{other}");
        }
    }

    #[test]
    fn a_network_is_read_and_holds_its_addresses_alone() {
        for (text, inside, outside) in [
            ("10.1.0.0/16", "10.1.255.255", "10.2.0.0"),
            ("192.168.7.7", "192.168.7.7", "192.168.7.8"),
            ("127.0.0.0/8", "::ffff:127.0.0.1", "::1"),
            ("0.0.0.0/0", "8.8.8.8", "2400::1"),
            ("fd00::/8", "fdff::1", "fe00::1"),
            ("::1", "::1", "127.0.0.1"),
        ] {
            let network = Network::read(text).expect(text);
            assert!(network.holds(inside.parse().expect("an address")), "{text}");
            assert!(!network.holds(outside.parse().expect("an address")), "{text}");
        }
        for bad in ["", "10.1.0.1/16", "10.0.0.0/33", "host", "10.0.0.0/x", "::/129"] {
            assert_eq!(Network::read(bad), None, "{bad}");
        }
    }
}
