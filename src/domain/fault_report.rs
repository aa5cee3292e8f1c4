//! 报修: what may be reported of which asset, and what becomes of a report.
//!
//! ```text
//!             accept            a work order          mend
//!   已收到 ──────────▶ 已受理 ──────────────▶ 已转维修 ──────▶ 已修好
//!     ├──────────────────┴──▶ 不属实或重复, with a reason        ▲
//!     └──────────────── mended at once ────────────────────────┘
//! ```

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    account::Role,
    asset::{self, Class},
    fault_report::{Kind, Model, State},
    id::{FaultReportId, VaultId},
    language::Sentence,
};

use super::{
    asset::reasoned,
    masking::{Contact, mask_numbers, mask_phone},
    mistake::{Mistake, Mistakes},
    permission::{Action, permits},
    reading,
    refusal::Refusal,
    short_code,
};
use crate::{fields, limits};

fields! {
    /// The fields of a report; only its own actions change them.
    pub FIELDS of Model {
        kind: Kind = "报修事项" "what is wrong" Fixed;
        state: State = "报修状态" "state of the report" Fixed;
        answer: Option<String> = "答复" "answer" Fixed;
        settled_on: Option<NaiveDate> = "办结日" "settled on" Fixed;
    }
}

/// What somebody says who stands before an asset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What is wrong, in a line; empty where the kind says it.
    pub words: String,
    /// Where to call back; empty where nobody wants to be called.
    pub phone: String,
}

impl Told {
    /// What is sealed of it: the words stand where a contact has a name. Nothing where nothing was
    /// said.
    pub fn sealed(&self) -> Option<Contact> {
        let is_empty = self.words.is_empty() && self.phone.is_empty();
        (!is_empty).then(|| Contact { name: self.words.clone(), phone: self.phone.clone() })
    }

    /// What was sealed.
    pub fn opened(contact: Contact) -> Told {
        Told { words: contact.name, phone: contact.phone }
    }

    /// As somebody of a role sees it: the words are for whoever handles reports, the number is
    /// masked for everybody.
    pub fn seen_by(&self, role: Role) -> Told {
        let words = if handles(role) { mask_numbers(&self.words) } else { String::new() };
        Told { words, phone: mask_phone(&self.phone) }
    }
}

/// Whether a role handles reports, and so reads what was said.
pub fn handles(role: Role) -> bool {
    permits(role, Action::AcceptFaultReport)
}

/// A report as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// What the form was made with: however often it comes, it is kept once.
    pub key: String,
    /// What is wrong.
    pub kind: Kind,
    /// What was said.
    pub told: Told,
}

impl Filing {
    /// Reads a report as it was typed; mistakes name the field and never what stood there.
    pub fn read(key: &str, kind: &str, words: &str, phone: &str) -> Result<Filing, Mistakes> {
        let mut mistakes = Mistakes::default();
        let kind = kind.parse::<Kind>().ok();
        if kind.is_none() {
            let expected = Sentence::new("请选一样：哪里不对", "choose what is wrong");
            mistakes.push(Mistake::new("kind", "", expected));
        }
        let mut taken = |field: &'static str, read: Result<String, reading::Unreadable>| {
            read.unwrap_or_else(|wrong| {
                mistakes.push(Mistake::new(field, "", wrong.expected));
                String::new()
            })
        };
        let words = match words.trim() {
            "" => String::new(),
            words => taken("words", reading::name(words, limits::FAULT_WORDS_LENGTH)),
        };
        let phone = match phone.trim() {
            "" => String::new(),
            phone => taken("phone", reading::phone(phone)),
        };
        if kind == Some(Kind::Other) && words.is_empty() && mistakes.is_empty() {
            let expected = Sentence::new("请写一句哪里不对", "write a line on what is wrong");
            mistakes.push(Mistake::new("words", "", expected));
        }
        match kind {
            Some(kind) if mistakes.is_empty() => {
                Ok(Filing { key: key.to_owned(), kind, told: Told { words, phone } })
            }
            _ => Err(mistakes),
        }
    }
}

/// Whether anybody may see an asset and report its faults: it stands in the open, and is on the
/// books. What belongs to a household is its own affair, and a claim on somebody has no plate.
pub fn is_open_to_all(asset: &asset::Model) -> bool {
    asset.class != Class::Household && !asset.form.is_claim() && asset.is_standing()
}

/// A report of an asset as it is kept.
pub fn filed(
    asset: &asset::Model,
    filing: &Filing,
    (vault_id, code_digest): (Option<VaultId>, String),
) -> Model {
    Model {
        id: FaultReportId(0),
        area_code: asset.area_code,
        asset_id: asset.id,
        kind: filing.kind,
        state: State::Received,
        vault_id,
        code_digest,
        answer: None,
        settled_on: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// Refuses a picture of so many bytes where those of people without an account fill their share of
/// what a county holds.
pub fn has_room(held: u64, size: u64) -> Result<(), Refusal> {
    let is_full = held.saturating_add(size) > limits::REPORT_BYTES_PER_COUNTY;
    if is_full { Err(Refusal::fault_report_no_room()) } else { Ok(()) }
}

/// Since when a report that says the same is the same report.
pub fn same_since(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::minutes(limits::SAME_REPORT_MINUTES)
}

/// Refuses where a report is not as an action needs it.
fn in_state(row: &Model, states: &[State]) -> Result<(), Refusal> {
    let label = row.state.label();
    let is_right = states.contains(&row.state);
    if is_right { Ok(()) } else { Err(Refusal::fault_report_in_state(label.zh, label.en)) }
}

/// Takes a report up.
pub fn accept(row: &Model) -> Result<Model, Refusal> {
    in_state(row, &[State::Received])?;
    Ok(Model { state: State::Accepted, ..row.clone() })
}

/// Says that there is nothing to mend, or that it is known already; why, whoever reported it reads.
pub fn dismiss(row: &Model, reason: &str, today: NaiveDate) -> Result<Model, Refusal> {
    in_state(row, &[State::Received, State::Accepted])?;
    reasoned(reason)?;
    Ok(Model {
        state: State::Dismissed,
        answer: Some(reason.trim().to_owned()),
        settled_on: Some(today),
        ..row.clone()
    })
}

/// Says why what a work order was opened for is not mended; whoever reported it reads that.
pub fn give_up(row: &Model, reason: &str, today: NaiveDate) -> Result<Model, Refusal> {
    in_state(row, &[State::InRepair])?;
    dismiss(&Model { state: State::Accepted, ..row.clone() }, reason, today)
}

/// Hands a report over to a work order.
pub fn take_over(row: &Model) -> Result<Model, Refusal> {
    in_state(row, &[State::Received, State::Accepted])?;
    Ok(Model { state: State::InRepair, ..row.clone() })
}

/// Says that it is mended, and what was done where there is something to say.
pub fn mend(row: &Model, what: &str, today: NaiveDate) -> Result<Model, Refusal> {
    in_state(row, &State::OPEN)?;
    let what = Some(what.trim()).filter(|what| !what.is_empty());
    what.map_or(Ok(()), reasoned)?;
    Ok(Model {
        state: State::Mended,
        answer: what.map(str::to_owned),
        settled_on: Some(today),
        ..row.clone()
    })
}

/// Signs of a follow-up code before its check.
const FOLLOW_UP_SIGNS: usize = 11;
/// Signs of it that are written together.
const FOLLOW_UP_GROUP: usize = 4;

/// The code by which a report is followed up, of bytes that nobody can guess.
pub fn follow_up_code(bytes: [u8; 8]) -> String {
    short_code::grouped(
        &short_code::written(u64::from_be_bytes(bytes), FOLLOW_UP_SIGNS),
        FOLLOW_UP_GROUP,
    )
}

/// Such a code as it was typed, in the form of which the sum is kept.
pub fn read_follow_up(text: &str) -> Result<String, short_code::Wrong> {
    let (number, n) = short_code::read(text, &[FOLLOW_UP_SIGNS])?;
    Ok(short_code::written(number, n))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bridge() -> asset::Model {
        let village = "520381100201".parse().expect("a code");
        super::super::asset::blank(village, Class::Public, "桥")
    }

    fn filing(kind: &str, words: &str, phone: &str) -> Result<Filing, Vec<String>> {
        Filing::read("k", kind, words, phone)
            .map_err(|mistakes| mistakes.0.into_iter().map(|one| one.field.into_owned()).collect())
    }

    fn row() -> Model {
        let filing = filing("broken", "", "").expect("a report");
        filed(&bridge(), &filing, (None, "d".repeat(64)))
    }

    #[test]
    fn a_report_says_what_is_wrong_in_a_line() {
        let most = limits::FAULT_WORDS_LENGTH;
        assert!(filing("broken", "", "").is_ok());
        assert!(filing("other", "栏杆松了", "").is_ok());
        assert!(filing("broken", &"栏".repeat(most), "0851-8123456").is_ok());
        let words = vec!["words".to_owned()];
        assert_eq!(filing("broken", &"栏".repeat(most + 1), ""), Err(words.clone()));
        assert_eq!(filing("other", " ", ""), Err(words.clone()));
        assert_eq!(filing("broken", "两\n行", ""), Err(words));
        assert_eq!(filing("", "", "不是电话"), Err(vec!["kind".to_owned(), "phone".to_owned()]));
        let told = Filing::read("k", "broken", "", "不是电话").expect_err("a mistake");
        assert_eq!(told.0[0].found, "", "what was typed is told nowhere");
    }

    #[test]
    fn a_report_goes_its_way_and_no_other() {
        let today = "2026-06-01".parse().expect("a day");
        let code = |done: Result<Model, Refusal>| done.map(|row| row.state).map_err(|no| no.code);
        let accepted = accept(&row()).expect("accepted");
        let taken = take_over(&accepted).expect("taken over");
        let mended = mend(&taken, "换了栏杆", today).expect("mended");
        assert_eq!((mended.answer.as_deref(), mended.settled_on), (Some("换了栏杆"), Some(today)));
        let no = Err("fault_report.in_state");
        assert_eq!(code(accept(&accepted)), no);
        assert_eq!(code(take_over(&taken)), no);
        assert_eq!(code(dismiss(&taken, "不属实", today)), no);
        assert_eq!(code(mend(&mended, "", today)), no);
        assert_eq!(code(dismiss(&row(), " ", today)), Err("action.reason_missing"));
        assert_eq!(code(dismiss(&accepted, "不属实", today)), Ok(State::Dismissed));
        assert_eq!(code(take_over(&row())), Ok(State::InRepair));
        assert_eq!(code(mend(&row(), " ", today)), Ok(State::Mended));
        let long = "长".repeat(limits::REASON_LENGTH + 1);
        assert_eq!(code(mend(&row(), &long, today)), Err("action.reason_too_long"));
    }

    #[test]
    fn only_what_stands_in_the_open_is_reported() {
        assert!(is_open_to_all(&bridge()));
        for closed in [
            asset::Model { class: Class::Household, ..bridge() },
            asset::Model { form: asset::Form::Equity, ..bridge() },
            asset::Model { state: asset::State::Disposed, ..bridge() },
        ] {
            assert!(!is_open_to_all(&closed));
        }
    }

    #[test]
    fn pictures_have_their_share_of_the_room() {
        let most = limits::REPORT_BYTES_PER_COUNTY;
        assert!(has_room(most - 10, 10).is_ok());
        assert_eq!(has_room(most - 10, 11).map_err(|no| no.code), Err("fault_report.no_room"));
        assert!(has_room(u64::MAX, 1).is_err());
    }

    #[test]
    fn what_was_said_is_for_whoever_handles_it() {
        let told = Told { words: "找 13812345678".into(), phone: "13812345678".into() };
        let seen = told.seen_by(Role::VillageOfficer);
        assert_eq!((&*seen.words, &*seen.phone), ("找 138****5678", "138****5678"));
        let seen = told.seen_by(Role::Leader);
        assert_eq!((&*seen.words, &*seen.phone), ("", "138****5678"));
        assert_eq!(Told::opened(told.sealed().expect("something")), told);
        assert_eq!(Told::default().sealed(), None);
    }

    #[test]
    fn a_follow_up_code_is_read_as_it_is_typed() {
        let code = follow_up_code([0xff, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(code.len(), 14);
        let plain = code.replace('-', "");
        assert_eq!(read_follow_up(&code.to_lowercase().replace('-', " ")), Ok(plain));
        assert_eq!(read_follow_up("7K3M2Q"), Err(short_code::Wrong::Length));
    }
}
