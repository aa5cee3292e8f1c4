//! What speaks against the ledger: kept by the write door, which compares every asset that is new or
//! known by other words with those of its village that have the same value, and clears what has been
//! answered. Both are look-ups in an index, whatever there is beside them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use entity::{
    area::AreaCode,
    asset,
    discrepancy::{Column, Entity, Kind, Model, State},
    id::AssetId,
    money::Money,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select, sea_query::Expr};

use super::{Dossier, Read, Write};
use crate::{domain::discrepancy as rules, error::Result};

/// Assets, or values, asked for together.
const BATCH: usize = 500;

/// Those of some assets.
fn of_assets(ids: &[AssetId]) -> Select<Entity> {
    let query = Entity::find().filter(Column::AssetId.is_in(ids.iter().copied()));
    query.order_by_asc(Column::Id)
}

/// Those that say of other assets that they are some assets again.
fn of_others(ids: &[AssetId]) -> Select<Entity> {
    Entity::find()
        .filter(Column::OtherId.is_in(ids.iter().copied()))
        // as the index has it, which holds those alone
        .filter(Expr::cust("state = 'open' AND other_id IS NOT NULL"))
}

/// The assets of a place that have one of some values, and are compared.
fn valued(area: AreaCode, values: &[Money]) -> Select<asset::Entity> {
    asset::Entity::find()
        .filter(asset::Column::AreaCode.eq(area))
        .filter(asset::Column::OriginalValue.is_in(values.iter().copied()))
        // as the index has it, which holds those alone
        .filter(Expr::cust("state = 'held' AND class IN ('public', 'operating')"))
}

impl Write {
    /// What speaks, or spoke, against what the ledger says of an asset.
    pub async fn discrepancies_of(&self, id: AssetId) -> Result<Vec<Model>> {
        Ok(of_assets(&[id]).all(&self.txn).await?)
    }

    /// What a stock-take said of some assets and still stands.
    pub async fn differences_of(&self, ids: &[AssetId]) -> Result<HashMap<AssetId, Model>> {
        let mut open = HashMap::new();
        for ids in ids.chunks(BATCH) {
            let rows = of_assets(ids).filter(Column::State.eq(State::Open));
            let rows = rows.filter(Column::OtherId.is_null()).all(&self.txn).await?;
            open.extend(rows.into_iter().map(|row| (row.asset_id, row)));
        }
        Ok(open)
    }

    /// Some assets as they stand, those outside the scope left out.
    pub async fn assets_seen(&self, ids: &[AssetId]) -> Result<HashMap<AssetId, asset::Model>> {
        let mut seen = HashMap::new();
        for ids in ids.chunks(BATCH) {
            let some = self.find::<asset::Entity>().filter(asset::Column::Id.is_in(ids.to_vec()));
            seen.extend(some.all(&self.txn).await?.into_iter().map(|asset| (asset.id, asset)));
        }
        Ok(seen)
    }

    /// Clears what the ledger has answered since.
    pub(super) async fn clear_answered(&mut self, dossiers: &[Dossier]) -> Result<()> {
        let today = self.today();
        for dossier in dossiers {
            for row in dossier.discrepancies.iter().filter(|row| row.state == State::Open) {
                if rules::is_answered(row, &dossier.asset) {
                    self.change::<Entity>(row, rules::clear(row, today)).await?;
                }
            }
        }
        Ok(())
    }

    /// Compares assets that are new, or known by other words than before, with those that may be the
    /// same: what no longer is, is cleared, and what is now, is kept.
    pub(super) async fn compare(&mut self, assets: Vec<asset::Model>, are_new: bool) -> Result<()> {
        let mut known: BTreeMap<AssetId, asset::Model> =
            assets.into_iter().map(|asset| (asset.id, asset)).collect();
        if !are_new {
            self.part(&mut known).await?;
        }
        let mut places: BTreeMap<AreaCode, Vec<&asset::Model>> = BTreeMap::new();
        for asset in known.values().filter(|asset| rules::is_compared(asset)) {
            places.entry(asset.area_code).or_default().push(asset);
        }
        let mut pairs = BTreeMap::new();
        for (area, compared) in places {
            self.pair(area, &compared, &mut pairs).await?;
        }
        let younger: Vec<AssetId> = pairs.keys().map(|(asset, _)| *asset).collect();
        let mut settled = HashSet::new();
        for ids in younger.chunks(BATCH) {
            let rows = of_assets(ids).filter(Column::State.ne(State::Cleared));
            let rows = rows.all(&self.txn).await?.into_iter();
            settled.extend(rows.filter_map(|row| Some((row.asset_id, row.other_id?))));
        }
        pairs.retain(|pair, _| !settled.contains(pair));
        if !pairs.is_empty() {
            self.insert_all::<Entity>(pairs.into_values().collect()).await?;
        }
        Ok(())
    }

    /// Clears what was taken for a duplicate and is none any more. The assets that were paired with these
    /// are compared as well: they may be the same as a third.
    async fn part(&mut self, known: &mut BTreeMap<AssetId, asset::Model>) -> Result<()> {
        let ids: Vec<AssetId> = known.keys().copied().collect();
        let mut rows = BTreeMap::new();
        for ids in ids.chunks(BATCH) {
            let own = of_assets(ids).filter(Column::State.eq(State::Open));
            let own = own.filter(Column::Kind.eq(Kind::Duplicate)).all(&self.txn).await?;
            let others = of_others(ids).all(&self.txn).await?;
            rows.extend(own.into_iter().chain(others).map(|row| (row.id, row)));
        }
        let both = rows.values().flat_map(|row| [Some(row.asset_id), row.other_id]).flatten();
        let unread: BTreeSet<AssetId> = both.filter(|id| !known.contains_key(id)).collect();
        let unread: Vec<AssetId> = unread.into_iter().collect();
        known.extend(self.assets_seen(&unread).await?);
        let today = self.today();
        for row in rows.values() {
            let pair = (known.get(&row.asset_id), row.other_id.and_then(|id| known.get(&id)));
            let is_same = matches!(pair, (Some(one), Some(other)) if rules::is_same(one, other));
            if !is_same {
                self.change::<Entity>(row, rules::clear(row, today)).await?;
            }
        }
        Ok(())
    }

    /// Pairs assets of a place with the first that was registered of what is the same.
    async fn pair(
        &self,
        area: AreaCode,
        compared: &[&asset::Model],
        pairs: &mut BTreeMap<(AssetId, AssetId), Model>,
    ) -> Result<()> {
        let values: BTreeSet<Money> =
            compared.iter().filter_map(|asset| asset.original_value).collect();
        let values: Vec<Money> = values.into_iter().collect();
        let mut by_value: HashMap<Option<Money>, Vec<asset::Model>> = HashMap::new();
        for values in values.chunks(BATCH) {
            for asset in valued(area, values).all(&self.txn).await? {
                by_value.entry(asset.original_value).or_default().push(asset);
            }
        }
        let today = self.today();
        for asset in compared {
            let alike = by_value.get(&asset.original_value).into_iter().flatten();
            let same: Vec<&asset::Model> =
                alike.filter(|other| rules::is_same(asset, other)).collect();
            let Some(first) = same.iter().min_by_key(|other| other.id) else { continue };
            if first.id < asset.id {
                let row = rules::duplicate(asset, first, today);
                pairs.insert((asset.id, first.id), row);
                continue;
            }
            for other in same {
                let row = rules::duplicate(other, asset, today);
                pairs.insert((other.id, asset.id), row);
            }
        }
        Ok(())
    }
}

impl Read<'_> {
    /// What speaks, or spoke, against what the ledger says of an asset, the latest last. Only whoever may
    /// see the asset is told.
    pub async fn discrepancies_of(&self, id: AssetId) -> Result<Vec<Model>> {
        self.get::<asset::Entity>(id).await?;
        Ok(of_assets(&[id]).all(self.connection()).await?)
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{
        ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable, Values,
    };

    use super::*;

    #[tokio::test]
    async fn what_an_asset_is_compared_with_is_looked_up() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let area: AreaCode = "520381100201".parse().expect("a code");
        let ids = [AssetId(3), AssetId(9)];
        let values = [Money::from_fen(100), Money::from_fen(250)];
        let statements = [
            (of_assets(&ids[..1]).build(DbBackend::Sqlite), "discrepancy_of_asset"),
            (
                of_assets(&ids).filter(Column::State.eq(State::Open)).build(DbBackend::Sqlite),
                "discrepancy_of_asset",
            ),
            (of_others(&ids).build(DbBackend::Sqlite), "discrepancy_of_other"),
            (valued(area, &values).build(DbBackend::Sqlite), "asset_by_value_at"),
            (valued(area, &values[..1]).build(DbBackend::Sqlite), "asset_by_value_at"),
        ];
        for (statement, index) in statements {
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let values = statement.values.unwrap_or(Values(Vec::new()));
            let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.0);
            let rows = connection.query_all_raw(explain).await.expect("a plan");
            let plan: Vec<String> =
                rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect();
            assert!(!plan.iter().any(|step| step.starts_with("SCAN")), "{plan:#?}");
            assert!(plan.iter().any(|step| step.contains(index)), "{plan:#?}");
        }
    }
}
