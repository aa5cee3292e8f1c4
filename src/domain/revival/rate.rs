//! 盘活率, by the formula in use (domain.md §5): the mean of the share by value and the share by number.

use entity::money::Money;

/// How many assets, and what they cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub n: i64,
    /// Their original values.
    pub value: Money,
}

impl Sum {
    /// Nothing.
    pub const NONE: Sum = Sum { n: 0, value: Money::ZERO };

    /// Both together.
    #[must_use]
    pub fn and(self, other: Sum) -> Sum {
        let fen = self.value.fen().saturating_add(other.value.fen());
        Sum { n: self.n + other.n, value: Money::from_sum(fen) }
    }
}

/// 盘活率 = [(盘活金额/需盘活金额)+(盘活数量/需盘活总数)]/2×100% (domain.md §5, S40), in hundredths of a percent,
/// a half upwards. None where nothing needs it, or where no value is recorded of what does: then there
/// is no such share.
pub fn rate_bp(revived: Sum, needed: Sum) -> Option<i64> {
    let (n, of_n) = (i128::from(revived.n), i128::from(needed.n));
    let (fen, of_fen) = (i128::from(revived.value.fen()), i128::from(needed.value.fen()));
    if of_n <= 0 || of_fen <= 0 {
        return None;
    }
    // (fen / of_fen + n / of_n) / 2, over one denominator
    let (above, below) = (fen * of_n + n * of_fen, 2 * of_fen * of_n);
    i64::try_from((above * 10_000 * 2 + below) / (below * 2)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(n: i64, yuan: i64) -> Sum {
        Sum { n, value: Money::from_fen(yuan * 100) }
    }

    #[test]
    fn the_rate_is_the_mean_of_two_shares() {
        let cases = [
            // a half by number, a quarter by value
            ((1, 25), (2, 100), Some(3_750)),
            ((0, 0), (3, 90), Some(0)),
            ((3, 90), (3, 90), Some(10_000)),
            // (40/60 + 1/3) / 2 is a half exactly
            ((1, 40), (3, 60), Some(5_000)),
            // (1/3 + 1/3) / 2 = 33.333…, and two of three 66.666…
            ((1, 1), (3, 3), Some(3_333)),
            ((2, 2), (3, 3), Some(6_667)),
            // (1/8 + 1/16) / 2 = 9.375 %: a half goes upwards
            ((1, 1), (16, 8), Some(938)),
            ((0, 0), (0, 0), None),
            ((1, 0), (2, 0), None),
        ];
        for (revived, needed, expected) in cases {
            let told = rate_bp(sum(revived.0, revived.1), sum(needed.0, needed.1));
            assert_eq!(told, expected, "{revived:?} of {needed:?}");
        }
    }

    #[test]
    fn the_largest_sums_are_told_exactly() {
        let all = Sum { n: 3_000_000, value: Money::MAX };
        let half = Sum { n: 1_500_000, value: Money::from_fen(Money::MAX.fen() / 2) };
        assert_eq!(rate_bp(half, all), Some(5_000));
        assert_eq!(all.and(Sum::NONE), all);
    }
}
