//! Children that misbehave.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use taizhang::app::sheet::{ReadOptions, SheetFault, Table, open};

const OPENED: &str = r#"{"opened":{"format":"xlsx","sheet":"a","sheets":["a"]}}"#;

/// Opens a container with a shell script as the child.
fn open_with(folder: &Path, body: &str) -> Result<Table, SheetFault> {
    let (container, program) = (folder.join("container"), folder.join("reader"));
    fs::write(&container, b"PK\x03\x04").unwrap();
    // written by a program of its own: a file this one had open for writing could still be open in
    // a child that another test starts meanwhile, and would not run
    let write = r#"printf '#!/bin/sh\n%s\n' "$2" > "$1" && chmod 755 "$1""#;
    let arguments = [program.as_os_str(), OsStr::new(body)];
    let written = Command::new("/bin/sh").args(["-c", write, "sh"]).args(arguments).status();
    assert!(written.unwrap().success());
    let mut options = ReadOptions { reader: Some(program), ..ReadOptions::default() };
    options.limits.patience = Duration::from_millis(500);
    open(&container, &options)
}

fn code(folder: &Path, body: &str) -> &'static str {
    let table = match open_with(folder, body) {
        Ok(table) => table,
        Err(fault) => return fault.code,
    };
    table.filter_map(Result::err).map(|fault| fault.code).next().unwrap_or_default()
}

fn misbehaviour_is_named(folder: &Path) {
    for (body, expected) in [
        ("exec /bin/cat /dev/zero".to_owned(), "sheet.reader_failed"),
        ("echo nonsense".to_owned(), "sheet.reader_failed"),
        ("exit 3".to_owned(), "sheet.reader_failed"),
        (
            "echo memory allocation of 9 bytes failed >&2; kill -ABRT $$".to_owned(),
            "sheet.out_of_memory",
        ),
        ("kill -ABRT $$".to_owned(), "sheet.broken_workbook"),
        ("kill -KILL $$".to_owned(), "sheet.out_of_memory"),
        ("kill -XCPU $$".to_owned(), "sheet.out_of_time"),
        ("while :; do :; done".to_owned(), "sheet.out_of_time"),
        (format!("echo '{OPENED}'"), "sheet.reader_failed"),
        (format!("echo '{OPENED}'; echo '{{\"end\":{{\"rows\":1}}}}'"), "sheet.reader_failed"),
        (
            format!("echo '{OPENED}'; echo '{{\"r\":{{\"n\":0,\"c\":[\"e\"]}}}}'"),
            "sheet.reader_failed",
        ),
        (format!("echo '{OPENED}'; while :; do :; done"), "sheet.out_of_time"),
        (format!("echo '{OPENED}'; echo '{{\"end\":{{\"rows\":0}}}}'"), ""),
    ] {
        assert_eq!(code(folder, &body), expected, "{body}");
    }
}

fn a_dropped_table_leaves_no_child(folder: &Path) {
    let note = folder.join("number");
    let body = format!("echo $$ > {}\necho '{OPENED}'\nexec /bin/sleep 600", note.display());
    let table = open_with(folder, &body).unwrap();
    let child = Path::new("/proc").join(fs::read_to_string(&note).unwrap().trim());
    assert!(child.exists());
    let dropped = Instant::now();
    drop(table);
    assert!(!child.exists());
    assert!(dropped.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_child_that_misbehaves_is_ended_and_named() {
    let folder = tempfile::tempdir().unwrap();
    misbehaviour_is_named(folder.path());
    a_dropped_table_leaves_no_child(folder.path());
    let container = folder.path().join("container");
    let absent =
        ReadOptions { reader: Some(folder.path().join("absent")), ..ReadOptions::default() };
    assert_eq!(
        open(&container, &absent).err().map(|fault| fault.code),
        Some("sheet.reader_failed")
    );
}
