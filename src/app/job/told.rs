//! What a job came to, as it is kept: in both languages, because nobody knows who will ask.

use entity::language::{Label, Sentence};
use serde::{Deserialize, Serialize};

use crate::{
    app::{
        import::{
            Failure,
            outcome::{Outcome, Seeing},
        },
        sheet::{SheetFault, Source},
    },
    error::Error,
};

/// What a job came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Told {
    /// How the sheet was read.
    pub source: Option<ToldSource>,
    /// Counts, mistakes, changes; none where the sheet could not be carried out at all.
    pub outcome: Option<Outcome>,
    /// Rejected rows that were kept to be given back.
    pub n_returned: usize,
    /// Why it could not be carried out.
    pub faults: Vec<ToldFault>,
    /// The columns as they were seen.
    #[serde(default)]
    pub seen: Seeing,
    /// Cells that its sender put right.
    #[serde(default)]
    pub n_corrections: usize,
}

/// How a sheet was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ToldSource {
    /// The name it came with.
    pub file_name: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub digest: String,
    /// What kind of file it is.
    pub format: Sentence,
    /// Its encoding, where it is a text.
    pub encoding: Option<Sentence>,
    /// What stands between its cells, where it is a text.
    pub delimiter: Option<Sentence>,
    /// The sheet of a workbook that was read.
    pub sheet: Option<String>,
    /// All sheets of a workbook.
    pub sheets: Vec<String>,
}

impl From<&Source> for ToldSource {
    fn from(source: &Source) -> ToldSource {
        ToldSource {
            file_name: source.file_name.clone(),
            digest: source.sha256.clone(),
            format: source.format.label().into(),
            encoding: source.encoding.map(|encoding| encoding.label().into()),
            delimiter: source.delimiter.map(|delimiter| delimiter.label().into()),
            sheet: source.sheet.clone(),
            sheets: source.sheets.clone(),
        }
    }
}

/// Why a sheet could not be carried out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ToldFault {
    /// A stable word for programs.
    pub code: String,
    /// What is wrong.
    pub sentence: Sentence,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row.
    pub row: Option<u64>,
    /// The cell, such as `C5`.
    pub cell: Option<String>,
}

impl ToldFault {
    fn new(code: &str, sentence: Sentence) -> ToldFault {
        ToldFault { code: code.to_owned(), sentence, sheet: None, row: None, cell: None }
    }

    /// Something of ours is broken; what it is stands in the program's own log.
    pub(super) fn broken() -> ToldFault {
        let (zh, en) = ("系统内部错误，已记录", "Internal error; it was recorded");
        ToldFault::new("internal", Label::new(zh, en).into())
    }

    fn of_ledger(error: &Error) -> ToldFault {
        let code = match error {
            Error::Refused(refusal) => refusal.code,
            Error::Forbidden | Error::NotPermitted(_) => "forbidden",
            Error::NotFound(_) => "not_found",
            Error::Invalid(_) => "invalid",
            Error::Taken(_) => "taken",
            Error::Conflict => "changed_meanwhile",
            Error::Busy => "busy",
            _ => {
                tracing::error!(event = "job", cause = format!("{error:#}"), "an import failed");
                return ToldFault::broken();
            }
        };
        ToldFault::new(code, error.sentence())
    }
}

impl From<SheetFault> for ToldFault {
    fn from(fault: SheetFault) -> ToldFault {
        let place = fault.place.unwrap_or_default();
        let (cell, row) = (place.address(), place.row);
        let sheet = place.sheet;
        ToldFault { code: fault.code.to_owned(), sentence: fault.sentence, sheet, row, cell }
    }
}

impl From<Failure> for Told {
    fn from(failure: Failure) -> Told {
        let mut seen = Seeing::default();
        let faults = match failure {
            Failure::Sheet(fault) => vec![fault.into()],
            Failure::Layout(faults, columns) => {
                seen = columns;
                let told = |sentence| ToldFault::new("sheet.layout", sentence);
                faults.into_iter().map(told).collect()
            }
            Failure::Ledger(error) => vec![ToldFault::of_ledger(&error)],
        };
        Told { faults, seen, ..Told::default() }
    }
}
