//! An address of electronic mail: what it must look like, and how little of it is shown.

use entity::language::Sentence;

use crate::{
    domain::mistake::{Mistake, Mistakes},
    limits,
};

/// Reads an address as somebody typed it.
pub fn read(field: &'static str, typed: &str) -> Result<String, Mistakes> {
    let text = typed.trim();
    let is_short = text.len() <= limits::MAIL_ADDRESS_LENGTH;
    let is_plain =
        text.is_ascii() && !text.contains(|c: char| c.is_control() || c == '"' || c == ' ');
    let domain = text.rsplit_once('@').map_or("", |(_, domain)| domain);
    let is_known = domain.contains('.') && text.parse::<lettre::Address>().is_ok();
    if is_short && is_plain && is_known {
        return Ok(text.to_owned());
    }
    let most = limits::MAIL_ADDRESS_LENGTH;
    let expected = Sentence::new(
        format!("邮箱地址，如 a@b.gov.cn，不超过 {most} 个字符"),
        format!("an address such as a@b.gov.cn, at most {most} characters"),
    );
    // what was typed is personal data even where it is no address
    let mut mistakes = Mistakes::default();
    mistakes.push(Mistake::new(field, "…", expected));
    Err(mistakes)
}

/// What of an address is shown: its first letter and where it is.
pub fn masked(address: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}***@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_from_what_is_none() {
        for good in ["a@b.cn", " wang.hm+tz@caizheng.qh.gov.cn ", "0x@b-c.example"] {
            assert_eq!(read("mail", good).ok().as_deref(), Some(good.trim()), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@",
            "@b.cn",
            "a@b",
            "a b@c.cn",
            "a@b..cn",
            "a@b.cn\r\nBcc: x@y.cn",
            "王@b.cn",
            "\"a\"@b.cn",
            "a@b.cn,c@d.cn",
        ] {
            let mistakes = read("mail", bad).expect_err(bad);
            assert!(!format!("{mistakes:?}").contains("Bcc"), "{bad}");
        }
    }

    #[test]
    fn it_is_as_long_as_the_limit_and_no_longer() {
        let of = |n: usize| {
            let label = "d".repeat(62);
            let tail = format!("@{label}.{label}.{label}.cn");
            format!("{}{tail}", "a".repeat(n - tail.len()))
        };
        let most = limits::MAIL_ADDRESS_LENGTH;
        assert!(read("mail", &of(most)).is_ok(), "{}", of(most));
        assert!(read("mail", &of(most + 1)).is_err());
    }

    #[test]
    fn little_of_it_is_shown() {
        assert_eq!(masked("wanghm@qh.gov.cn"), "w***@qh.gov.cn");
    }
}
