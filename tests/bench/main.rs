//! `cargo bench`: what the product costs beside hand-written twins that do the same on the same
//! file. Sizes are arguments, 10,000 and 100,000 assets when there are none; `cargo bench --
//! 1000000` measures a million. What it makes lies in `target/bench` and is kept for the next run.

#![expect(clippy::print_stderr, reason = "it tells the person at the keyboard how far it is")]

mod asked;
mod brought;
mod inspected;
mod kept;
mod machine;
mod pages;
mod served;
mod sheets;
mod table;
mod twin;
mod twin_server;

use std::{path::PathBuf, process::ExitCode};

/// What any part comes to.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The sizes measured when none is asked for.
const USUAL: [u64; 2] = [10_000, 100_000];
/// What the program calls itself with, to be measured while it is idle.
const IDLE: &str = "idle";
/// And with which it is the twin of the service.
const TWIN: &str = "twin";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.as_slice() {
        [word, file] if word == IDLE => asked::idle(file.as_ref()).await,
        [word, file, written] if word == TWIN => {
            twin_server::serve(file.as_ref(), written.as_ref()).await
        }
        others => measure(others.iter().filter_map(|word| word.parse().ok()).collect()).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(sizes: Vec<u64>) -> Outcome<()> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    let sizes = if sizes.is_empty() { USUAL.to_vec() } else { sizes };
    table::begin();
    let mut smallest = None;
    for n in sizes {
        eprintln!("{n}: sheets");
        let sheets = sheets::make(&folder, n)?;
        let ledger = kept::Ledger::at(&folder, n);
        brought::measure(&ledger, &sheets).await?;
        let grown = asked::measure(&ledger).await?;
        served::measure(&ledger).await?;
        inspected::measure(&ledger).await?;
        let first = *smallest.get_or_insert(grown);
        grown.beside(first, n);
    }
    Ok(())
}

/// Says what is being done.
pub(crate) fn tell(n: u64, what: &str) {
    eprintln!("{n}: {what}");
}
