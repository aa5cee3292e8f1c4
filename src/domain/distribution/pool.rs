//! What there is to divide: income that has come in, less what it cost and what was advanced, and
//! never more than the cash in hand; and what of it the collective keeps (domain.md §3.4).

use entity::{language::Sentence, money::Money};
use serde::Serialize;

use super::{negative, one_mistake, ratio::Bound, too_large};
use crate::domain::mistake::Mistakes;

/// What was received and what goes off first. Income that is due and has not come in is no part of
/// it: 应收未收 is not distributable (domain.md §3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// 实收收益: income that has come in.
    pub received: Money,
    /// 运维: what operation cost.
    pub operation: Money,
    /// 土地租金: the rent of land.
    pub land_rent: Money,
    /// 税费: taxes and fees.
    pub tax: Money,
    /// 上年垫付: what was advanced in the year before and is set aside to be paid back.
    pub advances: Money,
}

/// What the collective keeps (公积公益金), and what its members divide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reserve {
    /// What the collective keeps.
    pub collective: Money,
    /// What is left to divide.
    pub members: Money,
}

impl Pool {
    /// What may be divided (domain.md §3.4). Refused where a part is below zero, where more goes off
    /// than was received, and where it is more than the cash in hand: nothing is shared out on
    /// credit (举债分配、亏空分配, domain.md §3.3).
    pub fn distributable(&self, cash: Money) -> Result<Money, Mistakes> {
        self.check().into_result()?;
        let rest = self.rest().ok_or_else(|| too_large("received"))?;
        if rest.is_negative() {
            return Err(self.all_spent(rest));
        }
        if rest > cash {
            return Err(above_cash(rest, cash));
        }
        Ok(rest)
    }

    /// What is wrong with the parts.
    fn check(&self) -> Mistakes {
        let parts = [
            ("received", self.received),
            ("operation", self.operation),
            ("land_rent", self.land_rent),
            ("tax", self.tax),
            ("advances", self.advances),
        ];
        let below = parts.into_iter().filter(|(_, amount)| amount.is_negative());
        Mistakes(below.map(|(field, amount)| negative(field, amount)).collect())
    }

    /// What is left, below zero where more goes off than was received.
    fn rest(&self) -> Option<Money> {
        let off = Money::total([self.operation, self.land_rent, self.tax, self.advances])?;
        self.received.checked_sub(off)
    }

    fn all_spent(&self, rest: Money) -> Mistakes {
        let zh = format!("实收收益不够扣除支出，可分配金额为 {rest} 元，不能分配");
        let en = format!("income that covers what goes off first; {rest} yuan are left to divide");
        one_mistake("received", &self.received.to_string(), Sentence::new(zh, en))
    }
}

fn above_cash(rest: Money, cash: Money) -> Mistakes {
    let zh = format!("可分配金额 {rest} 元超出账面现金，应收未收的不能分配");
    let en =
        format!("cash in hand for the {rest} yuan to divide; what has not come in is not divided");
    one_mistake("cash", &cash.to_string(), Sentence::new(zh, en))
}

/// What the collective keeps of what may be divided: by a floor rounded up, by a cap rounded down
/// (domain.md §3.4).
pub fn reserve(distributable: Money, bound: Bound, rate_bp: i32) -> Result<Reserve, Mistakes> {
    let collective = bound.of(distributable, rate_bp)?;
    let members = distributable.checked_sub(collective).ok_or_else(|| too_large("rate_bp"))?;
    Ok(Reserve { collective, members })
}
