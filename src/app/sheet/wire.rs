//! What the child tells the parent: one JSON message a line.

use serde::{Deserialize, Serialize};

use super::cell::Row;
use super::fault::{self, Place, SheetFault};
use super::workbook::Opened;
use entity::language::Sentence;

/// One line from the child.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Message {
    /// The workbook is open; the first line, unless a fault is.
    Opened(Opened),
    /// A row that holds anything.
    #[serde(rename = "r")]
    Row(Row),
    /// Nothing more comes, because of this.
    Fault(ReportedFault),
    /// Nothing more comes, for there is nothing more.
    End {
        /// Rows sent.
        rows: u64,
    },
}

/// A fault as it travels.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedFault {
    code: String,
    zh: String,
    en: String,
    place: Option<(Option<String>, Option<u64>, Option<u32>)>,
}

impl From<SheetFault> for ReportedFault {
    fn from(fault: SheetFault) -> Self {
        Self {
            code: fault.code.to_owned(),
            zh: fault.sentence.zh,
            en: fault.sentence.en,
            place: fault.place.map(|place| (place.sheet, place.row, place.column)),
        }
    }
}

impl From<ReportedFault> for SheetFault {
    fn from(reported: ReportedFault) -> Self {
        let sentence = Sentence { zh: reported.zh, en: reported.en };
        let place = reported.place.map(|(sheet, row, column)| Place { sheet, row, column });
        fault::reported(&reported.code, sentence, place).unwrap_or_else(fault::reader_failed)
    }
}
