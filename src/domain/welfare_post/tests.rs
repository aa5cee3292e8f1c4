//! Posts, and what a month of one is paid.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn yuan(text: &str) -> Money {
    Money::from_yuan(text.parse().expect("a number")).expect("an amount")
}

fn post() -> Model {
    let village = "520381100201".parse().expect("a code");
    Model {
        monthly_pay: yuan("1000.00"),
        until_on: day("2026-12-31"),
        ..blank(village, PersonId(7), day("2026-01-10"))
    }
}

fn code<T>(done: Result<T, Refusal>) -> Result<T, &'static str> {
    done.map_err(|refusal| refusal.code)
}

const WHO: (Option<AccountId>, Option<AccountId>) = (Some(AccountId(1)), Some(AccountId(2)));

fn month(text: &str, days_attended: i32, percent: i32) -> Month {
    let note = (percent != 100).then(|| "路面清扫不及时".to_owned());
    Month { month_on: day(text), days_attended, percent, note }
}

fn recorded(said: &Month) -> Result<attendance::Model, &'static str> {
    code(record(&post(), None, said, (WHO.0, day("2026-06-15"))))
}

#[test]
fn a_month_is_paid_by_days_and_assessment_down_to_the_fen() {
    for (attended, due, percent, expected) in [
        (22, 22, 100, "1000.00"),
        (23, 22, 100, "1000.00"),
        (11, 22, 100, "500.00"),
        (7, 22, 100, "318.18"),
        (22, 22, 85, "850.00"),
        (7, 22, 85, "270.45"),
        (0, 22, 100, "0.00"),
        (22, 22, 0, "0.00"),
    ] {
        let paid = pay(yuan("1000.00"), (attended, due), percent);
        assert_eq!(paid, yuan(expected), "{attended} of {due} at {percent}");
    }
}

proptest! {
    /// More days or a better assessment never pay less, and never more than the whole.
    #[test]
    fn pay_grows_with_days_and_assessment(
        fen in 1_i64..10_000_000, attended in 0..31_i32, due in 1..=31_i32, percent in 0..100_i32,
    ) {
        let monthly = Money::from_fen(fen);
        let paid = pay(monthly, (attended, due), percent);
        prop_assert!(paid >= Money::ZERO && paid <= monthly);
        prop_assert!(pay(monthly, (attended + 1, due), percent) >= paid);
        prop_assert!(pay(monthly, (attended, due), percent + 1) >= paid);
    }
}

#[test]
fn a_month_has_its_days_and_is_in_the_term() {
    assert_eq!(
        recorded(&month("2026-05-09", 31, 100)).map(|row| row.month_on),
        Ok(day("2026-05-01"))
    );
    assert_eq!(recorded(&month("2026-05-01", 32, 100)).map(drop), Err("attendance.too_many_days"));
    assert_eq!(recorded(&month("2026-05-01", -1, 100)).map(drop), Err("attendance.too_many_days"));
    // it began on the tenth
    assert!(recorded(&month("2026-01-01", 22, 100)).is_ok());
    assert_eq!(recorded(&month("2026-01-01", 23, 100)).map(drop), Err("attendance.too_many_days"));
    assert_eq!(recorded(&month("2025-12-01", 1, 100)).map(drop), Err("attendance.without_post"));
    assert!(recorded(&month("2026-06-01", 10, 100)).is_ok());
    assert_eq!(recorded(&month("2026-07-01", 1, 100)).map(drop), Err("day.in_future"));
    for (percent, expected) in [
        (0, Ok(())),
        (100, Ok(())),
        (-1, Err("attendance.percent")),
        (101, Err("attendance.percent")),
    ] {
        assert_eq!(recorded(&month("2026-05-01", 9, percent)).map(drop), expected);
    }
    let unexplained = Month { note: Some(" ".into()), ..month("2026-05-01", 9, 99) };
    assert_eq!(recorded(&unexplained).map(drop), Err("attendance.unexplained"));
}

#[test]
fn what_is_recorded_is_amended_until_another_person_approves_it() {
    let today = day("2026-06-15");
    let first = recorded(&month("2026-05-01", 20, 100)).expect("recorded");
    let again = record(&post(), Some(&first), &month("2026-05-01", 20, 100), (WHO.1, today));
    assert_eq!(code(again.map(drop)), Err("row.nothing_changed"));
    let better = record(&post(), Some(&first), &month("2026-05-01", 22, 100), (WHO.0, today));
    let better = better.expect("amended");
    assert_eq!(better.pay, yuan("1000.00"));
    assert_eq!(code(approve(&better, (WHO.0, today)).map(drop)), Err("attendance.own"));
    let approved = approve(&better, (WHO.1, today)).expect("approved");
    assert_eq!(code(approve(&approved, (WHO.1, today)).map(drop)), Err("attendance.approved"));
    let late = record(&post(), Some(&approved), &month("2026-05-01", 1, 100), (WHO.0, today));
    assert_eq!(code(late.map(drop)), Err("attendance.approved"));
}

#[test]
fn a_person_holds_one_post_at_a_time() {
    let held = Model { id: WelfarePostId(1), ..post() };
    let with =
        |from: &str, until: &str| Model { from_on: day(from), until_on: day(until), ..post() };
    let tried = |row: Model| code(open(&row, std::slice::from_ref(&held)));
    assert_eq!(tried(with("2026-12-31", "2027-06-30")), Err("welfare_post.held_already"));
    assert_eq!(tried(with("2027-01-01", "2027-06-30")), Ok(()));
    assert_eq!(tried(with("2025-01-01", "2026-01-10")), Err("welfare_post.held_already"));
    assert_eq!(tried(with("2025-01-01", "2026-01-09")), Ok(()));
    // it does not stand in its own way
    let longer = Model { until_on: day("2027-01-31"), ..held.clone() };
    assert!(amend(&held, &longer, std::slice::from_ref(&held)).is_ok());
}

#[test]
fn a_post_ends_within_its_term_and_once() {
    let (row, today) = (post(), day("2026-06-15"));
    let tried =
        |on: &str| code(end(&row, (day(on), EndReason::Left), today).map(|row| row.until_on));
    assert_eq!(tried("2026-06-15"), Ok(day("2026-06-15")));
    assert_eq!(tried("2026-01-09"), Err("duty.term_reversed"));
    assert_eq!(tried("2027-01-01"), Err("welfare_post.ended"));
    let gone = end(&row, (today, EndReason::Unfit), today).expect("ended");
    let again = end(&gone, (today, EndReason::Left), today);
    assert_eq!(code(again.map(drop)), Err("welfare_post.ended"));
    let amended = amend(&gone, &Model { monthly_pay: yuan("2.00"), ..gone.clone() }, &[]);
    assert_eq!(code(amended.map(drop)), Err("welfare_post.ended"));
    let over = Model { until_on: day("2026-06-14"), ..post() };
    let late = end(&over, (day("2026-06-01"), EndReason::Left), today);
    assert_eq!(code(late.map(drop)), Err("welfare_post.ended"));
}

#[test]
fn what_is_said_of_a_post_has_its_limits() {
    let wrong = |row: Model| -> Vec<String> {
        check(&row).0.into_iter().map(|mistake| mistake.field.into_owned()).collect()
    };
    assert!(wrong(post()).is_empty());
    let most = limits::POST_PAY;
    assert!(wrong(Model { monthly_pay: most, ..post() }).is_empty());
    let more = Money::from_fen(most.fen() + 1);
    assert_eq!(wrong(Model { monthly_pay: more, ..post() }), ["monthly_pay"]);
    assert_eq!(wrong(Model { monthly_pay: Money::ZERO, ..post() }), ["monthly_pay"]);
    for (days, n) in [(0, 1), (1, 0), (31, 0), (32, 1)] {
        assert_eq!(wrong(Model { days_due: days, ..post() }).len(), n, "{days}");
    }
    for (places, n) in [(0, 1), (1, 0), (limits::POST_PLACES, 0), (limits::POST_PLACES + 1, 1)] {
        assert_eq!(wrong(Model { n_places: Some(places), ..post() }).len(), n, "{places}");
    }
    let last = post().from_on + chrono::TimeDelta::days(limits::POST_DAYS);
    assert!(wrong(Model { until_on: last, ..post() }).is_empty());
    let after = last + chrono::TimeDelta::days(1);
    assert_eq!(wrong(Model { until_on: after, ..post() }), ["until_on"]);
    let early = post().from_on - chrono::TimeDelta::days(1);
    assert_eq!(wrong(Model { until_on: early, ..post() }), ["until_on"]);
}
