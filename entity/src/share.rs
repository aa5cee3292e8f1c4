//! `Share`: an exact part of one thing owned together, and whether the parts make the whole.

use serde::{Deserialize, Serialize};

use crate::{
    decimal_text::{self, Expected},
    language::Label,
};

/// A part above zero and up to the whole, as a reduced fraction whose denominator is at most one
/// million (共有份额, domain.md §2.5). Its text is `1/3`; the whole is `1/1`. `25%`, `0.25` and
/// `2/8` are read as `1/4`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sea_orm::DeriveValueType,
)]
#[sea_orm(value_type = "String")]
#[serde(try_from = "String", into = "String")]
pub struct Share {
    numerator: u32,
    denominator: u32,
}

/// What the text of a share should have been.
const EXPECTED: Expected = Expected(Label::new(
    "应为大于0、不超过1的份额，分母不超过1000000，例如 \"1/3\"、\"25%\" 或 \"0.25\"",
    "expected a share above 0 and up to 1 with a denominator of at most 1000000, \
     such as \"1/3\", \"25%\" or \"0.25\"",
));

/// Decimals a share may be written with: what a denominator of one million holds.
const DECIMALS: usize = 6;
/// The same in percent.
const PERCENT_DECIMALS: usize = 4;

impl Share {
    /// All of it.
    pub const WHOLE: Share = Share { numerator: 1, denominator: 1 };

    /// The largest denominator a reduced share may have.
    pub const MAX_DENOMINATOR: u32 = 1_000_000;

    /// The fraction in lowest terms; `None` unless 0 < numerator ≤ denominator and the reduced
    /// denominator is within its limit.
    pub fn new(numerator: u32, denominator: u32) -> Option<Share> {
        if numerator == 0 || numerator > denominator {
            return None;
        }
        let common = greatest_common_divisor(numerator, denominator);
        let reduced = Share { numerator: numerator / common, denominator: denominator / common };
        (reduced.denominator <= Share::MAX_DENOMINATOR).then_some(reduced)
    }

    /// The part of the reduced fraction above the line.
    pub const fn numerator(self) -> u32 {
        self.numerator
    }

    /// The part of the reduced fraction below the line.
    pub const fn denominator(self) -> u32 {
        self.denominator
    }

    fn read(text: &str) -> Option<Share> {
        if let Some((numerator, denominator)) = text.split_once('/') {
            return Share::new(whole_number(numerator)?, whole_number(denominator)?);
        }
        let millionths = match text.strip_suffix('%') {
            Some(percent) => decimal_text::units(percent, PERCENT_DECIMALS),
            None => decimal_text::units(text, DECIMALS),
        };
        Share::new(u32::try_from(millionths.ok()?).ok()?, Share::MAX_DENOMINATOR)
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl std::str::FromStr for Share {
    type Err = Expected;

    fn from_str(text: &str) -> Result<Share, Expected> {
        Share::read(text).ok_or(EXPECTED)
    }
}

impl TryFrom<String> for Share {
    type Error = Expected;

    fn try_from(text: String) -> Result<Share, Expected> {
        text.parse()
    }
}

impl From<Share> for String {
    fn from(share: Share) -> String {
        share.to_string()
    }
}

/// Whether the shares together are exactly the whole: three times `33.33%` are not. No shares at
/// all are not the whole either.
pub fn sums_to_one(shares: &[Share]) -> bool {
    let (mut numerator, mut denominator) = (Natural(vec![]), Natural(vec![1]));
    for share in shares {
        let common =
            greatest_common_divisor(denominator.remainder(share.denominator), share.denominator);
        let growth = share.denominator / common;
        numerator.multiply(growth);
        denominator.multiply(growth);
        let mut part = denominator.clone();
        part.divide(share.denominator);
        part.multiply(share.numerator);
        numerator.add(&part);
    }
    numerator == denominator
}

/// `str::parse` would also admit a plus sign.
fn whole_number(text: &str) -> Option<u32> {
    u32::try_from(decimal_text::units(text, 0).ok()?).ok()
}

fn greatest_common_divisor(mut left: u32, mut right: u32) -> u32 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

/// A natural number of any size, least part first, without leading zeros: the common denominator
/// of a few dozen shares outgrows every machine word.
#[derive(Clone, PartialEq, Eq)]
struct Natural(Vec<u32>);

impl Natural {
    fn multiply(&mut self, factor: u32) {
        let mut carry = 0;
        for part in &mut self.0 {
            (*part, carry) = part.carrying_mul(factor, carry);
        }
        self.extend(carry);
    }

    /// Divides without keeping the remainder.
    fn divide(&mut self, divisor: u32) {
        let mut rest = 0;
        for part in self.0.iter_mut().rev() {
            (*part, rest) = long_division(rest, *part, divisor);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn remainder(&self, divisor: u32) -> u32 {
        self.0.iter().rev().fold(0, |rest, part| long_division(rest, *part, divisor).1)
    }

    fn add(&mut self, other: &Natural) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        let mut carry = false;
        for (place, part) in self.0.iter_mut().enumerate() {
            let addend = other.0.get(place).copied().unwrap_or(0);
            (*part, carry) = part.carrying_add(addend, carry);
        }
        self.extend(u32::from(carry));
    }

    fn extend(&mut self, carry: u32) {
        if carry != 0 {
            self.0.push(carry);
        }
    }
}

/// One step of long division, `(rest · 2^32 + part) / divisor` and what remains; with
/// `rest < divisor` both fit in a part.
fn long_division(rest: u32, part: u32, divisor: u32) -> (u32, u32) {
    let dividend = (u64::from(rest) << 32) | u64::from(part);
    let divisor = u64::from(divisor);
    let narrow = |number: u64| u32::try_from(number).expect("the rest is below the divisor");
    (narrow(dividend / divisor), narrow(dividend % divisor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn share(text: &str) -> Share {
        text.parse().expect("a share")
    }

    #[test]
    fn many_spellings_are_one_share() {
        for text in ["1/4", "2/8", "25%", "25.0000%", "0.25", "0.250000"] {
            assert_eq!(share(text), Share { numerator: 1, denominator: 4 }, "{text}");
        }
        for text in ["1", "1/1", "7/7", "100%", "1.0", "100.0000%"] {
            assert_eq!(share(text), Share::WHOLE, "{text}");
        }
        assert_eq!(share("1/3").to_string(), "1/3");
        assert_eq!(share("33.33%").to_string(), "3333/10000");
        assert_eq!(share("1.5625%").to_string(), "1/64");
        assert_eq!(share("100%").to_string(), "1/1");
    }

    #[test]
    fn the_limits_and_one_past_them() {
        assert!(Share::new(1, 1_000_000).is_some());
        assert!(Share::new(2, 2_000_000).is_some());
        assert!(Share::new(1, 1_000_001).is_none());
        assert!(Share::new(1_000_001, 1_000_001).is_some());
        assert!(Share::new(3, 2).is_none());
        assert!(Share::new(0, 2).is_none());
        assert!(Share::new(0, 0).is_none());
        assert!(Share::new(u32::MAX, u32::MAX).is_some());
        assert_eq!(share("0.000001").denominator(), 1_000_000);
        assert_eq!(share("0.0001%").denominator(), 1_000_000);
        let wrong = [
            "",
            "0",
            "0%",
            "0/3",
            "4/3",
            "1/0",
            "-1/3",
            "1/-3",
            "+1/3",
            "1.5/3",
            "1 / 3",
            "1/3/5",
            "100.0001%",
            "1.000001",
            "0.0000001",
            "0.00001%",
            "101%",
            "-25%",
            "%",
            "1/4294967296",
            "三分之一",
            "1/３",
        ];
        for text in wrong {
            assert_eq!(text.parse::<Share>(), Err(EXPECTED), "{text}");
        }
    }

    #[test]
    fn parts_make_the_whole_exactly_or_not_at_all() {
        let sums =
            |texts: &[&str]| sums_to_one(&texts.iter().map(|t| share(t)).collect::<Vec<_>>());
        assert!(sums(&["1"]));
        assert!(sums(&["1/3", "1/3", "1/3"]));
        assert!(sums(&["1/2", "1/3", "1/6"]));
        assert!(sums(&["33.33%", "33.33%", "33.34%"]));
        assert!(!sums(&["33.33%", "33.33%", "33.33%"]));
        assert!(!sums(&["1/2", "1/2", "1/1000000"]));
        assert!(!sums(&["1", "1"]));
        assert!(!sums(&[]));
        // 58 villages at 1.5625 % leave six of 64 parts unassigned
        assert!(!sums(&["1.5625%"; 58]));
        assert!(sums(&["1.5625%"; 64]));
    }

    #[test]
    fn common_denominators_may_outgrow_every_machine_word() {
        // 1/(n(n+1)) for n = 1..=k sums to k/(k+1), whatever lies between
        let mut shares: Vec<Share> = (1..=999).filter_map(|n| Share::new(1, n * (n + 1))).collect();
        assert_eq!(shares.len(), 999);
        assert!(!sums_to_one(&shares));
        shares.push(Share::new(1, 1_000).expect("a share"));
        assert!(sums_to_one(&shares));
        shares.pop();
        shares.push(Share::new(1, 999).expect("a share"));
        assert!(!sums_to_one(&shares));
    }

    #[test]
    fn json_is_the_fraction_as_text() {
        assert_eq!(serde_json::to_string(&share("0.25")).expect("json"), "\"1/4\"");
        assert_eq!(serde_json::from_str::<Share>("\"25%\"").expect("a share"), share("1/4"));
        assert!(serde_json::from_str::<Share>("0.25").is_err());
    }

    proptest! {
        #[test]
        fn text_reads_back(numerator in 1_u32..=1_000_000, denominator in 1_u32..=1_000_000) {
            if let Some(share) = Share::new(numerator, denominator) {
                prop_assert_eq!(share.to_string().parse(), Ok(share));
            }
        }

        #[test]
        fn a_whole_cut_anywhere_is_a_whole(cuts in prop::collection::btree_set(1_u32..999_983, 0..40)) {
            let ends: Vec<u32> = [0].into_iter().chain(cuts).chain([999_983]).collect();
            let mut shares: Vec<Share> = ends
                .windows(2)
                .filter_map(|pair| Share::new(pair[1] - pair[0], 999_983))
                .collect();
            prop_assert!(sums_to_one(&shares));
            shares.pop();
            prop_assert!(!sums_to_one(&shares));
        }

        #[test]
        fn agrees_with_wide_fractions(parts in prop::collection::vec((1_u32..60, 1_u32..60), 1..6)) {
            let shares: Vec<Share> =
                parts.iter().filter_map(|(top, bottom)| Share::new(*top, *bottom)).collect();
            let whole: u128 = shares.iter().map(|share| u128::from(share.denominator)).product();
            let sum: u128 = shares
                .iter()
                .map(|s| whole / u128::from(s.denominator) * u128::from(s.numerator))
                .sum();
            prop_assert_eq!(sums_to_one(&shares), !shares.is_empty() && sum == whole);
        }
    }
}
