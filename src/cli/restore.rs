//! `taizhang restore`: brings a backup back into a place that holds no ledger; with `--verify` a
//! new process opens it and recomputes everything. Its exit codes are then those of `verify`.

use std::{
    path::PathBuf,
    process::{Command, ExitCode, Stdio},
    sync::Arc,
};

use anyhow::Context as _;
use entity::language::{Label, Sentence};
use serde_json::{Value as Json, json};

use super::{Context, backup::push_end, print, waiting::Waiting};
use crate::{
    app::backup::restore::restore,
    clock::SystemClock,
    domain::{
        manifest::{LogEnd, Manifest},
        verification::Verdict,
    },
    error::Result,
};

/// What to restore; `--database` says into which place.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 备份文件夹 / the folder of a backup
    backup: PathBuf,
    /// 恢复后由新进程打开，重算日志和每行数据，列出条数和根供与纸面核对；退出码同 verify /
    /// then have a new process recompute the log and every row, and print sizes and roots to
    /// compare with paper; exit codes as of verify
    #[arg(long)]
    verify: bool,
}

/// What the new process found.
struct Checked {
    told: Json,
    ends: Vec<LogEnd>,
    code: u8,
}

impl Args {
    pub(super) async fn run(self, context: &Context) -> Result<ExitCode> {
        let config = &context.config;
        let waiting = Waiting::begin(context);
        let tell = |progress| waiting.tell(progress);
        let (place, keys, clock) = (&config.place, &config.keys, Arc::new(SystemClock));
        let manifest = restore(&self.backup, place, keys, clock, waiting.watch(&tell)).await?;
        drop(waiting);
        let checked = if self.verify { Some(check(context, &manifest)?) } else { None };
        if context.json {
            let verification = checked.as_ref().map(|checked| checked.told.clone());
            let database = config.place.shown();
            let told = json!({
                "database": database, "manifest": manifest, "verification": verification,
            });
            print(&format!("{told}\n"))?;
        } else {
            print(&text(context, &manifest, checked.as_ref()))?;
        }
        Ok(ExitCode::from(checked.map_or(0, |checked| checked.code)))
    }
}

/// Has a new process of this program verify what was restored: what it finds it read from the
/// place itself.
fn check(context: &Context, manifest: &Manifest) -> Result<Checked> {
    let config = &context.config;
    context.narrate(&Sentence::new("由新进程核对 …", "a new process verifies …"));
    let program = std::env::current_exe().context("this program")?;
    let language = Label::new("zh", "en").text(context.language());
    let done = Command::new(program)
        .args(["verify", "--rows", "--json", "--lang", language])
        // not on the command line, which others on the machine can see
        .env("TAIZHANG_DATABASE", &config.place.url)
        .env("TAIZHANG_KEYS", &config.keys)
        .env_remove("TAIZHANG_ACCOUNT")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("the new process")?;
    let told: Json = serde_json::from_slice(&done.stdout).context("the new process broke off")?;
    let logs = told.get("logs").cloned().unwrap_or_default();
    let end = |log: &Json| {
        Some(LogEnd {
            county: log.get("county")?.as_str()?.to_owned(),
            size: log.get("size")?.as_u64()?,
            root: log.get("root")?.as_str()?.to_owned(),
        })
    };
    let ends: Vec<LogEnd> = logs.as_array().into_iter().flatten().filter_map(end).collect();
    let code = done.status.code().and_then(|code| u8::try_from(code).ok());
    let code = code.unwrap_or(Verdict::Mismatch.exit_code());
    // the manifest is one more witness of where the logs end
    let code =
        if code == 0 && ends != manifest.logs { Verdict::Mismatch.exit_code() } else { code };
    Ok(Checked { told, ends, code })
}

fn text(context: &Context, manifest: &Manifest, checked: Option<&Checked>) -> String {
    let (place, taken_at) = (context.config.place.shown(), &manifest.taken_at);
    let done = Sentence::new(
        format!("已恢复到 {place}，备份时间 {taken_at}\n"),
        format!("restored to {place}, as it was at {taken_at}\n"),
    );
    let mut text = done.text(context.language()).to_owned();
    let Some(checked) = checked else { return text };
    let sentence = checked.told.pointer("/first/sentence").and_then(Json::as_str);
    let verdict = match (checked.code, sentence) {
        (0, _) => Sentence::new(
            "核验通过，与备份清单一致。请与纸面核对：",
            "verified, as the manifest says. Compare with paper:",
        ),
        (_, Some(fault)) => Sentence::new(fault, fault),
        _ => Sentence::new("与备份清单不符：", "not as the manifest says:"),
    };
    text.push_str(verdict.text(context.language()));
    text.push('\n');
    for end in &checked.ends {
        push_end(&mut text, end, context.language());
    }
    text
}
