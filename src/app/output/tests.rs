//! The same table read back from every form.

use std::{
    io::{self, Cursor, Write},
    sync::{Arc, Mutex},
};

use calamine::{Data, Reader, Xlsx as Workbook, open_workbook_from_rs};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    language::{Label, Language},
    money::Money,
};
use proptest::prelude::*;
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::*;

const fn column(
    field: &'static str,
    zh: &'static str,
    en: &'static str,
    kind: ColumnKind,
    width: u16,
) -> Column {
    Column::new(field, Label { zh, en }, kind, width)
}

static COLUMNS: [Column; 9] = [
    column("code", "资产编号", "Code", ColumnKind::Text, 20),
    column("name", "名称", "Name", ColumnKind::Text, 12),
    column("year", "年度", "Year", ColumnKind::Ordinal, 4),
    column("households", "户数", "Households", ColumnKind::Integer, 6),
    column("value", "原值", "Value", ColumnKind::Money, 16),
    column("area", "面积", "Area", ColumnKind::Decimal, 10),
    column("built", "建成日期", "Built", ColumnKind::Date, 10),
    column("seen", "最近巡查", "Last seen", ColumnKind::Instant, 16),
    column("idle", "闲置", "Idle", ColumnKind::Truth, 4),
];

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn rows() -> Vec<Vec<Value>> {
    let text = |text: &str| Value::Text(text.to_owned());
    vec![
        vec![
            text("110101199003070011"),
            text("上河村便民桥"),
            Value::Integer(2018),
            Value::Integer(1250),
            Value::Money(Money::from_fen(86_400_050)),
            Value::Decimal("12.500".parse().unwrap()),
            Value::Date(NaiveDate::from_ymd_opt(2018, 11, 3).unwrap()),
            Value::Instant(moment("2024-05-31T18:30:15Z")),
            Value::Truth(false),
        ],
        vec![
            text("007"),
            text("=HYPERLINK(\"x\")"),
            Value::Integer(2020),
            Value::Empty,
            Value::Money(Money::from_fen(-5)),
            Value::Empty,
            Value::Empty,
            Value::Empty,
            Value::Truth(true),
        ],
    ]
}

fn label() -> Sentence {
    Sentence { zh: "合计 1,931 项".to_owned(), en: "Total of 1,931".to_owned() }
}

fn totals() -> Vec<Value> {
    let mut values = vec![Value::Empty; COLUMNS.len()];
    values[3] = Value::Integer(1250);
    values[4] = Value::Money(Money::from_fen(86_400_045));
    values
}

fn heading() -> Heading {
    Heading {
        title: Sentence { zh: "资产台账".to_owned(), en: "Asset ledger".to_owned() },
        notes: vec![Sentence { zh: "单位：元".to_owned(), en: "Unit: yuan".to_owned() }],
    }
}

fn options() -> Options {
    Options::new(Language::Chinese, moment("2024-06-01T00:00:00Z"))
}

/// A sink whose bytes can be looked at after the table is finished.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

fn written(format: Format, options: Options, rows: &[Vec<Value>]) -> Vec<u8> {
    let sink = Shared::default();
    let mut output =
        Output::begin(format, options, heading(), &COLUMNS[..], Box::new(sink.clone())).unwrap();
    output.fact("scope", "石桥镇").unwrap();
    for row in rows {
        output.row(row).unwrap();
    }
    output.total(Total { label: &label(), count: 1931, values: &totals() }).unwrap();
    output.fact("as_of", &Value::Date(NaiveDate::from_ymd_opt(2024, 6, 1).unwrap())).unwrap();
    output.finish().unwrap();
    sink.bytes()
}

fn lines(options: Options, rows: &[Vec<Value>]) -> Vec<String> {
    let text = String::from_utf8(written(Format::Table, options, rows)).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// The sheets of a workbook by name, with every cell.
fn sheets(bytes: Vec<u8>) -> Vec<(String, Vec<Vec<Data>>)> {
    let mut book: Workbook<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    for name in book.sheet_names() {
        assert!(book.worksheet_formula(&name).unwrap().is_empty());
    }
    let sheets = book.worksheets();
    sheets
        .into_iter()
        .map(|(name, range)| {
            assert_eq!(range.start(), Some((0, 0)));
            (name, range.rows().map(<[Data]>::to_vec).collect())
        })
        .collect()
}

#[test]
fn csv_is_read_back_value_by_value() {
    let bytes = written(Format::Csv, options(), &rows());
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(
        text,
        "\u{FEFF}资产编号,名称,年度,户数,原值,面积,建成日期,最近巡查,闲置\r\n\
         110101199003070011,上河村便民桥,2018,1250,864000.50,12.500,2018-11-03,\
         2024-06-01T02:30:15+08:00,否\r\n\
         007,\"'=HYPERLINK(\"\"x\"\")\",2020,,-0.05,,,,是\r\n"
    );
}

#[test]
fn csv_follows_its_options() {
    let mut options = options();
    options.language = Language::English;
    options.csv = CsvOptions { mark: false, line_end: LineEnd::Lf, totals: true };
    let text = String::from_utf8(written(Format::Csv, options, &[])).unwrap();
    assert_eq!(
        text,
        "Code,Name,Year,Households,Value,Area,Built,Last seen,Idle\n\
         \"Total of 1,931\",,,1250,864000.45,,,,\n"
    );
}

proptest! {
    #[test]
    fn csv_gives_back_every_text(
        texts in prop::collection::vec(
            prop_oneof![any::<String>(), "['=+\\-@\",;\t\r\n\0 a1＝]{0,5}"], 1..5,
        ),
    ) {
        let sink = Shared::default();
        let columns = vec![column("text", "文", "Text", ColumnKind::Text, 10)];
        let mut output = Output::begin(
            Format::Csv, options(), heading(), columns, Box::new(sink.clone()),
        ).unwrap();
        for text in &texts {
            output.row(&[Value::Text(text.clone())]).unwrap();
        }
        output.finish().unwrap();
        let mut reader = ::csv::Reader::from_reader(Cursor::new(sink.bytes()));
        let read: Vec<String> =
            reader.records().map(|record| restore(&record.unwrap()[0]).to_owned()).collect();
        prop_assert_eq!(read, texts);
    }
}

#[test]
fn json_is_one_object_with_a_row_on_each_line() {
    let text = String::from_utf8(written(Format::Json, options(), &rows())).unwrap();
    let object: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        object,
        json!({
            "title": "资产台账",
            "notes": ["单位：元"],
            "scope": "石桥镇",
            "rows": [
                {
                    "code": "110101199003070011", "name": "上河村便民桥", "year": 2018,
                    "households": 1250, "value": "864000.50", "area": "12.500",
                    "built": "2018-11-03", "seen": "2024-05-31T18:30:15Z", "idle": false,
                },
                {
                    "code": "007", "name": "=HYPERLINK(\"x\")", "year": 2020,
                    "households": null, "value": "-0.05", "area": null,
                    "built": null, "seen": null, "idle": true,
                },
            ],
            "total": { "count": 1931, "households": 1250, "value": "864000.45" },
            "as_of": "2024-06-01",
        })
    );
    assert_eq!(text.lines().filter(|line| line.starts_with("{\"code\":")).count(), 2);
}

#[test]
fn json_without_rows_or_total_is_whole() {
    let sink = Shared::default();
    let output =
        Output::begin(Format::Json, options(), heading(), &COLUMNS[..], Box::new(sink.clone()));
    output.unwrap().finish().unwrap();
    let object: serde_json::Value = serde_json::from_slice(&sink.bytes()).unwrap();
    assert_eq!(object["rows"], json!([]));
    assert_eq!(object["total"], json!({ "count": 0 }));
}

#[test]
fn json_counts_by_a_column_named_count() {
    let sink = Shared::default();
    let columns = vec![column("count", "项数", "Count", ColumnKind::Integer, 6)];
    let mut output =
        Output::begin(Format::Json, options(), heading(), columns, Box::new(sink.clone())).unwrap();
    output.row(&[Value::Integer(7)]).unwrap();
    output.total(Total { label: &label(), count: 1, values: &[Value::Integer(7)] }).unwrap();
    output.finish().unwrap();
    assert!(String::from_utf8(sink.bytes()).unwrap().contains("\"total\":{\"count\":7}"));
}

#[test]
fn xlsx_keeps_text_numbers_and_days_apart() {
    let sheets = sheets(written(Format::Xlsx, options(), &rows()));
    assert_eq!(sheets.len(), 1);
    let (name, cells) = &sheets[0];
    assert_eq!(name, "资产台账");
    let text = |text: &str| Data::String(text.to_owned());
    assert_eq!(cells[0][0], text("资产台账"));
    assert_eq!(cells[1][0], text("单位：元"));
    assert_eq!(cells[2][..3], [text("资产编号"), text("名称"), text("年度")]);
    let bridge = &cells[3];
    assert_eq!(bridge[0], text("110101199003070011"));
    assert_eq!(bridge[2..6], [2018.0, 1250.0, 864_000.5, 12.5].map(Data::Float));
    let Data::DateTime(built) = &bridge[6] else { panic!("{:?} is no day", bridge[6]) };
    assert_eq!(built.to_ymd_hms_milli(), (2018, 11, 3, 0, 0, 0, 0));
    let Data::DateTime(seen) = &bridge[7] else { panic!("{:?} is no moment", bridge[7]) };
    assert_eq!(seen.to_ymd_hms_milli(), (2024, 6, 1, 2, 30, 15, 0));
    assert_eq!(bridge[8], text("否"));
    assert_eq!(cells[4][..2], [text("007"), text("=HYPERLINK(\"x\")")]);
    assert_eq!(cells[4][4], Data::Float(-0.05));
    assert!(cells[5].iter().all(|cell| *cell == Data::Empty), "a gap parts the totals");
    assert_eq!(cells[6][0], text("合计 1,931 项"));
    assert_eq!(cells[6][3..5], [1250.0, 864_000.45].map(Data::Float));
    assert_eq!(cells.len(), 7);
}

#[test]
fn xlsx_writes_what_a_number_cannot_hold_as_text() {
    let mut row = rows().remove(0);
    row[3] = Value::Integer(i64::MAX);
    row[4] = Value::Money(Money::from_fen(1_234_567_890_123_456));
    row[5] = Value::Decimal("0.1234567890123456".parse().unwrap());
    row[6] = Value::Date(NaiveDate::from_ymd_opt(1899, 12, 31).unwrap());
    let sheets = sheets(written(Format::Xlsx, options(), &[row]));
    let texts = ["9223372036854775807", "12345678901234.56", "0.1234567890123456", "1899-12-31"];
    assert_eq!(sheets[0].1[3][3..7], texts.map(|text| Data::String(text.to_owned())));
}

#[test]
fn xlsx_keeps_odd_text() {
    let odd =
        ["1-2", "1e5", " 首尾 ", "一\n二", "TRUE", "http://x", "<&>\"", "\t缩进", "'x", "_x0041_"];
    let rows: Vec<_> = odd
        .iter()
        .map(|text| {
            let mut row = rows().remove(0);
            row[0] = Value::Text((*text).to_owned());
            row
        })
        .collect();
    let sheets = sheets(written(Format::Xlsx, options(), &rows));
    let read: Vec<_> = sheets[0].1[3..3 + odd.len()].iter().map(|row| row[0].clone()).collect();
    assert_eq!(read, odd.map(|text| Data::String(text.to_owned())));
}

#[test]
fn xlsx_is_the_same_to_the_byte_at_the_same_time() {
    let first = written(Format::Xlsx, options(), &rows());
    assert_eq!(first, written(Format::Xlsx, options(), &rows()));
    let later = Options::new(Language::Chinese, moment("2024-06-02T00:00:00Z"));
    assert_ne!(first, written(Format::Xlsx, later, &rows()));
}

#[test]
fn xlsx_goes_on_in_a_further_sheet() {
    let sink = Shared::default();
    let layout = Layout { options: options(), heading: heading(), columns: COLUMNS[..].into() };
    let limit = 3 + 2 + 2;
    let mut form = Box::new(
        xlsx::Xlsx::with_sheet_rows(layout, Sink::new(Box::new(sink.clone())), limit).unwrap(),
    );
    for number in 0..5 {
        let mut row = rows().remove(0);
        row[3] = Value::Integer(number);
        form.row(&row).unwrap();
    }
    form.total(Total { label: &label(), count: 5, values: &totals() }).unwrap();
    form.finish().unwrap();
    let sheets = sheets(sink.bytes());
    let names: Vec<_> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["资产台账", "资产台账 2", "资产台账 3"]);
    assert_eq!(sheets.iter().map(|(_, rows)| rows.len()).collect::<Vec<_>>(), [5, 5, 3 + 1 + 2]);
    assert_eq!(sheets[2].1[2][0], Data::String("资产编号".to_owned()));
    assert_eq!(sheets[2].1[3][3], Data::Float(4.0));
}

#[test]
fn xlsx_refuses_a_text_longer_than_a_cell() {
    let begin = || {
        Output::begin(Format::Xlsx, options(), heading(), &COLUMNS[..], Box::new(Shared::default()))
            .unwrap()
    };
    let mut row = rows().remove(0);
    row[1] = Value::Text("长".repeat(CELL_UNITS));
    begin().row(&row).unwrap();
    row[1] = Value::Text("长".repeat(CELL_UNITS + 1));
    let mut output = begin();
    let refused = output.row(&row).unwrap_err();
    assert!(matches!(refused, OutputError::TooLong { row: 1, units: 32_768, .. }), "{refused}");
    assert!(matches!(output.row(&rows()[0]), Err(OutputError::Misuse(_))));
    assert!(output.finish().is_err());
}

#[test]
fn xlsx_without_a_spool_directory_is_an_error() {
    let mut options = options();
    options.spool = Some("/nonexistent/spool".into());
    let begun =
        Output::begin(Format::Xlsx, options, heading(), &COLUMNS[..], Box::new(Shared::default()));
    let Err(OutputError::Write(error)) = begun else { panic!("it began") };
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
}

#[test]
fn a_terminal_table_is_aligned() {
    let shown = lines(options(), &rows()).join("\n");
    let expected = "\
资产台账
单位：元

资产编号            名称          年度   户数        原值    面积  建成日期    最近巡查          闲置
------------------  ------------  ----  -----  ----------  ------  ----------  ----------------  ----
110101199003070011  上河村便民桥  2018  1,250  864,000.50  12.500  2018-11-03  2024-06-01 02:30  否
007                 =HYPERLINK(…  2020              -0.05                                        是
------------------  ------------  ----  -----  ----------  ------  ----------  ----------------  ----
合计 1,931 项                           1,250  864,000.45";
    assert_eq!(shown, expected);
}

#[test]
fn a_long_table_keeps_its_declared_widths_and_cuts_no_number() {
    let mut row = rows().remove(0);
    row[1] = Value::Text("桥".to_owned());
    let mut long = vec![row.clone(); 1_001];
    row[1] = Value::Text("上河村便民桥二".to_owned());
    row[4] = Value::Money(Money::from_fen(i64::MAX));
    long.push(row);
    let lines = lines(options(), &long);
    assert_eq!(
        lines[4].split("  ").map(str::len).collect::<Vec<_>>(),
        [20, 12, 4, 6, 16, 10, 10, 16, 4]
    );
    assert_eq!(lines.len(), 5 + 1_002 + 2);
    let last = &lines[5 + 1_001];
    assert!(
        last.contains("  上河村便民…  ") && last.contains("92,233,720,368,547,758.07"),
        "{last}"
    );
    assert_eq!(lines[5].width(), lines[500].width());
}

#[test]
fn a_terminal_table_fits_the_terminal_by_cutting_text() {
    let mut options = options();
    options.terminal = TerminalOptions { width: Some(90), bold: true };
    let lines = lines(options, &rows());
    assert!(lines[3].starts_with("\u{1B}[1m资产编号"), "{:?}", lines[3]);
    assert!(lines[4].width() == 90, "{:?}", lines[4]);
    assert!(lines[5].contains('…') && lines[5].contains("864,000.50"), "{:?}", lines[5]);
}

#[test]
fn a_name_cannot_steer_the_terminal() {
    let mut row = rows().remove(0);
    row[1] = Value::Text("\u{1B}[2J\u{202E}桥\n二".to_owned());
    let lines = lines(options(), &[row]);
    assert!(lines[5].contains("\u{FFFD}[2J\u{FFFD}桥 二"), "{:?}", lines[5]);
}

#[test]
fn an_empty_terminal_table_says_so() {
    let sink = Shared::default();
    let mut options = options();
    options.language = Language::English;
    let output = Output::begin(
        Format::Table,
        options,
        Heading::default(),
        vec![COLUMNS[0]],
        Box::new(sink.clone()),
    );
    output.unwrap().finish().unwrap();
    assert_eq!(String::from_utf8(sink.bytes()).unwrap(), "Code\n----\n(no rows)\n");
}

/// A reader that goes away after some bytes.
struct Gone(usize);

impl Write for Gone {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_goes_away_is_told_apart_from_a_failure() {
    for format in Format::ALL {
        for taken in [0, 1, 100, 2_000] {
            let write = || -> Result<()> {
                let sink = Box::new(Gone(taken));
                let mut output = Output::begin(format, options(), heading(), &COLUMNS[..], sink)?;
                for row in std::iter::repeat_n(&rows()[0], 100) {
                    output.row(row)?;
                }
                output.finish()
            };
            let error = write().unwrap_err();
            assert!(error.is_broken_pipe(), "{format:?} after {taken}: {error}");
            assert_eq!(io::Error::from(error).kind(), io::ErrorKind::BrokenPipe);
        }
    }
}

#[test]
fn misuse_is_refused() {
    let begin = |columns: Vec<Column>| {
        Output::begin(Format::Csv, options(), heading(), columns, Box::new(Shared::default()))
    };
    assert!(matches!(begin(Vec::new()), Err(OutputError::Misuse(_))));
    assert!(matches!(begin(vec![COLUMNS[0]; 2]), Err(OutputError::Misuse(_))));
    let mut output = begin(vec![COLUMNS[0]]).unwrap();
    assert!(matches!(output.row(&[]), Err(OutputError::Misuse(_))));
    assert!(matches!(output.fact("rows", &1), Err(OutputError::Misuse(_))));
    output.fact("scope", &1).unwrap();
    assert!(matches!(output.fact("scope", &2), Err(OutputError::Misuse(_))));
    output.row(&[Value::Empty]).unwrap();
    output.total(Total { label: &label(), count: 1, values: &[Value::Empty] }).unwrap();
    assert!(matches!(output.row(&[Value::Empty]), Err(OutputError::Misuse(_))));
    output.finish().unwrap();
}
