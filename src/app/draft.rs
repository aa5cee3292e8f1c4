//! Drafts of forms: kept for their account alone, taken up again, discarded. And the form that met
//! the end of its session: carried over the sign-in, and kept for whoever typed it.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{draft::Form, id::AccountId};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    limits,
    store::{Actor, Ledger, draft::Keeping},
};

pub use crate::store::draft::NOUN;

/// The fields of a form, in their order.
pub type Fields = Vec<(String, String)>;

/// What somebody has typed and not sent yet.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What tells it from the others of its account.
    pub mark: String,
    /// Which form it was typed into.
    pub form: Form,
    /// When it was kept last.
    pub kept_at: DateTime<Utc>,
    /// What was typed.
    pub fields: Fields,
}

fn account_of(actor: &Actor) -> Result<AccountId> {
    actor.account().ok_or(Error::Forbidden)
}

fn written(fields: &Fields) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(fields).map_err(anyhow::Error::new)?)
}

/// Keeps a draft of the actor's. Answers when.
pub async fn keep(
    ledger: &Ledger,
    actor: &Actor,
    (mark, form): (&str, Form),
    fields: &Fields,
) -> Result<DateTime<Utc>> {
    let typed = written(fields)?;
    let draft = Keeping { mark, form, typed: &typed, most: limits::DRAFTS };
    ledger.keep_draft(account_of(actor)?, draft).await
}

/// The actor's drafts, the newest first.
pub async fn list(ledger: &Ledger, actor: &Actor) -> Result<Vec<Draft>> {
    let Some(account) = actor.account() else { return Ok(Vec::new()) };
    ledger.drafts(account).await?.into_iter().map(read).collect()
}

/// How many drafts the actor has.
pub async fn count(ledger: &Ledger, actor: &Actor) -> Result<u64> {
    match actor.account() {
        Some(account) => ledger.n_drafts(account).await,
        None => Ok(0),
    }
}

/// One of the actor's drafts.
pub async fn open(ledger: &Ledger, actor: &Actor, mark: &str) -> Result<Draft> {
    read(ledger.draft(account_of(actor)?, mark).await?)
}

fn read((row, typed): (entity::draft::Model, Vec<u8>)) -> Result<Draft> {
    let fields = serde_json::from_slice(&typed).map_err(anyhow::Error::new)?;
    Ok(Draft { mark: row.mark, form: row.form, kept_at: row.kept_at, fields })
}

/// Forgets one of the actor's drafts.
pub async fn discard(ledger: &Ledger, actor: &Actor, mark: &str) -> Result<()> {
    ledger.drop_draft(account_of(actor)?, mark).await
}

/// A form on its way over a sign-in.
#[derive(Serialize, Deserialize)]
struct Carried {
    /// Whose session it met the end of, where that is known.
    account: Option<i64>,
    /// Milliseconds since 1970.
    at: i64,
    fields: Fields,
}

/// A form as a text that the page of the sign-in carries; none where it is too long for that.
pub fn carry(
    ledger: &Ledger,
    account: Option<AccountId>,
    fields: Fields,
) -> Result<Option<String>> {
    let at = ledger.clock().now().timestamp_millis();
    let carried = Carried { account: account.map(|account| account.0), at, fields };
    let plain = serde_json::to_vec(&carried).map_err(anyhow::Error::new)?;
    if plain.len() > limits::CARRIED_BYTES {
        return Ok(None);
    }
    ledger.seal_carried(&plain).map(Some)
}

/// The fields of a carried form, for an account that may have typed it.
pub fn carried(ledger: &Ledger, account: AccountId, text: &str) -> Option<Fields> {
    let plain = ledger.open_carried(text)?;
    let carried: Carried = serde_json::from_slice(&plain).ok()?;
    let at = DateTime::from_timestamp_millis(carried.at)?;
    let age = ledger.clock().now() - at;
    let is_fresh = age <= TimeDelta::minutes(limits::CARRIED_MINUTES);
    let is_own = carried.account.is_none_or(|own| own == account.0);
    (is_fresh && is_own).then_some(carried.fields)
}

/// Keeps a form that was carried over a sign-in as a draft of whoever signed in.
pub async fn keep_carried(
    ledger: &Ledger,
    account: AccountId,
    (mark, form): (&str, Form),
    fields: &Fields,
) -> Result<()> {
    let typed = written(fields)?;
    let draft = Keeping { mark, form, typed: &typed, most: limits::DRAFTS_CARRIED };
    ledger.keep_draft(account, draft).await.map(drop)
}
