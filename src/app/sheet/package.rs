//! A zip container looked through before any workbook reader opens it: what is in it, and how much.

use std::collections::HashSet;
use std::io::{Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::fault::{self, SheetFault};
use super::format::Format;
use super::limits::SheetLimits;
use super::markup::Markup;

/// Bytes unpacked at a time.
const CHUNK: usize = 64 << 10;

/// Looks through a container of `size` bytes and tells what kind of workbook it is.
///
/// Every part is unpacked and its bytes counted: what the directory says of sizes is not believed.
pub(super) fn inspect(
    container: &mut (impl Read + Seek),
    size: u64,
    limits: &SheetLimits,
) -> Result<Format, SheetFault> {
    let parts_declared = declared_parts(container, size)?;
    if parts_declared > limits.container_parts {
        return Err(fault::too_many_parts(limits));
    }
    let mut archive = ZipArchive::new(container).map_err(|error| fault_of(&error))?;
    check_names(&archive, parts_declared)?;
    let format = format_of(&mut archive)?;
    let mut budget = Budget::new(size, limits);
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| fault_of(&error))?;
        inspect_part(part, format, &mut budget)?;
    }
    Ok(format)
}

/// The number of parts in the end record of the container's directory.
pub(in crate::app) fn declared_parts(
    container: &mut (impl Read + Seek),
    size: u64,
) -> Result<usize, SheetFault> {
    const RECORD: usize = 22;
    const LONGEST_COMMENT: u64 = 65_535;
    let start = size.saturating_sub(RECORD as u64 + LONGEST_COMMENT);
    let mut end = Vec::new();
    let read = container.seek(SeekFrom::Start(start)).and_then(|_| container.read_to_end(&mut end));
    read.map_err(|_| fault::unreadable_file())?;
    let record = end.windows(RECORD).rfind(|window| window.starts_with(b"PK\x05\x06"));
    let Some(&[low, high]) = record.and_then(|record| record.get(10..12)) else {
        return Err(fault::broken_container());
    };
    Ok(usize::from(u16::from_le_bytes([low, high])))
}

/// Refuses parts whose names are the same, or the same but for case: readers disagree on which
/// one counts. Names wholly the same show as parts missing from the directory read.
pub(in crate::app) fn check_names<R: Read + Seek>(
    archive: &ZipArchive<R>,
    parts_declared: usize,
) -> Result<(), SheetFault> {
    let mut names = HashSet::new();
    for name in archive.file_names_raw() {
        let slashes = |byte: &u8| if *byte == b'\\' { b'/' } else { byte.to_ascii_lowercase() };
        if !names.insert(name.iter().map(slashes).collect::<Vec<_>>()) {
            return Err(fault::duplicate_part());
        }
    }
    if names.len() == parts_declared { Ok(()) } else { Err(fault::duplicate_part()) }
}

/// What the names of the parts say of the container.
fn format_of<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Format, SheetFault> {
    let names: Vec<_> = archive.file_names_raw().map(<[u8]>::to_ascii_lowercase).collect();
    let has = |name: &[u8]| names.iter().any(|known| known == name);
    if has(b"[content_types].xml") {
        if has(b"xl/workbook.bin") {
            return Ok(Format::Xlsb);
        }
        let foreign = has(b"word/document.xml") || has(b"ppt/presentation.xml");
        return if foreign { Err(fault::not_a_workbook()) } else { Ok(Format::Xlsx) };
    }
    if has(b"mimetype") {
        return open_document(archive);
    }
    Err(fault::archive())
}

fn open_document<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Format, SheetFault> {
    const SPREADSHEET: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    let part = archive.by_name("mimetype").map_err(|error| fault_of(&error))?;
    let mut kind = Vec::new();
    part.take(SPREADSHEET.len() as u64)
        .read_to_end(&mut kind)
        .map_err(|_| fault::broken_container())?;
    if kind == SPREADSHEET { Ok(Format::Ods) } else { Err(fault::not_a_workbook()) }
}

/// What has been unpacked so far, of what may be.
pub(in crate::app) struct Budget<'a> {
    unpacked: u64,
    size: u64,
    limits: &'a SheetLimits,
}

impl<'a> Budget<'a> {
    /// Nothing has been unpacked of a container of so many bytes.
    pub(in crate::app) fn new(size: u64, limits: &'a SheetLimits) -> Budget<'a> {
        Budget { unpacked: 0, size, limits }
    }

    /// Takes note of bytes that were unpacked; of too many there is an end.
    pub(in crate::app) fn spend(&mut self, bytes: usize) -> Result<(), SheetFault> {
        self.unpacked += bytes as u64;
        let most_by_ratio = self.size.saturating_mul(self.limits.unpacked_ratio);
        let ratio_counts = self.unpacked > self.limits.ratio_from_bytes;
        if self.unpacked > self.limits.unpacked_bytes
            || (ratio_counts && self.unpacked > most_by_ratio)
        {
            return Err(fault::unpacks_too_large(self.limits));
        }
        Ok(())
    }
}

fn inspect_part(
    mut part: ZipFile<'_, impl Read>,
    format: Format,
    budget: &mut Budget<'_>,
) -> Result<(), SheetFault> {
    let mut buffer = vec![0; CHUNK];
    let mut markup = None;
    let mut first = true;
    loop {
        let read = fill(&mut part, &mut buffer)?;
        if read == 0 {
            break;
        }
        budget.spend(read)?;
        let bytes = &buffer[..read];
        if std::mem::take(&mut first) && Markup::is_xml(bytes)? {
            markup = Some(Markup::new(format == Format::Ods));
        }
        if let Some(markup) = &mut markup {
            markup.feed(bytes)?;
        }
    }
    markup.map_or(Ok(()), |markup| markup.finish())
}

/// Fills `buffer` as far as the part goes: the first bytes must not come one by one.
fn fill(part: &mut impl Read, buffer: &mut [u8]) -> Result<usize, SheetFault> {
    let mut filled = 0;
    while filled < buffer.len() {
        let read = part.read(&mut buffer[filled..]).map_err(|_| fault::broken_container())?;
        if read == 0 {
            break;
        }
        filled += read;
    }
    Ok(filled)
}

fn fault_of(error: &ZipError) -> SheetFault {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            fault::encrypted()
        }
        _ => fault::broken_container(),
    }
}
