//! Where something is made that must be whole or not there: a hidden folder that takes its name,
//! or gives its file away, in one step at the end. What a killed program left is removed by the
//! next that works in the same folder.

use std::{
    fs::{self, DirBuilder, File},
    io,
    path::{Path, PathBuf},
};

use tempfile::{TempDir, TempPath};

use crate::{
    domain::refusal::Refusal,
    error::{Error, Result},
};

const PREFIX: &str = ".taizhang-partial-";
/// Held while the maker lives.
const LOCK: &str = "lock";
/// What is being made.
const WHOLE: &str = "whole";

/// Something that is being made.
pub struct Partial {
    hidden: TempDir,
    _lock: File,
    folder: PathBuf,
}

impl Partial {
    /// Begins something in a folder, which is made if it is not there.
    pub fn begin(folder: &Path) -> Result<Partial> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        private_folders(folder)?;
        sweep(folder)?;
        let hidden = tempfile::Builder::new().prefix(PREFIX).tempdir_in(folder)?;
        let lock = File::create_new(hidden.path().join(LOCK))?;
        lock.lock()?;
        private_folders(&hidden.path().join(WHOLE))?;
        Ok(Partial { hidden, _lock: lock, folder: folder.to_owned() })
    }

    /// The folder to make it in.
    pub fn whole(&self) -> PathBuf {
        self.hidden.path().join(WHOLE)
    }

    /// Gives the folder its name.
    pub fn publish_folder(self, name: &Path) -> Result<()> {
        sync_folder(&self.whole())?;
        if name.symlink_metadata().is_ok() {
            return Err(exists(name));
        }
        // a folder that is there by now and holds anything is not replaced
        fs::rename(self.whole(), name)?;
        sync_folder(&self.folder)
    }

    /// Gives one file of the folder its name; never over another.
    pub fn publish_file(self, file: &str, name: &Path) -> Result<()> {
        let path = self.whole().join(file);
        File::open(&path)?.sync_all()?;
        TempPath::try_from_path(path)?.persist_noclobber(name).map_err(|error| {
            match error.error.kind() {
                io::ErrorKind::AlreadyExists => exists(name),
                _ => error.error.into(),
            }
        })?;
        sync_folder(&self.folder)
    }
}

fn exists(name: &Path) -> Error {
    Refusal::file_exists(&name.display().to_string()).into()
}

/// What is renamed in a folder lasts only once the folder itself is on disk.
pub(super) fn sync_folder(folder: &Path) -> Result<()> {
    // other systems cannot open a folder
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Makes a folder, and those above it, for their owner alone.
fn private_folders(folder: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(folder)?)
}

/// Removes what makers left who are no more.
fn sweep(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let Ok(lock) = File::open(entry.path().join(LOCK)) else { continue };
        if lock.try_lock().is_ok() {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(folder: &Path) -> usize {
        let entries = fs::read_dir(folder).unwrap().flatten();
        entries.filter(|entry| entry.file_name().to_string_lossy().starts_with('.')).count()
    }

    #[test]
    fn what_is_not_published_is_gone() {
        let home = tempfile::tempdir().unwrap();
        let partial = Partial::begin(home.path()).unwrap();
        fs::write(partial.whole().join("a"), "half").unwrap();
        drop(partial);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn nothing_is_ever_replaced() {
        let home = tempfile::tempdir().unwrap();
        let name = home.path().join("name");
        for _ in 0..2 {
            let partial = Partial::begin(home.path()).unwrap();
            fs::write(partial.whole().join("a"), "new").unwrap();
            let published = partial.publish_file("a", &name);
            if published.is_err() {
                break;
            }
            fs::write(&name, "old").unwrap();
        }
        assert_eq!(fs::read_to_string(&name).unwrap(), "old");
        let refused = Partial::begin(home.path()).unwrap().publish_folder(&name);
        assert!(matches!(refused, Err(Error::Refused(refusal)) if refusal.code == "file.exists"));
        assert_eq!(hidden(home.path()), 0);
    }

    #[test]
    fn what_the_dead_left_is_swept_and_what_the_living_make_stays() {
        let home = tempfile::tempdir().unwrap();
        let living = Partial::begin(home.path()).unwrap();
        let dead = home.path().join(format!("{PREFIX}dead"));
        fs::create_dir_all(dead.join(WHOLE)).unwrap();
        fs::write(dead.join(LOCK), "").unwrap();
        let next = Partial::begin(home.path()).unwrap();
        assert!(!dead.exists());
        assert_eq!(hidden(home.path()), 2);
        next.publish_folder(&home.path().join("next")).unwrap();
        living.publish_folder(&home.path().join("living")).unwrap();
        assert_eq!(hidden(home.path()), 0);
    }
}
