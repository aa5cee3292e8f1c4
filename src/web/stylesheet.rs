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
const FIELD_SCRIPT: &str = include_str!("static/field.js");
const WORKER_SCRIPT: &str = include_str!("static/sw.js");
const PICTURE: &str = include_str!("static/icon.svg");

/// One of them.
pub(super) struct Loaded {
    /// Where it lies.
    pub(super) address: String,
    kind: &'static str,
    text: String,
    compressed: Option<Vec<u8>>,
}

impl Loaded {
    fn new(name: &str, end: &str, kind: &'static str, text: String) -> Loaded {
        let address = format!("/static/{name}-{}.{end}", mark(&text));
        let compressed = compressed(&text);
        Loaded { address, kind, text, compressed }
    }

    fn style(name: &str, text: &str) -> Loaded {
        Loaded::new(name, "css", "text/css; charset=utf-8", text.to_owned())
    }

    fn script(name: &str, text: &str) -> Loaded {
        Loaded::new(name, "js", SCRIPT_KIND, bare(text))
    }

    fn answer(&'static self, asked: &HeaderMap) -> Response {
        let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(self.kind)),
            (header::CACHE_CONTROL, forever),
            (header::VARY, HeaderValue::from_static("accept-encoding")),
        ];
        let Some(compressed) = self.compressed.as_deref().filter(|_| takes_gzip(asked)) else {
            return (headers, self.text.as_str()).into_response();
        };
        let gzip = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
        (headers, gzip, compressed).into_response()
    }
}

/// What stands for the ledger on the screen of a phone.
pub(super) static ICON: LazyLock<Loaded> =
    LazyLock::new(|| Loaded::new("icon", "svg", "image/svg+xml", PICTURE.to_owned()));

/// What browsers call scripts.
const SCRIPT_KIND: &str = "text/javascript; charset=utf-8";

/// What tells a text from every other.
fn mark(text: &str) -> String {
    Sha256::digest(text)[..6].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a browser needs of a script: no lines of words for whoever reads it, and no indents. No text
/// in a script goes over several lines.
fn bare(script: &str) -> String {
    let lines = script.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The service worker: what it keeps for pages without network, and under which name, stands before
/// it, so that a new shell takes the place of the old one.
pub(super) static WORKER: LazyLock<String> = LazyLock::new(|| {
    let shell = [&LOOK, &DARK, &CONTRAST, &EASE, &FIELD].map(|one| one.address.as_str());
    let shell = [&shell[..], &["/offline"]].concat();
    let own = bare(WORKER_SCRIPT);
    let name = mark(&format!("{shell:?}{own}"));
    let shell = shell.join("\",\"");
    format!("const NAME=\"shell-{name}\",SHELL=[\"{shell}\"];\n{own}")
});

/// The answer that holds the service worker, which is asked for anew every time.
pub(super) fn worker() -> Response {
    let kind = HeaderValue::from_static(SCRIPT_KIND);
    let asked_anew = HeaderValue::from_static("no-cache");
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, asked_anew)];
    (headers, WORKER.as_str()).into_response()
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
pub(super) static LOOK: LazyLock<Loaded> = LazyLock::new(|| Loaded::style("ledger", STYLE));
/// The colours by night.
pub(super) static DARK: LazyLock<Loaded> = LazyLock::new(|| Loaded::style("dark", DARK_STYLE));
/// The colours as far apart as they can be.
pub(super) static CONTRAST: LazyLock<Loaded> =
    LazyLock::new(|| Loaded::style("contrast", CONTRAST_STYLE));
/// What every page gains from a script.
pub(super) static EASE: LazyLock<Loaded> = LazyLock::new(|| Loaded::script("ledger", SCRIPT));
/// What forms gain that keep drafts.
pub(super) static KEEP: LazyLock<Loaded> = LazyLock::new(|| Loaded::script("drafts", DRAFT_SCRIPT));

/// What a list gains in which rows are chosen.
pub(super) static CHOOSE: LazyLock<Loaded> = LazyLock::new(|| Loaded::script("choose", CHOOSING));

/// What is shown while somebody types.
pub(super) static SUGGEST: LazyLock<Loaded> =
    LazyLock::new(|| Loaded::script("suggest", SUGGEST_SCRIPT));

/// What inspecting gains: records are kept on the device and sent when there is a network.
pub(super) static FIELD: LazyLock<Loaded> = LazyLock::new(|| Loaded::script("field", FIELD_SCRIPT));

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(&LOOK.address, get(async |asked: HeaderMap| LOOK.answer(&asked)))
        .route(&DARK.address, get(async |asked: HeaderMap| DARK.answer(&asked)))
        .route(&CONTRAST.address, get(async |asked: HeaderMap| CONTRAST.answer(&asked)))
        .route(&EASE.address, get(async |asked: HeaderMap| EASE.answer(&asked)))
        .route(&CHOOSE.address, get(async |asked: HeaderMap| CHOOSE.answer(&asked)))
        .route(&KEEP.address, get(async |asked: HeaderMap| KEEP.answer(&asked)))
        .route(&SUGGEST.address, get(async |asked: HeaderMap| SUGGEST.answer(&asked)))
        .route(&ICON.address, get(async |asked: HeaderMap| ICON.answer(&asked)))
        .route(&FIELD.address, get(async |asked: HeaderMap| FIELD.answer(&asked)))
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
    /// Bytes of the scripts of inspecting, the service worker among them: their own seven thousand and
    /// some of what was left to spare, for records that wait and for what cameras say.
    const MOST_OF_FIELD: usize = 9_700;
    /// Bytes of the scripts of any page.
    const MOST_OF_PAGE: usize = 12_000;

    #[test]
    fn what_is_loaded_stays_small() {
        let style = STYLE.len() + DARK_STYLE.len() + CONTRAST_STYLE.len();
        assert!(style <= MOST_OF_STYLE, "{style} bytes");
        let own = [&EASE, &KEEP, &CHOOSE, &SUGGEST, &FIELD].map(|one| one.text.len());
        let [ease, keep, choose, suggest, field] = own;
        let worker = WORKER.len();
        let scripts = own.iter().sum::<usize>() + worker;
        assert!(scripts <= MOST_OF_SCRIPTS, "{scripts} bytes");
        assert!(keep <= MOST_OF_DRAFTS, "{keep} bytes");
        assert!(suggest <= 3_500, "{suggest} bytes");
        assert!(field + worker <= MOST_OF_FIELD, "{field} and {worker} bytes");
        // a page has one script of its own; those of inspecting do without what is offered while one types
        for page in [ease + suggest + keep, ease + suggest + choose, ease + field] {
            assert!(page <= MOST_OF_PAGE, "{page} bytes");
        }
    }

    #[test]
    fn a_script_loses_nothing_but_what_no_browser_reads() {
        let script = "// words\nconst a = 1;\n\n  // more\n  if (a) {\n    b(\"// a\");\n  }\n";
        assert_eq!(bare(script), "const a = 1;\nif (a) {\nb(\"// a\");\n}\n");
        for script in [SCRIPT, CHOOSING, DRAFT_SCRIPT, SUGGEST_SCRIPT, FIELD_SCRIPT, WORKER_SCRIPT]
        {
            let odd = script.lines().filter(|line| !line.matches('`').count().is_multiple_of(2));
            assert_eq!(
                odd.collect::<Vec<_>>(),
                Vec::<&str>::new(),
                "a text goes over several lines"
            );
        }
    }

    #[test]
    fn the_worker_keeps_what_field_pages_load() {
        for kept in [&LOOK, &DARK, &CONTRAST, &EASE, &FIELD] {
            assert!(WORKER.contains(&format!("\"{}\"", kept.address)), "{}", kept.address);
        }
        assert!(WORKER.contains("\"/offline\"") && WORKER.starts_with("const NAME=\"shell-"));
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
