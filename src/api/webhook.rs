//! Webhooks over the API. A secret is shown once: what is kept for a repetition holds none.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, Utc};
use entity::{area::AreaCode, id::WebhookId, webhook::Model};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    account::Nothing,
    body::{Asked, Posted, answer},
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{Limit, Page, cursor, place},
};
use crate::{
    app::webhook::{self as app, Told},
    domain::{
        secret::Secret,
        webhook::{Draft, codes},
    },
    error::Result as OurResult,
    http::{AppState, fault::Fault},
};

/// A webhook.
#[derive(Serialize, ToSchema)]
pub struct WebhookView {
    /// Its id.
    id: i64,
    /// Its version.
    version: i64,
    /// Of what happens where it is told.
    area_code: String,
    /// Where events are sent.
    address: String,
    /// Of which nouns; of every one when empty.
    nouns: Vec<String>,
    /// Of which actions; of every one when empty.
    actions: Vec<String>,
    /// active, paused or ended.
    state: &'static str,
    /// The position from which it was last told to send again.
    replay_from: Option<i64>,
}

impl From<&Model> for WebhookView {
    fn from(row: &Model) -> WebhookView {
        WebhookView {
            id: row.id.0,
            version: row.version,
            area_code: row.area_code.to_string(),
            address: row.address.clone(),
            nouns: codes(&row.nouns),
            actions: codes(&row.actions),
            state: row.state.code(),
            replay_from: row.replay_from,
        }
    }
}

/// A webhook and how far it has come.
#[derive(Serialize, ToSchema)]
pub struct WebhookProgressView {
    /// The webhook.
    webhook: WebhookView,
    /// Everything up to this position of the county's log was sent, or is nothing it is told of.
    sent_upto: i64,
    /// The last position of the county's log.
    end: i64,
    /// Whether it was given up after too many failures, until it is resumed.
    is_failing: bool,
    /// How often sending failed since it last succeeded.
    failures: i32,
    /// The status of the last answer, or what failed before there was one: name, address, connection,
    /// certificate, answer or timeout.
    outcome: Option<String>,
    /// When that was.
    tried_at: Option<DateTime<Utc>>,
    /// When something was last taken.
    taken_at: Option<DateTime<Utc>>,
    /// Before this nothing is sent.
    next_at: DateTime<Utc>,
    /// Until when the secret before the last one is signed with as well.
    former_until: Option<DateTime<Utc>>,
}

impl From<Told> for WebhookProgressView {
    fn from(Told { row, progress, end }: Told) -> WebhookProgressView {
        WebhookProgressView {
            webhook: WebhookView::from(&row),
            sent_upto: progress.behind,
            end,
            is_failing: progress.is_failing,
            failures: progress.failures,
            outcome: progress.outcome,
            tried_at: progress.tried_at,
            taken_at: progress.taken_at,
            next_at: progress.next_at,
            former_until: progress.former_until,
        }
    }
}

/// A webhook with what its messages are signed with.
#[derive(Serialize, ToSchema)]
pub struct WebhookSecretView {
    /// The webhook.
    webhook: WebhookView,
    /// The secret, as Standard Webhooks writes it.
    secret: Option<String>,
    /// Whether this is a repetition: the secret was shown the first time and is not shown again. Have
    /// another made by `rotate` if it was lost.
    is_secret_shown_before: bool,
}

impl WebhookSecretView {
    fn of(row: &Model, secret: &Secret) -> WebhookSecretView {
        let secret = Some(secret.expose().to_owned());
        WebhookSecretView { webhook: row.into(), secret, is_secret_shown_before: false }
    }

    /// What is kept for a repetition.
    fn kept((row, _): &(Model, Secret)) -> WebhookSecretView {
        WebhookSecretView { webhook: row.into(), secret: None, is_secret_shown_before: true }
    }
}

fn secret(status: StatusCode, done: OurResult<(Model, Secret)>) -> Result<Response, Fault> {
    told(status, done, |(row, secret)| (row.version, WebhookSecretView::of(row, secret)))
}

/// Which webhooks are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WebhookQuery {
    /// The `next` of the page before.
    after: Option<String>,
    /// Rows of the page: 1 to 200.
    #[param(value_type = Option<u64>)]
    limit: Option<Limit>,
}

/// List webhooks, for whoever may see them.
#[utoipa::path(get, path = "/webhooks", tag = "webhooks", params(WebhookQuery),
    responses((status = 200, body = Page<WebhookProgressView>)))]
pub async fn list_webhooks(
    State(state): State<AppState>,
    caller: Caller,
    Asked(query): Asked<WebhookQuery>,
) -> Result<Response, Fault> {
    let limit = Limit::checked(query.limit)?;
    let after = place::<AreaCode>(query.after.as_deref())?;
    let after = after.map(|(area, id)| (area, WebhookId(id)));
    let rows = app::list(&state.ledger, &caller.actor, after, limit + 1).await?;
    let next = |told: &Told| cursor(told.row.area_code, told.row.id.0);
    Ok(answer(StatusCode::OK, Page::cut(rows, limit, next, WebhookProgressView::from)))
}

/// Get a webhook, for whoever may see it.
#[utoipa::path(get, path = "/webhooks/{id}", tag = "webhooks", params(("id" = i64, Path)),
    responses((status = 200, body = WebhookProgressView)))]
pub async fn get_webhook(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let told = app::told(&state.ledger, &caller.actor, WebhookId(id)).await?;
    Ok(versioned(StatusCode::OK, told.row.version, WebhookProgressView::from(told)))
}

/// A new webhook.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Of what happens where it is told: a county, a town or a village.
    #[schema(value_type = String)]
    area_code: AreaCode,
    /// Where events are sent: https, without a user, a query or a fragment.
    address: String,
    /// Of which nouns, such as asset; of every one when left out.
    #[serde(default)]
    nouns: Vec<String>,
    /// Of which actions, such as asset.amend; of every one when left out.
    #[serde(default)]
    actions: Vec<String>,
}

/// Add a webhook, which is told of what happens from now on. Answers its secret, this once.
#[utoipa::path(post, path = "/webhooks", tag = "webhooks", request_body = NewWebhook,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = WebhookSecretView)))]
pub async fn add_webhook(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewWebhook>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, WebhookSecretView::kept);
    let draft = Draft { address: new.address, nouns: new.nouns, actions: new.actions };
    let asked = (new.area_code, &draft);
    secret(
        StatusCode::CREATED,
        app::add(&ledger, &caller.actor, asked, &state.settings.reach()).await,
    )
}

/// What a webhook is told of from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendedWebhook {
    /// Where events are sent.
    address: String,
    /// Of which nouns; of every one when left out.
    #[serde(default)]
    nouns: Vec<String>,
    /// Of which actions; of every one when left out.
    #[serde(default)]
    actions: Vec<String>,
}

/// Amend a webhook: where its events are sent, and which.
#[utoipa::path(patch, path = "/webhooks/{id}", tag = "webhooks", request_body = AmendedWebhook,
    params(("id" = i64, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = WebhookView)))]
pub async fn amend_webhook(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    super::body::Body(new): super::body::Body<AmendedWebhook>,
) -> Result<Response, Fault> {
    let draft = Draft { address: new.address, nouns: new.nouns, actions: new.actions };
    let (named, reach) = ((WebhookId(id), version), state.settings.reach());
    let done = app::amend(&state.ledger, &caller.actor, named, &draft, &reach).await;
    told(StatusCode::OK, done, |row| (row.version, WebhookView::from(row)))
}

fn view(row: &Model) -> WebhookView {
    WebhookView::from(row)
}

/// Pause a webhook: nothing is sent until it is resumed.
#[utoipa::path(post, path = "/webhooks/{id}/pause", tag = "webhooks", request_body = Nothing,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = WebhookView)))]
pub async fn pause_webhook(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Nothing>,
) -> Result<Response, Fault> {
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, view);
    let done = app::pause(&ledger, &caller.actor, (WebhookId(id), version)).await;
    told(StatusCode::OK, done, |row| (row.version, view(row)))
}

/// Resume a webhook that is paused or failing: it goes on where it stopped.
#[utoipa::path(post, path = "/webhooks/{id}/resume", tag = "webhooks", request_body = Nothing,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = WebhookView)))]
pub async fn resume_webhook(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Nothing>,
) -> Result<Response, Fault> {
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, view);
    let done = app::resume(&ledger, &caller.actor, (WebhookId(id), version)).await;
    told(StatusCode::OK, done, |row| (row.version, view(row)))
}

/// End a webhook for good.
#[utoipa::path(post, path = "/webhooks/{id}/end", tag = "webhooks", request_body = Nothing,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = WebhookView)))]
pub async fn end_webhook(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Nothing>,
) -> Result<Response, Fault> {
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, view);
    let done = app::end(&ledger, &caller.actor, (WebhookId(id), version)).await;
    told(StatusCode::OK, done, |row| (row.version, view(row)))
}

/// Give a webhook another secret, answered this once; for a day messages are signed with both.
#[utoipa::path(post, path = "/webhooks/{id}/rotate", tag = "webhooks", request_body = Nothing,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = WebhookSecretView)))]
pub async fn rotate_webhook(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Nothing>,
) -> Result<Response, Fault> {
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, WebhookSecretView::kept);
    let named = (WebhookId(id), version);
    secret(StatusCode::OK, app::rotate(&ledger, &caller.actor, named).await)
}

/// From where events are sent again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayFrom {
    /// A position of the county's log.
    sequence: i64,
}

/// Send the events of a webhook from a position on once more, under the same ids.
#[utoipa::path(post, path = "/webhooks/{id}/replay", tag = "webhooks", request_body = ReplayFrom,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = WebhookView)))]
pub async fn replay_webhook(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<ReplayFrom>,
) -> Result<Response, Fault> {
    let (ledger, from) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (WebhookId(id), version);
    let done = app::replay(&ledger, &caller.actor, named, from.sequence).await;
    told(StatusCode::OK, done, |row| (row.version, view(row)))
}
