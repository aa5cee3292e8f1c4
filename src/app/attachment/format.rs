//! What a file is, told by its content: its name and what its sender says of it count for nothing.

use entity::attachment::Media;

use super::{
    office, pdf, picture,
    picture::Drawn,
    wire::{Fault, Message},
};
use crate::domain::{attachment::most_bytes, shot::Shot};

/// What is taken of a file.
pub(super) struct Taken {
    /// What the parent is told first.
    pub(super) message: Message,
    /// The picture as it is kept, and the small one.
    pub(super) drawn: Option<Drawn>,
}

/// What is known by its first bytes and never taken.
const FOREIGN: &[(&[u8], Fault)] = &[
    (b"Rar!\x1A", Fault::Packed),
    (b"7z\xBC\xAF\x27\x1C", Fault::Packed),
    (b"\x1F\x8B", Fault::Packed),
    (b"BZh", Fault::Packed),
    (b"\xFD7zXZ", Fault::Packed),
    (b"\x28\xB5\x2F\xFD", Fault::Packed),
    (b"MSCF", Fault::Packed),
    (b"MZ", Fault::Packed),
    (b"\x7FELF", Fault::Packed),
    (b"\xCA\xFE\xBA\xBE", Fault::Packed),
    (b"\xCF\xFA\xED\xFE", Fault::Packed),
    (b"#!", Fault::Active),
    (b"MIME-Version:", Fault::Active),
];

/// How what may run in a browser or on a machine begins, in lower case.
const ACTIVE: &[&str] =
    &["<", "function", "javascript:", "@echo", "var ", "const ", "let ", "import "];

const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Looks into a file.
pub(super) fn look(bytes: &[u8]) -> Result<Taken, Fault> {
    let at = |range: std::ops::Range<usize>| bytes.get(range).unwrap_or_default();
    let plain = |media| {
        let shot = Shot::default();
        let message = Message::Taken { media, kept: None, preview: None, likeness: None, shot };
        Taken { message, drawn: None }
    };
    if bytes.is_empty() {
        return Err(Fault::Empty);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1A\n")
        || bytes.starts_with(b"\xFF\xD8\xFF")
        || (at(0..4) == b"RIFF" && at(8..12) == b"WEBP")
    {
        return drawn(bytes);
    }
    if bytes.starts_with(b"%PDF-") {
        return of_size(bytes, Media::Pdf)
            .and_then(|()| pdf::look(bytes))
            .map(|()| plain(Media::Pdf));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let media = office::package(bytes)?;
        return of_size(bytes, media).map(|()| plain(media));
    }
    if bytes.starts_with(OLE) {
        let media = office::compound(bytes)?;
        return of_size(bytes, media).map(|()| plain(media));
    }
    Err(foreign(bytes))
}

fn of_size(bytes: &[u8], media: Media) -> Result<(), Fault> {
    if bytes.len() as u64 > most_bytes(media) { Err(Fault::TooLarge(media)) } else { Ok(()) }
}

fn drawn(bytes: &[u8]) -> Result<Taken, Fault> {
    let media = if bytes.starts_with(b"\x89PNG") { Media::Png } else { Media::Jpeg };
    of_size(bytes, media)?;
    let drawn = picture::draw(bytes)?;
    let message = Message::Taken {
        media: drawn.media,
        kept: Some(drawn.kept.len() as u64),
        preview: Some(drawn.preview.len() as u64),
        likeness: drawn.likeness.map(|likeness| likeness.to_string()),
        shot: drawn.shot,
    };
    Ok(Taken { message, drawn: Some(drawn) })
}

/// Why what is none of these is not taken.
fn foreign(bytes: &[u8]) -> Fault {
    let at = |range: std::ops::Range<usize>| bytes.get(range).unwrap_or_default();
    if let Some((_, fault)) = FOREIGN.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return *fault;
    }
    if bytes.starts_with(b"PK") || at(257..262) == b"ustar" {
        return Fault::Packed;
    }
    if at(4..8) == b"ftyp" && [&b"hei"[..], b"hev", b"mif", b"avi"].contains(&at(8..11)) {
        return Fault::Heic;
    }
    let opening = opening(bytes);
    if ACTIVE.iter().any(|start| opening.starts_with(start)) {
        Fault::Active
    } else {
        Fault::Unknown
    }
}

/// The first ASCII characters after marks and white space, in lower case, whatever the encoding.
fn opening(bytes: &[u8]) -> String {
    let marks = |byte: &u8| matches!(byte, 0xEF | 0xBB | 0xBF | 0xFE | 0xFF | 0);
    let characters = bytes.iter().filter(|byte| !marks(byte)).map(|byte| char::from(*byte));
    let text = characters.skip_while(char::is_ascii_whitespace).take(16);
    text.map(|one| one.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bytes: &[u8]) -> Option<Fault> {
        look(bytes).err()
    }

    #[test]
    fn what_is_not_taken_is_refused_for_what_it_is() {
        for (bytes, expected) in [
            (&b""[..], Fault::Empty),
            (b"<!DOCTYPE html><html>%PDF-1.7", Fault::Active),
            (b"\xEF\xBB\xBF <svg xmlns='http://www.w3.org/2000/svg'/>", Fault::Active),
            (b"\xFF\xFE<\0h\0t\0m\0l\0>\0", Fault::Active),
            (b"#!/bin/sh\nrm -rf /\n", Fault::Active),
            (b"function f(){}", Fault::Active),
            (b"MZ\x90\0", Fault::Packed),
            (b"Rar!\x1A\x07\0", Fault::Packed),
            (b"PK\x05\x06\0\0", Fault::Packed),
            (b"\0\0\0\x18ftypheic", Fault::Heic),
            (b"GIF89a", Fault::Unknown),
            (b"just words", Fault::Unknown),
            (b"\x89PNG\r\n\x1A\n", Fault::Broken),
            (b"\xFF\xD8\xFF\xE0", Fault::Broken),
            (b"RIFF\0\0\0\0WEBP", Fault::Broken),
        ] {
            assert_eq!(fault(bytes), Some(expected), "{}", String::from_utf8_lossy(bytes));
        }
        let mut tar = vec![0; 512];
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(fault(&tar), Some(Fault::Packed));
    }
}
