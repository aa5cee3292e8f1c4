//! Which column of a sheet feeds which field, and a row as the texts of its fields.

use std::collections::BTreeMap;

use entity::{import::Kind, language::Sentence};
use rust_decimal::Decimal;
use sha2::{Digest as _, Sha256};

use super::{
    answer::{Chosen, Seen},
    map::{Map, Word},
    outcome::PROBLEM,
};
use crate::{
    app::{
        output::restore,
        sheet::{Cell, Row, column_letters},
    },
    domain::{
        mistake::{Mistake, Mistakes},
        nearness::nearest,
        reading::MoneyUnit,
        sheet::{EVERYDAY, SheetColumn, columns},
    },
};

/// One column that feeds one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// The field.
    pub field: &'static str,
    /// The column, counted from 0.
    pub column: usize,
    /// Its header as it stands in the sheet.
    pub header: String,
    /// What its amounts are counted in that name no unit, where the column says it.
    pub unit: Option<MoneyUnit>,
}

impl Feed {
    /// The letters of the column.
    pub fn letters(&self) -> String {
        letters(self.column)
    }
}

/// How a sheet is laid out.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The headers, as they stand.
    pub headers: Vec<String>,
    /// What feeds what.
    pub feeds: Vec<Feed>,
    /// Fields that have one value on every row.
    values: Vec<(&'static str, String)>,
    /// Columns that identify a row.
    key: Vec<usize>,
    /// Columns that nobody said anything of.
    unknown: Vec<usize>,
}

/// The letters of a column that is counted from 0.
fn letters(column: usize) -> String {
    column_letters(u32::try_from(column + 1).unwrap_or(u32::MAX))
}

/// One row as the texts of its fields.
#[derive(Clone, Debug)]
pub struct Record {
    /// The row as a person sees it.
    pub number: u64,
    /// The texts by field; a field whose cell is blank holds none.
    pub texts: BTreeMap<&'static str, Option<String>>,
    /// Cells that no longer say what their author wrote.
    pub mistakes: Mistakes,
    /// What identifies the row within the sheet.
    pub key: Option<String>,
    /// The cells as they stand, for the sheet of rejected rows.
    pub cells: Vec<String>,
}

impl Record {
    /// The text of a field; none when it is blank or the sheet has no such column.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.texts.get(field)?.as_deref()
    }

    /// Whether the sheet has a column for a field.
    pub fn has(&self, field: &str) -> bool {
        self.texts.contains_key(field)
    }
}

/// A header without what people vary: case, spaces, underscores, a unit in brackets.
fn normal(header: &str) -> String {
    let text = crate::domain::reading::half_width(header);
    let text = text.split(['(', '（']).next().unwrap_or_default();
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '_' && *c != '*')
        .flat_map(char::to_lowercase)
        .collect()
}

fn named_by(column: &SheetColumn, header: &str) -> bool {
    let header = normal(header);
    !header.is_empty()
        && [column.field, column.label.zh, column.label.en].iter().any(|name| {
            let full = normal(name);
            full == header
        })
}

impl Layout {
    /// Finds the columns of a sheet by its header row, or as its sender chose them; and what is
    /// wrong with them.
    pub fn of(
        kind: Kind,
        header: &Row,
        map: &Map,
        chosen: Option<&[Chosen]>,
    ) -> (Layout, Vec<Sentence>) {
        let mut layout = Layout {
            headers: headers(header),
            feeds: Vec::new(),
            values: Vec::new(),
            key: Vec::new(),
            unknown: Vec::new(),
        };
        let columns = columns(kind);
        let mut faults = Vec::new();
        if let Some(chosen) = chosen {
            layout.take_chosen(&columns, chosen, &mut faults);
        } else {
            layout.take_mapped(&columns, map, &mut faults);
            layout.take_named(&columns, map, &mut faults);
        }
        layout.take_values(&columns, map, &mut faults);
        layout.take_key(map, &mut faults);
        (layout, faults)
    }

    fn take_chosen(
        &mut self,
        columns: &[SheetColumn],
        chosen: &[Chosen],
        faults: &mut Vec<Sentence>,
    ) {
        for (place, chosen) in chosen.iter().enumerate().take(self.headers.len()) {
            let Some(field) = &chosen.field else { continue };
            let column = columns.iter().find(|column| column.field == field && column.is_read);
            let Some(column) = column else {
                faults.push(unknown_field(field));
                continue;
            };
            if let Some(first) = self.feed_of(column.field) {
                let (first, label) = (first.letters(), column.label);
                let letters = letters(place);
                faults.push(Sentence::new(
                    format!("{first} 列和 {letters} 列都选作“{}”，只能选一列", label.zh),
                    format!(
                        "columns {first} and {letters} both stand for “{}”; choose one",
                        label.en
                    ),
                ));
                continue;
            }
            self.feed(column, place, chosen.unit);
        }
    }

    fn take_mapped(&mut self, columns: &[SheetColumn], map: &Map, faults: &mut Vec<Sentence>) {
        for (field, wanted) in &map.columns {
            let Some(column) = columns.iter().find(|column| column.field == field) else {
                faults.push(unknown_field(field));
                continue;
            };
            let place = wanted.all().iter().find_map(|header| self.position(header));
            match place {
                Some(place) => self.feed(column, place, map.unit_of(&self.headers[place])),
                None => faults.push(Sentence::new(
                    format!("对照文件要求的列“{}”不在表头中", wanted.all().join("”或“")),
                    format!(
                        "the sheet has no column “{}” that the map asks for",
                        wanted.all().join("” or “")
                    ),
                )),
            }
        }
    }

    fn take_named(&mut self, columns: &[SheetColumn], map: &Map, faults: &mut Vec<Sentence>) {
        for place in 0..self.headers.len() {
            let header = self.headers[place].clone();
            let is_used = self.feeds.iter().any(|feed| feed.column == place);
            let is_problem = [PROBLEM.zh, PROBLEM.en].contains(&header.as_str());
            if is_used || is_problem || header.is_empty() || map.ignore.contains(&header) {
                continue;
            }
            let column = columns.iter().find(|column| named_by(column, &header));
            match column {
                Some(column) if !column.is_read || map.ignore_others => {}
                Some(column) if self.feeds.iter().any(|feed| feed.field == column.field) => {
                    faults.push(Sentence::new(
                        format!("两列都叫“{header}”"),
                        format!("two columns are called “{header}”"),
                    ));
                }
                Some(column) => self.feed(column, place, map.unit_of(&header)),
                None if map.ignore_others => {}
                None => {
                    self.unknown.push(place);
                    faults.push(unknown_header(&header, place));
                }
            }
        }
    }

    fn take_values(&mut self, columns: &[SheetColumn], map: &Map, faults: &mut Vec<Sentence>) {
        for (field, value) in &map.values {
            match columns.iter().find(|column| column.field == field) {
                Some(column) => self.values.push((column.field, value.clone())),
                None => faults.push(unknown_field(field)),
            }
        }
    }

    fn take_key(&mut self, map: &Map, faults: &mut Vec<Sentence>) {
        for header in &map.key {
            match self.position(header) {
                Some(place) => self.key.push(place),
                None => faults.push(Sentence::new(
                    format!("用于识别行的列“{header}”不在表头中"),
                    format!("the sheet has no column “{header}” to identify rows by"),
                )),
            }
        }
    }

    fn position(&self, header: &str) -> Option<usize> {
        let exact = self.headers.iter().position(|candidate| candidate == header);
        exact.or_else(|| {
            self.headers.iter().position(|candidate| normal(candidate) == normal(header))
        })
    }

    fn feed(&mut self, of: &SheetColumn, column: usize, unit: Option<MoneyUnit>) {
        let header = self.headers[column].clone();
        let unit = unit.filter(|_| of.is_money());
        self.feeds.push(Feed { field: of.field, column, header, unit });
    }

    /// The columns as they are shown to whoever says what they are, with what the first rows hold.
    pub fn seen(&self, kind: Kind, rows: &[Row], map: &Map) -> Vec<Seen> {
        let columns = columns(kind);
        let free: Vec<&SheetColumn> = columns
            .iter()
            .filter(|column| column.is_read && self.feed_of(column.field).is_none())
            .collect();
        let see = |(place, header): (usize, &String)| {
            let feed = self.feeds.iter().find(|feed| feed.column == place);
            let of = feed.and_then(|feed| columns.iter().find(|one| one.field == feed.field));
            let unit = feed.and_then(|feed| feed.unit).unwrap_or_else(|| map.reading().unit);
            let is_known = !self.unknown.contains(&place);
            let mut seen = Seen {
                letters: letters(place),
                header: header.clone(),
                samples: Vec::new(),
                chosen: Chosen {
                    field: feed.map(|feed| feed.field.to_owned()),
                    unit: of.is_some_and(SheetColumn::is_money).then_some(unit),
                },
                is_known,
                offered: None,
            };
            if !is_known {
                let usual = map.reading().unit;
                seen.offered = offered(&free, header).map(|column| Chosen {
                    field: Some(column.field.to_owned()),
                    unit: column.is_money().then(|| MoneyUnit::said_by(header).unwrap_or(usual)),
                });
            }
            for cell in rows.iter().filter_map(|row| row.cells.get(place)) {
                seen.take(&text(cell));
            }
            seen
        };
        self.headers.iter().enumerate().map(see).collect()
    }

    /// Reads a row: the texts of its fields, their words replaced by what they mean.
    pub fn record(&self, row: &Row, map: &Map) -> Record {
        let mut texts = BTreeMap::new();
        let mut mistakes = Mistakes::default();
        for feed in &self.feeds {
            let cell = row.cells.get(feed.column).unwrap_or(&Cell::Empty);
            if let Cell::Damaged { found, why } = cell {
                mistakes.push(Mistake::new(feed.field, found, why.label().into()));
            }
            let meaning = match map.word(feed.field, restore(&text(cell)).trim()) {
                Word::Blank => None,
                Word::Value(value) => Some(match feed.unit {
                    Some(unit) => unit.written(&value),
                    None => value,
                }),
            };
            texts.insert(feed.field, meaning);
        }
        let cells: Vec<String> = row.cells.iter().map(text).collect();
        for (field, value) in &self.values {
            texts.insert(field, Some(self.filled(value, &cells)));
        }
        let key = self.key_of(&cells);
        Record { number: row.number, texts, mistakes, key, cells }
    }

    /// A value of the map with `{header}` replaced by the cell.
    fn filled(&self, template: &str, cells: &[String]) -> String {
        let mut text = template.to_owned();
        for (header, cell) in self.headers.iter().zip(cells) {
            if text.contains('{') {
                text = text.replace(&format!("{{{header}}}"), &identity(cell));
            }
        }
        text
    }

    fn key_of(&self, cells: &[String]) -> Option<String> {
        if self.key.is_empty() {
            return None;
        }
        let cell =
            |place: &usize| cells.get(*place).map_or_else(String::new, |cell| identity(cell));
        let parts: Vec<String> = self.key.iter().map(cell).collect();
        Some(parts.join("|"))
    }

    /// The columns as an import remembers them: field, letters and header, a line each.
    pub fn remembered(&self) -> String {
        let line = |feed: &Feed| {
            format!(
                "{}\t{}\t{}",
                feed.field,
                feed.letters(),
                feed.header.replace(['\t', '\n'], " ")
            )
        };
        self.feeds.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// The feed of a field.
    pub fn feed_of(&self, field: &str) -> Option<&Feed> {
        self.feeds.iter().find(|feed| feed.field == field)
    }
}

/// The headers of a sheet, as they stand.
pub fn headers(header: &Row) -> Vec<String> {
    header.cells.iter().map(|cell| text(cell).trim().to_owned()).collect()
}

/// The column that a header most likely means, of those that nothing feeds: what people's own sheets
/// call it, else the one whose name is nearest.
fn offered<'a>(free: &[&'a SheetColumn], header: &str) -> Option<&'a SheetColumn> {
    let header = normal(header);
    let of = |field: &str| free.iter().copied().find(|column| column.field == field);
    let called = EVERYDAY.iter().find(|(name, _)| *name == header);
    if let Some(column) = called.and_then(|(_, field)| of(field)) {
        return Some(column);
    }
    let names: Vec<(String, &str)> = free
        .iter()
        .flat_map(|column| {
            [column.label.zh, column.label.en].map(|name| (normal(name), column.field))
        })
        .collect();
    let near = nearest(&header, names.iter().map(|(name, _)| name.as_str()))?;
    names.iter().find(|(name, _)| name == near).and_then(|(_, field)| of(field))
}

/// A cell as far as it identifies a row: a decimal number to the fifteen digits that a workbook
/// keeps of it, so that the same sheet is the same as text and as a workbook.
fn identity(cell: &str) -> String {
    let cell = cell.trim();
    let number = cell.contains('.').then(|| cell.parse::<Decimal>().ok()).flatten();
    let kept = number.and_then(|number| number.round_sf(15));
    kept.map_or_else(|| cell.to_owned(), |number| number.normalize().to_string())
}

/// Whether a row is the sum below a sheet of ours, and no row of it.
pub fn is_total(row: &Row) -> bool {
    let counted = |text: &str, before: &str, after: &str| {
        text.strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
    };
    row.cells
        .iter()
        .map(text)
        .any(|cell| counted(&cell, "合计 ", " 行") || counted(&cell, "Total: ", " rows"))
}

/// The first bytes of the digest of a row: enough to tell the rows of one sheet apart.
pub type Digest = [u8; 12];

/// A digest of a whole row, for sheets that identify their rows by nothing.
pub fn digest(cells: &[String]) -> Digest {
    digest_of(cells.iter().map(|cell| identity(cell)))
}

/// A digest of texts as they stand.
pub fn digest_of(texts: impl Iterator<Item: AsRef<str>>) -> Digest {
    let mut digest = Sha256::new();
    for text in texts {
        digest.update(text.as_ref().as_bytes());
        digest.update([0x1f]);
    }
    let mut kept = [0; 12];
    kept.copy_from_slice(&digest.finalize()[..12]);
    kept
}

/// A cell as text.
fn text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Number(text) | Cell::Date(text) | Cell::Time(text) => text.clone(),
        Cell::Truth(truth) => truth.to_string(),
        Cell::Damaged { found, .. } => found.clone(),
    }
}

fn unknown_field(field: &str) -> Sentence {
    Sentence::new(
        format!("对照文件中的字段“{field}”不存在"),
        format!("the map names a field “{field}” that does not exist"),
    )
}

fn unknown_header(header: &str, place: usize) -> Sentence {
    let letters = letters(place);
    Sentence::new(
        format!(
            "{letters} 列“{header}”认不出来：请在“对应列”页或对照文件的 [columns] 中指明，或不导入（ignore）"
        ),
        format!(
            "column {letters} “{header}” is not known: say what it is on the page of columns or under [columns] of a map file, or leave it out (ignore)"
        ),
    )
}
