//! Accounts: adding, locking and unlocking.

use entity::{
    account::{self, Model, Role, State},
    area::AreaCode,
    id::AccountId,
    one_time_link::Purpose,
    session::EndReason,
};

use super::named::Which;
use crate::{
    domain::{account as rules, permission::Action, refusal::Refusal, secret::Secret},
    error::Result,
    store::{Actor, Ledger, Write},
};

/// Adds an account with a role over an area. It has no password: a link lets its owner set one.
pub async fn add(
    ledger: &Ledger,
    actor: &Actor,
    name: &str,
    role: Role,
    area_code: AreaCode,
) -> Result<Model> {
    check(actor, name, role)?;
    ledger
        .write(actor, Action::AddAccount, async |write| insert(write, name, role, area_code).await)
        .await
}

/// Adds an account together with the link for its first sign-in, which is shown once.
pub async fn add_with_link(
    ledger: &Ledger,
    actor: &Actor,
    name: &str,
    role: Role,
    area_code: AreaCode,
) -> Result<(Model, Secret)> {
    check(actor, name, role)?;
    ledger
        .write(actor, Action::AddAccount, async |write| {
            let account = insert(write, name, role, area_code).await?;
            let link = write.issue_link(account.id, Purpose::FirstSignIn).await?;
            Ok((account, link))
        })
        .await
}

fn check(actor: &Actor, name: &str, role: Role) -> Result<()> {
    actor.require(Action::AddAccount)?;
    rules::check_name(name).into_result()?;
    Ok(rules::grantable(actor.role(), role)?)
}

async fn insert(write: &mut Write, name: &str, role: Role, area_code: AreaCode) -> Result<Model> {
    write.area(area_code).await?;
    let account = Model {
        id: AccountId(0),
        area_code,
        name: name.to_owned(),
        role,
        state: State::Active,
        version: 0,
        created_at: write.now(),
        updated_at: write.now(),
    };
    write.insert::<account::Entity>(account).await
}

/// Locks an account; it can do nothing from the next action on. Its sessions and links end, and
/// unlocking does not bring them back.
pub async fn lock(ledger: &Ledger, actor: &Actor, account: impl Into<Which<'_>>) -> Result<Model> {
    let which = account.into();
    ledger
        .write(actor, Action::LockAccount, async |write| {
            let locked = set_state(write, which, State::Locked).await?;
            write.end_sessions(locked.id, None, EndReason::AccountLocked).await?;
            write.void_links(locked.id).await?;
            Ok(locked)
        })
        .await
}

/// Unlocks an account; its owner signs in anew.
pub async fn unlock(
    ledger: &Ledger,
    actor: &Actor,
    account: impl Into<Which<'_>>,
) -> Result<Model> {
    let which = account.into();
    ledger
        .write(actor, Action::UnlockAccount, async |write| {
            set_state(write, which, State::Active).await
        })
        .await
}

async fn set_state(write: &mut Write, which: Which<'_>, state: State) -> Result<Model> {
    let before = find(write, which).await?;
    rules::tendable(write.actor().role(), before.role)?;
    if before.state == state {
        return Err(Refusal::nothing_changed().into());
    }
    let after = Model { state, ..before.clone() };
    write.update::<account::Entity>(&before, after).await
}

/// The account that is meant, within the scope and as it was read.
pub(super) async fn find(write: &mut Write, which: Which<'_>) -> Result<Model> {
    match which {
        Which::Name(name) => write.account(name).await,
        Which::Id(named) => {
            let account = write.get::<account::Entity>(named.id).await?;
            named.check(account.version)?;
            Ok(account)
        }
    }
}
