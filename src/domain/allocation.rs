//! Dividing money so that the parts make the whole: by weights, equally, and by a rate that sets
//! a floor or a cap.

use entity::money::Money;

/// What a rate is counted in: ten thousand basis points are the whole.
const WHOLE_RATE: i32 = 10_000;

/// One part of an amount that was divided by weights, and how it came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The whole fen of its exact proportion.
    pub quotient: Money,
    /// What its exact proportion has beyond whole fen, in fen over the sum of the weights.
    pub remainder: u128,
    /// Whether it got one of the fen left over.
    pub got_left_over: bool,
}

/// Divides an amount in proportion to weights by largest remainder (domain.md §3.4): every part
/// gets its whole fen, and the fen left over go one each to the largest remainders, the earlier
/// part first where remainders tie. The parts sum to the amount exactly, no part is a fen or more
/// away from its exact proportion, and no weight means no money.
///
/// `None` when the amount is negative or no weight is above zero.
pub fn by_weight(total: Money, weights: &[u64]) -> Option<Vec<Money>> {
    let one_more = |part: &Part| Money::from_fen(i64::from(part.got_left_over));
    let parts = parts_by_weight(total, weights)?;
    parts.iter().map(|part| part.quotient.checked_add(one_more(part))).collect()
}

/// The same, with what each part came from, for whoever reckons it again.
pub fn parts_by_weight(total: Money, weights: &[u64]) -> Option<Vec<Part>> {
    let whole: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    let fen = u128::try_from(total.fen()).ok()?;
    if whole == 0 {
        return None;
    }
    let part = |weight: &u64| {
        let exact = fen * u128::from(*weight);
        let quotient = Money::try_from_fen(i64::try_from(exact / whole).ok()?)?;
        Some(Part { quotient, remainder: exact % whole, got_left_over: false })
    };
    let mut parts: Vec<Part> = weights.iter().map(part).collect::<Option<_>>()?;
    let left_over = total.checked_sub(Money::total(parts.iter().map(|part| part.quotient))?)?;

    let mut places: Vec<usize> = (0..parts.len()).collect();
    // the sort is stable: equal remainders stay in the order of their parts
    places.sort_by_key(|place| std::cmp::Reverse(parts[*place].remainder));
    for place in places.into_iter().take(usize::try_from(left_over.fen()).ok()?) {
        parts[place].got_left_over = true;
    }
    Some(parts)
}

/// Divides an amount into equal parts; the fen left over go to the first ones. `None` when there
/// is no part or the amount is negative.
pub fn equally(total: Money, n_parts: usize) -> Option<Vec<Money>> {
    by_weight(total, &vec![1; n_parts])
}

/// The least part of an amount that keeps a floor of so many basis points: rounded up to whole
/// fen. `None` when the amount is negative or the rate is not between nothing and the whole.
pub fn at_least(total: Money, rate_bp: i32) -> Option<Money> {
    let rest = at_most(total, WHOLE_RATE.checked_sub(rate_bp)?)?;
    total.checked_sub(rest)
}

/// The largest part of an amount that keeps a cap of so many basis points: rounded down to whole
/// fen. `None` when the amount is negative or the rate is not between nothing and the whole.
pub fn at_most(total: Money, rate_bp: i32) -> Option<Money> {
    if total.is_negative() || !(0..=WHOLE_RATE).contains(&rate_bp) {
        return None;
    }
    let fen = i128::from(total.fen()) * i128::from(rate_bp) / i128::from(WHOLE_RATE);
    Money::try_from_fen(i64::try_from(fen).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn amounts(texts: &[&str]) -> Vec<Money> {
        texts.iter().map(|text| yuan(text)).collect()
    }

    fn yuan(text: &str) -> Money {
        text.parse().expect("an amount")
    }

    #[test]
    fn the_checked_vectors() {
        let table: [(&str, &[u64], &[&str]); 4] = [
            (
                "100000.00",
                &[120, 95, 95, 60, 0, 33],
                &["29776.67", "23573.20", "23573.20", "14888.34", "0.00", "8188.59"],
            ),
            ("1.00", &[1, 1, 1], &["0.34", "0.33", "0.33"]),
            (
                "30000.00",
                &[8, 6, 6, 5, 3],
                &["8571.43", "6428.57", "6428.57", "5357.14", "3214.29"],
            ),
            ("12000.00", &[12, 12, 7, 12], &["3348.84", "3348.84", "1953.49", "3348.83"]),
        ];
        for (total, weights, parts) in table {
            assert_eq!(
                by_weight(yuan(total), weights),
                Some(amounts(parts)),
                "{total} by {weights:?}"
            );
        }
    }

    #[test]
    fn a_floor_rounds_up_and_a_cap_down() {
        let income = yuan("26878.62");
        assert_eq!(at_least(income, 8_000), Some(yuan("21502.90")));
        assert_eq!(income.checked_sub(yuan("21502.90")), Some(yuan("5375.72")));
        assert_eq!(at_most(income, 8_000), Some(yuan("21502.89")));
        assert_eq!(at_least(Money::MAX, 10_000), Some(Money::MAX));
        assert_eq!(at_most(Money::MAX, 10_000), Some(Money::MAX));
        assert_eq!(at_least(income, 0), Some(Money::ZERO));
        for rate_bp in [-1, 10_001, i32::MIN, i32::MAX] {
            assert_eq!(at_least(income, rate_bp), None, "{rate_bp}");
            assert_eq!(at_most(income, rate_bp), None, "{rate_bp}");
        }
        assert_eq!(at_least(yuan("-0.01"), 1), None);
    }

    #[test]
    fn what_cannot_be_divided_is_not() {
        assert_eq!(by_weight(yuan("1.00"), &[]), None);
        assert_eq!(by_weight(yuan("1.00"), &[0, 0]), None);
        assert_eq!(by_weight(yuan("-0.01"), &[1]), None);
        assert_eq!(equally(yuan("1.00"), 0), None);
        assert_eq!(by_weight(Money::ZERO, &[1, 2]), Some(amounts(&["0.00", "0.00"])));
    }

    #[test]
    fn the_largest_figures_fit() {
        let half = Money::from_fen(Money::MAX.fen() / 2);
        assert_eq!(by_weight(Money::MAX, &[u64::MAX, u64::MAX]), Some(vec![half, half]));
        assert_eq!(by_weight(Money::MAX, &[u64::MAX, 1]), Some(vec![Money::MAX, Money::ZERO]));
        assert_eq!(by_weight(Money::MAX, &[0, 1]), Some(vec![Money::ZERO, Money::MAX]));
    }

    #[test]
    fn equal_parts_differ_by_a_fen_at_most() {
        assert_eq!(equally(yuan("1.00"), 3), Some(amounts(&["0.34", "0.33", "0.33"])));
        assert_eq!(equally(yuan("0.02"), 3), Some(amounts(&["0.01", "0.01", "0.00"])));
    }

    proptest! {
        #[test]
        fn parts_make_the_whole(
            fen in 0..=Money::MAX.fen(),
            weights in prop::collection::vec(prop_oneof![Just(0), 1_u64..1_000, any::<u64>()], 1..40),
        ) {
            let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
            let Some(parts) = by_weight(Money::from_fen(fen), &weights) else {
                prop_assert_eq!(whole, 0);
                return Ok(());
            };
            prop_assert_eq!(parts.len(), weights.len());
            prop_assert_eq!(Money::total(parts.iter().copied()), Some(Money::from_fen(fen)));
            for (part, weight) in parts.iter().zip(&weights) {
                // within one fen of the exact proportion, and nothing for no weight
                let away = i128::from(part.fen()) * whole - i128::from(fen) * i128::from(*weight);
                prop_assert!(away.abs() < whole);
                prop_assert!(*weight > 0 || *part == Money::ZERO);
            }
            for (left, right) in (0..parts.len()).zip(1..parts.len()) {
                if weights[left] == weights[right] {
                    prop_assert!(parts[left] >= parts[right]);
                }
                if weights[left] > weights[right] {
                    prop_assert!(parts[left] >= parts[right]);
                }
            }
        }

        #[test]
        fn a_floor_and_its_cap_make_the_whole(fen in 0..=Money::MAX.fen(), rate_bp in 0..=10_000) {
            let total = Money::from_fen(fen);
            let floor = at_least(total, rate_bp).expect("a floor");
            let cap = at_most(total, rate_bp).expect("a cap");
            let exact = i128::from(fen) * i128::from(rate_bp);
            prop_assert!(i128::from(floor.fen()) * 10_000 >= exact);
            prop_assert!(i128::from(cap.fen()) * 10_000 <= exact);
            prop_assert!(floor.fen() - cap.fen() <= 1);
        }
    }
}
