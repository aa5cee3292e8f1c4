//! The command line.

pub mod export;
pub mod report;
mod sink;

use entity::language::Language;

use crate::{
    error::Result,
    store::{Actor, Ledger},
};

/// What every command is given.
pub struct Context {
    /// The language of the reader.
    pub language: Language,
    /// Whether JSON was asked for.
    pub json: bool,
    ledger: Ledger,
    actor: Actor,
}

impl Context {
    /// The opened ledger, and who acts.
    #[expect(clippy::unused_async, reason = "opening takes its time")]
    pub async fn open(&self) -> Result<(Ledger, Actor)> {
        Ok((self.ledger.clone(), self.actor.clone()))
    }
}
