//! G04: money for upkeep that budgets set aside.

use entity::{asset::Subclass, id::BudgetId, upkeep_fund};

use super::*;
use crate::domain::{budget as budgets, field::Value, upkeep_fund as funds};

#[test]
fn g04_is_cleared_by_a_budget_of_the_year() {
    let rule = Rule::Unfunded;
    let unfunded = Facts::sound().but(|facts| {
        facts.duties[0].annual_budget = None;
        facts.asset.subclass = Some(Subclass::Road);
    });
    unfunded.found(rule, today());
    let area = unfunded.asset.area_code;
    let set = |year, asset, subclass| {
        let fund = upkeep_fund::Model { received: Money::MAX, ..funds::blank(area, 2020) };
        let target = budgets::Target { area, asset, subclass };
        let set = budgets::set(&fund, target, (year, Money::from_fen(1)), &[]);
        Arc::new(set.expect("a budget").1)
    };
    let with =
        |budgets: &[Arc<budget::Model>]| unfunded.but(|facts| facts.budgets = budgets.to_vec());
    // the one change: something is set aside for this year, for it or for its place
    let own = Some(unfunded.asset.id);
    for (asset, subclass) in [(own, None), (None, None), (None, Some(Subclass::Road))] {
        with(&[set(2026, asset, subclass)]).clear(rule);
        with(&[set(2027, asset, subclass)]).found(rule, today());
    }
    with(&[set(2026, None, Some(Subclass::Health))]).found(rule, today());
    with(&[set(2026, Some(AssetId(77)), None)]).found(rule, today());
    let emptied = budget::Model { set_aside: Money::ZERO, ..(*set(2026, own, None)).clone() };
    with(&[Arc::new(emptied)]).found(rule, today());
    // what ran out with its year has been missing since the next began
    let long = with(&[set(2025, own, None)]).but(|facts| {
        facts.duties[0].from_on = Some(days_ago(2_000));
    });
    long.found(rule, day("2026-01-01"));
    // the evidence names its own before that of its place
    let numbered = |id, row: Arc<budget::Model>| {
        Arc::new(budget::Model { id: BudgetId(id), ..(*row).clone() })
    };
    let both = with(&[numbered(1, set(2026, None, None)), numbered(2, set(2026, own, None))]);
    let told = evidence::of(rule, &both.facts(), today());
    assert!(told.iter().any(|(_, value)| *value == Value::Integer(2)));
}
