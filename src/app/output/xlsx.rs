//! A table as an Excel workbook: real numbers and dates, text that stays text, no formulas.

use std::{
    any::Any,
    io::{self, BufWriter, Write},
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
};

use chrono::{FixedOffset, Offset, Utc};
use rust_xlsxwriter::{DocProperties, IgnoreError, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::{
    CELL_UNITS, Column, ColumnKind, Form, Layout, OutputError, Result, Total, Value,
    cell::{Pen, Styles, header_style, moment, note_style, title_style},
    sink::Sink,
};
use entity::language::{Label, Language};

/// How many rows a sheet holds.
const SHEET_ROWS: u32 = 1_048_576;

/// The rows the totals need below the last row: a gap and the totals themselves.
///
/// The gap keeps the totals out of the filter, which Excel extends over rows that touch it.
const TOTAL_ROWS: u32 = 2;

const GAP_POINTS: u16 = 4;

/// The room the filter's arrow takes in a header.
const ARROW_WIDTH: u16 = 3;

/// The widest a column is drawn.
const WIDEST: u16 = 80;

/// Paper size A4 in the numbering of the file format.
const PAPER_A4: u8 = 9;

/// The longest name of a sheet, in UTF-16 units.
const NAME_UNITS: usize = 31;

/// The name of a sheet without a title.
const UNTITLED: Label = Label { zh: "台账", en: "Ledger" };

/// Names Excel keeps for itself, in the languages of its readers.
const RESERVED_NAMES: [&str; 2] = ["history", "历史记录"];

const BUFFER_BYTES: usize = 64 * 1024;

/// A workbook being written.
///
/// Rows go to an unnamed spool file as they come; the workbook itself is written at the end. A table
/// longer than a sheet goes on in a further sheet, “… 2”, under the same heading.
pub(super) struct Xlsx {
    layout: Layout,
    sink: Sink,
    book: Workbook,
    sheet: Worksheet,
    styles: Styles,
    /// The sheet being written, counted from 1.
    number: u32,
    header_row: u32,
    next_row: u32,
    /// The rows of all sheets so far.
    rows: u64,
    /// How many rows one sheet may hold.
    sheet_rows: u32,
    /// Whether the sheet's filter is set, after which no row may follow.
    closed: bool,
}

impl Xlsx {
    pub(super) fn begin(layout: Layout, sink: Sink) -> Result<Self> {
        Self::with_sheet_rows(layout, sink, SHEET_ROWS)
    }

    pub(super) fn with_sheet_rows(layout: Layout, sink: Sink, sheet_rows: u32) -> Result<Self> {
        let mut book = Workbook::new();
        book.set_properties(&properties(&layout)?);
        if let Some(spool) = &layout.options.spool {
            book.set_tempdir(spool)?;
        }
        let mut output = Self {
            sheet: book.new_worksheet_with_constant_memory()?,
            layout,
            sink,
            book,
            styles: Styles::of_rows(),
            number: 1,
            header_row: 0,
            next_row: 0,
            rows: 0,
            sheet_rows,
            closed: false,
        };
        guarded(|| output.open_sheet())?;
        Ok(output)
    }

    /// Writes the heading and the header line of a sheet, and how it is seen and printed.
    fn open_sheet(&mut self) -> Result<()> {
        let name = sheet_name(self.layout.title(), self.number, self.layout.options.language);
        self.sheet.set_name(name)?;
        self.write_heading()?;
        let header = header_style();
        for (place, column) in (0..).zip(&*self.layout.columns) {
            let text = self.layout.header(column);
            self.sheet.set_column_width(place, column_width(column, text))?;
            self.sheet.set_column_format(place, self.styles.of_kind(column.kind))?;
            self.sheet.write_string_with_format(self.header_row, place, text, &header)?;
        }
        self.next_row = self.header_row + 1;
        self.closed = false;
        self.sheet.set_freeze_panes(self.next_row, 0)?;
        self.sheet.set_repeat_rows(self.header_row, self.header_row)?;
        self.sheet.set_landscape().set_paper_size(PAPER_A4).set_print_fit_to_pages(1, 0);
        self.sheet.set_footer("&C&P / &N");
        Ok(())
    }

    /// The title and the notes, a row each, not merged: a merged cell hampers sorting and import.
    fn write_heading(&mut self) -> Result<()> {
        self.header_row = 0;
        let title = Some(self.layout.title()).filter(|title| !title.is_empty());
        let title = title.map(|title| (title, title_style()));
        let notes = self.layout.notes().map(|note| (note, note_style()));
        for (text, style) in title.into_iter().chain(notes) {
            self.sheet.write_string_with_format(self.header_row, 0, text, &style)?;
            self.header_row += 1;
        }
        Ok(())
    }

    /// Sets what needs to know the last row.
    fn close_rows(&mut self) -> Result<()> {
        if self.closed {
            return Ok(());
        }
        self.closed = true;
        let last_row = self.next_row - 1;
        let last = last_column(&self.layout)?;
        self.sheet.autofilter(self.header_row, 0, last_row, last)?;
        // Codes and card numbers are text on purpose: no green corners.
        let intended = IgnoreError::NumberStoredAsText;
        self.sheet.ignore_error_range(self.header_row, 0, last_row, last, intended)?;
        Ok(())
    }

    fn continue_on_next_sheet(&mut self) -> Result<()> {
        self.close_rows()?;
        let next = self.book.new_worksheet_with_constant_memory()?;
        self.book.push_worksheet(mem::replace(&mut self.sheet, next));
        self.number += 1;
        self.open_sheet()
    }

    fn write_row(&mut self, row: &[Value]) -> Result<()> {
        if self.next_row + TOTAL_ROWS >= self.sheet_rows {
            self.continue_on_next_sheet()?;
        }
        self.rows += 1;
        for (column, value) in self.layout.columns.iter().zip(row) {
            check_length(column, value, self.rows)?;
        }
        let options = &self.layout.options;
        let (language, clock) = (options.language, options.clock);
        let (sheet, styles) = (&mut self.sheet, &self.styles);
        let mut pen = Pen { sheet, styles, row: self.next_row, language, clock };
        for ((place, column), value) in (0..).zip(&*self.layout.columns).zip(row) {
            pen.write(place, column.kind, value)?;
        }
        self.next_row += 1;
        Ok(())
    }

    fn write_total(&mut self, total: Total<'_>) -> Result<()> {
        self.close_rows()?;
        self.sheet.set_row_height(self.next_row, GAP_POINTS)?;
        let options = &self.layout.options;
        let (language, clock) = (options.language, options.clock);
        let label = Value::Text(total.label.text(language).to_owned());
        let label_place = total.values.iter().position(|value| *value == Value::Empty);
        let row = self.next_row + TOTAL_ROWS - 1;
        let (sheet, styles) = (&mut self.sheet, &Styles::of_totals());
        let mut pen = Pen { sheet, styles, row, language, clock };
        for (index, (place, value)) in (0..).zip(total.values).enumerate() {
            if Some(index) == label_place {
                pen.write(place, ColumnKind::Text, &label)?;
            } else {
                pen.write(place, self.layout.columns[index].kind, value)?;
            }
        }
        Ok(())
    }

    fn save(mut self) -> Result<()> {
        self.close_rows()?;
        self.book.push_worksheet(self.sheet);
        let mut sink = BufWriter::with_capacity(BUFFER_BYTES, self.sink);
        self.book.save_to_writer(&mut sink)?;
        Ok(sink.flush()?)
    }
}

impl Form for Xlsx {
    fn row(&mut self, row: &[Value]) -> Result<()> {
        guarded(|| self.write_row(row))
    }

    fn total(&mut self, total: Total<'_>) -> Result<()> {
        guarded(|| self.write_total(total))
    }

    fn finish(self: Box<Self>) -> Result<()> {
        guarded(|| self.save())
    }
}

/// Turns the panic of the spool file into an error: the library panics when that file cannot be
/// written, and a full disk is no reason for ours to.
fn guarded<T>(write: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(write)).unwrap_or_else(|panic| {
        Err(OutputError::Write(io::Error::other(format!("spool file: {}", words(&*panic)))))
    })
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown failure")
}

/// The document's properties: a title and a time, nobody's name.
fn properties(layout: &Layout) -> Result<DocProperties> {
    let utc: FixedOffset = Utc.fix();
    let created = moment(layout.options.created, utc).ok_or_else(|| {
        OutputError::Misuse(format!("the creation time is {}", layout.options.created))
    })?;
    Ok(DocProperties::new().set_title(layout.title()).set_creation_datetime(&created))
}

fn last_column(layout: &Layout) -> Result<u16> {
    u16::try_from(layout.columns.len() - 1)
        .map_err(|_| OutputError::Misuse("too many columns".to_owned()))
}

fn column_width(column: &Column, header: &str) -> u16 {
    let header = u16::try_from(header.width()).unwrap_or(WIDEST).saturating_add(ARROW_WIDTH);
    let least = match column.kind {
        ColumnKind::Date => 11,
        ColumnKind::Instant => 20,
        _ => 0,
    };
    column.width.max(header).max(least).min(WIDEST)
}

fn check_length(column: &Column, value: &Value, row: u64) -> Result<()> {
    let Value::Text(text) = value else { return Ok(()) };
    // A text has never more UTF-16 units than bytes.
    if text.len() <= CELL_UNITS {
        return Ok(());
    }
    match text.encode_utf16().count() {
        units if units > CELL_UNITS => {
            Err(OutputError::TooLong { column: column.label, row, units })
        }
        _ => Ok(()),
    }
}

/// A name Excel accepts for a sheet: at most 31 units, none of `[]:*?/\`, no quote at an end.
fn sheet_name(title: &str, number: u32, language: Language) -> String {
    let suffix = if number > 1 { format!(" {number}") } else { String::new() };
    let allowed = |character: char| {
        let banned = matches!(character, '[' | ']' | ':' | '*' | '?' | '/' | '\\')
            || matches!(character, '\u{FFFE}' | '\u{FFFF}')
            || character.is_control();
        if banned { ' ' } else { character }
    };
    let is_edge = |character: char| character == '\'' || character.is_whitespace();
    let shown: String = title.chars().map(allowed).collect();
    let mut name = String::new();
    let mut room = NAME_UNITS - suffix.len();
    for character in shown.trim_matches(is_edge).chars() {
        match room.checked_sub(character.len_utf16()) {
            Some(left) => room = left,
            None => break,
        }
        name.push(character);
    }
    let name = match name.trim_end_matches(is_edge) {
        "" => UNTITLED.text(language).to_owned(),
        reserved if RESERVED_NAMES.contains(&reserved.to_lowercase().as_str()) => {
            format!("{reserved}_")
        }
        name => name.to_owned(),
    };
    name + &suffix
}

impl From<XlsxError> for OutputError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => Self::Write(error),
            XlsxError::ZipError(error) => Self::Write(error.into()),
            other => Self::Misuse(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_follow_the_rules_of_excel() {
        let name = |title: &str, number| sheet_name(title, number, Language::Chinese);
        assert_eq!(name("资产台账", 1), "资产台账");
        assert_eq!(name("资产台账", 2), "资产台账 2");
        assert_eq!(name("2024/01: [全县]*?\\", 1), "2024 01   全县");
        assert_eq!(name("'甲'", 1), "甲");
        assert_eq!(name("", 1), "台账");
        assert_eq!(name("：/", 1), "：");
        assert_eq!(name("History", 1), "History_");
        assert_eq!(name(&"长".repeat(40), 1), "长".repeat(31));
        assert_eq!(name(&"长".repeat(40), 12), "长".repeat(28) + " 12");
        assert_eq!(name(&"𠮷".repeat(40), 1), "𠮷".repeat(15));
    }

    #[test]
    fn a_panicking_spool_file_is_an_error() {
        let failed = guarded::<()>(|| panic!("disk full")).unwrap_err();
        assert!(failed.to_string().contains("disk full"), "{failed}");
    }
}
