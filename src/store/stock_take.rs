//! Stock-takes: those of a year, their lines in order, what was found beside them, which places have
//! assets to count, and how an asset was counted last.

use std::collections::BTreeMap;

use entity::{
    area::AreaCode,
    asset,
    finding::tally,
    id::{AssetId, StockLineId, StockTakeId},
    stock_find, stock_line,
    stock_take::{Column, Entity, Model, State},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, ExprTrait},
};

use super::{Read, Write, scope};
use crate::{error::Result, limits};

/// The digits at which the kept sums of the smallest places are.
const PLACE_DIGITS: i32 = 12;

/// The lines of a stock-take behind a place, in their order.
fn lines_behind(id: StockTakeId, place: i32) -> Select<stock_line::Entity> {
    stock_line::Entity::find()
        .filter(stock_line::Column::StockTakeId.eq(id))
        .filter(stock_line::Column::Place.gt(place))
        .order_by_asc(stock_line::Column::Place)
}

fn finds_of(id: StockTakeId) -> Select<stock_find::Entity> {
    let query = stock_find::Entity::find().filter(stock_find::Column::StockTakeId.eq(id));
    query.order_by_asc(stock_find::Column::AreaCode).order_by_asc(stock_find::Column::Id)
}

/// The stock-takes of a year in a county, or in a part of it.
fn of_year(area: AreaCode, year: i32) -> Select<Entity> {
    let (first, last) = scope::range_of::<Entity>(area, "scope of stock-takes of a year");
    let county = Expr::cust("substr(area_code, 1, 6)").eq(area.county().as_str());
    let query = Entity::find().filter(county).filter(Column::Year.eq(year));
    // so that it is not read by the index of places and sorted
    let code = || Expr::cust("coalesce(area_code, '')");
    query
        .filter(code().gte(first))
        .filter(code().lte(last))
        .order_by_asc(Column::AreaCode)
        .order_by_asc(Column::Id)
}

impl Read<'_> {
    /// The lines of a stock-take behind a place, in their order. Only whoever may see the stock-take is
    /// told.
    pub async fn stock_lines(
        &self,
        id: StockTakeId,
        place: i32,
        limit: u64,
    ) -> Result<Vec<stock_line::Model>> {
        self.get::<Entity>(id).await?;
        Ok(lines_behind(id, place).limit(limit).all(self.connection()).await?)
    }

    /// The lines of a stock-take that were missing or in another state, in their order. Only whoever may
    /// see the stock-take is told.
    pub async fn stock_lines_amiss(&self, id: StockTakeId) -> Result<Vec<stock_line::Model>> {
        self.get::<Entity>(id).await?;
        let amiss = [stock_line::Outcome::Missing, stock_line::Outcome::Changed];
        let query = lines_behind(id, 0).filter(stock_line::Column::Outcome.is_in(amiss));
        Ok(query.limit(limits::PAGE_ROWS).all(self.connection()).await?)
    }

    /// What was found beside the lines of a stock-take. Only whoever may see the stock-take is told.
    pub async fn stock_finds(&self, id: StockTakeId) -> Result<Vec<stock_find::Model>> {
        self.get::<Entity>(id).await?;
        Ok(finds_of(id).all(self.connection()).await?)
    }

    /// The stock-takes of a year in a county, or in a part of it, by place.
    pub async fn stock_takes_of(&self, area: AreaCode, year: i32) -> Result<Vec<Model>> {
        let area = self.area_within(Some(area)).await?;
        Ok(of_year(area, year).all(self.connection()).await?)
    }

    /// The places of an area that have assets on the ledger, and how many: from the kept sums.
    pub async fn places_to_count(&self, area: AreaCode) -> Result<BTreeMap<AreaCode, i64>> {
        let area = self.area_within(Some(area)).await?;
        let (first, last) = scope::range(area, "scope of places to count");
        let counted: Vec<(AreaCode, i64)> = tally::Entity::find()
            .select_only()
            .columns([tally::Column::AreaCode, tally::Column::N])
            .filter(tally::Column::Digits.eq(PLACE_DIGITS))
            .filter(tally::Column::Subject.eq(tally::ALL))
            .filter(tally::Column::AreaCode.between(first, last))
            .filter(tally::Column::IsStanding.eq(true))
            .into_tuple()
            .all(self.connection())
            .await?;
        let mut places = BTreeMap::new();
        for (area, n) in counted.into_iter().filter(|(_, n)| *n > 0) {
            *places.entry(area).or_default() += n;
        }
        Ok(places)
    }

    /// The last signed stock-take that counted an asset, and its line. Only whoever may see the asset
    /// is told; one of a place that the reader may not see is not.
    pub async fn counted_last(&self, id: AssetId) -> Result<Option<(Model, stock_line::Model)>> {
        self.get::<asset::Entity>(id).await?;
        let lines = self.find::<stock_line::Entity>().filter(stock_line::Column::AssetId.eq(id));
        let lines = lines.order_by_desc(stock_line::Column::StockTakeId).limit(limits::PAGE_ROWS);
        let lines = lines.all(self.connection()).await?;
        let ids: Vec<StockTakeId> = lines.iter().map(|line| line.stock_take_id).collect();
        let takes = self.some::<Entity>(&ids).await?;
        let signed = takes.into_iter().filter(|take| take.state != State::Counting);
        let last = signed.max_by_key(|take| (take.signed_on, take.id));
        Ok(last.and_then(|take| {
            let line = lines.into_iter().find(|line| line.stock_take_id == take.id)?;
            Some((take, line))
        }))
    }

    /// How many finds within an area nobody has settled yet.
    pub async fn n_open_finds(&self, area: AreaCode) -> Result<u64> {
        let (first, last) = scope::range_of::<stock_find::Entity>(area, "scope of open finds");
        let query = self.find::<stock_find::Entity>();
        let query = query.filter(stock_find::Column::AreaCode.between(first, last));
        // as the index has it, which holds those alone
        Ok(query.filter(Expr::cust("state = 'open'")).count(self.connection()).await?)
    }
}

impl Write {
    /// The stock-takes of one place.
    pub async fn stock_takes_at(&self, area: AreaCode) -> Result<Vec<Model>> {
        let query = self.find::<Entity>().filter(Column::AreaCode.eq(area));
        Ok(query.order_by_asc(Column::Id).all(&self.txn).await?)
    }

    /// The assets of one place that stand on the ledger: at most one more than a stock-take has lines.
    pub async fn standing_at(&self, area: AreaCode) -> Result<Vec<asset::Model>> {
        use asset::Column;
        let is_there = Column::Condition.is_null().or(Column::Condition.ne(asset::Condition::Gone));
        let query = self.find::<asset::Entity>().filter(Column::AreaCode.eq(area));
        let query = query.filter(Column::State.eq(asset::State::Held)).filter(is_there);
        let limit = u64::try_from(limits::STOCK_LINES + 1).unwrap_or(u64::MAX);
        Ok(query.order_by_asc(Column::Id).limit(limit).all(&self.txn).await?)
    }

    /// Every line of a stock-take, in order.
    pub async fn stock_lines(&self, id: StockTakeId) -> Result<Vec<stock_line::Model>> {
        Ok(lines_behind(id, 0).all(&self.txn).await?)
    }

    /// Lines of a stock-take by their ids, or by their assets.
    pub async fn stock_lines_named(
        &self,
        id: StockTakeId,
        lines: Vec<StockLineId>,
        assets: Vec<AssetId>,
    ) -> Result<Vec<stock_line::Model>> {
        let named = Condition::any()
            .add(stock_line::Column::Id.is_in(lines))
            .add(stock_line::Column::AssetId.is_in(assets));
        let query = self.find::<stock_line::Entity>();
        let query = query.filter(stock_line::Column::StockTakeId.eq(id)).filter(named);
        Ok(query.order_by_asc(stock_line::Column::Place).all(&self.txn).await?)
    }

    /// What was found beside the lines of a stock-take.
    pub async fn stock_finds(&self, id: StockTakeId) -> Result<Vec<stock_find::Model>> {
        Ok(finds_of(id).all(&self.txn).await?)
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
    async fn lines_finds_and_years_are_read_from_indexes_in_their_order() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let mut statements = vec![
            (lines_behind(StockTakeId(7), 3).build(DbBackend::Sqlite), "stock_line_in_order"),
            (finds_of(StockTakeId(7)).build(DbBackend::Sqlite), "stock_find_of_take"),
        ];
        for area in ["520381000000", "520381100000", "520381100201"] {
            let area: AreaCode = area.parse().expect("a code");
            statements.push((of_year(area, 2025).build(DbBackend::Sqlite), "stock_take_by_year"));
        }
        for (statement, index) in statements {
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let values = statement.values.unwrap_or(Values(Vec::new()));
            let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.0);
            let rows = connection.query_all_raw(explain).await.expect("a plan");
            let plan: Vec<String> =
                rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect();
            let bad = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
            assert!(!plan.iter().any(bad), "{}\n{plan:#?}", statement.sql);
            assert!(plan.iter().any(|step| step.contains(index)), "{plan:#?}");
        }
    }
}
