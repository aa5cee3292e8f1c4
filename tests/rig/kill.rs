//! The program killed amid its writes: what it acknowledged is there, an import is there whole or
//! not at all, and the log agrees with the rows.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::PathBuf,
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    Order,
    board::{Board, Cost},
    ledger::Ledger,
    storm::Chance,
};

const AREAS: &str = "\
code,name,level,parent_code
360000000000,江西省,1,
360800000000,吉安市,2,360000000000
360824000000,新干县,3,360800000000
360824001000,洋峰街道,4,360824000000
360824001001,万寿居委会,5,360824001000
360824001002,城北居委会,5,360824001000
";

/// Assets in one sheet.
const ROWS: usize = 300;
/// Single writes between two kills, at most.
const WRITES: usize = 12;

/// A database of the server, dropped at the end.
pub(crate) struct Database {
    server: String,
    name: String,
}

impl Database {
    /// Makes one.
    pub(crate) fn create(server: &str) -> Database {
        let name = format!("rig_{}", std::process::id());
        let database = Database { server: server.to_owned(), name };
        database.tell(&format!("CREATE DATABASE {}", database.name));
        database
    }

    fn tell(&self, statement: &str) -> String {
        let done = Command::new("psql")
            .args([&self.server, "-X", "-At", "-c", statement])
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').unwrap();
        format!("{server}/{}", self.name)
    }

    /// Waits until the server has noticed that the killed program is gone.
    fn settle(&self) {
        let count =
            format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{}'", self.name);
        let begun = Instant::now();
        while self.tell(&count) != "0" {
            assert!(begun.elapsed() < Duration::from_secs(30), "the server keeps a dead session");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.tell(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

pub(crate) fn run(order: &Order, board: &mut Board) {
    let mut chance = Chance::from_the_clock();
    let count = order.count.unwrap_or(50);
    board.note("seed", chance.0, Cost::default());
    Run::on("sqlite", Ledger::in_file(), None).kills(count, &mut chance, board);
    let database = Database::create(&order.postgres);
    let ledger = Ledger::at(database.url());
    Run::on("postgresql", ledger, Some(&database)).kills(count, &mut chance, board);
}

/// One ledger being written and killed.
struct Run<'a> {
    name: &'static str,
    ledger: Ledger,
    database: Option<&'a Database>,
    /// Accounts acknowledged: whether locked.
    accounts: BTreeMap<String, bool>,
    faults: Vec<String>,
    /// Imports killed that are there, and that are not.
    there: u32,
    absent: u32,
    /// Imports and writes that ended before they were killed.
    acknowledged: u32,
}

impl<'a> Run<'a> {
    fn on(name: &'static str, ledger: Ledger, database: Option<&'a Database>) -> Run<'a> {
        let (accounts, faults) = (BTreeMap::new(), Vec::new());
        Run { name, ledger, database, accounts, faults, there: 0, absent: 0, acknowledged: 0 }
    }

    fn kills(mut self, count: u32, chance: &mut Chance, board: &mut Board) {
        let areas = self.ledger.folder().join("areas.csv");
        fs::write(&areas, AREAS).unwrap();
        let (outcome, _) = self.ledger.import("areas", &areas, &[]);
        assert_eq!(outcome["created"], 6, "{outcome}");
        let first = self.sheet(0);
        let (outcome, whole) = self.ledger.import("assets", &first, &[]);
        let name = self.name;
        board.check(&format!("{name}: an import left alone"), ROWS, &outcome["created"], whole);
        let single = self.ledger.run(&account("left-alone"));
        self.accounts.insert("left-alone".to_owned(), false);
        board.check(&format!("{name}: a write left alone"), 0, single.code(), single.cost);
        let begun = Instant::now();
        for round in 1..=count {
            self.amid_import(round, chance.part_of(whole.time * 5 / 4));
            self.amid_writes(round, single.cost.time, chance);
        }
        let cost = Cost { time: begun.elapsed(), memory: 0 };
        let said = format!(
            "{count} + {count} kills: imports there {}, absent {}; acknowledged before the kill {}; {} writes",
            self.there,
            self.absent,
            self.acknowledged,
            self.accounts.len()
        );
        let faults = if self.faults.is_empty() { said } else { format!("{:?}", self.faults) };
        board.hold(
            &format!("{name}: nothing lost, nothing halved"),
            self.faults.is_empty(),
            faults,
            cost,
        );
        let verified = self.ledger.run(&["verify", "--rows"]);
        board.check(&format!("{name}: verify --rows"), 0, verified.code(), verified.cost);
        if verified.code() != 0 {
            board.note("said", format!("{} {}", verified.out, verified.err), Cost::default());
        }
    }

    /// A sheet of this round: codes that start with its number.
    fn sheet(&self, round: u32) -> PathBuf {
        let mut text = "code,name,class,area_code\n".to_owned();
        for row in 1..=ROWS {
            let _ =
                writeln!(text, "K{round:05}-{row:04},水塔{row},public,36082400100{}", row % 2 + 1);
        }
        let path = self.ledger.folder().join(format!("round{round}.csv"));
        fs::write(&path, text).unwrap();
        path
    }

    /// Kills a program at a moment unless it ended before; answers whether it had succeeded.
    fn kill(mut child: Child, moment: Duration) -> bool {
        thread::sleep(moment);
        let ended = child.try_wait().unwrap();
        child.kill().unwrap();
        let status = child.wait().unwrap();
        ended.unwrap_or(status).success()
    }

    fn settle(&self) {
        if let Some(database) = self.database {
            database.settle();
        }
    }

    fn amid_import(&mut self, round: u32, moment: Duration) {
        let sheet = self.sheet(round);
        let child = self.ledger.start(&["import", "assets", sheet.to_str().unwrap(), "--json"]);
        let is_acknowledged = Run::kill(child, moment);
        self.settle();
        let exported = self.ledger.ask(&["export", "assets"]).0;
        let code = format!("K{round:05}-");
        let is_of_round =
            |row: &&Value| row["code"].as_str().is_some_and(|one| one.starts_with(&code));
        let rows =
            exported["rows"].as_array().map_or(0, |rows| rows.iter().filter(is_of_round).count());
        let listed = self.ledger.ask(&["import", "list"]).0;
        let file = format!("round{round}.csv");
        let listed = listed.as_array().map_or(0, |imports| {
            imports.iter().filter(|one| one["file_name"] == *file && one["state"] == "done").count()
        });
        match rows {
            0 if !is_acknowledged && listed == 0 => self.absent += 1,
            ROWS if listed == 1 => self.there += 1,
            _ => self.faults.push(format!(
                "round {round} at {moment:?}: {rows} rows, {listed} imports, acknowledged {is_acknowledged}"
            )),
        }
        self.acknowledged += u32::from(is_acknowledged);
        drop(fs::remove_file(sheet));
    }

    /// Adds and locks accounts one after another; the last write is killed.
    fn amid_writes(&mut self, round: u32, one: Duration, chance: &mut Chance) {
        let whole = u32::try_from(WRITES).unwrap();
        let end = Instant::now() + chance.part_of(one * whole / 3);
        for write in 0..WRITES {
            let (name, is_lock) = (format!("r{round}-w{}", write / 2), write % 2 == 1);
            let words = if is_lock { lock(&name) } else { account(&name).to_vec() };
            let child = self.ledger.start(&words);
            let is_done = Run::until(child, end);
            if is_done {
                self.accounts.insert(name, is_lock);
                self.acknowledged += 1;
            }
            if !is_done || Instant::now() >= end {
                break;
            }
        }
        self.settle();
        let listed = self.ledger.ask(&["account", "list"]).0;
        let listed = listed.as_array().cloned().unwrap_or_default();
        for (name, is_locked) in &self.accounts {
            let found = listed.iter().find(|one| one["name"] == **name);
            let is_there = found.is_some_and(|one| !is_locked || one["state"] == "locked");
            if !is_there {
                self.faults
                    .push(format!("round {round}: {name} locked {is_locked}, found {found:?}"));
            }
        }
    }

    /// Waits for a program until a moment, then kills it; answers whether it had succeeded.
    fn until(mut child: Child, end: Instant) -> bool {
        while Instant::now() < end {
            if let Some(status) = child.try_wait().unwrap() {
                return status.success();
            }
            thread::sleep(Duration::from_millis(1));
        }
        Run::kill(child, Duration::ZERO)
    }
}

fn account(name: &str) -> [&str; 7] {
    ["account", "add", name, "--role", "finance_clerk", "--area", "360824000000"]
}

fn lock(name: &str) -> Vec<&str> {
    vec!["account", "lock", name]
}
