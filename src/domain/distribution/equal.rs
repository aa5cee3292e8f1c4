//! 简单平均分配: equal division, plain or in disguise (domain.md §3.3, §3.5). What is found is not refused:
//! whoever has a reason gives it, and it is recorded.

use std::collections::BTreeMap;

use entity::{
    language::{Label, Sentence},
    money::Money,
};
use serde::Serialize;

use super::{WHOLE_BP, one_mistake};
use crate::{domain::mistake::Mistakes, limits};

/// Who gets what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// What the household gets.
    pub amount: Money,
    /// Its persons; `None` where nobody knows, and then nothing is said of equal amounts a person.
    pub n_persons: Option<u32>,
}

/// From where on a division is held to be equal; a county may set its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Recipients below which nothing is said.
    pub n_recipients: usize,
    /// The part of the recipients, in basis points, that share one amount.
    pub one_amount_bp: u32,
    /// The coefficient of variation, in basis points, below which amounts hardly differ.
    pub spread_bp: u32,
}

impl Thresholds {
    /// What holds where nobody has said anything (domain.md §3.5).
    pub const USUAL: Thresholds =
        Thresholds { n_recipients: 5, one_amount_bp: 8_000, spread_bp: 500 };
}

/// What makes a division look equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// Every household gets the same.
    EveryHousehold,
    /// Every person gets the same.
    EveryPerson,
    /// Most get one amount.
    OneAmount,
    /// The amounts hardly differ.
    LittleSpread,
}

impl Pattern {
    /// What it is called.
    pub const fn label(self) -> Label {
        match self {
            Pattern::EveryHousehold => Label::new("每户相同", "the same for every household"),
            Pattern::EveryPerson => Label::new("人均相同", "the same for every person"),
            Pattern::OneAmount => Label::new("多数户金额相同", "one amount for most"),
            Pattern::LittleSpread => Label::new("金额相差很小", "amounts that hardly differ"),
        }
    }
}

/// A division that looks equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Everything that makes it look so.
    pub patterns: Vec<Pattern>,
    /// How many get anything.
    pub n_recipients: usize,
    /// The amount that most of them get; of those that tie the largest.
    pub common_amount: Money,
    /// How many get it.
    pub n_common: usize,
}

impl Finding {
    /// What to say of it.
    pub fn sentence(&self) -> Sentence {
        let Finding { n_recipients, common_amount, n_common, .. } = self;
        let labels = || self.patterns.iter().map(|pattern| pattern.label());
        let zh = labels().map(|label| label.zh).collect::<Vec<_>>().join("、");
        let en = labels().map(|label| label.en).collect::<Vec<_>>().join(", ");
        let of = format!("{n_recipients} 户中 {n_common} 户各得 {common_amount} 元");
        let of_en = format!("{n_common} of {n_recipients} households get {common_amount} yuan");
        Sentence::new(
            format!("疑似简单平均分配（{zh}）：{of}"),
            format!("it looks like an equal division ({en}): {of_en} each"),
        )
    }
}

/// Whether a division looks equal, and by what (domain.md §3.5). Whoever gets nothing is no recipient.
/// A part that meets its threshold exactly counts, and a spread that does so does not.
pub fn detect(
    recipients: &[Recipient],
    thresholds: Thresholds,
) -> Result<Option<Finding>, Mistakes> {
    let most = limits::DISTRIBUTION_LINES;
    let is_kept = |one: &Recipient| one.amount <= Money::MAX;
    if recipients.len() > most || !recipients.iter().all(is_kept) {
        let zh = format!("最多 {most} 户，每户金额不超过台账上限");
        let en = format!("{most} households at most, and amounts that the ledger keeps");
        return Err(one_mistake("lines", &recipients.len().to_string(), Sentence::new(zh, en)));
    }
    let paid: Vec<Recipient> =
        recipients.iter().filter(|one| one.amount > Money::ZERO).copied().collect();
    let Some((common_amount, n_common)) = most_common(&paid) else { return Ok(None) };
    if paid.len() < thresholds.n_recipients {
        return Ok(None);
    }
    let looks = [
        (Pattern::EveryHousehold, is_equal(paid.iter().map(|one| (one.amount, 1)))),
        (Pattern::EveryPerson, is_equal_by_person(&paid)),
        (Pattern::OneAmount, is_part(n_common, paid.len(), thresholds.one_amount_bp)),
        (Pattern::LittleSpread, is_spread_below(&paid, thresholds.spread_bp)),
    ];
    let patterns: Vec<Pattern> =
        looks.into_iter().filter(|(_, is_so)| *is_so).map(|(pattern, _)| pattern).collect();
    let finding = Finding { patterns, n_recipients: paid.len(), common_amount, n_common };
    Ok((!finding.patterns.is_empty()).then_some(finding))
}

/// The amount that most get, and how many; of those that tie the largest.
fn most_common(paid: &[Recipient]) -> Option<(Money, usize)> {
    let mut counts: BTreeMap<Money, usize> = BTreeMap::new();
    for one in paid {
        *counts.entry(one.amount).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, n)| *n)
}

/// Whether one amount a head explains what each gets to within a fen: the fen left over of an equal
/// division make nobody unequal. Each amount `a` of `n` heads asks for a rate between `(a − 1) / n` and
/// `(a + 1) / n`; there is one for all when the highest of the former lies below the lowest of the latter.
fn is_equal(paid: impl Iterator<Item = (Money, u32)> + Clone) -> bool {
    let heads = paid.map(|(amount, n)| (i128::from(amount.fen()), i128::from(n)));
    // fractions are compared across: amounts are below 2^50 and heads below 2^32
    let least = heads
        .clone()
        .map(|(fen, n)| (fen - 1, n))
        .reduce(|left, right| if left.0 * right.1 >= right.0 * left.1 { left } else { right });
    let most = heads
        .map(|(fen, n)| (fen + 1, n))
        .reduce(|left, right| if left.0 * right.1 <= right.0 * left.1 { left } else { right });
    least.zip(most).is_some_and(|(least, most)| least.0 * most.1 < most.0 * least.1)
}

fn is_equal_by_person(paid: &[Recipient]) -> bool {
    let persons = |one: &Recipient| Some((one.amount, one.n_persons.filter(|n| *n > 0)?));
    let known: Option<Vec<_>> = paid.iter().map(persons).collect();
    known.is_some_and(|known| is_equal(known.into_iter()))
}

/// Whether so many are at least so many basis points of all.
fn is_part(n_some: usize, n_all: usize, rate_bp: u32) -> bool {
    n_some as u128 * u128::from(WHOLE_BP) >= n_all as u128 * u128::from(rate_bp)
}

/// Whether the coefficient of variation is below so many basis points, by whole numbers: its square is
/// `(nΣx² − (Σx)²) / (Σx)²`. For ten thousand amounts of 10^15 fen both terms are at most 10^38, which a
/// `u128` holds; their products with the squares of basis points take two.
fn is_spread_below(paid: &[Recipient], spread_bp: u32) -> bool {
    let fen = || paid.iter().map(|one| u128::from(one.amount.fen().unsigned_abs()));
    let sum: u128 = fen().sum();
    let squares: u128 = fen().map(|fen| fen * fen).sum();
    let variance = paid.len() as u128 * squares - sum * sum;
    let square = |bp: u32| u128::from(bp) * u128::from(bp);
    product(variance, square(WHOLE_BP)) < product(sum * sum, square(spread_bp))
}

/// A product of any size: its upper and its lower half.
fn product(left: u128, right: u128) -> (u128, u128) {
    let (low, high) = left.carrying_mul(right, 0);
    (high, low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yuan(amount: i64) -> Recipient {
        Recipient { amount: Money::from_fen(amount * 100), n_persons: None }
    }

    fn found(recipients: &[Recipient]) -> Vec<Pattern> {
        let finding = detect(recipients, Thresholds::USUAL).expect("within limits");
        finding.map(|finding| finding.patterns).unwrap_or_default()
    }

    /// Amounts in fen for so many persons.
    fn by_person(table: &[(i64, u32)]) -> Vec<Recipient> {
        let one = |(fen, n): &(i64, u32)| {
            let n_persons = Some(*n);
            Recipient { amount: Money::from_fen(*fen), n_persons }
        };
        table.iter().map(one).collect()
    }

    #[test]
    fn equal_households_are_found_from_five_on() {
        let all = [Pattern::EveryHousehold, Pattern::OneAmount, Pattern::LittleSpread];
        assert_eq!(found(&[yuan(500); 5]), all);
        assert_eq!(found(&[yuan(500); 4]), []);
        // whoever gets nothing is no recipient
        assert_eq!(found(&[yuan(500), yuan(500), yuan(500), yuan(500), yuan(0)]), []);
        assert_eq!(found(&[]), []);
        let few = Thresholds { n_recipients: 4, ..Thresholds::USUAL };
        assert!(detect(&[yuan(500); 4], few).expect("within limits").is_some());
        assert_eq!(detect(&[], Thresholds { n_recipients: 0, ..few }), Ok(None));
    }

    #[test]
    fn fen_left_over_do_not_hide_an_equal_division() {
        let off = |last| {
            let fen = [33_334, 33_334, 33_333, 33_333, last];
            found(&by_person(&fen.map(|fen| (fen, 1))))
        };
        assert!(off(33_333).contains(&Pattern::EveryHousehold));
        assert!(!off(33_332).contains(&Pattern::EveryHousehold));
        assert!(!off(33_335).contains(&Pattern::EveryHousehold));
    }

    #[test]
    fn equal_persons_are_found_in_unequal_households() {
        // 青阳: 319 yuan a head (domain.md §3.2)
        let heads = |n| (31_900 * i64::from(n), n);
        let mut table: Vec<_> = [1, 2, 3, 4, 7].map(heads).to_vec();
        assert_eq!(found(&by_person(&table)), [Pattern::EveryPerson]);
        table[4].0 += 1;
        assert_eq!(found(&by_person(&table)), [Pattern::EveryPerson]);
        table[4].0 += 300;
        assert_eq!(found(&by_person(&table)), []);
        let mut unknown = by_person(&[1, 2, 3, 4, 7].map(heads));
        unknown[0].n_persons = None;
        assert_eq!(found(&unknown), []);
        unknown[0].n_persons = Some(0);
        assert_eq!(found(&unknown), []);
    }

    #[test]
    fn most_of_one_amount_are_found_at_their_threshold() {
        let with = |n_common: usize| {
            let others = [100, 3_000, 4_000, 5_000].into_iter().cycle().map(yuan);
            let common = std::iter::repeat_n(yuan(900), n_common);
            let all: Vec<_> = common.chain(others.take(20 - n_common)).collect();
            detect(&all, Thresholds::USUAL).expect("within limits")
        };
        let finding = with(16).expect("a finding");
        assert_eq!(finding.patterns, [Pattern::OneAmount]);
        assert_eq!((finding.n_recipients, finding.n_common), (20, 16));
        assert_eq!(finding.common_amount, yuan(900).amount);
        let Sentence { zh, en } = finding.sentence();
        for text in [zh, en] {
            assert!(
                text.contains("16") && text.contains("20") && text.contains("900.00"),
                "{text}"
            );
        }
        assert_eq!(with(15), None);
    }

    #[test]
    fn a_padded_split_is_found_and_a_tiered_list_is_not() {
        // domain.md §3.5: 500, 500, …, 520, 480 vary by 0.013
        let mut padded = vec![yuan(500); 18];
        padded.extend([yuan(520), yuan(480)]);
        assert_eq!(found(&padded), [Pattern::OneAmount, Pattern::LittleSpread]);
        // it vanishes from a threshold of 0.0126 on, for its square is 0.00016
        let at = |spread_bp| {
            let thresholds = Thresholds { spread_bp, one_amount_bp: 10_000, ..Thresholds::USUAL };
            detect(&padded, thresholds).expect("within limits").is_some()
        };
        assert!(at(127) && !at(126));
        let tiered = [200, 200, 500, 500, 800, 800, 1_000, 1_600, 300, 100];
        assert_eq!(found(&tiered.map(yuan)), []);
        // a spread of exactly the threshold: 100 ± 5 is 0.05
        let exact: Vec<_> = [95, 105, 95, 105, 95, 105].map(yuan).to_vec();
        assert_eq!(found(&exact), []);
    }

    #[test]
    fn the_largest_figures_fit() {
        let most = limits::DISTRIBUTION_LINES;
        let largest = Recipient { amount: Money::MAX, n_persons: Some(u32::MAX) };
        let smallest = Recipient { amount: Money::from_fen(1), n_persons: Some(1) };
        let mut all = vec![largest; most];
        assert!(found(&all).contains(&Pattern::EveryPerson));
        all[0] = smallest;
        assert!(found(&all).contains(&Pattern::LittleSpread));
        all[..most / 2].fill(smallest);
        assert_eq!(found(&all), []);
        all.push(smallest);
        assert!(detect(&all, Thresholds::USUAL).is_err());
        let sum = Recipient { amount: Money::from_sum(Money::MAX.fen() + 1), n_persons: None };
        assert!(detect(&[sum; 5], Thresholds::USUAL).is_err());
    }
}
