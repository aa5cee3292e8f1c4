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

/// The three administrators: of the system, of its security, of its log. What one may do the
/// others may not, and none of them appoints, locks or resets another.
pub const ADMINISTRATORS: [Role; 3] =
    [Role::Administrator, Role::SecurityAdministrator, Role::AuditAdministrator];

/// Refuses to give anyone the role of the machine's operator, which belongs to the command line, or
/// that of whoever has no account; and to let an administrator appoint one.
pub fn grantable(by: Role, role: Role) -> Result<(), Refusal> {
    if !Role::of_accounts().any(|one| one == role) {
        return Err(Refusal::role_not_grantable());
    }
    tendable(by, role)
}

/// Refuses to let anyone but the machine's operator lock, unlock or reset an administrator.
pub fn tendable(by: Role, role: Role) -> Result<(), Refusal> {
    if by != Role::Operator && ADMINISTRATORS.contains(&role) {
        return Err(Refusal::administrator_kept_apart());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn administrators_exclude_each_other() {
        use crate::domain::permission::{Action, permits};
        // one's own, and looking, are everybody's
        let own = [
            Action::SetPassword,
            Action::SetMailAddress,
            Action::EnrollSecondFactor,
            Action::ReadAccounts,
            Action::ReadHealth,
            Action::ReadWebhooks,
            Action::SaveView,
            Action::AmendView,
            Action::WithdrawView,
        ];
        for action in Action::ALL.iter().copied().filter(|action| !own.contains(action)) {
            let holders = ADMINISTRATORS.iter().filter(|role| permits(**role, action)).count();
            assert!(holders <= 1, "{action:?}");
        }
        for role in ADMINISTRATORS {
            assert!(grantable(Role::Operator, role).is_ok());
            for by in ADMINISTRATORS {
                assert!(grantable(by, role).is_err() && tendable(by, role).is_err());
            }
        }
        assert!(grantable(Role::Administrator, Role::Auditor).is_ok());
        assert!(grantable(Role::Operator, Role::Operator).is_err());
    }

    #[test]
    fn names_have_limits() {
        assert!(check_name("he-jing2").is_empty());
        assert!(check_name(&"a".repeat(64)).is_empty());
        for name in ["a", &"a".repeat(65), "王慧敏", "He", "2a", ""] {
            assert_eq!(check_name(name).len(), 1, "{name}");
        }
    }
}
