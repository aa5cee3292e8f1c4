//! The one way access tokens are signed: HMAC-SHA256. `jsonwebtoken` is built without a backend of
//! its own, so that no other algorithm exists in the program.

use std::sync::Once;

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
};
use sha2::Sha256;
use signature::{Signer, Verifier};

struct Hs256(Hmac<Sha256>);

impl Hs256 {
    fn new(algorithm: Algorithm, key: &[u8]) -> Result<Hs256, Error> {
        if algorithm != Algorithm::HS256 {
            return Err(ErrorKind::InvalidAlgorithm.into());
        }
        let mac = Hmac::new_from_slice(key).map_err(|_| ErrorKind::InvalidKeyFormat)?;
        Ok(Hs256(mac))
    }
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], sum: &Vec<u8>) -> Result<(), signature::Error> {
        // in constant time, and of the whole length
        let checked = self.0.clone().chain_update(message).verify_slice(sum);
        checked.map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key: &EncodingKey| {
        Ok(Box::new(Hs256::new(*algorithm, key.as_bytes())?))
    },
    verifier_factory: |algorithm, key: &DecodingKey| {
        Ok(Box::new(Hs256::new(*algorithm, key.try_get_as_bytes()?)?))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes this the way tokens are signed in the whole program.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // nothing else installs one; should something have, `jsonwebtoken` keeps to it
        _ = PROVIDER.install_default();
    });
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::crypto::{sign, verify};

    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn the_sum_is_that_of_rfc_4231() {
        let signer = Hs256::new(Algorithm::HS256, b"Jefe").expect("a key");
        let sum = signer.try_sign(b"what do ya want for nothing?").expect("a sum");
        let shown: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(shown, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert!(signer.verify(b"what do ya want for nothing?", &sum).is_ok());
        assert!(signer.verify(b"what do ya want for nothing?", &sum[..31].to_vec()).is_err());
        assert!(signer.verify(b"what do ya want for nothing!", &sum).is_err());
    }

    #[test]
    fn no_other_algorithm_exists() {
        install();
        let (encoding, decoding) = (EncodingKey::from_secret(b"k"), DecodingKey::from_secret(b"k"));
        for algorithm in [Algorithm::HS384, Algorithm::HS512, Algorithm::RS256, Algorithm::EdDSA] {
            assert!(sign(b"message", &encoding, algorithm).is_err(), "{algorithm:?}");
            assert!(verify("AAAA", b"message", &decoding, algorithm).is_err(), "{algorithm:?}");
        }
    }
}
