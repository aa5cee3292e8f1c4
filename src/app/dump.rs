//! Moving a ledger: written out as lines and stored again, on the same kind of database or the
//! other.

use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, anyhow};

use super::backup::{
    partial::Partial,
    require_operator,
    restore::{FILE, folder_of, refuse_occupied},
};
use crate::{
    clock::Clock,
    domain::refusal::Refusal,
    error::{Error, Result},
    store::{
        Actor, Ledger,
        connect::Place,
        dump::{self, Dumped, Loaded, check_keys},
        watch::Watch,
    },
};

/// Writes a dump to a file, which is whole or not there; or to a stream.
pub async fn dump(
    ledger: &Ledger,
    actor: &Actor,
    target: Target,
    watch: Watch<'_>,
) -> Result<Dumped> {
    require_operator(actor)?;
    let path = match target {
        Target::Stream(sink) => return ledger.dump(BufWriter::new(sink), None, watch).await,
        Target::File(path) => path,
    };
    if path.symlink_metadata().is_ok() {
        return Err(Refusal::file_exists(&path.display().to_string()).into());
    }
    let partial = Partial::begin(&folder_of(&path))?;
    let sink = BufWriter::new(File::create_new(partial.whole().join(FILE))?);
    let dumped = ledger.dump(sink, None, watch).await?;
    watch.go_on()?;
    partial.publish_file(FILE, &path)?;
    Ok(dumped)
}

/// Where a dump goes.
pub enum Target {
    /// A file that is not there yet.
    File(PathBuf),
    /// A stream.
    Stream(Box<dyn Write + Send>),
}

/// Loads the dump in a file into a place that holds no ledger.
pub async fn load(
    file: &Path,
    place: &Place,
    keys: &Path,
    clock: Arc<dyn Clock>,
    watch: Watch<'_>,
) -> Result<Loaded> {
    check_keys(keys)?;
    let source = File::open(file).with_context(|| file.display().to_string())?;
    load_from(BufReader::new(source), place, keys, clock, watch).await
}

/// Loads a dump. A file takes its name once everything in it was verified; PostgreSQL has it all
/// in one transaction.
pub(super) async fn load_from(
    source: impl BufRead + Send,
    place: &Place,
    keys: &Path,
    clock: Arc<dyn Clock>,
    watch: Watch<'_>,
) -> Result<Loaded> {
    let Some(target) = place.file().map(Path::new) else {
        return dump::load(place, keys, clock, source, watch).await;
    };
    refuse_occupied(target)?;
    let partial = Partial::begin(&folder_of(target))?;
    let made = Place::new(format!("sqlite:{}", partial.whole().join(FILE).display()));
    let loaded = dump::load(&made, keys, clock, source, watch).await?;
    // closing folds the write-ahead log into the file; without that the file alone is not whole
    let beside = partial.whole().join(format!("{FILE}-wal"));
    if beside.exists() {
        return Err(Error::Internal(anyhow!("{} was not folded in", beside.display())));
    }
    watch.go_on()?;
    partial.publish_file(FILE, target)?;
    Ok(loaded)
}
