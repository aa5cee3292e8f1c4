//! Rows of the ledger as JSON, told and taken by the `fields!` tables: what an import calls a field
//! is what the API calls it. Amounts and decimals are texts, so that no float ever touches them;
//! coded values are their codes.

use serde_json::{Map, Value as Json};
use utoipa::openapi::{
    ObjectBuilder, RefOr, Schema,
    schema::{SchemaType, Type},
};

use entity::language::Sentence;

use crate::domain::{
    field::{Field, FieldKind, FieldValue, Reading, Value},
    mistake::{Mistake, Mistakes, shortened},
};

/// The fields of a row, by name.
pub fn shown<R>(fields: &'static [Field<R>], row: &R) -> Map<String, Json> {
    fields
        .iter()
        .map(|field| (field.name.to_owned(), value(field.kind, (field.get)(row))))
        .collect()
}

fn value(kind: FieldKind, value: Value) -> Json {
    match (value, kind) {
        (Value::Empty, _) => Json::Null,
        (Value::Coded(label), FieldKind::Choice(choices)) => {
            let code = choices.iter().find(|(_, choice)| *choice == label).map(|(code, _)| *code);
            code.map_or(Json::Null, Json::from)
        }
        (Value::Text(text), _) => text.into(),
        (Value::Coded(label), _) => label.en.into(),
        (Value::Integer(number), _) => number.into(),
        (Value::Money(money), _) => money.to_string().into(),
        (Value::Decimal(decimal), _) => decimal.normalize().to_string().into(),
        (Value::Date(day), _) => day.to_string().into(),
        (Value::Truth(truth), _) => truth.into(),
    }
}

/// Sets the fields of a row that an object names; every mistake is told. `may` says which fields
/// the caller may set.
pub fn set<R>(
    fields: &'static [Field<R>],
    row: &mut R,
    object: &Map<String, Json>,
    may: impl Fn(&Field<R>) -> bool,
) -> Mistakes {
    let mut mistakes = Mistakes::default();
    for (name, value) in object {
        let Some(field) = fields.iter().find(|field| field.name == name && may(field)) else {
            let (zh, en) = ("没有这个字段，或不能在此修改", "no such field, or not to be set here");
            mistakes.push(Mistake::new(shortened(name), name, Sentence::new(zh, en)));
            continue;
        };
        let text = match value {
            Json::Null => None,
            Json::String(text) => Some(text.clone()),
            Json::Bool(truth) => Some(if *truth { "yes" } else { "no" }.to_owned()),
            Json::Number(number) if number.is_i64() => Some(number.to_string()),
            other => {
                let (zh, en) = (
                    "应为文本、整数或是非；金额写作文本",
                    "a text, a whole number or a truth; amounts are texts",
                );
                mistakes.push(Mistake::new(field.name, &other.to_string(), Sentence::new(zh, en)));
                continue;
            }
        };
        if let Err(expected) = (field.set)(row, text.as_deref(), Reading::default()) {
            mistakes.push(Mistake::new(field.name, text.as_deref().unwrap_or_default(), expected));
        }
    }
    mistakes
}

/// A row's fields, and what stands beside them.
pub fn with<R>(
    fields: &'static [Field<R>],
    row: &R,
    beside: impl IntoIterator<Item = (&'static str, Json)>,
) -> Json {
    let mut object = shown(fields, row);
    object.extend(beside.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Json::Object(object)
}

/// Reads one value of a body that stands beside the fields of a row.
pub fn value_of<T: FieldValue>(
    field: &'static str,
    text: Option<&str>,
    mistakes: &mut Mistakes,
) -> Option<T> {
    match T::read(Some(text?), Reading::default()) {
        Ok(value) => Some(value),
        Err(expected) => {
            mistakes.push(Mistake::new(field, text?, expected));
            None
        }
    }
}

/// Adds a mistake for each required field that an object leaves out.
pub fn require<R>(
    fields: &'static [Field<R>],
    object: &Map<String, Json>,
    mistakes: &mut Mistakes,
) {
    let left_out = fields.iter().filter(|field| field.required && !object.contains_key(field.name));
    for field in left_out {
        mistakes.push(Mistake::missing(field.name, field.label));
    }
}

/// The schema of a row: its fields, what stands beside them, and what may stand there or be nothing.
pub fn schema<R>(
    fields: &'static [Field<R>],
    beside: &[(&str, Type)],
    perhaps: &[(&str, Type)],
) -> RefOr<Schema> {
    let mut object = ObjectBuilder::new();
    for (name, kind) in beside {
        object = object.property(*name, ObjectBuilder::new().schema_type(kind.clone()).build());
    }
    for (name, kind) in perhaps {
        let kind = SchemaType::from_iter([kind.clone(), Type::Null]);
        object = object.property(*name, ObjectBuilder::new().schema_type(kind).build());
    }
    for field in fields {
        object = object.property(field.name, property(field));
    }
    Schema::Object(object.build()).into()
}

fn property<R>(field: &Field<R>) -> Schema {
    let described = format!("{} · {}", field.label.zh, field.label.en);
    let property = ObjectBuilder::new().description(Some(described));
    let one_or_nothing = |kind| SchemaType::from_iter([kind, Type::Null]);
    let property = match field.kind {
        FieldKind::Integer => property.schema_type(one_or_nothing(Type::Integer)),
        FieldKind::Truth => property.schema_type(one_or_nothing(Type::Boolean)),
        FieldKind::Money => property
            .schema_type(one_or_nothing(Type::String))
            .pattern(Some(r"^-?[0-9]+(\.[0-9]{1,2})?$")),
        FieldKind::Choice(choices) => {
            let codes = choices.iter().map(|(code, _)| Json::from(*code));
            let nothing = (!field.required).then_some(Json::Null);
            property
                .schema_type(one_or_nothing(Type::String))
                .enum_values(Some(codes.chain(nothing)))
        }
        FieldKind::Text | FieldKind::Decimal | FieldKind::Date => {
            property.schema_type(one_or_nothing(Type::String))
        }
    };
    Schema::Object(property.build())
}
