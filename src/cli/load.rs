//! `taizhang load`: stores a dump in a place that holds no ledger.

use std::{path::PathBuf, sync::Arc};

use entity::language::Sentence;
use serde_json::json;

use super::{Context, backup::push_end, print, waiting::Waiting};
use crate::{app, clock::SystemClock, domain::manifest::LogEnd, error::Result};

/// What to load; `--database` says into which place.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 转储文件 / a dump
    file: PathBuf,
}

impl Args {
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        let config = &context.config;
        let waiting = Waiting::begin(context);
        let tell = |progress| waiting.tell(progress);
        let (place, keys, clock) = (&config.place, &config.keys, Arc::new(SystemClock));
        let watch = waiting.watch(&tell);
        let loaded = app::dump::load(&self.file, place, keys, clock, watch).await?;
        drop(waiting);
        let ends: Vec<LogEnd> = loaded.verification.logs.iter().map(app::backup::log_end).collect();
        let place = config.place.shown();
        if context.json {
            let told = json!({
                "database": place, "ledger": loaded.ledger, "rows": loaded.counts, "logs": ends,
            });
            return print(&format!("{told}\n"));
        }
        let rows: u64 = loaded.counts.values().sum();
        let done = Sentence::new(
            format!("已载入 {place}，{rows} 行，留痕和每行数据核对一致\n"),
            format!("loaded into {place}: {rows} rows; the log and every row agree\n"),
        );
        let mut text = done.text(context.language()).to_owned();
        for end in &ends {
            push_end(&mut text, end, context.language());
        }
        print(&text)
    }
}
