//! The manifest of a backup: what was copied, when, by which program, and how to know it again.
//! It is signed with the ledger's key, in the note form that checkpoints use.

use std::collections::BTreeMap;

use entity::language::Sentence;
use serde::{Deserialize, Serialize};

use super::trail::{
    checkpoint::BadNote,
    key::{Origin, Signer, Verifier},
    signed,
};

/// The form of manifests that this program writes and reads.
pub const FORMAT: &str = "taizhang-backup/1";

/// How a backup holds the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A SQLite database.
    Sqlite,
    /// A dump: one line a row.
    Dump,
}

impl Form {
    /// The name of the file that holds it.
    pub const fn file_name(self) -> &'static str {
        match self {
            Form::Sqlite => "ledger.db",
            Form::Dump => "ledger.dump",
        }
    }
}

/// The end of one county's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogEnd {
    /// The county's six digits.
    pub county: String,
    /// Entries.
    pub size: u64,
    /// The root over them, hexadecimal.
    pub root: String,
}

/// The file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// How it holds the ledger.
    pub form: Form,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
}

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always [`FORMAT`].
    pub format: String,
    /// The name of the ledger.
    pub ledger: String,
    /// When it was taken, UTC.
    pub taken_at: String,
    /// The version of the program that took it.
    pub program: String,
    /// The last migration of its tables.
    pub schema: String,
    /// The file.
    pub file: File,
    /// Where every county's log ended.
    pub logs: Vec<LogEnd>,
    /// Rows of every table.
    pub rows: BTreeMap<String, u64>,
}

impl Manifest {
    /// The text of the manifest, signed.
    pub fn sign(&self, signer: &Signer) -> serde_json::Result<String> {
        let text = serde_json::to_string_pretty(self)?;
        Ok(signer.sign_text(&format!("{text}\n")))
    }

    /// The manifest in a note that is signed by the ledger it names with the key of `public`.
    pub fn open(note: &str, public: &[u8; 32]) -> Result<Manifest, BadManifest> {
        let claimed = signed::claimed(note).map_err(BadNote::Malformed)?;
        let claimed: Manifest =
            serde_json::from_str(claimed).map_err(|_| BadManifest::Unreadable)?;
        let origin = Origin::new(&claimed.ledger).map_err(|_| BadManifest::Unreadable)?;
        let verifier = Verifier::new(origin, public).map_err(|_| BadManifest::Unreadable)?;
        signed::open_text(note, &verifier)?;
        if claimed.format == FORMAT { Ok(claimed) } else { Err(BadManifest::Unreadable) }
    }
}

/// A manifest one may not rely on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadManifest {
    /// It is not of the form that this program knows.
    Unreadable,
    /// It is not signed as it should be.
    Note(BadNote),
}

impl From<BadNote> for BadManifest {
    fn from(bad: BadNote) -> BadManifest {
        BadManifest::Note(bad)
    }
}

impl BadManifest {
    /// What is wrong, in both languages.
    pub fn sentence(&self) -> Sentence {
        let (zh, en) = match self {
            BadManifest::Unreadable => (
                format!("内容不是 {FORMAT} 格式，已损坏或由更新的程序写成"),
                format!("it is not of the form {FORMAT}: damaged, or written by a newer program"),
            ),
            BadManifest::Note(BadNote::BadSignature { signer }) => (
                format!("{signer} 的签名无效，内容或签名被改动"),
                format!("the signature of {signer} does not hold: text or signature was altered"),
            ),
            BadManifest::Note(BadNote::UnknownSigner { expected, found }) => (
                format!("没有 {expected} 的签名，只有 {}；密钥文件不是本台账的", found.join("、")),
                format!(
                    "it is signed by {}, not by {expected}: the key file is of another ledger",
                    found.join(", ")
                ),
            ),
            BadManifest::Note(BadNote::Malformed(text)) => {
                let Sentence { zh, en } = text.sentence();
                (zh, en)
            }
            BadManifest::Note(other) => {
                let Sentence { zh, en } = other.sentence();
                (zh, en)
            }
        };
        Sentence { zh, en }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            format: FORMAT.into(),
            ledger: "taizhang".into(),
            taken_at: "2026-06-01T04:00:00.000Z".into(),
            program: "0.1.0".into(),
            schema: "m1".into(),
            file: File { form: Form::Sqlite, bytes: 7, sha256: "00".repeat(32) },
            logs: vec![LogEnd { county: "520381".into(), size: 3, root: "ab".into() }],
            rows: BTreeMap::from([("asset".into(), 2)]),
        }
    }

    fn signer(name: &str) -> Signer {
        Signer::new(Origin::new(name).unwrap(), &[1; 32])
    }

    #[test]
    fn a_manifest_opens_with_the_key_that_signed_it() {
        let signer = signer("taizhang");
        let note = manifest().sign(&signer).unwrap();
        assert_eq!(Manifest::open(&note, signer.verifier().public()), Ok(manifest()));
        let altered = note.replace("\"size\": 3", "\"size\": 4");
        let refused = Manifest::open(&altered, signer.verifier().public()).unwrap_err();
        assert!(refused.sentence().en.contains("altered"), "{}", refused.sentence().en);
        let other = Signer::new(Origin::new("taizhang").unwrap(), &[2; 32]);
        let refused = Manifest::open(&note, other.verifier().public()).unwrap_err();
        assert!(refused.sentence().en.contains("another ledger"));
    }

    #[test]
    fn a_manifest_of_another_form_is_refused() {
        let signer = signer("taizhang");
        let newer = Manifest { format: "taizhang-backup/2".into(), ..manifest() };
        let note = newer.sign(&signer).unwrap();
        let refused = Manifest::open(&note, signer.verifier().public());
        assert_eq!(refused, Err(BadManifest::Unreadable));
        let note = signer.sign_text("{}\n");
        let refused = Manifest::open(&note, signer.verifier().public());
        assert_eq!(refused, Err(BadManifest::Unreadable));
        assert!(Manifest::open("", signer.verifier().public()).is_err());
    }
}
