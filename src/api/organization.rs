//! Organizations over the API.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use entity::{
    area::AreaCode,
    id::OrganizationId,
    language::Sentence,
    organization::{Entity, Model},
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
    party::{ContactView, EndedView, Ending, NewContact, Reveal},
    record,
};
use crate::{
    app,
    domain::{
        field::Change,
        masking::Contact,
        mistake::{Mistake, Mistakes},
        organization::{FIELDS, blank},
    },
    error::Result as OurResult,
    http::{AppState, fault::Fault},
};

/// An organization: id, version, place, and every field by its name.
pub struct OrganizationView;

impl PartialSchema for OrganizationView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("has_contact", Type::Boolean),
        ];
        record::schema(FIELDS, &beside, &[])
    }
}

impl ToSchema for OrganizationView {}

fn view(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("has_contact", row.contact_id.is_some().into()),
    ];
    record::with(FIELDS, row, beside)
}

/// List organizations.
#[utoipa::path(get, path = "/organizations", tag = "organizations", params(AskedList<Entity>),
    responses((status = 200, body = Page<OrganizationView>)))]
pub async fn list_organizations(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get an organization; the name of its `contact` is masked, and the telephone too for whoever may
/// not call the offices of the area.
#[utoipa::path(get, path = "/organizations/{id}", tag = "organizations", params(("id" = i64, Path)),
    responses((status = 200, body = OrganizationView)))]
pub async fn get_organization(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&caller.actor);
    let row = read.get::<Entity>(OrganizationId(id)).await?;
    let contact = read.contacts_of(std::slice::from_ref(&row)).await?.remove(&row.id);
    let mut card = view(&row);
    card["contact"] = serde_json::to_value(contact.map(ContactView::from)).unwrap_or_default();
    Ok(versioned(StatusCode::OK, row.version, card))
}

/// A new organization.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    /// Where it stands.
    #[schema(value_type = String)]
    area_code: AreaCode,
    /// Its fields.
    #[schema(value_type = OrganizationView)]
    fields: Map<String, Json>,
    /// Whom to call; kept sealed.
    contact: Option<NewContact>,
}

impl NewOrganization {
    fn row(&self) -> OurResult<(Model, Option<Contact>)> {
        let mut row = blank(self.area_code, "");
        let may = |field: &crate::domain::field::Field<Model>| field.change != Change::Fixed;
        let mut mistakes = record::set(FIELDS, &mut row, &self.fields, may);
        record::require(FIELDS, &self.fields, &mut mistakes);
        mistakes.into_result()?;
        Ok((row, self.contact.as_ref().map(NewContact::contact).transpose()?))
    }
}

/// Register an organization.
#[utoipa::path(post, path = "/organizations", tag = "organizations",
    request_body = NewOrganization, params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = OrganizationView)))]
pub async fn register_organization(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewOrganization>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let (row, contact) = new.row()?;
    let made = app::organization::register(&ledger, &caller.actor, row, contact.as_ref()).await;
    told(StatusCode::CREATED, made, |row| (row.version, view(row)))
}

/// The fields of an organization that change; and its contact, where another takes its place.
pub struct OrganizationChange;

impl PartialSchema for OrganizationChange {
    fn schema() -> RefOr<Schema> {
        let mut schema = record::schema(FIELDS, &[], &[]);
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.properties.insert("contact".to_owned(), NewContact::schema());
        }
        schema
    }
}

impl ToSchema for OrganizationChange {}

/// Takes the contact out of the fields of a change; none where none is given.
fn contact_of(fields: &mut Map<String, Json>) -> OurResult<Option<Contact>> {
    let Some(given) = fields.remove("contact").filter(|given| !given.is_null()) else {
        return Ok(None);
    };
    let given: NewContact = serde_json::from_value(given).map_err(|_| {
        // what stood there may be somebody's name, and is not repeated
        let (zh, en) = ("应为含 name、phone 的对象", "an object with name and phone");
        Mistakes(vec![Mistake::new("contact", "", Sentence::new(zh, en))])
    })?;
    given.contact().map(Some)
}

/// Amend an organization. A contact replaces the one on record and is kept sealed.
#[utoipa::path(patch, path = "/organizations/{id}", tag = "organizations",
    request_body = OrganizationChange, params(("id" = i64, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = OrganizationView)))]
pub async fn amend_organization(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    Body(mut fields): Body<Map<String, Json>>,
) -> Result<Response, Fault> {
    let contact = contact_of(&mut fields)?;
    let change = |mut row: Model| -> OurResult<Model> {
        let may = |field: &crate::domain::field::Field<Model>| field.change == Change::Amend;
        record::set(FIELDS, &mut row, &fields, may).into_result()?;
        Ok(row)
    };
    let named = (OrganizationId(id), version);
    let (ledger, contact) = (&state.ledger, contact.as_ref());
    let row = app::organization::amend_with_contact(ledger, &caller.actor, named, contact, change)
        .await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}

/// End an organization; its duties fall vacant.
#[utoipa::path(post, path = "/organizations/{id}/end", tag = "organizations",
    request_body = Ending,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = EndedView)))]
pub async fn end_organization(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Ending>,
) -> Result<Response, Fault> {
    let on = posted.body.on;
    let view = move |n: &usize| EndedView::of((id, version), on, *n);
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (OrganizationId(id), version);
    let ended = app::organization::end(&ledger, &caller.actor, named, on).await;
    told(StatusCode::OK, ended, |n| (view(n).version, view(n)))
}

/// Show the contact of an organization whole. Each time leaves an entry in the log, with the reason
/// and without what was shown; a repetition is another look, so it takes no Idempotency-Key.
#[utoipa::path(post, path = "/organizations/{id}/reveal-contact", tag = "organizations",
    request_body = Reveal, params(("id" = i64, Path)),
    responses((status = 200, body = ContactView)))]
pub async fn reveal_organization_contact(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    Body(asked): Body<Reveal>,
) -> Result<Response, Fault> {
    let id = OrganizationId(id);
    let reason = &asked.reason;
    let shown = app::organization::reveal_contact(&state.ledger, &caller.actor, id, reason).await?;
    Ok(answer(StatusCode::OK, ContactView::from(shown)))
}
