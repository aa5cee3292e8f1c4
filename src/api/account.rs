//! Accounts over the API. One-time codes are shown once: what is kept for a repetition holds none.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use entity::{
    account::{Entity, Model, Role},
    area::AreaCode,
    id::AccountId,
    one_time_link::Purpose,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{Posted, answer},
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{AskedList, Page},
    record,
    session::SessionView,
};
use crate::{
    app::{self, sign_in},
    domain::{mistake::Mistakes, permission::Action, secret::Secret},
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
};

/// An account.
#[derive(Serialize, ToSchema)]
pub struct AccountView {
    /// Its id.
    id: i64,
    /// Its version.
    version: i64,
    /// Its sign-in name.
    name: String,
    /// Its role.
    role: &'static str,
    /// Its area.
    area_code: String,
    /// active or locked.
    state: &'static str,
}

impl From<&Model> for AccountView {
    fn from(row: &Model) -> AccountView {
        AccountView {
            id: row.id.0,
            version: row.version,
            name: row.name.clone(),
            role: row.role.code(),
            area_code: row.area_code.to_string(),
            state: row.state.code(),
        }
    }
}

/// An account with the one-time code by which its owner sets a password (`POST /links`).
#[derive(Serialize, ToSchema)]
pub struct InvitedView {
    /// The account.
    account: AccountView,
    /// The code: good once, for three days.
    code: Option<String>,
    /// Whether this is a repetition: the code was shown the first time and is kept nowhere. Ask
    /// for another by `invite` or `reset` if it was lost.
    is_code_shown_before: bool,
}

impl InvitedView {
    /// What the first answer shows.
    fn of(account: &Model, code: &Secret) -> InvitedView {
        let code = Some(code.expose().to_owned());
        InvitedView { account: account.into(), code, is_code_shown_before: false }
    }

    /// What is kept for a repetition.
    fn kept((account, _): &(Model, Secret)) -> InvitedView {
        InvitedView { account: account.into(), code: None, is_code_shown_before: true }
    }
}

/// The answer with a code that was just made.
fn invited(status: StatusCode, done: OurResult<(Model, Secret)>) -> Result<Response, Fault> {
    told(status, done, |(account, code)| (account.version, InvitedView::of(account, code)))
}

/// An object without fields: everything is said by the address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// List accounts, for whoever may see them.
#[utoipa::path(get, path = "/accounts", tag = "accounts", params(AskedList<Entity>),
    responses((status = 200, body = Page<AccountView>)))]
pub async fn list_accounts(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    caller.actor.require(Action::ReadAccounts)?;
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| AccountView::from(&row))))
}

/// Get an account, for whoever may see it.
#[utoipa::path(get, path = "/accounts/{id}", tag = "accounts", params(("id" = i64, Path)),
    responses((status = 200, body = AccountView)))]
pub async fn get_account(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    caller.actor.require(Action::ReadAccounts)?;
    let row = state.ledger.read(&caller.actor).get::<Entity>(AccountId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, AccountView::from(&row)))
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// The sign-in name: 2 to 64 lower-case letters, digits and hyphens; no person's name.
    name: String,
    /// The role.
    role: String,
    /// Where it acts.
    #[schema(value_type = String)]
    area_code: AreaCode,
}

impl NewAccount {
    fn role(&self) -> OurResult<Role> {
        let mut mistakes = Mistakes::default();
        let role = record::value_of("role", Some(&self.role), &mut mistakes);
        mistakes.into_result()?;
        role.ok_or(Error::Conflict)
    }
}

/// Add an account. Answers a one-time code for its first sign-in, this once.
#[utoipa::path(post, path = "/accounts", tag = "accounts", request_body = NewAccount,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = InvitedView)))]
pub async fn add_account(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewAccount>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, InvitedView::kept);
    let (role, area) = (new.role()?, new.area_code);
    let added = app::account::add_with_link(&ledger, &caller.actor, &new.name, role, area).await;
    invited(StatusCode::CREATED, added)
}

/// Lock an account: it can do nothing from the next request on, and its sessions end.
#[utoipa::path(post, path = "/accounts/{id}/lock", tag = "accounts", request_body = Nothing,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AccountView)))]
pub async fn lock_account(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Nothing>,
) -> Result<Response, Fault> {
    let view = |row: &Model| AccountView::from(row);
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, view);
    let done = app::account::lock(&ledger, &caller.actor, (AccountId(id), version)).await;
    told(StatusCode::OK, done, |row| (row.version, view(row)))
}

/// Unlock an account; its owner signs in anew.
#[utoipa::path(post, path = "/accounts/{id}/unlock", tag = "accounts", request_body = Nothing,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AccountView)))]
pub async fn unlock_account(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Nothing>,
) -> Result<Response, Fault> {
    let view = |row: &Model| AccountView::from(row);
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, view);
    let done = app::account::unlock(&ledger, &caller.actor, (AccountId(id), version)).await;
    told(StatusCode::OK, done, |row| (row.version, view(row)))
}

/// Give an account that never signed in another code; those before it are void.
#[utoipa::path(post, path = "/accounts/{id}/invite", tag = "accounts", request_body = Nothing,
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = InvitedView)))]
pub async fn invite_account(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    posted: Posted<Nothing>,
) -> Result<Response, Fault> {
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, InvitedView::kept);
    let which = AccountId(id).into();
    let issued = sign_in::issue(&ledger, &caller.actor, which, Purpose::FirstSignIn).await;
    invited(StatusCode::OK, issued)
}

/// Reset an account: its password is worth nothing, its sessions end, and a one-time code for the
/// next password is answered, this once.
#[utoipa::path(post, path = "/accounts/{id}/reset", tag = "accounts", request_body = Nothing,
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = InvitedView)))]
pub async fn reset_account(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    posted: Posted<Nothing>,
) -> Result<Response, Fault> {
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, InvitedView::kept);
    let which = AccountId(id).into();
    let issued = sign_in::issue(&ledger, &caller.actor, which, Purpose::Reset).await;
    invited(StatusCode::OK, issued)
}

/// Take away the second factor of an account whose owner lost it.
#[utoipa::path(post, path = "/accounts/{id}/drop-second-factor", tag = "accounts",
    request_body = Nothing, params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AccountView)))]
pub async fn drop_second_factor(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    posted: Posted<Nothing>,
) -> Result<Response, Fault> {
    let view = |row: &Model| AccountView::from(row);
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, view);
    let done = sign_in::drop_second_factor(&ledger, &caller.actor, AccountId(id)).await;
    told(StatusCode::OK, done, |row| (row.version, view(row)))
}

/// List the open sessions of an account, for whoever may end them (`DELETE /sessions/{id}`).
#[utoipa::path(get, path = "/accounts/{id}/sessions", tag = "accounts", params(("id" = i64, Path)),
    responses((status = 200, body = Vec<SessionView>)))]
pub async fn list_account_sessions(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let rows = sign_in::sessions_of(&state.ledger, &caller.actor, AccountId(id)).await?;
    let views = rows.into_iter().map(|row| SessionView::of(row, caller.session));
    Ok(answer(StatusCode::OK, views.collect::<Vec<_>>()))
}
