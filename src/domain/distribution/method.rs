//! The ways to divide an amount, each with its lines (domain.md §3.4). `mixed` puts several of them
//! side by side.

use entity::{language::Label, money::Money};

use super::{Outcome, Weighted, awards, divide, equity, months, need, negative, posts};
use crate::domain::mistake::Mistakes;

/// How an amount is divided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// Wages of welfare posts.
    Posts(Vec<posts::Line>),
    /// Points: zero points, zero money.
    Points(Vec<Weighted>),
    /// Awards by a tariff.
    Awards(awards::Tariff, Vec<awards::Line>),
    /// Persons by the tier of their need.
    Need(Vec<need::Line>),
    /// Exact shares.
    Equity(Vec<equity::Line>, equity::Unassigned),
    /// A weight for the months in which a household is eligible.
    Months(Vec<months::Line>),
    /// No household: the collective keeps it.
    Collective,
}

impl Method {
    /// What it is called.
    pub const fn label(&self) -> Label {
        match self {
            Method::Posts(_) => Label::new("公益岗位", "welfare posts"),
            Method::Points(_) => Label::new("积分", "points"),
            Method::Awards(..) => Label::new("奖补", "awards"),
            Method::Need(_) => Label::new("困难分档", "tiers of need"),
            Method::Equity(..) => Label::new("股份分红", "shares"),
            Method::Months(_) => Label::new("按月折算", "eligible months"),
            Method::Collective => Label::new("村集体", "the collective"),
        }
    }

    /// Divides an amount. Whatever the order of the lines, the outcome is the same.
    pub fn divide(&self, amount: Money) -> Result<Outcome, Mistakes> {
        if amount.is_negative() {
            return Err(Mistakes(vec![negative("total", amount)]));
        }
        let by_weight = |lines: &[Weighted]| {
            divide(amount, lines).map(|proof| Outcome::of_proof(proof, Money::ZERO))
        };
        match self {
            Method::Posts(lines) => posts::pay(amount, lines),
            Method::Points(lines) => by_weight(lines),
            Method::Awards(tariff, lines) => awards::pay(amount, tariff, lines),
            Method::Need(lines) => {
                by_weight(&lines.iter().map(need::Line::weighted).collect::<Vec<_>>())
            }
            Method::Equity(lines, unassigned) => equity::pay(amount, lines, *unassigned),
            Method::Months(lines) => by_weight(&months::prorated(lines)?),
            Method::Collective => {
                Ok(Outcome { payments: vec![], left: amount, short: Money::ZERO, proof: None })
            }
        }
    }
}
