//! Z02, Z03, Z04: what a stock-take says against the ledger, what is not in the books, what may be there
//! twice.

use entity::{
    discrepancy::{Kind as Against, State as Stage},
    id::{AssetId, DiscrepancyId, StockTakeId},
    title::Tier,
};

use super::*;
use crate::domain::discrepancy;

/// What was found on a day, as it stands.
fn open(facts: &Facts, kind: Against, days: u64) -> entity::discrepancy::Model {
    let other = asset::Model { id: AssetId(0), ..facts.asset.clone() };
    let row = discrepancy::duplicate(&facts.asset, &other, days_ago(days));
    let take = (kind != Against::Duplicate).then_some(StockTakeId(1));
    entity::discrepancy::Model {
        id: DiscrepancyId(1),
        kind,
        stock_take_id: take,
        other_id: row.other_id.filter(|_| take.is_none()),
        ..row
    }
}

#[test]
fn z02_differs() {
    let rule = Rule::Differs;
    let sound = Facts::sound();
    for kind in [Against::Missing, Against::Changed] {
        let row = open(&sound, kind, 3);
        let seen = (kind == Against::Changed).then_some(UseState::Idle);
        let row = entity::discrepancy::Model { seen_state: seen, ..row };
        let differs = sound.but(|facts| facts.discrepancies.push(row.clone()));
        differs.found(rule, days_ago(3));
        for state in [Stage::Settled, Stage::Cleared] {
            differs.but(|facts| facts.discrepancies[0].state = state).clear(rule);
        }
    }
    // the one that has stood the longest
    let twice = sound.but(|facts| {
        facts.discrepancies.push(open(facts, Against::Missing, 3));
        facts.discrepancies.push(open(facts, Against::Missing, 4));
    });
    twice.found(rule, days_ago(4));
}

#[test]
fn z03_unbooked() {
    let rule = Rule::Unbooked;
    let of_village = |days| {
        Facts::sound().but(|facts| {
            let title = facts.title.as_mut().expect("a title");
            (title.tier, title.confirmed_on) = (Some(Tier::Village), Some(days_ago(days)));
        })
    };
    let unbooked = of_village(180);
    unbooked.found(rule, days_ago(180));
    of_village(179).clear(rule);
    unbooked.but(|facts| facts.asset.booked_on = Some(today())).clear(rule);
    unbooked.but(|facts| facts.asset.class = Class::Household).clear(rule);
    let with = |change: fn(&mut title::Model)| {
        unbooked.but(|facts| change(facts.title.as_mut().expect("a title")))
    };
    with(|title| title.tier = Some(Tier::Group)).found(rule, days_ago(180));
    with(|title| title.tier = Some(Tier::County)).clear(rule);
    with(|title| title.tier = None).clear(rule);
    with(|title| title.state = title::State::Disputed).clear(rule);
}

#[test]
fn z04_duplicate() {
    let rule = Rule::Duplicate;
    let sound = Facts::sound();
    let twice = sound.but(|facts| facts.discrepancies.push(open(facts, Against::Duplicate, 7)));
    twice.found(rule, days_ago(7));
    twice.but(|facts| facts.discrepancies[0].state = Stage::Settled).clear(rule);
    twice.but(|facts| facts.discrepancies[0].state = Stage::Cleared).clear(rule);
    twice.but(|facts| facts.asset.class = Class::Household).clear(rule);
    twice.clear(Rule::Differs);
}

#[test]
fn the_evidence_tells_what_was_seen() {
    let sound = Facts::sound();
    let differs = sound.but(|facts| facts.discrepancies.push(open(facts, Against::Missing, 3)));
    let told = evidence::of(Rule::Differs, &differs.facts(), today());
    assert!(told.iter().any(|(label, _)| label.zh == "差异"));
    assert!(told.iter().all(|(label, _)| label.zh != "核实说明"));
    assert!(
        !evidence::of(Rule::Duplicate, &differs.facts(), today())
            .iter()
            .any(|(label, _)| label.zh == "差异")
    );
}
