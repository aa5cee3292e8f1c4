//! The funds of the sample county: one to four sources an asset, which make its value to the fen
//! but where a gap is planted.

use entity::{
    funding::{Fund, Tier},
    money::Money,
};

use super::{Maker, work::Draft};
use crate::domain::{allocation, funding::Source};

/// The last year of the earmarked poverty-alleviation fund; the transition fund followed.
const LAST_SPECIAL_YEAR: i32 = 2020;

impl Maker {
    /// The sources of an asset. About one asset in thirty has a gap.
    pub(super) fn sources(&mut self, draft: &Draft, value: Money) -> Vec<Source> {
        let n = 1 + self.random.weighted(&[38, 34, 19, 9]);
        let funds = self.funds(draft, n);
        let weights: Vec<u64> = (0..n)
            .map(|place| {
                let most = if place == 0 { (50, 90) } else { (8, 40) };
                self.random.between(most.0, most.1).unsigned_abs()
            })
            .collect();
        let amounts = rounded(allocation::by_weight(value, &weights).unwrap_or_default());
        let mut sources: Vec<Source> = Vec::with_capacity(n);
        for ((tier, fund), amount) in funds.into_iter().zip(amounts) {
            if amount > Money::ZERO {
                let source = self.source(draft.year, (tier, fund), amount);
                sources.push(source);
            }
        }
        if self.random.chance(330) {
            self.plant_gap(&mut sources);
        }
        sources
    }

    fn funds(&mut self, draft: &Draft, n: usize) -> Vec<(Tier, Fund)> {
        let era =
            if draft.year <= LAST_SPECIAL_YEAR { Fund::FiscalSpecial } else { Fund::Transition };
        let (main, beside) = match draft.kind.fund {
            Fund::Relocation => (Fund::Relocation, era),
            Fund::FiscalSpecial | Fund::Transition => (era, era),
            other => (era, other),
        };
        if n == 1 {
            let tier = self.random.pick(&[Tier::Central, Tier::Central, Tier::Provincial]);
            return vec![(tier, main)];
        }
        let second = if beside == era { Tier::Provincial } else { tier_of(beside) };
        let all = [
            (Tier::Central, main),
            (second, beside),
            (Tier::County, if n == 3 { Fund::PooledAgriculture } else { era }),
            (Tier::Collective, Fund::SelfRaised),
        ];
        all[..n].to_vec()
    }

    fn source(&mut self, year: i32, (tier, fund): (Tier, Fund), amount: Money) -> Source {
        let number = self.random.between(2, 187);
        let office = match tier {
            Tier::Central | Tier::Provincial => Some("省财农"),
            Tier::Prefectural => Some("市财农"),
            Tier::County => Some("青禾财农"),
            Tier::Township | Tier::Collective | Tier::Society | Tier::Villagers => None,
        };
        let source_name = match fund {
            Fund::EastWest => Some("东部协作市（示例）"),
            Fund::Donation => Some("示例公益基金会"),
            Fund::CentralPaired => Some("示例定点帮扶单位"),
            _ => None,
        };
        Source {
            tier: Some(tier),
            fund: Some(fund),
            year: Some(year),
            document_no: office.map(|office| format!("{office}〔{year}〕{number}号")),
            source_name: source_name.map(str::to_owned),
            amount: Some(amount),
        }
    }

    /// A wrong figure, a figure that is missing, or a source that is.
    fn plant_gap(&mut self, sources: &mut Vec<Source>) {
        let place = self.random.place(sources.len());
        match self.random.place(3) {
            0 if sources.len() > 1 => drop(sources.remove(place)),
            1 => sources[place].amount = None,
            _ => {
                let wrong = Money::from_fen(self.random.between(1, 900_000));
                let amount = &mut sources[place].amount;
                *amount = amount.and_then(|amount| amount.checked_add(wrong));
            }
        }
    }
}

/// Whose money a fund usually is.
const fn tier_of(fund: Fund) -> Tier {
    match fund {
        Fund::Bond | Fund::EastWest | Fund::ProvincialPaired => Tier::Provincial,
        Fund::LandQuota | Fund::Other => Tier::County,
        Fund::Donation => Tier::Society,
        Fund::SelfRaised => Tier::Collective,
        Fund::FiscalSpecial
        | Fund::Transition
        | Fund::PooledAgriculture
        | Fund::Sector
        | Fund::Lottery
        | Fund::Relocation
        | Fund::CentralPaired
        | Fund::WorkRelief => Tier::Central,
    }
}

/// Allotments are made in hundreds of yuan; the last source takes what is left.
fn rounded(amounts: Vec<Money>) -> Vec<Money> {
    let Some((last, others)) = amounts.split_last() else { return amounts };
    let mut fen_left = last.fen();
    let mut all: Vec<Money> = Vec::with_capacity(amounts.len());
    for amount in others {
        let odd = amount.fen() % 10_000;
        fen_left += odd;
        all.push(Money::from_fen(amount.fen() - odd));
    }
    all.push(Money::from_fen(fen_left));
    all
}
