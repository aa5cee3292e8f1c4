//! Projects that were accepted and of which no asset is registered (domain.md §4, Z01).

use entity::project::{Column, Entity, Model};
use sea_orm::{QueryFilter, QueryOrder, QuerySelect, Select};

use super::{Read, list::unregistered, reminder::count};
use crate::{error::Result, limits};

/// Those of some projects.
fn lacking(query: Select<Entity>) -> Select<Entity> {
    query.filter(unregistered())
}

impl Read<'_> {
    /// How many there are within the reader's area, up to a limit.
    pub async fn n_unregistered(&self) -> Result<u64> {
        count(self.connection(), lacking(self.find()), limits::TASKS_COUNTED).await
    }

    /// The first of them within the reader's area, in the order in which they were registered.
    pub async fn unregistered(&self, limit: u64) -> Result<Vec<Model>> {
        let query = lacking(self.find()).order_by_asc(Column::Id).limit(limit);
        Ok(query.all(self.connection()).await?)
    }
}

#[cfg(test)]
mod tests {
    use entity::area::AreaCode;
    use migration::MigratorTrait;
    use sea_orm::{
        ColumnTrait, ConnectionTrait, Database, DbBackend, EntityTrait, QueryTrait, Statement,
        TryGetable, Values,
    };

    use super::*;

    #[tokio::test]
    async fn projects_without_assets_are_looked_up() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let town: AreaCode = "520381100000".parse().expect("a code");
        let (first, last) = town.range();
        let query = Entity::find().filter(Column::AreaCode.between(first, last));
        let statement = lacking(query).build(DbBackend::Sqlite);
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let values = statement.values.unwrap_or(Values(Vec::new()));
        let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.0);
        let rows = connection.query_all_raw(explain).await.expect("a plan");
        let plan: Vec<String> =
            rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect();
        assert!(!plan.iter().any(|step| step.starts_with("SCAN")), "{plan:#?}");
        for index in ["project_accepted", "asset_by_project"] {
            assert!(plan.iter().any(|step| step.contains(index)), "{index}: {plan:#?}");
        }
    }
}
