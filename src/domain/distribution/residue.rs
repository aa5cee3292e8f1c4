//! What published parts leave of their total, or have beyond it: told, never absorbed (domain.md §3.6).

use entity::{language::Sentence, money::Money};
use serde::Serialize;

/// How parts fail to make their total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Residue {
    /// So much is given to nobody.
    Unassigned(Money),
    /// So much more is given than there is.
    Beyond(Money),
}

impl Residue {
    /// What is between a total and its parts: nothing where they make it. The parts are added exactly,
    /// though the sum be beyond a single amount; only what no column holds is told as the most it holds.
    pub fn of(total: Money, parts: impl IntoIterator<Item = Money>) -> Option<Residue> {
        let sum: i128 = parts.into_iter().map(|part| i128::from(part.fen())).sum();
        let rest = i128::from(total.fen()) - sum;
        let amount = Money::from_sum(i64::try_from(rest.unsigned_abs()).unwrap_or(i64::MAX));
        match rest {
            0 => None,
            1.. => Some(Residue::Unassigned(amount)),
            ..0 => Some(Residue::Beyond(amount)),
        }
    }

    /// What to say of it.
    pub fn sentence(self) -> Sentence {
        match self {
            Residue::Unassigned(amount) => Sentence::new(
                format!("还有 {amount} 元没有分配"),
                format!("{amount} yuan are given to nobody"),
            ),
            Residue::Beyond(amount) => Sentence::new(
                format!("各项合计超出总额 {amount} 元"),
                format!("the parts come to {amount} yuan more than there is"),
            ),
        }
    }
}
