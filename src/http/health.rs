//! Whether the service lives, whether it can work, and what it counted.

use std::sync::atomic::Ordering;

use axum::{
    Router,
    extract::{Extension, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{
    AppState,
    fault::Fault,
    guard::{Peer, address},
};
use crate::limits;

/// `/livez`, `/readyz`, and `/metrics` for this machine alone.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/livez", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(counts))
}

async fn ready(State(state): State<AppState>) -> Response {
    if state.is_ending.load(Ordering::Relaxed) || state.places.available_permits() == 0 {
        return (StatusCode::SERVICE_UNAVAILABLE, "ending or overloaded\n").into_response();
    }
    if !state.ledger.has_room() {
        let why = "the disk is full: only reading goes on\n";
        return (StatusCode::SERVICE_UNAVAILABLE, why).into_response();
    }
    match state.ledger.probe().await {
        Ok(()) => "ready\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the ledger does not answer\n").into_response(),
    }
}

async fn counts(
    State(state): State<AppState>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
) -> Response {
    let is_near = |Extension(Peer(peer)): Extension<Peer>| {
        address(&state.settings, peer.ip(), &headers).is_loopback()
    };
    if !peer.is_none_or(is_near) {
        return Fault::no_such_address().into_response();
    }
    let kind = "text/plain; version=0.0.4";
    let text = state.metrics.text() + &state.under_way();
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

impl AppState {
    /// What is under way now, as text; whoever asks counts too.
    fn under_way(&self) -> String {
        let requests = limits::REQUESTS_AT_ONCE - self.places.available_permits();
        format!(
            "# TYPE taizhang_connections gauge\ntaizhang_connections {}\n\
             # TYPE taizhang_requests_in_flight gauge\ntaizhang_requests_in_flight {requests}\n",
            self.seats.count()
        )
    }
}
