//! Money, quantities and whole numbers from text.

use std::ops::RangeInclusive;

use entity::{
    decimal_text::{self, DecimalFault},
    language::Label,
    measure::Quantity,
    money::Money,
};

use super::{Unreadable, is_digits, is_scientific, visible};

/// What an amount without a unit of its own is counted in: said by the column, never guessed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum MoneyUnit {
    /// 元, up to two decimals.
    #[default]
    #[serde(rename = "元", alias = "yuan")]
    Yuan,
    /// 万元, up to six decimals.
    #[serde(rename = "万元", alias = "wan_yuan")]
    TenThousandYuan,
}

impl MoneyUnit {
    /// The decimals of the unit that come to whole fen.
    const fn decimals(self) -> usize {
        match self {
            MoneyUnit::Yuan => 2,
            MoneyUnit::TenThousandYuan => 6,
        }
    }

    /// Every unit.
    pub const ALL: [MoneyUnit; 2] = [MoneyUnit::Yuan, MoneyUnit::TenThousandYuan];

    /// A stable word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            MoneyUnit::Yuan => "yuan",
            MoneyUnit::TenThousandYuan => "wan_yuan",
        }
    }

    /// What people call it.
    pub const fn label(self) -> Label {
        match self {
            MoneyUnit::Yuan => Label::new("元", "yuan"),
            MoneyUnit::TenThousandYuan => Label::new("万元", "10,000 yuan"),
        }
    }

    /// The unit that the header of a column says in brackets: `原值（万元）`.
    pub fn said_by(header: &str) -> Option<MoneyUnit> {
        let header = visible(header);
        let (_, said) = header.split_once('(')?;
        let said = said.trim_end().trim_end_matches(')').trim_end();
        [("万元", MoneyUnit::TenThousandYuan), ("元", MoneyUnit::Yuan)]
            .into_iter()
            .find_map(|(word, unit)| said.ends_with(word).then_some(unit))
    }

    /// The other unit.
    #[must_use]
    pub const fn other(self) -> MoneyUnit {
        match self {
            MoneyUnit::Yuan => MoneyUnit::TenThousandYuan,
            MoneyUnit::TenThousandYuan => MoneyUnit::Yuan,
        }
    }

    /// The unit that an amount is counted in: its own, or what those that name none are.
    pub fn of(text: &str, otherwise: MoneyUnit) -> MoneyUnit {
        unit_of(&visible(text), otherwise).1
    }

    /// An amount with this unit in the place of its own.
    pub fn instead(self, text: &str) -> String {
        self.written(unit_of(&visible(text), self).0)
    }

    /// An amount with this unit written out, where it is a number that names none.
    pub fn written(self, text: &str) -> String {
        let amount = visible(text);
        let (inner, end) = match amount.strip_suffix(')') {
            Some(inner) => (inner.trim_end(), ")"),
            None => (amount.as_str(), ""),
        };
        if inner.ends_with(|last: char| last.is_ascii_digit() || last == '.') {
            format!("{inner}{}{end}", self.label().zh)
        } else {
            text.to_owned()
        }
    }
}

/// Units an amount may carry, longer words first.
const SUFFIXES: [(&str, MoneyUnit); 3] = [
    ("万元", MoneyUnit::TenThousandYuan),
    ("万", MoneyUnit::TenThousandYuan),
    ("元", MoneyUnit::Yuan),
];

/// Reads an amount of zero or more: `1,234.50`, `¥1234.5`, `12万元`. A unit in the text overrides
/// the given one. Up to two decimals in 元 and six in 万元; more would be finer than a fen, which
/// is a mistake and never rounded.
pub fn money(text: &str, unit: MoneyUnit) -> Result<Money, Unreadable> {
    let (is_negative, amount) = read_money(text, unit)?;
    if is_negative { Err(negative_amount()) } else { Ok(amount) }
}

/// Reads an amount that may be below zero, with a minus sign or in the brackets of accountants:
/// `-1,234.50`, `(1,234.50)`.
pub fn signed_money(text: &str, unit: MoneyUnit) -> Result<Money, Unreadable> {
    let (is_negative, amount) = read_money(text, unit)?;
    if is_negative { amount.checked_neg().ok_or_else(amount_too_large) } else { Ok(amount) }
}

/// Reads a whole number within limits: `1,200`.
pub fn integer(text: &str, limits: RangeInclusive<i64>) -> Result<i64, Unreadable> {
    let text = visible(text);
    if is_scientific(&text) {
        return Err(scientific());
    }
    let (is_negative, magnitude) = signed(&text);
    ungrouped(magnitude)
        .and_then(|digits| decimal_text::units(&digits, 0).ok())
        .map(|number| if is_negative { -number } else { number })
        .filter(|number| limits.contains(number))
        .ok_or_else(|| {
            let (least, most) = (limits.start(), limits.end());
            Unreadable::new(
                format!("应为{least}至{most}之间的整数，例如 {least}"),
                format!("expected a whole number from {least} to {most}, such as {least}"),
            )
        })
}

/// Reads a quantity: above zero, up to four decimals.
pub fn quantity(text: &str) -> Result<Quantity, Unreadable> {
    let text = visible(text);
    if is_scientific(&text) {
        return Err(scientific());
    }
    ungrouped(&text).and_then(|digits| digits.parse().ok()).ok_or_else(|| {
        Unreadable::new(
            "应为大于0、不超过1000亿的数量，最多四位小数，不带单位，例如 12.5",
            "expected a quantity above 0 and up to 100000000000, at most four decimals, \
             without a unit, such as 12.5",
        )
    })
}

/// The sign and the magnitude of an amount.
fn read_money(text: &str, unit: MoneyUnit) -> Result<(bool, Money), Unreadable> {
    let text = visible(text);
    let (outer_sign, rest) = signed(&text);
    let rest = rest.strip_prefix('¥').map_or(rest, str::trim_start);
    let (inner_sign, rest) = if outer_sign { (false, rest) } else { signed(rest) };
    let (rest, unit) = unit_of(rest, unit);
    if is_scientific(rest) {
        return Err(scientific());
    }
    let digits = ungrouped(rest).ok_or_else(not_an_amount)?;
    let fen = decimal_text::units(&digits, unit.decimals()).map_err(|fault| match fault {
        DecimalFault::NotANumber => not_an_amount(),
        DecimalFault::TooPrecise => finer_than_a_fen(),
        DecimalFault::TooLarge => amount_too_large(),
    })?;
    let amount = Money::try_from_fen(fen).ok_or_else(amount_too_large)?;
    Ok((outer_sign || inner_sign, amount))
}

/// Whether the number is marked as negative, and what remains without the mark.
fn signed(text: &str) -> (bool, &str) {
    let bracketed = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    match bracketed.or_else(|| text.strip_prefix(['-', '−'])) {
        Some(rest) => (true, rest.trim()),
        None => (false, text),
    }
}

/// The number without its unit, and the unit it is counted in.
fn unit_of(text: &str, otherwise: MoneyUnit) -> (&str, MoneyUnit) {
    SUFFIXES
        .into_iter()
        .find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?.trim_end(), unit)))
        .unwrap_or((text, otherwise))
}

/// The number without the commas between its thousands; `None` when it is no unsigned decimal, or
/// when a comma stands anywhere else: `1234,50` may be a decimal comma.
fn ungrouped(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let mut groups = whole.split(',');
    let first = groups.next().filter(|group| is_digits(group))?;
    let others: Vec<&str> = groups.collect();
    let is_grouped = !others.is_empty();
    let are_thousands = others.iter().all(|group| group.len() == 3 && is_digits(group));
    if !are_thousands || (is_grouped && first.len() > 3) || !fraction.is_none_or(is_digits) {
        return None;
    }
    Some(text.replace(',', ""))
}

fn not_an_amount() -> Unreadable {
    Unreadable::new(
        "应为金额，例如 1,234.50 或 12.5万元；逗号只用作千位分隔，单位只可写“元”“万”或“万元”",
        "expected an amount such as 1,234.50 or 12.5万元; commas separate thousands only, \
         and the unit may only be 元, 万 or 万元",
    )
}

fn finer_than_a_fen() -> Unreadable {
    Unreadable::new(
        "应精确到分：以元计最多两位小数，以万元计最多六位小数；系统不做四舍五入",
        "more precise than one fen: expected at most two decimals in yuan or six in ten thousand \
         yuan; amounts are never rounded",
    )
}

fn amount_too_large() -> Unreadable {
    Unreadable::new(
        "应为绝对值不超过10万亿元的金额；请核对单位是元还是万元",
        "expected an amount of at most ten trillion yuan; check whether the unit is yuan or \
         ten thousand yuan",
    )
}

fn negative_amount() -> Unreadable {
    Unreadable::new("此处不接受负数，应为0或大于0的金额", "expected an amount that is not negative")
}

/// A number that a spreadsheet has shortened is never completed.
fn scientific() -> Unreadable {
    Unreadable::new(
        "不接受科学计数法（如 1.2E+5），末尾数字可能已丢失；请写出全部数字",
        "scientific notation such as 1.2E+5 may have lost its last digits; \
         expected all digits to be written out",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use MoneyUnit::{TenThousandYuan, Yuan};

    #[test]
    fn a_header_says_its_unit_in_brackets() {
        for (header, unit) in [
            ("原值（万元）", Some(TenThousandYuan)),
            ("原值(单位：万元)", Some(TenThousandYuan)),
            ("原值（元）", Some(Yuan)),
            ("原值", None),
            ("万元", None),
            ("原值（人民币）", None),
        ] {
            assert_eq!(MoneyUnit::said_by(header), unit, "{header}");
        }
    }

    #[test]
    fn an_amount_is_written_with_its_unit() {
        for (text, written) in [
            ("12.5", "12.5万元"),
            ("１２．５", "12.5万元"),
            ("1,234", "1,234万元"),
            ("(12.5)", "(12.5万元)"),
            ("12.5元", "12.5元"),
            ("3万", "3万"),
            ("约12", "约12万元"),
            ("很多", "很多"),
            ("", ""),
        ] {
            assert_eq!(TenThousandYuan.written(text), written, "{text}");
        }
        assert_eq!(Yuan.instead("864000万元"), "864000元");
        assert_eq!(TenThousandYuan.instead("86.4"), "86.4万元");
        assert_eq!(MoneyUnit::of("86.4万", Yuan), TenThousandYuan);
        assert_eq!(MoneyUnit::of("86.4", Yuan), Yuan);
    }

    fn fen(text: &str, unit: MoneyUnit) -> Result<i64, Unreadable> {
        money(text, unit).map(Money::fen)
    }

    #[test]
    fn amounts_as_people_write_them() {
        let table = [
            ("1234.5", Yuan, 123_450),
            ("1,234.50", Yuan, 123_450),
            ("1，234．50", Yuan, 123_450),
            ("１２３４．５", Yuan, 123_450),
            (" ¥1,234.50 ", Yuan, 123_450),
            ("￥ 1234.50元", Yuan, 123_450),
            ("0", Yuan, 0),
            ("0.01", Yuan, 1),
            ("12", TenThousandYuan, 12_000_000),
            ("12万", Yuan, 12_000_000),
            ("12 万元", Yuan, 12_000_000),
            ("12万元", TenThousandYuan, 12_000_000),
            ("12元", TenThousandYuan, 1_200),
            ("1,234.50元", TenThousandYuan, 123_450),
            ("30862.6147", TenThousandYuan, 30_862_614_700),
            ("0.000001", TenThousandYuan, 1),
            ("431.728292万", Yuan, 431_728_292),
            ("\u{202D}1,000\u{202C}", Yuan, 100_000),
            ("10,000,000,000,000", Yuan, Money::MAX.fen()),
            ("1000000000", TenThousandYuan, Money::MAX.fen()),
        ];
        for (text, unit, expected) in table {
            assert_eq!(fen(text, unit), Ok(expected), "{text}");
        }
    }

    #[test]
    fn each_mistake_has_its_own_words() {
        let table = [
            ("1.005", Yuan, finer_than_a_fen()),
            ("1.500", Yuan, finer_than_a_fen()),
            ("0.0000001", TenThousandYuan, finer_than_a_fen()),
            ("0.123元", TenThousandYuan, finer_than_a_fen()),
            ("10,000,000,000,000.01", Yuan, amount_too_large()),
            ("1000000000.000001", TenThousandYuan, amount_too_large()),
            ("99999999999999999999999", Yuan, amount_too_large()),
            ("1.2E+5", Yuan, scientific()),
            ("1e3元", Yuan, scientific()),
            ("-1", Yuan, negative_amount()),
            ("-0", Yuan, negative_amount()),
            ("（1.00）", Yuan, negative_amount()),
        ];
        for (text, unit, expected) in table {
            assert_eq!(fen(text, unit), Err(expected), "{text}");
        }
        let shapeless = [
            "", "元", "¥", "一百", "12 34", "1234,50", "1234,567", "12,34", "1,2345", ",123",
            "1,,234", "1.", ".5", "1.2.3", "1.234,5", "+1", "12亿", "12千元", "12万万", "12元整",
            "1/2", "$12", "¥¥1", "0x1", "1_000", "١٢",
        ];
        for text in shapeless {
            assert_eq!(fen(text, Yuan), Err(not_an_amount()), "{text}");
        }
    }

    #[test]
    fn negative_amounts_where_they_are_asked_for() {
        let read = |text| signed_money(text, Yuan).map(Money::fen);
        for text in
            ["-1,234.50", "−1234.5", "（1,234.50）", "-¥1,234.50", "¥-1,234.50", "－1234.50元"]
        {
            assert_eq!(read(text), Ok(-123_450), "{text}");
        }
        assert_eq!(read("1234.50"), Ok(123_450));
        assert_eq!(read("-10000000000000"), Ok(-Money::MAX.fen()));
        assert_eq!(read("-10000000000000.01"), Err(amount_too_large()));
        for text in ["--1", "-(1)", "(-1)", "-¥-1", "(1", "1)", "1-", "-", "()"] {
            assert_eq!(read(text), Err(not_an_amount()), "{text}");
        }
        assert_eq!(read("-1.2E+5"), Err(scientific()));
    }

    #[test]
    fn whole_numbers_within_their_limits() {
        assert_eq!(integer("１，２００", 0..=1_200), Ok(1_200));
        assert_eq!(integer("0", 0..=1_200), Ok(0));
        assert_eq!(integer("-3", -3..=0), Ok(-3));
        for text in ["1201", "-1", "1.0", "12户", "", "1e2e", "99999999999999999999"] {
            let expected = integer(text, 0..=1_200).expect_err(text).expected;
            assert!(expected.zh.contains("0至1200"), "{text}");
        }
        assert_eq!(integer("1.2E+3", 0..=1_200), Err(scientific()));
    }

    #[test]
    fn quantities_up_to_four_decimals() {
        let read = |text| quantity(text).map(Quantity::ten_thousandths);
        assert_eq!(read("1,234.5678"), Ok(12_345_678));
        assert_eq!(read("０．０００１"), Ok(1));
        assert_eq!(read("100,000,000,000"), Ok(Quantity::MAX.ten_thousandths()));
        for text in ["0", "-1", "0.00001", "100000000000.0001", "3亩", ""] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(read("1E3"), Err(scientific()));
    }

    proptest! {
        #[test]
        fn every_amount_reads_back_in_every_form(fen in 0..=Money::MAX.fen()) {
            let amount = Money::from_fen(fen);
            prop_assert_eq!(money(&amount.to_string(), Yuan), Ok(amount));
            prop_assert_eq!(money(&amount.grouped(), Yuan), Ok(amount));
            prop_assert_eq!(money(&amount.ten_thousands(), TenThousandYuan), Ok(amount));
            let spelled = format!("￥{}万元", amount.ten_thousands());
            prop_assert_eq!(money(&spelled, Yuan), Ok(amount));
            let negative = signed_money(&format!("({})", amount.grouped()), Yuan);
            prop_assert_eq!(negative.map(Money::fen), Ok(-fen));
        }
    }
}
