//! A table someone brought in, read row by row with bounded memory, and never trusted.
//!
//! Text is read here; workbooks are opened only by a child process that limits itself, because
//! the library that understands them can bring down the process it runs in.

mod cell;
pub(super) mod child;
mod csv;
mod encoding;
mod fault;
mod format;
mod limits;
mod markup;
mod number;
pub(super) mod ole;
pub(super) mod package;
mod reading;
mod survey;
mod wire;
mod workbook;

use std::fs::File;
use std::path::{Path, PathBuf};

pub use cell::{Cell, Damage, Row};
pub use child::{SUBCOMMAND, run};
pub use encoding::Encoding;
pub use fault::{Place, SheetFault, column_letters};
pub use format::{Delimiter, Format};
pub use limits::SheetLimits;

use encoding::TextStream;
use format::Kind;
use reading::Reading;
use survey::Survey;
use workbook::Request;

/// How a table is to be read; by default everything is told from the file.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The encoding of a text table, where the one told from the file is wrong.
    pub encoding: Option<Encoding>,
    /// The delimiter of a text table, where the one told from the header is wrong.
    pub delimiter: Option<Delimiter>,
    /// The sheet of a workbook; by default the first visible one.
    pub sheet: Option<String>,
    /// The number of the header's row; rows above it are left out.
    pub header_row: Option<u64>,
    /// What reading may cost.
    pub limits: SheetLimits,
    /// The program that opens workbooks; by default the one running.
    pub reader: Option<PathBuf>,
}

/// Where a table came from and how it is being read, to be shown to the person who brought it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file's name, without its folder.
    pub file_name: String,
    /// SHA-256 of the file's bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Bytes in the file.
    pub bytes: u64,
    /// The kind of table, told by its content.
    pub format: Format,
    /// The encoding of a text table.
    pub encoding: Option<Encoding>,
    /// The delimiter of a text table.
    pub delimiter: Option<Delimiter>,
    /// The sheet of a workbook being read.
    pub sheet: Option<String>,
    /// All sheets of a workbook that have cells, hidden ones too.
    pub sheets: Vec<String>,
}

/// An open table: where it came from, and its rows as an iterator.
///
/// Blank rows are left out. After an error that [concerns one row](SheetFault::concerns_one_row)
/// the next row follows; after any other nothing does.
pub struct Table {
    /// Where it came from.
    pub source: Source,
    rows: Rows,
}

enum Rows {
    Text(Box<csv::Records>),
    Workbook(Box<Reading>),
}

impl Iterator for Table {
    type Item = Result<Row, SheetFault>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.rows {
            Rows::Text(records) => records.next(),
            Rows::Workbook(reading) => reading.next(),
        }
    }
}

/// The refusal of a table without a single row.
pub fn no_header() -> SheetFault {
    fault::no_header()
}

/// Opens the table at `path`: reads the file once for its digest and kind, then stands before its
/// first row.
pub fn open(path: &Path, options: &ReadOptions) -> Result<Table, SheetFault> {
    let mut file = File::open(path).map_err(|_| fault::unreadable_file())?;
    let most = options.limits.upload_bytes;
    let survey = Survey::of(&mut file, most).map_err(|_| fault::unreadable_file())?;
    if survey.bytes > most {
        return Err(fault::file_too_large(&options.limits));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match format::kind_of(survey.head())? {
        Kind::Text => Ok(open_text(file, name, survey, options)),
        Kind::Container => open_workbook(file, name, survey, options),
    }
}

fn open_text(file: File, file_name: String, survey: Survey, options: &ReadOptions) -> Table {
    let encoding =
        options.encoding.unwrap_or_else(|| encoding::detect(survey.head(), survey.beyond_ascii()));
    let delimiter = options.delimiter.unwrap_or_else(|| {
        csv::detect_delimiter(survey.head().bytes, encoding, options.header_row)
    });
    let text = TextStream::new(file, encoding);
    let records = csv::Records::new(text, delimiter, options.header_row, options.limits);
    let source = Source {
        file_name,
        sha256: survey.sha256,
        bytes: survey.bytes,
        format: Format::Csv,
        encoding: Some(encoding),
        delimiter: Some(delimiter),
        sheet: None,
        sheets: Vec::new(),
    };
    Table { source, rows: Rows::Text(Box::new(records)) }
}

fn open_workbook(
    file: File,
    file_name: String,
    survey: Survey,
    options: &ReadOptions,
) -> Result<Table, SheetFault> {
    let request = Request { sheet: options.sheet.clone(), limits: options.limits };
    let program = match &options.reader {
        Some(program) => program.clone(),
        None => std::env::current_exe().map_err(|_| fault::reader_failed())?,
    };
    let (reading, opened) = Reading::start(&program, file, &request, options.header_row)?;
    let source = Source {
        file_name,
        sha256: survey.sha256,
        bytes: survey.bytes,
        format: opened.format,
        encoding: None,
        delimiter: None,
        sheet: Some(opened.sheet),
        sheets: opened.sheets,
    };
    Ok(Table { source, rows: Rows::Workbook(Box::new(reading)) })
}
