//! A workbook's cells as rows. Runs in the child only: the reader used may abort the process.

use std::fs::File;
use std::io::{BufReader, Read, Seek};

use calamine::{
    CellErrorType, Data, DataRef, Ods, OdsError, Reader, Sheet, SheetType, SheetVisible, Xls,
    XlsError, Xlsb, XlsbError, Xlsx, XlsxError, XlsxFormulaMetadata,
};
use serde::{Deserialize, Serialize};

use super::cell::{Cell, Damage, Row};
use super::csv;
use super::fault::{self, Place, SheetFault};
use super::format::Format;
use super::limits::{GRID_COLUMNS, GRID_ROWS, SheetLimits};
use super::number::{self, DateSystem};
use super::{ole, package};

/// What is asked of a workbook.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Request {
    /// The sheet to read; the first visible one when not named.
    pub sheet: Option<String>,
    /// What reading may cost.
    pub limits: SheetLimits,
}

/// What is known once a workbook is open and its sheet chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Opened {
    /// The kind of workbook.
    pub format: Format,
    /// The sheet being read.
    pub sheet: String,
    /// All sheets with cells, hidden ones too, in their order.
    pub sheets: Vec<String>,
}

/// Where what is read goes.
pub(super) trait Sink {
    /// The workbook is open; comes first, once.
    fn opened(&mut self, opened: Opened) -> Result<(), SheetFault>;
    /// The next row that holds anything, from top to bottom.
    fn row(&mut self, row: Row) -> Result<(), SheetFault>;
}

/// Reads the sheet asked for, from top to bottom.
pub(super) fn read(file: File, request: &Request, sink: &mut impl Sink) -> Result<(), SheetFault> {
    let mut reader = BufReader::new(file);
    let format = inspect(&mut reader, &request.limits)?;
    reader.rewind().map_err(|_| fault::unreadable_file())?;
    match format {
        Format::Xlsx => read_xlsx(open(reader)?, request, sink),
        Format::Xlsb => read_xlsb(open(reader)?, request, sink),
        Format::Xls => read_xls(open(reader)?, request, sink),
        Format::Ods => read_ods(open(reader)?, request, sink),
        Format::Csv => Err(fault::not_a_workbook()),
    }
}

fn inspect(reader: &mut (impl Read + Seek), limits: &SheetLimits) -> Result<Format, SheetFault> {
    let mut magic = [0; 2];
    let size = reader.seek(std::io::SeekFrom::End(0)).map_err(|_| fault::unreadable_file())?;
    reader
        .rewind()
        .and_then(|()| reader.read_exact(&mut magic))
        .and_then(|()| reader.rewind())
        .map_err(|_| fault::broken_container())?;
    if magic == *b"PK" {
        return package::inspect(reader, size, limits);
    }
    let mut container = Vec::new();
    let read = reader.take(limits.upload_bytes).read_to_end(&mut container);
    read.map_err(|_| fault::unreadable_file())?;
    ole::inspect(&container).map(|()| Format::Xls)
}

type Source = BufReader<File>;

fn open<R>(reader: Source) -> Result<R, SheetFault>
where
    R: Reader<Source>,
    R::Error: Explain,
{
    R::new(reader).map_err(|error| error.explain())
}

fn read_xlsx(
    mut book: Xlsx<Source>,
    request: &Request,
    sink: &mut impl Sink,
) -> Result<(), SheetFault> {
    let sheet = choose(Format::Xlsx, book.sheets_metadata(), request, sink)?;
    let system = system(book.has_1904_epoch());
    let mut rows = Rows::new(&sheet, request, sink);
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|error| rows.explain(&error))?;
    loop {
        let next = cells.next_cell_with_formula_metadata();
        let Some(record) = next.map_err(|error| rows.explain(&error))? else { break };
        let cell = match (record.value, record.formula) {
            (DataRef::Empty, Some(formula)) => not_calculated(formula),
            (value, _) => cell_of(value.into(), system),
        };
        rows.put(record.pos, cell)?;
    }
    rows.finish()
}

fn read_xlsb(
    mut book: Xlsb<Source>,
    request: &Request,
    sink: &mut impl Sink,
) -> Result<(), SheetFault> {
    let sheet = choose(Format::Xlsb, book.sheets_metadata(), request, sink)?;
    let system = system(book.has_1904_epoch());
    let mut rows = Rows::new(&sheet, request, sink);
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|error| rows.explain(&error))?;
    while let Some(cell) = cells.next_cell().map_err(|error| rows.explain(&error))? {
        rows.put(cell.get_position(), cell_of(cell.get_value().clone().into(), system))?;
    }
    rows.finish()
}

fn read_xls(
    mut book: Xls<Source>,
    request: &Request,
    sink: &mut impl Sink,
) -> Result<(), SheetFault> {
    let sheet = choose(Format::Xls, book.sheets_metadata(), request, sink)?;
    let system = system(book.has_1904_epoch());
    read_range(&mut book, &sheet, Rows::new(&sheet, request, sink), |value| cell_of(value, system))
}

fn read_ods(
    mut book: Ods<Source>,
    request: &Request,
    sink: &mut impl Sink,
) -> Result<(), SheetFault> {
    let sheet = choose(Format::Ods, book.sheets_metadata(), request, sink)?;
    // The reader hands over error values as their text.
    let cell = |value| match cell_of(value, DateSystem::From1900) {
        Cell::Text(text) if csv::is_error_value(&text) => Cell::damaged(text, Damage::ErrorValue),
        cell => cell,
    };
    read_range(&mut book, &sheet, Rows::new(&sheet, request, sink), cell)
}

/// Formats whose reader offers no cell stream: the whole sheet, held by the child's memory limit.
fn read_range<R>(
    book: &mut R,
    sheet: &str,
    mut rows: Rows<'_, impl Sink>,
    cell: impl Fn(Data) -> Cell,
) -> Result<(), SheetFault>
where
    R: Reader<Source>,
    R::Error: Explain,
{
    let range = book.worksheet_range(sheet).map_err(|error| rows.explain(&error))?;
    let (top, left) = range.start().unwrap_or_default();
    let place = |at: usize, from: u32| u32::try_from(at).unwrap_or(u32::MAX).saturating_add(from);
    for (row, column, value) in range.used_cells() {
        rows.put((place(row, top), place(column, left)), cell(value.clone()))?;
    }
    rows.finish()
}

fn system(counts_from_1904: bool) -> DateSystem {
    if counts_from_1904 { DateSystem::From1904 } else { DateSystem::From1900 }
}

/// Chooses the sheet asked for, or the first visible one, and says so.
fn choose(
    format: Format,
    sheets: &[Sheet],
    request: &Request,
    sink: &mut impl Sink,
) -> Result<String, SheetFault> {
    let with_cells = || sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = with_cells().map(|sheet| sheet.name.clone()).collect();
    let repeated = |(at, name): (usize, &String)| names[..at].contains(name);
    if names.iter().enumerate().any(repeated) {
        return Err(fault::broken_workbook());
    }
    let sheet = match &request.sheet {
        Some(name) if names.contains(name) => name.clone(),
        Some(name) => return Err(fault::unknown_sheet(name, &names)),
        None => with_cells()
            .find(|sheet| sheet.visible == SheetVisible::Visible)
            .map(|sheet| sheet.name.clone())
            .ok_or_else(fault::no_sheet)?,
    };
    sink.opened(Opened { format, sheet: sheet.clone(), sheets: names })?;
    Ok(sheet)
}

/// Gathers cells into rows and hands them on in order.
struct Rows<'a, S> {
    sheet: &'a str,
    limits: &'a SheetLimits,
    sink: &'a mut S,
    number: u64,
    cells: Vec<Cell>,
    handed_on: u64,
}

impl<'a, S: Sink> Rows<'a, S> {
    fn new(sheet: &'a str, request: &'a Request, sink: &'a mut S) -> Self {
        Self { sheet, limits: &request.limits, sink, number: 0, cells: Vec::new(), handed_on: 0 }
    }

    fn explain(&self, error: &impl Explain) -> SheetFault {
        error.explain().in_sheet(self.sheet)
    }

    /// Takes in the cell at a position counted from zero.
    fn put(&mut self, (row, column): (u32, u32), cell: Cell) -> Result<(), SheetFault> {
        if cell == Cell::Empty {
            return Ok(());
        }
        let (number, column) = (u64::from(row) + 1, column.saturating_add(1));
        self.check(number, column, &cell).map_err(|fault| fault.in_sheet(self.sheet))?;
        if number > self.number {
            self.hand_on()?;
            self.number = number;
        }
        let at = column as usize;
        if self.cells.len() < at {
            self.cells.resize(at, Cell::Empty);
        }
        self.cells[at - 1] = cell;
        Ok(())
    }

    fn check(&self, number: u64, column: u32, cell: &Cell) -> Result<(), SheetFault> {
        let place = Place::cell(number, column);
        if number > GRID_ROWS || column > GRID_COLUMNS {
            return Err(fault::outside_grid(&place.address().unwrap_or_default()).at(place));
        }
        if column > self.limits.columns {
            return Err(fault::too_many_columns(self.limits, place));
        }
        if number < self.number {
            return Err(fault::out_of_order().at(place));
        }
        let taken = self.cells.get(column as usize - 1).is_some_and(|old| *old != Cell::Empty);
        if number == self.number && taken {
            return Err(fault::duplicate_cell().at(place));
        }
        if cell.characters() > self.limits.cell_characters {
            return Err(fault::cell_too_long(self.limits, place));
        }
        Ok(())
    }

    fn hand_on(&mut self) -> Result<(), SheetFault> {
        if self.cells.is_empty() {
            return Ok(());
        }
        let cells = std::mem::take(&mut self.cells);
        self.handed_on += 1;
        if self.handed_on > self.limits.rows {
            let fault = fault::too_many_rows(self.limits, Place::row(self.number));
            return Err(fault.in_sheet(self.sheet));
        }
        self.sink.row(Row { number: self.number, cells })
    }

    fn finish(mut self) -> Result<(), SheetFault> {
        self.hand_on()
    }
}

fn cell_of(value: Data, system: DateSystem) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::String(text) if text.is_empty() => Cell::Empty,
        Data::String(text) => Cell::Text(text),
        Data::Int(whole) => number::whole_number(whole),
        Data::Float(value) => number::number(value),
        Data::Bool(truth) => Cell::Truth(truth),
        Data::DateTime(moment) if moment.is_duration() => number::span(moment.as_f64()),
        Data::DateTime(moment) => number::moment(moment.as_f64(), system),
        Data::DateTimeIso(text) => number::iso_moment(&text),
        Data::DurationIso(text) => number::iso_span(&text),
        Data::Error(error) => Cell::damaged(error_text(&error), Damage::ErrorValue),
    }
}

fn error_text(error: &CellErrorType) -> String {
    match error {
        CellErrorType::GettingData => "#GETTING_DATA".to_owned(),
        other => other.to_string(),
    }
}

/// A formula with no stored result: empty would be a guess.
fn not_calculated(formula: XlsxFormulaMetadata) -> Cell {
    const SHOWN: usize = 100;
    let formula = match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => {
            formula
        }
        _ => String::new(),
    };
    let shown: String = formula.chars().take(SHOWN).collect();
    Cell::damaged(format!("={shown}"), Damage::NotCalculated)
}

/// A workbook reader's error as a refusal.
trait Explain {
    fn explain(&self) -> SheetFault;
}

impl Explain for XlsxError {
    fn explain(&self) -> SheetFault {
        match self {
            Self::Password => fault::encrypted(),
            Self::Io(_) | Self::Zip(_) => fault::broken_container(),
            Self::CellError(value) => fault::unknown_error_value(value),
            _ => fault::broken_workbook(),
        }
    }
}

impl Explain for XlsbError {
    fn explain(&self) -> SheetFault {
        match self {
            Self::Password => fault::encrypted(),
            Self::Io(_) | Self::Zip(_) => fault::broken_container(),
            _ => fault::broken_workbook(),
        }
    }
}

impl Explain for XlsError {
    fn explain(&self) -> SheetFault {
        match self {
            Self::Password => fault::encrypted(),
            Self::Io(_) | Self::Cfb(_) => fault::broken_container(),
            _ => fault::broken_workbook(),
        }
    }
}

impl Explain for OdsError {
    fn explain(&self) -> SheetFault {
        match self {
            Self::Password => fault::encrypted(),
            Self::Io(_) | Self::Zip(_) => fault::broken_container(),
            Self::CellLimitExceeded { .. } => fault::out_of_memory(),
            _ => fault::broken_workbook(),
        }
    }
}
