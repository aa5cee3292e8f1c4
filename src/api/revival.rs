//! Revival plans over the API: proposed, approved, carried out, verified; and the rate of revival.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    asset::{IdleReason, UseState},
    id::{AssetId, OrganizationId, RevivalId},
    revival::{Batch, Entity, Mode, Model},
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::Type},
};

use super::{
    body::{Asked, Posted, answer},
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{AskedList, Page},
    record,
};
use crate::{
    app::{
        self,
        revival::rate::{Line, Part},
    },
    domain::{
        mistake::Mistakes,
        revival::{FIELDS, Plan, Sum},
    },
    error::Result as OurResult,
    http::{AppState, fault::Fault},
};

/// A revival plan: id, version, asset, who acted, and every field by its name.
pub struct RevivalView;

impl PartialSchema for RevivalView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("asset", Type::Integer),
            ("organization", Type::Integer),
        ];
        let perhaps = [
            ("proposed_by", Type::Integer),
            ("approved_by", Type::Integer),
            ("reported_by", Type::Integer),
            ("verified_by", Type::Integer),
        ];
        record::schema(FIELDS, &beside, &perhaps)
    }
}

impl ToSchema for RevivalView {}

fn view(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("asset", row.asset_id.0.into()),
        ("organization", row.organization_id.0.into()),
        ("proposed_by", row.proposed_by.map(|id| id.0).into()),
        ("approved_by", row.approved_by.map(|id| id.0).into()),
        ("reported_by", row.reported_by.map(|id| id.0).into()),
        ("verified_by", row.verified_by.map(|id| id.0).into()),
    ];
    record::with(FIELDS, row, beside)
}

/// List revival plans.
#[utoipa::path(get, path = "/revivals", tag = "revivals", params(AskedList<Entity>),
    responses((status = 200, body = Page<RevivalView>)))]
pub async fn list_revivals(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get a revival plan.
#[utoipa::path(get, path = "/revivals/{id}", tag = "revivals", params(("id" = i64, Path)),
    responses((status = 200, body = RevivalView)))]
pub async fn get_revival(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<Entity>(RevivalId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}

/// How an asset is to be brought back into use.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevivalPlan {
    /// Why it lies idle, such as `market`.
    reason: String,
    /// How, such as `lease`.
    mode: String,
    /// Which part of the four batches: consolidate, upgrade, revive or adjust.
    batch: String,
    /// What is to be done; it stays in the log. 1 to 500 characters.
    measures: String,
    /// The day by which it is to be back in use: at most three years ahead.
    target_on: NaiveDate,
    /// Who sees to it.
    organization: i64,
}

impl RevivalPlan {
    fn read(&self) -> OurResult<Plan> {
        let mut mistakes = Mistakes::default();
        let reason: Option<IdleReason> =
            record::value_of("reason", Some(&self.reason), &mut mistakes);
        let mode: Option<Mode> = record::value_of("mode", Some(&self.mode), &mut mistakes);
        let batch: Option<Batch> = record::value_of("batch", Some(&self.batch), &mut mistakes);
        mistakes.into_result()?;
        Ok(Plan {
            reason: reason.unwrap_or(IdleReason::Other),
            mode: mode.unwrap_or(Mode::OwnRun),
            batch: batch.unwrap_or(Batch::Revive),
            measures: self.measures.clone(),
            target_on: self.target_on,
            organization: OrganizationId(self.organization),
        })
    }
}

/// A plan for an asset that lies idle or yields little.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRevival {
    /// Which asset.
    asset: i64,
    /// How it is to be brought back into use.
    plan: RevivalPlan,
}

/// Propose a revival plan. An asset has one that runs.
#[utoipa::path(post, path = "/revivals", tag = "revivals", request_body = NewRevival,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = RevivalView)))]
pub async fn propose_revival(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewRevival>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let (asset, plan) = (AssetId(new.asset), new.plan.read()?);
    let proposed = app::revival::propose(&ledger, &caller.actor, asset, &plan).await;
    told(StatusCode::CREATED, proposed, |row| (row.version, view(row)))
}

/// Amend a revival plan; it is approved anew.
#[utoipa::path(post, path = "/revivals/{id}/amend", tag = "revivals", request_body = RevivalPlan,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = RevivalView)))]
pub async fn amend_revival(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<RevivalPlan>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let (named, plan) = ((RevivalId(id), version), said.read()?);
    let amended = app::revival::amend(&ledger, &caller.actor, named, &plan).await;
    told(StatusCode::OK, amended, |row| (row.version, view(row)))
}

/// There is nothing to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevivalApproval {}

/// Approve a revival plan: not whoever proposed it.
#[utoipa::path(post, path = "/revivals/{id}/approve", tag = "revivals",
    request_body = RevivalApproval,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = RevivalView)))]
pub async fn approve_revival(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<RevivalApproval>,
) -> Result<Response, Fault> {
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, view);
    let approved = app::revival::approve(&ledger, &caller.actor, (RevivalId(id), version)).await;
    told(StatusCode::OK, approved, |row| (row.version, view(row)))
}

/// What was done, and how the asset is used since.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevivalReport {
    /// What was done; it stays in the log. 1 to 500 characters.
    report: String,
    /// `in_use`, `leased` or `lent`.
    outcome: String,
}

impl RevivalReport {
    fn outcome(&self) -> OurResult<UseState> {
        let mut mistakes = Mistakes::default();
        let outcome = record::value_of("outcome", Some(&self.outcome), &mut mistakes);
        mistakes.into_result()?;
        Ok(outcome.unwrap_or(UseState::InUse))
    }
}

/// Report that an asset is back in use; somebody else verifies it.
#[utoipa::path(post, path = "/revivals/{id}/report", tag = "revivals", request_body = RevivalReport,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = RevivalView)))]
pub async fn report_revival(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<RevivalReport>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let told_of = (said.report.as_str(), said.outcome()?);
    let named = (RevivalId(id), version);
    let reported = app::revival::report(&ledger, &caller.actor, named, told_of).await;
    told(StatusCode::OK, reported, |row| (row.version, view(row)))
}

/// What came of looking at it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevivalVerification {
    /// Whether the asset is back in use.
    is_verified: bool,
    /// What was seen of it, where it is; it stays in the log. 1 to 500 characters.
    evidence: Option<String>,
    /// Why it is sent back, where it is not; it stays in the log. 1 to 500 characters.
    reason: Option<String>,
}

/// Verify a revival, or send it back: not whoever reported it. What is verified puts the card of the
/// asset right.
#[utoipa::path(post, path = "/revivals/{id}/verify", tag = "revivals",
    request_body = RevivalVerification,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = RevivalView)))]
pub async fn verify_revival(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<RevivalVerification>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (RevivalId(id), version);
    let done = if said.is_verified {
        let evidence = said.evidence.as_deref().unwrap_or_default();
        app::revival::verify(&ledger, &caller.actor, named, evidence).await
    } else {
        let why = said.reason.as_deref().unwrap_or_default();
        app::revival::send_back(&ledger, &caller.actor, named, why).await
    };
    told(StatusCode::OK, done, |row| (row.version, view(row)))
}

/// Why it is not carried through.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevivalEnding {
    /// Why; it stays in the log. 1 to 500 characters.
    reason: String,
}

/// End a revival plan that is not carried through.
#[utoipa::path(post, path = "/revivals/{id}/end", tag = "revivals", request_body = RevivalEnding,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = RevivalView)))]
pub async fn end_revival(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<RevivalEnding>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (RevivalId(id), version);
    let ended = app::revival::end(&ledger, &caller.actor, named, &said.reason).await;
    told(StatusCode::OK, ended, |row| (row.version, view(row)))
}

/// Of which area and year the rate is told.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AskedRate {
    /// An area within the caller's; the caller's own where none is named.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// One of the last ten years; this year where none is named.
    year: Option<i32>,
}

/// How many assets, and what they cost.
#[derive(Serialize, ToSchema)]
pub struct RevivalSum {
    /// How many.
    n: i64,
    /// Their original values in yuan.
    value: String,
}

fn sum(sum: Sum) -> RevivalSum {
    RevivalSum { n: sum.n, value: sum.value.to_string() }
}

/// The sums of one area.
#[derive(Serialize, ToSchema)]
pub struct RevivalLine {
    /// Which area.
    area_code: String,
    /// Brought back into use in the year.
    revived: RevivalSum,
    /// In need at the end of the year, and brought back later.
    later: RevivalSum,
    /// In need at the end of the year, and so today.
    open: RevivalSum,
    /// What needed it: all of these.
    needed: RevivalSum,
    /// Hundredths of a percent; null where nothing needed it or nothing has a value.
    rate_bp: Option<i64>,
    /// Plans that run today.
    running: RevivalSum,
    /// Of these, the late ones.
    late: RevivalSum,
}

fn line(line: &Line) -> RevivalLine {
    RevivalLine {
        area_code: line.area.to_string(),
        revived: sum(line.revived),
        later: sum(line.later),
        open: sum(line.open),
        needed: sum(line.needed()),
        rate_bp: line.rate_bp(),
        running: sum(line.running),
        late: sum(line.late),
    }
}

/// One part of the four batches: its plans.
#[derive(Serialize, ToSchema)]
pub struct RevivalPart {
    /// Which part.
    batch: String,
    /// Plans that run today.
    running: RevivalSum,
    /// Of these, the late ones.
    late: RevivalSum,
    /// Verified in the year.
    closed: RevivalSum,
    /// Ended otherwise in the year.
    ended: RevivalSum,
}

fn part(part: &Part) -> RevivalPart {
    RevivalPart {
        batch: part.batch.code().to_owned(),
        running: sum(part.running),
        late: sum(part.late),
        closed: sum(part.closed),
        ended: sum(part.ended),
    }
}

/// The rate of revival of an area in a year.
#[derive(Serialize, ToSchema)]
pub struct RevivalRate {
    /// Which year.
    year: i32,
    /// The last day that is counted.
    #[schema(value_type = String)]
    until: NaiveDate,
    /// The whole area.
    whole: RevivalLine,
    /// The areas directly below it, where there is anything to tell.
    areas: Vec<RevivalLine>,
    /// The four batches.
    batches: Vec<RevivalPart>,
}

/// Get the rate of revival of an area in a year: the mean of the share by value and the share by number.
#[utoipa::path(get, path = "/revivals/rate", tag = "revivals", params(AskedRate),
    responses((status = 200, body = RevivalRate)))]
pub async fn get_revival_rate(
    State(state): State<AppState>,
    caller: Caller,
    Asked(asked): Asked<AskedRate>,
) -> Result<Response, Fault> {
    let of = (asked.area, asked.year);
    let rate = app::revival::rate::rate(&state.ledger, &caller.actor, of).await?;
    let told = RevivalRate {
        year: rate.year,
        until: rate.until,
        whole: line(&rate.whole),
        areas: rate.lines.iter().map(line).collect(),
        batches: rate.parts.iter().map(part).collect(),
    };
    Ok(answer(StatusCode::OK, told))
}
