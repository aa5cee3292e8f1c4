//! Citizen identity numbers (公民身份号码, GB 11643): eighteen characters, or the fifteen of before 1999.

use chrono::{Datelike, NaiveDate};
use entity::language::{Label, Sentence};

use super::reading::{Unreadable, compact, is_digits, is_scientific};

/// Weights of the first seventeen digits, and the check character for each remainder modulo 11.
const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS: &[u8; 11] = b"10X98765432";

/// The first two digits that numbers are issued under: provinces, and 81 to 83 for residents
/// from Hong Kong, Macao and Taiwan.
const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
    "81", "82", "83",
];

/// Nobody in the ledger was born before this year.
const FIRST_YEAR: i32 = 1800;

/// A sound identity number in its eighteen-character form. It is personal: neither `Debug` nor
/// `Display` prints it, only `expose` gives it away.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdentityNumber {
    number: String,
    born_on: NaiveDate,
}

/// What is wrong with a number, found in this order. It never holds the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityNumberFault {
    /// A spreadsheet has turned it into scientific notation.
    Scientific,
    /// Neither 15 nor 18 characters.
    Length,
    /// Something else than digits, apart from a last X.
    Character,
    /// The first two digits are no province.
    Province,
    /// The date of birth is not in the calendar, or before 1800.
    BirthDate,
    /// The date of birth is still to come.
    Unborn,
    /// The check character is wrong and the last three are zeros: what a spreadsheet keeps of a
    /// number.
    Rounded,
    /// The check character is wrong.
    CheckCharacter,
}

impl IdentityNumber {
    /// Reads a number as it stands today: full-width and lower-case signs and blanks are put
    /// right, fifteen digits become eighteen with a birth year of 19xx.
    pub fn read(text: &str, today: NaiveDate) -> Result<IdentityNumber, IdentityNumberFault> {
        let written = compact(text).to_ascii_uppercase();
        if is_scientific(&written) {
            return Err(IdentityNumberFault::Scientific);
        }
        let number = match written.chars().count() {
            15 if is_digits(&written) => lengthened(&written),
            18 if is_digits(written.strip_suffix('X').unwrap_or(&written)) => written,
            15 | 18 => return Err(IdentityNumberFault::Character),
            _ => return Err(IdentityNumberFault::Length),
        };
        if !PROVINCES.contains(&&number[..2]) {
            return Err(IdentityNumberFault::Province);
        }
        let born_on = birth_date(&number[6..14]).ok_or(IdentityNumberFault::BirthDate)?;
        if born_on > today {
            return Err(IdentityNumberFault::Unborn);
        }
        if !number.ends_with(check_character(&number)) {
            let is_rounded = number.ends_with("000");
            return Err(if is_rounded {
                IdentityNumberFault::Rounded
            } else {
                IdentityNumberFault::CheckCharacter
            });
        }
        Ok(IdentityNumber { number, born_on })
    }

    /// The eighteen characters, for the vault alone.
    pub fn expose(&self) -> &str {
        &self.number
    }

    /// The day of birth the number states.
    pub const fn born_on(&self) -> NaiveDate {
        self.born_on
    }
}

impl std::fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdentityNumber(masked)")
    }
}

impl std::fmt::Display for IdentityNumber {
    /// Fourteen asterisks and the last four characters, enough to tell two relatives apart.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:*>18}", &self.number[14..])
    }
}

impl IdentityNumberFault {
    /// What is wrong, in words.
    pub const fn label(self) -> Label {
        match self {
            IdentityNumberFault::Scientific => Label::new(
                "身份证号已被表格软件变成科学计数法，末尾数字已丢失；应把该列设为文本并重新填写全部18位",
                "the spreadsheet has turned the identity number into scientific notation and lost \
                 its last digits; expected all 18 characters in a text column",
            ),
            IdentityNumberFault::Length => Label::new(
                "身份证号应为18位（或旧式15位）",
                "expected an identity number of 18 characters (or 15 of the old form)",
            ),
            IdentityNumberFault::Character => Label::new(
                "身份证号应全为数字，只有第18位可以是X",
                "expected digits only; just the 18th character may be X",
            ),
            IdentityNumberFault::Province => Label::new(
                "身份证号前两位应为存在的省级代码",
                "expected the first two digits to be the code of a province",
            ),
            IdentityNumberFault::BirthDate => Label::new(
                "身份证号中的出生日期应为日历上存在的日子",
                "expected the date of birth in the identity number to be in the calendar",
            ),
            IdentityNumberFault::Unborn => Label::new(
                "身份证号中的出生日期不应晚于今天",
                "expected the date of birth in the identity number not to be in the future",
            ),
            IdentityNumberFault::Rounded => Label::new(
                "校验码不符且末三位为000，可能被表格软件当作数字截断；应把该列设为文本并重新填写全部18位",
                "the check character is wrong and the last three are 000, as when a spreadsheet \
                 stores a number; expected all 18 characters in a text column",
            ),
            IdentityNumberFault::CheckCharacter => Label::new(
                "身份证号校验码不符，至少有一位写错；应与证件逐位核对",
                "the check character of the identity number is wrong, so at least one character \
                 is; expected it as on the card",
            ),
        }
    }
}

impl From<IdentityNumberFault> for Unreadable {
    fn from(fault: IdentityNumberFault) -> Unreadable {
        Unreadable { expected: Sentence::from(fault.label()) }
    }
}

/// The eighteen-character form of fifteen digits: they were issued to people born in the
/// twentieth century.
fn lengthened(fifteen: &str) -> String {
    let mut number = format!("{}19{}", &fifteen[..6], &fifteen[6..]);
    number.push(check_character(&number));
    number
}

/// The check character of the first seventeen digits (ISO 7064, MOD 11-2).
fn check_character(number: &str) -> char {
    let digits = number.bytes().map(|digit| usize::from(digit - b'0'));
    let sum: usize = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    char::from(CHECK_CHARACTERS[sum % 11])
}

fn birth_date(digits: &str) -> Option<NaiveDate> {
    let (year, month, day) =
        (digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?);
    NaiveDate::from_ymd_opt(year, month, day).filter(|date| date.year() >= FIRST_YEAR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use IdentityNumberFault::{
        BirthDate, Character, CheckCharacter, Length, Province, Rounded, Scientific, Unborn,
    };

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 8, 1).expect("a day")
    }

    fn read(text: &str) -> Result<IdentityNumber, IdentityNumberFault> {
        IdentityNumber::read(text, today())
    }

    /// A number that is sound but for what its parts make wrong.
    fn with_check(seventeen: &str) -> String {
        format!("{seventeen}{}", check_character(seventeen))
    }

    #[test]
    fn sound_numbers_in_every_spelling() {
        let spellings = [
            "11010519491231002X",
            "11010519491231002x",
            "１１０１０５１９４９１２３１００２Ｘ",
            " 110105 19491231 002X ",
            "110105491231002",
            "\u{202D}11010519491231002X\u{202C}",
        ];
        for text in spellings {
            let number = read(text).expect("sound");
            assert_eq!(number.expose(), "11010519491231002X");
            assert_eq!(number.born_on(), NaiveDate::from_ymd_opt(1949, 12, 31).expect("a day"));
        }
        assert_eq!(read("440524188001010014").map(|n| n.born_on().year()), Ok(1880));
    }

    #[test]
    fn each_fault_by_its_name() {
        let table = [
            ("110105194912310021", CheckCharacter),
            ("11010519491231003X", CheckCharacter),
            ("110105194902310026", BirthDate),
            ("110105194913310021", BirthDate),
            ("110105209901010020", Unborn),
            ("990105189912310027", Province),
            ("1101051949123100", Length),
            ("11010519491231002XX", Length),
            ("1101051949123100ZX", Character),
            ("1.10105E+17", Scientific),
            ("110105194912310000", Rounded),
            ("", Length),
            ("110105490231002", BirthDate),
            ("11010549123100X", Character),
            ("X10105194912310021", Character),
            ("110105-19491231-002X", Length),
            ("身份证号码身份证号码身份证号码身份证", Character),
        ];
        for (text, fault) in table {
            assert_eq!(read(text).err(), Some(fault), "{text}");
        }
    }

    #[test]
    fn the_first_and_the_last_day_of_birth() {
        assert!(read(&with_check("52038118000101001")).is_ok());
        assert_eq!(read(&with_check("52038117991231001")).err(), Some(BirthDate));
        assert!(read(&with_check("52038120260801001")).is_ok());
        assert_eq!(read(&with_check("52038120260802001")).err(), Some(Unborn));
        assert_eq!(read(&with_check("52038119000229001")).err(), Some(BirthDate));
        assert!(read(&with_check("52038120000229001")).is_ok());
    }

    #[test]
    fn nothing_prints_the_number() {
        let number = read("11010519491231002X").expect("sound");
        assert_eq!(number.to_string(), "**************002X");
        assert_eq!(format!("{number:?}"), "IdentityNumber(masked)");
        assert!(!format!("{:?}", read("110105194912310021")).contains("1949"));
        let unreadable = Unreadable::from(CheckCharacter);
        assert!(unreadable.expected.zh.contains("校验码"), "{unreadable}");
    }

    #[test]
    fn any_single_mistake_shows() {
        let sound = "11010519491231002X";
        for place in 0..18 {
            for digit in '0'..='9' {
                let mut changed: Vec<char> = sound.chars().collect();
                changed[place] = digit;
                let changed: String = changed.into_iter().collect();
                assert_eq!(read(&changed).is_ok(), changed == sound, "{changed}");
            }
        }
    }

    proptest! {
        #[test]
        fn fifteen_and_eighteen_are_one_number(day in 0_u64..36_500, sequence in 0_u32..1_000) {
            let first = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day");
            let born_on = first + chrono::Days::new(day);
            let short = format!("520381{}{sequence:03}", born_on.format("%y%m%d"));
            let long = with_check(&format!("520381{}{sequence:03}", born_on.format("%Y%m%d")));
            prop_assert_eq!(read(&short), read(&long));
            prop_assert_eq!(read(&short).map(|number| number.born_on()), Ok(born_on));
        }

        #[test]
        fn no_text_brings_the_reader_down(text in any::<String>()) {
            let _ = read(&text);
        }
    }
}
