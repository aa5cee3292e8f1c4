//! Awkward workbooks through `import --dry-run`: an answer in time, and nothing kept.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    Order,
    board::{Board, Cost},
    ledger::{Ledger, counts, own},
};

/// How long an answer may take; a program built without optimizing takes three times as long.
pub(crate) const LONGEST: Duration =
    Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 10 });
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

/// Takes any row whatever its columns, so that a sheet is read to its end.
const ANY_ROW: &str = r#"
kind = "assets"
ignore_others = true
[values]
area_code = "980000000000"
class = "public"
name = "Row"
"#;

/// Tries every file as a sheet of areas, of assets, and of assets whatever its columns are.
pub(crate) fn tried(files: &[PathBuf], board: &mut Board) {
    let ledger = Ledger::in_file();
    ledger.import("areas", &own("mw_areas.csv"), &[]);
    fs::write(ledger.folder().join("any.map.toml"), ANY_ROW).unwrap();
    let before = state(&ledger);
    let mut worst = Cost::default();
    for words in [&["areas"][..], &["assets"], &["assets", "--map", "any.map.toml"]] {
        for file in files {
            worst = worst.max(try_one(&ledger, words, file, board));
        }
    }
    board.note("worst", files.len(), worst);
    board.check("ledger after all", before, state(&ledger), Cost::default());
}

fn try_one(ledger: &Ledger, words: &[&str], file: &Path, board: &mut Board) -> Cost {
    let file_words = [file.to_str().unwrap(), "--dry-run", "--json", "--rejected", "rejected.csv"];
    let answer = ledger.run(&[&["import"], words, &file_words].concat());
    let Cost { time, memory } = answer.cost;
    let code = answer.code();
    let is_told = if code == 0 { !answer.out.is_empty() } else { !answer.err.trim().is_empty() };
    let is_good = [0, 2].contains(&code) && is_told && time < LONGEST && memory < MOST_MEMORY;
    let name = format!("{} {}", words.join(" "), file.file_name().unwrap().to_string_lossy());
    let made = serde_json::from_str::<serde_json::Value>(&answer.out).map(|made| counts(&made));
    let said = format!("{code} {} {}", made.unwrap_or_default(), answer.err.trim());
    board.hold(&name, is_good, said, answer.cost);
    answer.cost
}

fn state(ledger: &Ledger) -> String {
    let count = |kind: &str| ledger.ask(&["export", kind]).0["total"]["count"].clone();
    let imports = ledger.ask(&["import", "list"]).0.as_array().map_or(0, Vec::len);
    format!("{} assets, {} areas, {imports} imports", count("assets"), count("areas"))
}
