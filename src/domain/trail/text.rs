//! Reading the text forms of notes, keys and proofs line by line, with precise complaints.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entity::language::{Label, Sentence};

use super::merkle::{Hash, SIZE_LIMIT};

/// The most bytes a note or a proof file may have; ours have a few kilobytes.
pub const TEXT_LIMIT: usize = 1 << 20;

/// The most characters of a foreign text repeated in a complaint.
const SHOWN_LIMIT: usize = 80;

const SHORT_ENOUGH: Label =
    Label { zh: "不超过 1 MiB 的文本", en: "a text of at most 1 MiB" };
const LINE_END: Label =
    Label { zh: "以换行符结尾的行", en: "a line that ends in a newline" };
const TEXT_END: Label = Label { zh: "文本结束", en: "the end of the text" };

/// Where a text departs from its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadText {
    /// The line, counted from 1.
    pub line: usize,
    /// What should stand there.
    pub expected: Label,
    /// What stands there, shortened and with control characters escaped; nothing if the text ends.
    pub found: Option<String>,
}

impl BadText {
    /// What is wrong, in both languages.
    pub fn sentence(&self) -> Sentence {
        let (line, Label { zh, en }) = (self.line, self.expected);
        match &self.found {
            None => Sentence {
                zh: format!("第 {line} 行应为{zh}，但文本到此结束"),
                en: format!("line {line}: expected {en}, but the text ends here"),
            },
            Some(found) if found.is_empty() => Sentence {
                zh: format!("第 {line} 行应为{zh}，实为空行"),
                en: format!("line {line}: expected {en}, found an empty line"),
            },
            Some(found) => Sentence {
                zh: format!("第 {line} 行应为{zh}，实为“{found}”"),
                en: format!("line {line}: expected {en}, found “{found}”"),
            },
        }
    }
}

/// Gives types with a `sentence` method their `Display` (in English) and `Error`.
macro_rules! error_from_sentence {
    ($($name:ty),+) => { $(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.sentence().en)
            }
        }
        impl std::error::Error for $name {}
    )+ };
}
pub(crate) use error_from_sentence;

error_from_sentence!(BadText);

/// A place in a text that is read line by line; every line ends in a newline, U+000A.
pub(super) struct Lines<'a> {
    text: &'a str,
    start: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Result<Lines<'a>, BadText> {
        if text.len() <= TEXT_LIMIT {
            return Ok(Lines { text, start: 0, line: 1 });
        }
        let found = Some(format!("{} B", text.len()));
        Err(BadText { line: 1, expected: SHORT_ENOUGH, found })
    }

    /// Reads one line with `read`; where that gives nothing, `expected` tells what was missed.
    pub(super) fn read<T>(
        &mut self,
        expected: Label,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<T, BadText> {
        let rest = &self.text[self.start..];
        let Some(length) = rest.find('\n') else {
            let (expected, found) =
                if rest.is_empty() { (expected, None) } else { (LINE_END, Some(shown(rest))) };
            return Err(BadText { line: self.line, expected, found });
        };
        let line = &rest[..length];
        let value = read(line).ok_or_else(|| self.complain(expected, line))?;
        self.start += length + 1;
        self.line += 1;
        Ok(value)
    }

    /// Refuses anything after the last line.
    pub(super) fn finish(&self) -> Result<(), BadText> {
        let rest = &self.text[self.start..];
        match rest.split('\n').next() {
            Some(line) if !rest.is_empty() => Err(self.complain(TEXT_END, line)),
            _ => Ok(()),
        }
    }

    /// Whether the next line begins with `start`.
    pub(super) fn next_starts_with(&self, start: &str) -> bool {
        self.text[self.start..].starts_with(start)
    }

    /// The byte at which the next line begins.
    pub(super) fn position(&self) -> usize {
        self.start
    }

    /// The text already read since byte `start`.
    pub(super) fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.start]
    }

    fn complain(&self, expected: Label, line: &str) -> BadText {
        BadText { line: self.line, expected, found: Some(shown(line)) }
    }
}

/// A foreign text as repeated in a complaint: at most 80 characters, control characters escaped.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars().take(SHOWN_LIMIT) {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    if text.chars().nth(SHOWN_LIMIT).is_some() {
        shown.push('…');
    }
    shown
}

/// An ASCII decimal up to [`SIZE_LIMIT`], without sign and without leading zeroes.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number <= SIZE_LIMIT && number.to_string() == text).then_some(number)
}

/// Standard base64 with padding (RFC 4648 section 4).
pub(super) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of a canonical standard base64 text.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// The hash written as one base64 text.
pub(super) fn hash_from_base64(text: &str) -> Option<Hash> {
    Hash::try_from(from_base64(text)?.as_slice()).ok()
}

/// Lower-case hexadecimal digits.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digits = |byte: u8| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    bytes.iter().copied().flat_map(digits).collect()
}

/// The bytes written as pairs of hexadecimal digits of either case.
pub(super) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
    }
    Some(bytes)
}

fn hex_digit(digit: u8) -> Option<u8> {
    u8::try_from(char::from(digit).to_digit(16)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORD: Label = Label { zh: "一个词", en: "a word" };

    #[test]
    fn complaints_name_line_expectation_and_finding() {
        let mut lines = Lines::of("one\ntwo\r\n\nrest").unwrap();
        assert_eq!(lines.read(WORD, Some), Ok("one"));
        let refused = lines.read(WORD, |_| None::<()>).unwrap_err();
        assert_eq!(refused.sentence().en, "line 2: expected a word, found “two\\r”");
        assert_eq!(lines.read(WORD, Some), Ok("two\r"));
        let refused = lines.read(WORD, |_| None::<()>).unwrap_err();
        assert_eq!(refused.sentence().zh, "第 3 行应为一个词，实为空行");
        assert_eq!(lines.read(WORD, Some), Ok(""));
        let refused = lines.read(WORD, Some).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "line 4: expected a line that ends in a newline, found “rest”"
        );
    }

    #[test]
    fn an_early_end_and_a_late_end_are_told() {
        let mut lines = Lines::of("one\n").unwrap();
        assert!(lines.finish().is_err());
        lines.read(WORD, Some).unwrap();
        assert_eq!(lines.finish(), Ok(()));
        let refused = lines.read(WORD, Some).unwrap_err();
        assert_eq!(refused.sentence().zh, "第 2 行应为一个词，但文本到此结束");
        assert!(Lines::of(&"x".repeat(TEXT_LIMIT + 1)).is_err());
        assert!(Lines::of(&"x".repeat(TEXT_LIMIT)).is_ok());
    }

    #[test]
    fn numbers_have_one_form() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("9007199254740991"), Some(SIZE_LIMIT));
        for bad in ["", "00", "01", "+1", "-1", "1 ", "9007199254740992", "1e3", "１"] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
    }

    #[test]
    fn long_and_odd_texts_are_shortened() {
        assert_eq!(shown("a\u{7}b"), "a\\u{7}b");
        assert_eq!(shown(&"字".repeat(81)).chars().count(), 81);
        assert_eq!(shown(&"字".repeat(80)), "字".repeat(80));
    }

    #[test]
    fn hexadecimal_reads_back() {
        assert_eq!(from_hex(&to_hex(&[0, 9, 0xaf, 0xff])), Some([0, 9, 0xaf, 0xff]));
        assert_eq!(from_hex("AF"), Some([0xaf]));
        for bad in ["", "a", "ag", "a+", "abc", "abcd", "é"] {
            assert_eq!(from_hex::<1>(bad), None, "{bad}");
        }
    }

    #[test]
    fn base64_has_one_form() {
        assert_eq!(from_base64("AQ=="), Some(vec![1]));
        for bad in ["AQ", "AR==", "AQ= =", "AQ==\n", "_w=="] {
            assert_eq!(from_base64(bad), None, "{bad}");
        }
    }
}
