//! `taizhang nightly`: the round made every night.

use super::{Context, digest, print};
use crate::{app, error::Result};

/// Nothing to say.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

impl Args {
    /// Makes the round and says what it did.
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        let (ledger, actor) = context.open().await?;
        let round = app::nightly::round(&ledger, &actor).await?;
        let sent = digest::nightly(context, &ledger, &actor).await?;
        ledger.close().await?;
        if context.json {
            let mut told = serde_json::json!(round);
            if let Some(sent) = &sent {
                told["digests"] = serde_json::json!(sent);
            }
            return print(&format!("{told}\n"));
        }
        let app::nightly::Round { assets, opened, closed, raised, checkpoints } = round;
        let line = match context.language() {
            entity::language::Language::Chinese => {
                format!(
                    "核查资产 {assets} 项，新增问题 {opened}，销号 {closed}，逾期督办 {raised}，签署检查点 {checkpoints}\n"
                )
            }
            entity::language::Language::English => format!(
                "{assets} assets evaluated, {opened} findings opened, {closed} closed, \
                 {raised} escalated, {checkpoints} checkpoints signed\n"
            ),
        };
        print(&line)?;
        match sent {
            Some(run) => print(&format!("{}\n", digest::sentence(&run).text(context.language()))),
            None => Ok(()),
        }
    }
}
