//! What went wrong, as an answer: RFC 9457 `application/problem+json` in the caller's language.
//! Handlers say what is wrong in both languages; [`speak`] writes it in one.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use entity::language::{Language, Sentence};
use serde::Serialize;

use super::{cookie::Kept, trace::RequestId};
use crate::{domain::mistake::Mistakes, error::Error};

/// What went wrong.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The status of the answer.
    pub status: StatusCode,
    /// A stable word for programs.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub sentence: Sentence,
    /// Fields to correct.
    pub mistakes: Mistakes,
    /// When to try again.
    pub retry_after: Option<Duration>,
    /// A field that cannot be read; it may be one that nobody knows.
    pub misread: Option<Box<Misread>>,
}

/// A field of a request that cannot be read, as the request names it.
#[derive(Clone, Debug)]
pub struct Misread {
    /// The field; empty when the whole is meant.
    pub field: String,
    /// What kind of value was found; never the value.
    pub found: String,
    /// What was expected.
    pub expected: Sentence,
}

/// The body of a problem (RFC 9457).
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct Problem {
    /// Names the kind of problem; stable.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem in a few words.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong and what to do about it.
    pub detail: String,
    /// A stable word for programs.
    pub code: String,
    /// What to quote when asking for help.
    pub request_id: String,
    /// Fields to correct.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// One field to correct.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    /// The field.
    pub field: String,
    /// What was found there.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

impl Fault {
    /// A fault of its own kind.
    pub fn new(status: StatusCode, code: &'static str, zh: &str, en: &str) -> Fault {
        let sentence = Sentence::new(zh, en);
        let mistakes = Mistakes::default();
        Fault { status, code, sentence, mistakes, retry_after: None, misread: None }
    }

    /// A request of which a field cannot be read.
    pub fn unreadable(misread: Misread) -> Fault {
        let (status, code) = (StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let fault = Fault::new(status, code, "有 1 处填写有误", "1 entry needs correcting");
        Fault { misread: Some(Box::new(misread)), ..fault }
    }

    /// Something of ours is broken.
    pub fn broken() -> Fault {
        let (zh, en) = (
            "系统内部错误，已记录；请凭请求编号联系管理员",
            "Internal error; quote the request id",
        );
        Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", zh, en)
    }

    /// Too much to do.
    pub fn busy(after: Duration) -> Fault {
        let (zh, en) = ("系统繁忙，请稍后再试", "Busy; try again shortly");
        let fault = Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy", zh, en);
        Fault { retry_after: Some(after), ..fault }
    }

    /// There is nothing at the address.
    pub fn no_such_address() -> Fault {
        let (zh, en) = ("没有这个地址", "There is nothing at this address");
        Fault::new(StatusCode::NOT_FOUND, "no_such_address", zh, en)
    }

    fn problem(&self, language: Language, id: &str) -> Problem {
        let mistakes = self.mistakes.0.iter().map(|mistake| FieldProblem {
            field: mistake.field.to_string(),
            found: mistake.found.clone(),
            expected: mistake.expected.text(language).to_owned(),
        });
        let misread = self.misread.iter().map(|misread| FieldProblem {
            field: misread.field.clone(),
            found: misread.found.clone(),
            expected: misread.expected.text(language).to_owned(),
        });
        Problem {
            kind: format!("urn:taizhang:problem:{}", self.code),
            title: title(self.status).to_owned(),
            status: self.status.as_u16(),
            detail: self.sentence.text(language).to_owned(),
            code: self.code.to_owned(),
            request_id: id.to_owned(),
            errors: mistakes.chain(misread).collect(),
        }
    }
}

fn title(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Problem")
}

/// Refusals that say more than that a rule says no.
const REFUSED: [(&str, StatusCode); 11] = [
    ("sign_in.wrong", StatusCode::UNAUTHORIZED),
    ("sign_in.code_missing", StatusCode::UNAUTHORIZED),
    ("sign_in.code_wrong", StatusCode::UNAUTHORIZED),
    ("sign_in.password_due", StatusCode::FORBIDDEN),
    ("sign_in.factor_due", StatusCode::FORBIDDEN),
    ("sign_in.step_up_due", StatusCode::FORBIDDEN),
    ("duty.count_differs", StatusCode::CONFLICT),
    ("attachment.there_already", StatusCode::CONFLICT),
    ("fault_report.there_already", StatusCode::CONFLICT),
    ("attachment.withdrawn", StatusCode::GONE),
    ("attachment.reader_failed", StatusCode::SERVICE_UNAVAILABLE),
];

fn refused(code: &str) -> StatusCode {
    let known = REFUSED.iter().find(|(refusal, _)| *refusal == code);
    known.map_or(StatusCode::UNPROCESSABLE_ENTITY, |(_, status)| *status)
}

/// The status and the stable word of an error.
fn status_of(error: &Error) -> (StatusCode, &'static str) {
    match error {
        Error::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated"),
        Error::Forbidden | Error::NotPermitted(_) => (StatusCode::FORBIDDEN, "forbidden"),
        Error::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
        Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        Error::Refused(refusal) => (refused(refusal.code), refusal.code),
        Error::Taken(_) => (StatusCode::CONFLICT, "taken"),
        Error::Conflict => (StatusCode::PRECONDITION_FAILED, "changed_meanwhile"),
        Error::Replayed(..) => (StatusCode::CONFLICT, "carried_out_before"),
        Error::Throttled(_) => (StatusCode::TOO_MANY_REQUESTS, "throttled"),
        Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
        Error::DiskFull => (StatusCode::INSUFFICIENT_STORAGE, "disk_full"),
        Error::Interrupted => (StatusCode::SERVICE_UNAVAILABLE, "interrupted"),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        let (status, code) = status_of(&error);
        match error {
            Error::Busy => Fault::busy(crate::limits::RETRY_AFTER),
            Error::Throttled(seconds) => Fault {
                retry_after: Some(Duration::from_secs(seconds.unsigned_abs())),
                mistakes: Mistakes::default(),
                sentence: Error::Throttled(seconds).sentence(),
                status,
                code,
                misread: None,
            },
            Error::Internal(cause) => {
                tracing::error!(event = "internal", cause = format!("{cause:#}"), "internal error");
                Fault::broken()
            }
            Error::Invalid(mistakes) => {
                let sentence = Error::Invalid(mistakes.clone()).sentence();
                Fault { status, code, sentence, mistakes, retry_after: None, misread: None }
            }
            other => Fault {
                status,
                code,
                sentence: other.sentence(),
                mistakes: Mistakes::default(),
                retry_after: None,
                misread: None,
            },
        }
    }
}

impl IntoResponse for Fault {
    /// The status alone; the words follow in [`speak`], which knows the caller's language.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(after) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(after.as_secs().max(1)));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes a problem as a page, for whoever sent such headers to an address.
pub type Paper = fn(&Problem, &HeaderMap, &str) -> String;

/// Whether an address is for programs, which are answered JSON; all others are for people.
fn is_for_programs(path: &str) -> bool {
    let is_of_health = ["/livez", "/readyz", "/metrics"].contains(&path);
    path == "/api" || path.starts_with("/api/") || is_of_health
}

/// Writes faults in the caller's language: as JSON, or as a page.
pub async fn speak(State(paper): State<Paper>, request: Request, next: Next) -> Response {
    let language = language_of(request.headers());
    let path = request.uri().path();
    let reader = (!is_for_programs(path)).then(|| (request.headers().clone(), path.to_owned()));
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let mut response = next.run(request).await;
    let fault = response.extensions_mut().remove::<Fault>().or_else(|| unworded(&response));
    let Some(fault) = fault else { return response };
    let language = reader.as_ref().map_or(language, |(headers, _)| Kept::language(headers));
    let problem = fault.problem(language, id.as_str());
    let (kind, body) = match &reader {
        Some((headers, path)) => {
            ("text/html; charset=utf-8", paper(&problem, headers, path).into_bytes())
        }
        None => ("application/problem+json", serde_json::to_vec(&problem).unwrap_or_default()),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(code_of(language)));
    headers.remove(axum::http::header::CONTENT_LENGTH);
    *response.body_mut() = Body::from(body);
    response.extensions_mut().insert(Code(fault.code));
    response
}

/// What an answer means that the router gave in its own words: most often that a part of the address
/// is not the number it should be.
fn unworded(response: &Response) -> Option<Fault> {
    let kind = response.headers().get(CONTENT_TYPE)?;
    let is_plain =
        response.status().is_client_error() && kind.as_bytes().starts_with(b"text/plain");
    let (zh, en) = ("地址或请求头不符合格式", "The address or a header is not of the right form");
    is_plain.then(|| Fault::new(response.status(), "malformed", zh, en))
}

/// The stable word of the problem that was answered, for the program's own log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Code(pub(super) &'static str);

/// The first language of ours that the caller asks for; Chinese when it asks for none.
pub fn language_of(headers: &HeaderMap) -> Language {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut asked = asked.unwrap_or_default().split(',').map(|one| {
        let mut parts = one.split(';');
        let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=").map(str::to_owned));
        (tag, weight.unwrap_or_else(|| "1".to_owned()))
    });
    let mut best: Option<(String, Language)> = None;
    for (tag, weight) in asked.by_ref() {
        let language = match tag.split('-').next() {
            Some("zh" | "*") => Language::Chinese,
            Some("en") => Language::English,
            _ => continue,
        };
        if best.as_ref().is_none_or(|(heaviest, _)| weight > *heaviest) {
            best = Some((weight, language));
        }
    }
    best.map_or_else(Language::default, |(_, language)| language)
}

const fn code_of(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh-CN",
        Language::English => "en",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_asked_for_most() {
        for (asked, expected) in [
            ("", Language::Chinese),
            ("en", Language::English),
            ("en-GB,en;q=0.9,zh;q=0.8", Language::English),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("en;q=0.5,zh-CN;q=0.9", Language::Chinese),
            ("fr,de;q=0.9", Language::Chinese),
            ("fr,en;q=0.1", Language::English),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(asked));
            assert_eq!(language_of(&headers), expected, "{asked}");
        }
    }
}
