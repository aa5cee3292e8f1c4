//! X01, X02, X03: what lies idle or yields little, and what did so from the start; and the plan that the
//! evidence names.

use entity::{
    asset::{IdleReason, UseState},
    id::OrganizationId,
    revival::{Batch, Mode},
};

use super::*;
use crate::domain::{
    field::Value,
    revival::{Plan, end, propose},
};

#[test]
fn x01_idle() {
    let rule = Rule::Idle;
    let idle = Facts::sound().but(|facts| {
        facts.asset.use_state = Some(UseState::Idle);
        facts.asset.idle_since = Some(days_ago(180));
    });
    idle.found(rule, days_ago(180));
    idle.but(|facts| facts.asset.idle_since = Some(days_ago(179))).clear(rule);
    idle.but(|facts| facts.asset.use_state = Some(UseState::InUse)).clear(rule);
}

#[test]
fn x02_low_yield() {
    let rule = Rule::LowYield;
    let low = Facts::sound().but(|facts| {
        facts.asset.use_state = Some(UseState::LowYield);
        facts.asset.idle_since = Some(days_ago(365));
    });
    low.found(rule, days_ago(365));
    low.but(|facts| facts.asset.idle_since = Some(days_ago(364))).clear(rule);
    low.but(|facts| facts.asset.use_state = Some(UseState::Idle)).clear(rule);
    // where the first day is not recorded, since it is known to be there
    low.but(|facts| facts.asset.idle_since = None).clear(rule);
    let old = low.but(|facts| {
        facts.asset.idle_since = None;
        facts.asset.accepted_on = Some(days_ago(365));
    });
    old.found(rule, days_ago(365));
}

#[test]
fn x03_idle_at_once() {
    let rule = Rule::IdleAtOnce;
    let at_once = Facts::sound().but(|facts| {
        facts.asset.use_state = Some(UseState::Idle);
        facts.asset.accepted_on = Some(days_ago(91));
        facts.asset.idle_since = Some(days_ago(1));
    });
    at_once.found(rule, days_ago(1));
    at_once.but(|facts| facts.asset.accepted_on = Some(days_ago(92))).clear(rule);
    at_once.but(|facts| facts.asset.use_state = Some(UseState::LowYield)).clear(rule);
    at_once.but(|facts| facts.asset.idle_since = None).clear(rule);
    let unknown = at_once.but(|facts| facts.asset.accepted_on = None);
    unknown.clear(rule);
    unknown.but(|facts| facts.asset.completed_on = Some(days_ago(91))).found(rule, days_ago(1));
    unknown.but(|facts| facts.asset.acquired_on = Some(days_ago(91))).found(rule, days_ago(1));
}

#[test]
fn the_evidence_names_the_plan_that_runs_and_whether_it_is_late() {
    let idle = Facts::sound().but(|facts| {
        facts.asset.use_state = Some(UseState::Idle);
        facts.asset.idle_since = Some(days_ago(180));
    });
    let said = |facts: &Facts, on, what: &str| {
        let told = evidence::of(Rule::Idle, &facts.facts(), on);
        told.into_iter().find(|(label, _)| label.zh == what).map(|(_, value)| value)
    };
    let runs = "在办盘活方案";
    assert_eq!(said(&idle, today(), runs), Some(Value::Truth(false)));
    let plan = Plan {
        reason: IdleReason::Market,
        mode: Mode::Lease,
        batch: Batch::Revive,
        measures: "公开招租".into(),
        target_on: today(),
        organization: OrganizationId(1),
    };
    let row = propose(&idle.asset, &[], &plan, (None, today())).expect("proposed");
    let planned = idle.but(|facts| facts.revivals.push(row.clone()));
    assert_eq!(said(&planned, today(), runs), Some(Value::Integer(0)));
    assert_eq!(said(&planned, today(), "方案已逾期"), Some(Value::Truth(false)));
    let tomorrow = today().succ_opt().expect("a day");
    assert_eq!(said(&planned, tomorrow, "方案已逾期"), Some(Value::Truth(true)));
    let ended = end(&row, "资产将处置", today()).expect("ended");
    let none = idle.but(|facts| facts.revivals.push(ended));
    assert_eq!(said(&none, today(), runs), Some(Value::Truth(false)));
}
