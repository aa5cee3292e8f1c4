//! 困难分档: persons times the weight of their tier, as where someone out of poverty counts once and
//! someone not yet out of it twice (domain.md §3.4, formula 4).

use super::Weighted;

/// What a household needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The number of the household.
    pub household: String,
    /// Its persons.
    pub n_persons: u32,
    /// The weight of its tier.
    pub tier: u32,
}

impl Line {
    /// The household with its weight in a division.
    pub fn weighted(&self) -> Weighted {
        let weight = u64::from(self.n_persons) * u64::from(self.tier);
        Weighted { household: self.household.clone(), weight }
    }
}
