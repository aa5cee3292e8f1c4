//! The five haves over the API: of one asset, and how far an area is covered.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use entity::{
    area::AreaCode,
    asset,
    five_have::{Have, Model},
    id::AssetId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    body::{Asked, answer},
    caller::Caller,
};
use crate::{
    app::{self, five_have::Line},
    http::{AppState, fault::Fault},
};

/// Which of the five an asset has.
#[derive(Serialize, ToSchema)]
pub struct FiveHavesView {
    /// Whether they are asked of it: not of what a household owns, is a claim, or does not stand.
    is_asked: bool,
    /// The codes of those it has: rule, standard, team, money, oversight.
    has: Vec<String>,
    /// The codes of those it lacks.
    lacks: Vec<String>,
}

fn view(row: Option<&Model>) -> FiveHavesView {
    let of = |is: bool| {
        let own = row.into_iter();
        let own = own.flat_map(|row| Have::ALL.iter().filter(move |have| row.has(**have) == is));
        own.map(|have| have.code().to_owned()).collect()
    };
    FiveHavesView { is_asked: row.is_some(), has: of(true), lacks: of(false) }
}

/// Get which of the five haves an asset has.
#[utoipa::path(get, path = "/assets/{id}/five-haves", tag = "five haves",
    params(("id" = i64, Path)), responses((status = 200, body = FiveHavesView)))]
pub async fn get_asset_five_haves(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&caller.actor);
    let asset = read.get::<asset::Entity>(AssetId(id)).await?;
    let row = read.haves_of(asset.id).await?;
    Ok(answer(StatusCode::OK, view(row.as_ref())))
}

/// Of which area the coverage is told.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AskedCoverage {
    /// An area within the caller's; the caller's own where none is named.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
}

/// How many assets of one area have which of the five.
#[derive(Serialize, ToSchema)]
pub struct CoverageLine {
    /// Which area.
    area_code: String,
    /// Assets of which the five are asked.
    asked: i64,
    /// Those that have a written agreement.
    rule: i64,
    /// Those that have a standard.
    standard: i64,
    /// Those that have somebody who does it.
    team: i64,
    /// Those that have money this year.
    money: i64,
    /// Those that were inspected in time.
    oversight: i64,
    /// Those that have all five.
    all: i64,
}

fn line(line: &Line) -> CoverageLine {
    let [rule, standard, team, money, oversight] = line.have;
    let (area_code, asked, all) = (line.area.to_string(), line.asked, line.all);
    CoverageLine { area_code, asked, rule, standard, team, money, oversight, all }
}

/// How far the five haves are covered.
#[derive(Serialize, ToSchema)]
pub struct FiveHavesCoverage {
    /// The whole area.
    whole: CoverageLine,
    /// The areas directly below it, where there is anything to tell.
    areas: Vec<CoverageLine>,
}

/// Get how far the five haves are covered in an area.
#[utoipa::path(get, path = "/five-haves", tag = "five haves", params(AskedCoverage),
    responses((status = 200, body = FiveHavesCoverage)))]
pub async fn get_five_haves(
    State(state): State<AppState>,
    caller: Caller,
    Asked(asked): Asked<AskedCoverage>,
) -> Result<Response, Fault> {
    let told = app::five_have::coverage(&state.ledger, &caller.actor, asked.area).await?;
    let areas = told.lines.iter().map(line).collect();
    Ok(answer(StatusCode::OK, FiveHavesCoverage { whole: line(&told.whole), areas }))
}
