//! Every request runs to its end, even when its client has gone (reliability.md F3, F4): a write is
//! never left half way, and a cancelled `BEGIN` never poisons a connection.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::Instrument;

use super::fault::Fault;
use crate::limits;

/// Runs the request as a task of its own. A panic answers 500; a request that takes too long
/// answers 503 and still runs to its end.
pub async fn detach(request: Request, next: Next) -> Response {
    let task = tokio::spawn(next.run(request).in_current_span());
    match tokio::time::timeout(limits::REQUEST_TIME, task).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => {
            tracing::error!(event = "panic", is_panic = panic.is_panic(), "a request failed");
            Fault::broken().into_response()
        }
        Err(_) => Fault::busy(limits::RETRY_AFTER).into_response(),
    }
}
