//! Budgets for upkeep over the API: setting money aside, amending, copying, what it comes to, and what
//! a unit costs.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use entity::{
    area::AreaCode,
    asset::Subclass,
    budget::{Entity, Model},
    id::{AssetId, BudgetId, UpkeepFundId},
    money::Money,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::Type},
};

use super::{
    body::{Asked, Body, Posted, answer, replayed},
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{AskedList, Page},
    record,
};
use crate::{
    app::{
        self,
        budget::{CopyOrder, NewBudget, cost::Cost},
    },
    domain::{
        budget::{FIELDS, copy::Plan},
        mistake::Mistakes,
    },
    error::Result as OurResult,
    http::{AppState, fault::Fault},
};

/// A budget: id, version, what it is for, its fund, and every field by its name. What is set aside is
/// always what is spent, committed and left.
pub struct BudgetView;

impl PartialSchema for BudgetView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("fund", Type::Integer),
        ];
        record::schema(FIELDS, &beside, &[("asset", Type::Integer)])
    }
}

impl ToSchema for BudgetView {}

fn view(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("fund", row.fund_id.0.into()),
        ("asset", row.asset_id.map(|id| id.0).into()),
    ];
    record::with(FIELDS, row, beside)
}

/// List budgets.
#[utoipa::path(get, path = "/budgets", tag = "budgets", params(AskedList<Entity>),
    responses((status = 200, body = Page<BudgetView>)))]
pub async fn list_budgets(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get a budget.
#[utoipa::path(get, path = "/budgets/{id}", tag = "budgets", params(("id" = i64, Path)),
    responses((status = 200, body = BudgetView)))]
pub async fn get_budget(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<Entity>(BudgetId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}

/// A new budget: of one asset, or of a village or a town, there of one kind or of all.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBudgetBody {
    /// The fund out of which it is.
    fund: i64,
    /// The year.
    year: i32,
    /// The village or the town; left out where an asset is named.
    #[schema(value_type = Option<String>)]
    area_code: Option<AreaCode>,
    /// The asset that it is for alone.
    asset: Option<i64>,
    /// The kind of assets that it is for alone, such as `road`.
    subclass: Option<String>,
    /// How much, in yuan as text.
    amount: String,
}

impl NewBudgetBody {
    fn read(&self) -> OurResult<NewBudget> {
        let mut mistakes = Mistakes::default();
        let subclass =
            record::value_of::<Subclass>("subclass", self.subclass.as_deref(), &mut mistakes);
        let amount = record::value_of::<Money>("amount", Some(&self.amount), &mut mistakes);
        mistakes.into_result()?;
        Ok(NewBudget {
            fund: UpkeepFundId(self.fund),
            year: self.year,
            area: self.area_code,
            asset: self.asset.map(AssetId),
            subclass,
            amount: amount.unwrap_or(Money::ZERO),
        })
    }
}

/// Set a budget: money of a fund is set aside for upkeep.
#[utoipa::path(post, path = "/budgets", tag = "budgets", request_body = NewBudgetBody,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = BudgetView)))]
pub async fn set_budget(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewBudgetBody>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let made = app::budget::set(&ledger, &caller.actor, &new.read()?).await;
    told(StatusCode::CREATED, made, |row| (row.version, view(row)))
}

/// Another amount.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendedBudget {
    /// What is to be set aside, in yuan as text: never less than is spent and committed.
    amount: String,
    /// Why; it stays in the log. 1 to 500 characters.
    reason: String,
}

/// Amend a budget: set another amount aside.
#[utoipa::path(patch, path = "/budgets/{id}", tag = "budgets", request_body = AmendedBudget,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = BudgetView)))]
pub async fn amend_budget(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<AmendedBudget>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let amount = money("amount", &said.amount)?;
    let named = (BudgetId(id), version);
    let amended = app::budget::amend(&ledger, &caller.actor, named, amount, &said.reason).await;
    told(StatusCode::OK, amended, |row| (row.version, view(row)))
}

/// Reads an amount of a body.
pub(super) fn money(field: &'static str, text: &str) -> OurResult<Money> {
    let mut mistakes = Mistakes::default();
    let amount = record::value_of::<Money>(field, Some(text), &mut mistakes);
    mistakes.into_result()?;
    Ok(amount.unwrap_or(Money::ZERO))
}

/// What is to be copied.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CopyBody {
    /// All budgets in this area.
    #[schema(value_type = String)]
    area_code: AreaCode,
    /// The new year; those of the year before are copied.
    year: i32,
    /// The fund out of which the new ones are.
    fund: i64,
    /// Hundredths of a percent more, or less: 500 is 5 percent more. From -5000 to 5000.
    rate_bp: i32,
}

impl CopyBody {
    const fn order(&self) -> CopyOrder {
        CopyOrder {
            area: self.area_code,
            year: self.year,
            fund: UpkeepFundId(self.fund),
            rate_bp: self.rate_bp,
        }
    }
}

/// What one target had, and is to have.
#[derive(Serialize, ToSchema)]
pub struct CopyLine {
    /// Where it is.
    area_code: String,
    /// The asset that it is for alone.
    asset: Option<i64>,
    /// The kind that it is for alone.
    subclass: Option<&'static str>,
    /// What it had from all funds, in yuan.
    before: String,
    /// What it is to have, in yuan.
    after: String,
}

/// What copying would make.
#[derive(Serialize, ToSchema)]
pub struct CopyView {
    /// How many budgets would be made.
    count: usize,
    /// Targets left out, which have a budget of the new year already.
    left_out: usize,
    /// What the targets had together, in yuan.
    before: String,
    /// What they are to have together, in yuan.
    after: String,
    /// The balance of the fund before, in yuan.
    balance: String,
    /// Each of them.
    lines: Vec<CopyLine>,
}

fn planned(plan: &Plan, balance: Money) -> CopyView {
    let lines = plan.lines.iter().map(|line| CopyLine {
        area_code: line.target.area.to_string(),
        asset: line.target.asset.map(|id| id.0),
        subclass: line.target.subclass.map(Subclass::code),
        before: line.before.to_string(),
        after: line.after.to_string(),
    });
    CopyView {
        count: plan.lines.len(),
        left_out: plan.n_there,
        before: plan.before.to_string(),
        after: plan.after.to_string(),
        balance: balance.to_string(),
        lines: lines.collect(),
    }
}

/// Tell what copying the budgets of the year before would make, without making it.
#[utoipa::path(post, path = "/budgets/copy/try", tag = "budgets", request_body = CopyBody,
    responses((status = 200, body = CopyView)))]
pub async fn try_copy(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<CopyBody>,
) -> Result<Response, Fault> {
    let looked = app::budget::look_at_copy(&state.ledger, &caller.actor, &body.order()).await?;
    Ok(answer(StatusCode::OK, planned(&looked.1, looked.0.balance())))
}

/// What is to be copied, as it was looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CopyConfirmed {
    /// All budgets in this area.
    #[schema(value_type = String)]
    area_code: AreaCode,
    /// The new year; those of the year before are copied.
    year: i32,
    /// The fund out of which the new ones are.
    fund: i64,
    /// Hundredths of a percent more, or less.
    rate_bp: i32,
    /// How many would be made, as it was told.
    expected_count: usize,
    /// What they would come to, as it was told.
    expected_total: String,
}

/// The budgets that were made.
#[derive(Serialize, ToSchema)]
pub struct BudgetsView {
    /// How many.
    count: usize,
    /// Each of them.
    #[schema(value_type = Vec<BudgetView>)]
    budgets: Vec<Json>,
}

#[expect(clippy::ptr_arg, reason = "the answer of an action is made of what the action gives")]
fn views(rows: &Vec<Model>) -> BudgetsView {
    BudgetsView { count: rows.len(), budgets: rows.iter().map(view).collect() }
}

/// Copy the budgets of the year before as they were looked at: all of them, or none. Only what has no
/// budget of the new year yet is copied.
#[utoipa::path(post, path = "/budgets/copy", tag = "budgets", request_body = CopyConfirmed,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = BudgetsView)))]
pub async fn copy_budgets(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<CopyConfirmed>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::CREATED, views);
    let CopyConfirmed { area_code, year, fund, rate_bp, .. } = said;
    let order = CopyBody { area_code, year, fund, rate_bp }.order();
    let seen = (said.expected_count, money("expected_total", &said.expected_total)?);
    match app::budget::copy(&ledger, &caller.actor, &order, seen).await {
        Ok(rows) => Ok(answer(StatusCode::CREATED, views(&rows))),
        Err(error) => replayed(error),
    }
}

/// Of which year and area sums are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct YearQuery {
    /// The year.
    year: i32,
    /// An area code of twelve digits; the caller's own when left out.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
}

/// What budgets come to.
#[derive(Serialize, ToSchema)]
pub struct BudgetSumsView {
    /// The area.
    area_code: String,
    /// The year.
    year: i32,
    /// How many budgets.
    count: i64,
    /// What is set aside, in yuan: what is spent, committed and left.
    set_aside: String,
    /// What is committed.
    committed: String,
    /// What is spent.
    spent: String,
    /// What is left.
    remaining: String,
}

/// Get what the budgets of a year in an area come to.
#[utoipa::path(get, path = "/budgets/sums", tag = "budgets", params(YearQuery),
    responses((status = 200, body = BudgetSumsView)))]
pub async fn sum_budgets(
    State(state): State<AppState>,
    caller: Caller,
    Asked(query): Asked<YearQuery>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&caller.actor);
    let area = read.area_within(query.area).await?;
    let sums = read.budget_sums(area, query.year).await?;
    let view = BudgetSumsView {
        area_code: area.to_string(),
        year: query.year,
        count: sums.n,
        set_aside: sums.set_aside.to_string(),
        committed: sums.committed.to_string(),
        spent: sums.spent.to_string(),
        remaining: sums.remaining.to_string(),
    };
    Ok(answer(StatusCode::OK, view))
}

/// What a unit of one kind cost.
#[derive(Serialize, ToSchema)]
pub struct CostView {
    /// The kind.
    kind: &'static str,
    /// The unit, such as km.
    unit: &'static str,
    /// How much of it stands.
    quantity: String,
    /// What was paid for it, in yuan.
    spent: String,
    /// What a unit cost, in yuan to the fen; null where nothing stands.
    per_unit: Option<String>,
    /// The middle one of the places of the county that the caller may see and that paid for it.
    median: Option<String>,
    /// How many places these are.
    places: usize,
    /// What a unit is to cost in a year by the local rule; null where there is none.
    standard: Option<String>,
}

fn cost(row: &Cost) -> CostView {
    let text = |amount: Option<Money>| amount.map(|amount| amount.to_string());
    CostView {
        kind: row.kind.code(),
        unit: row.unit.code(),
        quantity: row.extent.told(),
        spent: row.spent.to_string(),
        per_unit: text(row.per_unit),
        median: text(row.median),
        places: row.n_places,
        standard: text(row.standard),
    }
}

/// What units cost in an area in a year.
#[derive(Serialize, ToSchema)]
pub struct CostsView {
    /// The area.
    area_code: String,
    /// The year.
    year: i32,
    /// Whether the area lies in one county: costs of several are not compared.
    is_comparable: bool,
    /// What was paid for assets without a kind or a unit, in yuan.
    uncounted: String,
    /// Each kind and unit.
    costs: Vec<CostView>,
}

/// List what a unit of each kind of asset cost in a year, beside the places around and the standard.
#[utoipa::path(get, path = "/budgets/costs", tag = "budgets", params(YearQuery),
    responses((status = 200, body = CostsView)))]
pub async fn list_unit_costs(
    State(state): State<AppState>,
    caller: Caller,
    Asked(query): Asked<YearQuery>,
) -> Result<Response, Fault> {
    let asked = (query.area, query.year);
    let costs = app::budget::cost::costs(&state.ledger, &caller.actor, asked).await?;
    let view = CostsView {
        area_code: costs.area.to_string(),
        year: costs.year,
        is_comparable: costs.is_comparable,
        uncounted: costs.uncounted.to_string(),
        costs: costs.rows.iter().map(cost).collect(),
    };
    Ok(answer(StatusCode::OK, view))
}
