//! The place in a list where a page ends: opaque to the caller, true to its order.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::SecondsFormat;
use entity::{area::AreaCode, language::Sentence};
use sea_orm::{ColumnTrait, ColumnType, Value};

use crate::domain::mistake::Mistake;

/// Where a row stands in a list.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    /// Its key; nothing in the order of place, and where the row has none.
    pub(super) key: Option<Value>,
    pub(super) area: AreaCode,
    pub(super) id: i64,
}

/// A place as it is told: the order, the key, the area, the id.
type Told = (String, Option<String>, AreaCode, i64);

impl Place {
    /// Its area and id, as a query takes them.
    pub(super) fn values(&self) -> [Value; 2] {
        [self.area.into(), self.id.into()]
    }

    /// The place as the opaque text of a cursor.
    pub(super) fn told(&self, order: &str) -> String {
        let key = self.key.as_ref().and_then(key_told);
        let told: Told = (order.to_owned(), key, self.area, self.id);
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&told).unwrap_or_default())
    }

    /// Reads a cursor, which must be of the same order.
    pub(super) fn read<C: ColumnTrait>(
        text: &str,
        order: &str,
        column: Option<C>,
    ) -> Result<Place, Mistake> {
        let malformed = || {
            let (zh, en) = ("应取自上一页的 next", "must be the next of the page before");
            Mistake::new("after", text, Sentence::new(zh, en))
        };
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed())?;
        let (told, key, area, id): Told =
            serde_json::from_slice(&bytes).map_err(|_| malformed())?;
        if told != order {
            let expected = Sentence::new(
                format!("这一页取自另一种排序（{told}），请从第一页开始"),
                format!("it is of another order ({told}); begin with the first page"),
            );
            return Err(Mistake::new("after", text, expected));
        }
        let key = match (key, column) {
            (None, _) => None,
            (Some(key), Some(column)) => Some(key_read(&column, &key).ok_or_else(malformed)?),
            (Some(_), None) => return Err(malformed()),
        };
        Ok(Place { key, area, id })
    }
}

/// A key as text.
fn key_told(key: &Value) -> Option<String> {
    match key {
        Value::Int(Some(number)) => Some(number.to_string()),
        Value::BigInt(Some(number)) => Some(number.to_string()),
        Value::String(text) => text.clone(),
        Value::ChronoDate(Some(day)) => Some(day.to_string()),
        Value::ChronoDateTimeUtc(Some(at)) => Some(at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        _ => None,
    }
}

/// The key of a column.
fn key_read(column: &impl ColumnTrait, text: &str) -> Option<Value> {
    match column.def().get_column_type() {
        ColumnType::Integer => text.parse::<i32>().ok().map(Value::from),
        ColumnType::BigInteger => text.parse::<i64>().ok().map(Value::from),
        ColumnType::Date => text.parse::<chrono::NaiveDate>().ok().map(Value::from),
        ColumnType::TimestampWithTimeZone => {
            text.parse::<chrono::DateTime<chrono::Utc>>().ok().map(Value::from)
        }
        _ => Some(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use entity::asset::Column;

    use super::*;

    fn place(key: Option<Value>) -> Place {
        Place { key, area: "520381100201".parse().expect("a code"), id: 7 }
    }

    #[test]
    fn a_place_comes_back_as_it_was_told() {
        let day: chrono::NaiveDate = "2020-05-20".parse().expect("a day");
        let at: chrono::DateTime<chrono::Utc> =
            "2026-06-01T04:00:00.123Z".parse().expect("an instant");
        for (column, key) in [
            (Column::OriginalValue, Some(Value::from(120_000_i64))),
            (Column::AcquiredOn, Some(Value::from(day))),
            (Column::UpdatedAt, Some(Value::from(at))),
            (Column::Name, Some(Value::from("桥"))),
            (Column::OriginalValue, None),
        ] {
            let place = place(key);
            let told = place.told("-value");
            assert!(told.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
            assert_eq!(Place::read(&told, "-value", Some(column)), Ok(place));
        }
    }

    #[test]
    fn a_place_of_another_order_or_of_none_is_refused() {
        let told = place(Some(Value::from(5_i64))).told("value");
        let refused = Place::read(&told, "-value", Some(Column::OriginalValue));
        assert!(refused.is_err_and(|mistake| mistake.expected.zh.contains("另一种排序")));
        let keyless = place(Some(Value::from(5_i64))).told("place");
        let no_key = URL_SAFE_NO_PAD.encode(r#"["value","five","520381100201",7]"#);
        let bad_area = URL_SAFE_NO_PAD.encode(r#"["value",null,"1' OR 1=1",7]"#);
        assert!(Place::read::<Column>(&keyless, "place", None).is_err());
        for text in ["red", "", &told[1..], &no_key, &bad_area] {
            assert!(Place::read(text, "value", Some(Column::OriginalValue)).is_err(), "{text}");
        }
    }
}
