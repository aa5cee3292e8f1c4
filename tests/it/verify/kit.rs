//! A small ledger with a history, and the means of somebody who holds its database.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use entity::{
    area::{AreaCode, County},
    asset::{self, Class},
    duty::Kind,
    finding::Rule,
    id::AssetId,
    log::{self, head},
    money::Money,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection,
    DbBackend, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use taizhang::{
    app,
    clock::Clock,
    domain::{
        self,
        asset::Completeness,
        duty::Terms,
        masking::Contact,
        permission::Action,
        title::Party,
        trail::merkle::{Frontier, leaf_hash},
        verification::{Fault, Kind as FaultKind, Verification},
    },
    store::{
        Actor, Ledger,
        connect::Place,
        verify::{Progress, VerifyOptions},
    },
};

use crate::harness::{Copied, postgres_url, sqlite};

/// A clock that moves when it is told to.
#[derive(Clone)]
pub(crate) struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.fetch_add(1, Ordering::SeqCst)).expect("an instant")
    }
}

impl Hands {
    fn at(text: &str) -> Hands {
        let at: DateTime<Utc> = text.parse().expect("an instant");
        Hands(Arc::new(AtomicI64::new(at.timestamp_millis())))
    }

    pub(crate) fn wait_days(&self, days: i64) {
        self.0.fetch_add(days * 86_400_000, Ordering::SeqCst);
    }
}

pub(crate) fn code(text: &str) -> AreaCode {
    text.parse().expect("a code")
}

pub(crate) fn county() -> County {
    code("520381000000").county()
}

pub(crate) fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a day")
}

/// One ledger on one database.
pub(crate) struct Kit {
    pub(crate) ledger: Ledger,
    pub(crate) actor: Actor,
    pub(crate) hands: Hands,
    /// A second way to the database, past the doors.
    pub(crate) db: DatabaseConnection,
    pub(crate) place: Place,
    pub(crate) keys: PathBuf,
    pub(crate) assets: Vec<asset::Model>,
    _dir: tempfile::TempDir,
}

/// Runs a test on SQLite, and then on PostgreSQL.
pub(crate) async fn on_each(test: impl AsyncFn(Kit)) {
    let dir = tempfile::tempdir().expect("a directory");
    sqlite::copy_template(dir.path()).await;
    test(kit(sqlite::place(dir.path()), dir).await).await;
    let Some(server) = postgres_url().await else { return };
    let dir = tempfile::tempdir().expect("a directory");
    let copied = Copied::create(server, dir.path()).await;
    test(kit(copied.place(), dir).await).await;
}

async fn kit(place: Place, dir: tempfile::TempDir) -> Kit {
    let hands = Hands::at("2026-03-01T02:00:00Z");
    let keys = dir.path().join("ledger.key");
    let ledger =
        Ledger::open(&place, &keys, Arc::new(hands.clone())).await.expect("a ledger opens");
    let mut options = ConnectOptions::new(&place.url);
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|sqlite| sqlite.foreign_keys(false));
    if let Some(schema) = &place.schema {
        options.set_schema_search_path(schema);
    }
    let db = Database::connect(options).await.expect("a second connection");
    let actor = Actor::operator();
    let assets = Vec::new();
    let mut kit = Kit { ledger, actor, hands, db, place, keys, assets, _dir: dir };
    kit.live().await;
    kit
}

/// Areas of the little ledger: two counties of one province.
const AREAS: [(&str, &str); 9] = [
    ("520000000000", "黔省"),
    ("520381000000", "赤水县"),
    ("520381100000", "石桥镇"),
    ("520381100201", "上河村"),
    ("520381100202", "下河村"),
    ("520381100203", "山后村"),
    ("520382000000", "仁怀县"),
    ("520382100000", "茅台镇"),
    ("520382100201", "桥头村"),
];

impl Kit {
    /// A history: areas in bulk, a rename, parties, assets, duties, a waiver, a correction.
    async fn live(&mut self) {
        let (ledger, actor) = (&self.ledger, &self.actor);
        let rows = AREAS.map(|(text, name)| domain::area::blank(code(text), name)).to_vec();
        let work =
            ledger.write(actor, Action::ImportAreas, async |write| write.insert_areas(rows).await);
        work.await.expect("areas");
        let village = code("520381100201");
        app::area::rename(ledger, actor, village, "河口村", day("2026-02-01"))
            .await
            .expect("renamed");
        let contact = Contact { name: "张三".into(), phone: "13800000000".into() };
        let committee = domain::organization::blank(village, "河口村委会");
        let committee = app::organization::register(ledger, actor, committee, Some(&contact))
            .await
            .expect("an organization");
        for (place, name) in [(village, "机耕道"), (village, "水池"), (code("520381100203"), "桥")]
        {
            let mut card = domain::asset::blank(place, Class::Public, name);
            card.original_value = Some(Money::from_fen(1_234_500));
            card.built_year = Some(2019);
            let registration = app::asset::Registration::of(card);
            let asset =
                app::asset::register(ledger, actor, registration, Completeness::TakeOn).await;
            self.assets.push(asset.expect("an asset"));
        }
        let ids: Vec<AssetId> = self.assets.iter().map(|asset| asset.id).collect();
        let terms = Terms {
            until_on: Some(day("2026-12-31")),
            annual_budget: Some(Money::from_fen(50_000)),
            ..Terms::default()
        };
        let bearer = (Kind::Maintainer, Party::Organization(committee.id));
        app::duty::assign(ledger, actor, &ids[..2], bearer, &terms).await.expect("duties");
        let until = day("2026-06-30");
        app::waiver::grant(ledger, actor, ids[0], Rule::NoStandard, "正在制定", until)
            .await
            .expect("a waiver");
        app::asset::correct(ledger, actor, (ids[1], 1), "原值录错", |card| asset::Model {
            original_value: Some(Money::from_fen(2_000_000)),
            ..card
        })
        .await
        .expect("corrected");
        ledger.sign_checkpoints().await.expect("signed");
    }

    /// One more entry after the checkpoints.
    pub(crate) async fn amend(&self) {
        let id = self.assets[0].id;
        let before = self.stored(id).await;
        app::asset::amend(&self.ledger, &self.actor, (id, before.version), |card| asset::Model {
            specification: Some(format!("4.5 米宽，第 {} 次丈量", card.version)),
            ..card
        })
        .await
        .expect("amended");
    }

    pub(crate) async fn stored(&self, id: AssetId) -> asset::Model {
        asset::Entity::find_by_id(id).one(&self.db).await.expect("an answer").expect("an asset")
    }

    /// Takes down what keeps the log append-only, as somebody who owns the database can.
    pub(crate) async fn break_in(&self) {
        for table in ["log_entry", "log_change", "checkpoint", "attachment_content"] {
            if self.db.get_database_backend() == DbBackend::Sqlite {
                for verb in ["UPDATE", "DELETE"] {
                    self.sql(&format!("DROP TRIGGER {table}_no_{verb}")).await;
                }
            } else {
                self.sql(&format!("ALTER TABLE {table} DISABLE TRIGGER ALL")).await;
            }
        }
        if self.db.get_database_backend() == DbBackend::Postgres {
            self.sql("SET session_replication_role = replica").await;
        }
    }

    pub(crate) async fn sql(&self, sql: &str) {
        let done = self.db.execute_unprepared(sql).await;
        assert!(done.expect("a statement").rows_affected() > 0 || !is_change(sql), "{sql}");
    }

    pub(crate) async fn entries(&self) -> Vec<log::Model> {
        let query = log::Entity::find().filter(log::Column::County.eq(county()));
        query.order_by_asc(log::Column::Seq).all(&self.db).await.expect("entries")
    }

    /// Puts an entry in the place of the one of its number.
    pub(crate) async fn put(&self, entry: &log::Model) {
        log::Entity::delete_by_id((entry.county, entry.seq)).exec(&self.db).await.expect("gone");
        let row = entry.clone().into_active_model().reset_all();
        log::Entity::insert(row).exec_without_returning(&self.db).await.expect("put");
    }

    /// Rewrites the log from some entries, so that every hash agrees again.
    pub(crate) async fn rewrite(&self, entries: Vec<log::Model>) {
        let mut frontier = Frontier::new();
        for (seq, mut entry) in entries.into_iter().enumerate() {
            let mut body: serde_json::Value = serde_json::from_str(&entry.body).expect("json");
            body["seq"] = seq.into();
            entry.seq = i64::try_from(seq).expect("a number");
            entry.body = domain::trail::canonical::canonical(&body).expect("canonical");
            let leaf = leaf_hash(entry.body.as_bytes());
            entry.leaf = leaf.as_bytes().to_vec();
            frontier.append(leaf);
            self.put(&entry).await;
        }
        let size = i64::try_from(frontier.size()).expect("a number");
        log::Entity::delete_many()
            .filter(log::Column::County.eq(county()))
            .filter(log::Column::Seq.gte(size))
            .exec(&self.db)
            .await
            .expect("cut");
        self.set_head(size, &frontier).await;
    }

    pub(crate) async fn set_head(&self, size: i64, frontier: &Frontier) {
        let head = head::Model { county: county(), size, frontier: frontier.encode() };
        let head = head.into_active_model().reset_all();
        head.update(&self.db).await.expect("a head");
    }

    /// The newest signed note of the county.
    pub(crate) async fn note(&self) -> String {
        let last = self.ledger.last_checkpoint(county()).await.expect("an answer");
        last.expect("a checkpoint").note
    }

    pub(crate) async fn verify(&self, notes: &[String]) -> Verification {
        let options =
            VerifyOptions { rows: true, checkpoints: notes.to_vec(), ..VerifyOptions::default() };
        self.verify_with(&options).await
    }

    pub(crate) async fn verify_with(&self, options: &VerifyOptions) -> Verification {
        let ignore = |_: Progress| ();
        self.ledger.verify(options, &ignore).await.expect("a verification")
    }

    /// Verifies and expects one kind of fault, and the exit code that goes with it.
    pub(crate) async fn expect(&self, kind: FaultKind, exit_code: u8) -> Fault {
        self.expect_with(&[], kind, exit_code).await
    }

    pub(crate) async fn expect_with(
        &self,
        notes: &[String],
        kind: FaultKind,
        exit_code: u8,
    ) -> Fault {
        let verification = self.verify(notes).await;
        let fault = verification.first().expect("a fault").clone();
        assert_eq!(fault.kind, kind, "{}", fault.sentence().en);
        assert_eq!(verification.verdict().exit_code(), exit_code);
        fault
    }

    pub(crate) async fn expect_sound(&self) -> Verification {
        let verification = self.verify(&[]).await;
        let faults: Vec<_> = verification.faults().map(|fault| fault.sentence().en).collect();
        assert_eq!(faults, Vec::<String>::new());
        assert_eq!(verification.verdict().exit_code(), 0);
        verification
    }
}

fn is_change(sql: &str) -> bool {
    ["UPDATE", "DELETE", "INSERT"].iter().any(|verb| sql.starts_with(verb))
}
