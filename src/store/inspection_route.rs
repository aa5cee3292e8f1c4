//! Routes of inspectors: those that somebody goes, and the assets that lie on them.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    asset,
    id::{AccountId, AssetId},
    inspection_due,
    inspection_route::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::{Read, Write, scope};
use crate::{error::Result, limits};

/// The routes that somebody goes, in the order in which they were made.
fn gone_by(all: Select<Entity>, account: AccountId) -> Select<Entity> {
    all.filter(Column::AccountId.eq(account))
        .filter(Column::EndedOn.is_null())
        .order_by_asc(Column::Id)
}

impl Read<'_> {
    /// The routes that the reader goes.
    pub async fn own_routes(&self) -> Result<Vec<Model>> {
        let Some(account) = self.actor().account() else { return Ok(Vec::new()) };
        let most = limits::ROUTES_PER_ACCOUNT as u64;
        let query = gone_by(self.find::<Entity>(), account).limit(most);
        Ok(query.all(self.connection()).await?)
    }

    /// The days by which some assets are to be inspected; those outside the scope are left out, and
    /// those that nothing asks to be inspected.
    pub async fn days_due(&self, ids: &[AssetId]) -> Result<HashMap<AssetId, NaiveDate>> {
        use inspection_due::{Column, Entity};
        let query = Entity::find().filter(Column::AssetId.is_in(ids.iter().copied()));
        let (first, last) = scope::range(self.actor().area(), "scope of days due");
        let query = query.filter(Column::AreaCode.between(first, last));
        let rows = query.all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.asset_id, row.due_on)).collect())
    }
}

impl Write {
    /// How many routes somebody goes.
    pub async fn n_routes_of(&self, account: AccountId) -> Result<usize> {
        let n = gone_by(self.find::<Entity>(), account).count(&self.txn).await?;
        Ok(usize::try_from(n).unwrap_or(usize::MAX))
    }

    /// Assets by their codes; those outside the scope are left out.
    pub async fn assets_coded(&self, codes: &[String]) -> Result<Vec<asset::Model>> {
        let query = self.find::<asset::Entity>().filter(asset::Column::Code.is_in(codes));
        Ok(query.order_by_asc(asset::Column::Id).all(&self.txn).await?)
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
    async fn what_somebody_goes_is_read_from_an_index_in_its_order() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let statement = gone_by(Entity::find(), AccountId(7)).limit(20).build(DbBackend::Sqlite);
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let values = statement.values.unwrap_or(Values(Vec::new()));
        let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.0);
        let rows = connection.query_all_raw(explain).await.expect("a plan");
        let steps = rows.iter().map(|row| String::try_get(row, "", "detail").expect("text"));
        let plan = steps.collect::<Vec<_>>().join("\n");
        assert!(plan.contains("INDEX inspection_route_of_account (account_id=?"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}
