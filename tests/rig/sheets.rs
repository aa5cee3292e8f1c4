//! What the reader of sheets makes of awkward workbooks: cell by cell where other readers agree, a
//! refusal otherwise, and never a crash with bytes changed at random.
#![expect(clippy::float_arithmetic, reason = "comparing with numbers noted by other readers")]

use std::{
    collections::BTreeMap,
    env, fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde_json::Value;
use taizhang::app::sheet::{Cell, ReadOptions, SheetFault, Source, open};

use crate::{
    Order,
    board::{Board, Cost},
    hostile::READABLE,
    ledger::{PROGRAM, Watch},
    nasty::LONGEST,
};

/// What the child that opens a workbook may take, in kB, beside this rig's own memory.
const MOST_MEMORY: u64 = 512 << 10;

/// Cells that hold anything, by row and column from 1.
type Cells = BTreeMap<(u64, usize), Cell>;

fn options(sheet: Option<&str>) -> ReadOptions {
    let mut options = ReadOptions {
        sheet: sheet.map(str::to_owned),
        reader: Some(PathBuf::from(PROGRAM)),
        ..ReadOptions::default()
    };
    options.limits.upload_bytes = 1 << 40;
    options.limits.columns = 256;
    options
}

fn read(path: &Path, sheet: Option<&str>) -> Result<(Source, Cells), SheetFault> {
    let mut table = open(path, &options(sheet))?;
    let mut cells = Cells::new();
    for row in &mut table {
        let row = row?;
        for (at, cell) in row.cells.into_iter().enumerate() {
            if cell != Cell::Empty {
                cells.insert((row.number, at + 1), cell);
            }
        }
    }
    Ok((table.source, cells))
}

/// Does `work`, watching its time and the memory of the children it starts.
fn watched(board: &mut Board, name: &str, work: impl FnOnce() -> Result<String, String>) {
    let watch = Watch::over_children(std::process::id());
    let begun = Instant::now();
    let verdict = work();
    let cost = Cost { time: begun.elapsed(), memory: watch.peak() };
    let is_cheap = cost.time < LONGEST && cost.memory < MOST_MEMORY;
    let said = match &verdict {
        Ok(said) | Err(said) => said,
    };
    board.hold(name, verdict.is_ok() && is_cheap, said, cost);
}

pub(crate) fn run(order: &Order, board: &mut Board) {
    let folder = order.data.join("nasty_xlsx");
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let manifest: Vec<Value> = serde_json::from_str(&manifest).unwrap();
    nasty_workbooks(&folder, &manifest, board);
    one_table_in_every_encoding(&order.data.join("cn_divisions/encodings"), board);
    mutated_workbooks(&folder, &manifest, order.count.unwrap_or(200), board);
}

/// Files that must be refused although some reader opens them, and those readers disagree about.
const REFUSED_BY_CHOICE: &[&str] = &[
    "broken_container/duplicate-filename-case-insensitive.xlsx",
    "old_binary_formats/testEXCEL_3.xls",
    "huge_or_sparse/51535.xls",
];

fn nasty_workbooks(folder: &Path, manifest: &[Value], board: &mut Board) {
    for file in manifest {
        let name = file["path"].as_str().unwrap();
        let (path, cells) = (folder.join(name), folder.join(format!("{name}.cells.json")));
        let readable = |reader: &str| file["readers"][reader]["outcome"] == "ok";
        let refused = REFUSED_BY_CHOICE.contains(&name)
            || !["openpyxl", "calamine", "xlrd"].into_iter().any(readable);
        watched(board, name, || match (refused, cells.exists()) {
            (true, _) => refusal(&path),
            (false, true) => agreement(&path, &cells),
            (false, false) => answer(&path),
        });
    }
}

fn refusal(path: &Path) -> Result<String, String> {
    match read(path, None) {
        Ok((_, cells)) => Err(format!("read {} cells, should be refused", cells.len())),
        Err(fault) => Ok(format!("refused {}", fault.code)),
    }
}

/// Either all sheets with cells or a refusal with a sentence.
#[expect(clippy::unnecessary_wraps, reason = "one of three verdicts")]
fn answer(path: &Path) -> Result<String, String> {
    match read(path, None) {
        Ok((source, cells)) => {
            let mut counts =
                vec![format!("{:?} {:?} {}", source.format, source.sheet, cells.len())];
            for sheet in &source.sheets {
                counts.push(match read(path, Some(sheet)) {
                    Ok((_, cells)) => format!("{sheet}: {} cells", cells.len()),
                    Err(fault) => format!("{sheet}: {}", fault.code),
                });
            }
            Ok(format!("answered {}", counts.join("; ")))
        }
        Err(fault) => Ok(format!("refused {}", fault.code)),
    }
}

fn agreement(path: &Path, cells: &Path) -> Result<String, String> {
    let expected = fs::read_to_string(cells).map_err(|error| error.to_string())?;
    let expected: Vec<(String, BTreeMap<String, Value>)> =
        serde_json::from_str(&expected).map_err(|error| error.to_string())?;
    let mut compared = 0;
    for (sheet, expected) in &expected {
        let found = read(path, Some(sheet)).map_err(|fault| format!("{sheet}: {fault}"))?.1;
        compared += compare(sheet, expected, &found)?;
    }
    Ok(format!("{compared} cells agree"))
}

fn compare(
    sheet: &str,
    expected: &BTreeMap<String, Value>,
    found: &Cells,
) -> Result<usize, String> {
    let mut left = found.clone();
    for (place, value) in expected {
        let (row, column) = place.split_once(',').unwrap();
        let place = (row.parse().unwrap(), column.parse().unwrap());
        let cell = left.remove(&place);
        if !cell.as_ref().is_some_and(|cell| says(cell, value)) {
            return Err(format!("{sheet} {place:?}: expected {value}, found {cell:?}"));
        }
    }
    left.retain(|_, cell| {
        !matches!(cell, Cell::Damaged { .. }) && *cell != Cell::Text(" ".to_owned())
    });
    if left.is_empty() {
        Ok(expected.len())
    } else {
        Err(format!("{sheet}: beyond what is known: {left:?}"))
    }
}

/// Whether a cell says what two other readers agreed on; numbers were noted to ten digits.
fn says(cell: &Cell, value: &Value) -> bool {
    let near = |text: &str, noted: &serde_json::Number| {
        let (found, noted) = (text.parse().unwrap_or(f64::NAN), noted.as_f64().unwrap_or(f64::NAN));
        (found - noted).abs() <= noted.abs() * 1e-9
    };
    match (cell, value) {
        (Cell::Number(text) | Cell::Damaged { found: text, .. }, Value::Number(noted)) => {
            near(text, noted)
        }
        (Cell::Text(text), Value::String(expected)) => text.trim() == expected.trim(),
        (Cell::Date(text), Value::String(expected)) => text.replace('T', " ") == *expected,
        (Cell::Time(text), Value::String(expected)) => match expected.strip_prefix("dur:") {
            Some(seconds) => seconds_of(text) == seconds.parse::<f64>().ok(),
            None => text == expected,
        },
        (Cell::Truth(truth), Value::Bool(expected)) => truth == expected,
        _ => false,
    }
}

fn seconds_of(time: &str) -> Option<f64> {
    let parts: Vec<u32> = time.split(':').filter_map(|part| part.parse().ok()).collect();
    let [hours, minutes, seconds] = parts[..] else { return None };
    Some(f64::from(hours * 3_600 + minutes * 60 + seconds))
}

fn one_table_in_every_encoding(folder: &Path, board: &mut Board) {
    let truth = read(&folder.join("utf8_lf.csv"), None).unwrap().1;
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|end| end == "csv")) {
        let name = path.file_name().unwrap().to_string_lossy();
        watched(board, &name, || {
            let (source, cells) = read(path, None).map_err(|fault| fault.to_string())?;
            let same = cells.iter().filter(|(place, cell)| truth.get(place) == Some(cell)).count();
            let marks = cells
                .values()
                .filter(|cell| matches!(cell, Cell::Text(text) if text.contains('\u{FFFD}')))
                .count();
            let lossy = name.contains("lossy");
            let good = marks == 0 && cells.len() == truth.len() && (lossy || same == truth.len());
            let said = format!("{:?} {same} of {} cells equal", source.encoding, truth.len());
            if good { Ok(said) } else { Err(said) }
        });
    }
}

/// Files made to do harm: all but a few are refused.
pub(crate) fn hostile(files: &[PathBuf], board: &mut Board) {
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy();
        watched(board, &name, || {
            if READABLE.contains(&&*name) { answer(path) } else { refusal(path) }
        });
    }
}

/// Marsaglia's xorshift: the same changes on every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % end.max(1)
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(8) {
            let at = self.below(bytes.len());
            match self.below(4) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at.min(bytes.len()), b"<>\"&0\xFF\0r"[self.below(8)]),
                _ if at < bytes.len() => bytes[at] = u8::try_from(self.below(256)).unwrap(),
                _ => {}
            }
        }
    }

    /// Changes one part of a zip container and packs it anew, so that checksums hold.
    fn change_part(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).ok()?;
        let changed = self.below(archive.len());
        let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for at in 0..archive.len() {
            let mut part = archive.by_index(at).ok()?;
            let (name, mut content) = (part.name().ok()?.into_owned(), Vec::new());
            part.read_to_end(&mut content).ok()?;
            if at == changed {
                self.change(&mut content);
            }
            packed.start_file(name, zip::write::SimpleFileOptions::default()).ok()?;
            packed.write_all(&content).ok()?;
        }
        Some(packed.finish().ok()?.into_inner())
    }
}

fn mutated_workbooks(folder: &Path, manifest: &[Value], count: u32, board: &mut Board) {
    let path = env::temp_dir().join(format!("sheet-mutated-{}", std::process::id()));
    let (mut chance, mut answers) = (Chance(0x2545_F491_4F6C_DD1D), BTreeMap::new());
    let (mut worst, mut failures) = (Duration::ZERO, Vec::new());
    for round in 0..count {
        let name = manifest[chance.below(manifest.len())]["path"].as_str().unwrap();
        let original = fs::read(folder.join(name)).unwrap();
        let mut bytes = original.clone();
        match chance.change_part(&original) {
            Some(packed) if chance.below(4) > 0 => bytes = packed,
            _ => chance.change(&mut bytes),
        }
        fs::write(&path, &bytes).unwrap();
        let begun = Instant::now();
        let answer = read(&path, None).map_or_else(|fault| fault.code, |_| "read");
        worst = worst.max(begun.elapsed());
        *answers.entry(answer).or_insert(0_u32) += 1;
        if answer == "sheet.reader_failed" || answer == "sheet.out_of_time" {
            failures.push(format!("round {round} {name}: {answer}"));
        }
    }
    let _ = fs::remove_file(&path);
    let cost = Cost { time: worst, memory: 0 };
    board.hold(
        "bytes changed at random",
        failures.is_empty(),
        format!("{answers:?} {failures:?}"),
        cost,
    );
}
