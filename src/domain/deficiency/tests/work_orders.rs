//! G07: what was found to be bad is not mended by its day.

use entity::{inspection, work_order::State};

use super::*;
use crate::domain::{
    setting::LocalRules,
    work_order::{Defect, Terms, open},
};

/// Something that was to be mended some days ago.
fn due_ago(facts: &Facts, days: u64) -> work_order::Model {
    let terms = Terms::of(&LocalRules::default(), &facts.asset, today());
    let condition = inspection::Condition::Defect;
    let defect = Defect { item: None, condition, what: "护栏松动".into() };
    let row = open(&facts.asset, &[], &defect, (&terms, noon(days_ago(90)))).expect("opened");
    work_order::Model { due_on: Some(days_ago(days)), ..row }
}

#[test]
fn g07_damaged() {
    let rule = Rule::Damaged;
    Facts::sound().clear(rule);
    let late = Facts::sound().but(|facts| facts.work_orders.push(due_ago(facts, 1)));
    late.found(rule, today());
    late.but(|facts| facts.work_orders[0].due_on = Some(today())).clear(rule);
    late.but(|facts| facts.work_orders[0].due_on = None).clear(rule);
    for state in [State::Accepted, State::Dismissed] {
        late.but(|facts| facts.work_orders[0].state = state).clear(rule);
    }
    // what waits to be accepted is not mended yet
    late.but(|facts| facts.work_orders[0].state = State::Done).found(rule, today());
    // of several the one that has waited the longest
    late.but(|facts| facts.work_orders.push(due_ago(facts, 20))).found(rule, days_ago(19));
}
