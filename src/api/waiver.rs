//! Waivers over the API: setting a finding aside, for a reason and until a day.

use axum::{extract::State, http::StatusCode, response::Response};
use chrono::NaiveDate;
use entity::{finding::Rule, id::AssetId, waiver::Model};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{body::Posted, caller::Caller, etag::told, record};
use crate::{
    app,
    domain::mistake::Mistakes,
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
};

/// A waiver.
#[derive(Serialize, ToSchema)]
pub struct WaiverView {
    /// Its id.
    id: i64,
    /// Its version.
    version: i64,
    /// The asset.
    asset: i64,
    /// The rule whose finding is set aside, such as G01.
    rule: &'static str,
    /// Why.
    reason: String,
    /// The first day.
    from_on: NaiveDate,
    /// The last day.
    until_on: NaiveDate,
}

impl From<&Model> for WaiverView {
    fn from(row: &Model) -> WaiverView {
        WaiverView {
            id: row.id.0,
            version: row.version,
            asset: row.asset_id.0,
            rule: row.rule.code(),
            reason: row.reason.clone(),
            from_on: row.from_on,
            until_on: row.until_on,
        }
    }
}

/// A new waiver.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWaiver {
    /// The asset.
    asset: i64,
    /// The rule whose open finding is set aside, such as G01.
    rule: String,
    /// Why; it stays in the log.
    reason: String,
    /// The last day: at most 366 days ahead.
    until_on: NaiveDate,
}

impl NewWaiver {
    fn rule(&self) -> OurResult<Rule> {
        let mut mistakes = Mistakes::default();
        let rule = record::value_of("rule", Some(&self.rule), &mut mistakes);
        mistakes.into_result()?;
        rule.ok_or(Error::Conflict)
    }
}

/// Waive an open finding on an asset.
#[utoipa::path(post, path = "/waivers", tag = "waivers", request_body = NewWaiver,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = WaiverView)))]
pub async fn grant_waiver(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewWaiver>,
) -> Result<Response, Fault> {
    let view = |row: &Model| WaiverView::from(row);
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let (id, rule, until) = (AssetId(new.asset), new.rule()?, new.until_on);
    let granted = app::waiver::grant(&ledger, &caller.actor, id, rule, &new.reason, until).await;
    told(StatusCode::CREATED, granted, |row| (row.version, view(row)))
}
