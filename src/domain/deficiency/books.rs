//! The rules of what speaks against the ledger, and of what is in no books.

use chrono::NaiveDate;
use entity::{
    asset::UseState,
    discrepancy,
    finding::Rule,
    language::{Label, Sentence},
    title::{State, Tier},
};

use super::{
    AssetFacts, Found, Thresholds,
    rules::{found, overdue},
};
use crate::{clock::day_of, domain::discrepancy as discrepancies};

/// Z02: a signed stock-take did not find it, or saw it in another state, and that still stands.
pub(super) fn differs(facts: &AssetFacts<'_>, _: &Thresholds, _: NaiveDate) -> Option<Found> {
    let row = open_discrepancy(facts, Rule::Differs)?;
    let (since, seen) = (row.found_on, row.seen_state.map(UseState::label));
    let reason = match row.kind {
        discrepancy::Kind::Changed => {
            Label::new("盘点时状态不符", "found in another state by a stock-take")
        }
        _ => Label::new("盘点未找到", "not found by a stock-take"),
    };
    let sentence = match seen {
        Some(seen) => Sentence::new(
            format!("{since} 签认的盘点见到它“{}”，与账面不同", seen.zh),
            format!("the stock-take signed on {since} saw it “{}”, unlike the ledger", seen.en),
        ),
        None => Sentence::new(
            format!("{since} 签认的盘点没有找到它"),
            format!("the stock-take signed on {since} did not find it"),
        ),
    };
    Some(found(since, reason, sentence))
}

/// Z03: the village's by title, and not in its books in time.
pub(super) fn unbooked(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let title = facts.title.filter(|title| title.state == State::Confirmed)?;
    if !matches!(title.tier, Some(Tier::Village | Tier::Group)) || facts.asset.booked_on.is_some() {
        return None;
    }
    let since = title.confirmed_on.unwrap_or_else(|| day_of(title.updated_at));
    let reason = Label::new("确权到村，未入村账", "the village's, and not in its books");
    overdue(facts, today, thresholds.book_days, since, reason)
}

/// Z04: the same as an asset that was registered before.
pub(super) fn duplicate(facts: &AssetFacts<'_>, _: &Thresholds, _: NaiveDate) -> Option<Found> {
    let row = open_discrepancy(facts, Rule::Duplicate)?;
    let since = row.found_on;
    let reason = Label::new("疑似重复登记", "may be registered twice");
    let sentence = Sentence::new(
        format!("{since} 发现同村已有名称、类别、原值相同的资产先登记在册"),
        format!("found on {since}: the village has an asset of this name, class and value already"),
    );
    Some(found(since, reason, sentence))
}

/// The earliest of what speaks against the ledger, by what a rule goes by.
fn open_discrepancy<'a>(facts: &AssetFacts<'a>, rule: Rule) -> Option<&'a discrepancy::Model> {
    let open = facts.discrepancies.iter().filter(|row| discrepancies::is_of(row, rule));
    open.min_by_key(|row| (row.found_on, row.id))
}
