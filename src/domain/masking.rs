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

/// Whether all of a number is there to be dialled.
pub fn is_whole(phone: &str) -> bool {
    !phone.is_empty() && !phone.contains('*')
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

/// A text in which numbers of people's telephones and identity cards are masked; other numbers, such
/// as the code of an asset, stay.
pub fn mask_numbers(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find(|one: char| one.is_ascii_digit()) {
        masked.push_str(&rest[..begin]);
        rest = &rest[begin..];
        let digits = rest.find(|one: char| !one.is_ascii_digit()).unwrap_or(rest.len());
        let is_checked = rest[digits..].starts_with(['X', 'x']) && digits == IDENTITY - 1;
        let run = &rest[..digits + usize::from(is_checked)];
        let is_mobile = run.len() == MOBILE && run.starts_with('1');
        if is_mobile || run.len() == IDENTITY {
            masked.push_str(&mask_phone(run));
        } else {
            masked.push_str(run);
        }
        rest = &rest[run.len()..];
    }
    masked + rest
}

/// Digits of a mobile telephone's number.
const MOBILE: usize = 11;
/// Characters of the number of an identity card (GB 11643).
const IDENTITY: usize = 18;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_are_masked_in_a_text() {
        for (text, expected) in [
            ("王13812345678身份证.jpg", "王138****5678身份证.jpg"),
            ("52038119800101123X.pdf", "520***********123X.pdf"),
            ("520381198001011234 和 13812345678", "520***********1234 和 138****5678"),
            ("529901100201201401000010.jpg", "529901100201201401000010.jpg"),
            ("合同2026-06-01（23812345678）", "合同2026-06-01（23812345678）"),
            ("", ""),
        ] {
            assert_eq!(mask_numbers(text), expected);
        }
    }

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
