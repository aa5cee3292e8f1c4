//! The sample county as somebody meets it who tries the program: accounts with their codes, the
//! service, and how it ends.

use std::{fs, path::Path};

use entity::account::Role;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::harness::{
    serving::{Serving, run},
    signing_in::PASSWORD,
};

fn start(folder: &Path) -> Serving {
    Serving::start(folder, &["demo", "--no-open"], "Ctrl-C")
}

/// What stands beside an account: its role, its area, its code.
fn row<'a>(serving: &'a Serving, account: &str) -> Vec<&'a str> {
    let mut rows = serving.said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.find(|row| row.get(1) == Some(&account)).expect("a row")
}

#[test]
fn the_sample_county_is_served_with_an_account_for_every_role() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    let serving = start(folder);
    for role in Role::of_accounts() {
        let found = serving.said.lines().any(|line| line.starts_with(role.label().zh));
        assert!(found, "{}", role.label().zh);
    }
    assert_eq!(row(&serving, "qinghe-town")[2], "石桥镇");
    let code = row(&serving, "qinghe-clerk")[3].to_owned();
    assert_eq!(code.len(), 43);
    let bearer = serving.sign_in("qinghe-clerk", &code);
    let twice = json!({ "code": code, "password": PASSWORD });
    assert_eq!(serving.post("/links", &twice).0, 422, "a code is good once");
    let report = format!("GET /api/v1/reports/no-maintainer\n{bearer}");
    let (status, report) = serving.ask(&report, "");
    let report: Json = serde_json::from_str(&report).expect("JSON");
    assert_eq!((status, report["rows"].as_array().map(Vec::len)), (200, Some(53)));
    assert_eq!(report["total"]["count"], 53);
    let (status, page) = serving.ask("GET /api/v1/", "");
    assert!(status == 200 && page.contains("<!DOCTYPE html>"), "{status}");
    let before = row(&serving, "qinghe-auditor")[3].to_owned();
    serving.end();

    let again = start(folder);
    assert_eq!(row(&again, "qinghe-clerk")[3], "已设置密码");
    assert_ne!(row(&again, "qinghe-auditor")[3], before, "a fresh code");
    assert_eq!(again.post("/links", &json!({ "code": before, "password": PASSWORD })).0, 422);
    let who = json!({ "name": "qinghe-clerk", "password": PASSWORD });
    assert_eq!(again.post("/sessions", &who).0, 201);
    again.end();
    let verified = ["--database", "sqlite:taizhang-demo/taizhang.db", "verify", "--rows"];
    assert!(run(folder, &verified).status.success());
}

#[test]
fn a_taken_address_is_told_before_anything_is_made() {
    let holder = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = holder.local_addr().expect("an address").to_string();
    for command in ["demo", "serve"] {
        let folder = TempDir::new().expect("a folder");
        let taken = run(folder.path(), &[command, "--listen", &at]);
        let words = String::from_utf8_lossy(&taken.stderr).into_owned();
        assert_eq!((taken.status.code(), taken.stdout.len()), (Some(2), 0), "{words}");
        assert!(words.contains(&at) && words.contains("--listen"), "{words}");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0, "{command}");
    }
}
