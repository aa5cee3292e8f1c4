//! Backups: a folder with one file that holds the ledger and a signed manifest that tells how to
//! know it again. Taken while others write; whole, or not there. `restore` brings one back;
//! `partial` is where all of it is made.

mod keep;
pub mod partial;
pub mod restore;

use std::{
    fs::{self, File},
    io::{self, BufWriter, Read, Write as _},
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use chrono::SecondsFormat;
use entity::account::Role;
use sha2::{Digest, Sha256};

use crate::{
    domain::{
        manifest::{self, Form, LogEnd, Manifest},
        refusal::Refusal,
        verification::LogReport,
    },
    error::{Error, Result},
    store::{
        Actor, Ledger, backup::Held, dump::refuse_unsound, verify::VerifyOptions, watch::Watch,
    },
};
use partial::Partial;

/// The name of the manifest in a backup.
pub const MANIFEST: &str = "manifest";
/// What the name of a backup begins with; its instant follows.
const PREFIX: &str = "taizhang-";

/// What to back up, and where.
#[derive(Clone, Debug)]
pub struct Request {
    /// The folder that holds the backups.
    pub folder: PathBuf,
    /// Whether every row of the copy is compared with its log too.
    pub rows: bool,
    /// How many backups stay; all of them when nothing is said.
    pub keep: Option<NonZeroUsize>,
}

/// A backup that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Its folder.
    pub path: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
    /// Older backups that were removed.
    pub removed: Vec<PathBuf>,
}

/// Only whoever keeps the machine copies a whole ledger.
pub(super) fn require_operator(actor: &Actor) -> Result<()> {
    if actor.role() == Role::Operator { Ok(()) } else { Err(Error::Forbidden) }
}

/// Takes a backup. Older ones are removed only once the new one is whole.
pub async fn take(
    ledger: &Ledger,
    actor: &Actor,
    request: &Request,
    watch: Watch<'_>,
) -> Result<Taken> {
    require_operator(actor)?;
    let partial = Partial::begin(&request.folder)?;
    let taken_at = ledger.clock().now();
    let path = request.folder.join(format!("{PREFIX}{}", taken_at.format("%Y%m%dT%H%M%S%3fZ")));
    let form = if ledger.place().file().is_some() { Form::Sqlite } else { Form::Dump };
    let file = partial.whole().join(form.file_name());
    let options = VerifyOptions { rows: request.rows, ..VerifyOptions::default() };
    let held = match form {
        Form::Sqlite => copy(ledger, &file, &options, watch).await?,
        Form::Dump => dump(ledger, &file, &options, watch).await?,
    };
    refuse_unsound(&held.verification)?;
    let (bytes, sha256) = fingerprint(&file)?;
    let manifest = Manifest {
        format: manifest::FORMAT.to_owned(),
        ledger: ledger.name().to_owned(),
        taken_at: taken_at.to_rfc3339_opts(SecondsFormat::Millis, true),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema: held.schema,
        file: manifest::File { form, bytes, sha256 },
        logs: held.verification.logs.iter().map(log_end).collect(),
        rows: held.counts,
    };
    let signer = ledger.own_signer()?;
    let note = manifest.sign(&signer).map_err(anyhow::Error::new)?;
    let mut written = File::create_new(partial.whole().join(MANIFEST))?;
    written.write_all(note.as_bytes())?;
    written.sync_all()?;
    watch.go_on()?;
    partial.publish_folder(&path)?;
    let removed = match request.keep {
        Some(keep) => keep::remove_beyond(&request.folder, keep, signer.verifier().public())?,
        None => Vec::new(),
    };
    Ok(Taken { path, manifest, removed })
}

async fn copy(
    ledger: &Ledger,
    file: &Path,
    options: &VerifyOptions,
    watch: Watch<'_>,
) -> Result<Held> {
    ledger.copy_into(file, watch).await?;
    File::open(file)?.sync_all()?;
    let copy = ledger.copy(file).await?;
    let held = copy.look_through(options, watch).await?;
    copy.close().await?;
    Ok(held)
}

async fn dump(
    ledger: &Ledger,
    file: &Path,
    options: &VerifyOptions,
    watch: Watch<'_>,
) -> Result<Held> {
    let mut sink = BufWriter::new(File::create_new(file)?);
    let dumped = ledger.dump(&mut sink, Some(options), watch).await?;
    sink.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    let verification = dumped.verification.unwrap_or_default();
    Ok(Held { schema: dumped.schema, counts: dumped.counts, verification })
}

/// Where a log ends, as a manifest says it.
pub fn log_end(log: &LogReport) -> LogEnd {
    LogEnd { county: log.county.to_string(), size: log.size, root: log.root.to_string() }
}

/// The length of a file and its SHA-256, hexadecimal.
fn fingerprint(file: &Path) -> Result<(u64, String)> {
    copy_counted(&mut File::open(file)?, &mut io::sink())
}

/// Copies bytes, and tells how many they were and their SHA-256.
fn copy_counted(source: &mut impl Read, sink: &mut impl io::Write) -> Result<(u64, String)> {
    let (mut digest, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let n = source.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        digest.update(&buffer[..n]);
        sink.write_all(&buffer[..n])?;
        bytes += u64::try_from(n).unwrap_or(0);
    }
    let digest = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((bytes, digest))
}

/// Reads the manifest of a backup, believed only if it is signed with the key of `public`.
pub(crate) fn read_manifest(backup: &Path, public: &[u8; 32]) -> Result<Manifest> {
    let path = backup.join(MANIFEST);
    let unreadable = |error: io::Error| {
        let shown = format!("{}: {error}", path.display());
        Error::from(Refusal::backup_manifest(&shown, &shown))
    };
    let note = fs::read(&path).map_err(unreadable)?;
    let note = String::from_utf8(note);
    let note = note.map_err(|_| Refusal::backup_manifest("不是文本", "it is no text"))?;
    Manifest::open(&note, public).map_err(|bad| {
        let sentence = bad.sentence();
        Refusal::backup_manifest(&sentence.zh, &sentence.en).into()
    })
}
