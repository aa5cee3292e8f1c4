//! A ledger in a folder of its own, with a few counties and people in it, driven by its command
//! line.

use std::{
    fmt::Write as _,
    fs,
    process::{Command, Stdio},
};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{
    Found,
    client::{Ask, Client, PASSWORD, Person},
};

/// The program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_taizhang");
/// The prefecture whose clerk writes.
const PREFECTURE: &str = "360800000000";
const AREAS: &str = "\
code,name,level,parent_code
360000000000,江西省,1,
360800000000,吉安市,2,360000000000
360824000000,新干县,3,360800000000
360824001000,洋峰街道,4,360824000000
360824001001,万寿居委会,5,360824001000
360825000000,永丰县,3,360800000000
360825001000,恩江镇,4,360825000000
360825001001,花园居委会,5,360825001000
360826000000,泰和县,3,360800000000
360826001000,澄江镇,4,360826000000
360826001001,工农兵居委会,5,360826001000
";
/// A village of each county.
pub(crate) const VILLAGES: [&str; 3] = ["360824001001", "360825001001", "360826001001"];

/// A ledger, and the folder of its file and its keys.
pub(crate) struct Site {
    folder: TempDir,
    url: String,
    /// A fault put in on purpose, with which it is served.
    pub(crate) fault: Option<&'static str>,
}

/// What a command came to.
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Site {
    /// A ledger in a file.
    pub(crate) fn in_file() -> Site {
        Site::at("sqlite:ledger.db".to_owned())
    }

    /// A ledger at an address.
    pub(crate) fn at(url: String) -> Site {
        Site { folder: tempfile::tempdir().expect("a folder"), url, fault: None }
    }

    /// The program on this ledger.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(["--lang", "en", "--database", &self.url, "--keys", "ledger.keys"])
            .args(words)
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        for name in ["TAIZHANG_DATABASE", "TAIZHANG_LANG", "TAIZHANG_ACCOUNT", "TAIZHANG_KEYS"] {
            command.env_remove(name);
        }
        if let Some(fault) = self.fault.filter(|_| words.contains(&"serve")) {
            command.env("TAIZHANG_BROKEN", fault);
        }
        command
    }

    /// Carries out a command.
    pub(crate) fn run(&self, words: &[&str]) -> Done {
        let output = self.command(words).output().expect("the program runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Done { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Makes the ledger with its areas.
    pub(crate) fn make(&self) {
        fs::write(self.folder.path().join("areas.csv"), AREAS).expect("a file");
        let done = self.run(&["import", "areas", "areas.csv"]);
        assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    }

    /// Puts assets into the first village.
    pub(crate) fn fill(&self, assets: usize) {
        let mut text = "code,name,class,area_code\n".to_owned();
        for n in 1..=assets {
            writeln!(text, "F{n:07},水塔{n},public,{}", VILLAGES[0]).expect("a line");
        }
        fs::write(self.folder.path().join("assets.csv"), text).expect("a file");
        let done = self.run(&["import", "assets", "assets.csv"]);
        assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    }

    /// A clerk of the prefecture, who has a password and is yet to sign in.
    pub(crate) async fn clerk(&self, client: &mut Client, name: &str) -> Person {
        let words = ["account", "add", name, "--role", "finance_clerk", "--area", PREFECTURE];
        let done = self.run(&[&words[..], &["--json"]].concat());
        let added: Json = serde_json::from_str(&done.out).expect(&done.err);
        let link = json!({ "code": added["code"], "password": PASSWORD });
        let opened = client.ask(&Ask::post("/links", &link)).await.expect("an answer");
        assert_eq!(opened.status, 204, "{}", opened.text());
        Person::named(name)
    }

    /// How many entries the logs have, where the log and every row agree; otherwise a fault.
    pub(crate) fn verified(&self, found: &mut Found) -> u64 {
        let done = self.run(&["verify", "--rows", "--json"]);
        let told: Json = serde_json::from_str(&done.out).unwrap_or_default();
        if done.code != Some(0) {
            found.fault(format!("verify --rows: {:?} {}{}", done.code, done.out, done.err));
        }
        let logs = told["logs"].as_array().cloned().unwrap_or_default();
        logs.iter().filter_map(|log| log["size"].as_u64()).sum()
    }
}
