//! Imports that were kept: listed, undone, and where a value came from.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use chrono::{DateTime, Utc};
use entity::{
    asset,
    id::{AssetId, ImportId},
    import::{self, Model},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{Asked, Posted, answer, replayed},
    caller::Caller,
    page::{Limit, Page},
};
use crate::{
    app::import::{origin::origins, undo},
    http::{
        AppState,
        fault::{Fault, language_of},
    },
};

/// What a list of imports is asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// The `next` of the page before.
    after: Option<i64>,
    /// Rows of the page: 1 to 200.
    #[param(value_type = Option<u64>)]
    limit: Option<Limit>,
}

/// An import that was kept.
#[derive(Serialize, ToSchema)]
pub struct ImportView {
    /// Its number.
    id: i64,
    /// The area of whoever brought it in.
    area_code: String,
    /// What the rows are.
    kind: &'static str,
    /// done or undone.
    state: &'static str,
    /// The file.
    file_name: String,
    /// SHA-256 of the file, hexadecimal.
    file_digest: String,
    /// What kind of file it was.
    format: String,
    /// Its encoding, where it was a text.
    encoding: Option<String>,
    /// The sheet of a workbook.
    sheet: Option<String>,
    /// Rows that made something.
    created: i64,
    /// Rows that changed something.
    changed: i64,
    /// Rows that said what the ledger said already.
    same: i64,
    /// Rows that could not be taken.
    rejected: i64,
    /// When it was kept.
    imported_at: DateTime<Utc>,
}

impl From<Model> for ImportView {
    fn from(row: Model) -> ImportView {
        ImportView {
            id: row.id.0,
            area_code: row.area_code.to_string(),
            kind: row.kind.code(),
            state: row.state.code(),
            file_name: row.file_name,
            file_digest: row.file_digest,
            format: row.format,
            encoding: row.encoding,
            sheet: row.sheet,
            created: row.n_created,
            changed: row.n_changed,
            same: row.n_same,
            rejected: row.n_rejected,
            imported_at: row.created_at,
        }
    }
}

/// List the imports of the caller's area, the newest first.
#[utoipa::path(get, path = "/imports", tag = "imports", params(ImportQuery),
    responses((status = 200, body = Page<ImportView>)))]
pub async fn list_imports(
    State(state): State<AppState>,
    caller: Caller,
    Asked(query): Asked<ImportQuery>,
) -> Result<Response, Fault> {
    let limit = Limit::checked(query.limit)?;
    let after = query.after.map(ImportId);
    let rows = state.ledger.read(&caller.actor).imports_before(after, limit + 1).await?;
    let page = Page::cut(rows, limit, |row| row.id.to_string(), ImportView::from);
    Ok(answer(StatusCode::OK, page))
}

/// Get one import.
#[utoipa::path(get, path = "/imports/{id}", tag = "imports", params(("id" = i64, Path)),
    responses((status = 200, body = ImportView)))]
pub async fn get_import(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<import::Entity>(ImportId(id)).await?;
    Ok(answer(StatusCode::OK, ImportView::from(row)))
}

/// What undoing an import says: nothing more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Undoing {}

/// What undoing an import came to.
#[derive(Serialize, ToSchema)]
pub struct UndoneView {
    /// Rows that left the books.
    undone: usize,
}

/// Undo an import while nobody has touched what it made. An import changes by this alone, so no
/// version is asked for.
#[utoipa::path(post, path = "/imports/{id}/undo", tag = "imports", request_body = Undoing,
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = UndoneView)))]
pub async fn undo_import(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    posted: Posted<Undoing>,
) -> Result<Response, Fault> {
    let view = |undone: &usize| UndoneView { undone: *undone };
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, view);
    match undo::undo(&ledger, &caller.actor, ImportId(id)).await {
        Ok(undone) => Ok(answer(StatusCode::OK, view(&undone))),
        Err(error) => replayed(error),
    }
}

/// Where one value of an asset came from.
#[derive(Serialize, ToSchema)]
pub struct OriginView {
    /// The field.
    field: String,
    /// What the field is called in the caller's language.
    label: String,
    /// The value as it stands now.
    value: String,
    /// The number of the import.
    import: i64,
    /// The file.
    file_name: String,
    /// SHA-256 of the file, hexadecimal.
    file_digest: String,
    /// The sheet of a workbook.
    sheet: Option<String>,
    /// The row.
    row: i64,
    /// The letters of the column.
    column: String,
    /// The header of the column.
    header: String,
}

/// Get which cell of which sheet each value of an asset came from, the newest import first.
#[utoipa::path(get, path = "/assets/{id}/origin", tag = "assets", params(("id" = i64, Path)),
    responses((status = 200, body = Vec<OriginView>)))]
pub async fn get_asset_origin(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&caller.actor);
    let asset = read.get::<asset::Entity>(AssetId(id)).await?;
    let imports = read.origins::<asset::Entity>(asset.id).await?;
    let views =
        origins(&asset, &imports, language_of(&headers)).into_iter().map(|one| OriginView {
            field: one.name,
            label: one.label,
            value: one.value,
            import: one.import,
            file_name: one.file,
            file_digest: one.digest,
            sheet: one.sheet,
            row: one.row,
            column: one.column,
            header: one.header,
        });
    Ok(answer(StatusCode::OK, views.collect::<Vec<_>>()))
}
