//! Sending events: in the order of the log, each until it is taken, by a position that is kept. Who
//! is killed between a message and the position sends that message once more, under the same id.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::id::WebhookId;
use serde::Serialize;
use tokio::task::JoinSet;

use super::{
    address::Address,
    post::{Letter, NotTaken, Post},
};
use crate::{
    domain::{
        permission::Action,
        webhook::{self as rules, message},
    },
    error::Result,
    limits,
    store::{
        Actor, Ledger,
        event::{Event, Wanted},
        webhook::{Claim, Failure},
    },
};

/// What became of the events of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Events that were taken.
    pub sent: u64,
    /// Webhooks of which one was not.
    pub failed: u64,
    /// Those of them that are given up.
    pub given_up: u64,
}

impl Run {
    fn add(&mut self, turn: Run) {
        self.sent += turn.sent;
        self.failed += turn.failed;
        self.given_up += turn.given_up;
    }
}

/// Whether a receiver wants nothing ever again (RFC 9110 §15.5.11).
const GONE: u16 = 410;

/// Sends what waits: every webhook has a turn.
pub async fn run(ledger: &Ledger, actor: &Actor, post: &Arc<Post>) -> Result<Run> {
    actor.require(Action::NightlyRound)?;
    let (mut run, mut after) = (Run::default(), WebhookId(0));
    // what goes wrong here with one is no reason to leave the others
    let mut fault = None;
    loop {
        let due = ledger.due_webhooks(after).await?;
        let Some(last) = due.last() else { return fault.map_or(Ok(run), Err) };
        after = *last;
        let mut waiting = due.into_iter();
        let mut turns = JoinSet::new();
        loop {
            while turns.len() < limits::WEBHOOKS_AT_ONCE {
                let Some(id) = waiting.next() else { break };
                let (ledger, post) = (ledger.clone(), Arc::clone(post));
                turns.spawn(async move { turn(&ledger, &post, id).await });
            }
            let Some(done) = turns.join_next().await else { break };
            match done.map_err(anyhow::Error::new)? {
                Ok(turn) => run.add(turn),
                Err(error) => fault = Some(error),
            }
        }
    }
}

/// Sends what waits for one webhook, at most so much that others have their turn.
async fn turn(ledger: &Ledger, post: &Post, id: WebhookId) -> Result<Run> {
    let mut done = Run::default();
    let Some(mut claim) = ledger.claim_webhook(id).await? else { return Ok(done) };
    let actor = Actor::operator().within(claim.webhook.area_code);
    let read = ledger.read(&actor);
    let wanted = Wanted {
        nouns: rules::codes(&claim.webhook.nouns),
        actions: rules::codes(&claim.webhook.actions),
    };
    while done.sent < limits::WEBHOOK_TURN {
        let left = limits::WEBHOOK_TURN - done.sent;
        let page = read.events(claim.county, claim.behind, &wanted, left).await?;
        for event in &page.events {
            if !ledger.is_claimed(&claim).await? {
                return Ok(done);
            }
            match send(post, &claim, event, ledger.clock().now()).await {
                Ok(status) => {
                    done.sent += 1;
                    let taken = status.to_string();
                    if !ledger.advance_webhook(&mut claim, event.seq, Some(&taken)).await? {
                        return Ok(done);
                    }
                }
                Err(why) => {
                    done.failed = 1;
                    done.given_up = u64::from(failed(ledger, &claim, &why).await?);
                    return Ok(done);
                }
            }
        }
        let is_behind = page.upto > claim.behind;
        if is_behind && !ledger.advance_webhook(&mut claim, page.upto, None).await? {
            return Ok(done);
        }
        if !page.is_more {
            break;
        }
    }
    ledger.release_webhook(&claim).await?;
    Ok(done)
}

async fn send(
    post: &Post,
    claim: &Claim,
    event: &Event,
    now: DateTime<Utc>,
) -> Result<u16, NotTaken> {
    let address = Address::parsed(&claim.webhook.address).ok_or(NotTaken::Failed("address"))?;
    post.send(&address, &letter(event, &claim.secrets, now)).await
}

/// The message about an event, signed.
pub fn letter(event: &Event, secrets: &[Vec<u8>], now: DateTime<Utc>) -> Letter {
    let place = (event.county, event.seq);
    let rows = event.rows.iter().map(|row| message::Told {
        noun: row.noun,
        id: row.id,
        version: row.version,
        area: row.area,
    });
    let id = message::id(event.county, event.seq, &event.leaf);
    let (timestamp, body) = (now.timestamp(), message::body(place, &event.action, event.at, rows));
    let signatures = message::signatures(secrets, &id, timestamp, &body);
    Letter { id, timestamp, body, signatures }
}

/// Takes note of a failure. Answers whether the webhook is given up.
async fn failed(ledger: &Ledger, claim: &Claim, why: &NotTaken) -> Result<bool> {
    let next = rules::next_try(claim.failures + 1, ledger.clock().now());
    let (outcome, next_at) = match why {
        NotTaken::Status(GONE) => (GONE.to_string(), None),
        NotTaken::Status(status) => (status.to_string(), next),
        NotTaken::Failed(what) => ((*what).to_owned(), next),
    };
    ledger.fail_webhook(claim, &Failure { outcome: &outcome, next_at }).await?;
    Ok(next_at.is_none())
}
