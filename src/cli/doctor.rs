//! `taizhang doctor`: examines the machine and the ledger's surroundings.

use std::{
    fs::File,
    io::Write as _,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use entity::language::Label;

use super::{Context, print};
use crate::{
    app::sheet::{ReadOptions, open},
    error::Result,
    store::{Actor, Ledger},
};

/// Nothing to say.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// One thing examined: what, how it is, and whether it is well.
struct Examined {
    what: Label,
    found: String,
    is_well: bool,
}

/// A disk that says it has written sooner than this has a cache in between (reliability.md §7).
const TOO_FAST: Duration = Duration::from_micros(20);

impl Args {
    pub(super) async fn run(self, context: &Context) -> Result<ExitCode> {
        let mut examined = Vec::new();
        match context.open().await {
            Ok((ledger, _)) => {
                examined.push(well(Label::new("数据库", "database"), context.config.place.shown()));
                examined.extend(logs(&ledger).await?);
                ledger.close().await?;
            }
            Err(error) => examined.push(Examined {
                what: Label::new("数据库", "database"),
                found: error.sentence().text(context.language()).to_owned(),
                is_well: false,
            }),
        }
        let folder = context.config.place.file().and_then(|file| Path::new(file).parent());
        examined.push(disk(folder.filter(|folder| !folder.as_os_str().is_empty())));
        examined.push(keys(&context.config.keys));
        examined.push(reader());
        say(&examined, context)
    }
}

fn well(what: Label, found: String) -> Examined {
    Examined { what, found, is_well: true }
}

async fn logs(ledger: &Ledger) -> Result<[Examined; 2]> {
    let logs = ledger.logs().await?;
    let entries: u64 = logs.iter().map(|(_, size)| size).sum();
    let operator = Actor::operator();
    let areas = ledger.read(&operator).n_areas().await?;
    Ok([
        well(Label::new("日志", "logs"), format!("{} / {entries}", logs.len())),
        well(Label::new("区划", "areas"), areas.to_string()),
    ])
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
    match measured() {
        Ok(time) => Examined { what, found: format!("{time:?}"), is_well: time >= TOO_FAST },
        Err(error) => Examined { what, found: error.to_string(), is_well: false },
    }
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
    match File::open(path) {
        Ok(file) => {
            Examined { what, found: path.display().to_string(), is_well: is_private(&file) }
        }
        Err(error) => {
            Examined { what, found: format!("{}: {error}", path.display()), is_well: false }
        }
    }
}

/// Reads a small workbook through the process that opens sheets.
fn reader() -> Examined {
    let what = Label::new("表格读取进程", "sheet reader");
    let try_out = || -> anyhow::Result<usize> {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write_string(0, 0, "台账")?;
        let mut file = tempfile::Builder::new().suffix(".xlsx").tempfile()?;
        file.write_all(&book.save_to_buffer()?)?;
        let table = open(file.path(), &ReadOptions::default())?;
        Ok(table.flatten().count())
    };
    match try_out() {
        Ok(rows) => Examined { what, found: "ok".to_owned(), is_well: rows == 1 },
        Err(error) => Examined { what, found: error.to_string(), is_well: false },
    }
}

fn say(examined: &[Examined], context: &Context) -> Result<ExitCode> {
    let is_well = examined.iter().all(|one| one.is_well);
    if context.json {
        let rows = examined.iter().map(
            |one| serde_json::json!({ "what": one.what.en, "found": one.found, "ok": one.is_well }),
        );
        let rows: Vec<_> = rows.collect();
        print(&format!("{}\n", serde_json::json!({ "ok": is_well, "examined": rows })))?;
    } else {
        let lines = examined.iter().map(|one| {
            let mark = if one.is_well { "✓" } else { "✗" };
            format!("{mark} {}\t{}\n", one.what.text(context.language()), one.found)
        });
        print(&lines.collect::<String>())?;
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
