//! Tables built here, read through the real child: what passes, what is refused, and by which name.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;

use taizhang::app::sheet::{
    Cell, Damage, Encoding, Format, ReadOptions, Row, SheetFault, Table, open,
};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const TYPES: &str =
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const PACKAGE: &str = r#"<Relationships><Relationship Id="rId1" Type="http://x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const RELATIONS: &str = r#"<Relationships><Relationship Id="rId1" Type="http://x/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://x/relationships/worksheet" Target="worksheets/sheet2.xml"/></Relationships>"#;
const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="31"/><xf numFmtId="46"/></cellXfs></styleSheet>"#;

/// A workbook, part by part.
struct Book {
    workbook: String,
    shared: Option<Vec<u8>>,
    sheets: Vec<Vec<u8>>,
}

impl Book {
    fn of(rows: &str) -> Self {
        Self::with_sheets(&[("表", "visible", rows)])
    }

    fn with_sheets(sheets: &[(&str, &str, &str)]) -> Self {
        let listed = sheets.iter().enumerate().map(|(at, (name, state, _))| {
            format!(r#"<sheet name="{name}" sheetId="{0}" state="{state}" r:id="rId{0}"/>"#, at + 1)
        });
        let workbook =
            format!("<workbook><sheets>{}</sheets></workbook>", listed.collect::<String>());
        let part = |rows: &str| format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
        let sheets = sheets.iter().map(|(_, _, rows)| part(rows).into_bytes()).collect();
        Self { workbook, shared: None, sheets }
    }

    fn shared(mut self, xml: impl Into<Vec<u8>>) -> Self {
        self.shared = Some(xml.into());
        self
    }

    fn counting_from_1904(mut self) -> Self {
        self.workbook = self.workbook.replace("<sheets>", r#"<workbookPr date1904="1"/><sheets>"#);
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let names: Vec<_> =
            (1..=self.sheets.len()).map(|at| format!("xl/worksheets/sheet{at}.xml")).collect();
        let mut parts: Vec<(&str, &[u8])> = vec![
            ("[Content_Types].xml", TYPES.as_bytes()),
            ("_rels/.rels", PACKAGE.as_bytes()),
            ("xl/workbook.xml", self.workbook.as_bytes()),
            ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
            ("xl/styles.xml", STYLES.as_bytes()),
        ];
        parts.extend(self.shared.iter().map(|xml| ("xl/sharedStrings.xml", xml.as_slice())));
        parts.extend(names.iter().map(String::as_str).zip(self.sheets.iter().map(Vec::as_slice)));
        package(&parts)
    }

    fn read(&self) -> Reading {
        read(&self.bytes(), &options())
    }
}

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn options() -> ReadOptions {
    let mut options = ReadOptions {
        reader: Some(PathBuf::from(env!("CARGO_BIN_EXE_taizhang"))),
        ..ReadOptions::default()
    };
    options.limits.unpacked_bytes = 8 << 20;
    options.limits.ratio_from_bytes = 4 << 20;
    options.limits.columns = 120;
    options.limits.rows = 5_000;
    options.limits.child_memory_bytes = 256 << 20;
    options
}

/// The rows read, and the fault that ended reading, if one did.
type Reading = (Vec<Row>, Option<SheetFault>);

fn opened(bytes: &[u8], options: &ReadOptions) -> Result<Table, SheetFault> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    open(file.path(), options)
}

fn read(bytes: &[u8], options: &ReadOptions) -> Reading {
    match opened(bytes, options) {
        Ok(table) => drain(table),
        Err(fault) => (Vec::new(), Some(fault)),
    }
}

fn drain(table: Table) -> Reading {
    let mut rows = Vec::new();
    for row in table {
        match row {
            Ok(row) => rows.push(row),
            Err(fault) => return (rows, Some(fault)),
        }
    }
    (rows, None)
}

fn code((_, fault): Reading) -> &'static str {
    fault.map_or("", |fault| fault.code)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn number(text: &str) -> Cell {
    Cell::Number(text.to_owned())
}

#[test]
fn an_ordinary_workbook_is_read_as_it_stands() {
    let book = Book::of(concat!(
        r#"<row r="2"><c r="B2" t="s"><v>1</v></c><c r="A2" t="s"><v>0</v></c></row>"#,
        r#"<row r="3"><c r="A3" t="inlineStr"><is><t>张三</t></is></c><c r="B3"><v>1234.5600000000001</v></c>"#,
        r#"<c r="C3" s="1"><v>44197</v></c><c r="D3" s="2"><v>44197.5</v></c><c r="E3" s="3"><v>44197</v></c>"#,
        r#"<c r="F3" s="4"><v>1.5</v></c><c r="G3" t="b"><v>1</v></c><c r="H3" t="e"><v>#REF!</v></c>"#,
        r#"<c r="I3"><v>440106199001011234</v></c><c r="J3"><f>SUM(B3)</f></c><c r="K3"><f>1+1</f><v>2</v></c>"#,
        r#"<c r="L3" t="str"><f>""</f><v></v></c></row>"#,
        r#"<row r="900"><c r="A900" s="1"/><c r="XFD900" s="1"/></row>"#,
    ))
    .shared("<sst><si><t>姓名</t></si><si><r><t>金</t></r><r><t>额</t></r></si></sst>");
    let (rows, fault) = book.read();
    assert_eq!(fault, None);
    let date = |text: &str| Cell::Date(text.to_owned());
    let damaged = |found: &str, why| Cell::Damaged { found: found.to_owned(), why };
    let third = vec![
        text("张三"),
        number("1234.56"),
        date("2021-01-01"),
        date("2021-01-01T12:00:00"),
        date("2021-01-01"),
        Cell::Time("36:00:00".to_owned()),
        Cell::Truth(true),
        damaged("#REF!", Damage::ErrorValue),
        damaged("440106199001011000", Damage::LostDigits),
        damaged("=SUM(B3)", Damage::NotCalculated),
        number("2"),
    ];
    let second = Row { number: 2, cells: vec![text("姓名"), text("金额")] };
    assert_eq!(rows, [second, Row { number: 3, cells: third }]);
}

#[test]
fn the_source_says_what_was_read() {
    let book = Book::with_sheets(&[
        ("藏", "hidden", r"<row><c><v>1</v></c></row>"),
        ("明", "visible", r"<row><c><v>2</v></c></row>"),
    ]);
    let table = opened(&book.bytes(), &options()).unwrap();
    assert_eq!(table.source.format, Format::Xlsx);
    assert_eq!(table.source.sheet.as_deref(), Some("明"));
    assert_eq!(table.source.sheets, ["藏", "明"]);
    assert_eq!(table.source.sha256.len(), 64);
    assert_eq!(drain(table).0, [Row { number: 1, cells: vec![number("2")] }]);

    let hidden = ReadOptions { sheet: Some("藏".to_owned()), ..options() };
    assert_eq!(read(&book.bytes(), &hidden).0[0].cells, [number("1")]);
    let missing = ReadOptions { sheet: Some("无".to_owned()), ..options() };
    let fault = read(&book.bytes(), &missing).1.unwrap();
    assert_eq!(fault.code, "sheet.unknown_sheet");
    assert!(fault.sentence.zh.contains("藏、明"));
    let none = Book::with_sheets(&[("藏", "hidden", "")]);
    assert_eq!(code(none.read()), "sheet.no_sheet");
}

#[test]
fn days_of_a_1904_workbook_are_moved() {
    let book = Book::of(r#"<row><c s="1"><v>42735</v></c></row>"#).counting_from_1904();
    assert_eq!(book.read().0[0].cells, [Cell::Date("2021-01-01".to_owned())]);
}

#[test]
fn rows_above_the_header_are_left_out() {
    let book = Book::of(r"<row><c><v>1</v></c></row><row/><row><c><v>3</v></c></row>");
    let below = ReadOptions { header_row: Some(2), ..options() };
    assert_eq!(read(&book.bytes(), &below).0, [Row { number: 3, cells: vec![number("3")] }]);
}

#[test]
fn far_apart_cells_cost_nothing() {
    let tall = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="CV1048576"><v>2</v></c></row>"#;
    let (rows, fault) = Book::of(tall).read();
    assert_eq!((rows.len(), rows[1].number, rows[1].cells.len()), (2, 1_048_576, 100));
    assert_eq!(fault, None);
    let corners = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#;
    let (_, fault) = Book::of(corners).read();
    let fault = fault.unwrap();
    assert_eq!(fault.code, "sheet.too_many_columns");
    assert_eq!(fault.place.unwrap().address().as_deref(), Some("XFD1048576"));
    assert!(fault.sentence.en.contains("XFD1048576"));
}

#[test]
fn hostile_workbooks_are_refused_by_name() {
    let cell = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#;
    let bomb =
        |middle: Vec<u8>| [b"<sst><si><t>".to_vec(), middle, b"</t></si></sst>".to_vec()].concat();
    let many = "<row><c><v>1</v></c></row>".repeat(5_001);
    let wide = r#"abcdefg="1" "#.repeat(100_000);
    let doctype = |declared: &str| {
        let mut book = Book::of("");
        book.sheets[0] =
            format!("<!DOCTYPE x [{declared}]><worksheet><sheetData/></worksheet>").into();
        book
    };
    for (book, expected) in [
        (Book::of(cell).shared(bomb(vec![b'A'; 9 << 20])), "sheet.unpacks_too_large"),
        (Book::of(cell).shared(bomb(vec![b'A'; 5 << 20])), "sheet.unpacks_too_large"),
        (
            Book::of(cell).shared(r#"<sst uniqueCount="20000000"><si><t>a</t></si></sst>"#),
            "sheet.out_of_memory",
        ),
        (Book::of(cell).shared("<sst/>"), "sheet.broken_workbook"),
        (Book::of(&cell.replace("<v>0", "<v>999999999")).shared("<sst/>"), "sheet.broken_workbook"),
        (Book::of(&many), "sheet.too_many_rows"),
        (doctype(r#"<!ENTITY e SYSTEM "file:///etc/passwd">"#), "sheet.doctype"),
        (doctype(r#"<!ENTITY a "aa"><!ENTITY b "&a;&a;">"#), "sheet.doctype"),
        (Book::of(&format!("<row><c {wide}/></row>")), "sheet.broken_markup"),
        (Book::of(&format!("{}{}", "<r>".repeat(300), "</r>".repeat(300))), "sheet.broken_markup"),
        (Book::of(r#"<row><c r="ZZZZZZZZZ99999999999"><v>1</v></c></row>"#), "sheet.outside_grid"),
        (Book::of(r#"<row r="4294967295"><c><v>1</v></c></row>"#), "sheet.outside_grid"),
        (Book::of(r#"<row r="1048576"/><row><c><v>1</v></c></row>"#), "sheet.outside_grid"),
        (Book::of(r#"<c r="B2"><v>1</v></c><c r="B1"><v>1</v></c>"#), "sheet.out_of_order"),
        (Book::of(r#"<c r="B2"><v>1</v></c><c r="B2"><v>1</v></c>"#), "sheet.duplicate_cell"),
        (Book::of(r#"<row><c t="e"><v>#SPILL!</v></c></row>"#), "sheet.unknown_error_value"),
        (
            Book::with_sheets(&[("表", "visible", ""), ("表", "visible", "")]),
            "sheet.broken_workbook",
        ),
    ] {
        assert_eq!(code(book.read()), expected);
    }
}

#[test]
fn what_is_no_workbook_is_refused_by_name() {
    let good = Book::of("").bytes();
    let doubled = package(&[("[Content_Types].xml", b"<x/>"), ("a", b""), ("A", b"")]);
    let lied = {
        let mut bytes = good.clone();
        let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06").unwrap();
        bytes[end + 10] += 1;
        bytes
    };
    let twice = {
        let mut bytes =
            package(&[("[Content_Types].xml", b"<x/>"), ("part1", b""), ("part2", b"")]);
        while let Some(at) = bytes.windows(5).position(|window| window == b"part2") {
            bytes[at + 4] = b'1';
        }
        bytes
    };
    let crowded: Vec<_> = (0..201).map(|at| format!("p{at}")).collect();
    let crowded: Vec<(&str, &[u8])> =
        crowded.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let cases: [(&[u8], &str); 11] = [
        (b"", "sheet.empty_file"),
        (&[b"PK\x03\x04".as_slice(), &[0; 100]].concat(), "sheet.broken_container"),
        (&good[..good.len() / 2], "sheet.broken_container"),
        (b"<html><table></table></html>", "sheet.web_page"),
        (&doubled, "sheet.duplicate_part"),
        (&twice, "sheet.duplicate_part"),
        (&lied, "sheet.broken_container"),
        (&package(&crowded), "sheet.too_many_parts"),
        (&package(&[("a.txt", b"a")]), "sheet.archive"),
        (
            &package(&[("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")]),
            "sheet.not_a_workbook",
        ),
        (
            &package(&[("mimetype", b"application/vnd.oasis.opendocument.text")]),
            "sheet.not_a_workbook",
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(code(read(bytes, &options())), expected);
    }
    let mut small = options();
    small.limits.upload_bytes = 10;
    assert_eq!(code(read(&good, &small)), "sheet.file_too_large");
}

#[test]
fn limits_hold_at_the_limit_and_break_one_past_it() {
    let rows = |count: usize| Book::of(&"<row><c><v>1</v></c></row>".repeat(count));
    assert_eq!(code(rows(5_000).read()), "");
    assert_eq!(code(rows(5_001).read()), "sheet.too_many_rows");
    let column = |letters: &str| Book::of(&format!(r#"<c r="{letters}1"><v>1</v></c>"#));
    assert_eq!(code(column("DP").read()), "");
    assert_eq!(code(column("DQ").read()), "sheet.too_many_columns");
    let long = |length: usize| {
        Book::of(&format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", "县".repeat(length)))
    };
    assert_eq!(code(long(32_767).read()), "");
    assert_eq!(code(long(32_768).read()), "sheet.cell_too_long");
}

#[test]
fn text_tables_are_told_by_content() {
    let table = "编码,名称\r\n=\"360824000000\",新干县\r\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(table);
    let table = opened(&bytes, &options()).unwrap();
    assert_eq!(table.source.format, Format::Csv);
    assert_eq!(table.source.encoding, Some(Encoding::Gb18030));
    let (rows, fault) = drain(table);
    assert_eq!(rows[1], Row { number: 2, cells: vec![text("360824000000"), text("新干县")] });
    assert_eq!(fault, None);
    let wrong = ReadOptions { encoding: Some(Encoding::Utf8), ..options() };
    let fault = read(&bytes, &wrong).1.unwrap();
    assert_eq!((fault.code, fault.place.unwrap().row), ("sheet.undecodable", Some(1)));
}

/// The limits of this process's children, as the kernel lists them.
fn limits_of_children() -> Vec<String> {
    let tasks = fs::read_dir("/proc/self/task").unwrap().flatten();
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let children: Vec<_> = lists
        .flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    children
        .iter()
        .filter_map(|child| fs::read_to_string(format!("/proc/{child}/limits")).ok())
        .map(|limits| limits.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn the_child_limits_itself() {
    // More rows than fit in the pipe, so that the child is still there when its limits are read.
    let row = format!("<row><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", "x".repeat(600));
    let mut options = options();
    options.limits.child_cpu_seconds = 13;
    let table = opened(&Book::of(&row.repeat(5_000)).bytes(), &options).unwrap();
    let limits = limits_of_children();
    let limits = limits.iter().find(|limits| limits.contains("Max cpu time 13 14 seconds"));
    let limits = limits.expect("no child has the processor limit asked for");
    for expected in [
        "Max address space 268435456 268435456 bytes",
        "Max core file size 0 0 bytes",
        "Max file size 0 0 bytes",
    ] {
        assert!(limits.contains(expected), "{expected} in {limits}");
    }
    assert_eq!(drain(table).0.len(), 5_000);
}
