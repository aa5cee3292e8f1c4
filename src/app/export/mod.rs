//! Whole registers as sheets that can be imported again: streamed, within the reader's area, and
//! each recorded in the log. No personal data leaves: people are named by their numbers.

mod asset;
mod budget;
mod duty;
mod listed;
mod log;
mod party;

use entity::{
    area::AreaCode,
    asset::Class,
    import::Kind,
    language::{Language, Sentence},
    money::Money,
};

pub use self::{
    listed::{chosen, listed},
    log::log,
};
use super::{
    column,
    output::{Column, ColumnKind, Format, Heading, Output, Target, Total, Value},
};
use crate::{
    domain::{
        field::{self, Field, FieldKind},
        permission::Action,
        refusal::Refusal,
        sheet,
    },
    error::Result,
    store::{Actor, Ledger, Read, export::Selection},
};

/// What an export is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportRequest {
    /// Which register.
    pub kind: Kind,
    /// Where; empty for all that the actor may see.
    pub area: Option<AreaCode>,
    /// Of assets and duties: which class; empty for all.
    pub class: Option<Class>,
    /// Of assets and duties: whether those off the books are taken too.
    pub with_gone: bool,
    /// The most rows; empty for all there are.
    pub most: Option<u64>,
}

/// Writes a register, and leaves an entry in the log of the actor's county whatever became of it.
/// Answers how many rows were written.
pub async fn export(
    ledger: &Ledger,
    actor: &Actor,
    request: &ExportRequest,
    target: Target,
) -> Result<u64> {
    actor.require(Action::ExportRows)?;
    let read = ledger.read(actor);
    let area = read.area_within(request.area).await?;
    let selection = Selection { area, class: request.class, with_gone: request.with_gone };
    let format = target.format;
    let mut rows = Counted { n: 0, most: request.most };
    let written = write(&read, request.kind, &selection, target, &mut rows).await;
    let n = rows.n;
    ledger
        .write(actor, Action::ExportRows, async |write| {
            write.note("noun", request.kind.code());
            write.note("area", area.to_string());
            write.note("class", request.class.map(Class::code));
            write.note("with_gone", request.with_gone);
            write.note("format", format.name());
            write.note("rows", n);
            write.leave_entry(actor.area()).await
        })
        .await?;
    written?;
    Ok(n)
}

async fn write(
    read: &Read<'_>,
    kind: Kind,
    selection: &Selection,
    target: Target,
    n: &mut Counted,
) -> Result<()> {
    match kind {
        Kind::Assets => asset::write(read, selection, target, n).await,
        Kind::Duties => duty::write(read, selection, target, n).await,
        Kind::Organizations => party::organizations(read, selection.area, target, n).await,
        Kind::Projects => party::projects(read, selection.area, target, n).await,
        Kind::Areas => party::areas(read, selection.area, target, n).await,
        Kind::Budgets => budget::write(read, selection.area, target, n).await,
    }
}

/// Rows written so far, and the most there may be.
struct Counted {
    n: u64,
    most: Option<u64>,
}

/// How a column gets its value from a row.
type Get<L> = Box<dyn Fn(&L, Language) -> field::Value + Send + Sync>;

/// One column of a sheet being written.
struct Cell<L> {
    column: Column,
    get: Get<L>,
}

/// A column that is no field of the noun: its name, its kind, how it is made.
struct Part<L: 'static>(&'static str, ColumnKind, fn(&L, Language) -> field::Value);

/// The columns of a kind of sheet that are fields of the noun or among the parts; what neither
/// knows is for imports alone.
fn cells<L: 'static, R>(
    kind: Kind,
    fields: &'static [Field<R>],
    row: fn(&L) -> &R,
    parts: &'static [Part<L>],
) -> Vec<Cell<L>> {
    let cell = |column: sheet::SheetColumn| {
        if let Some(Part(_, kind, get)) = parts.iter().find(|part| part.0 == column.field) {
            let column = column::column(column.field, column.label, *kind);
            return Some(Cell { column, get: Box::new(get) as Get<L> });
        }
        let field = field::field(fields, column.field)?;
        let kind = column::kind(field.name, field.kind);
        let column =
            Column { width: width(field), ..column::column(field.name, column.label, kind) };
        Some(Cell { column, get: Box::new(move |line, _| (field.get)(row(line))) })
    };
    sheet::columns(kind).into_iter().filter_map(cell).collect()
}

/// Codes and names are wider than most texts; names with codes narrower.
fn width<R>(field: &Field<R>) -> u16 {
    match (field.name, field.kind) {
        ("code" | "area_code", _) => 26,
        ("name", _) => 28,
        (_, FieldKind::Choice(_)) => 14,
        (_, kind) => column::column(field.name, field.label, column::kind(field.name, kind)).width,
    }
}

/// A sheet being written.
struct Sheet<'a, L> {
    cells: Vec<Cell<L>>,
    output: Output,
    language: Language,
    /// The sum of each column of amounts; none where it grew too large to be told.
    sums: Vec<Option<Money>>,
    n: &'a mut Counted,
}

impl<'a, L> Sheet<'a, L> {
    /// Starts a sheet. A file starts with its header, so that it can be imported again.
    fn begin(kind: Kind, cells: Vec<Cell<L>>, target: Target, n: &'a mut Counted) -> Result<Self> {
        let language = target.language();
        let label = kind.label();
        let title = match target.format {
            Format::Table | Format::Json => label.into(),
            Format::Csv | Format::Xlsx => Sentence::default(),
        };
        let heading = Heading { title, notes: Vec::new() };
        let columns: Vec<Column> = cells.iter().map(|cell| cell.column).collect();
        let sums = vec![Some(Money::ZERO); cells.len()];
        Ok(Sheet { output: target.begin(heading, columns)?, cells, language, sums, n })
    }

    fn row(&mut self, line: &L) -> Result<()> {
        if let Some(most) = self.n.most.filter(|most| self.n.n >= *most) {
            return Err(Refusal::export_too_large(most).into());
        }
        let mut values = Vec::with_capacity(self.cells.len());
        for (cell, sum) in self.cells.iter().zip(&mut self.sums) {
            let value = column::value((cell.get)(line, self.language), self.language);
            if let Value::Money(money) = value {
                *sum = sum.and_then(|sum| sum.checked_add(money));
            }
            values.push(value);
        }
        self.output.row(&values)?;
        self.n.n += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<()> {
        let n = self.n.n;
        let label = Sentence::new(format!("合计 {n} 行"), format!("Total: {n} rows"));
        let values: Vec<Value> = self
            .cells
            .iter()
            .zip(&self.sums)
            .map(|(cell, sum)| match (cell.column.kind, sum) {
                (ColumnKind::Money, Some(sum)) => Value::Money(*sum),
                _ => Value::Empty,
            })
            .collect();
        self.output.total(Total { label: &label, count: n, values: &values })?;
        Ok(self.output.finish()?)
    }
}

/// A text that may be missing.
fn text(text: Option<&String>) -> field::Value {
    text.map_or(field::Value::Empty, |text| field::Value::Text(text.clone()))
}
