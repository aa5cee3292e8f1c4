//! Forged, altered, mistaken and late tokens: none is taken.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value as Json, json};

use super::*;

const ROOT: [u8; 32] = [7; 32];
const SPEAKER: Speaker = Speaker { account: AccountId(12), session: SessionId(345) };

fn at(seconds: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-06-01T04:00:00Z".parse().expect("an instant");
    start + TimeDelta::seconds(seconds)
}

fn ring() -> Keyring<'static> {
    Keyring::new(&ROOT, "taizhang")
}

fn token() -> String {
    ring().issue(SPEAKER, at(0)).expect("a token").0.expose().to_owned()
}

/// The header and the claims of a token, to be changed and signed anew.
fn parts(token: &str) -> (Json, Json) {
    let parts: Vec<&str> = token.split('.').collect();
    let part = |place: usize| {
        let bytes = URL_SAFE_NO_PAD.decode(parts[place]).expect("base 64");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    (part(0), part(1))
}

/// A token of any header and claims, signed with the right key.
fn signed(header: &Json, claims: &Json) -> String {
    let encoded = |json: &Json| URL_SAFE_NO_PAD.encode(json.to_string());
    let message = format!("{}.{}", encoded(header), encoded(claims));
    let key = ring().key(epoch(at(0))).expect("a key");
    let mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key").chain_update(&message);
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

fn with(json: &Json, key: &str, value: Json) -> Json {
    let mut json = json.clone();
    json[key] = value;
    json
}

fn without(json: &Json, key: &str) -> Json {
    let mut json = json.clone();
    json.as_object_mut().expect("an object").remove(key);
    json
}

#[test]
fn a_token_says_who_speaks_and_nothing_of_the_person() {
    let token = token();
    assert_eq!(ring().check(&token, at(0)), Ok(SPEAKER));
    let (header, claims) = parts(&token);
    assert_eq!(header["typ"], "at+jwt");
    assert_eq!(header["alg"], "HS256");
    let names: Vec<&String> = claims.as_object().expect("claims").keys().collect();
    assert_eq!(names, ["aud", "exp", "iat", "iss", "nbf", "sid", "sub"]);
    assert_eq!((&claims["sub"], &claims["sid"]), (&json!("12"), &json!("345")));
    assert_eq!(ring().check(&signed(&header, &claims), at(0)), Ok(SPEAKER));
}

#[test]
fn a_token_has_its_time_with_five_seconds_of_grace() {
    let token = token();
    for (seconds, expected) in
        [(-5, true), (-6, false), (599, true), (604, true), (605, false), (700, false)]
    {
        assert_eq!(ring().check(&token, at(seconds)).is_ok(), expected, "{seconds}");
    }
}

#[test]
fn headers_that_ask_for_something_else_are_refused() {
    let (header, claims) = parts(&token());
    let forged = [
        with(&header, "alg", json!("none")),
        with(&header, "alg", json!("None")),
        with(&header, "alg", json!("RS256")),
        with(&header, "alg", json!("HS384")),
        with(&header, "alg", json!("ES256")),
        without(&header, "alg"),
        with(&header, "typ", json!("JWT")),
        with(&header, "typ", json!("AT+JWT")),
        without(&header, "typ"),
        with(&header, "crit", json!(["exp"])),
        with(&header, "crit", json!([])),
        with(&header, "kid", json!("k0")),
        with(&header, "kid", json!("../../dev/null")),
        with(&header, "kid", json!("")),
        without(&header, "kid"),
        with(&header, "jku", json!("https://example.com/keys")),
        with(&header, "jwk", json!({"kty": "oct", "k": "AAAA"})),
        with(&header, "x5u", json!("https://example.com/x")),
        with(&header, "b64", json!(false)),
    ];
    for header in forged {
        let token = signed(&header, &claims);
        assert!(ring().check(&token, at(0)).is_err(), "{header}");
        let unsigned = token.rsplit_once('.').expect("parts").0.to_owned() + ".";
        assert!(ring().check(&unsigned, at(0)).is_err(), "{header} unsigned");
    }
}

#[test]
fn claims_that_do_not_fit_are_refused() {
    let (header, claims) = parts(&token());
    let forged = [
        with(&claims, "iss", json!("another")),
        with(&claims, "aud", json!("another")),
        with(&claims, "aud", json!(["taizhang-api", "another"])),
        with(&claims, "sub", json!("he-jing")),
        with(&claims, "sub", json!(12)),
        with(&claims, "sid", json!("")),
        with(&claims, "exp", json!("2100-01-01")),
        with(&claims, "exp", json!(1e300)),
        with(&claims, "exp", json!(i64::MIN)),
        with(&claims, "nbf", json!(i64::MAX)),
        with(&claims, "admin", json!(true)),
    ];
    let names = ["iss", "aud", "sub", "sid", "exp", "nbf", "iat"];
    for claims in forged.into_iter().chain(names.map(|name| without(&claims, name))) {
        assert!(ring().check(&signed(&header, &claims), at(0)).is_err(), "{claims}");
    }
}

#[test]
fn every_altered_or_cut_token_is_refused() {
    let token = token();
    for length in 0..token.len() {
        assert!(ring().check(&token[..length], at(0)).is_err(), "the first {length}");
    }
    for place in 0..token.len() {
        for other in ["A", "B", "-", "."] {
            let mut altered = token.clone();
            altered.replace_range(place..=place, other);
            let is_same_bytes = altered == token || {
                // the last letter of the sum carries two bits that stand for nothing
                let last = |token: &str| URL_SAFE_NO_PAD.decode(token.rsplit('.').next().unwrap());
                place == token.len() - 1 && last(&altered).ok() == last(&token).ok()
            };
            assert!(is_same_bytes || ring().check(&altered, at(0)).is_err(), "{place} {other}");
        }
    }
    for wrong in ["", ".", "..", "...", "台账", &format!("{token}A"), &format!("{token}.")] {
        assert!(ring().check(wrong, at(0)).is_err(), "{wrong}");
    }
    assert_eq!(ring().check(&"a".repeat(2_049), at(0)), Err(Fault::Shape));
}

#[test]
fn another_ledger_and_another_root_sign_for_themselves() {
    let token = token();
    assert!(Keyring::new(&[8; 32], "taizhang").check(&token, at(0)).is_err());
    assert!(Keyring::new(&ROOT, "another").check(&token, at(0)).is_err());
}

#[test]
fn a_key_comes_by_itself_and_the_one_before_still_counts() {
    let month = limits::TOKEN_KEY_DAYS * 86_400;
    let start = DateTime::from_timestamp(600 * month, 0).expect("an instant");
    let before = start - TimeDelta::seconds(1);
    let (old, _) = ring().issue(SPEAKER, before).expect("a token");
    let (new, _) = ring().issue(SPEAKER, start).expect("a token");
    let kid = |token: &Secret| parts(token.expose()).0["kid"].clone();
    assert_eq!((kid(&old), kid(&new)), (json!("k599"), json!("k600")));
    assert_eq!(ring().check(old.expose(), start), Ok(SPEAKER));
    assert_eq!(ring().check(new.expose(), start), Ok(SPEAKER));
    let later = start + TimeDelta::seconds(month);
    assert_eq!(ring().check(old.expose(), later), Err(Fault::Key));
}
