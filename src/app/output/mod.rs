//! One table of rows, streamed to a terminal, a CSV file, an Excel workbook or JSON.
//!
//! Every list and report ends here: the same columns and values, a different last line. Rows are
//! written as they come, so a million of them need no more memory than ten.

mod cell;
mod csv;
mod error;
mod formula;
mod json;
mod options;
mod sink;
mod target;
mod terminal;
mod value;
mod xlsx;

use std::{borrow::Cow, collections::BTreeSet, io::Write};

use serde::Serialize;

use self::sink::Sink;
pub use self::{
    error::{CELL_UNITS, OutputError, Result},
    formula::{neutralise, restore},
    options::{CHINA_CLOCK, CsvOptions, Format, LineEnd, Options, TerminalOptions, UnknownFormat},
    target::Target,
    value::{Column, ColumnKind, Value},
};
use entity::language::Sentence;

/// What stands above a table.
#[derive(Clone, Debug, Default)]
pub struct Heading {
    /// The title; in a workbook also the sheet's name.
    pub title: Sentence,
    /// Scope, as-of time, unit: one line each.
    pub notes: Vec<Sentence>,
}

/// What stands below a table.
#[derive(Clone, Copy, Debug)]
pub struct Total<'a> {
    /// The words in the first empty column: “合计 1,931 项”.
    pub label: &'a Sentence,
    /// How many rows the totals stand for: more than were written when only a page of them was.
    pub count: u64,
    /// A value for each column, [`Value::Empty`] where a total makes no sense.
    pub values: &'a [Value],
}

/// What every form draws from.
struct Layout {
    options: Options,
    heading: Heading,
    columns: Cow<'static, [Column]>,
}

impl Layout {
    /// The title in the reader's language.
    fn title(&self) -> &str {
        self.heading.title.text(self.options.language)
    }

    /// The notes in the reader's language.
    fn notes(&self) -> impl Iterator<Item = &str> {
        self.heading.notes.iter().map(|note| note.text(self.options.language))
    }

    /// The header of a column in the reader's language.
    fn header(&self, column: &Column) -> &'static str {
        column.label.text(self.options.language)
    }
}

/// One of the four forms; the order of calls and the number of values are already checked.
trait Form: Send {
    /// A named extra member, as JSON text; only JSON has room for it.
    fn fact(&mut self, _name: &'static str, _json: &str) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, row: &[Value]) -> Result<()>;

    fn total(&mut self, total: Total<'_>) -> Result<()>;

    fn finish(self: Box<Self>) -> Result<()>;
}

/// A table being written: rows, then at most one total, then [`Output::finish`].
///
/// Dropped without `finish`, it leaves an incomplete file, and of a workbook nothing at all.
pub struct Output {
    form: Box<dyn Form>,
    width: usize,
    rows: u64,
    facts: BTreeSet<&'static str>,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Rows,
    /// A fact told after the rows has closed them; a total may follow.
    Closed,
    Totalled,
    /// An earlier write failed: nothing after it can make the file right.
    Failed,
}

impl Output {
    /// Starts a table.
    ///
    /// Errors: columns that are missing, too many for a sheet or of one name
    /// ([`OutputError::Misuse`]); a sink or spool file that cannot be written.
    pub fn begin(
        format: Format,
        options: Options,
        heading: Heading,
        columns: impl Into<Cow<'static, [Column]>>,
        sink: Box<dyn Write + Send>,
    ) -> Result<Self> {
        let columns = columns.into();
        check(&columns)?;
        let width = columns.len();
        let layout = Layout { options, heading, columns };
        let sink = Sink::new(sink);
        let form: Box<dyn Form> = match format {
            Format::Table => Box::new(terminal::Terminal::begin(layout, sink)?),
            Format::Csv => Box::new(csv::Csv::begin(layout, sink)?),
            Format::Xlsx => Box::new(xlsx::Xlsx::begin(layout, sink)?),
            Format::Json => Box::new(json::Json::begin(&layout, sink)?),
        };
        Ok(Self { form, width, rows: 0, facts: BTreeSet::new(), stage: Stage::Rows })
    }

    /// A named member of the JSON object beside `rows`; the other forms pass it over.
    ///
    /// Facts told before the first row stand above the rows (scope, as-of time); one told after a
    /// row stands below them and ends them.
    pub fn fact<T: Serialize + ?Sized>(&mut self, name: &'static str, fact: &T) -> Result<()> {
        self.refuse_after_failure()?;
        if json::MEMBERS.contains(&name) || !self.facts.insert(name) {
            return Err(OutputError::Misuse(format!("the member {name} is already there")));
        }
        if self.rows > 0 && self.stage == Stage::Rows {
            self.stage = Stage::Closed;
        }
        let json = serde_json::to_string(fact)?;
        let written = self.form.fact(name, &json);
        self.note(written)
    }

    /// The next row: one value for each column.
    pub fn row(&mut self, row: &[Value]) -> Result<()> {
        self.expect(&[Stage::Rows], row)?;
        let written = self.form.row(row);
        self.rows += 1;
        self.note(written)
    }

    /// The totals row, after the last row.
    pub fn total(&mut self, total: Total<'_>) -> Result<()> {
        self.expect(&[Stage::Rows, Stage::Closed], total.values)?;
        self.stage = Stage::Totalled;
        let written = self.form.total(total);
        self.note(written)
    }

    /// How many rows were written.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Ends the table and flushes the sink.
    pub fn finish(self) -> Result<()> {
        self.refuse_after_failure()?;
        self.form.finish()
    }

    fn expect(&self, stages: &[Stage], values: &[Value]) -> Result<()> {
        self.refuse_after_failure()?;
        if !stages.contains(&self.stage) {
            return Err(OutputError::Misuse("a row after the end of the rows".to_owned()));
        }
        if values.len() != self.width {
            let (given, width) = (values.len(), self.width);
            return Err(OutputError::Misuse(format!("{given} values for {width} columns")));
        }
        Ok(())
    }

    fn refuse_after_failure(&self) -> Result<()> {
        if self.stage == Stage::Failed {
            return Err(OutputError::Misuse("writing on after a failure".to_owned()));
        }
        Ok(())
    }

    fn note(&mut self, written: Result<()>) -> Result<()> {
        if written.is_err() {
            self.stage = Stage::Failed;
        }
        written
    }
}

/// The most columns a sheet holds; kept for every form, so that a list can be exported in any.
const MOST_COLUMNS: usize = 16_384;

fn check(columns: &[Column]) -> Result<()> {
    if columns.is_empty() || columns.len() > MOST_COLUMNS {
        return Err(OutputError::Misuse(format!("{} columns", columns.len())));
    }
    let mut fields = BTreeSet::new();
    match columns.iter().find(|column| !fields.insert(column.field)) {
        Some(twin) => Err(OutputError::Misuse(format!("two columns are named {}", twin.field))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
