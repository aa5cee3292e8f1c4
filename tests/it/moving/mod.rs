//! Backups and moves: what was copied is the same ledger, and nothing is ever half done.

mod backends;
mod backup;
mod dump;
mod program;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use entity::{account::Role, import::Kind, log::Action, setting::Key};
use taizhang::{
    app::{
        self,
        import::{Request, carry_out, map::Map},
        sheet::ReadOptions,
    },
    domain::{permission::permits, setting::Proposal, verification::Verification},
    error::Result,
    store::{
        Actor, Ledger,
        connect::Place,
        dump::Loaded,
        verify::{Progress, VerifyOptions},
        watch::Watch,
    },
};
use tempfile::TempDir;

use crate::harness::{
    Schema, Town,
    calls::Subjects,
    postgres_url,
    town::{COUNTY, VILLAGE_A1, code},
};

static GOING_ON: AtomicBool = AtomicBool::new(false);

fn ignore(_: Progress) {}

/// Somebody who waits and says nothing.
fn watch() -> Watch<'static> {
    Watch::new(&ignore, &GOING_ON)
}

/// A place for another ledger, of either kind, and what keeps it.
struct Elsewhere {
    place: Place,
    folder: TempDir,
    _schema: Option<Schema>,
}

impl Elsewhere {
    fn sqlite() -> Elsewhere {
        let folder = TempDir::new().expect("a folder");
        let place = Place::new(format!("sqlite:{}", folder.path().join("new.db").display()));
        Elsewhere { place, folder, _schema: None }
    }

    /// Nothing where there is no PostgreSQL.
    async fn postgres() -> Option<Elsewhere> {
        let schema = Schema::create(postgres_url().await?).await;
        let folder = TempDir::new().expect("a folder");
        Some(Elsewhere { place: schema.place(), folder, _schema: Some(schema) })
    }

    /// A place on the other kind of database than a town's.
    async fn of_the_other_kind(town: &Town) -> Option<Elsewhere> {
        if town.is_postgres() { Some(Elsewhere::sqlite()) } else { Elsewhere::postgres().await }
    }

    /// A place on the same kind.
    async fn of_the_same_kind(town: &Town) -> Elsewhere {
        if !town.is_postgres() {
            return Elsewhere::sqlite();
        }
        Elsewhere::postgres().await.expect("the server of the town")
    }

    async fn load(&self, town: &Town, file: &Path) -> Result<Loaded> {
        app::dump::load(file, &self.place, &town.keys(), town.clock.clone(), watch()).await
    }

    async fn open(&self, town: &Town) -> Ledger {
        let opened = Ledger::open(&self.place, &town.keys(), town.clock.clone()).await;
        opened.expect("the ledger opens")
    }

    /// Whether there is nothing at all.
    async fn assert_empty(&self) {
        if self.place.file().is_some() {
            let left = fs::read_dir(self.folder.path()).expect("the folder");
            let left: Vec<_> = left.map(|entry| entry.expect("an entry").path()).collect();
            assert_eq!(left, Vec::<PathBuf>::new());
            return;
        }
        assert_eq!(tables_of(&self.place).await, Vec::<String>::new());
    }
}

/// The tables in a schema of PostgreSQL.
async fn tables_of(place: &Place) -> Vec<String> {
    use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, Statement};
    let mut options = ConnectOptions::new(&place.url);
    options.max_connections(1).sqlx_logging(false);
    let connection = Database::connect(options).await.expect("the server answers");
    let schema = place.schema.as_deref().expect("a schema");
    let sql = format!("SELECT tablename::text FROM pg_tables WHERE schemaname = '{schema}'");
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    let rows = connection.query_all_raw(statement).await.expect("the tables");
    connection.close().await.expect("closed");
    rows.iter().map(|row| row.try_get_by_index(0).expect("a name")).collect()
}

/// Lets everything happen in a town that can, so that no table is empty.
async fn fill(town: &Town) {
    let operator = Actor::operator();
    // what is one's own is of somebody with an account
    let clerk = town.clerk().await;
    let mut on = Subjects::new(town).await;
    for action in Action::ALL.iter().copied() {
        let actor = if permits(Role::Operator, action) { &operator } else { &clerk };
        if let Some(answer) = on.call(town, actor, action).await {
            answer.unwrap_or_else(|error| panic!("{}: {error}", action.code()));
        }
    }
    app::reminder::mark_read(&town.ledger, &clerk, 0).await.expect("marked");
    let to = ("clerk@example.gov.cn", entity::language::Language::English);
    app::digest::set_address(&town.ledger, &clerk, to).await.expect("an address");
    let letters = TempDir::new().expect("a folder");
    let carrier = app::mail::Carrier::Folder(letters.path().to_owned());
    let sending = app::digest::Sending {
        carrier: &carrier,
        period: taizhang::domain::digest::Period::Day,
        base: "",
        language: entity::language::Language::Chinese,
    };
    app::digest::run(&town.ledger, &operator, &sending).await.expect("digests");
    // assets are looked at so often, and so are due by some day
    let often = Proposal {
        key: Key::InspectionDays,
        area: code(COUNTY),
        value: "30".to_owned(),
        basis_title: "管护办法".to_owned(),
        basis_no: None,
        from_on: town.today(),
    };
    app::setting::set(&town.ledger, &operator, &often).await.expect("a rule");
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("a.csv");
    let text =
        format!("资产名称,资产类别,区划代码,资产原值\n“引号”桥,公益性资产,{VILLAGE_A1},12万\n");
    fs::write(&file, text).expect("written");
    let request = Request {
        kind: Kind::Assets,
        file,
        map: Map::default(),
        is_trial: false,
        accept_valid: false,
        options: ReadOptions::default(),
        answers: app::import::answer::Answers::default(),
    };
    let going_on = Arc::new(AtomicBool::new(false));
    let done = carry_out(&town.ledger, &operator, &request, &|_| {}, &going_on).await;
    assert_eq!(done.map(|outcome| outcome.created).unwrap_or_default(), 1, "an import");
    town.ledger.sign_checkpoints().await.expect("signed");
}

/// The dump of a ledger.
async fn dumped(ledger: &Ledger) -> String {
    let mut bytes = Vec::new();
    ledger.dump(&mut bytes, None, watch()).await.expect("a dump");
    String::from_utf8(bytes).expect("UTF-8")
}

/// Verifies the log and every row, and expects no fault.
async fn expect_sound(ledger: &Ledger) -> Verification {
    let options = VerifyOptions { rows: true, ..VerifyOptions::default() };
    let verification = ledger.verify(&options, &ignore).await.expect("a verification");
    let faults: Vec<_> = verification.faults().map(|fault| fault.sentence().en).collect();
    assert_eq!(faults, Vec::<String>::new());
    verification
}
