//! An amount in capital numerals while it is typed, so that a zero too many is seen before the form is
//! sent; where no scripts run, the form tells it once it was.

use axum::{Router, response::IntoResponse, routing::get};

use super::{fields::spelt, visit::Visit};
use crate::http::AppState;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/amount", get(show))
}

async fn show(visit: Visit) -> impl IntoResponse {
    let text = visit.query.iter().find(|(word, _)| word == "text");
    spelt(&visit.manner, text.map_or("", |(_, text)| text.as_str()))
}
