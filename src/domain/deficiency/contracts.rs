//! The rules of contracts: what is let without one, what is let although it ended, and what is let for
//! too long.

use chrono::{Months, NaiveDate};
use entity::{
    asset::UseState,
    contract,
    language::{Label, Sentence},
};

use super::{AssetFacts, Found, Thresholds, exists_since, rules::found};

/// The contracts of an asset that is recorded as leased, of which none runs today; none where one does.
fn unheld<'a>(facts: &AssetFacts<'a>, today: NaiveDate) -> Option<&'a [contract::Model]> {
    let is_let = facts.asset.use_state == Some(UseState::Leased);
    let is_held = facts.contracts.iter().any(|contract| contract.runs_on(today));
    (is_let && !is_held).then_some(facts.contracts)
}

/// The contract that has ended last, where one has.
fn ended_last(contracts: &[contract::Model], today: NaiveDate) -> Option<&contract::Model> {
    let ended = contracts.iter().filter(|contract| contract.last_on < today);
    ended.max_by_key(|contract| (contract.last_on, contract.id))
}

/// H01: let, and no contract has ever begun.
pub(super) fn no_contract(
    facts: &AssetFacts<'_>,
    _: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let contracts = unheld(facts, today)?;
    if ended_last(contracts, today).is_some() {
        return None;
    }
    let reason = Label::new("出租没有合同", "let without a contract");
    let sentence = Sentence::new(
        "使用状态为“出租”，没有登记在履行的合同",
        "recorded as leased, and no contract runs",
    );
    Some(found(exists_since(facts.asset), reason, sentence))
}

/// H02: let, although the last contract ended and none follows.
pub(super) fn contract_ended(
    facts: &AssetFacts<'_>,
    _: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let last = ended_last(unheld(facts, today)?, today)?;
    let reason = Label::new("合同到期未续", "the contract ended, and none follows");
    let (number, last_on) = (&last.contract_no, last.last_on);
    let sentence = Sentence::new(
        format!("合同 {number} 已于 {last_on} 到期或终止，仍在出租，没有续签"),
        format!("contract {number} ended on {last_on}; the asset is still let, and none follows"),
    );
    Some(found(last_on.succ_opt()?, reason, sentence))
}

/// H03: let for longer than the law has it (民法典 art. 705).
pub(super) fn term_too_long(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let years = thresholds.contract_years;
    let months = Months::new(u32::try_from(years.saturating_mul(12)).ok()?);
    let is_long = |contract: &&contract::Model| {
        let allowed = contract.starts_on.checked_add_months(months);
        contract.kind.has_rent() && allowed.is_some_and(|end| end <= contract.last_on)
    };
    let running = facts.contracts.iter().filter(|contract| contract.runs_on(today));
    let contract = running.filter(is_long).min_by_key(|one| (one.starts_on, one.id))?;
    let (number, first, last) = (&contract.contract_no, contract.starts_on, contract.last_on);
    let reason = Label::new("合同期限过长", "the term of the contract is too long");
    let sentence = Sentence::new(
        format!("合同 {number} 自 {first} 至 {last}，超过 {years} 年"),
        format!("contract {number} runs from {first} to {last}: longer than {years} years"),
    );
    Some(found(first, reason, sentence))
}
