//! What the first page asks: what is newly wrong, and what has been wrong the longest.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    area::{AreaCode, Level},
    finding::{self, Rule},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Func},
};

use super::{
    Read,
    report::{Extent, open},
    scope,
};
use crate::error::Result;

/// The name of the scope filter of what has lasted longest.
const LONGEST: &str = "scope of longest findings";

/// The oldest open findings of a rule. Within a county they are read in the order of their age.
fn longest(rule: Rule, area: AreaCode, limit: u64) -> Select<finding::Entity> {
    let query = if area.level() >= Level::County {
        of_county(rule, area)
    } else {
        let extent = Extent { area, class: None, with_gone: false, with_waived: false };
        open(&[rule], &extent, LONGEST)
    };
    query.order_by_asc(finding::Column::SinceOn).order_by_asc(finding::Column::AssetId).limit(limit)
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

impl Read<'_> {
    /// The open findings of a rule that have lasted longest, on assets that stand; waived ones are
    /// left out.
    pub async fn longest_findings(
        &self,
        rule: Rule,
        area: AreaCode,
        limit: u64,
    ) -> Result<Vec<finding::Model>> {
        let extent = Extent { area, class: None, with_gone: false, with_waived: false };
        let area = self.limited(&extent)?.area;
        Ok(longest(rule, area, limit).all(self.connection()).await?)
    }

    /// How many of the open findings of each rule were found since a day.
    pub async fn found_since(
        &self,
        rules: &[Rule],
        extent: &Extent,
        since: NaiveDate,
    ) -> Result<HashMap<Rule, i64>> {
        let extent = self.limited(extent)?;
        let counted = open(rules, &extent, "scope of new findings")
            .select_only()
            .column(finding::Column::Rule)
            .expr_as(Expr::cust("count(*)"), "counted")
            .filter(finding::Column::OpenedOn.gt(since))
            .group_by(finding::Column::Rule);
        let rows = counted.into_tuple::<(Rule, i64)>().all(self.connection()).await?;
        Ok(rows.into_iter().collect())
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
    async fn the_oldest_are_read_in_the_order_of_their_age() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        for area in ["520381000000", "520381100000", "520381100201"] {
            let area = area.parse().expect("a code");
            let statement = longest(Rule::NoMaintainer, area, 5).build(DbBackend::Sqlite);
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let values = statement.values.unwrap_or(Values(Vec::new()));
            let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.0);
            let rows = connection.query_all_raw(explain).await.expect("a plan");
            let plan: Vec<String> =
                rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect();
            let bad = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
            assert!(!plan.iter().any(bad), "{plan:#?}");
            assert!(plan.iter().any(|step| step.contains("finding_by_age")), "{plan:#?}");
        }
    }
}
