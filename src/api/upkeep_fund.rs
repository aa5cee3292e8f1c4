//! Funds for upkeep over the API.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use entity::{
    area::AreaCode,
    id::UpkeepFundId,
    upkeep_fund::{Entity, Model},
};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
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
        field::Change,
        upkeep_fund::{FIELDS, blank},
    },
    error::Result as OurResult,
    http::{AppState, fault::Fault},
};

/// A fund for upkeep: id, version, who holds it, its balance, and every field by its name.
pub struct FundView;

impl PartialSchema for FundView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("balance", Type::String),
        ];
        record::schema(FIELDS, &beside, &[])
    }
}

impl ToSchema for FundView {}

fn view(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("balance", row.balance().to_string().into()),
    ];
    record::with(FIELDS, row, beside)
}

/// List funds for upkeep.
#[utoipa::path(get, path = "/funds", tag = "funds", params(AskedList<Entity>),
    responses((status = 200, body = Page<FundView>)))]
pub async fn list_funds(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get a fund.
#[utoipa::path(get, path = "/funds/{id}", tag = "funds", params(("id" = i64, Path)),
    responses((status = 200, body = FundView)))]
pub async fn get_fund(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<Entity>(UpkeepFundId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}

/// A new fund.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFund {
    /// Who holds it: a county, a town or a village.
    #[schema(value_type = String)]
    area_code: AreaCode,
    /// Its fields: source, year and received are needed.
    #[schema(value_type = FundView)]
    fields: Map<String, Json>,
}

impl NewFund {
    fn row(&self) -> OurResult<Model> {
        let mut row = blank(self.area_code, 0);
        let mut mistakes = record::set(FIELDS, &mut row, &self.fields, |field| {
            field.change == Change::Amend || field.name == "year"
        });
        // nothing of a new one is set aside yet
        let named: Map<String, Json> =
            self.fields.clone().into_iter().chain([("set_aside".to_owned(), Json::Null)]).collect();
        record::require(FIELDS, &named, &mut mistakes);
        mistakes.into_result()?;
        Ok(row)
    }
}

/// Register a fund: money received for upkeep.
#[utoipa::path(post, path = "/funds", tag = "funds", request_body = NewFund,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = FundView)))]
pub async fn register_fund(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewFund>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let made = app::upkeep_fund::register(&ledger, &caller.actor, new.row()?).await;
    told(StatusCode::CREATED, made, |row| (row.version, view(row)))
}

/// An amendment of a fund.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendedFund {
    /// Why; it stays in the log. 1 to 500 characters.
    reason: String,
    /// The fields that change.
    #[schema(value_type = FundView)]
    fields: Map<String, Json>,
}

/// Amend a fund: never below what is set aside of it.
#[utoipa::path(patch, path = "/funds/{id}", tag = "funds", request_body = AmendedFund,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = FundView)))]
pub async fn amend_fund(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<AmendedFund>,
) -> Result<Response, Fault> {
    let (ledger, amended) = posted.once(&state.ledger, StatusCode::OK, view);
    let change = |mut row: Model| -> OurResult<Model> {
        record::set(FIELDS, &mut row, &amended.fields, |field| field.change == Change::Amend)
            .into_result()?;
        Ok(row)
    };
    let named = (UpkeepFundId(id), version);
    let row = app::upkeep_fund::amend(&ledger, &caller.actor, named, &amended.reason, change).await;
    told(StatusCode::OK, row, |row| (row.version, view(row)))
}
