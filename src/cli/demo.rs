//! `taizhang demo`: a sample county in a folder of its own, and the list of what nobody maintains.

use super::Context;
use crate::error::Result;

/// Where the sample county is made.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

impl Args {
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        let (ledger, _) = context.open().await?;
        ledger.close().await
    }
}
