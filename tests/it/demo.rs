//! The sample county as somebody meets it who tries the program: accounts with their codes, the
//! service, and how it ends.

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use entity::account::Role;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::harness::signing_in::PASSWORD;

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
    command.args(arguments).current_dir(folder);
    for name in ["TAIZHANG_DATABASE", "TAIZHANG_LANG", "TAIZHANG_ACCOUNT"] {
        command.env_remove(name);
    }
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder, arguments).output().expect("the program runs")
}

/// The program while it serves.
struct Serving {
    child: Child,
    at: String,
    said: String,
}

impl Serving {
    /// Starts it on a free port, and waits until it says where.
    fn start(folder: &Path) -> Serving {
        let (said, told) = (folder.join("said"), folder.join("told"));
        let file = |path: &Path| Stdio::from(File::create(path).expect("a file"));
        let mut command = program(folder, &["demo", "--listen", "127.0.0.1:0", "--no-open"]);
        let child = command.stdout(file(&said)).stderr(file(&told)).spawn().expect("it starts");
        let begun = Instant::now();
        let at = loop {
            let told = fs::read_to_string(&told).expect("text");
            let address = told.split("http://").nth(1).and_then(|rest| rest.split('/').next());
            if let Some(address) = address.filter(|_| told.contains("Ctrl-C")) {
                break address.to_owned();
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "{told}");
            std::thread::sleep(Duration::from_millis(20));
        };
        Serving { child, at, said: fs::read_to_string(said).expect("text") }
    }

    /// What stands beside an account: its role, its area, its code.
    fn row(&self, account: &str) -> Vec<&str> {
        let lines = self.said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        lines.into_iter().find(|row| row.get(1) == Some(&account)).expect("a row")
    }

    /// Tells it to end, and sees that it does, well and in time.
    fn end(mut self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).expect("told");
        let begun = Instant::now();
        let status = self.child.wait().expect("ended");
        assert!(status.success(), "{status}");
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    }

    fn ask(&self, head: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.at).expect("connected");
        let length = body.len();
        let text = format!(
            "{head}\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}",
            self.at
        );
        stream.write_all(text.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        (status.expect("a status"), body.expect("a body"))
    }

    fn post(&self, path: &str, body: &Json) -> (u16, String) {
        self.ask(&format!("POST /api/v1{path} HTTP/1.1"), &body.to_string())
    }
}

#[test]
fn the_sample_county_is_served_with_an_account_for_every_role() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    let serving = Serving::start(folder);
    let offered = Role::ALL.iter().filter(|role| **role != Role::Operator);
    for role in offered {
        let found = serving.said.lines().any(|line| line.starts_with(role.label().zh));
        assert!(found, "{}", role.label().zh);
    }
    assert_eq!(serving.row("qinghe-town")[2], "石桥镇");
    let code = serving.row("qinghe-clerk")[3].to_owned();
    assert_eq!(code.len(), 43);
    assert_eq!(serving.post("/links", &json!({ "code": code, "password": PASSWORD })).0, 204);
    assert_eq!(serving.post("/links", &json!({ "code": code, "password": PASSWORD })).0, 422);
    let who = json!({ "name": "qinghe-clerk", "password": PASSWORD });
    let (status, opened) = serving.post("/sessions", &who);
    let opened: Json = serde_json::from_str(&opened).expect("JSON");
    let token = opened["access_token"].as_str().expect("a token");
    assert_eq!(status, 201);
    let bearer = format!("authorization: Bearer {token}");
    let path = "/api/v1/reports/no-maintainer";
    let (status, report) = serving.ask(&format!("GET {path} HTTP/1.1\r\n{bearer}"), "");
    let report: Json = serde_json::from_str(&report).expect("JSON");
    assert_eq!((status, report["rows"].as_array().map(Vec::len)), (200, Some(53)));
    assert_eq!(report["total"]["count"], 53);
    let (status, page) = serving.ask("GET /api/v1/ HTTP/1.1", "");
    assert!(status == 200 && page.contains("/reports/"), "{status}");

    let elsewhere = TempDir::new().expect("a folder");
    let taken = run(elsewhere.path(), &["demo", "--listen", &serving.at]);
    let words = String::from_utf8_lossy(&taken.stderr).into_owned();
    assert_eq!((taken.status.code(), taken.stdout.len()), (Some(2), 0), "{words}");
    assert!(words.contains("--listen"), "{words}");
    let made = fs::read_dir(elsewhere.path()).expect("a folder").count();
    assert_eq!(made, 0, "who cannot be served is told before anything is made");
    let before = serving.row("qinghe-auditor")[3].to_owned();
    serving.end();

    let again = Serving::start(folder);
    assert_eq!(again.row("qinghe-clerk")[3], "已设置密码");
    assert_ne!(again.row("qinghe-auditor")[3], before, "a fresh code");
    assert_eq!(again.post("/links", &json!({ "code": before, "password": PASSWORD })).0, 422);
    assert_eq!(again.post("/sessions", &who).0, 201);
    again.end();
    let verified = ["--database", "sqlite:taizhang-demo/taizhang.db", "verify", "--rows"];
    assert!(run(folder, &verified).status.success());
}
