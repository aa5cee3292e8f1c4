//! What the child tells the parent: one line of JSON, then the bytes it announces.

use entity::attachment::Media;
use serde::{Deserialize, Serialize};

use crate::{
    domain::{attachment::most_bytes, refusal::Refusal, shot::Shot},
    limits,
};

/// The line that comes first.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Message {
    /// The file is taken.
    Taken {
        /// How it is written.
        media: Media,
        /// Bytes of what is kept in the place of what was brought; none where that itself is kept.
        kept: Option<u64>,
        /// Bytes of the small picture, which follow.
        preview: Option<u64>,
        /// What the picture looks like, where that can be told.
        #[serde(default)]
        likeness: Option<String>,
        /// What the camera says of it.
        #[serde(default)]
        shot: Shot,
    },
    /// It is not.
    Refused(Fault),
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fault {
    /// Nothing in it.
    Empty,
    /// A web page, a drawing that is a program, a script.
    Active,
    /// An archive or a program.
    Packed,
    /// A picture that few programs open.
    Heic,
    /// Nothing that is known.
    Unknown,
    /// It carries macros.
    Macros,
    /// A PDF that does something, or carries other files.
    PdfActive,
    /// It cannot be looked into.
    Encrypted,
    /// Damaged or cut off.
    Broken,
    /// More bytes than its kind may have.
    TooLarge(Media),
    /// Too many pixels.
    TooManyPixels,
    /// It asks for too much.
    TooDemanding,
    /// The child did not run.
    ReaderFailed,
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Refusal {
        match fault {
            Fault::Empty => Refusal::file_empty(),
            Fault::Active => Refusal::file_active(),
            Fault::Packed => Refusal::file_packed(),
            Fault::Heic => Refusal::file_heic(),
            Fault::Unknown => Refusal::file_unknown(),
            Fault::Macros => Refusal::file_macros(),
            Fault::PdfActive => Refusal::file_pdf_active(),
            Fault::Encrypted => Refusal::file_encrypted(),
            Fault::Broken => Refusal::file_broken(),
            Fault::TooLarge(media) => Refusal::file_too_large(most_bytes(media) >> 20),
            Fault::TooManyPixels => Refusal::picture_too_large(limits::PICTURE_PIXELS / 1_000_000),
            Fault::TooDemanding => Refusal::file_too_demanding(),
            Fault::ReaderFailed => Refusal::file_reader_failed(),
        }
    }
}
