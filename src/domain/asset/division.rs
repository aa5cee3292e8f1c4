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
    let weights: Vec<u64> = fen.collect::<Result<_, _>>().map_err(|_| Refusal::value_missing())?;
    // parts of nothing weigh alike: what was spent on them is still divided
    if weights.iter().all(|weight| *weight == 0) { Ok(vec![1; parts.len()]) } else { Ok(weights) }
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

#[cfg(test)]
mod tests {
    use entity::asset::{Class, Unit};
    use proptest::prelude::*;

    use super::*;
    use crate::domain::asset::blank;

    fn road(value: i64) -> Model {
        Model {
            original_value: Money::try_from_fen(value),
            ..blank("520381100201".parse().expect("a code"), Class::Public, "路")
        }
    }

    fn part(fen: i64) -> Part {
        Part { name: "段".into(), original_value: Money::from_fen(fen), quantity: None }
    }

    fn total(amounts: impl Iterator<Item = Option<Money>>) -> Option<Money> {
        Money::total(amounts.collect::<Option<Vec<_>>>()?)
    }

    #[test]
    fn sizes_are_summed_where_their_units_agree() {
        let long = |unit| Model { quantity: "1.5".parse().ok(), unit, ..road(1) };
        let metre = long(Some(Unit::Metre));
        let merged = merge(&[metre.clone(), metre.clone()], "并").expect("merged").parts;
        assert_eq!(merged[0].quantity, "3".parse().ok());
        let mixed = [metre, long(Some(Unit::Kilometre))];
        let merged = merge(&mixed, "并").expect("merged").parts;
        assert_eq!((merged[0].quantity, merged[0].unit), (None, None));
    }

    #[test]
    fn a_fen_more_or_less_is_not_the_whole() {
        for (parts, fits) in [([40, 60], true), ([40, 59], false), ([41, 60], false)] {
            assert_eq!(split(&road(100), &parts.map(part)).is_ok(), fits, "{parts:?}");
        }
    }

    proptest! {
        #[test]
        fn every_fen_stays(
            values in prop::collection::vec(0_i64..=1_000_000_000_000, 2..=limits::SPLIT_PARTS),
            amounts in prop::array::uniform5(prop::option::of(0_i64..=Money::MAX.fen())),
        ) {
            let [budget, contract, account, cut, upkeep] = amounts.map(|fen| fen.map(Money::from_fen));
            let whole = Model {
                budget,
                contract_amount: contract,
                final_account: account,
                audit_cut: cut,
                ..road(values.iter().sum())
            };
            let parts: Vec<Part> = values.iter().copied().map(part).collect();
            let division = split(&whole, &parts).expect("split");
            let of = |amount: fn(&Model) -> Option<Money>| total(division.parts.iter().map(amount));
            prop_assert_eq!(of(|part| part.original_value), whole.original_value);
            prop_assert_eq!(of(|part| part.budget), budget);
            prop_assert_eq!(of(|part| part.contract_amount), contract);
            prop_assert_eq!(of(|part| part.final_account), account);
            prop_assert_eq!(of(|part| part.audit_cut), cut);
            if let Some(upkeep) = upkeep {
                let shares = divide(upkeep, &parts).expect("divided");
                prop_assert_eq!(Money::total(shares), Some(upkeep));
            }
            prop_assert_eq!(division.replaced[0].state, State::Replaced);
            // merging the parts again makes the whole again
            let again = merge(&division.parts, "合").expect("merged");
            prop_assert_eq!(again.parts[0].original_value, whole.original_value);
            prop_assert_eq!(again.parts[0].budget, budget);
            prop_assert_eq!(again.parts[0].audit_cut, cut);
        }

        #[test]
        fn anything_else_than_the_whole_is_refused(
            values in prop::collection::vec(0_i64..=1_000_000, 2..20),
            off in prop_oneof![-1_000_i64..=-1, 1_i64..=1_000],
        ) {
            let sum: i64 = values.iter().sum();
            let parts: Vec<Part> = values.into_iter().map(part).collect();
            prop_assume!(sum + off >= 0);
            let refusal = split(&road(sum + off), &parts).expect_err("refused");
            prop_assert_eq!(refusal.code, "asset.parts_do_not_sum");
        }
    }
}
