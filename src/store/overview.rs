//! What the first page asks: what is newly wrong, and what has been wrong the longest.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    area::Level,
    finding::{self, Rule},
};
use sea_orm::{
    ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use super::{
    Read,
    report::{Extent, open},
};
use crate::error::Result;

/// The oldest open findings of a rule. Within a county they are read in the order of their age.
fn longest(rule: Rule, extent: &Extent, limit: u64) -> Select<finding::Entity> {
    let mut query = open(&[rule], extent, "scope of longest findings");
    if extent.area.level() >= Level::County {
        let county = Expr::cust("substr(finding.area_code, 1, 6)");
        query = query.filter(county.eq(&extent.area.as_str()[..6]));
    }
    query.order_by_asc(finding::Column::SinceOn).order_by_asc(finding::Column::AssetId).limit(limit)
}

impl Read<'_> {
    /// The open findings of a rule that have lasted longest.
    pub async fn longest_findings(
        &self,
        rule: Rule,
        extent: &Extent,
        limit: u64,
    ) -> Result<Vec<finding::Model>> {
        let extent = self.limited(extent)?;
        Ok(longest(rule, &extent, limit).all(self.connection()).await?)
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
