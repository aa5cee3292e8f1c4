//! Every request runs to its end, even when its client has gone (reliability.md F3, F4): a write is
//! never left half way, and a cancelled `BEGIN` never poisons a connection.

use std::time::Duration;

use axum::{
    body::HttpBody,
    extract::Request,
    http::header::CONTENT_TYPE,
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::Instrument;

use super::{fault::Fault, place::Place};
use crate::limits;

/// Runs the request as a task of its own. A panic answers 500; a request that takes too long
/// answers 503 and still runs to its end.
pub async fn detach(request: Request, next: Next) -> Response {
    // the place is taken as long as the work lasts, whether or not its client waits
    let place = request.extensions().get::<Place>().cloned();
    if crate::broken::is("a request ends with its connection") {
        return next.run(request).await;
    }
    let time = time(&request);
    let work = async move {
        let response = next.run(request).await;
        if crate::broken::is("a place is not given back") {
            std::mem::forget(place);
        } else if let Some(place) = place {
            place.give_back();
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

/// How long a request may take: its body takes its time to come, and then the usual one counts.
fn time(request: &Request) -> Duration {
    if request.body().is_end_stream() {
        return limits::REQUEST_TIME;
    }
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form = kind.is_some_and(|kind| kind.starts_with("multipart/"));
    limits::REQUEST_TIME + if is_form { limits::UPLOAD_TIME } else { limits::BODY_TIME }
}
