//! Rectifications over the API: asking somebody to mend what was found, and what comes of it.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use entity::{
    id::{AccountId, AssetId, OrganizationId, RectificationId},
    language::Label,
    rectification::{Entity, Model},
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::Type},
};

use super::{
    body::{Posted, answer, replayed},
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{AskedList, Page},
    record,
};
use crate::{
    app::{self, rectification::Finding},
    domain::{
        mistake::{Mistake, Mistakes},
        rectification::{Bearer, Charge, FIELDS, Verdict},
        refusal::Refusal,
    },
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
};

/// A round of rectification: id, version, asset, who is to act, and every field by its name.
pub struct RectificationView;

impl PartialSchema for RectificationView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("asset", Type::Integer),
        ];
        let perhaps = [
            ("account", Type::Integer),
            ("organization", Type::Integer),
            ("reported_by", Type::Integer),
        ];
        record::schema(FIELDS, &beside, &perhaps)
    }
}

impl ToSchema for RectificationView {}

fn view(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("asset", row.asset_id.0.into()),
        ("account", row.account_id.map(|id| id.0).into()),
        ("organization", row.organization_id.map(|id| id.0).into()),
        ("reported_by", row.reported_by.map(|id| id.0).into()),
    ];
    record::with(FIELDS, row, beside)
}

/// List rectifications, past and present.
#[utoipa::path(get, path = "/rectifications", tag = "rectifications", params(AskedList<Entity>),
    responses((status = 200, body = Page<RectificationView>)))]
pub async fn list_rectifications(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get a rectification.
#[utoipa::path(get, path = "/rectifications/{id}", tag = "rectifications",
    params(("id" = i64, Path)), responses((status = 200, body = RectificationView)))]
pub async fn get_rectification(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<Entity>(RectificationId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}

/// A finding, and the version of its rectification that was read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingRead {
    /// The asset.
    asset: i64,
    /// The rule, such as G01.
    rule: String,
    /// The version of the rectification that runs; 0 where none does.
    version: i64,
}

fn findings(read: &[FindingRead]) -> OurResult<Vec<Finding>> {
    let mut mistakes = Mistakes::default();
    if read.is_empty() {
        mistakes.push(Mistake::missing("findings", Label::new("问题", "findings")));
    }
    let found = read.iter().filter_map(|one| {
        let rule = record::value_of("rule", Some(&one.rule), &mut mistakes)?;
        Some(Finding { asset: AssetId(one.asset), rule, version: one.version })
    });
    let found = found.collect();
    mistakes.into_result()?;
    Ok(found)
}

/// Who is to mend findings, and by when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRectification {
    /// 1 to 1000 findings.
    findings: Vec<FindingRead>,
    /// The account that is to act: one in charge of the place, whose role may report it done.
    account: Option<i64>,
    /// The organization that is to act, in place of an account.
    organization: Option<i64>,
    /// The last day: at most 366 days ahead.
    due_on: NaiveDate,
    /// What is asked; it stays in the log. At most 500 characters.
    note: Option<String>,
}

impl NewRectification {
    fn charge(&self) -> OurResult<Charge> {
        let bearer = match (self.account, self.organization) {
            (Some(id), None) => Bearer::Account(AccountId(id)),
            (None, Some(id)) => Bearer::Organization(OrganizationId(id)),
            _ => return Err(Refusal::one_bearer().into()),
        };
        Ok(Charge { bearer, due_on: self.due_on, note: self.note.clone() })
    }
}

/// What was asked for, or escalated.
#[derive(Serialize, ToSchema)]
pub struct RectificationsView {
    /// How many rectifications were made or changed.
    count: usize,
    /// Each of them.
    #[schema(value_type = Vec<RectificationView>)]
    rectifications: Vec<Json>,
}

#[expect(clippy::ptr_arg, reason = "the answer of an action is made of what the action gives")]
fn views(rows: &Vec<Model>) -> RectificationsView {
    RectificationsView { count: rows.len(), rectifications: rows.iter().map(view).collect() }
}

fn done(done: OurResult<Vec<Model>>) -> Result<Response, Fault> {
    match done {
        Ok(rows) => Ok(answer(StatusCode::OK, views(&rows))),
        Err(error) => replayed(error),
    }
}

/// Ask one party to mend findings by a day: all of them, or none. A finding that waits for nobody
/// yet begins a round; for one that somebody was asked about, another party or another day is named.
#[utoipa::path(post, path = "/rectifications/assign", tag = "rectifications",
    request_body = NewRectification, params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = RectificationsView)))]
pub async fn assign_rectification(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewRectification>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::OK, views);
    let (findings, charge) = (findings(&new.findings)?, new.charge()?);
    done(app::rectification::assign(&ledger, &caller.actor, &findings, &charge).await)
}

/// Findings that the level above is asked to see to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// 1 to 1000 findings.
    findings: Vec<FindingRead>,
    /// What is said; it stays in the log. 1 to 500 characters.
    note: String,
}

/// Escalate findings: from the village to the town, the department of the county, its leader, where
/// each further time is counted. All of them, or none.
#[utoipa::path(post, path = "/rectifications/escalate", tag = "rectifications",
    request_body = Escalation, params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = RectificationsView)))]
pub async fn escalate_rectification(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<Escalation>,
) -> Result<Response, Fault> {
    let (ledger, asked) = posted.once(&state.ledger, StatusCode::OK, views);
    let findings = findings(&asked.findings)?;
    let note = &asked.note;
    done(app::rectification::escalate(&ledger, &caller.actor, &findings, note).await)
}

/// A beginning; there is nothing to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Beginning {}

/// Begin a rectification. What nobody was asked for by name is taken over.
#[utoipa::path(post, path = "/rectifications/{id}/begin", tag = "rectifications",
    request_body = Beginning,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = RectificationView)))]
pub async fn begin_rectification(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Beginning>,
) -> Result<Response, Fault> {
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (RectificationId(id), version);
    let begun = app::rectification::begin(&ledger, &caller.actor, named).await;
    told(StatusCode::OK, begun, |row| (row.version, view(row)))
}

/// What was done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// What was done; it stays in the log. 1 to 500 characters.
    what: String,
}

/// Report a rectification done; somebody else checks it.
#[utoipa::path(post, path = "/rectifications/{id}/report", tag = "rectifications",
    request_body = Report,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = RectificationView)))]
pub async fn report_rectification(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Report>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (RectificationId(id), version);
    let reported = app::rectification::report(&ledger, &caller.actor, named, &said.what).await;
    told(StatusCode::OK, reported, |row| (row.version, view(row)))
}

/// What came of a check.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    /// Whether it is done.
    is_accepted: bool,
    /// Why it is sent back, where it is; it stays in the log. 1 to 500 characters.
    reason: Option<String>,
}

impl Checked {
    fn verdict(&self) -> OurResult<Verdict<'_>> {
        match (self.is_accepted, self.reason.as_deref()) {
            (true, None) => Ok(Verdict::Accepted),
            (false, reason) => Ok(Verdict::Returned(reason.unwrap_or_default())),
            (true, Some(reason)) => {
                let (zh, en) = ("通过时不写理由", "what is accepted takes no reason");
                let expected = entity::language::Sentence::new(zh, en);
                let mistake = Mistake::new("reason", reason, expected);
                Err(Error::Invalid(Mistakes(vec![mistake])))
            }
        }
    }
}

/// Check what was reported done: close it out, or send it back. Nobody checks what they reported
/// themselves.
#[utoipa::path(post, path = "/rectifications/{id}/check", tag = "rectifications",
    request_body = Checked,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = RectificationView)))]
pub async fn check_rectification(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Checked>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let verdict = said.verdict()?;
    let named = (RectificationId(id), version);
    let checked = app::rectification::check(&ledger, &caller.actor, named, verdict).await;
    told(StatusCode::OK, checked, |row| (row.version, view(row)))
}
