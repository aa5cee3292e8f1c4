//! Yes and no, telephone numbers, names and prose from text.

use super::{Unreadable, compact, is_digits, visible, without_invisible};

/// The words for yes and no, in lower case.
const TRUTHS: [(&str, bool); 10] = [
    ("是", true),
    ("否", false),
    ("有", true),
    ("无", false),
    ("yes", true),
    ("no", false),
    ("true", true),
    ("false", false),
    ("1", true),
    ("0", false),
];

/// Reads yes or no: 是/否, 有/无, yes/no, true/false, 1/0.
pub fn truth(text: &str) -> Result<bool, Unreadable> {
    let text = visible(text).to_ascii_lowercase();
    TRUTHS.into_iter().find(|(word, _)| *word == text).map(|(_, truth)| truth).ok_or_else(|| {
        Unreadable::new("应填“是”或“否”（也可填 有/无、1/0）", {
            "expected yes or no (是/否, 有/无, yes/no, true/false or 1/0)"
        })
    })
}

/// Reads a telephone number in mainland China and writes it one way: a mobile number as eleven
/// digits, a landline as `0857-3521234`, a service or local number as its five to eight digits.
/// Blanks, hyphens, brackets and the country code may be written or not.
pub fn phone(text: &str) -> Result<String, Unreadable> {
    let digits = compact(text).replace(['-', '(', ')'], "");
    let national = ["+86", "0086"].iter().find_map(|code| digits.strip_prefix(code));
    let bare = digits.strip_prefix("86").filter(|rest| is_mobile(rest));
    let number = national.or(bare).unwrap_or(&digits);
    if !is_digits(number) {
        return Err(not_a_phone());
    }
    let is_short = (5..=8).contains(&number.len()) && !number.starts_with('0');
    if is_mobile(number) || (is_short && national.is_none()) {
        return Ok(number.to_owned());
    }
    landline(number).ok_or_else(not_a_phone)
}

/// Reads the name of something or someone: one line of 1 to `max` characters.
pub fn name(text: &str, max: usize) -> Result<String, Unreadable> {
    let name = without_invisible(text).trim().to_owned();
    if name.is_empty() {
        return Err(Unreadable::new("不能为空：应为名称", "expected a name, not a blank"));
    }
    if name.chars().any(|sign| sign.is_control() || is_line_break(sign)) {
        return Err(Unreadable::new(
            "应写在一行内，不含换行、制表符等控制字符",
            "expected a single line without line breaks, tabs or other control characters",
        ));
    }
    within(name, max)
}

/// Reads prose of up to `max` characters, possibly none; lines end in `\n` however they ended.
pub fn text(text: &str, max: usize) -> Result<String, Unreadable> {
    let text = without_invisible(text).replace("\r\n", "\n").replace(['\r', '\u{85}'], "\n");
    let text = text.replace(['\u{2028}', '\u{2029}'], "\n").trim().to_owned();
    if text.chars().any(|sign| sign.is_control() && !matches!(sign, '\n' | '\t')) {
        return Err(Unreadable::new(
            "应为普通文字，不含控制字符",
            "expected plain text without control characters",
        ));
    }
    within(text, max)
}

fn within(text: String, max: usize) -> Result<String, Unreadable> {
    if text.contains('\u{FFFD}') {
        return Err(Unreadable::new(
            "含有无法辨认的字符（�），文件编码可能有误；应为正确的文字",
            "an unreadable character (�) suggests a wrong file encoding; expected intact text",
        ));
    }
    let length = text.chars().count();
    if length <= max {
        return Ok(text);
    }
    Err(Unreadable::new(
        format!("应不超过{max}个字，现为{length}个字"),
        format!("expected at most {max} characters; there are {length}"),
    ))
}

const fn is_line_break(sign: char) -> bool {
    matches!(sign, '\u{2028}' | '\u{2029}')
}

fn is_mobile(number: &str) -> bool {
    number.len() == 11 && is_digits(number) && matches!(number.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// Area code and local number apart. 010 and 02x have three digits and eight behind them, the
/// others four and seven or eight; a local number begins with neither 0 nor 1.
fn landline(number: &str) -> Option<String> {
    let (area_digits, local_digits) = match number.as_bytes() {
        [b'0', b'1', b'0', ..] | [b'0', b'2', ..] => (3, 8..=8),
        [b'0', b'3'..=b'9', ..] => (4, 7..=8),
        _ => return None,
    };
    let (area, local) = number.split_at_checked(area_digits)?;
    let is_local = local_digits.contains(&local.len()) && !local.starts_with(['0', '1']);
    is_local.then(|| format!("{area}-{local}"))
}

fn not_a_phone() -> Unreadable {
    Unreadable::new(
        "应为11位手机号、带区号的固定电话（如 0857-3521234）或5至8位短号",
        "expected a mobile number of 11 digits, a landline with its area code such as \
         0857-3521234, or a short number of 5 to 8 digits",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no() {
        for (text, expected) in [
            ("是", true),
            ("否", false),
            (" Yes ", true),
            ("FALSE", false),
            ("１", true),
            ("无", false),
        ] {
            assert_eq!(truth(text), Ok(expected), "{text}");
        }
        for text in ["", "不是", "y", "2", "是否", "√", "01", "真"] {
            assert!(truth(text).is_err(), "{text}");
        }
    }

    #[test]
    fn telephone_numbers_are_written_one_way() {
        let table = [
            ("13812345678", "13812345678"),
            ("138 1234 5678", "13812345678"),
            ("138-1234-5678", "13812345678"),
            ("+86 138 1234 5678", "13812345678"),
            ("008613812345678", "13812345678"),
            ("8613812345678", "13812345678"),
            ("１３８１２３４５６７８", "13812345678"),
            ("\u{202D}19912345678\u{202C}", "19912345678"),
            ("0857-3521234", "0857-3521234"),
            ("（0857）3521234", "0857-3521234"),
            ("08573521234", "0857-3521234"),
            ("085185821234", "0851-85821234"),
            ("010-65581234", "010-65581234"),
            ("+86 021 65581234", "021-65581234"),
            ("12317", "12317"),
            ("3521234", "3521234"),
            ("85821234", "85821234"),
        ];
        for (text, number) in table {
            assert_eq!(phone(text).as_deref(), Ok(number), "{text}");
        }
        let wrong = [
            "",
            "12812345678",
            "1381234567",
            "138123456789",
            "1234",
            "123456789",
            "01234",
            "0857",
            "0857-352123",
            "0857-352123456",
            "010-6558123",
            "010-655812345",
            "0857-1521234",
            "0857-0521234",
            "011-65581234",
            "1.38E+10",
            "13812345678.0",
            "+8612317",
            "138123456７８x",
            "电话",
            "13812345678,13912345678",
            "0857-3521234转801",
            "+1 202 555 0100",
        ];
        for text in wrong {
            assert_eq!(phone(text), Err(not_a_phone()), "{text}");
        }
    }

    #[test]
    fn names_are_one_visible_line() {
        assert_eq!(name("\u{3000}光伏电站（一期） ", 20).as_deref(), Ok("光伏电站（一期）"));
        assert_eq!(name("\u{FEFF}中\u{200B}房\u{202E}村\u{2069}", 3).as_deref(), Ok("中房村"));
        assert_eq!(name("𠮷野村", 3).as_deref(), Ok("𠮷野村"));
        assert_eq!(name("ᠮᠣᠩᠭᠣᠯ\u{180B}", 7).map(|name| name.chars().count()), Ok(7));
        for text in
            ["", "  \u{3000}", "\u{200B}", "一\n二", "一\r二", "一\t二", "一\u{2028}二", "\u{7}a"]
        {
            assert!(name(text, 20).is_err(), "{text:?}");
        }
        assert!(name("中\u{FFFD}村", 20).is_err());
    }

    #[test]
    fn the_longest_name_and_one_past_it() {
        assert!(name(&"字".repeat(100), 100).is_ok());
        assert!(name(&format!(" {} ", "字".repeat(100)), 100).is_ok());
        let refusal = name(&"字".repeat(101), 100).expect_err("too long").expected;
        assert!(refusal.zh.contains("100") && refusal.en.contains("101"), "{refusal:?}");
        assert!(text(&"字".repeat(101), 100).is_err());
        assert!(text(&"字".repeat(100), 100).is_ok());
    }

    #[test]
    fn prose_keeps_its_lines() {
        assert_eq!(text(" 一\r\n二\r三\u{2028}四\t五 ", 20).as_deref(), Ok("一\n二\n三\n四\t五"));
        assert_eq!(text(" \u{200B} ", 20).as_deref(), Ok(""));
        assert!(text("一\0二", 20).is_err());
        assert!(text("一\u{1B}[31m", 20).is_err());
        assert!(text("\u{FFFD}", 20).is_err());
    }
}
