//! Revival plans: those of an asset; and the sums from which the rate of revival is told. The sums are
//! counted from two indexes that hold what lies idle and what is planned, and nothing else: what they
//! cost follows what they count.

use chrono::NaiveDate;
use entity::{
    area::{AreaCode, Level},
    asset,
    id::AssetId,
    money::Money,
    revival::{Batch, Column, Entity, Model, State},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use super::{Read, Write, list::standing_assets, report::digits_of, scope};
use crate::{domain::revival::Sum, error::Result};

impl Write {
    /// The plans of an asset, in the order of their ids.
    pub async fn revivals_of(&self, id: AssetId) -> Result<Vec<Model>> {
        let query = self.find::<Entity>().filter(Column::AssetId.eq(id));
        Ok(query.order_by_asc(Column::Id).all(&self.txn).await?)
    }
}

/// What is counted by the area it lies in.
type Grouped = Vec<(AreaCode, Sum)>;

/// The areas of a level as an expression, by the first digits of the area a row lies in.
fn areas(table: &str, level: Level) -> Expr {
    Expr::cust(format!("substr({table}.area_code, 1, {})", digits_of(level)))
}

/// Idle and low-yield assets of an area that have been so since a day or before; one of which that is
/// not recorded is counted on every day.
fn unused(area: AreaCode, day: NaiveDate) -> Select<asset::Entity> {
    let (first, last) = scope::range(area, "scope of what lies idle");
    asset::Entity::find()
        .filter(asset::Column::AreaCode.between(first, last))
        // by these very words the index is found that holds nothing else
        .filter(Expr::cust("asset.state = 'held' AND asset.use_state IN ('idle', 'low_yield')"))
        .filter(standing_assets())
        .filter(asset::Column::IdleSince.is_null().or(asset::Column::IdleSince.lte(day)))
}

/// The plans of an area.
fn plans(area: AreaCode) -> Select<Entity> {
    let (first, last) = scope::range(area, "scope of plans counted");
    Entity::find().filter(Column::AreaCode.between(first, last))
}

/// How many rows and what they come to.
fn counted<E: EntityTrait>(query: Select<E>, value: &str) -> Select<E> {
    let value = Expr::cust(format!("CAST(coalesce(SUM({value}), 0) AS bigint)"));
    query.expr_as(Expr::cust("count(*)"), "n").expr_as(value, "v")
}

/// The same by the areas of a level.
fn grouped<E: EntityTrait>(query: Select<E>, (table, value): (&str, &str), by: Level) -> Select<E> {
    let areas = areas(table, by);
    let query = query.select_only().expr_as(areas.clone(), "a");
    counted(query, value).group_by(areas)
}

fn summed((n, fen): (i64, i64)) -> Sum {
    Sum { n, value: Money::from_sum(fen) }
}

/// Plans by their part of the four batches, how far they are, and whether they are late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfBatch {
    /// Which part.
    pub batch: Batch,
    /// How far.
    pub state: State,
    /// Whether the target has passed.
    pub is_late: bool,
    /// How many, and what their assets cost.
    pub sum: Sum,
}

impl Read<'_> {
    async fn by_area<E: EntityTrait>(
        &self,
        query: Select<E>,
        of: (&str, &str),
        by: Level,
    ) -> Result<Grouped> {
        let rows: Vec<(String, i64, i64)> =
            grouped(query, of, by).into_tuple().all(self.connection()).await?;
        let told = rows.into_iter().filter_map(|(digits, n, fen)| {
            Some((format!("{digits:0<12}").parse().ok()?, summed((n, fen))))
        });
        Ok(told.collect())
    }

    /// What lies idle or yields little since a day or before, by the areas of a level.
    pub async fn unused(&self, area: AreaCode, day: NaiveDate, by: Level) -> Result<Grouped> {
        let area = self.area_within(Some(area)).await?;
        self.by_area(unused(area, day), ("asset", "asset.original_value"), by).await
    }

    /// What was verified to be back in use between two days, by the areas of a level.
    pub async fn revived(
        &self,
        area: AreaCode,
        (first, last): (NaiveDate, NaiveDate),
        by: Level,
    ) -> Result<Grouped> {
        let area = self.area_within(Some(area)).await?;
        let query = plans(area).filter(Column::State.eq(State::Closed));
        let query = query.filter(Column::EndedOn.between(first, last));
        self.by_area(query, ("revival", "revival.value"), by).await
    }

    /// What was in need on a day and was verified to be back in use later, by the areas of a level.
    pub async fn revived_later(
        &self,
        area: AreaCode,
        day: NaiveDate,
        by: Level,
    ) -> Result<Grouped> {
        let area = self.area_within(Some(area)).await?;
        let query = plans(area).filter(Column::State.eq(State::Closed));
        let query = query.filter(Column::EndedOn.gt(day)).filter(Column::NeededSince.lte(day));
        self.by_area(query, ("revival", "revival.value"), by).await
    }

    /// The plans that run, by the areas of a level; the late ones alone, where a day is named.
    pub async fn running_plans(
        &self,
        area: AreaCode,
        late_on: Option<NaiveDate>,
        by: Level,
    ) -> Result<Grouped> {
        let area = self.area_within(Some(area)).await?;
        let mut query = plans(area).filter(Column::State.is_in(RUNNING));
        if let Some(day) = late_on {
            query = query.filter(Column::TargetOn.lt(day));
        }
        self.by_area(query, ("revival", "revival.value"), by).await
    }

    /// The plans of an area by batch and state: those that run, and those that came to their end
    /// between two days.
    pub async fn plans_by_batch(
        &self,
        area: AreaCode,
        (first, last): (NaiveDate, NaiveDate),
        today: NaiveDate,
    ) -> Result<Vec<OfBatch>> {
        let area = self.area_within(Some(area)).await?;
        let runs = Column::State.is_in(RUNNING);
        let late = Expr::case(Column::TargetOn.lt(today), 1).finally(0);
        let query = plans(area)
            .filter(runs.or(Column::EndedOn.between(first, last)))
            .select_only()
            .column(Column::Batch)
            .column(Column::State)
            .expr_as(Expr::expr(late).cast_as("bigint"), "late")
            .group_by(Column::Batch)
            .group_by(Column::State)
            .group_by(Expr::cust("late"));
        let rows: Vec<(Batch, State, i64, i64, i64)> =
            counted(query, "revival.value").into_tuple().all(self.connection()).await?;
        let told = rows.into_iter().map(|(batch, state, late, n, fen)| OfBatch {
            batch,
            state,
            is_late: late == 1 && state.is_running(),
            sum: summed((n, fen)),
        });
        Ok(told.collect())
    }
}

const RUNNING: [State; 3] = [State::Proposed, State::Approved, State::Done];

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable};

    use super::*;

    #[tokio::test]
    async fn sums_are_counted_from_an_index_of_their_own() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let area: AreaCode = "520381000000".parse().expect("a code");
        let day: NaiveDate = "2026-06-01".parse().expect("a day");
        let idle = grouped(unused(area, day), ("asset", "asset.original_value"), Level::Town);
        let closed = plans(area).filter(Column::State.eq(State::Closed));
        let closed = closed.filter(Column::EndedOn.between(day, day));
        let closed = grouped(closed, ("revival", "revival.value"), Level::Town);
        let built = [
            (idle.build(DbBackend::Sqlite), "asset_unused"),
            (closed.build(DbBackend::Sqlite), "revival_counted"),
        ];
        for (statement, index) in built {
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let values = statement.values.map(|values| values.0).unwrap_or_default();
            let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
            let rows = connection.query_all_raw(explain).await.expect("a plan");
            let steps = rows.iter().map(|row| String::try_get(row, "", "detail").expect("text"));
            let plan = steps.collect::<Vec<_>>().join("\n");
            assert!(plan.contains(&format!("COVERING INDEX {index} (area_code>?")), "{plan}");
        }
    }
}
