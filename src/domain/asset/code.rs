//! Asset codes: area 12, year 4, class 2, serial 5, check 1 (domain.md §2.1, serial and check
//! digit are ours). Unique for ever, never used again.

use entity::{area::AreaCode, asset::Class};

/// Digits of the serial.
const SERIAL_DIGITS: usize = 5;
/// The last serial of one area, year and class.
pub const SERIAL_MAX: u32 = 99_999;
/// Digits before the serial.
pub const PREFIX_LENGTH: usize = 18;

/// What the codes of one area, year and class begin with.
pub fn prefix(area: AreaCode, year: i32, class: Class) -> String {
    let class = match class {
        Class::Public => 1,
        Class::Operating => 2,
        Class::Household => 3,
    };
    format!("{area}{year:04}{class:02}")
}

/// The code of a serial; none past the last one.
pub fn code(prefix: &str, serial: u32) -> Option<String> {
    if serial == 0 || serial > SERIAL_MAX {
        return None;
    }
    let body = format!("{prefix}{serial:0SERIAL_DIGITS$}");
    let check = check_digit(&body);
    Some(format!("{body}{check}"))
}

/// The serial of a code that was made here, if it was and its check digit is right.
pub fn serial(code: &str) -> Option<u32> {
    let made_here = code.len() == PREFIX_LENGTH + SERIAL_DIGITS + 1
        && code.bytes().all(|digit| digit.is_ascii_digit());
    if !made_here {
        return None;
    }
    let (body, check) = code.split_at(code.len() - 1);
    if check_digit(body).to_string() != check {
        return None;
    }
    body[PREFIX_LENGTH..].parse().ok()
}

/// Whether a code brought from outside may be kept: 1 to 32 letters, digits, `-`, `_`, `.`, `/`;
/// one that has the shape of ours must have the right check digit.
pub fn is_acceptable(code: &str) -> bool {
    let shaped = (1..=crate::limits::CODE_LENGTH).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
    // as long as ours and beginning like ours, it would stand between them when they are sorted
    let ours = code.len() == PREFIX_LENGTH + SERIAL_DIGITS + 1
        && code.bytes().take(PREFIX_LENGTH).all(|digit| digit.is_ascii_digit());
    shaped && (!ours || serial(code).is_some())
}

/// ISO 7064 MOD 11,10 over decimal digits: finds every single error and every swap of neighbours.
fn check_digit(body: &str) -> u32 {
    let product = body.bytes().filter(u8::is_ascii_digit).fold(10, |product, digit| {
        let sum = (u32::from(digit - b'0') + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_tells_its_serial() {
        let prefix = prefix("520381100201".parse().expect("code"), 2018, Class::Public);
        assert_eq!(prefix, "520381100201201801");
        let code = code(&prefix, 17).expect("a serial in range");
        assert_eq!(code.len(), 24);
        assert_eq!(serial(&code), Some(17));
        assert!(is_acceptable(&code));
    }

    #[test]
    fn every_single_wrong_digit_is_noticed() {
        let code = code("520381100201201801", 17).expect("a serial in range");
        for place in 0..code.len() {
            for digit in b'0'..=b'9' {
                let mut wrong = code.clone().into_bytes();
                if wrong[place] == digit {
                    continue;
                }
                wrong[place] = digit;
                let wrong = String::from_utf8(wrong).expect("digits");
                assert!(!is_acceptable(&wrong), "{wrong}");
            }
        }
    }

    #[test]
    fn serials_end() {
        assert!(code("520381100201201801", SERIAL_MAX).is_some());
        assert_eq!(code("520381100201201801", SERIAL_MAX + 1), None);
        assert_eq!(code("520381100201201801", 0), None);
    }

    #[test]
    fn codes_from_outside() {
        assert!(is_acceptable("TZWP-08776"));
        assert!(is_acceptable(&"A".repeat(32)));
        for code in ["", "甲-1", "A B", &"A".repeat(33)] {
            assert!(!is_acceptable(code), "{code}");
        }
    }
}
