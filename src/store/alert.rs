//! What is late or soon, place by place, and the rows behind each number: counted and listed by the same
//! queries, each by an index.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{
    area::{AreaCode, Level},
    duty,
    finding::{self, Rule},
    id::AssetId,
    inspection::Condition,
    inspection_due, rectification, work_order,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use super::{Read, scope, task::ending};
use crate::{
    domain::alert::{Kind, Lead, Span, Tier, span, tier},
    error::Result,
};

/// The name of the scope filter of alerts.
const SCOPE: &str = "scope of alerts";

/// How many alerts of a kind and a tier there are in each place.
pub type Counts = BTreeMap<(AreaCode, Tier, Kind), i64>;

/// One alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// The asset.
    pub asset: AssetId,
    /// Where it lies.
    pub area: AreaCode,
    /// Its last day, where it has one.
    pub due_on: Option<NaiveDate>,
    /// What it is of its kind: the rule of a finding, the number of a work order or a duty.
    pub of: String,
}

/// What is not done yet.
const TO_DO: [rectification::State; 2] =
    [rectification::State::Open, rectification::State::Underway];

/// Rectifications that run: those that were escalated, or those that have a last day and were not.
fn findings(area: AreaCode, is_escalated: bool) -> Select<finding::Entity> {
    use finding::Column;
    let (first, last) = scope::range(area, SCOPE);
    let query = finding::Entity::find()
        .filter(Column::Progress.is_in(TO_DO))
        .filter(Column::AreaCode.between(first, last))
        .filter(Column::ClosedOn.is_null())
        .filter(Column::IsStanding.eq(true))
        .filter(Column::IsWaived.eq(false));
    if is_escalated {
        query.filter(Column::EscalatedTo.is_not_null())
    } else {
        query.filter(Column::EscalatedTo.is_null()).filter(Column::DueOn.is_not_null())
    }
}

/// Agreements that have ended with none that follows: the rules find them.
fn ended(area: AreaCode) -> Select<finding::Entity> {
    use finding::Column;
    let (first, last) = scope::range(area, SCOPE);
    finding::Entity::find()
        .filter(Column::Rule.eq(Rule::DutyExpired))
        .filter(Column::AreaCode.between(first, last))
        .filter(Column::ClosedOn.is_null())
        .filter(Column::IsStanding.eq(true))
        .filter(Column::IsWaived.eq(false))
}

/// Work orders that are open: dangers, or defects with a last day.
fn orders(area: AreaCode, is_danger: bool) -> Select<work_order::Entity> {
    use work_order::{Column, State};
    let (first, last) = scope::range(area, SCOPE);
    // in the words of the index, which is of these rows alone
    let is_not = |state: State| Expr::cust(format!("state <> '{}'", state.code()));
    let query = work_order::Entity::find()
        .filter(Column::AreaCode.between(first, last))
        .filter(is_not(State::Accepted))
        .filter(is_not(State::Dismissed));
    if is_danger {
        query.filter(Column::Condition.eq(Condition::Danger))
    } else {
        query.filter(Column::Condition.ne(Condition::Danger)).filter(Column::DueOn.is_not_null())
    }
}

/// Assets that are to be inspected by a day.
fn inspections(area: AreaCode, until: NaiveDate) -> Select<inspection_due::Entity> {
    use inspection_due::Column;
    let (first, last) = scope::range(area, SCOPE);
    // as an expression, so that the index of the days is read
    let code = || Expr::cust("coalesce(area_code, '')");
    inspection_due::Entity::find()
        .filter(Expr::cust("substr(area_code, 1, 6)").eq(area.county().as_str()))
        .filter(Column::DueOn.lte(until))
        .filter(code().gte(first))
        .filter(code().lte(last))
}

/// Rows by place and last day.
fn counted<E: EntityTrait>(
    query: Select<E>,
    table: &str,
    (day, digits): (Option<E::Column>, usize),
) -> Select<E> {
    let place = || Expr::cust(format!("substr({table}.area_code, 1, {digits})"));
    let mut query = query.select_only().expr_as(place(), "place").group_by(place());
    if let Some(day) = day {
        query = query.column(day).group_by(day);
    }
    query.expr_as(Expr::cust("count(*)"), "n")
}

/// Rows one by one, in the order of place: the asset, the area, the last day, what it is.
fn listed<E: EntityTrait>(
    query: Select<E>,
    [asset, area, day]: [E::Column; 3],
    (of, within): (&str, Span),
) -> Select<E> {
    let (first, last) = within;
    let mut query = query;
    if let Some(first) = first {
        query = query.filter(day.gte(first));
    }
    if let Some(last) = last {
        query = query.filter(day.lte(last));
    }
    query
        .select_only()
        .column(asset)
        .column(area)
        .column(day)
        .expr_as(Expr::cust(of.to_owned()), "what")
        .order_by_asc(area)
        .order_by_asc(asset)
}

type Row = (i64, AreaCode, Option<NaiveDate>, String);

impl Read<'_> {
    /// How many alerts there are in the areas right below one of a county; of a county its towns.
    pub async fn alerts(&self, area: AreaCode, lead: Lead) -> Result<Counts> {
        let area = self.area_within(Some(area)).await?;
        let digits = if area.level() == Level::County { 9 } else { 12 };
        let (today, mut counts) = (self.today(), Counts::new());
        for (kind, rows) in self.days_of(area, lead, digits).await? {
            for (place, day, n) in rows {
                let left = day.map(|day| (day - today).num_days());
                let Some(tier) = tier(kind, left, lead) else { continue };
                let place = format!("{place:0<12}").parse().unwrap_or(area);
                *counts.entry((place, tier, kind)).or_default() += n;
            }
        }
        Ok(counts)
    }

    /// How many there are of each kind, by place and last day.
    async fn days_of(
        &self,
        area: AreaCode,
        lead: Lead,
        digits: usize,
    ) -> Result<Vec<(Kind, Vec<(String, Option<NaiveDate>, i64)>)>> {
        use finding::Column as Found;
        let today = self.today();
        let day = |days: i64| today + chrono::TimeDelta::days(days);
        let dated = |day| (Some(day), digits);
        let escalated = counted(findings(area, true), "finding", (None, digits));
        let running = counted(findings(area, false), "finding", dated(Found::DueOn));
        let over = counted(ended(area), "finding", (None, digits));
        let order = dated_order(digits);
        let dangers = counted(orders(area, true), "work_order", (None, digits));
        let defects = counted(orders(area, false), "work_order", order);
        let until = day(lead.furthest(Kind::Inspection));
        let looked = counted(
            inspections(area, until),
            "inspection_due",
            (Some(inspection_due::Column::DueOn), digits),
        );
        let last = day(lead.furthest(Kind::Agreement));
        let soon = ending(area, today, last);
        let soon = counted(soon, "duty", (Some(duty::Column::UntilOn), digits));
        let over = self.places(over).await?.into_iter();
        Ok(vec![
            (Kind::Danger, undated(self.places(dangers).await?)),
            (Kind::Escalated, undated(self.places(escalated).await?)),
            (Kind::Rectification, self.days(running).await?),
            (Kind::Repair, self.days(defects).await?),
            (Kind::Inspection, self.days(looked).await?),
            (Kind::Agreement, self.days(soon).await?),
            // when it ended the rule knows; that it has is enough
            (Kind::Agreement, over.map(|(place, n)| (place, today.pred_opt(), n)).collect()),
        ])
    }

    async fn places<E: EntityTrait>(&self, query: Select<E>) -> Result<Vec<(String, i64)>> {
        Ok(query.into_tuple().all(self.connection()).await?)
    }

    async fn days<E: EntityTrait>(
        &self,
        query: Select<E>,
    ) -> Result<Vec<(String, Option<NaiveDate>, i64)>> {
        Ok(query.into_tuple().all(self.connection()).await?)
    }

    /// The first alerts of a kind and a tier in an area, in the order of place.
    pub async fn alerts_listed(
        &self,
        area: AreaCode,
        (kind, tier): (Kind, Tier),
        lead: Lead,
        limit: u64,
    ) -> Result<Vec<Alert>> {
        let area = self.area_within(Some(area)).await?;
        let today = self.today();
        let Some(within) = span(kind, tier, lead, today) else { return Ok(Vec::new()) };
        let rows = match kind {
            Kind::Agreement if tier == Tier::Red => {
                self.rows(of_findings(ended(area), (None, None)), limit).await?
            }
            Kind::Danger | Kind::Repair => {
                self.rows(of_orders(orders(area, kind == Kind::Danger), within), limit).await?
            }
            Kind::Escalated | Kind::Rectification => {
                let found = findings(area, kind == Kind::Escalated);
                self.rows(of_findings(found, within), limit).await?
            }
            Kind::Inspection => {
                use inspection_due::Column;
                let until = within.1.unwrap_or(today);
                let columns = [Column::AssetId, Column::AreaCode, Column::DueOn];
                self.rows(listed(inspections(area, until), columns, ("''", within)), limit).await?
            }
            Kind::Agreement => {
                use duty::Column;
                let last = within.1.unwrap_or(today);
                let columns = [Column::AssetId, Column::AreaCode, Column::UntilOn];
                let soon = ending(area, within.0.unwrap_or(today), last);
                self.rows(listed(soon, columns, ("CAST(duty.id AS text)", within)), limit).await?
            }
        };
        let alert =
            |(asset, area, due_on, of): Row| Alert { asset: AssetId(asset), area, due_on, of };
        Ok(rows.into_iter().map(alert).collect())
    }

    async fn rows<E: EntityTrait>(&self, query: Select<E>, limit: u64) -> Result<Vec<Row>> {
        Ok(query.limit(limit).into_tuple().all(self.connection()).await?)
    }
}

fn dated_order(digits: usize) -> (Option<work_order::Column>, usize) {
    (Some(work_order::Column::DueOn), digits)
}

fn undated(rows: Vec<(String, i64)>) -> Vec<(String, Option<NaiveDate>, i64)> {
    rows.into_iter().map(|(place, n)| (place, None, n)).collect()
}

fn of_findings(query: Select<finding::Entity>, within: Span) -> Select<finding::Entity> {
    use finding::Column;
    listed(query, [Column::AssetId, Column::AreaCode, Column::DueOn], ("finding.rule", within))
}

fn of_orders(query: Select<work_order::Entity>, within: Span) -> Select<work_order::Entity> {
    use work_order::Column;
    let columns = [Column::AssetId, Column::AreaCode, Column::DueOn];
    listed(query, columns, ("CAST(work_order.id AS text)", within))
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
    async fn every_alert_is_found_by_an_index() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let today: NaiveDate = "2026-06-01".parse().expect("a day");
        for area in ["520381000000", "520381100000", "520381100201"] {
            let area: AreaCode = area.parse().expect("a code");
            let day = (Some(finding::Column::DueOn), 9);
            for is_escalated in [false, true] {
                let query = findings(area, is_escalated);
                uses(&connection, counted(query.clone(), "finding", day), "finding_in_hand").await;
                let rows = of_findings(query, (None, Some(today))).limit(20);
                uses(&connection, rows, "finding_in_hand").await;
            }
            uses(&connection, counted(ended(area), "finding", day), "finding_open").await;
            for is_danger in [false, true] {
                let query = orders(area, is_danger);
                let many = counted(query.clone(), "work_order", dated_order(9));
                uses(&connection, many, "work_order_open").await;
                let rows = of_orders(query, (None, Some(today))).limit(20);
                uses(&connection, rows, "work_order_open").await;
            }
            let day = (Some(inspection_due::Column::DueOn), 9);
            let query = counted(inspections(area, today), "inspection_due", day);
            uses(&connection, query, "inspection_due_by_day").await;
            let day = (Some(duty::Column::UntilOn), 9);
            let query = counted(ending(area, today, today), "duty", day);
            uses(&connection, query, "duty_by_end").await;
        }
    }
}
