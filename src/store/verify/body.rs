//! What an entry says, read from the canonical text of its body without copying it.

use std::borrow::Cow;

use entity::area::{AreaCode, County};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{domain::trail::record::NOTHING, store::subject::NOUNS};

/// The members of an object in their order: name and canonical text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, &'a str)>);

/// Fields that outlive the entry they were read from.
pub(super) type OwnedFields = Vec<(String, String)>;

impl<'a> Fields<'a> {
    /// Reads an object; nothing when the text is none.
    pub(super) fn read(text: &'a str) -> Option<Fields<'a>> {
        serde_json::from_str(text).ok()
    }

    /// The members in the order of their names.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &'a str)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }

    /// The members that hold something.
    pub(super) fn held(&self) -> impl Iterator<Item = (&str, &'a str)> {
        self.iter().filter(|(_, value)| *value != NOTHING)
    }

    /// The text of a member.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.iter().find(|(other, _)| *other == name).map(|(_, value)| value)
    }

    /// The whole number that a member is.
    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    /// The changes that an entry speaks of; nothing when they are not of the form that the write
    /// door makes.
    pub(super) fn changes(&self) -> Option<Vec<Change<'a>>> {
        let changes: Vec<Written<'a>> = serde_json::from_str(self.get("changes")?).ok()?;
        changes.into_iter().map(Change::of).collect()
    }

    /// The change that brought a row to a version.
    pub(super) fn change(&self, noun: usize, id: i64, version: i64) -> Option<Change<'a>> {
        // one change of another form does not hide the rest
        let changes: Vec<&'a RawValue> = serde_json::from_str(self.get("changes")?).ok()?;
        let read = |text: &&'a RawValue| Change::of(serde_json::from_str(text.get()).ok()?);
        let is_it = |one: &Change<'_>| (one.noun, one.id, one.version) == (noun, id, version);
        changes.iter().filter_map(read).find(is_it)
    }

    /// A copy that outlives the text.
    pub(super) fn to_owned(&self) -> OwnedFields {
        self.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn county(&self) -> Option<County> {
        let code = self.get("area_code")?.strip_prefix('"')?.strip_suffix('"')?;
        Some(code.parse::<AreaCode>().ok()?.county())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members).map(Fields)
    }
}

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(Cow<'de, str>, &'de str)>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some((Name(name), value)) = members.next_entry::<Name<'de>, &'de RawValue>()? {
            fields.push((name, value.get()));
        }
        Ok(fields)
    }
}

/// A change with the members that the write door gives it, and no others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'a> {
    #[serde(borrow)]
    after: Fields<'a>,
    #[serde(borrow, default, deserialize_with = "some")]
    before: Option<Fields<'a>>,
    id: i64,
    #[serde(borrow)]
    noun: Cow<'a, str>,
    version: i64,
}

/// A member that may be missing and may not be null.
fn some<'de: 'a, 'a, D: Deserializer<'de>>(value: D) -> Result<Option<Fields<'a>>, D::Error> {
    Fields::deserialize(value).map(Some)
}

/// One change of an entry.
pub(super) struct Change<'a> {
    pub(super) noun: usize,
    pub(super) id: i64,
    pub(super) version: i64,
    pub(super) after: Fields<'a>,
    pub(super) before: Option<Fields<'a>>,
}

impl<'a> Change<'a> {
    fn of(written: Written<'a>) -> Option<Change<'a>> {
        let Written { after, before, id, noun, version } = written;
        let noun = NOUNS.iter().position(|(table, _)| *table == noun)?;
        let is_whole = (version == 1) != before.is_some() && version > 0;
        is_whole.then_some(Change { noun, id, version, after, before })
    }

    /// The counties it leads from and to, where it moves the row between two.
    pub(super) fn moves(&self) -> Option<(County, County)> {
        let from = self.before.as_ref()?.county()?;
        let to = self.after.county()?;
        (from != to).then_some((from, to))
    }

    /// The county a new row belongs to.
    pub(super) fn birthplace(&self) -> Option<County> {
        if self.before.is_none() { self.after.county() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(changes: &str) -> Option<usize> {
        let body = format!("{{\"changes\":[{changes}]}}");
        Some(Fields::read(&body)?.changes()?.len())
    }

    #[test]
    fn only_the_form_that_the_door_makes_is_read() {
        let first = r#"{"after":{"a":"x"},"id":1,"noun":"asset","version":1}"#;
        let next = r#"{"after":{"a":"y"},"before":{"a":"x"},"id":1,"noun":"asset","version":2}"#;
        assert_eq!(read(&format!("{first},{next}")), Some(2));
        for bad in [
            r#"{"after":{},"before":null,"id":1,"noun":"asset","version":1}"#,
            r#"{"after":{},"before":{},"id":1,"noun":"asset","version":1}"#,
            r#"{"after":{},"id":1,"noun":"asset","version":2}"#,
            r#"{"after":{},"id":1,"noun":"asset","version":0}"#,
            r#"{"after":{},"id":1,"noun":"finding","version":1}"#,
            r#"{"after":{},"id":"1","noun":"asset","version":1}"#,
            r#"{"after":{},"id":1,"more":1,"noun":"asset","version":1}"#,
            r#"{"after":[],"id":1,"noun":"asset","version":1}"#,
            r#"{"id":1,"noun":"asset","version":1}"#,
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn fields_are_the_texts_of_their_values() {
        let fields = Fields::read(r#"{"a":null,"b":"x\"","c":{"d":[1]}}"#).unwrap();
        let held: Vec<_> = fields.held().collect();
        assert_eq!(held, [("b", r#""x\"""#), ("c", r#"{"d":[1]}"#)]);
        assert_eq!(Fields::read("[1]"), None);
    }
}
