//! Amounts that were most likely written in the wrong unit: some ten thousand times what is usual,
//! as 元 in a column of 万元 are, or the other way round. It is asked, never corrected.

use entity::money::Money;

/// How many times an amount is what it should be when 元 are taken for 万元.
const TIMES: i128 = 10_000;
/// How many times an amount may be above or below what is usual without any slip.
const SPREAD: i128 = 10;
/// Amounts of which there are at least so many before any of them is called usual.
pub const LEAST: usize = 5;

/// What an amount is suspected of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// It was meant in 元 and taken in 万元.
    TooLarge,
    /// It was meant in 万元 and taken in 元.
    TooSmall,
}

/// Whether the unit of an amount is suspected, where so much is usual.
pub fn slip(amount: Money, usual: Money) -> Option<Slip> {
    let (amount, usual) = (i128::from(amount.fen()), i128::from(usual.fen()));
    if amount <= 0 || usual <= 0 {
        return None;
    }
    let is_times = |large: i128, small: i128| {
        large >= small * (TIMES / SPREAD) && large <= small * (TIMES * SPREAD)
    };
    if is_times(amount, usual) {
        return Some(Slip::TooLarge);
    }
    is_times(usual, amount).then_some(Slip::TooSmall)
}

/// The amount in the middle of some, where there are enough of them; of two the smaller.
pub fn middle(amounts: &[Money]) -> Option<Money> {
    let mut amounts: Vec<i64> = amounts.iter().map(|amount| amount.fen()).collect();
    if amounts.len() < LEAST {
        return None;
    }
    amounts.sort_unstable();
    amounts.get((amounts.len() - 1) / 2).map(|fen| Money::from_fen(*fen))
}

/// What is usual where so many come to so much.
pub fn mean((n, total): (i64, Money)) -> Option<Money> {
    let is_enough = usize::try_from(n).is_ok_and(|n| n >= LEAST);
    is_enough.then(|| Money::from_fen(total.fen() / n))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fen(fen: i64) -> Money {
        Money::from_fen(fen)
    }

    #[test]
    fn a_slip_of_the_unit_is_some_ten_thousand_times() {
        let usual = fen(8_640_000);
        for (amount, expected) in [
            // the edges, and one fen beyond
            (8_640_000_000, Some(Slip::TooLarge)),
            (8_639_999_999, None),
            (864_000_000_000, Some(Slip::TooLarge)),
            (864_000_000_001, None),
            (8_640, Some(Slip::TooSmall)),
            (8_641, None),
            (87, Some(Slip::TooSmall)),
            (86, None),
            (8_640_000, None),
            (0, None),
        ] {
            assert_eq!(slip(fen(amount), usual), expected, "{amount}");
        }
        assert_eq!(slip(fen(100), Money::ZERO), None);
    }

    #[test]
    fn few_amounts_are_not_usual() {
        let amounts: Vec<Money> = [5, 1, 4, 2, 3, 6].into_iter().map(fen).collect();
        assert_eq!(middle(&amounts[..LEAST - 1]), None);
        assert_eq!(middle(&amounts[..LEAST]), Some(fen(3)));
        assert_eq!(middle(&amounts), Some(fen(3)));
        assert_eq!(mean((4, fen(400))), None);
        assert_eq!(mean((5, fen(500))), Some(fen(100)));
    }
}
