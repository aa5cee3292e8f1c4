//! People who keep assets, over the API: masked, unless one is revealed for a reason.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use entity::{
    id::PersonId,
    person::{Entity, Model},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    body::{Body, Posted, answer},
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{AskedList, Page},
    party::{ContactView, EndedView, Ending, Reveal},
};
use crate::{
    app,
    domain::masking::Contact,
    http::{AppState, fault::Fault},
};

/// Somebody, masked.
#[derive(Serialize, ToSchema)]
pub struct PersonView {
    /// The id.
    id: i64,
    /// The version.
    version: i64,
    /// Where they belong.
    area_code: String,
    /// The masked name.
    name: String,
    /// The masked telephone; empty when none is recorded.
    phone: String,
    /// The organization they work for.
    organization: Option<i64>,
    /// The last day in any duty.
    ended_on: Option<NaiveDate>,
}

impl PersonView {
    fn of(row: &Model, contact: Contact) -> PersonView {
        PersonView {
            id: row.id.0,
            version: row.version,
            area_code: row.area_code.to_string(),
            name: contact.name,
            phone: contact.phone,
            organization: row.organization_id.map(|id| id.0),
            ended_on: row.ended_on,
        }
    }
}

/// List people, masked.
#[utoipa::path(get, path = "/persons", tag = "persons", params(AskedList<Entity>),
    responses((status = 200, body = Page<PersonView>)))]
pub async fn list_persons(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&caller.actor);
    let listing = read.list(&list).await?;
    let contacts = read.contacts(listing.rows.iter().map(|row| row.vault_id)).await?;
    let contact = |row: &Model| contacts.get(&row.vault_id).cloned().unwrap_or_default();
    let page = Page::of(listing, |row| PersonView::of(&row, contact(&row)));
    Ok(answer(StatusCode::OK, page))
}

/// Get somebody, masked.
#[utoipa::path(get, path = "/persons/{id}", tag = "persons", params(("id" = i64, Path)),
    responses((status = 200, body = PersonView)))]
pub async fn get_person(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&caller.actor);
    let row = read.get::<Entity>(PersonId(id)).await?;
    let contact = read.contacts(std::iter::once(row.vault_id)).await?.remove(&row.vault_id);
    let view = PersonView::of(&row, contact.unwrap_or_default());
    Ok(versioned(StatusCode::OK, row.version, view))
}

/// Record that somebody has left; their duties fall vacant.
#[utoipa::path(post, path = "/persons/{id}/end", tag = "persons", request_body = Ending,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = EndedView)))]
pub async fn end_person(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Ending>,
) -> Result<Response, Fault> {
    let on = posted.body.on;
    let view = move |n: &usize| EndedView::of((id, version), on, *n);
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, view);
    let ended = app::person::end(&ledger, &caller.actor, (PersonId(id), version), on).await;
    told(StatusCode::OK, ended, |n| (view(n).version, view(n)))
}

/// Show somebody whole. Each time leaves an entry in the log, with the reason and without what was
/// shown; a repetition is another look, so it takes no Idempotency-Key.
#[utoipa::path(post, path = "/persons/{id}/reveal", tag = "persons", request_body = Reveal,
    params(("id" = i64, Path)), responses((status = 200, body = ContactView)))]
pub async fn reveal_person(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    Body(asked): Body<Reveal>,
) -> Result<Response, Fault> {
    let reason = &asked.reason;
    let shown = app::person::reveal(&state.ledger, &caller.actor, PersonId(id), reason).await?;
    Ok(answer(StatusCode::OK, ContactView::from(shown)))
}
