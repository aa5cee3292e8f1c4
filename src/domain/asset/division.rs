//! Splitting one asset and merging several: cost is conserved to the fen (domain.md §2.9).

use entity::{
    asset::{Model, State},
    id::AssetId,
    measure::Quantity,
    money::Money,
};

use super::held;
use crate::{
    domain::{allocation, refusal::Refusal},
    limits,
};

/// One part of a split: its name, its cost and its size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What the part is called.
    pub name: String,
    /// Its share of the original value.
    pub original_value: Money,
    /// Its size, where it has one.
    pub quantity: Option<Quantity>,
}

/// What becomes of a split: the asset that leaves, and those that take its place, without ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// The assets that are gone from the books.
    pub replaced: Vec<Model>,
    /// The assets that took their place.
    pub parts: Vec<Model>,
}

/// Splits an asset. The parts keep everything but name, size and money; amounts that the parts do
/// not name are divided by their original values, so that every fen stays.
pub fn split(asset: &Model, parts: &[Part]) -> Result<Division, Refusal> {
    held(asset)?;
    if parts.len() < 2 {
        return Err(Refusal::too_few_parts());
    }
    if parts.len() > limits::SPLIT_PARTS {
        return Err(Refusal::too_many(limits::SPLIT_PARTS));
    }
    let whole = asset.original_value.ok_or_else(Refusal::value_missing)?;
    let sum = Money::total(parts.iter().map(|part| part.original_value));
    if sum != Some(whole) {
        return Err(Refusal::parts_do_not_sum(sum.unwrap_or(Money::ZERO), whole));
    }
    let weights = weights(parts)?;
    let budgets = shares(asset.budget, &weights);
    let contracts = shares(asset.contract_amount, &weights);
    let accounts = shares(asset.final_account, &weights);
    let cuts = shares(asset.audit_cut, &weights);
    let parts = parts.iter().enumerate().map(|(place, part)| Model {
        id: AssetId(0),
        code: String::new(),
        source_key: None,
        name: part.name.clone(),
        original_value: Some(part.original_value),
        quantity: part.quantity,
        budget: budgets[place],
        contract_amount: contracts[place],
        final_account: accounts[place],
        audit_cut: cuts[place],
        parent_id: Some(asset.id),
        version: 0,
        ..asset.clone()
    });
    Ok(Division { parts: parts.collect(), replaced: vec![replaced(asset)] })
}

/// Divides an amount by the parts' original values.
pub fn divide(amount: Money, parts: &[Part]) -> Result<Vec<Money>, Refusal> {
    let weights = weights(parts)?;
    Ok(allocation::by_weight(amount, &weights).unwrap_or_else(|| vec![Money::ZERO; parts.len()]))
}

fn weights(parts: &[Part]) -> Result<Vec<u64>, Refusal> {
    let fen = parts.iter().map(|part| u64::try_from(part.original_value.fen()));
    fen.collect::<Result<_, _>>().map_err(|_| Refusal::value_missing())
}

fn shares(amount: Option<Money>, weights: &[u64]) -> Vec<Option<Money>> {
    let divided = amount.and_then(|amount| allocation::by_weight(amount, weights));
    match divided {
        Some(shares) => shares.into_iter().map(Some).collect(),
        None => vec![None; weights.len()],
    }
}

fn replaced(asset: &Model) -> Model {
    Model { state: State::Replaced, ..asset.clone() }
}

/// Merges assets of one class, subclass and village into one new asset of the given name.
pub fn merge(assets: &[Model], name: &str) -> Result<Division, Refusal> {
    let [first, others @ ..] = assets else { return Err(Refusal::too_few_to_merge()) };
    if others.is_empty() {
        return Err(Refusal::too_few_to_merge());
    }
    if assets.len() > limits::SPLIT_PARTS {
        return Err(Refusal::too_many(limits::SPLIT_PARTS));
    }
    for asset in assets {
        held(asset)?;
        let alike = (asset.class, asset.subclass, asset.form, asset.area_code)
            == (first.class, first.subclass, first.form, first.area_code);
        if !alike {
            return Err(Refusal::cannot_merge_unlike());
        }
    }
    let value = sum(assets, |asset| asset.original_value).ok_or_else(Refusal::value_missing)?;
    let quantity = assets
        .iter()
        .map(|asset| asset.quantity.filter(|_| asset.unit == first.unit))
        .try_fold(None, |sum: Option<Quantity>, quantity| match (sum, quantity?) {
            (None, quantity) => Some(Some(quantity)),
            (Some(sum), quantity) => sum.checked_add(quantity).map(Some),
        })
        .flatten();
    let merged = Model {
        id: AssetId(0),
        code: String::new(),
        source_key: None,
        name: name.to_owned(),
        original_value: Some(value),
        quantity,
        unit: quantity.and(first.unit),
        budget: sum(assets, |asset| asset.budget),
        contract_amount: sum(assets, |asset| asset.contract_amount),
        final_account: sum(assets, |asset| asset.final_account),
        audit_cut: sum(assets, |asset| asset.audit_cut),
        parent_id: Some(first.id),
        version: 0,
        ..first.clone()
    };
    Ok(Division { parts: vec![merged], replaced: assets.iter().map(replaced).collect() })
}

/// The sum of an amount over all assets; none when one of them lacks it.
fn sum(assets: &[Model], amount: impl Fn(&Model) -> Option<Money>) -> Option<Money> {
    let amounts: Option<Vec<Money>> = assets.iter().map(amount).collect();
    Money::total(amounts?)
}
