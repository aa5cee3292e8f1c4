//! Access tokens (RFC 9068): ten minutes, one algorithm, no personal data. They say which session
//! speaks; whether it still may is read anew at every use.

mod hs256;

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::{AccountId, SessionId};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::secret::Secret;
use crate::limits;

/// What the header of an access token says it is.
const TYPE: &str = "at+jwt";
/// Whom access tokens are for.
const AUDIENCE: &str = "taizhang-api";
/// Claims without which nothing is an access token.
const REQUIRED: [&str; 5] = ["iss", "aud", "sub", "exp", "nbf"];

/// Who an access token says speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// The account.
    pub account: AccountId,
    /// The session.
    pub session: SessionId,
}

/// Why a text is no access token of ours. Nobody outside is told which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not the shape of one.
    #[error("not an access token")]
    Shape,
    /// Its header asks for something else than what we sign.
    #[error("a header that is not ours")]
    Header,
    /// Signed with no key of ours, or not at all.
    #[error("a key that is not ours")]
    Key,
    /// The signature or a claim does not fit.
    #[error("a signature or a claim that does not fit")]
    Claim,
    /// Before or after its time.
    #[error("out of its time")]
    Time,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// The keys access tokens are signed with: each for a month, derived from one root, so that a new
/// one comes by itself and the one before it still counts.
pub struct Keyring<'a> {
    root: &'a [u8; 32],
    issuer: &'a str,
}

impl<'a> Keyring<'a> {
    /// The keys of one ledger.
    pub const fn new(root: &'a [u8; 32], issuer: &'a str) -> Keyring<'a> {
        Keyring { root, issuer }
    }

    /// Signs a token that is good from now on.
    pub fn issue(
        &self,
        speaker: Speaker,
        now: DateTime<Utc>,
    ) -> Result<(Secret, DateTime<Utc>), Fault> {
        hs256::install();
        let until = now + TimeDelta::seconds(limits::ACCESS_TOKEN_SECONDS);
        let claims = Claims {
            iss: self.issuer.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: speaker.account.to_string(),
            sid: speaker.session.to_string(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: until.timestamp(),
        };
        let epoch = epoch(now);
        let header = Header {
            typ: Some(TYPE.to_owned()),
            kid: Some(kid(epoch)),
            ..Header::new(Algorithm::HS256)
        };
        let key = EncodingKey::from_secret(&self.key(epoch)?);
        let token = encode(&header, &claims, &key).map_err(|_| Fault::Shape)?;
        Ok((Secret::new(token), until))
    }

    /// Who speaks, if the token is ours and in its time.
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> Result<Speaker, Fault> {
        hs256::install();
        if token.len() > limits::ACCESS_TOKEN_BYTES {
            return Err(Fault::Shape);
        }
        let header = decode_header(token).map_err(|_| Fault::Shape)?;
        let named = header.kid.as_deref().ok_or(Fault::Key)?;
        // nothing but what `issue` writes: no `crit`, no key or address of a key in the header
        let expected = Header {
            typ: Some(TYPE.to_owned()),
            kid: header.kid.clone(),
            ..Header::new(Algorithm::HS256)
        };
        if header != expected {
            return Err(Fault::Header);
        }
        let epoch = [epoch(now), epoch(now) - 1].into_iter().find(|epoch| kid(*epoch) == named);
        let key = DecodingKey::from_secret(&self.key(epoch.ok_or(Fault::Key)?)?);
        let claims = decode::<Claims>(token, &key, &self.validation());
        read(&claims.map_err(|_| Fault::Claim)?.claims, now)
    }

    fn validation(&self) -> Validation {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_required_spec_claims(&REQUIRED);
        validation.set_issuer(&[self.issuer]);
        validation.set_audience(&[AUDIENCE]);
        // `read` looks at the time: that library only knows the machine's clock
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation
    }

    fn key(&self, epoch: i64) -> Result<[u8; 32], Fault> {
        let mac = Hmac::<Sha256>::new_from_slice(self.root).map_err(|_| Fault::Key)?;
        let mac = mac.chain_update(b"access token").chain_update(epoch.to_be_bytes());
        Ok(mac.finalize().into_bytes().into())
    }
}

fn read(claims: &Claims, now: DateTime<Utc>) -> Result<Speaker, Fault> {
    let now = now.timestamp();
    let begun = now.saturating_add(limits::LEEWAY_SECONDS) >= claims.nbf;
    let ended = now.saturating_sub(limits::LEEWAY_SECONDS) >= claims.exp;
    if !begun || ended {
        return Err(Fault::Time);
    }
    let number = |text: &str| text.parse::<i64>().map_err(|_| Fault::Claim);
    Ok(Speaker {
        account: AccountId(number(&claims.sub)?),
        session: SessionId(number(&claims.sid)?),
    })
}

/// Which month's key an instant has.
fn epoch(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(limits::TOKEN_KEY_DAYS * 86_400)
}

fn kid(epoch: i64) -> String {
    format!("k{epoch}")
}

#[cfg(test)]
mod tests;
