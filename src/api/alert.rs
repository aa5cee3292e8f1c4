//! Alerts over the API: what is late or soon, place by place.

use axum::{extract::State, http::StatusCode, response::Response};
use entity::area::AreaCode;
use serde::{Deserialize, Serialize};

use super::{
    body::{Asked, answer},
    caller::Caller,
};
use crate::{
    app::alert,
    domain::alert::{Kind, Tier},
    http::{AppState, fault::Fault},
};

/// What alerts are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct AlertQuery {
    /// A county, a town or a village; the caller's own area when nothing is said.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
}

/// How many there are of one kind and one tier in one place.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AlertCount {
    /// The place.
    area_code: String,
    /// red, yellow or blue.
    tier: &'static str,
    /// danger, escalated, rectification, repair, inspection or agreement.
    kind: &'static str,
    /// How many.
    n: i64,
}

/// Count what is late or soon in the areas right below one: red is late or dangerous, yellow soon, blue
/// ahead, by the days of the local rules.
#[utoipa::path(get, path = "/alerts", tag = "reports", params(AlertQuery),
    responses((status = 200, body = Vec<AlertCount>)))]
pub async fn count_alerts(
    State(state): State<AppState>,
    caller: Caller,
    Asked(query): Asked<AlertQuery>,
) -> Result<Response, Fault> {
    let told = alert::alerts(&state.ledger, &caller.actor, query.area).await?;
    let code = |tier: Tier| {
        Tier::ALL.iter().find(|(known, ..)| *known == tier).map_or("", |(_, code, _)| *code)
    };
    let of_kind = |kind: Kind| {
        Kind::ALL.iter().find(|(known, ..)| *known == kind).map_or("", |(_, code, _)| *code)
    };
    let counts = told.counts.iter().map(|((place, tier, kind), n)| AlertCount {
        area_code: place.to_string(),
        tier: code(*tier),
        kind: of_kind(*kind),
        n: *n,
    });
    Ok(answer(StatusCode::OK, counts.collect::<Vec<_>>()))
}
