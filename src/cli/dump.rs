//! `taizhang dump`: the whole ledger as lines, the same from both databases.

use std::{io, path::PathBuf};

use entity::language::Sentence;
use serde_json::json;

use super::{Context, print, waiting::Waiting};
use crate::{
    app::dump::{Target, dump},
    error::Result,
};

/// Where the dump goes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 写到新文件，不填则写到标准输出 / a new file, instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Args {
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        let (ledger, actor) = context.open_existing().await?;
        let target = match &self.out {
            Some(path) => Target::File(path.clone()),
            None => Target::Stream(Box::new(io::stdout())),
        };
        let waiting = Waiting::begin(context);
        let tell = |progress| waiting.tell(progress);
        let dumped = dump(&ledger, &actor, target, waiting.watch(&tell)).await?;
        drop(waiting);
        ledger.close().await?;
        let rows: u64 = dumped.counts.values().sum();
        let keys = context.config.keys.display();
        let reminder = Sentence::new(
            format!("个人信息仍是密封的；载入时需要密钥文件 {keys}"),
            format!("personal data stays sealed; loading needs the key file {keys}"),
        );
        let Some(path) = &self.out else {
            context.narrate(&reminder);
            return Ok(());
        };
        let path = path.display().to_string();
        if context.json {
            let told = json!({ "file": path, "rows": dumped.counts, "sha256": dumped.sha256 });
            return print(&format!("{told}\n"));
        }
        let done = Sentence::new(
            format!("已转储到 {path}，{rows} 行\n"),
            format!("dumped to {path}, {rows} rows\n"),
        );
        context.narrate(&reminder);
        print(done.text(context.language()))
    }
}
