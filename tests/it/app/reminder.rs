//! Reminders: told to whom they concern, once, read and forgotten; whoever writes meanwhile hides
//! nothing.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::{
    account::Role,
    asset,
    finding::Rule,
    id::BudgetId,
    inspection::Condition,
    reminder::{self as rows, Kind},
    work_order,
};
use taizhang::{
    app::{
        self,
        rectification::Finding,
        reminder::{Due, Reminders, list, mark_read, n_unread},
        task,
        welfare_post::approve_month,
        work_order as acts,
    },
    domain::{
        duty::Terms,
        overspend::Verdict as Decision,
        rectification::{Bearer, Charge, Verdict},
        title::Party,
        work_order::Outcome,
    },
    limits,
    store::{
        Actor,
        verify::{Progress, VerifyOptions},
    },
};

use crate::harness::{
    Town,
    expect::forbidden,
    inspections::{found, good},
    money::for_asset,
    posts,
    town::{COUNTY, VILLAGE_A1, VILLAGE_B1, yuan},
};

on_both!(
    whoever_is_asked_and_sent_back_is_told,
    what_is_repaired_is_told_step_by_step,
    months_overspends_and_reports_are_told,
    what_is_read_stays_read,
    what_time_brings_is_new_once,
    whoever_is_elsewhere_is_told_nothing,
    racers_hide_nothing_from_whoever_reads,
    what_is_old_is_forgotten,
    more_than_are_counted_are_more,
    every_page_tells_whole_entries,
    many_of_a_kind_are_one,
    what_waits_has_its_queue,
);

async fn told(town: &Town, actor: &Actor) -> Reminders {
    list(&town.ledger, actor, None, 50).await.expect("reminders")
}

async fn kinds(town: &Town, role: Role) -> Vec<Kind> {
    let actor = town.as_role(role).await;
    told(town, &actor).await.told.iter().map(|one| one.row.kind).collect()
}

async fn unread(town: &Town, actor: &Actor) -> u64 {
    let local = town.ledger.read(actor).local_rules([actor.area()]).await.expect("rules");
    n_unread(&town.ledger, actor, &local).await.expect("a number")
}

/// Has everything that an account is told of marked as read.
async fn read_all(town: &Town, actor: &Actor) {
    let upto = told(town, actor).await.upto;
    mark_read(&town.ledger, actor, upto).await.expect("read");
}

async fn charge(town: &Town, asset: &asset::Model, days: i64) -> entity::rectification::Model {
    let officer = town.as_role(Role::VillageOfficer).await.account().expect("an account");
    let clerk = town.as_role(Role::TownshipClerk).await;
    let due_on = town.days_ahead(days);
    let charge = Charge { bearer: Bearer::Account(officer), due_on, note: None };
    let finding = Finding { asset: asset.id, rule: Rule::NoMaintainer, version: 0 };
    let asked = app::rectification::assign(&town.ledger, &clerk, &[finding], &charge).await;
    asked.expect("asked").remove(0)
}

async fn whoever_is_asked_and_sent_back_is_told(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let (officer, clerk) =
        (town.as_role(Role::VillageOfficer).await, town.as_role(Role::TownshipClerk).await);
    assert_eq!((unread(town, &officer).await, unread(town, &clerk).await), (0, 0));
    let round = charge(town, &asset, 30).await;
    let told_officer = told(town, &officer).await;
    let one = &told_officer.told[0];
    assert_eq!((one.row.kind, one.row.n, one.is_new), (Kind::Assigned, 1, true));
    assert_eq!((one.row.subject_id, one.row.rule), (round.id.0, Some(Rule::NoMaintainer)));
    assert_eq!(one.asset.as_ref().map(|asset| &asset.code), Some(&asset.code));
    assert_eq!((unread(town, &officer).await, unread(town, &clerk).await), (1, 0));
    let done = app::rectification::report(&town.ledger, &officer, round.id, "已签协议").await;
    done.expect("reported");
    let back = app::rectification::check(&town.ledger, &clerk, round.id, Verdict::Returned("缺章"));
    back.await.expect("sent back");
    app::rectification::report(&town.ledger, &officer, round.id, "补章").await.expect("reported");
    let closed = app::rectification::check(&town.ledger, &clerk, round.id, Verdict::Accepted).await;
    closed.expect("checked");
    let expected = [Kind::Checked, Kind::Returned, Kind::Assigned];
    assert_eq!(kinds(town, Role::VillageOfficer).await, expected);
    // what is kept is the entry's place and codes; nothing that was typed
    let all = town.rows::<rows::Entity>().await;
    assert!(all.iter().all(|row| row.county.as_str() == &COUNTY[..6]));
    assert!(!format!("{all:?}").contains("缺章"));
    let options = VerifyOptions { rows: true, ..VerifyOptions::default() };
    let verified = town.ledger.verify(&options, &|_: Progress| ()).await.expect("verified");
    assert_eq!(verified.faults().count(), 0);
}

/// A work order of an asset, as an inspection opens it.
async fn order(town: &Town, asset: &asset::Model) -> work_order::Model {
    let seen = good(asset, 1, town.ledger.clock().now());
    let made = found(seen, 3, Condition::Defect, "立柱松动");
    let inspector = town.as_role(Role::Inspector).await;
    app::inspection::record(&town.ledger, &inspector, asset.id, &made).await.expect("a record");
    let mut all = town.rows::<work_order::Entity>().await;
    all.retain(|row| row.asset_id == asset.id);
    all.remove(0)
}

async fn what_is_repaired_is_told_step_by_step(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let row = order(town, &asset).await;
    let ledger = &town.ledger;
    let (village, clerk) =
        (town.as_role(Role::VillageOfficer).await, town.as_role(Role::TownshipClerk).await);
    assert_eq!(kinds(town, Role::VillageOfficer).await, [Kind::OrderOpened]);
    assert_eq!(kinds(town, Role::TownshipClerk).await, [Kind::OrderOpened]);
    // who opened it, and who has nothing to do with it, is told nothing
    assert_eq!(kinds(town, Role::Inspector).await, []);
    assert_eq!(kinds(town, Role::Leader).await, []);
    let said = (work_order::Kind::Repair, yuan("2000.01"));
    acts::estimate(ledger, &village, row.id, said).await.expect("estimated");
    acts::approve(ledger, &clerk, row.id, None).await.expect("approved");
    let firm = Party::Organization(town.collective(VILLAGE_A1).await);
    acts::dispatch(ledger, &village, row.id, (firm, town.days_ahead(5))).await.expect("sent");
    acts::begin(ledger, &village, row.id).await.expect("begun");
    let outcome =
        Outcome {
            what: "更换立柱".into(), cost: yuan("1990.00"), voucher_no: Some("1".into())
        };
    acts::report(ledger, &village, row.id, &outcome).await.expect("reported");
    acts::send_back(ledger, &clerk, row.id, "还在晃").await.expect("sent back");
    acts::report(ledger, &village, row.id, &outcome).await.expect("reported");
    let origin = taizhang::domain::work_order::Origin::default();
    acts::accept(ledger, &clerk, row.id, &origin).await.expect("accepted");
    assert_eq!(
        kinds(town, Role::VillageOfficer).await,
        [Kind::OrderAccepted, Kind::OrderReturned, Kind::OrderApproved, Kind::OrderOpened]
    );
    assert_eq!(
        kinds(town, Role::TownshipClerk).await,
        [Kind::OrderDone, Kind::OrderDone, Kind::OrderOpened]
    );
}

async fn months_overspends_and_reports_are_told(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    town.report(&asset, ("栏杆断了", "")).await;
    assert_eq!(kinds(town, Role::VillageOfficer).await, [Kind::FaultReported]);
    let (_, month) = posts::held(town, &asset, "保洁").await;
    assert_eq!(kinds(town, Role::TownshipClerk).await, [Kind::MonthRecorded, Kind::FaultReported]);
    let clerk = town.as_role(Role::TownshipClerk).await;
    approve_month(&town.ledger, &clerk, month).await.expect("approved");
    // it was recorded at the machine, which is told nothing
    assert_eq!(kinds(town, Role::TownshipClerk).await.len(), 2);
    let fund = town.fund(COUNTY, "1000.00").await;
    let budget = town.set_aside(&for_asset(fund.id, asset.id, "10.00")).await;
    let ask = async |id: BudgetId| {
        let asked = app::overspend::ask(&town.ledger, &clerk, id, yuan("5.00"), "汛期抢修").await;
        asked.expect("asked")
    };
    let asked = ask(budget.id).await;
    for role in [Role::FinanceApprover, Role::FinanceClerk] {
        assert_eq!(kinds(town, role).await, [Kind::OverspendAsked]);
    }
    let approver = town.as_role(Role::FinanceApprover).await;
    let no = Decision::Declined("先用结余");
    app::overspend::decide(&town.ledger, &approver, asked.id, no).await.expect("decided");
    let asked = ask(budget.id).await;
    let yes = Decision::Approved("赤财〔2026〕9号");
    app::overspend::decide(&town.ledger, &approver, asked.id, yes).await.expect("decided");
    let clerks = kinds(town, Role::TownshipClerk).await;
    assert_eq!(clerks[..2], [Kind::OverspendApproved, Kind::OverspendDeclined]);
}

async fn what_is_read_stays_read(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let officer = town.as_role(Role::VillageOfficer).await;
    town.report(&asset, ("一", "")).await;
    let seen = told(town, &officer).await.upto;
    town.report(&asset, ("二", "")).await;
    assert_eq!(unread(town, &officer).await, 2);
    // what came after the page was shown is not read by it
    mark_read(&town.ledger, &officer, seen).await.expect("read");
    assert_eq!(unread(town, &officer).await, 1);
    let news: Vec<bool> = told(town, &officer).await.told.iter().map(|one| one.is_new).collect();
    assert_eq!(news, [true, false]);
    read_all(town, &officer).await;
    assert_eq!(unread(town, &officer).await, 0);
    // an earlier page that is sent late takes nothing back, and nobody reads what is not there yet
    mark_read(&town.ledger, &officer, seen).await.expect("read");
    mark_read(&town.ledger, &officer, i64::MIN).await.expect("read");
    assert_eq!(unread(town, &officer).await, 0);
    mark_read(&town.ledger, &officer, i64::MAX).await.expect("read");
    town.report(&asset, ("三", "")).await;
    assert_eq!(unread(town, &officer).await, 1);
    // reading is nobody's action
    assert_eq!(town.last_entry(COUNTY).await["action"], "fault_report.file");
    forbidden(mark_read(&town.ledger, &Actor::operator(), 1).await);
    // another account at the same place reads for itself
    let clerk = town.as_role(Role::TownshipClerk).await;
    assert_eq!(unread(town, &clerk).await, 3);
}

async fn what_time_brings_is_new_once(town: &Town) {
    let soon = i64::try_from(limits::SOON_DAYS).expect("days");
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    charge(town, &asset, soon + 1).await;
    let officer = town.as_role(Role::VillageOfficer).await;
    read_all(town, &officer).await;
    let falling = async || -> Vec<(Due, u64, u64)> {
        let all = told(town, &officer).await.falling.into_iter();
        all.map(|one| (one.due, one.n, one.n_new)).collect()
    };
    assert_eq!((falling().await, unread(town, &officer).await), (vec![], 0));
    town.clock.advance(1);
    // the day on which it is due soon
    assert_eq!(falling().await, [(Due::MendingSoon, 1, 1)]);
    assert_eq!(unread(town, &officer).await, 1);
    read_all(town, &officer).await;
    assert_eq!(unread(town, &officer).await, 0);
    for _ in 0..soon {
        town.clock.advance(1);
        // on the last day still soon, and not new
        assert_eq!(
            (falling().await, unread(town, &officer).await),
            (vec![(Due::MendingSoon, 1, 0)], 0)
        );
    }
    town.clock.advance(1);
    assert_eq!(falling().await, [(Due::MendingLate, 1, 1)]);
    assert_eq!(unread(town, &officer).await, 1);
    read_all(town, &officer).await;
    town.clock.advance(1);
    assert_eq!(falling().await, [(Due::MendingLate, 1, 0)]);
    // a duty that ends soon, by the days of the local rule
    let operator = Actor::operator();
    let firm =
        (entity::duty::Kind::Maintainer, Party::Organization(town.collective(VILLAGE_A1).await));
    let terms = Terms { until_on: Some(town.days_ahead(61)), ..Terms::default() };
    app::duty::assign(&town.ledger, &operator, &[asset.id], firm, &terms).await.expect("a duty");
    let clerk = town.as_role(Role::TownshipClerk).await;
    read_all(town, &clerk).await;
    assert_eq!(unread(town, &clerk).await, 0);
    town.clock.advance(1);
    assert_eq!(unread(town, &clerk).await, 1);
    let due: Vec<Due> = told(town, &clerk).await.falling.iter().map(|one| one.due).collect();
    assert_eq!(due, [Due::Duties]);
}

async fn whoever_is_elsewhere_is_told_nothing(town: &Town) {
    let asset = town.asset(VILLAGE_B1, "桥", "10.00").await;
    town.report(&asset, ("断了", "")).await;
    for actor in [
        town.as_role(Role::TownshipClerk).await,
        town.as_role(Role::VillageOfficer).await,
        town.as_other(Role::TownshipClerk).await,
        town.as_other(Role::VillageOfficer).await,
    ] {
        assert!(told(town, &actor).await.told.is_empty(), "{}", actor.name());
        assert_eq!(unread(town, &actor).await, 0);
    }
    assert_eq!(unread(town, &town.clerk_b().await).await, 1);
}

async fn racers_hide_nothing_from_whoever_reads(town: &Town) {
    let asset = Arc::new(town.asset(VILLAGE_A1, "桥", "10.00").await);
    let officer = town.as_role(Role::VillageOfficer).await;
    let there = town.passer_by(&asset).await;
    let mut racers = tokio::task::JoinSet::new();
    for n in 0..8 {
        let (ledger, there, id) = (town.ledger.clone(), there.clone(), asset.id);
        racers.spawn(async move {
            let filing = crate::harness::reports::filing(
                900 + n,
                entity::fault_report::Kind::Broken,
                &format!("第{n}处"),
                "",
            );
            app::fault_report::file(&ledger, &there, (id, &filing), None).await.expect("filed");
        });
    }
    // whoever reads meanwhile marks what was shown, and has then seen everything once
    let mut seen = 0;
    while seen < 8 {
        let page = told(town, &officer).await;
        seen += page.told.iter().filter(|one| one.is_new).count();
        mark_read(&town.ledger, &officer, page.upto).await.expect("read");
        tokio::task::yield_now().await;
    }
    racers.join_all().await;
    assert_eq!((seen, unread(town, &officer).await), (8, 0));
}

async fn what_is_old_is_forgotten(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    town.report(&asset, ("断了", "")).await;
    let officer = town.as_role(Role::VillageOfficer).await;
    let at = town.ledger.clock().now() + TimeDelta::days(limits::REMINDER_DAYS);
    let just = town.ledger.at(at - TimeDelta::seconds(1));
    just.forget_reminders().await.expect("nothing forgotten");
    assert_eq!(list(&just, &officer, None, 50).await.expect("reminders").told.len(), 1);
    let late = town.ledger.at(at);
    // it is told no more even before it is forgotten
    assert_eq!(list(&late, &officer, None, 50).await.expect("reminders").told.len(), 0);
    assert!(!town.rows::<rows::Entity>().await.is_empty());
    late.forget_reminders().await.expect("forgotten");
    assert!(town.rows::<rows::Entity>().await.is_empty());
}

/// Reports as many faults as a number says.
async fn report_many(town: &Town, asset: &asset::Model, n: u64) {
    for _ in 0..n {
        let n = town.next_number();
        town.report(asset, (&format!("第{n}处"), "")).await;
    }
}

async fn more_than_are_counted_are_more(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let officer = town.as_role(Role::VillageOfficer).await;
    report_many(town, &asset, limits::REMINDERS_COUNTED).await;
    assert_eq!(unread(town, &officer).await, limits::REMINDERS_COUNTED);
    report_many(town, &asset, 2).await;
    assert_eq!(unread(town, &officer).await, limits::REMINDERS_COUNTED + 1);
}

async fn every_page_tells_whole_entries(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    report_many(town, &asset, 5).await;
    let officer = town.as_role(Role::VillageOfficer).await;
    let mut seqs = Vec::new();
    let mut before = None;
    loop {
        let page = list(&town.ledger, &officer, before, 2).await.expect("a page");
        seqs.extend(page.told.iter().map(|one| one.row.seq));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seqs.len(), 5);
    assert!(seqs.is_sorted_by(|one, next| one > next), "{seqs:?}");
}

async fn many_of_a_kind_are_one(town: &Town) {
    let mut assets = Vec::new();
    for n in 0..3 {
        assets.push(town.asset(VILLAGE_A1, &format!("桥{n}"), "10.00").await.id);
    }
    let firm =
        (entity::duty::Kind::Maintainer, Party::Organization(town.collective(VILLAGE_A1).await));
    let operator = Actor::operator();
    let terms = Terms::default();
    app::duty::assign(&town.ledger, &operator, &assets, firm, &terms).await.expect("duties");
    let officer = town.as_role(Role::VillageOfficer).await;
    let told = told(town, &officer).await.told;
    assert_eq!(
        told.iter().map(|one| (one.row.kind, one.row.n)).collect::<Vec<_>>(),
        [(Kind::DutyAssigned, 3)]
    );
}

async fn what_waits_has_its_queue(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let row = order(town, &asset).await;
    let ledger = &town.ledger;
    let rural = town.as_role(Role::RuralOfficer).await;
    let waits = async |role: Role, kind: task::Kind| {
        let actor = town.as_role(role).await;
        let figures = app::asset_total::figures(ledger, &actor, None).await.expect("figures");
        let local = ledger.read(&actor).local_rules([actor.area()]).await.expect("rules");
        let jobs = app::job::Jobs::new(ledger);
        let known = (&figures, &local);
        let all = task::counted(ledger, &actor, &jobs, known).await.expect("counted");
        let counted = all.iter().find(|(known, _)| *known == kind).map_or(0, |(_, n)| *n);
        let (listed, next) = task::queued(ledger, &actor, kind, None, 50).await.expect("a list");
        assert_eq!((listed.len() as u64, next), (counted, None), "{kind:?}");
        counted
    };
    // each level has what it approves, up to the fen
    for (amount, village, town_clerk, county) in
        [("2000.00", 1, 0, 0), ("2000.01", 0, 1, 0), ("20000.00", 0, 1, 0), ("20000.01", 0, 0, 1)]
    {
        let said = (work_order::Kind::Repair, yuan(amount));
        acts::estimate(ledger, &rural, row.id, said).await.expect("estimated");
        assert_eq!(waits(Role::VillageOfficer, task::Kind::Estimates).await, village, "{amount}");
        assert_eq!(waits(Role::TownshipClerk, task::Kind::Estimates).await, town_clerk, "{amount}");
        assert_eq!(waits(Role::FinanceApprover, task::Kind::Estimates).await, county, "{amount}");
        // nobody approves what they named
        assert_eq!(waits(Role::RuralOfficer, task::Kind::Estimates).await, 0);
    }
    let report = town.report(&asset, ("断了", "")).await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    assert_eq!(waits(Role::TownshipClerk, task::Kind::Answers).await, 0);
    app::fault_report::accept(ledger, &clerk, report.id).await.expect("taken up");
    assert_eq!(waits(Role::TownshipClerk, task::Kind::Answers).await, 1);
    let (_, month) = posts::held(town, &asset, "保洁").await;
    assert_eq!(waits(Role::TownshipClerk, task::Kind::Months).await, 1);
    approve_month(ledger, &clerk, month).await.expect("approved");
    assert_eq!(waits(Role::TownshipClerk, task::Kind::Months).await, 0);
}
