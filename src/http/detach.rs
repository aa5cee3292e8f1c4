//! Every request runs to its end, even when its client has gone (reliability.md F3, F4): a write is
//! never left half way, and a cancelled `BEGIN` never poisons a connection.

use std::time::Duration;

use axum::{
    extract::Request,
    http::{HeaderMap, header::CONTENT_TYPE},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::Instrument;

use super::{fault::Fault, guard::Place};
use crate::limits;

/// Runs the request as a task of its own. A panic answers 500; a request that takes too long
/// answers 503 and still runs to its end.
pub async fn detach(mut request: Request, next: Next) -> Response {
    // the place is taken as long as the work lasts, whether or not its client waits
    let place = request.extensions_mut().remove::<Place>();
    if crate::broken::is("a request ends with its connection") {
        return next.run(request).await;
    }
    let time = time(request.headers());
    let work = async move {
        let response = next.run(request).await;
        if crate::broken::is("a place is not given back") {
            std::mem::forget(place);
        } else {
            drop(place);
        }
        response
    };
    let task = tokio::spawn(work.in_current_span());
    match tokio::time::timeout(time, task).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => {
            tracing::error!(event = "panic", is_panic = panic.is_panic(), "a request failed");
            Fault::broken().into_response()
        }
        Err(_) => Fault::busy(limits::RETRY_AFTER).into_response(),
    }
}

/// How long a request may take: a file takes its time to come, and then the usual one counts.
fn time(headers: &HeaderMap) -> Duration {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form = kind.is_some_and(|kind| kind.starts_with("multipart/"));
    if is_form { limits::UPLOAD_TIME + limits::REQUEST_TIME } else { limits::REQUEST_TIME }
}
