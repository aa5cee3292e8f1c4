//! Canaries: words that stand nowhere but in the rows of one place, so that whoever is shown one
//! is shown that place. One pass over an answer finds them all.

use std::io::Read as _;

use entity::account::Role;
use taizhang::domain::permission::calls_offices;

use super::country::{PLACES, Place};

/// What every canary begins with; two digits follow that tell the place, then what it is of.
const WORD: &str = "qzcanary";
/// What every telephone begins with; two digits follow that tell the place. Masked, only three
/// of these are left.
const PHONE: &str = "17755";
/// What is masked for everybody who gave no reason.
const PERSONAL: [&str; 2] = ["keeper", "contact"];
/// What those below a place may see of it too: its name, the offices there, the rules that
/// hold, and the campaigns in which they take part.
const SEEN_FROM_BELOW: [&str; 4] = ["area", "body", "basis", "campaign"];

/// A canary found in an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Canary {
    /// Of which place: a place in [`PLACES`].
    pub(crate) place: usize,
    /// Of what: `asset`, `keeper`, `phone`; `office` is the telephone of an organization.
    pub(crate) what: String,
}

/// The canary of a place in a text of some kind.
pub(crate) fn word(place: usize, what: &str) -> String {
    format!("{WORD}{place:02}{what}")
}

/// The telephone of a person of a place: an even number.
pub(crate) fn phone(place: usize, n: usize) -> String {
    format!("{PHONE}{place:02}{:04}", 2 * n)
}

/// The telephone of an organization of a place: an odd one.
pub(crate) fn office(place: usize, n: usize) -> String {
    format!("{PHONE}{place:02}{:04}", 2 * n + 1)
}

impl Canary {
    /// Whether it is masked for a role that gave no reason: a person's name or telephone for every
    /// one, the telephone of an office for those who call nobody.
    pub(crate) fn is_masked_for(&self, role: Role) -> bool {
        let is_called = self.what == "office" && calls_offices(role);
        !is_called && self.is_contact()
    }

    fn is_contact(&self) -> bool {
        ["phone", "office"].contains(&self.what.as_str())
            || PERSONAL.iter().any(|what| self.what.starts_with(what))
    }

    /// Whether whoever belongs to an area may be shown it. What was merged away is shown to the
    /// place it came to; what was so before, and its name, to the place it lay in then.
    pub(crate) fn may_be_seen_from(&self, caller: &Place, is_past: bool) -> bool {
        let Some(place) = PLACES.get(self.place) else { return false };
        let own = caller.code();
        let was_there = is_past || ["area", "basis"].contains(&self.what.as_str());
        let lies_in = [Some(place.now()), was_there.then(|| place.code())];
        let is_below = SEEN_FROM_BELOW.iter().any(|what| self.what.starts_with(what));
        lies_in.iter().flatten().any(|area| own.covers(area) || (is_below && area.covers(&own)))
    }
}

/// Every canary in the bytes of an answer, workbooks unpacked; each told once.
pub(crate) fn found(bytes: &[u8]) -> Vec<Canary> {
    let mut all = if bytes.starts_with(b"PK") {
        unpacked(bytes).iter().flat_map(|part| in_text(part)).collect()
    } else {
        in_text(&String::from_utf8_lossy(bytes))
    };
    all.sort();
    all.dedup();
    all
}

fn in_text(text: &str) -> Vec<Canary> {
    let text = text.to_ascii_lowercase();
    let words = text.match_indices(WORD).filter_map(|(at, _)| {
        let rest = &text[at + WORD.len()..];
        let place = rest.get(..2)?.parse().ok()?;
        let what = rest[2..].chars().take_while(char::is_ascii_lowercase).collect();
        Some(Canary { place, what })
    });
    let phones = text.match_indices(PHONE).filter_map(|(at, _)| {
        let digits = text.get(at + PHONE.len()..at + PHONE.len() + 6)?;
        let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
        // within a longer word it is chance: some request id among 200,000 has these digits
        let ends = [text[..at].chars().next_back(), text[at + PHONE.len() + 6..].chars().next()];
        let is_whole = is_whole && !ends.into_iter().flatten().any(char::is_alphanumeric);
        let place = is_whole.then(|| digits[..2].parse().ok()).flatten()?;
        let is_office = digits.ends_with(['1', '3', '5', '7', '9']);
        Some(Canary { place, what: if is_office { "office" } else { "phone" }.to_owned() })
    });
    words.chain(phones).collect()
}

/// The parts of a workbook.
fn unpacked(bytes: &[u8]) -> Vec<String> {
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a whole workbook");
    (0..book.len())
        .map(|n| {
            let mut part = Vec::new();
            book.by_index(n).expect("a part").read_to_end(&mut part).expect("a part");
            String::from_utf8_lossy(&part).into_owned()
        })
        .collect()
}

#[test]
fn canaries_are_found_in_any_case_and_masked_ones_are_not() {
    let (own, called) = (phone(7, 1), office(8, 1));
    let text = format!("{} {own} {called} q******* 177****0001", word(3, "asset"));
    let chance = format!("\"{}3feb92c9\"", phone(4, 1));
    assert!(found(chance.as_bytes()).is_empty());
    let all = found(text.to_uppercase().as_bytes());
    let told: Vec<_> = all.iter().map(|one| (one.place, one.what.as_str())).collect();
    assert_eq!(told, [(3, "asset"), (7, "phone"), (8, "office")]);
    let masked = |role| all.iter().map(|one| one.is_masked_for(role)).collect::<Vec<_>>();
    assert_eq!(masked(Role::Leader), [false, true, false]);
    assert_eq!(masked(Role::Auditor), [false, true, true]);
}

#[test]
fn a_village_sees_its_town_by_name_and_nothing_more() {
    let village = &PLACES[0];
    let town =
        PLACES.iter().position(|one| village.code().at(entity::area::Level::Town) == one.code());
    let of = |what: &str| Canary { place: town.expect("a town"), what: what.to_owned() };
    assert!(of("area").may_be_seen_from(village, false));
    assert!(!of("asset").may_be_seen_from(village, false));
}
