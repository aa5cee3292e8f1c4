//! What lists are found by: the first letters of names, an index an order, and a keyed sum of each
//! sealed name. The letters of the rows that are there are filled in here; the sums need the key
//! file, so the ledger fills them in when it is opened.

use entity::initials::Initials;
use sea_orm_migration::{prelude::*, sea_orm::Statement};

use crate::columns::index;

/// Rows filled in by one statement.
const BATCH: usize = 500;
/// Tables with a name that is searched for.
const NAMED: [&str; 4] = ["area", "organization", "project", "asset"];
/// The county of a row, as every index of an order begins.
const COUNTY: &str = "substr(area_code, 1, 6)";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in NAMED {
            add_column(manager, &format!("{table} ADD COLUMN initials text")).await?;
            fill(manager, table).await?;
        }
        add_column(manager, "vault ADD COLUMN name_index varchar(64)").await?;
        index(manager, "vault_by_name", false, "vault (name_index, area_code)", "").await?;
        for (name, table, key) in [
            ("asset_by_initials", "asset", "initials"),
            ("asset_by_value", "asset", "original_value"),
            ("asset_by_acquired", "asset", "acquired_on"),
            ("asset_by_updated", "asset", "updated_at"),
            ("organization_by_initials", "organization", "initials"),
            ("project_by_initials", "project", "initials"),
        ] {
            let on = format!("{table} ({COUNTY}, {key}, area_code, id)");
            index(manager, name, false, &on, "").await?;
        }
        Ok(())
    }
}

async fn add_column(manager: &SchemaManager<'_>, column: &str) -> Result<(), DbErr> {
    let statement = format!("ALTER TABLE {column} NOT NULL DEFAULT ''");
    manager.get_connection().execute_unprepared(&statement).await.map(drop)
}

/// Fills in the first letters of the names of a table, many rows a statement.
async fn fill(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let mut after = i64::MIN;
    loop {
        let sql =
            format!("SELECT id, name FROM {table} WHERE id > {after} ORDER BY id LIMIT {BATCH}");
        let statement = Statement::from_string(manager.get_database_backend(), sql);
        let rows = connection.query_all_raw(statement).await?;
        let mut letters = Vec::with_capacity(rows.len());
        for row in rows {
            let (id, name): (i64, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            after = id;
            // letters and digits alone: none of them ends a text
            letters.push(format!("({id}, '{}')", Initials::of(&name).as_str()));
        }
        if letters.is_empty() {
            return Ok(());
        }
        let statement = format!(
            "UPDATE {table} SET initials = given.column2 FROM (VALUES {}) AS given \
             WHERE {table}.id = given.column1",
            letters.join(", ")
        );
        connection.execute_unprepared(&statement).await?;
    }
}
