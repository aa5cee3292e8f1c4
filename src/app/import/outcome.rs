//! What an import came to: counts, changes cell by cell, mistakes with their places.

use std::{borrow::Cow, collections::BTreeMap};

use entity::{
    id::ImportId,
    import::Outcome as RowOutcome,
    language::{Label, Language, Sentence},
};
use serde::{Deserialize, Serialize};

use super::{
    answer::Seen,
    layout::{Layout, Record},
    likeness::Duplicate,
    unit::UnitDoubt,
};
use crate::{
    app::sheet::Source,
    domain::mistake::{Mistake, Mistakes},
    limits,
};

/// One place in a sheet where something is to be said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row.
    pub row: u64,
    /// The letters of the column; empty when the row as a whole is meant.
    pub column: String,
    /// The header of the column.
    pub header: String,
    /// The field.
    pub field: String,
    /// What was found.
    pub found: String,
    /// What was expected, and so what to do.
    pub expected: Sentence,
    /// What the sender most likely meant.
    #[serde(default)]
    pub offered: Option<String>,
}

/// One changed cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellChange {
    /// The row of the sheet.
    pub row: u64,
    /// The field.
    pub field: Cow<'static, str>,
    /// What the ledger held.
    pub before: String,
    /// What the sheet says.
    pub after: String,
}

/// The columns of a sheet as they were seen, and who said what they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Seeing {
    /// In the order of the sheet.
    pub columns: Vec<Seen>,
    /// Whether they were taken as their sender chose them for an earlier sheet.
    pub is_remembered: bool,
}

/// What became of a sheet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// How it was read.
    #[serde(skip)]
    pub source: Option<Source>,
    /// Columns: field and header.
    pub columns: Vec<(String, String)>,
    /// The number of the import; none when nothing was kept.
    pub import: Option<i64>,
    /// Rows that made something.
    pub created: u64,
    /// Rows that changed something.
    pub changed: u64,
    /// Rows that said what the ledger says already.
    pub same: u64,
    /// Rows that cannot be taken.
    pub rejected: u64,
    /// Rows left out because the ledger holds them already, as their sender said.
    #[serde(default)]
    pub skipped: u64,
    /// Rows that the ledger most likely holds and nobody said anything of; at most a limit of them.
    #[serde(default)]
    pub duplicates: Vec<Duplicate>,
    /// All such rows.
    #[serde(default)]
    pub n_duplicates: u64,
    /// Columns whose unit is suspected.
    #[serde(default)]
    pub units: Vec<UnitDoubt>,
    /// Organizations made along with the rows, as the map asked.
    pub organizations_created: u64,
    /// Cells that changed; at most a limit of them.
    pub changes: Vec<CellChange>,
    /// All changed cells.
    pub n_changes: u64,
    /// Mistakes; at most a limit of them.
    pub mistakes: Vec<Remark>,
    /// All mistakes.
    pub n_mistakes: u64,
    /// Warnings; at most a limit of them.
    pub warnings: Vec<Remark>,
    /// All warnings.
    pub n_warnings: u64,
    /// Whether it was only tried.
    pub is_trial: bool,
    /// Whether it was kept.
    pub is_kept: bool,
    #[serde(skip)]
    pub(super) headers: Vec<String>,
    /// The columns as they were seen.
    #[serde(skip)]
    pub seen: Seeing,
    /// Rejected rows: their cells and what is wrong with them.
    #[serde(skip)]
    pub(super) returned: Vec<(u64, Vec<String>, Vec<Sentence>)>,
}

/// Rejected rows kept to be given back.
const RETURNED: usize = 200_000;

impl Outcome {
    /// Takes note of what became of a row.
    pub(super) fn count(&mut self, outcome: RowOutcome) {
        *match outcome {
            RowOutcome::Created => &mut self.created,
            RowOutcome::Changed => &mut self.changed,
            RowOutcome::Same => &mut self.same,
            RowOutcome::Rejected => &mut self.rejected,
        } += 1;
    }

    /// Takes note of a rejected row.
    pub(super) fn reject(&mut self, record: &Record, mistakes: &Mistakes, layout: &Layout) {
        self.count(RowOutcome::Rejected);
        self.n_mistakes += mistakes.len() as u64;
        for mistake in &mistakes.0 {
            if self.mistakes.len() < limits::MISTAKES_SHOWN {
                let remark = self.remark(record.number, mistake, layout);
                self.mistakes.push(remark);
            }
        }
        if self.returned.len() < RETURNED {
            let why =
                mistakes.0.iter().map(|mistake| said(&mistake.field, &mistake.expected, layout));
            self.returned.push((record.number, record.cells.clone(), why.collect()));
        }
    }

    /// Takes note of a warning.
    pub(super) fn warn(&mut self, row: u64, doubt: &Mistake, layout: &Layout) {
        self.n_warnings += 1;
        if self.warnings.len() < limits::MISTAKES_SHOWN {
            let remark = self.remark(row, doubt, layout);
            self.warnings.push(remark);
        }
    }

    /// Takes note of a row that its sender is asked about.
    pub(super) fn ask(&mut self, duplicate: Duplicate) {
        self.n_duplicates += 1;
        if self.duplicates.len() < limits::MISTAKES_SHOWN {
            self.duplicates.push(duplicate);
        }
    }

    /// Takes note of changed cells.
    pub(super) fn change(&mut self, changes: Vec<CellChange>) {
        self.n_changes += changes.len() as u64;
        let room = limits::MISTAKES_SHOWN.saturating_sub(self.changes.len());
        self.changes.extend(changes.into_iter().take(room));
    }

    fn remark(&self, row: u64, mistake: &Mistake, layout: &Layout) -> Remark {
        let feed = layout.feed_of(&mistake.field);
        Remark {
            sheet: self.source.as_ref().and_then(|source| source.sheet.clone()),
            row,
            column: feed.map(super::layout::Feed::letters).unwrap_or_default(),
            header: feed.map(|feed| feed.header.clone()).unwrap_or_default(),
            field: mistake.field.clone().into_owned(),
            found: mistake.found.clone(),
            expected: mistake.expected.clone(),
            offered: mistake.offered.clone(),
        }
    }

    /// The number of the import.
    pub(super) fn kept_as(&mut self, import: ImportId) {
        self.import = Some(import.0);
    }

    /// The mistakes counted by what they say, the most frequent first.
    pub fn summary(&self, language: Language) -> Vec<(String, usize)> {
        let mut counted: BTreeMap<String, usize> = BTreeMap::new();
        for mistake in &self.mistakes {
            let name = format!("{} {}", mistake.header, mistake.expected.text(language));
            *counted.entry(name.trim().to_owned()).or_default() += 1;
        }
        let mut counted: Vec<_> = counted.into_iter().collect();
        counted.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        counted
    }

    /// The rejected rows as a sheet: the sender's own columns, and one that says what is wrong.
    pub fn returned(&self, language: Language) -> (Vec<String>, impl Iterator<Item = Vec<String>>) {
        let width = self.headers.len();
        let mut headers = self.headers.clone();
        headers.push(PROBLEM.text(language).to_owned());
        let rows = self.returned.iter().map(move |(_, cells, why)| {
            let mut row = cells.clone();
            row.resize(width, String::new());
            let why: Vec<&str> = why.iter().map(|sentence| sentence.text(language)).collect();
            row.push(why.join("；"));
            row
        });
        (headers, rows)
    }
}

/// The header of the column that says what is wrong.
pub const PROBLEM: Label = Label::new("问题", "Problem");

fn said(field: &str, expected: &Sentence, layout: &Layout) -> Sentence {
    let header = layout.feed_of(field).map_or(field, |feed| feed.header.as_str());
    if header.is_empty() {
        return expected.clone();
    }
    Sentence::new(format!("{header}：{}", expected.zh), format!("{header}: {}", expected.en))
}
