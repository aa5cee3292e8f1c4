//! Carrying a sheet out: read ahead in batches, checked and applied row by row inside one
//! transaction, kept whole or given up whole.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};

use entity::{
    area::AreaCode,
    id::ImportId,
    import::{self, Kind, Outcome as RowOutcome},
    language::Sentence,
};
use tokio::sync::mpsc;

use super::{
    answer::{Answers, Columns},
    area, asset_batch, budget, column_choice, duty,
    layout::{self, Feed, Layout, Record},
    likeness::Duplicate,
    map::Map,
    organization,
    outcome::{Outcome, Seeing},
    project,
    resolve::Resolver,
    unit::UnitDoubt,
};
use crate::{
    app::sheet::{self, ReadOptions, Row, SheetFault, Source},
    domain::{
        mistake::{Mistake, Mistakes},
        permission::Action,
    },
    error::{Error, Result},
    limits,
    store::{Actor, ImportedRow, Ledger, Write},
};

/// What is to be imported, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// What the rows are.
    pub kind: Kind,
    /// The file.
    pub file: PathBuf,
    /// How the sender's sheet is read.
    pub map: Map,
    /// Only try, and keep nothing.
    pub is_trial: bool,
    /// Keep the good rows when others are rejected.
    pub accept_valid: bool,
    /// How the file is opened.
    pub options: ReadOptions,
    /// What the sender answered after a check.
    pub answers: Answers,
}

/// Why a sheet could not be read at all.
#[derive(Debug)]
pub enum Failure {
    /// The file is refused.
    Sheet(SheetFault),
    /// Its columns do not fit; they are shown as they were seen.
    Layout(Vec<Sentence>, Seeing),
    /// The ledger refuses.
    Ledger(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Ledger(error)
    }
}

/// A batch of rows, or the fault that ended the reading.
type Batch = std::result::Result<Vec<Row>, SheetFault>;

/// What the reading thread sends first.
type Opening = std::result::Result<(Source, Row), SheetFault>;

/// Carries a sheet out. `progress` hears how many rows are done; when `stop` becomes true the
/// import ends and leaves the ledger as it was.
pub async fn carry_out(
    ledger: &Ledger,
    actor: &Actor,
    request: &Request,
    progress: &(dyn Fn(u64) + Sync),
    stop: &AtomicBool,
) -> std::result::Result<Outcome, Failure> {
    let (opening, mut batches) = start_reading(request);
    let opening = opening.await.map_err(|_| Error::Interrupted)?;
    let (source, header) = opening.map_err(Failure::Sheet)?;
    let first = batches.recv().await;
    let (layout, seen) = laid_out(ledger, actor, request, &header, first.as_ref()).await?;
    let columns = layout.feeds.iter().map(|feed| (feed.field.to_owned(), feed.header.clone()));
    let mut outcome = Outcome {
        columns: columns.collect(),
        headers: layout.headers.clone(),
        seen,
        source: Some(source),
        is_trial: request.is_trial,
        ..Outcome::default()
    };
    let mut fault = None;
    let done = ledger
        .write(actor, action(request.kind), async |write| {
            let run = Run { request, layout: &layout, progress, stop };
            run.carry_out(write, (first, batches), &mut outcome, &mut fault).await
        })
        .await;
    if let Some(fault) = fault {
        return Err(Failure::Sheet(fault));
    }
    match done {
        Ok(()) => outcome.is_kept = outcome.created + outcome.changed > 0,
        Err(Error::Invalid(mistakes)) if mistakes.is_empty() => {
            outcome.import = None;
            outcome.is_kept = false;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(outcome)
}

/// How a sheet is laid out: as its sender says or said before, or by its headers.
async fn laid_out(
    ledger: &Ledger,
    actor: &Actor,
    request: &Request,
    header: &Row,
    first: Option<&Batch>,
) -> std::result::Result<(Layout, Seeing), Failure> {
    let remembered = match &request.answers.columns {
        Columns::Remembered => {
            column_choice::find(ledger, actor, request.kind, &layout::headers(header)).await?
        }
        Columns::Named | Columns::Chosen(_) => None,
    };
    let chosen = match &request.answers.columns {
        Columns::Chosen(chosen) => Some(chosen),
        Columns::Named | Columns::Remembered => remembered.as_ref(),
    };
    let (layout, faults) =
        Layout::of(request.kind, header, &request.map, chosen.map(Vec::as_slice));
    let rows = first.and_then(|batch| batch.as_ref().ok()).map_or(&[][..], Vec::as_slice);
    let columns = layout.seen(request.kind, rows, &request.map);
    let seen = Seeing { columns, is_remembered: remembered.is_some() };
    if faults.is_empty() { Ok((layout, seen)) } else { Err(Failure::Layout(faults, seen)) }
}

/// The action that a sheet of a kind is.
pub const fn action(kind: Kind) -> Action {
    match kind {
        Kind::Areas => Action::ImportAreas,
        Kind::Budgets => Action::SetBudget,
        Kind::Organizations | Kind::Projects | Kind::Assets | Kind::Duties => Action::ImportSheet,
    }
}

/// Reads the file on a thread of its own, a few batches ahead.
fn start_reading(
    request: &Request,
) -> (tokio::sync::oneshot::Receiver<Opening>, mpsc::Receiver<Batch>) {
    let (opening, opened) = tokio::sync::oneshot::channel();
    let (batches, received) = mpsc::channel(2);
    let (file, mut options) = (request.file.clone(), request.options.clone());
    options.header_row = options.header_row.or(request.map.header_row);
    let corrections = request.answers.corrections.clone();
    tokio::task::spawn_blocking(move || {
        let mut table = match sheet::open(&file, &options) {
            Ok(table) => table,
            Err(fault) => return drop(opening.send(Err(fault))),
        };
        let header = match table.next() {
            Some(header) => header,
            None => Err(sheet::no_header()),
        };
        let source = table.source.clone();
        if opening.send(header.map(|header| (source, header))).is_err() {
            return;
        }
        let mut batch = Vec::with_capacity(limits::IMPORT_BATCH);
        for row in table {
            match row {
                Ok(row) if layout::is_total(&row) => {}
                Ok(mut row) => {
                    corrections.apply(&mut row);
                    batch.push(row);
                }
                Err(fault) => return drop(batches.blocking_send(Err(fault))),
            }
            if batch.len() == limits::IMPORT_BATCH
                && batches.blocking_send(Ok(std::mem::take(&mut batch))).is_err()
            {
                return;
            }
        }
        if !batch.is_empty() {
            drop(batches.blocking_send(Ok(batch)));
        }
    });
    (opened, received)
}

/// One run over a sheet.
struct Run<'a> {
    request: &'a Request,
    layout: &'a Layout,
    progress: &'a (dyn Fn(u64) + Sync),
    stop: &'a AtomicBool,
}

/// What gives everything up without being an error: the outcome tells why.
fn give_up() -> Error {
    Error::Invalid(Mistakes::default())
}

impl Run<'_> {
    async fn carry_out(
        &self,
        write: &mut Write,
        (mut first, mut batches): (Option<Batch>, mpsc::Receiver<Batch>),
        outcome: &mut Outcome,
        fault: &mut Option<SheetFault>,
    ) -> Result<()> {
        let opened = self.open_import(write, outcome).await?;
        outcome.kept_as(opened.id);
        let mut resolver = Resolver::default();
        let mut assets = asset_batch::Assets::default();
        let mut budgets = budget::Budgets::default();
        let mut edition = area::Edition::default();
        let mut n = 0;
        loop {
            let next = match first.take() {
                Some(batch) => Some(batch),
                None => batches.recv().await,
            };
            let Some(batch) = next else { break };
            if self.stop.load(Ordering::Relaxed) {
                return Err(Error::Interrupted);
            }
            let rows = match batch {
                Ok(rows) => rows,
                Err(refused) => {
                    *fault = Some(refused);
                    return Err(give_up());
                }
            };
            n += rows.len() as u64;
            let records: Vec<Record> =
                rows.iter().map(|row| self.layout.record(row, &self.request.map)).collect();
            let batch = Batched { run: self, outcome, import: opened.id };
            match self.request.kind {
                Kind::Areas => area::carry_out(batch, write, &records, &mut edition).await?,
                Kind::Organizations => {
                    organization::carry_out(batch, write, &records, &mut resolver).await?;
                }
                Kind::Projects => project::carry_out(batch, write, &records, &mut resolver).await?,
                Kind::Assets => assets.carry_out(batch, write, &records, &mut resolver).await?,
                Kind::Duties => duty::carry_out(batch, write, &records, &mut resolver).await?,
                Kind::Budgets => budgets.carry_out(batch, write, &records, &mut resolver).await?,
            }
            write.unburden().await?;
            (self.progress)(n);
        }
        assets.finish(Batched { run: self, outcome, import: opened.id }, write).await?;
        budgets.finish(&Batched { run: self, outcome, import: opened.id }, write).await?;
        outcome.organizations_created = resolver.organizations_created;
        edition.finish(write);
        self.close_import(write, opened, outcome).await
    }

    async fn open_import(&self, write: &mut Write, outcome: &Outcome) -> Result<import::Model> {
        let source = outcome.source.as_ref();
        let text = |of: fn(&Source) -> Option<String>| source.and_then(of);
        let row = import::Model {
            id: ImportId(0),
            area_code: write.actor().area(),
            kind: self.request.kind,
            state: import::State::Done,
            file_name: text(|source| Some(source.file_name.clone())).unwrap_or_default(),
            file_digest: text(|source| Some(source.sha256.clone())).unwrap_or_default(),
            format: text(|source| Some(source.format.label().en.to_owned())).unwrap_or_default(),
            encoding: text(|source| Some(source.encoding?.label().en.to_owned())),
            sheet: text(|source| source.sheet.clone()),
            columns: self.layout.remembered(),
            n_created: 0,
            n_changed: 0,
            n_same: 0,
            n_rejected: 0,
            version: 0,
            created_at: write.now(),
            updated_at: write.now(),
        };
        let row = write.insert::<import::Entity>(row).await?;
        write.note("import", row.id.0);
        Ok(row)
    }

    /// Keeps the import, or gives it up: when it was only tried, when a row was rejected and not
    /// all may be left out, and when nothing would change.
    async fn close_import(
        &self,
        write: &mut Write,
        opened: import::Model,
        outcome: &Outcome,
    ) -> Result<()> {
        let is_whole = outcome.rejected == 0 || self.request.accept_valid;
        let is_empty = outcome.created + outcome.changed == 0;
        if self.request.is_trial || !is_whole || is_empty {
            return Err(give_up());
        }
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let closed = import::Model {
            n_created: count(outcome.created),
            n_changed: count(outcome.changed),
            n_same: count(outcome.same),
            n_rejected: count(outcome.rejected),
            ..opened.clone()
        };
        write.update::<import::Entity>(&opened, closed).await?;
        Ok(())
    }
}

/// One batch of rows in hand.
pub(super) struct Batched<'a> {
    run: &'a Run<'a>,
    outcome: &'a mut Outcome,
    import: ImportId,
}

impl Batched<'_> {
    /// The map.
    pub(super) const fn map(&self) -> &Map {
        &self.run.request.map
    }

    /// What the sender answered.
    pub(super) const fn answers(&self) -> &Answers {
        &self.run.request.answers
    }

    /// What feeds a field.
    pub(super) fn feed_of(&self, field: &str) -> Option<&Feed> {
        self.run.layout.feed_of(field)
    }

    /// Whether rows are still carried out, or only checked because one was rejected.
    pub(super) const fn is_carrying_out(&self) -> bool {
        self.outcome.rejected == 0 || self.run.request.accept_valid
    }

    /// Takes note of a row that cannot be taken.
    pub(super) fn reject(&mut self, record: &Record, mistakes: &Mistakes) {
        self.outcome.reject(record, mistakes, self.run.layout);
    }

    /// Takes note of a row that a rule refuses when it is carried out.
    pub(super) fn refuse(&mut self, record: &Record, error: Error) -> Result<()> {
        let mistakes = match error {
            Error::Refused(refusal) => Mistakes(vec![Mistake::new("", "", refusal.sentence)]),
            Error::Invalid(mistakes) => mistakes,
            other => return Err(other),
        };
        self.reject(record, &mistakes);
        Ok(())
    }

    /// Takes note of a warning on a row.
    pub(super) fn warn(&mut self, record: &Record, warnings: Vec<(&'static str, Sentence)>) {
        for (field, sentence) in warnings {
            self.doubt(record, &Mistake::new(field, "", sentence));
        }
    }

    /// Takes note of what may be wrong with a row and is no mistake.
    pub(super) fn doubt(&mut self, record: &Record, doubt: &Mistake) {
        self.outcome.warn(record.number, doubt, self.run.layout);
    }

    /// Takes note of a column whose unit is suspected.
    pub(super) fn doubt_unit(&mut self, doubt: UnitDoubt) {
        self.outcome.units.push(doubt);
    }

    /// Takes note of a row that is left out as its sender said.
    pub(super) const fn skip(&mut self) {
        self.outcome.skipped += 1;
    }

    /// Takes note of a row that its sender is asked about.
    pub(super) fn ask(&mut self, duplicate: Duplicate) {
        self.outcome.ask(duplicate);
    }

    /// Takes note of a row that says what the ledger says already.
    pub(super) fn same(&mut self) {
        self.outcome.count(RowOutcome::Same);
    }

    /// Takes note of changed cells.
    pub(super) fn changes(&mut self, cells: Vec<super::outcome::CellChange>) {
        self.outcome.change(cells);
    }

    /// Takes note of a row that made or changed a row of the ledger.
    pub(super) fn done(
        &mut self,
        outcome: RowOutcome,
        number: u64,
        (noun, id, version, area_code): (&'static str, i64, i64, AreaCode),
    ) -> ImportedRow {
        self.outcome.count(outcome);
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        ImportedRow {
            import_id: self.import,
            noun: noun.to_owned(),
            subject_id: id,
            number,
            outcome,
            version,
            area_code,
        }
    }
}
