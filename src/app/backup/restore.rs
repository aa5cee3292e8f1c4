//! Restoring a backup into a place that holds no ledger: manifest and digest first, then all of it
//! or nothing.

use std::{
    fs::File,
    io::{self, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{copy_counted, fingerprint, partial::Partial, read_manifest};
use crate::{
    app::dump,
    clock::Clock,
    domain::{
        manifest::{Form, Manifest},
        refusal::Refusal,
        trail::key::{Origin, Signer},
    },
    error::Result,
    store::{
        connect::Place,
        dump::{check_keys, knows_schema, own_schema},
        key::Keys,
        watch::Watch,
    },
};

/// The file being made while a ledger is restored or loaded.
pub(in crate::app) const FILE: &str = "ledger.db";

/// Restores a backup, and tells what its manifest says.
pub async fn restore(
    backup: &Path,
    place: &Place,
    keys: &Path,
    clock: Arc<dyn Clock>,
    watch: Watch<'_>,
) -> Result<Manifest> {
    check_keys(keys)?;
    let manifest = read_manifest(backup, &public(keys)?)?;
    if !knows_schema(&manifest.schema) {
        return Err(Refusal::schema_unknown(&manifest.schema, &own_schema()).into());
    }
    let file = backup.join(manifest.file.form.file_name());
    match (manifest.file.form, place.file()) {
        (Form::Sqlite, None) => return Err(Refusal::backup_of_sqlite().into()),
        (Form::Sqlite, Some(target)) => bring(&file, Path::new(target), &manifest, watch)?,
        (Form::Dump, _) => {
            check(&file, fingerprint(&file)?, &manifest)?;
            let source = BufReader::new(File::open(&file)?);
            dump::load_from(source, place, keys, clock, watch).await?;
        }
    }
    Ok(manifest)
}

/// The public half of the key that signs for a ledger.
fn public(keys: &Path) -> Result<[u8; 32]> {
    let any = Origin::new("taizhang").map_err(anyhow::Error::new)?;
    Ok(*Signer::new(any, &Keys::read(keys)?.signing).verifier().public())
}

/// Copies the file of a backup, and gives it its name if it is what the manifest says.
fn bring(file: &Path, target: &Path, manifest: &Manifest, watch: Watch<'_>) -> Result<()> {
    refuse_occupied(target)?;
    let partial = Partial::begin(&folder_of(target))?;
    let mut copy = File::create_new(partial.whole().join(FILE))?;
    let found = copy_counted(&mut open(file)?, &mut copy)?;
    check(file, found, manifest)?;
    watch.go_on()?;
    partial.publish_file(FILE, target)
}

fn open(file: &Path) -> Result<File> {
    let missing = |error: io::Error| {
        let shown = format!("{}: {error}", file.display());
        Refusal::backup_manifest(&shown, &shown)
    };
    Ok(File::open(file).map_err(missing)?)
}

fn check(file: &Path, (bytes, sha256): (u64, String), manifest: &Manifest) -> Result<()> {
    if (bytes, &sha256) == (manifest.file.bytes, &manifest.file.sha256) {
        return Ok(());
    }
    Err(Refusal::backup_altered(&file.display().to_string()).into())
}

/// The folder in which a file lies or shall lie.
pub(in crate::app) fn folder_of(target: &Path) -> PathBuf {
    target.parent().map(Path::to_owned).unwrap_or_default()
}

/// Refuses a file that is there, and one whose write-ahead log is.
pub(in crate::app) fn refuse_occupied(target: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut name = target.as_os_str().to_owned();
        name.push(end);
        if Path::new(&name).symlink_metadata().is_ok() {
            return Err(Refusal::place_occupied(&Path::new(&name).display().to_string()).into());
        }
    }
    Ok(())
}
