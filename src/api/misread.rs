//! What the reader of JSON and of queries says, in the words of people: the field, what was found
//! there, what was expected, in both languages. Values of the sender are never repeated: anything
//! may stand where it does not belong, a name or a telephone too.

use entity::language::{Label, Sentence};

use crate::{http::fault::Misread, limits};

/// What a reader's words mean; `place` is the field, where it is known.
pub(super) fn of(place: &str, said: &str) -> Misread {
    let place = if place == "." { "" } else { place };
    let known =
        FORMS.iter().find_map(|(prefix, form)| Some(form(place, said.strip_prefix(prefix)?)));
    known.unwrap_or_else(|| misread(place, "", KIND_OF_TEXT.into()))
}

/// The same of a query, whose reader puts the field before what it says.
pub(super) fn of_query(said: &str) -> Misread {
    let said = said.strip_prefix("Failed to deserialize query string: ").unwrap_or(said);
    let named = said.split_once(": ").filter(|(name, _)| name.chars().all(is_of_a_name));
    let (place, said) = named.unwrap_or((".", said));
    of(place, said)
}

fn is_of_a_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_.[]".contains(character)
}

const KIND_OF_TEXT: Label = Label::new("格式不正确", "not of the right form");

/// A way in which a reader says no: how it begins, and what it means.
type Form = (&'static str, fn(&str, &str) -> Misread);

const FORMS: [Form; 14] = [
    ("missing field ", missing),
    ("unknown field ", unknown_field),
    ("duplicate field ", duplicate),
    ("unknown variant ", unknown_variant),
    ("invalid type: ", invalid),
    ("invalid value: ", invalid),
    ("invalid length ", |place, _| plain(place, "个数不对", "not the right number of members")),
    ("invalid digit", whole_number),
    ("cannot parse integer", whole_number),
    // what our own values expect, in both languages
    ("应", |place, said| misread(place, "", Sentence::of_both(&format!("应{said}")))),
    // what the reader of days says
    ("input ", day),
    ("premature end of input", day),
    ("trailing input", day),
    ("provided string was not `true` or `false`", |place, _| {
        plain(place, "应为 true 或 false", "true or false is expected")
    }),
];

fn misread(field: &str, found: &str, expected: Sentence) -> Misread {
    Misread { field: shortened(field), found: found.to_owned(), expected }
}

/// As much of a name as a message may carry.
fn shortened(name: &str) -> String {
    name.chars().take(limits::NAME_LENGTH).collect()
}

fn plain(place: &str, zh: &str, en: &str) -> Misread {
    misread(place, "", Sentence::new(zh, en))
}

fn whole_number(place: &str, _: &str) -> Misread {
    plain(place, "应为整数", "a whole number is expected")
}

fn day(place: &str, _: &str) -> Misread {
    plain(place, "应为日期，如 2026-06-30", "a day such as 2026-06-30 is expected")
}

/// The names in backquotes.
fn names(said: &str) -> Vec<&str> {
    said.split('`').skip(1).step_by(2).collect()
}

/// A field below another.
fn below(place: &str, name: &str) -> String {
    let parent = match place.rsplit_once('.') {
        // the reader may have named the field already
        Some((parent, last)) if last == name || last == "?" => parent,
        None if place == name || place == "?" => "",
        _ => place,
    };
    if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") }
}

fn missing(place: &str, said: &str) -> Misread {
    let name = names(said).first().copied().unwrap_or_default();
    plain(&below(place, name), "缺少这个字段", "this field is missing")
}

fn duplicate(place: &str, said: &str) -> Misread {
    let name = names(said).first().copied().unwrap_or_default();
    plain(&below(place, name), "同一字段出现两次", "this field stands there twice")
}

fn unknown_field(place: &str, said: &str) -> Misread {
    let (name, known) = quoted(said);
    let sentence = match known.as_slice() {
        [] => Sentence::new("没有这个字段", "there is no such field"),
        known => Sentence::new(
            format!("没有这个字段；可用：{}", known.join("、")),
            format!("there is no such field; there are: {}", known.join(", ")),
        ),
    };
    misread(&below(place, name), &shortened(name), sentence)
}

/// What the sender wrote, which may hold backquotes of its own, and the names there are.
fn quoted(said: &str) -> (&str, Vec<&str>) {
    let (found, known) = [", expected ", ", there are no "]
        .into_iter()
        .find_map(|words| said.rsplit_once(words))
        .unwrap_or((said, ""));
    (found.trim_matches('`'), names(known))
}

fn unknown_variant(place: &str, said: &str) -> Misread {
    let (_, known) = quoted(said);
    let (zh, en) = (known.join("、"), known.join(", "));
    plain(place, &format!("应为其中之一：{zh}"), &format!("one of these is expected: {en}"))
}

/// What readers call the kinds of values: found, as JSON calls it; expected, in words.
const KINDS: [(&str, &str, Label); 21] = [
    ("null", "null", Label::new("空值", "nothing")),
    ("unit", "null", Label::new("空值", "nothing")),
    ("boolean", "boolean", TRUTH),
    ("a boolean", "boolean", TRUTH),
    ("integer", "number", WHOLE),
    ("floating point", "number", WHOLE),
    ("i8", "number", WHOLE),
    ("i16", "number", WHOLE),
    ("i32", "number", WHOLE),
    ("i64", "number", WHOLE),
    ("u8", "number", COUNT),
    ("u16", "number", COUNT),
    ("u32", "number", COUNT),
    ("u64", "number", COUNT),
    ("string", "string", Label::new("文本", "a text")),
    ("a string", "string", Label::new("文本", "a text")),
    ("a formatted date", "string", Label::new("日期，如 2026-06-30", "a day such as 2026-06-30")),
    ("map", "object", OBJECT),
    ("struct ", "object", OBJECT),
    ("sequence", "array", LIST),
    ("a sequence", "array", LIST),
];
const TRUTH: Label = Label::new("true 或 false", "true or false");
const WHOLE: Label = Label::new("整数", "a whole number");
const COUNT: Label = Label::new("不小于零的整数", "a whole number, zero or more");
const OBJECT: Label = Label::new("对象 {…}", "an object {…}");
const LIST: Label = Label::new("列表 […]", "a list […]");

/// The kind whose name is the longest beginning of the words.
fn kind(words: &str) -> Option<(&'static str, Label)> {
    let fits = KINDS.iter().filter(|(name, ..)| words.starts_with(name));
    let longest = fits.max_by_key(|(name, ..)| name.len());
    longest.map(|(_, json, label)| (*json, *label))
}

fn invalid(place: &str, said: &str) -> Misread {
    // the sender's own value comes first, and may hold these words too
    let (found, expected) = said.rsplit_once(", expected ").unwrap_or((said, ""));
    let found = kind(found).map_or("", |(json, _)| json);
    let sentence = kind(expected).map_or_else(
        || KIND_OF_TEXT.into(),
        |(_, label)| {
            Sentence::new(format!("应为{}", label.zh), format!("{} is expected", label.en))
        },
    );
    misread(place, found, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read, not used")]
    struct Card {
        name: String,
        years: Option<u8>,
        parts: Vec<Part>,
        on: Option<chrono::NaiveDate>,
        is_good: Option<bool>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read, not used")]
    struct Part {
        kind: Kind,
        area: Option<entity::area::AreaCode>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        First,
        Second,
    }

    fn read(json: &str) -> Misread {
        let mut reader = serde_json::Deserializer::from_str(json);
        let read: Result<Card, _> = serde_path_to_error::deserialize(&mut reader);
        let error = read.expect_err("a mistake");
        let said = error.inner().to_string();
        of(&error.path().to_string(), said.rsplit_once(" at line ").map_or(&said, |(said, _)| said))
    }

    #[test]
    fn each_mistake_names_its_field_and_says_what_is_expected_in_both_languages() {
        for (json, field, found, zh, en) in [
            (r#"{"name":"王"}"#, "parts", "", "缺少这个字段", "missing"),
            (r#"{"nome":1}"#, "nome", "nome", "可用：name、years", "there are: name, years"),
            (r#"{"name":"a","name":"b"}"#, "name", "", "出现两次", "twice"),
            (r#"{"name":12}"#, "name", "number", "应为文本", "a text is expected"),
            (r#"{"name":null}"#, "name", "null", "应为文本", "a text"),
            (r#"{"name":{}}"#, "name", "object", "应为文本", "a text"),
            (r#"{"years":"1"}"#, "years", "string", "不小于零的整数", "zero or more"),
            (r#"{"years":-1}"#, "years", "number", "不小于零的整数", "zero or more"),
            (r#"{"years":1.5}"#, "years", "number", "不小于零的整数", "zero or more"),
            (r#"{"parts":{}}"#, "parts", "object", "应为列表", "a list"),
            (
                r#"{"parts":[{"kind":"third"}]}"#,
                "parts[0].kind",
                "",
                "first、second",
                "first, second",
            ),
            (r#"{"parts":[{"kind":"first"},{}]}"#, "parts[1].kind", "", "缺少", "missing"),
            (
                r#"{"parts":[{"kind":"first","x":1}]}"#,
                "parts[0].x",
                "x",
                "可用：kind、area",
                "kind, area",
            ),
            (
                r#"{"parts":[{"kind":"first","area":"12"}]}"#,
                "parts[0].area",
                "",
                "应为十二位",
                "twelve digits",
            ),
            (r#"{"on":"2026-13-01"}"#, "on", "", "应为日期", "a day"),
            (r#"{"on":"2026"}"#, "on", "", "应为日期", "a day"),
            (r#"{"on":"2026-06-30T"}"#, "on", "", "应为日期", "a day"),
            (r#"{"on":"today"}"#, "on", "", "应为日期", "a day"),
            (r#"{"on":3}"#, "on", "number", "应为日期", "a day"),
            (r#"{"is_good":"yes"}"#, "is_good", "string", "true 或 false", "true or false"),
            ("[]", "", "", "个数不对", "number"),
            ("3", "", "number", "应为对象", "an object"),
        ] {
            let misread = read(json);
            assert_eq!((misread.field.as_str(), misread.found.as_str()), (field, found), "{json}");
            let words = &misread.expected;
            assert!(words.zh.contains(zh) && words.en.contains(en), "{json}: {words:?}");
            assert!(words.en.is_ascii() || words.en.contains('…'), "{json}: {words:?}");
        }
    }

    #[test]
    fn what_the_sender_wrote_is_not_repeated() {
        for json in [
            r#"{"name":[],"x":"13800138000"}"#,
            r#"{"years":"13800138000"}"#,
            r#"{"years":13800138000}"#,
            r#"{"parts":[{"kind":"王秀兰, expected `13800138000`"}]}"#,
            r#"{"parts":"王秀兰"}"#,
            r#"{"on":"13800138000"}"#,
            r#"{"parts":[{"kind":"first","area":"13800138000"}]}"#,
            r#""13800138000""#,
        ] {
            let said = format!("{:?}", read(json));
            assert!(!said.contains("13800138000") && !said.contains('王'), "{json}: {said}");
        }
    }

    #[test]
    fn a_query_names_the_word_that_is_wrong() {
        let prefix = "Failed to deserialize query string: ";
        for (said, field, found, zh) in [
            (
                "unknown field `colour`, expected one of `area`, `by`",
                "colour",
                "colour",
                "area、by",
            ),
            ("duplicate field `by`", "by", "", "出现两次"),
            ("missing field `rule`", "rule", "", "缺少"),
            ("gone: provided string was not `true` or `false`", "gone", "", "true 或 false"),
            ("limit: invalid digit found in string", "limit", "", "整数"),
            ("limit: cannot parse integer from empty string", "limit", "", "整数"),
            ("area: 应为十二位 / twelve", "area", "", "应为十二位"),
        ] {
            let misread = of_query(&format!("{prefix}{said}"));
            assert_eq!((misread.field.as_str(), misread.found.as_str()), (field, found), "{said}");
            assert!(misread.expected.zh.contains(zh), "{said}: {misread:?}");
        }
    }
}
