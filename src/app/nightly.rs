//! The round made every night: findings that time causes, or a local rule that begins, what is late
//! raised up the line, the signed end of every log, and jobs, drafts and reminders that are
//! forgotten.

use entity::rectification::{self, State};

use crate::{
    domain::{
        permission::Action,
        rectification::{Patience, raise},
    },
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
    /// Steps by which what is late was raised up the line.
    pub raised: usize,
    /// Checkpoints signed.
    pub checkpoints: usize,
}

/// Evaluates every asset of the actor's area anew, a batch a transaction, raises what is late, and
/// signs the logs.
pub async fn round(ledger: &Ledger, actor: &Actor) -> Result<Round> {
    let mut round = evaluate(ledger, actor).await?;
    round.raised = raise_late(ledger, actor).await?;
    ledger.forget_jobs().await?;
    ledger.forget_drafts().await?;
    ledger.forget_reminders().await?;
    round.checkpoints = ledger.sign_checkpoints().await?;
    Ok(round)
}

/// Raises what is late up the line, as far as the local rules of its place say, a batch a
/// transaction. Answers by how many steps.
pub async fn raise_late(ledger: &Ledger, actor: &Actor) -> Result<usize> {
    let mut raised = 0;
    for state in [State::Open, State::Underway] {
        let mut after = None;
        loop {
            let batch = async |write: &mut Write| {
                let within = (actor.area(), state);
                let (rounds, last) = write.late_rounds(within, after, limits::READ_BATCH).await?;
                Ok((raise_all(write, rounds).await?, last))
            };
            let (steps, last) = ledger.write(actor, Action::NightlyRound, batch).await?;
            raised += steps;
            after = last;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(raised)
}

async fn raise_all(write: &mut Write, rounds: Vec<rectification::Model>) -> Result<usize> {
    let today = write.today();
    let local = write.local_rules(rounds.iter().map(|round| round.area_code)).await?;
    let mut n = 0;
    for mut round in rounds {
        let patience = Patience::of(&local, round.area_code, today);
        for step in raise(&round, patience, today) {
            round = write.update::<rectification::Entity>(&round, step).await?;
            n += 1;
        }
    }
    Ok(n)
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
