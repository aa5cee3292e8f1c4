//! Findings are stored as the rules say, whatever was done; and the kept sums with them.

use std::collections::BTreeMap;

use entity::{
    asset::{self, Class, State, Subclass, UseState},
    duty::Kind,
    finding::{self, Rule},
    holding::Right,
    id::AssetId,
    share::Share,
    title,
};
use taizhang::{
    app,
    domain::{
        asset::{Completeness, division::Part},
        deficiency::{self, Thresholds},
        duty::Terms,
        title::{Holder, Party, blank},
    },
    error::{Error, Result},
    store::Actor,
};

use crate::harness::{
    Town,
    town::{VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code, registration, yuan},
};

on_both!(
    a_finding_opens_closes_and_opens_again_in_place,
    three_hundred_actions_at_random_and_every_sum_is_right,
    the_largest_amounts_sum_up,
    what_was_known_once_is_not_unknown,
);

async fn a_finding_opens_closes_and_opens_again_in_place(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let (ledger, clerk, id) = (&town.ledger, town.clerk().await, asset.id);
    let rule = Rule::FundingGap;
    assert_eq!(town.finding(id, rule).await, None);
    let correct = async |version, value: &str| {
        let change = |row| asset::Model { original_value: Some(yuan(value)), ..row };
        app::asset::correct(ledger, &clerk, (id, version), "审计", change)
            .await
            .expect("corrected");
        town.finding(id, rule).await.expect("a finding")
    };
    let (first, value) = (town.today(), yuan("11.00"));
    let opened = correct(1, "11.00").await;
    assert_eq!((opened.opened_on, opened.closed_on, opened.value), (first, None, value));
    town.clock.advance(3);
    let closed = correct(2, "10.00").await;
    assert_eq!((closed.opened_on, closed.closed_on), (first, Some(town.today())));
    town.clock.advance(3);
    let again = correct(3, "9.00").await;
    assert_eq!((again.opened_on, again.closed_on), (town.today(), None));
    let others = [town.finding(id, Rule::NoMaintainer).await.expect("a finding").value];
    assert_eq!(others, [yuan("9.00")], "every finding repeats the value");
}

const VILLAGES: [&str; 3] = [VILLAGE_A1, VILLAGE_A2, VILLAGE_B1];

/// A small generator: the same actions on every run, and on both databases.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        let place = self.below(of.len() as u64);
        of[usize::try_from(place).expect("small")].clone()
    }
}

/// Everything that random actions are done with.
struct Play<'a> {
    town: &'a Town,
    actor: Actor,
    dice: Dice,
    bodies: Vec<entity::id::OrganizationId>,
    persons: Vec<entity::id::PersonId>,
}

impl Play<'_> {
    async fn held(&mut self) -> asset::Model {
        let mut rows = self.town.rows::<asset::Entity>().await;
        rows.retain(|row| row.state == State::Held);
        rows.sort_by_key(|row| row.id);
        self.dice.one(&rows)
    }

    async fn step(&mut self) -> Result<()> {
        match self.dice.below(14) {
            0 | 1 => self.register().await,
            2 => self.amend().await,
            3 => self.correct().await,
            4 => self.reclass().await,
            5 => self.split().await,
            6 => self.merge().await,
            7 | 8 => self.assign().await,
            9 => self.settle().await,
            10 => self.waive().await,
            11 => self.end().await,
            12 => self.hand_over().await,
            _ => self.night().await,
        }
    }

    async fn register(&mut self) -> Result<()> {
        let village = self.dice.one(&VILLAGES);
        let value = format!("{}.{:02}", self.dice.below(1_000), self.dice.below(100));
        let mut row = registration(village, "资产", &value);
        if self.dice.below(3) == 0 {
            row.sources.clear();
            row.asset.original_value = None;
        }
        let how = Completeness::TakeOn;
        app::asset::register(&self.town.ledger, &self.actor, row, how).await.map(drop)
    }

    async fn amend(&mut self) -> Result<()> {
        let row = self.held().await;
        let use_state = Some(self.dice.one(UseState::ALL));
        let condition = Some(self.dice.one(asset::Condition::ALL));
        let answer = self.dice.one(&[None, Some(asset::Answer::Unknown)]);
        let area_code = match self.dice.below(3) {
            0 => code(self.dice.one(&VILLAGES)),
            _ => row.area_code,
        };
        let change = |row| asset::Model {
            use_state,
            condition,
            maintainer_answer: answer,
            area_code,
            idle_since: None,
            ..row
        };
        let at = (row.id, row.version);
        app::asset::amend(&self.town.ledger, &self.actor, at, change).await.map(drop)
    }

    async fn correct(&mut self) -> Result<()> {
        let row = self.held().await;
        let value = yuan(&format!("{}.50", self.dice.below(1_000)));
        let accepted_on = Some(self.town.days_ahead(-30));
        let change = |row| asset::Model { original_value: Some(value), accepted_on, ..row };
        let at = (row.id, row.version);
        app::asset::correct(&self.town.ledger, &self.actor, at, "审计", change).await.map(drop)
    }

    async fn reclass(&mut self) -> Result<()> {
        let row = self.held().await;
        let subclass = self.dice.one(Subclass::ALL);
        let class = (subclass.class(), Some(subclass));
        let at = (row.id, row.version);
        app::asset::reclass(&self.town.ledger, &self.actor, at, class, "重分类").await.map(drop)
    }

    async fn split(&mut self) -> Result<()> {
        let row = self.held().await;
        let whole = row.original_value.map_or(0, entity::money::Money::fen);
        let first = i64::try_from(self.dice.below(whole.unsigned_abs() + 1)).expect("small");
        let parts = [first, whole - first].map(|fen| Part {
            name: "一部分".into(),
            original_value: entity::money::Money::from_fen(fen),
            quantity: None,
        });
        let at = (row.id, row.version);
        app::asset::split(&self.town.ledger, &self.actor, at, &parts, "拆分").await.map(drop)
    }

    async fn merge(&mut self) -> Result<()> {
        let like = self.held().await;
        let mut rows = self.town.rows::<asset::Entity>().await;
        rows.retain(|row| {
            let kind = (row.state, row.class, row.subclass, row.form, row.area_code);
            kind == (State::Held, like.class, like.subclass, like.form, like.area_code)
        });
        let ids: Vec<AssetId> = rows.iter().map(|row| row.id).take(3).collect();
        app::asset::merge(&self.town.ledger, &self.actor, &ids, "合并", "合并").await.map(drop)
    }

    async fn assign(&mut self) -> Result<()> {
        let row = self.held().await;
        let party = match self.dice.below(2) {
            0 => (Kind::Maintainer, Party::Organization(self.dice.one(&self.bodies))),
            _ => (Kind::Keeper, Party::Person(self.dice.one(&self.persons))),
        };
        let from = i64::try_from(self.dice.below(40)).expect("small") - 20;
        let terms = Terms {
            from_on: Some(self.town.days_ahead(from)),
            until_on: self.dice.one(&[None, Some(self.town.days_ahead(from + 30))]),
            annual_budget: Some(yuan("100.01")),
            is_funded: self.dice.one(&[None, Some(true), Some(false)]),
            standard: self.dice.one(&[None, Some("标准".to_owned())]),
            ..Terms::default()
        };
        let assets = [row.id];
        app::duty::assign(&self.town.ledger, &self.actor, &assets, party, &terms).await.map(drop)
    }

    async fn settle(&mut self) -> Result<()> {
        let row = self.held().await;
        let state = self.dice.one(title::State::ALL);
        let party = Party::Organization(self.dice.one(&self.bodies));
        let holders =
            [Right::Own, Right::Income].map(|right| Holder { right, party, share: Share::WHOLE });
        let next = title::Model { state, ..blank(row.id, row.area_code) };
        let ledger = &self.town.ledger;
        app::title::settle(ledger, &self.actor, row.id, next, &holders).await.map(drop)
    }

    async fn waive(&mut self) -> Result<()> {
        let row = self.held().await;
        let rule = self.dice.one(Rule::ALL);
        let until = self.town.days_ahead(i64::try_from(self.dice.below(60)).expect("small"));
        let ledger = &self.town.ledger;
        app::waiver::grant(ledger, &self.actor, row.id, rule, "在办", until).await.map(drop)
    }

    async fn end(&mut self) -> Result<()> {
        let on = self.town.days_ahead(-1);
        let ledger = &self.town.ledger;
        if self.dice.below(2) == 0 {
            let body = self.dice.one(&self.bodies);
            app::organization::end(ledger, &self.actor, body, on).await.map(drop)
        } else {
            let person = self.dice.one(&self.persons);
            app::person::end(ledger, &self.actor, person, on).await.map(drop)
        }
    }

    async fn hand_over(&mut self) -> Result<()> {
        let row = self.held().await;
        let at = (row.id, row.version);
        let today = self.town.today();
        app::asset::hand_over(&self.town.ledger, &self.actor, at, today, None).await.map(drop)
    }

    async fn night(&mut self) -> Result<()> {
        let days = i64::try_from(self.dice.below(20)).expect("small");
        self.town.night(days).await;
        Ok(())
    }
}

async fn three_hundred_actions_at_random_and_every_sum_is_right(town: &Town) {
    let mut play = Play {
        town,
        actor: Actor::operator(),
        dice: Dice(0x2026_1123),
        bodies: Vec::new(),
        persons: Vec::new(),
    };
    for n in 0..8 {
        play.bodies.push(town.organization(code(VILLAGE_A1), &format!("公司{n}")).await);
        play.persons.push(town.person(code(VILLAGE_A1), n).await);
    }
    let classes = [Class::Public, Class::Operating, Class::Household];
    assert_eq!(Class::ALL, classes);
    town.asset(VILLAGE_A1, "第一", "10.00").await;
    let mut n_done = 0;
    for n in 0..300 {
        match play.step().await {
            Ok(()) => n_done += 1,
            Err(Error::Refused(_) | Error::Invalid(_)) => {}
            Err(error) => panic!("action {n}: {error:?}"),
        }
    }
    assert!(n_done > 150, "only {n_done} were carried out");
    town.night(0).await;
    stored_as_the_rules_say(town).await;
}

/// The stored findings are those the rules find today, asset by asset.
async fn stored_as_the_rules_say(town: &Town) {
    let mut ids: Vec<AssetId> =
        town.rows::<asset::Entity>().await.iter().map(|row| row.id).collect();
    ids.sort();
    let read = town.ledger.read(&town.clerk().await).dossiers(&ids).await.expect("dossiers");
    let mut expected = BTreeMap::new();
    for dossier in &read {
        for standing in deficiency::evaluate(&dossier.facts(), &Thresholds::default(), town.today())
        {
            let key = (dossier.asset.id, standing.rule);
            expected.insert(key, (standing.since, standing.is_waived));
        }
    }
    let mut open = town.rows::<finding::Entity>().await;
    open.retain(|row| row.closed_on.is_none());
    let stored: BTreeMap<_, _> =
        open.iter().map(|row| ((row.asset_id, row.rule), (row.since_on, row.is_waived))).collect();
    assert_eq!(stored, expected);
    let rules: std::collections::BTreeSet<_> = expected.keys().map(|(_, rule)| rule).collect();
    assert!(rules.len() >= 10, "the play reached {rules:?} only");
}

async fn the_largest_amounts_sum_up(town: &Town) {
    let largest = registration(VILLAGE_A1, "桥", &entity::money::Money::MAX.to_string());
    let batch = vec![largest.clone(), largest.clone(), largest];
    let (operator, action) = (Actor::operator(), entity::log::Action::RegisterAsset);
    let made = town.ledger.write(&operator, action, async |write| {
        app::asset::put_in(write, batch.clone(), Completeness::Whole).await
    });
    assert_eq!(made.await.expect("registered").len(), 3);
}

async fn what_was_known_once_is_not_unknown(town: &Town) {
    let mut row = registration(VILLAGE_A1, "桥", "10.00");
    row.asset.maintainer_answer = Some(asset::Answer::Unknown);
    let (ledger, clerk, how) = (&town.ledger, town.clerk().await, Completeness::Whole);
    let id = app::asset::register(ledger, &clerk, row, how).await.expect("registered").id;
    assert_eq!(town.open_findings(id).await[0], "G01U");
    let body = town.organization(code(VILLAGE_A1), "公司").await;
    let party = (Kind::Maintainer, Party::Organization(body));
    let terms = Terms { from_on: Some(town.days_ahead(-9)), ..Terms::default() };
    app::duty::assign(ledger, &clerk, &[id], party, &terms).await.expect("assigned");
    app::organization::end(ledger, &clerk, body, town.days_ahead(-1)).await.expect("ended");
    assert_eq!(town.open_findings(id).await[0], "G01");
}
