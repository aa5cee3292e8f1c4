//! Who looks at a page, in what language and size: from cookies, and from the address where it
//! says otherwise.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::{HeaderMap, HeaderName, HeaderValue, header::SET_COOKIE, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use chrono::NaiveDate;
use entity::{
    account::Role,
    area::AreaCode,
    id::SessionId,
    language::{Label, Language, Sentence},
    setting::AssetFamily,
};

use crate::{
    app::sign_in,
    domain::{
        permission::{Action, permits},
        secret::Secret,
    },
    error::Error,
    http::{
        AppState,
        body::Known,
        cookie::Kept,
        fault::Fault,
        guard::{self, Peer, address},
    },
    store::Actor,
};

/// How large text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// As the browser has it.
    Usual,
    /// A quarter larger.
    Large,
    /// Three quarters larger.
    Largest,
}

impl Size {
    pub(super) const ALL: [(Size, &str, Label); 3] = [
        (Size::Usual, "usual", Label::new("标准", "A")),
        (Size::Large, "large", Label::new("大", "A+")),
        (Size::Largest, "xlarge", Label::new("特大", "A++")),
    ];

    /// What the address, the cookie and the style sheet call it.
    pub(super) fn code(self) -> &'static str {
        Size::ALL.iter().find(|(size, ..)| *size == self).map_or("usual", |(_, code, _)| code)
    }

    pub(super) fn of(code: &str) -> Option<Size> {
        Size::ALL.iter().find(|(_, known, _)| *known == code).map(|(size, ..)| *size)
    }
}

/// In what colours pages are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colours {
    /// As the system has them.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As far apart as they can be.
    Contrast,
}

impl Colours {
    pub(super) const ALL: [(Colours, &str, Label); 4] = [
        (Colours::System, "system", Label::new("跟随系统", "as the system")),
        (Colours::Light, "light", Label::new("浅色", "light")),
        (Colours::Dark, "dark", Label::new("深色", "dark")),
        (Colours::Contrast, "contrast", Label::new("高对比", "high contrast")),
    ];

    /// What the cookie calls them.
    pub(super) fn code(self) -> &'static str {
        Colours::ALL.iter().find(|(one, ..)| *one == self).map_or("system", |(_, code, _)| code)
    }

    pub(super) fn of(code: &str) -> Option<Colours> {
        Colours::ALL.iter().find(|(_, known, _)| *known == code).map(|(one, ..)| *one)
    }
}

/// Rows of a page that one may choose.
pub(super) const ROWS: [u64; 3] = [20, 50, 100];

/// How a page is shown to whoever asks, signed in or not.
#[derive(Clone, Debug)]
pub(super) struct Manner {
    /// The language.
    pub(super) language: Language,
    /// The size of text.
    pub(super) size: Size,
    /// Whether somebody chose it.
    is_size_chosen: bool,
    /// The colours.
    pub(super) colours: Colours,
    /// Whether single letters are keys.
    pub(super) has_keys: bool,
    /// Rows of a page when its address does not say.
    pub(super) rows: u64,
    /// The address that was asked for.
    pub(super) path: String,
    /// Its query, without what says language and size.
    pub(super) query: Vec<(String, String)>,
    /// Whether the connection is encrypted.
    pub(super) is_encrypted: bool,
    /// What the assets are called, as far as it is known before somebody's area is.
    pub(super) family: Option<AssetFamily>,
    /// What the address says of language and size is to be kept.
    chosen: Vec<HeaderValue>,
}

impl Manner {
    pub(super) fn of(parts: &Parts, state: &AppState) -> Manner {
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |uri| &uri.0);
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
        let is_encrypted = guard::is_encrypted(&state.settings, peer, &parts.headers);
        let mut manner = Manner::kept(&parts.headers, is_encrypted);
        uri.path().clone_into(&mut manner.path);
        let words = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        for (word, value) in words.into_owned() {
            manner.take(word, value);
        }
        manner
    }

    /// What cookies say.
    pub(super) fn kept(headers: &HeaderMap, is_encrypted: bool) -> Manner {
        let size = Kept::Size.of(headers, is_encrypted);
        let colours = Kept::Colours.of(headers, is_encrypted);
        let rows = Kept::Rows.of(headers, is_encrypted).and_then(|rows| rows.parse().ok());
        Manner {
            colours: colours.and_then(|code| Colours::of(&code)).unwrap_or(Colours::System),
            has_keys: Kept::Keys.of(headers, is_encrypted).as_deref() != Some("off"),
            rows: rows.filter(|rows| ROWS.contains(rows)).unwrap_or(ROWS[0]),
            language: Kept::language(headers),
            is_size_chosen: size.is_some(),
            size: size.and_then(|code| Size::of(&code)).unwrap_or(Size::Usual),
            path: "/".to_owned(),
            query: Vec::new(),
            is_encrypted,
            family: None,
            chosen: Vec::new(),
        }
    }

    /// The same, with what the assets are called wherever somebody has said so. Where it cannot be
    /// told, the page does without.
    async fn named(self, state: &AppState) -> Manner {
        let family = state.ledger.common_family().await.ok().flatten();
        Manner { family, ..self }
    }

    fn take(&mut self, word: String, value: String) {
        match word.as_str() {
            "lang" => {
                let Ok(language) = value.parse() else { return };
                self.language = language;
                self.chosen.extend(Kept::Language.keep(&value, self.is_encrypted));
            }
            "size" => {
                let Some(size) = Size::of(&value) else { return };
                (self.size, self.is_size_chosen) = (size, true);
                self.chosen.extend(Kept::Size.keep(size.code(), self.is_encrypted));
            }
            _ => self.query.push((word, value)),
        }
    }

    /// The same with large text, where nobody chose another size: for pages that villagers read
    /// (ux.md §4).
    pub(super) fn at_large(self) -> Manner {
        let size = if self.is_size_chosen { self.size } else { Size::Large };
        Manner { size, ..self }
    }

    /// A text in the reader's language.
    pub(super) const fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    /// A label in the reader's language.
    pub(super) fn text(&self, label: Label) -> &'static str {
        label.text(self.language)
    }

    /// A sentence in the reader's language.
    pub(super) fn tell<'a>(&self, sentence: &'a Sentence) -> &'a str {
        sentence.text(self.language)
    }

    /// This address with some words set; an empty value takes a word out.
    pub(super) fn with(&self, words: &[(&str, &str)]) -> String {
        let kept = self.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
        let kept = kept.filter(|(word, _)| words.iter().all(|(set, _)| set != word));
        let set = words.iter().copied().filter(|(_, value)| !value.is_empty());
        at(&self.path, kept.chain(set))
    }

    /// This address.
    pub(super) fn here(&self) -> String {
        self.with(&[])
    }
}

/// An address with a query.
pub(super) fn at<'a>(path: &str, words: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(words).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

impl FromRequestParts<AppState> for Manner {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Manner, Infallible> {
        Ok(Manner::of(parts, state).named(state).await)
    }
}

/// An answer that has the browser keep what the address said of language and size.
pub(super) fn kept(manner: &Manner, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    for cookie in &manner.chosen {
        response.headers_mut().append(SET_COOKIE, cookie.clone());
    }
    response
}

/// Headers that set cookies.
pub(super) fn cookies<const N: usize>(
    cookies: [Option<HeaderValue>; N],
) -> Vec<(HeaderName, HeaderValue)> {
    cookies.into_iter().flatten().map(|cookie| (SET_COOKIE, cookie)).collect()
}

/// Somebody who is signed in.
pub(super) struct Visit {
    /// Who acts.
    pub(super) actor: Actor,
    /// In which session.
    pub(super) session: SessionId,
    /// How the page is shown.
    pub(super) manner: Manner,
    /// What every form carries that whoever is signed in was shown.
    pub(super) mark: String,
    /// The day.
    pub(super) today: NaiveDate,
}

impl Visit {
    /// Whether the visitor's role may do an action.
    pub(super) fn may(&self, action: Action) -> bool {
        permits(self.actor.role(), action)
    }

    /// The visitor's role.
    pub(super) fn role(&self) -> Role {
        self.actor.role()
    }

    /// The visitor's area.
    pub(super) fn area(&self) -> AreaCode {
        self.actor.area()
    }
}

impl std::ops::Deref for Visit {
    type Target = Manner;

    fn deref(&self) -> &Manner {
        &self.manner
    }
}

/// Where somebody goes who must do something first.
fn aside(manner: &Manner, path: &str) -> Response {
    let next = manner.here();
    Redirect::to(&at(path, [("next", next.as_str())])).into_response()
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Visit, Response> {
        let Entered { session, manner, mark } = Entered::of(parts, state).await?;
        let token = token(parts, &manner);
        let (actor, _) = sign_in::actor_of_session(&state.ledger, &token).await.map_err(
            |error| match error {
                Error::Unauthenticated => aside(&manner, "/sign-in"),
                Error::Refused(refusal) if refusal.code == "sign_in.password_due" => {
                    aside(&manner, "/me/password")
                }
                Error::Refused(refusal) if refusal.code == "sign_in.factor_due" => {
                    aside(&manner, "/me/second-factor")
                }
                other => Fault::from(other).into_response(),
            },
        )?;
        tracing::Span::current().record("account", actor.account().map(|account| account.0));
        let today = state.ledger.read(&actor).today();
        Ok(Visit { actor, session, manner, mark, today })
    }
}

/// The token that carries a visitor's session; empty where there is none.
pub(super) fn token(parts: &Parts, manner: &Manner) -> Secret {
    Secret::new(Kept::Session.of(&parts.headers, manner.is_encrypted).unwrap_or_default())
}

/// Somebody who has a session, also one in which something must be done first.
pub(super) struct Entered {
    /// The session.
    pub(super) session: SessionId,
    /// How the page is shown.
    pub(super) manner: Manner,
    /// What every form carries that whoever is signed in was shown.
    pub(super) mark: String,
}

impl Entered {
    async fn of(parts: &mut Parts, state: &AppState) -> Result<Entered, Response> {
        let manner = Manner::of(parts, state);
        let session = sign_in::session_of_browser(&state.ledger, &token(parts, &manner)).await;
        let session = session.map_err(|error| match error {
            Error::Unauthenticated => aside(&manner, "/sign-in"),
            other => Fault::from(other).into_response(),
        })?;
        parts.extensions.insert(Known);
        let mark = state.ledger.form_mark(session);
        let mark = mark.map_err(|error| Fault::from(error).into_response())?;
        Ok(Entered { session, manner, mark })
    }
}

impl FromRequestParts<AppState> for Entered {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Entered, Response> {
        let entered = Entered::of(parts, state).await?;
        let manner = entered.manner.named(state).await;
        Ok(Entered { manner, ..entered })
    }
}

/// The token that carries a visitor's session, and where the visitor is.
pub(super) struct Carried {
    /// What the cookie holds.
    pub(super) token: Option<Secret>,
    /// The mark of the device.
    pub(super) device: Option<Secret>,
    /// The address.
    pub(super) address: std::net::IpAddr,
    /// What the browser calls itself.
    pub(super) agent: String,
}

impl FromRequestParts<AppState> for Carried {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Carried, Infallible> {
        let manner = Manner::of(parts, state);
        let of = |kept: Kept| kept.of(&parts.headers, manner.is_encrypted).map(Secret::new);
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
        let peer = peer.unwrap_or(std::net::Ipv4Addr::LOCALHOST.into());
        let agent = parts.headers.get("user-agent").and_then(|value| value.to_str().ok());
        Ok(Carried {
            token: of(Kept::Session),
            device: of(Kept::Device),
            address: address(&state.settings, peer, &parts.headers),
            agent: agent.unwrap_or_default().to_owned(),
        })
    }
}
