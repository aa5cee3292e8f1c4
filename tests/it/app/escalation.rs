//! What is late goes up the line at night: on its day, once, as far as the local rules say, and no
//! longer than it is late.

use entity::{
    account::Role,
    id::AssetId,
    rectification::{Entity, Model, Rung, State},
    setting::Key,
};
use taizhang::{
    app::{
        self,
        nightly::raise_late,
        rectification::{Finding, assign, escalate, report},
        task::Kind,
    },
    domain::{
        rectification::{Bearer, Charge},
        setting::Proposal,
    },
    store::{
        Actor,
        finding_list::{Narrowed, Order, Waiting},
        report::Extent,
        verify::{Progress, VerifyOptions},
    },
};

use crate::harness::{
    Town,
    expect::refused,
    town::{COUNTY, VILLAGE_A1, code},
};

on_both!(
    what_is_late_goes_up_once_a_rung,
    nights_that_were_missed_are_made_up_for,
    two_nights_at_once_raise_it_once,
    what_is_done_or_has_more_time_stays,
    a_county_sets_the_days
);

const RULE: entity::finding::Rule = entity::finding::Rule::NoMaintainer;

impl Town {
    /// A finding for which the village is asked to act within thirty days.
    async fn charged(&self) -> Model {
        let asset = self.asset(VILLAGE_A1, "桥", "10.00").await.id;
        self.extended(asset, 0, 30).await.expect("asked")
    }

    async fn extended(
        &self,
        asset: AssetId,
        version: i64,
        days: i64,
    ) -> taizhang::error::Result<Model> {
        let clerk = self.as_role(Role::TownshipClerk).await;
        let officer = self.account("village-officer").await.account().expect("an account");
        let bearer = Bearer::Account(officer);
        let charge = Charge { bearer, due_on: self.days_ahead(days), note: None };
        let finding = Finding { asset, rule: RULE, version };
        Ok(assign(&self.ledger, &clerk, &[finding], &charge).await?.remove(0))
    }

    async fn round_of(&self, round: &Model) -> Model {
        self.row::<Entity>(round.id).await
    }

    async fn waits_for(&self, role: Role) -> usize {
        let actor = self.as_role(role).await;
        let narrowed = Kind::Escalated.findings(role).expect("a rung");
        let extent =
            Extent { area: actor.area(), class: None, with_gone: false, with_waived: false };
        let read = self.ledger.read(&actor);
        let rows = read.findings_listed((&narrowed, &extent), Order::Place, None, 9).await;
        rows.expect("findings").len()
    }

    async fn agrees(&self) {
        let options = VerifyOptions { rows: true, ..VerifyOptions::default() };
        let told = self.ledger.verify(&options, &|_: Progress| ()).await.expect("verified");
        let faults: Vec<_> = told.faults().map(|fault| fault.sentence().en).collect();
        assert_eq!(faults, Vec::<String>::new());
    }
}

fn at(round: &Model) -> (i32, Option<Rung>) {
    (round.n_escalated, round.escalated_to)
}

async fn what_is_late_goes_up_once_a_rung(town: &Town) {
    let round = town.charged().await;
    let holders = [
        (36, (0, None), None),
        (1, (1, Some(Rung::Town)), Some(Role::TownshipClerk)),
        (7, (1, Some(Rung::Town)), Some(Role::TownshipClerk)),
        (1, (2, Some(Rung::Department)), Some(Role::RuralOfficer)),
        (14, (2, Some(Rung::Department)), Some(Role::RuralOfficer)),
        (1, (3, Some(Rung::Leader)), Some(Role::Leader)),
        (300, (3, Some(Rung::Leader)), Some(Role::Leader)),
    ];
    for (days, expected, holder) in holders {
        town.night(days).await;
        let entries = town.n_entries().await;
        assert_eq!(town.night(0).await.raised, 0, "twice in a night");
        assert_eq!(town.n_entries().await, entries, "and nothing is logged");
        let now = town.round_of(&round).await;
        assert_eq!(at(&now), expected);
        assert_eq!(town.finding(round.asset_id, RULE).await.expect("it").escalated_to, expected.1);
        for role in [Role::TownshipClerk, Role::RuralOfficer, Role::Leader] {
            assert_eq!(town.waits_for(role).await, usize::from(Some(role) == holder), "{role:?}");
        }
    }
    assert_eq!(town.round_of(&round).await.escalation, None, "nobody said anything");
    town.agrees().await;
}

async fn nights_that_were_missed_are_made_up_for(town: &Town) {
    let round = town.charged().await;
    let entries = town.n_entries().await;
    assert_eq!(town.night(60).await.raised, 3);
    let now = town.round_of(&round).await;
    assert_eq!((at(&now), now.version), ((3, Some(Rung::Leader)), round.version + 3));
    let log = town.last_entry(COUNTY).await;
    assert_eq!(log["action"], "nightly.round");
    let steps = log["changes"].as_array().expect("changes");
    let steps = steps.iter().filter(|change| change["noun"] == "rectification").count();
    assert_eq!(steps, 3, "each step is a change of its own");
    assert!(town.n_entries().await > entries);
    town.agrees().await;
}

async fn two_nights_at_once_raise_it_once(town: &Town) {
    let round = town.charged().await;
    town.clock.advance(37);
    let mut racers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let ledger = town.ledger.clone();
        racers.spawn(async move { raise_late(&ledger, &Actor::operator()).await });
    }
    let steps: usize = racers.join_all().await.into_iter().map(|one| one.expect("raised")).sum();
    assert_eq!(steps, 1);
    assert_eq!(at(&town.round_of(&round).await), (1, Some(Rung::Town)));
}

async fn what_is_done_or_has_more_time_stays(town: &Town) {
    let (done, longer, waived) = (town.charged().await, town.charged().await, town.charged().await);
    let officer = town.as_role(Role::VillageOfficer).await;
    report(&town.ledger, &officer, done.id, "已办").await.expect("reported");
    town.extended(longer.asset_id, longer.version, 60).await.expect("more time");
    let (operator, until) = (Actor::operator(), town.days_ahead(90));
    let set_aside =
        app::waiver::grant(&town.ledger, &operator, waived.asset_id, RULE, "在办", until);
    set_aside.await.expect("waived");
    town.night(60).await;
    for round in [&done, &longer, &waived] {
        assert_eq!(at(&town.round_of(round).await), (0, None));
    }
    assert_eq!(town.round_of(&done).await.state, State::Done);
    town.night(15).await;
    let late = town.round_of(&longer).await;
    assert_eq!(at(&late), (2, Some(Rung::Department)));
    // the town gives no more time to what has gone past it, and may ask for it sooner
    let refusal = "rectification.escalated_past";
    refused(town.extended(late.asset_id, late.version, 5).await, refusal);
    let read = Finding { asset: late.asset_id, rule: RULE, version: late.version };
    let rural = town.as_role(Role::RuralOfficer).await;
    escalate(&town.ledger, &rural, &[read], "请领导协调").await.expect("by hand, before its day");
    assert_eq!(town.night(5).await.raised, 0);
    assert_eq!(town.waits_for(Role::Leader).await, 1);
    town.agrees().await;
}

async fn a_county_sets_the_days(town: &Town) {
    let round = town.charged().await;
    for (key, days) in [(Key::EscalateTownDays, "0"), (Key::EscalateDepartmentDays, "3")] {
        let proposal = Proposal {
            key,
            area: code(COUNTY),
            value: days.to_owned(),
            basis_title: "县整改督办办法".to_owned(),
            basis_no: None,
            from_on: town.today(),
        };
        app::setting::set(&town.ledger, &Actor::operator(), &proposal).await.expect("set");
    }
    assert_eq!(town.night(32).await.raised, 0);
    assert_eq!(town.night(1).await.raised, 1);
    assert_eq!(at(&town.round_of(&round).await), (1, Some(Rung::Department)));
    let narrowed = Narrowed { waiting: Some(Waiting::At(Rung::Town)), ..Narrowed::default() };
    let extent = Extent { area: code(COUNTY), class: None, with_gone: false, with_waived: false };
    let operator = Actor::operator();
    let read = town.ledger.read(&operator);
    let none = read.findings_counted(&narrowed, &extent).await.expect("counted");
    assert!(none.is_empty());
}
