//! Fields of nouns as columns and values of a table.

use entity::language::{Label, Language};

use super::output::{Column, ColumnKind, Value};
use crate::domain::field::{self, FieldKind};

/// The value of a field as a table carries it: coded values by their name in the reader's language.
pub fn value(value: field::Value, language: Language) -> Value {
    match value {
        field::Value::Empty => Value::Empty,
        field::Value::Text(text) => Value::Text(text),
        field::Value::Coded(label) => Value::Text(label.text(language).to_owned()),
        field::Value::Integer(number) => Value::Integer(number),
        field::Value::Money(money) => Value::Money(money),
        field::Value::Decimal(decimal) => Value::Decimal(decimal.normalize()),
        field::Value::Date(day) => Value::Date(day),
        field::Value::Truth(truth) => Value::Truth(truth),
    }
}

/// The value of a text, empty where there is none.
pub fn text(text: Option<String>) -> Value {
    text.filter(|text| !text.is_empty()).map_or(Value::Empty, Value::Text)
}

/// What a column of a field holds. Years are numbers that name something.
pub fn kind(name: &str, kind: FieldKind) -> ColumnKind {
    match kind {
        FieldKind::Integer if name == "year" || name.ends_with("_year") => ColumnKind::Ordinal,
        FieldKind::Integer => ColumnKind::Integer,
        FieldKind::Money => ColumnKind::Money,
        FieldKind::Decimal => ColumnKind::Decimal,
        FieldKind::Date => ColumnKind::Date,
        FieldKind::Truth => ColumnKind::Truth,
        FieldKind::Text | FieldKind::Choice(_) => ColumnKind::Text,
    }
}

/// A column as wide as its kind usually needs.
pub const fn column(field: &'static str, label: Label, kind: ColumnKind) -> Column {
    let width = match kind {
        ColumnKind::Text => 20,
        ColumnKind::Money | ColumnKind::Instant => 16,
        ColumnKind::Date | ColumnKind::Integer | ColumnKind::Decimal => 10,
        ColumnKind::Ordinal | ColumnKind::Truth => 6,
    };
    Column::new(field, label, kind, width)
}
