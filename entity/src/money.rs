//! `Money`: an amount in yuan kept as whole fen; checked arithmetic, no floats.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    decimal_text::{self, Expected},
    language::Label,
};

/// An amount of money in whole fen, between -10^15 and 10^15 fen (ten trillion yuan), stored as
/// `BIGINT`. At every edge it is a decimal string in yuan with two decimals, `"1234.50"`; a JSON
/// number is refused, because it may have passed through a float.
///
/// The bound leaves room for 9,000 largest amounts in one database sum. A row read from the
/// database is taken as it is: the column's CHECK keeps the bound there.
///
/// There is no multiplication and no division: dividing is `domain::allocation`.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    sea_orm::DeriveValueType,
)]
#[serde(try_from = "String", into = "String")]
pub struct Money(i64);

/// What a text of an amount should have been.
const EXPECTED: Expected = Expected(Label::new(
    "应为以元为单位的金额文本，最多两位小数，绝对值不超过10万亿元，例如 \"1234.50\"",
    "expected an amount in yuan as text, at most two decimals and ten trillion, such as \"1234.50\"",
));

/// Decimals of a yuan, and of ten thousand yuan, that come to whole fen.
const YUAN_DECIMALS: usize = 2;
const TEN_THOUSAND_DECIMALS: usize = 6;

impl Money {
    /// No money.
    pub const ZERO: Money = Money(0);

    /// The largest amount: 10^15 fen. The smallest is its negative.
    pub const MAX: Money = Money(1_000_000_000_000_000);

    /// An amount written down in the program, in fen. Beyond the bound it does not compile in a
    /// constant and panics elsewhere; amounts that come from outside take `try_from_fen`.
    pub const fn from_fen(fen: i64) -> Money {
        match Money::try_from_fen(fen) {
            Some(amount) => amount,
            None => panic!("an amount beyond 10^15 fen"),
        }
    }

    /// An amount in fen, or `None` beyond the bound.
    pub const fn try_from_fen(fen: i64) -> Option<Money> {
        if fen.unsigned_abs() <= Money::MAX.0.unsigned_abs() { Some(Money(fen)) } else { None }
    }

    /// A sum that the ledger keeps. The bound is one of single amounts; a sum of many may pass it.
    pub const fn from_sum(fen: i64) -> Money {
        Money(fen)
    }

    /// The amount in fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// An exact amount in yuan, or `None` when it is not whole fen or beyond the bound.
    pub fn from_yuan(yuan: Decimal) -> Option<Money> {
        let exact = yuan.normalize();
        let padding = 2_u32.checked_sub(exact.scale())?;
        let fen = exact.mantissa().checked_mul(10_i128.pow(padding))?;
        Money::try_from_fen(i64::try_from(fen).ok()?)
    }

    /// The amount in yuan, exactly.
    pub fn yuan(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// The sum, or `None` beyond the bound.
    pub fn checked_add(self, other: Money) -> Option<Money> {
        Money::try_from_fen(self.0.checked_add(other.0)?)
    }

    /// The difference, or `None` beyond the bound.
    pub fn checked_sub(self, other: Money) -> Option<Money> {
        Money::try_from_fen(self.0.checked_sub(other.0)?)
    }

    /// The amount with the other sign, or `None` beyond the bound.
    pub fn checked_neg(self) -> Option<Money> {
        Money::try_from_fen(self.0.checked_neg()?)
    }

    /// The sum of many amounts, or `None` when it is beyond the bound; what the sum passes on the
    /// way does not matter, so neither does the order.
    pub fn total(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
        let sum: i128 = amounts.into_iter().map(|amount| i128::from(amount.0)).sum();
        Money::try_from_fen(i64::try_from(sum).ok()?)
    }

    /// Whether the amount is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Yuan with the thousands set apart, for people: `1,234.50`.
    pub fn grouped(self) -> String {
        let plain = decimal_text::fixed(self.0, YUAN_DECIMALS);
        let (sign, magnitude) = plain.strip_prefix('-').map_or(("", &*plain), |rest| ("-", rest));
        let (whole, fraction) = magnitude.split_once('.').unwrap_or((magnitude, "00"));
        let mut text = sign.to_owned();
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text + "." + fraction
    }

    /// Ten thousands of yuan (万元), exactly, with up to six decimals and no trailing zeros:
    /// 1,234.56 yuan is `0.123456`, 600,000 yuan is `60`.
    pub fn ten_thousands(self) -> String {
        decimal_text::shortest(self.0, TEN_THOUSAND_DECIMALS)
    }
}

impl std::fmt::Display for Money {
    /// Yuan with two decimals, `1234.50`. Widths and precisions are ignored: `{:.2}` must not cut.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&decimal_text::fixed(self.0, YUAN_DECIMALS))
    }
}

impl std::str::FromStr for Money {
    type Err = Expected;

    /// Reads yuan: `-?digits` with at most two decimals. Grouping, currency signs and units are
    /// for `domain::reading`.
    fn from_str(text: &str) -> Result<Money, Expected> {
        let fen = decimal_text::units(text, YUAN_DECIMALS).map_err(|_| EXPECTED)?;
        Money::try_from_fen(fen).ok_or(EXPECTED)
    }
}

impl TryFrom<String> for Money {
    type Error = Expected;

    fn try_from(text: String) -> Result<Money, Expected> {
        text.parse()
    }
}

impl From<Money> for String {
    fn from(amount: Money) -> String {
        amount.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MAX: i64 = 1_000_000_000_000_000;

    fn decimal(text: &str) -> Decimal {
        Decimal::from_str_exact(text).expect("a decimal")
    }

    #[test]
    fn the_bound_holds_in_every_constructor() {
        assert_eq!(Money::try_from_fen(MAX), Some(Money::MAX));
        assert_eq!(Money::try_from_fen(-MAX), Money::MAX.checked_neg());
        for fen in [MAX + 1, -MAX - 1, i64::MAX, i64::MIN] {
            assert_eq!(Money::try_from_fen(fen), None, "{fen}");
        }
        assert_eq!(Money::from_yuan(decimal("10000000000000")), Some(Money::MAX));
        assert_eq!(Money::from_yuan(decimal("10000000000000.01")), None);
        assert_eq!(Money::from_yuan(Decimal::MAX), None);
        assert_eq!("10000000000000.00".parse(), Ok(Money::MAX));
        assert_eq!("10000000000000.01".parse::<Money>(), Err(EXPECTED));
        assert_eq!("-10000000000000.01".parse::<Money>(), Err(EXPECTED));
        assert_eq!("99999999999999999999".parse::<Money>(), Err(EXPECTED));
    }

    #[test]
    #[should_panic(expected = "beyond 10^15 fen")]
    fn a_literal_beyond_the_bound_panics() {
        Money::from_fen(MAX + 1);
    }

    #[test]
    fn arithmetic_stops_at_the_bound() {
        let fen = Money::from_fen(1);
        assert_eq!(Money::MAX.checked_sub(fen).and_then(|less| less.checked_add(fen)), {
            Some(Money::MAX)
        });
        assert_eq!(Money::MAX.checked_add(fen), None);
        assert_eq!(Money(-MAX).checked_sub(fen), None);
        assert_eq!(Money(i64::MIN).checked_neg(), None);
        assert_eq!(Money(i64::MIN).checked_sub(fen), None);
    }

    #[test]
    fn a_total_may_pass_the_bound_on_the_way() {
        let amounts = [Money::MAX, Money::MAX, Money(-MAX), Money(-1)];
        assert_eq!(Money::total(amounts), Some(Money(MAX - 1)));
        assert_eq!(Money::total([Money::MAX, Money(1)]), None);
        assert_eq!(Money::total([Money(i64::MAX); 3]), None);
        assert_eq!(Money::total([]), Some(Money::ZERO));
    }

    #[test]
    fn yuan_are_exact_or_nothing() {
        assert_eq!(Money::from_yuan(decimal("1234.5")), Some(Money(123_450)));
        assert_eq!(Money::from_yuan(decimal("1234.50000")), Some(Money(123_450)));
        assert_eq!(Money::from_yuan(decimal("-0.01")), Some(Money(-1)));
        assert_eq!(Money::from_yuan(decimal("0.001")), None);
        assert_eq!(Money(123_450).yuan().to_string(), "1234.50");
    }

    #[test]
    fn text_for_machines_and_for_people() {
        let table = [
            (0, "0.00", "0.00", "0"),
            (1, "0.01", "0.01", "0.000001"),
            (-1, "-0.01", "-0.01", "-0.000001"),
            (123_456, "1234.56", "1,234.56", "0.123456"),
            (123_450, "1234.50", "1,234.50", "0.12345"),
            (-12_345_678_901, "-123456789.01", "-123,456,789.01", "-12345.678901"),
            (60_000_000, "600000.00", "600,000.00", "60"),
            (99_999, "999.99", "999.99", "0.099999"),
            (MAX, "10000000000000.00", "10,000,000,000,000.00", "1000000000"),
        ];
        for (fen, plain, grouped, ten_thousands) in table {
            let amount = Money::from_fen(fen);
            assert_eq!(amount.to_string(), plain);
            assert_eq!(amount.grouped(), grouped);
            assert_eq!(amount.ten_thousands(), ten_thousands);
        }
        assert_eq!(format!("{:.2}|{:1}", Money(123_450), Money(123_450)), "1234.50|1234.50");
    }

    #[test]
    fn json_is_a_string_in_yuan() {
        assert_eq!(serde_json::to_string(&Money(123_450)).expect("json"), "\"1234.50\"");
        let read = |json: &str| serde_json::from_str::<Money>(json).ok();
        assert_eq!(read("\"1234.50\""), Some(Money(123_450)));
        assert_eq!(read("\"1234.5\""), Some(Money(123_450)));
        assert_eq!(read("\"1234\""), Some(Money(123_400)));
        for json in ["1234.50", "1234", "null", "\"1,234.50\"", "\"1234.505\"", "\"1e3\"", "\"\""] {
            assert_eq!(read(json), None, "{json}");
        }
        let refusal = serde_json::from_str::<Money>("\"一百\"").expect_err("not an amount");
        assert!(refusal.to_string().contains("以元为单位"), "{refusal}");
    }

    proptest! {
        #[test]
        fn every_amount_survives_every_form(fen in -MAX..=MAX) {
            let amount = Money::from_fen(fen);
            prop_assert_eq!(amount.to_string().parse(), Ok(amount));
            prop_assert_eq!(Money::from_yuan(amount.yuan()), Some(amount));
            prop_assert_eq!(amount.grouped().replace(',', ""), amount.to_string());
            let json = serde_json::to_string(&amount).expect("json");
            prop_assert_eq!(serde_json::from_str::<Money>(&json).expect("an amount"), amount);
            let ten_thousands = decimal(&amount.ten_thousands());
            prop_assert_eq!(Money::from_yuan(ten_thousands * Decimal::from(10_000)), Some(amount));
        }

        #[test]
        fn sums_agree_with_wide_integers(left in -MAX..=MAX, right in -MAX..=MAX) {
            let sum = Money::from_fen(left).checked_add(Money::from_fen(right));
            prop_assert_eq!(sum.map(Money::fen), Some(left + right).filter(|s| s.abs() <= MAX));
            prop_assert_eq!(Money::total([Money(left), Money(right)]), sum);
        }
    }
}
