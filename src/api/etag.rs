//! A row's version is its `ETag`; whoever changes it says by `If-Match` which one they read.

use axum::{
    extract::FromRequestParts,
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{ETAG, IF_MATCH},
        request::Parts,
    },
    response::{IntoResponse, Response},
};

use super::body::{answer, replayed};
use crate::http::{AppState, fault::Fault};

/// The version that the caller read.
pub struct IfMatch(pub i64);

impl FromRequestParts<AppState> for IfMatch {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<IfMatch, Fault> {
        let Some(value) = parts.headers.get(IF_MATCH) else {
            let (zh, en) =
                ("须以 If-Match 说明读到的是哪一版", "Say by If-Match which version was read");
            return Err(Fault::new(StatusCode::PRECONDITION_REQUIRED, "if_match_missing", zh, en));
        };
        version(value).map(IfMatch).ok_or_else(|| {
            let (zh, en) = ("If-Match 应如 \"3\"", "If-Match must look like \"3\"");
            Fault::new(StatusCode::BAD_REQUEST, "if_match_malformed", zh, en)
        })
    }
}

fn version(value: &HeaderValue) -> Option<i64> {
    let text = value.to_str().ok()?.trim();
    let version = text.strip_prefix('"')?.strip_suffix('"')?.parse().ok()?;
    // 0 is what has no row yet, such as a title that was never opened
    (version >= 0).then_some(version)
}

/// The header that tells a version.
pub fn etag(version: i64) -> [(HeaderName, String); 1] {
    [(ETAG, format!("\"{version}\""))]
}

/// The answer to an action, with the version of the row it came to; or the answer to a request that
/// came before.
pub fn told<M, V: serde::Serialize>(
    status: StatusCode,
    done: crate::error::Result<M>,
    view: impl FnOnce(&M) -> (i64, V),
) -> Result<Response, Fault> {
    match done {
        Ok(row) => {
            let (version, view) = view(&row);
            Ok(versioned(status, version, view))
        }
        Err(error) => replayed(error),
    }
}

/// An answer with the version of what it tells.
pub fn versioned(status: StatusCode, version: i64, view: impl serde::Serialize) -> Response {
    (etag(version), answer(status, view)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_strong_tag_of_a_version_is_one() {
        for (text, expected) in [
            ("\"3\"", Some(3)),
            (" \"12\" ", Some(12)),
            ("3", None),
            ("W/\"3\"", None),
            ("\"0\"", Some(0)),
            ("\"-1\"", None),
            ("*", None),
            ("\"3\", \"4\"", None),
        ] {
            assert_eq!(version(&HeaderValue::from_static(text)), expected, "{text}");
        }
    }
}
