//! `Quantity` and `Coordinate`: exact decimal measures kept as whole numbers.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    decimal_text::{self, Expected},
    language::Label,
};

/// How much there is of something, above zero, in ten-thousandths of its unit: four decimals, at
/// most 100,000,000,000. The unit of measure is kept beside it.
#[derive(
    Clone,
    Copy,
    Debug,
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
pub struct Quantity(i64);

/// What the text of a quantity should have been.
const QUANTITY: Expected = Expected(Label::new(
    "应为大于0、不超过1000亿的数量文本，最多四位小数，例如 \"12.5\"",
    "expected a quantity above 0 and up to 100000000000 as text, \
     at most four decimals, such as \"12.5\"",
));

const QUANTITY_DECIMALS: usize = 4;

impl Quantity {
    /// The largest quantity: 10^15 ten-thousandths.
    pub const MAX: Quantity = Quantity(1_000_000_000_000_000);

    /// A quantity in ten-thousandths, or `None` when it is not above zero or beyond the limit.
    pub const fn from_ten_thousandths(amount: i64) -> Option<Quantity> {
        if amount > 0 && amount <= Quantity::MAX.0 { Some(Quantity(amount)) } else { None }
    }

    /// The quantity in ten-thousandths of its unit.
    pub const fn ten_thousandths(self) -> i64 {
        self.0
    }

    /// The sum; none past [`Quantity::MAX`].
    pub fn checked_add(self, other: Quantity) -> Option<Quantity> {
        Quantity::from_ten_thousandths(self.0.checked_add(other.0)?)
    }

    /// The quantity in its unit, exactly.
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, 4)
    }
}

impl std::fmt::Display for Quantity {
    /// The number without trailing zeros, `12.5`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&decimal_text::shortest(self.0, QUANTITY_DECIMALS))
    }
}

impl std::str::FromStr for Quantity {
    type Err = Expected;

    fn from_str(text: &str) -> Result<Quantity, Expected> {
        let amount = decimal_text::units(text, QUANTITY_DECIMALS).map_err(|_| QUANTITY)?;
        Quantity::from_ten_thousandths(amount).ok_or(QUANTITY)
    }
}

impl TryFrom<String> for Quantity {
    type Error = Expected;

    fn try_from(text: String) -> Result<Quantity, Expected> {
        text.parse()
    }
}

impl From<Quantity> for String {
    fn from(quantity: Quantity) -> String {
        quantity.to_string()
    }
}

/// A longitude or a latitude in hundred-millionths of a degree (about a millimetre): eight
/// decimals, east and north positive. The datum is kept beside it.
#[derive(
    Clone,
    Copy,
    Debug,
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
pub struct Coordinate(i64);

/// What the text of a longitude, and of a latitude, should have been.
const LONGITUDE: Expected = Expected(Label::new(
    "应为-180至180之间的经度文本，例如 \"106.70722\"",
    "expected a longitude between -180 and 180 as text, \
     such as \"106.70722\"",
));
const LATITUDE: Expected = Expected(Label::new(
    "应为-90至90之间的纬度文本，例如 \"26.59820\"",
    "expected a latitude between -90 and 90 as text, such as \"26.59820\"",
));

const COORDINATE_DECIMALS: usize = 8;
const DEGREE: i64 = 100_000_000;

impl Coordinate {
    /// Reads a longitude: -180 to 180 degrees.
    pub fn longitude(text: &str) -> Result<Coordinate, Expected> {
        Coordinate::within(text, 180).ok_or(LONGITUDE)
    }

    /// Reads a latitude: -90 to 90 degrees.
    pub fn latitude(text: &str) -> Result<Coordinate, Expected> {
        Coordinate::within(text, 90).ok_or(LATITUDE)
    }

    /// Whether it may be a latitude. What is read as JSON was only checked to be a longitude,
    /// because a codec does not know which of the two it reads.
    pub const fn is_latitude(self) -> bool {
        self.0.unsigned_abs() <= (90 * DEGREE).unsigned_abs()
    }

    /// Degrees as an exact decimal.
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, 8).normalize()
    }

    /// The coordinate in hundred-millionths of a degree.
    pub const fn hundred_millionths(self) -> i64 {
        self.0
    }

    fn within(text: &str, degrees: i64) -> Option<Coordinate> {
        // beyond eight decimals a device tells noise, not place: rounded to a millimetre
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let text = match decimals.len() > COORDINATE_DECIMALS {
            true => text.parse::<Decimal>().ok()?.round_dp(8).to_string(),
            false if whole.is_empty() => return None,
            false => text.to_owned(),
        };
        let coordinate = decimal_text::units(&text, COORDINATE_DECIMALS).ok()?;
        (coordinate.abs() <= degrees * DEGREE).then_some(Coordinate(coordinate))
    }
}

impl std::fmt::Display for Coordinate {
    /// Degrees without trailing zeros, `106.70722`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&decimal_text::shortest(self.0, COORDINATE_DECIMALS))
    }
}

impl TryFrom<String> for Coordinate {
    type Error = Expected;

    fn try_from(text: String) -> Result<Coordinate, Expected> {
        Coordinate::longitude(&text)
    }
}

impl From<Coordinate> for String {
    fn from(coordinate: Coordinate) -> String {
        coordinate.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quantities_keep_four_decimals() {
        let read = |text: &str| text.parse::<Quantity>().ok().map(Quantity::ten_thousandths);
        assert_eq!(read("12.5"), Some(125_000));
        assert_eq!(read("0.0001"), Some(1));
        assert_eq!(read("100000000000"), Some(Quantity::MAX.0));
        for text in ["0", "0.0000", "-1", "0.00001", "100000000000.0001", "1,000", "1e3", "", "十"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(Quantity(125_000).to_string(), "12.5");
        assert_eq!(Quantity(120_000).to_string(), "12");
        assert_eq!(Quantity(125_000).decimal().normalize().to_string(), "12.5");
    }

    #[test]
    fn coordinates_stay_on_the_globe() {
        let longitude = |text: &str| Coordinate::longitude(text).ok().map(|c| c.0);
        let latitude = |text: &str| Coordinate::latitude(text).ok().map(|c| c.0);
        assert_eq!(longitude("106.70722"), Some(10_670_722_000));
        assert_eq!(longitude("180"), Some(180 * DEGREE));
        assert_eq!(longitude("-180.00000000"), Some(-180 * DEGREE));
        assert_eq!(longitude("180.00000001"), None);
        assert_eq!(longitude("-180.00000001"), None);
        assert_eq!(latitude("90"), Some(90 * DEGREE));
        assert_eq!(latitude("-90"), Some(-90 * DEGREE));
        assert_eq!(latitude("90.00000001"), None);
        assert_eq!(latitude("106.70722"), None);
        assert_eq!(longitude("1.123456789"), Some(112_345_679), "rounded to a millimetre");
        assert_eq!(longitude("-3.2901937999999995"), Some(-329_019_380));
        assert_eq!(longitude("180.000000001"), Some(180 * DEGREE));
        for text in ["", "106°42′", "106,7", "+106", "1e2", "E106", "99999999999999999999"] {
            assert_eq!(longitude(text), None, "{text}");
        }
        assert_eq!(Coordinate(-150_000_000).to_string(), "-1.5");
        assert!(Coordinate(-90 * DEGREE).is_latitude());
        assert!(!Coordinate(90 * DEGREE + 1).is_latitude());
    }

    #[test]
    fn json_is_text() {
        let coordinate = Coordinate::longitude("106.70722").expect("a longitude");
        assert_eq!(serde_json::to_string(&coordinate).expect("json"), "\"106.70722\"");
        assert_eq!(serde_json::to_string(&Quantity(125_000)).expect("json"), "\"12.5\"");
        assert!(serde_json::from_str::<Coordinate>("106.70722").is_err());
        assert!(serde_json::from_str::<Coordinate>("\"181\"").is_err());
        assert!(serde_json::from_str::<Quantity>("12.5").is_err());
    }

    proptest! {
        #[test]
        fn text_reads_back(amount in 1..=Quantity::MAX.0, degrees in -180 * DEGREE..=180 * DEGREE) {
            prop_assert_eq!(Quantity(amount).to_string().parse(), Ok(Quantity(amount)));
            let text = Coordinate(degrees).to_string();
            prop_assert_eq!(Coordinate::longitude(&text), Ok(Coordinate(degrees)));
        }
    }
}
