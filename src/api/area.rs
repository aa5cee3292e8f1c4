//! Areas over the API: the tree, what each was called before, renaming and merging.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use entity::{
    area::{AreaCode, Entity, Model},
    language::Label,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::Type},
};

use super::{
    body::{Posted, answer},
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{AskedList, Page},
    record,
};
use crate::{
    app,
    domain::area::FIELDS,
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
};

/// A row of an area: one name it has or had. Id, version, and every field by its name.
pub struct AreaView;

impl PartialSchema for AreaView {
    fn schema() -> RefOr<Schema> {
        record::schema(FIELDS, &[("id", Type::Integer), ("version", Type::Integer)], &[])
    }
}

impl ToSchema for AreaView {}

fn view(row: &Model) -> Json {
    record::with(FIELDS, row, [("id", row.id.0.into()), ("version", row.version.into())])
}

/// An area with what it was before and what lies above it.
#[derive(Serialize, ToSchema)]
pub struct AreaCard {
    /// The row that is valid now, or the last one that was.
    #[schema(value_type = AreaView)]
    area: Json,
    /// The rows before it, the oldest first.
    #[schema(value_type = Vec<AreaView>)]
    former: Vec<Json>,
    /// The areas above, the highest first.
    above: Vec<AreaStep>,
}

/// One step on the way from the top of the tree to an area.
#[derive(Serialize, ToSchema)]
pub struct AreaStep {
    /// Its code.
    area_code: String,
    /// What it is called now.
    name: String,
}

/// The code of an address.
fn code(text: &str) -> OurResult<AreaCode> {
    text.parse().map_err(|_| Error::NotFound(Label::new("区划", "area")))
}

/// List areas by code: those valid now, unless `former` says otherwise.
#[utoipa::path(get, path = "/areas", tag = "areas", params(AskedList<Entity>),
    responses((status = 200, body = Page<AreaView>)))]
pub async fn list_areas(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list.of_present()).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get an area with its history and the areas above it.
#[utoipa::path(get, path = "/areas/{code}", tag = "areas", params(("code" = String, Path)),
    responses((status = 200, body = AreaCard)))]
pub async fn get_area(
    State(state): State<AppState>,
    caller: Caller,
    Path(of): Path<String>,
) -> Result<Response, Fault> {
    let (read, code) = (state.ledger.read(&caller.actor), code(&of)?);
    let mut rows = read.area_history(code).await?;
    let last = rows.pop().ok_or(Error::NotFound(Label::new("区划", "area")))?;
    let mut above: Vec<(AreaCode, String)> =
        read.area_names(&code.above().collect::<Vec<_>>()).await?.into_iter().collect();
    above.sort();
    let steps = above.into_iter().filter(|(step, _)| *step != code);
    let above = steps.map(|(step, name)| AreaStep { area_code: step.to_string(), name });
    let former = rows.iter().map(view).collect();
    let card = AreaCard { area: view(&last), former, above: above.collect() };
    Ok(versioned(StatusCode::OK, last.version, card))
}

/// Another name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Renaming {
    /// The new name.
    name: String,
    /// The first day of it.
    on: NaiveDate,
}

/// Give an area a new name. Answers the row that begins; the former one stays.
#[utoipa::path(post, path = "/areas/{code}/rename", tag = "areas", request_body = Renaming,
    params(("code" = String, Path), ("If-Match" = String, Header),
        ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AreaView)))]
pub async fn rename_area(
    State(state): State<AppState>,
    caller: Caller,
    Path(of): Path<String>,
    IfMatch(version): IfMatch,
    posted: Posted<Renaming>,
) -> Result<Response, Fault> {
    let (ledger, Renaming { name, on }) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (code(&of)?, version);
    let renamed = app::area::rename(&ledger, &caller.actor, named, &name, on).await;
    told(StatusCode::OK, renamed, |row| (row.version, view(row)))
}

/// A merger.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaMerger {
    /// The area that takes it over, of the same level.
    #[schema(value_type = String)]
    into: AreaCode,
    /// The first day of it.
    on: NaiveDate,
}

/// Merge an area into another: everything in it moves. Answers the row that is closed.
#[utoipa::path(post, path = "/areas/{code}/merge", tag = "areas", request_body = AreaMerger,
    params(("code" = String, Path), ("If-Match" = String, Header),
        ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AreaView)))]
pub async fn merge_area(
    State(state): State<AppState>,
    caller: Caller,
    Path(of): Path<String>,
    IfMatch(version): IfMatch,
    posted: Posted<AreaMerger>,
) -> Result<Response, Fault> {
    let (ledger, AreaMerger { into, on }) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (code(&of)?, version);
    let merged = app::area::merge(&ledger, &caller.actor, named, into, on).await;
    told(StatusCode::OK, merged, |row| (row.version, view(row)))
}
