//! What of a person is shown (reliability.md §4.4; domain.md §3.1): masked everywhere, whole at the
//! machine that holds the keys and where it is revealed for a reason that stays in the log.

/// A name and a telephone as a reader may see them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The telephone; empty when none is recorded.
    pub phone: String,
}

impl Contact {
    /// Surname and asterisks; the first three and the last four digits.
    pub fn masked(&self) -> Contact {
        Contact { name: mask_name(&self.name), phone: mask_phone(&self.phone) }
    }
}

/// The first character, then an asterisk for each other.
pub fn mask_name(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(String::from).unwrap_or_default();
    first + &"*".repeat(characters.count().min(3))
}

/// The first three and the last four digits; short numbers lose all but the last two.
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().collect();
    let (head, tail) = if digits.len() >= 11 { (3, 4) } else { (0, 2.min(digits.len())) };
    let hidden = digits.len() - head - tail;
    digits[..head]
        .iter()
        .copied()
        .chain(std::iter::repeat_n('*', hidden))
        .chain(digits[digits.len() - tail..].iter().copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_leaves_enough_to_tell_people_apart() {
        let contact = Contact { name: "陈立新".into(), phone: "13800001234".into() };
        let masked = contact.masked();
        assert_eq!((masked.name.as_str(), masked.phone.as_str()), ("陈**", "138****1234"));
    }

    #[test]
    fn short_and_empty_numbers() {
        assert_eq!(mask_phone("8765432"), "*****32");
        assert_eq!(mask_phone("1"), "1");
        assert_eq!(mask_phone(""), "");
        assert_eq!(mask_name(""), "");
    }
}
