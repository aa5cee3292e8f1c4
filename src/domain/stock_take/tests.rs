//! Stock-takes by their rules.

use entity::asset::Class;

use super::*;
use crate::domain::asset as cards;

const WHO: Option<AccountId> = Some(AccountId(1));
const OTHER: Option<AccountId> = Some(AccountId(2));

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn today() -> NaiveDate {
    day("2026-01-10")
}

fn village() -> AreaCode {
    "520381100201".parse().expect("a code")
}

fn assets(n: usize) -> Vec<asset::Model> {
    let one = |n: usize| asset::Model {
        id: entity::id::AssetId(i64::try_from(n).expect("small")),
        code: format!("{:05}", 99_999 - n),
        use_state: Some(UseState::InUse),
        ..cards::blank(village(), Class::Public, "桥")
    };
    (1..=n).map(one).collect()
}

fn opened(n: usize) -> (Model, Vec<stock_line::Model>) {
    let (take, lines) = open(village(), 2025, assets(n), &[], (WHO, today())).expect("opened");
    let lines = lines.into_iter().zip(1..);
    (take, lines.map(|(line, id)| stock_line::Model { id: StockLineId(id), ..line }).collect())
}

fn at() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

fn all_found(lines: &[stock_line::Model]) -> Vec<stock_line::Model> {
    let count = |line| count(line, &Said::FOUND, (WHO, at())).expect("counted").expect("changed");
    lines.iter().map(count).collect()
}

#[test]
fn what_stands_on_the_ledger_is_expected_in_the_order_of_codes() {
    let mut all = assets(4);
    all[0].state = asset::State::Disposed;
    all[1].condition = Some(asset::Condition::Gone);
    let (take, lines) = open(village(), 2025, all, &[], (WHO, today())).expect("opened");
    assert_eq!((take.n_expected, take.n_left()), (2, 2));
    assert_eq!(lines.iter().map(|line| line.place).collect::<Vec<_>>(), [1, 2]);
    assert!(lines[0].code < lines[1].code);
}

#[test]
fn a_stock_take_has_so_many_lines_and_no_more() {
    let done = open(village(), 2025, assets(limits::STOCK_LINES), &[], (WHO, today()));
    assert_eq!(done.expect("as many as there may be").1.len(), limits::STOCK_LINES);
    let done = open(village(), 2025, assets(limits::STOCK_LINES + 1), &[], (WHO, today()));
    assert_eq!(done.expect_err("one too many").code, "stock_take.too_large");
}

#[test]
fn it_is_of_a_village_for_the_last_year_or_this_one_and_one_at_a_time() {
    let refused = |area: AreaCode, year, others: &[Model]| {
        let done = open(area, year, assets(1), others, (WHO, today()));
        done.map_err(|refusal| refusal.code).err()
    };
    let (take, _) = opened(1);
    assert_eq!(refused(village(), 2024, &[]), Some("stock_take.year"));
    assert_eq!(refused(village(), 2027, &[]), Some("stock_take.year"));
    assert_eq!(refused(village(), 2025, std::slice::from_ref(&take)), Some("stock_take.there"));
    assert_eq!(refused(village(), 2026, std::slice::from_ref(&take)), None);
    let signed = Model { state: State::Signed, ..take };
    assert_eq!(refused(village(), 2025, &[signed]), None);
    let at = |level| village().at(level);
    assert_eq!(refused(at(Level::County), 2025, &[]), Some("stock_take.of_place"));
    assert_eq!(refused(at(Level::Town), 2025, &[]), None);
    let none = open(village(), 2025, Vec::new(), &[], (WHO, today()));
    assert_eq!(none.expect_err("nothing").code, "stock_take.nothing");
}

#[test]
fn what_is_said_of_a_line_must_agree_with_itself() {
    let (_, lines) = opened(1);
    let said = |outcome, seen_state| {
        let said = Said { outcome, seen_state, note: Some(" ".into()) };
        count(&lines[0], &said, (WHO, at())).map_err(|refusal| refusal.code)
    };
    assert_eq!(said(Outcome::Changed, None), Err("stock_take.seen_missing"));
    assert_eq!(said(Outcome::Changed, Some(UseState::InUse)), Err("stock_take.seen_same"));
    assert_eq!(said(Outcome::Found, Some(UseState::Idle)), Err("stock_take.seen_idle"));
    assert_eq!(said(Outcome::Missing, Some(UseState::Idle)), Err("stock_take.seen_idle"));
    let idle = said(Outcome::Changed, Some(UseState::Idle)).expect("counted").expect("changed");
    assert_eq!((idle.note.as_deref(), idle.counted_by), (None, WHO));
    let again = Said { outcome: Outcome::Changed, seen_state: idle.seen_state, note: None };
    assert_eq!(count(&idle, &again, (OTHER, at())), Ok(None));
    let note = |n: usize| Said { note: Some("字".repeat(n)), ..Said::FOUND };
    assert!(count(&lines[0], &note(limits::REASON_LENGTH), (WHO, at())).is_ok());
    assert!(count(&lines[0], &note(limits::REASON_LENGTH + 1), (WHO, at())).is_err());
}

#[test]
fn the_numbers_go_with_the_lines() {
    let (take, lines) = opened(3);
    let found = all_found(&lines);
    let after = counted(&take, lines.iter().zip(&found));
    assert_eq!((after.n_found, after.n_left()), (3, 0));
    let missing = Said { outcome: Outcome::Missing, ..Said::FOUND };
    let gone = count(&found[0], &missing, (WHO, at())).expect("counted").expect("changed");
    let later = counted(&after, [(&found[0], &gone)]);
    assert_eq!((later.n_found, later.n_missing, later.n_left()), (2, 1, 0));
    let lines = [gone, found[1].clone(), found[2].clone()];
    assert_eq!(result::differing(&later, &lines, &[]), None);
    assert_eq!(result::differing(&after, &lines, &[]), Some(("n_found", "2".into(), "3".into())));
}

#[test]
fn another_person_signs_when_all_is_counted() {
    let (take, lines) = opened(2);
    let found = all_found(&lines);
    let half = [found[0].clone(), lines[1].clone()];
    let code = |done: Result<Model, Refusal>| done.map_err(|refusal| refusal.code).err();
    assert_eq!(code(sign(&take, &half, &[], (OTHER, today()))), Some("stock_take.lines_left"));
    assert_eq!(code(sign(&take, &found, &[], (WHO, today()))), Some("stock_take.own_count"));
    let beside = [blank_find(&take, (OTHER, today()))];
    assert_eq!(code(sign(&take, &found, &beside, (OTHER, today()))), Some("stock_take.own_count"));
    let signed = sign(&take, &found, &[], (OTHER, today())).expect("signed");
    assert_eq!((signed.state, signed.signed_by), (State::Signed, OTHER));
    assert_eq!(code(sign(&signed, &found, &[], (OTHER, today()))), Some("stock_take.signed"));
    assert_eq!(code(find(&signed)), Some("stock_take.signed"));
}

#[test]
fn whatever_is_altered_later_changes_the_digest() {
    let (take, lines) = opened(2);
    let found = all_found(&lines);
    let row = stock_find::Model { name: "路灯".into(), ..blank_find(&take, (WHO, today())) };
    let signed = sign(&take, &found, std::slice::from_ref(&row), (OTHER, today()));
    let signed = signed.expect("signed");
    let sum = |take: &Model, lines: &[stock_line::Model], row: &stock_find::Model| {
        result::digest(take, lines, std::slice::from_ref(row))
    };
    assert_eq!(signed.digest.as_deref(), Some(&*sum(&signed, &found, &row)));
    let mut turned = found.clone();
    turned.reverse();
    assert_eq!(sum(&signed, &turned, &row), sum(&signed, &found, &row), "their order is their own");
    let altered = |change: fn(&mut stock_line::Model)| {
        let mut lines = found.clone();
        change(&mut lines[1]);
        sum(&signed, &lines, &row)
    };
    let sums = [
        sum(&signed, &found, &row),
        altered(|line| line.outcome = Some(Outcome::Missing)),
        altered(|line| line.seen_state = Some(UseState::Idle)),
        altered(|line| line.note = Some("补".into())),
        altered(|line| line.counted_by = OTHER),
        altered(|line| line.counted_at = None),
        altered(|line| line.recorded_state = None),
        altered(|line| line.name = "路".into()),
        altered(|line| line.code = "1".into()),
        sum(&signed, &found[..1], &row),
        sum(&Model { year: 2026, ..signed.clone() }, &found, &row),
        sum(&signed, &found, &stock_find::Model { note: Some("旧".into()), ..row.clone() }),
    ];
    let told_apart: BTreeSet<&String> = sums.iter().collect();
    assert_eq!(told_apart.len(), sums.len());
    // where it lies, and what became of a find, is no part of the result
    let moved = stock_line::Model { area_code: village().at(Level::Town), ..found[0].clone() };
    let settled = stock_find::Model { settled_by: OTHER, ..row.clone() };
    assert_eq!(sum(&signed, &[moved, found[1].clone()], &settled), sums[0]);
}

#[test]
fn a_find_is_registered_as_another_asset_of_the_place_or_dismissed() {
    let (take, _) = opened(1);
    let row = blank_find(&take, (WHO, today()));
    let who = (OTHER, today());
    let own = &assets(1)[0];
    let code = |done: Result<stock_find::Model, Refusal>| done.map_err(|one| one.code).err();
    let registered = settle(&row, Settlement::Registered(own), false, who).expect("registered");
    assert_eq!(
        (registered.state, registered.asset_id),
        (stock_find::State::Registered, Some(own.id))
    );
    let other = Some("stock_find.other_asset");
    assert_eq!(code(settle(&row, Settlement::Registered(own), true, who)), other);
    let away = asset::Model { area_code: village().at(Level::Town), ..own.clone() };
    assert_eq!(code(settle(&row, Settlement::Registered(&away), false, who)), other);
    assert!(settle(&row, Settlement::Dismissed(" "), false, who).is_err());
    let dismissed = settle(&row, Settlement::Dismissed("私人的"), false, who).expect("dismissed");
    assert_eq!(dismissed.reason.as_deref(), Some("私人的"));
    let again = settle(&dismissed, Settlement::Dismissed("私人的"), false, who);
    assert_eq!(code(again), Some("stock_find.settled"));
}

#[test]
fn a_find_has_a_name_and_a_stock_take_so_many_of_them() {
    let (take, _) = opened(1);
    let named =
        |n: usize| stock_find::Model { name: "字".repeat(n), ..blank_find(&take, (WHO, today())) };
    for (n, fits) in
        [(0, false), (1, true), (limits::NAME_LENGTH, true), (limits::NAME_LENGTH + 1, false)]
    {
        assert_eq!(check_find(&named(n)).into_result().is_ok(), fits, "{n}");
    }
    let most = i32::try_from(limits::STOCK_FINDS).expect("small");
    assert!(find(&Model { n_unexpected: most - 1, ..take.clone() }).is_ok());
    assert!(find(&Model { n_unexpected: most, ..take }).is_err());
}

#[test]
fn the_result_of_a_year_is_due_on_the_same_day_of_every_next_year() {
    assert_eq!(due_on(2025, 90), day("2026-03-31"));
    assert_eq!(due_on(2027, 90), day("2028-03-31"));
    assert_eq!(due_on(2025, 0), day("2026-01-01"));
    assert_eq!(due_on(2025, 9_999), day("2026-12-31"));
    assert_eq!(lateness(day("2026-03-31"), day("2026-04-02")), 2);
    assert_eq!(year_due(day("2026-04-02")), 2025);
}
