//! The ledgers that are measured: made once a size, kept between runs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Outcome,
    machine::{Cost, run},
    sheets::Sheets,
};

/// A ledger in a file.
pub(crate) struct Ledger {
    pub(crate) n: u64,
    pub(crate) file: PathBuf,
    folder: PathBuf,
}

impl Ledger {
    /// The kept one of a size.
    pub(crate) fn at(folder: &Path, n: u64) -> Ledger {
        Ledger { n, file: folder.join(format!("ledger-{n}.db")), folder: folder.to_owned() }
    }

    /// One that is made anew, without assets.
    pub(crate) fn fresh(&self, sheets: &Sheets) -> Outcome<Ledger> {
        let fresh =
            Ledger { file: self.beside("fresh.db"), folder: self.folder.clone(), n: self.n };
        fresh.delete()?;
        fresh.run(&["import", "areas", &shown(&sheets.areas)])?;
        fresh.run(&["import", "organizations", &shown(&sheets.organizations)])?;
        Ok(fresh)
    }

    /// A file of the benchmark beside it.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn keys(&self) -> PathBuf {
        PathBuf::from(format!("{}.keys", shown(&self.file)))
    }

    /// The program, working on it.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome<Cost> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
        command.args(["--database", &format!("sqlite:{}", shown(&self.file))]);
        run(command.args(arguments))
    }

    /// Keeps it under the name of another, unless that one is there.
    pub(crate) fn keep_as(&self, kept: &Ledger) -> Outcome<()> {
        if kept.file.exists() {
            return self.delete();
        }
        fs::rename(&self.file, &kept.file)?;
        fs::rename(self.keys(), kept.keys())?;
        Ok(())
    }

    /// A copy of it, for what must not stay.
    pub(crate) fn copy(&self, name: &str) -> Outcome<Ledger> {
        let copy = Ledger { file: self.beside(name), folder: self.folder.clone(), n: self.n };
        copy.delete()?;
        fs::copy(&self.file, &copy.file)?;
        fs::copy(self.keys(), copy.keys())?;
        Ok(copy)
    }

    pub(crate) fn delete(&self) -> Outcome<()> {
        delete(&self.file)?;
        if self.keys().exists() {
            fs::remove_file(self.keys())?;
        }
        Ok(())
    }
}

/// Deletes a database with what lies beside it.
pub(crate) fn delete(file: &Path) -> Outcome<()> {
    for end in ["", "-wal", "-shm"] {
        let path = PathBuf::from(format!("{}{end}", shown(file)));
        if path.exists() {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// A path as text; those of the benchmark are.
pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}
