//! Proofs as text files that an outsider can check with nothing but the log's public key.

use entity::language::{Label, Sentence};

use super::checkpoint::{BadNote, Checkpoint, Note};
use super::key::Verifier;
use super::merkle::Hash;
use super::proof::{BadProof, ConsistencyProof, InclusionProof};
use super::text::{self, BadText, Lines};

const INCLUSION_HEADER: &str = "c2sp.org/tlog-proof@v1";
const CONSISTENCY_HEADER: &str = "taizhang/consistency-proof@v1";

const INCLUSION: Label = Label { zh: INCLUSION_HEADER, en: INCLUSION_HEADER };
const CONSISTENCY: Label = Label { zh: CONSISTENCY_HEADER, en: CONSISTENCY_HEADER };
const EXTRA: Label = Label { zh: "“extra base64 附加内容”", en: "“extra” and base64" };
const INDEX: Label = Label { zh: "“index 序号”", en: "“index” and a number" };
const HASH: Label = Label {
    zh: "摘要（32 字节的 base64）或空行",
    en: "a hash (base64 of 32 bytes) or an empty line",
};
const SEPARATOR: Label =
    Label { zh: "两个检查点之间的空行", en: "the empty line between the checkpoints" };

/// A file proving that a leaf is in a log, in the form C2SP tlog-proof.
///
/// ```text
/// c2sp.org/tlog-proof@v1
/// extra <base64>                  (only if there is something extra)
/// index 73894
/// <base64 hash>                   (one line each, from the leaf's sibling upwards)
///
/// <the checkpoint, a signed note>
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionDocument {
    /// The proof.
    pub proof: InclusionProof,
    /// Something the receiver needs to make the leaf, such as a salt; nothing vouches for it.
    pub extra: Option<Vec<u8>>,
    /// The checkpoint of the tree the proof is about.
    pub checkpoint: Note,
}

impl InclusionDocument {
    /// The text of the file.
    pub fn to_text(&self) -> String {
        let extra = self.extra.as_ref().map(|extra| format!("extra {}\n", text::to_base64(extra)));
        let extra = extra.unwrap_or_default();
        let InclusionProof { index, hashes } = &self.proof;
        let (hashes, checkpoint) = (hash_lines(hashes), &self.checkpoint);
        format!("{INCLUSION_HEADER}\n{extra}index {index}\n{hashes}\n{checkpoint}")
    }

    /// Reads the text of a file; neither proof nor signature is checked yet.
    pub fn from_text(text: &str) -> Result<InclusionDocument, BadText> {
        let mut lines = Lines::of(text)?;
        lines.read(INCLUSION, |line| (line == INCLUSION_HEADER).then_some(()))?;
        let extra = if lines.next_starts_with("extra ") {
            let read = |line: &str| text::from_base64(line.strip_prefix("extra ")?);
            Some(lines.read(EXTRA, read)?)
        } else {
            None
        };
        let index = lines.read(INDEX, |line| text::decimal(line.strip_prefix("index ")?))?;
        let hashes = read_hashes(&mut lines)?;
        let checkpoint = Note::read(&mut lines)?;
        lines.finish()?;
        Ok(InclusionDocument { proof: InclusionProof { index, hashes }, extra, checkpoint })
    }

    /// Checks that the log of `verifier` signed a tree with `leaf` in it; gives its checkpoint.
    pub fn verify(&self, leaf: &Hash, verifier: &Verifier) -> Result<Checkpoint, NotProven> {
        let checkpoint = self.checkpoint.open(verifier).map_err(NotProven::Note)?;
        self.proof.verify(leaf, &checkpoint.head()).map_err(NotProven::Proof)?;
        Ok(checkpoint)
    }
}

/// A file proving that one checkpoint of a log continues another, a sister of C2SP tlog-proof.
///
/// Lines end in U+000A; hashes and root are standard base64 of 32 bytes. The sizes are those in the
/// checkpoints and stand nowhere else. There are no hashes if the older size is 0 or both sizes are
/// the same. Each checkpoint ends with the last of its signature lines.
///
/// ```text
/// taizhang/consistency-proof@v1
/// <base64 hash>                   (one line each, in the order of RFC 9162 section 2.1.4)
///
/// <the older checkpoint, a signed note>
///
/// <the newer checkpoint, a signed note>
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyDocument {
    /// The proof.
    pub proof: ConsistencyProof,
    /// The older checkpoint.
    pub old: Note,
    /// The newer checkpoint.
    pub new: Note,
}

impl ConsistencyDocument {
    /// The text of the file.
    pub fn to_text(&self) -> String {
        let Self { proof, old, new } = self;
        format!("{CONSISTENCY_HEADER}\n{}\n{old}\n{new}", hash_lines(&proof.hashes))
    }

    /// Reads the text of a file; neither proof nor signatures are checked yet.
    pub fn from_text(text: &str) -> Result<ConsistencyDocument, BadText> {
        let mut lines = Lines::of(text)?;
        lines.read(CONSISTENCY, |line| (line == CONSISTENCY_HEADER).then_some(()))?;
        let hashes = read_hashes(&mut lines)?;
        let old = Note::read(&mut lines)?;
        lines.read(SEPARATOR, |line| line.is_empty().then_some(()))?;
        let new = Note::read(&mut lines)?;
        lines.finish()?;
        Ok(ConsistencyDocument { proof: ConsistencyProof { hashes }, old, new })
    }

    /// Checks that both checkpoints are signed and that the newer one continues the older; gives
    /// the newer one.
    ///
    /// The two keys differ only where the log changed its key in between.
    pub fn verify(&self, old: &Verifier, new: &Verifier) -> Result<Checkpoint, NotProven> {
        let older = self.old.open(old).map_err(NotProven::Note)?;
        let newer = self.new.open(new).map_err(NotProven::Note)?;
        if older.origin != newer.origin {
            let [expected, found] = [older.origin, newer.origin];
            return Err(NotProven::Note(BadNote::OtherLog { expected, found }));
        }
        self.proof.verify(&older.head(), &newer.head()).map_err(NotProven::Proof)?;
        Ok(newer)
    }
}

/// The hashes, one a line.
fn hash_lines(hashes: &[Hash]) -> String {
    hashes.iter().map(|hash| text::to_base64(hash.as_bytes()) + "\n").collect()
}

/// Reads hashes and the empty line after them.
fn read_hashes(lines: &mut Lines<'_>) -> Result<Vec<Hash>, BadText> {
    let mut hashes = Vec::new();
    while !lines.next_starts_with("\n") {
        hashes.push(lines.read(HASH, text::hash_from_base64)?);
    }
    lines.read(HASH, |line| line.is_empty().then_some(()))?;
    Ok(hashes)
}

/// Why a file of the right form proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotProven {
    /// A checkpoint in it cannot be believed.
    Note(BadNote),
    /// The proof does not hold.
    Proof(BadProof),
}

impl NotProven {
    /// What is wrong, in both languages.
    pub fn sentence(&self) -> Sentence {
        match self {
            NotProven::Note(note) => note.sentence(),
            NotProven::Proof(proof) => proof.sentence(),
        }
    }
}

text::error_from_sentence!(NotProven);

#[cfg(test)]
mod tests {
    use super::super::key::{Origin, Signer};
    use super::super::merkle::{Frontier, leaf_hash};
    use super::*;

    fn leaves(count: u64) -> impl Iterator<Item = Hash> {
        (0..count).map(|index| leaf_hash(&index.to_be_bytes()))
    }

    fn signer(secret: u8) -> Signer {
        Signer::new(Origin::new("ledger.example/451425").unwrap(), &[secret; 32])
    }

    fn note(size: u64) -> Note {
        signer(1).sign(&leaves(size).collect::<Frontier>().head())
    }

    fn inclusion(extra: Option<Vec<u8>>) -> InclusionDocument {
        let proof = InclusionProof::of(3, 7, leaves(7)).unwrap();
        InclusionDocument { proof, extra, checkpoint: note(7) }
    }

    fn consistency(old: u64, new: u64) -> ConsistencyDocument {
        let proof = ConsistencyProof::of(old, new, leaves(new)).unwrap();
        ConsistencyDocument { proof, old: note(old), new: note(new) }
    }

    #[test]
    fn an_inclusion_document_reads_back_and_proves() {
        for extra in [None, Some(vec![]), Some(vec![1, 2, 3])] {
            let document = inclusion(extra);
            let back = InclusionDocument::from_text(&document.to_text()).unwrap();
            assert_eq!(back, document);
            let leaf = leaf_hash(&3_u64.to_be_bytes());
            assert_eq!(back.verify(&leaf, signer(1).verifier()).unwrap().size, 7);
            let other = leaf_hash(&4_u64.to_be_bytes());
            let refused = back.verify(&other, signer(1).verifier());
            assert_eq!(refused, Err(NotProven::Proof(BadProof::Root)));
            let refused = back.verify(&leaf, signer(2).verifier());
            assert!(matches!(refused, Err(NotProven::Note(BadNote::UnknownSigner { .. }))));
        }
    }

    #[test]
    fn a_consistency_document_reads_back_and_proves() {
        for (old, new) in [(0, 0), (0, 7), (3, 7), (4, 7), (7, 7)] {
            let document = consistency(old, new);
            let back = ConsistencyDocument::from_text(&document.to_text()).unwrap();
            assert_eq!(back, document);
            let key = signer(1);
            assert_eq!(back.verify(key.verifier(), key.verifier()).unwrap().size, new);
        }
    }

    #[test]
    fn two_signed_histories_are_evidence_of_a_fork() {
        let key = signer(1);
        let other: Frontier = leaves(8).skip(1).collect();
        let document = ConsistencyDocument { new: key.sign(&other.head()), ..consistency(7, 7) };
        let refused = document.verify(key.verifier(), key.verifier());
        assert_eq!(refused, Err(NotProven::Proof(BadProof::Fork { size: 7 })));
    }

    #[test]
    fn a_key_may_change_between_two_checkpoints() {
        let [before, after] = [signer(1), signer(2)];
        let head = leaves(7).collect::<Frontier>().head();
        let document = ConsistencyDocument { new: after.sign(&head), ..consistency(3, 7) };
        assert!(document.verify(before.verifier(), after.verifier()).is_ok());
        assert!(document.verify(before.verifier(), before.verifier()).is_err());
    }

    #[test]
    fn checkpoints_of_two_logs_prove_nothing() {
        let other = Signer::new(Origin::new("ledger.example/451426").unwrap(), &[1; 32]);
        let head = leaves(7).collect::<Frontier>().head();
        let document = ConsistencyDocument { new: other.sign(&head), ..consistency(3, 7) };
        let refused = document.verify(signer(1).verifier(), other.verifier());
        assert!(matches!(refused, Err(NotProven::Note(BadNote::OtherLog { .. }))));
    }

    #[test]
    fn a_malformed_document_is_complained_of_precisely() {
        let text = inclusion(None).to_text();
        let refused = |text: &str| InclusionDocument::from_text(text).unwrap_err().sentence();
        assert_eq!(
            refused(&text.replace("@v1", "@v2")).en,
            "line 1: expected c2sp.org/tlog-proof@v1, found “c2sp.org/tlog-proof@v2”"
        );
        assert_eq!(
            refused(&text.replace("index 3", "index 03")).zh,
            "第 2 行应为“index 序号”，实为“index 03”"
        );
        assert_eq!(
            refused(&text.replacen("=\n", "\n", 1)).en.split(',').next(),
            Some("line 3: expected a hash (base64 of 32 bytes) or an empty line")
        );
        assert_eq!(
            refused(&text.replace("\n7\n", "\n7 \n")).en,
            "line 8: expected the number of entries, found “7 ”"
        );
        let (first, _) = text.split_at(text.find("\n\n").unwrap() + 1);
        assert!(refused(first).en.ends_with("but the text ends here"));
        let longer = refused(&format!("{text}\n"));
        assert!(longer.en.starts_with("line 12: expected the end of the text"), "{}", longer.en);
        let joined = consistency(3, 7).to_text();
        assert!(ConsistencyDocument::from_text(&format!("{joined}\n")).is_err());
        let (first, _) = joined.rsplit_once("\n\nledger").unwrap();
        let refused = ConsistencyDocument::from_text(&format!("{first}\n")).unwrap_err();
        assert_eq!(refused.expected, SEPARATOR);
    }
}
