//! Rigs: the real program, driven through its command line over data from outside the tree.
//!
//! `cargo test --test rig -- DATA_FOLDER [PART [COUNT [POSTGRES]]]`
//!
//! Each figure is a line of a table: part, figure, expected, found, time, peak memory. Without a
//! folder nothing is driven, so a plain `cargo test` passes.
#![expect(clippy::unwrap_used, reason = "a rig that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "the table is what the rig is for")]

mod board;
mod divisions;
mod encodings;
mod hostile;
mod kill;
mod ledger;
mod malawi;
mod nasty;
mod sheets;
mod tanzania;
mod tanzania_figures;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use board::Board;

const USAGE: &str = "\
cargo test --test rig -- DATA_FOLDER [PART [COUNT [POSTGRES]]]
  PART: all        every part below but kill (the default)
        data       tanzania malawi divisions encodings nasty, one after another
        tanzania   rural water points: three forms of a sheet against known figures
        malawi     water points without codes: two forms against known figures
        divisions  the divisions of China down to the village
        encodings  four counties in five encodings
        nasty      awkward workbooks through `import --dry-run`
        sheets     awkward workbooks cell by cell, and COUNT of them with bytes changed
        hostile    workbooks made to do harm
        kill       COUNT kills (default 50) amid writes, on SQLite and in POSTGRES
  POSTGRES: a server's database [default: postgres://postgres@127.0.0.1:5432/test]";

/// What the command line asks for.
pub(crate) struct Order {
    data: PathBuf,
    count: Option<u32>,
    postgres: String,
}

type Part = (&'static str, fn(&Order, &mut Board));

const DATA: &[Part] = &[
    ("encodings", encodings::run),
    ("nasty", nasty::run),
    ("malawi", malawi::run),
    ("tanzania", tanzania::run),
    ("divisions", divisions::run),
];

const OTHERS: &[Part] = &[("sheets", sheets::run), ("hostile", hostile::run)];

const KILL: Part = ("kill", kill::run);

fn parts(name: &str) -> Vec<Part> {
    let every = || DATA.iter().chain(OTHERS);
    match name {
        "all" => every().copied().collect(),
        "data" => DATA.to_vec(),
        name => every().chain([&KILL]).filter(|part| part.0 == name).copied().collect(),
    }
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let folder = words.next().unwrap_or_default();
    if folder.starts_with('-') || !folder.contains('/') {
        // another test's filter, or a runner that lists tests
        if !folder.starts_with('-') {
            println!("{USAGE}");
        }
        return ExitCode::SUCCESS;
    }
    let parts = parts(&words.next().unwrap_or_else(|| "all".to_owned()));
    if parts.is_empty() || !Path::new(&folder).is_dir() {
        println!("{USAGE}");
        return ExitCode::from(2);
    }
    let order = Order {
        data: PathBuf::from(folder),
        count: words.next().map(|count| count.parse().unwrap()),
        postgres: words
            .next()
            .unwrap_or_else(|| "postgres://postgres@127.0.0.1:5432/test".to_owned()),
    };
    let mut board = Board::default();
    for (name, run) in parts {
        board.begin(name);
        run(&order, &mut board);
    }
    board.close()
}
