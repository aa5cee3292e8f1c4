//! Strict readers from the text of a cell or a form field to a value. Nothing is guessed and
//! nothing is rounded: what is not certain is refused with what was expected, and the caller
//! keeps the text it asked about.

mod amount;
mod calendar;
mod wording;

pub use amount::{MoneyUnit, integer, money, quantity, signed_money};
pub use calendar::{DateOrder, MonthOrDay, date, month_or_day, year};
pub use wording::{name, phone, text, truth};

use entity::language::Sentence;

/// A text could not be read. It says what was expected and never repeats what was found, which
/// may be personal; the caller knows the text and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What was expected instead.
    pub expected: Sentence,
}

impl Unreadable {
    /// A refusal with its Chinese and its English words.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Unreadable {
        Unreadable { expected: Sentence::new(zh, en) }
    }
}

impl std::fmt::Display for Unreadable {
    /// Both languages, because an error does not know who reads it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} / {}", self.expected.zh, self.expected.en)
    }
}

impl std::error::Error for Unreadable {}

/// The text with full-width ASCII, the ideographic space and the full-width yuan sign made
/// half-width, and without blanks around it. For codes and numbers; Chinese prose keeps its own
/// punctuation.
pub fn half_width(text: &str) -> String {
    let halves: String = text.chars().map(half_width_of).collect();
    halves.trim().to_owned()
}

/// What a person sees of a code or a number: half-width, without invisible characters.
pub(crate) fn visible(text: &str) -> String {
    half_width(&without_invisible(text))
}

/// The same without any blank: for codes that people write in groups.
pub(crate) fn compact(text: &str) -> String {
    visible(text).split_whitespace().collect()
}

/// Whether a spreadsheet has turned a number into scientific notation, `1.10105E+17`: its last
/// digits may be lost for good.
pub(crate) fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let mantissa = mantissa.trim_start_matches('-');
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    mantissa.starts_with(|first: char| first.is_ascii_digit())
        && mantissa.chars().all(|sign| sign.is_ascii_digit() || sign == '.')
        && is_digits(exponent)
}

pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Invisible characters come along when text is copied from other programs; they are taken out,
/// because two names that look the same must be the same.
fn without_invisible(text: &str) -> String {
    text.chars().filter(|sign| !is_invisible(*sign)).collect()
}

fn half_width_of(sign: char) -> char {
    match sign {
        '\u{3000}' => ' ',
        '￥' => '¥',
        '！'..='～' => char::from_u32(u32::from(sign) - 0xFEE0).unwrap_or(sign),
        _ => sign,
    }
}

/// Characters without a shape of their own: zero-width, soft hyphen, text direction, tags, and
/// the Korean fillers that look like blanks. Variation selectors stay, rare Chinese and Mongolian
/// letters need them.
const fn is_invisible(sign: char) -> bool {
    matches!(
        sign,
        '\u{AD}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn full_width_becomes_half_width() {
        assert_eq!(half_width("１２３ＡＢｃ！～"), "123ABc!~");
        assert_eq!(half_width("\u{3000}\u{A0} ￥１，２ \t"), "¥1,2");
        assert_eq!(half_width("村、组。“好”"), "村、组。“好”");
        assert_eq!(half_width("\u{3000}"), "");
    }

    #[test]
    fn invisible_characters_are_not_read() {
        assert_eq!(visible("\u{FEFF}12\u{200B}3\u{202C}"), "123");
        assert_eq!(compact(" 110105 1949\u{3000}1231\u{A0}002X "), "11010519491231002X");
    }

    #[test]
    fn invisible_ranges_and_their_neighbours() {
        let removed = "\u{AD}\u{61C}\u{115F}\u{1160}\u{200B}\u{200F}\u{202A}\u{202E}\u{2060}\u{206F}\u{3164}\u{FEFF}\u{FFA0}\u{E0000}\u{E007F}";
        assert_eq!(without_invisible(removed), "");
        let kept = "\u{115E}\u{1161}\u{200A}\u{2010}\u{2029}\u{202F}\u{205F}\u{2070}\u{180B}\u{FE00}\u{E0080}\u{E0100}";
        assert_eq!(without_invisible(kept), kept);
    }

    #[test]
    fn scientific_notation_is_recognised() {
        for text in ["1.10105E+17", "1E5", "1.2e-3", "-1.5E+10"] {
            assert!(is_scientific(text), "{text}");
        }
        for text in ["", "E5", "1E", "12", "N2520525MA7TE5T00K", "1E+", "九E5", ".E5"] {
            assert!(!is_scientific(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn half_width_is_settled_after_one_pass(text in any::<String>()) {
            let once = half_width(&text);
            prop_assert_eq!(half_width(&once), once);
        }

        #[test]
        fn no_text_brings_a_reader_down(text in any::<String>()) {
            let _ = (money(&text, MoneyUnit::Yuan), signed_money(&text, MoneyUnit::TenThousandYuan));
            let _ = (integer(&text, 0..=10), quantity(&text), truth(&text), phone(&text));
            let _ = (date(&text, DateOrder::DayFirst), month_or_day(&text, DateOrder::YearFirst));
            let _ = (year(&text), name(&text, 10), super::text(&text, 10));
        }

        #[test]
        fn nor_does_one_made_of_likely_signs(text in "[0-9年月日号:/.TZ+ ,¥元万()eE０-９-]{0,24}") {
            let _ = (money(&text, MoneyUnit::Yuan), signed_money(&text, MoneyUnit::TenThousandYuan));
            let _ = (date(&text, DateOrder::MonthFirst), month_or_day(&text, DateOrder::YearFirst));
            let _ = (integer(&text, 0..=10), quantity(&text), phone(&text), year(&text));
        }
    }
}
