//! Two counties of two towns of two villages, and one village more that is merged into another
//! town. Every place has rows of every noun, which name the place by its canary; and somebody of
//! every role.

use std::{
    cell::RefCell,
    collections::HashMap,
    sync::{Arc, atomic::AtomicBool},
};

use chrono::{DateTime, Utc};
use entity::{
    account::{self, Role},
    area::{AreaCode, Level},
    asset,
    duty::Kind,
    finding::Rule,
    holding::Right,
    id::{OrganizationId, PersonId},
    import, organization, session,
    share::Share,
    title,
};
use sea_orm::EntityTrait;
use taizhang::{
    app::{
        self,
        asset::Registration,
        import::{Request, answer::Answers, carry_out, map::Map},
        sheet::ReadOptions,
    },
    domain::{
        area,
        asset::Completeness,
        duty::Terms,
        masking::Contact,
        organization as bodies,
        password::Profile,
        permission::Action,
        project as projects,
        title::{self as titles, Holder, Party},
        token::Speaker,
    },
    store::{Actor, Opening},
};

use super::canary::{office, phone, word};
use crate::{
    api::Client,
    harness::{
        Town, contracts, posts, revivals, routes, stock_takes,
        town::{card, code},
    },
};

/// One place of the country.
pub(crate) struct Place {
    /// Its code.
    pub(crate) area: &'static str,
    /// What it is merged into before anybody asks.
    into: Option<&'static str>,
    /// Whether the town of the harness has it already.
    is_there: bool,
}

const fn place(area: &'static str, is_there: bool) -> Place {
    Place { area, into: None, is_there }
}

/// Every place; a place's number here is that of its canaries.
pub(crate) static PLACES: [Place; 17] = [
    place("520381100201", true),
    place("520381100202", true),
    place("520381101201", true),
    place("520381101202", false),
    place("520382100201", true),
    place("520382100202", false),
    place("520382101201", false),
    place("520382101202", false),
    Place { area: "520381100203", into: Some("520381101201"), is_there: false },
    place("520381100000", true),
    place("520381101000", true),
    place("520382100000", true),
    place("520382101000", false),
    place("520381000000", true),
    place("520382000000", true),
    place("520300000000", false),
    place("520402000000", false),
];

impl Place {
    /// Its code.
    pub(crate) fn code(&self) -> AreaCode {
        code(self.area)
    }

    /// Where it lies now.
    pub(crate) fn now(&self) -> AreaCode {
        code(self.into.unwrap_or(self.area))
    }

    /// Whether it is merged into another.
    pub(crate) fn is_closed(&self) -> bool {
        self.into.is_some()
    }

    pub(crate) fn is_village(&self) -> bool {
        !self.area.ends_with("000")
    }

    fn parent(&self) -> Option<AreaCode> {
        let known = |area: &AreaCode| PLACES.iter().any(|one| one.code() == *area);
        self.code().above().find(known)
    }
}

/// The place of a code.
pub(crate) fn at(area: &str) -> usize {
    PLACES.iter().position(|one| one.area == area).expect("a place")
}

/// Whoever asks: one of every role in every place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Who {
    /// The place.
    pub(crate) place: usize,
    /// The role; none for somebody without a token.
    pub(crate) role: Option<Role>,
}

/// Every role that signs in.
pub(crate) fn roles() -> impl Iterator<Item = Role> {
    Role::of_accounts()
}

pub(super) fn account_name(place: usize, role: Role) -> String {
    word(place, &format!("account-{}", role.code().replace('_', "-")))
}

/// The country.
pub(crate) struct Country<'a> {
    /// The ledger and its clock.
    pub(crate) town: &'a Town,
    bare: RefCell<Plan>,
    assets: RefCell<Plan>,
    pub(super) bodies: HashMap<usize, i64>,
    pub(super) n_villages: RefCell<u32>,
    callers: HashMap<Who, Client>,
    stranger: Client,
    began: DateTime<Utc>,
}

impl<'a> Country<'a> {
    /// Fills a town up until it is the country.
    pub(crate) async fn new(town: &'a Town) -> Country<'a> {
        let stranger = town.stranger();
        let mut country = Country {
            town,
            bare: RefCell::default(),
            assets: RefCell::default(),
            bodies: HashMap::new(),
            n_villages: RefCell::new(400),
            callers: HashMap::new(),
            stranger,
            began: town.ledger.clock().now(),
        };
        country.open_places().await;
        country.appoint().await;
        for place in 0..PLACES.len() {
            country.fill(place).await;
        }
        country
    }

    /// Whoever asks, signed in.
    pub(crate) fn client(&self, who: Who) -> &Client {
        if who.role.is_none() { &self.stranger } else { &self.callers[&who] }
    }

    async fn open_places(&self) {
        let (ledger, operator) = (&self.town.ledger, Actor::operator());
        let fresh = PLACES.iter().enumerate().filter(|(_, place)| !place.is_there);
        let rows: Vec<_> = fresh
            .map(|(n, place)| entity::area::Model {
                parent_code: place.parent(),
                ..area::blank(place.code(), &word(n, "area"))
            })
            .collect();
        let opened = ledger
            .write(&operator, Action::ImportAreas, async |write| write.insert_areas(rows).await);
        opened.await.expect("places");
        for (n, place) in PLACES.iter().enumerate().filter(|(_, place)| place.is_there) {
            let (name, today) = (word(n, "area"), self.town.today());
            app::area::rename(ledger, &operator, place.code(), &name, today).await.expect("named");
        }
    }

    /// Gives everybody an account, and a session in it.
    async fn appoint(&mut self) {
        let (ledger, operator) = (&self.town.ledger, Actor::operator());
        let at = ledger.clock().now();
        let rows: Vec<account::Model> = (0..PLACES.len())
            .flat_map(|place| roles().map(move |role| (place, role)))
            .map(|(place, role)| account::Model {
                id: entity::id::AccountId(0),
                area_code: PLACES[place].code(),
                name: account_name(place, role),
                role,
                state: account::State::Active,
                version: 0,
                created_at: at,
                updated_at: at,
            })
            .collect();
        let made = ledger.write(&operator, Action::AddAccount, async |write| {
            let rows = write.insert_all::<account::Entity>(rows).await?;
            for row in &rows {
                // a password that nobody knows
                write.set_password(row.id, "AAAA".to_owned(), Profile::Nist).await?;
            }
            Ok(rows)
        });
        for row in made.await.expect("accounts") {
            let place = PLACES.iter().position(|one| one.code() == row.area_code);
            let who = Who { place: place.expect("a place"), role: Some(row.role) };
            let client = self.seat(&row).await;
            self.callers.insert(who, client);
        }
    }

    /// A session of an account that has a password.
    async fn seat(&self, account: &account::Model) -> Client {
        let ledger = &self.town.ledger;
        let opening = Opening {
            account: account.id,
            password_of: self.began,
            kind: session::Kind::Api,
            device: account.name.clone(),
            must_change_password: false,
            must_enroll: false,
        };
        let (session, _) = ledger.open_session(opening).await.expect("a session");
        let speaker = Speaker { account: account.id, session: session.id };
        let (token, _) = ledger.issue_access_token(speaker).expect("a token");
        self.stranger.with_token(token.expose())
    }

    /// What the cookie of a browser holds in which whoever asks is signed in.
    pub(crate) async fn cookie(&self, who: Who) -> String {
        let account = self.account(who).await;
        let opening = Opening {
            account: account.id,
            password_of: self.began,
            kind: session::Kind::Browser,
            device: account.name.clone(),
            must_change_password: false,
            must_enroll: false,
        };
        let opened = self.town.ledger.open_session(opening).await;
        format!("sid={}", opened.expect("a session").1.expose())
    }

    /// Whoever asks, acting.
    pub(crate) async fn actor(&self, who: Who) -> Actor {
        self.town.account(&account_name(who.place, who.role.expect("a role"))).await
    }

    /// Another session of whoever asks, to be closed.
    pub(crate) async fn seat_again(&self, who: Who) -> Client {
        self.seat(&self.account(who).await).await
    }

    async fn account(&self, who: Who) -> account::Model {
        let name = account_name(who.place, who.role.expect("a role"));
        let mut accounts = self.town.rows::<account::Entity>().await;
        accounts.retain(|row| row.name == name);
        accounts.pop().expect("an account")
    }

    /// Puts rows of every noun into a place.
    async fn fill(&mut self, place: usize) {
        let area = PLACES[place].code();
        if area.level() != Level::Village && area.level() != Level::Town {
            return;
        }
        let body = self.body(place, "body").await;
        self.bodies.insert(place, body.0);
        self.project(place).await;
        let full = self.asset(place, "asset0").await;
        self.furnish(place, &full, body).await;
        let n = if PLACES[place].is_village() { place + 1 } else { 1 };
        for one in 1..=n {
            self.asset(place, &format!("asset{one}")).await;
        }
        self.bring_sheet(place).await;
        // the first one has a maintainer
        *self.bare.borrow_mut().entry(place).or_default() -= 1;
    }

    /// Registers an organization of a place, with somebody to call.
    pub(crate) async fn body(&self, place: usize, what: &str) -> OrganizationId {
        let row = organization::Model {
            kind: organization::Kind::Company,
            ..bodies::blank(PLACES[place].code(), &word(place, what))
        };
        let n = self.town.next_number() as usize;
        let contact = Contact { name: word(place, "contact"), phone: office(place, n) };
        let (ledger, operator) = (&self.town.ledger, Actor::operator());
        let made = app::organization::register(ledger, &operator, row, Some(&contact)).await;
        made.expect("an organization").id
    }

    /// Puts a person of a place in.
    pub(crate) async fn person(&self, place: usize) -> PersonId {
        let n = self.town.next_number() as usize;
        let contact = Contact { name: word(place, "keeper"), phone: phone(place, n) };
        let area = PLACES[place].code();
        let operator = Actor::operator();
        let made = self.town.ledger.write(&operator, Action::AssignDuty, async |write| {
            app::person::find_or_put_in(write, area, &contact, None).await
        });
        made.await.expect("a person").id
    }

    /// Registers a project of a place.
    pub(crate) async fn project(&self, place: usize) -> entity::project::Model {
        let row = entity::project::Model {
            project_no: Some(word(place, &format!("number{}", self.town.next_number()))),
            ..projects::blank(PLACES[place].code(), &word(place, "project"))
        };
        let made = app::project::register(&self.town.ledger, &Actor::operator(), row).await;
        made.expect("a project")
    }

    /// Registers an asset of a place that nobody maintains.
    pub(crate) async fn asset(&self, place: usize, what: &str) -> asset::Model {
        let area = PLACES[place].area;
        let row = asset::Model {
            remark: Some(word(place, "remark")),
            location: Some(word(place, "location")),
            ..card(area, &word(place, what), &format!("{}.00", place + 1))
        };
        let (registration, how) = (Registration::of(row), Completeness::TakeOn);
        let ledger = &self.town.ledger;
        let made = app::asset::register(ledger, &Actor::operator(), registration, how).await;
        self.count(place);
        made.expect("an asset")
    }

    /// Registers an asset in a village of a town that was opened for it.
    pub(crate) async fn asset_in(&self, town: usize, village: AreaCode) {
        self.town.asset(&village.to_string(), &word(town, "asset"), "1.00").await;
        self.count(town);
    }

    /// Title, duties, handover, correction and waiver of an asset.
    async fn furnish(&self, place: usize, asset: &asset::Model, body: OrganizationId) {
        let (ledger, operator, id) = (&self.town.ledger, Actor::operator(), asset.id);
        let today = self.town.today();
        let next = title::Model {
            state: title::State::Confirmed,
            confirmed_on: Some(today),
            certificate_no: Some(word(place, "certificate")),
            certificate_issuer: Some(word(place, "issuer")),
            ..titles::blank(id, asset.area_code)
        };
        let party = Party::Organization(body);
        let owner = [Holder { right: Right::Own, party, share: Share::WHOLE }];
        app::title::settle(ledger, &operator, id, next, &owner).await.expect("a title");
        let terms = Terms {
            task: Some(word(place, "task")),
            standard: Some(word(place, "standard")),
            agreement_no: Some(word(place, "agreement")),
            ..Terms::default()
        };
        let keeper = Party::Person(self.person(place).await);
        for party in [(Kind::Maintainer, party), (Kind::Keeper, keeper)] {
            app::duty::assign(ledger, &operator, &[id], party, &terms).await.expect("a duty");
        }
        let document = Some(word(place, "document"));
        let at = (id, asset.version);
        app::asset::hand_over(ledger, &operator, at, today, document).await.expect("handed over");
        let reason = word(place, "reason");
        let better = |row| asset::Model { remark: Some(word(place, "remark-two")), ..row };
        let at = (id, asset.version + 1);
        app::asset::correct(ledger, &operator, at, &reason, better).await.expect("corrected");
        let words = format!("{} {place}", word(place, "content"));
        self.town.put_file(id, &word(place, "file"), &words).await;
        let n = self.town.next_number();
        self.inspect(place, asset, n).await;
        posts::held(self.town, asset, &word(place, "scope")).await;
        let goes = self.goes(place, asset.area_code).await;
        let route = routes::route(goes, &word(place, "route"), &[asset]);
        routes::made(self.town, route).await;
        contracts::concluded(self.town, asset, (body, &word(place, "contract"))).await;
        let (take, _) = stock_takes::opened(self.town, asset).await;
        stock_takes::found(self.town, take, &word(place, "find")).await;
        self.report_fault(place, asset).await;
        self.webhook(place, false).await;
        let plan = revivals::plan(self.town, body, &word(place, "measures"));
        revivals::staged(self.town, asset, &plan, entity::revival::State::Proposed).await;
        self.spend(place, true).await;
        self.ask_for_more(place).await;
        let until = self.town.days_ahead(30);
        let rule = Rule::Unfunded;
        app::waiver::grant(ledger, &operator, id, rule, &reason, until).await.expect("a waiver");
    }

    /// Brings one asset in by a sheet.
    pub(super) async fn bring_sheet(&self, place: usize) -> i64 {
        let clerk = self.town.account(&account_name(place, Role::FinanceClerk)).await;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(format!("{}.csv", word(place, "file")));
        let name = word(place, &format!("sheet{}", self.town.next_number()));
        let area = PLACES[place].area;
        let yuan = place + 1;
        let text =
            format!("资产名称,资产类别,区划代码,资产原值\n{name},公益性资产,{area},{yuan}元\n");
        std::fs::write(&file, text).expect("a sheet");
        let request = Request {
            kind: import::Kind::Assets,
            file,
            map: Map::default(),
            is_trial: false,
            accept_valid: false,
            options: ReadOptions::default(),
            answers: Answers::default(),
        };
        let going_on = Arc::new(AtomicBool::new(false));
        let done = carry_out(&self.town.ledger, &clerk, &request, &|_| {}, &going_on).await;
        let outcome = done.expect("a sheet");
        assert_eq!(outcome.created, 1, "a sheet");
        self.count(place);
        outcome.import.expect("an import")
    }

    /// Merges the village that is to be merged; everything in it moves.
    pub(crate) async fn reorganize(&mut self) {
        let (ledger, operator) = (&self.town.ledger, Actor::operator());
        for (place, one) in PLACES.iter().enumerate() {
            let Some(into) = one.into else { continue };
            self.town.clock.pass(1);
            let done =
                app::area::merge(ledger, &operator, one.code(), code(into), self.town.today());
            done.await.expect("merged");
            // whoever belonged there belongs elsewhere from now on
            self.callers.retain(|who, _| who.place != place);
        }
    }

    /// How many rows the log has.
    pub(crate) async fn n_entries(&self) -> u64 {
        use sea_orm::PaginatorTrait;
        entity::log::Entity::find().count(&self.town.db).await.expect("a count")
    }

    /// Takes note of an asset that nobody maintains.
    pub(crate) fn count(&self, place: usize) {
        for plan in [&self.bare, &self.assets] {
            *plan.borrow_mut().entry(place).or_default() += 1;
        }
    }

    /// What a plan comes to in some places.
    pub(crate) fn planned(plan: &Plan, is_in: impl Fn(&Place) -> bool) -> usize {
        let within = plan.iter().filter(|(place, _)| is_in(&PLACES[**place]));
        within.map(|(_, n)| n).sum()
    }

    /// Assets that nobody maintains, by the place they were registered in.
    pub(crate) fn bare(&self) -> Plan {
        self.bare.borrow().clone()
    }

    /// How many assets lie in an area that nobody maintains.
    pub(crate) fn n_bare(&self, area: AreaCode) -> usize {
        Country::planned(&self.bare(), |place| area.covers(&place.now()))
    }

    /// How many assets lie in an area.
    pub(crate) fn n_assets(&self, area: AreaCode) -> usize {
        Country::planned(&self.assets.borrow(), |place| area.covers(&place.now()))
    }
}

/// How many of something were put into each place.
pub(crate) type Plan = HashMap<usize, usize>;
