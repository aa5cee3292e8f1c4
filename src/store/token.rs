//! Tokens: random ones, of which only digests are kept, and signed ones, which are not kept at all.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{Ledger, vault::random};
use crate::{
    domain::{
        secret::Secret,
        token::{Keyring, Speaker},
    },
    error::{Error, Result},
};

/// A token of 256 random bits.
pub(super) fn fresh() -> Result<Secret> {
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(random::<32>()?)))
}

/// What is kept of a token: it has too many bits to be found by trying.
pub(super) fn digest(token: &str) -> String {
    hexadecimal(&Sha256::digest(token))
}

/// Bytes as two letters each.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Ledger {
    fn keyring(&self) -> Keyring<'_> {
        Keyring::new(&self.keys().tokens, self.name())
    }

    /// An access token, and when it ends.
    pub fn issue_access_token(&self, speaker: Speaker) -> Result<(Secret, DateTime<Utc>)> {
        let issued = self.keyring().issue(speaker, self.clock().now());
        Ok(issued.map_err(anyhow::Error::new)?)
    }

    /// Who speaks with an access token; why another is none of ours, nobody is told.
    pub fn speaker(&self, token: &str) -> Result<Speaker> {
        let checked = self.keyring().check(token, self.clock().now());
        checked.map_err(|_| Error::Unauthenticated)
    }
}
