//! Enrolling a second factor: the secret is offered, and counts once a first code shows that the
//! app has it.

use entity::id::SessionId;

use super::prove_again;
use crate::{
    domain::{permission::Action, refusal::Refusal, secret::Secret},
    error::{Error, Result},
    store::{Counted, Ledger, NewFactor},
};

/// Offers a second factor to whoever is in a session and gives the password. Asking again makes
/// the offer before void.
pub async fn enroll_second_factor(
    ledger: &Ledger,
    session: SessionId,
    password: &str,
) -> Result<NewFactor> {
    let bearer = ledger.bearer(session).await?;
    bearer.actor().require(Action::EnrollSecondFactor)?;
    if ledger.candidate_of(bearer.account().clone()).await?.has_second_factor() {
        return Err(Refusal::factor_enrolled_already().into());
    }
    prove_again(ledger, bearer.session(), bearer.account(), password).await?;
    ledger.offer_factor(bearer.account()).await
}

/// Has the offered second factor count from now on. The recovery codes are shown once.
pub async fn confirm_second_factor(
    ledger: &Ledger,
    session: SessionId,
    code: &str,
) -> Result<Vec<Secret>> {
    let bearer = ledger.bearer(session).await?;
    let candidate = ledger.candidate_of(bearer.account().clone()).await?;
    if candidate.has_second_factor() {
        return Err(Refusal::factor_enrolled_already().into());
    }
    let is_offered = candidate.credential.as_ref().is_some_and(|one| one.totp_secret.is_some());
    if !is_offered {
        return Err(Refusal::factor_missing().into());
    }
    let counted = Counted::Session(session);
    ledger.admit_attempt(&[counted]).await?;
    if !ledger.accept_code(&candidate, code).await? {
        return Err(Refusal::code_wrong().into());
    }
    ledger.forget_attempts(counted).await?;
    ledger
        .write(&bearer.actor(), Action::EnrollSecondFactor, async |write| {
            let account = write.own_account().await?;
            let codes = write.confirm_factor(account.id).await?;
            write.note_enrolled(session).await?;
            write.note_account(&account);
            Ok::<_, Error>(codes)
        })
        .await
}
