//! 短码: what a plate is known by, short enough to be read aloud and typed on a telephone, such as
//! `7K3-M2Q`. It is a permutation of the asset's id under a key of the ledger: it is never stored and
//! so never lost, it moves wherever the ledger moves with its keys, and whoever knows some codes
//! cannot tell others from them.
//!
//! The last sign is a check: it finds every single wrong sign and every two signs that changed
//! places. Signs are elements of the field of 32 elements; each place has a weight of its own, and
//! the weighted sum of all of them is nothing.

use std::fmt;

use entity::id::AssetId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The signs: digits and letters without those that look like others (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Bits of one sign.
const SIGN_BITS: u32 = 5;
/// How many signs a code has before its check: the first there are enough of is taken.
const LENGTHS: [usize; 2] = [5, 8];
/// Signs of a code that are written together.
const GROUP: usize = 3;
/// How often the halves of a number are mixed.
const ROUNDS: u8 = 10;

/// Why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It has too few signs or too many.
    Length,
    /// A sign is none, or the check does not agree: it was copied wrongly.
    Mistyped,
}

/// The code of one asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortCode {
    /// What its signs before the check say.
    number: u64,
    /// How many signs these are.
    n: usize,
}

impl ShortCode {
    /// The code of an asset under a key. None for an id that no ledger gives.
    pub fn of(id: AssetId, key: &[u8; 32]) -> Option<ShortCode> {
        let id = u64::try_from(id.0).ok().filter(|id| *id > 0)?;
        let n = LENGTHS.into_iter().find(|n| id < 1 << bits(*n))?;
        Some(ShortCode { number: mixed(id, bits(n), key), n })
    }

    /// The id that a code stands for, whether there is such an asset or not.
    pub fn asset(self, key: &[u8; 32]) -> AssetId {
        AssetId(i64::try_from(unmixed(self.number, bits(self.n), key)).unwrap_or(0))
    }

    /// Reads a code as people type it: small letters, spaces and hyphens, `o` for zero, `i` and `l`
    /// for one, signs as wide as Chinese ones.
    pub fn read(text: &str) -> Result<ShortCode, Wrong> {
        let (number, n) = read(text, &LENGTHS)?;
        Ok(ShortCode { number, n })
    }

    /// As it stands in an address.
    pub fn plain(self) -> String {
        written(self.number, self.n)
    }
}

impl fmt::Display for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&grouped(&self.plain(), GROUP))
    }
}

/// Bits of so many signs.
fn bits(n: usize) -> u32 {
    SIGN_BITS * u32::try_from(n).unwrap_or(u32::MAX / SIGN_BITS)
}

/// Signs in groups with hyphens between.
pub fn grouped(signs: &str, group: usize) -> String {
    let mut text = String::with_capacity(signs.len() * 2);
    for (place, sign) in signs.chars().enumerate() {
        if place > 0 && place.is_multiple_of(group) {
            text.push('-');
        }
        text.push(sign);
    }
    text
}

/// The last signs of a number, and their check.
pub fn written(number: u64, n: usize) -> String {
    let sign = |place: usize| {
        let [.., last] = (number >> bits(n - 1 - place)).to_be_bytes();
        last & 31
    };
    let signs: Vec<u8> = (0..n).map(sign).collect();
    let all = signs.iter().copied().chain([check_of(&signs)]);
    all.map(|sign| char::from(ALPHABET[usize::from(sign)])).collect()
}

/// What the signs of a text say, which has one of some numbers of them before its check; and how many
/// there are.
pub fn read(text: &str, lengths: &[usize]) -> Result<(u64, usize), Wrong> {
    let kept = text.chars().map(narrow);
    let kept =
        kept.filter(|one| !one.is_whitespace() && !matches!(one, '-' | '‐' | '–' | '—' | '_'));
    let signs: Vec<Option<u8>> = kept.map(sign_of).collect();
    let n = signs.len().checked_sub(1).filter(|n| lengths.contains(n)).ok_or(Wrong::Length)?;
    let signs: Vec<u8> = signs.into_iter().collect::<Option<_>>().ok_or(Wrong::Mistyped)?;
    if check_of(&signs[..n]) != signs[n] {
        return Err(Wrong::Mistyped);
    }
    let number = signs[..n].iter().fold(0, |number, sign| number << SIGN_BITS | u64::from(*sign));
    Ok((number, n))
}

/// A sign that is as wide as a Chinese one, as others have it.
fn narrow(sign: char) -> char {
    match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        _ => sign,
    }
}

fn sign_of(sign: char) -> Option<u8> {
    let meant = match sign.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = ALPHABET.iter().position(|one| char::from(*one) == meant)?;
    u8::try_from(place).ok()
}

/// The sign that has the weighted sum come to nothing. Its own weight is one, that of each sign
/// before it twice that of the next: all of them differ, which is what finds signs that changed
/// places.
fn check_of(signs: &[u8]) -> u8 {
    signs.iter().fold(0, |sum, sign| doubled(sum ^ sign))
}

/// A sign times two in the field of 32 elements, by the polynomial x⁵ + x² + 1.
const fn doubled(sign: u8) -> u8 {
    let shifted = sign << 1;
    if shifted & 32 == 0 { shifted } else { shifted ^ 0b10_0101 }
}

/// A number of so many bits, mixed under a key: a Feistel network, which is undone step by step.
fn mixed(number: u64, bits: u32, key: &[u8; 32]) -> u64 {
    (0..ROUNDS).fold(number, |number, round| step(number, bits, (round, key)))
}

fn unmixed(number: u64, bits: u32, key: &[u8; 32]) -> u64 {
    (0..ROUNDS).rev().fold(number, |number, round| step(number, bits, (round, key)))
}

/// One half of a number changed by what the other half comes to; done twice, nothing is changed.
fn step(number: u64, bits: u32, (round, key): (u8, &[u8; 32])) -> u64 {
    let low_bits = bits - bits / 2;
    let low = (1_u64 << low_bits) - 1;
    let high = ((1_u64 << bits) - 1) ^ low;
    if round.is_multiple_of(2) {
        number ^ (sum(number & low, bits, (round, key)) << low_bits & high)
    } else {
        number ^ (sum(number & high, bits, (round, key)) & low)
    }
}

fn sum(half: u64, bits: u32, (round, key): (u8, &[u8; 32])) -> u64 {
    // HMAC fills a short key with zeros by itself; so filled it has the one length that cannot fail
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mac = Hmac::<Sha256>::new(&block.into()).chain_update([round]);
    let mac = mac.chain_update(bits.to_be_bytes()).chain_update(half.to_be_bytes());
    let sum = mac.finalize().into_bytes();
    sum.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn code(id: i64) -> ShortCode {
        ShortCode::of(AssetId(id), &KEY).expect("a code")
    }

    #[test]
    fn a_code_leads_back_to_its_asset_for_ever() {
        let edges = [1, 2, 31, 32, 33_554_431, 33_554_432, (1 << 40) - 1];
        for id in edges.into_iter().chain((1..200_000).step_by(97)) {
            let code = code(id);
            assert_eq!(ShortCode::read(&code.to_string()), Ok(code), "{id}");
            assert_eq!(code.asset(&KEY), AssetId(id));
            assert_eq!(code.plain().len(), if id < 1 << 25 { 6 } else { 9 });
        }
        // plates hang for years: what is printed on them never means another asset
        let printed: Vec<String> = [1, 2, 3, 1_000].map(|id| code(id).to_string()).to_vec();
        assert_eq!(printed, PRINTED);
        assert_eq!(ShortCode::of(AssetId(0), &KEY), None);
        assert_eq!(ShortCode::of(AssetId(1 << 40), &KEY), None);
    }

    /// Codes as they were printed once.
    const PRINTED: [&str; 4] = ["ZC2-WNJ", "C84-CBB", "9H0-TNX", "KVE-VM8"];

    #[test]
    fn no_two_assets_share_a_code_and_neighbours_look_unlike() {
        let mut all: Vec<u64> = (1..50_000).map(|id| code(id).number).collect();
        let far = all.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) > 1_000).count();
        assert!(far > 49_000, "{far} of 49,998 neighbours lie apart");
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 49_999);
        let other = ShortCode::of(AssetId(1), &[8; 32]).expect("a code");
        assert_ne!(other, code(1), "another ledger has others");
    }

    #[test]
    fn every_wrong_sign_and_every_two_that_changed_places_are_found() {
        for id in [1, 7, 4_711, 33_554_431, 33_554_432, 1_234_567_890] {
            let right: Vec<u8> = code(id).plain().into_bytes();
            let read = |signs: &[u8]| ShortCode::read(&String::from_utf8_lossy(signs));
            for place in 0..right.len() {
                for sign in ALPHABET.iter().filter(|sign| **sign != right[place]) {
                    let mut wrong = right.clone();
                    wrong[place] = *sign;
                    assert_eq!(read(&wrong), Err(Wrong::Mistyped), "{wrong:?}");
                }
                for other in place + 1..right.len() {
                    let mut wrong = right.clone();
                    wrong.swap(place, other);
                    let expected = if wrong == right { Ok(code(id)) } else { Err(Wrong::Mistyped) };
                    assert_eq!(read(&wrong), expected, "{wrong:?}");
                }
            }
        }
    }

    #[test]
    fn a_code_is_read_kindly() {
        let known = written(0b00000_00001_00010_00011_00100, 5);
        assert_eq!(&known[..5], "01234");
        let last = known.chars().last().expect("a check");
        for typed in ["01234", "oi234", "OL234", "0-1 2-3 4", "０１２３４", "o l 2—34", "Ol２-34"]
        {
            let typed = format!(" {typed}{} ", last.to_ascii_lowercase());
            assert_eq!(ShortCode::read(&typed).map(ShortCode::plain), Ok(known.clone()), "{typed}");
        }
        for (typed, wrong) in [
            ("", Wrong::Length),
            ("7", Wrong::Length),
            ("7K3M2", Wrong::Length),
            ("7K3M2Q7", Wrong::Length),
            ("7K3M2Q7K3M2Q7K3M2Q", Wrong::Length),
            ("7K3M2U", Wrong::Mistyped),
            ("桥桥桥桥桥桥", Wrong::Mistyped),
        ] {
            assert_eq!(ShortCode::read(typed), Err(wrong), "{typed}");
        }
    }

    #[test]
    fn the_check_is_of_a_field() {
        // two is of the highest order: no two of 31 places have the same weight
        let mut power = 1;
        for n in 1..=31 {
            power = doubled(power);
            assert_eq!(power == 1, n == 31, "{n}");
        }
    }
}
