//! Backing up and moving as an operator does it: what is said, exit codes, and programs that are
//! killed or interrupted on the way.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use taizhang::store::connect::Place;
use tempfile::TempDir;

use super::{Elsewhere, tables_of};

const LEDGER: &str = "sqlite:taizhang-demo/taizhang.db";
const KEYS: &str = "taizhang-demo/taizhang.db.keys";

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
    command.args(["--lang", "en", "--keys", KEYS]).args(arguments).current_dir(folder);
    for name in ["TAIZHANG_DATABASE", "TAIZHANG_LANG", "TAIZHANG_ACCOUNT"] {
        command.env_remove(name);
    }
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder, arguments).output().expect("the program runs")
}

/// Runs the program on the sample ledger.
fn on_sample(folder: &Path, arguments: &[&str]) -> Output {
    run(folder, &[&["--database", LEDGER], arguments].concat())
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = program(folder, arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("no signal")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn narrated(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A folder with the sample county in it.
fn sample() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let mut demo = Command::new(env!("CARGO_BIN_EXE_taizhang"));
    let done = demo
        .args(["demo", "--report-only"])
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    assert_eq!(code(&done), 0, "{}", narrated(&done));
    folder
}

fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_backup_is_restored_and_verified_by_a_new_process() {
    let folder = sample();
    let folder = folder.path();
    let done = on_sample(folder, &["backup", "--to", "b", "--keep", "1"]);
    assert_eq!(code(&done), 0, "{}", narrated(&done));
    assert!(said(&done).contains("the key file is not in the backup"), "{}", said(&done));
    assert!(said(&done).contains("copy it to another one"));
    assert!(narrated(&done).contains("checking the copy"), "{}", narrated(&done));
    let done = json(&on_sample(folder, &["backup", "--to", "b", "--keep", "1", "--json"]));
    assert_eq!(done["removed"].as_array().expect("a list").len(), 1);
    assert_eq!(done["keys"]["included"], false);
    let backup = done["backup"].as_str().expect("a path");
    let end = &done["manifest"]["logs"][0];
    let line = format!(
        "{}  {} entries  {}",
        end["county"].as_str().expect("a county"),
        end["size"],
        end["root"].as_str().expect("a root")
    );
    let back = run(folder, &["--database", "sqlite:r/x.db", "restore", backup, "--verify"]);
    assert_eq!(code(&back), 0, "{}", narrated(&back));
    assert!(said(&back).contains("verified, as the manifest says"), "{}", said(&back));
    assert!(said(&back).contains(&line), "{}\n{line}", said(&back));
    let over = run(folder, &["--database", "sqlite:r/x.db", "restore", backup]);
    assert_eq!(code(&over), 2);
    assert!(narrated(&over).contains("never over another"), "{}", narrated(&over));
    let back =
        run(folder, &["--database", "sqlite:r/y.db", "restore", backup, "--verify", "--json"]);
    let told = json(&back);
    assert_eq!(told["verification"]["verdict"], "sound");
    assert_eq!(told["manifest"], done["manifest"]);
    let path = folder.join(backup).join("ledger.db");
    let mut bytes = fs::read(&path).expect("the file");
    bytes[5_000] ^= 1;
    fs::write(&path, bytes).expect("written");
    let damaged = run(folder, &["--database", "sqlite:d/x.db", "restore", backup, "--verify"]);
    assert_eq!(code(&damaged), 2);
    assert!(narrated(&damaged).contains("it was damaged or altered"), "{}", narrated(&damaged));
    assert_eq!(entries(&folder.join("d")), Vec::<String>::new());
}

#[test]
fn a_restored_ledger_that_does_not_agree_has_the_exit_code_of_verify() {
    let folder = sample();
    let folder = folder.path();
    // the log alone is checked when the backup is taken: a row that was changed past it comes along
    let change = async {
        use sea_orm::{ConnectionTrait, Database};
        let url = format!("sqlite:{}", folder.join("taizhang-demo/taizhang.db").display());
        let db = Database::connect(url).await.expect("a connection");
        db.execute_unprepared("UPDATE asset SET name = '别的' WHERE id = 7").await.expect("done");
        db.close().await.expect("closed");
    };
    tokio::runtime::Runtime::new().expect("a runtime").block_on(change);
    let done = json(&on_sample(folder, &["backup", "--to", "b", "--json"]));
    let backup = done["backup"].as_str().expect("a path");
    assert_eq!(code(&on_sample(folder, &["backup", "--to", "b", "--rows"])), 2);
    let back = run(folder, &["--database", "sqlite:r/x.db", "restore", backup, "--verify"]);
    assert_eq!(code(&back), 1, "{}", narrated(&back));
    assert!(said(&back).contains("changed past the log"), "{}", said(&back));
}

#[test]
fn a_dump_goes_to_a_stream_or_to_a_new_file() {
    let folder = sample();
    let folder = folder.path();
    for command in ["backup", "dump"] {
        let nothing = run(folder, &["--database", "sqlite:misspelt.db", command]);
        assert_eq!(code(&nothing), 4, "{}", narrated(&nothing));
        assert!(!folder.join("misspelt.db").exists(), "a copy of nothing is no copy");
    }
    let stream = on_sample(folder, &["dump"]);
    assert_eq!(code(&stream), 0);
    let done = on_sample(folder, &["dump", "--out", "a.dump", "--json"]);
    assert_eq!(json(&done)["rows"]["ledger"], 1);
    assert_eq!(fs::read(folder.join("a.dump")).expect("the dump"), stream.stdout);
    assert_eq!(code(&on_sample(folder, &["dump", "--out", "a.dump"])), 2);
    let loaded = run(folder, &["--database", "sqlite:l/x.db", "load", "a.dump"]);
    assert_eq!(code(&loaded), 0, "{}", narrated(&loaded));
    assert!(said(&loaded).contains("the log and every row agree"), "{}", said(&loaded));
    let again = run(folder, &["--database", "sqlite:l/x.db", "dump"]);
    assert!(again.stdout == stream.stdout, "the same bytes");
    let none = Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .args(["--lang", "en", "--database", "sqlite:m/x.db", "load", "a.dump"])
        .current_dir(folder)
        .output()
        .expect("the program runs");
    assert_eq!(code(&none), 2);
    assert!(narrated(&none).contains("the key file m/x.db.keys is missing"), "{}", narrated(&none));
}

/// How long a program that is killed has lived, in milliseconds.
const LIVES: [u64; 5] = [40, 250, 600, 1_200, 2_000];

#[test]
fn a_load_into_a_file_that_is_killed_leaves_nothing() {
    let folder = sample();
    let folder = folder.path();
    assert_eq!(code(&on_sample(folder, &["dump", "--out", "a.dump"])), 0);
    let load = ["--database", "sqlite:l/x.db", "load", "a.dump"];
    let mut n_killed = 0;
    for life in LIVES {
        let mut child = start(folder, &load);
        std::thread::sleep(Duration::from_millis(life));
        if child.try_wait().expect("an answer").is_some() {
            break;
        }
        child.kill().expect("killed");
        child.wait().expect("ended");
        n_killed += 1;
        assert!(!folder.join("l/x.db").exists(), "killed after {life} ms");
        assert!(!folder.join("l/x.db-wal").exists());
    }
    assert!(n_killed > 0);
    drop(fs::remove_file(folder.join("l/x.db")));
    assert_eq!(code(&run(folder, &load)), 0);
    assert_eq!(entries(&folder.join("l")), ["x.db"], "what the killed left is swept");
    let verified = run(folder, &["--database", "sqlite:l/x.db", "verify", "--rows"]);
    assert_eq!(code(&verified), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_load_into_postgres_that_is_killed_leaves_nothing() {
    let Some(elsewhere) = Elsewhere::postgres().await else { return };
    let folder = sample();
    let folder = folder.path();
    assert_eq!(code(&on_sample(folder, &["dump", "--out", "a.dump"])), 0);
    let Place { url, schema } = &elsewhere.place;
    let schema = schema.as_deref().expect("a schema");
    let sign = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{sign}options[search_path]={schema}");
    let load = ["--database", &url, "load", "a.dump"];
    let mut n_killed = 0;
    for life in LIVES {
        let mut child = start(folder, &load);
        std::thread::sleep(Duration::from_millis(life));
        if child.try_wait().expect("an answer").is_some() {
            break;
        }
        child.kill().expect("killed");
        child.wait().expect("ended");
        n_killed += 1;
        assert_eq!(tables_of(&elsewhere.place).await, Vec::<String>::new(), "after {life} ms");
    }
    assert!(n_killed > 0);
    let loaded = run(folder, &load);
    assert_eq!(code(&loaded), 0, "{}", narrated(&loaded));
    let again = run(folder, &["--database", &url, "dump"]);
    assert!(again.stdout == fs::read(folder.join("a.dump")).expect("the dump"), "the same bytes");
    let backup = json(&run(folder, &["--database", &url, "backup", "--to", "b", "--json"]));
    assert_eq!(backup["manifest"]["file"]["form"], "dump");
    let backup = backup["backup"].as_str().expect("a path");
    let back = run(folder, &["--database", "sqlite:r/x.db", "restore", backup, "--verify"]);
    assert_eq!(code(&back), 0, "{}{}", said(&back), narrated(&back));
}

#[test]
fn a_backup_that_is_killed_or_interrupted_is_none() {
    let folder = sample();
    let folder = folder.path();
    let back_up = ["--database", LEDGER, "backup", "--to", "b", "--rows"];
    for life in [60, 300, 700] {
        let mut child = start(folder, &back_up);
        std::thread::sleep(Duration::from_millis(life));
        child.kill().expect("killed");
        let ended = child.wait().expect("ended");
        if ended.success() {
            break;
        }
        let named = folder.join("b").exists().then(|| entries(&folder.join("b")));
        let named = named.unwrap_or_default();
        assert!(named.iter().all(|name| name.starts_with('.')), "after {life} ms: {named:?}");
    }
    let done = run(folder, &back_up);
    assert_eq!(code(&done), 0, "{}", narrated(&done));
    assert!(entries(&folder.join("b")).iter().all(|name| !name.starts_with('.')), "swept");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_load_before_anything_is_kept() {
    use rustix::process::{Pid, Signal, kill_process};
    let folder = sample();
    let folder = folder.path();
    assert_eq!(code(&on_sample(folder, &["dump", "--out", "a.dump"])), 0);
    let mut child = start(folder, &["--database", "sqlite:l/x.db", "load", "a.dump"]);
    // it listens from the moment on which it makes its folder
    while !folder.join("l").exists() {
        std::thread::sleep(Duration::from_millis(2));
    }
    std::thread::sleep(Duration::from_millis(50));
    kill_process(Pid::from_child(&child), Signal::INT).expect("told");
    let ended = child.wait().expect("ended");
    assert_eq!(ended.code(), Some(130));
    assert_eq!(entries(&folder.join("l")), Vec::<String>::new());
}
