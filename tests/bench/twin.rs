//! The hand-written twins: the same work on the same file in raw SQL, without the product.

use std::{fs::File, io::BufWriter, path::Path};

use futures_util::TryStreamExt;
use rust_xlsxwriter::Workbook;
use sea_orm::sqlx::{
    AssertSqlSafe, Connection, Executor, Row, Sqlite, TypeInfo, ValueRef, query,
    query::Query,
    query_scalar, raw_sql,
    sqlite::{
        SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteRow,
        SqliteSynchronous,
    },
};
use sha2::{Digest, Sha256};

use crate::{
    Outcome,
    machine::{Cost, Watch},
};

/// Rows copied at a time.
const BATCH: i64 = 1_000;
/// Values bound by one statement.
const BINDS: usize = 6_000;
/// What an import of assets leaves rows in, with the columns by which its rows are walked.
const TABLES: [&str; 10] = [
    "asset",
    "funding",
    "title",
    "holding",
    "duty",
    "finding",
    "import_row",
    "log_entry",
    "log_change",
    "tally",
];

/// A stored value.
enum Cell {
    Null,
    Integer(i64),
    Text(String),
    Blob(Vec<u8>),
}

fn cells(row: &SqliteRow) -> Outcome<Vec<Cell>> {
    let cell = |place: usize| {
        let raw = row.try_get_raw(place)?;
        if raw.is_null() {
            return Ok(Cell::Null);
        }
        let kind = raw.type_info().name().to_owned();
        Ok(match kind.as_str() {
            "TEXT" => Cell::Text(row.try_get_unchecked(place)?),
            "BLOB" => Cell::Blob(row.try_get_unchecked(place)?),
            _ => Cell::Integer(row.try_get_unchecked(place)?),
        })
    };
    (0..row.len()).map(cell).collect()
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Cell::Null | Cell::Blob(_) => String::new(),
            Cell::Integer(number) => number.to_string(),
            Cell::Text(text) => text.clone(),
        }
    }
}

/// Opens a file the way the product does.
pub(crate) async fn open(path: &Path, read_only: bool) -> Outcome<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(!read_only)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("journal_size_limit", "67108864")
        .pragma("cache_size", "-65536")
        .pragma("temp_store", "MEMORY")
        .pragma("query_only", if read_only { "ON" } else { "OFF" });
    Ok(SqliteConnection::connect_with(&options).await?)
}

/// One number.
pub(crate) async fn number(connection: &mut SqliteConnection, sql: &str) -> Outcome<i64> {
    Ok(query_scalar(AssertSqlSafe(sql)).fetch_one(connection).await?)
}

/// Runs a query to its end, its values bound as text.
pub(crate) async fn fetch(
    connection: &mut SqliteConnection,
    sql: &'static str,
    values: &[&str],
) -> Outcome<usize> {
    let mut query = query(sql);
    for value in values {
        query = query.bind((*value).to_owned());
    }
    let mut n = 0;
    for row in query.fetch_all(connection).await? {
        n += cells(&row)?.len();
    }
    Ok(n)
}

/// What is copied into a new file: assets alone with one hashed log row each, or every row that
/// the product stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    AssetsAndLog,
    EveryRow,
}

/// Stores the rows of a ledger in a new file with the same tables and indexes, in one
/// transaction. Reading them does not count.
pub(crate) async fn insert(from: &Path, into: &Path, extent: Extent) -> Outcome<Cost> {
    let mut source = open(from, true).await?;
    let mut target = open(into, false).await?;
    for sql in query_scalar::<_, String>(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' \
         ORDER BY type = 'index', type = 'trigger', rowid",
    )
    .fetch_all(&mut source)
    .await?
    {
        target.execute(raw_sql(AssertSqlSafe(sql))).await?;
    }
    // the copied rows name organizations that stay behind
    target.execute("PRAGMA foreign_keys = OFF").await?;
    target.execute("BEGIN IMMEDIATE").await?;
    let tables = if extent == Extent::EveryRow { &TABLES[..] } else { &TABLES[..1] };
    let mut cost = Cost::default();
    for table in tables {
        cost += copy(&mut source, &mut target, table, extent).await?;
    }
    let watch = Watch::start();
    target.execute("COMMIT").await?;
    target.close().await?;
    cost += watch.stop();
    Ok(cost)
}

async fn copy(
    source: &mut SqliteConnection,
    target: &mut SqliteConnection,
    table: &str,
    extent: Extent,
) -> Outcome<Cost> {
    let mut cost = Cost::default();
    let mut seq = 0;
    let sql = format!("SELECT * FROM {table} ORDER BY 1, 2, 3");
    let mut rows = query(AssertSqlSafe(sql)).fetch(source);
    let mut batch = Vec::new();
    loop {
        let row = rows.try_next().await?;
        let is_last = row.is_none();
        batch.extend(row.map(|row| cells(&row)).transpose()?);
        if i64::try_from(batch.len()) == Ok(BATCH) || (is_last && !batch.is_empty()) {
            let watch = Watch::start();
            let logged = (extent == Extent::AssetsAndLog)
                .then(|| batch.iter().map(|row| log_row(row, &mut seq)).collect::<Vec<_>>());
            store(target, table, std::mem::take(&mut batch)).await?;
            if let Some(rows) = logged {
                store(target, "log_entry", rows).await?;
            }
            cost += watch.stop();
        }
        if is_last {
            return Ok(cost);
        }
    }
}

/// The log row of an asset: its values, hashed.
fn log_row(asset: &[Cell], seq: &mut i64) -> Vec<Cell> {
    *seq += 1;
    let values: Vec<String> = asset.iter().map(Cell::text).collect();
    logged(*seq, values.join(","))
}

fn logged(seq: i64, body: String) -> Vec<Cell> {
    let leaf = Sha256::new().chain_update([0]).chain_update(&body).finalize().to_vec();
    vec![
        Cell::Text("510121".to_owned()),
        Cell::Integer(seq),
        Cell::Integer(1_795_000_000_000),
        Cell::Text("operator".to_owned()),
        Cell::Text("import.carry_out".to_owned()),
        Cell::Text(body),
        Cell::Blob(leaf),
    ]
}

type Binding<'q> = Query<'q, Sqlite, SqliteArguments>;

fn bind(query: Binding<'_>, cell: Cell) -> Binding<'_> {
    match cell {
        Cell::Null => query.bind(None::<i64>),
        Cell::Integer(number) => query.bind(number),
        Cell::Text(text) => query.bind(text),
        Cell::Blob(bytes) => query.bind(bytes),
    }
}

async fn store(
    target: &mut SqliteConnection,
    table: &str,
    mut rows: Vec<Vec<Cell>>,
) -> Outcome<()> {
    let columns = rows.first().map_or(1, Vec::len);
    let marks = format!("({})", vec!["?"; columns].join(","));
    while !rows.is_empty() {
        let n = rows.len().min(BINDS / columns);
        let sql = format!("INSERT INTO {table} VALUES {}", vec![marks.as_str(); n].join(","));
        let cells = rows.drain(..n).flatten();
        let query = cells.fold(query(AssertSqlSafe(sql)), bind);
        query.execute(&mut *target).await?;
    }
    Ok(())
}

/// One write: a row changed, a hashed log row, a commit.
pub(crate) async fn write(target: &mut SqliteConnection, id: i64, seq: i64) -> Outcome<()> {
    target.execute("BEGIN IMMEDIATE").await?;
    let change = query("UPDATE asset SET remark = ?, version = version + 1 WHERE id = ?");
    change.bind(format!("第 {seq} 次")).bind(id).execute(&mut *target).await?;
    store(target, "log_entry", vec![logged(1_000_000_000 + seq, "x".repeat(300))]).await?;
    target.execute("COMMIT").await?;
    Ok(())
}

/// The card of an asset with everything beside it.
pub(crate) async fn card(source: &mut SqliteConnection, code: &str) -> Outcome<usize> {
    let id: i64 = query_scalar("SELECT id FROM asset WHERE code = ?")
        .bind(code.to_owned())
        .fetch_one(&mut *source)
        .await?;
    let mut n = 0;
    for sql in [
        "SELECT * FROM asset WHERE id = ?",
        "SELECT * FROM title WHERE asset_id = ? ORDER BY id",
        "SELECT * FROM holding WHERE asset_id = ? ORDER BY id",
        "SELECT * FROM duty WHERE asset_id = ? ORDER BY id",
        "SELECT * FROM funding WHERE asset_id = ? ORDER BY id",
        "SELECT * FROM waiver WHERE asset_id = ? ORDER BY id",
    ] {
        for row in query(sql).bind(id).fetch_all(&mut *source).await? {
            n += cells(&row)?.len();
        }
    }
    Ok(n)
}

/// Every asset as CSV.
pub(crate) async fn csv(from: &Path, out: &Path) -> Outcome<Cost> {
    let watch = Watch::start();
    let mut source = open(from, true).await?;
    let mut writer = csv::Writer::from_writer(BufWriter::new(File::create(out)?));
    let mut rows = query("SELECT * FROM asset ORDER BY area_code, id").fetch(&mut source);
    while let Some(row) = rows.try_next().await? {
        writer.write_record(cells(&row)?.iter().map(Cell::text))?;
    }
    writer.flush()?;
    Ok(watch.stop())
}

/// Every asset as a workbook.
pub(crate) async fn xlsx(from: &Path, out: &Path) -> Outcome<Cost> {
    let watch = Watch::start();
    let mut source = open(from, true).await?;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    let mut rows = query("SELECT * FROM asset ORDER BY area_code, id").fetch(&mut source);
    let mut number = 0;
    while let Some(row) = rows.try_next().await? {
        for (column, cell) in (0..).zip(cells(&row)?) {
            if !matches!(cell, Cell::Null) {
                sheet.write_string(number, column, cell.text())?;
            }
        }
        number += 1;
    }
    workbook.save(out)?;
    Ok(watch.stop())
}

/// Reads a CSV file.
pub(crate) fn parse(path: &Path) -> Outcome<Cost> {
    let watch = Watch::start();
    let mut reader = csv::Reader::from_path(path)?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {}
    Ok(watch.stop())
}

/// Walks the log and hashes every entry, then reads every other row.
pub(crate) async fn verify(from: &Path) -> Outcome<Cost> {
    let watch = Watch::start();
    let mut source = open(from, true).await?;
    let log = "SELECT body, leaf FROM log_entry ORDER BY county, seq";
    let mut rows = query(log).fetch(&mut source);
    while let Some(row) = rows.try_next().await? {
        let (body, leaf): (String, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
        let found = Sha256::new().chain_update([0]).chain_update(&body).finalize();
        if found.as_slice() != leaf.as_slice() {
            return Err("an entry does not hash to its leaf".into());
        }
    }
    drop(rows);
    for table in TABLES.iter().filter(|table| **table != "log_entry") {
        let sql = format!("SELECT * FROM {table}");
        let mut rows = query(AssertSqlSafe(sql)).fetch(&mut source);
        while let Some(row) = rows.try_next().await? {
            cells(&row)?;
        }
    }
    Ok(watch.stop())
}
