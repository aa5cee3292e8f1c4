//! Why a table could not be written.

use std::{error, fmt, io};

use entity::language::{Label, Sentence};

/// Why a table could not be written.
#[derive(Debug)]
pub enum OutputError {
    /// The sink or the spool file failed: a closed pipe, a full disk.
    Write(io::Error),
    /// A text is longer than an Excel cell can hold; CSV and JSON have no such limit.
    TooLong {
        /// The column of the text.
        column: Label,
        /// The row of the text, counted from 1 without header lines.
        row: u64,
        /// The length in UTF-16 units, the unit Excel counts in.
        units: usize,
    },
    /// The caller broke the contract of [`super::Output`]: a fault of the program, not of the user.
    Misuse(String),
}

/// The longest text an Excel cell holds, in UTF-16 units.
pub const CELL_UNITS: usize = 32_767;

/// The result of writing.
pub type Result<T> = std::result::Result<T, OutputError>;

impl OutputError {
    /// Whether the reader went away, as `head` does: not a failure of the command.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Write(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// What a person is told.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Write(error) => Sentence {
                zh: format!("写出文件失败：{error}"),
                en: format!("The table could not be written: {error}"),
            },
            Self::TooLong { column, row, units } => Sentence {
                zh: format!(
                    "第 {row} 行「{}」有 {units} 个字符，Excel 单元格最多 {CELL_UNITS} 个；请改导出 CSV",
                    column.zh
                ),
                en: format!(
                    "Row {row}, “{}”: {units} characters, an Excel cell holds {CELL_UNITS}; export \
                     CSV instead",
                    column.en
                ),
            },
            Self::Misuse(fault) => Sentence {
                zh: format!("导出程序有误：{fault}"),
                en: format!("The export is at fault: {fault}"),
            },
        }
    }
}

impl fmt::Display for OutputError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence().en)
    }
}

impl error::Error for OutputError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Write(error) => Some(error),
            Self::TooLong { .. } | Self::Misuse(_) => None,
        }
    }
}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl From<serde_json::Error> for OutputError {
    fn from(error: serde_json::Error) -> Self {
        Self::Write(error.into())
    }
}

impl From<::csv::Error> for OutputError {
    fn from(error: ::csv::Error) -> Self {
        match error.into_kind() {
            ::csv::ErrorKind::Io(error) => Self::Write(error),
            other => Self::Misuse(format!("{other:?}")),
        }
    }
}

impl From<OutputError> for io::Error {
    fn from(error: OutputError) -> Self {
        match error {
            OutputError::Write(error) => error,
            OutputError::TooLong { .. } => Self::new(io::ErrorKind::InvalidData, error),
            OutputError::Misuse(_) => Self::new(io::ErrorKind::InvalidInput, error),
        }
    }
}
