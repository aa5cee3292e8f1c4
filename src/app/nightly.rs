//! The round made every night: findings that time causes, or a local rule that begins, the signed end
//! of every log, and jobs and drafts that are forgotten.

use crate::{
    domain::permission::Action,
    error::Result,
    limits,
    store::{Actor, Ledger, Write},
};

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Round {
    /// Assets evaluated.
    pub assets: usize,
    /// Findings that opened.
    pub opened: usize,
    /// Findings that cleared.
    pub closed: usize,
    /// Checkpoints signed.
    pub checkpoints: usize,
}

/// Evaluates every asset of the actor's area anew, a batch a transaction, and signs the logs.
pub async fn round(ledger: &Ledger, actor: &Actor) -> Result<Round> {
    let mut round = evaluate(ledger, actor).await?;
    ledger.forget_jobs().await?;
    ledger.forget_drafts().await?;
    round.checkpoints = ledger.sign_checkpoints().await?;
    Ok(round)
}

/// Evaluates every asset of the actor's area anew, a batch a transaction.
pub(super) async fn evaluate(ledger: &Ledger, actor: &Actor) -> Result<Round> {
    let mut round = Round::default();
    let mut after = None;
    loop {
        let evaluate = async |write: &mut Write| {
            write.evaluate_after(actor.area(), after, limits::READ_BATCH).await
        };
        let batch = ledger.write(actor, Action::NightlyRound, evaluate).await?;
        if batch.last.is_none() {
            break;
        }
        after = batch.last;
        round.assets += batch.assets;
        round.opened += batch.opened;
        round.closed += batch.closed;
    }
    Ok(round)
}
