//! Amounts in the capital numerals of vouchers (中文大写金额).

use entity::money::Money;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

/// The places of a number, highest first; what stands before 亿 may itself run into 万.
const PLACES: [(u64, char); 5] =
    [(100_000_000, '亿'), (10_000, '万'), (1_000, '仟'), (100, '佰'), (10, '拾')];

/// An amount in capital numerals, `陆拾万元整`, without the leading 人民币; `None` for a negative
/// amount, which no voucher carries.
///
/// The rules are those of the annex on filling in bills to 《支付结算办法》 (银发〔1997〕393号, 附一):
/// 整 follows 元 and is left out after 角 and 分; several zeros in a row are written once; a zero
/// at 角 before some 分 is written. Where the annex leaves a choice this takes the first form it
/// shows: no 零 after 万 or 亿 when the next place is filled, one after 元 when 元 ends in zero and
/// some 角 follow.
pub fn spell(amount: Money) -> Option<String> {
    let fen = u64::try_from(amount.fen()).ok()?;
    let (yuan, tenths, hundredths) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut text = String::new();
    if yuan > 0 || fen == 0 {
        write_number(&mut text, yuan);
        text.push('元');
    }
    if fen.is_multiple_of(100) {
        text.push('整');
        return Some(text);
    }
    if yuan > 0 && (tenths == 0 || yuan.is_multiple_of(10)) {
        text.push(DIGITS[0]);
    }
    for (digit, unit) in [(tenths, '角'), (hundredths, '分')] {
        if digit > 0 {
            text.push(capital(digit));
            text.push(unit);
        }
    }
    Some(text)
}

fn write_number(text: &mut String, number: u64) {
    let Some((place, name)) = PLACES.into_iter().find(|(place, _)| number >= *place) else {
        text.push(capital(number));
        return;
    };
    write_number(text, number / place);
    text.push(name);
    let rest = number % place;
    if rest == 0 {
        return;
    }
    if rest < place / 10 {
        text.push(DIGITS[0]);
    }
    write_number(text, rest);
}

/// The numeral of the last digit of a number.
fn capital(number: u64) -> char {
    DIGITS[usize::try_from(number % 10).expect("a single digit")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_amounts() {
        let table = [
            // the examples of the annex
            ("1409.50", "壹仟肆佰零玖元伍角"),
            ("6007.14", "陆仟零柒元壹角肆分"),
            ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
            ("107000.53", "壹拾万柒仟元零伍角叁分"),
            ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
            // the edges
            ("0.00", "零元整"),
            ("0.01", "壹分"),
            ("0.10", "壹角"),
            ("0.99", "玖角玖分"),
            ("1.00", "壹元整"),
            ("1.01", "壹元零壹分"),
            ("1.10", "壹元壹角"),
            ("10.00", "壹拾元整"),
            ("10.05", "壹拾元零伍分"),
            ("10.50", "壹拾元零伍角"),
            ("101.00", "壹佰零壹元整"),
            ("110.00", "壹佰壹拾元整"),
            ("1001.00", "壹仟零壹元整"),
            ("1010.00", "壹仟零壹拾元整"),
            ("9999.99", "玖仟玖佰玖拾玖元玖角玖分"),
            ("10000.00", "壹万元整"),
            ("10001.00", "壹万零壹元整"),
            ("10100.00", "壹万零壹佰元整"),
            ("11000.00", "壹万壹仟元整"),
            ("600000.00", "陆拾万元整"),
            ("1002000.30", "壹佰万贰仟元零叁角"),
            ("1000200.00", "壹佰万零贰佰元整"),
            ("10050000.00", "壹仟零伍万元整"),
            ("100000000.00", "壹亿元整"),
            ("100000001.00", "壹亿零壹元整"),
            ("100010000.00", "壹亿零壹万元整"),
            ("110000000.00", "壹亿壹仟万元整"),
            ("1005000300.07", "壹拾亿零伍佰万零叁佰元零柒分"),
            ("10000000000.00", "壹佰亿元整"),
            ("1000000000000.00", "壹万亿元整"),
            ("1234500000000.00", "壹万贰仟叁佰肆拾伍亿元整"),
            ("10000000000000.00", "壹拾万亿元整"),
        ];
        for (amount, text) in table {
            let amount: Money = amount.parse().expect("an amount");
            assert_eq!(spell(amount).as_deref(), Some(text), "{amount}");
        }
        assert_eq!(spell(Money::from_fen(-1)), None);
    }

    /// Reads numerals back by their values alone, so that only the wording is left unproved.
    fn fen_of(text: &str) -> u64 {
        let (whole, small) = text.split_once('元').unwrap_or(("", text));
        let mut fen = number_of(whole) * 100;
        let mut digit = 0;
        for sign in small.chars() {
            match sign {
                '角' => fen += digit * 10,
                '分' => fen += digit,
                _ => digit = value_of(sign).unwrap_or(0),
            }
        }
        fen
    }

    fn number_of(text: &str) -> u64 {
        for (place, name) in PLACES {
            // the last 亿 or 万 splits: what is before it may hold the same sign
            if let Some((before, after)) = text.rsplit_once(name) {
                return number_of(before) * place + number_of(after);
            }
        }
        text.chars().filter_map(value_of).sum()
    }

    fn value_of(sign: char) -> Option<u64> {
        DIGITS.iter().position(|digit| *digit == sign).and_then(|value| u64::try_from(value).ok())
    }

    proptest! {
        #[test]
        fn every_amount_reads_back(
            fen in prop_oneof![0_i64..100_000_000, 0..=Money::MAX.fen()],
            keep in 0_u32..10,
        ) {
            // zeros at the end are the hard part
            let fen = fen / 10_i64.pow(keep) * 10_i64.pow(keep);
            let text = spell(Money::from_fen(fen)).expect("not negative");
            prop_assert_eq!(i64::try_from(fen_of(&text)).expect("fits"), fen, "{}", text);
            prop_assert!(!text.contains("零零"));
            prop_assert_eq!(text.ends_with('整'), fen % 100 == 0);
        }
    }
}
