//! The second factor: codes of an authenticator app (RFC 6238: SHA-1, six digits, thirty seconds),
//! and codes for whoever lost it.

use chrono::{DateTime, Utc};
use entity::account::Role;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::{password::Profile, secret::Secret};

/// Bytes of the secret that the app and the ledger share.
pub const SECRET_BYTES: usize = 20;
/// Bytes of a recovery code.
pub const RECOVERY_BYTES: usize = 10;
/// Seconds of a time step.
const STEP_SECONDS: i64 = 30;
/// Steps a code may be early or late.
const DRIFT: i64 = 1;
/// Six digits.
const MODULUS: u32 = 1_000_000;
/// RFC 4648, base 32.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Whether whoever has a role needs a second factor: those who approve, rule over accounts or see
/// everything; in the profile `mlps3` everybody.
pub fn is_required(profile: Profile, role: Role) -> bool {
    let needs_it = matches!(
        role,
        Role::FinanceApprover
            | Role::Administrator
            | Role::SecurityAdministrator
            | Role::AuditAdministrator
            | Role::Auditor
    );
    needs_it || profile == Profile::Mlps3
}

/// The time step of an instant.
fn step_of(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(STEP_SECONDS)
}

/// The code of a time step (RFC 4226 §5.3).
fn code_at(secret: &[u8], step: i64) -> Option<u32> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let sum = mac.finalize().into_bytes();
    let offset = usize::from(sum.last()? & 0x0f);
    let word: [u8; 4] = sum.get(offset..offset + 4)?.try_into().ok()?;
    Some((u32::from_be_bytes(word) & 0x7fff_ffff) % MODULUS)
}

/// The code an app shows at an instant.
pub fn code(secret: &[u8], now: DateTime<Utc>) -> Option<Secret> {
    Some(Secret::new(format!("{:06}", code_at(secret, step_of(now))?)))
}

/// The time step a code belongs to: now, or one step early or late, and later than the last step
/// whose code was used.
pub fn check(secret: &[u8], given: &str, now: DateTime<Utc>, used: Option<i64>) -> Option<i64> {
    let given = given.trim();
    let is_shaped = given.len() == 6 && given.bytes().all(|byte| byte.is_ascii_digit());
    let given: u32 = given.parse().ok().filter(|_| is_shaped)?;
    let steps = (step_of(now) - DRIFT)..=(step_of(now) + DRIFT);
    steps
        .filter(|step| used.is_none_or(|used| *step > used))
        .find(|step| code_at(secret, *step) == Some(given))
}

/// What an app reads from the square code: issuer, account, secret.
pub fn uri(issuer: &str, account: &str, secret: &[u8]) -> Secret {
    let secret = base32(secret);
    Secret::new(format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}\
         &algorithm=SHA1&digits=6&period=30"
    ))
}

/// A recovery code of random bytes, in groups of four.
pub fn recovery_code(bytes: &[u8; RECOVERY_BYTES]) -> Secret {
    let letters = base32(bytes).to_lowercase();
    let groups: Vec<&str> =
        letters.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    Secret::new(groups.join("-"))
}

/// A recovery code as it is compared: without the signs that people leave out or put in. Nothing
/// when it has not the shape of one.
pub fn read_recovery_code(given: &str) -> Option<String> {
    let letters: String = given
        .chars()
        .filter(|one| !one.is_whitespace() && *one != '-')
        .map(|one| one.to_ascii_uppercase())
        .collect();
    let is_shaped = letters.len() == 16 && letters.bytes().all(|one| ALPHABET.contains(&one));
    is_shaped.then_some(letters)
}

/// Base 32 without padding.
fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for group in bytes.chunks(5) {
        let mut word = [0; 8];
        word[3..3 + group.len()].copy_from_slice(group);
        let bits = u64::from_be_bytes(word);
        for place in 0..(group.len() * 8).div_ceil(5) {
            let letter = (bits >> (35 - 5 * place)) & 0x1f;
            text.extend(
                ALPHABET.iter().copied().nth(usize::try_from(letter).unwrap_or(0)).map(char::from),
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("an instant")
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        let vectors = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (seconds, expected) in vectors {
            assert_eq!(code(SECRET, at(seconds)), Some(Secret::new(expected)), "{seconds}");
            assert!(check(SECRET, expected, at(seconds), None).is_some(), "{seconds}");
        }
    }

    #[test]
    fn the_codes_are_those_of_rfc_4226() {
        let codes = [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583];
        for (step, expected) in codes.into_iter().enumerate() {
            let step = i64::try_from(step).expect("small");
            assert_eq!(code_at(SECRET, step), Some(expected), "{step}");
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_and_late_and_once() {
        let shown = code(SECRET, at(3_000)).expect("a code");
        let check = |seconds, used| check(SECRET, shown.expose(), at(seconds), used);
        assert_eq!(check(3_000 - 30, None), Some(100));
        assert_eq!(check(3_029 + 30, None), Some(100));
        assert_eq!(check(3_000 - 31, None), None);
        assert_eq!(check(3_030 + 30, None), None);
        assert_eq!(check(3_000, Some(99)), Some(100));
        assert_eq!(check(3_000, Some(100)), None);
    }

    #[test]
    fn only_six_digits_are_a_code() {
        let shown = code(SECRET, at(59)).expect("a code");
        let longer = format!("0{}", shown.expose());
        for given in ["", "28708", "+87082", longer.as_str(), "２８７０８２", "28708a"] {
            assert_eq!(check(SECRET, given, at(59), None), None, "{given}");
        }
        assert_eq!(check(SECRET, " 287082 ", at(59), None), Some(1));
    }

    #[test]
    fn base_32_is_that_of_rfc_4648() {
        let vectors = [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ];
        for (plain, expected) in vectors {
            assert_eq!(base32(plain.as_bytes()), expected);
        }
        let uri = uri("taizhang", "he-jing", SECRET);
        assert_eq!(
            uri.expose(),
            "otpauth://totp/taizhang:he-jing?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=taizhang&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn a_recovery_code_is_read_as_people_write_it() {
        let shown = recovery_code(&[0x61; RECOVERY_BYTES]);
        assert_eq!(shown.expose(), "mfqw-cylb-mfqw-cylb");
        let read = Some("MFQWCYLBMFQWCYLB".to_owned());
        for given in ["mfqw-cylb-mfqw-cylb", " MFQWCYLB mfqwcylb", "mfqwcylbmfqwcylb"] {
            assert_eq!(read_recovery_code(given), read, "{given}");
        }
        for given in ["", "mfqw-cylb-mfqw-cyl", "mfqw-cylb-mfqw-cylbb", "mfqw-cylb-mfqw-cyl1"] {
            assert_eq!(read_recovery_code(given), None, "{given}");
        }
    }

    #[test]
    fn those_who_approve_and_administer_need_one() {
        let needing =
            |profile| Role::ALL.iter().filter(|role| is_required(profile, **role)).count();
        assert_eq!((needing(Profile::Nist), needing(Profile::Mlps3)), (5, Role::ALL.len()));
        assert!(!is_required(Profile::Nist, Role::TownshipClerk));
    }
}
