//! Accounts: adding, locking and unlocking.

use entity::{
    account::{self, Model, Role, State},
    area::AreaCode,
    id::AccountId,
    job,
    one_time_link::Purpose,
    session::{self, EndReason},
};

use super::named::Which;
use crate::{
    domain::{account as rules, permission::Action, refusal::Refusal, secret::Secret},
    error::Result,
    store::{Actor, Ledger, Write, account::Usage},
};

/// An account with everything that depends on it.
pub struct Holder {
    /// The account.
    pub account: Model,
    /// How it is used.
    pub usage: Usage,
    /// Sessions that are open, and end when it is locked.
    pub sessions: Vec<session::Model>,
    /// Imports that wait or run.
    pub jobs: Vec<job::Model>,
    /// One-time codes that could still be used.
    pub n_links: u64,
    /// Others of its role who reach its area: the work goes on with them.
    pub peers: Vec<Model>,
}

/// An account with everything that depends on it, for whoever may see accounts.
pub async fn holder(ledger: &Ledger, actor: &Actor, id: AccountId) -> Result<Holder> {
    let (read, now) = (ledger.read(actor), ledger.clock().now());
    read.require(Action::ReadAccounts)?;
    let account = read.get::<account::Entity>(id).await?;
    let mut usage = read.usage(std::slice::from_ref(&account), now).await?;
    Ok(Holder {
        usage: usage.remove(&id).unwrap_or_default(),
        sessions: read.sessions_of(&account, now).await?,
        jobs: read.jobs_of(&account).await?,
        n_links: read.n_links_of(&account, now).await?,
        peers: read.peers_of(&account).await?,
        account,
    })
}

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
