//! Distribution, against a second reckoning: the rules of domain.md §3.4 by other algorithms than the ones
//! they are carried out by.
//!
//! Each property is tried 4,096 times, or as often as `PROPTEST_CASES` says.

use proptest::prelude::*;

use super::{
    awards,
    equal::{Pattern, Recipient, Thresholds, detect},
    equity,
    method::Method,
    months, need, posts,
    proof::{Natural, Proof, check},
    *,
};

/// Tries where the environment does not say; what proptest has by itself is taken for that.
fn tries() -> ProptestConfig {
    const ITS_OWN: u32 = 256;
    let config = ProptestConfig::default();
    let cases = if config.cases == ITS_OWN { 4_096 } else { config.cases };
    ProptestConfig { cases, ..config }
}

/// Hands a fen at a time to whoever is furthest below the exact proportion, the lowest number first where
/// several are: for small totals.
fn handed_out(total: u32, weights: &[u64]) -> Vec<i128> {
    let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let mut has = vec![0_i128; weights.len()];
    for _ in 0..total {
        let wanting =
            |place: usize| i128::from(total) * i128::from(weights[place]) - has[place] * whole;
        let mut best = 0;
        for place in 1..weights.len() {
            if wanting(place) > wanting(best) {
                best = place;
            }
        }
        has[best] += 1;
    }
    has
}

/// Gives everybody a whole fen for any part of one, then takes back what is too much, a fen at a time from
/// whoever is furthest above the exact proportion, the highest number first where several are.
fn taken_back(total: i64, weights: &[u64]) -> Vec<i128> {
    let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let exact = |place: usize| i128::from(total) * i128::from(weights[place]);
    let mut has: Vec<i128> =
        (0..weights.len()).map(|place| (exact(place) + whole - 1).div_euclid(whole)).collect();
    let mut too_much = has.iter().sum::<i128>() - i128::from(total);
    while too_much > 0 {
        let above = |place: usize| has[place] * whole - exact(place);
        let from = (0..has.len()).max_by_key(|place| above(*place)).expect("a household");
        has[from] -= 1;
        too_much -= 1;
    }
    has
}

/// Numbers of households, in their order, with a weight each.
fn lines(weights: &[u64]) -> Vec<Weighted> {
    let line = |(place, weight): (usize, &u64)| Weighted {
        household: format!("{place:04}"),
        weight: *weight,
    };
    weights.iter().enumerate().map(line).collect()
}

fn fen(payments: &[Payment]) -> Vec<i128> {
    payments.iter().map(|payment| i128::from(payment.amount.fen())).collect()
}

/// Weights, some of them alike so that remainders tie, at least one above zero.
fn weights() -> impl Strategy<Value = Vec<u64>> {
    let weight = prop_oneof![Just(0), 1_u64..4, 1_u64..1_000, any::<u64>()];
    prop::collection::vec(weight, 1..12).prop_map(|mut weights| {
        if weights.iter().all(|weight| *weight == 0) {
            weights[0] = 1;
        }
        weights
    })
}

/// Weights, and their lines in any order.
fn in_any_order() -> impl Strategy<Value = (Vec<u64>, Vec<Weighted>)> {
    weights().prop_flat_map(|weights| {
        let lines = Just(lines(&weights)).prop_shuffle();
        (Just(weights), lines)
    })
}

/// What every division keeps to.
fn holds(total: i64, weights: &[u64], proof: &Proof) -> Result<(), TestCaseError> {
    let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let parts = fen(&proof.payments());
    prop_assert_eq!(parts.iter().sum::<i128>(), i128::from(total));
    for (part, weight) in parts.iter().zip(weights) {
        let away = part * whole - i128::from(total) * i128::from(*weight);
        prop_assert!(away.abs() < whole, "within a fen of the exact proportion");
        prop_assert!(*weight > 0 || *part == 0, "no weight, no money");
    }
    for (one, part) in weights.iter().zip(&parts) {
        for (other, other_part) in weights.iter().zip(&parts) {
            prop_assert!(one <= other || part >= other_part, "more weight, no less money");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn small_totals_are_handed_out_alike(total in 0_u32..60, (weights, lines) in in_any_order()) {
        let proof = divide(Money::from_fen(total.into()), &lines).expect("a division");
        holds(total.into(), &weights, &proof)?;
        prop_assert_eq!(fen(&proof.payments()), handed_out(total, &weights));
    }

    #[test]
    fn any_total_is_divided_alike(
        total in prop_oneof![0..1_000_000_i64, 0..=Money::MAX.fen()],
        (weights, lines) in in_any_order(),
    ) {
        let proof = divide(Money::from_fen(total), &lines).expect("a division");
        holds(total, &weights, &proof)?;
        prop_assert_eq!(fen(&proof.payments()), taken_back(total, &weights));
        prop_assert_eq!(check(&proof), Ok(()));
    }

    #[test]
    fn only_one_proof_passes(
        total in 0..100_000_i64,
        weights in weights(),
        place in any::<prop::sample::Index>(),
        what in 0..5,
    ) {
        let proof = divide(Money::from_fen(total), &lines(&weights)).expect("a division");
        let mut spoiled = proof.clone();
        let line = &mut spoiled.lines[place.index(weights.len())];
        match what {
            0 => line.got_left_over = !line.got_left_over,
            1 => line.quotient_fen += 1,
            2 => line.weight = Natural(line.weight.0 + 1),
            3 => line.remainder = Natural(line.remainder.0 + 1),
            _ => spoiled.left_over_fen += 1,
        }
        prop_assert!(check(&spoiled).is_err());
        // nor does one in which a fen left over changed hands
        let mut moved = proof.clone();
        let got = moved.lines.iter().position(|line| line.got_left_over);
        let went_without = moved.lines.iter().position(|line| !line.got_left_over);
        if let (Some(got), Some(went_without)) = (got, went_without) {
            moved.lines[got].got_left_over = false;
            moved.lines[went_without].got_left_over = true;
            prop_assert!(check(&moved).is_err());
        }
    }

    #[test]
    fn tiers_and_months_are_weights(
        total in 0..=Money::MAX.fen(),
        table in prop::collection::vec((0_u32..20, 0_u32..4, 0_u8..=12), 1..12),
    ) {
        let number = |place: usize| format!("{place:04}");
        let need = table.iter().enumerate().map(|(place, (n_persons, tier, _))| need::Line {
            household: number(place),
            n_persons: *n_persons,
            tier: *tier,
        });
        let need: Vec<_> = need.collect();
        let months = need.iter().zip(&table).map(|(line, (_, _, n_months))| months::Line {
            whole_year: line.weighted(),
            n_months: *n_months,
        });
        let amount = Money::from_fen(total);
        let by_month: Vec<u64> = table
            .iter()
            .map(|(n, tier, months)| u64::from(*n) * u64::from(*tier) * u64::from(*months))
            .collect();
        let by_tier: Vec<u64> =
            table.iter().map(|(n, tier, _)| u64::from(*n) * u64::from(*tier)).collect();
        for (method, weights) in
            [(Method::Months(months.collect()), by_month), (Method::Need(need), by_tier)]
        {
            if weights.iter().all(|weight| *weight == 0) {
                prop_assert!(method.divide(amount).is_err());
                continue;
            }
            let outcome = method.divide(amount).expect("an outcome");
            prop_assert_eq!(fen(&outcome.payments), taken_back(total, &weights));
        }
    }

    #[test]
    fn shares_are_divided_and_the_rest_is_left(
        total in 0..=Money::MAX.fen(),
        numerators in prop::collection::vec(1_u32..=100, 1..12),
        beside in 0_u32..500,
    ) {
        let whole = numerators.iter().sum::<u32>() + beside;
        let lines: Vec<_> = numerators
            .iter()
            .enumerate()
            .map(|(place, numerator)| equity::Line {
                household: format!("{place:04}"),
                share: entity::share::Share::new(*numerator, whole).expect("a share"),
            })
            .collect();
        let amount = Money::from_fen(total);
        let outcome = equity::pay(amount, &lines, equity::Unassigned::Left).expect("an outcome");
        let paid = fen(&outcome.payments);
        prop_assert_eq!(paid.iter().sum::<i128>() + i128::from(outcome.left.fen()), i128::from(total));
        let (all, whole) = (i128::from(total), i128::from(whole));
        // what nobody has is rounded up by less than a fen, so that no share is paid more than there is
        let spare = i128::from(outcome.left.fen()) * whole - all * i128::from(beside);
        prop_assert!((0..whole).contains(&spare));
        let weights: Vec<u64> = numerators.iter().map(|numerator| u64::from(*numerator)).collect();
        let assigned = total - outcome.left.fen();
        prop_assert_eq!(paid, taken_back(assigned, &weights));
        let all = equity::pay(amount, &lines, equity::Unassigned::Divided).expect("an outcome");
        prop_assert_eq!(fen(&all.payments), taken_back(total, &weights));
    }

    #[test]
    fn a_wage_is_rounded_down_and_nothing_is_lost(
        table in prop::collection::vec(
            (0_usize..6, 0..100_000_i64, 0..1_000_000_i64, 0..=366_u32, 0..=10_000_u32), 1..12),
        beside in 0..1_000_i64,
    ) {
        let lines: Vec<_> = table
            .iter()
            .map(|(place, rate, cap, n_attended, assessment_bp)| posts::Line {
                household: format!("{place:04}"),
                rate: Money::from_fen(*rate),
                cap: Money::from_fen(*cap),
                n_attended: *n_attended,
                assessment_bp: *assessment_bp,
            })
            .collect();
        let mut total = 0;
        for line in &lines {
            let wage = i128::from(line.wage().expect("a wage").fen());
            let earned = i128::from(line.rate.fen()) * i128::from(line.n_attended);
            let exact = i128::from(line.assessment_bp) * earned.min(line.cap.fen().into());
            prop_assert!(wage * 10_000 <= exact && exact < (wage + 1) * 10_000);
            total += i64::try_from(wage).expect("a wage");
        }
        let paid = posts::pay(Money::from_fen(total + beside), &lines).expect("paid");
        prop_assert_eq!(paid.left, Money::from_fen(beside));
        prop_assert_eq!(fen(&paid.payments).iter().sum::<i128>(), i128::from(total));
        let backwards: Vec<_> = lines.iter().rev().cloned().collect();
        prop_assert_eq!(posts::pay(Money::from_fen(total + beside), &backwards), Ok(paid));
        if total > 0 {
            prop_assert!(posts::pay(Money::from_fen(total - 1), &lines).is_err());
        }
    }

    #[test]
    fn awards_are_left_or_short_and_never_both(
        total in 0..1_000_000_i64,
        table in prop::collection::vec((0_usize..6, 0_usize..2, 1..100_i64), 1..12),
    ) {
        let tariff: awards::Tariff =
            [("0", 80_000), ("1", 12_345)].map(|(code, fen)| (code.to_owned(), Money::from_fen(fen))).into();
        let units = |n: i64| entity::measure::Quantity::from_ten_thousandths(n * 10_000);
        let mut lines: Vec<_> = table
            .iter()
            .map(|(place, award, n)| awards::Line {
                household: format!("{place:04}"),
                award: award.to_string(),
                units: units(*n).expect("units"),
            })
            .collect();
        let outcome = awards::pay(Money::from_fen(total), &tariff, &lines).expect("awards");
        let worth: i64 = table.iter().map(|(_, award, n)| [80_000, 12_345][*award] * n).sum();
        prop_assert_eq!(fen(&outcome.payments).iter().sum::<i128>(), i128::from(worth));
        prop_assert_eq!(outcome.left.fen() - outcome.short.fen(), total - worth);
        prop_assert!(outcome.left == Money::ZERO || outcome.short == Money::ZERO);
        lines.reverse();
        prop_assert_eq!(awards::pay(Money::from_fen(total), &tariff, &lines), Ok(outcome));
    }

    #[test]
    fn equal_division_is_found_as_plain_reckoning_finds_it(
        table in prop::collection::vec(
            (prop_oneof![Just(500_i64), 480..=520_i64, 1..3_000_i64], 1_u32..5), 0..12),
        spread_bp in 0_u32..3_000,
        one_amount_bp in 0_u32..=10_000,
    ) {
        let recipients: Vec<_> = table
            .iter()
            .map(|(fen, n)| Recipient { amount: Money::from_fen(*fen), n_persons: Some(*n) })
            .collect();
        let thresholds = Thresholds { n_recipients: 5, one_amount_bp, spread_bp };
        let found = detect(&recipients, thresholds).expect("within limits");
        let patterns = found.as_ref().map(|one| one.patterns.clone()).unwrap_or_default();
        prop_assert_eq!(patterns, plainly(&table, thresholds));
    }

    #[test]
    fn an_equal_division_is_always_found(
        total in 1_000..=Money::MAX.fen(),
        persons in prop::collection::vec(1_u32..9, 5..40),
    ) {
        let weights: Vec<u64> = persons.iter().map(|n| u64::from(*n)).collect();
        let of = |weights: &[u64]| -> Vec<Pattern> {
            let payments = divide(Money::from_fen(total), &lines(weights)).expect("a division").payments();
            let recipients: Vec<_> = payments
                .iter()
                .zip(&persons)
                .map(|(payment, n)| Recipient { amount: payment.amount, n_persons: Some(*n) })
                .collect();
            let found = detect(&recipients, Thresholds::USUAL).expect("within limits");
            found.map(|one| one.patterns).unwrap_or_default()
        };
        prop_assert!(of(&weights).contains(&Pattern::EveryPerson));
        prop_assert!(of(&vec![1; weights.len()]).contains(&Pattern::EveryHousehold));
    }
}

/// The patterns of small amounts, by comparing every pair and by fractions that need no wide numbers.
fn plainly(table: &[(i64, u32)], thresholds: Thresholds) -> Vec<Pattern> {
    let n = i64::try_from(table.len()).expect("a few");
    if table.len() < thresholds.n_recipients {
        return Vec::new();
    }
    let pairs = || table.iter().flat_map(|one| table.iter().map(move |other| (one, other)));
    let is_near = |a: i64, n: u32, b: i64, m: u32| (a - 1) * i64::from(m) < (b + 1) * i64::from(n);
    let most = table.iter().map(|one| table.iter().filter(|other| other.0 == one.0).count()).max();
    let most = i64::try_from(most.expect("some")).expect("a few");
    // n² times the variance is half the sum of the squares of all differences
    let differences: i64 = pairs().map(|(one, other)| (one.0 - other.0).pow(2)).sum();
    let sum: i64 = table.iter().map(|one| one.0).sum();
    let bp = i128::from(thresholds.spread_bp);
    let mut patterns = Vec::new();
    if pairs().all(|(one, other)| (one.0 - other.0).abs() <= 1) {
        patterns.push(Pattern::EveryHousehold);
    }
    if pairs().all(|(one, other)| is_near(one.0, one.1, other.0, other.1)) {
        patterns.push(Pattern::EveryPerson);
    }
    if most * 10_000 >= n * i64::from(thresholds.one_amount_bp) {
        patterns.push(Pattern::OneAmount);
    }
    if i128::from(differences) * 100_000_000 < 2 * bp * bp * i128::from(sum).pow(2) {
        patterns.push(Pattern::LittleSpread);
    }
    patterns
}
