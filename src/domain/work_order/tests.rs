//! Work orders from the defect to the acceptance; and what inspections open, in whatever order.

use chrono::TimeDelta;
use entity::{
    asset::{Class, Subclass},
    id::{InspectionId, OrganizationId, PersonId},
    inspection::{self, Checked, Checks},
};
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn road() -> asset::Model {
    let village = "520381100201".parse().expect("a code");
    let mut asset = super::super::asset::blank(village, Class::Public, "路");
    asset.subclass = Some(Subclass::Road);
    asset.original_value = Some(Money::from_fen(10_000_000));
    asset
}

fn terms() -> Terms {
    Terms::of(&LocalRules::default(), &road(), day("2026-06-01"))
}

fn yuan(text: &str) -> Money {
    Money::from_yuan(text.parse().expect("a number")).expect("an amount")
}

fn code<T>(done: Result<T, Refusal>) -> Result<T, &'static str> {
    done.map_err(|refusal| refusal.code)
}

fn defect() -> Defect {
    Defect {
        item: Some(CheckItem::Guardrail),
        condition: Condition::Defect,
        what: "护栏立柱松动".into(),
    }
}

fn opened() -> Model {
    open(&road(), &[], &defect(), (&terms(), at("2026-06-01T03:00:00Z"))).expect("opened")
}

const WHO: (Option<AccountId>, Option<AccountId>) = (Some(AccountId(1)), Some(AccountId(2)));
const FIRM: Party = Party::Organization(OrganizationId(9));

fn approved(kind: Kind, amount: &str) -> Model {
    let row = estimate(&opened(), (kind, yuan(amount)), WHO.0).expect("estimated");
    let by = (Role::RuralOfficer, WHO.1);
    approve(&row, &terms(), by, day("2026-06-02")).expect("approved")
}

fn outcome(cost: &str) -> Outcome {
    Outcome { what: "已更换".into(), cost: yuan(cost), voucher_no: Some("记-12".into()) }
}

fn reported(kind: Kind, approved_to: &str, cost: &str) -> Model {
    let due = (FIRM, day("2026-06-20"));
    let row = dispatch(&approved(kind, approved_to), due, day("2026-06-02")).expect("dispatched");
    report(&begin(&row).expect("begun"), &outcome(cost), WHO.0).expect("reported")
}

#[test]
fn it_goes_from_the_defect_to_the_acceptance() {
    let row = opened();
    assert_eq!((row.state, row.due_on), (State::Waiting, Some(day("2026-07-01"))));
    let now = at("2026-06-10T03:00:00Z");
    let row = reported(Kind::Repair, "1850.00", "1790.00");
    let done = accept(&row, &road(), &Origin::default(), (WHO.1, now)).expect("accepted");
    assert_eq!((done.row.state, done.row.ended_at), (State::Accepted, Some(now)));
    assert_eq!(done.capital, None);
}

#[test]
fn what_is_good_or_no_point_or_there_already_opens_none() {
    let (road, terms, now) = (road(), terms(), at("2026-06-01T03:00:00Z"));
    let tried = |standing: &[Model], defect: Defect| {
        code(open(&road, standing, &defect, (&terms, now)).map(drop))
    };
    let with = |condition, item| Defect { item, condition, ..defect() };
    assert_eq!(tried(&[], with(Condition::Good, None)), Err("work_order.of_good"));
    let no_point = with(Condition::Danger, Some(CheckItem::Inverter));
    assert_eq!(tried(&[], no_point), Err("work_order.no_such_point"));
    assert_eq!(tried(&[opened()], defect()), Err("work_order.there_already"));
    let ended = dismiss(&opened(), "重复", now).expect("dismissed");
    assert_eq!(tried(&[ended], defect()), Ok(()));
    assert_eq!(tried(&[], Defect { what: " ".into(), ..defect() }), Err("action.reason_missing"));
    let other = Model { item: None, ..opened() };
    let mut standing = vec![other; limits::LIVE_WORK_ORDERS - 1];
    assert_eq!(tried(&standing, defect()), Ok(()));
    standing.push(standing[0].clone());
    assert_eq!(tried(&standing, defect()), Err("work_order.full"));
}

#[test]
fn each_level_approves_up_to_its_amount_and_nobody_their_own() {
    let tried = |amount: &str, role| {
        let row = estimate(&opened(), (Kind::Repair, yuan(amount)), WHO.0).expect("estimated");
        code(approve(&row, &terms(), (role, WHO.1), day("2026-06-02")).map(drop))
    };
    let higher = Err("work_order.approved_higher");
    for (amount, village, town) in [
        ("2000.00", Ok(()), Ok(())),
        ("2000.01", higher, Ok(())),
        ("20000.00", higher, Ok(())),
        ("20000.01", higher, higher),
    ] {
        assert_eq!(tried(amount, Role::VillageOfficer), village, "{amount}");
        assert_eq!(tried(amount, Role::TownshipClerk), town, "{amount}");
        assert_eq!(tried(amount, Role::RuralOfficer), Ok(()), "{amount}");
        assert_eq!(tried(amount, Role::Inspector), higher, "{amount}");
    }
    let row = estimate(&opened(), (Kind::Repair, yuan("1.00")), WHO.0).expect("estimated");
    let own = approve(&row, &terms(), (Role::RuralOfficer, WHO.0), day("2026-06-02"));
    assert_eq!(code(own.map(drop)), Err("work_order.own_estimate"));
    let none = approve(&opened(), &terms(), (Role::RuralOfficer, WHO.1), day("2026-06-02"));
    assert_eq!(code(none.map(drop)), Err("work_order.estimate_missing"));
}

#[test]
fn an_approval_covers_its_amount_and_its_kind_and_no_more() {
    let row = approved(Kind::Repair, "1000.00");
    let less = estimate(&row, (Kind::Repair, yuan("900.00")), WHO.1).expect("estimated");
    assert_eq!(less.approved, Some(yuan("1000.00")));
    let more = estimate(&row, (Kind::Repair, yuan("1000.01")), WHO.1).expect("estimated");
    let due = (FIRM, day("2026-06-20"));
    let today = day("2026-06-02");
    assert!(dispatch(&less, due, today).is_ok());
    assert_eq!(code(dispatch(&more, due, today).map(drop)), Err("work_order.not_approved"));
    let other = estimate(&row, (Kind::Improvement, yuan("900.00")), WHO.1).expect("estimated");
    assert_eq!((other.approved, other.approved_by, other.approved_on), (None, None, None));
    let again = estimate(&row, (Kind::Repair, yuan("1000.00")), WHO.1);
    assert_eq!(code(again.map(drop)), Err("row.nothing_changed"));
}

#[test]
fn danger_goes_first_and_is_approved_before_the_acceptance() {
    let danger = Model { condition: Condition::Danger, ..opened() };
    let party = Party::Person(PersonId(5));
    let row = dispatch(&danger, (party, day("2026-06-02")), day("2026-06-02")).expect("at once");
    let row = report(&row, &outcome("300.00"), WHO.0).expect("reported");
    let now = at("2026-06-10T03:00:00Z");
    let accepted = |row: &Model| accept(row, &road(), &Origin::default(), (WHO.1, now));
    assert_eq!(code(accepted(&row).map(drop)), Err("work_order.cost_not_approved"));
    let row = estimate(&row, (Kind::Repair, yuan("300.00")), WHO.0).expect("estimated");
    let by = (Role::VillageOfficer, WHO.1);
    let row = approve(&row, &terms(), by, day("2026-06-03")).expect("approved");
    assert!(accepted(&row).is_ok());
}

#[test]
fn nobody_accepts_their_own_work_and_what_cost_more_than_approved_waits() {
    let now = at("2026-06-10T03:00:00Z");
    let row = reported(Kind::Repair, "1000.00", "1000.01");
    let by = |who| code(accept(&row, &road(), &Origin::default(), (who, now)).map(drop));
    assert_eq!(by(WHO.0), Err("work_order.own_work"));
    assert_eq!(by(WHO.1), Err("work_order.cost_not_approved"));
    let back = send_back(&row, "还在晃", WHO.1).expect("sent back");
    assert_eq!((back.state, back.n_returned), (State::Underway, 1));
    assert_eq!(code(send_back(&row, "", WHO.1).map(drop)), Err("action.reason_missing"));
    let free = Outcome { voucher_no: None, ..outcome("0.00") };
    assert!(report(&back, &free, WHO.0).is_ok());
    let unproven = Outcome { voucher_no: Some(" ".into()), ..outcome("0.01") };
    assert_eq!(code(report(&back, &unproven, WHO.0).map(drop)), Err("work_order.voucher_missing"));
}

#[test]
fn an_improvement_is_added_to_the_value_with_its_source() {
    let now = at("2026-06-10T03:00:00Z");
    let row = reported(Kind::Improvement, "5000.00", "4800.50");
    let none = accept(&row, &road(), &Origin::default(), (WHO.1, now));
    assert_eq!(code(none.map(drop)), Err("work_order.source_missing"));
    let origin =
        Origin { tier: Some(Tier::County), fund: Some(Fund::Transition), document_no: None };
    let done = accept(&row, &road(), &origin, (WHO.1, now)).expect("accepted");
    let (dearer, source) = done.capital.expect("capital");
    assert_eq!(dearer.original_value, Some(yuan("104800.50")));
    assert_eq!((source.amount, source.year), (Some(yuan("4800.50")), Some(2026)));
}

#[test]
fn what_is_at_its_end_stays_so() {
    let now = at("2026-06-10T03:00:00Z");
    let gone = dismiss(&opened(), "不属实", now).expect("dismissed");
    let done = reported(Kind::Repair, "10.00", "10.00");
    let done = accept(&done, &road(), &Origin::default(), (WHO.1, now)).expect("accepted").row;
    let today = day("2026-06-10");
    for row in [gone, done] {
        let tried = [
            estimate(&row, (Kind::Repair, yuan("1.00")), WHO.0),
            approve(&row, &terms(), (Role::RuralOfficer, WHO.1), today),
            dispatch(&row, (FIRM, today), today),
            begin(&row),
            report(&row, &outcome("1.00"), WHO.0),
            send_back(&row, "再修", WHO.1),
            dismiss(&row, "重复", now),
        ];
        for done in tried {
            assert_eq!(code(done.map(drop)), Err("work_order.in_state"));
        }
    }
}

#[test]
fn a_dispatch_is_due_within_its_limit() {
    let (row, today) = (approved(Kind::Repair, "1.00"), day("2026-06-02"));
    let tried =
        |days: i64| code(dispatch(&row, (FIRM, today + TimeDelta::days(days)), today).map(drop));
    assert_eq!(tried(0), Ok(()));
    assert_eq!(tried(-1), Err("day.passed"));
    assert_eq!(tried(limits::RECTIFICATION_DAYS), Ok(()));
    assert_eq!(tried(limits::RECTIFICATION_DAYS + 1), Err("rectification.too_long"));
}

fn inspected(n: i64, minutes: i64, found: &[(CheckItem, Condition)]) -> inspection::Model {
    let made = at("2026-06-01T00:00:00Z") + TimeDelta::minutes(minutes);
    let checks = found.iter().map(|(item, condition)| Checked {
        item: *item,
        condition: *condition,
        note: Some(format!("第{n}次")),
    });
    let checks = Checks(checks.collect());
    inspection::Model {
        id: InspectionId(n),
        area_code: road().area_code,
        asset_id: road().id,
        device_key: format!("{n}"),
        inspected_at: made,
        condition: checks.worst().unwrap_or(Condition::Good),
        checks,
        is_all_at_once: false,
        note: None,
        longitude: None,
        latitude: None,
        accuracy_m: None,
        device: None,
        device_count: None,
        sheet_no: None,
        account_id: None,
        version: 1,
        created_at: at("2026-12-01T00:00:00Z"),
        updated_at: at("2026-12-01T00:00:00Z"),
    }
}

/// What stands after inspections came in some order.
fn stands(inspections: &[inspection::Model], mut standing: Vec<Model>) -> Vec<Model> {
    for made in inspections {
        for (before, after) in raised(&road(), made, &standing, &terms()) {
            match before {
                Some(before) => standing
                    .iter_mut()
                    .filter(|row| **row == before)
                    .for_each(|row| *row = after.clone()),
                None => standing.push(after),
            }
        }
    }
    standing.sort_by_key(|row| row.item);
    standing
}

#[test]
fn what_was_seen_before_it_was_mended_opens_nothing() {
    let bad = [(CheckItem::Guardrail, Condition::Defect)];
    let ended = at("2026-06-01T01:00:00Z");
    let mended = Model { state: State::Accepted, ended_at: Some(ended), ..opened() };
    let n = |minutes| stands(&[inspected(1, minutes, &bad)], vec![mended.clone()]).len();
    assert_eq!((n(59), n(60), n(61)), (1, 1, 2));
}

#[test]
fn whoever_was_told_to_mend_it_is_told_that_it_is_worse_and_nothing_else() {
    let given = Model { state: State::Dispatched, ..opened() };
    let worse = [(CheckItem::Guardrail, Condition::Danger)];
    let after = stands(&[inspected(1, 0, &worse)], vec![given.clone()]);
    assert_eq!(after, [Model { condition: Condition::Danger, ..given }]);
}

proptest! {
    /// Whatever the order in which inspections come, and however often, the same stands.
    #[test]
    fn the_same_work_orders_stand_in_any_order(
        found in prop::collection::vec((0_i64..60 * 24 * 40, 0_usize..5, 0_usize..3), 1..8),
        order in any::<prop::sample::Index>(),
    ) {
        let items = points(&road());
        let made: Vec<_> = found.iter().enumerate().map(|(n, (minutes, item, condition))| {
            // no two are made at the same minute
            let minutes = minutes * 8 + i64::try_from(n).expect("a small number");
            let n = i64::try_from(n).expect("a small number");
            inspected(n, minutes, &[(items[*item], Condition::ALL[*condition])])
        }).collect();
        let mut turned = made.clone();
        turned.rotate_left(order.index(made.len()));
        turned.reverse();
        turned.push(made[0].clone());
        prop_assert_eq!(stands(&made, Vec::new()), stands(&turned, Vec::new()));
    }
}
