//! What a webhook is sent, by the specification Standard Webhooks: an id that is the same however
//! often it is sent, a timestamp, a body, and a signature over all three.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, SecondsFormat, Utc};
use entity::area::{AreaCode, County};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value as Json, json};
use sha2::Sha256;

use crate::domain::secret::Secret;

/// Bytes of a secret.
pub const SECRET_BYTES: usize = 32;
/// What a secret begins with, so that it is known where it is found.
const PREFIX: &str = "whsec_";

/// A secret as it is shown, once.
pub fn shown(secret: &[u8]) -> Secret {
    Secret::new(format!("{PREFIX}{}", STANDARD.encode(secret)))
}

/// The bytes of a secret as it was shown.
pub fn read(shown: &str) -> Option<Vec<u8>> {
    STANDARD.decode(shown.strip_prefix(PREFIX)?).ok()
}

/// One row that a message tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// What kind of row.
    pub noun: &'static str,
    /// Its id.
    pub id: i64,
    /// Its version.
    pub version: i64,
    /// Where it lies.
    pub area: AreaCode,
}

impl Told {
    fn json(&self) -> Json {
        let Told { noun, id, version, area } = self;
        json!({ "noun": noun, "id": id, "version": version, "area_code": area.as_str() })
    }
}

/// The id of the message about an entry: its place, and the beginning of its leaf hash, so that
/// another entry in the same place of a ledger restored from a backup is another message.
pub fn id(county: County, seq: i64, leaf: &[u8]) -> String {
    let leaf: String = leaf.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("evt_{}_{seq}_{leaf}", county.as_str())
}

/// The body: what happened, when, and to which rows; what they say is asked for by whoever may see
/// them.
pub fn body(
    (county, seq): (County, i64),
    action: &str,
    at: DateTime<Utc>,
    rows: impl Iterator<Item = Told>,
) -> String {
    let rows: Vec<Json> = rows.map(|row| row.json()).collect();
    let told = json!({ "county": county.as_str(), "sequence": seq, "rows": rows });
    let timestamp = at.to_rfc3339_opts(SecondsFormat::Millis, true);
    json!({ "type": action, "timestamp": timestamp, "data": told }).to_string()
}

/// The signatures by each of some secrets, with a space between.
pub fn signatures(secrets: &[Vec<u8>], id: &str, timestamp: i64, body: &str) -> String {
    let signed = format!("{id}.{timestamp}.{body}");
    let one = |secret: &Vec<u8>| {
        // a key of any length is one
        let mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
        let sum = mac.chain_update(signed.as_bytes()).finalize().into_bytes();
        Some(format!("v1,{}", STANDARD.encode(sum)))
    };
    secrets.iter().filter_map(one).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_specification() {
        // https://github.com/standard-webhooks/standard-webhooks, the value of its libraries' tests
        let secret = read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
        let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", r#"{"test": 2432232314}"#);
        let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signatures(std::slice::from_ref(&secret), id, 1_614_265_330, body), signature);
        let both = signatures(&[secret.clone(), secret], id, 1_614_265_330, body);
        assert_eq!(both, format!("{signature} {signature}"));
    }

    #[test]
    fn a_secret_is_read_as_it_is_shown() {
        let secret = shown(&[7; SECRET_BYTES]);
        assert!(secret.expose().starts_with("whsec_"));
        assert_eq!(read(secret.expose()), Some(vec![7; SECRET_BYTES]));
        assert_eq!(read("7"), None);
    }

    #[test]
    fn an_id_says_where_the_entry_stands() {
        let county: County = "520381".parse().expect("a county");
        assert_eq!(id(county, 12, &[0xab, 0, 1, 2, 3]), "evt_520381_12_ab000102");
        let at = DateTime::from_timestamp_millis(1_780_000_000_000).expect("an instant");
        let area = "520381100201".parse().expect("an area");
        let row = Told { noun: "asset", id: 7, version: 2, area };
        assert_eq!(
            body((county, 12), "asset.amend", at, [row].into_iter()),
            "{\"data\":{\"county\":\"520381\",\"rows\":[{\"area_code\":\"520381100201\",\"id\":7,\
             \"noun\":\"asset\",\"version\":2}],\"sequence\":12},\"timestamp\":\
             \"2026-05-28T20:26:40.000Z\",\"type\":\"asset.amend\"}"
        );
    }
}
