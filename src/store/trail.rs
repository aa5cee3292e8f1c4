//! Appending to the log of a county, walking it, signing its end, and proving what is in it.

use std::{collections::BTreeMap, fmt::Write as _};

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use entity::{
    area::{AreaCode, County},
    log::{self, change, checkpoint as signed, head},
};
use futures_util::TryStreamExt;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, SelectGetableTuple, Selector, sea_query::OnConflict,
};
use serde_json::{Map, Value as Json};

use super::{Ledger, Subject, Write, insert::insert_rows};
use crate::{
    domain::{
        permission::Action,
        reminder::{self, Call},
        trail::{
            canonical::append_canonical,
            checkpoint,
            key::{Origin, Signer, Verifier},
            merkle::{Frontier, Hash, leaf_hash},
            proof::{Gatherer, Shape},
            record::{Record, append_fields},
        },
    },
    error::{Error, Result},
    limits,
};

/// Fields that the log tells otherwise: the id stands beside the fields, the stamps are the
/// instants of the entries.
const UNRECORDED: [&str; 4] = ["id", "version", "created_at", "updated_at"];

/// One changed row, as the log keeps it.
pub(crate) struct Change {
    noun: &'static str,
    id: i64,
    version: i64,
    text: String,
    /// Whom it concerns.
    calls: Vec<Call>,
}

impl Change {
    /// The change from one version of a row to the next, or to the first. A new row is kept with
    /// the fields that hold something, a changed one with the fields that differ.
    pub(crate) fn of<E: Subject>(before: Option<&E::Model>, after: &E::Model) -> Result<Change> {
        let calls = reminder::calls(before, after);
        let (id, version): (i64, i64) = (E::id(after).into(), E::version(after));
        let after = record_of(after)?;
        let mut text = String::with_capacity(512);
        text.push_str("{\"after\":");
        match before {
            None => append_fields(after.held(), &mut text),
            Some(before) => {
                let before = record_of(before)?;
                let both = || before.fields().zip(after.fields());
                let differing = || both().filter(|(before, after)| before != after);
                append_fields(differing().map(|(_, after)| after), &mut text);
                text.push_str(",\"before\":");
                append_fields(differing().map(|(before, _)| before), &mut text);
            }
        }
        let noun = E::TABLE;
        // writing to a String cannot fail
        _ = write!(text, ",\"id\":{id},\"noun\":\"{noun}\",\"version\":{version}}}");
        Ok(Change { noun: E::TABLE, id, version, text, calls })
    }
}

/// The fields of a row as the log knows them.
pub(super) fn record_of(row: &impl serde::Serialize) -> Result<Record> {
    Ok(Record::of(row, &UNRECORDED).map_err(anyhow::Error::new)?)
}

/// What an action has changed and not yet written to the log, by county.
pub(crate) struct Pending {
    actor: String,
    action: Action,
    at: DateTime<Utc>,
    notes: Map<String, Json>,
    bulk: Vec<(County, Json)>,
    by_county: BTreeMap<County, Vec<Change>>,
    heads: BTreeMap<County, Frontier>,
    n: usize,
}

impl Pending {
    pub(crate) fn new(actor: &str, action: Action, at: DateTime<Utc>) -> Pending {
        Pending {
            actor: actor.to_owned(),
            action,
            at,
            notes: Map::new(),
            bulk: Vec::new(),
            by_county: BTreeMap::new(),
            heads: BTreeMap::new(),
            n: 0,
        }
    }

    /// A fact that every entry of the action keeps.
    pub(crate) fn note(&mut self, key: &'static str, value: Json) {
        self.notes.insert(key.to_owned(), value);
    }

    /// Takes note of a changed row. One that moves between counties is kept in both logs.
    pub(crate) fn push(&mut self, change: Change, from: Option<AreaCode>, to: AreaCode) {
        self.n += 1;
        if let Some(from) = from.map(|area| area.county()).filter(|county| *county != to.county()) {
            // whoever sees to it has it where it lies now
            let copy = Change { text: change.text.clone(), calls: Vec::new(), ..change };
            self.by_county.entry(from).or_default().push(copy);
        }
        self.by_county.entry(to.county()).or_default().push(change);
    }

    /// Takes note of rows that are kept by their digest alone.
    pub(crate) fn push_bulk(&mut self, county: County, bulk: Json) {
        self.bulk.push((county, bulk));
    }

    /// Has an entry made in a county although no row of it changed: its findings did.
    pub(crate) fn mark(&mut self, county: County) {
        self.by_county.entry(county).or_default();
    }

    /// Changed rows that wait.
    pub(crate) const fn len(&self) -> usize {
        self.n
    }

    /// Whether nothing was changed at all.
    pub(crate) fn is_untouched(&self) -> bool {
        self.by_county.is_empty() && self.bulk.is_empty() && self.heads.is_empty()
    }

    /// The entry's body: canonical JSON, its keys in their order.
    fn body(
        &self,
        county: County,
        seq: u64,
        bulk: Option<&Json>,
        changes: &[Change],
    ) -> Result<String> {
        let length = changes.iter().map(|change| change.text.len() + 1).sum::<usize>();
        let mut body = String::with_capacity(length + 256);
        let part = |body: &mut String, key: &str, value: &Json| {
            body.push(if body.is_empty() { '{' } else { ',' });
            body.push('"');
            body.push_str(key);
            body.push_str("\":");
            append_canonical(value, body)
                .map_err(|fault| Error::Internal(anyhow::Error::new(fault)))
        };
        part(&mut body, "action", &self.action.code().into())?;
        part(&mut body, "actor", &self.actor.as_str().into())?;
        part(&mut body, "at", &self.at.timestamp_millis().into())?;
        if let Some(bulk) = bulk {
            part(&mut body, "bulk", bulk)?;
        }
        body.push_str(",\"changes\":[");
        for (place, change) in changes.iter().enumerate() {
            if place > 0 {
                body.push(',');
            }
            body.push_str(&change.text);
        }
        body.push(']');
        part(&mut body, "county", &county.as_str().into())?;
        part(&mut body, "note", &Json::Object(self.notes.clone()))?;
        part(&mut body, "seq", &seq.into())?;
        part(&mut body, "v", &1.into())?;
        body.push('}');
        Ok(body)
    }
}

impl Write {
    /// Appends what waits to the logs of its counties.
    pub(super) async fn append_entries(&mut self) -> Result<()> {
        let bulk = std::mem::take(&mut self.pending.bulk);
        for (county, bulk) in bulk {
            self.append(county, Some(&bulk), &[]).await?;
        }
        let by_county = std::mem::take(&mut self.pending.by_county);
        self.pending.n = 0;
        for (county, changes) in by_county {
            if changes.is_empty() {
                self.append(county, None, &[]).await?;
            }
            for part in changes.chunks(limits::CHANGES_PER_ENTRY) {
                self.append(county, None, part).await?;
            }
        }
        Ok(())
    }

    async fn append(
        &mut self,
        county: County,
        bulk: Option<&Json>,
        changes: &[Change],
    ) -> Result<()> {
        self.take_turn(county).await?;
        let mut frontier = match self.pending.heads.remove(&county) {
            Some(frontier) => frontier,
            None => head_of(&self.txn, county).await?,
        };
        let seq = frontier.size();
        let body = self.pending.body(county, seq, bulk, changes)?;
        let leaf = leaf_hash(body.as_bytes());
        let seq = i64::try_from(seq).map_err(anyhow::Error::new)?;
        let row = log::Model {
            county,
            seq,
            at: self.at.timestamp_millis(),
            actor: self.actor.name().to_owned(),
            action: self.pending.action.code().to_owned(),
            body,
            leaf: leaf.as_bytes().to_vec(),
        };
        let row = row.into_active_model().reset_all();
        log::Entity::insert(row).exec_without_returning(&self.txn).await?;
        let rows = changes.iter().map(|one| {
            let noun = one.noun.to_owned();
            change::Model { noun, subject_id: one.id, version: one.version, county, seq }
        });
        let rows: Vec<change::Model> = rows.collect();
        insert_rows::<change::Entity>(&self.txn, &rows).await?;
        let calls = changes.iter().flat_map(|one| &one.calls);
        self.keep_reminders((county, seq), calls).await?;
        frontier.append(leaf);
        self.pending.heads.insert(county, frontier);
        Ok(())
    }

    /// Stores where the logs end now.
    pub(super) async fn store_heads(&mut self) -> Result<()> {
        for (county, frontier) in std::mem::take(&mut self.pending.heads) {
            let size = i64::try_from(frontier.size()).map_err(anyhow::Error::new)?;
            let row = head::Model { county, size, frontier: frontier.encode() };
            let key = OnConflict::column(head::Column::County)
                .update_columns([head::Column::Size, head::Column::Frontier])
                .to_owned();
            head::Entity::insert(row.into_active_model().reset_all())
                .on_conflict(key)
                .exec_without_returning(&self.txn)
                .await?;
        }
        Ok(())
    }
}

async fn head_of(connection: &impl ConnectionTrait, county: County) -> Result<Frontier> {
    match head::Entity::find_by_id(county).one(connection).await? {
        Some(row) => Ok(Frontier::decode(&row.frontier).map_err(anyhow::Error::new)?),
        None => Ok(Frontier::new()),
    }
}

/// One stored entry, as it is walked.
pub type Entry = log::Model;

impl Ledger {
    /// The counties that have a log, with its size.
    pub async fn logs(&self) -> Result<Vec<(County, u64)>> {
        let heads =
            head::Entity::find().order_by_asc(head::Column::County).all(self.reader()).await?;
        Ok(heads
            .into_iter()
            .map(|head| (head.county, u64::try_from(head.size).unwrap_or(0)))
            .collect())
    }

    /// Entries of a county from a position on, in order; at most a batch.
    pub async fn entries(&self, county: County, from: u64) -> Result<Vec<Entry>> {
        let from = i64::try_from(from).map_err(anyhow::Error::new)?;
        Ok(log::Entity::find()
            .filter(log::Column::County.eq(county))
            .filter(log::Column::Seq.gte(from))
            .order_by_asc(log::Column::Seq)
            .limit(limits::READ_BATCH)
            .all(self.reader())
            .await?)
    }

    /// The origin that the checkpoints of a county carry.
    pub fn origin(&self, county: County) -> Result<Origin> {
        Ok(Origin::county(self.name(), county.as_str()).map_err(anyhow::Error::new)?)
    }

    /// Who signs the checkpoints of a county.
    pub(super) fn signer(&self, county: County) -> Result<Signer> {
        Ok(Signer::new(self.origin(county)?, &self.keys().signing))
    }

    /// The public key of the whole ledger, to be printed and kept outside.
    pub fn public_key(&self) -> Result<Verifier> {
        let origin = Origin::new(self.name()).map_err(anyhow::Error::new)?;
        Ok(Signer::new(origin, &self.keys().signing).verifier().clone())
    }

    /// Signed checkpoints of a county, by size.
    pub async fn checkpoints(&self, county: County) -> Result<Vec<signed::Model>> {
        Ok(signed::Entity::find()
            .filter(signed::Column::County.eq(county))
            .order_by_asc(signed::Column::Size)
            .all(self.reader())
            .await?)
    }

    /// The public key that checks the checkpoints of a county.
    pub fn verifier(&self, county: County) -> Result<Verifier> {
        Ok(self.signer(county)?.verifier().clone())
    }

    /// Makes a proof from the leaf hashes of a county's log, without holding them.
    pub async fn gather(&self, county: County, size: u64, shape: Shape) -> Result<Vec<Hash>> {
        let mut gatherer = Gatherer::new(shape);
        let size = i64::try_from(size).map_err(anyhow::Error::new)?;
        let mut leaves = leaves_below(county, size).stream(self.reader()).await?;
        while let Some((leaf,)) = leaves.try_next().await? {
            gatherer.push(hash(&leaf)?);
        }
        Ok(gatherer.finish().map_err(anyhow::Error::new)?)
    }

    /// Signs the end of every log that grew since its last checkpoint. The entries since then are
    /// hashed anew from their stored bytes, not remembered from appending them; the leaves before
    /// must come to the root that was signed, whose entries were hashed then.
    pub async fn sign_checkpoints(&self) -> Result<usize> {
        let mut n = 0;
        for (county, size) in self.logs().await? {
            let last = self.last_checkpoint(county).await?;
            if last.as_ref().is_some_and(|last| u64::try_from(last.size) == Ok(size)) {
                continue;
            }
            let frontier = self.recomputed(county, size, last).await?;
            let head = head_of(self.reader(), county).await?;
            if frontier.size() != size || (head.size() == size && head.root() != frontier.root()) {
                return Err(unsound(county));
            }
            let note = self.signer(county)?.sign(&frontier.head()).as_str().to_owned();
            let row = signed::Model {
                county,
                size: i64::try_from(size).map_err(anyhow::Error::new)?,
                at: self.clock().now().timestamp_millis(),
                note,
            };
            let row = row.into_active_model().reset_all();
            signed::Entity::insert(row)
                .on_conflict_do_nothing()
                .exec_without_returning(self.writer())
                .await?;
            n += 1;
        }
        Ok(n)
    }

    /// The largest signed checkpoint of a county.
    pub async fn last_checkpoint(&self, county: County) -> Result<Option<signed::Model>> {
        Ok(signed::Entity::find()
            .filter(signed::Column::County.eq(county))
            .order_by_desc(signed::Column::Size)
            .one(self.reader())
            .await?)
    }

    /// The tree over the first `size` entries: below the last checkpoint, which must be ours, from
    /// their leaves; after it from their bytes.
    async fn recomputed(
        &self,
        county: County,
        size: u64,
        last: Option<signed::Model>,
    ) -> Result<Frontier> {
        let mut frontier = Frontier::new();
        if let Some(last) = last {
            let signed = checkpoint::open(&last.note, &self.verifier(county)?)
                .map_err(|_| unsound(county))?;
            let mut leaves = leaves_below(county, last.size).stream(self.reader()).await?;
            while let Some((leaf,)) = leaves.try_next().await? {
                frontier.append(hash(&leaf)?);
            }
            if frontier.head() != signed.head() {
                return Err(unsound(county));
            }
        }
        let from = i64::try_from(frontier.size()).map_err(anyhow::Error::new)?;
        let to = i64::try_from(size).map_err(anyhow::Error::new)?;
        let entries = log::Entity::find()
            .filter(log::Column::County.eq(county))
            .filter(log::Column::Seq.gte(from))
            .filter(log::Column::Seq.lt(to))
            .order_by_asc(log::Column::Seq);
        let mut entries = entries.stream(self.reader()).await?;
        while let Some(entry) = entries.try_next().await? {
            let leaf = leaf_hash(entry.body.as_bytes());
            if u64::try_from(entry.seq) != Ok(frontier.size()) || *leaf.as_bytes() != *entry.leaf {
                return Err(unsound(county));
            }
            frontier.append(leaf);
        }
        Ok(frontier)
    }
}

/// The leaf hashes of the first entries of a county, in order.
fn leaves_below(county: County, size: i64) -> Selector<SelectGetableTuple<(Vec<u8>,)>> {
    log::Entity::find()
        .select_only()
        .column(log::Column::Leaf)
        .filter(log::Column::County.eq(county))
        .filter(log::Column::Seq.lt(size))
        .order_by_asc(log::Column::Seq)
        .into_tuple()
}

fn hash(leaf: &[u8]) -> Result<Hash> {
    Ok(Hash::try_from(leaf).map_err(anyhow::Error::new)?)
}

fn unsound(county: County) -> Error {
    Error::Internal(anyhow!(
        "{county} 的留痕与已签名的内容不符，请运行 taizhang verify / \
         the log of {county} does not hash to what was signed; run taizhang verify"
    ))
}
