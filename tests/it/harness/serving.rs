//! The program while it serves, as those who call it over the network see it.

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value as Json, json};

use super::signing_in::PASSWORD;

/// The program in a folder, with nothing of this machine's settings.
fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
    command.args(arguments).current_dir(folder);
    for name in ["TAIZHANG_DATABASE", "TAIZHANG_LANG", "TAIZHANG_ACCOUNT"] {
        command.env_remove(name);
    }
    command
}

/// Runs it to its end.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder, arguments).output().expect("the program runs")
}

/// The program while it serves.
pub(crate) struct Serving {
    child: Child,
    /// Where it listens.
    pub(crate) at: String,
    /// What it said before.
    pub(crate) said: String,
}

impl Serving {
    /// Starts it on a free port, and waits until it says where: `last` ends what it tells.
    pub(crate) fn start(folder: &Path, arguments: &[&str], last: &str) -> Serving {
        let (said, told) = (folder.join("said"), folder.join("told"));
        let file = |path: &Path| Stdio::from(File::create(path).expect("a file"));
        let mut command = program(folder, &[arguments, &["--listen", "127.0.0.1:0"]].concat());
        let child = command.stdout(file(&said)).stderr(file(&told)).spawn().expect("it starts");
        let begun = Instant::now();
        let at = loop {
            let told = fs::read_to_string(&told).expect("text");
            let address = told.split("http://").nth(1).and_then(|rest| rest.split('/').next());
            if let Some(address) = address.filter(|_| told.contains(last)) {
                break address.to_owned();
            }
            assert!(begun.elapsed() < Duration::from_mins(2), "{told}");
            std::thread::sleep(Duration::from_millis(20));
        };
        Serving { child, at, said: fs::read_to_string(said).expect("text") }
    }

    /// Tells it to end, and sees that it does, well and in time.
    pub(crate) fn end(mut self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).expect("told");
        let begun = Instant::now();
        let status = self.child.wait().expect("ended");
        assert!(status.success(), "{status}");
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    }

    /// Asks: a method and an address, headers on lines below, and a body. Status and body of the
    /// answer.
    pub(crate) fn ask(&self, head: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.at).expect("connected");
        let (line, headers) = head.split_once('\n').unwrap_or((head, "x-none: "));
        let (host, length) = (&self.at, body.len());
        // the old version, in which no body comes in pieces
        let text = format!(
            "{line} HTTP/1.0\r\n{headers}\r\nhost: {host}\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(text.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        (status.expect("a status"), body.expect("a body"))
    }

    /// Posts to an operation.
    pub(crate) fn post(&self, path: &str, body: &Json) -> (u16, String) {
        self.ask(&format!("POST /api/v1{path}"), &body.to_string())
    }

    /// Sets the password of an account by its code, and signs in: the header that says so.
    pub(crate) fn sign_in(&self, name: &str, code: &str) -> String {
        assert_eq!(self.post("/links", &json!({ "code": code, "password": PASSWORD })).0, 204);
        let (status, opened) =
            self.post("/sessions", &json!({ "name": name, "password": PASSWORD }));
        assert_eq!(status, 201, "{opened}");
        let opened: Json = serde_json::from_str(&opened).expect("JSON");
        format!("authorization: Bearer {}", opened["access_token"].as_str().expect("a token"))
    }
}

impl Drop for Serving {
    /// A test that failed leaves nothing running.
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
