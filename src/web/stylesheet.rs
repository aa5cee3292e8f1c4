//! What pages load: one style sheet and the scripts that only make things quicker. Each lies at an
//! address that changes with its content, so that browsers keep it for good.

use std::sync::LazyLock;

use axum::{
    Router,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest, Sha256};

use crate::http::AppState;

const STYLE: &str = include_str!("static/ledger.css");
const SCRIPT: &str = include_str!("static/ledger.js");
const SUGGEST_SCRIPT: &str = include_str!("static/suggest.js");

/// One of them.
pub(super) struct Loaded {
    /// Where it lies.
    pub(super) address: String,
    kind: &'static str,
    text: &'static str,
}

impl Loaded {
    fn new(name: &str, end: &str, kind: &'static str, text: &'static str) -> Loaded {
        let digest = Sha256::digest(text);
        let mark: String = digest[..6].iter().map(|byte| format!("{byte:02x}")).collect();
        Loaded { address: format!("/static/{name}-{mark}.{end}"), kind, text }
    }

    fn answer(&self) -> Response {
        let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
        (
            [
                (header::CONTENT_TYPE, HeaderValue::from_static(self.kind)),
                (header::CACHE_CONTROL, forever),
            ],
            self.text,
        )
            .into_response()
    }
}

/// The look of every page.
pub(super) static LOOK: LazyLock<Loaded> =
    LazyLock::new(|| Loaded::new("ledger", "css", "text/css; charset=utf-8", STYLE));
/// What every page gains from a script.
pub(super) static EASE: LazyLock<Loaded> =
    LazyLock::new(|| Loaded::new("ledger", "js", "text/javascript; charset=utf-8", SCRIPT));

/// What is shown while somebody types.
pub(super) static SUGGEST: LazyLock<Loaded> = LazyLock::new(|| {
    Loaded::new("suggest", "js", "text/javascript; charset=utf-8", SUGGEST_SCRIPT)
});

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(&LOOK.address, get(async || LOOK.answer()))
        .route(&EASE.address, get(async || EASE.answer()))
        .route(&SUGGEST.address, get(async || SUGGEST.answer()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of the style sheet (ux.md §4).
    const MOST_OF_STYLE: usize = 20_000;
    /// Bytes of all scripts (ux.md §4).
    const MOST_OF_SCRIPTS: usize = 30_000;

    #[test]
    fn what_is_loaded_stays_small() {
        assert!(STYLE.len() <= MOST_OF_STYLE, "{} bytes", STYLE.len());
        let scripts = SCRIPT.len() + SUGGEST_SCRIPT.len();
        assert!(scripts <= MOST_OF_SCRIPTS, "{scripts} bytes");
        assert!(SUGGEST_SCRIPT.len() <= 3_000, "{} bytes", SUGGEST_SCRIPT.len());
    }
}
