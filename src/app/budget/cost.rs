//! What a unit of each kind of asset cost in a year, beside what it cost in the places around and what
//! the standard says.

use std::collections::BTreeMap;

use entity::{
    area::{AreaCode, Level},
    asset::{Subclass, Unit},
    money::Money,
};

use crate::{
    domain::{
        budget::cost::{Extent, extent, median, per_unit, usual_unit},
        setting::LocalRules,
    },
    error::Result,
    store::{Actor, Ledger},
};

/// What a unit of one kind cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// The kind.
    pub kind: Subclass,
    /// The unit.
    pub unit: Unit,
    /// How much of it stands.
    pub extent: Extent,
    /// What was paid for it.
    pub spent: Money,
    /// What a unit cost; none where nothing stands that is counted.
    pub per_unit: Option<Money>,
    /// The middle one of the places in the county that paid anything for it.
    pub median: Option<Money>,
    /// How many places these are.
    pub n_places: usize,
    /// What a unit is to cost by the local rule; none where there is none for this unit.
    pub standard: Option<Money>,
}

/// What units cost in an area in a year.
#[derive(Clone, Debug)]
pub struct Costs {
    /// The area.
    pub area: AreaCode,
    /// The year.
    pub year: i32,
    /// Whether the area lies in one county: costs of several are not compared.
    pub is_comparable: bool,
    /// Each kind and unit for which anything was paid, or has a standard and stands.
    pub rows: Vec<Cost>,
    /// What was paid for assets without a kind or a unit.
    pub uncounted: Money,
}

/// A kind and a unit.
type Key = (Subclass, Unit);

/// What stands and what was paid, by kind and unit.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    extent: Extent,
    fen: i64,
}

/// What is known of all places of a reader in a county.
#[derive(Default)]
struct Places {
    sums: BTreeMap<AreaCode, BTreeMap<Key, Sum>>,
    uncounted: BTreeMap<AreaCode, i64>,
}

impl Places {
    async fn of(ledger: &Ledger, actor: &Actor, (area, year): (AreaCode, i32)) -> Result<Places> {
        let read = ledger.read(actor);
        let mut places = Places::default();
        for (place, kind, unit, quantity) in read.stock(&[area], None).await? {
            let (unit, more) = extent(kind, unit, i128::from(quantity));
            let sum = places.sums.entry(place).or_default().entry((kind, unit)).or_default();
            sum.extent = sum.extent.plus(more);
        }
        for (place, kind, unit, paid) in read.spent_by_kind(area, year).await? {
            let Some((kind, unit)) = kind.zip(unit) else {
                *places.uncounted.entry(place).or_default() += paid.fen();
                continue;
            };
            let (unit, _) = extent(kind, unit, 0);
            let sum = places.sums.entry(place).or_default().entry((kind, unit)).or_default();
            sum.fen = sum.fen.saturating_add(paid.fen());
        }
        Ok(places)
    }

    /// What a unit cost in each place that paid anything for it.
    fn costs(&self, key: Key) -> Vec<Money> {
        let sums = self.sums.values().filter_map(|place| place.get(&key));
        let paid = sums.filter(|sum| sum.fen > 0);
        paid.filter_map(|sum| per_unit(Money::from_sum(sum.fen), sum.extent)).collect()
    }

    /// What stands and was paid within an area.
    fn within(&self, area: AreaCode) -> (BTreeMap<Key, Sum>, i64) {
        let mut whole: BTreeMap<Key, Sum> = BTreeMap::new();
        for (_, place) in self.sums.iter().filter(|(code, _)| area.covers(code)) {
            for (key, sum) in place {
                let all = whole.entry(*key).or_default();
                all.extent = all.extent.plus(sum.extent);
                all.fen = all.fen.saturating_add(sum.fen);
            }
        }
        let uncounted = self.uncounted.iter().filter(|(code, _)| area.covers(code));
        (whole, uncounted.map(|(_, fen)| fen).sum())
    }
}

/// What units cost in an area of a county in a year. They are compared with the places of the same
/// county that the reader may see.
pub async fn costs(
    ledger: &Ledger,
    actor: &Actor,
    (area, year): (Option<AreaCode>, i32),
) -> Result<Costs> {
    let read = ledger.read(actor);
    let area = read.area_within(area).await?;
    if area.level() < Level::County {
        return Ok(Costs {
            area,
            year,
            is_comparable: false,
            rows: Vec::new(),
            uncounted: Money::ZERO,
        });
    }
    let county = area.county().area();
    let around = if actor.area().covers(&county) { county } else { actor.area() };
    let places = Places::of(ledger, actor, (around, year)).await?;
    let local = read.local_rules([area]).await?;
    let day = read.today();
    let (whole, uncounted) = places.within(area);
    let row = |(key, sum): (Key, Sum)| {
        let around = places.costs(key);
        let standard = standard_of(&local, key, (area, day));
        let is_told = sum.fen > 0 || (standard.is_some() && sum.extent > Extent::NONE);
        is_told.then(|| Cost {
            kind: key.0,
            unit: key.1,
            extent: sum.extent,
            spent: Money::from_sum(sum.fen),
            per_unit: per_unit(Money::from_sum(sum.fen), sum.extent),
            n_places: around.len(),
            median: median(around),
            standard,
        })
    };
    let rows = whole.into_iter().filter_map(row).collect();
    let uncounted = Money::from_sum(uncounted);
    Ok(Costs { area, year, is_comparable: true, rows, uncounted })
}

/// What a unit of a kind is to cost, where the local rule says so for this unit.
pub(super) fn standard_of(
    local: &LocalRules,
    (kind, unit): Key,
    (area, day): (AreaCode, chrono::NaiveDate),
) -> Option<Money> {
    let standard = local.standard(kind, area, day);
    (usual_unit(kind) == unit && standard > Money::ZERO).then_some(standard)
}
