//! What waits for somebody to approve, accept, decide or answer it, and what falls due between two
//! days. Each is read from an index that holds what waits and nothing else, or in the order of days.

use chrono::NaiveDate;
use entity::{
    area::{AreaCode, Level},
    attendance, fault_report, finding,
    id::AccountId,
    inspection, inspection_due,
    money::Money,
    overspend, stock_find, stock_take, welfare_post, work_order,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PrimaryKeyToColumn, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, ExprTrait},
};

use super::{
    Read, Subject,
    finding_list::TO_DO,
    reminder::{count, unindexed},
};
use crate::{error::Result, limits};

/// A queue: what waits for an action of somebody else than whoever prepared it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Estimates above one amount and up to another.
    Estimates(Money, Option<Money>),
    /// Repairs reported done.
    Repairs,
    /// Months of welfare posts.
    Months,
    /// Requests to overspend.
    Overspends,
    /// Reports of faults that were taken up and not answered.
    Reports,
    /// Stock-takes with lines that nobody has counted yet.
    StockCounts,
    /// Stock-takes whose every line is counted.
    StockTakes,
    /// What stock-takes found and was not on the ledger.
    StockFinds,
}

/// What lies in a pile, for whoever looks it over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pile {
    /// Work orders that have not come to their end.
    ToMend,
    /// Inspections of which every point was said to be good by one press.
    AllAtOnce,
    /// Work orders that were dismissed.
    RepairsDismissed,
    /// Reports of faults that were dismissed.
    ReportsDismissed,
}

impl Pile {
    /// Every pile.
    pub const ALL: [Pile; 4] =
        [Pile::ToMend, Pile::AllAtOnce, Pile::RepairsDismissed, Pile::ReportsDismissed];
}

/// What falls due on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dated {
    /// What the reader, or its unit, is to mend.
    Mending,
    /// The agreements of welfare posts.
    Posts,
    /// Inspections.
    Inspections,
    /// Repairs.
    Repairs,
    /// Duties that none follows.
    Duties,
}

/// Not prepared by the reader: whoever works at the machine has no account.
fn of_others<C: ColumnTrait>(column: C, own: Option<AccountId>) -> Condition {
    match own {
        Some(own) => Condition::any().add(column.is_null()).add(column.ne(own)),
        None => Condition::all().add(column.is_not_null()),
    }
}

fn estimates(
    query: Select<work_order::Entity>,
    (above, most): (Money, Option<Money>),
    own: Option<AccountId>,
) -> Select<work_order::Entity> {
    use work_order::Column;
    query
        // as the index has it
        .filter(Expr::cust("state NOT IN ('accepted', 'dismissed')"))
        .filter(Expr::cust("estimate > coalesce(approved, 0)"))
        .filter(Column::Estimate.gt(above))
        .filter(Condition::all().add_option(most.map(|most| Column::Estimate.lte(most))))
        .filter(of_others(Column::EstimatedBy, own))
}

fn repairs(
    query: Select<work_order::Entity>,
    own: Option<AccountId>,
) -> Select<work_order::Entity> {
    let done = query.filter(Expr::cust("state = 'done'"));
    done.filter(of_others(work_order::Column::ReportedBy, own))
}

fn months(query: Select<attendance::Entity>, own: Option<AccountId>) -> Select<attendance::Entity> {
    let open = query.filter(attendance::Column::ApprovedOn.is_null());
    open.filter(of_others(attendance::Column::RecordedBy, own))
}

fn overspends(
    query: Select<overspend::Entity>,
    own: Option<AccountId>,
) -> Select<overspend::Entity> {
    let asked = query.filter(Expr::cust("state = 'asked'"));
    asked.filter(of_others(overspend::Column::AskedBy, own))
}

fn to_mend(query: Select<work_order::Entity>) -> Select<work_order::Entity> {
    query.filter(Expr::cust("state NOT IN ('accepted', 'dismissed')"))
}

fn all_at_once(query: Select<inspection::Entity>) -> Select<inspection::Entity> {
    query.filter(Expr::cust("is_all_at_once"))
}

fn dismissed<E: Subject>(query: Select<E>) -> Select<E> {
    query.filter(Expr::cust("state = 'dismissed'"))
}

fn reports(query: Select<fault_report::Entity>) -> Select<fault_report::Entity> {
    query.filter(Expr::cust("state = 'accepted'"))
}

fn stock_takes(query: Select<stock_take::Entity>, are_counted: bool) -> Select<stock_take::Entity> {
    let counting = query.filter(Expr::cust("state = 'counting'"));
    counting.filter(Expr::cust(if are_counted {
        "n_found + n_missing + n_changed = n_expected"
    } else {
        "n_found + n_missing + n_changed < n_expected"
    }))
}

fn stock_finds(query: Select<stock_find::Entity>) -> Select<stock_find::Entity> {
    query.filter(Expr::cust("state = 'open'"))
}

/// Rows of an area whose day lies between two: of one county, by the index that has its days.
fn between<E: EntityTrait, C: ColumnTrait>(
    (area_code, due): (C, C),
    within: AreaCode,
    (first, last): (NaiveDate, NaiveDate),
) -> Select<E> {
    let (low, high) = super::scope::range(within, "scope of what falls due");
    E::find()
        .filter(Expr::cust("substr(area_code, 1, 6)").eq(within.county().as_str()))
        .filter(unindexed(area_code).gte(low))
        .filter(unindexed(area_code).lte(high))
        .filter(due.between(first, last))
}

fn posts(within: AreaCode, span: (NaiveDate, NaiveDate)) -> Select<welfare_post::Entity> {
    use welfare_post::Column;
    between((Column::AreaCode, Column::UntilOn), within, span).filter(Column::EndReason.is_null())
}

fn inspections(within: AreaCode, span: (NaiveDate, NaiveDate)) -> Select<inspection_due::Entity> {
    use inspection_due::Column;
    between((Column::AreaCode, Column::DueOn), within, span)
}

fn orders(within: AreaCode, span: (NaiveDate, NaiveDate)) -> Select<work_order::Entity> {
    use work_order::{Column, State};
    let to_do = [State::Waiting, State::Dispatched, State::Underway];
    between((Column::AreaCode, Column::DueOn), within, span).filter(Column::State.is_in(to_do))
}

fn mending(keys: &[String], (first, last): (NaiveDate, NaiveDate)) -> Select<finding::Entity> {
    use finding::Column;
    finding::Entity::find()
        .filter(Column::Bearer.is_in(keys.iter().map(String::as_str)))
        .filter(Column::Progress.is_in(TO_DO))
        .filter(Column::DueOn.between(first, last))
        .filter(Column::ClosedOn.is_null())
        .filter(Column::IsStanding.eq(true))
        .filter(Column::IsWaived.eq(false))
}

/// The rows of a queue behind one of them, in the order of place.
fn next<E: Subject>(query: Select<E>, after: Option<(AreaCode, i64)>, limit: u64) -> Select<E>
where
    <E::PrimaryKey as sea_orm::Iterable>::Iterator: Sized,
    E::PrimaryKey: PrimaryKeyToColumn,
{
    let mut query = query;
    if let Some((area, id)) = after {
        let row =
            Expr::tuple([Expr::col(E::AREA.as_column_ref()), Expr::col(E::ID.as_column_ref())]);
        let place = Expr::tuple([Expr::val(area), Expr::val(id)]);
        query = query.filter(E::AREA.gte(area)).filter(row.gt(place));
    }
    query.order_by_asc(E::AREA).order_by_asc(E::ID).limit(limit)
}

/// The rows of a queue.
#[derive(Clone, Debug)]
pub enum Queued {
    /// Work orders.
    Orders(Vec<work_order::Model>),
    /// Months.
    Months(Vec<attendance::Model>),
    /// Requests.
    Overspends(Vec<overspend::Model>),
    /// Reports of faults.
    Reports(Vec<fault_report::Model>),
    /// Stock-takes.
    StockTakes(Vec<stock_take::Model>),
    /// What stock-takes found.
    StockFinds(Vec<stock_find::Model>),
}

impl Read<'_> {
    /// How many wait in a queue within the reader's area, up to a limit.
    pub async fn n_queued(&self, queue: Queue) -> Result<u64> {
        let (db, own, most) = (self.connection(), self.actor().account(), limits::TASKS_COUNTED);
        match queue {
            Queue::Estimates(above, up_to) => {
                count(db, estimates(self.find(), (above, up_to), own), most).await
            }
            Queue::Repairs => count(db, repairs(self.find(), own), most).await,
            Queue::Months => count(db, months(self.find(), own), most).await,
            Queue::Overspends => count(db, overspends(self.find(), own), most).await,
            Queue::Reports => count(db, reports(self.find()), most).await,
            Queue::StockCounts => count(db, stock_takes(self.find(), false), most).await,
            Queue::StockTakes => count(db, stock_takes(self.find(), true), most).await,
            Queue::StockFinds => count(db, stock_finds(self.find()), most).await,
        }
    }

    /// How much lies in a pile within the reader's area, up to a limit.
    pub async fn n_piled(&self, pile: Pile) -> Result<u64> {
        let (db, most) = (self.connection(), limits::TASKS_COUNTED);
        match pile {
            Pile::ToMend => count(db, to_mend(self.find()), most).await,
            Pile::AllAtOnce => count(db, all_at_once(self.find()), most).await,
            Pile::RepairsDismissed => {
                count(db, dismissed::<work_order::Entity>(self.find()), most).await
            }
            Pile::ReportsDismissed => {
                count(db, dismissed::<fault_report::Entity>(self.find()), most).await
            }
        }
    }

    /// The next in a queue, in the order of place.
    pub async fn queued(
        &self,
        queue: Queue,
        after: Option<(AreaCode, i64)>,
        limit: u64,
    ) -> Result<Queued> {
        let (db, own) = (self.connection(), self.actor().account());
        Ok(match queue {
            Queue::Estimates(above, most) => {
                let query = estimates(self.find(), (above, most), own);
                Queued::Orders(next(query, after, limit).all(db).await?)
            }
            Queue::Repairs => {
                Queued::Orders(next(repairs(self.find(), own), after, limit).all(db).await?)
            }
            Queue::Months => {
                Queued::Months(next(months(self.find(), own), after, limit).all(db).await?)
            }
            Queue::Overspends => {
                Queued::Overspends(next(overspends(self.find(), own), after, limit).all(db).await?)
            }
            Queue::Reports => {
                Queued::Reports(next(reports(self.find()), after, limit).all(db).await?)
            }
            Queue::StockCounts | Queue::StockTakes => {
                let query = stock_takes(self.find(), queue == Queue::StockTakes);
                Queued::StockTakes(next(query, after, limit).all(db).await?)
            }
            Queue::StockFinds => {
                Queued::StockFinds(next(stock_finds(self.find()), after, limit).all(db).await?)
            }
        })
    }

    /// How much of a kind falls due within the reader's area from one day to another, up to a limit.
    /// Above a county nobody is told.
    pub async fn n_dated(&self, dated: Dated, span: (NaiveDate, NaiveDate)) -> Result<u64> {
        let own = self.actor().area();
        if own.level() < Level::County || span.0 > span.1 {
            return Ok(0);
        }
        let (db, most) = (self.connection(), limits::TASKS_COUNTED);
        match dated {
            Dated::Mending => {
                let keys = self.bearer_keys().await?;
                count(db, mending(&keys, span), most).await
            }
            Dated::Posts => count(db, posts(own, span), most).await,
            Dated::Inspections => count(db, inspections(own, span), most).await,
            Dated::Repairs => count(db, orders(own, span), most).await,
            Dated::Duties => count(db, super::task::ending(own, span.0, span.1), most).await,
        }
    }

    /// The agreements of welfare posts that end between two days, the first to end first.
    pub async fn posts_ending(
        &self,
        span: (NaiveDate, NaiveDate),
        limit: u64,
    ) -> Result<Vec<welfare_post::Model>> {
        use welfare_post::Column;
        let own = self.actor().area();
        if own.level() < Level::County {
            return Ok(Vec::new());
        }
        let query = posts(own, span).order_by_asc(Column::UntilOn).limit(limit);
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

    fn of<E: Subject>() -> Select<E> {
        let town: AreaCode = "520381100000".parse().expect("a code");
        let (first, last) = town.range();
        E::find().filter(E::AREA.between(first, last))
    }

    fn statements() -> Vec<(Statement, &'static str)> {
        let village: AreaCode = "520381100201".parse().expect("a code");
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let span = (day("2026-06-01"), day("2026-06-08"));
        let after = Some((village, 7));
        let own = Some(AccountId(3));
        let amounts = (Money::from_fen(200_000), Some(Money::from_fen(2_000_000)));
        let keys = ["account:3".to_owned(), "organization:9".to_owned()];
        macro_rules! built {
            ($($query:expr => $index:literal),+ $(,)?) => {
                vec![$(($query.build(DbBackend::Sqlite), $index)),+]
            };
        }
        built![
            next(estimates(of(), amounts, own), after, 51) => "work_order_live",
            next(repairs(of(), own), after, 51) => "work_order_done",
            next(months(of(), own), after, 51) => "attendance_waiting",
            next(overspends(of(), own), after, 51) => "overspend_asked",
            next(reports(of()), after, 51) => "fault_report_taken",
            next(stock_takes(of(), false), after, 51) => "stock_take_open",
            next(stock_takes(of(), true), after, 51) => "stock_take_open",
            next(stock_finds(of()), after, 51) => "stock_find_open",
            to_mend(of()) => "work_order_live",
            all_at_once(of()) => "inspection_all_at_once",
            dismissed::<work_order::Entity>(of()) => "work_order_dismissed",
            dismissed::<fault_report::Entity>(of()) => "fault_report_dismissed",
            posts(village, span) => "welfare_post_by_last_day",
            posts(village, span).order_by_asc(welfare_post::Column::UntilOn) => "welfare_post_by_last_day",
            inspections(village, span) => "inspection_due_by_day",
            orders(village, span) => "work_order_by_due",
            mending(&keys, span) => "finding_of_bearer",
        ]
    }

    #[tokio::test]
    async fn what_waits_is_read_from_an_index() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        for (statement, index) in statements() {
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let values = statement.values.unwrap_or(Values(Vec::new())).0;
            let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
            let rows = connection.query_all_raw(explain).await.expect("a plan");
            let plan: Vec<String> =
                rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect();
            let bad = |step: &String| step.starts_with("SCAN") && !step.contains("USING INDEX");
            assert!(!plan.iter().any(bad), "{}\n{plan:#?}", statement.sql);
            assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:#?}");
            assert!(plan.iter().any(|step| step.contains(index)), "{}\n{plan:#?}", statement.sql);
        }
    }
}
