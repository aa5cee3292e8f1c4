//! Delimited text as rows, in a stream: RFC 4180 quoting, any line end, every fault with its place.

use super::cell::{Cell, Damage, Row};
use super::encoding::{Encoding, TextFault, TextStream};
use super::fault::{self, Place, SheetFault};
use super::format::Delimiter;
use super::limits::SheetLimits;

/// Where in a row the reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before the first character of a cell.
    CellStart,
    /// In a cell without quotes.
    Plain,
    /// Between quotes.
    Quoted,
    /// After a quote between quotes: the end of the cell, or the first half of `""`.
    QuoteSeen,
    /// After the closing quote and blanks.
    Closed,
}

/// The rows of a text table.
pub(super) struct Records {
    text: TextStream,
    chunk: String,
    at: usize,
    delimiter: Delimiter,
    limits: SheetLimits,
    header_row: u64,
    state: State,
    line: u64,
    after_return: bool,
    row_line: u64,
    cell_place: Place,
    column: u32,
    cell: String,
    cells: Vec<Cell>,
    header_width: Option<usize>,
    rows: u64,
    ended: bool,
}

impl Records {
    /// The rows of `text` from line `header_row` on.
    pub(super) fn new(
        text: TextStream,
        delimiter: Delimiter,
        header_row: Option<u64>,
        limits: SheetLimits,
    ) -> Self {
        Self {
            text,
            chunk: String::new(),
            at: 0,
            delimiter,
            limits,
            header_row: header_row.unwrap_or(1),
            state: State::CellStart,
            line: 1,
            after_return: false,
            row_line: 1,
            cell_place: Place::cell(1, 1),
            column: 1,
            cell: String::new(),
            cells: Vec::new(),
            header_width: None,
            rows: 0,
            ended: false,
        }
    }

    fn next_row(&mut self) -> Result<Option<Row>, SheetFault> {
        loop {
            while self.at < self.chunk.len() {
                if self.step()?
                    && let Some(row) = self.finish_row()?
                {
                    return Ok(Some(row));
                }
            }
            if !self.next_chunk()? {
                return self.last_row();
            }
        }
    }

    fn next_chunk(&mut self) -> Result<bool, SheetFault> {
        self.at = 0;
        self.text.next_chunk(&mut self.chunk).map_err(|text_fault| match text_fault {
            TextFault::Undecodable => fault::undecodable(self.text.encoding(), self.here()),
            TextFault::Unreadable => fault::unreadable_file(),
        })
    }

    /// The line being read and the cell it belongs to.
    fn here(&self) -> Place {
        Place::cell(self.line, self.column)
    }

    fn last_row(&mut self) -> Result<Option<Row>, SheetFault> {
        self.ended = true;
        if self.state == State::Quoted {
            return Err(fault::unclosed_quote().at(self.cell_place.clone()));
        }
        self.finish_cell()?;
        self.finish_row()
    }

    /// Takes in a run of ordinary characters and the one after it; true at the end of a row.
    fn step(&mut self) -> Result<bool, SheetFault> {
        let rest = &self.chunk.as_bytes()[self.at..];
        let delimiter = self.delimiter.byte();
        let run = match self.state {
            State::Plain => {
                rest.iter().position(|byte| *byte == delimiter || matches!(byte, b'\n' | b'\r' | 0))
            }
            State::Quoted => rest.iter().position(|byte| matches!(byte, b'"' | b'\n' | b'\r' | 0)),
            _ => Some(0),
        };
        let run = run.unwrap_or(rest.len());
        if run > 0 {
            self.after_return = false;
            self.cell.push_str(&self.chunk[self.at..self.at + run]);
            self.at += run;
            self.check_length()?;
        }
        match self.chunk.as_bytes().get(self.at) {
            Some(byte) => self.take(*byte),
            None => Ok(false),
        }
    }

    fn take(&mut self, byte: u8) -> Result<bool, SheetFault> {
        // The line feed of CR LF: its line is counted and its row, if any, has ended.
        let second_half = byte == b'\n' && self.after_return;
        self.after_return = byte == b'\r';
        if second_half {
            self.at += 1;
            if self.state == State::Quoted {
                self.cell.push('\n');
            }
            return Ok(false);
        }
        match (self.state, byte) {
            (_, 0) => return Err(fault::zero_byte().at(self.here())),
            (State::Quoted, b'"') => self.state = State::QuoteSeen,
            (State::Quoted, b'\n' | b'\r') => {
                self.line += 1;
                self.cell.push(char::from(byte));
            }
            (State::CellStart, b'"') => {
                self.state = State::Quoted;
                self.cell_place = self.here();
            }
            (State::QuoteSeen, b'"') => {
                self.cell.push('"');
                self.state = State::Quoted;
            }
            (_, b'\n' | b'\r') => {
                self.at += 1;
                self.line += 1;
                self.finish_cell()?;
                return Ok(true);
            }
            (_, byte) if byte == self.delimiter.byte() => self.finish_cell()?,
            (State::QuoteSeen | State::Closed, b' ' | b'\t') => self.state = State::Closed,
            (State::QuoteSeen | State::Closed, _) => {
                return Err(fault::text_after_quote().at(self.here()));
            }
            // An ordinary character: the next step takes it in with the run it begins.
            _ => {
                self.state = State::Plain;
                return Ok(false);
            }
        }
        self.at += 1;
        Ok(false)
    }

    fn check_length(&self) -> Result<(), SheetFault> {
        let most = self.limits.cell_characters;
        if self.cell.len() > most && self.cell.chars().count() > most {
            let place = Place::cell(self.row_line, self.column);
            return Err(fault::cell_too_long(&self.limits, place));
        }
        Ok(())
    }

    fn finish_cell(&mut self) -> Result<(), SheetFault> {
        let cell = cell_of(std::mem::take(&mut self.cell));
        let within = self.column <= self.limits.columns;
        if !within && cell != Cell::Empty {
            let place = Place::cell(self.row_line, self.column);
            return Err(fault::too_many_columns(&self.limits, place));
        }
        if within {
            self.cells.push(cell);
        }
        self.column = self.column.saturating_add(1);
        self.state = State::CellStart;
        Ok(())
    }

    /// The row just ended, unless it is blank or above the header.
    fn finish_row(&mut self) -> Result<Option<Row>, SheetFault> {
        let number = std::mem::replace(&mut self.row_line, self.line);
        let filled = self.cells.iter().rposition(|cell| *cell != Cell::Empty);
        self.column = 1;
        self.cells.truncate(filled.map_or(0, |last| last + 1));
        if self.cells.is_empty() || number < self.header_row {
            self.cells.clear();
            return Ok(None);
        }
        self.rows += 1;
        if self.rows > self.limits.rows {
            return Err(fault::too_many_rows(&self.limits, Place::row(number)));
        }
        let capacity = self.cells.len();
        let cells = std::mem::replace(&mut self.cells, Vec::with_capacity(capacity));
        let width = *self.header_width.get_or_insert(cells.len());
        if cells.len() > width {
            return Err(fault::row_too_long(number, cells.len(), width));
        }
        Ok(Some(Row { number, cells }))
    }
}

impl Iterator for Records {
    type Item = Result<Row, SheetFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.next_row();
        if let Err(fault) = &next {
            self.ended |= !fault.concerns_one_row();
        }
        next.transpose()
    }
}

/// The delimiter of `file`, told from the text at its beginning.
pub(super) fn detect_delimiter(
    head: &[u8],
    encoding: Encoding,
    header_row: Option<u64>,
) -> Delimiter {
    let mut text = String::with_capacity(head.len() * 3);
    let mut decoder = encoding.decoder();
    let _ = decoder.decode_to_string_without_replacement(head, &mut text, false);
    Delimiter::detect(&text, header_row)
}

/// What a text cell holds, once the marks other programs leave in it are understood.
fn cell_of(text: String) -> Cell {
    if text.is_empty() {
        return Cell::Empty;
    }
    if let Some(inner) = protected_text(&text) {
        return if inner.is_empty() { Cell::Empty } else { Cell::Text(inner) };
    }
    match damage_in(&text) {
        Some(why) => Cell::damaged(text, why),
        None => Cell::Text(text),
    }
}

/// The text inside `="…"`, the form in which identity numbers are shielded from spreadsheets.
fn protected_text(text: &str) -> Option<String> {
    let inner = text.strip_prefix("=\"")?.strip_suffix('"')?;
    let lone_quote = inner.replace("\"\"", "").contains('"');
    (!lone_quote).then(|| inner.replace("\"\"", "\""))
}

/// Error values as a spreadsheet program saves them as text.
const ERROR_VALUES: &[&str] =
    &["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"];

/// Whether `text` is an error value written out.
pub(super) fn is_error_value(text: &str) -> bool {
    ERROR_VALUES.contains(&text)
}

/// What a spreadsheet program lost when it saved this cell as text.
fn damage_in(text: &str) -> Option<Damage> {
    if is_error_value(text) {
        return Some(Damage::ErrorValue);
    }
    if text.len() > 1 && text.bytes().all(|byte| byte == b'#') {
        return Some(Damage::TooNarrow);
    }
    is_short_form(text).then_some(Damage::ShortForm)
}

/// `4.40106E+17`: one digit, perhaps a fraction, and an exponent, as spreadsheets write it.
fn is_short_form(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((mantissa, exponent)) = text.split_once("E+") else { return false };
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    whole.len() == 1 && digits(whole) && digits(fraction) && exponent.len() > 1 && digits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek, Write};

    fn records(bytes: &[u8], encoding: Encoding, header_row: Option<u64>) -> Records {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        let limits =
            SheetLimits { rows: 3_000, columns: 8, cell_characters: 40, ..SheetLimits::default() };
        let delimiter = detect_delimiter(bytes, encoding, header_row);
        Records::new(TextStream::new(file, encoding), delimiter, header_row, limits)
    }

    fn shown(cell: &Cell) -> String {
        match cell {
            Cell::Empty => "-".to_owned(),
            Cell::Text(text) => text.clone(),
            Cell::Damaged { found, why } => format!("{why:?}({found})"),
            other => format!("{other:?}"),
        }
    }

    /// `number: cell|cell` for a row, `! code address` for a fault.
    fn read(text: &[u8]) -> Vec<String> {
        lines(records(text, Encoding::Utf8, None))
    }

    fn lines(records: Records) -> Vec<String> {
        let line = |row: Row| {
            let cells: Vec<_> = row.cells.iter().map(shown).collect();
            format!("{}: {}", row.number, cells.join("|"))
        };
        let complaint = |fault: SheetFault| {
            let place = fault.place.unwrap_or_default();
            format!("! {} {:?} {:?}", fault.code, place.row.unwrap_or(0), place.column.unwrap_or(0))
        };
        records.map(|row| row.map_or_else(complaint, line)).collect()
    }

    #[test]
    fn rows_carry_the_line_they_start_on() {
        let expected = ["1: a|b", "3: 1|two\nlines", "5: 2|x\"y", "6: 3|-|last"];
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b,-", "", "1,\"two@lines\"", "2,\"x\"\"y\"", "3,,last"].join(end);
            let text = text.replace(",-", ",c").replace('@', "\n");
            let expected = expected.map(|line| line.replace("a|b", "a|b|c"));
            assert_eq!(read(text.as_bytes()), expected, "{end:?}");
        }
        assert_eq!(read(b"a,b\r\n1,\"x\r\ny\"\r\n2,z\r\n"), ["1: a|b", "2: 1|x\r\ny", "4: 2|z"]);
    }

    #[test]
    fn faults_say_where() {
        assert_eq!(read(b"a,b\n1,\"x\n2,y\n"), ["1: a|b", "! sheet.unclosed_quote 2 2"]);
        assert_eq!(read(b"a,b\n1,\"x\"y\n"), ["1: a|b", "! sheet.text_after_quote 2 2"]);
        assert_eq!(read(b"a,b\n1,x\0\n"), ["1: a|b", "! sheet.zero_byte 2 2"]);
        assert_eq!(read(b"a,b\n1,x\xFF\n"), ["1: a|b", "! sheet.undecodable 2 2"]);
        let long = format!("a,b\n1,{}\n", "x".repeat(41));
        assert_eq!(read(long.as_bytes()), ["1: a|b", "! sheet.cell_too_long 2 2"]);
        assert_eq!(read(b"a\n,,,,,,,,x\n"), ["1: a", "! sheet.too_many_columns 2 9"]);
        let many = "a\n".repeat(3_001);
        assert_eq!(read(many.as_bytes()).last().unwrap(), "! sheet.too_many_rows 3001 0");
    }

    #[test]
    fn a_long_row_is_reported_and_the_next_one_read() {
        let text = b"a,b\n1,2,3\n4,5,,,\n6\n";
        assert_eq!(read(text), ["1: a|b", "! sheet.row_too_long 2 0", "3: 4|5", "4: 6"]);
        let titled = records("某县台账\na,b\n1,2\n".as_bytes(), Encoding::Utf8, Some(2));
        assert_eq!(lines(titled), ["2: a|b", "3: 1|2"]);
    }

    #[test]
    fn what_spreadsheets_do_to_cells_is_undone_or_named() {
        let text = b"id,\"=\"\"0012\"\"\",c\n\
            =\"440106199001011234\",4.40106E+17,#REF!\n\
            ########,E+17,=1+1\n";
        assert_eq!(
            read(text),
            [
                "1: id|0012|c",
                "2: 440106199001011234|ShortForm(4.40106E+17)|ErrorValue(#REF!)",
                "3: TooNarrow(########)|E+17|=1+1",
            ]
        );
        assert_eq!(read(b"3\"pipe,b\n\"x\" ,y\n"), ["1: 3\"pipe|b", "2: x|y"]);
    }

    proptest::proptest! {
        #[test]
        fn what_a_csv_writer_writes_is_read_back(
            rows in proptest::collection::vec(
                proptest::collection::vec("[a-z县\"',; \n\r\u{1F33E}]{0,12}", 3), 1..40),
            crlf: bool,
        ) {
            let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
            let mut writer =
                csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
            writer.write_record(["a", "b", "c"]).unwrap();
            for row in &rows { writer.write_record(row).unwrap(); }
            let bytes = writer.into_inner().unwrap();
            let mut expected: Vec<Vec<String>> = rows;
            for row in &mut expected {
                while row.last().is_some_and(String::is_empty) { row.pop(); }
            }
            expected.retain(|row| !row.is_empty());
            let mut found = Vec::new();
            let mut records = records(&bytes, Encoding::Utf8, None);
            records.delimiter = Delimiter::Comma;
            for row in records.skip(1) {
                let plain = |cell| match cell {
                    Cell::Text(text) => text,
                    other => { assert_eq!(other, Cell::Empty); String::new() }
                };
                found.push(row.unwrap().cells.into_iter().map(plain).collect::<Vec<_>>());
            }
            proptest::prop_assert_eq!(found, expected);
        }
    }
}
