//! 分配计算证明: how one division came about, in whole numbers alone, so that anybody may reckon it again
//! with paper and pencil (domain.md §3.4).

use std::cmp::Reverse;

use entity::{
    decimal_text::Expected,
    language::{Label, Sentence},
    money::Money,
};
use serde::{Deserialize, Serialize};

use super::{Payment, Weighted};
use crate::{domain::allocation::Part, limits};

/// A whole number of any use; in JSON a text of digits, because a number there may pass through a float.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Natural(pub u128);

/// One division. Every figure in fen is below 2^53, so that JSON carries it exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// What was divided, in fen.
    pub total_fen: i64,
    /// The sum of the weights.
    pub whole_weight: Natural,
    /// How many fen were left over when each household had its whole fen.
    pub left_over_fen: i64,
    /// The households, in the order of their numbers.
    pub lines: Vec<Line>,
}

/// What one household got, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The number of the household.
    pub household: String,
    /// Its weight.
    pub weight: Natural,
    /// The whole fen of its exact proportion.
    pub quotient_fen: i64,
    /// What remains of it, over the sum of the weights.
    pub remainder: Natural,
    /// Whether it got one of the fen left over.
    pub got_left_over: bool,
}

/// What is wrong with a proof: the first that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A total, a sum or a number of lines is not one that a division has.
    Bounds,
    /// The household does not come after the one before it.
    Order(String),
    /// The weights do not make their sum.
    WholeWeight,
    /// The household's weight does not come to its quotient and remainder.
    Proportion(String),
    /// The quotients, and the fen left over, do not make the total.
    Total,
    /// Not as many got a fen as were left over.
    LeftOver,
    /// The household got a fen that another had a better claim to.
    Claim(String),
}

impl Proof {
    /// The proof of a division whose lines are in the order of their numbers.
    pub(super) fn of(total: Money, sorted: &[&Weighted], parts: &[Part]) -> Proof {
        let line = |(of, part): (&&Weighted, &Part)| Line {
            household: of.household.clone(),
            weight: Natural(of.weight.into()),
            quotient_fen: part.quotient.fen(),
            remainder: Natural(part.remainder),
            got_left_over: part.got_left_over,
        };
        Proof {
            total_fen: total.fen(),
            whole_weight: Natural(sorted.iter().map(|of| u128::from(of.weight)).sum()),
            left_over_fen: parts.iter().map(|part| i64::from(part.got_left_over)).sum(),
            lines: sorted.iter().zip(parts).map(line).collect(),
        }
    }

    /// What each household gets.
    pub fn payments(&self) -> Vec<Payment> {
        let payment = |line: &Line| Payment {
            household: line.household.clone(),
            amount: Money::from_sum(line.quotient_fen.saturating_add(line.got_left_over.into())),
        };
        self.lines.iter().map(payment).collect()
    }
}

/// Reckons a proof again, wherever it comes from. What passes is the one division of its total by its
/// weights that domain.md §3.4 allows.
pub fn check(proof: &Proof) -> Result<(), Flaw> {
    check_bounds(proof)?;
    check_order(proof)?;
    let weights = proof.lines.iter().map(|line| line.weight.0);
    if checked_sum(weights) != Some(proof.whole_weight.0) {
        return Err(Flaw::WholeWeight);
    }
    for line in &proof.lines {
        if !is_in_proportion(proof, line) {
            return Err(Flaw::Proportion(line.household.clone()));
        }
    }
    // each quotient is at most the total now, and there are not many: the sum holds
    let quotients: i128 = proof.lines.iter().map(|line| i128::from(line.quotient_fen)).sum();
    if quotients + i128::from(proof.left_over_fen) != i128::from(proof.total_fen) {
        return Err(Flaw::Total);
    }
    check_left_over(proof)
}

fn check_bounds(proof: &Proof) -> Result<(), Flaw> {
    let is_within = (0..=Money::MAX.fen()).contains(&proof.total_fen)
        && (1..=limits::DISTRIBUTION_LINES).contains(&proof.lines.len())
        && proof.whole_weight.0 > 0;
    if is_within { Ok(()) } else { Err(Flaw::Bounds) }
}

/// Each household once, in the order of their numbers: what ties are decided by.
fn check_order(proof: &Proof) -> Result<(), Flaw> {
    let pairs = proof.lines.iter().zip(proof.lines.iter().skip(1));
    match pairs.into_iter().find(|(line, next)| line.household >= next.household) {
        Some((_, next)) => Err(Flaw::Order(next.household.clone())),
        None => Ok(()),
    }
}

/// Whether `total × weight = quotient × whole + remainder`, with a remainder below the whole.
fn is_in_proportion(proof: &Proof, line: &Line) -> bool {
    let whole = proof.whole_weight.0;
    let (Ok(total), Ok(quotient)) =
        (u128::try_from(proof.total_fen), u128::try_from(line.quotient_fen))
    else {
        return false;
    };
    let exact = total.checked_mul(line.weight.0);
    let told = quotient.checked_mul(whole).and_then(|fen| fen.checked_add(line.remainder.0));
    exact.is_some() && exact == told && line.remainder.0 < whole
}

/// Whether the fen left over went to the best claims: the largest remainders, and of those that tie the
/// lowest numbers.
fn check_left_over(proof: &Proof) -> Result<(), Flaw> {
    let got = proof.lines.iter().filter(|line| line.got_left_over);
    let went_without = proof.lines.iter().filter(|line| !line.got_left_over);
    if i64::try_from(got.clone().count()) != Ok(proof.left_over_fen) {
        return Err(Flaw::LeftOver);
    }
    let claim = |line: &&Line| (Reverse(line.remainder), line.household.clone());
    let (Some(last), Some(next)) = (got.max_by_key(claim), went_without.min_by_key(claim)) else {
        return Ok(());
    };
    if claim(&last) < claim(&next) { Ok(()) } else { Err(Flaw::Claim(last.household.clone())) }
}

fn checked_sum(mut numbers: impl Iterator<Item = u128>) -> Option<u128> {
    numbers.try_fold(0, u128::checked_add)
}

impl Flaw {
    /// What to say of it.
    pub fn sentence(&self) -> Sentence {
        match self {
            Flaw::Bounds => Sentence::new(
                "总额、权重或行数不在范围内",
                "a total, a weight or the lines are out of bounds",
            ),
            Flaw::Order(household) => Sentence::new(
                format!("户 {household} 重复或未按户编号排列"),
                format!("household {household} stands twice or out of order"),
            ),
            Flaw::WholeWeight => {
                Sentence::new("各户权重之和不等于总权重", "the weights do not make their sum")
            }
            Flaw::Proportion(household) => Sentence::new(
                format!("户 {household} 的商和余数与权重不符"),
                format!("the quotient and remainder of household {household} are not its weight's"),
            ),
            Flaw::Total => Sentence::new(
                "各户整分与余分之和不等于总额",
                "whole fen and fen left over do not make the total",
            ),
            Flaw::LeftOver => Sentence::new(
                "得到余分的户数与余分数不符",
                "not as many got a fen as were left over",
            ),
            Flaw::Claim(household) => Sentence::new(
                format!("户 {household} 得到了应归他户的余分"),
                format!("household {household} got a fen that another had a better claim to"),
            ),
        }
    }
}

/// What the text of a natural number should have been.
const EXPECTED: Expected = Expected(Label::new(
    "应为不带前导零的整数文本，例如 \"403\"",
    "expected a whole number as text without leading zeros, such as \"403\"",
));

impl TryFrom<String> for Natural {
    type Error = Expected;

    /// One text for each number, so that a proof has one form: no plus sign, no leading zeros.
    fn try_from(text: String) -> Result<Natural, Expected> {
        let number = text.parse().map(Natural).map_err(|_| EXPECTED)?;
        if String::from(number) == text { Ok(number) } else { Err(EXPECTED) }
    }
}

impl From<Natural> for String {
    fn from(number: Natural) -> String {
        number.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A proof of one yuan among three.
    fn thirds() -> Proof {
        let lines = ["1", "2", "3"]
            .map(|household| Weighted { household: household.to_owned(), weight: 1 });
        super::super::divide(Money::from_fen(100), &lines).expect("a division")
    }

    fn flaw(spoil: impl FnOnce(&mut Proof)) -> Flaw {
        let mut proof = thirds();
        assert_eq!(check(&proof), Ok(()));
        spoil(&mut proof);
        let flaw = check(&proof).expect_err("a flaw");
        let Sentence { zh, en } = flaw.sentence();
        assert!(!zh.is_empty() && !en.is_empty() && zh != en);
        flaw
    }

    #[test]
    fn every_figure_is_reckoned_again() {
        let of = |number: &str| number.to_owned();
        let proportion = || Flaw::Proportion(of("1"));
        assert_eq!(flaw(|proof| proof.total_fen = -1), Flaw::Bounds);
        assert_eq!(flaw(|proof| proof.total_fen = Money::MAX.fen() + 1), Flaw::Bounds);
        assert_eq!(flaw(|proof| proof.lines.clear()), Flaw::Bounds);
        assert_eq!(flaw(|proof| proof.whole_weight = Natural(0)), Flaw::Bounds);
        assert_eq!(flaw(|proof| proof.lines.swap(1, 2)), Flaw::Order(of("2")));
        assert_eq!(flaw(|proof| proof.lines[1].household = of("1")), Flaw::Order(of("1")));
        assert_eq!(flaw(|proof| proof.whole_weight = Natural(4)), Flaw::WholeWeight);
        assert_eq!(flaw(|proof| proof.lines[0].weight = Natural(u128::MAX)), Flaw::WholeWeight);
        assert_eq!(flaw(|proof| proof.total_fen = 101), proportion());
        assert_eq!(flaw(|proof| proof.lines[0].quotient_fen = 34), proportion());
        assert_eq!(flaw(|proof| proof.lines[0].quotient_fen = -33), proportion());
        assert_eq!(flaw(|proof| proof.lines[0].remainder = Natural(0)), proportion());
        assert_eq!(flaw(|proof| proof.left_over_fen = 2), Flaw::Total);
        assert_eq!(flaw(|proof| proof.lines[1].got_left_over = true), Flaw::LeftOver);
        assert_eq!(flaw(|proof| proof.lines[0].got_left_over = false), Flaw::LeftOver);
        let moved = flaw(|proof| {
            proof.lines[0].got_left_over = false;
            proof.lines[2].got_left_over = true;
        });
        assert_eq!(moved, Flaw::Claim(of("3")));
    }

    #[test]
    fn a_fen_taken_whole_out_of_a_quotient_is_seen() {
        // 32 × 3 + 4 are a hundred, too, but the remainder holds another fen
        let smuggled = flaw(|proof| {
            proof.lines[0].quotient_fen = 32;
            proof.lines[0].remainder = Natural(4);
            proof.left_over_fen = 2;
        });
        assert_eq!(smuggled, Flaw::Proportion("1".to_owned()));
        let vast = flaw(|proof| {
            proof.lines[0].weight = Natural(u128::MAX - 2);
            proof.whole_weight = Natural(u128::MAX);
        });
        assert_eq!(vast, Flaw::Proportion("1".to_owned()));
    }

    #[test]
    fn what_a_spoiled_proof_pays_does_not_overflow() {
        let mut proof = thirds();
        proof.lines[0].quotient_fen = i64::MAX;
        assert_eq!(proof.payments()[0].amount, Money::from_sum(i64::MAX));
    }
}
