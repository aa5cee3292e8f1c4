//! What waits for somebody beside findings: duties that are about to end, accounts whose owner has
//! not signed in yet.

use chrono::NaiveDate;
use entity::{
    account,
    area::{AreaCode, Level},
    asset, duty,
    one_time_link::{self, Purpose},
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Alias, Expr, ExprTrait, Func, Query, SelectStatement},
};

use super::{Read, scope};
use crate::{domain::permission::Action, error::Result};

/// Where a duty stands among those that end: its last day and its id.
pub type EndPlace = (NaiveDate, i64);

/// Duties of a county, or of a part of it, that end within some days and that none follows.
pub(super) fn ending(within: AreaCode, first: NaiveDate, last: NaiveDate) -> Select<duty::Entity> {
    use duty::Column;
    let (low, high) = scope::range(within, "scope of duties that end");
    // as an expression, so that it is not read by an index of another order and sorted
    let area = || {
        let column = || Expr::col((duty::Entity, Column::AreaCode));
        Expr::expr(Func::coalesce([column(), column()]))
    };
    duty::Entity::find()
        .filter(Expr::cust("substr(duty.area_code, 1, 6)").eq(within.county().as_str()))
        .filter(area().gte(low))
        .filter(area().lte(high))
        .filter(Column::UntilOn.between(first, last))
        .filter(Column::EndReason.is_null())
        .filter(Expr::exists(held()))
        .filter(Expr::exists(following()).not())
}

/// The asset of a duty, where it is on the books.
fn held() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(asset::Entity)
        .and_where(
            Expr::col((asset::Entity, asset::Column::Id))
                .equals((duty::Entity, duty::Column::AssetId)),
        )
        .and_where(asset::Column::State.eq(asset::State::Held))
        .to_owned()
}

/// A duty of the same kind that runs on when the duty has ended.
fn following() -> SelectStatement {
    let next = Alias::new("next");
    let column = |column: duty::Column| Expr::col((Alias::new("next"), column));
    let own = |column: duty::Column| (duty::Entity, column);
    let runs_on = column(duty::Column::UntilOn)
        .is_null()
        .or(column(duty::Column::UntilOn).gt(Expr::col(own(duty::Column::UntilOn))));
    Query::select()
        .expr(Expr::val(1))
        .from_as(duty::Entity, next)
        .and_where(column(duty::Column::AssetId).equals(own(duty::Column::AssetId)))
        .and_where(column(duty::Column::Kind).equals(own(duty::Column::Kind)))
        .and_where(runs_on)
        .to_owned()
}

fn next_ending(
    query: Select<duty::Entity>,
    after: Option<EndPlace>,
    limit: u64,
) -> Select<duty::Entity> {
    use duty::Column;
    let mut query = query;
    if let Some((day, id)) = after {
        let row = Expr::tuple(
            [Column::UntilOn, Column::Id].map(|column| Expr::col((duty::Entity, column))),
        );
        let place = Expr::tuple([Expr::val(day), Expr::val(id)]);
        query = query.filter(Column::UntilOn.gte(day)).filter(row.gt(place));
    }
    query.order_by_asc(Column::UntilOn).order_by_asc(Column::Id).limit(limit)
}

/// Accounts within an area that may act and whose first link nobody has opened.
fn invited(within: AreaCode) -> Select<account::Entity> {
    let (first, last) = scope::range(within, "scope of accounts that wait");
    let links = Query::select()
        .expr(Expr::val(1))
        .from(one_time_link::Entity)
        .and_where(
            Expr::col((one_time_link::Entity, one_time_link::Column::AccountId))
                .equals((account::Entity, account::Column::Id)),
        )
        .and_where(one_time_link::Column::Purpose.eq(Purpose::FirstSignIn))
        .and_where(one_time_link::Column::UsedAt.is_null())
        .to_owned();
    account::Entity::find()
        .filter(account::Column::AreaCode.between(first, last))
        .filter(account::Column::State.eq(account::State::Active))
        .filter(Expr::exists(links))
}

fn next_invited(
    query: Select<account::Entity>,
    after: Option<(AreaCode, i64)>,
    limit: u64,
) -> Select<account::Entity> {
    use account::Column;
    let mut query = query;
    if let Some((area, id)) = after {
        let row = Expr::tuple(
            [Column::AreaCode, Column::Id].map(|column| Expr::col((account::Entity, column))),
        );
        let place = Expr::tuple([Expr::val(area), Expr::val(id)]);
        query = query.filter(Column::AreaCode.gte(area)).filter(row.gt(place));
    }
    query.order_by_asc(Column::AreaCode).order_by_asc(Column::Id).limit(limit)
}

impl Read<'_> {
    /// How many duties within the reader's area end between two days with none that follows. Above
    /// a county nobody is told.
    pub async fn n_duties_ending(&self, first: NaiveDate, last: NaiveDate) -> Result<u64> {
        let own = self.actor().area();
        if own.level() < Level::County {
            return Ok(0);
        }
        Ok(ending(own, first, last).count(self.connection()).await?)
    }

    /// The next of them after a place, in the order of their last day.
    pub async fn duties_ending(
        &self,
        (first, last): (NaiveDate, NaiveDate),
        after: Option<EndPlace>,
        limit: u64,
    ) -> Result<Vec<duty::Model>> {
        let own = self.actor().area();
        if own.level() < Level::County {
            return Ok(Vec::new());
        }
        Ok(next_ending(ending(own, first, last), after, limit).all(self.connection()).await?)
    }

    /// How many accounts wait for their owner to sign in for the first time.
    pub async fn n_accounts_invited(&self) -> Result<u64> {
        self.require(Action::InviteAccount)?;
        Ok(invited(self.actor().area()).count(self.connection()).await?)
    }

    /// The next of them after a place, in the order of place.
    pub async fn accounts_invited(
        &self,
        after: Option<(AreaCode, i64)>,
        limit: u64,
    ) -> Result<Vec<account::Model>> {
        self.require(Action::InviteAccount)?;
        let query = next_invited(invited(self.actor().area()), after, limit);
        Ok(query.all(self.connection()).await?)
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
    async fn what_waits_is_read_from_indexes_in_its_order() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let day = |text: &str| -> NaiveDate { text.parse().expect("a day") };
        let (first, last) = (day("2026-06-01"), day("2026-07-01"));
        for area in ["520381000000", "520381100000", "520381100201"] {
            let area: AreaCode = area.parse().expect("a code");
            let mut statements = Vec::new();
            for after in [None, Some((first, 7))] {
                let query = next_ending(ending(area, first, last), after, 20);
                statements.push((query.build(DbBackend::Sqlite), "duty_by_end"));
            }
            for after in [None, Some((area, 7))] {
                let query = next_invited(invited(area), after, 20);
                statements.push((query.build(DbBackend::Sqlite), "account_by_area"));
            }
            for (statement, index) in statements {
                let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
                let values = statement.values.unwrap_or(Values(Vec::new()));
                let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.0);
                let rows = connection.query_all_raw(explain).await.expect("a plan");
                let plan: Vec<String> = rows
                    .iter()
                    .map(|row| String::try_get(row, "", "detail").expect("text"))
                    .collect();
                let bad = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
                assert!(!plan.iter().any(bad), "{plan:#?}");
                assert!(plan.iter().any(|step| step.contains(index)), "{plan:#?}");
            }
        }
    }
}
