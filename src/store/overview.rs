//! What the first page asks: what has been wrong the longest. Where a county has many findings of a
//! rule they are read in the order of their age, and the first ones are soon there; where the area
//! asked for has few, those few are read and put in order. Either way some hundreds of rows are
//! looked at, whatever the size of the ledger.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    area::{AreaCode, Level},
    finding::{self, Rule, tally},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement, UnionType},
};

use super::{
    Read,
    report::{Extent, open},
    scope,
};
use crate::error::Result;

/// The name of the scope filter of what has lasted longest.
const LONGEST: &str = "scope of longest findings";
/// Findings of an area that are few enough to be put in order when they are asked for.
const FEW: i64 = 500;

/// The oldest open findings of a rule, of which an area has so many.
fn longest((rule, n): (Rule, i64), area: AreaCode, limit: u64) -> Select<finding::Entity> {
    let query = if area.level() >= Level::County && n > FEW {
        of_county(rule, area)
    } else {
        within(rule, area)
    };
    query.order_by_asc(finding::Column::SinceOn).order_by_asc(finding::Column::AssetId).limit(limit)
}

/// The open findings of a rule within an area, found by their place.
fn within(rule: Rule, area: AreaCode) -> Select<finding::Entity> {
    let extent = Extent { area, class: None, with_gone: false, with_waived: false };
    open(&[rule], &extent, LONGEST)
}

/// The open findings of a rule within a county or a part of it.
fn of_county(rule: Rule, within: AreaCode) -> Select<finding::Entity> {
    let (first, last) = scope::range(within, LONGEST);
    // as an expression, so that it is not read by an index of another order and sorted
    let area = || {
        let column = || Expr::col(finding::Column::AreaCode);
        Expr::expr(Func::coalesce([column(), column()]))
    };
    finding::Entity::find()
        .filter(Expr::cust("substr(area_code, 1, 6)").eq(within.county().as_str()))
        .filter(finding::Column::Rule.eq(rule))
        .filter(finding::Column::ClosedOn.is_null())
        .filter(finding::Column::IsStanding.eq(true))
        .filter(finding::Column::IsWaived.eq(false))
        .filter(area().gte(first))
        .filter(area().lte(last))
}

/// The day of the oldest open finding of a rule, as a query of one value.
fn oldest((rule, n): (Rule, i64), area: AreaCode) -> SelectStatement {
    if area.level() < Level::County && n > FEW {
        return oldest_of_counties(rule, area);
    }
    let mut one = longest((rule, n), area, 1).into_query();
    one.clear_selects().column(finding::Column::SinceOn);
    one
}

/// The same above counties: the oldest of each county that has one, and the oldest of them.
fn oldest_of_counties(rule: Rule, area: AreaCode) -> SelectStatement {
    Query::select()
        .expr(Func::min(Expr::col("since_on")))
        .from_subquery(counties(rule, area), "counties")
        .to_owned()
}

/// The counties that have findings of a rule, with the day of the oldest.
fn counties(rule: Rule, area: AreaCode) -> SelectStatement {
    let (first, last) = scope::range(area, LONGEST);
    let mut one = finding::Entity::find()
        .filter(Expr::cust("substr(finding.area_code, 1, 6) = substr(tally.area_code, 1, 6)"))
        .filter(finding::Column::Rule.eq(rule))
        .filter(finding::Column::ClosedOn.is_null())
        .filter(finding::Column::IsStanding.eq(true))
        .filter(finding::Column::IsWaived.eq(false))
        .order_by_asc(finding::Column::SinceOn)
        .order_by_asc(finding::Column::AssetId)
        .limit(1)
        .into_query();
    one.clear_selects().column(finding::Column::SinceOn);
    tally::Entity::find()
        .select_only()
        .column(tally::Column::AreaCode)
        .distinct()
        .filter(tally::Column::Digits.eq(6))
        .filter(tally::Column::Subject.eq(rule.code()))
        .filter(tally::Column::AreaCode.between(first, last))
        .filter(tally::Column::IsStanding.eq(true))
        .filter(tally::Column::N.gt(0))
        .expr_as(Expr::SubQuery(None, Box::new(one.into())), "since_on")
        .into_query()
}

/// The oldest of each rule, one row a rule.
fn oldest_of_each(rules: &[(Rule, i64)], area: AreaCode) -> Option<SelectStatement> {
    let one = |(rule, n): &(Rule, i64)| {
        Query::select()
            .expr_as(Expr::cust(format!("'{}'", rule.code())), "rule")
            .expr_as(Expr::SubQuery(None, Box::new(oldest((*rule, *n), area).into())), "since_on")
            .to_owned()
    };
    rules.iter().map(one).reduce(|mut all, one| {
        all.union(UnionType::All, one);
        all
    })
}

impl Read<'_> {
    /// The open findings of a rule that have lasted longest, on assets that stand; waived ones are
    /// left out. The number of them tells how they are best looked for.
    pub async fn longest_findings(
        &self,
        found: (Rule, i64),
        area: AreaCode,
        limit: u64,
    ) -> Result<Vec<finding::Model>> {
        let area = self.limited_area(area)?;
        let (rule, n) = found;
        if area.level() >= Level::County || n <= FEW {
            return Ok(longest(found, area, limit).all(self.connection()).await?);
        }
        // the oldest of all lie in the counties that have the oldest
        let mut query = counties(rule, area);
        query.order_by("since_on", Order::Asc).limit(limit);
        let mut all = Vec::new();
        for row in self.connection().query_all(&query).await? {
            let county: AreaCode = row.try_get("", "area_code")?;
            all.extend(longest(found, county, limit).all(self.connection()).await?);
        }
        all.sort_by_key(|row| (row.since_on, row.asset_id));
        all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(all)
    }

    /// Since when the oldest open finding of each rule has stood, of those that are named with how
    /// many there are; in one query.
    pub async fn oldest_findings(
        &self,
        found: &[(Rule, i64)],
        area: AreaCode,
    ) -> Result<HashMap<Rule, NaiveDate>> {
        let area = self.limited_area(area)?;
        let Some(query) = oldest_of_each(found, area) else { return Ok(HashMap::new()) };
        let rows = self.connection().query_all(&query).await?;
        let mut oldest = HashMap::with_capacity(rows.len());
        for row in rows {
            let (rule, since): (Rule, Option<NaiveDate>) =
                (row.try_get("", "rule")?, row.try_get("", "since_on")?);
            oldest.extend(since.map(|since| (rule, since)));
        }
        Ok(oldest)
    }

    fn limited_area(&self, area: AreaCode) -> Result<AreaCode> {
        let extent = Extent { area, class: None, with_gone: false, with_waived: false };
        Ok(self.limited(&extent)?.area)
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{Database, DbBackend, Statement, StatementBuilder, TryGetable, Values};

    use super::*;

    async fn plan(query: &SelectStatement) -> Vec<String> {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let statement = StatementBuilder::build(query, &DbBackend::Sqlite);
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let values = statement.values.unwrap_or(Values(Vec::new()));
        let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.0);
        let rows = connection.query_all_raw(explain).await.expect("a plan");
        rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect()
    }

    #[tokio::test]
    async fn many_are_read_in_the_order_of_their_age() {
        for area in ["520381000000", "520381100000", "520381100201"] {
            let area = area.parse().expect("a code");
            let many = (Rule::NoMaintainer, FEW + 1);
            for query in [longest(many, area, 5).into_query(), oldest(many, area)] {
                let plan = plan(&query).await;
                let bad = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
                assert!(!plan.iter().any(bad), "{plan:#?}");
                assert!(plan.iter().any(|step| step.contains("finding_by_age")), "{plan:#?}");
            }
        }
    }

    #[tokio::test]
    async fn few_are_found_by_their_place() {
        let area = "520381100201".parse().expect("a code");
        let plan = plan(&longest((Rule::NoMaintainer, FEW), area, 5).into_query()).await;
        assert!(!plan.iter().any(|step| step.starts_with("SCAN")), "{plan:#?}");
        assert!(plan.iter().any(|step| step.contains("finding_open")), "{plan:#?}");
    }

    #[tokio::test]
    async fn above_counties_the_oldest_of_each_is_looked_up() {
        let area = "520000000000".parse().expect("a code");
        let plan = plan(&oldest((Rule::NoMaintainer, FEW + 1), area)).await;
        assert!(!plan.iter().any(|step| step.starts_with("SCAN finding")), "{plan:#?}");
        assert!(plan.iter().any(|step| step.contains("finding_by_age")), "{plan:#?}");
    }
}
