//! Routes of inspectors over the API.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use entity::{
    id::{AccountId, InspectionRouteId},
    inspection_route::{Entity, Model},
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
    app::inspection_route::{self as acts, Order},
    domain::{
        field::Change,
        inspection_route::{FIELDS, blank},
    },
    error::Result as OurResult,
    http::{AppState, fault::Fault},
};

/// A route of an inspector: id, version, the smallest area that holds it, the account of whoever goes it,
/// and every field by its name.
pub struct RouteView;

impl PartialSchema for RouteView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("account", Type::Integer),
        ];
        record::schema(FIELDS, &beside, &[])
    }
}

impl ToSchema for RouteView {}

fn view(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("account", row.account_id.0.into()),
    ];
    record::with(FIELDS, row, beside)
}

/// List routes of inspectors.
#[utoipa::path(get, path = "/inspection-routes", tag = "inspections", params(AskedList<Entity>),
    responses((status = 200, body = Page<RouteView>)))]
pub async fn list_routes(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get a route of an inspector.
#[utoipa::path(get, path = "/inspection-routes/{id}", tag = "inspections",
    params(("id" = i64, Path)), responses((status = 200, body = RouteView)))]
pub async fn get_route(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<Entity>(InspectionRouteId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}

/// Of a route, what its maker says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaidRoute {
    /// The id of the account that goes it; needed of a new one.
    account: Option<i64>,
    /// Whether the stops are put in a short order, from the first one on; as given otherwise.
    #[serde(default)]
    is_shortened: bool,
    /// Its fields: name, and stops, which are 1 to 200 codes of assets with spaces between; both are
    /// needed of a new one.
    #[schema(value_type = RouteView)]
    fields: Map<String, Json>,
}

impl SaidRoute {
    fn order(&self) -> Order {
        if self.is_shortened { Order::Short } else { Order::Given }
    }

    fn told(&self, mut row: Model) -> OurResult<Model> {
        if let Some(account) = self.account {
            row.account_id = AccountId(account);
        }
        record::set(FIELDS, &mut row, &self.fields, |field| field.change == Change::Amend)
            .into_result()?;
        Ok(row)
    }
}

/// Make a route: which assets an inspector goes to, and in what order.
#[utoipa::path(post, path = "/inspection-routes", tag = "inspections", request_body = SaidRoute,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = RouteView)))]
pub async fn make_route(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<SaidRoute>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let row = said.told(blank(AccountId(0)))?;
    let made = acts::make(&ledger, &caller.actor, row, said.order()).await;
    told(StatusCode::CREATED, made, |row| (row.version, view(row)))
}

/// Amend a route: its name, its stops, or who goes it.
#[utoipa::path(patch, path = "/inspection-routes/{id}", tag = "inspections", request_body = SaidRoute,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = RouteView)))]
pub async fn amend_route(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<SaidRoute>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (InspectionRouteId(id), version);
    let row = acts::amend(&ledger, &caller.actor, named, said.order(), |row| said.told(row)).await;
    told(StatusCode::OK, row, |row| (row.version, view(row)))
}

/// Why a route is ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndedRoute {
    /// Why; it stays in the log. 1 to 500 characters.
    reason: String,
}

/// End a route: nobody goes it any more.
#[utoipa::path(post, path = "/inspection-routes/{id}/end", tag = "inspections",
    request_body = EndedRoute,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = RouteView)))]
pub async fn end_route(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<EndedRoute>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (InspectionRouteId(id), version);
    let ended = acts::end(&ledger, &caller.actor, named, &said.reason).await;
    told(StatusCode::OK, ended, |row| (row.version, view(row)))
}
