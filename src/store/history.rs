//! What was recorded at an instant: the log of a county, replayed up to it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use entity::{
    area::{AreaCode, County},
    asset, budget, contract, discrepancy, duty, funding, holding,
    id::AssetId,
    log::{self, change, head},
    rectification, revival, title, upkeep, waiver, work_order,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value as Json};

use super::{
    Dossier, Read, Subject,
    dossier::{PlaceBudgets, asset_of},
    scope,
    subject::Fact,
};
use crate::{error::Result, limits};

/// Entries read at a time; each may hold hundreds of changes.
const ENTRIES: u64 = 50;

/// What of an entry is replayed.
#[derive(Deserialize)]
struct Body {
    changes: Vec<Replayed>,
}

/// One change as an entry keeps it.
#[derive(Deserialize)]
struct Replayed {
    id: i64,
    noun: String,
    version: i64,
    after: Map<String, Json>,
}

/// A row on its way through its versions.
#[derive(Clone, Default)]
struct Row {
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    fields: Map<String, Json>,
}

impl Row {
    /// Takes the next version; one that was taken before is passed over.
    fn take(&mut self, change: Replayed, at: DateTime<Utc>) {
        if change.version <= self.version {
            return;
        }
        if change.version == 1 {
            self.created_at = at;
        }
        self.updated_at = at;
        self.version = change.version;
        self.fields.extend(change.after);
    }

    /// The row as it was stored.
    fn stored<T: DeserializeOwned>(mut self, id: i64) -> Result<T> {
        self.fields.insert("id".into(), id.into());
        self.fields.insert("version".into(), self.version.into());
        for (name, at) in [("created_at", self.created_at), ("updated_at", self.updated_at)] {
            self.fields.insert(name.into(), at.to_rfc3339().into());
        }
        Ok(serde_json::from_value(Json::Object(self.fields)).map_err(anyhow::Error::new)?)
    }

    fn area(&self) -> Option<AreaCode> {
        self.fields.get("area_code")?.as_str()?.parse().ok()
    }
}

/// How a noun's row becomes a fact.
type Restore = fn(Row, i64) -> Result<Fact>;

/// The nouns a dossier is made of, the card first.
const NOUNS: [(&str, Restore); 13] = [
    ("asset", |row, id| {
        let mut asset = row.stored::<asset::Model>(id)?;
        <asset::Entity as Subject>::derive(&mut asset);
        Ok(Fact::Asset(Box::new(asset)))
    }),
    ("title", |row, id| Ok(Fact::Title(row.stored::<title::Model>(id)?))),
    ("holding", |row, id| Ok(Fact::Holding(row.stored::<holding::Model>(id)?))),
    ("duty", |row, id| Ok(Fact::Duty(row.stored::<duty::Model>(id)?))),
    ("funding", |row, id| Ok(Fact::Funding(row.stored::<funding::Model>(id)?))),
    ("waiver", |row, id| Ok(Fact::Waiver(row.stored::<waiver::Model>(id)?))),
    ("rectification", |row, id| Ok(Fact::Rectification(row.stored::<rectification::Model>(id)?))),
    ("upkeep", |row, id| Ok(Fact::Upkeep(row.stored::<upkeep::Model>(id)?))),
    ("work_order", |row, id| Ok(Fact::WorkOrder(row.stored::<work_order::Model>(id)?))),
    ("revival", |row, id| Ok(Fact::Revival(row.stored::<revival::Model>(id)?))),
    ("budget", |row, id| Ok(Fact::Budget(row.stored::<budget::Model>(id)?))),
    ("discrepancy", |row, id| Ok(Fact::Discrepancy(row.stored::<discrepancy::Model>(id)?))),
    ("contract", |row, id| Ok(Fact::Contract(row.stored::<contract::Model>(id)?))),
];

fn instant(millis: i64) -> Result<DateTime<Utc>> {
    let at = DateTime::from_timestamp_millis(millis);
    Ok(at.ok_or_else(|| anyhow!("an entry has no instant"))?)
}

/// The changes of an entry to the nouns of a dossier.
fn changes(entry: &log::Model) -> Result<Vec<(usize, Replayed)>> {
    let body: Body = serde_json::from_str(&entry.body).map_err(anyhow::Error::new)?;
    let known = body.changes.into_iter().filter_map(|change| {
        let noun = NOUNS.iter().position(|(noun, _)| *noun == change.noun)?;
        Some((noun, change))
    });
    Ok(known.collect())
}

impl Read<'_> {
    /// The counties with a log in an area, in the order of their codes.
    pub async fn counties_within(&self, area: AreaCode) -> Result<Vec<County>> {
        let (first, last) = area.range();
        Ok(head::Entity::find()
            .select_only()
            .column(head::Column::County)
            .filter(head::Column::County.between(first.county(), last.county()))
            .order_by_asc(head::Column::County)
            .into_tuple()
            .all(self.connection())
            .await?)
    }

    /// Everything that was recorded of the assets of a county at an instant, in the order of area
    /// and asset; only assets within the reader's area. Names of areas and parties are not told.
    pub async fn dossiers_at(&self, county: County, at: DateTime<Utc>) -> Result<Vec<Dossier>> {
        let rows = self.replay(county, at).await?;
        let mut dossiers: BTreeMap<AssetId, Dossier> = BTreeMap::new();
        let mut rows: Vec<((usize, i64), Row)> = rows.into_iter().collect();
        rows.sort_by_key(|(key, _)| *key);
        let mut shared = PlaceBudgets::default();
        for ((noun, id), row) in rows {
            let is_here = row.area().is_some_and(|area| area.county() == county);
            if !is_here {
                continue;
            }
            match (NOUNS[noun].1)(row, id)? {
                Fact::Asset(asset) => {
                    dossiers.insert(asset.id, Dossier::new(*asset));
                }
                Fact::Budget(row) if row.asset_id.is_none() => shared.add(row),
                fact => {
                    if let Some(dossier) = asset_of(&fact).and_then(|id| dossiers.get_mut(&id)) {
                        dossier.put(fact);
                    }
                }
            }
        }
        for dossier in dossiers.values_mut() {
            shared.share(dossier);
        }
        let own = self.actor().area();
        let is_seen = |area: AreaCode| scope::covers(own, &area, "scope of former states");
        let seen = dossiers.into_values().filter(|one| is_seen(one.asset.area_code));
        let mut seen: Vec<Dossier> = seen.collect();
        seen.sort_by_key(|dossier| (dossier.asset.area_code, dossier.asset.id));
        Ok(seen)
    }

    /// The last version of every row that a county's log knew at an instant.
    async fn replay(
        &self,
        county: County,
        at: DateTime<Utc>,
    ) -> Result<HashMap<(usize, i64), Row>> {
        let mut rows: HashMap<(usize, i64), Row> = HashMap::new();
        let mut from = 0;
        loop {
            let entries = log::Entity::find()
                .filter(log::Column::County.eq(county))
                .filter(log::Column::Seq.gte(from))
                .filter(log::Column::At.lte(at.timestamp_millis()))
                .order_by_asc(log::Column::Seq)
                .limit(ENTRIES)
                .all(self.connection())
                .await?;
            let Some(last) = entries.last() else { return Ok(rows) };
            from = last.seq + 1;
            for entry in &entries {
                let at = instant(entry.at)?;
                for (noun, change) in changes(entry)? {
                    let key = (noun, change.id);
                    if change.version > 1 && !rows.contains_key(&key) {
                        rows.insert(key, self.earlier(noun, change.id, change.version).await?);
                    }
                    rows.entry(key).or_default().take(change, at);
                }
            }
        }
    }

    /// A row before a version: it came from another county, whose log has its beginning.
    async fn earlier(&self, noun: usize, id: i64, version: i64) -> Result<Row> {
        let made = change::Entity::find()
            .filter(change::Column::Noun.eq(NOUNS[noun].0))
            .filter(change::Column::SubjectId.eq(id))
            .filter(change::Column::Version.lt(version))
            .order_by_asc(change::Column::Version)
            .all(self.connection())
            .await?;
        let mut row = Row::default();
        for one in made {
            let entry =
                log::Entity::find_by_id((one.county, one.seq)).one(self.connection()).await?;
            let entry = entry.ok_or_else(|| anyhow!("a log has lost an entry"))?;
            let own = changes(&entry)?.into_iter().filter(|(kind, change)| {
                (*kind, change.id, change.version) == (noun, id, one.version)
            });
            for (_, change) in own {
                row.take(change, instant(entry.at)?);
            }
        }
        Ok(row)
    }

    /// Everything that was recorded of some assets at an instant; one that was not yet, or lay
    /// elsewhere then, is left out. Rows that have not changed since are taken as they stand; of the others, the entries
    /// that changed them are read.
    pub async fn dossiers_then(
        &self,
        assets: &[AssetId],
        at: DateTime<Utc>,
    ) -> Result<Vec<Dossier>> {
        let now = self.dossiers(assets).await?;
        let facts: Vec<Vec<Kept>> = now.into_iter().map(|one| kept(one, at)).collect();
        let changed = facts.iter().flatten().filter(|one| one.updated_at > at);
        let rows = self.versions(&changed.map(|one| one.key).collect(), at).await?;
        let mut then = Vec::with_capacity(facts.len());
        for facts in facts {
            let mut dossier: Option<Dossier> = None;
            for one in facts {
                // a budget of a place is one of several assets
                let fact = match rows.get(&one.key).cloned() {
                    Some(row) => (NOUNS[one.key.0].1)(row, one.key.1)?,
                    None => one.fact,
                };
                match (fact, &mut dossier) {
                    (Fact::Asset(asset), None) => dossier = Some(Dossier::new(*asset)),
                    (fact, Some(dossier)) => dossier.put(fact),
                    (_, None) => {}
                }
            }
            let own = self.actor().area();
            let is_seen =
                |asset: &asset::Model| scope::covers(own, &asset.area_code, "scope of dossiers");
            then.extend(dossier.filter(|one| is_seen(&one.asset)));
        }
        Ok(then)
    }

    /// Rows as they were at an instant, each made of its versions up to it.
    async fn versions(&self, keys: &HashSet<Key>, at: DateTime<Utc>) -> Result<HashMap<Key, Row>> {
        let mut entries: BTreeMap<County, BTreeSet<i64>> = BTreeMap::new();
        for (noun, (name, _)) in NOUNS.iter().enumerate() {
            let ids = keys.iter().filter(|(kind, _)| *kind == noun).map(|(_, id)| *id);
            let ids: Vec<i64> = ids.collect();
            for ids in ids.chunks(limits::IMPORT_BATCH) {
                let made = change::Entity::find()
                    .filter(change::Column::Noun.eq(*name))
                    .filter(change::Column::SubjectId.is_in(ids.iter().copied()));
                for one in made.all(self.connection()).await? {
                    entries.entry(one.county).or_default().insert(one.seq);
                }
            }
        }
        let mut made: Vec<(Key, Replayed, DateTime<Utc>)> = Vec::new();
        for (county, places) in entries {
            let places: Vec<i64> = places.into_iter().collect();
            for places in places.chunks(usize::try_from(ENTRIES).unwrap_or(1)) {
                let read = log::Entity::find()
                    .filter(log::Column::County.eq(county))
                    .filter(log::Column::Seq.is_in(places.iter().copied()))
                    .filter(log::Column::At.lte(at.timestamp_millis()));
                for entry in read.all(self.connection()).await? {
                    let at = instant(entry.at)?;
                    let own = changes(&entry)?.into_iter();
                    let own = own.map(|(noun, change)| ((noun, change.id), change));
                    made.extend(
                        own.filter(|(key, _)| keys.contains(key))
                            .map(|(key, change)| (key, change, at)),
                    );
                }
            }
        }
        made.sort_by_key(|(_, change, _)| change.version);
        let mut rows: HashMap<Key, Row> = HashMap::new();
        for (key, change, at) in made {
            rows.entry(key).or_default().take(change, at);
        }
        Ok(rows)
    }
}

/// A noun's place in [`NOUNS`] and a row's id.
type Key = (usize, i64);

/// A row as it stands now.
struct Kept {
    key: Key,
    updated_at: DateTime<Utc>,
    fact: Fact,
}

/// The rows of a dossier that were there at an instant, the card first.
fn kept(dossier: Dossier, at: DateTime<Utc>) -> Vec<Kept> {
    fn rows<E: Subject>(
        noun: usize,
        rows: impl IntoIterator<Item = E::Model>,
        at: DateTime<Utc>,
    ) -> Vec<Kept> {
        let there = rows.into_iter().filter(|row| E::created_at(row) <= at);
        let kept = there.filter_map(|row| {
            let (key, updated_at) = ((noun, E::id(&row).into()), E::stamps(&row).1);
            Some(Kept { key, updated_at, fact: E::fact(&row)? })
        });
        kept.collect()
    }
    let Dossier {
        asset,
        title,
        holdings,
        duties,
        funding,
        waivers,
        rectifications,
        upkeep,
        work_orders,
        revivals,
        budgets,
        discrepancies,
        contracts,
    } = dossier;
    let mut kept = rows::<asset::Entity>(0, [asset], at);
    kept.extend(rows::<title::Entity>(1, title, at));
    kept.extend(rows::<holding::Entity>(2, holdings, at));
    kept.extend(rows::<duty::Entity>(3, duties, at));
    kept.extend(rows::<funding::Entity>(4, funding, at));
    kept.extend(rows::<waiver::Entity>(5, waivers, at));
    kept.extend(rows::<rectification::Entity>(6, rectifications, at));
    kept.extend(rows::<upkeep::Entity>(7, upkeep, at));
    kept.extend(rows::<work_order::Entity>(8, work_orders, at));
    kept.extend(rows::<revival::Entity>(9, revivals, at));
    let budgets = budgets.into_iter().map(Arc::unwrap_or_clone);
    kept.extend(rows::<budget::Entity>(10, budgets, at));
    kept.extend(rows::<discrepancy::Entity>(11, discrepancies, at));
    kept.extend(rows::<contract::Entity>(12, contracts, at));
    kept
}
