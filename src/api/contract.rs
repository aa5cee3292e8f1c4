//! Contracts over the API: who operates an asset for how much, and what that asks to be paid.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use entity::{
    contract::{Entity, Model},
    contract_due,
    id::{AssetId, ContractId, OrganizationId, PersonId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::ArrayBuilder, schema::Type},
};

use super::{
    body::{Posted, answer},
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{AskedList, Page},
    record,
};
use crate::{
    app::contract as acts,
    domain::{
        contract::{FIELDS, NEEDED},
        field::{Change, Field, field},
        mistake::Mistake,
        refusal::Refusal,
        title::Party,
    },
    error::Result as OurResult,
    http::{AppState, fault::Fault},
};

/// A contract: id, version, area, asset, who pays, and every field by its name.
pub struct ContractView;

impl PartialSchema for ContractView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("asset", Type::Integer),
        ];
        let perhaps = [("organization", Type::Integer), ("person", Type::Integer)];
        record::schema(FIELDS, &beside, &perhaps)
    }
}

impl ToSchema for ContractView {}

fn view(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("asset", row.asset_id.0.into()),
        ("organization", row.organization_id.map(|id| id.0).into()),
        ("person", row.person_id.map(|id| id.0).into()),
    ];
    record::with(FIELDS, row, beside)
}

/// One sum that a contract asks to be paid.
#[derive(Serialize, ToSchema)]
pub struct DueView {
    /// Its place among those of the contract, from 1.
    number: i32,
    /// rent, interest or principal.
    kind: &'static str,
    /// The first day for which is paid.
    from_on: NaiveDate,
    /// The last one.
    to_on: NaiveDate,
    /// The day by which is paid.
    due_on: NaiveDate,
    /// How much, in yuan.
    amount: String,
}

fn due(row: &contract_due::Model) -> DueView {
    DueView {
        number: row.number,
        kind: row.kind.code(),
        from_on: row.from_on,
        to_on: row.to_on,
        due_on: row.due_on,
        amount: row.amount.to_string(),
    }
}

/// A contract with everything that it asks to be paid, in order.
pub struct ContractWithDues;

impl PartialSchema for ContractWithDues {
    fn schema() -> RefOr<Schema> {
        let mut schema = ContractView::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            let dues = ArrayBuilder::new().items(DueView::schema()).build();
            object.properties.insert("dues".to_owned(), Schema::Array(dues).into());
        }
        schema
    }
}

impl ToSchema for ContractWithDues {}

/// List contracts.
#[utoipa::path(get, path = "/contracts", tag = "contracts", params(AskedList<Entity>),
    responses((status = 200, body = Page<ContractView>)))]
pub async fn list_contracts(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get a contract with everything that it asks to be paid.
#[utoipa::path(get, path = "/contracts/{id}", tag = "contracts", params(("id" = i64, Path)),
    responses((status = 200, body = ContractWithDues)))]
pub async fn get_contract(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&caller.actor);
    let row = read.get::<Entity>(ContractId(id)).await?;
    let dues = read.dues_of(row.id).await?;
    Ok(versioned(StatusCode::OK, row.version, with_dues(&row, &dues)?))
}

fn with_dues(row: &Model, dues: &[contract_due::Model]) -> OurResult<Json> {
    let dues: Vec<DueView> = dues.iter().map(due).collect();
    let dues = serde_json::to_value(dues).map_err(anyhow::Error::new)?;
    let mut told = view(row);
    if let Json::Object(object) = &mut told {
        object.insert("dues".to_owned(), dues);
    }
    Ok(told)
}

/// What was agreed: the fields by their names.
pub struct ContractTerms;

impl PartialSchema for ContractTerms {
    fn schema() -> RefOr<Schema> {
        record::schema(FIELDS, &[], &[])
    }
}

impl ToSchema for ContractTerms {}

/// A contract that was concluded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContract {
    /// The id of the asset.
    asset: i64,
    /// The id of the organization that pays; neither, where the owner operates the asset.
    organization: Option<i64>,
    /// The id of the person who pays, in its place.
    person: Option<i64>,
    /// What was agreed. Needed are the kind, the number, and the days on which it was signed, starts and
    /// ends; steps are lines such as `3=12600.00`: from that year of the contract on, that much a year.
    #[schema(value_type = ContractTerms)]
    terms: Map<String, Json>,
}

fn set(mut row: Model, terms: &Map<String, Json>, is_new: bool) -> OurResult<Model> {
    let may =
        |field: &Field<Model>| field.change == Change::Amend || (is_new && field.name == "kind");
    let mut mistakes = record::set(FIELDS, &mut row, terms, may);
    let left_out = NEEDED.iter().filter(|name| is_new && !terms.contains_key(**name));
    for field in left_out.filter_map(|name| field(FIELDS, name)) {
        mistakes.push(Mistake::missing(field.name, field.label));
    }
    mistakes.into_result()?;
    Ok(row)
}

impl NewContract {
    fn payer(&self) -> OurResult<Option<Party>> {
        match (self.organization, self.person) {
            (Some(_), Some(_)) => Err(Refusal::one_party().into()),
            (Some(id), None) => Ok(Some(Party::Organization(OrganizationId(id)))),
            (None, person) => Ok(person.map(|id| Party::Person(PersonId(id)))),
        }
    }
}

/// Conclude a contract of an asset.
#[utoipa::path(post, path = "/contracts", tag = "contracts", request_body = NewContract,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = ContractView)))]
pub async fn conclude_contract(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewContract>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let of = (AssetId(new.asset), new.payer()?);
    let terms = |row| set(row, &new.terms, true);
    let concluded = acts::conclude(&ledger, &caller.actor, of, terms).await;
    told(StatusCode::CREATED, concluded, |row| (row.version, view(row)))
}

/// Other terms of a contract that runs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractAmendment {
    /// Why; it stays in the log. 1 to 500 characters.
    reason: String,
    /// The fields that are to change.
    #[schema(value_type = ContractTerms)]
    terms: Map<String, Json>,
}

/// Amend a contract that runs: what it asks to be paid is worked out anew.
#[utoipa::path(patch, path = "/contracts/{id}", tag = "contracts", request_body = ContractAmendment,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ContractView)))]
pub async fn amend_contract(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<ContractAmendment>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (ContractId(id), version);
    let change = |row| set(row, &said.terms, false);
    let amended = acts::amend(&ledger, &caller.actor, named, &said.reason, change).await;
    told(StatusCode::OK, amended, |row| (row.version, view(row)))
}

/// The end of a contract before its term.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractEnding {
    /// The last day, within the term.
    on: NaiveDate,
    /// Why; it stays in the log. 1 to 500 characters.
    reason: String,
}

/// End a contract before its term: what would be due later is not.
#[utoipa::path(post, path = "/contracts/{id}/end", tag = "contracts", request_body = ContractEnding,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ContractView)))]
pub async fn end_contract(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<ContractEnding>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (ContractId(id), version);
    let ended = acts::end(&ledger, &caller.actor, named, said.on, &said.reason).await;
    told(StatusCode::OK, ended, |row| (row.version, view(row)))
}
