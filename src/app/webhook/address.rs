//! The address of a webhook, read strictly; and how far the operator lets webhooks reach.

use std::{fmt, net::IpAddr};

use entity::language::Sentence;

use crate::{
    domain::{
        mistake::{Mistake, Mistakes},
        webhook::network::{Network, is_public},
    },
    limits,
};

/// Where events are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Whether what is sent is encrypted.
    pub is_encrypted: bool,
    /// A name, or an address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The path, with the slash it begins with.
    pub path: String,
}

/// What webhooks may reach besides what is public.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    hosts: Vec<String>,
    networks: Vec<Network>,
}

impl Reach {
    /// Reads hosts and networks with commas between: `10.20.0.0/16, hooks.example.gov.cn`.
    pub fn read(text: &str) -> Result<Reach, String> {
        let mut reach = Reach::default();
        let parts: Vec<&str> =
            text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.len() > limits::WEBHOOK_ALLOWED {
            let most = limits::WEBHOOK_ALLOWED;
            return Err(format!("TAIZHANG_WEBHOOK_ALLOW：最多 {most} 项 / at most {most}"));
        }
        for part in parts {
            if let Some(network) = Network::read(part) {
                reach.networks.push(network);
            } else if is_name(part) && !part.contains('/') {
                reach.hosts.push(part.to_ascii_lowercase());
            } else {
                return Err(format!(
                    "TAIZHANG_WEBHOOK_ALLOW：“{part}”应为主机名或网段，如 10.20.0.0/16 / “{part}” should be a host or a network such as 10.20.0.0/16"
                ));
            }
        }
        Ok(reach)
    }

    /// Whether a host may be reached at an address.
    pub fn allows(&self, host: &str, address: IpAddr) -> bool {
        is_public(address) || self.names(host, address)
    }

    /// Whether the operator named a host or its address.
    fn names(&self, host: &str, address: IpAddr) -> bool {
        self.hosts.iter().any(|one| one == host)
            || self.networks.iter().any(|network| network.holds(address))
    }

    /// Whether a host may be reached without encryption: on this machine alone, and where the operator
    /// named it.
    pub fn allows_plain(&self, host: &str, address: IpAddr) -> bool {
        address.to_canonical().is_loopback() && self.names(host, address)
    }

    fn is_empty(&self) -> bool {
        self.hosts.is_empty() && self.networks.is_empty()
    }
}

impl Address {
    /// Reads an address as it was typed. Nothing secret may stand in it: it is kept in the log.
    pub fn read(typed: &str, reach: &Reach) -> Result<Address, Mistakes> {
        let typed = typed.trim();
        let wrong = |zh: &str, en: &str| {
            // what may be a password is not said again
            let found = if typed.contains(['@', '?', '#']) { "…" } else { typed };
            Mistakes(vec![Mistake::new("address", found, Sentence::new(zh, en))])
        };
        let malformed = || {
            wrong(
                "应为 https 网址，如 https://hooks.example.gov.cn/taizhang，不带用户名、问号和井号",
                "an https address such as https://hooks.example.gov.cn/taizhang, without a user, ? or #",
            )
        };
        if typed.chars().count() > limits::WEBHOOK_ADDRESS_LENGTH {
            let most = limits::WEBHOOK_ADDRESS_LENGTH;
            return Err(wrong(
                &format!("不超过 {most} 个字符"),
                &format!("at most {most} characters"),
            ));
        }
        let address = Address::parsed(typed).ok_or_else(malformed)?;
        if !address.is_encrypted && reach.is_empty() {
            return Err(malformed());
        }
        let literal: Option<IpAddr> = address.host.parse().ok();
        if literal.is_some_and(|literal| !reach.allows(&address.host, literal)) {
            return Err(wrong(
                "不能推送到内网地址；确需推送的，由运维人员在 TAIZHANG_WEBHOOK_ALLOW 里写明",
                "an address that is not public; where it is meant, the operator names it in TAIZHANG_WEBHOOK_ALLOW",
            ));
        }
        Ok(address)
    }

    /// Reads an address that was kept, whatever the operator allows by now.
    pub fn parsed(text: &str) -> Option<Address> {
        let (scheme, rest) = text.split_once("://")?;
        let is_encrypted = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let (place, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = match place.strip_prefix('[') {
            Some(six) => {
                let (host, port) = six.split_once(']')?;
                host.parse::<std::net::Ipv6Addr>().ok()?;
                (host, port)
            }
            None => place.split_at(place.find(':').unwrap_or(place.len())),
        };
        let usual = if is_encrypted { 443 } else { 80 };
        let port = match port.strip_prefix(':') {
            Some(port) => port.parse().ok().filter(|port| *port > 0)?,
            None if port.is_empty() => usual,
            None => return None,
        };
        let host = host.to_ascii_lowercase();
        let is_host = is_name(&host) || host.parse::<IpAddr>().is_ok();
        let plain =
            |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@/".contains(&byte);
        if !is_host || !path.bytes().all(plain) {
            return None;
        }
        let path = if path.is_empty() { "/" } else { path }.to_owned();
        Some(Address { is_encrypted, host, port, path })
    }

    /// The host and, where it is not the usual one, the port, as a request names them.
    pub fn authority(&self) -> String {
        let host =
            if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let usual = if self.is_encrypted { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_encrypted { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.path)
    }
}

/// Whether a text is the name of a host (RFC 1123).
fn is_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_written_again() {
        let reach = Reach::default();
        for (typed, kept) in [
            ("https://hooks.example.gov.cn", "https://hooks.example.gov.cn/"),
            (" HTTPS://Hooks.example.cn:443/a/b ", "https://hooks.example.cn/a/b"),
            ("https://hooks.example.cn:8443/a%20b", "https://hooks.example.cn:8443/a%20b"),
            ("https://1.1.1.1/x", "https://1.1.1.1/x"),
            ("https://[2400:3200::1]:8443/", "https://[2400:3200::1]:8443/"),
        ] {
            let read = Address::read(typed, &reach).expect(typed);
            assert_eq!(read.to_string(), kept);
            assert_eq!(Address::parsed(kept), Some(read));
        }
    }

    #[test]
    fn what_is_no_address_or_holds_a_secret_is_refused_and_not_said_again() {
        let reach = Reach::default();
        for bad in [
            "",
            "hooks.example.cn",
            "ftp://hooks.example.cn/",
            "http://hooks.example.cn/",
            "http://127.0.0.1/",
            "https://",
            "https:///a",
            "https://user:geheim@hooks.example.cn/",
            "https://hooks.example.cn/?key=geheim",
            "https://hooks.example.cn/#geheim",
            "https://hooks.example.cn:0/",
            "https://hooks.example.cn:x/",
            "https://hooks.example.cn:70000/",
            "https://a b/",
            "https://钩子.cn/",
            "https://[::1",
            "https://[::1]x/",
            "https://hooks..cn/",
            "https://10.0.0.1/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://169.254.169.254/latest",
            "https://h.cn/a\r\nHost: b",
        ] {
            let mistakes = Address::read(bad, &reach).expect_err(bad);
            assert!(!format!("{mistakes:?}").contains("geheim"), "{bad}");
        }
    }

    #[test]
    fn it_is_as_long_as_the_limit_and_no_longer() {
        let of = |n: usize| format!("https://h.cn/{}", "a".repeat(n - "https://h.cn/".len()));
        let most = limits::WEBHOOK_ADDRESS_LENGTH;
        assert!(Address::read(&of(most), &Reach::default()).is_ok());
        assert!(Address::read(&of(most + 1), &Reach::default()).is_err());
    }

    #[test]
    fn what_the_operator_names_is_reached_and_no_more() {
        let reach = Reach::read("10.20.0.0/16, 127.0.0.0/8,Hooks.Intra").expect("a reach");
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert!(reach.allows("x", ip("10.20.1.1")) && !reach.allows("x", ip("10.21.1.1")));
        assert!(reach.allows("hooks.intra", ip("192.168.1.1")) && reach.allows("x", ip("1.1.1.1")));
        assert!(reach.allows_plain("x", ip("127.0.0.1")));
        assert!(!reach.allows_plain("x", ip("10.20.1.1")) && !reach.allows_plain("x", ip("::1")));
        assert!(!Reach::default().allows("x", ip("127.0.0.1")));
        assert!(!Reach::default().allows_plain("x", ip("127.0.0.1")));
        assert!(Address::read("http://127.0.0.1:8080/x", &reach).is_ok());
        assert!(Address::read("https://10.20.0.9/", &reach).is_ok());
        for bad in ["a b", "10.20.0.1/16", "https://x"] {
            assert!(Reach::read(bad).is_err(), "{bad}");
        }
        let many = |n: usize| vec!["10.0.0.1"; n].join(",");
        assert!(Reach::read(&many(limits::WEBHOOK_ALLOWED)).is_ok());
        assert!(Reach::read(&many(limits::WEBHOOK_ALLOWED + 1)).is_err());
    }
}
