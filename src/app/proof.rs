//! Proofs as files: that an entry is in a county's log, and that the log only ever grew. Whoever
//! holds the public key can check them without the ledger (reliability.md §4.3).

use anyhow::anyhow;
use entity::{
    area::County,
    language::{Label, Sentence},
    log::checkpoint::Model as Stored,
};

use crate::{
    domain::{
        trail::{
            checkpoint::{BadNote, Checkpoint, Note},
            document::{ConsistencyDocument, InclusionDocument, NotProven},
            key::{BadKey, Origin, Verifier},
            merkle::leaf_hash,
            proof::{BadProof, ConsistencyProof, InclusionProof, Shape},
            text::BadText,
        },
        verification::Verdict,
    },
    error::{Error, Result},
    store::Ledger,
};

const ENTRY: Label = Label::new("已签名的留痕", "entry below a signed checkpoint");
const CHECKPOINT: Label = Label::new("这一条数的已签名检查点", "signed checkpoint of this size");

/// The file that proves that an entry is in the log, against the newest signed checkpoint.
pub async fn inclusion(ledger: &Ledger, county: County, seq: u64) -> Result<String> {
    let newest = newest(ledger, county).await?.ok_or(Error::NotFound(ENTRY))?;
    let (checkpoint, verifier) = opened(ledger, county, &newest)?;
    if seq >= checkpoint.size {
        return Err(Error::NotFound(ENTRY));
    }
    let entries = ledger.entries(county, seq).await?;
    let entry = entries.first().filter(|entry| u64::try_from(entry.seq) == Ok(seq));
    let entry = entry.ok_or(Error::NotFound(ENTRY))?;
    let shape = Shape::inclusion(seq, checkpoint.size).map_err(anyhow::Error::new)?;
    let hashes = ledger.gather(county, checkpoint.size, shape).await?;
    let proof = InclusionProof { index: seq, hashes };
    let document = InclusionDocument { proof, extra: None, checkpoint: newest };
    document.verify(&leaf_hash(entry.body.as_bytes()), &verifier).map_err(|bad| unsound(&bad))?;
    Ok(document.to_text())
}

/// The file that proves that the newest signed checkpoint continues the one of a size.
pub async fn consistency(ledger: &Ledger, county: County, from_size: u64) -> Result<String> {
    let stored = ledger.checkpoints(county).await?;
    let old = stored.iter().find(|row| u64::try_from(row.size) == Ok(from_size));
    let old = note(old.ok_or(Error::NotFound(CHECKPOINT))?)?;
    let new = note(stored.last().ok_or(Error::NotFound(CHECKPOINT))?)?;
    let (checkpoint, verifier) = opened(ledger, county, &new)?;
    let shape = Shape::consistency(from_size, checkpoint.size).map_err(anyhow::Error::new)?;
    let hashes = ledger.gather(county, checkpoint.size, shape).await?;
    let document = ConsistencyDocument { proof: ConsistencyProof { hashes }, old, new };
    document.verify(&verifier, &verifier).map_err(|bad| unsound(&bad))?;
    Ok(document.to_text())
}

/// The newest signed checkpoint of a county, as a note to keep outside.
pub async fn head(ledger: &Ledger, county: County) -> Result<String> {
    let newest = newest(ledger, county).await?.ok_or(Error::NotFound(CHECKPOINT))?;
    Ok(newest.as_str().to_owned())
}

async fn newest(ledger: &Ledger, county: County) -> Result<Option<Note>> {
    ledger.last_checkpoint(county).await?.as_ref().map(note).transpose()
}

fn note(row: &Stored) -> Result<Note> {
    Ok(Note::parse(&row.note).map_err(anyhow::Error::new)?)
}

fn opened(ledger: &Ledger, county: County, note: &Note) -> Result<(Checkpoint, Verifier)> {
    let verifier = ledger.verifier(county)?;
    let checkpoint = note.open(&verifier).map_err(|bad| unsound(&NotProven::Note(bad)))?;
    Ok((checkpoint, verifier))
}

/// A log that cannot prove itself is not what was signed.
fn unsound(bad: &NotProven) -> Error {
    let Sentence { zh, en } = bad.sentence();
    Error::Internal(anyhow!("{zh}；请运行 taizhang verify / {en}; run taizhang verify"))
}

/// Why a proof file does not convince.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotChecked {
    /// The public key is none.
    Key(BadKey),
    /// The file is no proof.
    Text(BadText),
    /// An inclusion proof came without the entry it is about.
    EntryMissing,
    /// The proof does not hold.
    NotProven(NotProven),
}

impl NotChecked {
    /// What is wrong, in both languages.
    pub fn sentence(&self) -> Sentence {
        match self {
            NotChecked::Key(bad) => bad.sentence(),
            NotChecked::Text(bad) => bad.sentence(),
            NotChecked::EntryMissing => Sentence::new(
                "需要同时提供该条留痕的原文",
                "the bytes of the entry itself are needed too",
            ),
            NotChecked::NotProven(bad) => bad.sentence(),
        }
    }

    /// What it means, as the command line tells it.
    pub const fn verdict(&self) -> Verdict {
        match self {
            NotChecked::Key(_)
            | NotChecked::Text(_)
            | NotChecked::EntryMissing
            | NotChecked::NotProven(NotProven::Note(BadNote::Malformed(_))) => Verdict::Incomplete,
            NotChecked::NotProven(NotProven::Note(_)) => Verdict::BadSignature,
            NotChecked::NotProven(NotProven::Proof(BadProof::Fork { .. })) => Verdict::Fork,
            NotChecked::NotProven(NotProven::Proof(_)) => Verdict::Mismatch,
        }
    }
}

/// Checks a proof file of either kind with nothing but a public key, and for an inclusion proof
/// the exact bytes of the entry. The key may be the county's or the whole ledger's. Answers the
/// checkpoint that is vouched for.
pub fn check(text: &str, verifier: &str, entry: Option<&[u8]>) -> Result<Checkpoint, NotChecked> {
    let verifier: Verifier = verifier.trim().parse().map_err(NotChecked::Key)?;
    if text.starts_with("taizhang/consistency-proof@") {
        let document = ConsistencyDocument::from_text(text).map_err(NotChecked::Text)?;
        let verifier = of_log(verifier, document.new.claimed_origin())?;
        return document.verify(&verifier, &verifier).map_err(NotChecked::NotProven);
    }
    let document = InclusionDocument::from_text(text).map_err(NotChecked::Text)?;
    let verifier = of_log(verifier, document.checkpoint.claimed_origin())?;
    let entry = entry.ok_or(NotChecked::EntryMissing)?;
    document.verify(&leaf_hash(entry), &verifier).map_err(NotChecked::NotProven)
}

/// The key of a county's log from that of its ledger: the same key under the county's name.
fn of_log(verifier: Verifier, log: &Origin) -> Result<Verifier, NotChecked> {
    let ledger = verifier.origin().as_str();
    let rest = log.as_str().strip_prefix(ledger).and_then(|rest| rest.strip_prefix('/'));
    match rest.filter(|rest| rest.parse::<County>().is_ok()) {
        Some(_) => Verifier::new(log.clone(), verifier.public()).map_err(NotChecked::Key),
        None => Ok(verifier),
    }
}
