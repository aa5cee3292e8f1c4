//! The shape of the sources, read as text: floors, sizes, names, labels.

mod columns;
mod floors;
mod words;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The longest file there may be.
const LINES: usize = 500;

/// One source file.
pub(crate) struct Source {
    /// Its path below the top of the project, with `/`.
    path: String,
    pub(crate) text: String,
}

impl Source {
    /// Its lines that are not comments, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(n, line)| (n + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file below some folders.
pub(crate) fn sources(folders: &[&str]) -> Vec<Source> {
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| top().join(folder)).collect();
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder");
            waiting.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            let path = path.strip_prefix(top()).expect("below the top").display().to_string();
            found.push(Source { path, text });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn everything() -> Vec<Source> {
    sources(&["entity/src", "migration/src", "src", "tests"])
}

/// Whether a word stands in a line, not as a part of a longer one.
fn holds(line: &str, word: &str) -> bool {
    let part = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let begins = !word.starts_with(part) || !before.is_some_and(part);
        let ends = !word.ends_with(part) || !after.is_some_and(part);
        begins && ends
    })
}

#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The files at the top: nothing else lies there.
const AT_THE_TOP: [&str; 7] = [
    ".clippy.toml",
    ".gitignore",
    ".rustfmt.toml",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
];

#[test]
fn no_file_lies_at_the_top_that_the_map_does_not_name() {
    let entries = fs::read_dir(top()).expect("the top").map(|entry| entry.expect("an entry"));
    let files = entries.filter(|entry| entry.file_type().expect("its kind").is_file());
    let mut names: Vec<String> =
        files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    // of a second checkout, a file that tells where the history lies
    names.retain(|name| name != ".git");
    names.sort();
    assert_eq!(names, AT_THE_TOP);
}

#[test]
fn no_file_is_too_long() {
    let long = everything().into_iter().map(|source| (source.text.lines().count(), source.path));
    let long = long.filter(|(lines, _)| *lines > LINES);
    let faults: Vec<_> = long.map(|(lines, path)| format!("{path}: {lines} lines")).collect();
    none(&faults);
}

#[test]
fn every_file_says_first_what_it_holds() {
    let silent = everything().into_iter().filter(|source| !source.text.starts_with("//! "));
    none(&silent.map(|source| source.path).collect::<Vec<_>>());
}

#[test]
fn words_are_found_whole() {
    assert!(holds("use sea_orm::Value;", "sea_orm"));
    assert!(!holds("use sea_orm_migration::Value;", "sea_orm"));
    assert!(holds("ledger.write(actor)", ".write("));
    assert!(!holds("let clockwork = 1;", "clock"));
}
