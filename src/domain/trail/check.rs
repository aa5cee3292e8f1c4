//! Whether a text is canonical JSON, told by reading it once and building nothing.

use std::{borrow::Cow, cmp::Ordering};

use super::canonical::{DEPTH_LIMIT, INTEGER_LIMIT, utf16_order};

/// Whether a text is the canonical form of the value it stands for: what [`canonical`] would write
/// after reading it.
///
/// [`canonical`]: super::canonical::canonical
pub fn is_canonical(text: &str) -> bool {
    let mut reader = Reader { text, at: 0 };
    reader.value(0).is_some() && reader.at == text.len()
}

/// Reads one text; every method answers nothing where the text is not canonical.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        let is_it = self.peek() == Some(byte);
        self.at += usize::from(is_it);
        is_it.then_some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text.as_bytes()[self.at..].starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        match self.peek()? {
            b'"' => self.string().map(drop),
            b'{' | b'[' if depth == DEPTH_LIMIT => None,
            b'{' => self.object(depth + 1),
            b'[' => self.array(depth + 1),
            b'n' => self.word("null"),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            _ => self.integer(),
        }
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.take(b'[')?;
        if self.take(b']').is_some() {
            return Some(());
        }
        loop {
            self.value(depth)?;
            if self.take(b',').is_none() {
                return self.take(b']');
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        self.take(b'{')?;
        if self.take(b'}').is_some() {
            return Some(());
        }
        let mut last: Option<&str> = None;
        loop {
            let name = self.string()?;
            if last.is_some_and(|last| order(last, name).is_none_or(Ordering::is_ge)) {
                return None;
            }
            last = Some(name);
            self.take(b':')?;
            self.value(depth)?;
            if self.take(b',').is_none() {
                return self.take(b'}');
            }
        }
    }

    /// A string as it is written, with its quotes.
    fn string(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.take(b'"')?;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let run = rest.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\'))?;
            self.at += run;
            match rest[run] {
                b'"' => {
                    self.at += 1;
                    return Some(&self.text[start..self.at]);
                }
                b'\\' => self.escape()?,
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += match *rest.get(1)? {
            b'"' | b'\\' | b'b' | b't' | b'n' | b'f' | b'r' => 2,
            b'u' if is_long_escape(rest.get(2..6)?) => 6,
            _ => return None,
        };
        Some(())
    }

    fn integer(&mut self) -> Option<()> {
        let is_negative = self.take(b'-').is_some();
        let rest = &self.text[self.at..];
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let digits = &rest[..length];
        self.at += length;
        let is_plain =
            if digits.starts_with('0') { length == 1 && !is_negative } else { length > 0 };
        (is_plain && digits.parse::<u64>().ok()? <= INTEGER_LIMIT).then_some(())
    }
}

/// Whether four digits name a control character that has no shorter escape.
fn is_long_escape(digits: &[u8]) -> bool {
    match digits {
        [b'0', b'0', b'0', last] => matches!(last, b'0'..=b'7' | b'b' | b'e' | b'f'),
        [b'0', b'0', b'1', last] => matches!(last, b'0'..=b'9' | b'a'..=b'f'),
        _ => false,
    }
}

/// The order of two names as they are written.
fn order(one: &str, next: &str) -> Option<Ordering> {
    Some(utf16_order(&plain(one)?, &plain(next)?))
}

/// A string without its quotes and escapes.
fn plain(written: &str) -> Option<Cow<'_, str>> {
    if written.contains('\\') {
        return serde_json::from_str(written).ok().map(Cow::Owned);
    }
    written.strip_prefix('"')?.strip_suffix('"').map(Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::{super::canonical::canonical, *};

    /// Texts that are canonical and texts that miss it by little.
    const EDGES: [&str; 69] = [
        "",
        " ",
        "1",
        "01",
        "-1",
        "-0",
        "0",
        "00",
        "-",
        "1 ",
        " 1",
        "1.0",
        "1e3",
        "+1",
        "nul",
        "null",
        "true",
        "false",
        "truefalse",
        "\"",
        "\"\"",
        "[]",
        "[ ]",
        "[1,]",
        "[,1]",
        "[1 ,2]",
        "[1,2]",
        "[1",
        "{}",
        "{",
        "{\"a\"}",
        "{\"a\":1}",
        "{\"a\": 1}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"b\":2}",
        "{\"b\":1,\"a\":2}",
        "{\"a\":1,}",
        "{\"\":1,\"a\":2}",
        "{a:1}",
        "{\"\\n\":1,\"a\":2}",
        "{\"a\":1,\"\\n\":2}",
        "{\"\\\"\":1,\"!\":2}",
        "{\"!\":1,\"\\\"\":2}",
        "{\"\u{1f600}\":1,\"\u{ff61}\":2}",
        "{\"\u{ff61}\":1,\"\u{1f600}\":2}",
        "9007199254740991",
        "-9007199254740991",
        "9007199254740992",
        "-9007199254740992",
        "99999999999999999999",
        "\"\u{7f}扶😀\"",
        "\"\t\"",
        "\"\\t\"",
        "\"\\/\"",
        "\"/\"",
        "\"\\u000a\"",
        "\"\\u000b\"",
        "\"\\u000B\"",
        "\"\\u001f\"",
        "\"\\u0020\"",
        "\"\\u0041\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\u00\"",
        "\"\\",
        "\"\\x\"",
        "\"\\u0008\"",
        "\"\\u0000\"",
        "\u{feff}1",
    ];

    /// The same told by reading the text to a value and writing that anew.
    fn is_rewritten(text: &str) -> bool {
        let value: Result<Value, _> = serde_json::from_str(text);
        value.is_ok_and(|value| canonical(&value).is_ok_and(|anew| anew == text))
    }

    #[test]
    fn the_answer_is_that_of_writing_the_value_anew() {
        let limit = DEPTH_LIMIT;
        let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        for text in EDGES.map(str::to_owned).into_iter().chain([nested(limit), nested(limit + 1)]) {
            assert_eq!(is_canonical(&text), is_rewritten(&text), "{text:?}");
        }
        assert!(is_canonical(&nested(limit)) && !is_canonical(&nested(limit + 1)));
    }

    proptest! {
        #[test]
        fn any_text_is_told_alike(text in r#"[\[\]{}:,"\\untrfabe01 -]{0,12}|"[ -~扶\\"]{0,8}""#) {
            prop_assert_eq!(is_canonical(&text), is_rewritten(&text));
        }

        #[test]
        fn two_members_are_told_alike(one in any::<String>(), next in any::<String>(), n in any::<i64>()) {
            let written = |text: &str| serde_json::to_string(text).unwrap();
            let text = format!("{{{}:{n},{}:[{}]}}", written(&one), written(&next), written(&one));
            prop_assert_eq!(is_canonical(&text), is_rewritten(&text));
        }
    }
}
