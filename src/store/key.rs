//! The keys of a ledger: they lie in a file beside the database, never in it.

use std::{fs, io::Write as _, path::Path};

use anyhow::{Context, anyhow};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::error::{Error, Result};

/// The secrets of a ledger.
pub struct Keys {
    /// Signs the checkpoints of the log (Ed25519).
    pub signing: [u8; 32],
    /// Seals personal data (XChaCha20-Poly1305).
    pub vault: [u8; 32],
    /// Keys the blind index that finds equal personal data (HMAC-SHA256).
    pub index: [u8; 32],
    /// The root of the keys that sign access tokens. Whoever replaces this line of the file ends
    /// every access token there is, and nothing else.
    pub tokens: [u8; 32],
}

/// The names of the keys in the file, in the order of the fields.
const NAMES: [&str; 4] = ["signing", "vault", "index", "tokens"];

impl Keys {
    /// New keys from the system's source of randomness.
    pub fn generate() -> Result<Keys> {
        let mut keys = [[0; 32]; 4];
        for key in &mut keys {
            getrandom::fill(key).map_err(|error| anyhow!("no randomness: {error}"))?;
        }
        let [signing, vault, index, tokens] = keys;
        Ok(Keys { signing, vault, index, tokens })
    }

    /// Reads the key file.
    pub fn read(path: &Path) -> Result<Keys> {
        let text = fs::read_to_string(path).with_context(|| {
            format!(
                "the key file {} cannot be read; without it personal data stays sealed",
                path.display()
            )
        })?;
        let key = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            line.and_then(|line| STANDARD.decode(line.trim()).ok()?.try_into().ok())
        };
        match NAMES.map(key) {
            [Some(signing), Some(vault), Some(index), tokens] => {
                // a file of before there was a sign-in has no such line
                let tokens = tokens.unwrap_or_else(|| derived(&index, "tokens"));
                Ok(Keys { signing, vault, index, tokens })
            }
            _ => Err(Error::Internal(anyhow!("the key file {} is not whole", path.display()))),
        }
    }

    /// Writes a new key file that only its owner can read; never over an old one.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options
            .open(path)
            .with_context(|| format!("the key file {} cannot be made", path.display()))?;
        for (name, key) in
            NAMES.into_iter().zip([self.signing, self.vault, self.index, self.tokens])
        {
            writeln!(file, "{name} {}", STANDARD.encode(key))?;
        }
        file.sync_all()?;
        Ok(())
    }

    /// A key for one purpose, from the key of the blind index.
    pub(super) fn derived(&self, purpose: &str) -> [u8; 32] {
        derived(&self.index, purpose)
    }
}

fn derived(root: &[u8; 32], purpose: &str) -> [u8; 32] {
    // HMAC fills a short key with zeros by itself; so filled it has the one length that cannot fail
    let mut block = [0; 64];
    block[..32].copy_from_slice(root);
    // the mark keeps these apart from the sums of the blind index itself
    let mac = Hmac::<Sha256>::new(&block.into()).chain_update(b"taizhang key\0");
    let mac = mac.chain_update(purpose);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_of_before_the_sign_in_is_still_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ledger.keys");
        let keys = Keys::generate().expect("keys");
        keys.write(&path).expect("written");
        let read = Keys::read(&path).expect("read");
        assert_eq!((read.index, read.tokens), (keys.index, keys.tokens));
        let text = fs::read_to_string(&path).expect("text");
        let old: String = text
            .lines()
            .filter(|line| !line.starts_with("tokens"))
            .map(|line| format!("{line}\n"))
            .collect();
        assert_ne!(old, text);
        fs::write(&path, old).expect("written");
        let read = Keys::read(&path).expect("read");
        assert_eq!((read.signing, read.vault, read.index), (keys.signing, keys.vault, keys.index));
        assert_eq!(read.tokens, keys.derived("tokens"));
        fs::write(&path, "signing AAAA\n").expect("written");
        assert!(Keys::read(&path).is_err());
    }

    #[test]
    fn each_purpose_has_a_key_of_its_own() {
        let keys = Keys::generate().expect("keys");
        let derived = ["password", "attempt", "device", "tokens"].map(|one| keys.derived(one));
        for (place, key) in derived.iter().enumerate() {
            assert!(*key != keys.index && !derived[..place].contains(key));
        }
    }
}
