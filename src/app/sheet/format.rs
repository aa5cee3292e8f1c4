//! What kind of file it is, told by its first bytes and never by its name.

use super::encoding::Sample;
use super::fault::{self, SheetFault};
use entity::language::Label;

/// A kind of table that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Delimited text.
    Csv,
    /// Office Open XML workbook, with or without macros.
    Xlsx,
    /// Office Open XML workbook in binary parts.
    Xlsb,
    /// Excel 5 to 2003 workbook.
    Xls,
    /// `OpenDocument` spreadsheet.
    Ods,
}

impl Format {
    /// The name a person knows it by.
    pub fn label(self) -> Label {
        match self {
            Self::Csv => Label { zh: "文本表格（CSV）", en: "text table (CSV)" },
            Self::Xlsx => Label { zh: "Excel 工作簿（xlsx）", en: "Excel workbook (xlsx)" },
            Self::Xlsb => Label {
                zh: "Excel 二进制工作簿（xlsb）",
                en: "Excel binary workbook (xlsb)",
            },
            Self::Xls => {
                Label { zh: "Excel 97-2003 工作簿（xls）", en: "Excel 97-2003 workbook (xls)" }
            }
            Self::Ods => {
                Label { zh: "OpenDocument 表格（ods）", en: "OpenDocument spreadsheet (ods)" }
            }
        }
    }
}

/// What to do with a file, going by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text: read it here.
    Text,
    /// A zip or OLE container: only the child may open it.
    Container,
}

/// A refusal by the first bytes of a file.
type Refusal = fn() -> SheetFault;

/// First bytes that settle what a file is not.
const FOREIGN: &[(&[u8], Refusal)] = &[
    (b"%PDF", fault::pdf),
    (b"\x89PNG", fault::image),
    (b"\xFF\xD8\xFF", fault::image),
    (b"GIF8", fault::image),
    (b"II*\0", fault::image),
    (b"MM\0*", fault::image),
    (b"Rar!\x1A", fault::archive),
    (b"7z\xBC\xAF\x27\x1C", fault::archive),
    (b"\x1F\x8B", fault::archive),
    (b"{\\rtf", fault::not_a_workbook),
    (b"MIME-Version:", fault::web_page),
    (b"\x09\x00\x04\x00", fault::old_excel),
    (b"\x09\x02\x06\x00", fault::old_excel),
    (b"\x09\x04\x06\x00", fault::old_excel),
];

/// How marked-up text begins, in lower case, once white space is skipped.
const MARKUP: &[(&str, Refusal)] = &[
    ("<!doctype html", fault::web_page),
    ("<html", fault::web_page),
    ("<head", fault::web_page),
    ("<meta", fault::web_page),
    ("<style", fault::web_page),
    ("<body", fault::web_page),
    ("<table", fault::web_page),
    ("<div", fault::web_page),
    ("<!--", fault::web_page),
    ("<?xml", fault::xml_file),
    ("<!doctype", fault::xml_file),
    ("<workbook", fault::xml_file),
];

const ZIP: &[&[u8]] = &[b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Tells a file's kind by its beginning, or refuses it by name.
pub(super) fn kind_of(head: Sample<'_>) -> Result<Kind, SheetFault> {
    let bytes = head.bytes;
    if bytes.is_empty() {
        return Err(fault::empty_file());
    }
    if bytes.starts_with(OLE) || ZIP.iter().any(|magic| bytes.starts_with(magic)) {
        return Ok(Kind::Container);
    }
    if let Some((_, refusal)) = FOREIGN.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(refusal());
    }
    if is_image(bytes) {
        return Err(fault::image());
    }
    let opening = opening(bytes);
    if let Some((_, refusal)) = MARKUP.iter().find(|(start, _)| opening.starts_with(start)) {
        return Err(refusal());
    }
    if opening.is_empty() && head.whole {
        return Err(fault::empty_file());
    }
    Ok(Kind::Text)
}

/// Pictures whose first bytes alone could also begin a text.
fn is_image(bytes: &[u8]) -> bool {
    let at = |range: std::ops::Range<usize>| bytes.get(range).unwrap_or_default();
    let bitmap = at(0..2) == b"BM" && at(6..10) == [0; 4];
    let webp = at(0..4) == b"RIFF" && at(8..12) == b"WEBP";
    let heic = at(0..3) == [0; 3] && at(4..8) == b"ftyp";
    bitmap || webp || heic
}

/// The first ASCII characters after marks and white space, in lower case, whatever the encoding.
fn opening(bytes: &[u8]) -> String {
    let marks = |byte: &u8| matches!(byte, 0xEF | 0xBB | 0xBF | 0xFE | 0xFF | 0);
    let characters = bytes.iter().filter(|byte| !marks(byte)).map(|byte| char::from(*byte));
    characters
        .skip_while(char::is_ascii_whitespace)
        .take(16)
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

/// The character that separates cells in a text table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// A tab.
    Tab,
    /// `;`
    Semicolon,
    /// `|`
    Bar,
}

impl std::str::FromStr for Delimiter {
    type Err = ();

    /// By the character itself, or `tab`.
    fn from_str(text: &str) -> Result<Delimiter, ()> {
        let text = if text.eq_ignore_ascii_case("tab") { "\t" } else { text };
        let is_it = |delimiter: &Delimiter| text.chars().eq([delimiter.character()]);
        Delimiter::ALL.into_iter().find(is_it).ok_or(())
    }
}

impl Delimiter {
    /// All, the likelier first.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Tab, Self::Semicolon, Self::Bar];

    /// The character itself.
    pub fn character(self) -> char {
        char::from(self.byte())
    }

    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Tab => b'\t',
            Self::Semicolon => b';',
            Self::Bar => b'|',
        }
    }

    /// The name a person knows it by.
    pub fn label(self) -> Label {
        match self {
            Self::Comma => Label { zh: "逗号", en: "comma" },
            Self::Tab => Label { zh: "制表符", en: "tab" },
            Self::Semicolon => Label { zh: "分号", en: "semicolon" },
            Self::Bar => Label { zh: "竖线", en: "vertical bar" },
        }
    }

    /// The delimiter of a table that begins with `text`: the commonest outside quotes in the row
    /// that starts on line `header_row`, or else in the first row that has any.
    pub fn detect(text: &str, header_row: Option<u64>) -> Self {
        let (mut counts, mut quoted, mut cell_starts) = ([0_usize; 4], false, true);
        let (mut line, mut row) = (1, 1);
        for character in text.chars() {
            let delimiter = Self::ALL.iter().position(|known| known.character() == character);
            match (character, delimiter) {
                ('"', _) if quoted || cell_starts => quoted = !quoted,
                ('\n', _) => {
                    line += 1;
                    if !quoted && header_row.map_or(counts != [0; 4], |wanted| row >= wanted) {
                        break;
                    }
                    if !quoted {
                        (counts, row) = ([0; 4], line);
                    }
                }
                (_, Some(known)) if !quoted => counts[known] += 1,
                _ => {}
            }
            cell_starts = !quoted && (delimiter.is_some() || character == '\n');
        }
        let most = counts.iter().copied().max().unwrap_or(0);
        let commonest = counts.iter().position(|count| *count == most).unwrap_or(0);
        Self::ALL[commonest]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8]) -> Result<Kind, &'static str> {
        kind_of(Sample { bytes, whole: true }).map_err(|fault| fault.code)
    }

    #[test]
    fn what_is_no_table_is_refused_by_its_own_name() {
        for (bytes, code) in [
            (&b""[..], "sheet.empty_file"),
            (b"\xEF\xBB\xBF \r\n", "sheet.empty_file"),
            (b"%PDF-1.7", "sheet.pdf"),
            (b"\x89PNG\r\n", "sheet.image"),
            (b"RIFF\x10\0\0\0WEBP", "sheet.image"),
            (b"Rar!\x1A\x07", "sheet.archive"),
            (b"\xEF\xBB\xBF\n <HTML xmlns:o=", "sheet.web_page"),
            (b"\xFF\xFE<\0t\0a\0b\0l\0e\0", "sheet.web_page"),
            (b"<?xml version=", "sheet.xml_file"),
            (b"\x09\x02\x06\0\0\0", "sheet.old_excel"),
        ] {
            assert_eq!(kind(bytes), Err(code), "{bytes:?}");
        }
        assert_eq!(kind(b"PK\x03\x04"), Ok(Kind::Container));
        assert_eq!(kind(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), Ok(Kind::Container));
        assert_eq!(kind("编码,名称\n".as_bytes()), Ok(Kind::Text));
        assert_eq!(kind(b"<5,>6\n"), Ok(Kind::Text));
    }

    #[test]
    fn the_delimiter_is_counted_outside_quotes() {
        for (text, expected) in [
            ("编码,名称\n", Delimiter::Comma),
            ("\"a,b,c\";d\n1;2\n", Delimiter::Semicolon),
            ("\"a\n,,,\";d;e\n", Delimiter::Semicolon),
            ("a\tb,c\td\n", Delimiter::Tab),
            ("某县台账\r\n编码|名称|单位\r\n", Delimiter::Bar),
            ("3\"管,长度;米,数\n", Delimiter::Comma),
            ("一列\n", Delimiter::Comma),
        ] {
            assert_eq!(Delimiter::detect(text, None), expected, "{text}");
        }
        assert_eq!(Delimiter::detect("a,b\nc;d\n", Some(2)), Delimiter::Semicolon);
    }
}
