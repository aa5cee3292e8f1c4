//! Events: the entries of a county's log as others are told of them, in their order and without a
//! gap, each with the rows of it that lie in the reader's area. Who acted and what a row says is told
//! to nobody here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::{
    area::{AreaCode, County},
    language::Label,
    log,
};
use futures_util::TryStreamExt;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde::Deserialize;

use super::{Read, Subject, subject};
use crate::{
    error::{Error, Result},
    limits,
};

const NOUN: Label = Label::new("留痕", "log entry");

/// A row that an entry names: its noun, its id, its version.
type Named = (&'static str, i64, i64);

/// Nouns of which no event tells, and why.
const UNTOLD: &[(&str, &str)] = &[
    ("account", "who signs in is the affair of those who may see accounts"),
    ("saved_view", "a view is its account's own"),
    ("webhook", "a webhook that told of itself would never come to an end"),
];

/// Which events are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of which nouns; of every one when empty.
    pub nouns: Vec<String>,
    /// Of which actions, by their codes; of every one when empty.
    pub actions: Vec<String>,
}

/// One entry of a county's log, as others are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Whose log.
    pub county: County,
    /// Its position there.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The code of the action.
    pub action: String,
    /// SHA-256(0x00 ‖ body).
    pub leaf: Vec<u8>,
    /// The rows that it changed and the reader may see.
    pub rows: Vec<EventRow>,
}

/// One row that an entry changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// What kind of row.
    pub noun: &'static str,
    /// Its id.
    pub id: i64,
    /// The version that came of it.
    pub version: i64,
    /// Where it lies by now.
    pub area: AreaCode,
}

/// Events behind a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Events {
    /// Those that are wanted and may be seen.
    pub events: Vec<Event>,
    /// The last position that was looked at: what is read next stands behind it.
    pub upto: i64,
    /// Whether more stands behind it.
    pub is_more: bool,
}

/// Every noun that events tell of.
pub fn told() -> impl Iterator<Item = (&'static str, Label)> {
    let is_told = |noun: &str| !UNTOLD.iter().any(|(untold, _)| *untold == noun);
    subject::NOUNS.iter().copied().filter(move |(noun, _)| is_told(noun))
}

/// What of an entry's body is read.
#[derive(Deserialize)]
struct Body {
    changes: Vec<Changed>,
}

#[derive(Deserialize)]
struct Changed {
    noun: String,
    id: i64,
    version: i64,
}

#[derive(FromQueryResult)]
struct Line {
    seq: i64,
    at: i64,
    action: String,
    leaf: Vec<u8>,
    body: String,
}

/// Entries of a county behind a position, in their order.
fn behind(county: County, after: i64, limit: u64) -> Select<log::Entity> {
    use log::Column;
    log::Entity::find()
        .select_only()
        .columns([Column::Seq, Column::At, Column::Action, Column::Leaf, Column::Body])
        .filter(Column::County.eq(county))
        .filter(Column::Seq.gt(after))
        .order_by_asc(Column::Seq)
        .limit(limit)
}

impl Wanted {
    fn takes(&self, noun: &str) -> bool {
        self.nouns.is_empty() || self.nouns.iter().any(|one| one == noun)
    }

    fn takes_action(&self, action: &str) -> bool {
        self.actions.is_empty() || self.actions.iter().any(|one| one == action)
    }

    /// The rows of an entry that are told of, wherever they lie.
    fn rows(&self, line: &Line) -> Result<Vec<Named>> {
        if !self.takes_action(&line.action) {
            return Ok(Vec::new());
        }
        let body: Body = serde_json::from_str(&line.body).map_err(anyhow::Error::new)?;
        let known = |changed: Changed| {
            let (noun, _) = told().find(|(noun, _)| *noun == changed.noun)?;
            self.takes(noun).then_some((noun, changed.id, changed.version))
        };
        Ok(body.changes.into_iter().filter_map(known).collect())
    }
}

/// Reads where rows lie that the reader may see, a query a noun.
struct Places<'a> {
    read: &'a Read<'a>,
    ids: BTreeMap<&'static str, Vec<i64>>,
    found: HashMap<(&'static str, i64), AreaCode>,
}

impl subject::Visitor for Places<'_> {
    async fn visit<E: Subject>(&mut self) -> Result<()> {
        let Some(ids) = self.ids.remove(E::TABLE) else { return Ok(()) };
        for batch in ids.chunks(limits::IMPORT_BATCH) {
            let rows: Vec<(i64, AreaCode)> = self
                .read
                .find::<E>()
                .filter(E::ID.is_in(batch.iter().copied()))
                .select_only()
                .columns([E::ID, E::AREA])
                .into_tuple()
                .all(self.read.connection())
                .await?;
            self.found.extend(rows.into_iter().map(|(id, area)| ((E::TABLE, id), area)));
        }
        Ok(())
    }
}

impl Read<'_> {
    /// The county whose events somebody asks for: one within their area, or the one they are in.
    pub fn county_of_events(&self, asked: Option<County>) -> Result<County> {
        let own = self.actor().area();
        let county = asked.unwrap_or_else(|| own.county());
        let is_seen = county == own.county() || own.covers(&county.area());
        if is_seen { Ok(county) } else { Err(Error::NotFound(NOUN)) }
    }

    /// The last position of a county's log; one before the first where it is empty.
    pub async fn end_of_events(&self, county: County) -> Result<i64> {
        let head = log::head::Entity::find_by_id(county).one(self.connection()).await?;
        Ok(head.map_or(-1, |head| head.size - 1))
    }

    /// The last positions of the logs of several counties, of those that have one.
    pub async fn ends_of_events(
        &self,
        counties: impl Iterator<Item = County>,
    ) -> Result<HashMap<County, i64>> {
        let counties: BTreeSet<County> = counties.collect();
        let heads = log::head::Entity::find()
            .filter(log::head::Column::County.is_in(counties))
            .all(self.connection())
            .await?;
        Ok(heads.into_iter().map(|head| (head.county, head.size - 1)).collect())
    }

    /// Events of a county behind a position: at most so many, found among at most
    /// [`limits::EVENT_ENTRIES`] entries. Writers of a county take turns until they have committed, so
    /// whoever sees a position has seen all before it.
    pub async fn events(
        &self,
        county: County,
        after: i64,
        wanted: &Wanted,
        limit: u64,
    ) -> Result<Events> {
        let county = self.county_of_events(Some(county))?;
        let (mut upto, mut n_rows, mut kept) = (after, 0, Vec::new());
        let mut is_more = false;
        {
            let query = behind(county, after, limits::EVENT_ENTRIES + 1).into_model::<Line>();
            let mut lines = query.stream(self.connection()).await?;
            let mut n_read = 0;
            while let Some(line) = lines.try_next().await? {
                let is_full = kept.len() as u64 >= limit || n_rows >= limits::EVENT_ROWS;
                if is_full || n_read >= limits::EVENT_ENTRIES {
                    is_more = true;
                    break;
                }
                (upto, n_read) = (line.seq, n_read + 1);
                let rows = wanted.rows(&line)?;
                n_rows += rows.len();
                if !rows.is_empty() {
                    kept.push((Line { body: String::new(), ..line }, rows));
                }
            }
        }
        Ok(Events { events: self.located(county, kept).await?, upto, is_more })
    }

    /// Events with the rows that the reader may see; one that has none of them is no event.
    async fn located(&self, county: County, kept: Vec<(Line, Vec<Named>)>) -> Result<Vec<Event>> {
        let mut ids: BTreeMap<&'static str, Vec<i64>> = BTreeMap::new();
        for (noun, id, _) in kept.iter().flat_map(|(_, rows)| rows) {
            ids.entry(noun).or_default().push(*id);
        }
        for ids in ids.values_mut() {
            ids.sort_unstable();
            ids.dedup();
        }
        let mut places = Places { read: self, ids, found: HashMap::new() };
        subject::visit_nouns(&mut places).await?;
        let found = places.found;
        let event = |(line, rows): (Line, Vec<Named>)| {
            let seen = |(noun, id, version): Named| {
                let area = *found.get(&(noun, id))?;
                Some(EventRow { noun, id, version, area })
            };
            let rows: Vec<EventRow> = rows.into_iter().filter_map(seen).collect();
            let at = DateTime::from_timestamp_millis(line.at)?;
            let Line { seq, action, leaf, .. } = line;
            (!rows.is_empty()).then_some(Event { county, seq, at, action, leaf, rows })
        };
        Ok(kept.into_iter().filter_map(event).collect())
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable};

    use super::*;

    #[test]
    fn every_noun_is_told_of_or_there_is_a_reason() {
        for (noun, reason) in UNTOLD {
            assert!(subject::NOUNS.iter().any(|(known, _)| known == noun) && !reason.is_empty());
        }
        assert_eq!(told().count(), subject::NOUNS.len() - UNTOLD.len());
    }

    #[tokio::test]
    async fn no_page_of_events_scans_or_sorts_the_log() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let county: County = "520381".parse().expect("a county");
        let statement = behind(county, 7, 51).build(DbBackend::Sqlite);
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let values = statement.values.map(|values| values.0).unwrap_or_default();
        let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        let rows = connection.query_all_raw(explain).await.expect("a plan");
        let plan: Vec<String> =
            rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect();
        let bad = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
        assert!(!plan.iter().any(bad), "{plan:#?}");
    }
}
