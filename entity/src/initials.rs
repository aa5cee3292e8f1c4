//! `Initials`: the first letters of a name as people type them: 便民桥 is `bmq`.

use pinyin::ToPinyin;
use sea_orm::DeriveValueType;

/// The pinyin initials of a name: one small letter a character of Chinese, letters and digits of
/// other scripts as they are, nothing else. It is derived from the name, so no log keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct Initials(String);

impl Initials {
    /// The initials of a name. A character with several readings has its usual one.
    pub fn of(name: &str) -> Initials {
        let mut initials = String::with_capacity(name.len());
        for character in name.chars() {
            if character.is_ascii() {
                let is_told = character.is_ascii_alphanumeric();
                initials.extend(is_told.then(|| character.to_ascii_lowercase()));
            } else if let Some(reading) = character.to_pinyin() {
                initials.push_str(reading.first_letter());
            } else if let Some(half) = half_width(character) {
                initials.push(half);
            } else if character.is_alphanumeric() {
                // a small letter may be written with a mark of its own
                initials.extend(character.to_lowercase().filter(|one| one.is_alphanumeric()));
            }
        }
        Initials(initials)
    }

    /// The letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The plain form of a letter or digit of full width.
fn half_width(character: char) -> Option<char> {
    let plain = u32::from(character).checked_sub(0xFEE0).and_then(char::from_u32)?;
    plain.is_ascii_alphanumeric().then(|| plain.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_by_its_first_letters() {
        for (name, expected) in [
            ("便民桥", "bmq"),
            ("石桥镇 上河村", "sqzshc"),
            ("K3+200 涵洞（东）", "k3200hdd"),
            ("绿色银行", "lsyx"),
            ("ＡＢ１号", "ab1h"),
            ("Мост", "мост"),
            ("", ""),
            ("《》—", ""),
        ] {
            assert_eq!(Initials::of(name).as_str(), expected, "{name}");
        }
    }

    #[test]
    fn initials_never_hold_what_ends_a_text_in_a_statement() {
        let all = (0..=0x2_FFFF).filter_map(char::from_u32).collect::<String>();
        let initials = Initials::of(&all);
        assert!(initials.as_str().chars().all(char::is_alphanumeric));
    }
}
