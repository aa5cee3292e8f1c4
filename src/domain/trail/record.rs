//! The fields of a row as the log knows them: each in canonical JSON, in the order of their names,
//! written straight from the row.

use std::{fmt::Display, ops::Range};

use serde::{
    Serialize, Serializer,
    ser::{Error as _, Impossible, SerializeStruct},
};

use super::canonical::{NotCanonical, append_string, canonical};

/// What a field that holds nothing is.
pub const NOTHING: &str = "null";

/// The fields of one row.
#[derive(Clone, Debug, Default)]
pub struct Record {
    text: String,
    fields: Vec<(&'static str, Range<usize>)>,
}

impl Record {
    /// The fields of a row, but for some. The row must serialize as a struct.
    pub fn of(row: &impl Serialize, except: &[&str]) -> Result<Record, NotARecord> {
        let mut fields = Writer { text: Vec::with_capacity(1_024), fields: Vec::new(), except };
        row.serialize(&mut fields)?;
        let Writer { text, mut fields, .. } = fields;
        // names are ASCII, whose order is that of RFC 8785
        fields.sort_unstable_by_key(|(name, _)| *name);
        let text = String::from_utf8(text).map_err(serde_json::Error::custom)?;
        Ok(Record { text, fields })
    }

    /// The fields in the order of their names: name and canonical JSON.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.fields.iter().map(|(name, range)| (*name, &self.text[range.clone()]))
    }

    /// The fields that hold something.
    pub fn held(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.fields().filter(|(_, value)| *value != NOTHING)
    }

    /// The canonical JSON of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields().find(|(other, _)| *other == name).map(|(_, value)| value)
    }
}

/// Appends an object of fields, which must come in the order of their names.
pub fn append_fields<'n, 'v>(fields: impl Iterator<Item = (&'n str, &'v str)>, out: &mut String) {
    out.push('{');
    for (place, (name, value)) in fields.enumerate() {
        if place > 0 {
            out.push(',');
        }
        append_string(name, out);
        out.push(':');
        out.push_str(value);
    }
    out.push('}');
}

/// Why something is no record of canonical fields.
#[derive(Debug, thiserror::Error)]
pub enum NotARecord {
    /// It does not serialize as a struct.
    #[error("a row must be a struct with named fields")]
    Shape,
    /// A field has no canonical form.
    #[error(transparent)]
    Field(#[from] NotCanonical),
    /// A field could not be serialized.
    #[error(transparent)]
    Value(#[from] serde_json::Error),
}

impl serde::ser::Error for NotARecord {
    fn custom<T: Display>(message: T) -> NotARecord {
        NotARecord::Value(serde_json::Error::custom(message))
    }
}

/// Takes the fields of a struct, and nothing else.
struct Writer<'a> {
    text: Vec<u8>,
    fields: Vec<(&'static str, Range<usize>)>,
    except: &'a [&'a str],
}

impl SerializeStruct for &mut Writer<'_> {
    type Ok = ();
    type Error = NotARecord;

    fn serialize_field<T: ?Sized + Serialize>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), NotARecord> {
        if self.except.contains(&name) {
            return Ok(());
        }
        let start = self.text.len();
        serde_json::to_writer(&mut self.text, value)?;
        if !is_canonical(&self.text[start..]) {
            self.text.truncate(start);
            let value = canonical(&serde_json::to_value(value)?)?;
            self.text.extend_from_slice(value.as_bytes());
        }
        self.fields.push((name, start..self.text.len()));
        Ok(())
    }

    fn end(self) -> Result<(), NotARecord> {
        Ok(())
    }
}

/// Whether compact JSON is canonical for sure: a string, whose escapes are those of RFC 8785, a
/// word, or an integer too short to be beyond the limit.
fn is_canonical(json: &[u8]) -> bool {
    match json.first() {
        Some(b'{' | b'[') | None => false,
        Some(b'-' | b'0'..=b'9') => json.len() <= 15 && json[1..].iter().all(u8::is_ascii_digit),
        Some(_) => true,
    }
}

macro_rules! no_record {
    ($($name:ident($($argument:ty),*) -> $answer:ty;)+) => {$(
        fn $name(self, $(_: $argument),*) -> Result<$answer, NotARecord> {
            Err(NotARecord::Shape)
        }
    )+};
}

type Never = Impossible<(), NotARecord>;

impl Serializer for &mut Writer<'_> {
    type Ok = ();
    type Error = NotARecord;
    type SerializeSeq = Never;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Self;
    type SerializeStructVariant = Never;

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, NotARecord> {
        Ok(self)
    }

    no_record! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_str(&str) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_unit_variant(&'static str, u32, &'static str) -> ();
        serialize_seq(Option<usize>) -> Never;
        serialize_tuple(usize) -> Never;
        serialize_tuple_struct(&'static str, usize) -> Never;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Never;
        serialize_map(Option<usize>) -> Never;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Never;
    }

    fn serialize_some<T: ?Sized + Serialize>(self, _: &T) -> Result<(), NotARecord> {
        Err(NotARecord::Shape)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<(), NotARecord> {
        Err(NotARecord::Shape)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), NotARecord> {
        Err(NotARecord::Shape)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Serialize)]
    struct Row {
        name: &'static str,
        id: i64,
        empty: Option<i64>,
        amount: i64,
        nested: serde_json::Value,
    }

    fn row() -> Row {
        Row {
            name: "引水\u{1}\"渠", id: 7, empty: None, amount: -12, nested: json!({"b":1,"a":2})
        }
    }

    #[test]
    fn the_text_is_that_of_the_canonical_value() {
        let record = Record::of(&row(), &["id"]).unwrap();
        let mut text = String::new();
        append_fields(record.fields(), &mut text);
        let mut value = serde_json::to_value(row()).unwrap();
        value.as_object_mut().unwrap().remove("id");
        assert_eq!(text, canonical(&value).unwrap());
        assert!(record.held().all(|(name, _)| name != "empty"));
    }

    #[test]
    fn a_number_beyond_the_limit_is_refused_and_one_at_it_is_not() {
        let limit = (1_i64 << 53) - 1;
        for (amount, is_taken) in [(limit, true), (-limit, true), (limit + 1, false)] {
            assert_eq!(Record::of(&Row { amount, ..row() }, &[]).is_ok(), is_taken, "{amount}");
        }
    }

    #[test]
    fn what_is_no_struct_is_no_record() {
        assert!(matches!(Record::of(&json!({"a": 1}), &[]), Err(NotARecord::Shape)));
        assert!(matches!(Record::of(&[1, 2], &[]), Err(NotARecord::Shape)));
        assert!(matches!(Record::of(&Some("x"), &[]), Err(NotARecord::Shape)));
    }
}
