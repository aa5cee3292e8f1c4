//! Splitting one asset and merging several over the API.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use entity::{asset::Model, id::AssetId, measure::Quantity, money::Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{Posted, answer, replayed},
    caller::Caller,
    etag::{IfMatch, told},
    record,
};
use crate::{
    app,
    domain::{asset::division::Part, mistake::Mistakes},
    error::Result as OurResult,
    http::{AppState, fault::Fault},
};

/// An asset that took the place of others.
#[derive(Serialize, ToSchema)]
pub struct DividedView {
    /// Its id.
    id: i64,
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// Where it lies.
    area_code: String,
    /// Its original value in yuan.
    original_value: Option<String>,
    /// Its version.
    version: i64,
}

impl From<&Model> for DividedView {
    fn from(asset: &Model) -> DividedView {
        DividedView {
            id: asset.id.0,
            code: asset.code.clone(),
            name: asset.name.clone(),
            area_code: asset.area_code.to_string(),
            original_value: asset.original_value.map(|money| money.to_string()),
            version: asset.version,
        }
    }
}

/// A split.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Why; it stays in the log.
    reason: String,
    /// 2 to 100 parts whose original values sum to that of the whole.
    parts: Vec<NewPart>,
}

/// One part of a split.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPart {
    /// Its name.
    name: String,
    /// Its original value in yuan.
    original_value: String,
    /// Its size, in the unit of the whole.
    quantity: Option<String>,
}

impl Split {
    fn parts(&self) -> OurResult<Vec<Part>> {
        let mut mistakes = Mistakes::default();
        let parts = self.parts.iter().map(|part| {
            let value = Some(part.original_value.as_str());
            let value = record::value_of::<Money>("original_value", value, &mut mistakes);
            let size = part.quantity.as_deref();
            let quantity = record::value_of::<Quantity>("quantity", size, &mut mistakes);
            let original_value = value.unwrap_or(Money::ZERO);
            Part { name: part.name.trim().to_owned(), original_value, quantity }
        });
        let parts = parts.collect();
        mistakes.into_result()?;
        Ok(parts)
    }
}

/// Split an asset into parts, which take its place.
#[utoipa::path(post, path = "/assets/{id}/split", tag = "assets", request_body = Split,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Vec<DividedView>)))]
pub async fn split_asset(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Split>,
) -> Result<Response, Fault> {
    let view = |made: &Vec<Model>| made.iter().map(DividedView::from).collect::<Vec<_>>();
    let (ledger, asked) = posted.once(&state.ledger, StatusCode::OK, view);
    let (named, parts) = ((AssetId(id), version), asked.parts()?);
    match app::asset::split(&ledger, &caller.actor, named, &parts, &asked.reason).await {
        Ok(made) => Ok(answer(StatusCode::OK, view(&made))),
        Err(error) => replayed(error),
    }
}

/// A merger.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Merger {
    /// Why; it stays in the log.
    reason: String,
    /// What the new asset is called.
    name: String,
    /// 2 to 100 assets of one class, subclass and village.
    assets: Vec<ReadAsset>,
}

/// An asset and the version of it that was read.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadAsset {
    /// Its id.
    id: i64,
    /// Its version, in place of If-Match.
    version: i64,
}

/// Merge assets into one, which takes their place.
#[utoipa::path(post, path = "/assets/merge", tag = "assets", request_body = Merger,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = DividedView)))]
pub async fn merge_assets(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<Merger>,
) -> Result<Response, Fault> {
    let view = |made: &Model| DividedView::from(made);
    let (ledger, asked) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let named: Vec<_> = asked.assets.iter().map(|one| (AssetId(one.id), one.version)).collect();
    let merged =
        app::asset::merge(&ledger, &caller.actor, &named, &asked.name, &asked.reason).await;
    told(StatusCode::CREATED, merged, |made| (made.version, view(made)))
}
