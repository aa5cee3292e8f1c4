//! Spendings over the API: committing, paying, releasing, reversing; and requests to overspend.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use entity::{
    id::{AssetId, BudgetId, OrganizationId, OverspendId, SpendingId},
    overspend,
    spending::{Entity, Model},
};
use serde::Deserialize;
use serde_json::Value as Json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::Type},
};

use super::{
    body::{Posted, answer},
    budget::money,
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{AskedList, Page},
    record,
};
use crate::{
    app,
    domain::{
        mistake::{Mistake, Mistakes},
        overspend::{FIELDS as OVERSPEND_FIELDS, Verdict},
        spending::{FIELDS, Payment, Request},
    },
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
};

/// A spending: id, version, its budget, its asset, who is paid, and every field by its name.
pub struct SpendingView;

impl PartialSchema for SpendingView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("budget", Type::Integer),
            ("asset", Type::Integer),
        ];
        record::schema(FIELDS, &beside, &[("organization", Type::Integer)])
    }
}

impl ToSchema for SpendingView {}

fn view(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("budget", row.budget_id.0.into()),
        ("asset", row.asset_id.0.into()),
        ("organization", row.organization_id.map(|id| id.0).into()),
    ];
    record::with(FIELDS, row, beside)
}

/// List spendings.
#[utoipa::path(get, path = "/spendings", tag = "spendings", params(AskedList<Entity>),
    responses((status = 200, body = Page<SpendingView>)))]
pub async fn list_spendings(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get a spending.
#[utoipa::path(get, path = "/spendings/{id}", tag = "spendings", params(("id" = i64, Path)),
    responses((status = 200, body = SpendingView)))]
pub async fn get_spending(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<Entity>(SpendingId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}

/// Money that is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCommitment {
    /// The budget.
    budget: i64,
    /// The asset that it is for: the one of the budget, or one in its place and of its kind.
    asset: i64,
    /// How much, in yuan as text.
    amount: String,
    /// What for, in a line of 1 to 200 characters.
    purpose: String,
    /// The organization that is to be paid.
    organization: Option<i64>,
}

impl NewCommitment {
    fn read(&self) -> OurResult<((BudgetId, AssetId), Request)> {
        let request = Request {
            amount: money("amount", &self.amount)?,
            purpose: self.purpose.clone(),
            organization: self.organization.map(OrganizationId),
        };
        Ok(((BudgetId(self.budget), AssetId(self.asset)), request))
    }
}

/// Commit money of a budget for an asset. More than is left and approved is refused with the figures.
#[utoipa::path(post, path = "/spendings", tag = "spendings", request_body = NewCommitment,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = SpendingView)))]
pub async fn commit_spending(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewCommitment>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let (of, request) = new.read()?;
    let made = app::spending::commit(&ledger, &caller.actor, of, &request).await;
    told(StatusCode::CREATED, made, |row| (row.version, view(row)))
}

/// A payment without a commitment before it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPayment {
    /// The budget.
    budget: i64,
    /// The asset that it is for.
    asset: i64,
    /// How much, in yuan as text.
    amount: String,
    /// What for, in a line of 1 to 200 characters.
    purpose: String,
    /// The organization that was paid.
    organization: Option<i64>,
    /// The number of the voucher.
    voucher_no: String,
    /// The day: from the beginning of the year of the budget to today.
    paid_on: NaiveDate,
}

/// Pay for an asset out of a budget at once.
#[utoipa::path(post, path = "/spendings/pay", tag = "spendings", request_body = NewPayment,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = SpendingView)))]
pub async fn pay_spending(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewPayment>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let NewPayment { budget, asset, amount, purpose, organization, voucher_no, paid_on } = new;
    let asked = NewCommitment { budget, asset, amount, purpose, organization };
    let ((of, request), payment) = (asked.read()?, Payment { voucher_no, paid_on });
    let made = app::spending::pay(&ledger, &caller.actor, of, (&request, &payment)).await;
    told(StatusCode::CREATED, made, |row| (row.version, view(row)))
}

/// How a commitment was paid.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaidCommitment {
    /// How much, in yuan as text: what was committed, less, or more where there is room.
    amount: String,
    /// The number of the voucher.
    voucher_no: String,
    /// The day.
    paid_on: NaiveDate,
}

/// Pay what was committed; what is not paid of it is free again.
#[utoipa::path(post, path = "/spendings/{id}/pay", tag = "spendings", request_body = PaidCommitment,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = SpendingView)))]
pub async fn pay_commitment(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<PaidCommitment>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let amount = money("amount", &said.amount)?;
    let payment = Payment { voucher_no: said.voucher_no, paid_on: said.paid_on };
    let named = (SpendingId(id), version);
    let paid = app::spending::pay_committed(&ledger, &caller.actor, named, amount, &payment).await;
    told(StatusCode::OK, paid, |row| (row.version, view(row)))
}

/// Why money is given back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenBack {
    /// Why; it stays in the log. 1 to 500 characters.
    reason: String,
}

/// Release a commitment: its money is free again.
#[utoipa::path(post, path = "/spendings/{id}/release", tag = "spendings", request_body = GivenBack,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = SpendingView)))]
pub async fn release_spending(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<GivenBack>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (SpendingId(id), version);
    let released = app::spending::release(&ledger, &caller.actor, named, &said.reason).await;
    told(StatusCode::OK, released, |row| (row.version, view(row)))
}

/// Reverse a payment: it stays on record, and its money is free again.
#[utoipa::path(post, path = "/spendings/{id}/reverse", tag = "spendings", request_body = GivenBack,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = SpendingView)))]
pub async fn reverse_spending(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<GivenBack>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (SpendingId(id), version);
    let reversed = app::spending::reverse(&ledger, &caller.actor, named, &said.reason).await;
    told(StatusCode::OK, reversed, |row| (row.version, view(row)))
}

/// A request to overspend: id, version, its budget, who asked and who decided, and every field by its
/// name.
pub struct OverspendView;

impl PartialSchema for OverspendView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("budget", Type::Integer),
        ];
        let perhaps = [("asked_by", Type::Integer), ("decided_by", Type::Integer)];
        record::schema(OVERSPEND_FIELDS, &beside, &perhaps)
    }
}

impl ToSchema for OverspendView {}

fn request_view(row: &overspend::Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("budget", row.budget_id.0.into()),
        ("asked_by", row.asked_by.map(|id| id.0).into()),
        ("decided_by", row.decided_by.map(|id| id.0).into()),
    ];
    record::with(OVERSPEND_FIELDS, row, beside)
}

/// List requests to overspend.
#[utoipa::path(get, path = "/overspends", tag = "spendings", params(AskedList<overspend::Entity>),
    responses((status = 200, body = Page<OverspendView>)))]
pub async fn list_overspends(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<overspend::Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| request_view(&row))))
}

/// Get a request to overspend.
#[utoipa::path(get, path = "/overspends/{id}", tag = "spendings", params(("id" = i64, Path)),
    responses((status = 200, body = OverspendView)))]
pub async fn get_overspend(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<overspend::Entity>(OverspendId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, request_view(&row)))
}

/// More than is left.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOverspend {
    /// How much more than is left, in yuan as text.
    amount: String,
    /// Why it is needed; it stays in the log. 1 to 500 characters.
    reason: String,
}

/// Ask to overspend a budget; somebody else decides.
#[utoipa::path(post, path = "/budgets/{id}/overspends", tag = "spendings",
    request_body = NewOverspend,
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = OverspendView)))]
pub async fn ask_overspend(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    posted: Posted<NewOverspend>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::CREATED, request_view);
    let amount = money("amount", &said.amount)?;
    let asked =
        app::overspend::ask(&ledger, &caller.actor, BudgetId(id), amount, &said.reason).await;
    told(StatusCode::CREATED, asked, |row| (row.version, request_view(row)))
}

/// What is decided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Whether it is approved.
    is_approved: bool,
    /// The number of the document that says so, where it is.
    document_no: Option<String>,
    /// Why not, where it is not; it stays in the log. 1 to 500 characters.
    reason: Option<String>,
}

impl Decision {
    fn verdict(&self) -> OurResult<Verdict<'_>> {
        let (field, other) = match (self.is_approved, &self.document_no, &self.reason) {
            (true, document, None) => {
                return Ok(Verdict::Approved(document.as_deref().unwrap_or_default()));
            }
            (false, None, reason) => {
                return Ok(Verdict::Declined(reason.as_deref().unwrap_or_default()));
            }
            (true, _, Some(reason)) => ("reason", reason),
            (false, Some(document), _) => ("document_no", document),
        };
        let (zh, en) = (
            "批准时写文号，不批准时写理由，不能都写",
            "a document where it is approved, a reason where it is not, never both",
        );
        let expected = entity::language::Sentence::new(zh, en);
        Err(Error::Invalid(Mistakes(vec![Mistake::new(field, other, expected)])))
    }
}

/// Decide on a request to overspend; never on one's own. What is approved may be spent beyond what is
/// left, and not a fen more.
#[utoipa::path(post, path = "/overspends/{id}/decide", tag = "spendings", request_body = Decision,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = OverspendView)))]
pub async fn decide_overspend(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Decision>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, request_view);
    let verdict = said.verdict()?;
    let named = (OverspendId(id), version);
    let decided = app::overspend::decide(&ledger, &caller.actor, named, verdict).await;
    told(StatusCode::OK, decided, |row| (row.version, request_view(row)))
}
