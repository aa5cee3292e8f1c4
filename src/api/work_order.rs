//! Work orders over the API: what is to be mended, what it may cost, who mends it, and whether it was.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use entity::{
    fault_report,
    id::{AssetId, BudgetId, FaultReportId, OrganizationId, PersonId, WorkOrderId},
    inspection::{CheckItem, Condition},
    money::Money,
    work_order::{Entity, Kind, Model},
};
use serde::Deserialize;
use serde_json::Value as Json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::Type},
};

use super::{
    body::{Posted, answer},
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{AskedList, Page},
    record,
};
use crate::{
    app,
    domain::{
        mistake::Mistakes,
        refusal::Refusal,
        title::Party,
        work_order::{Defect, FIELDS, Origin, Outcome},
    },
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
    store::Subject,
};

/// A work order: id, version, asset, who acted, and every field by its name.
pub struct WorkOrderView;

impl PartialSchema for WorkOrderView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("asset", Type::Integer),
            ("found_at", Type::String),
        ];
        let perhaps = [
            ("inspection", Type::Integer),
            ("fault_report", Type::Integer),
            ("spending", Type::Integer),
            ("estimated_by", Type::Integer),
            ("approved_by", Type::Integer),
            ("organization", Type::Integer),
            ("person", Type::Integer),
            ("reported_by", Type::Integer),
            ("ended_at", Type::String),
        ];
        record::schema(FIELDS, &beside, &perhaps)
    }
}

impl ToSchema for WorkOrderView {}

fn view(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("asset", row.asset_id.0.into()),
        ("found_at", row.found_at.to_rfc3339().into()),
        ("inspection", row.inspection_id.map(|id| id.0).into()),
        ("fault_report", row.fault_report_id.map(|id| id.0).into()),
        ("spending", row.spending_id.map(|id| id.0).into()),
        ("estimated_by", row.estimated_by.map(|id| id.0).into()),
        ("approved_by", row.approved_by.map(|id| id.0).into()),
        ("organization", row.organization_id.map(|id| id.0).into()),
        ("person", row.person_id.map(|id| id.0).into()),
        ("reported_by", row.reported_by.map(|id| id.0).into()),
        ("ended_at", row.ended_at.map(|at| at.to_rfc3339()).into()),
    ];
    record::with(FIELDS, row, beside)
}

/// List work orders.
#[utoipa::path(get, path = "/work-orders", tag = "work orders", params(AskedList<Entity>),
    responses((status = 200, body = Page<WorkOrderView>)))]
pub async fn list_work_orders(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get a work order.
#[utoipa::path(get, path = "/work-orders/{id}", tag = "work orders", params(("id" = i64, Path)),
    responses((status = 200, body = WorkOrderView)))]
pub async fn get_work_order(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<Entity>(WorkOrderId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}

/// Something that is to be mended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWorkOrder {
    /// The asset.
    asset: i64,
    /// The point, such as `surface`, where it is one that is looked at.
    item: Option<String>,
    /// How bad it is: defect or danger.
    condition: String,
    /// What is to be mended; it stays in the log. 1 to 500 characters.
    what: String,
    /// The report that tells of it, which then waits for it to be mended.
    fault_report: Option<i64>,
}

/// Open a work order by hand. What an inspection finds opens one by itself.
#[utoipa::path(post, path = "/work-orders", tag = "work orders", request_body = NewWorkOrder,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = WorkOrderView)))]
pub async fn open_work_order(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewWorkOrder>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let defect = new.read()?;
    let opened = match new.fault_report.map(FaultReportId) {
        Some(report) => {
            // the report must be one of the asset that is named
            new.check_report(&state, &caller, report).await?;
            app::work_order::open_for_report(&ledger, &caller.actor, report, &defect).await
        }
        None => app::work_order::open(&ledger, &caller.actor, AssetId(new.asset), &defect).await,
    };
    told(StatusCode::CREATED, opened, |row| (row.version, view(row)))
}

impl NewWorkOrder {
    async fn check_report(
        &self,
        state: &AppState,
        caller: &Caller,
        id: FaultReportId,
    ) -> OurResult<()> {
        let read = state.ledger.read(&caller.actor);
        let report = read.get::<fault_report::Entity>(id).await?;
        if report.asset_id == AssetId(self.asset) {
            return Ok(());
        }
        Err(Error::NotFound(<fault_report::Entity as Subject>::NOUN))
    }

    fn read(&self) -> OurResult<Defect> {
        let mut mistakes = Mistakes::default();
        let item = record::value_of::<CheckItem>("item", self.item.as_deref(), &mut mistakes);
        let condition =
            record::value_of::<Condition>("condition", Some(&self.condition), &mut mistakes);
        mistakes.into_result()?;
        let condition = condition.unwrap_or(Condition::Defect);
        Ok(Defect { item, condition, what: self.what.clone() })
    }
}

/// What it will cost.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// What kind of work it is: repair, restoration or improvement.
    kind: String,
    /// In yuan, as text, such as "1850.00".
    estimate: String,
}

impl Estimate {
    fn read(&self) -> OurResult<(Kind, Money)> {
        let mut mistakes = Mistakes::default();
        let kind = record::value_of::<Kind>("kind", Some(&self.kind), &mut mistakes);
        let amount = record::value_of::<Money>("estimate", Some(&self.estimate), &mut mistakes);
        mistakes.into_result()?;
        Ok((kind.unwrap_or(Kind::Repair), amount.unwrap_or(Money::ZERO)))
    }
}

/// Say what kind of work it is and what it will cost.
#[utoipa::path(post, path = "/work-orders/{id}/estimate", tag = "work orders",
    request_body = Estimate,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = WorkOrderView)))]
pub async fn estimate_work_order(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Estimate>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let (named, said) = ((WorkOrderId(id), version), said.read()?);
    let estimated = app::work_order::estimate(&ledger, &caller.actor, named, said).await;
    told(StatusCode::OK, estimated, |row| (row.version, view(row)))
}

/// There is nothing to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Plainly {}

/// Out of which budget it is to be paid.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkApproval {
    /// The budget in which the amount is committed; without one nothing is booked.
    budget: Option<i64>,
}

/// Approve the estimate: whoever may at that amount, and not whoever named it.
#[utoipa::path(post, path = "/work-orders/{id}/approve", tag = "work orders", request_body = WorkApproval,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = WorkOrderView)))]
pub async fn approve_work_order(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<WorkApproval>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let (named, budget) = ((WorkOrderId(id), version), said.budget.map(BudgetId));
    let approved = app::work_order::approve(&ledger, &caller.actor, named, budget).await;
    told(StatusCode::OK, approved, |row| (row.version, view(row)))
}

/// Who mends it, and by when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dispatch {
    /// The contractor.
    organization: Option<i64>,
    /// The keeper, in place of a contractor.
    person: Option<i64>,
    /// The last day: at most 366 days ahead.
    due_on: NaiveDate,
}

impl Dispatch {
    fn party(&self) -> OurResult<Party> {
        match (self.organization, self.person) {
            (Some(id), None) => Ok(Party::Organization(OrganizationId(id))),
            (None, Some(id)) => Ok(Party::Person(PersonId(id))),
            _ => Err(Refusal::one_mender().into()),
        }
    }
}

/// Give it to whoever mends it. Where there is danger, the approval may follow; else it comes first.
#[utoipa::path(post, path = "/work-orders/{id}/dispatch", tag = "work orders",
    request_body = Dispatch,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = WorkOrderView)))]
pub async fn dispatch_work_order(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Dispatch>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let party = said.party()?;
    let (named, whom) = ((WorkOrderId(id), version), (party, said.due_on));
    let dispatched = app::work_order::dispatch(&ledger, &caller.actor, named, whom).await;
    told(StatusCode::OK, dispatched, |row| (row.version, view(row)))
}

/// Say that the work has begun.
#[utoipa::path(post, path = "/work-orders/{id}/begin", tag = "work orders", request_body = Plainly,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = WorkOrderView)))]
pub async fn begin_work_order(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Plainly>,
) -> Result<Response, Fault> {
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (WorkOrderId(id), version);
    let begun = app::work_order::begin(&ledger, &caller.actor, named).await;
    told(StatusCode::OK, begun, |row| (row.version, view(row)))
}

/// What was done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// What was done; it stays in the log. 1 to 500 characters.
    report: String,
    /// What it cost in yuan, as text, such as "1790.00".
    cost: String,
    /// The number of the voucher; asked for where it cost something.
    voucher_no: Option<String>,
}

impl Work {
    fn read(&self) -> OurResult<Outcome> {
        let mut mistakes = Mistakes::default();
        let cost = record::value_of::<Money>("cost", Some(&self.cost), &mut mistakes);
        mistakes.into_result()?;
        let (what, voucher_no) = (self.report.clone(), self.voucher_no.clone());
        Ok(Outcome { what, cost: cost.unwrap_or(Money::ZERO), voucher_no })
    }
}

/// Report a work order done; somebody else accepts it.
#[utoipa::path(post, path = "/work-orders/{id}/report", tag = "work orders", request_body = Work,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = WorkOrderView)))]
pub async fn report_work_order(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Work>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let (named, outcome) = ((WorkOrderId(id), version), said.read()?);
    let reported = app::work_order::report(&ledger, &caller.actor, named, &outcome).await;
    told(StatusCode::OK, reported, |row| (row.version, view(row)))
}

/// What came of looking at it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// Whether it is mended.
    is_accepted: bool,
    /// Why it is sent back, where it is; it stays in the log. 1 to 500 characters.
    reason: Option<String>,
    /// Of a restoration or an improvement: whose money it was, such as `county`.
    tier: Option<String>,
    /// Of the same: what fund, such as `transition`.
    fund: Option<String>,
    /// Of the same: the document of the allotment.
    document_no: Option<String>,
}

impl Acceptance {
    fn origin(&self) -> OurResult<Origin> {
        let mut mistakes = Mistakes::default();
        let tier = record::value_of("tier", self.tier.as_deref(), &mut mistakes);
        let fund = record::value_of("fund", self.fund.as_deref(), &mut mistakes);
        mistakes.into_result()?;
        Ok(Origin { tier, fund, document_no: self.document_no.clone() })
    }
}

/// Accept a work order, or send it back. Nobody accepts what they reported themselves. What a
/// restoration or an improvement cost is added to the value of the asset, with its source.
#[utoipa::path(post, path = "/work-orders/{id}/accept", tag = "work orders",
    request_body = Acceptance,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = WorkOrderView)))]
pub async fn accept_work_order(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Acceptance>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (WorkOrderId(id), version);
    let done = if said.is_accepted {
        let origin = said.origin()?;
        app::work_order::accept(&ledger, &caller.actor, named, &origin).await
    } else {
        let why = said.reason.as_deref().unwrap_or_default();
        app::work_order::send_back(&ledger, &caller.actor, named, why).await
    };
    told(StatusCode::OK, done, |row| (row.version, view(row)))
}

/// Why it will not be mended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkDismissal {
    /// Why; it stays in the log. 1 to 500 characters.
    reason: String,
}

/// Dismiss a work order: it is not so, it is there twice, or the asset goes.
#[utoipa::path(post, path = "/work-orders/{id}/dismiss", tag = "work orders",
    request_body = WorkDismissal,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = WorkOrderView)))]
pub async fn dismiss_work_order(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<WorkDismissal>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (WorkOrderId(id), version);
    let dismissed = app::work_order::dismiss(&ledger, &caller.actor, named, &said.reason).await;
    told(StatusCode::OK, dismissed, |row| (row.version, view(row)))
}
