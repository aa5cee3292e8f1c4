//! Four counties' divisions in five encodings.

use std::{collections::BTreeSet, fmt::Write as _, fs};

use crate::{
    Order,
    board::{Board, Cost},
    divisions::names,
    ledger::{Ledger, counts},
};

pub(crate) fn run(order: &Order, board: &mut Board) {
    let folder = order.data.join("cn_divisions/encodings");
    let truth = names(&folder.join("utf8_lf.csv"));
    let mut parents = "code,name,level,parent_code\n".to_owned();
    let county = |code: &str| format!("{}000000", &code[..6]);
    let above: BTreeSet<String> = truth
        .keys()
        .flat_map(|code| {
            let code = county(code);
            [format!("{}0000000000", &code[..2]), format!("{}00000000", &code[..4])]
        })
        .collect();
    for code in &above {
        let is_province = code.ends_with("0000000000");
        let (level, parent) =
            if is_province { (1, String::new()) } else { (2, format!("{}0000000000", &code[..2])) };
        let _ = writeln!(parents, "{code},上级{code},{level},{parent}");
    }
    for name in ["utf8_lf", "utf8_bom_crlf", "gb18030_crlf", "gbk_lossy_crlf", "utf16le_bom_crlf"] {
        let ledger = Ledger::in_file();
        let above_sheet = ledger.folder().join("above.csv");
        fs::write(&above_sheet, &parents).unwrap();
        ledger.import("areas", &above_sheet, &[]);
        let sheet = folder.join(format!("{name}.csv"));
        let answer = ledger.run(&["import", "areas", sheet.to_str().unwrap(), "--json"]);
        let is_lossy = name.contains("lossy");
        if is_lossy && answer.code() == 2 {
            board.hold(
                &format!("{name}: refused"),
                !answer.err.is_empty(),
                answer.err,
                answer.cost,
            );
            continue;
        }
        board.check(&format!("{name}: areas"), "959 0 0 0", counts(&answer.json()), answer.cost);
        ledger.run(&["export", "areas", "--out", "areas.csv"]);
        let found = names(&ledger.folder().join("areas.csv"));
        let wrong: Vec<_> =
            truth.iter().filter(|(code, name)| found.get(*code) != Some(name)).collect();
        board.check(
            &format!("{name}: names not the truth"),
            if is_lossy { 3 } else { 0 },
            wrong.len(),
            Cost::default(),
        );
        let marked = wrong
            .iter()
            .filter(|(code, _)| found.get(*code).is_some_and(|name| name.contains('?')));
        board.check(&format!("{name}: those with ?"), wrong.len(), marked.count(), Cost::default());
        let (outcome, cost) = ledger.import("areas", &sheet, &[]);
        board.check(&format!("{name}: again"), "0 0 959 0", counts(&outcome), cost);
    }
}
