//! `AreaCode` (twelve digits, covers what is inside it) and the area table.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{id::AreaId, initials::Initials};

/// A twelve-digit statistical division code: 2 province, 2 prefecture, 2 county, 3 town, 3 village
/// (domain.md §8). Twelve zeros mean the whole nation.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType, Serialize, Deserialize,
)]
#[sea_orm(value_type = "String")]
#[serde(try_from = "String", into = "String")]
pub struct AreaCode([u8; 12]);

/// The text was not twelve digits.
#[derive(Debug, PartialEq, Eq)]
pub struct BadAreaCode;

impl std::fmt::Display for BadAreaCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("应为十二位数字的区划代码，县级日志为六位 / twelve digits for an area, six for a county's log")
    }
}

impl std::error::Error for BadAreaCode {}

impl std::str::FromStr for AreaCode {
    type Err = BadAreaCode;

    fn from_str(text: &str) -> Result<AreaCode, BadAreaCode> {
        let digits: [u8; 12] = text.as_bytes().try_into().map_err(|_| BadAreaCode)?;
        if digits.iter().all(u8::is_ascii_digit) { Ok(AreaCode(digits)) } else { Err(BadAreaCode) }
    }
}

impl std::fmt::Display for AreaCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for AreaCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for AreaCode {
    type Error = BadAreaCode;

    fn try_from(text: String) -> Result<AreaCode, BadAreaCode> {
        text.parse()
    }
}

impl From<AreaCode> for String {
    fn from(code: AreaCode) -> String {
        code.as_str().to_owned()
    }
}

/// Where each level of the code ends: nation, province, prefecture, county, town, village.
const ENDS: [usize; 6] = [0, 2, 4, 6, 9, 12];

impl AreaCode {
    /// The whole nation.
    pub const NATION: AreaCode = AreaCode([b'0'; 12]);

    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        // the constructor admits ASCII digits alone
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The digits that every area inside this one starts with.
    pub fn stem(&self) -> &str {
        let used = self.0.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
        let end = ENDS.into_iter().find(|end| *end >= used).unwrap_or(12);
        &self.as_str()[..end]
    }

    /// Whether the other area is this one or lies inside it.
    pub fn covers(&self, other: &AreaCode) -> bool {
        other.as_str().starts_with(self.stem())
    }

    /// The smallest area that holds both.
    pub fn holding_both(self, other: AreaCode) -> AreaCode {
        let mut codes = std::iter::once(self).chain(self.above());
        codes.find(|code| code.covers(&other)).unwrap_or(AreaCode::NATION)
    }

    /// The first and the last code inside this area: a range an index can use, where LIKE cannot.
    pub fn range(&self) -> (AreaCode, AreaCode) {
        let stem = self.stem().len();
        let mut ends = [*self; 2];
        ends[0].0[stem..].fill(b'0');
        ends[1].0[stem..].fill(b'9');
        (ends[0], ends[1])
    }

    /// The first six digits: the county whose log records what happens here.
    pub fn county(&self) -> County {
        let mut digits = [b'0'; 6];
        digits.copy_from_slice(&self.0[..6]);
        County(digits)
    }

    /// The area of a level that holds this one: its first digits, padded with zeros. An area
    /// above that level answers itself.
    pub fn at(&self, level: Level) -> AreaCode {
        let mut code = *self;
        code.0[ENDS[level.depth().min(5)]..].fill(b'0');
        code
    }

    /// The codes that may name the area directly above, nearest first. Levels may be skipped:
    /// counties hang under provinces, towns under cities.
    pub fn above(&self) -> impl Iterator<Item = AreaCode> + use<> {
        let (code, stem) = (*self, self.stem().len());
        ENDS.into_iter().rev().filter(move |end| *end < stem).map(move |end| {
            let mut above = code;
            above.0[end..].fill(b'0');
            above
        })
    }

    /// The level the digits suggest; a table of areas may know better.
    pub fn level(&self) -> Level {
        match self.stem().len() {
            0 => Level::Nation,
            2 => Level::Province,
            4 => Level::Prefecture,
            6 => Level::County,
            9 => Level::Town,
            _ => Level::Village,
        }
    }
}

/// The first six digits of an area code: each has one log (design decision 7).
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType, Serialize, Deserialize,
)]
#[sea_orm(value_type = "String")]
#[serde(try_from = "String", into = "String")]
pub struct County([u8; 6]);

impl County {
    /// The six digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The six digits as a number: the key of the county's turn among writers.
    pub fn number(&self) -> i64 {
        self.0.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'))
    }

    /// The area code of the county.
    pub fn area(&self) -> AreaCode {
        let mut digits = [b'0'; 12];
        digits[..6].copy_from_slice(&self.0);
        AreaCode(digits)
    }
}

impl std::str::FromStr for County {
    type Err = BadAreaCode;

    fn from_str(text: &str) -> Result<County, BadAreaCode> {
        let digits: [u8; 6] = text.as_bytes().try_into().map_err(|_| BadAreaCode)?;
        if digits.iter().all(u8::is_ascii_digit) { Ok(County(digits)) } else { Err(BadAreaCode) }
    }
}

impl std::fmt::Display for County {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for County {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for County {
    type Error = BadAreaCode;

    fn try_from(text: String) -> Result<County, BadAreaCode> {
        text.parse()
    }
}

impl From<County> for String {
    fn from(county: County) -> String {
        county.as_str().to_owned()
    }
}

/// Texts are never made from numbers the database counts up; the trait wants an answer.
macro_rules! never_counted {
    ($($name:ident),+) => {$(
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

never_counted!(AreaCode, County);

coded_enum! {
    /// How high an area stands in the tree.
    pub enum Level {
        Nation = "nation" "全国" "nation",
        Province = "province" "省" "province",
        Prefecture = "prefecture" "市" "prefecture",
        County = "county" "县" "county",
        Town = "town" "乡镇" "town",
        Village = "village" "村" "village",
    }
}

impl Level {
    /// Steps below the nation.
    pub const fn depth(self) -> usize {
        self as usize
    }

    /// The level of a number as statistical editions write it: 1 province … 5 village.
    pub fn from_number(number: i64) -> Option<Level> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }
}

/// An area in one span of validity: a rename or a merger closes the row and opens another, so
/// that what was true then stays readable.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "area")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AreaId,
    pub area_code: AreaCode,
    pub name: String,
    pub level: Level,
    pub parent_code: Option<AreaCode>,
    /// First day of validity; empty when it was always so.
    pub valid_from: Option<NaiveDate>,
    /// Last day of validity; empty while it is valid.
    pub valid_until: Option<NaiveDate>,
    /// The area that took over on the day after `valid_until`.
    pub successor_code: Option<AreaCode>,
    /// The first letters of the name: derived from it, so the log keeps none.
    #[serde(skip)]
    pub initials: Initials,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> AreaCode {
        text.parse().expect("twelve digits")
    }

    #[test]
    fn an_area_covers_what_is_inside_it() {
        assert!(code("520300000000").covers(&code("520381100201")));
        assert!(!code("520300000000").covers(&code("520400000000")));
        assert!(AreaCode::NATION.covers(&code("110101001001")));
        assert_eq!(code("520300000000").range(), (code("520300000000"), code("520399999999")));
    }

    #[test]
    fn levels_may_be_skipped() {
        let above: Vec<_> = code("441900003000").above().collect();
        let expected = ["441900000000", "441900000000", "440000000000", "000000000000"];
        assert_eq!(above, expected.map(code));
        assert_eq!(code("010001001001").county().as_str(), "010001");
    }

    #[test]
    fn other_texts_are_no_codes() {
        for text in ["", "52038110020", "5203811002011", "52038110020a", "５２０３８１１００２０１"]
        {
            assert_eq!(text.parse::<AreaCode>(), Err(BadAreaCode), "{text}");
        }
    }
}
