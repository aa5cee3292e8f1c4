//! Storing many rows by statements whose text is always the same, so that the database parses
//! each once: the text of a noun and a number of rows is made once and kept.

use std::{
    collections::HashMap,
    sync::{LazyLock, RwLock},
};

use sea_orm::{DbBackend, DbErr, EntityTrait, IdenStatic, Iterable, ModelTrait, Statement, Value};

use super::lane::Storing;

/// How many rows go into one statement: the largest that fits, again and again.
const SIZES: [usize; 3] = [64, 8, 1];

/// What a text is made for: PostgreSQL or not, table, rows.
type Key = (bool, &'static str, usize);

static TEXTS: LazyLock<RwLock<HashMap<Key, String>>> = LazyLock::new(RwLock::default);

/// Rows that are worth the lane: storing fewer takes less time than handing them over.
const MANY: usize = 8;

/// Stores rows of a table. Every column is written.
pub(super) async fn insert_rows<E>(lane: &impl Storing, rows: &[E::Model]) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E>,
{
    let backend = lane.get_database_backend();
    let mut rest = rows;
    while !rest.is_empty() {
        let size = SIZES.into_iter().find(|size| *size <= rest.len()).unwrap_or(1);
        let (batch, others) = rest.split_at(size);
        rest = others;
        let values = batch.iter().flat_map(values::<E>);
        let statement = Statement::from_sql_and_values(backend, text::<E>(backend, size), values);
        if rows.len() < MANY {
            lane.execute_raw(statement).await?;
        } else {
            lane.store(statement).await?;
        }
    }
    Ok(())
}

/// The values of a row, in the order of the columns.
fn values<E>(row: &E::Model) -> Vec<Value>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E>,
{
    E::Column::iter().map(|column| row.get(column)).collect()
}

fn text<E: EntityTrait>(backend: DbBackend, rows: usize) -> String {
    let table = E::default().table_name();
    let is_postgres = backend == DbBackend::Postgres;
    let key = (is_postgres, table, rows);
    if let Some(text) = TEXTS.read().ok().and_then(|texts| texts.get(&key).cloned()) {
        return text;
    }
    let columns: Vec<String> =
        E::Column::iter().map(|column| format!("\"{}\"", column.as_str())).collect();
    let mut number = 0;
    let mut mark = || {
        number += 1;
        if is_postgres { format!("${number}") } else { "?".to_owned() }
    };
    let tuples: Vec<String> = (0..rows)
        .map(|_| format!("({})", columns.iter().map(|_| mark()).collect::<Vec<_>>().join(", ")))
        .collect();
    let text =
        format!("INSERT INTO \"{table}\" ({}) VALUES {}", columns.join(", "), tuples.join(", "));
    if let Ok(mut texts) = TEXTS.write() {
        texts.insert(key, text.clone());
    }
    text
}
