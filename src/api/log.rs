//! The log over the API: where each county's log ends, and proofs that outsiders can check. Only
//! hashes and signatures leave; entries are for auditors and come with the pages of the log.

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use entity::{area::County, language::Label};
use serde::Serialize;
use utoipa::ToSchema;

use super::{body::answer, caller::Caller};
use crate::{
    app::proof,
    broken,
    domain::permission::Action,
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
};

/// Where the log of a county ends.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogHead {
    /// The county: the first six digits of its area code.
    county: String,
    /// Entries.
    size: u64,
}

/// The county of an address, where it lies in the caller's area.
pub(super) fn county(caller: &Caller, text: &str) -> OurResult<County> {
    let noun = Label::new("留痕", "log");
    caller.actor.require(Action::ReadLog)?;
    let county: County = text.parse().map_err(|_| Error::NotFound(noun))?;
    let own = caller.actor.area();
    let is_seen = broken::is("scope of a log") || own.covers(&county.area());
    if is_seen { Ok(county) } else { Err(Error::NotFound(noun)) }
}

/// List where the logs of the caller's counties end.
#[utoipa::path(get, path = "/logs", tag = "log", responses((status = 200, body = Vec<LogHead>)))]
pub async fn list_log_heads(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Response, Fault> {
    caller.actor.require(Action::ReadLog)?;
    let area = caller.actor.area();
    let logs = state.ledger.logs().await?.into_iter();
    let heads = logs
        .filter(|(county, _)| broken::is("scope of log heads") || area.covers(&county.area()))
        .map(|(county, size)| LogHead { county: county.as_str().to_owned(), size });
    Ok(answer(StatusCode::OK, heads.collect::<Vec<_>>()))
}

/// Get the newest signed checkpoint of a county, as a note to keep outside.
#[utoipa::path(get, path = "/logs/{county}/checkpoint", tag = "log",
    params(("county" = String, Path)),
    responses((status = 200, description = "A signed note", content_type = "text/plain")))]
pub async fn get_checkpoint(
    State(state): State<AppState>,
    caller: Caller,
    Path(of): Path<String>,
) -> Result<Response, Fault> {
    let county = county(&caller, &of)?;
    Ok(file(proof::head(&state.ledger, county).await?))
}

/// Prove that an entry is in the log, against the newest signed checkpoint.
#[utoipa::path(get, path = "/logs/{county}/inclusion/{seq}", tag = "log",
    params(("county" = String, Path), ("seq" = u64, Path)),
    responses((status = 200, description = "A proof file", content_type = "text/plain")))]
pub async fn prove_inclusion(
    State(state): State<AppState>,
    caller: Caller,
    Path((of, seq)): Path<(String, u64)>,
) -> Result<Response, Fault> {
    let county = county(&caller, &of)?;
    Ok(file(proof::inclusion(&state.ledger, county, seq).await?))
}

/// Prove that the newest signed checkpoint continues that of a size.
#[utoipa::path(get, path = "/logs/{county}/consistency/{from_size}", tag = "log",
    params(("county" = String, Path), ("from_size" = u64, Path)),
    responses((status = 200, description = "A proof file", content_type = "text/plain")))]
pub async fn prove_consistency(
    State(state): State<AppState>,
    caller: Caller,
    Path((of, from_size)): Path<(String, u64)>,
) -> Result<Response, Fault> {
    let county = county(&caller, &of)?;
    Ok(file(proof::consistency(&state.ledger, county, from_size).await?))
}

fn file(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
