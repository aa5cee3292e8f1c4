//! Budgets as a page has them: what is needed by the standards, what is set aside for the same by all
//! funds, and what is missing (ux.md §3.12).

use std::collections::{BTreeMap, HashMap};

use entity::{
    area::AreaCode,
    asset::{self, Class, Subclass, Unit},
    budget::Model,
    id::AssetId,
    money::Money,
};

use super::cost::standard_of;
use crate::{
    app::place::Places,
    domain::{
        budget::{
            Target,
            cost::{Extent, by_standard, extent, extent_of},
        },
        setting::LocalRules,
    },
    error::Result,
    store::Read,
};

/// One budget and what stands beside it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The budget.
    pub budget: Model,
    /// The asset that it is for alone.
    pub asset: Option<asset::Model>,
    /// The names of its place, below the reader's own area.
    pub place: String,
    /// What is needed by the standards; none where there is none.
    pub needed: Option<Money>,
    /// What all funds together set aside for the same.
    pub set_aside: Money,
}

impl Row {
    /// What is missing: needed and set aside by no fund.
    pub fn gap(&self) -> Option<Money> {
        let gap = self.needed?.checked_sub(self.set_aside)?;
        (gap > Money::ZERO).then_some(gap)
    }
}

/// What stands in each place, by kind and unit.
type Stock = BTreeMap<AreaCode, BTreeMap<(Subclass, Unit), Extent>>;

/// The rows of some budgets: a few queries, however many there are.
pub async fn rows(read: &Read<'_>, budgets: Vec<Model>) -> Result<Vec<Row>> {
    let ids: Vec<AssetId> = budgets.iter().filter_map(|row| row.asset_id).collect();
    let assets = read.some::<asset::Entity>(&ids).await?;
    let assets: HashMap<AssetId, asset::Model> =
        assets.into_iter().map(|asset| (asset.id, asset)).collect();
    let areas: Vec<AreaCode> = budgets.iter().map(|row| row.area_code).collect();
    let mut places = Places::new(read.today());
    places.learn(read, areas.iter().copied()).await?;
    let local = read.local_rules(areas.iter().copied()).await?;
    let whole = budgets.iter().filter(|row| row.asset_id.is_none()).map(|row| row.area_code);
    let mut whole: Vec<AreaCode> = whole.collect();
    whole.sort_unstable();
    whole.dedup();
    let stock = stock(read, &whole).await?;
    let all: HashMap<(Target, i32), Money> = read
        .set_aside_for(&budgets)
        .await?
        .into_iter()
        .map(|(target, year, sum)| ((target, year), sum))
        .collect();
    let own = read.actor().area();
    let row = |budget: Model| {
        let asset = budget.asset_id.and_then(|id| assets.get(&id)).cloned();
        let needed = match (budget.asset_id, &asset) {
            (Some(_), asset) => asset.as_ref().and_then(|asset| needed_by(read, &local, asset)),
            (None, _) => needed_in(read, &local, &stock, &budget),
        };
        let target = (Target::of(&budget), budget.year);
        let set_aside = all.get(&target).copied().unwrap_or(budget.set_aside);
        let place = places.path_below(budget.area_code, Some(own));
        Row { budget, asset, place, needed, set_aside }
    };
    Ok(budgets.into_iter().map(row).collect())
}

async fn stock(read: &Read<'_>, areas: &[AreaCode]) -> Result<Stock> {
    let mut stock = Stock::new();
    for (place, kind, unit, quantity) in read.stock(areas, Some(Class::Public)).await? {
        let (unit, more) = extent(kind, unit, i128::from(quantity));
        let known = stock.entry(place).or_default().entry((kind, unit)).or_default();
        *known = known.plus(more);
    }
    Ok(stock)
}

/// What one asset needs by the standard of its kind.
pub fn needed_by(read: &Read<'_>, local: &LocalRules, asset: &asset::Model) -> Option<Money> {
    let (kind, unit, extent) = extent_of(asset)?;
    let standard = standard_of(local, (kind, unit), (asset.area_code, read.today()))?;
    by_standard(standard, extent)
}

/// What a place needs for a kind, or for all that is public there.
fn needed_in(read: &Read<'_>, local: &LocalRules, stock: &Stock, budget: &Model) -> Option<Money> {
    let own = stock.iter().filter(|(place, _)| budget.area_code.covers(place));
    let mut whole: BTreeMap<(Subclass, Unit), Extent> = BTreeMap::new();
    for (key, extent) in own.flat_map(|(_, kinds)| kinds) {
        if budget.subclass.is_none_or(|kind| kind == key.0) {
            let known = whole.entry(*key).or_default();
            *known = known.plus(*extent);
        }
    }
    let at = (budget.area_code, read.today());
    let needed = whole
        .into_iter()
        .filter_map(|(key, extent)| by_standard(standard_of(local, key, at)?, extent));
    let needed: Vec<Money> = needed.collect();
    if needed.is_empty() { None } else { Money::total(needed) }
}
