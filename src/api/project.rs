//! Projects over the API.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use entity::{
    area::AreaCode,
    id::{OrganizationId, ProjectId},
    language::Sentence,
    project::{Entity, Model},
};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::Type},
};

use super::{
    body::{Body, Posted, answer},
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{AskedList, Page},
    record,
};
use crate::{
    app,
    domain::{
        field::{Change, Field},
        mistake::{Mistake, Mistakes},
        project::{FIELDS, blank},
    },
    error::Result as OurResult,
    http::{AppState, fault::Fault},
};

/// The field that names the organization which carries a project out.
const UNIT: &str = "implementing_unit";

/// A project: id, version, place, the id of the implementing unit, and every field by its name.
pub struct ProjectView;

impl PartialSchema for ProjectView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            (UNIT, Type::Integer),
        ];
        record::schema(FIELDS, &beside, &[])
    }
}

impl ToSchema for ProjectView {}

fn view(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        (UNIT, row.implementing_unit_id.map(|id| id.0).into()),
    ];
    record::with(FIELDS, row, beside)
}

/// Sets what an object names; the implementing unit stands among the fields.
fn set(
    row: &mut Model,
    object: &Map<String, Json>,
    may: impl Fn(&Field<Model>) -> bool,
) -> Mistakes {
    let mut object = object.clone();
    let unit = object.remove(UNIT);
    let mut mistakes = record::set(FIELDS, row, &object, may);
    let Some(unit) = unit else { return mistakes };
    row.implementing_unit_id = unit.as_i64().map(OrganizationId);
    if !unit.is_null() && row.implementing_unit_id.is_none() {
        let expected = Sentence::new("应为单位的 id", "the id of an organization");
        mistakes.push(Mistake::new(UNIT, &unit.to_string(), expected));
    }
    mistakes
}

/// List projects.
#[utoipa::path(get, path = "/projects", tag = "projects", params(AskedList<Entity>),
    responses((status = 200, body = Page<ProjectView>)))]
pub async fn list_projects(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get a project.
#[utoipa::path(get, path = "/projects/{id}", tag = "projects", params(("id" = i64, Path)),
    responses((status = 200, body = ProjectView)))]
pub async fn get_project(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<Entity>(ProjectId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}

/// A new project.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    /// Where it belongs.
    #[schema(value_type = String)]
    area_code: AreaCode,
    /// Its fields.
    #[schema(value_type = ProjectView)]
    fields: Map<String, Json>,
}

impl NewProject {
    fn row(&self) -> OurResult<Model> {
        let mut row = blank(self.area_code, "");
        let mut mistakes = set(&mut row, &self.fields, |_| true);
        record::require(FIELDS, &self.fields, &mut mistakes);
        mistakes.into_result()?;
        Ok(row)
    }
}

/// Register a project.
#[utoipa::path(post, path = "/projects", tag = "projects", request_body = NewProject,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = ProjectView)))]
pub async fn register_project(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewProject>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let made = app::project::register(&ledger, &caller.actor, new.row()?).await;
    told(StatusCode::CREATED, made, |row| (row.version, view(row)))
}

/// Amend a project.
#[utoipa::path(patch, path = "/projects/{id}", tag = "projects", request_body = ProjectView,
    params(("id" = i64, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = ProjectView)))]
pub async fn amend_project(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    Body(fields): Body<Map<String, Json>>,
) -> Result<Response, Fault> {
    let change = |mut row: Model| -> OurResult<Model> {
        set(&mut row, &fields, |field| field.change == Change::Amend).into_result()?;
        Ok(row)
    };
    let named = (ProjectId(id), version);
    let row = app::project::amend(&state.ledger, &caller.actor, named, change).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}
