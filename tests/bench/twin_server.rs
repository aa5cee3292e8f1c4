//! The hand-written twin of the service: axum over raw SQL on the same file, without tokens, scope,
//! rules or findings.

use std::{path::Path, sync::Arc};

use axum::{
    Json, Router,
    extract::{Path as Part, Query, State},
    http::StatusCode,
    routing::{get, post},
};
use sea_orm::sqlx::{
    Row, SqlitePool, query, query_scalar,
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, sync::Mutex};

use crate::{Outcome, tell, twin};

#[derive(Clone)]
struct Twin {
    reader: SqlitePool,
    writer: Arc<Mutex<sea_orm::sqlx::sqlite::SqliteConnection>>,
}

#[derive(Deserialize)]
struct Asked {
    first: String,
    last: String,
    q: Option<String>,
}

#[derive(Serialize)]
struct Line {
    id: i64,
    code: String,
    name: String,
    area_code: String,
    class: String,
    subclass: Option<String>,
    state: String,
    use_state: Option<String>,
    original_value: Option<String>,
    acquired_on: Option<String>,
    version: i64,
}

const LINE: &str = "id, code, name, area_code, class, subclass, state, use_state, original_value, acquired_on, version";

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

impl Line {
    fn of(row: &SqliteRow) -> Line {
        Line {
            id: row.get(0),
            code: row.get(1),
            name: row.get(2),
            area_code: row.get(3),
            class: row.get(4),
            subclass: row.get(5),
            state: row.get(6),
            use_state: row.get(7),
            original_value: row.get::<Option<i64>, _>(8).map(yuan),
            acquired_on: row.get(9),
            version: row.get(10),
        }
    }
}

/// Whatever goes wrong is this program's own fault.
type Answer<T> = Result<Json<T>, StatusCode>;

fn broken(_: impl ToString) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

async fn list(State(twin): State<Twin>, Query(asked): Query<Asked>) -> Answer<Vec<Line>> {
    let sql = match asked.q {
        None => format!(
            "SELECT {LINE} FROM asset WHERE area_code BETWEEN ? AND ? ORDER BY area_code, id LIMIT 51"
        ),
        Some(_) => format!(
            "SELECT {LINE} FROM asset WHERE area_code BETWEEN ? AND ? AND (name LIKE ? OR code LIKE ?) ORDER BY area_code, id LIMIT 51"
        ),
    };
    let mut query = query(sea_orm::sqlx::AssertSqlSafe(sql)).bind(asked.first).bind(asked.last);
    if let Some(q) = asked.q {
        let like = format!("%{q}%");
        query = query.bind(like.clone()).bind(like);
    }
    let rows = query.fetch_all(&twin.reader).await.map_err(broken)?;
    Ok(Json(rows.iter().take(50).map(Line::of).collect()))
}

async fn card(State(twin): State<Twin>, Part(id): Part<i64>) -> Answer<Line> {
    let sql = "SELECT id, code, name, area_code, class, subclass, state, use_state, original_value, acquired_on, version, * \
               FROM asset WHERE id = ?";
    let row = query(sql).bind(id).fetch_one(&twin.reader).await.map_err(broken)?;
    Ok(Json(Line::of(&row)))
}

async fn report(
    State(twin): State<Twin>,
    Query(asked): Query<Asked>,
) -> Answer<Vec<(String, i64, i64)>> {
    let sql = "SELECT substr(area_code, 1, 9), count(*), sum(value) FROM finding WHERE rule = 'G01' AND \
               closed_on IS NULL AND is_standing AND NOT is_waived AND area_code BETWEEN ? AND ? GROUP BY 1";
    let rows = query(sql).bind(asked.first).bind(asked.last).fetch_all(&twin.reader).await;
    let rows = rows.map_err(broken)?;
    Ok(Json(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()))
}

async fn write(State(twin): State<Twin>, Part(id): Part<i64>) -> Answer<i64> {
    let mut writer = twin.writer.lock().await;
    let sql = "SELECT coalesce(max(seq), 0) FROM log_entry WHERE county = '510121'";
    let last: i64 = query_scalar(sql).fetch_one(&mut *writer).await.map_err(broken)?;
    twin::write(&mut writer, id, (last + 1).max(1_000_000_000) - 1_000_000_000 + 1)
        .await
        .map_err(broken)?;
    Ok(Json(id))
}

/// Serves until the process is ended.
pub(crate) async fn serve(file: &Path, written: &Path) -> Outcome<()> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-65536")
        .pragma("query_only", "ON");
    let reader = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
    let writer = Arc::new(Mutex::new(twin::open(written, false).await?));
    let routes = Router::new()
        .route("/livez", get(async || "ok\n"))
        .route("/list", get(list))
        .route("/card/{id}", get(card))
        .route("/report", get(report))
        .route("/write/{id}", post(write))
        .with_state(Twin { reader, writer });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    tell(0, &format!("http://{}/", listener.local_addr()?));
    axum::serve(listener, routes).await?;
    Ok(())
}
