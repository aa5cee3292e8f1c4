//! Budgets: those of a year, what they come to, which public assets have none, and what there is and
//! what was spent of each kind in each place.

use chrono::Datelike;
use entity::{
    area::{AreaCode, Level},
    asset::{self, Class, Subclass, Unit},
    budget::{Column, Entity, Model},
    id::{AssetId, BudgetId, UpkeepFundId},
    money::Money,
    overspend, spending, upkeep_fund,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationDef, Select,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{Read, Subject, Write, scope};
use crate::{
    domain::budget::Target,
    error::{Error, Result},
    limits,
};

/// What budgets come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BudgetSums {
    /// How many there are.
    pub n: i64,
    /// What is set aside.
    pub set_aside: Money,
    /// What is committed.
    pub committed: Money,
    /// What is spent.
    pub spent: Money,
    /// What is left.
    pub remaining: Money,
}

/// So much of a kind in a place, in ten-thousandths of a unit.
pub type Stock = (AreaCode, Subclass, Unit, i64);
/// The same as the database tells it.
type SpentRow = (AreaCode, Option<Subclass>, Option<Unit>, i64);
/// So much spent on a kind in a place; what has no kind or no unit is told apart.
pub type Spent = (AreaCode, Option<Subclass>, Option<Unit>, Money);

fn sum(column: &str) -> Expr {
    Expr::cust(format!("CAST(coalesce(SUM({column}), 0) AS bigint)"))
}

fn within<E: Subject>(area: AreaCode, name: &str) -> Expr {
    let (first, last) = scope::range_of::<E>(area, name);
    E::AREA.between(first, last)
}

/// The budgets of a year in an area; of one asset only where that is on the books.
fn of_year(area: AreaCode, year: i32) -> Select<Entity> {
    let held = asset::Entity::find()
        .select_only()
        .column(asset::Column::Id)
        .filter(asset::Column::State.eq(asset::State::Held));
    let is_there = Condition::any()
        .add(Column::AssetId.is_null())
        .add(Column::AssetId.in_subquery(held.into_query()));
    Entity::find()
        .filter(within::<Entity>(area, "scope of budgets of a year"))
        .filter(Column::Year.eq(year))
        .filter(is_there)
        .order_by_asc(Column::AreaCode)
        .order_by_asc(Column::Id)
}

/// One more than may be copied at once, so that too many are known.
const COPIED: u64 = limits::BUDGETS_PER_COPY as u64 + 1;

impl Write {
    /// The budgets of a year that a fund has in an area itself.
    pub async fn budgets_from(
        &self,
        (fund, year): (UpkeepFundId, i32),
        area: AreaCode,
    ) -> Result<Vec<Model>> {
        let query = self
            .find::<Entity>()
            .filter(Column::FundId.eq(fund))
            .filter(Column::AreaCode.eq(area))
            .filter(Column::Year.eq(year));
        Ok(query.all(&self.txn).await?)
    }

    /// Funds of a source and a year that a place may be given money of: two at most, so that one is
    /// told from several.
    pub async fn funds_from(
        &self,
        (source, year): (upkeep_fund::Source, i32),
        area: AreaCode,
    ) -> Result<Vec<UpkeepFundId>> {
        use upkeep_fund::Column as Of;
        let holders = Level::ALL.iter().map(|level| area.at(*level));
        let query = self
            .find::<upkeep_fund::Entity>()
            .select_only()
            .column(Of::Id)
            .filter(Of::AreaCode.is_in(holders))
            .filter(Of::Year.eq(year))
            .filter(Of::Source.eq(source))
            .order_by_asc(Of::Id)
            .limit(2);
        Ok(query.into_tuple().all(&self.txn).await?)
    }

    /// The budgets of a year in an area, one more than may be copied at once at most.
    pub async fn budgets_of_year(&self, area: AreaCode, year: i32) -> Result<Vec<Model>> {
        if !self.actor.area().covers(&area) {
            return Err(Error::NotFound(entity::area::Entity::NOUN));
        }
        Ok(of_year(area, year).limit(COPIED).all(&self.txn).await?)
    }
}

/// Public assets that stand and for which nothing is set aside in a year.
fn unfunded(area: AreaCode, year: i32) -> Select<asset::Entity> {
    let budget =
        format!("SELECT 1 FROM budget WHERE budget.year = {year} AND budget.set_aside > 0");
    let own = format!("NOT EXISTS ({budget} AND budget.asset_id = asset.id)");
    let of_place = format!(
        "NOT EXISTS ({budget} AND budget.asset_id IS NULL \
         AND budget.area_code IN (asset.area_code, substr(asset.area_code, 1, 9) || '000') \
         AND (budget.subclass IS NULL OR budget.subclass = asset.subclass))"
    );
    standing()
        .filter(within::<asset::Entity>(area, "scope of assets without a budget"))
        .filter(asset::Column::Class.eq(Class::Public))
        .filter(asset::Column::Form.is_not_in([
            asset::Form::Equity,
            asset::Form::Debt,
            asset::Form::Fund,
        ]))
        .filter(Expr::cust(own))
        .filter(Expr::cust(of_place))
}

fn standing() -> Select<asset::Entity> {
    let is_there = Condition::any()
        .add(asset::Column::Condition.is_null())
        .add(asset::Column::Condition.ne(asset::Condition::Gone));
    asset::Entity::find().filter(asset::Column::State.eq(asset::State::Held)).filter(is_there)
}

/// A page of the assets behind a place.
fn page_of(
    query: Select<asset::Entity>,
    after: Option<(AreaCode, AssetId)>,
    limit: u64,
) -> Select<asset::Entity> {
    let mut query = query;
    if let Some((area, id)) = after {
        let column = |column| Expr::col((asset::Entity, column));
        let row = Expr::tuple([asset::Column::AreaCode, asset::Column::Id].map(column));
        query = query.filter(row.gt(Expr::tuple([Expr::val(area), Expr::val(id)])));
    }
    query.order_by_asc(asset::Column::AreaCode).order_by_asc(asset::Column::Id).limit(limit)
}

fn of_asset() -> RelationDef {
    spending::Entity::belongs_to(asset::Entity)
        .from(spending::Column::AssetId)
        .to(asset::Column::Id)
        .into()
}

impl Read<'_> {
    /// The budgets of a year in an area, one more than may be copied at once at most.
    pub async fn budgets_of_year(&self, area: AreaCode, year: i32) -> Result<Vec<Model>> {
        let area = self.area_within(Some(area)).await?;
        Ok(of_year(area, year).limit(COPIED).all(self.connection()).await?)
    }

    /// What the budgets of a year in an area come to.
    pub async fn budget_sums(&self, area: AreaCode, year: i32) -> Result<BudgetSums> {
        let area = self.area_within(Some(area)).await?;
        let query = Entity::find()
            .select_only()
            .expr_as(Expr::cust("count(*)"), "n")
            .expr_as(sum("budget.set_aside"), "a")
            .expr_as(sum("budget.committed"), "c")
            .expr_as(sum("budget.spent"), "s")
            .expr_as(sum("budget.remaining"), "r")
            .filter(within::<Entity>(area, "scope of sums of budgets"))
            .filter(Column::Year.eq(year));
        let row = query.into_tuple::<(i64, i64, i64, i64, i64)>().one(self.connection()).await?;
        let (n, set_aside, committed, spent, remaining) = row.unwrap_or_default();
        let money = Money::from_sum;
        Ok(BudgetSums {
            n,
            set_aside: money(set_aside),
            committed: money(committed),
            spent: money(spent),
            remaining: money(remaining),
        })
    }

    /// What all funds together set aside for the targets of some budgets, by target and year.
    pub async fn set_aside_for(&self, rows: &[Model]) -> Result<Vec<(Target, i32, Money)>> {
        let mut areas: Vec<AreaCode> = rows.iter().map(|row| row.area_code).collect();
        areas.sort_unstable();
        areas.dedup();
        let mut years: Vec<i32> = rows.iter().map(|row| row.year).collect();
        years.sort_unstable();
        years.dedup();
        let query = self
            .find::<Entity>()
            .select_only()
            .columns([Column::AreaCode, Column::AssetId, Column::Subclass, Column::Year])
            .expr_as(sum("budget.set_aside"), "a")
            .filter(Column::AreaCode.is_in(areas))
            .filter(Column::Year.is_in(years))
            .group_by(Column::AreaCode)
            .group_by(Column::AssetId)
            .group_by(Column::Subclass)
            .group_by(Column::Year);
        let rows = query.into_tuple::<(AreaCode, Option<AssetId>, Option<Subclass>, i32, i64)>();
        let rows = rows.all(self.connection()).await?;
        let told = rows.into_iter().map(|(area, asset, subclass, year, fen)| {
            (Target { area, asset, subclass }, year, Money::from_sum(fen))
        });
        Ok(told.collect())
    }

    /// Public assets for which nothing is set aside in a year, behind a place.
    pub async fn unfunded_assets(
        &self,
        (area, year): (AreaCode, i32),
        after: Option<(AreaCode, AssetId)>,
        limit: u64,
    ) -> Result<Vec<asset::Model>> {
        let area = self.area_within(Some(area)).await?;
        Ok(page_of(unfunded(area, year), after, limit).all(self.connection()).await?)
    }

    /// How many there are; so many at most.
    pub async fn n_unfunded(&self, area: AreaCode, year: i32) -> Result<u64> {
        let area = self.area_within(Some(area)).await?;
        let rows = unfunded(area, year)
            .select_only()
            .column(asset::Column::Id)
            .limit(limits::LIST_COUNTED)
            .into_query();
        let query = Query::select()
            .expr_as(Expr::cust("count(*)"), "n")
            .from_subquery(rows, "rows_counted")
            .to_owned();
        let row = self.connection().query_one(&query).await?;
        let n = row.map(|row| row.try_get::<i64>("", "n")).transpose()?;
        Ok(n.and_then(|n| u64::try_from(n).ok()).unwrap_or_default())
    }

    /// What stands in some areas, by place, kind and unit; that of a class alone where one is named.
    pub async fn stock(&self, areas: &[AreaCode], class: Option<Class>) -> Result<Vec<Stock>> {
        let own = self.actor().area();
        let seen = areas.iter().filter(|area| scope::covers(own, area, "scope of what stands"));
        let ranges = seen.map(|area| within::<asset::Entity>(*area, "scope of what stands"));
        let any = ranges.fold(Condition::any(), Condition::add);
        if any.is_empty() {
            return Ok(Vec::new());
        }
        let mut query = standing().filter(any);
        if let Some(class) = class {
            query = query.filter(asset::Column::Class.eq(class));
        }
        let query = query
            .select_only()
            .columns([asset::Column::AreaCode, asset::Column::Subclass, asset::Column::Unit])
            .expr_as(sum("asset.quantity"), "q")
            .filter(asset::Column::Subclass.is_not_null())
            .filter(asset::Column::Unit.is_not_null())
            .group_by(asset::Column::AreaCode)
            .group_by(asset::Column::Subclass)
            .group_by(asset::Column::Unit);
        Ok(query.into_tuple::<Stock>().all(self.connection()).await?)
    }

    /// What was paid out of the budgets of a year in an area, by place, kind and unit.
    pub async fn spent_by_kind(&self, area: AreaCode, year: i32) -> Result<Vec<Spent>> {
        let area = self.area_within(Some(area)).await?;
        let query = spending::Entity::find()
            .join(JoinType::InnerJoin, of_asset())
            .filter(within::<spending::Entity>(area, "scope of what was spent"))
            .filter(spending::Column::Year.eq(year))
            .filter(spending::Column::State.eq(spending::State::Paid))
            .select_only()
            .column(spending::Column::AreaCode)
            .column(asset::Column::Subclass)
            .column(asset::Column::Unit)
            .expr_as(sum("spending.amount"), "a")
            .group_by(spending::Column::AreaCode)
            .group_by(asset::Column::Subclass)
            .group_by(asset::Column::Unit);
        let rows = query.into_tuple::<SpentRow>().all(self.connection()).await?;
        let told = rows
            .into_iter()
            .map(|(area, kind, unit, fen)| (area, kind, unit, Money::from_sum(fen)));
        Ok(told.collect())
    }

    /// The spendings out of a budget that the reader may see, the newest first.
    pub async fn spendings_of(
        &self,
        budget: BudgetId,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<spending::Model>> {
        self.get::<Entity>(budget).await?;
        let mut query =
            self.find::<spending::Entity>().filter(spending::Column::BudgetId.eq(budget));
        if let Some(before) = before {
            query = query.filter(spending::Column::Id.lt(before));
        }
        let query = query.order_by_desc(spending::Column::Id).limit(limit);
        Ok(query.all(self.connection()).await?)
    }

    /// The spendings for an asset, the newest first, so many at most.
    pub async fn spendings_for(&self, asset: AssetId, limit: u64) -> Result<Vec<spending::Model>> {
        let query = self.find::<spending::Entity>().filter(spending::Column::AssetId.eq(asset));
        let query = query.order_by_desc(spending::Column::Id).limit(limit);
        Ok(query.all(self.connection()).await?)
    }

    /// What was paid for an asset out of the budgets of a year.
    pub async fn spent_on(&self, asset: AssetId, year: i32) -> Result<Money> {
        let query = self
            .find::<spending::Entity>()
            .select_only()
            .expr_as(sum("spending.amount"), "a")
            .filter(spending::Column::AssetId.eq(asset))
            .filter(spending::Column::Year.eq(year))
            .filter(spending::Column::State.eq(spending::State::Paid));
        let fen = query.into_tuple::<i64>().one(self.connection()).await?;
        Ok(Money::from_sum(fen.unwrap_or_default()))
    }

    /// The requests to overspend a budget, the newest first.
    pub async fn overspends_of(&self, budget: BudgetId) -> Result<Vec<overspend::Model>> {
        self.get::<Entity>(budget).await?;
        let query = self.find::<overspend::Entity>();
        let query = query.filter(overspend::Column::BudgetId.eq(budget));
        let query = query.order_by_desc(overspend::Column::Id).limit(limits::PAGE_ROWS);
        Ok(query.all(self.connection()).await?)
    }

    /// The budgets of a fund that the reader may see, by place.
    pub async fn budgets_of_fund(&self, fund: UpkeepFundId, limit: u64) -> Result<Vec<Model>> {
        let query = self.find::<Entity>().filter(Column::FundId.eq(fund));
        let query = query.order_by_asc(Column::AreaCode).order_by_asc(Column::Id).limit(limit);
        Ok(query.all(self.connection()).await?)
    }

    /// Funds from which something may still be set aside, the latest years first: what a form offers.
    pub async fn funds_offered(&self) -> Result<Vec<upkeep_fund::Model>> {
        use upkeep_fund::Column;
        let query = self
            .find::<upkeep_fund::Entity>()
            .filter(Expr::col(Column::SetAside).lt(Expr::col(Column::Received)))
            .filter(Column::Year.gte(self.today().year() - 5))
            .order_by_desc(Column::Year)
            .order_by_asc(Column::AreaCode)
            .order_by_asc(Column::Id)
            .limit(limits::FUNDS_OFFERED);
        Ok(query.all(self.connection()).await?)
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{Database, DbBackend, Statement, TryGetable, Values};

    use super::*;

    async fn plan<E: EntityTrait>(connection: &impl ConnectionTrait, query: Select<E>) -> String {
        let statement = query.build(DbBackend::Sqlite);
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let values = statement.values.unwrap_or(Values(Vec::new()));
        let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.0);
        let rows = connection.query_all_raw(explain).await.expect("a plan");
        let steps = rows.iter().map(|row| String::try_get(row, "", "detail").expect("text"));
        steps.collect::<Vec<_>>().join("\n")
    }

    #[tokio::test]
    async fn budgets_and_assets_without_one_are_found_by_their_place() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let county: AreaCode = "520381000000".parse().expect("a code");
        let steps = plan(&connection, of_year(county, 2026).limit(COPIED)).await;
        assert!(!steps.contains("SCAN budget") && !steps.contains("TEMP B-TREE"), "{steps}");
        for after in [None, Some((county, AssetId(7)))] {
            let query = page_of(unfunded(county, 2026), after, 20);
            let steps = plan(&connection, query).await;
            assert!(!steps.contains("SCAN") && !steps.contains("TEMP B-TREE"), "{steps}");
        }
    }
}
