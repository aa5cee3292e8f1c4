//! A PDF looked through for what it would do when it is opened, or carries besides its pages.
//!
//! Names are read as readers of PDF read them (`/J#61vaScript`), and compressed objects are
//! unpacked; what is drawn on the pages is not looked at.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::wire::Fault;

/// Names of what runs, starts something or carries a file. All are long: shorter ones stand in any
/// photograph by chance.
const ACTIVE: &[&[u8]] = &[
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"SubmitForm",
    b"ImportData",
    b"GoToE",
];
/// A form that is a program; its name is so short that what follows it is looked at too.
const FORM: &[u8] = b"XFA";
/// Beginnings of web code; none stands in a PDF that is nothing else.
const WEB: &[&[u8]] = &[b"<script", b"<html", b"<!doctype html", b"<iframe"];
/// Bytes that the compressed objects of a file may unpack to.
const UNPACKED: u64 = 64 << 20;
/// Bytes at the end among which the mark of the end stands.
const TAIL: usize = 1024;

/// Refuses a PDF that is more than pages.
pub(super) fn look(bytes: &[u8]) -> Result<(), Fault> {
    look_within(bytes, UNPACKED)
}

/// The same, with so much room for what is unpacked.
fn look_within(bytes: &[u8], room: u64) -> Result<(), Fault> {
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    if find(tail, b"%%EOF").is_none() {
        return Err(Fault::Broken);
    }
    if bytes.iter().enumerate().any(|(at, byte)| *byte == b'<' && is_web(&bytes[at..])) {
        return Err(Fault::PdfActive);
    }
    let mut room = room;
    for at in names(bytes)? {
        let objects = unpacked(bytes, at, room)?;
        room -= objects.len() as u64;
        names(&objects)?;
    }
    Ok(())
}

/// The packed objects whose kind is named at a place.
fn unpacked(bytes: &[u8], at: usize, room: u64) -> Result<Vec<u8>, Fault> {
    let begin = find(&bytes[at..], b"stream").ok_or(Fault::Broken)? + at;
    let outset = bytes[..at].windows(3).rposition(|window| window == b"obj").unwrap_or(0);
    let told = &bytes[outset..begin];
    let packed = bytes[begin + b"stream".len()..].trim_ascii_start();
    let mut objects = Vec::new();
    let mut unpacking = ZlibDecoder::new(packed).take(room + 1);
    // an end that is missing hides nothing that was read
    drop(unpacking.read_to_end(&mut objects));
    if objects.len() as u64 > room {
        return Err(Fault::TooDemanding);
    }
    // what is packed in another way, or twice, or turned about before, cannot be looked into
    let is_packed_once = find(told, b"/FlateDecode").is_some()
        && told.windows(b"Decode".len()).filter(|window| window == b"Decode").count() == 1;
    if objects.is_empty() || !is_packed_once || find(told, b"Predictor").is_some() {
        return Err(Fault::Broken);
    }
    Ok(objects)
}

/// Refuses names of what runs, and encryption, which would hide them. Answers where packed objects
/// are named.
fn names(bytes: &[u8]) -> Result<Vec<usize>, Fault> {
    let mut packed = Vec::new();
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
        let (name, rest) = name(&bytes[at + 1..]);
        let is_form = name == FORM && rest.first().is_some_and(|one| b" \t\r\n[".contains(one));
        if is_form || ACTIVE.contains(&&*name) {
            return Err(Fault::PdfActive);
        }
        match &*name {
            b"Encrypt" => return Err(Fault::Encrypted),
            b"ObjStm" => packed.push(at),
            _ => {}
        }
    }
    Ok(packed)
}

/// The name that begins here and what follows it; longer ones than are looked for are cut.
fn name(bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    const LONGEST: usize = 16;
    let mut name = Vec::new();
    let mut rest = bytes;
    while let [first, others @ ..] = rest {
        let is_part = first.is_ascii_alphanumeric() || matches!(first, b'#' | b'_' | b'-' | b'.');
        if !is_part || name.len() > LONGEST {
            break;
        }
        let escaped = (*first == b'#').then(|| others.get(..2)).flatten();
        let escaped = escaped.and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            name.push(byte);
            rest = &others[2..];
        } else {
            name.push(*first);
            rest = others;
        }
    }
    (name, rest)
}

fn is_web(bytes: &[u8]) -> bool {
    let starts = |mark: &&[u8]| {
        bytes.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark))
    };
    WEB.iter().any(starts)
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::ZlibEncoder};

    use super::*;

    fn pdf(objects: &str) -> Vec<u8> {
        format!("%PDF-1.7\n1 0 obj\n{objects}\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
            .into_bytes()
    }

    #[test]
    fn a_pdf_of_pages_is_taken() {
        assert_eq!(look(&pdf("<</Type/Catalog/Pages 2 0 R/JSX 1/Launched true>>")), Ok(()));
        assert_eq!(look(b"%PDF-1.7\n1 0 obj"), Err(Fault::Broken));
    }

    #[test]
    fn what_runs_or_hides_is_found_under_any_spelling() {
        for (objects, expected) in [
            ("<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>", Fault::PdfActive),
            ("<</S /J#61vaScript>>", Fault::PdfActive),
            ("<</S/#4aava#53cript>>", Fault::PdfActive),
            ("<</S/Launch/F(cmd.exe)>>", Fault::PdfActive),
            ("<</Names<</EmbeddedFiles 3 0 R>>>>", Fault::PdfActive),
            ("<</AcroForm<</XFA 3 0 R>>>>", Fault::PdfActive),
            ("% <ScRiPt>alert(1)</script>", Fault::PdfActive),
            ("<</Encrypt 9 0 R>>", Fault::Encrypted),
        ] {
            assert_eq!(look(&pdf(objects)), Err(expected), "{objects}");
        }
    }

    /// A PDF whose objects are packed.
    fn packed(objects: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(objects).expect("packed");
        let stream = encoder.finish().expect("packed");
        let mut bytes = b"%PDF-1.7\n5 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\r\n".to_vec();
        bytes.extend(stream);
        bytes.extend(b"\nendstream endobj\n%%EOF\n");
        bytes
    }

    #[test]
    fn packed_objects_are_unpacked_within_bounds() {
        assert_eq!(look(&packed(b"<</Type/Catalog>>")), Ok(()));
        assert_eq!(look(&packed(b"<</S/JavaScript>>")), Err(Fault::PdfActive));
        let bomb = vec![b' '; 1_001];
        assert_eq!(look_within(&packed(&bomb), 1_000), Err(Fault::TooDemanding));
        assert_eq!(look_within(&packed(&bomb[1..]), 1_000), Ok(()));
        let turned = b"5 0 obj<</Predictor 12/Type/Obj#53tm>>stream\nx\n%%EOF";
        let other = b"5 0 obj<</Filter/LZWDecode/Type/ObjStm>>stream\nx\n%%EOF";
        assert_eq!((look(turned), look(other)), (Err(Fault::Broken), Err(Fault::Broken)));
        assert_eq!(look(&packed(&bomb[1..])), Ok(()));
    }

    #[test]
    fn what_is_packed_twice_or_behind_a_decoy_is_not_taken() {
        let told = |bytes: &[u8], from: &str, to: &str| {
            let at = find(bytes, from.as_bytes()).expect("the place");
            [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
        };
        let hex = packed(b"3C3C2F532F4A6176615363726970743E3E>");
        let twice = told(&hex, "/FlateDecode", "[/FlateDecode/ASCIIHexDecode]");
        assert_eq!(look(&twice), Err(Fault::Broken));
        let hidden = packed(b"<</S/JavaScript>>");
        let decoy = told(&hidden, "/Filter", "/X(stream\n)/Filter");
        assert_eq!(look(&decoy), Err(Fault::Broken));
        assert_eq!(look(&packed(b"")), Err(Fault::Broken), "nothing came out");
    }
}
