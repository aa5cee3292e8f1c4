//! One pass over a brought-in file: its size, its SHA-256, and samples to tell its kind by.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Seek};

use sha2::{Digest, Sha256};

use super::encoding::{Sample, read_some};

/// Bytes kept of the beginning, and again from the first byte beyond ASCII.
const SAMPLE: usize = 64 << 10;

/// What one pass over a file told.
pub(super) struct Survey {
    /// SHA-256 of the file's bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Bytes in the file.
    pub bytes: u64,
    head: Vec<u8>,
    beyond_ascii: Vec<u8>,
    beyond_ascii_from: u64,
}

impl Survey {
    /// Reads all of `file`, stopping early once it is longer than `most` bytes, and rewinds it.
    pub(super) fn of(file: &mut File, most: u64) -> io::Result<Self> {
        let mut survey = Self {
            sha256: String::new(),
            bytes: 0,
            head: Vec::new(),
            beyond_ascii: Vec::new(),
            beyond_ascii_from: 0,
        };
        let mut digest = Sha256::new();
        let mut buffer = vec![0; SAMPLE];
        while survey.bytes <= most {
            let read = read_some(file, &mut buffer)?;
            if read == 0 {
                break;
            }
            digest.update(&buffer[..read]);
            survey.keep(&buffer[..read]);
        }
        for byte in digest.finalize() {
            let _ = write!(survey.sha256, "{byte:02x}");
        }
        file.rewind()?;
        Ok(survey)
    }

    fn keep(&mut self, bytes: &[u8]) {
        extend_to_sample(&mut self.head, bytes);
        if !self.beyond_ascii.is_empty() {
            extend_to_sample(&mut self.beyond_ascii, bytes);
        } else if let Some(first) = bytes.iter().position(|byte| !byte.is_ascii()) {
            self.beyond_ascii_from = self.bytes + first as u64;
            extend_to_sample(&mut self.beyond_ascii, &bytes[first..]);
        }
        self.bytes += bytes.len() as u64;
    }

    /// The beginning of the file.
    pub(super) fn head(&self) -> Sample<'_> {
        Sample { bytes: &self.head, whole: self.head.len() as u64 == self.bytes }
    }

    /// The file from its first byte beyond ASCII.
    pub(super) fn beyond_ascii(&self) -> Sample<'_> {
        let end = self.beyond_ascii_from + self.beyond_ascii.len() as u64;
        Sample { bytes: &self.beyond_ascii, whole: end == self.bytes }
    }
}

fn extend_to_sample(sample: &mut Vec<u8>, bytes: &[u8]) {
    let room = SAMPLE - sample.len();
    sample.extend_from_slice(&bytes[..bytes.len().min(room)]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn the_sample_begins_where_ascii_ends_however_late() {
        let mut file = tempfile::tempfile().unwrap();
        let plain = "a,b\n".repeat(50_000);
        file.write_all(plain.as_bytes()).unwrap();
        file.write_all("县".as_bytes()).unwrap();
        file.rewind().unwrap();
        let survey = Survey::of(&mut file, u64::MAX).unwrap();
        assert_eq!(survey.bytes, 200_003);
        assert_eq!(survey.beyond_ascii().bytes, "县".as_bytes());
        assert!(survey.beyond_ascii().whole && !survey.head().whole);
        assert_eq!(survey.head().bytes, &plain.as_bytes()[..SAMPLE]);
    }

    #[test]
    fn the_digest_is_of_the_bytes() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"abc").unwrap();
        file.rewind().unwrap();
        let survey = Survey::of(&mut file, 10).unwrap();
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(survey.sha256, expected);
    }
}
