//! Until when assets may be inspected in time: kept up whenever an asset is judged, as findings are,
//! and read in the order of urgency.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    area::{AreaCode, Level},
    duty::Kind,
    id::AssetId,
    inspection_due::{Column, Entity, Model},
    upkeep,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::{Dossier, Read, Write, dossier::among, insert::insert_rows, scope};
use crate::{
    domain::{deficiency, setting::LocalRules},
    error::Result,
};

/// Rows of one statement.
const ROWS: usize = 2_000;

/// Where an asset stands among those that are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Behind a day and an asset: the most urgent first, of one county.
    Day(NaiveDate, AssetId),
    /// Behind an area and an asset, of several counties.
    Area(AreaCode, AssetId),
}

/// What the rules say of an asset on a day.
pub(super) fn due(dossier: &Dossier, local: &LocalRules, today: NaiveDate) -> Option<Model> {
    let asset = &dossier.asset;
    let thresholds = local.thresholds(asset.area_code, today);
    let facts = dossier.facts();
    let due_on = deficiency::inspection_due(&facts, &thresholds, today)?;
    let interval = deficiency::inspection_interval(&facts, &thresholds, today);
    let borne = |kind| deficiency::running(&facts, kind, today);
    Some(Model {
        asset_id: asset.id,
        area_code: asset.area_code,
        due_on,
        subclass: asset.subclass,
        interval_days: interval.and_then(|days| i32::try_from(days).ok()).unwrap_or(i32::MAX),
        organization_id: borne(Kind::Maintainer).and_then(|duty| duty.organization_id),
        person_id: borne(Kind::Keeper).and_then(|duty| duty.person_id),
    })
}

impl Write {
    /// Keeps the days of assets that are new.
    pub(super) async fn begin_due(&mut self, made: &[Dossier], local: &LocalRules) -> Result<()> {
        let today = self.today();
        let rows: Vec<Model> = made.iter().filter_map(|one| due(one, local, today)).collect();
        Ok(insert_rows::<Entity>(&self.txn, &rows).await?)
    }

    /// Keeps the days of assets that were judged anew, where they are others than before.
    pub(super) async fn keep_due(
        &mut self,
        dossiers: &[Dossier],
        local: &LocalRules,
    ) -> Result<()> {
        let ids: Vec<AssetId> = dossiers.iter().map(|one| one.asset.id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let kept = Entity::find().filter(among(Column::AssetId, &ids)).all(&self.txn).await?;
        let mut kept: HashMap<AssetId, Model> =
            kept.into_iter().map(|row| (row.asset_id, row)).collect();
        let (mut changed, mut over) = (Vec::new(), Vec::new());
        let today = self.today();
        for dossier in dossiers {
            let before = kept.remove(&dossier.asset.id);
            let after = due(dossier, local, today);
            if before != after {
                self.pending.mark(dossier.asset.area_code.county());
                match after {
                    Some(row) => changed.push(row),
                    None => over.push(dossier.asset.id),
                }
            }
        }
        for batch in changed.chunks(ROWS) {
            let rows = batch.iter().cloned().map(|row| row.into_active_model().reset_all());
            let same = OnConflict::column(Column::AssetId)
                .update_columns([
                    Column::AreaCode,
                    Column::DueOn,
                    Column::Subclass,
                    Column::IntervalDays,
                    Column::OrganizationId,
                    Column::PersonId,
                ])
                .to_owned();
            Entity::insert_many(rows).on_conflict(same).exec_without_returning(&self.txn).await?;
        }
        for batch in over.chunks(ROWS) {
            let gone = Entity::delete_many().filter(Column::AssetId.is_in(batch.iter().copied()));
            gone.exec(&self.txn).await?;
        }
        Ok(())
    }
}

/// Those of an area that are due by a day, behind a place.
fn listed(area: AreaCode, until: NaiveDate, after: Option<Place>) -> Select<Entity> {
    let (first, last) = scope::range(area, "scope of inspections due");
    let query = Entity::find().filter(Column::DueOn.lte(until));
    let row = |columns: [Column; 2]| Expr::tuple(columns.map(|one| Expr::col((Entity, one))));
    if area.level() < Level::County {
        let mut query = query.filter(Column::AreaCode.between(first, last));
        if let Some(Place::Area(area, asset)) = after {
            let behind = row([Column::AreaCode, Column::AssetId]);
            query = query.filter(behind.gt(Expr::tuple([Expr::val(area), Expr::val(asset)])));
        }
        return query.order_by_asc(Column::AreaCode).order_by_asc(Column::AssetId);
    }
    let county = Expr::cust("substr(area_code, 1, 6)").eq(area.county().as_str());
    let mut query = query.filter(county);
    if area.level() > Level::County {
        // so that it is not read by the index of places and sorted
        let code = || Expr::cust("coalesce(area_code, '')");
        query = query.filter(code().gte(first)).filter(code().lte(last));
    }
    if let Some(Place::Day(day, asset)) = after {
        let behind = row([Column::DueOn, Column::AssetId]);
        // the plain bound is what the index can use
        query = query
            .filter(Column::DueOn.gte(day))
            .filter(behind.gt(Expr::tuple([Expr::val(day), Expr::val(asset)])));
    }
    query.order_by_asc(Column::DueOn).order_by_asc(Column::AssetId)
}

impl Read<'_> {
    /// Assets of an area within the scope that are due to be inspected by a day, the most urgent
    /// first; of several counties, by place.
    pub async fn inspections_due(
        &self,
        area: AreaCode,
        until: NaiveDate,
        after: Option<Place>,
        limit: u64,
    ) -> Result<Vec<Model>> {
        let area = self.area_within(Some(area)).await?;
        Ok(listed(area, until, after).limit(limit).all(self.connection()).await?)
    }

    /// How some assets were found last; those outside the scope are left out.
    pub async fn upkeeps_of(&self, ids: &[AssetId]) -> Result<HashMap<AssetId, upkeep::Model>> {
        let query = self.find::<upkeep::Entity>();
        let query = query.filter(upkeep::Column::AssetId.is_in(ids.iter().copied()));
        let rows = query.all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.asset_id, row)).collect())
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
    async fn every_page_is_read_from_an_index_in_its_order() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let until: NaiveDate = "2026-06-01".parse().expect("a day");
        for (area, index) in [
            ("520000000000", "inspection_due_by_area"),
            ("520381000000", "inspection_due_by_day"),
            ("520381100000", "inspection_due_by_day"),
            ("520381100201", "inspection_due_by_day"),
        ] {
            let area: AreaCode = area.parse().expect("a code");
            let places =
                [None, Some(Place::Day(until, AssetId(7))), Some(Place::Area(area, AssetId(7)))];
            for after in places {
                let statement = listed(area, until, after).limit(20).build(DbBackend::Sqlite);
                let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
                let values = statement.values.unwrap_or(Values(Vec::new()));
                let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.0);
                let rows = connection.query_all_raw(explain).await.expect("a plan");
                let plan: Vec<String> = rows
                    .iter()
                    .map(|row| String::try_get(row, "", "detail").expect("text"))
                    .collect();
                let bad = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
                assert!(!plan.iter().any(bad), "{}\n{plan:#?}", statement.sql);
                assert!(plan.iter().any(|step| step.contains(index)), "{plan:#?}");
            }
        }
    }
}
