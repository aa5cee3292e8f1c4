//! 股份分红: exact shares of one thing, as of villages that own it together (domain.md §3.4, formula 5).

use entity::{language::Sentence, money::Money, share::Share};

use super::{Outcome, Weighted, check_households, divide, negative, one_mistake, too_large};
use crate::domain::mistake::Mistakes;

/// A share of a household, or of a village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The number of the household, or the code of the village.
    pub household: String,
    /// Its share.
    pub share: Share,
}

/// What becomes of shares that nobody on the list has. A plan says it; it is never assumed
/// (domain.md §3.6: 58 villages of 1.5625 % each are 90.625 %).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unassigned {
    /// Those on the list divide all of it.
    Divided,
    /// It is left, and told: what is to be divided is rounded down to the fen first.
    Left,
}

/// Divides an amount by shares.
pub fn pay(amount: Money, lines: &[Line], unassigned: Unassigned) -> Result<Outcome, Mistakes> {
    let mut mistakes = check_households(lines.iter().map(|line| &*line.household), true);
    if amount.is_negative() {
        mistakes.push(negative("total", amount));
    }
    mistakes.into_result()?;
    let (weighted, whole) = weighted(lines)?;
    let assigned: u128 = weighted.iter().map(|line| u128::from(line.weight)).sum();
    if assigned > u128::from(whole) {
        let expected = Sentence::new("份额之和不超过 1", "shares that sum to one at most");
        return Err(one_mistake("shares", &format!("{assigned}/{whole}"), expected));
    }
    let divided = match unassigned {
        Unassigned::Divided => Some(amount),
        Unassigned::Left => part(amount, assigned, whole),
    };
    let divided = divided.ok_or_else(|| too_large("total"))?;
    let left = amount.checked_sub(divided).ok_or_else(|| too_large("total"))?;
    Ok(Outcome::of_proof(divide(divided, &weighted)?, left))
}

/// The shares as whole numbers over their common denominator, and that denominator. Shares without one
/// that a weight can hold are refused: they could only be rounded.
fn weighted(lines: &[Line]) -> Result<(Vec<Weighted>, u64), Mistakes> {
    let whole = lines
        .iter()
        .try_fold(1, |common, line| common_multiple(common, u64::from(line.share.denominator())));
    let Some(whole) = whole else {
        let zh = "份额的公分母过大，请改用同一分母的份额";
        let en = "shares of one denominator: the common one of these is too large";
        return Err(one_mistake("shares", "", Sentence::new(zh, en)));
    };
    let of = |line: &Line| Weighted {
        household: line.household.clone(),
        // a share is at most one, so its weight is at most the whole
        weight: whole / u64::from(line.share.denominator()) * u64::from(line.share.numerator()),
    };
    Ok((lines.iter().map(of).collect(), whole))
}

/// The whole fen of the part of an amount that is so many of so many.
fn part(amount: Money, n_parts: u128, whole: u64) -> Option<Money> {
    let fen = u128::try_from(amount.fen()).ok()? * n_parts / u128::from(whole);
    Money::try_from_fen(i64::try_from(fen).ok()?)
}

fn common_multiple(left: u64, right: u64) -> Option<u64> {
    left.checked_mul(right / greatest_common_divisor(left, right))
}

const fn greatest_common_divisor(mut left: u64, mut right: u64) -> u64 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}
