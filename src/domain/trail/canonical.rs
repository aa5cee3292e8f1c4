//! Canonical JSON (RFC 8785) over a schema whose only numbers are exact integers.

use std::cmp::Ordering;
use std::fmt::Write as _;

use entity::language::Sentence;
use serde_json::{Map, Number, Value};

use super::text;

/// The largest magnitude of an integer, 2^53 - 1: beyond it a JSON number need not be exact.
pub const INTEGER_LIMIT: u64 = (1 << 53) - 1;

/// The deepest nesting of arrays and objects in a canonical value.
pub const DEPTH_LIMIT: usize = 64;

/// Bytes set aside for a value at first; an entry of the trail has about this many.
const USUAL_LENGTH: usize = 1024;

/// A value that has no canonical form, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCanonical {
    /// The place in the value: `$` is the whole, `.name` a field, `[0]` an item.
    pub path: String,
    /// What is wrong there.
    pub fault: Fault,
}

/// Why a value has no canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A number that is not an integer between -(2^53 - 1) and 2^53 - 1, as it stands there.
    Number(String),
    /// Arrays and objects nested deeper than [`DEPTH_LIMIT`].
    Depth,
}

impl NotCanonical {
    /// What is wrong, in both languages.
    pub fn sentence(&self) -> Sentence {
        let path = &self.path;
        match &self.fault {
            Fault::Number(found) => Sentence {
                zh: format!("{path} 应为绝对值小于 2^53 的整数，实为 {found}"),
                en: format!("{path}: expected an integer below 2^53 in magnitude, found {found}"),
            },
            Fault::Depth => Sentence {
                zh: format!("{path} 嵌套超过 {DEPTH_LIMIT} 层"),
                en: format!("{path}: nested deeper than {DEPTH_LIMIT} levels"),
            },
        }
    }
}

text::error_from_sentence!(NotCanonical);

/// The canonical text of a value; its UTF-8 bytes are what a leaf hash is taken of.
///
/// Strings are kept character by character, as RFC 8785 demands: bringing them to Unicode NFC is
/// up to whoever makes the value.
pub fn canonical(value: &Value) -> Result<String, NotCanonical> {
    let mut text = String::with_capacity(USUAL_LENGTH);
    append_canonical(value, &mut text)?;
    Ok(text)
}

/// Appends the canonical text of a value; on an error `out` is left as it was.
pub fn append_canonical(value: &Value, out: &mut String) -> Result<(), NotCanonical> {
    let length = out.len();
    let result = append_value(value, &Place { depth: 0, step: None }, out);
    if result.is_err() {
        out.truncate(length);
    }
    result
}

/// The way from the whole value to one inside it, kept on the stack for the sake of errors.
struct Place<'a> {
    depth: usize,
    step: Option<(&'a Place<'a>, Step<'a>)>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

impl<'a> Place<'a> {
    fn inside(&'a self, step: Step<'a>) -> Place<'a> {
        Place { depth: self.depth + 1, step: Some((self, step)) }
    }

    fn refuse(&self, fault: Fault) -> NotCanonical {
        NotCanonical { path: self.path(), fault }
    }

    fn path(&self) -> String {
        let Some((outer, step)) = self.step else { return "$".into() };
        let outer = outer.path();
        match step {
            Step::Item(index) => format!("{outer}[{index}]"),
            Step::Field(name) if is_plain(name) => format!("{outer}.{name}"),
            Step::Field(name) => {
                let mut path = outer + "[";
                append_string(name, &mut path);
                path + "]"
            }
        }
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn append_value(value: &Value, place: &Place<'_>, out: &mut String) -> Result<(), NotCanonical> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => append_integer(number, place, out)?,
        Value::String(string) => append_string(string, out),
        Value::Array(_) | Value::Object(_) if place.depth == DEPTH_LIMIT => {
            return Err(place.refuse(Fault::Depth));
        }
        Value::Array(items) => append_array(items, place, out)?,
        Value::Object(fields) => append_object(fields, place, out)?,
    }
    Ok(())
}

fn append_integer(
    number: &Number,
    place: &Place<'_>,
    out: &mut String,
) -> Result<(), NotCanonical> {
    let integer = number.as_i64().filter(|integer| integer.unsigned_abs() <= INTEGER_LIMIT);
    let Some(integer) = integer else {
        return Err(place.refuse(Fault::Number(text::shown(&number.to_string()))));
    };
    // Writing to a String cannot fail.
    _ = write!(out, "{integer}");
    Ok(())
}

fn append_array(items: &[Value], place: &Place<'_>, out: &mut String) -> Result<(), NotCanonical> {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        append_value(item, &place.inside(Step::Item(index)), out)?;
    }
    out.push(']');
    Ok(())
}

fn append_object(
    fields: &Map<String, Value>,
    place: &Place<'_>,
    out: &mut String,
) -> Result<(), NotCanonical> {
    out.push('{');
    if fields.keys().is_sorted_by(|one, next| utf16_order(one, next).is_lt()) {
        append_fields(fields.iter(), place, out)?;
    } else {
        let mut sorted: Vec<_> = fields.iter().collect();
        sorted.sort_unstable_by(|(one, _), (next, _)| utf16_order(one, next));
        append_fields(sorted.into_iter(), place, out)?;
    }
    out.push('}');
    Ok(())
}

/// The order of keys in RFC 8785 section 3.2.3: by UTF-16 code units.
pub(super) fn utf16_order(one: &str, next: &str) -> Ordering {
    // It is that of UTF-8 bytes, but for characters from U+E000 on, whose first byte is 0xee or more.
    match one.bytes().zip(next.bytes()).find(|(one, next)| one != next) {
        Some((one, next)) if one.max(next) < 0xee => one.cmp(&next),
        Some(_) => one.encode_utf16().cmp(next.encode_utf16()),
        None => one.len().cmp(&next.len()),
    }
}

fn append_fields<'a>(
    fields: impl Iterator<Item = (&'a String, &'a Value)>,
    place: &Place<'_>,
    out: &mut String,
) -> Result<(), NotCanonical> {
    for (index, (name, value)) in fields.enumerate() {
        if index > 0 {
            out.push(',');
        }
        append_string(name, out);
        out.push(':');
        append_value(value, &place.inside(Step::Field(name)), out)?;
    }
    Ok(())
}

/// Appends a string with the escapes of RFC 8785 section 3.2.2.2, copying whole runs between them.
pub(super) fn append_string(string: &str, out: &mut String) {
    out.push('"');
    let mut rest = string;
    // Few strings need an escape, and a loop without a way out looks at 16 bytes at a time.
    if string.bytes().fold(false, |any, byte| any | is_escaped(byte)) {
        while let Some(at) = rest.bytes().position(is_escaped) {
            out.push_str(&rest[..at]);
            append_escape(rest.as_bytes()[at], out);
            rest = &rest[at + 1..];
        }
    }
    out.push_str(rest);
    out.push('"');
}

fn is_escaped(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn append_escape(byte: u8, out: &mut String) {
    let short = match byte {
        b'"' => "\\\"",
        b'\\' => "\\\\",
        0x08 => "\\b",
        b'\t' => "\\t",
        b'\n' => "\\n",
        0x0c => "\\f",
        b'\r' => "\\r",
        _ => {
            out.push_str("\\u00");
            return out.push_str(&text::to_hex(&[byte]));
        }
    };
    out.push_str(short);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn refused(value: &Value) -> String {
        canonical(value).unwrap_err().sentence().en
    }

    #[test]
    fn keys_are_in_the_order_of_utf16_and_not_of_utf8() {
        let value = json!({ "\u{ff61}": 1, "\u{1f600}": 2, "b": 3, "": 4, "a": 5, "ab": 6 });
        let expected = "{\"\":4,\"a\":5,\"ab\":6,\"b\":3,\"\u{1f600}\":2,\"\u{ff61}\":1}";
        assert_eq!(canonical(&value).unwrap(), expected);
    }

    #[test]
    fn the_order_is_that_of_code_units() {
        let edges =
            ["", "a", "\u{7f}", "\u{80}", "扶", "\u{d7ff}", "\u{e000}", "\u{ffff}", "😀", "𠮷"];
        let all: Vec<_> = edges.iter().flat_map(|a| edges.map(|b| format!("{a}{b}"))).collect();
        for one in &all {
            for next in &all {
                let expected = one.encode_utf16().cmp(next.encode_utf16());
                assert_eq!(utf16_order(one, next), expected, "{one:?} {next:?}");
            }
        }
    }

    #[test]
    fn strings_are_escaped_exactly() {
        let every: String =
            (0_u8..0x80).map(char::from).chain("\u{80}\u{2028}扶😀".chars()).collect();
        let expected = concat!(
            r#""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#,
            r"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d",
            r##"\u001e\u001f !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"##,
            "abcdefghijklmnopqrstuvwxyz{|}~\u{7f}\u{80}\u{2028}扶😀\"",
        );
        assert_eq!(canonical(&json!(every)).unwrap(), expected);
    }

    #[test]
    fn only_exact_integers_are_numbers() {
        let limit = i64::try_from(INTEGER_LIMIT).unwrap();
        let value = json!([0, -1, limit, -limit]);
        assert_eq!(canonical(&value).unwrap(), "[0,-1,9007199254740991,-9007199254740991]");
        for bad in [json!(limit + 1), json!(-limit - 1), json!(u64::MAX), json!(1.0), json!(0.1)] {
            assert_eq!(canonical(&bad).unwrap_err().fault, Fault::Number(bad.to_string()));
        }
    }

    #[test]
    fn an_error_names_the_place() {
        assert_eq!(
            refused(&json!({ "v": 1, "amounts": [1, { "元": 0.5 }] })),
            "$.amounts[1][\"元\"]: expected an integer below 2^53 in magnitude, found 0.5"
        );
        assert_eq!(canonical(&json!(0.5)).unwrap_err().path, "$");
        assert_eq!(canonical(&json!({ "": 0.5 })).unwrap_err().path, "$[\"\"]");
    }

    #[test]
    fn depth_is_limited() {
        let nested = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
        assert!(canonical(&nested(DEPTH_LIMIT)).is_ok());
        let refused = canonical(&nested(DEPTH_LIMIT + 1)).unwrap_err();
        assert_eq!(refused.path, format!("${}", "[0]".repeat(DEPTH_LIMIT)));
        assert_eq!(refused.fault, Fault::Depth);
    }

    #[test]
    fn appending_keeps_what_was_there() {
        let mut out = String::from("x");
        append_canonical(&json!({ "b": [], "a": {} }), &mut out).unwrap();
        assert_eq!(out, "x{\"a\":{},\"b\":[]}");
        append_canonical(&json!({ "a": "long enough", "b": 1.5 }), &mut out).unwrap_err();
        assert_eq!(out, "x{\"a\":{},\"b\":[]}");
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let limit = i64::try_from(INTEGER_LIMIT).unwrap();
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-limit..=limit).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..8)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_text_reads_back_as_the_same_value(value in any_value()) {
            let text = canonical(&value).unwrap();
            let back: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&back, &value);
            prop_assert_eq!(canonical(&back).unwrap(), text);
        }
    }
}
