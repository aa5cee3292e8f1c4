//! What loading has to ask of PostgreSQL alone: references within a table, and the next ids.

use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement};

use super::tables;
use crate::error::Result;

/// References from a table to itself: table and constraint.
const OWN_REFERENCES: &str = "SELECT relname, conname FROM pg_constraint \
     JOIN pg_class ON pg_class.oid = conrelid JOIN pg_namespace ON pg_namespace.oid = connamespace \
     WHERE contype = 'f' AND conrelid = confrelid AND nspname = current_schema() \
     ORDER BY relname, conname";

/// Where ids are handed out.
const SEQUENCES: &str = "SELECT sequencename::text, '' FROM pg_sequences \
     WHERE schemaname = current_schema() ORDER BY sequencename";

/// The end of the name of a table's sequence.
const SEQUENCE: &str = "_id_next";

async fn pairs(txn: &DatabaseTransaction, sql: &str) -> Result<Vec<(String, String)>> {
    let statement = Statement::from_string(txn.get_database_backend(), sql);
    let rows = txn.query_all_raw(statement).await?;
    let pair =
        |row: &sea_orm::QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
    rows.iter().map(pair).collect()
}

/// References within a table are looked at once all of its rows are there.
pub(super) async fn defer_own_references(txn: &DatabaseTransaction) -> Result<()> {
    alter_own_references(txn, "DEFERRABLE INITIALLY DEFERRED").await
}

/// Looks at them, and makes them as strict as they were.
pub(super) async fn settle_own_references(txn: &DatabaseTransaction) -> Result<()> {
    txn.execute_unprepared("SET CONSTRAINTS ALL IMMEDIATE").await?;
    alter_own_references(txn, "NOT DEFERRABLE").await
}

async fn alter_own_references(txn: &DatabaseTransaction, how: &str) -> Result<()> {
    for (table, constraint) in pairs(txn, OWN_REFERENCES).await? {
        let sql = format!("ALTER TABLE \"{table}\" ALTER CONSTRAINT \"{constraint}\" {how}");
        txn.execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// Sets every sequence after the highest id of its table.
pub(super) async fn continue_ids(txn: &DatabaseTransaction) -> Result<()> {
    let tables = tables();
    for (sequence, _) in pairs(txn, SEQUENCES).await? {
        let table = sequence.strip_suffix(SEQUENCE);
        let Some(table) = table.filter(|table| tables.iter().any(|(name, _)| name == table)) else {
            continue;
        };
        let sql = format!("SELECT setval('\"{sequence}\"', (SELECT max(id) FROM \"{table}\"))");
        txn.execute_unprepared(&sql).await?;
    }
    Ok(())
}
