//! The table a rig prints, line by line, and whether all of it is as expected.

use std::{fmt::Display, process::ExitCode, time::Duration};

/// What an answer cost.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// Wall time.
    pub(crate) time: Duration,
    /// Peak memory of the program and its children together, in kB.
    pub(crate) memory: u64,
}

impl Cost {
    /// The greater of both.
    pub(crate) fn max(self, other: Cost) -> Cost {
        Cost { time: self.time.max(other.time), memory: self.memory.max(other.memory) }
    }
}

/// The table.
#[derive(Default)]
pub(crate) struct Board {
    part: &'static str,
    n: u32,
    failures: Vec<String>,
}

/// Characters of a value shown.
const SHOWN: usize = 90;

fn shown(value: &str) -> String {
    let line = value.replace(['\n', '|'], " ");
    if line.chars().count() <= SHOWN {
        return line;
    }
    line.chars().take(SHOWN).chain(['…']).collect()
}

impl Board {
    /// Starts a part.
    pub(crate) fn begin(&mut self, part: &'static str) {
        self.part = part;
        println!("\n| part | figure | expected | found | time | memory | |");
    }

    fn line(&self, figure: &str, expected: &str, found: &str, cost: Cost, verdict: &str) {
        let Cost { time, memory } = cost;
        let time = if time.is_zero() { String::new() } else { format!("{time:.2?}") };
        let memory = if memory == 0 { String::new() } else { format!("{} MB", memory >> 10) };
        let (expected, found) = (shown(expected), shown(found));
        println!(
            "| {} | {figure} | {expected} | {found} | {time} | {memory} | {verdict} |",
            self.part
        );
    }

    /// A figure that must be as expected.
    pub(crate) fn check(
        &mut self,
        figure: &str,
        expected: impl Display,
        found: impl Display,
        cost: Cost,
    ) -> bool {
        let (expected, found) = (expected.to_string(), found.to_string());
        let is_right = expected == found;
        self.n += 1;
        self.line(figure, &expected, &found, cost, if is_right { "ok" } else { "FAIL" });
        if !is_right {
            self.failures
                .push(format!("{} {figure}: expected {expected}, found {found}", self.part));
        }
        is_right
    }

    /// A statement that must hold; `said` is shown beside it.
    pub(crate) fn hold(&mut self, figure: &str, holds: bool, said: impl Display, cost: Cost) {
        let said = said.to_string();
        self.n += 1;
        self.line(figure, "holds", &said, cost, if holds { "ok" } else { "FAIL" });
        if !holds {
            self.failures.push(format!("{} {figure}: {said}", self.part));
        }
    }

    /// A figure nobody expects anything of.
    pub(crate) fn note(&mut self, figure: &str, found: impl Display, cost: Cost) {
        self.line(figure, "", &found.to_string(), cost, "");
    }

    /// What failed, and the exit code.
    pub(crate) fn close(self) -> ExitCode {
        println!("\n{} figures, {} not as expected", self.n, self.failures.len());
        for failure in &self.failures {
            println!("FAIL {failure}");
        }
        if self.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
