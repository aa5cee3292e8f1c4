//! The columns of a table and the values in them.

use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, Utc};
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use entity::{
    language::{Label, Language},
    money::Money,
};

/// One column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The stable name: the key in JSON.
    pub field: &'static str,
    /// The header a person reads.
    pub label: Label,
    /// What the values are, which decides alignment and number format.
    pub kind: ColumnKind,
    /// The width in half-width characters (a Chinese character takes two): text is cut there in a
    /// terminal, an Excel column is drawn that wide.
    pub width: u16,
}

impl Column {
    /// A column.
    pub const fn new(field: &'static str, label: Label, kind: ColumnKind, width: u16) -> Self {
        Self { field, label, kind, width }
    }
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Names, codes, remarks.
    Text,
    /// A count, grouped by thousands.
    Integer,
    /// A whole number that names something, a year or a place in a list: never grouped.
    Ordinal,
    /// An amount in yuan.
    Money,
    /// An area, a length, a share.
    Decimal,
    /// A day.
    Date,
    /// A moment, shown on the local clock.
    Instant,
    /// Yes or no.
    Truth,
}

impl ColumnKind {
    /// Whether values are set flush right.
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Ordinal | Self::Money | Self::Decimal)
    }
}

/// One value of a row; any value may stand in any column (a masked amount is a text).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// Nothing is known.
    #[default]
    Empty,
    /// Text, never read as anything else.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// An amount.
    Money(Money),
    /// A number with its own count of decimals.
    Decimal(Decimal),
    /// A day.
    Date(NaiveDate),
    /// A moment.
    Instant(DateTime<Utc>),
    /// Yes or no.
    Truth(bool),
}

const YES: Label = Label { zh: "是", en: "Yes" };
const NO: Label = Label { zh: "否", en: "No" };

/// The words for yes and no.
pub(super) fn truth(value: bool, language: Language) -> &'static str {
    if value { YES.text(language) } else { NO.text(language) }
}

impl Value {
    /// Appends the exact form a machine reads back: no grouping, ISO days, moments with an offset.
    pub(super) fn write_plain(&self, text: &mut String, language: Language, clock: FixedOffset) {
        // Writing to a String cannot fail.
        let _ = match self {
            Self::Empty => Ok(()),
            Self::Text(value) => text.write_str(value),
            Self::Integer(value) => write!(text, "{value}"),
            Self::Money(value) => write!(text, "{value}"),
            Self::Decimal(value) => write!(text, "{value}"),
            Self::Date(value) => write!(text, "{value}"),
            Self::Instant(value) => text.write_str(&stamp(*value, clock)),
            Self::Truth(value) => text.write_str(truth(*value, language)),
        };
    }

    /// The form a person reads: grouped numbers, moments to the minute.
    pub(super) fn display(
        &self,
        kind: ColumnKind,
        language: Language,
        clock: FixedOffset,
    ) -> String {
        match self {
            Self::Integer(value) if kind != ColumnKind::Ordinal => group(&value.to_string()),
            Self::Money(value) => value.grouped(),
            Self::Decimal(value) => group(&value.to_string()),
            Self::Instant(value) => {
                value.with_timezone(&clock).format("%Y-%m-%d %H:%M").to_string()
            }
            other => {
                let mut text = String::new();
                other.write_plain(&mut text, language, clock);
                text
            }
        }
    }
}

fn stamp(instant: DateTime<Utc>, clock: FixedOffset) -> String {
    instant.with_timezone(&clock).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// A plain decimal number with thousands separators in its whole part.
pub(super) fn group(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let whole = digits.find('.').unwrap_or(digits.len());
    let mut grouped = String::with_capacity(number.len() + whole / 3);
    grouped.push_str(sign);
    for (place, digit) in digits[..whole].char_indices() {
        if place > 0 && (whole - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped.push_str(&digits[whole..]);
    grouped
}

/// JSON: amounts and decimals are strings, since a JSON number is a float to most readers.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Empty => serializer.serialize_unit(),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Money(value) => serializer.collect_str(value),
            Self::Decimal(value) => serializer.collect_str(value),
            Self::Date(value) => serializer.collect_str(value),
            Self::Instant(value) => {
                serializer.serialize_str(&value.to_rfc3339_opts(SecondsFormat::AutoSi, true))
            }
            Self::Truth(value) => serializer.serialize_bool(*value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grouping_keeps_every_digit() {
        for (plain, grouped) in [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1,000"),
            ("-123456", "-123,456"),
            ("-1234567.50", "-1,234,567.50"),
            ("0.1234567", "0.1234567"),
            ("100", "100"),
        ] {
            assert_eq!(group(plain), grouped);
        }
    }
}
