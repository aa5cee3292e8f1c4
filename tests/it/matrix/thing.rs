//! What operations are called on: something of every noun, in any place.

use chrono::Days;
use entity::{
    account::{self, Role},
    area::{AreaCode, County},
    asset,
    duty::Kind,
    fault_report,
    id::{AccountId, OrganizationId, SettingId},
    inspection, revival,
    setting::Key,
    title::State,
};
use serde_json::{Value as Json, json};
use taizhang::{
    app,
    domain::{
        area,
        duty::Terms,
        inspection::Record,
        permission::Action,
        setting::Proposal,
        title::{self as titles, Party},
    },
    store::Actor,
};

use super::{
    canary::{phone, word},
    country::{Country, PLACES},
};
use crate::harness::{
    contracts, inspections, posts, revivals, routes, stock_takes,
    town::{code, day},
    work_orders,
};

/// What an operation is about, and so whose it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum About {
    /// Nothing in particular: what is answered is the caller's own.
    Nothing,
    /// One asset.
    Asset,
    /// Two assets of a village.
    Pair,
    /// One organization.
    Organization,
    /// One person.
    Person,
    /// One project.
    Project,
    /// One rectification that was asked for.
    Round,
    /// One that was reported done.
    Reported,
    /// One account that may act.
    Account,
    /// One account that is locked.
    Locked,
    /// One account that signs in with two factors, and its open session.
    Seated,
    /// One area, closed ones too.
    Area,
    /// A village that lies in a town, and may be changed.
    Village,
    /// One import.
    Import,
    /// A value of a local rule that has not begun.
    Setting,
    /// A session of somebody else.
    Session,
    /// One attached file.
    Attachment,
    /// One asset whose title was opened.
    Titled,
    /// One duty.
    Duty,
    /// One inspection.
    Inspection,
    /// One route; its twin is whoever goes it.
    Route,
    /// An asset to go to, and as its twin whoever may.
    OnRoute,
    /// One contract.
    Contract,
    /// One work order that waits.
    WorkOrder,
    /// One that was estimated.
    Estimated,
    /// One that was dispatched.
    Dispatched,
    /// One that was reported done.
    Mended,
    /// One asset that lies idle.
    Idle,
    /// One revival plan that was proposed.
    Proposed,
    /// One that was approved.
    Planned,
    /// One that was reported done.
    Revived,
    /// One welfare post.
    Post,
    /// One month of a welfare post, which nobody has approved.
    Month,
    /// Something new about a disputed asset of an area.
    Disputed,
    /// One campaign, which those below its area see too.
    Campaign,
    /// One line of a campaign, and as its twin the campaign.
    CampaignLine,
    /// One campaign of which everything was answered.
    AnsweredCampaign,
    /// One line that was drawn.
    DrawnLine,
    /// One campaign of which the whole sample was checked again.
    RecheckedCampaign,
    /// One webhook that sends.
    Webhook,
    /// One that is paused.
    PausedWebhook,
    /// One stock-take; its name is the short code of its asset.
    StockTake,
    /// One stock-take that may be signed.
    Counted,
    /// One thing that a stock-take found.
    StockFind,
    /// What one that was signed says against the ledger.
    Discrepancy,
    /// One village with an asset that nobody counts.
    Uncounted,
    /// One report of a fault that nobody has taken up.
    FaultReport,
    /// One fund for upkeep.
    Fund,
    /// One budget, which is for an asset.
    Budget,
    /// One commitment.
    Commitment,
    /// One payment.
    Payment,
    /// One request to overspend.
    Overspend,
    /// Something new in an area that is valid now.
    In,
    /// All that lies in an area. Of an area above, the caller's part is meant.
    Within,
    /// The log of a county.
    County,
}

/// What of a noun lies in a place: enough to ask for it, rightly or not.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    /// The place.
    pub(crate) place: usize,
    /// Where it lies now.
    pub(crate) area: AreaCode,
    /// Its id.
    pub(crate) id: i64,
    /// Another of its kind in the same place.
    pub(crate) twin: i64,
    /// Its code, or its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: i64,
    /// An organization of the same place, for what needs one.
    pub(crate) body: i64,
    /// A word of the place it was made in.
    pub(crate) canary: String,
    /// A number that nothing else has.
    pub(crate) n: u32,
}

impl Thing {
    /// What is nowhere.
    pub(crate) fn nowhere() -> Thing {
        Thing {
            place: usize::MAX,
            area: code("520499100999"),
            id: 9_999_999,
            twin: 9_999_998,
            name: "nothing".to_owned(),
            version: 1,
            body: 9_999_999,
            canary: "nothing".to_owned(),
            n: 0,
        }
    }

    /// A value of a rule that has not begun: each a day after the one before.
    pub(crate) fn rule(&self, key: &str) -> Json {
        let from_on = day("2026-06-02").checked_add_days(Days::new(self.n.into()));
        let value = (self.n % 1_000 + 1).to_string();
        json!({ "key": key, "area_code": self.area, "value": value,
            "basis_title": "管护办法", "from_on": from_on })
    }
}

impl Country<'_> {
    /// Something of a place to ask for, made for it where it may be changed.
    #[expect(clippy::too_many_lines, reason = "a table is read line by line")]
    pub(crate) async fn thing(&self, about: About, place: usize) -> Thing {
        let mut thing = Thing {
            place,
            area: about.area(place),
            name: word(place, "thing"),
            canary: word(place, "file"),
            version: 1,
            n: self.town.next_number(),
            body: self.bodies.get(&place).copied().unwrap_or_default(),
            ..Thing::nowhere()
        };
        match about {
            About::Nothing | About::In | About::Within | About::Area => {}
            About::Village | About::Uncounted if PLACES[place].is_closed() => {}
            About::Village => thing.area = self.village(place).await,
            About::Pair => {
                thing.id = self.asset(place, "thing").await.id.0;
                thing.twin = self.asset(place, "thing").await.id.0;
            }
            About::Organization => {
                thing.id = self.body(place, &format!("body{}", thing.n)).await.0;
            }
            About::Import => thing.id = self.bring_sheet(place).await,
            About::Person => thing.id = self.person(place).await.0,
            About::Project => thing.id = self.project(place).await.id.0,
            About::Account | About::Locked => {
                let account = self.inspector(place, about == About::Locked).await;
                (thing.id, thing.version) = (account.id.0, account.version);
            }
            About::Seated => {
                let name = word(place, &format!("seated-{}", thing.n));
                self.town.seat(&name, PLACES[place].code()).await;
                let rows = self.town.rows::<account::Entity>().await;
                let row = rows.iter().find(|row| row.name == name).expect("an account");
                (thing.id, thing.version) = (row.id.0, row.version);
            }
            About::Setting => (thing.id, thing.version) = (self.rule(place, thing.n).await.0, 1),
            About::County => thing.n = self.sign(thing.area.county()).await,
            About::Asset => {
                let asset = self.asset(place, "thing").await;
                (thing.id, thing.version) = (asset.id.0, asset.version);
                thing.name = asset.code;
            }
            About::Round | About::Reported => {
                let round = self.round(&thing, about == About::Reported).await;
                (thing.id, thing.version) = (round.id.0, round.version);
            }
            About::Attachment => {
                let asset = self.asset(place, "thing").await;
                let words = format!("{} {}", word(place, "content"), thing.n);
                let file = self.town.put_file(asset.id, &word(place, "file"), &words).await;
                (thing.id, thing.version) = (file.id.0, file.version);
            }
            About::Titled => {
                let asset = self.asset(place, "thing").await;
                let next = titles::blank(asset.id, asset.area_code);
                let next = entity::title::Model { state: State::InProgress, ..next };
                let (ledger, operator) = (&self.town.ledger, Actor::operator());
                let done = app::title::settle(ledger, &operator, asset.id, next, &[]).await;
                done.expect("a title");
                thing.id = asset.id.0;
            }
            About::Duty => {
                let (asset, keeper) = (self.asset(place, "thing").await, self.person(place).await);
                let (ledger, operator) = (&self.town.ledger, Actor::operator());
                let party = (Kind::Keeper, Party::Person(keeper));
                let terms = Terms::default();
                let done = app::duty::assign(ledger, &operator, &[asset.id], party, &terms).await;
                thing.id = done.expect("a duty")[0].id.0;
            }
            About::Inspection => {
                let asset = self.asset(place, "thing").await;
                thing.id = self.inspect(place, &asset, thing.n).await.id.0;
            }
            About::Route | About::OnRoute => {
                let asset = self.asset(place, "thing").await;
                let goes = self.goes(place, asset.area_code).await;
                (thing.id, thing.twin) = (asset.id.0, goes.0);
                if about == About::Route {
                    let route = routes::route(goes, &word(place, "route"), &[&asset]);
                    thing.id = routes::made(self.town, route).await.id.0;
                }
                thing.name = asset.code;
            }
            About::Contract => {
                let asset = self.asset(place, "thing").await;
                let of = (OrganizationId(thing.body), &*word(place, "contract"));
                thing.id = contracts::concluded(self.town, &asset, of).await.id.0;
            }
            About::WorkOrder | About::Estimated | About::Dispatched | About::Mended => {
                thing.id = self.work_order(&thing, about).await;
            }
            About::Idle => {
                let asset = self.asset(place, "thing").await;
                let asset = revivals::idle(self.town, &asset).await;
                (thing.id, thing.version) = (asset.id.0, asset.version);
            }
            About::Proposed | About::Planned | About::Revived => {
                thing.id = self.revival(&thing, about).await;
            }
            About::Post => {
                let asset = self.asset(place, "thing").await;
                thing.id = posts::opened(self.town, &asset, &word(place, "scope")).await.0;
            }
            About::Month => {
                let asset = self.asset(place, "thing").await;
                thing.id = posts::held(self.town, &asset, &word(place, "scope")).await.1.0;
            }
            About::Discrepancy => {
                let asset = self.asset(place, "thing").await;
                thing.id = stock_takes::missed(self.town, &asset).await.0;
            }
            About::Uncounted => {
                thing.area = self.village(place).await;
                self.asset_in(place, thing.area).await;
            }
            About::StockTake | About::Counted | About::StockFind => {
                let asset = self.asset(place, "thing").await;
                if about == About::Counted {
                    let counted = stock_takes::counted(self.town, &asset).await;
                    // counting is a change
                    (thing.id, thing.version) = (counted.0, 2);
                } else {
                    let (take, _) = stock_takes::opened(self.town, &asset).await;
                    thing.id = take.0;
                    let code = self.town.ledger.short_code(asset.id).expect("a short code");
                    thing.name = code.to_string();
                    if about == About::StockFind {
                        let name = word(place, "find");
                        thing.id = stock_takes::found(self.town, take, &name).await.0;
                    }
                }
            }
            About::FaultReport => {
                let asset = self.asset(place, "thing").await;
                thing.id = self.report_fault(place, &asset).await.id.0;
            }
            About::Disputed => thing.id = self.disputed(place).await.id.0,
            About::Campaign
            | About::CampaignLine
            | About::AnsweredCampaign
            | About::DrawnLine
            | About::RecheckedCampaign => self.campaign(about, &mut thing).await,
            About::Webhook | About::PausedWebhook => {
                let row = self.webhook(place, about == About::PausedWebhook).await;
                (thing.id, thing.version) = (row.id.0, row.version);
            }
            About::Fund => thing.id = self.fund(place).await.id.0,
            About::Budget => {
                let (budget, asset) = self.budget(place).await;
                (thing.id, thing.twin) = (budget.id.0, asset.id.0);
            }
            About::Commitment | About::Payment => {
                let row = self.spend(place, about == About::Payment).await;
                (thing.id, thing.version) = (row.id.0, row.version);
            }
            About::Overspend => thing.id = self.ask_for_more(place).await.0,
            About::Session => {
                let name = word(place, &format!("seated-{}", thing.n));
                let area = PLACES[place].code();
                thing.id = self.town.seat(&name, area).await.1.0;
            }
        }
        thing
    }

    /// A work order of a place that has come so far.
    async fn work_order(&self, thing: &Thing, about: About) -> i64 {
        let asset = self.asset(thing.place, "thing").await;
        let party = Party::Organization(OrganizationId(thing.body));
        let what = word(thing.place, "what");
        let orders = work_orders::staged(self.town, &asset, party, &what).await;
        let place = match about {
            About::Estimated => 1,
            About::Dispatched => 2,
            About::Mended => 3,
            _ => 0,
        };
        orders[place].id.0
    }

    /// A revival plan of a place that has come so far.
    async fn revival(&self, thing: &Thing, about: About) -> i64 {
        let asset = self.asset(thing.place, "thing").await;
        let body = OrganizationId(thing.body);
        let plan = revivals::plan(self.town, body, &word(thing.place, "measures"));
        let state = match about {
            About::Planned => revival::State::Approved,
            About::Revived => revival::State::Done,
            _ => revival::State::Proposed,
        };
        revivals::staged(self.town, &asset, &plan, state).await.id.0
    }

    /// Looks at an asset of a place, and notes something.
    pub(super) async fn inspect(
        &self,
        place: usize,
        asset: &asset::Model,
        n: u32,
    ) -> inspection::Model {
        let (ledger, operator) = (&self.town.ledger, Actor::operator());
        let record = inspections::good(asset, n, ledger.clock().now());
        let seen = word(place, "point");
        let record = inspections::found(record, 0, inspection::Condition::Defect, &seen);
        let record = Record { note: Some(word(place, "note")), ..record };
        app::inspection::record(ledger, &operator, asset.id, &record).await.expect("an inspection")
    }

    /// Reports a fault of an asset of a place, and leaves a telephone.
    pub(super) async fn report_fault(
        &self,
        place: usize,
        asset: &asset::Model,
    ) -> fault_report::Model {
        self.town.report(asset, (&word(place, "words"), &phone(place, 9))).await
    }

    /// Opens a village in a town.
    async fn village(&self, town: usize) -> AreaCode {
        let n = self.n_villages.replace_with(|n| *n + 1);
        let area = code(&format!("{}{n}", &PLACES[town].area[..9]));
        let parent_code = Some(PLACES[town].code());
        let row = entity::area::Model { parent_code, ..area::blank(area, &word(town, "area")) };
        let operator = Actor::operator();
        let opened = self.town.ledger.write(&operator, Action::ImportAreas, async |write| {
            write.insert_areas(vec![row]).await
        });
        opened.await.expect("a village");
        area
    }

    /// Gives somebody an account who has not signed in yet.
    async fn inspector(&self, place: usize, is_locked: bool) -> account::Model {
        let (ledger, operator) = (&self.town.ledger, Actor::operator());
        let name = word(place, &format!("account-{}", self.town.next_number()));
        let area = PLACES[place].code();
        let added = app::account::add(ledger, &operator, &name, Role::Inspector, area).await;
        let account = added.expect("an account");
        if !is_locked {
            return account;
        }
        app::account::lock(ledger, &operator, account.id).await.expect("locked")
    }

    /// Gives somebody an account who may go a route to what lies in a place by now.
    pub(super) async fn goes(&self, place: usize, area: AreaCode) -> AccountId {
        let name = word(place, &format!("goes-{}", self.town.next_number()));
        let ledger = &self.town.ledger;
        let added =
            app::account::add(ledger, &Actor::operator(), &name, Role::Inspector, area).await;
        added.expect("an account").id
    }

    /// Sets a rule of a place that begins in the future.
    async fn rule(&self, place: usize, n: u32) -> SettingId {
        let proposal = Proposal {
            key: Key::TitleDays,
            area: PLACES[place].code(),
            value: (n % 1_000 + 1).to_string(),
            basis_title: word(place, "basis"),
            basis_no: None,
            from_on: self.town.days_ahead(i64::from(n) + 1),
        };
        let set = app::setting::set(&self.town.ledger, &Actor::operator(), &proposal).await;
        set.expect("a rule").0.id
    }

    /// Signs the end of a county's log: how many entries it has.
    async fn sign(&self, county: County) -> u32 {
        self.town.ledger.sign_checkpoints().await.expect("signed");
        let logs = self.town.ledger.logs().await.expect("the logs");
        let size = logs.iter().find(|(one, _)| *one == county).map_or(0, |(_, size)| *size);
        u32::try_from(size).expect("a small log")
    }
}
