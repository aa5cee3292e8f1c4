//! What pages load: one style sheet and the scripts that only make things quicker. Each lies at an
//! address that changes with its content, so that browsers keep it for good, and is compressed once:
//! it holds nothing of anybody's. Pages are not compressed, since what somebody typed stands in them
//! beside what nobody else may guess.

use std::{io::Write, sync::LazyLock};

use axum::{
    Router,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use flate2::{Compression, write::GzEncoder};
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
    compressed: Option<Vec<u8>>,
}

impl Loaded {
    fn new(name: &str, end: &str, kind: &'static str, text: &'static str) -> Loaded {
        let digest = Sha256::digest(text);
        let mark: String = digest[..6].iter().map(|byte| format!("{byte:02x}")).collect();
        let address = format!("/static/{name}-{mark}.{end}");
        Loaded { address, kind, text, compressed: compressed(text) }
    }

    fn answer(&'static self, asked: &HeaderMap) -> Response {
        let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(self.kind)),
            (header::CACHE_CONTROL, forever),
            (header::VARY, HeaderValue::from_static("accept-encoding")),
        ];
        let Some(compressed) = self.compressed.as_deref().filter(|_| takes_gzip(asked)) else {
            return (headers, self.text).into_response();
        };
        let gzip = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
        (headers, gzip, compressed).into_response()
    }
}

/// A text as `gzip` has it.
fn compressed(text: &str) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()).ok()
}

/// Whether whoever asks reads `gzip`.
fn takes_gzip(asked: &HeaderMap) -> bool {
    let said = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|one| one.to_str().ok());
    let mut codings = said.flat_map(|one| one.split(','));
    codings.any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        // a weight of nothing, with however many digits
        let is_refused = !weight.contains(|digit: char| ('1'..='9').contains(&digit));
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    })
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
        .route(&LOOK.address, get(async |asked: HeaderMap| LOOK.answer(&asked)))
        .route(&DARK.address, get(async |asked: HeaderMap| DARK.answer(&asked)))
        .route(&CONTRAST.address, get(async |asked: HeaderMap| CONTRAST.answer(&asked)))
        .route(&EASE.address, get(async |asked: HeaderMap| EASE.answer(&asked)))
        .route(&CHOOSE.address, get(async |asked: HeaderMap| CHOOSE.answer(&asked)))
        .route(&KEEP.address, get(async |asked: HeaderMap| KEEP.answer(&asked)))
        .route(&SUGGEST.address, get(async |asked: HeaderMap| SUGGEST.answer(&asked)))
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
        assert!(SUGGEST_SCRIPT.len() <= 3_500, "{} bytes", SUGGEST_SCRIPT.len());
    }

    #[test]
    fn what_is_compressed_is_the_same() {
        use std::io::Read;
        let mut text = String::new();
        let compressed = LOOK.compressed.as_deref().expect("gzip");
        let mut decoder = flate2::read::GzDecoder::new(compressed);
        decoder.read_to_string(&mut text).expect("gzip");
        assert_eq!(text, STYLE);
        assert!(compressed.len() * 3 < STYLE.len(), "{} bytes", compressed.len());
    }

    #[test]
    fn gzip_is_sent_to_whoever_reads_it() {
        let asks = |said: &'static str| {
            let header = (header::ACCEPT_ENCODING, HeaderValue::from_static(said));
            takes_gzip(&HeaderMap::from_iter([header]))
        };
        assert!(asks("gzip") && asks("br, GZIP;q=0.5") && asks("deflate,gzip"));
        assert!(!asks("br") && !asks("gzip;q=0") && !asks("identity") && !asks("xgzip"));
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
