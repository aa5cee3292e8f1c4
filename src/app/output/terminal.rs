//! A table as aligned lines, where a Chinese character is as wide as two letters.

use std::{
    borrow::Cow,
    io::{BufWriter, Write},
    mem,
};

use unicode_width::UnicodeWidthStr;

use super::{Column, ColumnKind, Form, Layout, Result, Total, Value, sink::Sink};
use entity::language::Label;

/// How many rows are held back to fit the columns to what is in them; a longer table is drawn with
/// the declared widths, so that no later code or name is cut at the width of the earlier ones.
const HELD_ROWS: usize = 1_000;

/// The space between two columns.
const GAP: &str = "  ";

/// What stands in for the end of a text that was cut.
const CUT: char = '…';

/// The narrowest a text column is made to fit a terminal.
const NARROWEST: usize = 6;

const NO_ROWS: Label = Label { zh: "（没有记录）", en: "(no rows)" };

const BOLD: &str = "\u{1B}[1m";
const PLAIN: &str = "\u{1B}[0m";

/// What is shown of a value.
struct Cell {
    text: String,
    /// Whether it may be cut to fit: only text, since a cut number is a wrong number.
    cuttable: bool,
}

impl Cell {
    fn within(&self, width: usize) -> Cow<'_, str> {
        if self.cuttable { Cow::Owned(cut(&self.text, width)) } else { Cow::Borrowed(&self.text) }
    }
}

/// A table being drawn.
pub(super) struct Terminal {
    layout: Layout,
    sink: BufWriter<Sink>,
    /// The widest content each column may show before it is cut.
    limits: Vec<usize>,
    held: Vec<Vec<Cell>>,
    /// The widths in use, once the header is drawn.
    widths: Option<Vec<usize>>,
}

impl Terminal {
    pub(super) fn begin(layout: Layout, sink: Sink) -> Result<Self> {
        let mut sink = BufWriter::new(sink);
        for line in std::iter::once(layout.title()).chain(layout.notes()) {
            if !line.is_empty() {
                writeln!(sink, "{}", visible(line))?;
            }
        }
        let limits = layout
            .columns
            .iter()
            .map(|column| usize::from(column.width).max(layout.header(column).width()))
            .collect();
        Ok(Self { layout, sink, limits, held: Vec::new(), widths: None })
    }

    /// A row as it will be shown, text cut at its column's limit.
    fn cells(&self, row: &[Value]) -> Vec<Cell> {
        let options = &self.layout.options;
        let columns = self.layout.columns.iter().zip(&self.limits).zip(row);
        columns
            .map(|((column, limit), value)| match value {
                Value::Text(text) => Cell { text: cut(&visible(text), *limit), cuttable: true },
                value => Cell {
                    text: value.display(column.kind, options.language, options.clock),
                    cuttable: false,
                },
            })
            .collect()
    }

    /// Fits the columns to the header, the held rows and the totals.
    fn fitted(&self, totals: Option<&[Cell]>) -> Vec<usize> {
        let rows = self.held.iter().map(Vec::as_slice).chain(totals);
        let mut widths: Vec<usize> =
            self.layout.columns.iter().map(|column| self.layout.header(column).width()).collect();
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.text.width().max(*width);
            }
        }
        widths
    }

    /// Draws the header and the held rows with these widths, as far as the terminal allows.
    fn open(&mut self, mut widths: Vec<usize>) -> Result<()> {
        if let Some(room) = self.layout.options.terminal.width {
            shrink(&mut widths, &self.layout.columns, room);
        }
        self.widths = Some(widths);
        if !self.layout.title().is_empty() || !self.layout.heading.notes.is_empty() {
            writeln!(self.sink)?;
        }
        self.line(&self.headers(), self.layout.options.terminal.bold)?;
        self.rule()?;
        if self.held.is_empty() {
            writeln!(self.sink, "{}", NO_ROWS.text(self.layout.options.language))?;
        }
        for row in mem::take(&mut self.held) {
            self.line(&row, false)?;
        }
        Ok(())
    }

    fn headers(&self) -> Vec<Cell> {
        let headers = self.layout.columns.iter().map(|column| self.layout.header(column));
        headers.map(|text| Cell { text: text.to_owned(), cuttable: true }).collect()
    }

    fn rule(&mut self) -> Result<()> {
        let dashes: Vec<_> = self.used().iter().map(|width| "-".repeat(*width)).collect();
        Ok(writeln!(self.sink, "{}", dashes.join(GAP))?)
    }

    fn used(&self) -> &[usize] {
        self.widths.as_deref().unwrap_or(&self.limits)
    }

    fn line(&mut self, cells: &[Cell], bold: bool) -> Result<()> {
        let mut line = String::new();
        for ((column, width), cell) in self.layout.columns.iter().zip(self.used()).zip(cells) {
            pad(&mut line, &cell.within(*width), *width, column.kind.is_number());
            line.push_str(GAP);
        }
        self.print(&line, bold)
    }

    fn print(&mut self, line: &str, bold: bool) -> Result<()> {
        let line = line.trim_end();
        if bold {
            return Ok(writeln!(self.sink, "{BOLD}{line}{PLAIN}")?);
        }
        Ok(writeln!(self.sink, "{line}")?)
    }

    /// The totals, with the label running over the empty columns that follow the one it starts in.
    fn total_line(&mut self, label: &str, cells: &[Cell], values: &[Value]) -> Result<()> {
        let bold = self.layout.options.terminal.bold;
        let Some(start) = values.iter().position(|value| *value == Value::Empty) else {
            self.print(label, bold)?;
            return self.line(cells, bold);
        };
        let end =
            start + values[start..].iter().take_while(|value| **value == Value::Empty).count();
        let room = self.used()[start..end].iter().map(|width| width + GAP.len()).sum::<usize>();
        let mut line = String::new();
        for (index, ((column, width), cell)) in
            self.layout.columns.iter().zip(self.used()).zip(cells).enumerate()
        {
            if index == start {
                pad(&mut line, label, room - GAP.len(), false);
                line.push_str(GAP);
            }
            if !(start..end).contains(&index) {
                pad(&mut line, &cell.text, *width, column.kind.is_number());
                line.push_str(GAP);
            }
        }
        self.print(&line, bold)
    }
}

impl Form for Terminal {
    fn row(&mut self, row: &[Value]) -> Result<()> {
        let cells = self.cells(row);
        if self.widths.is_some() {
            return self.line(&cells, false);
        }
        self.held.push(cells);
        if self.held.len() > HELD_ROWS {
            // Held content may be wider where a number outgrew its column.
            let mut widths = self.fitted(None);
            for (width, limit) in widths.iter_mut().zip(&self.limits) {
                *width = (*width).max(*limit);
            }
            return self.open(widths);
        }
        Ok(())
    }

    fn total(&mut self, total: Total<'_>) -> Result<()> {
        let cells = self.cells(total.values);
        if self.widths.is_none() {
            self.open(self.fitted(Some(&cells)))?;
        }
        self.rule()?;
        let label = visible(total.label.text(self.layout.options.language));
        self.total_line(&label, &cells, total.values)
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        if self.widths.is_none() {
            self.open(self.fitted(None))?;
        }
        Ok(self.sink.flush()?)
    }
}

/// Takes width from the widest text column, again and again, until the line fits or no text column
/// has any left to give.
fn shrink(widths: &mut [usize], columns: &[Column], room: usize) {
    let gaps = GAP.len() * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > room {
        let texts = widths.iter_mut().zip(columns);
        let widest = texts
            .filter(|(width, column)| column.kind == ColumnKind::Text && **width > NARROWEST)
            .map(|(width, _)| width)
            .max();
        match widest {
            Some(width) => *width -= 1,
            None => return,
        }
    }
}

/// Appends a text, filled with spaces to a width; a wider text is appended whole.
fn pad(line: &mut String, text: &str, width: usize, right: bool) {
    let space = width.saturating_sub(text.width());
    if right {
        line.extend(std::iter::repeat_n(' ', space));
    }
    line.push_str(text);
    if !right {
        line.extend(std::iter::repeat_n(' ', space));
    }
}

/// A text no wider than `limit`, its end replaced by `…` when it is.
fn cut(text: &str, limit: usize) -> String {
    if text.width() <= limit {
        return text.to_owned();
    }
    let mut kept = String::new();
    // Joined characters may be wider or narrower than their parts: ask for the whole each time.
    for character in text.chars() {
        kept.push(character);
        if kept.width() >= limit {
            kept.pop();
            break;
        }
    }
    kept.push(CUT);
    kept
}

/// A text on one line and without characters that steer a terminal or turn the writing direction: a
/// name must not be able to redraw the screen.
fn visible(text: &str) -> String {
    let shown = |character: char| match character {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => ' ',
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            char::REPLACEMENT_CHARACTER
        }
        control if control.is_control() => char::REPLACEMENT_CHARACTER,
        plain => plain,
    };
    text.chars().map(shown).collect()
}
