//! The budgets of a year made of those of the year before, by so many hundredths of a percent more or
//! less. The new total is reckoned once and divided by what each had, so that no fen is lost.

use std::collections::{BTreeMap, BTreeSet};

use entity::{budget::Model, money::Money};

use super::Target;
use crate::{
    domain::{allocation, mistake::Mistakes},
    limits,
};

/// What one target had, and is to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is for.
    pub target: Target,
    /// What it had from all funds.
    pub before: Money,
    /// What it is to have.
    pub after: Money,
}

/// What is to be copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Each target, in the order of place.
    pub lines: Vec<Line>,
    /// Targets left out: they have a budget of the new year already.
    pub n_there: usize,
    /// What the targets had.
    pub before: Money,
    /// What they are to have.
    pub after: Money,
}

/// What is wrong with a rate, in hundredths of a percent.
pub fn check(rate_bp: i32) -> Mistakes {
    let mut mistakes = Mistakes::default();
    mistakes.require(
        (-limits::COPY_RATE_BP..=limits::COPY_RATE_BP).contains(&rate_bp),
        "percent",
        || rate_bp.to_string(),
        "增减比例应在 ±50% 以内",
        "a rate within 50 percent more or less",
    );
    mistakes
}

/// What the budgets of one year make of another in which some targets have theirs already. None where
/// a sum is beyond what the ledger keeps.
pub fn plan(last: &[Model], there: &[Model], rate_bp: i32) -> Option<Plan> {
    let known: BTreeSet<Target> = there.iter().map(Target::of).collect();
    let mut sums: BTreeMap<Target, Money> = BTreeMap::new();
    for row in last.iter().filter(|row| row.set_aside > Money::ZERO) {
        let sum = sums.entry(Target::of(row)).or_default();
        *sum = sum.checked_add(row.set_aside)?;
    }
    let n_all = sums.len();
    sums.retain(|target, _| !known.contains(target));
    let n_there = n_all - sums.len();
    let before = Money::total(sums.values().copied())?;
    let after = changed(before, rate_bp)?;
    let weights: Vec<u64> = sums.values().map(|sum| sum.fen().unsigned_abs()).collect();
    let parts = match weights.as_slice() {
        [] => Vec::new(),
        weights => allocation::by_weight(after, weights)?,
    };
    let lines = sums.into_iter().zip(parts);
    let lines = lines.map(|((target, before), after)| Line { target, before, after });
    let lines = lines.filter(|line| line.after > Money::ZERO).collect();
    Some(Plan { lines, n_there, before, after })
}

/// An amount by so much more or less, to the nearest fen, half a fen upwards.
fn changed(amount: Money, rate_bp: i32) -> Option<Money> {
    let exact = i128::from(amount.fen()) * i128::from(10_000 + rate_bp);
    Money::try_from_fen(i64::try_from((exact + 5_000).div_euclid(10_000)).ok()?)
}
