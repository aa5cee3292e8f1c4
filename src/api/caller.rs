//! `Caller`: whose bearer token came with a request. Cookies mean nothing here.

use std::net::{IpAddr, Ipv4Addr};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header::AUTHORIZATION, request::Parts},
};
use entity::id::SessionId;

use crate::{
    app::sign_in,
    error::Error,
    http::{
        AppState,
        body::Known,
        fault::Fault,
        guard::{Peer, address},
    },
    store::Actor,
};

/// Whoever may act.
pub struct Caller {
    /// In what role, over which area.
    pub actor: Actor,
    /// The session.
    pub session: SessionId,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Caller, Fault> {
        let token = bearer(&parts.headers)?;
        let (actor, session) = sign_in::actor_of_access_token(&state.ledger, token).await?;
        tracing::Span::current().record("account", actor.account().map(|account| account.0));
        parts.extensions.insert(Known);
        Ok(Caller { actor, session })
    }
}

/// Whoever is signed in, even where a password is due first and nothing else may be done.
pub struct SignedIn(pub SessionId);

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<SignedIn, Fault> {
        let token = bearer(&parts.headers)?;
        let session = sign_in::session_of_access_token(&state.ledger, token).await?;
        parts.extensions.insert(Known);
        Ok(SignedIn(session))
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, Fault> {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    token.ok_or_else(|| Error::Unauthenticated.into())
}

/// Where a request comes from.
pub struct SentFrom(pub IpAddr);

impl FromRequestParts<AppState> for SentFrom {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<SentFrom, Self::Rejection> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        Ok(SentFrom(address(&state.settings, peer, &parts.headers)))
    }
}
