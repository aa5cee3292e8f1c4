//! The arithmetic of the audit trail: canonical bytes, Merkle tree, proofs, signed checkpoints.
//!
//! Bytes in, bytes out: nothing here reads a clock, a file or a database.
//!
//! ```text
//! entry --canonical--> bytes --merkle--> leaf hash --Frontier--> root
//! root --checkpoint--> signed note            (key: who signs, who is believed)
//! leaf + root --proof--> proof --document--> text file an outsider can check
//! ```

pub mod canonical;
pub mod check;
pub mod checkpoint;
pub mod document;
pub mod key;
pub mod merkle;
pub mod proof;
pub mod record;
pub mod signed;
pub mod text;

use std::fmt;
use std::str::FromStr;

use entity::language::Sentence;

/// The hash and signature algorithms a log was made with; fixed for the life of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Leaves and nodes by SHA-256 (RFC 9162), checkpoints signed by Ed25519 (RFC 8032).
    #[default]
    Sha256Ed25519,
}

impl Algorithm {
    /// Every algorithm a log can be made with.
    pub const ALL: [Algorithm; 1] = [Algorithm::Sha256Ed25519];

    /// The text form kept beside every entry: hash, slash, signature.
    pub const fn as_str(self) -> &'static str {
        match self {
            Algorithm::Sha256Ed25519 => "sha256/ed25519",
        }
    }

    /// The byte that names the signature's kind in a C2SP signed note.
    pub const fn signature_type(self) -> u8 {
        match self {
            Algorithm::Sha256Ed25519 => 0x01,
        }
    }

    /// The algorithm whose signatures a signed note marks with this byte, if it is one of ours.
    pub fn of_signature_type(byte: u8) -> Option<Algorithm> {
        Algorithm::ALL.into_iter().find(|algorithm| algorithm.signature_type() == byte)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Algorithm, UnknownAlgorithm> {
        Algorithm::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str() == text)
            .ok_or_else(|| UnknownAlgorithm { found: text::shown(text) })
    }
}

/// A text that names no algorithm of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAlgorithm {
    /// The text as found, shortened.
    pub found: String,
}

impl UnknownAlgorithm {
    /// What is wrong, in both languages.
    pub fn sentence(&self) -> Sentence {
        let (found, known) = (&self.found, Algorithm::Sha256Ed25519);
        Sentence {
            zh: format!("不支持的留痕算法“{found}”，应为 {known}"),
            en: format!("unknown trail algorithm “{found}”, expected {known}"),
        }
    }
}

text::error_from_sentence!(UnknownAlgorithm);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_reads_back() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
            assert_eq!(Algorithm::of_signature_type(algorithm.signature_type()), Some(algorithm));
        }
        let unknown = "sm3/sm2".parse::<Algorithm>().unwrap_err();
        assert!(unknown.sentence().zh.contains("“sm3/sm2”"));
        assert_eq!(Algorithm::of_signature_type(0x04), None);
    }
}
