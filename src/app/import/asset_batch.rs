//! Rows of an asset sheet, a batch at a time. What a batch makes is stored while the next one is
//! read: so the ledger is asked what the next rows mean before the last ones are put in, and rows
//! that mean the same asset are told apart here, over the whole sheet.

use std::collections::{HashMap, hash_map::Entry};

use entity::{import::Outcome as RowOutcome, language::Sentence};

use super::{
    asset::{Existing, Plan, Reader},
    carry_out::Batched,
    layout::{Digest, Record, digest, digest_of},
    likeness::{self, Likeness, Verdict},
    map::Map,
    resolve::Resolver,
    unit::{Usual, Valued},
};
use crate::{
    app::{self, asset::Registration},
    domain::{
        asset as rules,
        mistake::{Mistake, Mistakes},
    },
    error::Result,
    store::{ImportedRow, Write},
};

/// What is known of an asset sheet beyond the batch in hand.
#[derive(Default)]
pub(super) struct Assets {
    named: Named,
    planned: Planned,
    likeness: Likeness,
    usual: Usual,
}

/// What a batch came to and is yet to be put in.
#[derive(Default)]
struct Planned {
    fresh: Vec<Registration>,
    /// The rows of the sheet that the fresh ones are.
    numbers: Vec<u64>,
    /// Rows that changed something, which was done.
    changed: Vec<ImportedRow>,
}

impl Assets {
    /// Plans a batch of rows, and puts in what the last one came to.
    pub(super) async fn carry_out(
        &mut self,
        mut batch: Batched<'_>,
        write: &mut Write,
        records: &[Record],
        resolver: &mut Resolver,
    ) -> Result<()> {
        let map = batch.map().clone();
        let keys = self.named.keys(records, &map);
        resolver.look_ahead(write, records, &map).await?;
        let mut existing = Existing::of(write, records, &keys).await?;
        let rows = (records, keys.as_slice());
        let namesakes =
            likeness::namesakes(&batch, write, rows, &existing, (&*resolver, &map)).await?;
        self.put_in(&mut batch, write).await?;
        let mut valued = Vec::new();
        for (record, key) in records.iter().zip(keys) {
            if let Some(mistakes) = self.named.twice(record, key.as_deref()) {
                batch.reject(record, &mistakes);
                continue;
            }
            if existing.get(record, key.as_deref()).is_none() {
                let of = (&*resolver, &map);
                let judged =
                    self.likeness.judge(&batch, write, record, &namesakes, &mut existing, of);
                match judged.await? {
                    Verdict::Own => {}
                    Verdict::Skipped => {
                        batch.skip();
                        continue;
                    }
                    Verdict::Asked(duplicate) => {
                        batch.ask(duplicate);
                        continue;
                    }
                    Verdict::Wrong(mistakes) => {
                        batch.reject(record, &mistakes);
                        continue;
                    }
                }
            }
            let mut reader = Reader { map: &map, resolver, existing: &existing };
            let plan = reader.plan(write, record, key).await?;
            valued.extend(value_of(record, &plan));
            self.take(&mut batch, write, record, plan).await?;
        }
        self.usual.look(&mut batch, write, &valued).await
    }

    /// Puts in what the last batch came to.
    pub(super) async fn finish(&mut self, mut batch: Batched<'_>, write: &mut Write) -> Result<()> {
        self.put_in(&mut batch, write).await
    }

    async fn take(
        &mut self,
        batch: &mut Batched<'_>,
        write: &mut Write,
        record: &Record,
        plan: std::result::Result<Plan, Mistakes>,
    ) -> Result<()> {
        match plan {
            Err(mistakes) => batch.reject(record, &mistakes),
            Ok(Plan::Same) => batch.same(),
            Ok(Plan::Create(registration)) => {
                batch.warn(record, rules::warnings(&registration.asset));
                self.planned.fresh.push(*registration);
                self.planned.numbers.push(record.number);
            }
            Ok(Plan::Change(change)) => {
                batch.changes(change.cells.clone());
                match change.carry_out(write).await {
                    Ok(asset) => {
                        let subject = ("asset", asset.id.0, asset.version, asset.area_code);
                        let row = batch.done(RowOutcome::Changed, record.number, subject);
                        self.planned.changed.push(row);
                    }
                    Err(error) => batch.refuse(record, error)?,
                }
            }
        }
        Ok(())
    }

    async fn put_in(&mut self, batch: &mut Batched<'_>, write: &mut Write) -> Result<()> {
        let Planned { fresh, numbers, changed: mut rows } = std::mem::take(&mut self.planned);
        if batch.is_carrying_out() {
            let assets = app::asset::put_in(write, fresh, rules::Completeness::TakeOn).await?;
            for (asset, number) in assets.iter().zip(numbers) {
                let subject = ("asset", asset.id.0, asset.version, asset.area_code);
                rows.push(batch.done(RowOutcome::Created, number, subject));
            }
        } else {
            for (registration, number) in fresh.iter().zip(numbers) {
                let subject = ("asset", 0, 1, registration.asset.area_code);
                batch.done(RowOutcome::Created, number, subject);
            }
        }
        write.note_imported(rows).await
    }
}

/// The value of an asset that a row makes.
fn value_of<'a>(
    record: &'a Record,
    plan: &std::result::Result<Plan, Mistakes>,
) -> Option<Valued<'a>> {
    let Ok(Plan::Create(registration)) = plan else { return None };
    let asset = &registration.asset;
    let kind = (asset.class, asset.subclass);
    Some(Valued { record, kind, value: asset.original_value? })
}

/// What the rows of a sheet are known by: their code, the sender's key, or the digest of the row
/// and its place among equal rows.
#[derive(Default)]
struct Named {
    equal: HashMap<Digest, u32>,
    /// The first row of each code or key.
    rows: HashMap<Digest, u32>,
}

impl Named {
    /// The keys of the rows that have no code.
    fn keys(&mut self, records: &[Record], map: &Map) -> Vec<Option<String>> {
        let key = |record: &Record| {
            if record.text("code").is_some() {
                return None;
            }
            if let Some(key) = &record.key {
                return Some(format!("{}:{key}", map.sender));
            }
            let digest = digest(&record.cells);
            let n = self.equal.entry(digest).or_default();
            *n += 1;
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            Some(format!("{}#{digest}.{n}", map.sender))
        };
        records.iter().map(key).collect()
    }

    /// A code or key that stands on an earlier row of the sheet. Digests of rows are never twice.
    fn twice(&mut self, record: &Record, key: Option<&str>) -> Option<Mistakes> {
        let name = match record.text("code") {
            Some(code) => code,
            None => key.filter(|_| record.key.is_some())?,
        };
        let first = match self.rows.entry(digest_of(std::iter::once(name))) {
            Entry::Vacant(place) => {
                place.insert(u32::try_from(record.number).unwrap_or(u32::MAX));
                return None;
            }
            Entry::Occupied(place) => *place.get(),
        };
        let expected =
            Sentence::new(format!("与第 {first} 行重复"), format!("the same as row {first}"));
        Some(Mistakes(vec![Mistake::new("code", name, expected)]))
    }
}
