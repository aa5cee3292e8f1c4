//! Depreciation and net value (domain.md §6): whole fen, the remainder in the last month.

use chrono::{Datelike, NaiveDate};
use entity::{
    asset::{Depreciation, Model},
    money::Money,
};

/// What an asset has lost in value by a day and what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    /// Accumulated depreciation (累计折旧).
    pub depreciated: Money,
    /// Net value (净值).
    pub net: Money,
}

/// The worth of an asset at the end of a day. Depreciation starts the month after entry; one
/// without a method, a life or a day of entry keeps its original value.
pub fn worth(asset: &Model, day: NaiveDate) -> Option<Worth> {
    let value = asset.original_value?;
    let depreciated = depreciated(asset, value, day).unwrap_or(Money::ZERO);
    Some(Worth { depreciated, net: value.checked_sub(depreciated)? })
}

fn depreciated(asset: &Model, value: Money, day: NaiveDate) -> Option<Money> {
    if asset.depreciation != Some(Depreciation::StraightLine) {
        return None;
    }
    let life = i64::from(asset.life_months.filter(|months| *months > 0)?);
    let residual = i128::from(asset.residual_bp.unwrap_or(0));
    let entered = asset.booked_on.or(asset.acquired_on)?;
    let base = i128::from(value.fen()) * (10_000 - residual) / 10_000;
    let base = i64::try_from(base).ok()?;
    let months = (month_number(day) - month_number(entered)).clamp(0, life);
    let fen = if months == life { base } else { base / life * months };
    Some(Money::from_fen(fen))
}

fn month_number(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month0())
}

#[cfg(test)]
mod tests {
    use entity::asset::Class;

    use super::*;
    use crate::domain::asset::blank;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// The cattle shed of domain.md §6: 1,060,000 yuan, 5 %, 20 years, 4,195.83 a month.
    fn shed() -> Model {
        Model {
            original_value: Some(Money::from_fen(106_000_000)),
            depreciation: Some(Depreciation::StraightLine),
            life_months: Some(240),
            residual_bp: Some(500),
            acquired_on: Some(day("2020-06-15")),
            ..blank("520381100201".parse().expect("a code"), Class::Operating, "养牛场")
        }
    }

    #[test]
    fn a_month_is_whole_fen_and_the_last_takes_the_rest() {
        let lost = |on| worth(&shed(), day(on)).expect("valued").depreciated.fen();
        assert_eq!(lost("2020-06-30"), 0);
        assert_eq!(lost("2020-07-31"), 419_583);
        assert_eq!(lost("2040-05-31"), 419_583 * 239);
        assert_eq!(lost("2040-06-30"), 100_700_000);
        assert_eq!(lost("2060-01-01"), 100_700_000);
    }
}
