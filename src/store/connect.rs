//! SQLite and PostgreSQL: settings asserted at start, one writer, readers that cannot write
//! (reliability.md §5.1, §5.2).

use std::{path::Path, time::Duration};

use anyhow::{Context, anyhow};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr,
    IsolationLevel, Statement, TransactionOptions,
    sqlx::{
        Executor,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};

use crate::error::{Error, Result};

/// “TZLG”: what a file of ours says it is.
const APPLICATION_ID: i32 = 0x545A_4C47;
/// The oldest SQLite whose write-ahead log is safe (reliability.md F7).
const SQLITE_FLOOR: (u32, u32, u32) = (3, 51, 3);
/// How long a writer waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// One database, as a connection that writes and one that only reads.
#[derive(Clone, Debug)]
pub(crate) struct Connections {
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
}

/// Where a ledger is kept.
#[derive(Clone, Debug)]
pub struct Place {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// The schema on PostgreSQL; empty for the usual one.
    pub schema: Option<String>,
}

impl Place {
    /// A place of a URL.
    pub fn new(url: impl Into<String>) -> Place {
        Place { url: url.into(), schema: None }
    }

    /// The file, where it is a SQLite database.
    pub fn file(&self) -> Option<&str> {
        let path = self.url.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        Some(path.split('?').next().unwrap_or(path))
    }

    /// The URL without a password, for messages.
    pub fn shown(&self) -> String {
        match (self.url.split_once("://"), self.url.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, host))) if self.file().is_none() => {
                format!("{scheme}://…@{host}")
            }
            _ => self.url.clone(),
        }
    }
}

/// Opens both connections; the writer first, because it makes the file.
pub(crate) async fn open(place: &Place) -> Result<Connections> {
    let is_sqlite = place.file().is_some();
    if !is_sqlite && !place.url.starts_with("postgres") {
        return Err(Error::Internal(anyhow!(
            "“{}”: 应为 sqlite:文件 或 postgres://… / expected sqlite:FILE or postgres://…",
            place.shown()
        )));
    }
    let reached = |error: DbErr| {
        Error::Internal(anyhow::Error::new(error).context(format!("cannot open {}", place.shown())))
    };
    let writer = connect(place, if is_sqlite { 1 } else { 8 }, false).await.map_err(reached)?;
    if is_sqlite {
        assert_sqlite(&writer).await?;
    }
    let reader = connect(place, 4, true).await.map_err(reached)?;
    Ok(Connections { writer, reader })
}

/// Opens a file to look at it: it is not made, nor is a byte of it changed.
pub(crate) async fn open_to_look(file: &Path) -> Result<DatabaseConnection> {
    let file = file.to_owned();
    let mut options = ConnectOptions::new("sqlite:");
    options.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(move |sqlite| {
        settings(sqlite.filename(&file), true).create_if_missing(false).read_only(true)
    });
    Ok(Database::connect(options).await?)
}

/// One more connection to the file of a ledger, for what takes long and must not keep its writer.
pub(crate) async fn open_beside(place: &Place) -> Result<DatabaseConnection> {
    Ok(connect(place, 1, false).await?)
}

async fn connect(
    place: &Place,
    connections: u32,
    read_only: bool,
) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(&place.url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(30))
        .sqlx_logging(false)
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .map_sqlx_sqlite_opts(move |sqlite| pragmas(sqlite, read_only))
        .map_sqlx_postgres_opts(move |postgres| {
            postgres.options([
                ("lock_timeout", "30000"),
                ("idle_in_transaction_session_timeout", "600000"),
                ("default_transaction_read_only", if read_only { "on" } else { "off" }),
            ])
        })
        // a cancelled BEGIN would poison the connection: later writes would never be committed
        .map_sqlx_postgres_pool_opts(|pool| {
            pool.after_release(|connection, _| {
                Box::pin(async move { connection.execute("ROLLBACK").await.map(|_| true) })
            })
        });
    if place.file().is_some() {
        options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    }
    if let Some(schema) = &place.schema {
        options.set_schema_search_path(schema);
    }
    Database::connect(options).await
}

fn pragmas(options: SqliteConnectOptions, read_only: bool) -> SqliteConnectOptions {
    settings(options, read_only)
        .create_if_missing(!read_only)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", "67108864")
}

/// What holds of every connection to a file, also one that may not touch it.
fn settings(options: SqliteConnectOptions, read_only: bool) -> SqliteConnectOptions {
    options
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(256)
        // fifty rows, the default, wake the other thread for nothing but that
        .row_buffer_size(1_024)
        .pragma("mmap_size", "0")
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", "-65536")
        .pragma("query_only", if read_only { "ON" } else { "OFF" })
}

/// What must hold before a ledger is trusted to a SQLite file: pragma and value.
const ASSERTED: [(&str, i64); 4] =
    [("synchronous", 2), ("foreign_keys", 1), ("trusted_schema", 0), ("cell_size_check", 1)];

async fn assert_sqlite(writer: &DatabaseConnection) -> Result<()> {
    let version: String = scalar(writer, "SELECT sqlite_version()").await?;
    let numbers: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if numbers.as_slice() < [SQLITE_FLOOR.0, SQLITE_FLOOR.1, SQLITE_FLOOR.2].as_slice() {
        return Err(Error::Internal(anyhow!(
            "SQLite {version} can corrupt its log; 3.51.3 is needed"
        )));
    }
    for (pragma, expected) in ASSERTED {
        let found: i64 = scalar(writer, &format!("PRAGMA {pragma}")).await?;
        if found != expected {
            return Err(Error::Internal(anyhow!("PRAGMA {pragma} is {found}, not {expected}")));
        }
    }
    let mode: String = scalar(writer, "PRAGMA journal_mode").await?;
    if mode != "wal" {
        return Err(Error::Internal(anyhow!("the journal mode is {mode}, not wal")));
    }
    claim_file(writer).await
}

/// Refuses a file of another program, and marks a new one as ours.
async fn claim_file(writer: &DatabaseConnection) -> Result<()> {
    let id: i32 = scalar(writer, "PRAGMA application_id").await?;
    if id == APPLICATION_ID {
        return Ok(());
    }
    let tables: i64 = scalar(writer, "SELECT count(*) FROM sqlite_master").await?;
    if tables > 0 {
        return Err(Error::Internal(anyhow!(
            "这个文件是别的程序的数据库 / the file is a database of another program"
        )));
    }
    let claim = format!("PRAGMA application_id = {APPLICATION_ID}");
    writer.execute_unprepared(&claim).await.context("the file cannot be marked")?;
    Ok(())
}

/// One value of one row.
pub(crate) async fn scalar<T: sea_orm::TryGetable>(
    connection: &impl ConnectionTrait,
    sql: &str,
) -> Result<T> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| anyhow!("no answer to {sql}"))?;
    Ok(row.try_get_by_index(0)?)
}

/// Whether a connection speaks to PostgreSQL.
pub(crate) fn is_postgres(connection: &impl ConnectionTrait) -> bool {
    connection.get_database_backend() == DbBackend::Postgres
}

/// How one state of the database is read by many statements, whatever is written meanwhile.
pub(crate) fn snapshot(connection: &impl ConnectionTrait) -> TransactionOptions {
    let isolation_level = is_postgres(connection).then_some(IsolationLevel::RepeatableRead);
    TransactionOptions { isolation_level, ..TransactionOptions::default() }
}
