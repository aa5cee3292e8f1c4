//! Discrepancies over the API: what speaks against the ledger, and that it is right all the same.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use entity::{
    discrepancy::{Entity, Model},
    id::DiscrepancyId,
};
use serde::Deserialize;
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
    app::discrepancy as acts,
    domain::discrepancy::FIELDS,
    http::{AppState, fault::Fault},
};

/// A discrepancy: id, version, area, asset, and every field by its name; the stock-take that says so, or
/// the asset that was registered before.
pub struct DiscrepancyView;

impl PartialSchema for DiscrepancyView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("asset", Type::Integer),
        ];
        let perhaps = [
            ("stock_take", Type::Integer),
            ("other", Type::Integer),
            ("settled_by", Type::Integer),
        ];
        record::schema(FIELDS, &beside, &perhaps)
    }
}

impl ToSchema for DiscrepancyView {}

fn view(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("asset", row.asset_id.0.into()),
        ("stock_take", row.stock_take_id.map(|id| id.0).into()),
        ("other", row.other_id.map(|id| id.0).into()),
        ("settled_by", row.settled_by.map(|id| id.0).into()),
    ];
    record::with(FIELDS, row, beside)
}

/// List what speaks, or spoke, against the ledger.
#[utoipa::path(get, path = "/discrepancies", tag = "stock-takes", params(AskedList<Entity>),
    responses((status = 200, body = Page<DiscrepancyView>)))]
pub async fn list_discrepancies(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get a discrepancy.
#[utoipa::path(get, path = "/discrepancies/{id}", tag = "stock-takes", params(("id" = i64, Path)),
    responses((status = 200, body = DiscrepancyView)))]
pub async fn get_discrepancy(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<Entity>(DiscrepancyId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}

/// Why the ledger is right all the same.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscrepancySettlement {
    /// The reason; it stays in the log.
    reason: String,
}

/// Settle a discrepancy: the ledger is right all the same.
#[utoipa::path(post, path = "/discrepancies/{id}/settle", tag = "stock-takes",
    request_body = DiscrepancySettlement,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = DiscrepancyView)))]
pub async fn settle_discrepancy(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<DiscrepancySettlement>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (DiscrepancyId(id), version);
    let settled = acts::settle(&ledger, &caller.actor, named, &said.reason).await;
    told(StatusCode::OK, settled, |row| (row.version, view(row)))
}
