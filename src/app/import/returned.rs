//! Rejected rows, to be given back: the sender's own columns, and one that says what is wrong.

use std::io::Write;

use entity::language::{Language, Sentence};
use rust_xlsxwriter::{Color, Format, Workbook, XlsxError};
use serde::{Deserialize, Serialize};

use super::outcome::{Outcome, PROBLEM};
use crate::{
    app::output::{CELL_UNITS, neutralise},
    error::{Error, Result},
};

/// Rejected rows as they are kept, to be told in either language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    headers: Vec<String>,
    rows: Vec<(Vec<String>, Sentence)>,
}

impl Returned {
    /// The rejected rows of an outcome, the first ones up to so many bytes.
    pub fn of(outcome: &Outcome, most: usize) -> Returned {
        let (mut headers, chinese) = outcome.returned(Language::Chinese);
        let (_, english) = outcome.returned(Language::English);
        headers.pop();
        let mut returned = Returned { headers, rows: Vec::new() };
        let mut bytes = 0;
        for (mut cells, mut english) in chinese.zip(english) {
            let why = (cells.pop().unwrap_or_default(), english.pop().unwrap_or_default());
            bytes += cells.iter().map(String::len).sum::<usize>() + why.0.len() + why.1.len();
            if bytes > most {
                break;
            }
            returned.rows.push((cells, Sentence::new(why.0, why.1)));
        }
        returned
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The sheet in a language, as a text.
    pub fn csv(&self, language: Language) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        write(&self.headers(language), self.rows(language), &mut bytes)?;
        Ok(bytes)
    }

    /// The sheet in a language, as a workbook.
    pub fn xlsx(&self, language: Language) -> Result<Vec<u8>> {
        workbook(&self.headers(language), self.rows(language))
    }

    fn headers(&self, language: Language) -> Vec<String> {
        let mut headers = self.headers.clone();
        headers.push(PROBLEM.text(language).to_owned());
        headers
    }

    fn rows(&self, language: Language) -> impl Iterator<Item = Vec<String>> {
        self.rows.iter().map(move |(cells, why)| {
            let mut row = cells.clone();
            row.push(why.text(language).to_owned());
            row
        })
    }
}

/// Writes rejected rows as CSV.
pub fn write(
    headers: &[String],
    rows: impl Iterator<Item = Vec<String>>,
    mut sink: impl Write,
) -> Result<()> {
    sink.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(sink);
    let written = |error: csv::Error| Error::Internal(anyhow::Error::new(error));
    writer.write_record(headers).map_err(written)?;
    for row in rows {
        let cells = row.iter().map(|cell| neutralise(cell).into_owned());
        writer.write_record(cells).map_err(written)?;
    }
    writer.flush()?;
    Ok(())
}

/// Rejected rows as a workbook: every cell a text, what is wrong highlighted.
pub fn workbook(headers: &[String], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    sheet(headers, rows).map_err(|error| Error::Internal(anyhow::Error::new(error)))
}

/// The ground of what is wrong.
const HIGHLIGHT: Color = Color::RGB(0xFA_EF_D9);
/// The width of the column that says what is wrong, in characters.
const PROBLEM_WIDTH: u16 = 60;

fn sheet(
    headers: &[String],
    rows: impl Iterator<Item = Vec<String>>,
) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (bold, wrong) = (Format::new().set_bold(), Format::new().set_background_color(HIGHLIGHT));
    let sheet = book.add_worksheet_with_constant_memory()?;
    let last = headers.len().saturating_sub(1);
    let place = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    sheet.set_column_width(place(last), PROBLEM_WIDTH)?;
    sheet.set_freeze_panes(1, 0)?;
    for (n, header) in headers.iter().enumerate() {
        sheet.write_string_with_format(0, place(n), shown(header), &bold)?;
    }
    for (number, row) in (1..).zip(rows) {
        for (n, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            if n == last {
                sheet.write_string_with_format(number, place(n), shown(cell), &wrong)?;
            } else {
                sheet.write_string(number, place(n), shown(cell))?;
            }
        }
    }
    book.save_to_buffer()
}

/// As much of a text as a cell of a workbook holds.
fn shown(text: &str) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, one)| {
        units += one.len_utf16();
        units > CELL_UNITS
    });
    end.map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_of_a_workbook_has_its_length() {
        let exact = "资".repeat(CELL_UNITS);
        assert_eq!(shown(&exact), exact);
        assert_eq!(shown(&format!("{exact}产")), exact);
        assert_eq!(shown(&format!("{}𠮷", "a".repeat(CELL_UNITS - 1))).len(), CELL_UNITS - 1);
    }

    #[test]
    fn rows_are_told_in_either_language_and_run_no_formula() {
        let why = Sentence::new("不能为空", "may not be empty");
        let row = (vec!["=1+1".to_owned(), String::new()], why);
        let returned = Returned { headers: vec!["a".into(), "b".into()], rows: vec![row] };
        let text =
            |language| String::from_utf8(returned.csv(language).expect("CSV")).expect("text");
        assert_eq!(text(Language::Chinese), "\u{feff}a,b,问题\n'=1+1,,不能为空\n");
        assert_eq!(text(Language::English), "\u{feff}a,b,Problem\n'=1+1,,may not be empty\n");
    }
}
