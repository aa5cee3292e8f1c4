//! Signing in and out over the API: short access tokens, and refresh tokens that are used once.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header::USER_AGENT},
    response::Response,
};
use chrono::{DateTime, Utc};
use entity::{
    id::SessionId,
    session::{Kind, Model},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    OPEN,
    body::{Body, answer},
    caller::{Caller, SentFrom, SignedIn},
};
use crate::{
    app::sign_in::{self, Device, Opened},
    domain::secret::Secret,
    http::{AppState, fault::Fault},
};

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The sign-in name.
    name: String,
    /// The password.
    password: String,
    /// A code of the second factor, where the account has one.
    second_factor: Option<String>,
    /// The mark that this device was given at an earlier sign-in.
    device_mark: Option<String>,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The token; it is worth nothing afterwards.
    refresh_token: String,
}

/// An open session. The tokens are shown this once.
#[derive(Serialize, ToSchema)]
pub struct OpenedView {
    /// The session.
    session: i64,
    /// The account.
    account: String,
    /// Its role.
    role: &'static str,
    /// Its area.
    area_code: String,
    /// For the header `Authorization: Bearer`.
    access_token: Option<String>,
    /// Until when the access token holds.
    access_until: Option<DateTime<Utc>>,
    /// For a new access token.
    refresh_token: String,
    /// When the session ends if it is not used again.
    expires_at: DateTime<Utc>,
    /// To be shown at the next sign-in from this device.
    device_mark: Option<String>,
    /// Whether nothing else may be done before the password is changed.
    must_change_password: bool,
    /// Whether nothing else may be done before a second factor is enrolled.
    must_enroll_second_factor: bool,
}

impl OpenedView {
    fn of(opened: Opened) -> OpenedView {
        let (access_token, access_until) = opened
            .access_token
            .map_or((None, None), |(token, until)| (Some(token.expose().to_owned()), Some(until)));
        OpenedView {
            session: opened.session.0,
            account: opened.account.name,
            role: opened.account.role.code(),
            area_code: opened.account.area_code.to_string(),
            access_token,
            access_until,
            refresh_token: opened.token.expose().to_owned(),
            expires_at: opened.expires_at,
            device_mark: opened.device_mark.map(|mark| mark.expose().to_owned()),
            must_change_password: opened.must_change_password,
            must_enroll_second_factor: opened.must_enroll_second_factor,
        }
    }
}

/// Sign in.
#[utoipa::path(post, path = "/sessions", tag = OPEN, request_body = SignIn,
    responses((status = 201, body = OpenedView)))]
pub async fn open_session(
    State(state): State<AppState>,
    SentFrom(address): SentFrom,
    headers: HeaderMap,
    Body(who): Body<SignIn>,
) -> Result<Response, Fault> {
    let label = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mark = who.device_mark.map(Secret::new);
    let device = Device { label: label.chars().take(100).collect(), address, mark };
    let second_factor = who.second_factor.as_deref();
    let opened =
        sign_in::sign_in(&state.ledger, &who.name, &who.password, second_factor, device, Kind::Api);
    Ok(answer(StatusCode::CREATED, OpenedView::of(opened.await?)))
}

/// Get a new access token. A refresh token that comes a second time ends its session.
#[utoipa::path(post, path = "/sessions/refresh", tag = OPEN, request_body = Refresh,
    responses((status = 200, body = OpenedView)))]
pub async fn refresh_session(
    State(state): State<AppState>,
    Body(refresh): Body<Refresh>,
) -> Result<Response, Fault> {
    let opened = sign_in::refresh(&state.ledger, &Secret::new(refresh.refresh_token)).await?;
    Ok(answer(StatusCode::OK, OpenedView::of(opened)))
}

/// One session of the caller.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    /// Its id.
    id: i64,
    /// How it was opened: browser or api.
    kind: &'static str,
    /// What is known of the device.
    device: String,
    /// When it was opened.
    opened_at: DateTime<Utc>,
    /// When it was last used.
    seen_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    is_current: bool,
}

impl SessionView {
    pub(super) fn of(row: Model, current: SessionId) -> SessionView {
        SessionView {
            id: row.id.0,
            kind: row.kind.code(),
            device: row.device,
            opened_at: row.issued_at,
            seen_at: row.seen_at,
            is_current: row.id == current,
        }
    }
}

/// List the caller's open sessions.
#[utoipa::path(get, path = "/sessions", tag = "sessions",
    responses((status = 200, body = Vec<SessionView>)))]
pub async fn list_sessions(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Response, Fault> {
    let rows = sign_in::sessions(&state.ledger, &caller.actor).await?;
    let views = rows.into_iter().map(|row| SessionView::of(row, caller.session));
    Ok(answer(StatusCode::OK, views.collect::<Vec<_>>()))
}

/// Sign out.
#[utoipa::path(delete, path = "/sessions/current", tag = "sessions", responses((status = 204)))]
pub async fn close_session(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
) -> Result<StatusCode, Fault> {
    sign_in::sign_out(&state.ledger, session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End a session at once: one of the caller's own, or, for whoever may, another person's.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "sessions", params(("id" = i64, Path)),
    responses((status = 204)))]
pub async fn revoke_session(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, Fault> {
    sign_in::revoke_session(&state.ledger, &caller.actor, SessionId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A proof that the caller is still the one who signed in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepUp {
    /// A code of the second factor, or the password where there is none.
    proof: String,
}

/// Prove again who is there, before what asks for it.
#[utoipa::path(post, path = "/sessions/current/step-up", tag = "sessions", request_body = StepUp,
    responses((status = 204)))]
pub async fn step_up(
    State(state): State<AppState>,
    caller: Caller,
    Body(step): Body<StepUp>,
) -> Result<StatusCode, Fault> {
    sign_in::step_up(&state.ledger, caller.session, &step.proof, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A change of password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password so far.
    old: String,
    /// The new one.
    new: String,
}

/// Change the caller's own password. Every other session of the account ends.
#[utoipa::path(post, path = "/password", tag = "sessions", request_body = PasswordChange,
    responses((status = 204)))]
pub async fn change_password(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Body(change): Body<PasswordChange>,
) -> Result<StatusCode, Fault> {
    sign_in::change_password(&state.ledger, session, &change.old, &change.new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A one-time code, and the password it is to set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkUse {
    /// The code that an administrator handed over.
    code: String,
    /// The password to set.
    password: String,
}

/// Set a password by a one-time code: at the first sign-in, or after a reset.
#[utoipa::path(post, path = "/links", tag = OPEN, request_body = LinkUse, responses((status = 204)))]
pub async fn open_link(
    State(state): State<AppState>,
    Body(link): Body<LinkUse>,
) -> Result<StatusCode, Fault> {
    sign_in::open_link(&state.ledger, &Secret::new(link.code), &link.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The caller's password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Password {
    /// The password.
    password: String,
}

/// A second factor that is yet to be confirmed.
#[derive(Serialize, ToSchema)]
pub struct NewFactor {
    /// For the authenticator: `otpauth://…`. Shown this once.
    uri: String,
}

/// Begin to enroll a second factor.
#[utoipa::path(post, path = "/second-factor", tag = "sessions", request_body = Password,
    responses((status = 200, body = NewFactor)))]
pub async fn enroll_second_factor(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Body(proof): Body<Password>,
) -> Result<Response, Fault> {
    let factor = sign_in::enroll_second_factor(&state.ledger, session, &proof.password).await?;
    Ok(answer(StatusCode::OK, NewFactor { uri: factor.uri.expose().to_owned() }))
}

/// A code of the second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Six digits.
    code: String,
}

/// Codes to sign in with when the authenticator is lost.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Each is good once. Shown this once.
    recovery_codes: Vec<String>,
}

/// Confirm the second factor.
#[utoipa::path(post, path = "/second-factor/confirm", tag = "sessions", request_body = Code,
    responses((status = 200, body = RecoveryCodes)))]
pub async fn confirm_second_factor(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Body(code): Body<Code>,
) -> Result<Response, Fault> {
    let codes = sign_in::confirm_second_factor(&state.ledger, session, &code.code).await?;
    let recovery_codes = codes.iter().map(|code| code.expose().to_owned()).collect();
    Ok(answer(StatusCode::OK, RecoveryCodes { recovery_codes }))
}
