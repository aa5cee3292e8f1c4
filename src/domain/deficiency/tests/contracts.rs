//! H01, H02, H03: let without a contract, after one, or for too long.

use entity::{contract::Kind as Way, id::ContractId};

use super::*;
use crate::domain::contract;

/// An asset that is let, with a contract from so many days ago until so many days ahead.
fn let_out(from: u64, until: i64) -> Facts {
    Facts::sound().but(|facts| {
        facts.asset.use_state = Some(UseState::Leased);
        let last_on = today() + chrono::TimeDelta::days(until);
        facts.contracts.push(entity::contract::Model {
            id: ContractId(1),
            contract_no: "租-1".to_owned(),
            starts_on: days_ago(from),
            ends_on: last_on,
            last_on,
            ..contract::blank(&facts.asset, today())
        });
    })
}

#[test]
fn h01_no_contract() {
    let rule = Rule::NoContract;
    let none = Facts::sound().but(|facts| facts.asset.use_state = Some(UseState::Leased));
    none.found(rule, today());
    none.but(|facts| facts.asset.use_state = Some(UseState::InUse)).clear(rule);
    none.but(|facts| facts.asset.class = Class::Household).clear(rule);
    let_out(0, 0).clear(rule);
    // one that begins tomorrow does not run yet
    let ahead =
        let_out(0, 9).but(|facts| facts.contracts[0].starts_on = days_ago(0) + Days::new(1));
    ahead.found(rule, today());
    // one that ended is another matter
    let_out(9, -1).clear(rule);
}

#[test]
fn h02_contract_ended() {
    let rule = Rule::ContractEnded;
    let ended = let_out(30, -3);
    ended.found(rule, days_ago(2));
    ended.but(|facts| facts.asset.use_state = Some(UseState::InUse)).clear(rule);
    let_out(30, 0).clear(rule);
    let followed = ended.but(|facts| {
        let next =
            entity::contract::Model { id: ContractId(2), ..let_out(1, 9).contracts[0].clone() };
        facts.contracts.push(next);
    });
    followed.clear(rule);
    // the one that ended last
    let twice = ended.but(|facts| {
        let next =
            entity::contract::Model { id: ContractId(2), ..let_out(9, -1).contracts[0].clone() };
        facts.contracts.push(next);
    });
    twice.found(rule, today());
}

#[test]
fn h03_term_too_long() {
    let rule = Rule::TermTooLong;
    let years = |facts: &mut Facts, last_on: &str| {
        facts.contracts[0].starts_on = day("2020-03-01");
        facts.contracts[0].last_on = day(last_on);
    };
    let long = let_out(0, 0).but(|facts| years(facts, "2040-03-01"));
    long.found(rule, day("2020-03-01"));
    long.but(|facts| years(facts, "2040-02-29")).clear(rule);
    // money that was put in is no lease
    long.but(|facts| facts.contracts[0].kind = Way::Equity).clear(rule);
    // what does not run any more is not too long
    long.but(|facts| facts.contracts[0].starts_on = days_ago(0) + Days::new(1)).clear(rule);
    let thresholds = Thresholds { contract_years: 21, ..Thresholds::default() };
    assert_eq!(explain(rule, &long.facts(), &thresholds, today()), None);
}
