//! What the columns of a sheet were chosen to be, remembered for the next sheet of the same
//! headers: for its sender alone, so that nobody's choice changes how another's sheet is read.

use entity::import::Kind;
use sha2::{Digest as _, Sha256};

use super::answer::Chosen;
use crate::{
    error::{Error, Result},
    store::{Actor, Ledger},
};

/// What tells the headers of one sheet from those of others.
fn digest(headers: &[String]) -> String {
    let mut digest = Sha256::new();
    for header in headers {
        digest.update(format!("{}\0", header.len()));
        digest.update(header);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Remembers what the actor chose the columns of a sheet to be.
pub async fn keep(
    ledger: &Ledger,
    actor: &Actor,
    (kind, headers): (Kind, &[String]),
    chosen: &[Chosen],
) -> Result<()> {
    let account = actor.account().ok_or(Error::Forbidden)?;
    let text = serde_json::to_string(chosen).map_err(anyhow::Error::new)?;
    ledger.keep_column_choice(account, (kind, &digest(headers)), text).await
}

/// What the actor chose the columns of a sheet of these headers to be, where it was remembered.
pub async fn find(
    ledger: &Ledger,
    actor: &Actor,
    kind: Kind,
    headers: &[String],
) -> Result<Option<Vec<Chosen>>> {
    let Some(account) = actor.account() else { return Ok(None) };
    let text = ledger.column_choice(account, (kind, &digest(headers))).await?;
    // a choice of fields that are gone is no choice
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
