//! Any text signed in the form of a note (C2SP signed-note): the text, an empty line, signatures.
//!
//! A checkpoint is the note of a log. What a ledger signs beside its logs, it signs under its own
//! name; so no signature here is ever one under a checkpoint.

use super::{
    checkpoint::{BODY_END, BadNote, SignatureLine, check_signatures, read_signatures},
    key::{Signer, Verifier},
    text::{BadText, Lines},
};

impl Signer {
    /// Signs a text. It ends in a newline and has no empty line.
    pub fn sign_text(&self, body: &str) -> String {
        format!("{body}\n{}\n", SignatureLine::under(body, self))
    }
}

/// The text in a note, not yet believed: look into it only to learn whose verifier to ask.
pub fn claimed(note: &str) -> Result<&str, BadText> {
    let mut lines = Lines::of(note)?;
    read_body(&mut lines)
}

/// The text in a note, if it is signed with the key of `verifier`.
pub fn open_text<'a>(note: &'a str, verifier: &Verifier) -> Result<&'a str, BadNote> {
    let mut lines = Lines::of(note).map_err(BadNote::Malformed)?;
    let body = read_body(&mut lines).map_err(BadNote::Malformed)?;
    let signatures = read_signatures(&mut lines).map_err(BadNote::Malformed)?;
    lines.finish().map_err(BadNote::Malformed)?;
    check_signatures(body, &signatures, verifier)?;
    Ok(body)
}

/// The lines up to the first empty one.
fn read_body<'a>(lines: &mut Lines<'a>) -> Result<&'a str, BadText> {
    let start = lines.position();
    while !lines.next_starts_with("\n") {
        lines.read(BODY_END, Some)?;
    }
    let body = lines.since(start);
    lines.read(BODY_END, |line| line.is_empty().then_some(()))?;
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::{super::key::Origin, *};

    fn signer(secret: u8) -> Signer {
        Signer::new(Origin::new("ledger.example").unwrap(), &[secret; 32])
    }

    #[test]
    fn a_signed_text_opens_and_an_altered_one_does_not() {
        let note = signer(1).sign_text("{\n \"rows\": 3\n}\n");
        assert_eq!(claimed(&note), Ok("{\n \"rows\": 3\n}\n"));
        assert_eq!(open_text(&note, signer(1).verifier()), Ok("{\n \"rows\": 3\n}\n"));
        let altered = note.replace('3', "4");
        let refused = open_text(&altered, signer(1).verifier()).unwrap_err();
        assert!(matches!(refused, BadNote::BadSignature { .. }));
        let refused = open_text(&note, signer(2).verifier()).unwrap_err();
        assert!(matches!(refused, BadNote::UnknownSigner { .. }));
    }

    #[test]
    fn every_byte_of_a_note_counts() {
        let note = signer(1).sign_text("one\ntwo\n");
        for place in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[place] ^= 1;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            assert!(open_text(&text, signer(1).verifier()).is_err(), "byte {place}: {text}");
        }
        assert!(open_text(&format!("{note}\n"), signer(1).verifier()).is_err());
        assert!(open_text("one\ntwo\n", signer(1).verifier()).is_err());
        assert!(claimed("one").is_err());
    }
}
