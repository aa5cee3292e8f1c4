//! A ledger in a folder of its own, driven through the program's command line.

use std::{
    fs,
    io::Read,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::board::Cost;

/// The program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_taizhang");

/// A file of the tree's own test data.
pub(crate) fn own(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file)
}

/// Unpacks `X.xz` into a folder as `X`.
pub(crate) fn unpacked(packed: &Path, folder: &Path) -> PathBuf {
    let path = folder.join(packed.file_stem().unwrap());
    let output = fs::File::create(&path).unwrap();
    let done = Command::new("xz").args(["-dc"]).arg(packed).stdout(output).status().unwrap();
    assert!(done.success(), "{}", packed.display());
    path
}

/// What the program answered.
pub(crate) struct Answer {
    pub(crate) status: ExitStatus,
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) cost: Cost,
}

impl Answer {
    /// The exit code, or the signal as a negative number.
    pub(crate) fn code(&self) -> i32 {
        self.status.code().unwrap_or_else(|| -self.status.signal().unwrap_or(0))
    }

    /// What was printed, as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.code(), self.err))
    }
}

/// A ledger.
pub(crate) struct Ledger {
    folder: TempDir,
    url: String,
}

impl Ledger {
    /// A ledger in a file.
    pub(crate) fn in_file() -> Ledger {
        Ledger::at("sqlite:ledger.db".to_owned())
    }

    /// A ledger at an address, its keys in a folder of its own.
    pub(crate) fn at(url: String) -> Ledger {
        Ledger { folder: tempfile::tempdir().unwrap(), url }
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts the program.
    pub(crate) fn start(&self, args: &[&str]) -> Child {
        Command::new(PROGRAM)
            .args(["--lang", "en", "--database", &self.url, "--keys", "ledger.keys"])
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Answer {
        let begun = Instant::now();
        let mut child = self.start(args);
        let watch = Watch::over(child.id());
        let mut stderr = child.stderr.take().unwrap();
        let errors = thread::spawn(move || {
            let mut text = Vec::new();
            stderr.read_to_end(&mut text).map(|_| text)
        });
        let mut out = Vec::new();
        child.stdout.take().unwrap().read_to_end(&mut out).unwrap();
        let status = child.wait().unwrap();
        let cost = Cost { time: begun.elapsed(), memory: watch.peak() };
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Answer { status, out: text(out), err: text(errors.join().unwrap().unwrap()), cost }
    }

    /// Runs the program with `--json`.
    pub(crate) fn ask(&self, args: &[&str]) -> (Value, Cost) {
        let answer = self.run(&[args, &["--json"]].concat());
        (answer.json(), answer.cost)
    }

    /// Imports a file, and answers the outcome.
    pub(crate) fn import(&self, kind: &str, file: &Path, more: &[&str]) -> (Value, Cost) {
        self.ask(&[&["import", kind, file.to_str().unwrap()], more].concat())
    }
}

/// Created, changed, same, rejected, as an import says them.
pub(crate) fn counts(outcome: &Value) -> String {
    ["created", "changed", "same", "rejected"].map(|name| outcome[name].to_string()).join(" ")
}

/// Watches the memory of a program and its children.
pub(crate) struct Watch {
    ended: Arc<AtomicBool>,
    peak: Arc<AtomicU64>,
}

impl Watch {
    /// Starts watching a program and its children.
    pub(crate) fn over(program: u32) -> Watch {
        Watch::with(move || memory_of_all(program))
    }

    /// Starts watching the children of a program alone.
    pub(crate) fn over_children(program: u32) -> Watch {
        Watch::with(move || children(program).into_iter().map(memory_of_all).sum())
    }

    fn with(memory: impl Fn() -> u64 + Send + 'static) -> Watch {
        let (ended, peak) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let watch = Watch { ended: Arc::clone(&ended), peak: Arc::clone(&peak) };
        thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                peak.fetch_max(memory(), Ordering::Relaxed);
                thread::sleep(Duration::from_millis(5));
            }
        });
        watch
    }

    /// Ends watching: the most memory seen, in kB.
    pub(crate) fn peak(self) -> u64 {
        self.ended.store(true, Ordering::Relaxed);
        self.peak.load(Ordering::Relaxed)
    }
}

fn memory_of_all(program: u32) -> u64 {
    peak_of(program) + children(program).into_iter().map(memory_of_all).sum::<u64>()
}

fn children(program: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{program}/task")).into_iter().flatten().flatten();
    let lists =
        threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    let numbers =
        |list: String| list.split_whitespace().filter_map(|n| n.parse().ok()).collect::<Vec<u32>>();
    lists.flat_map(numbers).collect()
}

/// The peak memory of one program, in kB.
fn peak_of(program: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{program}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
