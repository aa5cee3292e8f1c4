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
use serde_json::{Map, Value as Json};

use super::{noun, replay::Change};
use crate::{
    domain::verification::{Fault, Kind, Place},
    error::Result,
    store::{Subject, subject::NOUNS, trail},
};

/// Characters of a value that a fault repeats.
const SHOWN: usize = 40;
/// Fields whose values are never repeated: people write names and numbers of people into them.
const SILENT: [&str; 5] = ["name", "remark", "source_key", "location", "reason"];

/// A stored row, as the log knows rows.
pub(super) struct Kept {
    pub(super) noun: usize,
    pub(super) id: i64,
    pub(super) area: AreaCode,
    pub(super) version: i64,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
    pub(super) fields: Map<String, Json>,
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
            fields: trail::fields(row)?,
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
    text: Json,
    fields: Map<String, Json>,
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
            text: Json::Null,
            fields: Map::new(),
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
        let body: Json =
            stored.and_then(|entry| serde_json::from_str(&entry.body).ok()).unwrap_or_default();
        let at = body.get("at").and_then(Json::as_i64).unwrap_or(0);
        let changes = body.get("changes").and_then(Json::as_array);
        let found = changes.into_iter().flatten().find(|one| {
            Change::read(one).is_some_and(|one| {
                (one.noun, one.id, one.version) == (self.noun, self.id, change.version)
            })
        });
        let Some(found) = found else {
            let place = self.place(entry).part(format!("version {}", change.version));
            return Ok(Some(Box::new(Fault::new(Kind::ChangeExtra, place))));
        };
        Ok(self.apply(entry, at, found).err())
    }

    fn apply(&mut self, entry: (County, u64), at: i64, text: &Json) -> Result<(), Box<Fault>> {
        let Some(change) = Change::read(text) else { return Ok(()) };
        let place = self.place(entry);
        if change.version == self.version {
            let agrees = self.text == *text && self.updated_at == at && change.moves().is_some();
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
        for (name, value) in change.before.into_iter().flatten() {
            let expected = self.fields.get(name).unwrap_or(&Json::Null);
            if expected != value {
                let fault = Fault::new(Kind::RowHistory, place.part(name));
                let (expected, found) = (shown(name, Some(expected)), shown(name, Some(value)));
                return Err(Box::new(fault.expected(expected).found(found)));
            }
        }
        for (name, value) in change.after {
            self.fields.insert(name.clone(), value.clone());
            self.set_by.insert(name.clone(), entry);
        }
        if change.version == 1 {
            self.created_at = at;
        }
        (self.version, self.updated_at, self.last) = (change.version, at, Some(entry));
        self.text = text.clone();
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
        let names = kept.fields.keys().chain(self.fields.keys());
        for name in names {
            let (expected, found) = (self.fields.get(name), kept.fields.get(name));
            if expected.filter(|value| !value.is_null()) != found.filter(|value| !value.is_null()) {
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
pub(super) fn shown(name: &str, value: Option<&Json>) -> String {
    match value {
        None | Some(Json::Null) => "—".to_owned(),
        Some(Json::String(text)) => {
            let is_plain = text.is_ascii() && text.len() <= SHOWN && !SILENT.contains(&name);
            if is_plain { text.clone() } else { format!("“…” ({})", text.chars().count()) }
        }
        Some(other) => other.to_string(),
    }
}
