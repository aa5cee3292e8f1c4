//! What the caller is told of, and marking it as read.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{Asked, Body, answer},
    caller::Caller,
};
use crate::{
    app::reminder,
    http::{
        AppState,
        fault::{Fault, language_of},
    },
    limits,
};

/// One reminder of the log.
#[derive(Serialize, ToSchema)]
pub struct ReminderView {
    /// The code of what happened.
    kind: &'static str,
    /// What it is called in the caller's language.
    name: &'static str,
    /// The position in the county's log.
    seq: i64,
    /// How many rows it is about.
    count: i32,
    /// The id of the first of them.
    subject_id: i64,
    /// The code of the asset, where it is about one that the caller may see.
    asset_code: Option<String>,
    /// The code of the rule, where it is a finding.
    rule: Option<&'static str>,
    /// When.
    at: String,
    /// Whether the caller has not marked it as read.
    is_new: bool,
}

/// What falls due.
#[derive(Serialize, ToSchema)]
pub struct FallingView {
    /// The code of what falls due.
    kind: &'static str,
    /// What it is called in the caller's language.
    name: &'static str,
    /// Whether its day has passed.
    is_late: bool,
    /// How much; counted up to 1000.
    count: u64,
    /// How much of it came since the caller last marked things as read.
    new: u64,
}

/// What the caller is told of.
#[derive(Serialize, ToSchema)]
pub struct Reminders {
    /// What falls due; only without `before`.
    due: Vec<FallingView>,
    /// What the log has, the newest first.
    items: Vec<ReminderView>,
    /// The position to mark as read.
    upto: i64,
    /// What `before` is to be for the page that follows; none on the last.
    next: Option<i64>,
}

/// Where a page begins.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReminderQuery {
    /// Only what stands before this position of the log.
    before: Option<i64>,
}

/// List what the caller is told of: what falls due, and what the log has.
#[utoipa::path(get, path = "/reminders", tag = "reminders", params(ReminderQuery),
    responses((status = 200, body = Reminders)))]
pub async fn list_reminders(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Asked(query): Asked<ReminderQuery>,
) -> Result<Response, Fault> {
    let language = language_of(&headers);
    let limit = limits::PAGE_ROWS_USUAL;
    let told = reminder::list(&state.ledger, &caller.actor, query.before, limit).await?;
    let due = told.falling.iter().map(|one| FallingView {
        kind: one.due.code(),
        name: one.due.label().text(language),
        is_late: one.due.is_late(),
        count: one.n,
        new: one.n_new,
    });
    let items = told.told.iter().map(|one| ReminderView {
        kind: one.row.kind.code(),
        name: one.row.kind.label().text(language),
        seq: one.row.seq,
        count: one.row.n,
        subject_id: one.row.subject_id,
        asset_code: one.asset.as_ref().map(|asset| asset.code.clone()),
        rule: one.row.rule.map(entity::finding::Rule::code),
        at: one.row.at.to_rfc3339(),
        is_new: one.is_new,
    });
    let (due, items) = (due.collect(), items.collect());
    Ok(answer(StatusCode::OK, Reminders { due, items, upto: told.upto, next: told.next }))
}

/// What was read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadReminders {
    /// The last position of the county's log that was seen.
    upto: i64,
}

/// Mark reminders as read, up to a position.
#[utoipa::path(post, path = "/reminders/read", tag = "reminders", request_body = ReadReminders,
    responses((status = 204)))]
pub async fn mark_reminders(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<ReadReminders>,
) -> Result<StatusCode, Fault> {
    reminder::mark_read(&state.ledger, &caller.actor, body.upto).await?;
    Ok(StatusCode::NO_CONTENT)
}
