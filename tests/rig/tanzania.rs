//! Rural water points of Tanzania: one sheet in three forms, each in a ledger of its own, against
//! figures that other programs computed from the source.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    Order,
    board::{Board, Cost},
    ledger::{Ledger, counts, own, unpacked},
    tanzania_figures::figures,
};

/// What one form came to, to be compared with the others.
#[derive(PartialEq)]
struct Made {
    exported: String,
    reports: Vec<Value>,
}

const REPORTS: &[&[&str]] = &[
    &["no-maintainer"],
    &["no-maintainer", "--by", "province"],
    &["no-maintainer", "--by", "county"],
    &["findings"],
];

pub(crate) fn run(order: &Order, board: &mut Board) {
    let folder = tempfile::tempdir().unwrap();
    let source = order.data.join("tz_waterpoints");
    let expected = fs::read_to_string(source.join("expected_A.json")).unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let packed = |name: &str| unpacked(&source.join(name), folder.path());
    let areas = packed("areas_A.csv.xz");
    let forms = [
        ("csv", packed("ledger_A.csv.xz")),
        ("gb18030", packed("ledger_A_zh_gb18030_crlf.csv.xz")),
        ("xlsx", source.join("ledger_A_zh.xlsx")),
    ];
    let mut first: Option<Made> = None;
    for (name, sheet) in forms {
        let made = form(name, &areas, &sheet, &expected, board);
        match &first {
            None => first = Some(made),
            Some(first) => {
                let is_same = first.exported == made.exported;
                board.hold(&format!("{name}: export as of csv"), is_same, is_same, Cost::default());
                let is_same = first.reports == made.reports;
                board.hold(
                    &format!("{name}: reports as of csv"),
                    is_same,
                    is_same,
                    Cost::default(),
                );
            }
        }
    }
}

fn form(name: &str, areas: &Path, sheet: &Path, expected: &Value, board: &mut Board) -> Made {
    let ledger = Ledger::in_file();
    let map = own("tz.map.toml");
    let map = ["--map", map.to_str().unwrap()];
    let (outcome, cost) = ledger.import("areas", areas, &[]);
    board.check(&format!("{name}: areas"), "20446 0 0 0", counts(&outcome), cost);
    let (outcome, cost) = ledger.import("assets", sheet, &map);
    board.check(&format!("{name}: assets"), "29700 0 0 0", counts(&outcome), cost);
    let reports: Vec<Value> = REPORTS.iter().map(|words| report(&ledger, words)).collect();
    let (exported, cost) = ledger.ask(&["export", "assets"]);
    let n = exported["rows"].as_array().map_or(0, Vec::len);
    board.check(&format!("{name}: export total is its rows"), n, &exported["total"]["count"], cost);
    let found = figures(&exported, &reports);
    for (figure, expected) in expected.as_object().unwrap() {
        let Some(found) = found.get(figure) else { continue };
        board.check(&format!("{name}: {figure}"), expected, found, Cost::default());
    }
    for (words, report) in REPORTS.iter().zip(&reports) {
        let rows = report["rows"].as_array().map_or(&[][..], Vec::as_slice);
        let is_list = *words == ["no-maintainer"];
        let count = |row: &Value| if is_list { Some(1) } else { row["count"].as_i64() };
        let sum: i64 = rows.iter().filter_map(count).sum();
        let total = &report["total"]["count"];
        board.check(
            &format!("{name}: {} total is its rows", words.join(" ")),
            sum,
            total,
            Cost::default(),
        );
    }
    let (outcome, cost) = ledger.import("assets", sheet, &map);
    board.check(&format!("{name}: again"), "0 0 29700 0", counts(&outcome), cost);
    let (outcome, cost) = ledger.import("areas", areas, &[]);
    board.check(&format!("{name}: areas again"), "0 0 20446 0", counts(&outcome), cost);
    let after = ledger.run(&["export", "assets", "--json"]).out;
    let same = serde_json::from_str::<Value>(&after).unwrap() == exported;
    board.hold(&format!("{name}: export as before"), same, same, Cost::default());
    Made { exported: after, reports }
}

/// A report without the instant it was made at.
fn report(ledger: &Ledger, words: &[&str]) -> Value {
    let (mut report, _) = ledger.ask(&[&["report"], words].concat());
    let members = report.as_object_mut().unwrap();
    members.remove("notes");
    members.remove("as_of");
    report
}
