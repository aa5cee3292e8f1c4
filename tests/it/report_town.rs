//! Two counties with a handful of assets, for reports and exports.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use chrono::{DateTime, Utc};
use entity::{
    account::Role,
    area::AreaCode,
    asset::{self, Answer, Class, Condition, Subclass},
    duty,
    language::Language,
    money::Money,
    organization, person,
};
use taizhang::{
    app::{
        self,
        asset::Registration,
        output::{Format, Options, Target},
    },
    clock::Clock,
    domain::{
        area as areas,
        asset::{Completeness, blank},
        duty::Terms,
        masking::Contact,
        organization as organizations,
        permission::Action,
        title::Party,
    },
    store::{Actor, Ledger, connect::Place},
};
use tempfile::TempDir;

use crate::harness::{Copied, postgres_url, sqlite};

/// A clock that is set by hand.
pub(crate) struct HandClock(Mutex<DateTime<Utc>>);

impl HandClock {
    /// Sets it to noon of a day in China.
    pub(crate) fn set(&self, day: &str) {
        *self.0.lock().expect("a clock") =
            format!("{day}T12:00:00+08:00").parse().expect("an instant");
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("a clock")
    }
}

/// What is written, to be read back.
#[derive(Clone, Default)]
pub(crate) struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    /// A target that writes here.
    pub(crate) fn target(&self, format: Format) -> Target {
        let created = "2026-11-23T00:00:00Z".parse().expect("an instant");
        let options = Options::new(Language::Chinese, created);
        Target { format, options, sink: Box::new(self.clone()) }
    }

    /// What was written, as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes()).expect("text")
    }

    /// What was written.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.lock().expect("paper").clone()
    }

    /// What was written, as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text()).expect("JSON")
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("paper").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(crate) fn code(text: &str) -> AreaCode {
    text.parse().expect("a code")
}

pub(crate) const BRIDGE_TOWN: &str = "520381100000";
pub(crate) const TOWER_TOWN: &str = "520381101000";
pub(crate) const UPPER_VILLAGE: &str = "520381100201";
pub(crate) const LOWER_VILLAGE: &str = "520381100202";
pub(crate) const TOWER_VILLAGE: &str = "520381101201";
pub(crate) const FAR_VILLAGE: &str = "520382100201";

const AREAS: [(&str, &str); 11] = [
    ("520000000000", "贵州省"),
    ("520300000000", "遵义市"),
    ("520381000000", "青禾县"),
    ("520382000000", "远山县"),
    (BRIDGE_TOWN, "石桥镇"),
    (TOWER_TOWN, "白塔镇"),
    ("520382100000", "远山镇"),
    (UPPER_VILLAGE, "上河村"),
    (LOWER_VILLAGE, "下河村"),
    (TOWER_VILLAGE, "塔前村"),
    (FAR_VILLAGE, "远山村"),
];

/// The counties.
pub(crate) struct Counties {
    pub(crate) ledger: Ledger,
    pub(crate) operator: Actor,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) assets: Vec<asset::Model>,
    _folder: TempDir,
}

impl Counties {
    /// Tells a scenario on SQLite.
    pub(crate) async fn on_sqlite(scenario: impl AsyncFnOnce(Counties)) {
        let folder = tempfile::tempdir().expect("a folder");
        sqlite::copy_template(folder.path()).await;
        scenario(Counties::new(sqlite::place(folder.path()), folder).await).await;
    }

    /// Tells a scenario on PostgreSQL.
    pub(crate) async fn on_postgres(scenario: impl AsyncFnOnce(Counties)) {
        let Some(server) = postgres_url().await else { return };
        let folder = tempfile::tempdir().expect("a folder");
        let copied = Copied::create(server, folder.path()).await;
        scenario(Counties::new(copied.place(), folder).await).await;
    }

    /// The counties on the first of November.
    async fn new(place: Place, folder: TempDir) -> Counties {
        let clock = Arc::new(HandClock(Mutex::new(DateTime::UNIX_EPOCH)));
        clock.set("2026-11-01");
        let keys = folder.path().join("ledger.key");
        let ledger =
            Ledger::open(&place, &keys, Arc::<HandClock>::clone(&clock)).await.expect("a ledger");
        let operator = Actor::operator();
        let rows = AREAS.map(|(area, name)| areas::blank(code(area), name)).to_vec();
        ledger
            .write(&operator, Action::ImportAreas, async |write| write.insert_areas(rows).await)
            .await
            .expect("areas");
        let assets = assets(&ledger, &operator).await;
        Counties { ledger, operator, clock, assets, _folder: folder }
    }

    /// Someone of a role over an area.
    pub(crate) async fn actor(&self, name: &str, role: Role, area: &str) -> Actor {
        app::account::add(&self.ledger, &self.operator, name, role, code(area))
            .await
            .expect("an account");
        self.ledger.actor(name).await.expect("an actor")
    }

    /// An organization that can be called.
    pub(crate) async fn organization(
        &self,
        area: &str,
        name: &str,
        kind: organization::Kind,
    ) -> organization::Model {
        let row = organization::Model { kind, ..organizations::blank(code(area), name) };
        let contact = Contact { name: "陈立新".into(), phone: "13800001234".into() };
        app::organization::register(&self.ledger, &self.operator, row, Some(&contact))
            .await
            .expect("an organization")
    }

    /// Has a person keep an asset from today on.
    pub(crate) async fn keep(&self, asset: usize) -> person::Model {
        let contact = Contact { name: "王秀兰".into(), phone: "13900005678".into() };
        let (area, ids) = (self.assets[asset].area_code, [self.assets[asset].id]);
        let keeper = self
            .ledger
            .write(&self.operator, Action::AssignDuty, async |write| {
                app::person::find_or_put_in(write, area, &contact, None).await
            })
            .await
            .expect("a person");
        let duty = (duty::Kind::Keeper, Party::Person(keeper.id));
        app::duty::assign(&self.ledger, &self.operator, &ids, duty, &Terms::default())
            .await
            .expect("a duty");
        keeper
    }

    /// Has an organization maintain an asset from today on.
    pub(crate) async fn assign(&self, asset: usize, organization: &organization::Model) {
        let party = Party::Organization(organization.id);
        let terms = Terms {
            annual_budget: Some(Money::from_fen(120_000)),
            standard: Some("=每季度巡查".into()),
            ..Terms::default()
        };
        let ids = [self.assets[asset].id];
        app::duty::assign(
            &self.ledger,
            &self.operator,
            &ids,
            (duty::Kind::Maintainer, party),
            &terms,
        )
        .await
        .expect("a duty");
    }
}

/// Four that lack a maintainer (1,200 yuan), one of which it is not known (400), one that is gone
/// (500).
async fn assets(ledger: &Ledger, operator: &Actor) -> Vec<asset::Model> {
    let made = |area: &str, class, name: &str, yuan: i64| asset::Model {
        original_value: Some(Money::from_fen(yuan * 100)),
        ..blank(code(area), class, name)
    };
    let bridge = made(UPPER_VILLAGE, Class::Public, "上河村便民桥", 100);
    let road = made(LOWER_VILLAGE, Class::Public, "=下河村路", 200);
    let shed = made(TOWER_VILLAGE, Class::Operating, "养牛场", 300);
    let well = made(FAR_VILLAGE, Class::Public, "远山村水井", 400);
    let mill = made(UPPER_VILLAGE, Class::Public, "上河村老磨坊", 500);
    let pig = made(UPPER_VILLAGE, Class::Household, "仔猪", 600);
    let rows = [
        asset::Model { subclass: Some(Subclass::Road), built_year: Some(2018), ..bridge },
        road,
        shed,
        asset::Model { maintainer_answer: Some(Answer::Unknown), ..well },
        asset::Model { condition: Some(Condition::Gone), ..mill },
        pig,
    ];
    let mut assets = Vec::new();
    for row in rows {
        let registration = Registration::of(row);
        let asset =
            app::asset::register(ledger, operator, registration, Completeness::TakeOn).await;
        assets.push(asset.expect("an asset"));
    }
    assets
}
