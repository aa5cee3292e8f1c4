//! Titles: how many assets of an area have come how far.

use std::collections::HashMap;

use entity::{
    area::AreaCode,
    asset,
    title::{self, State},
};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef, Select,
    sea_query::Expr,
};

use super::{Read, list::standing_assets, scope};
use crate::error::Result;

fn to_title() -> RelationDef {
    asset::Entity::belongs_to(title::Entity)
        .from(asset::Column::Id)
        .to(title::Column::AssetId)
        .into()
}

/// Assets that count, by the state of their titles; one that was never opened is unconfirmed.
fn counted(area: AreaCode) -> Select<asset::Entity> {
    let (first, last) = scope::range(area, "scope of titles counted");
    let state = || Expr::cust("coalesce(title.state, 'unconfirmed')");
    asset::Entity::find()
        .select_only()
        .expr_as(state(), "said")
        .expr_as(Expr::cust("count(*)"), "n")
        .join(JoinType::LeftJoin, to_title())
        .filter(asset::Column::AreaCode.between(first, last))
        .filter(standing_assets())
        .group_by(state())
}

impl Read<'_> {
    /// How many assets of an area have a title of each state.
    pub async fn titles_counted(&self, area: Option<AreaCode>) -> Result<HashMap<State, i64>> {
        let area = self.area_within(area).await?;
        let rows: Vec<(State, i64)> = counted(area).into_tuple().all(self.connection()).await?;
        Ok(rows.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable};

    use super::*;

    #[tokio::test]
    async fn titles_are_counted_by_index() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let area = "520381000000".parse().expect("a code");
        let statement = counted(area).build(DbBackend::Sqlite);
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let values = statement.values.map(|values| values.0).unwrap_or_default();
        let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        let rows = connection.query_all_raw(explain).await.expect("a plan");
        let plan: Vec<String> =
            rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect();
        assert!(!plan.iter().any(|step| step.starts_with("SCAN")), "{plan:#?}");
    }
}
