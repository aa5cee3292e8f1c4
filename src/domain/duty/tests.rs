//! Examples of assignment: succession, overlap, vacant days.

use entity::{
    asset::Class,
    id::{OrganizationId, PersonId},
};

use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

use super::*;
use crate::domain::asset as rules;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn bridge() -> asset::Model {
    rules::blank("520381100201".parse().expect("a code"), Class::Public, "上河村便民桥")
}

fn terms(from: &str, until: Option<&str>) -> Terms {
    Terms { from_on: Some(day(from)), until_on: until.map(day), ..Terms::default() }
}

fn body(id: i64) -> Party {
    Party::Organization(OrganizationId(id))
}

fn begun(id: i64, from: &str, until: Option<&str>) -> Model {
    let assignment = assign(&bridge(), Kind::Maintainer, body(id), &terms(from, until), &[]);
    Model { id: DutyId(id), ..assignment.expect("assigned").begun }
}

#[test]
fn a_running_duty_gives_way_on_the_day_before() {
    let first = begun(1, "2020-01-01", None);
    let next = assign(
        &bridge(),
        Kind::Maintainer,
        body(2),
        &terms("2024-03-01", None),
        std::slice::from_ref(&first),
    )
    .expect("assigned");
    let (_, closed) = next.succeeded.expect("the first gives way");
    assert_eq!(closed.until_on, Some(day("2024-02-29")));
    assert_eq!(closed.end_reason, Some(EndReason::Succeeded));
    assert!(!overlap(&closed, &next.begun));
}

#[test]
fn an_overlap_with_a_later_duty_is_refused() {
    let later = begun(1, "2024-03-01", None);
    let refused = assign(
        &bridge(),
        Kind::Maintainer,
        body(2),
        &terms("2020-01-01", None),
        std::slice::from_ref(&later),
    );
    assert_eq!(refused, Err(Refusal::overlaps(Kind::Maintainer, later.from_on)));
    let fits = terms("2020-01-01", Some("2024-02-29"));
    assert!(
        assign(&bridge(), Kind::Maintainer, body(2), &fits, std::slice::from_ref(&later)).is_ok()
    );
    let touches = terms("2020-01-01", Some("2024-03-01"));
    assert!(assign(&bridge(), Kind::Maintainer, body(2), &touches, &[later]).is_err());
}

#[test]
fn a_maintainer_is_an_organization_and_a_keeper_a_person() {
    let person = Party::Person(PersonId(1));
    let open = terms("2024-01-01", None);
    assert!(assign(&bridge(), Kind::Keeper, person, &open, &[]).is_ok());
    assert!(assign(&bridge(), Kind::Keeper, body(1), &open, &[]).is_err());
    assert!(assign(&bridge(), Kind::Maintainer, person, &open, &[]).is_err());
}

#[test]
fn claims_are_not_maintained() {
    let stake = asset::Model { form: asset::Form::Equity, ..bridge() };
    let refused = assign(&stake, Kind::Maintainer, body(1), &terms("2024-01-01", None), &[]);
    assert_eq!(refused, Err(Refusal::claim_has_no_upkeep()));
}

#[test]
fn vacant_days_stand_between_those_that_were_borne() {
    let duties =
        [begun(1, "2020-01-01", Some("2020-12-31")), begun(2, "2021-02-01", Some("2021-12-31"))];
    let told: Vec<_> =
        continuity(&duties, Kind::Maintainer, (day("2019-12-01"), day("2022-01-10")))
            .iter()
            .map(|one| (one.from.to_string(), one.days(), one.duty.map(|duty| duty.id.0)))
            .collect();
    let expected = [
        ("2019-12-01", 31, None),
        ("2020-01-01", 366, Some(1)),
        ("2021-01-01", 31, None),
        ("2021-02-01", 334, Some(2)),
        ("2022-01-01", 10, None),
    ];
    assert_eq!(told, expected.map(|(from, days, id)| (from.to_owned(), days, id)));
    let keepers = continuity(&duties, Kind::Keeper, (day("2022-01-01"), day("2022-01-10")));
    assert!(keepers.iter().all(|one| one.duty.is_none() && one.days() == 10));
    assert_eq!(continuity(&duties, Kind::Keeper, (day("2022-01-02"), day("2022-01-01"))), []);
}

proptest! {
    #[test]
    fn borne_and_vacant_days_make_up_the_whole(
        terms in proptest::collection::vec((0_u64..400, proptest::option::of(0_u64..400)), 0..8),
        (before, after) in (0_u64..200, 0_u64..600),
    ) {
        let zero = day("2020-01-01");
        let at = |days| zero.checked_add_days(Days::new(days)).expect("a day");
        let duties: Vec<Model> = terms
            .iter()
            .map(|(from, until)| Model {
                from_on: Some(at(*from)),
                until_on: until.map(|days| at(from + days)),
                ..blank(Kind::Maintainer, AssetId(1), AreaCode::NATION)
            })
            .collect();
        let (since, today) = (at(before), at(before + after));
        let told = continuity(&duties, Kind::Maintainer, (since, today));
        prop_assert_eq!(told.iter().map(Stretch::days).sum::<i64>(), (today - since).num_days() + 1);
        prop_assert!(told.windows(2).all(|pair| pair[0].until.succ_opt() == Some(pair[1].from)));
        for one in &told {
            let is_borne = duties.iter().any(|duty| duty.runs_on(one.from));
            prop_assert_eq!(one.duty.is_some(), is_borne);
        }
    }
}

#[test]
fn a_term_cannot_be_reversed() {
    let reversed = terms("2024-03-01", Some("2024-02-01"));
    let refused = assign(&bridge(), Kind::Maintainer, body(1), &reversed, &[]);
    assert_eq!(refused, Err(Refusal::term_reversed()));
}

#[test]
fn a_duty_is_ended_by_hand_for_some_reasons_only() {
    let today = day("2026-06-01");
    for kind in [Kind::Maintainer, Kind::Keeper] {
        let duty = blank(kind, AssetId(1), AreaCode::NATION);
        for reason in EndReason::ALL.iter().copied() {
            let ended = end(&duty, today, Some(reason), today);
            let is_taken = reason == EndReason::Revoked
                || (reason, kind) == (EndReason::PersonLeft, Kind::Keeper);
            assert_eq!(ended.is_ok(), is_taken, "{kind:?} {reason:?}");
        }
    }
}

#[test]
fn a_duty_ends_within_its_term_and_once() {
    let today = day("2026-06-01");
    let term = begun(1, "2026-01-01", Some("2026-12-31"));
    let ended = end(&term, day("2026-06-30"), None, today).expect("ended");
    assert_eq!((ended.until_on, ended.end_reason), (Some(day("2026-06-30")), None));
    let left = end(&term, today, Some(EndReason::Revoked), today).expect("ended");
    assert_eq!(end(&left, today, None, today), Err(Refusal::duty_over(today)));
    let last = day("2026-12-31");
    assert_eq!(end(&term, last, None, today), Err(Refusal::nothing_changed()));
    assert_eq!(end(&term, day("2027-01-01"), None, today), Err(Refusal::duty_ends_before(last)));
    assert_eq!(end(&term, day("2025-12-31"), None, today), Err(Refusal::term_reversed()));
    let over = begun(2, "2020-01-01", Some("2026-05-31"));
    assert_eq!(
        end(&over, day("2026-05-30"), None, today),
        Err(Refusal::duty_over(day("2026-05-31")))
    );
}

#[test]
fn what_was_taken_back_leaves_no_gap_and_no_overlap() {
    let today = day("2026-06-01");
    let former = begun(1, "2020-01-01", Some("2026-12-31"));
    for (from, until, next) in [
        ("2026-06-01", "2026-06-01", "2026-06-02"),
        ("2026-05-20", "2026-05-31", "2026-06-01"),
        ("2026-07-01", "2026-06-30", "2026-07-01"),
    ] {
        let assigned = begun(2, from, None);
        let back = take_back(&assigned, Some(&former), today).expect("taken back");
        assert_eq!(back.revoked.until_on, Some(day(until)), "{from}");
        assert_eq!(back.revoked.end_reason, Some(EndReason::Revoked));
        let resumed = back.resumed.expect("the former goes on");
        assert_eq!((resumed.from_on, resumed.until_on), (Some(day(next)), former.until_on));
        assert!(!overlap(&back.revoked, &resumed));
        assert!(take_back(&back.revoked, None, today).is_err());
    }
    let short = begun(1, "2020-01-01", Some("2026-06-01"));
    let back = take_back(&begun(2, "2026-06-01", None), Some(&short), today).expect("taken back");
    assert_eq!(back.resumed, None);
}
