//! `taizhang migrate`: makes the ledger or brings its tables up to date.

use super::{Context, print};
use crate::error::Result;

/// Nothing to say.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

impl Args {
    /// Opens the ledger, which is all it takes.
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        let (ledger, _) = context.open().await?;
        let line = if context.json {
            serde_json::json!({ "database": context.config.place.shown(), "ready": true })
                .to_string()
        } else {
            format!("{} ✓", context.config.place.shown())
        };
        ledger.close().await?;
        print(&format!("{line}\n"))
    }
}
