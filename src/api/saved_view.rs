//! Views of the list of assets over the API: kept under a name, shared, taken away.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use entity::{id::SavedViewId, saved_view::Model};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{Body, Posted, answer},
    caller::Caller,
    etag::{IfMatch, told, versioned},
};
use crate::{
    app::saved_view::{self, Draft},
    error::Result as OurResult,
    http::{AppState, fault::Fault},
    store::Actor,
};

/// A view.
#[derive(Serialize, ToSchema)]
pub struct SavedViewView {
    /// Its id.
    id: i64,
    /// Its version.
    version: i64,
    /// Its name.
    name: String,
    /// The words of the list, as a query string.
    words: String,
    /// Who is shown it: private, area or county.
    seen_by: &'static str,
    /// Whether the caller's list begins with it.
    is_default: bool,
    /// Whether it is the caller's own.
    is_own: bool,
}

fn view(actor: &Actor, row: &Model) -> SavedViewView {
    let is_own = Some(row.account_id) == actor.account();
    SavedViewView {
        id: row.id.0,
        version: row.version,
        name: row.name.clone(),
        words: row.words.clone(),
        seen_by: row.seen_by.code(),
        is_default: is_own && row.is_default,
        is_own,
    }
}

/// Views that the caller is shown.
#[derive(Serialize, ToSchema)]
pub struct SavedViews {
    /// The caller's own, then those that others share.
    items: Vec<SavedViewView>,
}

/// List views: one's own, and those that others of the area or the county share.
#[utoipa::path(get, path = "/saved-views", tag = "saved views",
    responses((status = 200, body = SavedViews)))]
pub async fn list_saved_views(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Response, Fault> {
    let rows = saved_view::views(&state.ledger, &caller.actor).await?;
    let items = rows.iter().map(|row| view(&caller.actor, row)).collect();
    Ok(answer(StatusCode::OK, SavedViews { items }))
}

/// Get a view.
#[utoipa::path(get, path = "/saved-views/{id}", tag = "saved views", params(("id" = i64, Path)),
    responses((status = 200, body = SavedViewView)))]
pub async fn get_saved_view(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = saved_view::view(&state.ledger, &caller.actor, SavedViewId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&caller.actor, &row)))
}

/// A new view.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSavedView {
    /// Its name: at most 20 characters.
    name: String,
    /// The words of the list of assets, as a query string; `cols` names its columns. What is
    /// searched for is not kept.
    words: String,
    /// Who is shown it: private, area or county; private when nothing is said.
    seen_by: Option<String>,
    /// Whether the caller's list begins with it.
    #[serde(default)]
    is_default: bool,
}

/// What changes of a view; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SavedViewChange {
    /// Its name.
    name: Option<String>,
    /// The words of its list.
    words: Option<String>,
    /// Who is shown it.
    seen_by: Option<String>,
    /// Whether the caller's list begins with it.
    is_default: Option<bool>,
}

fn words(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

impl SavedViewChange {
    fn draft(&self) -> OurResult<Draft> {
        Ok(Draft {
            name: self.name.clone(),
            words: self.words.as_deref().map(words),
            seen_by: self.seen_by.as_deref().map(saved_view::seen_by).transpose()?,
            is_default: self.is_default,
        })
    }
}

impl NewSavedView {
    fn draft(&self) -> OurResult<Draft> {
        let change = SavedViewChange {
            name: Some(self.name.clone()),
            words: Some(self.words.clone()),
            seen_by: self.seen_by.clone(),
            is_default: Some(self.is_default),
        };
        change.draft()
    }
}

/// Save a view of the list of assets under a name.
#[utoipa::path(post, path = "/saved-views", tag = "saved views", request_body = NewSavedView,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = SavedViewView)))]
pub async fn save_view(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewSavedView>,
) -> Result<Response, Fault> {
    let actor = caller.actor.clone();
    let (ledger, new) =
        posted.once(&state.ledger, StatusCode::CREATED, move |row: &Model| view(&actor, row));
    let saved = saved_view::save(&ledger, &caller.actor, new.draft()?).await;
    told(StatusCode::CREATED, saved, |row| (row.version, view(&caller.actor, row)))
}

/// Rename a view of one's own, share it, change its words, or begin one's list with it.
#[utoipa::path(patch, path = "/saved-views/{id}", tag = "saved views",
    request_body = SavedViewChange, params(("id" = i64, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = SavedViewView)))]
pub async fn amend_view(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    Body(change): Body<SavedViewChange>,
) -> Result<Response, Fault> {
    let named = (SavedViewId(id), version);
    let row = saved_view::amend(&state.ledger, &caller.actor, named, change.draft()?).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&caller.actor, &row)))
}

/// Take a view of one's own away. The log keeps it.
#[utoipa::path(post, path = "/saved-views/{id}/withdrawal", tag = "saved views",
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    request_body = Withdrawal, responses((status = 200, body = SavedViewView)))]
pub async fn withdraw_view(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Withdrawal>,
) -> Result<Response, Fault> {
    let actor = caller.actor.clone();
    let (ledger, _) =
        posted.once(&state.ledger, StatusCode::OK, move |row: &Model| view(&actor, row));
    let named = (SavedViewId(id), version);
    let taken = saved_view::withdraw(&ledger, &caller.actor, named).await;
    told(StatusCode::OK, taken, |row| (row.version, view(&caller.actor, row)))
}

/// Nothing is to be said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {}
