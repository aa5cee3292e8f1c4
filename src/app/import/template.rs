//! A blank sheet of a kind: the headers that an import reads, in the reader's language, with lists
//! to choose from; and beside it a sheet that says what each column takes.

use entity::{import::Kind, language::Language};
use rust_xlsxwriter::{DataValidation, Format, Workbook, XlsxError};

use crate::{
    domain::{
        field::FieldKind,
        reading::MoneyUnit,
        sheet::{SheetColumn, columns},
    },
    error::{Error, Result},
};

/// Rows for which a list is offered.
const ROWS: u32 = 5_000;
/// Characters of a list that a workbook offers in a cell, with what stands between its words.
const LIST_LENGTH: usize = 255;
/// The width of a column, in characters.
const WIDTH: u16 = 16;

/// The workbook.
pub fn workbook(kind: Kind, language: Language) -> Result<Vec<u8>> {
    book(kind, language).map_err(|error| Error::Internal(anyhow::Error::new(error)))
}

fn book(kind: Kind, language: Language) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let columns: Vec<SheetColumn> =
        columns(kind).into_iter().filter(|column| column.is_read).collect();
    let sheet = book.add_worksheet().set_name(kind.label().text(language))?;
    sheet.set_freeze_panes(1, 0)?;
    for (place, column) in (0..).zip(&columns) {
        sheet.set_column_width(place, WIDTH)?;
        sheet.write_string_with_format(0, place, header(column, language), &bold)?;
        if let Some(list) = list(column, language) {
            let validation = DataValidation::new().allow_list_strings(&list)?;
            sheet.add_data_validation(1, place, ROWS, place, &validation)?;
        }
    }
    let name = if language == Language::Chinese { "说明" } else { "Columns" };
    let guide = book.add_worksheet().set_name(name)?;
    for (row, column) in (0..).zip(&columns) {
        guide.write_string_with_format(row, 0, header(column, language), &bold)?;
        guide.write_string(row, 1, takes(column, language))?;
    }
    book.save_to_buffer()
}

/// The header of a column; one of amounts says their unit.
fn header(column: &SheetColumn, language: Language) -> String {
    let label = column.label.text(language);
    if !column.is_money() {
        return label.to_owned();
    }
    // the unit is read back in Chinese alone
    format!("{label}（{}）", MoneyUnit::Yuan.label().zh)
}

/// The list that a cell offers, where there is one and a workbook takes it.
fn list(column: &SheetColumn, language: Language) -> Option<Vec<&'static str>> {
    let FieldKind::Choice(choices) = column.kind else { return None };
    let words: Vec<&str> = choices.iter().map(|(_, label)| label.text(language)).collect();
    let length = words.iter().map(|word| word.chars().count() + 1).sum::<usize>();
    let is_offered = length <= LIST_LENGTH && words.iter().all(|word| !word.contains(','));
    is_offered.then_some(words)
}

/// What a column takes.
fn takes(column: &SheetColumn, language: Language) -> String {
    let (zh, en) = match column.kind {
        FieldKind::Text => ("文字", "text"),
        FieldKind::Integer => ("整数", "a whole number"),
        FieldKind::Money => {
            ("金额，以元计；也可写“12.5万元”", "an amount in yuan, or such as 12.5万元")
        }
        FieldKind::Decimal => ("数字", "a number"),
        FieldKind::Date => ("日期，如 2024-03-01", "a day such as 2024-03-01"),
        FieldKind::Truth => ("是 或 否", "yes or no"),
        FieldKind::Choice(choices) => {
            let words: Vec<&str> = choices.iter().map(|(_, label)| label.text(language)).collect();
            return words.join(if language == Language::Chinese { "、" } else { ", " });
        }
    };
    if language == Language::Chinese { zh.to_owned() } else { en.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{
        import::{layout::Layout, map::Map},
        sheet::{Cell, Row},
    };

    #[test]
    fn every_header_of_a_blank_sheet_is_read_back() {
        for kind in Kind::ALL.iter().copied() {
            for language in [Language::Chinese, Language::English] {
                let columns = columns(kind).into_iter().filter(|column| column.is_read);
                let fields: Vec<SheetColumn> = columns.collect();
                let cells = fields.iter().map(|column| Cell::Text(header(column, language)));
                let header = Row { number: 1, cells: cells.collect() };
                let (layout, faults) = Layout::of(kind, &header, &Map::default(), None);
                assert_eq!(faults, [], "{kind:?} {language:?}");
                assert_eq!(layout.feeds.len(), fields.len(), "{kind:?} {language:?}");
                for (feed, column) in layout.feeds.iter().zip(&fields) {
                    let unit = column.is_money().then_some(MoneyUnit::Yuan);
                    assert_eq!((feed.field, feed.unit), (column.field, unit));
                }
                assert!(!workbook(kind, language).expect("a workbook").is_empty());
            }
        }
    }
}
