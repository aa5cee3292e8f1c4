//! Reports of faults over the API: reading them, and what those do who handle them. They are filed by
//! a page that anybody may open, not here.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    fault_report::{Entity, Model},
    id::FaultReportId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{Body, Posted, answer},
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{AskedList, Page},
    party::Reveal,
};
use crate::{
    app,
    domain::fault_report::Told,
    http::{AppState, fault::Fault},
};

/// A report of a fault.
#[derive(Serialize, ToSchema)]
pub struct FaultReportView {
    /// Its id.
    id: i64,
    /// Its version.
    version: i64,
    /// Where the asset lies.
    area_code: String,
    /// The asset.
    asset: i64,
    /// What is wrong: broken, stopped, danger, blocked, taken or other.
    kind: &'static str,
    /// How far it has come: received, accepted, `in_repair`, dismissed or mended.
    state: &'static str,
    /// When it came.
    reported_at: DateTime<Utc>,
    /// What whoever reported it is told: why it was dismissed, or what was done.
    answer: Option<String>,
    /// The day on which it was dismissed or mended.
    settled_on: Option<NaiveDate>,
}

fn view(row: &Model) -> FaultReportView {
    FaultReportView {
        id: row.id.0,
        version: row.version,
        area_code: row.area_code.to_string(),
        asset: row.asset_id.0,
        kind: row.kind.code(),
        state: row.state.code(),
        reported_at: row.created_at,
        answer: row.answer.clone(),
        settled_on: row.settled_on,
    }
}

/// What was said in a report.
#[derive(Serialize, ToSchema)]
pub struct ToldView {
    /// A line on what is wrong, for whoever handles reports; empty where nothing was said.
    words: String,
    /// The number to call back: masked, but where it is revealed; empty where there is none.
    phone: String,
}

impl From<Told> for ToldView {
    fn from(told: Told) -> ToldView {
        ToldView { words: told.words, phone: told.phone }
    }
}

/// A report of a fault with what was said in it.
#[derive(Serialize, ToSchema)]
pub struct WholeReportView {
    /// The report.
    #[serde(flatten)]
    report: FaultReportView,
    /// What was said.
    told: ToldView,
}

/// List reports of faults.
#[utoipa::path(get, path = "/fault-reports", tag = "fault-reports", params(AskedList<Entity>),
    responses((status = 200, body = Page<FaultReportView>)))]
pub async fn list_fault_reports(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get a report of a fault with what was said in it.
#[utoipa::path(get, path = "/fault-reports/{id}", tag = "fault-reports", params(("id" = i64, Path)),
    responses((status = 200, body = WholeReportView)))]
pub async fn get_fault_report(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&caller.actor);
    let row = read.get::<Entity>(FaultReportId(id)).await?;
    let said = read.told_in(std::slice::from_ref(&row)).await?.remove(&row.id);
    let said = ToldView::from(said.unwrap_or_default());
    let whole = WholeReportView { report: view(&row), told: said };
    Ok(versioned(StatusCode::OK, row.version, whole))
}

/// That a report is taken up; there is nothing to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accepting {}

/// Accept a report of a fault: somebody sees to it.
#[utoipa::path(post, path = "/fault-reports/{id}/accept", tag = "fault-reports",
    request_body = Accepting,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = FaultReportView)))]
pub async fn accept_fault_report(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Accepting>,
) -> Result<Response, Fault> {
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (FaultReportId(id), version);
    let done = app::fault_report::accept(&ledger, &caller.actor, named).await;
    told(StatusCode::OK, done, |row| (row.version, view(row)))
}

/// Why there is nothing to mend.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dismissal {
    /// Why; whoever reported it reads it, and it stays in the log. 1 to 500 characters.
    reason: String,
}

/// Dismiss a report of a fault that is unfounded, or was told before.
#[utoipa::path(post, path = "/fault-reports/{id}/dismiss", tag = "fault-reports",
    request_body = Dismissal,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = FaultReportView)))]
pub async fn dismiss_fault_report(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Dismissal>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (FaultReportId(id), version);
    let done = app::fault_report::dismiss(&ledger, &caller.actor, named, &said.reason).await;
    told(StatusCode::OK, done, |row| (row.version, view(row)))
}

/// What was done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mending {
    /// What was done; whoever reported it reads it, and it stays in the log. At most 500 characters.
    what: Option<String>,
}

/// Record that a reported fault is mended.
#[utoipa::path(post, path = "/fault-reports/{id}/mend", tag = "fault-reports",
    request_body = Mending,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = FaultReportView)))]
pub async fn mend_fault_report(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Mending>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (FaultReportId(id), version);
    let what = said.what.as_deref().unwrap_or_default();
    let done = app::fault_report::mend(&ledger, &caller.actor, named, what).await;
    told(StatusCode::OK, done, |row| (row.version, view(row)))
}

/// Show what was said in a report, and the number to call back. Each time leaves an entry in the log,
/// with the reason and without what was shown; a repetition is another look, so it takes no
/// Idempotency-Key.
#[utoipa::path(post, path = "/fault-reports/{id}/reveal", tag = "fault-reports",
    request_body = Reveal, params(("id" = i64, Path)), responses((status = 200, body = ToldView)))]
pub async fn reveal_fault_report(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    Body(asked): Body<Reveal>,
) -> Result<Response, Fault> {
    let (ledger, actor) = (&state.ledger, &caller.actor);
    let id = FaultReportId(id);
    let shown = app::fault_report::reveal(ledger, actor, id, &asked.reason).await?;
    Ok(answer(StatusCode::OK, ToldView::from(shown)))
}
