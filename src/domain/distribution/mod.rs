//! 收益分配: what income comes to, and how it is divided among households (domain.md §3). Every fen is
//! accounted for: what is paid and what is left are what there was and what is short.
//!
//! Reading order: `pool` (what there is to divide), `method` (the ways to divide it), `proof` (how a
//! division can be reckoned again), then what looks at a plan from outside: `ratio` (local rules),
//! `equal` (equal division in disguise), `residue` (published figures that do not add up).

pub mod awards;
pub mod equal;
pub mod equity;
pub mod method;
pub mod mixed;
pub mod months;
pub mod need;
pub mod pool;
pub mod posts;
pub mod proof;
pub mod ratio;
pub mod residue;

use std::collections::{BTreeMap, BTreeSet};

use entity::{language::Sentence, money::Money};
use serde::Serialize;

use self::proof::Proof;
use super::{
    allocation,
    mistake::{Mistake, Mistakes},
};
use crate::limits;

/// What all of something is in basis points, hundredths of a percent.
pub const WHOLE_BP: u32 = 10_000;

/// A household, by its number (户编号), and its weight in a division. Points are weights as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weighted {
    /// The number of the household.
    pub household: String,
    /// Its weight; none means no money.
    pub weight: u64,
}

/// What a household gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Payment {
    /// The number of the household.
    pub household: String,
    /// The amount, which may be nothing.
    pub amount: Money,
}

/// What came of dividing an amount. The payments and what is left are the amount and what is short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// One for each household, in the order of their numbers.
    pub payments: Vec<Payment>,
    /// What goes to no household: unspent wages, unused awards, shares that nobody has.
    pub left: Money,
    /// What is wanting: awards that come to more than there is.
    pub short: Money,
    /// How the amount was divided, where it was divided by weights.
    pub proof: Option<Proof>,
}

impl Outcome {
    /// What a division comes to beside what nobody has a claim to.
    fn of_proof(proof: Proof, left: Money) -> Outcome {
        Outcome { payments: proof.payments(), left, short: Money::ZERO, proof: Some(proof) }
    }
}

/// Divides an amount in proportion to weights by largest remainder; fen that tie go to the lower
/// number of a household, as text, so that the order of the lines does not matter (domain.md §3.4).
pub fn divide(total: Money, lines: &[Weighted]) -> Result<Proof, Mistakes> {
    let mut mistakes = check_households(lines.iter().map(|line| &*line.household), true);
    if total.is_negative() {
        mistakes.push(negative("total", total));
    }
    mistakes.into_result()?;
    let mut sorted: Vec<&Weighted> = lines.iter().collect();
    sorted.sort_by(|left, right| left.household.cmp(&right.household));
    let weights: Vec<u64> = sorted.iter().map(|line| line.weight).collect();
    let Some(parts) = allocation::parts_by_weight(total, &weights) else {
        let (zh, en) = ("至少一户的权重大于零", "at least one household with a weight above zero");
        return Err(one_mistake("lines", "0", Sentence::new(zh, en)));
    };
    Ok(Proof::of(total, &sorted, &parts))
}

/// What the households of several buckets get together, in the order of their numbers; `None` where
/// a sum is beyond what the ledger keeps.
pub fn together<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Option<Vec<Payment>> {
    let payments = outcomes.into_iter().flat_map(|outcome| &outcome.payments);
    added_up(payments.map(|payment| (&*payment.household, payment.amount)))
}

/// One payment for each household, in the order of their numbers.
fn added_up<'a>(amounts: impl Iterator<Item = (&'a str, Money)>) -> Option<Vec<Payment>> {
    let mut sums: BTreeMap<&str, Money> = BTreeMap::new();
    for (household, amount) in amounts {
        let sum = sums.entry(household).or_default();
        *sum = sum.checked_add(amount)?;
    }
    let payment =
        |(household, amount): (&str, Money)| Payment { household: household.to_owned(), amount };
    Some(sums.into_iter().map(payment).collect())
}

/// What is wrong with the numbers of households: there are some and not too many, each is written,
/// and where each has one line, none stands twice.
fn check_households<'a>(households: impl Iterator<Item = &'a str>, is_once: bool) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let mut seen = BTreeSet::new();
    let mut n_lines = 0;
    for household in households {
        n_lines += 1;
        let is_bare = !household.is_empty() && household.trim() == household;
        let is_number = is_bare && household.chars().count() <= limits::CODE_LENGTH;
        mistakes.require(
            is_number,
            "household",
            || household.to_owned(),
            "户编号须填写，首尾不留空格，不超过 32 字",
            "the number of a household without spaces around it, at most 32 characters",
        );
        mistakes.require(
            seen.insert(household) || !is_once,
            "household",
            || household.to_owned(),
            "同一户只写一行",
            "one line for each household",
        );
    }
    let most = limits::DISTRIBUTION_LINES;
    if !(1..=most).contains(&n_lines) {
        let expected = Sentence::new(format!("应有 1 至 {most} 行"), format!("1 to {most} lines"));
        mistakes.push(Mistake::new("lines", &n_lines.to_string(), expected));
    }
    mistakes
}

/// What to say of an amount below zero.
fn negative(field: &'static str, amount: Money) -> Mistake {
    let expected = Sentence::new("金额不能小于零", "an amount not below zero");
    Mistake::new(field, &amount.to_string(), expected)
}

/// What to say of a sum that the ledger does not keep.
fn too_large(field: &'static str) -> Mistakes {
    let expected = Sentence::new("合计金额超出台账上限", "a sum within what the ledger keeps");
    one_mistake(field, "", expected)
}

/// A single mistake.
fn one_mistake(field: &'static str, found: &str, expected: Sentence) -> Mistakes {
    Mistakes(vec![Mistake::new(field, found, expected)])
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
