//! A look at a part's XML first: only what the workbook reader reads faithfully passes.

use super::fault::{self, SheetFault};
use super::limits::{GRID_COLUMNS, GRID_ROWS};

/// Elements inside elements; workbooks need fewer than thirty.
const DEEPEST: usize = 256;

/// Bytes of one tag; only lists of ranges come near.
const LONGEST_TAG: usize = 1 << 20;

/// Bytes of a tag that are looked at; cell and row tags are far shorter.
const KEPT_OF_TAG: usize = 4 << 10;

/// Where in the markup the look stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Text,
    /// Inside `<…>`; the quote that is open, if any.
    Tag(Option<u8>),
    /// Inside a comment, CDATA section or instruction, until these bytes.
    Until(&'static [u8]),
}

/// What the text of a `<v>` element may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    /// A place in the table of shared texts.
    Index,
    /// Written out, no entities.
    Plain,
    /// Any text.
    Free,
}

/// The look itself, fed with a part's bytes in order.
pub(super) struct Markup {
    state: State,
    tag: Vec<u8>,
    tag_length: usize,
    last: u8,
    ending: usize,
    open: Vec<u32>,
    seen_root: bool,
    in_worksheet: bool,
    in_open_document: bool,
    cell_value: Value,
    value: Option<Value>,
}

impl Markup {
    /// A look at one part; `open_document` for the parts of an `OpenDocument` file.
    pub(super) fn new(open_document: bool) -> Self {
        Self {
            state: State::Text,
            tag: Vec::with_capacity(KEPT_OF_TAG),
            tag_length: 0,
            last: 0,
            ending: 0,
            open: Vec::new(),
            seen_root: false,
            in_worksheet: false,
            in_open_document: open_document,
            cell_value: Value::Plain,
            value: None,
        }
    }

    /// Whether a part that begins with `bytes` is XML, in an encoding this look understands.
    pub(super) fn is_xml(bytes: &[u8]) -> Result<bool, SheetFault> {
        if matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'<', 0, ..] | [0, b'<', ..]) {
            return Err(fault::broken_markup());
        }
        let unmarked = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        Ok(unmarked.trim_ascii_start().starts_with(b"<"))
    }

    /// Takes in the next bytes of the part.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), SheetFault> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let used = match self.state {
                State::Text => self.text(rest)?,
                State::Tag(quote) => self.tag(rest, quote)?,
                State::Until(ending) => self.until(rest, ending),
            };
            rest = &rest[used..];
        }
        Ok(())
    }

    /// Nothing may be left open at the end of the part.
    pub(super) fn finish(&self) -> Result<(), SheetFault> {
        let complete = self.state == State::Text && self.open.is_empty() && self.seen_root;
        if complete { Ok(()) } else { Err(fault::broken_markup()) }
    }

    fn text(&mut self, bytes: &[u8]) -> Result<usize, SheetFault> {
        let end = bytes.iter().position(|byte| *byte == b'<');
        let text = &bytes[..end.unwrap_or(bytes.len())];
        let faithful = match self.value {
            Some(Value::Index) => text.iter().all(u8::is_ascii_digit),
            Some(Value::Plain) => !text.contains(&b'&'),
            Some(Value::Free) | None => true,
        };
        if !faithful {
            return Err(fault::strange_cell());
        }
        if end.is_none() {
            return Ok(bytes.len());
        }
        self.state = State::Tag(None);
        self.tag.clear();
        self.tag_length = 0;
        Ok(text.len() + 1)
    }

    fn tag(&mut self, bytes: &[u8], quote: Option<u8>) -> Result<usize, SheetFault> {
        if let Some(b'!' | b'?') = self.tag.first().or(bytes.first()) {
            self.keep(&bytes[..1])?;
            self.special()?;
            return Ok(1);
        }
        let stops = |byte: &u8| match quote {
            Some(open) => *byte == open,
            None => matches!(byte, b'>' | b'"' | b'\''),
        };
        let Some(end) = bytes.iter().position(stops) else {
            self.keep(bytes)?;
            return Ok(bytes.len());
        };
        if quote.is_none() && bytes[end] == b'>' {
            self.keep(&bytes[..end])?;
            self.state = State::Text;
            self.whole_tag()?;
        } else {
            self.keep(&bytes[..=end])?;
            self.state = State::Tag(if quote.is_none() { Some(bytes[end]) } else { None });
        }
        Ok(end + 1)
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), SheetFault> {
        self.tag_length += bytes.len();
        if self.tag_length > LONGEST_TAG {
            return Err(fault::broken_markup());
        }
        let room = KEPT_OF_TAG - self.tag.len();
        self.tag.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.last = bytes.last().copied().unwrap_or(self.last);
        Ok(())
    }

    /// What has been read of the tag may turn out to open a comment, CDATA or instruction.
    fn special(&mut self) -> Result<(), SheetFault> {
        let ending: &[u8] = match self.tag.as_slice() {
            b"?" => b"?>",
            b"!--" => b"-->",
            b"![CDATA[" => b"]]>",
            partial if b"!--".starts_with(partial) || b"![CDATA[".starts_with(partial) => {
                return Ok(());
            }
            _ => return Err(fault::doctype()),
        };
        let is_cdata = ending == b"]]>";
        if self.value.is_some() || (is_cdata && self.in_open_document) {
            return Err(fault::strange_cell());
        }
        self.state = State::Until(ending);
        self.ending = 0;
        Ok(())
    }

    fn until(&mut self, bytes: &[u8], ending: &'static [u8]) -> usize {
        for (index, &byte) in bytes.iter().enumerate() {
            self.ending = match self.ending {
                matched if ending[matched] == byte => matched + 1,
                // `]]]>` and `--->`: the repeated first byte keeps its place.
                matched if matched + 1 == ending.len() && ending[matched - 1] == byte => matched,
                _ => usize::from(ending[0] == byte),
            };
            if self.ending == ending.len() {
                self.state = State::Text;
                return index + 1;
            }
        }
        bytes.len()
    }

    fn whole_tag(&mut self) -> Result<(), SheetFault> {
        let tag = std::mem::take(&mut self.tag);
        let result = match tag.split_first() {
            Some((b'/', name)) => self.close(name),
            _ => self.start(&tag),
        };
        self.tag = tag;
        result
    }

    fn start(&mut self, tag: &[u8]) -> Result<(), SheetFault> {
        let end = tag.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'/');
        let (name, attributes) = tag.split_at(end.unwrap_or(tag.len()));
        let empty = self.last == b'/';
        if name.is_empty() || self.open.len() == DEEPEST || self.value.is_some() {
            return Err(if self.value.is_some() {
                fault::strange_cell()
            } else {
                fault::broken_markup()
            });
        }
        let local = local_name(name);
        if !self.seen_root {
            self.in_worksheet = local == b"worksheet";
            self.seen_root = true;
        }
        if self.in_worksheet {
            self.worksheet_element(local, attributes)?;
        }
        if empty {
            self.value = None;
        } else {
            self.open.push(fingerprint(name));
        }
        Ok(())
    }

    fn close(&mut self, name: &[u8]) -> Result<(), SheetFault> {
        self.value = None;
        let matches = self.open.pop() == Some(fingerprint(name.trim_ascii_end()));
        if matches { Ok(()) } else { Err(fault::broken_markup()) }
    }

    fn worksheet_element(&mut self, local: &[u8], attributes: &[u8]) -> Result<(), SheetFault> {
        match local {
            b"row" | b"c" if self.tag_length > KEPT_OF_TAG => Err(fault::broken_markup()),
            b"row" => check_references(attributes, |reference| row_number(reference).is_some()),
            b"c" => {
                self.cell_value = value_kind(attributes);
                check_references(attributes, is_inside_grid)
            }
            b"v" => {
                self.value = Some(self.cell_value);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// What a cell's type attribute says of its value.
fn value_kind(attributes: &[u8]) -> Value {
    match (Attributes { rest: attributes }).find(|(name, _)| *name == b"t") {
        Some((_, b"s")) => Value::Index,
        None | Some((_, b"n" | b"b" | b"e")) => Value::Plain,
        Some(_) => Value::Free,
    }
}

fn check_references(attributes: &[u8], good: impl Fn(&[u8]) -> bool) -> Result<(), SheetFault> {
    let mut references = Attributes { rest: attributes }.filter(|(name, _)| *name == b"r");
    match references.find(|(_, reference)| !good(reference)) {
        Some((_, bad)) => Err(fault::outside_grid(&String::from_utf8_lossy(bad))),
        None => Ok(()),
    }
}

/// Whether `reference` is an address such as `C5` in the grid. Longer ones would wrap round to a
/// false place in readers that do not look.
fn is_inside_grid(reference: &[u8]) -> bool {
    let letters = reference.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (letters, digits) = reference.split_at(letters);
    let column = letters.iter().fold(0_u32, |column, letter| {
        column.saturating_mul(26).saturating_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    (1..=GRID_COLUMNS).contains(&column) && row_number(digits).is_some()
}

fn row_number(digits: &[u8]) -> Option<u64> {
    let plain = (1..=7).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    let number = digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit & 0x0F));
    (plain && (1..=GRID_ROWS).contains(&number)).then_some(number)
}

fn local_name(name: &[u8]) -> &[u8] {
    name.rsplit(|byte| *byte == b':').next().unwrap_or(name)
}

/// FNV-1a: enough to notice a closing tag that does not match.
fn fingerprint(name: &[u8]) -> u32 {
    name.iter().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// The attributes of a tag, as written.
struct Attributes<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let equals = self.rest.iter().position(|byte| *byte == b'=')?;
        let name = self.rest[..equals].trim_ascii();
        let after = self.rest[equals + 1..].trim_ascii_start();
        let (quote, after) = after.split_first()?;
        let end = after.iter().position(|byte| byte == quote)?;
        self.rest = &after[end + 1..];
        Some((name, &after[..end]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verdict on a part, fed in pieces of every size.
    fn verdict(part: &str, open_document: bool) -> Result<(), &'static str> {
        let mut verdicts = [1, 2, 3, 7, 64, usize::MAX].map(|size| {
            let mut markup = Markup::new(open_document);
            let mut pieces = part.as_bytes().chunks(size);
            let fed = pieces.try_for_each(|piece| markup.feed(piece));
            fed.and_then(|()| markup.finish()).map_err(|fault| fault.code)
        });
        verdicts.sort();
        assert_eq!(verdicts.first(), verdicts.last(), "{part}");
        verdicts[0]
    }

    fn sheet(rows: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<worksheet xmlns='x'><sheetData>{rows}</sheetData></worksheet>"
        )
    }

    #[test]
    fn ordinary_parts_pass() {
        for rows in [
            "",
            r#"<row r="1" spans="1:2"><c r="A1" t="s"><v>0</v></c><c r="XFD1048576"><v>1.5</v></c></row>"#,
            r#"<row><c t="inlineStr"><is><t><![CDATA[a]]]></t></is></c><c t="str"><v>a&amp;b</v></c></row>"#,
            r#"<!-- a > b -- > --><row r = '7' x=">"/><c r="b2"/><x:c r="C3"><x:v/></x:c>"#,
        ] {
            assert_eq!(verdict(&sheet(rows), false), Ok(()), "{rows}");
        }
        assert_eq!(verdict("<sst><si><t>1 &lt; 2</t></si></sst>", false), Ok(()));
    }

    #[test]
    fn what_would_be_misread_is_refused() {
        for (rows, code) in [
            (r#"<c r="XFE1"/>"#, "sheet.outside_grid"),
            (r#"<c r="A1048577"/>"#, "sheet.outside_grid"),
            (r#"<c r="ZZZZZZZZZ99999999999"/>"#, "sheet.outside_grid"),
            (r#"<row r="4294967295"/>"#, "sheet.outside_grid"),
            (r#"<c t="s"><v> 1</v></c>"#, "sheet.strange_cell"),
            (r#"<c t="s"><v>-1</v></c>"#, "sheet.strange_cell"),
            ("<c><v>1&#50;</v></c>", "sheet.strange_cell"),
            ("<c><v><![CDATA[12]]></v></c>", "sheet.strange_cell"),
            ("<c><v>1<!-- -->2</v></c>", "sheet.strange_cell"),
            ("<c><v><b/>2</v></c>", "sheet.strange_cell"),
            ("<row></c></row>", "sheet.broken_markup"),
            ("<row>", "sheet.broken_markup"),
        ] {
            assert_eq!(verdict(&sheet(rows), false), Err(code), "{rows}");
        }
        let declared = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><worksheet/>";
        assert_eq!(verdict(declared, false), Err("sheet.doctype"));
        assert_eq!(
            verdict("<x><text:p><![CDATA[a]]></text:p></x>", true),
            Err("sheet.strange_cell")
        );
        assert_eq!(verdict("", false), Err("sheet.broken_markup"));
        assert!(Markup::is_xml(b"<\0?\0").is_err());
    }

    #[test]
    fn depth_and_length_of_tags_are_bounded() {
        let nested = |depth: usize| format!("{}{}", "<r>".repeat(depth), "</r>".repeat(depth));
        assert_eq!(verdict(&nested(DEEPEST), false), Ok(()));
        assert_eq!(verdict(&nested(DEEPEST + 1), false), Err("sheet.broken_markup"));
        let wide = |length: usize| format!("<r a=\"{}\"/>", "x".repeat(length));
        assert_eq!(verdict(&wide(2 * KEPT_OF_TAG), false), Ok(()));
        assert_eq!(verdict(&wide(LONGEST_TAG), false), Err("sheet.broken_markup"));
    }
}
