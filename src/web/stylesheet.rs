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
const DARK_STYLE: &str = include_str!("static/dark.css");
const CONTRAST_STYLE: &str = include_str!("static/contrast.css");
const SCRIPT: &str = include_str!("static/ledger.js");
const CHOOSING: &str = include_str!("static/choose.js");
const DRAFT_SCRIPT: &str = include_str!("static/drafts.js");
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
/// The colours by night.
pub(super) static DARK: LazyLock<Loaded> =
    LazyLock::new(|| Loaded::new("dark", "css", "text/css; charset=utf-8", DARK_STYLE));
/// The colours as far apart as they can be.
pub(super) static CONTRAST: LazyLock<Loaded> =
    LazyLock::new(|| Loaded::new("contrast", "css", "text/css; charset=utf-8", CONTRAST_STYLE));
/// What every page gains from a script.
pub(super) static EASE: LazyLock<Loaded> =
    LazyLock::new(|| Loaded::new("ledger", "js", "text/javascript; charset=utf-8", SCRIPT));
/// What forms gain that keep drafts.
pub(super) static KEEP: LazyLock<Loaded> =
    LazyLock::new(|| Loaded::new("drafts", "js", "text/javascript; charset=utf-8", DRAFT_SCRIPT));

/// What a list gains in which rows are chosen.
pub(super) static CHOOSE: LazyLock<Loaded> =
    LazyLock::new(|| Loaded::new("choose", "js", "text/javascript; charset=utf-8", CHOOSING));

/// What is shown while somebody types.
pub(super) static SUGGEST: LazyLock<Loaded> = LazyLock::new(|| {
    Loaded::new("suggest", "js", "text/javascript; charset=utf-8", SUGGEST_SCRIPT)
});

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(&LOOK.address, get(async || LOOK.answer()))
        .route(&DARK.address, get(async || DARK.answer()))
        .route(&CONTRAST.address, get(async || CONTRAST.answer()))
        .route(&EASE.address, get(async || EASE.answer()))
        .route(&CHOOSE.address, get(async || CHOOSE.answer()))
        .route(&KEEP.address, get(async || KEEP.answer()))
        .route(&SUGGEST.address, get(async || SUGGEST.answer()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of the style sheet (ux.md §4).
    const MOST_OF_STYLE: usize = 20_000;
    /// Bytes of all scripts (ux.md §4).
    const MOST_OF_SCRIPTS: usize = 30_000;
    /// Bytes of the script of drafts.
    const MOST_OF_DRAFTS: usize = 2_000;

    #[test]
    fn what_is_loaded_stays_small() {
        let style = STYLE.len() + DARK_STYLE.len() + CONTRAST_STYLE.len();
        assert!(style <= MOST_OF_STYLE, "{style} bytes");
        let scripts = SCRIPT.len() + DRAFT_SCRIPT.len() + CHOOSING.len() + SUGGEST_SCRIPT.len();
        assert!(scripts <= MOST_OF_SCRIPTS, "{scripts} bytes");
        assert!(DRAFT_SCRIPT.len() <= MOST_OF_DRAFTS, "{} bytes", DRAFT_SCRIPT.len());
        assert!(SUGGEST_SCRIPT.len() <= 3_000, "{} bytes", SUGGEST_SCRIPT.len());
    }
}
