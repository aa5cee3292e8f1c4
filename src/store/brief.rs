//! What a brief counts beside the kept sums, town by town: each figure one query by an index, whatever
//! the size of the ledger.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::{
    area::AreaCode, budget, finding, inspection, inspection_due, money::Money, rectification,
    spending, work_order,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Func},
};

use super::{Read, scope};
use crate::{clock::day_begins, domain::brief::Month, error::Result};

/// The name of the scope filter of what a brief counts.
const SCOPE: &str = "scope of what a brief counts";

/// What of a town is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Told {
    /// Rectifications that are late today.
    Late,
    /// Inspections of the month.
    Inspected,
    /// Assets that are to be inspected by the end of the month, or were to be.
    Due,
    /// Work orders that were found in the month.
    OrdersFound,
    /// Work orders that came to their end in it.
    OrdersEnded,
    /// Work orders that are open today.
    OrdersOpen,
    /// Those of them that are late.
    OrdersLate,
    /// Money set aside for the year, in fen.
    SetAside,
    /// What of it is spent today, in fen.
    Spent,
    /// What was paid in the month, in fen.
    Paid,
}

/// Figures by town.
pub type Figures = HashMap<Told, BTreeMap<AreaCode, i64>>;

/// Rows of a county or a town, by town, added up as an expression says.
struct Rows {
    area: AreaCode,
    sum: &'static str,
}

impl Rows {
    const fn counted(area: AreaCode) -> Rows {
        Rows { area, sum: "count(*)" }
    }

    const fn money(area: AreaCode, sum: &'static str) -> Rows {
        Rows { area, sum }
    }

    /// Rows that an index of their place finds.
    fn by_place<E: EntityTrait>(&self, area: E::Column) -> Select<E> {
        let (first, last) = scope::range(self.area, SCOPE);
        self.grouped(E::find().filter(area.between(first, last)))
    }

    /// Rows that an index of their county and a day finds.
    fn by_day<E: EntityTrait>(&self, area: E::Column) -> Select<E> {
        let (first, last) = scope::range(self.area, SCOPE);
        // as an expression, so that it is not read by an index of another order
        let code = || {
            let column = || Expr::col((E::default(), area));
            Expr::expr(Func::coalesce([column(), column()]))
        };
        let county = Expr::cust("substr(area_code, 1, 6)").eq(self.area.county().as_str());
        self.grouped(E::find().filter(county).filter(code().gte(first)).filter(code().lte(last)))
    }

    fn grouped<E: EntityTrait>(&self, query: Select<E>) -> Select<E> {
        let town = || Expr::cust("substr(area_code, 1, 9)");
        query
            .select_only()
            .expr_as(town(), "town")
            .expr_as(Expr::cust(self.sum), "n")
            .group_by(town())
    }
}

fn late(area: AreaCode, today: NaiveDate) -> Select<finding::Entity> {
    use finding::Column;
    let to_do = [rectification::State::Open, rectification::State::Underway];
    Rows::counted(area)
        .by_place::<finding::Entity>(Column::AreaCode)
        .filter(Column::Progress.is_in(to_do))
        .filter(Column::DueOn.lt(today))
        .filter(Column::ClosedOn.is_null())
        .filter(Column::IsStanding.eq(true))
        .filter(Column::IsWaived.eq(false))
}

fn inspected(area: AreaCode, month: Month) -> Select<inspection::Entity> {
    use inspection::Column;
    let (begin, end) = (day_begins(month.first()), day_begins(month.next()));
    Rows::counted(area)
        .by_day::<inspection::Entity>(Column::AreaCode)
        .filter(Column::InspectedAt.gte(begin))
        .filter(Column::InspectedAt.lt(end))
}

fn due(area: AreaCode, month: Month) -> Select<inspection_due::Entity> {
    use inspection_due::Column;
    let rows = Rows::counted(area).by_day::<inspection_due::Entity>(Column::AreaCode);
    rows.filter(Column::DueOn.lte(month.last()))
}

fn found(area: AreaCode, month: Month) -> Select<work_order::Entity> {
    use work_order::Column;
    let (begin, end) = (day_begins(month.first()), day_begins(month.next()));
    Rows::counted(area)
        .by_day::<work_order::Entity>(Column::AreaCode)
        .filter(Column::FoundAt.gte(begin))
        .filter(Column::FoundAt.lt(end))
}

fn ended(area: AreaCode, month: Month) -> Select<work_order::Entity> {
    use work_order::Column;
    let (begin, end) = (day_begins(month.first()), day_begins(month.next()));
    Rows::counted(area)
        .by_day::<work_order::Entity>(Column::AreaCode)
        .filter(Column::EndedAt.is_not_null())
        .filter(Column::EndedAt.gte(begin))
        .filter(Column::EndedAt.lt(end))
}

/// Work orders that are open; by a day those that are late.
fn open(area: AreaCode, late_on: Option<NaiveDate>) -> Select<work_order::Entity> {
    use work_order::{Column, State};
    // in the words of the index, which is of these rows alone
    let is_not = |state: State| Expr::cust(format!("state <> '{}'", state.code()));
    let rows = Rows::counted(area)
        .by_place::<work_order::Entity>(Column::AreaCode)
        .filter(is_not(State::Accepted))
        .filter(is_not(State::Dismissed));
    match late_on {
        Some(today) => rows.filter(Column::DueOn.lt(today)),
        None => rows,
    }
}

fn budgets(area: AreaCode, year: i32, sum: &'static str) -> Select<budget::Entity> {
    let rows = Rows::money(area, sum).by_day::<budget::Entity>(budget::Column::AreaCode);
    rows.filter(budget::Column::Year.eq(year))
}

fn paid(area: AreaCode, month: Month) -> Select<spending::Entity> {
    use spending::Column;
    Rows::money(area, "CAST(SUM(amount) AS bigint)")
        .by_day::<spending::Entity>(Column::AreaCode)
        .filter(Column::PaidOn.gte(month.first()))
        .filter(Column::PaidOn.lt(month.next()))
        .filter(Column::State.eq(spending::State::Paid))
}

impl Read<'_> {
    /// What a brief counts of the towns of a county, or of one town, in a month of a year.
    pub async fn brief_figures(&self, area: AreaCode, month: Month, year: i32) -> Result<Figures> {
        let area = self.area_within(Some(area)).await?;
        let today = self.today();
        let mut figures = Figures::new();
        figures.insert(Told::Late, self.by_town(late(area, today)).await?);
        figures.insert(Told::Inspected, self.by_town(inspected(area, month)).await?);
        figures.insert(Told::Due, self.by_town(due(area, month)).await?);
        figures.insert(Told::OrdersFound, self.by_town(found(area, month)).await?);
        figures.insert(Told::OrdersEnded, self.by_town(ended(area, month)).await?);
        figures.insert(Told::OrdersOpen, self.by_town(open(area, None)).await?);
        figures.insert(Told::OrdersLate, self.by_town(open(area, Some(today))).await?);
        let set_aside = budgets(area, year, "CAST(SUM(set_aside) AS bigint)");
        figures.insert(Told::SetAside, self.by_town(set_aside).await?);
        let spent = budgets(area, year, "CAST(SUM(spent) AS bigint)");
        figures.insert(Told::Spent, self.by_town(spent).await?);
        figures.insert(Told::Paid, self.by_town(paid(area, month)).await?);
        Ok(figures)
    }

    async fn by_town<E: EntityTrait>(&self, query: Select<E>) -> Result<BTreeMap<AreaCode, i64>> {
        let rows = query.into_tuple::<(String, i64)>().all(self.connection()).await?;
        let town = |(town, n): (String, i64)| Some((format!("{town:0<12}").parse().ok()?, n));
        Ok(rows.into_iter().filter_map(town).collect())
    }
}

/// An amount of the figures of a town.
pub fn amount(figures: &Figures, told: Told, town: AreaCode) -> Money {
    Money::from_sum(number(figures, told, town))
}

/// A number of the figures of a town.
pub fn number(figures: &Figures, told: Told, town: AreaCode) -> i64 {
    figures.get(&told).and_then(|by| by.get(&town)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{
        ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable, Values,
    };

    use super::*;

    async fn uses<E: EntityTrait>(
        connection: &impl ConnectionTrait,
        query: Select<E>,
        index: &str,
    ) {
        let statement = query.build(DbBackend::Sqlite);
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let values = statement.values.unwrap_or(Values(Vec::new())).0;
        let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        let rows = connection.query_all_raw(explain).await.expect("a plan");
        let steps = rows.iter().map(|row| String::try_get(row, "", "detail").expect("text"));
        let plan = steps.collect::<Vec<_>>().join("\n");
        assert!(plan.contains(index) && !plan.contains("SCAN"), "{}\n{plan}", statement.sql);
    }

    #[tokio::test]
    async fn every_figure_is_found_by_an_index() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let today: NaiveDate = "2026-06-01".parse().expect("a day");
        let month = Month::of(today);
        for area in ["520381000000", "520381100000"] {
            let area: AreaCode = area.parse().expect("a code");
            uses(&connection, late(area, today), "finding_in_hand").await;
            uses(&connection, inspected(area, month), "inspection_by_time").await;
            uses(&connection, due(area, month), "inspection_due_by_day").await;
            uses(&connection, found(area, month), "work_order_found").await;
            uses(&connection, ended(area, month), "work_order_ended").await;
            uses(&connection, open(area, None), "work_order_open").await;
            uses(&connection, open(area, Some(today)), "work_order_open").await;
            let sum = "CAST(SUM(spent) AS bigint)";
            uses(&connection, budgets(area, 2026, sum), "budget_by_year").await;
            uses(&connection, paid(area, month), "spending_by_day").await;
        }
    }
}
