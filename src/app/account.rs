//! Accounts: adding and locking.

use entity::{
    account::{self, Model, Role, State},
    area::AreaCode,
    id::AccountId,
};

use crate::{
    domain::{account as rules, permission::Action, refusal::Refusal},
    error::Result,
    store::{Actor, Ledger},
};

/// Adds an account with a role over an area.
pub async fn add(
    ledger: &Ledger,
    actor: &Actor,
    name: &str,
    role: Role,
    area_code: AreaCode,
) -> Result<Model> {
    rules::check_name(name).into_result()?;
    rules::grantable(role)?;
    ledger
        .write(actor, Action::AddAccount, async |write| {
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
        })
        .await
}

/// Locks an account; it can do nothing from the next action on.
pub async fn lock(ledger: &Ledger, actor: &Actor, name: &str) -> Result<Model> {
    ledger
        .write(actor, Action::LockAccount, async |write| {
            let before = write.account(name).await?;
            if before.state == State::Locked {
                return Err(Refusal::nothing_changed().into());
            }
            let locked = Model { state: State::Locked, ..before.clone() };
            write.update::<account::Entity>(&before, locked).await
        })
        .await
}
