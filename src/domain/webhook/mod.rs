//! Webhooks: addresses that are told of what happens in an area. What one is told of and how it goes
//! on; what is sent, `message.rs`; where nothing is sent unless the operator allows it, `network.rs`.

pub mod message;
pub mod network;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    area::{AreaCode, Level},
    id::WebhookId,
    language::{Label, Sentence},
    webhook::{Model, State},
};

use super::{
    mistake::{Mistake, Mistakes},
    permission::Action,
    refusal::Refusal,
};
use crate::limits;

/// What a webhook is told of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Where events are sent.
    pub address: String,
    /// Of which nouns; of every one when empty.
    pub nouns: Vec<String>,
    /// Of which actions, by their codes; of every one when empty.
    pub actions: Vec<String>,
}

/// Seconds to wait after each failure in a row; after the last of them a webhook is failing.
const WAITS: [i64; 9] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800];

/// When a webhook is tried again after so many failures in a row; not by itself after the last.
pub fn next_try(failures: i32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let place = usize::try_from(failures.checked_sub(1)?).ok()?;
    Some(now + TimeDelta::seconds(*WAITS.get(place)?))
}

/// What is wrong with what a webhook is to be told of. `known` are the nouns that events tell of.
pub fn check(draft: &Draft, known: &[&str]) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let nouns = known.iter().copied();
    listed(("nouns", &draft.nouns), nouns, &mut mistakes);
    let actions = Action::ALL.iter().map(|action| action.code());
    listed(("actions", &draft.actions), actions, &mut mistakes);
    mistakes
}

fn listed<'k>(
    (field, said): (&'static str, &[String]),
    known: impl Iterator<Item = &'k str> + Clone,
    mistakes: &mut Mistakes,
) {
    let unknown = said.iter().find(|one| !known.clone().any(|known| known == one.as_str()));
    if let Some(unknown) = unknown {
        let codes = known.collect::<Vec<_>>().join(", ");
        let expected = Sentence::new(format!("应为其中之一：{codes}"), format!("one of: {codes}"));
        mistakes.push(Mistake::new(field, unknown, expected));
    }
    if said.len() > limits::WEBHOOK_CODES {
        let (most, found) = (limits::WEBHOOK_CODES, said.len().to_string());
        let expected = Sentence::new(format!("最多 {most} 种"), format!("at most {most}"));
        mistakes.push(Mistake::new(field, &found, expected));
    }
}

/// Codes in their order, each once, with a space between.
fn joined(codes: &[String]) -> String {
    let mut codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.join(" ")
}

/// The codes that a webhook keeps with a space between.
pub fn codes(kept: &str) -> Vec<String> {
    kept.split_whitespace().map(ToOwned::to_owned).collect()
}

/// A new webhook of an area, which has `n` already in its county.
pub fn add(
    area_code: AreaCode,
    draft: &Draft,
    n: u64,
    at: DateTime<Utc>,
) -> Result<Model, Refusal> {
    if area_code.level() < Level::County {
        return Err(Refusal::webhook_too_wide());
    }
    if n >= limits::WEBHOOKS_PER_COUNTY {
        return Err(Refusal::webhooks_full(limits::WEBHOOKS_PER_COUNTY));
    }
    Ok(Model {
        id: WebhookId(0),
        area_code,
        address: draft.address.clone(),
        nouns: joined(&draft.nouns),
        actions: joined(&draft.actions),
        state: State::Active,
        replay_from: None,
        version: 0,
        created_at: at,
        updated_at: at,
    })
}

/// Refuses to do anything about one that has ended.
fn standing(row: &Model) -> Result<(), Refusal> {
    if row.state == State::Ended { Err(Refusal::webhook_ended()) } else { Ok(()) }
}

/// The same webhook with another address, or told of something else.
pub fn amend(before: &Model, draft: &Draft) -> Result<Model, Refusal> {
    standing(before)?;
    let (nouns, actions) = (joined(&draft.nouns), joined(&draft.actions));
    let after = Model { address: draft.address.clone(), nouns, actions, ..before.clone() };
    if after == *before { Err(Refusal::nothing_changed()) } else { Ok(after) }
}

/// Nothing is sent until it is resumed.
pub fn pause(before: &Model) -> Result<Model, Refusal> {
    standing(before)?;
    if before.state == State::Paused {
        return Err(Refusal::webhook_paused());
    }
    Ok(Model { state: State::Paused, ..before.clone() })
}

/// Sending goes on where it stopped.
pub fn resume(before: &Model, is_failing: bool) -> Result<Model, Refusal> {
    standing(before)?;
    if before.state == State::Active && !is_failing {
        return Err(Refusal::webhook_active());
    }
    Ok(Model { state: State::Active, ..before.clone() })
}

/// Nothing is sent ever again.
pub fn end(before: &Model) -> Result<Model, Refusal> {
    standing(before)?;
    Ok(Model { state: State::Ended, ..before.clone() })
}

/// It is given another secret.
pub fn rotate(before: &Model) -> Result<Model, Refusal> {
    standing(before)?;
    Ok(before.clone())
}

/// What stands from a position on is sent again; `end` is the last position of the log.
pub fn replay(before: &Model, from: i64, end: i64) -> Result<Model, Refusal> {
    standing(before)?;
    if !(0..=end).contains(&from) {
        return Err(Refusal::webhook_replay_range(end));
    }
    Ok(Model { replay_from: Some(from), ..before.clone() })
}

/// How a webhook stands, as people are told.
pub const fn standing_label(state: State, is_failing: bool) -> Label {
    match (state, is_failing) {
        (State::Active, true) => Label::new("推送失败，已停", "failing, stopped"),
        _ => state.label(),
    }
}

#[cfg(test)]
mod tests;
