//! 公益岗位: wages of welfare posts, by days attended and an assessment (domain.md §3.4, formula 1).

use entity::{language::Sentence, money::Money};

use super::{Outcome, WHOLE_BP, added_up, check_households, negative, one_mistake, too_large};
use crate::{
    domain::mistake::{Mistake, Mistakes},
    limits,
};

/// What one post is paid for. A household may have several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The number of the household.
    pub household: String,
    /// What a day attended is paid.
    pub rate: Money,
    /// The most that is paid, before the assessment.
    pub cap: Money,
    /// Days attended.
    pub n_attended: u32,
    /// The assessment, in basis points: the whole wage is 10,000.
    pub assessment_bp: u32,
}

impl Line {
    /// `min(cap, rate × days attended) × assessment`, rounded down to the fen (domain.md §3.4); days
    /// that were not attended are not paid (先发钱后劳动, §3.3). `None` where the line is wrong.
    pub fn wage(&self) -> Option<Money> {
        if !self.check().is_empty() {
            return None;
        }
        let earned = i128::from(self.rate.fen()) * i128::from(self.n_attended);
        let capped = earned.min(i128::from(self.cap.fen()));
        let fen = capped * i128::from(self.assessment_bp) / i128::from(WHOLE_BP);
        Money::try_from_fen(i64::try_from(fen).ok()?)
    }

    fn check(&self) -> Mistakes {
        let mut mistakes = Mistakes::default();
        for (field, amount) in [("rate", self.rate), ("cap", self.cap)] {
            if amount.is_negative() {
                mistakes.push(negative(field, amount));
            }
        }
        let (most, days) = (limits::ATTENDED_DAYS, self.n_attended);
        if days > most {
            let zh = format!("户 {}：出勤天数应为 0 至 {most}", self.household);
            let en = format!("household {}: 0 to {most} days attended", self.household);
            mistakes.push(Mistake::new("n_attended", &days.to_string(), Sentence::new(zh, en)));
        }
        if self.assessment_bp > WHOLE_BP {
            let zh = format!("户 {}：考核系数应为 0 至 100%", self.household);
            let en = format!("household {}: an assessment from 0 to 100 percent", self.household);
            let found = super::ratio::percent(self.assessment_bp);
            mistakes.push(Mistake::new("assessment_bp", &found, Sentence::new(zh, en)));
        }
        mistakes
    }
}

/// Pays the wages from an amount; what is not spent is left, and more than there is is refused.
pub fn pay(amount: Money, lines: &[Line]) -> Result<Outcome, Mistakes> {
    let mut mistakes = check_households(lines.iter().map(|line| &*line.household), false);
    mistakes.0.extend(lines.iter().flat_map(|line| line.check().0));
    mistakes.into_result()?;
    let wages: Option<Vec<_>> =
        lines.iter().map(|line| Some((&*line.household, line.wage()?))).collect();
    let payments = wages.and_then(|wages| added_up(wages.into_iter()));
    let payments = payments.ok_or_else(|| too_large("posts"))?;
    let total = Money::total(payments.iter().map(|payment| payment.amount));
    let total = total.ok_or_else(|| too_large("posts"))?;
    let left = amount.checked_sub(total).filter(|left| !left.is_negative());
    let Some(left) = left else {
        let zh = format!("工资合计不超过岗位资金 {amount} 元");
        let en = format!("wages of {amount} yuan at most, what there is for posts");
        return Err(one_mistake("posts", &total.to_string(), Sentence::new(zh, en)));
    };
    Ok(Outcome { payments, left, short: Money::ZERO, proof: None })
}
