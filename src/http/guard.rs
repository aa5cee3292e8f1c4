//! What no request gets past: plain HTTP from afar; and the headers every answer carries
//! (reliability.md §3, §5.7).

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{AppState, Settings, fault::Fault};

/// Where a connection comes from.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Headers of every answer: no frames, no guessing of types, no referrer, nothing loaded from
/// elsewhere, nothing kept.
const HEADERS: [(HeaderName, HeaderValue); 8] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; \
             form-action 'self'",
        ),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(self), geolocation=(self), microphone=()"),
    ),
];

/// Gives every answer its headers; a handler may have set its own.
pub async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
    if state.settings.is_encrypted {
        let a_year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, a_year);
    }
    response
}

/// Refuses what comes unencrypted from another machine, unless a configured proxy vouches for it.
pub async fn encrypted(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    if is_private(&state.settings, peer, request.headers()) {
        return next.run(request).await;
    }
    let (zh, en) = ("请使用 https 访问", "Use https");
    Fault::new(StatusCode::UPGRADE_REQUIRED, "https_only", zh, en).into_response()
}

/// Whether what is said on a connection is encrypted on its way, here or by a proxy.
pub fn is_encrypted(settings: &Settings, peer: Option<IpAddr>, headers: &HeaderMap) -> bool {
    let is_proxy = peer.is_some_and(|peer| settings.proxies.contains(&peer));
    settings.is_encrypted
        || is_proxy && headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https")
}

/// Refuses what changes something and was not sent by a page of this host (reliability.md §3): by
/// what the browser says of where it comes from, else by the origin.
pub async fn same_origin(request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_same_origin(request.headers()) {
        return next.run(request).await;
    }
    let (zh, en) = (
        "只能从本系统的页面提交，请打开页面后再办理",
        "This can only be sent from a page of this service",
    );
    Fault::new(StatusCode::FORBIDDEN, "other_origin", zh, en).into_response()
}

fn is_same_origin(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else {
        return false;
    };
    origin.split_once("://").is_some_and(|(_, sender)| sender == host)
}

fn is_private(settings: &Settings, peer: Option<IpAddr>, headers: &HeaderMap) -> bool {
    // a call within the process has no peer
    let Some(peer) = peer else { return true };
    if settings.is_encrypted {
        return true;
    }
    if settings.proxies.contains(&peer) {
        return headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    }
    peer.is_loopback()
}

/// The address a request comes from: that of the connection, or what a configured proxy says.
pub fn address(settings: &Settings, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if !settings.proxies.contains(&peer) {
        return peer;
    }
    let said = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    // the last hop is the one that the proxy saw itself
    let last = said.and_then(|said| said.rsplit(',').next()).map(str::trim);
    last.and_then(|address| address.parse().ok()).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(scheme: &'static str, by: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-proto", HeaderValue::from_static(scheme));
        headers.insert("x-forwarded-for", HeaderValue::from_static(by));
        headers
    }

    #[test]
    fn plain_requests_are_taken_from_this_machine_and_from_proxies_that_vouch() {
        let proxy: IpAddr = "10.0.0.2".parse().unwrap();
        let settings = Settings { proxies: vec![proxy], ..Settings::default() };
        let (far, near) = ("10.0.0.9".parse().unwrap(), "127.0.0.1".parse().unwrap());
        let https = forwarded("https", "1.1.1.1");
        assert!(is_private(&settings, Some(near), &HeaderMap::new()));
        assert!(is_private(&settings, Some(proxy), &https));
        assert!(!is_private(&settings, Some(proxy), &forwarded("http", "1.1.1.1")));
        assert!(!is_private(&settings, Some(proxy), &HeaderMap::new()));
        assert!(!is_private(&settings, Some(far), &https));
        let encrypted = Settings { is_encrypted: true, ..Settings::default() };
        assert!(is_private(&encrypted, Some(far), &HeaderMap::new()));
    }

    #[test]
    fn what_changes_something_comes_from_a_page_of_this_host() {
        for (headers, is_ours) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "same-site"), ("origin", "http://a"), ("host", "a")], false),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "none")], false),
            (vec![("origin", "https://a:8017"), ("host", "a:8017")], true),
            (vec![("origin", "https://b"), ("host", "a")], false),
            (vec![("origin", "null"), ("host", "a")], false),
            (vec![("host", "a")], false),
            (Vec::new(), false),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in &headers {
                map.insert(*name, HeaderValue::from_static(value));
            }
            assert_eq!(is_same_origin(&map), is_ours, "{headers:?}");
        }
    }

    #[test]
    fn only_a_configured_proxy_says_where_a_request_comes_from() {
        let proxy: IpAddr = "10.0.0.2".parse().unwrap();
        let far: IpAddr = "10.0.0.9".parse().unwrap();
        let settings = Settings { proxies: vec![proxy], ..Settings::default() };
        let headers = forwarded("https", "6.6.6.6, 1.2.3.4");
        assert_eq!(address(&settings, proxy, &headers).to_string(), "1.2.3.4");
        assert_eq!(address(&settings, far, &headers), far);
        assert_eq!(address(&settings, proxy, &HeaderMap::new()), proxy);
    }
}
