//! Dossiers: a card with everything beside it that the rules look at.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use entity::{
    area::AreaCode, asset, budget, contract, discrepancy, duty, funding, holding, id::AssetId,
    rectification, revival, title, upkeep, waiver, work_order,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, StreamTrait,
    sea_query::Expr,
};

use super::{read::streamed, subject::Fact};
use crate::{domain::deficiency::AssetFacts, error::Result};

/// Assets whose rows are few enough to be waited for together.
const SHORT: usize = 8;

/// Everything the rules look at for one asset, owned.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// The card.
    pub asset: asset::Model,
    /// Its title.
    pub title: Option<title::Model>,
    /// Holders of rights.
    pub holdings: Vec<holding::Model>,
    /// Duties.
    pub duties: Vec<duty::Model>,
    /// Sources of money.
    pub funding: Vec<funding::Model>,
    /// Waivers.
    pub waivers: Vec<waiver::Model>,
    /// Rounds of rectification.
    pub rectifications: Vec<rectification::Model>,
    /// How it was found last.
    pub upkeep: Option<upkeep::Model>,
    /// Work orders.
    pub work_orders: Vec<work_order::Model>,
    /// Plans to bring it back into use.
    pub revivals: Vec<revival::Model>,
    /// Budgets for it, and those of its village and its town, which their assets share.
    pub budgets: Vec<Arc<budget::Model>>,
    /// What speaks, or spoke, against what the ledger says of it.
    pub discrepancies: Vec<discrepancy::Model>,
    /// Contracts about its operation.
    pub contracts: Vec<contract::Model>,
}

impl Dossier {
    /// A dossier that holds the card alone.
    pub fn new(asset: asset::Model) -> Dossier {
        Dossier {
            asset,
            title: None,
            holdings: Vec::new(),
            duties: Vec::new(),
            funding: Vec::new(),
            waivers: Vec::new(),
            rectifications: Vec::new(),
            upkeep: None,
            work_orders: Vec::new(),
            revivals: Vec::new(),
            budgets: Vec::new(),
            discrepancies: Vec::new(),
            contracts: Vec::new(),
        }
    }

    /// What the rules take.
    pub fn facts(&self) -> AssetFacts<'_> {
        AssetFacts {
            asset: &self.asset,
            title: self.title.as_ref(),
            holdings: &self.holdings,
            duties: &self.duties,
            funding: &self.funding,
            waivers: &self.waivers,
            upkeep: self.upkeep.as_ref(),
            work_orders: &self.work_orders,
            revivals: &self.revivals,
            budgets: &self.budgets,
            discrepancies: &self.discrepancies,
            contracts: &self.contracts,
        }
    }

    /// Puts in a row, in the place of its former version.
    pub(super) fn put(&mut self, fact: Fact) {
        fn put<T>(rows: &mut Vec<T>, row: T, same: impl Fn(&T, &T) -> bool) {
            match rows.iter_mut().find(|existing| same(existing, &row)) {
                Some(existing) => *existing = row,
                None => rows.push(row),
            }
        }
        match fact {
            Fact::Asset(asset) => self.asset = *asset,
            Fact::Title(title) => self.title = Some(title),
            Fact::Holding(row) => put(&mut self.holdings, row, |a, b| a.id == b.id),
            Fact::Duty(row) => put(&mut self.duties, row, |a, b| a.id == b.id),
            Fact::Funding(row) => put(&mut self.funding, row, |a, b| a.id == b.id),
            Fact::Waiver(row) => put(&mut self.waivers, row, |a, b| a.id == b.id),
            Fact::Rectification(row) => put(&mut self.rectifications, row, |a, b| a.id == b.id),
            Fact::Upkeep(row) => self.upkeep = Some(row),
            Fact::WorkOrder(row) => put(&mut self.work_orders, row, |a, b| a.id == b.id),
            Fact::Revival(row) => put(&mut self.revivals, row, |a, b| a.id == b.id),
            Fact::Discrepancy(row) => put(&mut self.discrepancies, row, |a, b| a.id == b.id),
            Fact::Contract(row) => put(&mut self.contracts, row, |a, b| a.id == b.id),
            Fact::Budget(row) => put(&mut self.budgets, Arc::new(row), |a, b| a.id == b.id),
        }
    }
}

/// The asset a row belongs to; none where it is a budget of a whole place.
pub(super) const fn asset_of(fact: &Fact) -> Option<AssetId> {
    Some(match fact {
        Fact::Asset(asset) => asset.id,
        Fact::Title(row) => row.asset_id,
        Fact::Holding(row) => row.asset_id,
        Fact::Duty(row) => row.asset_id,
        Fact::Funding(row) => row.asset_id,
        Fact::Waiver(row) => row.asset_id,
        Fact::Rectification(row) => row.asset_id,
        Fact::Upkeep(row) => row.asset_id,
        Fact::WorkOrder(row) => row.asset_id,
        Fact::Revival(row) => row.asset_id,
        Fact::Discrepancy(row) => row.asset_id,
        Fact::Contract(row) => row.asset_id,
        Fact::Budget(row) => return row.asset_id,
    })
}

/// Budgets of whole places, which all assets there share.
#[derive(Default)]
pub(super) struct PlaceBudgets(BTreeMap<AreaCode, Vec<Arc<budget::Model>>>);

impl PlaceBudgets {
    /// Those of the places of some assets and of all above them, in one query.
    pub(super) async fn of(
        connection: &impl ConnectionTrait,
        areas: impl IntoIterator<Item = AreaCode>,
    ) -> Result<PlaceBudgets> {
        let line = |area: AreaCode| std::iter::once(area).chain(area.above());
        let codes: BTreeSet<AreaCode> = areas.into_iter().flat_map(line).collect();
        let codes: Vec<AreaCode> = codes.into_iter().collect();
        let mut budgets = PlaceBudgets::default();
        for codes in codes.chunks(PLACES) {
            let query = budget::Entity::find()
                .filter(budget::Column::AreaCode.is_in(codes.iter().copied()))
                .filter(budget::Column::AssetId.is_null())
                .order_by_asc(budget::Column::Id);
            for row in query.all(connection).await? {
                budgets.add(row);
            }
        }
        Ok(budgets)
    }

    /// Adds one.
    pub(super) fn add(&mut self, row: budget::Model) {
        self.0.entry(row.area_code).or_default().push(Arc::new(row));
    }

    /// Puts those of the place of an asset, and of all above it, into its dossier.
    pub(super) fn share(&self, dossier: &mut Dossier) {
        if self.0.is_empty() {
            return;
        }
        let area = dossier.asset.area_code;
        let line = std::iter::once(area).chain(area.above());
        let shared = line.filter_map(|code| self.0.get(&code)).flatten();
        dossier.budgets.extend(shared.map(Arc::clone));
    }
}

/// Areas asked for together.
const PLACES: usize = 500;

/// Everything the rules look at, for some assets, in fourteen queries and in the order of their ids.
/// Assets that do not exist are left out; the scope is the caller's to check.
pub(super) async fn dossiers(
    connection: &(impl ConnectionTrait + StreamTrait),
    ids: &[AssetId],
) -> Result<Vec<Dossier>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = asset::Entity::find().filter(among(asset::Column::Id, ids));
    let mut assets = streamed(query.order_by_asc(asset::Column::Id), connection).await?;
    let wanted: HashSet<AssetId> = ids.iter().copied().collect();
    assets.retain(|asset| wanted.contains(&asset.id));
    with_facts(connection, assets).await
}

/// Cards with everything beside them, in the order in which the cards are given.
pub(super) async fn with_facts(
    connection: &(impl ConnectionTrait + StreamTrait),
    assets: Vec<asset::Model>,
) -> Result<Vec<Dossier>> {
    let ids: Vec<AssetId> = assets.iter().map(|asset| asset.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let is_short = ids.len() <= SHORT;
    let places: HashMap<AssetId, usize> = ids.iter().copied().zip(0..).collect();
    let shared = PlaceBudgets::of(connection, assets.iter().map(|one| one.area_code)).await?;
    let mut dossiers: Vec<Dossier> = assets.into_iter().map(Dossier::new).collect();
    macro_rules! collect {
        ($($noun:ident $fact:path),+) => {$(
            let query = $noun::Entity::find().filter(among($noun::Column::AssetId, &ids));
            let query = query.order_by_asc($noun::Column::Id);
            let rows = if is_short {
                query.all(connection).await?
            } else {
                streamed(query, connection).await?
            };
            for row in rows {
                let fact = $fact(row);
                if let Some(place) = asset_of(&fact).and_then(|id| places.get(&id)) {
                    dossiers[*place].put(fact);
                }
            }
        )+};
    }
    collect!(title Fact::Title, holding Fact::Holding, duty Fact::Duty, funding Fact::Funding, waiver Fact::Waiver, rectification Fact::Rectification, upkeep Fact::Upkeep, work_order Fact::WorkOrder, revival Fact::Revival, budget Fact::Budget, discrepancy Fact::Discrepancy, contract Fact::Contract);
    for dossier in &mut dossiers {
        shared.share(dossier);
    }
    Ok(dossiers)
}

/// A condition that the rows of some assets meet, and few others: between two ids where they lie
/// close together, which is one statement for all of them; else one of a list.
pub(super) fn among(column: impl ColumnTrait, ids: &[AssetId]) -> Expr {
    match (ids.iter().min(), ids.iter().max()) {
        (Some(first), Some(last)) if is_dense(first.0, last.0, ids.len()) => {
            column.between(*first, *last)
        }
        _ => column.is_in(ids.iter().copied()),
    }
}

/// Whether every other id between two is wanted, or more.
fn is_dense(first: i64, last: i64, n: usize) -> bool {
    last.checked_sub(first)
        .and_then(|span| usize::try_from(span).ok())
        .is_some_and(|span| span < 2 * n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_asked_for_as_a_range_only_where_every_other_one_is_wanted() {
        assert!(is_dense(7, 7, 1) && is_dense(1, 4, 2) && !is_dense(1, 5, 2));
        assert!(!is_dense(i64::MIN, i64::MAX, 2));
    }
}
