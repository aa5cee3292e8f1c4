//! 奖补: fixed amounts by a tariff, so much a person, a year or a mu (domain.md §3.4, formula 3).

use std::collections::BTreeMap;

use entity::{language::Sentence, measure::Quantity, money::Money};

use super::{Outcome, added_up, check_households, negative, too_large};
use crate::domain::mistake::{Mistake, Mistakes};

/// What a unit of each award is worth, by its code.
pub type Tariff = BTreeMap<String, Money>;

/// One award of a household, which may have several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The number of the household.
    pub household: String,
    /// The code of the award.
    pub award: String,
    /// How many persons, years or mu.
    pub units: Quantity,
}

/// Ten-thousandths of a unit in one.
const UNIT: i128 = 10_000;

/// Pays awards from an amount. What they do not need is left and carried forward; what they want
/// beyond it is told, and comes from the collective's part: no award is cut (domain.md §3.4).
pub fn pay(amount: Money, tariff: &Tariff, lines: &[Line]) -> Result<Outcome, Mistakes> {
    let mut mistakes = check_households(lines.iter().map(|line| &*line.household), false);
    let below = tariff.values().filter(|worth| worth.is_negative());
    mistakes.0.extend(below.map(|worth| negative("tariff", *worth)));
    if amount.is_negative() {
        mistakes.push(negative("total", amount));
    }
    mistakes.into_result()?;

    let mut mistakes = Mistakes::default();
    let mut amounts = Vec::with_capacity(lines.len());
    for line in lines {
        match line.worth(tariff) {
            Ok(worth) => amounts.push((&*line.household, worth)),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    mistakes.into_result()?;
    let payments = added_up(amounts.into_iter()).ok_or_else(|| too_large("awards"))?;
    let total = Money::total(payments.iter().map(|payment| payment.amount));
    let rest = total.and_then(|total| amount.checked_sub(total));
    let rest = rest.ok_or_else(|| too_large("awards"))?;
    let short = rest.checked_neg().unwrap_or(Money::ZERO).max(Money::ZERO);
    Ok(Outcome { payments, left: rest.max(Money::ZERO), short, proof: None })
}

impl Line {
    /// What the award comes to. An amount that is not whole fen is a mistake, never a rounding.
    fn worth(&self, tariff: &Tariff) -> Result<Money, Mistake> {
        let Some(worth) = tariff.get(&self.award) else {
            let zh = format!("户 {}：奖补标准中没有这一项", self.household);
            let en = format!("household {}: an award of the tariff", self.household);
            return Err(Mistake::new("award", &self.award, Sentence::new(zh, en)));
        };
        let exact = i128::from(worth.fen()) * i128::from(self.units.ten_thousandths());
        let whole = (exact % UNIT == 0).then_some(exact / UNIT);
        let fen = whole.and_then(|fen| i64::try_from(fen).ok()).and_then(Money::try_from_fen);
        fen.ok_or_else(|| {
            let zh = format!("户 {}：数量乘标准应为整分，且不超出台账上限", self.household);
            let en = format!(
                "household {}: units that come to whole fen within what the ledger keeps",
                self.household
            );
            Mistake::new("units", &self.units.to_string(), Sentence::new(zh, en))
        })
    }
}
