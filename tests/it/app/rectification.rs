//! Rectifications: somebody is asked, does it, somebody else checks it; and what clears is closed
//! out by the write that mends it.

use entity::{
    account::Role,
    duty,
    finding::{self, Rule},
    id::AssetId,
    rectification::{Closing, Model, Rung, State},
};
use taizhang::{
    app::{
        self,
        rectification::{Finding, assign, begin, check, escalate, report},
    },
    domain::{
        duty::Terms,
        rectification::{Bearer, Charge, Verdict},
        title::Party,
    },
    error::Result,
    limits,
    store::{
        Actor,
        verify::{Progress, VerifyOptions},
    },
};

use crate::harness::{
    Town,
    expect::{conflict, forbidden, not_found, refused},
    town::{COUNTY, TOWN_A, VILLAGE_A1, VILLAGE_B1},
};

on_both!(
    it_is_asked_done_and_checked_by_another,
    the_write_that_mends_it_closes_it_out,
    what_comes_back_is_another_round,
    whoever_checks_first_checks_alone,
    whoever_is_asked_must_be_able_to_act,
    several_are_asked_at_once_or_none,
    it_moves_with_its_asset,
    a_waived_finding_waits_for_nobody,
    what_time_clears_is_closed_out_at_night,
    accounts_are_offered_up_to_a_limit
);

const RULE: Rule = Rule::NoMaintainer;

fn of(asset: AssetId, version: i64) -> Finding {
    Finding { asset, rule: RULE, version }
}

impl Town {
    async fn charge(&self, account: &str) -> Charge {
        let bearer = self.account(account).await.account().expect("an account");
        Charge { bearer: Bearer::Account(bearer), due_on: self.days_ahead(30), note: None }
    }

    /// Asks somebody with an account about an asset that nobody maintains.
    async fn ask(&self, asset: AssetId, account: &str) -> Model {
        let charge = self.charge(account).await;
        let clerk = self.as_role(Role::TownshipClerk).await;
        let asked = assign(&self.ledger, &clerk, &[of(asset, 0)], &charge).await;
        asked.expect("asked").remove(0)
    }

    async fn maintain(&self, asset: AssetId) -> duty::Model {
        let body = Party::Organization(self.collective(VILLAGE_A1).await);
        let terms = Terms::default();
        let duty = (duty::Kind::Maintainer, body);
        let made =
            app::duty::assign(&self.ledger, &Actor::operator(), &[asset], duty, &terms).await;
        made.expect("a duty").remove(0)
    }

    /// The rows agree with the log, and the findings with the rows.
    async fn verified(&self) {
        let options = VerifyOptions { rows: true, ..VerifyOptions::default() };
        let told = self.ledger.verify(&options, &|_: Progress| ()).await.expect("verified");
        let faults: Vec<_> = told.faults().map(|fault| fault.sentence().en).collect();
        assert_eq!(faults, Vec::<String>::new());
    }

    async fn found(&self, asset: AssetId) -> finding::Model {
        self.finding(asset, RULE).await.expect("a finding")
    }
}

async fn it_is_asked_done_and_checked_by_another(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await.id;
    let round = town.ask(asset, "village-officer").await;
    assert_eq!((round.state, round.round, round.version), (State::Open, 1, 1));
    assert_eq!(town.last_entry(COUNTY).await["action"], "rectification.assign");
    let (officer, clerk) =
        (town.as_role(Role::VillageOfficer).await, town.as_role(Role::TownshipClerk).await);
    refused(begin(&town.ledger, &clerk, round.id).await, "rectification.of_another");
    conflict(begin(&town.ledger, &officer, (round.id, 7)).await);
    let round = begin(&town.ledger, &officer, (round.id, 1)).await.expect("begun");
    assert_eq!(town.found(asset).await.progress, Some(State::Underway));
    refused(report(&town.ledger, &officer, round.id, " ").await, "rectification.report_missing");
    let long = "办".repeat(limits::REASON_LENGTH + 1);
    refused(report(&town.ledger, &officer, round.id, &long).await, "action.reason_too_long");
    report(&town.ledger, &officer, round.id, &long[..3 * limits::REASON_LENGTH])
        .await
        .expect("reported");
    let found = town.found(asset).await;
    assert_eq!((found.progress, found.reporter), (Some(State::Done), officer.account()));
    forbidden(check(&town.ledger, &officer, round.id, Verdict::Accepted).await);
    let sent_back = check(&town.ledger, &clerk, round.id, Verdict::Returned("没有签协议")).await;
    assert_eq!(sent_back.expect("sent back").state, State::Underway);
    assert_eq!(town.found(asset).await.reporter, None);
    report(&town.ledger, &officer, round.id, "已签协议").await.expect("reported");
    let closed = check(&town.ledger, &clerk, round.id, Verdict::Accepted).await.expect("checked");
    assert_eq!((closed.state, closed.closing), (State::ClosedOut, Some(Closing::Checked)));
    assert_eq!((closed.closed_on, closed.cleared_on), (Some(town.today()), None));
    // the rules find it as long as the ledger says so
    let found = town.found(asset).await;
    assert_eq!((found.closed_on, found.progress), (None, Some(State::ClosedOut)));
    town.maintain(asset).await;
    let cleared = town.row::<entity::rectification::Entity>(round.id).await;
    assert_eq!((cleared.closing, cleared.cleared_on), (Some(Closing::Checked), Some(town.today())));
    town.verified().await;
}

async fn the_write_that_mends_it_closes_it_out(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await.id;
    let round = town.ask(asset, "village-officer").await;
    let entries = town.n_entries().await;
    town.maintain(asset).await;
    assert_eq!(town.n_entries().await, entries + 1, "one entry holds both");
    let entry = town.last_entry(COUNTY).await;
    assert_eq!(entry["action"], "duty.assign");
    let nouns: Vec<_> = entry["changes"].as_array().expect("changes").iter().collect();
    let nouns: Vec<_> = nouns.iter().filter_map(|change| change["noun"].as_str()).collect();
    assert_eq!(nouns, ["duty", "rectification"]);
    let closed = town.row::<entity::rectification::Entity>(round.id).await;
    assert_eq!((closed.state, closed.closing), (State::ClosedOut, Some(Closing::Cleared)));
    let found = town.found(asset).await;
    assert_eq!((found.closed_on, found.progress), (Some(town.today()), Some(State::ClosedOut)));
    let officer = town.as_role(Role::VillageOfficer).await;
    refused(begin(&town.ledger, &officer, round.id).await, "rectification.in_state");
    town.verified().await;
}

async fn what_comes_back_is_another_round(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await.id;
    let first = town.ask(asset, "village-officer").await;
    town.maintain(asset).await;
    let body = town.collective(VILLAGE_A1).await;
    let operator = Actor::operator();
    let ended = app::organization::end(&town.ledger, &operator, body, town.today()).await;
    ended.expect("ended");
    town.night(1).await;
    let found = town.found(asset).await;
    assert_eq!((found.closed_on, found.progress), (None, None), "it is back, and nobody was asked");
    let second = town.ask(asset, "village-officer").await;
    assert_eq!((second.round, second.state), (2, State::Open));
    assert_ne!(second.id, first.id);
    let first = town.row::<entity::rectification::Entity>(first.id).await;
    assert_eq!((first.round, first.closing), (1, Some(Closing::Cleared)));
    town.verified().await;
}

async fn whoever_checks_first_checks_alone(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await.id;
    let round = town.ask(asset, "village-officer").await;
    let officer = town.as_role(Role::VillageOfficer).await;
    let done = report(&town.ledger, &officer, round.id, "已办").await.expect("reported");
    let clerk = town.as_role(Role::TownshipClerk).await;
    let mut racers = tokio::task::JoinSet::new();
    for n in 0..16 {
        let (ledger, clerk, read) = (town.ledger.clone(), clerk.clone(), (done.id, done.version));
        racers.spawn(async move {
            let verdict = if n % 2 == 0 { Verdict::Accepted } else { Verdict::Returned("未办") };
            check(&ledger, &clerk, read, verdict).await
        });
    }
    let answers = racers.join_all().await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 15));
    lost.into_iter().for_each(conflict);
    let row = town.row::<entity::rectification::Entity>(round.id).await;
    assert_eq!(row.version, done.version + 1);
    town.verified().await;
}

async fn whoever_is_asked_must_be_able_to_act(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await.id;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let ask = async |account: &str| {
        let charge = town.charge(account).await;
        assign(&town.ledger, &clerk, &[of(asset, 0)], &charge).await
    };
    let before = town.everything().await;
    refused(ask("auditor").await, "rectification.bearer_cannot_act");
    refused(ask("leader").await, "rectification.bearer_cannot_act");
    not_found(ask("finance-clerk-2").await);
    not_found(ask("township-clerk-b").await);
    let other = town.as_other(Role::FinanceClerk).await;
    let charge = town.charge("finance-clerk").await;
    not_found(assign(&town.ledger, &other, &[of(asset, 0)], &charge).await);
    forbidden(
        assign(&town.ledger, &town.as_role(Role::VillageOfficer).await, &[of(asset, 0)], &charge)
            .await,
    );
    let body = Bearer::Organization(town.collective(VILLAGE_B1).await);
    let charge = Charge { bearer: body, ..charge };
    not_found(assign(&town.ledger, &clerk, &[of(asset, 0)], &charge).await);
    assert_eq!(town.everything().await, before, "what was refused leaves nothing");
    ask("finance-clerk").await.expect("somebody of the county");
    // one may ask anew, and read first what was asked
    conflict(ask("village-officer").await);
}

async fn several_are_asked_at_once_or_none(town: &Town) {
    let mut findings = Vec::new();
    for n in 0..3 {
        let asset = town.asset(VILLAGE_A1, &format!("桥{n}"), "10.00").await.id;
        findings.push(of(asset, 0));
    }
    let clerk = town.as_role(Role::TownshipClerk).await;
    let charge = town.charge("village-officer").await;
    let before = town.everything().await;
    let stale = [findings[0], findings[1], Finding { version: 4, ..findings[2] }];
    conflict(assign(&town.ledger, &clerk, &stale, &charge).await);
    let twice = [findings[0], findings[0]];
    refused(assign(&town.ledger, &clerk, &twice, &charge).await, "finding.twice");
    let many: Vec<Finding> =
        (1..).map(|n| of(AssetId(n), 0)).take(limits::ASSETS_PER_ACTION + 1).collect();
    refused(assign(&town.ledger, &clerk, &many, &charge).await, "action.too_many");
    not_found(assign(&town.ledger, &clerk, &many[..limits::ASSETS_PER_ACTION], &charge).await);
    assert_eq!(town.everything().await, before);
    let entries = town.n_entries().await;
    let asked = assign(&town.ledger, &clerk, &findings, &charge).await.expect("asked");
    assert_eq!((asked.len(), town.n_entries().await), (3, entries + 1));
    let read: Vec<Finding> = asked.iter().map(|round| of(round.asset_id, round.version)).collect();
    let officer = town.as_role(Role::VillageOfficer).await;
    let up = escalate(&town.ledger, &officer, &read, "没有钱").await.expect("escalated");
    assert!(
        up.iter().all(|round| (round.n_escalated, round.escalated_to) == (1, Some(Rung::Town)))
    );
    assert_eq!(town.found(findings[0].asset).await.escalated_to, Some(Rung::Town));
    town.verified().await;
}

async fn it_moves_with_its_asset(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let round = town.ask(asset.id, "village-officer").await;
    let there = crate::harness::town::code(VILLAGE_B1);
    let reason = "登记错了村";
    let change = |row| entity::asset::Model { area_code: there, ..row };
    let (operator, at) = (Actor::operator(), (asset.id, 1));
    let moved = app::asset::correct(&town.ledger, &operator, at, reason, change).await;
    moved.expect("moved");
    let row = town.row::<entity::rectification::Entity>(round.id).await;
    assert_eq!((row.area_code, row.state), (there, State::Open));
    let clerk = town.clerk_b().await;
    let asked = of(asset.id, row.version);
    escalate(&town.ledger, &clerk, &[asked], "换了村").await.expect("escalated by the other town");
    town.verified().await;
}

async fn a_waived_finding_waits_for_nobody(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await.id;
    let until = town.days_ahead(10);
    let operator = Actor::operator();
    app::waiver::grant(&town.ledger, &operator, asset, RULE, "在办", until).await.expect("waived");
    let charge = town.charge("village-officer").await;
    refused(assign(&town.ledger, &operator, &[of(asset, 0)], &charge).await, "finding.waived");
    refused(escalate(&town.ledger, &operator, &[of(asset, 0)], "催").await, "finding.waived");
}

async fn what_time_clears_is_closed_out_at_night(town: &Town) {
    let asset = town.asset(TOWN_A, "渠", "10.00").await.id;
    let body = Party::Organization(town.collective(VILLAGE_A1).await);
    let terms = Terms { from_on: Some(town.days_ahead(5)), ..Terms::default() };
    let (operator, duty) = (Actor::operator(), (duty::Kind::Maintainer, body));
    app::duty::assign(&town.ledger, &operator, &[asset], duty, &terms)
        .await
        .expect("a duty to come");
    let round = town.ask(asset, "township-clerk").await;
    town.night(5).await;
    let closed = town.row::<entity::rectification::Entity>(round.id).await;
    assert_eq!((closed.state, closed.closing), (State::ClosedOut, Some(Closing::Cleared)));
    town.verified().await;
}

async fn accounts_are_offered_up_to_a_limit(town: &Town) {
    let (operator, area) = (Actor::operator(), crate::harness::town::code(VILLAGE_A1));
    let clerk = town.as_role(Role::TownshipClerk).await;
    let offered = async || {
        let read = town.ledger.read(&clerk);
        read.accounts_over(area).await.expect("accounts").len()
    };
    let before = offered().await;
    let most = usize::try_from(limits::ACCOUNTS_OFFERED).expect("a small number");
    for n in before..most {
        let name = format!("more-{n}");
        let role = Role::VillageOfficer;
        app::account::add(&town.ledger, &operator, &name, role, area).await.expect("an account");
    }
    assert_eq!(offered().await, most);
    let role = Role::VillageOfficer;
    app::account::add(&town.ledger, &operator, "one-more", role, area).await.expect("an account");
    assert_eq!(offered().await, most);
    let officer = town.as_role(Role::VillageOfficer).await;
    forbidden(town.ledger.read(&officer).accounts_over(area).await);
}
