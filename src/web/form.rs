//! What a form brings, and what every form carries: the mark of its session, so that no other page
//! can send it, and a key, so that it is carried out once however often it comes.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use sha2::{Digest, Sha256};

use super::{
    draft,
    visit::{Entered, Visit},
};
use crate::{
    error::{Error, Result as OurResult},
    http::{AppState, body, fault::Fault},
    limits,
    store::{Answer, Ledger, RequestKey},
};

/// The fields of a form, in the order they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    fields: Vec<(String, String)>,
    route: String,
    body_digest: [u8; 32],
}

impl Form {
    /// The first value of a field, without the space around it; empty when there is none.
    pub(super) fn one(&self, name: &str) -> &str {
        self.text(name).trim()
    }

    /// The first value of a field as it was typed.
    pub(super) fn text(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Every field as it was typed.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether a field came, empty or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(known, _)| known == name)
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.one(name).parse().ok()
    }

    /// The address that it was sent to.
    pub(super) fn path(&self) -> &str {
        self.route.split_once(' ').map_or("/", |(_, path)| path)
    }

    /// What tells this form from every other one of its sender.
    pub(super) fn request_key(&self) -> RequestKey {
        let (key, route) = (self.one("key").to_owned(), self.route.clone());
        RequestKey { key, route, body_digest: self.body_digest }
    }

    /// A ledger on which the next action is done once for this form; `place` is where its sender
    /// goes from there, the second time too.
    pub(super) fn once<V: 'static>(
        &self,
        ledger: &Ledger,
        place: impl Fn(&V) -> String + Send + Sync + 'static,
    ) -> Ledger {
        ledger.once(self.request_key(), move |value: &V| -> OurResult<Answer> {
            Ok(led(place(value)))
        })
    }
}

/// The answer that leads to a place.
pub(super) fn led(place: String) -> Answer {
    Answer { status: StatusCode::SEE_OTHER.as_u16(), body: Some(place.into_bytes()) }
}

/// Where a form that was carried out before led to, or what went wrong.
pub(super) fn replayed(error: Error) -> Result<String, Error> {
    let Error::Replayed(_, body) = error else { return Err(error) };
    let place = body.and_then(|body| String::from_utf8(body).ok());
    place.ok_or(Error::Conflict)
}

async fn read(request: Request, state: &AppState) -> Result<Form, Fault> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let (zh, en) = ("请从页面提交表单", "Send the form from its page");
        return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_a_form", zh, en));
    }
    let (parts, bytes) = body::read(request, state).await?;
    let fields: Vec<_> =
        form_urlencoded::parse(&bytes).into_owned().take(limits::FORM_FIELDS + 1).collect();
    if fields.len() > limits::FORM_FIELDS {
        return Err(body::too_large());
    }
    let route = format!("{} {}", parts.method, parts.uri.path());
    Ok(Form { fields, route, body_digest: Sha256::digest(&bytes).into() })
}

/// Refuses a form that another page made.
pub(super) fn require_mark(sent: &str, mark: &str) -> Result<(), Fault> {
    // digests are compared, so that the time it takes tells nothing of the mark
    if Sha256::digest(sent) == Sha256::digest(mark) {
        return Ok(());
    }
    let (zh, en) = (
        "页面已过期，请返回刷新后再提交；已填内容仍在上一页",
        "This page has expired: go back, reload it and send again; what you typed is still there",
    );
    Err(Fault::new(StatusCode::FORBIDDEN, "form_expired", zh, en))
}

/// A form of somebody who is signed in.
pub(super) struct Sent {
    /// Who sent it.
    pub(super) visit: Visit,
    /// What it brings.
    pub(super) form: Form,
}

impl FromRequest<AppState> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Sent, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, state).await;
        let head = visit.is_err().then(|| parts.clone());
        let form = read(Request::from_parts(parts, body), state).await;
        let visit = match (visit, head) {
            (Ok(visit), _) => visit,
            (Err(aside), Some(head)) => {
                // what was typed is not lost with the session
                let Ok(form) = form else { return Err(aside) };
                return Err(draft::carried_over(state, (&head, &form), aside).await);
            }
            (Err(aside), None) => return Err(aside),
        };
        let form = form.map_err(IntoResponse::into_response)?;
        require_mark(form.one("mark"), &visit.mark).map_err(IntoResponse::into_response)?;
        Ok(Sent { visit, form })
    }
}

/// A form of somebody who has a session, also one in which something must be done first.
pub(super) struct SentFirst {
    /// Who sent it.
    pub(super) entered: Entered,
    /// What it brings.
    pub(super) form: Form,
}

impl FromRequest<AppState> for SentFirst {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<SentFirst, Response> {
        let (mut parts, body) = request.into_parts();
        let entered = Entered::from_request_parts(&mut parts, state).await?;
        let form = read(Request::from_parts(parts, body), state).await;
        let form = form.map_err(IntoResponse::into_response)?;
        require_mark(form.one("mark"), &entered.mark).map_err(IntoResponse::into_response)?;
        Ok(SentFirst { entered, form })
    }
}

/// A form of anybody.
pub(super) struct SentByAnybody(pub(super) Form);

impl FromRequest<AppState> for SentByAnybody {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &AppState) -> Result<SentByAnybody, Fault> {
        Ok(SentByAnybody(read(request, state).await?))
    }
}

/// What every form carries.
pub(super) fn hidden(mark: &str) -> Markup {
    html! {
        input type="hidden" name="mark" value=(mark);
        input type="hidden" name="key" value=(key());
    }
}

/// A key that no other form has.
pub(super) fn key() -> String {
    let mut bytes = [0_u8; 16];
    // without randomness the key is refused as one that was used for another body
    _ = getrandom::fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
