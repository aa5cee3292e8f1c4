//! Whoever asks: their account, the area they act in, and what they may do there.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use entity::log::Action;
use serde::Serialize;
use utoipa::ToSchema;

use super::{body::answer, caller::Caller};
use crate::{
    app::place::Places,
    domain::permission::permits,
    http::{
        AppState,
        fault::{Fault, language_of},
    },
};

/// Whoever asks.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The account's name; nothing of the person's.
    account: String,
    /// The code of its role.
    role: &'static str,
    /// The role in the caller's language.
    role_name: &'static str,
    /// The area it acts in.
    area_code: String,
    /// The names from the top of the tree to the area.
    area_path: String,
    /// What it may do.
    actions: Vec<Allowed>,
}

/// One thing that may be done.
#[derive(Serialize, ToSchema)]
pub struct Allowed {
    /// The action, as the log names it.
    action: &'static str,
    /// What it is called in the caller's language.
    name: &'static str,
}

/// Get one's own account, its area and what it may do.
#[utoipa::path(get, path = "/me", tag = "sessions", responses((status = 200, body = Me)))]
pub async fn get_me(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let (actor, language) = (&caller.actor, language_of(&headers));
    let read = state.ledger.read(actor);
    let mut places = Places::new(read.today());
    places.learn(&read, [actor.area()]).await?;
    let allowed = Action::ALL.iter().filter(|action| permits(actor.role(), **action));
    let actions = allowed
        .map(|action| Allowed { action: action.code(), name: action.label().text(language) });
    let me = Me {
        account: actor.name().to_owned(),
        role: actor.role().code(),
        role_name: actor.role().label().text(language),
        area_code: actor.area().to_string(),
        area_path: places.path(actor.area()),
        actions: actions.collect(),
    };
    Ok(answer(StatusCode::OK, me))
}
