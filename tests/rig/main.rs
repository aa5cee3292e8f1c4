//! Rigs: the real program, driven through its command line over data from outside the tree.
//!
//! `cargo test --test rig -- DATA_FOLDER [PART [COUNT [POSTGRES]]]`, and what needs no such data:
//! `cargo test --test rig -- STORM [COUNT [POSTGRES]]`
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
mod screenshots;
mod sheets;
#[path = "../storm/mod.rs"]
mod storm;
mod storms;
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
cargo test --test rig -- STORM [COUNT [POSTGRES]]: the program serves, on SQLite and in POSTGRES
  STORM: http-kill  64 clients write and repeat, COUNT kills (default 500), 40 writes a kill
         racers     64 clients race for a key, a version, a code, COUNT rounds (default 500)
         editors    16 clients count on in one field, COUNT rounds each (default 1000)
         hang-ups   COUNT requests (default 5000) whose clients hang up
         slow       1,300 slow connections and 8 ordinary clients for COUNT seconds (default 60)
         instances  three programs on POSTGRES, COUNT writes (default 10000), one of them killed
         storms     all of these
         broken     the storms in short against faults put in on purpose, each of which must be
                    caught, the first COUNT left out (default 0): needs `--features broken`
                    (`cargo test --features broken --test rig -- broken`)
cargo test --test rig -- screenshots: pictures of the sample county's pages, in Chromium, for the README
  POSTGRES: a server's database [default: postgres://postgres@127.0.0.1:5432/test]";

/// What the command line asks for.
pub(crate) struct Order {
    data: PathBuf,
    count: Option<u32>,
    postgres: String,
}

impl Order {
    /// What the words after the part say.
    fn of(data: PathBuf, words: &[String]) -> Order {
        let usual = || "postgres://postgres@127.0.0.1:5432/test".to_owned();
        Order {
            data,
            count: words.first().map(|count| count.parse().unwrap()),
            postgres: words.get(1).cloned().unwrap_or_else(usual),
        }
    }
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

/// Takes the pictures of the README.
const SCREENSHOTS: Part = ("screenshots", screenshots::run);

const KILL: Part = ("kill", kill::run);

fn parts(name: &str) -> Vec<Part> {
    let every = || DATA.iter().chain(OTHERS);
    match name {
        "all" => every().copied().collect(),
        "data" => DATA.to_vec(),
        name => every().chain([&KILL]).filter(|part| part.0 == name).copied().collect(),
    }
}

/// The parts that need no folder: one by its name, or all of them.
fn storms(name: &str) -> Vec<Part> {
    let named = |part: &&Part| part.0 == name || (name == "storms" && part.0 != storms::BROKEN);
    storms::ALL.iter().filter(named).copied().chain(pictures(name)).collect()
}

fn pictures(name: &str) -> Option<Part> {
    (SCREENSHOTS.0 == name).then_some(SCREENSHOTS)
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let first = words.first().map_or("", String::as_str);
    let storms = storms(first);
    if !storms.is_empty() {
        return run(&storms, &Order::of(PathBuf::new(), &words[1..]));
    }
    if first.starts_with('-') || !first.contains('/') {
        // another test's filter, or a runner that lists tests
        if !first.starts_with('-') {
            println!("{USAGE}");
        }
        return ExitCode::SUCCESS;
    }
    let parts = parts(words.get(1).map_or("all", String::as_str));
    if parts.is_empty() || !Path::new(first).is_dir() {
        println!("{USAGE}");
        return ExitCode::from(2);
    }
    run(&parts, &Order::of(PathBuf::from(first), words.get(2..).unwrap_or_default()))
}

fn run(parts: &[Part], order: &Order) -> ExitCode {
    let mut board = Board::default();
    for (name, run) in parts {
        board.begin(name);
        run(order, &mut board);
    }
    board.close()
}
