//! Checkpoints: a tree's size and root as a note its log has signed, checked without the log.
//!
//! The text is C2SP tlog-checkpoint inside C2SP signed-note:
//!
//! ```text
//! ledger.example/451425
//! 1048578
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//!
//! — ledger.example/451425 <base64 of 4 bytes key id and 64 bytes Ed25519 signature>
//! — <signature lines of others, who are not ours to check>
//! ```

use std::fmt;

use entity::language::{Label, Sentence};

use super::key::{KeyId, Origin, Signer, Verifier, is_key_name};
use super::merkle::{Hash, TreeHead};
use super::text::{self, BadText, Lines};

/// The most signature lines a note may have.
pub const SIGNATURE_LIMIT: usize = 100;

const SIGNATURE_START: &str = "— ";

const ORIGIN: Label = Label { zh: "留痕名称", en: "the name of a trail" };
const SIZE: Label = Label { zh: "留痕条数", en: "the number of entries" };
const ROOT: Label =
    Label { zh: "根摘要（32 字节的 base64）", en: "the root hash (base64 of 32 bytes)" };
pub(super) const BODY_END: Label =
    Label { zh: "签名前的空行", en: "the empty line before the signatures" };
const SIGNATURE: Label = Label {
    zh: "签名行（“— 名称 base64 签名”）",
    en: "a signature line (“— name base64”)",
};
const NO_MORE_SIGNATURES: Label =
    Label { zh: "不超过 100 个签名行", en: "at most 100 signature lines" };

/// What a log states when it signs: so many entries, with this root over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log.
    pub origin: Origin,
    /// The number of leaves.
    pub size: u64,
    /// The root over all of them.
    pub root: Hash,
}

impl Checkpoint {
    /// Size and root together.
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.size, root: self.root }
    }
}

/// A note whose form is right and whose signatures nobody has checked yet.
///
/// Nothing it says counts until it is [opened](Note::open).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    body_length: usize,
    checkpoint: Checkpoint,
    signatures: Vec<SignatureLine>,
}

/// One signer's line under a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SignatureLine {
    name: String,
    key_id: KeyId,
    signature: Vec<u8>,
}

impl Signer {
    /// Signs a checkpoint of this signer's log.
    pub fn sign(&self, head: &TreeHead) -> Note {
        let TreeHead { size, root } = *head;
        let origin = self.origin().clone();
        let body = format!("{origin}\n{size}\n{}\n", text::to_base64(root.as_bytes()));
        let line = SignatureLine::under(&body, self);
        Note {
            text: format!("{body}\n{line}\n"),
            body_length: body.len(),
            checkpoint: Checkpoint { origin, size, root },
            signatures: vec![line],
        }
    }
}

/// The checkpoint in a note, if the log signed it with the key of `verifier`.
pub fn open(note: &str, verifier: &Verifier) -> Result<Checkpoint, BadNote> {
    Note::parse(note).map_err(BadNote::Malformed)?.open(verifier)
}

impl Note {
    /// Reads a note and checks its form, not its signatures.
    pub fn parse(text: &str) -> Result<Note, BadText> {
        let mut lines = Lines::of(text)?;
        let note = Note::read(&mut lines)?;
        lines.finish()?;
        Ok(note)
    }

    /// Reads a note up to its last signature line.
    pub(super) fn read(lines: &mut Lines<'_>) -> Result<Note, BadText> {
        let start = lines.position();
        let origin = lines.read(ORIGIN, |line| Origin::new(line).ok())?;
        let size = lines.read(SIZE, text::decimal)?;
        let root = lines.read(ROOT, text::hash_from_base64)?;
        while !lines.next_starts_with("\n") {
            lines.read(BODY_END, |line| is_extension(line).then_some(()))?;
        }
        let body_length = lines.since(start).len();
        lines.read(BODY_END, |line| line.is_empty().then_some(()))?;
        let signatures = read_signatures(lines)?;
        let text = lines.since(start).into();
        Ok(Note { text, body_length, checkpoint: Checkpoint { origin, size, root }, signatures })
    }

    /// The note as signed, byte for byte.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The log this note claims to be of, so that its verifier can be looked up.
    pub fn claimed_origin(&self) -> &Origin {
        &self.checkpoint.origin
    }

    /// The checkpoint, if the log signed it with the key of `verifier`.
    ///
    /// Lines of other signers are passed over; every line of this key must hold, and the note must
    /// be about the log the key belongs to.
    pub fn open(&self, verifier: &Verifier) -> Result<Checkpoint, BadNote> {
        check_signatures(&self.text[..self.body_length], &self.signatures, verifier)?;
        if self.checkpoint.origin != *verifier.origin() {
            let [expected, found] = [verifier.origin(), &self.checkpoint.origin].map(Clone::clone);
            return Err(BadNote::OtherLog { expected, found });
        }
        Ok(self.checkpoint.clone())
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether a line may stand between root and signatures; we write none, and pass over others'.
fn is_extension(line: &str) -> bool {
    !line.starts_with(SIGNATURE_START) && !line.bytes().any(|byte| byte < b' ')
}

/// Every line of the verifier's key must hold over the body, and there must be one.
pub(super) fn check_signatures(
    body: &str,
    signatures: &[SignatureLine],
    verifier: &Verifier,
) -> Result<(), BadNote> {
    let mut known = signatures.iter().filter(|line| line.is_by(verifier)).peekable();
    if known.peek().is_none() {
        let found = signatures.iter().map(SignatureLine::signer).collect();
        let expected = signer(verifier.origin().as_str(), verifier.key_id());
        return Err(BadNote::UnknownSigner { expected, found });
    }
    if !known.all(|line| verifier.accepts(body, &line.signature)) {
        return Err(BadNote::BadSignature { signer: verifier.origin().clone() });
    }
    Ok(())
}

/// The signature lines that come next: at least one.
pub(super) fn read_signatures(lines: &mut Lines<'_>) -> Result<Vec<SignatureLine>, BadText> {
    let mut signatures = vec![lines.read(SIGNATURE, SignatureLine::parse)?];
    while lines.next_starts_with(SIGNATURE_START) {
        if signatures.len() == SIGNATURE_LIMIT {
            lines.read(NO_MORE_SIGNATURES, |_| None::<()>)?;
        }
        signatures.push(lines.read(SIGNATURE, SignatureLine::parse)?);
    }
    Ok(signatures)
}

impl SignatureLine {
    /// The line with which a signer signs a body.
    pub(super) fn under(body: &str, signer: &Signer) -> SignatureLine {
        let name = signer.origin().to_string();
        let key_id = signer.verifier().key_id();
        SignatureLine { name, key_id, signature: signer.signature(body) }
    }

    fn parse(line: &str) -> Option<SignatureLine> {
        let (name, bytes) = line.strip_prefix(SIGNATURE_START)?.split_once(' ')?;
        let bytes = text::from_base64(bytes)?;
        let (key_id, signature) = bytes.split_first_chunk()?;
        let is_whole = is_key_name(name) && !signature.is_empty();
        is_whole.then(|| SignatureLine {
            name: name.into(),
            key_id: *key_id,
            signature: signature.into(),
        })
    }

    fn is_by(&self, verifier: &Verifier) -> bool {
        self.name == verifier.origin().as_str() && self.key_id == verifier.key_id()
    }

    fn signer(&self) -> String {
        signer(&self.name, self.key_id)
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.key_id.as_slice(), &self.signature].concat();
        write!(f, "{SIGNATURE_START}{} {}", self.name, text::to_base64(&bytes))
    }
}

/// A signer as named in a complaint: name and key id.
fn signer(name: &str, key_id: KeyId) -> String {
    format!("{}+{}", text::shown(name), text::to_hex(&key_id))
}

/// A note that says nothing one may believe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadNote {
    /// The text is no signed checkpoint.
    Malformed(BadText),
    /// None of the signature lines is by the key asked for.
    UnknownSigner {
        /// The name and key id asked for.
        expected: String,
        /// The names and key ids found.
        found: Vec<String>,
    },
    /// A signature line names the key asked for, and is not by it: text or signature was altered.
    BadSignature {
        /// The key's name.
        signer: Origin,
    },
    /// The signature holds, and the note is about another log than the key's.
    OtherLog {
        /// The key's log.
        expected: Origin,
        /// The note's log.
        found: Origin,
    },
}

impl BadNote {
    /// What is wrong, in both languages.
    pub fn sentence(&self) -> Sentence {
        let (zh, en) = match self {
            BadNote::Malformed(text) => {
                let Sentence { zh, en } = text.sentence();
                (format!("检查点格式有误：{zh}"), format!("malformed checkpoint: {en}"))
            }
            BadNote::UnknownSigner { expected, found } => (
                format!("检查点没有 {expected} 的签名，只有 {}", found.join("、")),
                format!("the checkpoint is not signed by {expected} but by {}", found.join(", ")),
            ),
            BadNote::BadSignature { signer } => (
                format!("检查点上 {signer} 的签名无效，内容或签名被改动"),
                format!("the signature of {signer} does not hold: text or signature was altered"),
            ),
            BadNote::OtherLog { expected, found } => (
                format!("检查点属于 {found}，不属于 {expected}"),
                format!("the checkpoint is of {found}, not of {expected}"),
            ),
        };
        Sentence { zh, en }
    }
}

text::error_from_sentence!(BadNote);

#[cfg(test)]
mod tests {
    use super::super::merkle::leaf_hash;
    use super::*;

    fn signer_of(name: &str, secret: u8) -> Signer {
        Signer::new(Origin::new(name).unwrap(), &[secret; 32])
    }

    fn head() -> TreeHead {
        TreeHead { size: 42, root: leaf_hash(b"root") }
    }

    fn malformed(note: &str) -> String {
        Note::parse(note).unwrap_err().sentence().en
    }

    #[test]
    fn a_signed_note_opens() {
        let signer = signer_of("ledger.example/451425", 1);
        let note = signer.sign(&head());
        assert_eq!(Note::parse(note.as_str()), Ok(note.clone()));
        let checkpoint = open(note.as_str(), signer.verifier()).unwrap();
        assert_eq!(checkpoint.head(), head());
        assert_eq!(checkpoint.origin, *signer.origin());
    }

    #[test]
    fn lines_of_others_are_passed_over() {
        let signer = signer_of("log", 1);
        let others = "— witness.example/w1 jWbPPwAAAABkGFDL\n— log AAAAAAAA\n";
        let note = format!("{}{others}", signer.sign(&head()));
        assert_eq!(open(&note, signer.verifier()).unwrap().head(), head());
        let extended = "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nextension\n";
        let line = SignatureLine {
            name: "log".into(),
            key_id: signer.verifier().key_id(),
            signature: signer.signature(extended),
        };
        assert_eq!(open(&format!("{extended}\n{line}\n"), signer.verifier()).unwrap().size, 1);
    }

    #[test]
    fn unknown_signer_and_bad_signature_are_told_apart() {
        let [signer, rotated] = [signer_of("log", 1), signer_of("log", 2)];
        let note = signer.sign(&head());
        let refused = note.open(rotated.verifier()).unwrap_err();
        assert!(matches!(&refused, BadNote::UnknownSigner { found, .. } if found.len() == 1));
        let altered = note.as_str().replace("\n42\n", "\n43\n");
        let refused = open(&altered, signer.verifier()).unwrap_err();
        assert_eq!(refused, BadNote::BadSignature { signer: signer.origin().clone() });
        let appended = format!("{note}{}\n", note.as_str().lines().last().unwrap());
        assert!(open(&appended, signer.verifier()).is_ok());
        let mut forged = note.signatures[0].clone();
        forged.signature[63] ^= 1;
        let refused = open(&format!("{note}{forged}\n"), signer.verifier()).unwrap_err();
        assert!(matches!(refused, BadNote::BadSignature { .. }));
        forged.signature.truncate(63);
        let refused = open(&format!("{note}{forged}\n"), signer.verifier()).unwrap_err();
        assert!(matches!(refused, BadNote::BadSignature { .. }));
    }

    #[test]
    fn a_key_speaks_for_its_own_log_alone() {
        let signer = signer_of("log", 1);
        let body = format!("other\n1\n{}\n", text::to_base64(&[0; 32]));
        let line = SignatureLine {
            name: "log".into(),
            key_id: signer.verifier().key_id(),
            signature: signer.signature(&body),
        };
        let refused = open(&format!("{body}\n{line}\n"), signer.verifier()).unwrap_err();
        assert!(matches!(refused, BadNote::OtherLog { .. }));
    }

    #[test]
    fn a_malformed_note_is_complained_of_precisely() {
        let note = signer_of("log", 1).sign(&head()).to_string();
        assert_eq!(malformed(""), "line 1: expected the name of a trail, but the text ends here");
        assert_eq!(
            malformed(&note.replace("\n42\n", "\n042\n")),
            "line 2: expected the number of entries, found “042”"
        );
        assert_eq!(
            malformed("log\n1\nAAAA\n"),
            "line 3: expected the root hash (base64 of 32 bytes), found “AAAA”"
        );
        assert_eq!(
            malformed(&note.replace("\n\n", "\n")).split(',').next(),
            Some("line 4: expected the empty line before the signatures")
        );
        assert_eq!(
            malformed(&note.replace('—', "-")).split(',').next(),
            Some("line 5: expected a signature line (“— name base64”)")
        );
        assert!(malformed(note.trim_end()).starts_with("line 5: expected a line that ends"));
        assert!(malformed(&format!("{note}\n")).starts_with("line 6: expected the end"));
        assert!(malformed(&note.replace('\n', "\r\n")).starts_with("line 1: "));
        for line in ["— a+b AAAAAAAA", "— other AAAAAA==", "— other", "—  AAAAAAAA"] {
            let complaint = malformed(&format!("{note}{line}\n"));
            assert!(complaint.starts_with("line 6: expected a signature line"), "{complaint}");
        }
        let complaint = malformed(&note.replacen("\n\n", "\nextension\u{1}\n\n", 1));
        assert!(complaint.starts_with("line 4: expected the empty line"), "{complaint}");
        let many = format!("{note}{}", "— other AAAAAAAA\n".repeat(SIGNATURE_LIMIT));
        assert!(malformed(&many).starts_with("line 105: expected at most 100 signature lines"));
    }
}
