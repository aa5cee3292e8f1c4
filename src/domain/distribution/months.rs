//! 按月折算: whoever leaves the programme gets nothing from the month after, and whoever comes in counts
//! from then on: a weight times the eligible months of twelve (domain.md §3.3, §3.4, formula 7).

use entity::language::Sentence;

use super::Weighted;
use crate::domain::mistake::{Mistake, Mistakes};

/// Months of a year.
const YEAR: u8 = 12;

/// A household with its weight for a whole year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The household, and what it would weigh if it were eligible all year.
    pub whole_year: Weighted,
    /// Months of the year in which it is eligible.
    pub n_months: u8,
}

/// The households with their weights in twelfths: what is common to all weights divides nothing, so
/// that no weight is rounded.
pub fn prorated(lines: &[Line]) -> Result<Vec<Weighted>, Mistakes> {
    let mut mistakes = Mistakes::default();
    let mut weighted = Vec::with_capacity(lines.len());
    for line in lines {
        match line.twelfths() {
            Ok(twelfths) => weighted.push(twelfths),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    mistakes.into_result()?;
    Ok(weighted)
}

impl Line {
    fn twelfths(&self) -> Result<Weighted, Mistake> {
        let Weighted { household, weight } = &self.whole_year;
        if self.n_months > YEAR {
            let zh = format!("户 {household}：符合条件的月数应为 0 至 12");
            let en = format!("household {household}: 0 to 12 eligible months");
            return Err(Mistake::new("months", &self.n_months.to_string(), Sentence::new(zh, en)));
        }
        let Some(weight) = weight.checked_mul(u64::from(self.n_months)) else {
            let zh = format!("户 {household}：权重过大");
            let en = format!("household {household}: a smaller weight");
            return Err(Mistake::new("weight", &weight.to_string(), Sentence::new(zh, en)));
        };
        Ok(Weighted { household: household.clone(), weight })
    }
}
