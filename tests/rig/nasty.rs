//! Awkward workbooks through `import --dry-run`: an answer in time, and nothing kept.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    Order,
    board::{Board, Cost},
    ledger::{Ledger, own},
};

const LONGEST: Duration = Duration::from_secs(10);
/// What the program and the child that opens the workbook may take together, in kB.
const MOST_MEMORY: u64 = (512 + 128) << 10;

pub(crate) fn run(order: &Order, board: &mut Board) {
    let folder = order.data.join("nasty_xlsx");
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let manifest: Vec<serde_json::Value> = serde_json::from_str(&manifest).unwrap();
    let files: Vec<PathBuf> =
        manifest.iter().map(|file| folder.join(file["path"].as_str().unwrap())).collect();
    tried(&files, board);
}

/// Tries every file as a sheet of assets and of areas.
pub(crate) fn tried(files: &[PathBuf], board: &mut Board) {
    let ledger = Ledger::in_file();
    ledger.import("areas", &own("mw_areas.csv"), &[]);
    let before = state(&ledger);
    let mut worst = Cost::default();
    for kind in ["assets", "areas"] {
        for file in files {
            worst = worst.max(try_one(&ledger, kind, file, board));
        }
    }
    board.note("worst", files.len(), worst);
    board.check("ledger after all", before, state(&ledger), Cost::default());
}

fn try_one(ledger: &Ledger, kind: &str, file: &Path, board: &mut Board) -> Cost {
    let answer = ledger.run(&["import", kind, file.to_str().unwrap(), "--dry-run", "--json"]);
    let Cost { time, memory } = answer.cost;
    let is_told = answer.code() == 0 || !answer.out.is_empty() || !answer.err.trim().is_empty();
    let is_good =
        [0, 2].contains(&answer.code()) && is_told && time < LONGEST && memory < MOST_MEMORY;
    let name = format!("{kind} {}", file.file_name().unwrap_or_default().to_string_lossy());
    let said = format!("{} {}", answer.code(), answer.err.trim());
    board.hold(&name, is_good, said, answer.cost);
    answer.cost
}

fn state(ledger: &Ledger) -> String {
    let count = |kind: &str| ledger.ask(&["export", kind]).0["total"]["count"].clone();
    let imports = ledger.ask(&["import", "list"]).0.as_array().map_or(0, Vec::len);
    format!("{} assets, {} areas, {imports} imports", count("assets"), count("areas"))
}
