//! One row that disagrees with the log: its whole history is replayed, to name the first entry or
//! field that is wrong.

use std::collections::BTreeMap;

use entity::{
    area::{AreaCode, County},
    log::{self, change},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};
use serde_json::Value as Json;

use super::{
    body::{Change, Fields, OwnedFields},
    noun,
};
use crate::{
    domain::{
        trail::record::{NOTHING, Record},
        verification::{Fault, Kind, Place},
    },
    error::Result,
    store::{Subject, subject::NOUNS, trail},
};

/// Characters of a value that a fault repeats.
const SHOWN: usize = 40;
/// Fields whose values are never repeated: people write names and numbers of people into them.
const SILENT: [&str; 10] = [
    "name",
    "remark",
    "source_key",
    "location",
    "reason",
    "file_name",
    "note",
    "report",
    "returned",
    "escalation",
];

/// A stored row, as the log knows rows.
pub(super) struct Kept {
    pub(super) noun: usize,
    pub(super) id: i64,
    pub(super) area: AreaCode,
    pub(super) version: i64,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
    pub(super) fields: Record,
    /// Whether its derived columns are what they are derived from.
    pub(super) is_derived: bool,
}

impl Kept {
    /// A stored row of a noun.
    pub(super) fn of<E: Subject>(noun: usize, row: &E::Model) -> Result<Kept> {
        let (created_at, updated_at) = E::stamps(row);
        Ok(Kept {
            noun,
            id: E::id(row).into(),
            area: E::area(row),
            version: E::version(row),
            // a fraction of a millisecond is no instant of the log's
            created_at: exact_milliseconds(created_at),
            updated_at: exact_milliseconds(updated_at),
            fields: trail::record_of(row)?,
            is_derived: E::is_derived(row),
        })
    }

    pub(super) fn county(&self) -> County {
        self.area.county()
    }
}

fn exact_milliseconds(at: chrono::DateTime<chrono::Utc>) -> i64 {
    if at.timestamp_subsec_nanos().is_multiple_of(1_000_000) { at.timestamp_millis() } else { -1 }
}

/// A row that disagrees with the log, or is gone, or cannot be read.
pub(super) struct Accused {
    pub(super) noun: usize,
    pub(super) id: i64,
    pub(super) kept: Option<Kept>,
    pub(super) is_unreadable: bool,
}

impl Accused {
    pub(super) fn of(kept: Kept) -> Accused {
        Accused { noun: kept.noun, id: kept.id, kept: Some(kept), is_unreadable: false }
    }

    /// What is wrong with the row. Nothing when its whole history leads to it, which happens when
    /// a log that it came from was not walked to its end.
    pub(super) async fn examine(self, txn: &DatabaseTransaction) -> Result<Option<Fault>> {
        let changes = change::Entity::find()
            .filter(change::Column::Noun.eq(NOUNS[self.noun].0))
            .filter(change::Column::SubjectId.eq(self.id))
            .order_by_asc(change::Column::Version)
            .order_by_asc(change::Column::County)
            .all(txn)
            .await?;
        let mut history = History::new(self.noun, self.id);
        for change in changes {
            if let Some(fault) = history.follow(txn, &change).await? {
                return Ok(Some(*fault));
            }
        }
        Ok(history.judge(self).map(|fault| *fault))
    }
}

/// The history of one row, up to an entry.
struct History {
    noun: usize,
    id: i64,
    version: i64,
    created_at: i64,
    updated_at: i64,
    /// The county and the entry of the last version.
    last: Option<(County, u64)>,
    /// What the last change was, to compare its copy in the other log of a move.
    change: (OwnedFields, Option<OwnedFields>),
    fields: BTreeMap<String, String>,
    /// The entry that set each field.
    set_by: BTreeMap<String, (County, u64)>,
}

impl History {
    fn new(noun: usize, id: i64) -> History {
        History {
            noun,
            id,
            version: 0,
            created_at: 0,
            updated_at: 0,
            last: None,
            change: (OwnedFields::new(), None),
            fields: BTreeMap::new(),
            set_by: BTreeMap::new(),
        }
    }

    fn place(&self, (county, seq): (County, u64)) -> Place {
        Place::row(county, noun(self.noun), self.id).in_entry(seq)
    }

    /// Applies one change; answers what is wrong with it.
    async fn follow(
        &mut self,
        connection: &impl ConnectionTrait,
        change: &change::Model,
    ) -> Result<Option<Box<Fault>>> {
        let entry = (change.county, u64::try_from(change.seq).unwrap_or(0));
        let stored = log::Entity::find_by_id((change.county, change.seq)).one(connection).await?;
        let text = stored.map(|entry| entry.body).unwrap_or_default();
        let body = Fields::read(&text).unwrap_or_default();
        let at = body.integer("at").unwrap_or(0);
        let Some(found) = body.change(self.noun, self.id, change.version) else {
            let place = self.place(entry).part(format!("version {}", change.version));
            return Ok(Some(Box::new(Fault::new(Kind::ChangeExtra, place))));
        };
        Ok(self.apply(entry, at, &found).err())
    }

    fn apply(
        &mut self,
        entry: (County, u64),
        at: i64,
        change: &Change<'_>,
    ) -> Result<(), Box<Fault>> {
        let place = self.place(entry);
        let told = (change.after.to_owned(), change.before.as_ref().map(Fields::to_owned));
        if change.version == self.version {
            let agrees = self.change == told && self.updated_at == at && change.moves().is_some();
            if agrees && change.moves().is_some_and(|(_, to)| to == entry.0) {
                self.last = Some(entry);
            }
            let fault = || Box::new(Fault::new(Kind::RowMoved, place));
            return if agrees { Ok(()) } else { Err(fault()) };
        }
        if change.version != self.version + 1 {
            let fault = Fault::new(Kind::RowHistory, place.part("version"));
            return Err(Box::new(fault.expected(self.version + 1).found(change.version)));
        }
        for (name, value) in change.before.iter().flat_map(Fields::iter) {
            let expected = self.fields.get(name).map_or(NOTHING, String::as_str);
            if expected != value {
                let fault = Fault::new(Kind::RowHistory, place.part(name));
                let (expected, found) = (shown(name, Some(expected)), shown(name, Some(value)));
                return Err(Box::new(fault.expected(expected).found(found)));
            }
        }
        for (name, value) in change.after.iter() {
            self.fields.insert(name.to_owned(), value.to_owned());
            self.set_by.insert(name.to_owned(), entry);
        }
        if change.version == 1 {
            self.created_at = at;
        }
        (self.version, self.updated_at, self.last) = (change.version, at, Some(entry));
        self.change = told;
        Ok(())
    }

    /// Compares the row with what its history led to.
    fn judge(&self, accused: Accused) -> Option<Box<Fault>> {
        let Some(last) = self.last else {
            let county = accused.kept.as_ref().map(Kept::county);
            let kind =
                if accused.is_unreadable { Kind::RowUnreadable } else { Kind::RowUnrecorded };
            let place = Place {
                county,
                noun: Some(noun(self.noun)),
                id: Some(self.id),
                ..Place::default()
            };
            return Some(Box::new(Fault::new(kind, place)));
        };
        let place = self.place(last);
        let Some(kept) = accused.kept else {
            let kind = if accused.is_unreadable { Kind::RowUnreadable } else { Kind::RowMissing };
            return Some(Box::new(Fault::new(kind, place)));
        };
        let names = kept.fields.fields().map(|(name, _)| name);
        for name in names.chain(self.fields.keys().map(String::as_str)) {
            let (expected, found) =
                (self.fields.get(name).map(String::as_str), kept.fields.get(name));
            let held = |value: &&str| *value != NOTHING;
            if expected.filter(held) != found.filter(held) {
                let entry = self.set_by.get(name).copied().unwrap_or(last);
                let fault = Fault::new(Kind::RowChanged, self.place(entry).part(name));
                return Some(Box::new(
                    fault.expected(shown(name, expected)).found(shown(name, found)),
                ));
            }
        }
        let numbers = [
            ("version", self.version, kept.version),
            ("created_at", self.created_at, kept.created_at),
            ("updated_at", self.updated_at, kept.updated_at),
        ];
        let (name, expected, found) =
            numbers.into_iter().find(|(_, expected, found)| expected != found)?;
        let fault = Fault::new(Kind::RowChanged, place.part(name));
        Some(Box::new(fault.expected(expected).found(found)))
    }
}

/// A value as a fault may repeat it: codes, days and amounts, no free text.
pub(super) fn shown(name: &str, value: Option<&str>) -> String {
    match value.map(|text| serde_json::from_str(text).unwrap_or_default()) {
        None | Some(Json::Null) => "—".to_owned(),
        Some(Json::String(text)) => {
            let is_plain = text.is_ascii() && text.len() <= SHOWN && !SILENT.contains(&name);
            if is_plain { text } else { format!("“…” ({})", text.chars().count()) }
        }
        Some(other) => other.to_string(),
    }
}
