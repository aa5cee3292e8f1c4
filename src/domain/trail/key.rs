//! The keys of a log: its origin, the key that signs its checkpoints and the one that checks them.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::Signer as _;
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use entity::language::Sentence;
use sha2::{Digest, Sha256};

use super::{Algorithm, text};

/// The most bytes an origin may have.
pub const ORIGIN_LIMIT: usize = 255;

/// The first four bytes of a hash over a key and its name: tells keys apart, proves nothing.
pub type KeyId = [u8; 4];

/// The name of a log, which is also the name of the key that signs its checkpoints.
///
/// Not empty, no Unicode spaces, no control characters, no plus sign (C2SP signed-note).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

impl Origin {
    /// An origin from its text.
    pub fn new(text: &str) -> Result<Origin, BadKey> {
        if text.len() <= ORIGIN_LIMIT && is_key_name(text) {
            return Ok(Origin(text.into()));
        }
        Err(BadKey::Origin(text::shown(text)))
    }

    /// The origin of a county's log: the ledger's name, a slash, the county's six digits.
    pub fn county(ledger: &str, county: &str) -> Result<Origin, BadKey> {
        if county.len() != 6 || !county.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(BadKey::County(text::shown(county)));
        }
        Origin::new(ledger)?;
        Origin::new(&format!("{ledger}/{county}"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a signed note may hold this as the name of a key.
pub(super) fn is_key_name(name: &str) -> bool {
    let is_bad =
        |character: char| character.is_whitespace() || character.is_control() || character == '+';
    !name.is_empty() && !name.contains(is_bad)
}

/// The key that signs the checkpoints of one log.
///
/// One secret may serve many logs: their origins give them different key ids.
pub struct Signer {
    key: SigningKey,
    verifier: Verifier,
}

impl Signer {
    /// The signer of a log from the 32 bytes of its secret key (RFC 8032 section 5.1.5).
    pub fn new(origin: Origin, secret: &[u8; 32]) -> Signer {
        let key = SigningKey::from_bytes(secret);
        let verifier = Verifier::of(origin, key.verifying_key());
        Signer { key, verifier }
    }

    /// The origin of the log.
    pub fn origin(&self) -> &Origin {
        self.verifier.origin()
    }

    /// What others need to check the signatures.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The signature of a text.
    pub(super) fn signature(&self, text: &str) -> Vec<u8> {
        self.key.sign(text.as_bytes()).to_bytes().into()
    }
}

impl fmt::Debug for Signer {
    /// Shows the public half alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.verifier).finish()
    }
}

/// The public key that checks the checkpoints of one log.
///
/// Its text form is `origin+key id+key`: the key id as 8 hexadecimal digits, the key as base64 of
/// the signature type and the 32 public bytes, as in Go's signed notes.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    origin: Origin,
    algorithm: Algorithm,
    key: VerifyingKey,
    key_id: KeyId,
}

impl Verifier {
    /// The verifier of a log from the 32 bytes of its public key.
    pub fn new(origin: Origin, public: &[u8; 32]) -> Result<Verifier, BadKey> {
        let key = VerifyingKey::from_bytes(public).map_err(|_| BadKey::Point)?;
        if key.is_weak() { Err(BadKey::Point) } else { Ok(Verifier::of(origin, key)) }
    }

    fn of(origin: Origin, key: VerifyingKey) -> Verifier {
        let algorithm = Algorithm::Sha256Ed25519;
        let key_id = key_id(&origin, algorithm, key.as_bytes());
        Verifier { origin, algorithm, key, key_id }
    }

    /// The origin of the log.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The algorithm of the log.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The id of the key.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The 32 public bytes.
    pub fn public(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether this key signed the text; refuses malleable signatures besides forged ones.
    pub(super) fn accepts(&self, text: &str, signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

/// SHA-256 of name, newline, signature type and public key, cut to four bytes (C2SP signed-note).
fn key_id(origin: &Origin, algorithm: Algorithm, public: &[u8; 32]) -> KeyId {
    let hash: [u8; 32] = Sha256::new()
        .chain_update(origin.as_str())
        .chain_update([b'\n', algorithm.signature_type()])
        .chain_update(public)
        .finalize()
        .into();
    let [a, b, c, d, ..] = hash;
    [a, b, c, d]
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let typed = [[self.algorithm.signature_type()].as_slice(), self.public()].concat();
        write!(f, "{}+{}+{}", self.origin, text::to_hex(&self.key_id), text::to_base64(&typed))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({self})")
    }
}

impl FromStr for Verifier {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Verifier, BadKey> {
        let form = || BadKey::Form(text::shown(text));
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(form());
        };
        let found: KeyId = text::from_hex(id).ok_or_else(form)?;
        let typed = text::from_base64(key).ok_or_else(form)?;
        let (kind, public) = typed.split_first().ok_or_else(form)?;
        if Algorithm::of_signature_type(*kind).is_none() {
            return Err(BadKey::Algorithm(*kind));
        }
        let public = public.try_into().map_err(|_| form())?;
        let verifier = Verifier::new(Origin::new(name)?, public)?;
        if verifier.key_id == found {
            return Ok(verifier);
        }
        Err(BadKey::KeyId { expected: verifier.key_id, found })
    }
}

/// A text or bytes that are no key, or no origin, of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadKey {
    /// A text that cannot name a log, shortened.
    Origin(String),
    /// A text that is not the six digits of a county, shortened.
    County(String),
    /// A text that is not of the form of a [`Verifier`], shortened.
    Form(String),
    /// A signature type that is none of ours.
    Algorithm(u8),
    /// A key id that is not that of the key beside it: one of the two was copied wrongly.
    KeyId {
        /// The id of the key.
        expected: KeyId,
        /// The id as found.
        found: KeyId,
    },
    /// Bytes that are no public key, or one for which signatures can be forged.
    Point,
}

impl BadKey {
    /// What is wrong, in both languages.
    pub fn sentence(&self) -> Sentence {
        let (zh, en) = match self {
            BadKey::Origin(found) => (
                format!("留痕名称应为 1 至 {ORIGIN_LIMIT} 字节，不含空白和加号，实为“{found}”"),
                format!(
                    "the name of a trail has 1 to {ORIGIN_LIMIT} bytes without spaces and plus \
                     signs, found “{found}”"
                ),
            ),
            BadKey::County(found) => (
                format!("县级区划代码应为 6 位数字，实为“{found}”"),
                format!("the code of a county has 6 digits, found “{found}”"),
            ),
            BadKey::Form(found) => (
                format!("公钥应为“名称+8 位十六进制编号+base64 公钥”，实为“{found}”"),
                format!("a public key is “name+8 hexadecimal digits+base64 key”, found “{found}”"),
            ),
            BadKey::Algorithm(found) => (
                format!("不支持的签名类型 {found:#04x}"),
                format!("unknown signature type {found:#04x}"),
            ),
            BadKey::KeyId { expected, found } => {
                let (expected, found) = (text::to_hex(expected), text::to_hex(found));
                (
                    format!("公钥编号应为 {expected}，实为 {found}，公钥或编号抄录有误"),
                    format!("the key's id is {expected}, found {found}: one was copied wrongly"),
                )
            }
            BadKey::Point => ("不是有效的公钥".into(), "not a valid public key".into()),
        };
        Sentence { zh, en }
    }
}

text::error_from_sentence!(BadKey);

#[cfg(test)]
mod tests {
    use super::*;

    fn signer() -> Signer {
        Signer::new(Origin::county("台账.example", "451425").unwrap(), &[7; 32])
    }

    #[test]
    fn an_origin_names_one_log() {
        assert_eq!(signer().origin().as_str(), "台账.example/451425");
        for bad in ["", "a b", "a+b", "a\nb", "a\u{3000}b", "a\u{7f}", "a\u{85}b", &"x".repeat(256)]
        {
            assert_eq!(Origin::new(bad), Err(BadKey::Origin(text::shown(bad))), "{bad:?}");
        }
        assert!(Origin::new(&"x".repeat(255)).is_ok());
        for bad in ["", "45142", "4514250", "45142５", "45142x"] {
            assert_eq!(Origin::county("ledger", bad), Err(BadKey::County(bad.into())), "{bad:?}");
        }
        assert!(Origin::county("", "451425").is_err());
    }

    #[test]
    fn a_verifier_reads_back() {
        let verifier = signer().verifier().clone();
        assert_eq!(verifier.to_string().parse(), Ok(verifier.clone()));
        assert_eq!(Verifier::new(verifier.origin().clone(), verifier.public()), Ok(verifier));
    }

    #[test]
    fn the_key_ids_of_two_logs_differ_under_one_secret() {
        let other = Signer::new(Origin::county("台账.example", "451426").unwrap(), &[7; 32]);
        assert_eq!(other.verifier().public(), signer().verifier().public());
        assert_ne!(other.verifier().key_id(), signer().verifier().key_id());
    }

    #[test]
    fn a_wrong_verifier_is_refused() {
        let text = signer().verifier().to_string();
        let refused = |text: &str| text.parse::<Verifier>().unwrap_err();
        let key_id = text.split('+').nth(1).unwrap();
        assert!(matches!(refused(&text.replacen(key_id, "00000000", 1)), BadKey::KeyId { .. }));
        assert!(matches!(refused(&text.replacen("451425", "451426", 1)), BadKey::KeyId { .. }));
        assert!(matches!(refused(&text.replacen(".example", " ", 1)), BadKey::Origin(_)));
        assert!(matches!(refused("name+00000000"), BadKey::Form(_)));
        assert!(matches!(refused("name+0000000+AQ=="), BadKey::Form(_)));
        assert!(matches!(refused("name+00000000+AQ=="), BadKey::Form(_)));
        assert_eq!(refused("name+00000000+BA=="), BadKey::Algorithm(4));
        let typed = [[1].as_slice(), &[0; 32]].concat();
        let weak = format!("name+00000000+{}", text::to_base64(&typed));
        assert_eq!(refused(&weak), BadKey::Point);
    }

    #[test]
    fn a_signer_does_not_show_its_secret() {
        assert_eq!(format!("{:?}", signer()), format!("Signer({:?})", signer().verifier()));
    }
}
