//! Water points of Malawi, which have no codes: known by their coordinates, with three answers to
//! whether anyone maintains them.

use serde_json::Value;

use crate::{
    Order,
    board::{Board, Cost},
    ledger::{Ledger, counts, own},
};

pub(crate) fn run(order: &Order, board: &mut Board) {
    let source = order.data.join("mw_waterpoints");
    for forms in [["csv", "xlsx"], ["xlsx", "csv"]] {
        let ledger = Ledger::in_file();
        let map = own("mw.map.toml");
        let map = ["--map", map.to_str().unwrap()];
        ledger.import("areas", &own("mw_areas.csv"), &[]);
        let [first, second] =
            forms.map(|form| source.join(format!("waterpointfunctionality.{form}")));
        let (outcome, cost) = ledger.import("assets", &first, &map);
        board.check(forms[0], "11409 0 0 0", counts(&outcome), cost);
        lacking(forms[0], &ledger, board);
        let (outcome, cost) = ledger.import("assets", &second, &map);
        board.check(
            &format!("{} after {}", forms[1], forms[0]),
            "0 0 11409 0",
            counts(&outcome),
            cost,
        );
    }
}

fn lacking(form: &str, ledger: &Ledger, board: &mut Board) {
    let count = |words: &[&str]| {
        let (report, cost) = ledger.ask(&[&["report"], words].concat());
        (report["total"]["count"].clone(), report, cost)
    };
    let (n, _, cost) = count(&["no-maintainer", "--gone"]);
    board.check(&format!("{form}: lacking, gone ones too"), 839, n, cost);
    let (n, report, cost) = count(&["no-maintainer"]);
    board.check(&format!("{form}: lacking, standing"), 318, n, cost);
    let unknown = &report["unknown"]["count"];
    board.note(&format!("{form}: not known, standing"), unknown, Cost::default());
    let (n, report, cost) = count(&["no-maintainer", "--by", "province", "--gone"]);
    board.check(&format!("{form}: lacking by province"), 839, n, cost);
    let unknown: i64 = report["rows"]
        .as_array()
        .map_or(0, |rows| rows.iter().filter_map(|row| row["unknown"].as_i64()).sum());
    board.check(&format!("{form}: not known, kept apart"), 91, unknown, cost);
    let (exported, cost) = ledger.ask(&["export", "assets"]);
    let rows = exported["rows"].as_array().unwrap();
    let households: i64 =
        rows.iter().filter_map(|row| row["beneficiary_households"].as_i64()).sum();
    board.check(&format!("{form}: households"), 539_068, households, cost);
    let days = || rows.iter().filter_map(|row| row["recorded_on"].as_str());
    let span = format!("{} {}", days().min().unwrap_or(""), days().max().unwrap_or(""));
    board.check(&format!("{form}: recorded"), "2022-04-06 2022-12-06", span, cost);
    let lacking = |row: &&Value| row["maintainer_answer"] == "nobody";
    let n: i64 =
        rows.iter().filter(lacking).filter_map(|row| row["beneficiary_households"].as_i64()).sum();
    board.check(&format!("{form}: households at points nobody maintains"), 6_804, n, cost);
}
