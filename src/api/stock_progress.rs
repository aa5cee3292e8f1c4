//! How far the places of an area are with their stock-takes of a year, over the API.

use axum::{extract::State, http::StatusCode, response::Response};
use chrono::NaiveDate;
use entity::area::AreaCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{Asked, answer},
    caller::Caller,
};
use crate::{
    app::stock_take::{Sums, progress},
    domain::stock_take::year_due,
    http::{AppState, fault::Fault},
};

/// Which progress is asked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AskedProgress {
    /// A county or a part of one; the caller's own area when nothing is said.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// The year; the last one when nothing is said.
    year: Option<i32>,
}

/// What the stock-takes of some places come to.
#[derive(Serialize, ToSchema)]
pub struct StockSums {
    /// Places with assets.
    places: i64,
    /// Those with a signed result.
    signed: i64,
    /// Those that are being counted.
    counting: i64,
    /// Assets expected.
    expected: i64,
    /// Found as the ledger says.
    found: i64,
    /// Missing.
    missing: i64,
    /// In another state.
    changed: i64,
    /// Not on the ledger.
    unexpected: i64,
}

impl From<&Sums> for StockSums {
    fn from(sums: &Sums) -> StockSums {
        let Sums { places, signed, counting, expected, found, missing, changed, unexpected } =
            *sums;
        StockSums { places, signed, counting, expected, found, missing, changed, unexpected }
    }
}

/// A town, and what its stock-takes come to.
#[derive(Serialize, ToSchema)]
pub struct TownStock {
    /// The town.
    #[schema(value_type = String)]
    area_code: AreaCode,
    /// What they come to.
    sums: StockSums,
}

/// A place without a signed result.
#[derive(Serialize, ToSchema)]
pub struct LackingStock {
    /// The place.
    #[schema(value_type = String)]
    area_code: AreaCode,
    /// Assets that stand on the ledger there.
    assets: i64,
    /// The stock-take that is under way.
    stock_take: Option<i64>,
}

/// How far the places of an area are with their stock-takes of a year.
#[derive(Serialize, ToSchema)]
pub struct StockProgress {
    /// The area.
    #[schema(value_type = String)]
    area_code: AreaCode,
    /// The year.
    year: i32,
    /// The last day on which a result is in time.
    due_on: NaiveDate,
    /// Days for which it has been late; below zero, days that are left.
    days_late: i64,
    /// What all of it comes to.
    sums: StockSums,
    /// Town by town.
    towns: Vec<TownStock>,
    /// Places without a signed result.
    lacking: Vec<LackingStock>,
}

/// See how far the places of a county, or of a part of it, are with their stock-takes of a year.
#[utoipa::path(get, path = "/stock-takes/progress", tag = "stock-takes", params(AskedProgress),
    responses((status = 200, body = StockProgress)))]
pub async fn get_stock_progress(
    State(state): State<AppState>,
    caller: Caller,
    Asked(asked): Asked<AskedProgress>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&caller.actor);
    let year = asked.year.unwrap_or_else(|| year_due(read.today()));
    let all = progress(&read, asked.area, year).await?;
    let towns = all.towns.iter();
    let lacking = all.lacking();
    let told = StockProgress {
        area_code: all.area,
        year,
        due_on: all.due_on,
        days_late: all.lateness(read.today()),
        sums: (&all.all).into(),
        towns: towns
            .map(|(area, sums)| TownStock { area_code: *area, sums: sums.into() })
            .collect(),
        lacking: lacking
            .map(|one| LackingStock {
                area_code: one.area,
                assets: one.n_assets,
                stock_take: one.take.as_ref().map(|take| take.id.0),
            })
            .collect(),
    };
    Ok(answer(StatusCode::OK, told))
}
