//! A request id, one line of the program's own log for every request, and the counts. No query, no
//! body, no name: only what was asked in general, by which account's number, and how it ended.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::Instrument;

use super::{AppState, fault::Code};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a request is called in logs, answers and questions to the help desk.
#[derive(Clone, Debug, Default)]
pub struct RequestId(Arc<str>);

impl RequestId {
    fn new() -> RequestId {
        let mut bytes = [0; 9];
        // without randomness the id says so; nothing depends on it
        if getrandom::fill(&mut bytes).is_err() {
            return RequestId("none".into());
        }
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        RequestId(text.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Gives the request its id and tells how it went.
pub async fn traced(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = RequestId::new();
    request.extensions_mut().insert(id.clone());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let account = tracing::field::Empty;
    let span = tracing::info_span!("request", id = id.as_str(), %method, route, account);
    let begun = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, time) = (response.status(), begun.elapsed());
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let code = response.extensions().get::<Code>().map(|code| code.0);
    span.in_scope(|| tracing::info!(status = status.as_u16(), code, millis, "answered"));
    state.metrics.answered(&method, &route, status, time);
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}
