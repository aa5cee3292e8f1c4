//! PostgreSQL: the server that `TEST_DATABASE_URL` names, or one of our own, or the one at the usual
//! place; and a ledger per test, copied from a template that has every table already and dropped
//! afterwards. Ours need not outlive the machine, and is several times as quick.
//!
//! Tests run in many processes at once, so a server of our own is shared: whoever comes first
//! starts it, every process holds a shared lock while it lives, and a small shell that waits
//! beside the server stops it once nobody has held the lock for a while.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement,
};
use taizhang::store::{Ledger, connect::Place};
use tokio::sync::OnceCell;

use super::{sqlite::build, town::TestClock};

/// Where a PostgreSQL for tests usually answers.
const USUAL: &str = "postgres://postgres@127.0.0.1:5432/test";
/// Seconds between two looks of the shell that stops our server.
const LINGER: u32 = 20;

/// How our server runs: nothing of it need outlive the machine, and nothing comes in between.
const SETTINGS: &str = "-c listen_addresses= -c max_connections=200 -c fsync=off \
    -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 \
    -c max_wal_size=4GB -c autovacuum=off";

/// What a process knows of its server: its URL, or why there is none; and the lock it holds.
struct Server {
    url: Result<String, String>,
    _in_use: Option<File>,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();

/// The URL of a server, or nothing where there is none and none is required.
pub(crate) async fn url() -> Option<&'static str> {
    let server = SERVER.get_or_init(find).await;
    match &server.url {
        Ok(url) => Some(url),
        Err(why) => {
            assert!(variable("TAIZHANG_REQUIRE_POSTGRES").is_none(), "no PostgreSQL: {why}");
            None
        }
    }
}

async fn find() -> Server {
    if let Some(url) = variable("TEST_DATABASE_URL") {
        return Server { url: Ok(url), _in_use: None };
    }
    let (url, in_use) = match start_own().await {
        Ok((url, in_use)) => (Ok(url), Some(in_use)),
        Err(_) if connect(USUAL).await.is_some() => (Ok(USUAL.to_owned()), None),
        Err(why) => {
            drop(writeln!(std::io::stderr(), "skipped: no PostgreSQL: {why}"));
            (Err(why), None)
        }
    };
    Server { url, _in_use: in_use }
}

#[expect(clippy::disallowed_methods, reason = "the tests have no configuration but this")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

async fn connect(url: &str) -> Option<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .connect_timeout(Duration::from_secs(3))
        .acquire_timeout(Duration::from_secs(3))
        .sqlx_logging(false);
    Database::connect(options).await.ok()
}

/// Joins our server, and starts it when it is not running.
async fn start_own() -> Result<(String, File), String> {
    let binaries = binaries().ok_or("no server answers and none is installed")?;
    let user = rustix::process::geteuid().as_raw();
    let base = std::env::temp_dir().join(format!("taizhang-postgres-{user}"));
    fs::create_dir_all(&base).map_err(|error| error.to_string())?;
    // shared while this process lives: the server stays as long as somebody uses it
    let in_use = File::create(base.join("in-use.lock")).map_err(|error| error.to_string())?;
    in_use.lock_shared().map_err(|error| error.to_string())?;
    let starting = File::create(base.join("starting.lock")).map_err(|error| error.to_string())?;
    starting.lock().map_err(|error| error.to_string())?;
    let url =
        format!("postgres://postgres@localhost/postgres?host={}", base.join("socket").display());
    if connect(&url).await.is_none() {
        start(&binaries, &base)?;
    }
    drop(starting);
    Ok((url, in_use))
}

/// The newest installed server's programs.
fn binaries() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .map(|version| (version.file_name().to_string_lossy().parse().unwrap_or(0), version.path()))
        .map(|(number, path)| (number, path.join("bin")))
        .filter(|(_, path)| path.join("initdb").exists() && path.join("pg_ctl").exists())
        .collect();
    found.sort();
    found.pop().map(|(_, path)| path)
}

fn start(binaries: &Path, base: &Path) -> Result<(), String> {
    let (data, socket) = (base.join("cluster"), base.join("socket"));
    let tool = |name: &str| binaries.join(name).display().to_string();
    if !data.join("PG_VERSION").exists() {
        for directory in [&data, &socket] {
            own_directory(directory)?;
        }
        let initdb = [&tool("initdb"), "-U", "postgres", "-A", "trust", "-N", "-D", &text(&data)]
            .map(ToOwned::to_owned);
        run(&initdb)?;
    }
    let settings = format!("-c unix_socket_directories={} {SETTINGS}", socket.display());
    let log = text(&socket.join("log"));
    let pg_ctl = [&tool("pg_ctl"), "-D", &text(&data), "-l", &log, "-w", "-o", &settings, "start"]
        .map(ToOwned::to_owned);
    run(&pg_ctl)?;
    stop_later(&tool("pg_ctl"), base)
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// PostgreSQL does not run as root: then everything of it belongs to `postgres`.
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn own_directory(path: &Path) -> Result<(), String> {
    let mut install =
        vec!["install".to_owned(), "-d".to_owned(), "-m".to_owned(), "0700".to_owned()];
    if is_root() {
        install.extend(["-o".to_owned(), "postgres".to_owned()]);
    }
    install.push(text(path));
    output(Command::new(&install[0]).args(&install[1..]))
}

/// Runs a program of PostgreSQL, as `postgres` where we are root.
fn run(words: &[String]) -> Result<(), String> {
    let mut command = Command::new(if is_root() { "runuser" } else { &words[0] });
    if is_root() {
        command.args(["-u", "postgres", "--"]).arg(&words[0]);
    }
    output(command.args(&words[1..]).current_dir("/"))
}

fn output(command: &mut Command) -> Result<(), String> {
    // a server that started would keep a pipe open for ever
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?}: {status}")),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

/// Leaves a shell behind that stops the server once no process holds the lock.
fn stop_later(pg_ctl: &str, base: &Path) -> Result<(), String> {
    let stop = format!("{pg_ctl} -D {} -m fast stop", base.join("cluster").display());
    let stop = if is_root() { format!("runuser -u postgres -- {stop}") } else { stop };
    let wait = format!(
        "command -v flock || exit; while sleep {LINGER}; do \
         flock -n -x {} sh -c 'cd / && {stop}; true' && exit; done",
        base.join("in-use.lock").display()
    );
    Command::new("setsid")
        .args(["sh", "-c", &wait])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(drop)
        .map_err(|error| error.to_string())
}

/// One schema, dropped with everything in it when the test ends, also by a panic.
pub(crate) struct Schema {
    url: &'static str,
    name: String,
}

impl Schema {
    /// Makes a schema that no other test has.
    pub(crate) async fn create(url: &'static str) -> Schema {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("taizhang_test_{}_{n}", std::process::id());
        let schema = Schema { url, name };
        // one of the same name may be left of a process that was killed
        schema.carry_out("DROP SCHEMA IF EXISTS {} CASCADE; CREATE SCHEMA {}").await;
        schema
    }

    /// The ledger in it.
    pub(crate) fn place(&self) -> Place {
        Place { url: self.url.to_owned(), schema: Some(self.name.clone()) }
    }

    async fn carry_out(&self, pattern: &str) {
        let statements = format!("SET lock_timeout = '20s'; {}", pattern.replace("{}", &self.name));
        carry_out(self.url, &[&statements]).await;
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        at_the_end(&self.name, self.carry_out("DROP SCHEMA {} CASCADE"));
    }
}

/// One ledger, copied from the template, dropped when the test ends, also by a panic.
pub(crate) struct Copied {
    server: &'static str,
    name: String,
}

/// The schema of the template, and of every copy.
const SCHEMA: &str = "ledger";

impl Copied {
    /// Makes a ledger that no other test has, and puts its keys into a directory.
    pub(crate) async fn create(server: &'static str, home: &Path) -> Copied {
        static TEMPLATE: OnceCell<(String, PathBuf)> = OnceCell::const_new();
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let (template, keys) = TEMPLATE.get_or_init(|| template(server)).await;
        fs::copy(keys, home.join("ledger.key")).expect("the keys are copied");
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("taizhang_test_{}_{n}", std::process::id());
        // one of the same name may be left of a process that was killed
        let gone = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        let made = format!("CREATE DATABASE {name} TEMPLATE {template}");
        carry_out(server, &[&gone, &made]).await;
        Copied { server, name }
    }

    /// The ledger in it.
    pub(crate) fn place(&self) -> Place {
        database(self.server, &self.name)
    }
}

impl Drop for Copied {
    fn drop(&mut self) {
        let gone = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        at_the_end(&self.name, carry_out(self.server, &[&gone]));
    }
}

/// The ledger in a database of a server.
fn database(server: &str, name: &str) -> Place {
    let (address, options) = server.split_once('?').unwrap_or((server, ""));
    let (host, _) = address.rsplit_once('/').expect("the URL names a database");
    let sign = if options.is_empty() { "" } else { "?" };
    Place { url: format!("{host}/{name}{sign}{options}"), schema: Some(SCHEMA.to_owned()) }
}

/// The template of this build and its keys, made once by whichever process of the suite comes first.
async fn template(server: &str) -> (String, PathBuf) {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(base).expect("a directory for the template");
    let lock = File::create(base.join("postgres.lock")).expect("a lock file");
    lock.lock().expect("the lock");
    let name = format!("taizhang_template_{}", build());
    let keys = base.join(format!("{name}.key"));
    let there = format!("SELECT 1 AS n FROM pg_database WHERE datname = '{name}'");
    if !keys.exists() || !answers(server, there).await {
        remove_old(server, base).await;
        let made = format!("CREATE DATABASE {name}");
        carry_out(server, &[&format!("DROP DATABASE IF EXISTS {name}"), &made]).await;
        let place = database(server, &name);
        carry_out(&place.url, &[&format!("CREATE SCHEMA {SCHEMA}")]).await;
        let fresh = tempfile::tempdir_in(base).expect("a directory");
        let fresh = fresh.path().join("ledger.key");
        let clock = Arc::new(TestClock::start());
        let ledger = Ledger::open(&place, &fresh, clock).await.expect("a new ledger");
        ledger.close().await.expect("closed");
        fs::rename(fresh, &keys).expect("the keys are in their place");
    }
    (name, keys)
}

/// Templates of earlier builds in the same directory.
async fn remove_old(server: &str, base: &Path) {
    for entry in fs::read_dir(base).expect("the directory").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(name) = name.strip_suffix(".key") else { continue };
        carry_out(server, &[&format!("DROP DATABASE IF EXISTS {name}")]).await;
        fs::remove_file(entry.path()).expect("the old keys are removed");
    }
}

/// Whether a query finds anything.
async fn answers(url: &str, query: String) -> bool {
    let connection = connect(url).await.expect("the server answers");
    let query = Statement::from_string(DbBackend::Postgres, query);
    let row = connection.query_one_raw(query).await.expect("an answer");
    connection.close().await.expect("closed");
    row.is_some()
}

async fn carry_out(url: &str, statements: &[&str]) {
    let connection = connect(url).await.expect("the server answers");
    for statement in statements {
        connection.execute_unprepared(statement).await.expect(statement);
    }
    connection.close().await.expect("closed");
}

/// Waits for what must be done although the test has ended.
fn at_the_end(name: &str, work: impl Future<Output = ()> + Send) {
    std::thread::scope(|scope| {
        let done = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(work);
        });
        let is_done = done.join().is_ok();
        assert!(is_done || std::thread::panicking(), "{name} stays");
    });
}
