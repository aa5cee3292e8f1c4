//! How the database would read a list: for tests that no page scans or sorts a table.

use entity::area::AreaCode;
use migration::MigratorTrait;
use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DbBackend, QuerySelect, QueryTrait, Select,
    Statement, TryGetable, Value,
};

use super::{List, Listed, Place, Way, total::counted};

/// Fails where a page of a list, in any order, from the first row or from a later one, narrowed or
/// not, reads a table from end to end or sorts what it read.
pub(crate) async fn is_by_index<E: Listed>(filters: &[(&str, &str)]) {
    let connection = Database::connect("sqlite::memory:").await.expect("a database");
    migration::Migrator::up(&connection, None).await.expect("tables");
    let within: AreaCode = "520381000000".parse().expect("a code");
    let today = "2026-06-01".parse().expect("a day");
    for sort in E::SORTS {
        for order in [sort.name.to_owned(), format!("-{}", sort.name)] {
            for filter in std::iter::once(None).chain(filters.iter().map(Some)) {
                let words = [("sort", order.as_str())].into_iter().chain(filter.copied());
                let list = List::<E>::read(words).expect("a list");
                let narrowed = list.narrowed(&connection, within, today).await.expect("a filter");
                let keys = sort.key.map(|_| Value::from("2020-05-20"));
                let place = |key| Place { key, area: within, id: 7 };
                for from in [None, Some(place(keys)), Some(place(None))] {
                    for is_back in [false, true] {
                        let way = Way { from: from.as_ref(), is_back };
                        for part in list.parts(&narrowed, within, way) {
                            judge(&connection, part.limit(51)).await;
                        }
                    }
                }
                judge(&connection, counted(narrowed, within, E::ID, 51)).await;
            }
        }
    }
}

async fn judge<E: Listed>(connection: &DatabaseConnection, part: Select<E>) {
    let statement = part.build(DbBackend::Sqlite);
    let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
    let values = statement.values.map(|values| values.0).unwrap_or_default();
    let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
    let rows = connection.query_all_raw(explain).await.expect("a plan");
    let plan: Vec<String> =
        rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect();
    let bad = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
    assert!(!plan.iter().any(bad), "{}\n{plan:#?}", statement.sql);
}
