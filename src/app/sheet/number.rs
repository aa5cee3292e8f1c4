//! Spreadsheet numbers and dates as decimal and ISO text; whole-number arithmetic only.

use super::cell::{Cell, Damage};

/// Significant digits a spreadsheet keeps; from the next power of ten on, numbers are damaged.
const KEPT_DIGITS: i32 = 15;

/// The first serial day after 9999-12-31 in the 1900 system.
const SERIAL_END: f64 = 2_958_466.0;

/// The last serial day for which the 1900 system believes that 1900 was a leap year.
const FALSE_LEAP_DAY: u64 = 60;

/// 1970-01-01 as a serial day of the 1900 system.
const SERIAL_OF_1970: i64 = 25_569;

/// Days between the two date systems, 1900 and 1904.
const DAYS_1900_TO_1904: u64 = 1_462;

const SECONDS_A_DAY: u64 = 86_400;

/// A number cell: decimal text, or damage when it is too long to have been kept whole.
pub(super) fn number(value: f64) -> Cell {
    if !value.is_finite() {
        return Cell::damaged(value.to_string(), Damage::NotANumber);
    }
    let Some((plain, exponent)) = fifteen_digits(value) else {
        return Cell::damaged(value.to_string(), Damage::NotANumber);
    };
    if exponent >= KEPT_DIGITS {
        return Cell::damaged(plain, Damage::LostDigits);
    }
    Cell::Number(plain)
}

/// A whole number cell, held to the same length as any other number.
pub(super) fn whole_number(value: i64) -> Cell {
    if value.unsigned_abs() >= 10_u64.pow(KEPT_DIGITS.unsigned_abs()) {
        return Cell::damaged(value.to_string(), Damage::LostDigits);
    }
    Cell::Number(value.to_string())
}

/// `value` rounded to 15 significant digits and written out in full, with its power of ten.
fn fifteen_digits(value: f64) -> Option<(String, i32)> {
    let scientific = format!("{value:.14e}");
    let (mantissa, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return Some(("0".to_owned(), 0));
    }
    Some((format!("{sign}{}", place_point(digits, exponent)), exponent))
}

/// `digits` with the decimal point after the first one, moved `exponent` places.
fn place_point(digits: &str, exponent: i32) -> String {
    let shift = usize::try_from(exponent.unsigned_abs()).unwrap_or(usize::MAX);
    if exponent < 0 {
        return format!("0.{}{digits}", "0".repeat(shift - 1));
    }
    let whole = shift + 1;
    if digits.len() <= whole {
        return format!("{digits}{}", "0".repeat(whole - digits.len()));
    }
    format!("{}.{}", &digits[..whole], &digits[whole..])
}

/// Which day a workbook counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateSystem {
    /// Day 1 is 1900-01-01.
    From1900,
    /// Day 0 is 1904-01-01.
    From1904,
}

/// A date-formatted number: a day, a moment, a time of day when it is less than one day.
pub(super) fn moment(serial: f64, system: DateSystem) -> Cell {
    let Some((days, seconds)) = days_and_seconds(serial) else {
        return Cell::damaged(serial.to_string(), Damage::ImpossibleDate);
    };
    if days == 0 && serial < 1.0 {
        return Cell::Time(clock(seconds));
    }
    match calendar_day(days, system) {
        Some(day) if seconds == 0 => Cell::Date(day),
        Some(day) => Cell::Date(format!("{day}T{}", clock(seconds))),
        None => Cell::damaged(serial.to_string(), Damage::ImpossibleDate),
    }
}

/// A number formatted as elapsed time, in days.
pub(super) fn span(serial: f64) -> Cell {
    match days_and_seconds(serial) {
        Some((days, seconds)) => Cell::Time(clock(days * SECONDS_A_DAY + seconds)),
        None => Cell::damaged(serial.to_string(), Damage::ImpossibleDate),
    }
}

/// Whole days and the seconds after them, to the nearest second, by the serial's decimal text.
fn days_and_seconds(serial: f64) -> Option<(u64, u64)> {
    if !(0.0..SERIAL_END).contains(&serial) {
        return None;
    }
    let text = serial.to_string();
    let (days, fraction) = text.split_once('.').unwrap_or((&text, "0"));
    let days: u64 = days.parse().ok()?;
    let fraction = &fraction[..fraction.len().min(18)];
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let parts: u128 = fraction.parse().ok()?;
    let seconds = (parts * u128::from(SECONDS_A_DAY) + scale / 2) / scale;
    let seconds = u64::try_from(seconds).ok()?;
    Some((days + seconds / SECONDS_A_DAY, seconds % SECONDS_A_DAY))
}

/// The calendar day of a serial day; `None` for 1900-02-29, which never was, and past 9999.
fn calendar_day(days: u64, system: DateSystem) -> Option<String> {
    let days = match system {
        DateSystem::From1904 => days + DAYS_1900_TO_1904,
        DateSystem::From1900 if days == FALSE_LEAP_DAY => return None,
        DateSystem::From1900 if days < FALSE_LEAP_DAY => days + 1,
        DateSystem::From1900 => days,
    };
    let (year, month, day) = civil(i64::try_from(days).ok()? - SERIAL_OF_1970);
    (year <= 9999).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn clock(seconds: u64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// A date or time stored as ISO 8601 text; fractions of a second and zones are dropped.
pub(super) fn iso_moment(text: &str) -> Cell {
    parse_iso(text).unwrap_or_else(|| Cell::damaged(text, Damage::ImpossibleDate))
}

fn parse_iso(text: &str) -> Option<Cell> {
    if let Some(time) = parse_time(text) {
        return Some(Cell::Time(clock(time)));
    }
    let (day, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
    let day = parse_day(day)?;
    match parse_time(time)? {
        0 => Some(Cell::Date(day.to_owned())),
        seconds => Some(Cell::Date(format!("{day}T{}", clock(seconds)))),
    }
}

/// `YYYY-MM-DD`, when that day exists.
fn parse_day(text: &str) -> Option<&str> {
    let [year, month, day] = fields(text, '-')?;
    if text.len() != 10 || year.len() != 4 || month.len() != 2 {
        return None;
    }
    let (year, month, day): (u64, u64, u64) =
        (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + u64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=length).contains(&day).then_some(text)
}

/// `HH:MM:SS` or `HH:MM`, as seconds of the day.
fn parse_time(text: &str) -> Option<u64> {
    let text = text.split(['.', 'Z', '+', '-']).next()?;
    let [hour, minute, second] = fields(text, ':').or_else(|| {
        let (hour, minute) = text.split_once(':')?;
        Some([hour, minute, "0"])
    })?;
    let (hour, minute, second): (u64, u64, u64) =
        (hour.parse().ok()?, minute.parse().ok()?, second.parse().ok()?);
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3_600 + minute * 60 + second)
}

fn fields(text: &str, separator: char) -> Option<[&str; 3]> {
    let mut parts = text.split(separator);
    let all = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(all)
}

/// A span stored as ISO 8601 text such as `PT10H10M10S`.
pub(super) fn iso_span(text: &str) -> Cell {
    match parse_span(text) {
        Some(seconds) => Cell::Time(clock(seconds)),
        None => Cell::damaged(text, Damage::ImpossibleDate),
    }
}

fn parse_span(text: &str) -> Option<u64> {
    let mut rest = text.strip_prefix("PT")?;
    let mut total = 0_u64;
    for (unit, seconds) in [('H', 3_600), ('M', 60), ('S', 1)] {
        let Some((count, after)) = rest.split_once(unit) else { continue };
        let count: u64 = count.split(['.', ',']).next()?.parse().ok()?;
        total = total.checked_add(count.checked_mul(seconds)?)?;
        rest = after;
    }
    rest.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(cell: Cell) -> String {
        match cell {
            Cell::Number(text) | Cell::Date(text) | Cell::Time(text) => text,
            Cell::Damaged { found, why } => format!("{why:?} {found}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn numbers_keep_fifteen_digits_and_no_more() {
        for (value, expected) in [
            (1_234.560_000_000_000_1, "1234.56"),
            (0.1 + 0.2, "0.3"),
            (-0.0, "0"),
            (360_824_000_000.0, "360824000000"),
            (999_999_999_999_999.0, "999999999999999"),
            (0.000_012_5, "0.0000125"),
            (-17.5, "-17.5"),
            (1e15, "LostDigits 1000000000000000"),
            (999_999_999_999_999.9, "LostDigits 1000000000000000"),
            (440_106_199_001_011_234.0, "LostDigits 440106199001011000"),
            (f64::NAN, "NotANumber NaN"),
        ] {
            assert_eq!(text_of(number(value)), expected);
        }
        assert_eq!(text_of(whole_number(-1_000_000_000_000_000)), "LostDigits -1000000000000000");
    }

    #[test]
    fn days_are_counted_as_the_workbook_counts_them() {
        use DateSystem::{From1900, From1904};
        for (serial, system, expected) in [
            (1.0, From1900, "1900-01-01"),
            (59.0, From1900, "1900-02-28"),
            (60.0, From1900, "ImpossibleDate 60"),
            (61.0, From1900, "1900-03-01"),
            (44_197.0, From1900, "2021-01-01"),
            (42_735.0, From1904, "2021-01-01"),
            (44_197.423_726_851_85, From1900, "2021-01-01T10:10:10"),
            (44_197.999_999_999, From1900, "2021-01-02"),
            (0.423_726_851_851_851_8, From1900, "10:10:10"),
            (2_958_465.0, From1900, "9999-12-31"),
            (2_958_465.999_999_99, From1900, "ImpossibleDate 2958465.99999999"),
            (2_957_004.0, From1904, "ImpossibleDate 2957004"),
            (-1.0, From1900, "ImpossibleDate -1"),
            (2_958_466.0, From1900, "ImpossibleDate 2958466"),
        ] {
            assert_eq!(text_of(moment(serial, system)), expected, "{serial}");
        }
        assert_eq!(text_of(span(10.632_060_185_185_185)), "255:10:10");
    }

    #[test]
    fn iso_texts_are_checked_before_they_are_believed() {
        for (text, expected) in [
            ("2021-01-01", "2021-01-01"),
            ("2021-01-01T00:00:00", "2021-01-01"),
            ("2021-01-01 10:10:10.500", "2021-01-01T10:10:10"),
            ("10:10:10", "10:10:10"),
            ("2021-02-29", "ImpossibleDate 2021-02-29"),
            ("2021-1-1", "ImpossibleDate 2021-1-1"),
            ("二〇二一年", "ImpossibleDate 二〇二一年"),
        ] {
            assert_eq!(text_of(iso_moment(text)), expected);
        }
        assert_eq!(text_of(iso_span("PT10H10M10S")), "10:10:10");
        assert_eq!(text_of(iso_span("PT1X")), "ImpossibleDate PT1X");
    }

    proptest::proptest! {
        #[test]
        fn every_day_keeps_its_order(day in 61_u32..2_958_464) {
            let date = |day: u32| text_of(moment(f64::from(day), DateSystem::From1900));
            let (this, next) = (date(day), date(day + 1));
            proptest::prop_assert!(this < next, "{this} {next}");
            proptest::prop_assert!(parse_day(&this).is_some(), "{this}");
        }

        #[test]
        fn cents_survive(fen in -99_999_999_999_999_i64..=99_999_999_999_999) {
            let sign = if fen < 0 { "-" } else { "" };
            let text = format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100);
            let found = text_of(number(text.parse().unwrap()));
            let plain = text.trim_end_matches('0').trim_end_matches('.');
            let plain = if plain == "-0" || plain.is_empty() { "0" } else { plain };
            proptest::prop_assert_eq!(found, plain);
        }
    }
}
