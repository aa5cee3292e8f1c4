//! Cookies: what a browser keeps for us. None of them means anything to the JSON interface.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time};
use entity::language::Language;

/// A cookie of ours.
#[derive(Clone, Copy, Debug)]
pub enum Kept {
    /// The id of a session.
    Session,
    /// The mark of a device that somebody signed in from.
    Device,
    /// The language.
    Language,
    /// The size of text.
    Size,
    /// The colours.
    Colours,
    /// Whether single letters are keys.
    Keys,
    /// Rows of a page.
    Rows,
}

impl Kept {
    /// Its name. Over an encrypted connection the prefix has the browser refuse what another host
    /// or an unencrypted answer sets.
    fn name(self, is_encrypted: bool) -> &'static str {
        match (self, is_encrypted) {
            (Kept::Session, true) => "__Host-sid",
            (Kept::Session, false) => "sid",
            (Kept::Device, true) => "__Host-device",
            (Kept::Device, false) => "device",
            (Kept::Language, _) => "lang",
            (Kept::Size, _) => "size",
            (Kept::Colours, _) => "colours",
            (Kept::Keys, _) => "keys",
            (Kept::Rows, _) => "rows",
        }
    }

    /// How long the browser keeps it; a session's ends with the browser.
    fn age(self) -> Option<time::Duration> {
        match self {
            Kept::Session => None,
            _ => Some(time::Duration::days(400)),
        }
    }

    /// What a request holds of it.
    pub fn of(self, headers: &HeaderMap, is_encrypted: bool) -> Option<String> {
        let name = self.name(is_encrypted);
        let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut all = texts.flat_map(Cookie::split_parse).filter_map(Result::ok);
        all.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
    }

    /// The language that a reader of pages chose; Chinese before any choice.
    pub fn language(headers: &HeaderMap) -> Language {
        let code = Kept::Language.of(headers, false);
        code.and_then(|code| code.parse().ok()).unwrap_or(Language::Chinese)
    }

    /// The header that has a browser keep it.
    pub fn keep(self, value: &str, is_encrypted: bool) -> Option<HeaderValue> {
        let mut cookie = self.shape(value, is_encrypted);
        cookie.set_max_age(self.age());
        HeaderValue::from_str(&cookie.to_string()).ok()
    }

    /// The header that has a browser forget it.
    pub fn forget(self, is_encrypted: bool) -> Option<HeaderValue> {
        let mut cookie = self.shape("", is_encrypted);
        cookie.set_max_age(time::Duration::ZERO);
        HeaderValue::from_str(&cookie.to_string()).ok()
    }

    /// Lax, not strict: people come by the link of a message or of a plate.
    fn shape(self, value: &str, is_encrypted: bool) -> Cookie<'static> {
        Cookie::build((self.name(is_encrypted), value.to_owned()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(is_encrypted)
            .build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_the_name_its_connection_gives_it() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; sid=x; __Host-sid=y"));
        assert_eq!(Kept::Session.of(&headers, false).as_deref(), Some("x"));
        assert_eq!(Kept::Session.of(&headers, true).as_deref(), Some("y"));
        assert_eq!(Kept::Device.of(&headers, true), None);
    }

    #[test]
    fn a_session_is_kept_out_of_reach() {
        let told = |is_encrypted| Kept::Session.keep("x", is_encrypted).expect("a header");
        assert_eq!(told(false), "sid=x; HttpOnly; SameSite=Lax; Path=/");
        assert_eq!(told(true), "__Host-sid=x; HttpOnly; SameSite=Lax; Secure; Path=/");
        let gone = Kept::Session.forget(true).expect("a header");
        assert_eq!(gone, "__Host-sid=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0");
    }
}
