//! `taizhang backup`: a checked copy with a signed manifest, taken while others write.

use std::{fmt::Write as _, num::NonZeroUsize, path::PathBuf};

use entity::language::{Language, Sentence};
use serde_json::json;

use super::{Context, print, waiting::Waiting};
use crate::{
    app::backup::{Request, Taken, take},
    domain::manifest::LogEnd,
    error::Result,
};

/// Where backups lie when nothing is said.
const FOLDER: &str = "taizhang-backup";

/// What to back up to where.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 存放备份的文件夹 / the folder that holds the backups
    #[arg(long, value_name = "FOLDER", default_value = FOLDER)]
    to: PathBuf,
    /// 新备份完好后只保留最近几份 / once the new backup is whole, remove the oldest beyond so many
    #[arg(long, value_name = "N")]
    keep: Option<NonZeroUsize>,
    /// 逐行核对副本，而不只核对留痕 / compare every row of the copy with its log, not the log alone
    #[arg(long)]
    rows: bool,
}

impl Args {
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        let (ledger, actor) = context.open_existing().await?;
        let request = Request { folder: self.to, rows: self.rows, keep: self.keep };
        let waiting = Waiting::begin(context);
        let tell = |progress| waiting.tell(progress);
        let taken = take(&ledger, &actor, &request, waiting.watch(&tell)).await?;
        drop(waiting);
        ledger.close().await?;
        let keys = context.config.keys.display().to_string();
        if context.json {
            print(&format!("{}\n", json(&taken, &keys)))
        } else {
            print(&text(&taken, &keys, context.language()))
        }
    }
}

fn json(taken: &Taken, keys: &str) -> serde_json::Value {
    let removed: Vec<_> = taken.removed.iter().map(|path| path.display().to_string()).collect();
    json!({
        "backup": taken.path.display().to_string(),
        "manifest": taken.manifest,
        "removed": removed,
        "keys": { "included": false, "file": keys },
    })
}

fn text(taken: &Taken, keys: &str, language: Language) -> String {
    let Taken { path, manifest, removed } = taken;
    let path = path.display();
    let bytes = manifest.file.bytes;
    let rows: u64 = manifest.rows.values().sum();
    let made = Sentence::new(
        format!("备份已完成：{path}（{rows} 行，{bytes} 字节），已核对"),
        format!("backed up and checked: {path} ({rows} rows, {bytes} bytes)"),
    );
    let mut text = format!("{}\n", made.text(language));
    for end in &manifest.logs {
        push_end(&mut text, end, language);
    }
    for path in removed {
        let path = path.display();
        let removed = Sentence::new(format!("已删除旧备份 {path}"), format!("removed {path}"));
        // writing to a String cannot fail
        _ = writeln!(text, "{}", removed.text(language));
    }
    let reminders = [
        Sentence::new(
            format!(
                "密钥文件不在备份中：{keys}。请单独抄存一份，放在数据库和备份之外（如保险柜中的介质），\
                 没有它，姓名电话无法打开，备份也无法恢复"
            ),
            format!(
                "the key file is not in the backup: {keys}. Keep a copy of it apart from database \
                 and backups, such as on a medium in a safe; without it names and telephones \
                 cannot be opened, nor this backup be restored"
            ),
        ),
        Sentence::new(
            "这份备份还在本机：请另存一份到别处，并抄下以上条数和根，以便恢复时核对",
            "this backup is still on this machine: copy it to another one, and keep the sizes and \
             roots above on paper to compare with when it is restored",
        ),
    ];
    for reminder in reminders {
        _ = writeln!(text, "{}", reminder.text(language));
    }
    text
}

/// Where a county's log ends, as a line to compare with paper.
pub(super) fn push_end(text: &mut String, end: &LogEnd, language: Language) {
    let LogEnd { county, size, root } = end;
    let line = Sentence::new(
        format!("{county}  {size} 条  {root}"),
        format!("{county}  {size} entries  {root}"),
    );
    // writing to a String cannot fail
    _ = writeln!(text, "{}", line.text(language));
}
