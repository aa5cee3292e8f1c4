//! The index of changes (`log_change`) against the entries it was made from.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    area::County,
    log::{self, change},
};
use futures_util::TryStreamExt;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::{
    body::{Change, Fields},
    fingerprint::Fingerprints,
    noun,
};
use crate::{
    domain::verification::{Fault, Kind, Place},
    error::Result,
    store::subject::NOUNS,
};

/// A row of the index: noun, id, version.
type Key = (String, i64, i64);

/// Sums over what the entries say and over what the index holds, by county.
#[derive(Default)]
pub(super) struct Index {
    prints: Fingerprints,
    expected: BTreeMap<County, u64>,
    found: BTreeMap<County, u64>,
}

impl Index {
    /// A change that an entry speaks of.
    pub(super) fn expect(&mut self, county: County, seq: u64, change: &Change<'_>) {
        let print = self.prints.of((NOUNS[change.noun].0, change.id, change.version, seq));
        let sum = self.expected.entry(county).or_default();
        *sum = sum.wrapping_add(print);
    }

    /// A row of the index.
    pub(super) fn find(&mut self, row: &change::Model) {
        let seq = u64::try_from(row.seq).unwrap_or(u64::MAX);
        let print = self.prints.of((row.noun.as_str(), row.subject_id, row.version, seq));
        let sum = self.found.entry(row.county).or_default();
        *sum = sum.wrapping_add(print);
    }

    /// The counties in which the two differ.
    pub(super) fn differing(&self) -> BTreeSet<County> {
        let counties = self.expected.keys().chain(self.found.keys()).copied();
        let differs = |county: &County| {
            let sums = [&self.expected, &self.found].map(|sums| sums.get(county).copied());
            sums[0].unwrap_or(0) != sums[1].unwrap_or(0)
        };
        counties.filter(differs).collect()
    }
}

/// The first entry of a county whose changes the index does not hold exactly.
pub(super) async fn first_fault(txn: &DatabaseTransaction, county: County) -> Result<Fault> {
    let mut indexed: BTreeMap<i64, Vec<Key>> = BTreeMap::new();
    {
        let rows = change::Entity::find().filter(change::Column::County.eq(county));
        let mut rows = rows.stream(txn).await?;
        while let Some(row) = rows.try_next().await? {
            let key = (row.noun, row.subject_id, row.version);
            indexed.entry(row.seq).or_default().push(key);
        }
    }
    let entries =
        log::Entity::find().filter(log::Column::County.eq(county)).order_by_asc(log::Column::Seq);
    let mut entries = entries.stream(txn).await?;
    while let Some(entry) = entries.try_next().await? {
        let found: BTreeSet<Key> =
            indexed.remove(&entry.seq).unwrap_or_default().into_iter().collect();
        let body = Fields::read(&entry.body).unwrap_or_default();
        let expected: BTreeSet<Key> = body
            .changes()
            .unwrap_or_default()
            .into_iter()
            .map(|one| (NOUNS[one.noun].0.to_owned(), one.id, one.version))
            .collect();
        if let Some(key) = expected.difference(&found).next() {
            return Ok(fault(Kind::ChangeMissing, county, entry.seq, key));
        }
        if let Some(key) = found.difference(&expected).next() {
            return Ok(fault(Kind::ChangeExtra, county, entry.seq, key));
        }
    }
    let stray =
        indexed.into_iter().next().and_then(|(seq, keys)| Some((seq, keys.into_iter().next()?)));
    Ok(match stray {
        Some((seq, key)) => fault(Kind::ChangeExtra, county, seq, &key),
        None => Fault::new(Kind::ChangeExtra, Place { county: Some(county), ..Place::default() }),
    })
}

fn fault(kind: Kind, county: County, seq: i64, (table, id, version): &Key) -> Fault {
    let known = NOUNS.iter().position(|(name, _)| name == table);
    let place = Place {
        county: Some(county),
        seq: u64::try_from(seq).ok(),
        noun: known.map(noun),
        id: Some(*id),
        part: Some(format!("version {version}")),
    };
    Fault::new(kind, place)
}
