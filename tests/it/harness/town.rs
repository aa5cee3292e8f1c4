//! A county with two towns and three villages, everybody who works there, and a county beside it
//! that must not be seen from here.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU32, Ordering},
};

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::{
    account::Role,
    area::AreaCode,
    asset::{Class, Model, Subclass, Unit},
    id::{AssetId, OrganizationId},
    money::Money,
    organization,
};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend};
use taizhang::{
    app::{self, asset::Registration},
    clock::Clock,
    domain::{
        area, asset as cards, asset::Completeness, funding::Source, organization as bodies,
        permission::Action,
    },
    store::{Actor, Ledger, Subject, connect::Place},
};
use tempfile::TempDir;

pub(crate) const COUNTY: &str = "520381000000";
pub(crate) const TOWN_A: &str = "520381100000";
pub(crate) const TOWN_B: &str = "520381101000";
pub(crate) const VILLAGE_A1: &str = "520381100201";
pub(crate) const VILLAGE_A2: &str = "520381100202";
pub(crate) const VILLAGE_B1: &str = "520381101201";
pub(crate) const OTHER_COUNTY: &str = "520382000000";
pub(crate) const OTHER_TOWN: &str = "520382100000";
pub(crate) const OTHER_VILLAGE: &str = "520382100201";

const AREAS: [(&str, &str); 9] = [
    (COUNTY, "赤水县"),
    (TOWN_A, "石桥镇"),
    (TOWN_B, "白果乡"),
    (VILLAGE_A1, "上河村"),
    (VILLAGE_A2, "下河村"),
    (VILLAGE_B1, "银杏村"),
    (OTHER_COUNTY, "仁怀县"),
    (OTHER_TOWN, "茅坝镇"),
    (OTHER_VILLAGE, "卢荣坝村"),
];

/// An area code.
pub(crate) fn code(text: &str) -> AreaCode {
    text.parse().expect("an area code")
}

/// A day.
pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Yuan.
pub(crate) fn yuan(text: &str) -> Money {
    text.parse().expect("an amount")
}

/// A clock that moves when it is told to. It starts at noon of 1 June 2026 in China.
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    /// A clock at its start.
    pub(crate) fn start() -> TestClock {
        let start: DateTime<Utc> = "2026-06-01T04:00:00Z".parse().expect("an instant");
        TestClock(AtomicI64::new(start.timestamp_millis()))
    }

    /// Goes on by so many seconds.
    pub(crate) fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    /// Goes on by so many days.
    pub(crate) fn advance(&self, days: i64) {
        self.0.fetch_add(days * 86_400_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.load(Ordering::SeqCst)).expect("an instant")
    }
}

/// A ledger with everybody in it.
pub(crate) struct Town {
    pub(crate) ledger: Ledger,
    pub(crate) clock: Arc<TestClock>,
    /// The database itself, for what no door shows. Nothing is written through it.
    pub(crate) db: DatabaseConnection,
    n: AtomicU32,
    n_places: AtomicU32,
    home: TempDir,
}

impl Town {
    /// Opens the ledger of a place and puts everybody into it.
    pub(crate) async fn new(place: Place, home: TempDir) -> Town {
        let clock = Arc::new(TestClock::start());
        let key = home.path().join("ledger.key");
        let ledger = Ledger::open(&place, &key, clock.clone()).await.expect("a ledger");
        let mut options = ConnectOptions::new(&place.url);
        options.max_connections(2).sqlx_logging(false);
        if let Some(schema) = &place.schema {
            options.set_schema_search_path(schema);
        }
        let db = Database::connect(options).await.expect("a second connection");
        let town =
            Town { ledger, clock, db, n: AtomicU32::new(0), n_places: AtomicU32::new(0), home };
        town.settle().await;
        town
    }

    /// Whether this is PostgreSQL.
    pub(crate) fn is_postgres(&self) -> bool {
        self.db.get_database_backend() == DbBackend::Postgres
    }

    /// The key file.
    pub(crate) fn keys(&self) -> std::path::PathBuf {
        self.home.path().join("ledger.key")
    }

    /// A number that was not given before: for names and codes that must be new.
    pub(crate) fn next_number(&self) -> u32 {
        self.n.fetch_add(1, Ordering::Relaxed)
    }

    /// The same for places, of which there are fewer.
    pub(crate) fn next_place(&self) -> u32 {
        self.n_places.fetch_add(1, Ordering::Relaxed)
    }

    async fn settle(&self) {
        let operator = Actor::operator();
        let areas = self.ledger.write(&operator, Action::ImportAreas, async |write| {
            let rows = AREAS.map(|(area, name)| {
                let parent = code(area).above().next();
                let parent =
                    parent.filter(|parent| AREAS.iter().any(|(a, _)| *a == parent.as_str()));
                entity::area::Model { parent_code: parent, ..area::blank(code(area), name) }
            });
            write.insert_areas(rows.to_vec()).await
        });
        areas.await.expect("the areas");
        for (area, name) in AREAS.iter().filter(|(area, _)| !area.ends_with("000")) {
            let body = organization::Model {
                kind: organization::Kind::Collective,
                ..bodies::blank(code(area), &collective_name(name))
            };
            app::organization::register(&self.ledger, &operator, body, None).await.expect("a body");
        }
        for (name, role, area) in accounts() {
            let made = app::account::add(&self.ledger, &operator, &name, role, code(area)).await;
            made.expect("an account");
        }
    }

    /// Whoever has a role, over the area that fits it.
    pub(crate) async fn as_role(&self, role: Role) -> Actor {
        if role == Role::Operator {
            return Actor::operator();
        }
        if role == Role::Villager {
            return self.villager(VILLAGE_A1, "村口凉亭").await;
        }
        self.account(&account_name(role)).await
    }

    /// Whoever has a role in the other county.
    pub(crate) async fn as_other(&self, role: Role) -> Actor {
        if role == Role::Villager {
            return self.villager(OTHER_COUNTY, "县界凉亭").await;
        }
        self.account(&format!("{}-2", account_name(role))).await
    }

    /// Whoever has no account and stands before an asset of a name, which is there once.
    async fn villager(&self, area: &str, name: &str) -> Actor {
        let all = self.rows::<entity::asset::Entity>().await;
        let there = all.into_iter().find(|row| row.name == name);
        let asset = match there {
            Some(asset) => asset,
            None => self.asset(area, name, "10.00").await,
        };
        self.passer_by(&asset).await
    }

    /// The clerk of the second town.
    pub(crate) async fn clerk_b(&self) -> Actor {
        self.account("township-clerk-b").await
    }

    /// Whoever has an account.
    pub(crate) async fn account(&self, name: &str) -> Actor {
        self.ledger.actor(name).await.expect("an account that may act")
    }

    /// The finance clerk of the county.
    pub(crate) async fn clerk(&self) -> Actor {
        self.as_role(Role::FinanceClerk).await
    }

    /// The collective of a village.
    pub(crate) async fn collective(&self, village: &str) -> OrganizationId {
        use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
        let found = organization::Entity::find()
            .filter(organization::Column::AreaCode.eq(code(village)))
            .filter(organization::Column::Kind.eq(organization::Kind::Collective))
            .one(&self.db)
            .await;
        found.expect("a query").expect("a collective").id
    }

    /// Registers a public asset of a village with a value and a source that matches it.
    pub(crate) async fn asset(&self, village: &str, name: &str, value: &str) -> Model {
        let registration = registration(village, name, value);
        let operator = Actor::operator();
        let how = Completeness::Whole;
        let made = app::asset::register(&self.ledger, &operator, registration, how).await;
        made.expect("an asset")
    }

    /// The row of an asset as it is stored now.
    pub(crate) async fn stored(&self, id: AssetId) -> Model {
        self.row::<entity::asset::Entity>(id).await
    }

    /// A row as it is stored now.
    pub(crate) async fn row<E: Subject>(&self, id: E::Id) -> E::Model {
        self.ledger.read(&Actor::operator()).get::<E>(id).await.expect("a stored row")
    }

    /// Every row of a table, of both counties.
    pub(crate) async fn rows<E: sea_orm::EntityTrait>(&self) -> Vec<E::Model> {
        E::find().all(&self.db).await.expect("rows")
    }

    /// The day it is.
    pub(crate) fn today(&self) -> NaiveDate {
        self.ledger.today()
    }

    /// Some days from today, back or ahead.
    pub(crate) fn days_ahead(&self, days: i64) -> NaiveDate {
        let span = Days::new(days.unsigned_abs());
        let today = self.today();
        let other =
            if days < 0 { today.checked_sub_days(span) } else { today.checked_add_days(span) };
        other.expect("a day")
    }

    /// Lets days pass and makes the nightly round.
    pub(crate) async fn night(&self, days: i64) -> app::nightly::Round {
        self.clock.advance(days);
        app::nightly::round(&self.ledger, &Actor::operator()).await.expect("a round")
    }

    /// Everything that lies in the folder of the ledger, but the keys: on SQLite the database.
    pub(crate) fn files(&self) -> Vec<u8> {
        let entries = std::fs::read_dir(self.home.path()).expect("the folder").flatten();
        let kept = entries.filter(|entry| !entry.file_name().to_string_lossy().ends_with("key"));
        kept.flat_map(|entry| std::fs::read(entry.path()).expect("a file")).collect()
    }

    /// Closes everything.
    pub(crate) async fn close(self) {
        self.db.close().await.expect("closed");
        self.ledger.close().await.expect("closed");
    }
}

/// What the collective of a village is called.
pub(crate) fn collective_name(village: &str) -> String {
    format!("{village}股份经济合作社")
}

/// The sign-in name of a role.
pub(crate) fn account_name(role: Role) -> String {
    role.code().replace('_', "-")
}

/// Everybody: name, role, area.
fn accounts() -> Vec<(String, Role, &'static str)> {
    let granted = Role::of_accounts;
    let here = granted().map(|role| (account_name(role), role, area_of(role)));
    let there = granted().map(|role| (format!("{}-2", account_name(role)), role, OTHER_COUNTY));
    let second = ("township-clerk-b".to_owned(), Role::TownshipClerk, TOWN_B);
    here.chain(there).chain([second]).collect()
}

/// Where a role belongs.
fn area_of(role: Role) -> &'static str {
    match role {
        Role::TownshipClerk => TOWN_A,
        Role::VillageOfficer => VILLAGE_A1,
        _ => COUNTY,
    }
}

/// A whole card of a public asset.
pub(crate) fn card(village: &str, name: &str, value: &str) -> Model {
    Model {
        subclass: Some(Subclass::Road),
        location: Some("村口".to_owned()),
        quantity: "1.5".parse().ok(),
        unit: Some(Unit::Kilometre),
        original_value: Some(yuan(value)),
        acquired_on: Some(day("2020-05-20")),
        project_year: Some(2020),
        ..cards::blank(code(village), Class::Public, name)
    }
}

/// A registration of such an asset, all of its value from one source.
pub(crate) fn registration(village: &str, name: &str, value: &str) -> Registration {
    Registration {
        sources: vec![Source { amount: Some(yuan(value)), ..Source::default() }],
        ..Registration::of(card(village, name, value))
    }
}
