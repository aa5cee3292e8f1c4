//! The statistical divisions of China down to the village.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use serde_json::json;

use crate::{
    Order,
    board::{Board, Cost},
    ledger::{Ledger, counts, unpacked},
};

pub(crate) fn run(order: &Order, board: &mut Board) {
    let source = order.data.join("cn_divisions");
    let folder = tempfile::tempdir().unwrap();
    let sheet = unpacked(&source.join("divisions_2021_full.csv.xz"), folder.path());
    let ledger = Ledger::in_file();
    let (outcome, cost) = ledger.import("areas", &sheet, &[]);
    board.check("areas", "663128 0 0 0", counts(&outcome), cost);
    let exported = ledger.folder().join("areas.csv");
    let answer = ledger.run(&["export", "areas", "--out", "areas.csv"]);
    board.check("export", 0, answer.code(), answer.cost);
    let found = names(&exported);
    let mut levels: BTreeMap<&str, u64> = BTreeMap::new();
    for code in found.keys() {
        *levels.entry(level(code)).or_default() += 1;
    }
    let expected =
        json!({"city": 342, "county": 3267, "province": 31, "town": 41355, "village": 618_133});
    board.check("levels by code", expected, json!(levels), Cost::default());
    let truth = names(&sheet);
    let equal = truth.iter().filter(|(code, name)| found.get(*code) == Some(name)).count();
    board.check("names equal", truth.len(), equal, Cost::default());
    let unusual = names(&source.join("unusual_names_2021.csv"));
    let equal = unusual.iter().filter(|(code, name)| found.get(*code) == Some(name)).count();
    board.check("unusual names equal", unusual.len(), equal, Cost::default());
    let (outcome, cost) = ledger.import("areas", &sheet, &[]);
    board.check("again", "0 0 663128 0", counts(&outcome), cost);
}

/// The level a code stands for.
fn level(code: &str) -> &'static str {
    let is_zero = |from: usize| code[from..].bytes().all(|digit| digit == b'0');
    match () {
        () if is_zero(2) => "province",
        () if is_zero(4) => "city",
        () if is_zero(6) => "county",
        () if is_zero(9) => "town",
        () => "village",
    }
}

/// Names by code: the first two columns of a sheet, or those an export names so.
pub(crate) fn names(sheet: &Path) -> HashMap<String, String> {
    let text = std::fs::read_to_string(sheet).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let headers = reader.headers().unwrap().clone();
    let at =
        |any: &[&str], usual| headers.iter().position(|one| any.contains(&one)).unwrap_or(usual);
    let (code, name) = (at(&["code", "area_code", "area code"], 0), at(&["name"], 1));
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| (row[code].to_owned(), row[name].to_owned())).collect()
}
