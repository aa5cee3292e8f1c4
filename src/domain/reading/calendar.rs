//! Days, months and years from text.

use chrono::{NaiveDate, NaiveTime};

use super::{Unreadable, is_digits, visible};

/// In which order a file writes the parts of a date. It is declared for the file; `03/04/2022`
/// does not tell, so it is never guessed. A date that begins with a four-digit year is read the
/// same way under every order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 2022/7/5.
    #[default]
    YearFirst,
    /// 5/7/2022.
    DayFirst,
    /// 7/5/2022.
    MonthFirst,
}

/// How much of a date a text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthOrDay {
    /// A month, known by its first day.
    Month(NaiveDate),
    /// A day.
    Day(NaiveDate),
}

/// The years a ledger may speak of.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// Separators between the parts of a date; one date uses one of them.
const SEPARATORS: [char; 3] = ['-', '/', '.'];

/// Reads a day: `2022-07-05`, `2022/7/5`, `2022.7.5`, `20220705`, `2022年7月5日`, each with or without
/// a time of day, which is dropped: the day is taken as written, whatever the offset says.
pub fn date(text: &str, order: DateOrder) -> Result<NaiveDate, Unreadable> {
    let text = visible(text);
    match *parts(&text)? {
        [first, middle, last] => day_of([first, middle, last], order),
        [_] | [_, _] => Err(day_is_missing()),
        _ => Err(not_a_date()),
    }
}

/// Reads a day as `date` does, or a month, `2022-07` or `2022年7月`, and says which it was.
pub fn month_or_day(text: &str, order: DateOrder) -> Result<MonthOrDay, Unreadable> {
    let text = visible(text);
    match *parts(&text)? {
        [first, middle, last] => day_of([first, middle, last], order).map(MonthOrDay::Day),
        [year, month] if year.len() == 4 && month.len() <= 2 => {
            calendar_day(year, month, "1").map(MonthOrDay::Month)
        }
        _ => Err(not_a_month()),
    }
}

/// Reads a year from 1900 to 2100: `2022`, `2022年`, `2022年度`.
pub fn year(text: &str) -> Result<i32, Unreadable> {
    let text = visible(text);
    let digits = text.strip_suffix("年度").or(text.strip_suffix('年')).unwrap_or(&text).trim_end();
    if digits.len() == 4 { year_of(digits) } else { Err(not_a_year()) }
}

/// The parts of a date, each one to four digits.
fn parts(text: &str) -> Result<Vec<&str>, Unreadable> {
    if text.len() == 5 && is_digits(text) {
        return Err(day_count());
    }
    let parts = without_time(text).and_then(|day| {
        if day.len() == 8 && is_digits(day) {
            return Some(vec![&day[..4], &day[4..6], &day[6..]]);
        }
        if day.contains('年') {
            return chinese_parts(day);
        }
        let separator = day.chars().find(|sign| SEPARATORS.contains(sign));
        Some(separator.map_or_else(|| vec![day], |separator| day.split(separator).collect()))
    });
    parts
        .filter(|parts| parts.iter().all(|part| part.len() <= 4 && is_digits(part)))
        .ok_or_else(not_a_date)
}

/// The parts of a date written with 年, 月 and 日 or 号.
fn chinese_parts(day: &str) -> Option<Vec<&str>> {
    let (year, rest) = day.split_once('年')?;
    if rest.is_empty() {
        return Some(vec![year.trim_end()]);
    }
    let (month, rest) = rest.split_once('月')?;
    if rest.is_empty() {
        return Some(vec![year.trim_end(), month.trim()]);
    }
    let day = rest.strip_suffix(['日', '号'])?;
    Some(vec![year.trim_end(), month.trim(), day.trim()])
}

/// The day without the time of day after it; `None` when what follows is no time.
fn without_time(text: &str) -> Option<&str> {
    let Some(colon) = text.find(':') else { return Some(text) };
    let cut = text[..colon].rfind([' ', 'T', 't'])?;
    is_time(&text[cut + 1..]).then(|| text[..cut].trim_end())
}

/// `8:30`, `08:30:00.123`, with `Z`, `+08:00` or nothing after it.
fn is_time(text: &str) -> bool {
    let clock = match text.strip_suffix(['Z', 'z']) {
        Some(clock) => clock,
        None => match text.rsplit_once(['+', '-']) {
            Some((clock, offset)) if is_clock(offset) => clock,
            Some(_) => return false,
            None => text,
        },
    };
    is_clock(clock.trim_end())
}

fn is_clock(text: &str) -> bool {
    ["%H:%M:%S%.f", "%H:%M"].iter().any(|form| NaiveTime::parse_from_str(text, form).is_ok())
}

/// The day that three numbers name in an order.
fn day_of(parts: [&str; 3], order: DateOrder) -> Result<NaiveDate, Unreadable> {
    let [first, middle, last] = parts;
    if first.len() == 4 {
        return calendar_day(first, middle, last);
    }
    match (last.len(), order) {
        (4, DateOrder::YearFirst) => Err(order_is_not_declared()),
        (4, DateOrder::DayFirst) => calendar_day(last, middle, first),
        (4, DateOrder::MonthFirst) => calendar_day(last, first, middle),
        _ => Err(short_year()),
    }
}

fn calendar_day(year: &str, month: &str, day: &str) -> Result<NaiveDate, Unreadable> {
    let year = year_of(year)?;
    let number = |part: &str| if part.len() <= 2 { part.parse().ok() } else { None };
    let (Some(month), Some(day)) = (number(month), number(day)) else { return Err(not_a_date()) };
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(no_such_day)
}

fn year_of(digits: &str) -> Result<i32, Unreadable> {
    let year = digits.parse().map_err(|_| not_a_year())?;
    if YEARS.contains(&year) { Ok(year) } else { Err(not_a_year()) }
}

fn not_a_date() -> Unreadable {
    Unreadable::new(
        "应为日期，例如 2022-07-05、2022/7/5、20220705 或 2022年7月5日",
        "expected a date such as 2022-07-05, 2022/7/5, 20220705 or 2022年7月5日",
    )
}

fn day_is_missing() -> Unreadable {
    Unreadable::new(
        "缺少“日”：应写到年、月、日，例如 2022-07-05",
        "the day is missing: expected year, month and day, such as 2022-07-05",
    )
}

fn not_a_month() -> Unreadable {
    Unreadable::new(
        "应写到月或日，例如 2022-07、2022年7月 或 2022-07-05",
        "expected a month or a day, such as 2022-07, 2022年7月 or 2022-07-05",
    )
}

fn not_a_year() -> Unreadable {
    Unreadable::new("应为1900至2100之间的四位年份，例如 2022", {
        "expected a four-digit year from 1900 to 2100, such as 2022"
    })
}

fn no_such_day() -> Unreadable {
    Unreadable::new(
        "日历上没有这一天；应为实际存在的日期，例如 2022-07-05",
        "the calendar has no such day; expected a day that exists, such as 2022-07-05",
    )
}

fn short_year() -> Unreadable {
    Unreadable::new(
        "年份应写四位，例如 2022/7/5，而不是 22/7/5",
        "expected a year of four digits, such as 2022/7/5 and not 22/7/5",
    )
}

fn order_is_not_declared() -> Unreadable {
    Unreadable::new(
        "看不出日和月的先后：应先写年份（2022/7/5），或声明此文件的日期顺序（日/月/年 或 月/日/年）",
        "day and month cannot be told apart: expected the year first (2022/7/5), or the date order \
         of this file to be declared (day/month/year or month/day/year)",
    )
}

/// The number under which a spreadsheet stores a day says nothing about its epoch.
fn day_count() -> Unreadable {
    Unreadable::new(
        "这是表格软件内部的日期序号；请把该列设为日期格式，例如 2022-07-05",
        "this looks like the day number of a spreadsheet; expected the column to be formatted as \
         a date, such as 2022-07-05",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use DateOrder::{DayFirst, MonthFirst, YearFirst};

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day")
    }

    #[test]
    fn days_as_people_write_them() {
        let spellings = [
            "2022-07-05",
            "2022/7/5",
            "2022.7.5",
            "2022.07.05",
            "20220705",
            "2022年7月5日",
            "2022年07月05号",
            "2022 年 7 月 5 日",
            "２０２２－０７－０５",
            "２０２２年７月５日",
            "\u{FEFF} 2022-07-05\u{3000}",
            "2022-07-05T08:30:00Z",
            "2022-07-05T23:59:59.999+08:00",
            "2022-07-05t08:30",
            "2022-07-05 08:30:00",
            "2022-07-05 08:30:00 +08:00",
            "2022-07-05 23:00:00-05:00",
            "2022/7/5 0:00",
            "2022/7/5  0:00:00",
            "2022年7月5日 8：30",
            "20220705 08:30",
        ];
        for text in spellings {
            for order in [YearFirst, DayFirst, MonthFirst] {
                assert_eq!(date(text, order), Ok(day(2022, 7, 5)), "{text}");
            }
        }
    }

    #[test]
    fn the_order_of_a_file_is_declared() {
        assert_eq!(date("5/7/2022", DayFirst), Ok(day(2022, 7, 5)));
        assert_eq!(date("5/7/2022", MonthFirst), Ok(day(2022, 5, 7)));
        assert_eq!(date("25.12.2022", DayFirst), Ok(day(2022, 12, 25)));
        assert_eq!(date("25/12/2022", MonthFirst), Err(no_such_day()));
        assert_eq!(date("5/7/2022", YearFirst), Err(order_is_not_declared()));
        assert_eq!(date("25/12/2022", YearFirst), Err(order_is_not_declared()));
        for order in [YearFirst, DayFirst, MonthFirst] {
            assert_eq!(date("5/7/22", order), Err(short_year()));
            assert_eq!(date("22年7月5日", order), Err(short_year()));
        }
    }

    #[test]
    fn each_mistake_has_its_own_words() {
        let table = [
            ("2022-02-30", no_such_day()),
            ("2022-13-01", no_such_day()),
            ("2022-00-01", no_such_day()),
            ("2023-02-29", no_such_day()),
            ("1899-12-31", not_a_year()),
            ("2101-01-01", not_a_year()),
            ("2022-07", day_is_missing()),
            ("2022年7月", day_is_missing()),
            ("2022", day_is_missing()),
            ("2022年", day_is_missing()),
            ("44747", day_count()),
        ];
        for (text, expected) in table {
            assert_eq!(date(text, YearFirst), Err(expected), "{text}");
        }
        let shapeless = [
            "",
            "2022年7月5",
            "202207",
            "2022-7/5",
            "2022-7-5-1",
            "2022-007-05",
            "2022-7-2022",
            "2022--5",
            "2022-07-",
            "220705",
            "020220705",
            "2022-07-05T",
            "2022-07-05 25:00",
            "2022-07-05 8:60",
            "2022-07-05T08",
            "08:30",
            "2022-07-05 08:30 AM",
            "2022-07-05T08:30+8",
            "2022年7月5日前后",
            "2022年7月5日日",
            "约2022年7月5日",
            "July 5 2022",
            "二〇二二年七月五日",
            "-2022-07-05",
            "2022-07-05x",
            "2022年7日",
        ];
        for text in shapeless {
            assert_eq!(date(text, YearFirst), Err(not_a_date()), "{text}");
        }
    }

    #[test]
    fn the_first_and_the_last_day() {
        assert_eq!(date("1900-01-01", YearFirst), Ok(day(1900, 1, 1)));
        assert_eq!(date("2100-12-31", YearFirst), Ok(day(2100, 12, 31)));
        assert_eq!(date("2024-02-29", YearFirst), Ok(day(2024, 2, 29)));
    }

    #[test]
    fn a_month_is_told_from_a_day() {
        for text in ["2022-07", "2022/7", "2022.7", "2022年7月", "2022 年 07 月"] {
            assert_eq!(
                month_or_day(text, YearFirst),
                Ok(MonthOrDay::Month(day(2022, 7, 1))),
                "{text}"
            );
        }
        let first = Ok(MonthOrDay::Day(day(2022, 7, 1)));
        assert_eq!(month_or_day("2022-07-01", YearFirst), first);
        assert_eq!(month_or_day("1/7/2022", DayFirst), first);
        assert_eq!(month_or_day("2022-13", YearFirst), Err(no_such_day()));
        for text in ["2022", "2022年", "7/2022", "22-07", "2022-007"] {
            assert_eq!(month_or_day(text, YearFirst), Err(not_a_month()), "{text}");
        }
        assert_eq!(month_or_day("202207", YearFirst), Err(not_a_date()));
    }

    #[test]
    fn years_alone() {
        for text in ["2022", "２０２２", " 2022年", "2022年度", "2022 年"] {
            assert_eq!(year(text), Ok(2022), "{text}");
        }
        assert_eq!((year("1900"), year("2100")), (Ok(1900), Ok(2100)));
        for text in ["1899", "2101", "22", "02022", "2022-07", "2022.0", "-2022", "+022", "", "年"]
        {
            assert_eq!(year(text), Err(not_a_year()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_day_reads_back(number in 0_i32..73_414) {
            let one = day(1900, 1, 1) + chrono::Days::new(number.unsigned_abs().into());
            for form in ["%Y-%m-%d", "%Y/%-m/%-d", "%Y%m%d", "%Y年%-m月%-d日", "%Y-%m-%dT00:00:00"] {
                prop_assert_eq!(date(&one.format(form).to_string(), YearFirst), Ok(one));
            }
            prop_assert_eq!(date(&one.format("%d/%m/%Y").to_string(), DayFirst), Ok(one));
            prop_assert_eq!(date(&one.format("%m/%d/%Y").to_string(), MonthFirst), Ok(one));
        }
    }
}
