//! Where a table goes, and in what form.

use std::io::Write;

use entity::language::Language;

use super::{Column, Format, Heading, Options, Output, OutputError};
use crate::{
    domain::mistake::{Mistake, Mistakes},
    error::Error,
};

/// Where a table goes, and in what form.
pub struct Target {
    /// The form.
    pub format: Format,
    /// How it is written.
    pub options: Options,
    /// Where the bytes go.
    pub sink: Box<dyn Write + Send>,
}

impl Target {
    /// The language of the reader.
    pub const fn language(&self) -> Language {
        self.options.language
    }

    /// Starts a table there.
    pub fn begin(self, heading: Heading, columns: Vec<Column>) -> super::Result<Output> {
        Output::begin(self.format, self.options, heading, columns, self.sink)
    }
}

impl From<OutputError> for Error {
    fn from(error: OutputError) -> Error {
        match error {
            OutputError::TooLong { column, .. } => {
                let mistake = Mistake::new("", column.zh, error.sentence());
                Error::Invalid(Mistakes(vec![mistake]))
            }
            OutputError::Write(_) | OutputError::Misuse(_) => {
                Error::Internal(anyhow::Error::new(error))
            }
        }
    }
}

impl Error {
    /// Whether whoever was reading the output went away, as `head` does.
    pub fn is_broken_pipe(&self) -> bool {
        match self {
            Error::Internal(cause) => {
                cause.downcast_ref::<OutputError>().is_some_and(OutputError::is_broken_pipe)
            }
            _ => false,
        }
    }
}
