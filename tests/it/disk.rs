//! A disk that fills up while the program serves: what changes the ledger is refused, reading goes
//! on, nothing that was acknowledged is lost, and it all comes back by itself.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use taizhang::{app, domain::asset::Completeness, error::Error, store::Actor};
use tempfile::TempDir;

use crate::harness::{
    Town,
    serving::{Serving, run},
    town::{VILLAGE_A1, registration},
};

on_both!(a_database_without_room_refuses_and_keeps_what_it_has);

/// A small disk in memory, until it is dropped.
struct SmallDisk(TempDir);

/// Megabytes of it.
const MEGABYTES: usize = 48;

impl SmallDisk {
    /// Mounts one, where this process may.
    fn mount() -> Option<SmallDisk> {
        let folder = TempDir::new().expect("a folder");
        let size = format!("size={MEGABYTES}m");
        let mut mount = Command::new("mount");
        let mounted = mount.args(["-t", "tmpfs", "-o", &size, "none"]).arg(folder.path()).output();
        mounted.is_ok_and(|done| done.status.success()).then_some(SmallDisk(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all room but some megabytes.
    fn fill(&self, but: usize) {
        let free = usize::try_from(self.left().0).expect("a number");
        let mut ballast = File::options().create(true).append(true).open(self.ballast());
        let ballast = ballast.as_mut().expect("a file");
        let zeros = vec![0; free.saturating_sub(but * 1024 * 1024)];
        // the last of it may be gone already
        drop(ballast.write_all(&zeros));
    }

    /// Free bytes, and all.
    fn left(&self) -> (u64, u64) {
        let disk = rustix::fs::statvfs(self.path()).expect("the disk");
        (disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize)
    }

    fn ballast(&self) -> std::path::PathBuf {
        self.path().join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(self.path()).status());
    }
}

struct Caller<'a> {
    serving: &'a Serving,
    bearer: String,
    n: u32,
    acknowledged: Vec<String>,
}

impl Caller<'_> {
    /// Registers one more asset: the status, and the code of a problem.
    fn register(&mut self) -> (u16, String) {
        self.n += 1;
        let name = format!("第{}渠", self.n);
        let body = json!({
            "area_code": "529901100201",
            "fields": {
                "name": name, "class": "public", "subclass": "road", "location": "村口",
                "quantity": "1.5", "unit": "km", "original_value": "120000.50",
                "acquired_on": "2020-05-20", "project_year": 2020, "remark": "长".repeat(2_000),
            },
            "funding": [{ "tier": "central", "amount": "120000.50" }],
        });
        let head = format!("POST /api/v1/assets\n{}\nidempotency-key: k{}", self.bearer, self.n);
        let (status, answer) = self.serving.ask(&head, &body.to_string());
        if status == 201 {
            self.acknowledged.push(name);
        }
        let answer: Json = serde_json::from_str(&answer).unwrap_or_default();
        (status, answer["code"].as_str().filter(|_| status != 201).unwrap_or_default().to_owned())
    }

    /// The names of all assets that are there.
    fn names(&self) -> Vec<String> {
        let (mut names, mut after) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/assets?limit=200{after}");
            let (status, page) = self.serving.ask(&format!("GET {path}\n{}", self.bearer), "");
            let page: Json = serde_json::from_str(&page).expect("JSON");
            assert_eq!(status, 200, "{page}");
            let items = page["items"].as_array().expect("rows");
            names
                .extend(items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()));
            let Some(next) = page["next"].as_str() else { break names };
            after = format!("&after={next}");
        }
    }

    fn is_ready(&self) -> (u16, String) {
        self.serving.ask("GET /readyz", "")
    }
}

fn prepare(folder: &Path) -> String {
    let text = "区划代码,名称,级别,上级代码\n529901000000,青禾县,3,\n529901100000,石桥镇,4,529901000000\n\
                529901100201,上河村,5,529901100000\n";
    fs::write(folder.join("areas.csv"), text).expect("written");
    assert!(run(folder, &["import", "areas", "areas.csv"]).status.success());
    let add = [
        "account",
        "add",
        "he-jing",
        "--role",
        "finance_clerk",
        "--area",
        "529901000000",
        "--json",
    ];
    let added: Json = serde_json::from_slice(&run(folder, &add).stdout).expect("JSON");
    added["code"].as_str().expect("a code").to_owned()
}

#[test]
fn a_full_disk_keeps_what_was_acknowledged_and_goes_on_when_there_is_room() {
    let Some(disk) = SmallDisk::mount() else {
        drop(writeln!(std::io::stderr(), "skipped: this process may not mount a small disk"));
        return;
    };
    let folder = disk.path();
    let code = prepare(folder);
    // its own log lies on the full disk too
    let serving = Serving::start(folder, &["serve"], "http://");
    let bearer = serving.sign_in("he-jing", &code);
    let mut caller = Caller { serving: &serving, bearer, n: 0, acknowledged: Vec::new() };
    for _ in 0..20 {
        assert_eq!(caller.register(), (201, String::new()));
    }
    assert_eq!(caller.is_ready().0, 200);

    disk.fill(3);
    let begun = Instant::now();
    let first = loop {
        let (status, code) = caller.register();
        if status != 201 {
            break (status, code);
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "it never says that there is no room");
    };
    assert_eq!(first, (507, "disk_full".to_owned()));
    for left in [1, 0] {
        disk.fill(left);
        for _ in 0..5 {
            assert_eq!(caller.register(), (507, "disk_full".to_owned()), "{:?}", disk.left());
        }
        assert_eq!(caller.names(), caller.acknowledged);
        let (status, words) = caller.is_ready();
        assert!(status == 503 && words.contains("disk"), "{status} {words}");
    }

    fs::remove_file(disk.ballast()).expect("room");
    let begun = Instant::now();
    while caller.register().0 != 201 {
        assert!(begun.elapsed() < Duration::from_secs(10), "it never goes on");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(caller.register().0, 201);
    assert_eq!(
        caller.names(),
        caller.acknowledged,
        "each once, in order, and none that was refused"
    );
    assert_eq!(caller.is_ready().0, 200);
    serving.end();
    let verified = run(folder, &["verify", "--rows"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

/// PostgreSQL says it by a code; a trigger says it in its place. What SQLite says is tested beside
/// the store, where its pages can be counted.
async fn a_database_without_room_refuses_and_keeps_what_it_has(town: &Town) {
    if !town.is_postgres() {
        return;
    }
    let say = async |sql: &str| town.db.execute_unprepared(sql).await.expect("done");
    say("CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$")
    .await;
    say("CREATE TRIGGER no_room BEFORE INSERT ON asset FOR EACH ROW EXECUTE FUNCTION no_room()")
        .await;
    let n = town.n_entries().await;
    let (operator, how) = (Actor::operator(), Completeness::Whole);
    let register = async |name: &str| {
        let new = registration(VILLAGE_A1, name, "100.00");
        app::asset::register(&town.ledger, &operator, new, how).await
    };
    let full = register("一渠").await;
    assert!(matches!(full, Err(Error::DiskFull)), "{full:?}");
    assert!(!town.ledger.has_room());
    assert_eq!(town.n_entries().await, n);
    say("DROP TRIGGER no_room ON asset").await;
    say("DROP FUNCTION no_room").await;
    register("二渠").await.expect("room");
    assert!(town.ledger.has_room());
    assert_eq!(town.n_entries().await, n + 1);
}
