//! 分配比例: local rules that so much at least, or at most, goes to something. Each names its base, for
//! no ratio is the same everywhere (domain.md §3.2).

use entity::{decimal_text, language::Sentence, money::Money};
use serde::Serialize;

use super::{negative, one_mistake};
use crate::domain::{
    allocation,
    mistake::{Mistake, Mistakes},
};

/// Which way a rule limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// So much at least: rounded up to the fen.
    Floor,
    /// So much at most: rounded down to the fen.
    Cap,
}

impl Bound {
    /// The least or the largest part of an amount that keeps the bound (domain.md §3.4).
    pub fn of(self, total: Money, rate_bp: i32) -> Result<Money, Mistakes> {
        let part = match self {
            Bound::Floor => allocation::at_least(total, rate_bp),
            Bound::Cap => allocation::at_most(total, rate_bp),
        };
        part.ok_or_else(|| {
            if total.is_negative() {
                return Mistakes(vec![negative("total", total)]);
            }
            let expected = Sentence::new("比例应为 0 至 100%", "a rate from 0 to 100 percent");
            one_mistake("rate_bp", &percent(rate_bp), expected)
        })
    }
}

/// What a rule is reckoned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// All that was received.
    Gross,
    /// What is left after costs.
    Net,
}

/// A rule of one place: “at least 60 % of what is left after costs goes to posts”.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it is called.
    pub name: String,
    /// What it is reckoned from.
    pub base: Base,
    /// Which way it limits.
    pub bound: Bound,
    /// The rate in basis points.
    pub rate_bp: i32,
}

/// Whether a rule is kept, and by how much it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The least or the largest amount that keeps the rule.
    pub limit: Money,
    /// What is wanting to a floor, or beyond a cap; nothing where the rule is kept.
    pub missed_by: Money,
}

impl Verdict {
    /// Whether the rule is kept.
    pub fn is_kept(&self) -> bool {
        self.missed_by == Money::ZERO
    }
}

impl Rule {
    /// Whether `part` of an income keeps the rule, given the whole income and what costs leave of it
    /// (domain.md §3.2).
    pub fn check(&self, gross: Money, net: Money, part: Money) -> Result<Verdict, Mistakes> {
        let base = match self.base {
            Base::Gross => gross,
            Base::Net => net,
        };
        let limit = self.bound.of(base, self.rate_bp)?;
        if part.is_negative() {
            return Err(Mistakes(vec![negative("part", part)]));
        }
        let missed_by = match self.bound {
            Bound::Floor if part < limit => limit.checked_sub(part),
            Bound::Cap if part > limit => part.checked_sub(limit),
            Bound::Floor | Bound::Cap => None,
        };
        Ok(Verdict { limit, missed_by: missed_by.unwrap_or(Money::ZERO) })
    }

    /// What to say where the rule is not kept; `part` is the amount it was held against.
    pub fn mistake(&self, verdict: &Verdict, part: Money) -> Option<Mistake> {
        if verdict.is_kept() {
            return None;
        }
        let Verdict { limit, missed_by } = *verdict;
        let (name, rate) = (&self.name, percent(self.rate_bp));
        let expected = match self.bound {
            Bound::Floor => Sentence::new(
                format!("“{name}”：不低于 {rate}，即 {limit} 元，还差 {missed_by} 元"),
                format!("“{name}”: at least {rate}, {limit} yuan; {missed_by} yuan are wanting"),
            ),
            Bound::Cap => Sentence::new(
                format!("“{name}”：不高于 {rate}，即 {limit} 元，超出 {missed_by} 元"),
                format!("“{name}”: at most {rate}, {limit} yuan; {missed_by} yuan are too much"),
            ),
        };
        Some(Mistake::new("ratio", &part.to_string(), expected))
    }
}

/// Decimals of a percentage that come to whole basis points.
const PERCENT_DECIMALS: usize = 2;

/// Basis points as a percentage for people, without trailing zeros.
pub(super) fn percent(rate_bp: impl Into<i64>) -> String {
    let text = decimal_text::shortest(rate_bp.into(), PERCENT_DECIMALS);
    text + "%"
}
