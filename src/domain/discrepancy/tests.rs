//! What speaks against the ledger, and what does not.

use entity::{
    asset::{Condition, Subclass},
    id::{AssetId, StockTakeId},
    money::Money,
    stock_take::State as Stage,
};

use super::*;
use crate::{domain::asset::blank as card, limits};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn today() -> NaiveDate {
    day("2026-03-31")
}

fn bridge() -> asset::Model {
    asset::Model {
        id: AssetId(1),
        original_value: Some(Money::from_fen(100)),
        use_state: Some(UseState::InUse),
        ..card("520381100201".parse().expect("a code"), Class::Public, "上河村便民桥")
    }
}

/// The same, registered a day later.
fn again() -> asset::Model {
    let created_at = day("2026-01-02").and_hms_opt(0, 0, 0).expect("an instant").and_utc();
    asset::Model { id: AssetId(2), created_at, ..bridge() }
}

fn signed(outcome: Outcome, seen: Option<UseState>) -> (stock_take::Model, stock_line::Model) {
    let who = (None, today());
    let (take, lines) =
        crate::domain::stock_take::open(bridge().area_code, 2025, vec![bridge()], &[], who)
            .expect("opened");
    let take = stock_take::Model { id: StockTakeId(7), state: Stage::Signed, ..take };
    let line = stock_line::Model { outcome: Some(outcome), seen_state: seen, ..lines[0].clone() };
    (take, line)
}

#[test]
fn what_was_signed_speaks_until_the_ledger_says_so_too() {
    let found = |outcome, seen, asset: &asset::Model| {
        let (take, line) = signed(outcome, seen);
        of_line(&take, &line, asset, today())
    };
    assert_eq!(found(Outcome::Found, None, &bridge()), None);
    let missing = found(Outcome::Missing, None, &bridge()).expect("missing");
    assert_eq!((missing.kind, missing.stock_take_id), (Kind::Missing, Some(StockTakeId(7))));
    let gone = asset::Model { condition: Some(Condition::Gone), ..bridge() };
    assert!(!is_answered(&missing, &bridge()) && is_answered(&missing, &gone));
    assert_eq!(found(Outcome::Missing, None, &gone), None);

    let idle = Some(UseState::Idle);
    let changed = found(Outcome::Changed, idle, &bridge()).expect("in another state");
    assert_eq!((changed.kind, changed.seen_state), (Kind::Changed, idle));
    let put_right = asset::Model { use_state: idle, ..bridge() };
    assert!(!is_answered(&changed, &bridge()) && is_answered(&changed, &put_right));
    assert_eq!(found(Outcome::Changed, idle, &put_right), None);
    assert!(says_the_same(&changed, &changed.clone()) && !says_the_same(&changed, &missing));
    let cleared = clear(&changed, today());
    assert_eq!((cleared.state, cleared.settled_on), (State::Cleared, Some(today())));
    assert!(is_of(&changed, Rule::Differs) && !is_of(&changed, Rule::Duplicate));
    assert!(!is_of(&cleared, Rule::Differs));
}

#[test]
fn what_is_the_same_in_all_that_is_told_may_be_one() {
    let same = |change: fn(&mut asset::Model)| {
        let mut other = again();
        change(&mut other);
        let found = is_same(&bridge(), &other);
        assert_eq!(found, is_same(&other, &bridge()), "it is mutual");
        found
    };
    assert!(same(|_| {}));
    assert!(same(|other| other.name = "上河村 （便民）桥".into()));
    assert!(same(|other| other.location = Some("村口".into())), "one of them says more");
    assert!(!same(|other| other.name = "上河村人行桥".into()));
    assert!(!same(|other| other.original_value = Some(Money::from_fen(101))));
    assert!(!same(|other| other.original_value = None));
    assert!(!same(|other| other.class = Class::Operating));
    assert!(!same(|other| other.area_code = "520381100202".parse().expect("a code")));
    assert!(!same(|other| other.state = asset::State::Void));
    assert!(!same(|other| other.condition = Some(Condition::Gone)));
    assert!(!same(|other| other.created_at = bridge().created_at), "registered by one act");
    assert!(!same(|other| other.id = AssetId(1)), "itself");
}

/// What an asset says of itself.
type Telling = fn(&mut asset::Model);

#[test]
fn what_both_say_tells_them_apart() {
    let with = |change: Telling| {
        let mut asset = bridge();
        change(&mut asset);
        asset
    };
    let apart: [[Telling; 2]; 3] = [
        [
            |one| one.subclass = Some(Subclass::Road),
            |other| other.subclass = Some(Subclass::Irrigation),
        ],
        [|one| one.location = Some("一组".into()), |other| other.location = Some("二组".into())],
        [
            |one| one.accepted_on = Some(day("2020-05-05")),
            |other| other.accepted_on = Some(day("2020-05-06")),
        ],
    ];
    for [one, other] in apart {
        let one = with(one);
        let (mut alike, mut unlike) = (one.clone(), again());
        (alike.id, alike.created_at) = (unlike.id, unlike.created_at);
        other(&mut unlike);
        assert!(is_same(&one, &alike) && !is_same(&one, &unlike));
    }
    let part = |asset: asset::Model| asset::Model { parent_id: Some(AssetId(9)), ..asset };
    assert!(!is_same(&part(bridge()), &part(again())), "parts of one asset");
    let household = |asset: asset::Model| asset::Model { class: Class::Household, ..asset };
    assert!(!is_same(&household(bridge()), &household(again())));
}

#[test]
fn whoever_settles_one_says_why() {
    let row = duplicate(&again(), &bridge(), today());
    assert_eq!((row.asset_id, row.other_id), (AssetId(2), Some(AssetId(1))));
    let who = (Some(AccountId(4)), today());
    let longest = "因".repeat(limits::REASON_LENGTH);
    let settled = settle(&row, &longest, who).expect("settled");
    assert_eq!((settled.state, settled.settled_by), (State::Settled, who.0));
    assert!(settle(&row, &format!("{longest}因"), who).is_err());
    assert_eq!(settle(&row, " ", who).expect_err("no reason").code, "action.reason_missing");
    assert_eq!(settle(&settled, "再说", who).expect_err("closed").code, "discrepancy.closed");
}
