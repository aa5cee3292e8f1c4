//! Which backups stay: the newest so many of this ledger. What is not a backup of this ledger is
//! never touched.

use std::{
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use super::{PREFIX, partial::Partial, read_manifest};
use crate::error::Result;

/// Removes the oldest backups beyond so many, and tells which.
pub(super) fn remove_beyond(
    folder: &Path,
    keep: NonZeroUsize,
    public: &[u8; 32],
) -> Result<Vec<PathBuf>> {
    let mut ours = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_named =
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
        if !is_named || !path.is_dir() {
            continue;
        }
        // the signature tells whose it is
        if let Ok(manifest) = read_manifest(&path, public) {
            ours.push((manifest.taken_at, path));
        }
    }
    ours.sort();
    let beyond = ours.len().saturating_sub(keep.get());
    let mut removed = Vec::new();
    for (_, path) in ours.drain(..beyond) {
        // out of sight first: a backup that is half removed must not look like one
        let partial = Partial::begin(folder)?;
        fs::rename(&path, partial.whole().join("removed"))?;
        drop(partial);
        removed.push(path);
    }
    Ok(removed)
}
