//! Who may be given an account.

use entity::account::Role;

use super::{mistake::Mistakes, refusal::Refusal};
use crate::limits;

/// What is wrong with a sign-in name.
pub fn check_name(name: &str) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let fits = (2..=limits::ACCOUNT_NAME_LENGTH).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && name.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
    mistakes.require(
        fits,
        "name",
        || name.to_owned(),
        "账号为 2 至 64 位小写字母、数字或连字符，以字母开头",
        "2 to 64 lower-case letters, digits or hyphens, beginning with a letter",
    );
    mistakes
}

/// Refuses to give anyone the role of the machine's operator: it belongs to the command line.
pub fn grantable(role: Role) -> Result<(), Refusal> {
    if role == Role::Operator { Err(Refusal::role_not_grantable()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_limits() {
        assert!(check_name("he-jing2").is_empty());
        assert!(check_name(&"a".repeat(64)).is_empty());
        for name in ["a", &"a".repeat(65), "王慧敏", "He", "2a", ""] {
            assert_eq!(check_name(name).len(), 1, "{name}");
        }
    }
}
