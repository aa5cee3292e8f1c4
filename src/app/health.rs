//! How the service is: the machine it runs on, the ledger it keeps, what is under way. Nothing that
//! is told here names a place or a secret, but what only whoever stands at the machine is told.

use std::{
    collections::HashMap,
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use entity::{
    area::County,
    language::{Label, Sentence},
};

use super::sheet::{ReadOptions, open};
use crate::{
    domain::permission::Action,
    error::Result,
    store::{
        Actor, Ledger,
        health::{Kept, LogEnd, Room},
    },
};

/// One thing examined: what, how it is, and whether it is well.
#[derive(Clone, Debug)]
pub struct Examined {
    /// What.
    pub what: Label,
    /// How it is.
    pub found: Sentence,
    /// Where it is, for whoever stands at the machine.
    pub place: Option<PathBuf>,
    /// Whether it is as it should be.
    pub is_well: bool,
}

/// What of the machine is examined.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// The folder of the database, where it is a file.
    pub folder: Option<PathBuf>,
    /// The key file, where it is known.
    pub keys: Option<PathBuf>,
    /// The program that opens sheets; by default the one that is running.
    pub reader: Option<PathBuf>,
}

/// A disk that says it has written sooner than this has a cache in between (reliability.md §7).
const TOO_FAST: Duration = Duration::from_micros(20);

impl Machine {
    /// The machine of a ledger.
    pub fn of(file: Option<&str>, keys: Option<PathBuf>, reader: Option<PathBuf>) -> Machine {
        let folder = file.and_then(|file| Path::new(file).parent()).map(Path::to_path_buf);
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
        Machine { folder, keys, reader }
    }

    /// Examines it: a disk that really writes, keys that nobody else reads, a reader of sheets
    /// that works. It takes a moment and waits for the disk.
    pub fn examine(&self) -> Vec<Examined> {
        let keys = self.keys.as_deref().map(keys);
        let parts = [Some(disk(self.folder.as_deref())), keys, Some(reader(self.reader.clone()))];
        parts.into_iter().flatten().collect()
    }
}

/// A text that is the same in both languages.
fn same(text: impl std::fmt::Display) -> Sentence {
    let text = text.to_string();
    Sentence { zh: text.clone(), en: text }
}

/// Writes and syncs a few blocks where the ledger lies.
fn disk(folder: Option<&Path>) -> Examined {
    let what = Label::new("磁盘落盘耗时", "time of a disk sync");
    let measured = || -> std::io::Result<Duration> {
        let mut file = tempfile::tempfile_in(folder.unwrap_or(Path::new(".")))?;
        let mut fastest = Duration::MAX;
        for _ in 0..8 {
            file.write_all(&[0; 4096])?;
            let begun = Instant::now();
            file.sync_data()?;
            fastest = fastest.min(begun.elapsed());
        }
        Ok(fastest)
    };
    let (found, is_well) = match measured() {
        Ok(time) => (same(format!("{time:?}")), time >= TOO_FAST),
        Err(error) => (same(error.kind()), false),
    };
    Examined { what, found, place: None, is_well }
}

fn keys(path: &Path) -> Examined {
    let what = Label::new("密钥文件", "key file");
    #[cfg(unix)]
    let is_private = |file: &File| {
        use std::os::unix::fs::PermissionsExt;
        file.metadata().is_ok_and(|metadata| metadata.permissions().mode().trailing_zeros() >= 6)
    };
    #[cfg(not(unix))]
    let is_private = |_: &File| true;
    let (found, is_well) = match File::open(path) {
        Ok(file) if is_private(&file) => (Sentence::new("仅本程序可读", "private"), true),
        Ok(_) => (Sentence::new("其他用户也可读", "others can read it"), false),
        Err(error) => (same(error.kind()), false),
    };
    Examined { what, found, place: Some(path.to_path_buf()), is_well }
}

/// Reads a small workbook through the process that opens sheets.
fn reader(program: Option<PathBuf>) -> Examined {
    let what = Label::new("表格读取进程", "sheet reader");
    let try_out = || -> anyhow::Result<usize> {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write_string(0, 0, "台账")?;
        let mut file = tempfile::Builder::new().suffix(".xlsx").tempfile()?;
        file.write_all(&book.save_to_buffer()?)?;
        let options = ReadOptions { reader: program, ..ReadOptions::default() };
        let table = open(file.path(), &options)?;
        Ok(table.flatten().count())
    };
    let (found, is_well) = match try_out() {
        Ok(rows) => (same("ok"), rows == 1),
        Err(error) => (same(error), false),
    };
    Examined { what, found, place: None, is_well }
}

/// What stands in the ledger: how many logs with how many entries, how many areas.
pub async fn logs(ledger: &Ledger, actor: &Actor) -> Result<[Examined; 2]> {
    let logs = ledger.logs().await?;
    let entries: u64 = logs.iter().map(|(_, size)| size).sum();
    let areas = ledger.read(actor).n_areas().await?;
    let well = |what, found| Examined { what, found, place: None, is_well: true };
    Ok([
        well(Label::new("日志", "logs"), same(format!("{} / {entries}", logs.len()))),
        well(Label::new("区划", "areas"), same(areas)),
    ])
}

/// A county's log as the page of the service's health tells it.
#[derive(Clone, Debug)]
pub struct Tended {
    /// Where it ends and how far it is signed.
    pub end: LogEnd,
    /// When a nightly round last changed something.
    pub round_at: Option<DateTime<Utc>>,
    /// When it was last verified by a page.
    pub verified_at: Option<DateTime<Utc>>,
}

/// How the ledger is.
#[derive(Clone, Debug)]
pub struct Health {
    /// What keeps it.
    pub kept: Kept,
    /// How many bytes it has there.
    pub bytes: u64,
    /// The room on its disk, where it can be seen.
    pub room: Option<Room>,
    /// Whether anything can be written.
    pub has_room: bool,
    /// Sessions that are open within the reader's area.
    pub n_sessions: u64,
    /// Imports that wait or run there.
    pub n_jobs: u64,
    /// The logs of the reader's counties, a page of them.
    pub logs: Vec<Tended>,
    /// The county after which there are more.
    pub next: Option<County>,
}

/// Tells how the ledger is, to whoever may know.
pub async fn health(
    ledger: &Ledger,
    actor: &Actor,
    after: Option<County>,
    limit: u64,
) -> Result<Health> {
    actor.require(Action::ReadHealth)?;
    let read = ledger.read(actor);
    let (kept, bytes) = ledger.kept().await?;
    let (n_sessions, n_jobs) = read.n_under_way(ledger.clock().now()).await?;
    let mut ends = read.log_ends(after, limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = ends.len() > limit;
    ends.truncate(limit);
    let counties: Vec<County> = ends.iter().map(|end| end.county).collect();
    let rounds = read.last_done(&counties, Action::NightlyRound).await?;
    let verified = read.last_done(&counties, Action::VerifyLog).await?;
    let of = |times: &HashMap<County, DateTime<Utc>>, end: &LogEnd| times.get(&end.county).copied();
    let tended =
        |end: LogEnd| Tended { round_at: of(&rounds, &end), verified_at: of(&verified, &end), end };
    Ok(Health {
        kept,
        bytes,
        room: ledger.room(),
        has_room: ledger.has_room(),
        n_sessions,
        n_jobs,
        logs: ends.into_iter().map(tended).collect(),
        next: counties.last().copied().filter(|_| is_more),
    })
}
