//! An OLE container looked through before it is opened: a workbook, and not encrypted.

use super::fault::{self, SheetFault};

/// Directory entries lie at multiples of their own size.
const ENTRY: usize = 128;

/// Streams begin at multiples of the smallest sector.
const SMALLEST_SECTOR: usize = 64;

/// Refuses an OLE container that holds no workbook, or an encrypted one.
pub(super) fn inspect(container: &[u8]) -> Result<(), SheetFault> {
    if has_entry(container, "EncryptedPackage") || has_file_pass(container) {
        return Err(fault::encrypted());
    }
    if has_entry(container, "Workbook") || has_entry(container, "Book") {
        return Ok(());
    }
    // Without a directory that can be found, the container is damaged rather than foreign.
    let has_root = has_entry(container, "Root Entry");
    Err(if has_root { fault::not_a_workbook() } else { fault::broken_container() })
}

/// Whether the container's directory has an entry of that name, in any case.
pub(in crate::app) fn has_entry(container: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.bytes().flat_map(|byte| [byte.to_ascii_lowercase(), 0]).collect();
    // The stored length counts the terminating zero.
    let length = u16::try_from(name.len() + 2).unwrap_or(u16::MAX).to_le_bytes();
    container
        .chunks_exact(ENTRY)
        .any(|entry| entry[64..66] == length && entry[..name.len()].eq_ignore_ascii_case(&name))
}

/// Whether a workbook stream announces encryption: a `FilePass` record among its first ones.
///
/// The workbook reader knows only one of the two ways and would decode the other into nonsense.
fn has_file_pass(container: &[u8]) -> bool {
    let streams = (0..container.len()).step_by(SMALLEST_SECTOR).map(|start| &container[start..]);
    streams
        .filter(|stream| begins_workbook(stream))
        .any(|stream| Records { rest: stream }.take(12).any(|(kind, _)| kind == FILE_PASS))
}

const BEGINNING_OF_FILE: u16 = 0x0809;
const FILE_PASS: u16 = 0x002F;
const WORKBOOK_GLOBALS: [u8; 2] = [5, 0];

fn begins_workbook(stream: &[u8]) -> bool {
    let globals = |body: &[u8]| body.get(2..4) == Some(&WORKBOOK_GLOBALS);
    let first = Records { rest: stream }.next();
    first.is_some_and(|(kind, body)| kind == BEGINNING_OF_FILE && body.len() <= 32 && globals(body))
}

/// The records of a workbook stream.
struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let ([kind_low, kind_high, low, high], rest) = self.rest.split_first_chunk::<4>()?;
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        let (body, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some((u16::from_le_bytes([*kind_low, *kind_high]), body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(entries: &[&str], stream: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; 512];
        for name in entries {
            let mut entry = vec![0; ENTRY];
            let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            entry[..units.len()].copy_from_slice(&units);
            entry[64] = u8::try_from(units.len() + 2).unwrap();
            bytes.extend(entry);
        }
        bytes.extend(stream);
        bytes
    }

    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap().to_le_bytes();
        [&kind.to_le_bytes()[..], &length, body].concat()
    }

    #[test]
    fn workbooks_pass_and_others_are_named() {
        let code = |bytes: &[u8]| inspect(bytes).map_err(|fault| fault.code);
        assert_eq!(code(&container(&["Root Entry", "WORKBOOK"], b"")), Ok(()));
        assert_eq!(code(&container(&["Root Entry", "Book"], b"")), Ok(()));
        let word = container(&["Root Entry", "WordDocument"], b"");
        assert_eq!(code(&word), Err("sheet.not_a_workbook"));
        assert_eq!(code(&[0; 600]), Err("sheet.broken_container"));
        let package = container(&["Root Entry", "EncryptedPackage"], b"");
        assert_eq!(code(&package), Err("sheet.encrypted"));
    }

    #[test]
    fn both_ways_of_encrypting_a_workbook_are_seen() {
        let beginning = record(BEGINNING_OF_FILE, &[0, 6, 5, 0, 0, 0, 0, 0]);
        let plain = [beginning.clone(), record(0x0042, &[0xB0, 4])].concat();
        for way in [[0, 0], [1, 0]] {
            let locked = [beginning.clone(), record(FILE_PASS, &way)].concat();
            let bytes = container(&["Root Entry", "Workbook"], &locked);
            assert_eq!(inspect(&bytes).unwrap_err().code, "sheet.encrypted");
        }
        assert!(inspect(&container(&["Root Entry", "Workbook"], &plain)).is_ok());
    }
}
