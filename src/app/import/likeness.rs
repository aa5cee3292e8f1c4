//! Rows that the ledger most likely holds already: no code and no key says so, but an asset of the
//! same name stands in the same village. Whoever sends them says what becomes of them.

use std::collections::HashMap;

use entity::{area::AreaCode, id::AssetId, language::Sentence};
use serde::{Deserialize, Serialize};

use super::{
    answer::Alike, asset::Existing, carry_out::Batched, layout::Record, map::Map, resolve::Resolver,
};
use crate::{
    domain::mistake::{Mistake, Mistakes},
    error::Result,
    store::Write,
};

/// A row that its sender has not said anything of yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    /// The row.
    pub row: u64,
    /// The name of the asset.
    pub name: String,
    /// The codes of the assets in the ledger of that name and place.
    pub codes: Vec<String>,
}

/// What becomes of a row.
pub(super) enum Verdict {
    /// What its own cells say.
    Own,
    /// Nothing: it is left out.
    Skipped,
    /// Nothing yet: it is asked.
    Asked(Duplicate),
    /// It cannot be taken.
    Wrong(Mistakes),
}

/// Rows of a sheet that changed an asset because they were said to be it.
#[derive(Default)]
pub(super) struct Likeness {
    taken: HashMap<AssetId, u64>,
}

/// The assets in the ledger that rows of a batch are like.
pub(super) type Namesakes = HashMap<(AreaCode, String), Vec<(AssetId, String)>>;

/// Looks for namesakes of the rows that nothing in the ledger is known to be; for none where every
/// such row is said to be new.
pub(super) async fn namesakes(
    batch: &Batched<'_>,
    write: &Write,
    (records, keys): (&[Record], &[Option<String>]),
    existing: &Existing,
    (resolver, map): (&Resolver, &Map),
) -> Result<Namesakes> {
    if batch.answers().alike.is_all_new() {
        return Ok(Namesakes::new());
    }
    let unknown = records
        .iter()
        .zip(keys)
        .filter(|(record, key)| existing.get(record, key.as_deref()).is_none());
    let named = unknown.filter_map(|(record, _)| place_and_name(record, resolver, map));
    let mut found = Namesakes::new();
    for (place, id, code) in write.assets_named(&named.collect::<Vec<_>>()).await? {
        found.entry(place).or_default().push((id, code));
    }
    Ok(found)
}

fn place_and_name(record: &Record, resolver: &Resolver, map: &Map) -> Option<(AreaCode, String)> {
    let name = record.text("name")?.trim().to_owned();
    let area = resolver.area(record, map, &mut Mistakes::default())?;
    Some((area, name))
}

impl Likeness {
    /// What becomes of a row. One that is said to be an asset of the ledger is made known as it.
    pub(super) async fn judge(
        &mut self,
        batch: &Batched<'_>,
        write: &Write,
        record: &Record,
        namesakes: &Namesakes,
        existing: &mut Existing,
        (resolver, map): (&Resolver, &Map),
    ) -> Result<Verdict> {
        if namesakes.is_empty() {
            return Ok(Verdict::Own);
        }
        let Some(place) = place_and_name(record, resolver, map) else { return Ok(Verdict::Own) };
        let Some(found) = namesakes.get(&place) else { return Ok(Verdict::Own) };
        match batch.answers().alike.of(record.number) {
            Alike::New => Ok(Verdict::Own),
            Alike::Skip => Ok(Verdict::Skipped),
            Alike::Ask => {
                let codes = found.iter().map(|(_, code)| code.clone()).collect();
                Ok(Verdict::Asked(Duplicate { row: record.number, name: place.1, codes }))
            }
            Alike::Update => self.update(write, record, found, existing).await,
        }
    }

    async fn update(
        &mut self,
        write: &Write,
        record: &Record,
        found: &[(AssetId, String)],
        existing: &mut Existing,
    ) -> Result<Verdict> {
        let wrong = |zh: String, en: String| {
            let mistake = Mistake::new(
                "name",
                record.text("name").unwrap_or_default(),
                Sentence::new(zh, en),
            );
            Ok(Verdict::Wrong(Mistakes(vec![mistake])))
        };
        let [(id, code)] = found else {
            let n = found.len();
            return wrong(
                format!("台账有 {n} 项同名资产，请在表里写明资产编号"),
                format!("the ledger has {n} assets of this name: write the asset code"),
            );
        };
        if let Some(first) = self.taken.get(id) {
            return wrong(
                format!("与第 {first} 行是同一项资产 {code}"),
                format!("the same asset {code} as row {first}"),
            );
        }
        if existing.is_meant(*id) {
            return wrong(
                format!("表里另有一行就是资产 {code}"),
                format!("another row of the sheet is the asset {code}"),
            );
        }
        self.taken.insert(*id, record.number);
        existing.adopt(write, record.number, *id).await?;
        Ok(Verdict::Own)
    }
}
