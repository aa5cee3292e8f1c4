//! `taizhang webhook`: lists webhooks, sends what waits, sends events again.

use std::sync::Arc;

use clap::Subcommand;
use entity::{id::WebhookId, language::Sentence, webhook::Model};

use super::{Context, print};
use crate::{
    app::webhook::{
        self as app, Told,
        deliver::{self, Run},
        post::Post,
    },
    config::Config,
    domain::webhook::standing_label,
    error::Result,
    limits,
};

/// What to do with webhooks.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 列出推送地址及进度 / list webhooks and how far each has come
    List,
    /// 推送积压的事件；不常驻服务的，定时运行 / send what waits; for a timer, where no `serve` runs
    Deliver,
    /// 从某一条留痕起重新推送，编号不变 / send events from a position of the log on again, under the same ids
    Replay {
        /// 编号，见 list 的首列 / its id, the first column of the list
        id: i64,
        /// 留痕序号 / the position in the county's log
        #[arg(long, value_name = "SEQUENCE")]
        from: i64,
    },
}

/// What carries events, as far as the environment allows.
pub(super) fn post(config: &Config) -> Result<Arc<Post>> {
    let authorities = config.webhook_authorities.as_deref();
    Ok(Arc::new(Post::new(config.reach.clone(), authorities)?))
}

impl Args {
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        let (ledger, actor) = context.open().await?;
        let text = match self.command {
            Command::List => {
                let mut after = None;
                let mut text = String::new();
                loop {
                    let limit = limits::PAGE_ROWS;
                    let rows = app::list(&ledger, &actor, after, limit).await?;
                    let Some(last) = rows.last() else { break text };
                    after = Some((last.row.area_code, last.row.id));
                    text.extend(rows.iter().map(|told| listed(context, told)));
                }
            }
            Command::Deliver => {
                let post = post(&context.config)?;
                let run = deliver::run(&ledger, &actor, &post).await?;
                if context.json {
                    format!("{}\n", serde_json::json!(run))
                } else {
                    format!("{}\n", sentence(&run).text(context.language()))
                }
            }
            Command::Replay { id, from } => {
                let row = app::replay(&ledger, &actor, WebhookId(id), from).await?;
                if context.json {
                    format!("{}\n", serde_json::json!(row))
                } else {
                    format!("{}\n", replayed(&row, from).text(context.language()))
                }
            }
        };
        ledger.close().await?;
        print(&text)
    }
}

/// A webhook a line: id, area, state, how far of how much, the last attempt, the address.
fn listed(context: &Context, told: &Told) -> String {
    let Told { row, progress, end } = told;
    if context.json {
        let told = serde_json::json!({
            "webhook": row, "sent_upto": progress.behind, "end": end,
            "is_failing": progress.is_failing, "failures": progress.failures,
            "outcome": progress.outcome, "tried_at": progress.tried_at,
        });
        return format!("{told}\n");
    }
    let state = standing_label(row.state, progress.is_failing).text(context.language());
    let tried = progress.tried_at.map(|at| at.to_rfc3339()).unwrap_or_default();
    let outcome = progress.outcome.as_deref().unwrap_or_default();
    format!(
        "{}\t{}\t{state}\t{}/{end}\t{outcome}\t{tried}\t{}\n",
        row.id, row.area_code, progress.behind, row.address
    )
}

fn sentence(run: &Run) -> Sentence {
    let Run { sent, failed, given_up } = run;
    Sentence::new(
        format!("推送：送达 {sent}，未送达的地址 {failed}，其中停止推送 {given_up}"),
        format!(
            "webhooks: {sent} events taken, {failed} webhooks failed, {given_up} of them given up"
        ),
    )
}

fn replayed(row: &Model, from: i64) -> Sentence {
    let id = row.id;
    Sentence::new(
        format!("推送地址 {id} 将从第 {from} 条起重新推送"),
        format!("webhook {id} sends again from {from} on"),
    )
}
