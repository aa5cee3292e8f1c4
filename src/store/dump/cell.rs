//! One value of one column in a dump: read through the row's type, so that it does not matter how
//! either database keeps it.

use anyhow::anyhow;
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, NaiveDate, SecondsFormat, Timelike, Utc};
use entity::language::Label;
use sea_orm::{Value, sea_query::ColumnType};
use serde_json::Value as Json;

use crate::error::{Error, Result};

/// The largest whole number that RFC 8785 keeps exactly; larger ones are written as text.
const EXACT: u64 = (1 << 53) - 1;

/// A value as a dump has it.
pub(super) fn to_json(value: &Value) -> Result<Json> {
    Ok(match value {
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::BigInt(value) => value.map_or(Json::Null, integer),
        Value::String(value) => value.clone().into(),
        Value::Bytes(value) => value.as_ref().map(|bytes| STANDARD.encode(bytes)).into(),
        Value::ChronoDate(value) => value.map(|day| day.to_string()).into(),
        Value::ChronoDateTimeUtc(value) => value.map(instant).into(),
        other => return Err(Error::Internal(anyhow!("a dump has no form for {other:?}"))),
    })
}

fn integer(value: i64) -> Json {
    if value.unsigned_abs() <= EXACT { value.into() } else { value.to_string().into() }
}

/// An instant to the millisecond, which is what the ledger keeps; one that was stored past the
/// ledger keeps its digits.
fn instant(at: DateTime<Utc>) -> String {
    let is_whole = at.nanosecond().is_multiple_of(1_000_000);
    let digits = if is_whole { SecondsFormat::Millis } else { SecondsFormat::Nanos };
    at.to_rfc3339_opts(digits, true)
}

const BOOLEAN: Label = Label::new("true 或 false", "true or false");
const INTEGER: Label = Label::new("整数", "a whole number");
const TEXT: Label = Label::new("文本", "a text");
const BYTES: Label = Label::new("base64 文本", "base64 text");
const DAY: Label = Label::new("日期（2026-06-01）", "a day such as 2026-06-01");
const INSTANT: Label =
    Label::new("时刻（2026-06-01T04:00:00.000Z）", "an instant such as 2026-06-01T04:00:00.000Z");
const KNOWN: Label = Label::new("本程序认识的列类型", "a column of a kind that this program knows");

/// The value of a column from a dump, or what should have stood there.
pub(super) fn from_json(kind: &ColumnType, found: &Json) -> Result<Value, Label> {
    match kind {
        ColumnType::Boolean => read(found, BOOLEAN, Json::as_bool, Value::Bool),
        ColumnType::Integer => {
            let read_integer = |json: &Json| json.as_i64()?.try_into().ok();
            read(found, INTEGER, read_integer, Value::Int)
        }
        ColumnType::BigInteger => read(found, INTEGER, big_integer, Value::BigInt),
        ColumnType::String(_) | ColumnType::Text | ColumnType::Char(_) => {
            read(found, TEXT, |json| json.as_str().map(ToOwned::to_owned), Value::String)
        }
        ColumnType::Binary(_) | ColumnType::VarBinary(_) | ColumnType::Blob => {
            read(found, BYTES, |json| STANDARD.decode(json.as_str()?).ok(), Value::Bytes)
        }
        ColumnType::Date => read(found, DAY, day, Value::ChronoDate),
        ColumnType::TimestampWithTimeZone => {
            read(found, INSTANT, read_instant, Value::ChronoDateTimeUtc)
        }
        _ => Err(KNOWN),
    }
}

fn read<T>(
    found: &Json,
    expected: Label,
    read: impl FnOnce(&Json) -> Option<T>,
    value: impl FnOnce(Option<T>) -> Value,
) -> Result<Value, Label> {
    if found.is_null() {
        return Ok(value(None));
    }
    read(found).map(|read| value(Some(read))).ok_or(expected)
}

fn big_integer(json: &Json) -> Option<i64> {
    let number = match json {
        Json::String(text) => text.parse().ok()?,
        other => other.as_i64()?,
    };
    (integer(number) == *json).then_some(number)
}

fn day(json: &Json) -> Option<NaiveDate> {
    let text = json.as_str()?;
    let day: NaiveDate = text.parse().ok()?;
    (day.to_string() == text).then_some(day)
}

fn read_instant(json: &Json) -> Option<DateTime<Utc>> {
    let text = json.as_str()?;
    let at: DateTime<Utc> = text.parse().ok()?;
    (instant(at) == text).then_some(at)
}

#[cfg(test)]
mod tests {
    use sea_orm::sea_query::StringLen;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_value_comes_back_as_it_went() {
        let at: DateTime<Utc> = "2026-06-01T04:00:00.120Z".parse().unwrap();
        let odd: DateTime<Utc> = "2026-06-01T04:00:00.123456Z".parse().unwrap();
        let cases = [
            (ColumnType::Boolean, Value::Bool(Some(true)), json!(true)),
            (ColumnType::Boolean, Value::Bool(None), json!(null)),
            (ColumnType::Integer, Value::Int(Some(-7)), json!(-7)),
            (ColumnType::BigInteger, Value::BigInt(Some(7)), json!(7)),
            (ColumnType::BigInteger, Value::BigInt(None), json!(null)),
            (ColumnType::Text, Value::String(Some("水\u{0}\n".into())), json!("水\u{0}\n")),
            (ColumnType::Text, Value::String(Some(String::new())), json!("")),
            (
                ColumnType::VarBinary(StringLen::None),
                Value::Bytes(Some(vec![0, 255])),
                json!("AP8="),
            ),
            (ColumnType::Date, Value::ChronoDate(at.date_naive().into()), json!("2026-06-01")),
            (
                ColumnType::TimestampWithTimeZone,
                Value::ChronoDateTimeUtc(Some(at)),
                json!("2026-06-01T04:00:00.120Z"),
            ),
            (
                ColumnType::TimestampWithTimeZone,
                Value::ChronoDateTimeUtc(Some(odd)),
                json!("2026-06-01T04:00:00.123456000Z"),
            ),
        ];
        for (kind, value, written) in cases {
            assert_eq!(to_json(&value).unwrap(), written);
            assert_eq!(from_json(&kind, &written), Ok(value), "{written}");
        }
    }

    #[test]
    fn whole_numbers_are_exact_at_both_ends() {
        let exact = i64::try_from(EXACT).unwrap();
        for number in [exact, -exact] {
            assert_eq!(to_json(&number.into()).unwrap(), json!(number));
        }
        for number in [exact + 1, -exact - 1, i64::MAX, i64::MIN] {
            let written = to_json(&number.into()).unwrap();
            assert_eq!(written, json!(number.to_string()));
            assert_eq!(from_json(&ColumnType::BigInteger, &written), Ok(number.into()));
        }
        for other in [json!("7"), json!("+9007199254740993"), json!(1.5), json!(true)] {
            assert_eq!(from_json(&ColumnType::BigInteger, &other), Err(INTEGER), "{other}");
        }
        assert_eq!(from_json(&ColumnType::Integer, &json!(1_i64 << 31)), Err(INTEGER));
    }

    #[test]
    fn a_value_of_another_kind_is_refused() {
        let cases = [
            (ColumnType::Boolean, json!(1), BOOLEAN),
            (ColumnType::Text, json!(1), TEXT),
            (ColumnType::Blob, json!("AP8"), BYTES),
            (ColumnType::Date, json!("2026-6-1"), DAY),
            (ColumnType::Date, json!("2026-02-30"), DAY),
            (ColumnType::TimestampWithTimeZone, json!("2026-06-01T04:00:00Z"), INSTANT),
            (ColumnType::TimestampWithTimeZone, json!("2026-06-01T12:00:00.000+08:00"), INSTANT),
            (ColumnType::Float, json!(1), KNOWN),
        ];
        for (kind, found, expected) in cases {
            assert_eq!(from_json(&kind, &found), Err(expected), "{found}");
        }
    }
}
