//! The command line: results on standard output, narration on standard error, exit codes that
//! programs may rely on.

mod account;
mod backup;
mod demo;
mod digest;
mod doctor;
mod dump;
pub mod export;
mod import;
mod load;
mod migrate;
mod nightly;
pub mod report;
mod restore;
mod rule;
mod serve;
mod sink;
mod verify;
mod waiting;
mod webhook;

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{CommandFactory, Parser, Subcommand};
use entity::language::{Label, Language, Sentence};

use crate::{
    app::{attachment, sheet},
    clock::SystemClock,
    config::{Config, Flags},
    error::{Error, Result},
    store::{Actor, Ledger},
};

/// 扶贫项目资产管理台账 · the ledger of assets built with poverty-alleviation funds
///
/// 台账在首次使用时自动建立。The ledger is made on first use.
#[derive(Debug, Parser)]
#[command(name = "taizhang", version, max_term_width = 100)]
pub struct Cli {
    /// 数据库 / where the ledger is kept: sqlite:FILE or postgres://… [env: `TAIZHANG_DATABASE`]
    /// [default: sqlite:taizhang.db]
    #[arg(long, global = true, value_name = "URL", hide_env = true)]
    database: Option<String>,
    /// 密钥文件 / the key file [env: `TAIZHANG_KEYS`] [default: the database's name + .keys]
    #[arg(long, global = true, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// 语言 / language of the output: zh or en [env: `TAIZHANG_LANG`] [default: zh]
    #[arg(long = "lang", global = true, value_name = "LANGUAGE")]
    language: Option<Language>,
    /// 以某账号的身份办理 / act as an account, with its role and area [env: `TAIZHANG_ACCOUNT`]
    #[arg(long = "as", global = true, value_name = "ACCOUNT")]
    account: Option<String>,
    /// 供程序读取的 JSON 输出 / output as JSON for programs
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
enum Command {
    /// 建立示例县并列出无人管护的资产 / make a sample county and list what nobody maintains
    Demo(demo::Args),
    /// 建立台账或升级其表结构 / make the ledger or bring its tables up to date
    Migrate(migrate::Args),
    /// 账号 / accounts
    Account(account::Args),
    /// 导入表格 / import a sheet
    Import(import::Args),
    /// 导出 / export a sheet
    Export(export::ExportArgs),
    /// 报表：无人管护的资产、各类问题 / reports: what nobody maintains, and every other finding
    Report(report::ReportArgs),
    /// 县级规则：期限、核查项目、目标、称谓 / local rules: days, what is checked, targets, terms
    Rule(rule::Args),
    /// 夜间核查 / the nightly round: findings that time causes, signed logs
    Nightly(nightly::Args),
    /// 摘要：到期、超期和新动态，每个账号每期一份 / digests: what is due, late and new, one an account and a period
    Digest(digest::Args),
    /// 推送：把台账里的变动推送到其他系统 / webhooks: other systems are told of what happens
    Webhook(webhook::Args),
    /// 核对留痕：日志未被改动，数据与日志一致 / verify that the log was not altered and the rows agree with it
    Verify(verify::Args),
    /// 备份：不停机复制并核对，附签名清单 / back up: a checked copy with a signed manifest, while others write
    Backup(backup::Args),
    /// 恢复备份到空的位置 / restore a backup into an empty place
    Restore(restore::Args),
    /// 转储：整部台账逐行写出，两种数据库写法相同 / write the whole ledger as lines, the same from both databases
    Dump(dump::Args),
    /// 载入转储到空的位置 / load a dump into an empty place
    Load(load::Args),
    /// 通过网络提供服务 / serve the ledger over the network
    Serve(serve::Args),
    /// 检查本机环境 / examine this machine and the ledger's surroundings
    Doctor(doctor::Args),
    /// Opens a workbook in a process of its own; started by the program itself.
    #[command(name = sheet::SUBCOMMAND, hide = true)]
    ReadSheet {
        /// What to read, as the parent says it.
        request: String,
    },
    /// Looks into an attached file in a process of its own; started by the program itself.
    #[command(name = attachment::SUBCOMMAND, hide = true)]
    ReadAttachment,
}

/// What every command works with.
pub struct Context {
    /// Where and as whom.
    pub config: Config,
    /// Whether a program reads the output.
    pub json: bool,
}

impl Context {
    /// The language of the reader.
    pub const fn language(&self) -> Language {
        self.config.language
    }

    /// Opens the ledger, as the account that was named or as the operator of this machine.
    pub async fn open(&self) -> Result<(Ledger, Actor)> {
        let config = &self.config;
        let ledger = Ledger::open(&config.place, &config.keys, Arc::new(SystemClock)).await?;
        let ledger = ledger.with_profile(config.profile);
        let actor = match &config.account {
            Some(name) => ledger.actor(name).await?,
            None => Actor::operator(),
        };
        Ok((ledger, actor))
    }

    /// Opens a ledger that is there already: a copy of one made just now would be a copy of nothing.
    pub(crate) async fn open_existing(&self) -> Result<(Ledger, Actor)> {
        if self.config.place.file().is_some_and(|file| !Path::new(file).exists()) {
            return Err(Error::NotFound(Label::new("台账文件", "ledger file")));
        }
        self.open().await
    }

    /// Tells a person how things go, on standard error.
    pub fn narrate(&self, sentence: &Sentence) {
        narrate(sentence.text(self.config.language));
    }
}

/// Writes a line to standard error; that nobody reads it is no reason to stop.
fn narrate(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// Writes to standard output.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut output = std::io::stdout().lock();
    output.write_all(text.as_bytes())?;
    output.flush()?;
    Ok(())
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Command::ReadSheet { request } = &cli.command {
        return sheet::run(request);
    }
    if matches!(cli.command, Command::ReadAttachment) {
        return attachment::run();
    }
    let flags = Flags {
        database: cli.database,
        keys: cli.keys,
        language: cli.language,
        account: cli.account,
    };
    let config = match Config::resolve(flags) {
        Ok(config) => config,
        Err(words) => {
            narrate(&words);
            return ExitCode::FAILURE;
        }
    };
    let context = Context { config, json: cli.json };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            narrate(&error.to_string());
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(run(cli.command, &context));
    runtime.shutdown_background();
    match done {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error, context.language());
            ExitCode::from(error.exit_code())
        }
    }
}

async fn run(command: Command, context: &Context) -> Result<ExitCode> {
    match command {
        Command::Demo(args) => args.run(context).await?,
        Command::Migrate(args) => args.run(context).await?,
        Command::Account(args) => args.run(context).await?,
        Command::Import(args) => return args.run(context).await,
        Command::Export(args) => args.run(context).await?,
        Command::Report(args) => args.run(context).await?,
        Command::Rule(args) => args.run(context).await?,
        Command::Nightly(args) => args.run(context).await?,
        Command::Digest(args) => args.run(context).await?,
        Command::Webhook(args) => args.run(context).await?,
        Command::Verify(args) => return args.run(context).await,
        Command::Backup(args) => args.run(context).await?,
        Command::Restore(args) => return args.run(context).await,
        Command::Serve(args) => args.run(context).await?,
        Command::Dump(args) => args.run(context).await?,
        Command::Load(args) => args.run(context).await?,
        Command::Doctor(args) => return args.run(context).await,
        Command::ReadSheet { .. } | Command::ReadAttachment => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what went wrong, with every mistake on a line of its own.
fn report(error: &Error, language: Language) {
    narrate(error.sentence().text(language));
    if let Error::Invalid(mistakes) = error {
        for mistake in &mistakes.0 {
            narrate(&format!(
                "  {} {}: {}",
                mistake.field,
                mistake.found,
                mistake.expected.text(language)
            ));
        }
    }
}

/// A reader that went away, such as `| head`, is no error.
fn is_broken_pipe(error: &Error) -> bool {
    let Error::Internal(cause) = error else { return false };
    let broken = |cause: &(dyn std::error::Error + 'static)| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    };
    cause.chain().any(broken)
}

/// The parser, for tests that hold its help as golden files.
pub fn command() -> clap::Command {
    Cli::command()
}
