//! What a contract must be, and that what it asks to be paid comes to the fen.

use entity::{
    area::AreaCode,
    asset::{Class, State},
    contract::Step,
    contract_due,
    id::OrganizationId,
};
use proptest::prelude::*;

use super::{rent::rising, schedule::schedule, *};
use crate::domain::asset as cards;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn yuan(text: &str) -> Money {
    text.parse().expect("an amount")
}

fn today() -> NaiveDate {
    day("2026-06-01")
}

fn asset() -> asset::Model {
    let village: AreaCode = "520381100201".parse().expect("a code");
    cards::blank(village, Class::Operating, "门面房")
}

/// A lease, from the first day to the last.
fn lease(starts_on: &str, ends_on: &str, rent: &str, rhythm: Rhythm) -> Model {
    let blank = Model {
        contract_no: "租-1".to_owned(),
        starts_on: day(starts_on),
        ends_on: day(ends_on),
        yearly_rent: yuan(rent),
        rhythm,
        ..blank(&asset(), today())
    };
    settled(paid_by(blank, Some(Party::Organization(OrganizationId(1)))))
}

fn claim(kind: Kind, principal: &str, rate_bp: i32) -> Model {
    let lease = lease("2022-07-01", "2027-06-30", "0.00", Rhythm::Yearly);
    Model { kind, principal: yuan(principal), rate_bp, timing: Timing::Arrears, ..lease }
}

fn amounts(contract: &Model) -> Vec<String> {
    schedule(contract).iter().map(|due| due.amount.to_string()).collect()
}

fn wrong(contract: &Model) -> Vec<String> {
    check(contract).0.into_iter().map(|one| one.field.into_owned()).collect()
}

#[test]
fn days_do_not_drift_at_the_end_of_a_month() {
    let monthly = lease("2026-01-31", "2027-01-30", "1200.00", Rhythm::Monthly);
    let begins: Vec<String> =
        schedule(&monthly).iter().map(|due| due.from_on.to_string()).collect();
    assert_eq!(begins[..4], ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]);
    assert_eq!(begins.len(), 12);
    assert_eq!(amounts(&monthly), vec!["100.00"; 12]);
}

#[test]
fn a_year_that_does_not_divide_evenly_still_comes_to_its_rent() {
    let quarterly = lease("2026-01-01", "2026-12-31", "100.01", Rhythm::Quarterly);
    assert_eq!(amounts(&quarterly), ["25.01", "25.00", "25.00", "25.00"]);
}

#[test]
fn a_short_last_period_is_paid_by_its_days() {
    // 45 of the 90 days of the first quarter of 2027
    let contract = lease("2026-01-01", "2027-02-14", "3600.00", Rhythm::Quarterly);
    assert_eq!(amounts(&contract), ["900.00", "900.00", "900.00", "900.00", "450.00"]);
    let last = schedule(&contract).pop().expect("a due");
    assert_eq!((last.from_on, last.to_on), (day("2027-01-01"), day("2027-02-14")));
}

#[test]
fn nothing_is_paid_for_free_months_and_steps_begin_with_their_year() {
    let contract = Model {
        free_months: 4,
        steps: Steps(vec![Step { year: 2, rent: yuan("2400.00") }]),
        ..lease("2026-01-01", "2027-12-31", "1200.00", Rhythm::Quarterly)
    };
    let paid = ["0.00", "200.00", "300.00", "300.00", "600.00", "600.00", "600.00", "600.00"];
    assert_eq!(amounts(&contract), paid);
    // a free month within a last period that is short
    let short = lease("2026-01-01", "2026-02-14", "3600.00", Rhythm::Quarterly);
    assert_eq!(amounts(&Model { free_months: 1, ..short.clone() }), ["140.00"]);
    assert!(amounts(&Model { free_months: 2, ..short }).is_empty());
}

#[test]
fn what_is_due_when_is_counted_from_the_beginning_or_the_end() {
    let contract =
        Model { due_days: 15, ..lease("2026-01-01", "2026-12-31", "1200.00", Rhythm::HalfYearly) };
    let days = |contract: &Model| -> Vec<String> {
        schedule(contract).iter().map(|due| due.due_on.to_string()).collect()
    };
    assert_eq!(days(&contract), ["2026-01-16", "2026-07-16"]);
    let later = Model { timing: Timing::Arrears, ..contract };
    assert_eq!(days(&later), ["2026-07-15", "2027-01-15"]);
}

#[test]
fn interest_is_rounded_down_and_a_debt_is_given_back() {
    // 3,000,000 at 5 %, five years (domain.md §2.7)
    let debt = claim(Kind::Debt, "3000000.00", 500);
    let dues = schedule(&debt);
    assert_eq!(amounts(&debt)[..5], vec!["150000.00"; 5]);
    let back = dues.last().expect("a due");
    assert_eq!((back.number, back.kind), (6, contract_due::Kind::Principal));
    assert_eq!((back.amount, back.due_on), (yuan("3000000.00"), day("2027-06-30")));
    // less than a fen a year is nothing
    assert!(schedule(&claim(Kind::Equity, "0.30", 333)).is_empty());
    let equity = claim(Kind::Equity, "100.33", 333);
    assert_eq!(amounts(&equity), vec!["3.34"; 5]);
}

#[test]
fn what_the_owner_operates_asks_for_nothing() {
    let own =
        Model { kind: Kind::Own, ..lease("2026-01-01", "2026-12-31", "0.00", Rhythm::Yearly) };
    let own = paid_by(own, None);
    assert!(wrong(&own).is_empty() && schedule(&own).is_empty());
    let paid = paid_by(own.clone(), Some(Party::Organization(OrganizationId(1))));
    assert_eq!(wrong(&paid), ["payer"]);
    assert_eq!(wrong(&Model { yearly_rent: yuan("1.00"), ..own }), ["yearly_rent"]);
}

#[test]
fn a_contract_is_what_it_should_be() {
    let fine = lease("2026-01-01", "2026-12-31", "1200.00", Rhythm::Monthly);
    assert!(wrong(&fine).is_empty());
    assert_eq!(wrong(&paid_by(fine.clone(), None)), ["payer"]);
    let years = |ends_on| wrong(&Model { ends_on: day(ends_on), ..fine.clone() });
    assert_eq!(years("2075-12-31"), Vec::<String>::new());
    assert_eq!(years("2076-01-01"), ["ends_on"]);
    assert_eq!(years("2025-12-31"), ["ends_on"]);
    let number = |text: &str| wrong(&Model { contract_no: text.to_owned(), ..fine.clone() });
    assert_eq!(number(" "), ["contract_no"]);
    assert!(number(&"号".repeat(limits::CONTRACT_NO_LENGTH)).is_empty());
    assert_eq!(number(&"号".repeat(limits::CONTRACT_NO_LENGTH + 1)), ["contract_no"]);
    assert!(wrong(&Model { due_days: 60, ..fine.clone() }).is_empty());
    assert_eq!(wrong(&Model { due_days: 61, ..fine.clone() }), ["due_days"]);
    assert_eq!(wrong(&Model { share_bp: 10_001, ..fine.clone() }), ["share_bp"]);
    assert_eq!(wrong(&Model { principal: yuan("1.00"), ..fine.clone() }), ["principal"]);
    assert_eq!(wrong(&claim(Kind::Equity, "0.00", 500)), ["principal"]);
    let steps = |years: &[i32]| {
        let steps = years.iter().map(|year| Step { year: *year, rent: yuan("1.00") });
        wrong(&Model { steps: Steps(steps.collect()), ..fine.clone() })
    };
    assert!(steps(&[2, 50]).is_empty());
    for years in [&[1][..], &[51], &[3, 3], &[4, 3]] {
        assert_eq!(steps(years), ["steps"], "{years:?}");
    }
}

#[test]
fn steps_are_read_as_people_write_them() {
    use crate::domain::field::{FieldValue, Reading};
    let read = |text| Steps::read(Some(text), Reading::default());
    let steps = read("3=12600；5＝1.3万元").expect("steps");
    assert_eq!(steps.to_string(), "3=12600.00\n5=13000.00");
    assert_eq!(read(" ").expect("none"), Steps::default());
    assert!(read("3").is_err() && read("x=1").is_err() && read("3=-1").is_err());
}

#[test]
fn a_rent_that_rises_by_a_rate_is_worked_out_step_by_step() {
    let steps = rising(yuan("100.01"), 500, 2, 6).expect("steps");
    assert_eq!(steps.to_string(), "3=105.01\n5=110.26");
    assert_eq!(rising(yuan("1.00"), 500, 0, 6), None);
    assert_eq!(rising(yuan("1.00"), -1, 1, 6), None);
    assert_eq!(rising(Money::MAX, 1, 1, 6), None);
    assert_eq!(rising(yuan("1.00"), 500, 2, 2), Some(Steps::default()));
}

#[test]
fn an_asset_off_the_books_has_no_new_contract_and_a_number_stands_once() {
    let contract = lease("2026-01-01", "2026-12-31", "1200.00", Rhythm::Monthly);
    let code = |done: Result<(), Refusal>| done.map_err(|no| no.code);
    assert_eq!(code(conclude(&asset(), &contract, &[])), Ok(()));
    let gone = asset::Model { state: State::Disposed, ..asset() };
    assert_eq!(code(conclude(&gone, &contract, &[])), Err("asset.not_held"));
    let other = Model { id: ContractId(7), ..contract.clone() };
    let taken = code(conclude(&asset(), &contract, std::slice::from_ref(&other)));
    assert_eq!(taken, Err("contract.number_taken"));
    let others: Vec<Model> = (0..limits::CONTRACTS_PER_ASSET)
        .map(|n| Model { contract_no: n.to_string(), ..other.clone() })
        .collect();
    assert_eq!(code(conclude(&asset(), &contract, &others[1..])), Ok(()));
    assert_eq!(code(conclude(&asset(), &contract, &others)), Err("contract.full"));
}

#[test]
fn a_contract_is_amended_while_it_runs_and_not_after() {
    let before = lease("2026-01-01", "2026-12-31", "1200.00", Rhythm::Monthly);
    let amended =
        |after: Model, today: &str| amend(&before, after, &[], day(today)).map_err(|no| no.code);
    let longer = Model { ends_on: day("2027-12-31"), ..before.clone() };
    let stored = amended(longer.clone(), "2026-12-31").expect("amended");
    assert_eq!(stored.last_on, day("2027-12-31"));
    assert_eq!(amended(longer, "2027-01-01"), Err("contract.over"));
    assert_eq!(amended(before.clone(), "2026-06-01"), Err("row.nothing_changed"));
    let other = Model { kind: Kind::Contracting, ..before.clone() };
    assert_eq!(amended(other, "2026-06-01"), Err("asset.field_fixed"));
    let payer = paid_by(before.clone(), Some(Party::Organization(OrganizationId(2))));
    assert_eq!(amended(payer, "2026-06-01"), Err("asset.field_fixed"));
}

#[test]
fn a_contract_is_ended_within_its_term_for_a_reason() {
    let contract = lease("2026-01-01", "2026-12-31", "1200.00", Rhythm::Monthly);
    let ended =
        |on: &str, reason: &str| end(&contract, day(on), reason, today()).map_err(|no| no.code);
    assert_eq!(ended("2026-06-30", " "), Err("action.reason_missing"));
    assert_eq!(ended("2025-12-31", "退租"), Err("contract.end_outside"));
    assert_eq!(ended("2027-01-01", "退租"), Err("contract.end_outside"));
    let cut = ended("2026-06-15", "退租").expect("ended");
    let dues = schedule(&cut);
    assert_eq!((dues.len(), dues[5].to_on), (6, day("2026-06-15")));
    assert_eq!((dues[4].amount, dues[5].amount), (yuan("100.00"), yuan("50.00")));
    let again = end(&cut, day("2026-06-14"), "退租", today()).map_err(|no| no.code);
    assert_eq!(again, Err("contract.over"));
}

fn rhythms() -> impl Strategy<Value = Rhythm> {
    prop::sample::select(Rhythm::ALL)
}

prop_compose! {
    fn contracts()(
        start in 0..20_000_u64,
        length in 0..6_000_u64,
        rent in 1..10_000_000_i64,
        step in (2..16_i32, 0..10_000_000_i64),
        rhythm in rhythms(),
        timing in prop::sample::select(Timing::ALL),
        due_days in 0..=60_i32,
    ) -> Model {
        let starts_on = day("1990-01-01") + Days::new(start);
        let steps = Steps(vec![Step { year: step.0, rent: Money::from_fen(step.1) }]);
        let contract = lease("2026-01-01", "2026-12-31", "0.00", rhythm);
        let ends_on = starts_on + Days::new(length);
        let yearly_rent = Money::from_fen(rent);
        settled(Model { starts_on, ends_on, yearly_rent, steps, timing, due_days, ..contract })
    }
}

fn total(dues: &[contract_due::Model]) -> i64 {
    dues.iter().map(|due| due.amount.fen()).sum()
}

proptest! {
    #[test]
    fn a_full_year_comes_to_its_rent(contract in contracts()) {
        let dues = schedule(&contract);
        let n = usize::try_from(12 / contract.rhythm.months()).expect("a few");
        for (year, dues) in (1..).zip(dues.chunks(n)) {
            let after = contract.starts_on.checked_add_months(Months::new(year * 12));
            let rent = rent::of_year(&contract, i32::try_from(year).expect("a year"));
            let rent = rent.expect("rent").fen();
            if after.is_some_and(|after| after <= contract.ends_on.succ_opt().expect("a day")) {
                prop_assert_eq!(total(dues), rent);
            } else {
                prop_assert!(total(dues) <= rent);
            }
        }
    }

    #[test]
    fn periods_cover_the_term_without_a_gap(contract in contracts()) {
        let dues = schedule(&contract);
        // a rent of so few fen that a single day comes to nothing asks for nothing
        prop_assume!(!dues.is_empty());
        prop_assert_eq!(dues[0].from_on, contract.starts_on);
        prop_assert_eq!(dues.last().expect("a due").to_on, contract.ends_on);
        for pair in dues.windows(2) {
            prop_assert_eq!(pair[0].to_on.succ_opt(), Some(pair[1].from_on));
            prop_assert!(pair[0].due_on < pair[1].due_on);
            prop_assert_eq!(pair[0].number + 1, pair[1].number);
        }
        for due in &dues {
            let least = if contract.timing == Timing::Advance { due.from_on } else { due.to_on };
            prop_assert!(due.from_on <= due.to_on && least <= due.due_on);
            prop_assert!(!due.amount.is_negative());
        }
        let most = usize::try_from(limits::CONTRACT_YEARS * 12).expect("a few");
        prop_assert!(dues.len() <= most);
    }

    #[test]
    fn ending_early_never_asks_for_more(contract in contracts(), share in 0..=1_000_u64) {
        let length = u64::try_from((contract.ends_on - contract.starts_on).num_days()).expect("days");
        let on = contract.starts_on + Days::new(length * share / 1_000);
        let today = contract.starts_on;
        let (whole, ended) = (schedule(&contract), end(&contract, on, "退租", today).expect("ended"));
        let cut = schedule(&ended);
        prop_assert!(total(&cut) <= total(&whole));
        prop_assert!(cut.iter().all(|due| due.to_on <= on));
        if on == contract.ends_on {
            prop_assert_eq!(cut, whole);
        }
    }

    #[test]
    fn free_months_carry_nothing(contract in contracts(), free in 0..40_i32) {
        let dues = schedule(&Model { free_months: free, ..contract.clone() });
        let months = Months::new(u32::try_from(free).expect("months"));
        let paid_from = contract.starts_on.checked_add_months(months).expect("a day");
        for due in dues.iter().filter(|due| due.to_on < paid_from) {
            prop_assert_eq!(due.amount, Money::ZERO);
        }
    }
}
