//! One-time links: how a person comes to a first password and to the next one after it was
//! forgotten. Nobody chooses a password for somebody else.

use entity::{account, one_time_link::Purpose, session::EndReason};

use super::password::hash_new;

use crate::{
    app::{account::find, named::Which},
    domain::{account as rules, permission::Action, refusal::Refusal, secret::Secret},
    error::Result,
    store::{Actor, Counted, Ledger},
};

/// Issues a link to an account; what it holds is shown once. A reset takes the password away and
/// ends every session at once.
pub async fn issue_link(
    ledger: &Ledger,
    actor: &Actor,
    account: impl Into<Which<'_>>,
    purpose: Purpose,
) -> Result<Secret> {
    issue(ledger, actor, account.into(), purpose).await.map(|(_, link)| link)
}

/// Issues a link like [`issue_link`]; answers the account too.
pub async fn issue(
    ledger: &Ledger,
    actor: &Actor,
    which: Which<'_>,
    purpose: Purpose,
) -> Result<(account::Model, Secret)> {
    match purpose {
        Purpose::FirstSignIn => invite(ledger, actor, which).await,
        Purpose::Reset => reset(ledger, actor, which).await,
    }
}

async fn invite(
    ledger: &Ledger,
    actor: &Actor,
    which: Which<'_>,
) -> Result<(account::Model, Secret)> {
    ledger
        .write(actor, Action::InviteAccount, async |write| {
            let account = find(write, which).await?;
            rules::tendable(write.actor().role(), account.role)?;
            if write.has_credential(account.id).await? {
                return Err(Refusal::signed_in_before().into());
            }
            write.note_account(&account);
            let link = write.issue_link(account.id, Purpose::FirstSignIn).await?;
            Ok((account, link))
        })
        .await
}

async fn reset(
    ledger: &Ledger,
    actor: &Actor,
    which: Which<'_>,
) -> Result<(account::Model, Secret)> {
    ledger
        .write(actor, Action::ResetAccount, async |write| {
            let account = find(write, which).await?;
            rules::tendable(write.actor().role(), account.role)?;
            write.clear_password(account.id).await?;
            write.end_sessions(account.id, None, EndReason::CredentialChanged).await?;
            write.note_account(&account);
            let link = write.issue_link(account.id, Purpose::Reset).await?;
            Ok((account, link))
        })
        .await
}

/// Opens a link: sets the password of whoever it was issued to, and is worth nothing afterwards.
pub async fn open_link(ledger: &Ledger, token: &Secret, new: &str) -> Result<()> {
    let actor = ledger.link_holder(token).await?;
    let Some(candidate) = ledger.candidate(actor.name()).await? else {
        return Err(Refusal::link_void().into());
    };
    let hash = hash_new(ledger, &candidate, new).await?;
    let profile = ledger.profile();
    ledger
        .write(&actor, Action::SetPassword, async |write| {
            let account = write.own_account().await?;
            write.use_link(token).await?;
            write.set_password(account.id, hash, profile).await?;
            write.end_sessions(account.id, None, EndReason::CredentialChanged).await?;
            write.note_account(&account);
            Ok(())
        })
        .await?;
    ledger.forget_attempts(Counted::Name(actor.name())).await
}

/// Takes away the second factor of somebody who lost it. Every session ends, and the password is
/// changed with the next sign-in.
pub async fn drop_second_factor(
    ledger: &Ledger,
    actor: &Actor,
    account: impl Into<Which<'_>>,
) -> Result<account::Model> {
    let which = account.into();
    ledger
        .write(actor, Action::DropSecondFactor, async |write| {
            let account = find(write, which).await?;
            rules::tendable(write.actor().role(), account.role)?;
            if !write.drop_factor(account.id).await? {
                return Err(Refusal::factor_missing().into());
            }
            write.end_sessions(account.id, None, EndReason::CredentialChanged).await?;
            write.note_account(&account);
            Ok(account)
        })
        .await
}
