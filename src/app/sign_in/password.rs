//! Setting a password: one that the rules allow, and that was not used before.

use entity::{account, id::SessionId, session::EndReason};

use crate::{
    domain::{password as rules, permission::Action, refusal::Refusal, second_factor as factors},
    error::Result,
    store::{Candidate, Counted, Ledger},
};

/// Changes one's own password; every other session of the account ends.
pub async fn change_password(
    ledger: &Ledger,
    session: SessionId,
    old: &str,
    new: &str,
) -> Result<()> {
    let bearer = ledger.bearer(session).await?;
    let candidate = ledger.candidate_of(bearer.account().clone()).await?;
    let counted = Counted::Session(session);
    ledger.admit_attempt(&[counted]).await?;
    let is_right =
        !super::is_too_long(old) && ledger.verify_password(old, candidate.hash()).await?.is_right;
    if !is_right {
        return Err(rules::wrong_old().into());
    }
    ledger.forget_attempts(counted).await?;
    if old == new {
        return Err(Refusal::nothing_changed().into());
    }
    let hash = hash_new(ledger, &candidate, new).await?;
    let (actor, profile) = (bearer.actor(), ledger.profile());
    ledger
        .write(&actor, Action::SetPassword, async |write| {
            let account = write.own_account().await?;
            write.set_password(account.id, hash, profile).await?;
            write.void_links(account.id).await?;
            let reason = EndReason::CredentialChanged;
            write.end_sessions(account.id, Some(session), reason).await?;
            write.note_password_changed(session).await?;
            write.note_account(&account);
            Ok(())
        })
        .await
}

/// The hash of a new password, if the rules allow it.
pub(super) async fn hash_new(ledger: &Ledger, candidate: &Candidate, new: &str) -> Result<String> {
    let account: &account::Model = &candidate.account;
    let profile = ledger.profile();
    let has_factor = factors::is_required(profile, account.role);
    rules::check(profile, new, &account.name, has_factor).into_result()?;
    refuse_former(ledger, candidate, new).await?;
    ledger.hash_password(new).await
}

/// Refuses a password that was used lately. Only hashes are kept, so each is tried.
async fn refuse_former(ledger: &Ledger, candidate: &Candidate, new: &str) -> Result<()> {
    let Some(credential) = &candidate.credential else { return Ok(()) };
    let kept = rules::former_kept(ledger.profile());
    let all = credential.password.as_deref().into_iter().chain(credential.former.lines());
    for former in all.take(kept) {
        if ledger.verify_password(new, Some(former)).await?.is_right {
            return Err(rules::used_before().into());
        }
    }
    Ok(())
}
