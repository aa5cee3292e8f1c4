//! Documents in containers: what they are, and that they carry no macros.

use std::io::{Cursor, Read};

use entity::attachment::Media;
use zip::ZipArchive;

use super::wire::Fault;
use crate::app::sheet::{
    SheetFault, SheetLimits,
    ole::has_entry,
    package::{Budget, check_names, declared_parts},
};

/// Parts of a document; a long one has a part a picture, or a page.
const PARTS: usize = 5_000;
/// Bytes unpacked at a time.
const CHUNK: usize = 64 << 10;

/// What a container of parts is.
pub(super) fn package(bytes: &[u8]) -> Result<Media, Fault> {
    let limits = SheetLimits { container_parts: PARTS, ..SheetLimits::default() };
    let size = bytes.len() as u64;
    let parts = declared_parts(&mut Cursor::new(bytes), size).map_err(|one| fault_of(&one))?;
    if parts > limits.container_parts {
        return Err(Fault::TooDemanding);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Broken)?;
    check_names(&archive, parts).map_err(|one| fault_of(&one))?;
    let names: Vec<String> = archive
        .file_names_raw()
        .map(|name| String::from_utf8_lossy(name).to_ascii_lowercase().replace('\\', "/"))
        .collect();
    let media = media_of(&names)?;
    if names.iter().any(|name| is_active(name)) {
        return Err(Fault::Macros);
    }
    let mut budget = Budget::new(size, &limits);
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(|_| Fault::Encrypted)?;
        let is_list = part.name_raw().eq_ignore_ascii_case(TYPES.as_bytes());
        let start = unpack(part, &mut budget)?;
        if is_list && holds(&start, b"macroenabled") {
            return Err(Fault::Macros);
        }
    }
    Ok(media)
}

/// The list of what the parts of a document are.
const TYPES: &str = "[content_types].xml";

fn media_of(names: &[String]) -> Result<Media, Fault> {
    let has = |name: &str| names.iter().any(|known| known == name);
    if has(TYPES) && has("word/document.xml") {
        return Ok(Media::Docx);
    }
    if has(TYPES) && has("xl/workbook.xml") {
        return Ok(Media::Xlsx);
    }
    if has("ofd.xml") {
        return Ok(Media::Ofd);
    }
    Err(Fault::Packed)
}

/// Whether a part is a program: macros, controls, a script.
fn is_active(name: &str) -> bool {
    let end = name.rsplit('/').next().unwrap_or_default();
    end.starts_with("vbaproject")
        || end.starts_with("vbadata")
        || name.contains("/activex/")
        || name.contains("/macrosheets/")
        || [".exe", ".dll", ".js", ".vbs", ".bat", ".ps1", ".jar", ".scr", ".lnk"]
            .iter()
            .any(|program| end.ends_with(program))
}

/// Unpacks a part, as far as there is room; answers how it begins.
fn unpack(mut part: impl Read, budget: &mut Budget<'_>) -> Result<Vec<u8>, Fault> {
    const START: usize = 1 << 20;
    let (mut start, mut buffer) = (Vec::new(), vec![0; CHUNK]);
    loop {
        let read = part.read(&mut buffer).map_err(|_| Fault::Broken)?;
        if read == 0 {
            return Ok(start);
        }
        budget.spend(read).map_err(|_| Fault::TooDemanding)?;
        let room = START.saturating_sub(start.len());
        start.extend_from_slice(&buffer[..read.min(room)]);
    }
}

/// Whether a text holds a word, in any case and in one byte a character or two.
fn holds(text: &[u8], word: &[u8]) -> bool {
    let plain: Vec<u8> =
        text.iter().filter(|byte| **byte != 0).map(u8::to_ascii_lowercase).collect();
    plain.windows(word.len()).any(|window| window == word)
}

fn fault_of(fault: &SheetFault) -> Fault {
    if fault.code == "sheet.encrypted" { Fault::Encrypted } else { Fault::Broken }
}

/// What an old container of streams is.
pub(super) fn compound(bytes: &[u8]) -> Result<Media, Fault> {
    let has = |name| has_entry(bytes, name);
    if has("EncryptedPackage") {
        return Err(Fault::Encrypted);
    }
    if ["_VBA_PROJECT", "VBA", "Macros", "_VBA_PROJECT_CUR"].into_iter().any(has) {
        return Err(Fault::Macros);
    }
    if has("WordDocument") {
        return Ok(Media::Doc);
    }
    if has("Workbook") || has("Book") {
        return Ok(Media::Xls);
    }
    Err(if has("Root Entry") { Fault::Unknown } else { Fault::Broken })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).expect("a part");
            writer.write_all(bytes).expect("its bytes");
        }
        writer.finish().expect("a container").into_inner()
    }

    const LIST: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");
    const WORD: (&str, &[u8]) = ("word/document.xml", b"<w/>");

    #[test]
    fn documents_are_told_apart_from_archives() {
        assert_eq!(package(&packed(&[LIST, WORD])), Ok(Media::Docx));
        assert_eq!(package(&packed(&[LIST, ("xl/workbook.xml", b"<x/>")])), Ok(Media::Xlsx));
        assert_eq!(package(&packed(&[("OFD.xml", b"<o/>")])), Ok(Media::Ofd));
        assert_eq!(package(&packed(&[("a.txt", b"a")])), Err(Fault::Packed));
        assert_eq!(package(&packed(&[WORD])), Err(Fault::Packed));
        let cut = packed(&[LIST, WORD]);
        assert_eq!(package(&cut[..cut.len() - 30]), Err(Fault::Broken));
    }

    #[test]
    fn programs_in_a_document_are_found_however_they_are_named() {
        for part in [
            "word/vbaProject.bin",
            "word\\VBAPROJECT.BIN",
            "word/activeX/activeX1.xml",
            "xl/macrosheets/sheet1.xml",
            "word/media/run.exe",
        ] {
            assert_eq!(package(&packed(&[LIST, WORD, (part, b"x")])), Err(Fault::Macros), "{part}");
        }
        let said =
            b"<Default ContentType=\"application/vnd.ms-word.document.MacroEnabled.main+xml\"/>";
        let wide: Vec<u8> = said.iter().flat_map(|byte| [*byte, 0]).collect();
        for list in [&said[..], &wide] {
            let bytes = packed(&[("[Content_Types].xml", list), WORD]);
            assert_eq!(package(&bytes), Err(Fault::Macros));
        }
    }

    #[test]
    fn a_document_that_unpacks_to_too_much_is_refused() {
        let zeros = vec![0; 64 << 20];
        let bytes = packed(&[LIST, WORD, ("word/media/a.bmp", &zeros)]);
        assert_eq!(package(&bytes), Err(Fault::TooDemanding));
    }

    #[test]
    fn old_documents_carry_no_macros_either() {
        let entry = |name: &str| {
            let mut entry = vec![0; 128];
            let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            entry[..units.len()].copy_from_slice(&units);
            entry[64] = u8::try_from(units.len() + 2).expect("a short name");
            entry
        };
        let of = |names: &[&str]| {
            let mut bytes = vec![0; 512];
            bytes.extend(names.iter().flat_map(|name| entry(name)));
            compound(&bytes)
        };
        assert_eq!(of(&["Root Entry", "WordDocument"]), Ok(Media::Doc));
        assert_eq!(of(&["Root Entry", "Workbook"]), Ok(Media::Xls));
        assert_eq!(of(&["Root Entry", "WordDocument", "Macros"]), Err(Fault::Macros));
        assert_eq!(of(&["Root Entry", "Workbook", "_VBA_PROJECT_CUR"]), Err(Fault::Macros));
        assert_eq!(of(&["Root Entry", "EncryptedPackage"]), Err(Fault::Encrypted));
        assert_eq!(of(&["Root Entry", "PowerPoint Document"]), Err(Fault::Unknown));
        assert_eq!(of(&[]), Err(Fault::Broken));
    }
}
