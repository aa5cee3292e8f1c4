//! A plan from its proposal to its end.

use entity::asset::Class;

use super::*;
use crate::domain::asset as cards;

const CLERK: Option<AccountId> = Some(AccountId(1));
const OTHER: Option<AccountId> = Some(AccountId(2));

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn today() -> NaiveDate {
    day("2026-06-01")
}

fn workshop() -> asset::Model {
    let area = "520381100201".parse().expect("a code");
    asset::Model {
        use_state: Some(UseState::Idle),
        idle_since: Some(day("2025-03-01")),
        idle_reason: Some(IdleReason::Market),
        original_value: Some(Money::from_fen(10_000)),
        ..cards::blank(area, Class::Operating, "车间")
    }
}

fn plan() -> Plan {
    Plan {
        reason: IdleReason::Market,
        mode: Mode::Lease,
        batch: Batch::Revive,
        measures: " 公开招租 ".into(),
        target_on: day("2026-12-31"),
        organization: OrganizationId(1),
    }
}

fn proposed() -> Model {
    propose(&workshop(), &[], &plan(), (CLERK, today())).expect("proposed")
}

fn done() -> Model {
    let approved = approve(&proposed(), (OTHER, today())).expect("approved");
    report(&approved, ("已出租", UseState::Leased), (CLERK, today())).expect("reported")
}

fn code<T>(result: Result<T, Refusal>) -> &'static str {
    result.err().expect("a refusal").code
}

#[test]
fn a_plan_is_carried_through() {
    let row = proposed();
    assert_eq!((row.state, row.needed_since), (State::Proposed, day("2025-03-01")));
    assert_eq!((&*row.measures, row.value), ("公开招租", Money::from_fen(10_000)));
    assert_eq!(code(approve(&row, (CLERK, today()))), "revival.own");
    let done = done();
    assert_eq!(code(verify(&done, &workshop(), "合同1号", (CLERK, today()))), "revival.own_report");
    assert_eq!(code(verify(&done, &workshop(), " ", (OTHER, today()))), "revival.evidence_missing");
    let dearer = asset::Model { original_value: Some(Money::from_fen(12_000)), ..workshop() };
    let (closed, used) = verify(&done, &dearer, "合同1号", (OTHER, today())).expect("verified");
    assert_eq!((closed.state, closed.ended_on), (State::Closed, Some(today())));
    assert_eq!(closed.value, Money::from_fen(12_000), "what it costs when it is back in use");
    assert_eq!((used.use_state, used.idle_since), (Some(UseState::Leased), None));
    assert_eq!(used.idle_reason, None);
}

#[test]
fn only_what_needs_it_has_one_plan() {
    let asset = |change: fn(&mut asset::Model)| {
        let mut asset = workshop();
        change(&mut asset);
        asset
    };
    let of = |asset: &asset::Model| propose(asset, &[], &plan(), (CLERK, today()));
    of(&asset(|asset| asset.use_state = Some(UseState::LowYield))).expect("low yield");
    for state in [None, Some(UseState::InUse), Some(UseState::OutOfUse)] {
        let asset = asset::Model { use_state: state, ..workshop() };
        assert_eq!(code(of(&asset)), "revival.not_needed", "{state:?}");
    }
    let gone = asset(|asset| asset.state = asset::State::Replaced);
    assert_eq!(code(of(&gone)), "asset.not_held");
    let again =
        |row: &Model| propose(&workshop(), std::slice::from_ref(row), &plan(), (CLERK, today()));
    assert_eq!(code(again(&proposed())), "revival.there_already");
    let ended = end(&proposed(), "资产将处置", today()).expect("ended");
    again(&ended).expect("another");
}

#[test]
fn the_target_lies_ahead_and_not_too_far() {
    let on = |days: i64| {
        let target_on = today() + chrono::TimeDelta::days(days);
        propose(&workshop(), &[], &Plan { target_on, ..plan() }, (CLERK, today()))
    };
    assert_eq!(code(on(-1)), "day.passed");
    on(0).expect("today");
    on(limits::REVIVAL_DAYS).expect("at the limit");
    assert_eq!(code(on(limits::REVIVAL_DAYS + 1)), "revival.too_long");
    let said = |n: usize| {
        let plan = Plan { measures: "租".repeat(n), ..plan() };
        propose(&workshop(), &[], &plan, (CLERK, today()))
    };
    said(limits::REASON_LENGTH).expect("at the limit");
    for n in [0, limits::REASON_LENGTH + 1] {
        assert!(said(n).is_err(), "{n}");
    }
}

#[test]
fn another_plan_is_approved_anew() {
    let approved = approve(&proposed(), (OTHER, today())).expect("approved");
    assert_eq!(code(amend(&approved, &plan(), (OTHER, today()))), "row.nothing_changed");
    let later = Plan { target_on: day("2027-01-31"), ..plan() };
    let amended = amend(&approved, &later, (OTHER, today())).expect("amended");
    assert_eq!((amended.state, amended.approved_by), (State::Proposed, None));
    assert_eq!(code(approve(&amended, (OTHER, today()))), "revival.own", "they amended it");
    approve(&amended, (CLERK, today())).expect("approved");
    assert_eq!(code(amend(&done(), &later, (OTHER, today()))), "revival.in_state");
}

#[test]
fn what_is_not_so_goes_back_and_what_is_given_up_ends() {
    let back = send_back(&done(), "门还锁着", OTHER).expect("sent back");
    assert_eq!((back.state, back.n_returned), (State::Approved, 1));
    assert_eq!(code(send_back(&done(), "门还锁着", CLERK)), "revival.own_report");
    assert_eq!(code(send_back(&done(), "", OTHER)), "action.reason_missing");
    let ended = end(&back, "资产将处置", today()).expect("ended");
    assert_eq!((ended.state, ended.ended_on), (State::Ended, Some(today())));
    assert_eq!(code(end(&ended, "再一次", today())), "revival.in_state");
    assert_eq!(code(end(&back, " ", today())), "action.reason_missing");
    let approved = approve(&proposed(), (OTHER, today())).expect("approved");
    let idle = report(&approved, ("已出租", UseState::Idle), (CLERK, today()));
    assert_eq!(code(idle), "revival.outcome");
    assert_eq!(
        code(report(&proposed(), ("已出租", UseState::Leased), (CLERK, today()))),
        "revival.in_state"
    );
}

#[test]
fn a_plan_is_late_from_the_day_after_its_target() {
    let row = proposed();
    assert!(!is_overdue(&row, row.target_on));
    let after = row.target_on.succ_opt().expect("a day");
    assert!(is_overdue(&row, after));
    let ended = end(&row, "资产将处置", today()).expect("ended");
    assert!(!is_overdue(&ended, after));
}
