//! What a password must be: in the profile `nist` (SP 800-63B) long and not to be guessed; in the
//! profile `mlps3` (GB/T 22239) also mixed, renewed every 90 days and not one of the last five.
//! The two disagree: NIST forbids what the other asks for, so both are there to choose from.

mod common;

use chrono::{DateTime, TimeDelta, Utc};
use entity::language::Sentence;

use super::mistake::{Mistake, Mistakes};
use crate::limits;

/// A set of rules for passwords.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Length and a list of what everybody tries; no composition, no renewal.
    #[default]
    Nist,
    /// Composition, renewal, history, a second factor for everybody.
    Mlps3,
}

impl std::str::FromStr for Profile {
    type Err = String;

    fn from_str(code: &str) -> Result<Profile, String> {
        match code {
            "nist" => Ok(Profile::Nist),
            "mlps3" => Ok(Profile::Mlps3),
            _ => Err(format!("“{code}”: 应为 nist 或 mlps3 / expected nist or mlps3")),
        }
    }
}

/// The field that mistakes name.
const FIELD: &str = "password";

/// What is wrong with a new password of an account; never the password itself.
pub fn check(profile: Profile, password: &str, account: &str, has_factor: bool) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let shortest = shortest(profile, has_factor);
    let length = password.chars().count();
    if length < shortest {
        mistakes.push(mistake(
            format!("密码至少 {shortest} 个字符"),
            format!("at least {shortest} characters"),
        ));
    }
    if length > limits::PASSWORD_LENGTH {
        mistakes.push(mistake(
            format!("密码最多 {} 个字符", limits::PASSWORD_LENGTH),
            format!("at most {} characters", limits::PASSWORD_LENGTH),
        ));
        return mistakes;
    }
    if common::is_common(password, account) {
        mistakes.push(mistake(
            "密码太常见，或由账号、本系统用语、连续字符拼成；请换一句只有自己想得到的话",
            "too common, or made of the account's name, words of this ledger or runs of \
             characters; choose a phrase that only you would think of",
        ));
    }
    if profile == Profile::Mlps3 && n_classes(password) < 3 {
        mistakes.push(mistake(
            "须含大写字母、小写字母、数字、其他字符中的三种",
            "three of: upper-case letters, lower-case letters, digits, other characters",
        ));
    }
    mistakes
}

const fn shortest(profile: Profile, has_factor: bool) -> usize {
    match (profile, has_factor) {
        (Profile::Nist, false) => limits::PASSWORD_ALONE,
        (Profile::Nist, true) => limits::PASSWORD_BESIDE,
        (Profile::Mlps3, _) => limits::PASSWORD_MLPS3,
    }
}

fn mistake(zh: impl Into<String>, en: impl Into<String>) -> Mistake {
    Mistake::new(FIELD, "", Sentence::new(zh, en))
}

/// The new password was used before.
pub fn used_before() -> Mistakes {
    let words = mistake(
        format!("不能使用最近 {} 次用过的密码", limits::PASSWORDS_FORMER),
        format!("not one of the last {} passwords", limits::PASSWORDS_FORMER),
    );
    Mistakes(vec![words])
}

/// The old password that was given is not the old password.
pub fn wrong_old() -> Mistakes {
    let words = Sentence::new("原密码不正确", "this is not the present password");
    Mistakes(vec![Mistake::new("old_password", "", words)])
}

fn n_classes(password: &str) -> usize {
    let classes: [fn(char) -> bool; 4] = [
        |one| one.is_uppercase(),
        |one| one.is_lowercase(),
        |one| one.is_numeric(),
        |one| !one.is_uppercase() && !one.is_lowercase() && !one.is_numeric(),
    ];
    classes.iter().filter(|class| password.chars().any(class)).count()
}

/// Whether a password has been used long enough.
pub fn is_due(profile: Profile, changed_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    profile == Profile::Mlps3 && now >= changed_at + TimeDelta::days(limits::PASSWORD_DAYS)
}

/// How many former passwords are kept and refused.
pub const fn former_kept(profile: Profile) -> usize {
    match profile {
        Profile::Nist => 0,
        Profile::Mlps3 => limits::PASSWORDS_FORMER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(profile: Profile, password: &str, has_factor: bool) -> usize {
        let mistakes = check(profile, password, "he-jing", has_factor);
        assert!(mistakes.0.iter().all(|mistake| mistake.found.is_empty()));
        mistakes.len()
    }

    #[test]
    fn lengths_at_the_limit_and_one_off() {
        let phrase =
            |length: usize| "山高水长路远天阔云淡风轻月明星稀".chars().cycle().take(length);
        let faults = |profile, length, has_factor| {
            faults(profile, &phrase(length).collect::<String>(), has_factor)
        };
        assert_eq!((faults(Profile::Nist, 14, false), faults(Profile::Nist, 15, false)), (1, 0));
        assert_eq!((faults(Profile::Nist, 7, true), faults(Profile::Nist, 8, true)), (1, 0));
        assert_eq!((faults(Profile::Nist, 128, true), faults(Profile::Nist, 129, true)), (0, 1));
    }

    #[test]
    fn the_other_profile_wants_three_kinds_of_characters() {
        let faults = |password: &str| faults(Profile::Mlps3, password, true);
        assert_eq!(faults("shanGaolu7"), 0);
        assert_eq!(faults("shanGaol7"), 1);
        assert_eq!(faults("shangaolu7"), 1);
        assert_eq!(faults("山高shui长路7远好"), 0);
        assert_eq!(faults("shangaoshuichang"), 1);
    }

    #[test]
    fn a_password_is_renewed_only_where_the_profile_says_so() {
        let changed = DateTime::UNIX_EPOCH;
        let days = |days| changed + TimeDelta::days(days);
        assert!(!is_due(Profile::Mlps3, changed, days(90) - TimeDelta::seconds(1)));
        assert!(is_due(Profile::Mlps3, changed, days(90)));
        assert!(!is_due(Profile::Nist, changed, days(9_000)));
        assert_eq!((former_kept(Profile::Nist), former_kept(Profile::Mlps3)), (0, 5));
    }

    #[test]
    fn profiles_have_codes() {
        assert_eq!("mlps3".parse(), Ok(Profile::Mlps3));
        assert_eq!("nist".parse(), Ok(Profile::default()));
        assert!("weak".parse::<Profile>().is_err());
    }
}
