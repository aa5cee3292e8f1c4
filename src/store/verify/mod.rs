//! Checking a ledger against its log (architecture.md §11, reliability.md §4.5): every entry, the
//! tree over them, every signed checkpoint, and, when asked, every row, finding and kept sum.
//!
//! Reading order: `entries` walks one log; `body` reads an entry; `replay` keeps what each row should be; `row` names
//! what is wrong with one row; `edition` does so for areas brought in in bulk; `index`, `finding`,
//! `vault` and `attachment` check what is kept beside the rows. All of it reads one snapshot, in bounded
//! memory: batches, some twenty bytes a row, and one county's sums.

mod attachment;
mod body;
mod checkpoint;
mod contract;
mod edition;
mod entries;
mod finding;
mod fingerprint;
mod index;
mod replay;
mod row;
mod rows;
mod stock_take;
mod vault;
mod worker;

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    area::County,
    language::Label,
    log::{self, change, head, ledger},
};
use futures_util::TryStreamExt;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IsolationLevel, QueryFilter, QueryOrder,
    QuerySelect, TransactionOptions, TransactionTrait,
};

use super::{
    Ledger, Subject,
    connect::is_postgres,
    subject::{NOUNS, visit_nouns},
};
use crate::{
    domain::{
        trail::key::{Origin, Signer},
        verification::{Fault, Kind, LogReport, Noun, Place, RowsReport, Verification},
    },
    error::{Error, Result},
    limits,
};
use entries::Walk;
use index::Index;
use replay::Replay;
use worker::Worker;

/// Bytes of entries handed over together.
const CHUNK_BYTES: usize = 1 << 20;

/// What to check, and against what.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    /// Rows, findings, kept sums and sealed contacts too.
    pub rows: bool,
    /// The logs to check; all of them when none are named.
    pub counties: Option<BTreeSet<County>>,
    /// Signed checkpoints brought from outside.
    pub checkpoints: Vec<String>,
}

/// How far a check has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// What is being checked.
    pub step: Label,
    /// How much of it is done.
    pub done: u64,
    /// How much there is, where it is known.
    pub total: Option<u64>,
}

/// Who is told how far a check has come.
pub type OnProgress<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// The noun at a place of the table of nouns.
fn noun(place: usize) -> Noun {
    let (table, label) = NOUNS[place];
    Noun { table, label }
}

/// A noun by its type.
fn noun_of<E: Subject>() -> Noun {
    Noun { table: E::TABLE, label: E::NOUN }
}

/// What the checking thread keeps.
struct Checker {
    walk: Option<Walk>,
    index: Index,
    replay: Option<Replay>,
    logs: BTreeMap<County, LogReport>,
}

impl Checker {
    /// Ends the log that is being walked.
    fn end(&mut self) {
        if let Some(report) = self.walk.take().map(Walk::finish) {
            self.logs.insert(report.county, report);
        }
    }

    fn amend_areas(&mut self, changes: Vec<(i64, edition::Amendment)>) {
        let Some(replay) = &mut self.replay else { return };
        for (id, amendment) in changes {
            replay.editions.amend(id, amendment);
        }
    }

    fn entries(&mut self, entries: &[log::Model]) {
        let Some(walk) = &mut self.walk else { return };
        for entry in entries {
            walk.entry(entry, &mut self.index, self.replay.as_mut());
        }
    }
}

/// Every log's report, and where faults go: the first of each log stays.
struct Report {
    logs: BTreeMap<County, LogReport>,
    faults: Vec<Fault>,
}

impl Report {
    fn is_sound(&self, county: County) -> bool {
        self.logs.get(&county).is_none_or(|log| log.fault.is_none())
    }

    fn is_wholly_sound(&self) -> bool {
        self.faults.is_empty() && self.logs.values().all(|log| log.fault.is_none())
    }

    fn blame(&mut self, fault: Fault) {
        let log = fault.place.county.and_then(|county| self.logs.get_mut(&county));
        match log {
            Some(log) => drop(log.fault.get_or_insert(fault)),
            None => self.faults.push(fault),
        }
    }
}

impl Ledger {
    /// Checks the ledger against its log and names the first fault of each county.
    pub async fn verify(
        &self,
        options: &VerifyOptions,
        progress: OnProgress<'_>,
    ) -> Result<Verification> {
        let isolation_level = is_postgres(self.reader()).then_some(IsolationLevel::RepeatableRead);
        let snapshot = TransactionOptions { isolation_level, ..TransactionOptions::default() };
        let txn = self.reader().begin_with_options(snapshot).await?;
        let verification = self.verify_in(&txn, options, progress).await;
        txn.rollback().await?;
        verification
    }

    pub(super) async fn verify_in(
        &self,
        txn: &DatabaseTransaction,
        options: &VerifyOptions,
        progress: OnProgress<'_>,
    ) -> Result<Verification> {
        let mut report = Report { logs: BTreeMap::new(), faults: Vec::new() };
        report.faults.extend(self.own_key_fault(txn).await?);
        let (brought, faults) = checkpoint::sort(self.name(), &options.checkpoints);
        report.faults.extend(faults);
        let all = counties(txn).await?;
        let mut walked: BTreeSet<County> = options.counties.clone().unwrap_or_else(|| all.clone());
        for county in walked.difference(&all) {
            let place = Place { county: Some(*county), ..Place::default() };
            report.faults.push(Fault::new(Kind::LogAbsent, place));
        }
        walked = walked.intersection(&all).copied().chain(brought.keys().copied()).collect();
        let is_all = walked.is_superset(&all);
        let checker = Checker {
            walk: None,
            index: Index::default(),
            replay: options.rows.then(|| Replay::new(walked.clone(), is_all)),
            logs: BTreeMap::new(),
        };
        let worker = Worker::start(checker);
        self.walk_logs(txn, &worker, &walked, brought, progress).await?;
        walk_index(txn, &worker, &walked).await?;
        if options.rows {
            let scope = (!is_all).then(|| walked.clone());
            if let Some(walked) = &scope {
                let changes = edition::changes_elsewhere(txn, walked).await?;
                worker.give(move |checker| checker.amend_areas(changes)).await?;
            }
            visit_nouns(&mut rows::Rows::new(txn, &worker, scope, progress)).await?;
        }
        let Checker { index, replay, logs, .. } = worker.finish().await?;
        report.logs = logs;
        for county in index.differing() {
            if report.is_sound(county) {
                report.blame(index::first_fault(txn, county).await?);
            }
        }
        let rows = match replay {
            Some(replay) => Some(self.judge(txn, replay, &mut report, is_all, progress).await?),
            None => None,
        };
        Ok(Verification { logs: report.logs.into_values().collect(), faults: report.faults, rows })
    }

    /// The ledger's public key, as its own table tells it, is that of the key file.
    async fn own_key_fault(&self, txn: &DatabaseTransaction) -> Result<Option<Fault>> {
        let origin = Origin::new(self.name()).map_err(anyhow::Error::new)?;
        let expected = Signer::new(origin, &self.keys().signing).verifier().to_string();
        let found = ledger::Entity::find_by_id(1).one(txn).await?.map(|row| row.verifier);
        if found.as_ref() == Some(&expected) {
            return Ok(None);
        }
        let fault = Fault::new(Kind::LedgerKey, Place::default()).expected(expected);
        Ok(Some(fault.found(found.unwrap_or_default())))
    }

    async fn walk_logs(
        &self,
        txn: &DatabaseTransaction,
        worker: &Worker<Checker>,
        walked: &BTreeSet<County>,
        mut brought: checkpoint::Brought,
        progress: OnProgress<'_>,
    ) -> Result<()> {
        let heads = head::Entity::find().all(txn).await?;
        let mut heads: BTreeMap<County, head::Model> =
            heads.into_iter().map(|head| (head.county, head)).collect();
        let sizes = heads.iter().filter(|(county, _)| walked.contains(county));
        let total = sizes.map(|(_, head)| u64::try_from(head.size).unwrap_or(0)).sum();
        let mut done = 0;
        for county in walked {
            let notes = brought.remove(county).unwrap_or_default();
            let verifier = self.verifier(*county)?;
            let (signed, fault) = checkpoint::open_all(txn, *county, &verifier, notes).await?;
            let walk = Walk::new(*county, heads.remove(county), signed, fault);
            worker.give(move |checker| checker.walk = Some(walk)).await?;
            let seen = |n: u64| {
                done += n;
                let step = Label::new("核对留痕", "checking the log");
                progress(Progress { step, done, total: Some(total) });
            };
            walk_entries(txn, worker, *county, seen).await?;
            worker.give(Checker::end).await?;
        }
        Ok(())
    }

    /// What the rows came to, once all of them were compared.
    async fn judge(
        &self,
        txn: &DatabaseTransaction,
        mut replay: Replay,
        report: &mut Report,
        is_all: bool,
        progress: OnProgress<'_>,
    ) -> Result<RowsReport> {
        for accused in replay.accused() {
            let county = accused.kept.as_ref().map(row::Kept::county);
            if county.is_some_and(|county| !report.is_sound(county)) {
                continue;
            }
            if let Some(fault) = accused.examine(txn).await? {
                report.blame(fault);
            }
        }
        let (n_rows, underived) = (replay.rows, std::mem::take(&mut replay.underived));
        replay.editions.finish(is_all).into_iter().for_each(|fault| report.blame(fault));
        // of a row that was changed by hand, what was derived tells nothing more
        if report.is_wholly_sound() {
            for fault in underived.into_values() {
                report.blame(fault);
            }
        }
        let mut rows = RowsReport { rows: n_rows, ..RowsReport::default() };
        let counties: BTreeSet<County> = report.logs.keys().copied().collect();
        let mut sums = 0;
        let mut is_recounted = true;
        for county in &counties {
            if !report.is_sound(*county) {
                is_recounted = false;
                continue;
            }
            let recount = finding::recount(txn, *county, self.today()).await?;
            rows.assets += recount.assets;
            rows.stale += recount.stale;
            sums += recount.sums;
            recount.fault.into_iter().for_each(|fault| report.blame(fault));
            let step = Label::new("复核问题和汇总", "evaluating findings and sums");
            progress(Progress { step, done: rows.assets, total: None });
        }
        if is_all && is_recounted {
            finding::strays(txn, &counties, sums)
                .await?
                .into_iter()
                .for_each(|fault| report.blame(fault));
        }
        let sound = counties.iter().copied().filter(|county| report.is_sound(*county)).collect();
        for fault in stock_take::faults(txn, &sound).await? {
            report.blame(fault);
        }
        for fault in contract::faults(txn, &sound).await? {
            report.blame(fault);
        }
        let vault = vault::faults(txn, self.keys()).await?.into_iter();
        let walked = |fault: &Fault| fault.place.county.is_some_and(|one| counties.contains(&one));
        vault.filter(|fault| is_all || walked(fault)).for_each(|fault| report.blame(fault));
        let scope = (!is_all).then_some(&counties);
        let files = attachment::faults(txn, self.keys(), scope, progress).await?;
        for fault in files {
            report.blame(fault);
        }
        Ok(rows)
    }
}

/// Every county that has a head, an entry or a checkpoint.
async fn counties(txn: &DatabaseTransaction) -> Result<BTreeSet<County>> {
    let heads = head::Entity::find().select_only().column(head::Column::County);
    let mut counties: BTreeSet<County> =
        heads.into_tuple::<County>().all(txn).await?.into_iter().collect();
    let signed = log::checkpoint::Entity::find().select_only();
    let signed = signed.column(log::checkpoint::Column::County).distinct();
    counties.extend(signed.into_tuple::<County>().all(txn).await?);
    // from county to county by the key, not through every entry
    let mut last = String::new();
    loop {
        let next: Option<County> = log::Entity::find()
            .select_only()
            .column(log::Column::County)
            .filter(log::Column::County.gt(&*last))
            .order_by_asc(log::Column::County)
            .limit(1)
            .into_tuple()
            .one(txn)
            .await?;
        let Some(county) = next else { return Ok(counties) };
        last = county.to_string();
        counties.insert(county);
    }
}

/// Hands every entry of a county to the checking thread, in order.
async fn walk_entries(
    txn: &DatabaseTransaction,
    worker: &Worker<Checker>,
    county: County,
    mut seen: impl FnMut(u64),
) -> Result<()> {
    let query =
        log::Entity::find().filter(log::Column::County.eq(county)).order_by_asc(log::Column::Seq);
    let mut last = i64::MIN;
    let mut unreadable = None;
    {
        let mut entries = query.stream(txn).await?;
        let (mut chunk, mut bytes) = (Vec::new(), 0);
        loop {
            let entry = match entries.try_next().await {
                Ok(Some(entry)) => Some(entry),
                Ok(None) => None,
                Err(error) => {
                    unreadable = Some(error);
                    None
                }
            };
            let is_over = entry.is_none();
            if let Some(entry) = entry {
                last = entry.seq;
                bytes += entry.body.len();
                chunk.push(entry);
            }
            if is_over || bytes >= CHUNK_BYTES || chunk.len() >= limits::IMPORT_BATCH {
                seen(u64::try_from(chunk.len()).unwrap_or(0));
                let full: Vec<log::Model> = std::mem::take(&mut chunk);
                bytes = 0;
                worker.give(move |checker| checker.entries(&full)).await?;
            }
            if is_over {
                break;
            }
        }
    }
    if unreadable.is_some() {
        // if the database does not answer this either, it is not the entry that is wrong
        let seq: Option<i64> = log::Entity::find()
            .select_only()
            .column(log::Column::Seq)
            .filter(log::Column::County.eq(county))
            .filter(log::Column::Seq.gt(last))
            .order_by_asc(log::Column::Seq)
            .limit(1)
            .into_tuple()
            .one(txn)
            .await?;
        worker
            .give(move |checker| {
                if let Some(walk) = &mut checker.walk {
                    walk.unreadable(seq);
                }
            })
            .await?;
    }
    Ok(())
}

/// Hands every row of the index of changes to the checking thread.
async fn walk_index(
    txn: &DatabaseTransaction,
    worker: &Worker<Checker>,
    walked: &BTreeSet<County>,
) -> Result<()> {
    let mut rows = change::Entity::find().stream(txn).await?;
    let mut chunk = Vec::with_capacity(limits::IMPORT_BATCH);
    loop {
        let row = rows.try_next().await.map_err(Error::from)?;
        let is_over = row.is_none();
        chunk.extend(row.filter(|row: &change::Model| walked.contains(&row.county)));
        if is_over || chunk.len() >= limits::IMPORT_BATCH {
            let full: Vec<change::Model> = std::mem::take(&mut chunk);
            worker.give(move |checker| full.iter().for_each(|row| checker.index.find(row))).await?;
        }
        if is_over {
            return Ok(());
        }
    }
}
