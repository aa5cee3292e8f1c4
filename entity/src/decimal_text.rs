//! Exact decimal text: read into, and written from, a whole number of small units; no floats.

use crate::language::Label;

/// Why a text is not an exact decimal number of the wanted precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalFault {
    /// Not digits with at most one point between them and at most one minus sign before them.
    NotANumber,
    /// More decimals than are kept.
    TooPrecise,
    /// Beyond what an `i64` of units holds.
    TooLarge,
}

/// A text is not the value it should be: the words say what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected(pub Label);

impl std::fmt::Display for Expected {
    /// Both languages, because a codec cannot know who reads it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} / {}", self.0.zh, self.0.en)
    }
}

impl std::error::Error for Expected {}

/// Reads `-12.5` with two decimals as -1250 units. The grammar is `-?digits(.digits)?` in ASCII:
/// no plus sign, no grouping, no exponent, no spaces, no bare point.
pub fn units(text: &str, decimals: usize) -> Result<i64, DecimalFault> {
    let magnitude = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match magnitude.split_once('.') {
        Some((_, "")) => return Err(DecimalFault::NotANumber),
        Some(parts) => parts,
        None => (magnitude, ""),
    };
    let digits = || whole.bytes().chain(fraction.bytes());
    if whole.is_empty() || !digits().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalFault::NotANumber);
    }
    let Some(padding) = decimals.checked_sub(fraction.len()) else {
        return Err(DecimalFault::TooPrecise);
    };
    let magnitude = digits()
        .chain(std::iter::repeat_n(b'0', padding))
        .try_fold(0_i64, |sum, byte| sum.checked_mul(10)?.checked_add(i64::from(byte - b'0')))
        .ok_or(DecimalFault::TooLarge)?;
    Ok(if text.starts_with('-') { -magnitude } else { magnitude })
}

/// Writes units with all their decimals: -1250 with two decimals is `-12.50`.
pub fn fixed(units: i64, decimals: usize) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", units.unsigned_abs(), width = decimals + 1);
    match digits.split_at(digits.len() - decimals) {
        (whole, "") => format!("{sign}{whole}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    }
}

/// Writes units without trailing zeros: -1250 with two decimals is `-12.5`, 1200 is `12`.
pub fn shortest(units: i64, decimals: usize) -> String {
    let text = fixed(units, decimals);
    if decimals == 0 {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_plain_decimals_alone() {
        let cases = [
            ("0", Ok(0)),
            ("12", Ok(1_200)),
            ("12.5", Ok(1_250)),
            ("12.50", Ok(1_250)),
            ("-12.5", Ok(-1_250)),
            ("-0", Ok(0)),
            ("007", Ok(700)),
            ("92233720368547758.07", Ok(i64::MAX)),
            ("92233720368547758.08", Err(DecimalFault::TooLarge)),
            ("12.505", Err(DecimalFault::TooPrecise)),
            ("12.500", Err(DecimalFault::TooPrecise)),
        ];
        for (text, expected) in cases {
            assert_eq!(units(text, 2), expected, "{text}");
        }
        let wrong = [
            "", "-", "--1", "+1", ".5", "5.", "1.-5", "1.2.3", "1,234", "1_000", "1e3", " 1", "１",
            "0x1",
        ];
        for text in wrong {
            assert_eq!(units(text, 2), Err(DecimalFault::NotANumber), "{text}");
        }
    }

    #[test]
    fn writes_what_was_asked() {
        assert_eq!(fixed(-1_250, 2), "-12.50");
        assert_eq!(fixed(5, 2), "0.05");
        assert_eq!(fixed(120, 0), "120");
        assert_eq!(fixed(i64::MIN, 2), "-92233720368547758.08");
        assert_eq!(shortest(120, 0), "120");
        assert_eq!(shortest(1_200, 2), "12");
        assert_eq!(shortest(-1_250, 2), "-12.5");
        assert_eq!(shortest(0, 4), "0");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(value in -i64::MAX..=i64::MAX, decimals in 0_usize..=8) {
            prop_assert_eq!(units(&fixed(value, decimals), decimals), Ok(value));
            prop_assert_eq!(units(&shortest(value, decimals), decimals), Ok(value));
        }
    }
}
