//! Workbooks made to do harm: bombs, nests, entities, places that do not exist.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{Order, board::Board, nasty, sheets};

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const PACKAGE: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
const SPACE: &str = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main""#;

/// Those that may be read; all others are refused.
pub(crate) const READABLE: &[&str] = &["ok.xlsx", "mid.xlsx"];

pub(crate) fn run(_: &Order, board: &mut Board) {
    let folder = tempfile::tempdir().unwrap();
    let files = make(folder.path());
    sheets::hostile(&files, board);
    nasty::tried(&files, board);
}

/// A part of a container as text, then a text repeated, then text again.
struct Part {
    head: String,
    unit: String,
    times: usize,
    tail: String,
}

impl Part {
    fn of(text: String) -> Part {
        Part { head: text, unit: String::new(), times: 0, tail: String::new() }
    }

    /// A worksheet around a repeated text.
    fn sheet(head: &str, unit: String, times: usize, tail: &str) -> Part {
        Part {
            head: format!("<?xml version=\"1.0\"?><worksheet {SPACE}><sheetData>{head}"),
            unit,
            times,
            tail: format!("{tail}</sheetData></worksheet>"),
        }
    }

    fn rows(rows: &str) -> Part {
        Part::sheet(rows, String::new(), 0, "")
    }

    /// A worksheet with a document type before it, and one cell of text.
    fn typed(entities: &str, text: &str) -> Part {
        let cell = inline(text);
        Part::of(format!(
            "<?xml version=\"1.0\"?><!DOCTYPE x [{entities}]><worksheet {SPACE}><sheetData>{cell}</sheetData></worksheet>"
        ))
    }
}

fn inline(text: &str) -> String {
    format!(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>"#)
}

fn pack(folder: &Path, name: &str, sheet: &Part, strings: Option<&Part>) {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1))
        .large_file(true);
    let mut container = ZipWriter::new(File::create(folder.join(name)).unwrap());
    let mut add = |name: &str, part: &Part| {
        container.start_file(name, options).unwrap();
        container.write_all(part.head.as_bytes()).unwrap();
        for _ in 0..part.times {
            container.write_all(part.unit.as_bytes()).unwrap();
        }
        container.write_all(part.tail.as_bytes()).unwrap();
    };
    for (name, text) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
    ] {
        add(name, &Part::of(text.to_owned()));
    }
    if let Some(strings) = strings {
        add("xl/sharedStrings.xml", strings);
    }
    add("xl/worksheets/sheet1.xml", sheet);
    container.finish().unwrap();
}

/// Shared texts: what stands before the first, the first repeated, what closes them.
fn strings(attributes: &str, unit: String, times: usize) -> Part {
    Part {
        head: format!("<?xml version=\"1.0\"?><sst {SPACE} {attributes}><si><t>"),
        unit,
        times,
        tail: "</t></si></sst>".to_owned(),
    }
}

/// Makes every file, and answers where they are.
fn make(folder: &Path) -> Vec<PathBuf> {
    let plain = || {
        Part::rows(
            r#"<row r="1"><c r="A1" t="inlineStr"><is><t>张三</t></is></c><c r="B1"><v>1</v></c></row>"#,
        )
    };
    for (name, sheet) in
        [("ok.xlsx", plain())].into_iter().chain(far_away()).chain(entities()).chain(bombs())
    {
        pack(folder, name, &sheet, None);
    }
    let bomb = strings("", "A".repeat(1 << 20), 300);
    pack(folder, "ssbomb.xlsx", &plain(), Some(&bomb));
    let absent = Part::rows(r#"<row r="1"><c r="A1" t="s"><v>999999999</v></c></row>"#);
    let claim = strings(r#"count="4000000000" uniqueCount="4000000000""#, "a".to_owned(), 1);
    pack(folder, "ssidx.xlsx", &absent, Some(&claim));
    let whole = fs::read(folder.join("ok.xlsx")).unwrap();
    for (name, bytes) in [
        ("empty.xlsx", Vec::new()),
        ("pk.xlsx", [b"PK\x03\x04".as_slice(), &[0; 100]].concat()),
        ("html.xlsx", b"<html><table></table></html>".to_vec()),
        ("trunc.xlsx", whole[..whole.len() / 2].to_vec()),
    ] {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// Cells where no sheet has room, or so far apart that the space between must not be kept.
fn far_away() -> [(&'static str, Part); 4] {
    let corners = Part::of(format!(
        r#"<?xml version="1.0"?><worksheet {SPACE}><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>"#
    ));
    [
        ("corners.xlsx", corners),
        (
            "mid.xlsx",
            Part::rows(
                r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="CV1048576"><v>2</v></c></row>"#,
            ),
        ),
        ("ref.xlsx", Part::rows(r#"<row r="1"><c r="ZZZZZZZZZ99999999999"><v>1</v></c></row>"#)),
        (
            "merge.xlsx",
            Part::rows(
                r#"<row r="4294967295"><c r="A4294967295"><v>1</v></c><c><v>5</v></c></row>"#,
            ),
        ),
    ]
}

fn entities() -> [(&'static str, Part); 2] {
    let ten = "&a;".repeat(10);
    let laughs = format!(r#"<!ENTITY a "aaaaaaaaaa"><!ENTITY b "{ten}">"#);
    [
        ("xxe.xlsx", Part::typed(r#"<!ENTITY e SYSTEM "file:///etc/passwd">"#, "&e;")),
        ("lol.xlsx", Part::typed(&laughs, "&b;")),
    ]
}

/// Little on the disk, much once unpacked.
fn bombs() -> [(&'static str, Part); 3] {
    let row = "<row><c><v>1</v></c><c><v>1</v></c></row>";
    let attributes: String = (0..1_000).map(|at| format!("a{at}=\"1\" ")).collect();
    let deep = Part {
        head: format!(
            r#"<?xml version="1.0"?><worksheet {SPACE}><sheetData><row r="1"><c r="A1" t="inlineStr"><is>{}"#,
            "<r>".repeat(2_000_000)
        ),
        unit: "</r>".to_owned(),
        times: 2_000_000,
        tail: "</is></c></row></sheetData></worksheet>".to_owned(),
    };
    [
        ("rowbomb.xlsx", Part::sheet("", row.repeat(25_000), 300, "")),
        (
            "attrs.xlsx",
            Part::sheet(r#"<row r="1"><c r="A1" "#, attributes, 300, "><v>1</v></c></row>"),
        ),
        ("deep.xlsx", deep),
    ]
}
