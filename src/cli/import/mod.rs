//! `taizhang import`: brings a sheet in, tries it, undoes it, tells where a value came from.

mod said;

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::Subcommand;
use entity::{id::ImportId, import::Kind, language::Sentence};

use super::{Context, print};
use crate::{
    app::{
        import::{
            Failure, Request,
            answer::{Alike, AllAlike, Answers},
            carry_out,
            map::Map,
            outcome::Outcome,
            undo,
        },
        sheet::{Delimiter, Encoding, ReadOptions, SheetLimits},
    },
    error::{Error, Result},
};

/// What to import.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 区划 / areas
    Areas(FileArgs),
    /// 单位 / organizations
    Organizations(FileArgs),
    /// 项目 / projects
    Projects(FileArgs),
    /// 资产 / assets
    Assets(FileArgs),
    /// 管护责任 / maintenance duties
    Duties(FileArgs),
    /// 管护预算 / upkeep budgets
    Budgets(FileArgs),
    /// 列出导入批次 / list imports
    List,
    /// 撤销一个批次（其内容未被改动时） / undo an import nobody has touched since
    Undo {
        /// 批次号 / the number of the import
        import: i64,
    },
    /// 某项资产的各个数值来自哪张表的哪一格 / which cell of which sheet an asset's values came from
    Origin {
        /// 资产编号 / asset code
        code: String,
    },
}

/// A file and how to read it.
#[derive(Debug, clap::Args)]
struct FileArgs {
    /// CSV、XLSX 或 XLS 文件 / a CSV, XLSX or XLS file
    file: PathBuf,
    /// 对照文件 / a map file: which column feeds which field, which words mean what
    #[arg(long, value_name = "MAP")]
    map: Option<PathBuf>,
    /// 只检查，不写入 / check only, keep nothing
    #[arg(long)]
    dry_run: bool,
    /// 有错的行退回，其余照常导入 / keep the good rows when others are rejected
    #[arg(long)]
    accept_valid: bool,
    /// 台账已有同村同名资产的行怎么办：new 另建、update 更新、skip 跳过 / what becomes of asset
    /// rows that the ledger most likely holds, by name and village: new, update or skip
    #[arg(long, value_name = "WHAT", value_parser = alike)]
    duplicates: Option<Alike>,
    /// 退回的行另存为此 CSV 或 XLSX 文件 / where rejected rows go (CSV or XLSX), with a column that says why
    /// [default: FILE.问题.csv]
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,
    /// 文本编码：utf-8、gb18030、utf-16le、utf-16be / text encoding, when the detected one is wrong
    #[arg(long, value_name = "ENCODING", value_parser = encoding)]
    encoding: Option<Encoding>,
    /// 分隔符：逗号、tab、分号或竖线 / delimiter, when the detected one is wrong: , ; | or tab
    #[arg(long, value_name = "DELIMITER", value_parser = delimiter)]
    delimiter: Option<Delimiter>,
    /// 工作表名 / the sheet of a workbook
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// 表头所在行 / the row of the headers
    #[arg(long, value_name = "ROW")]
    header_row: Option<u64>,
}

fn encoding(text: &str) -> std::result::Result<Encoding, String> {
    text.parse().map_err(|()| "utf-8, gb18030, utf-16le, utf-16be".to_owned())
}

fn alike(text: &str) -> std::result::Result<Alike, String> {
    text.parse().map_err(|()| "new, update, skip".to_owned())
}

fn delimiter(text: &str) -> std::result::Result<Delimiter, String> {
    text.parse().map_err(|()| ", ; | tab".to_owned())
}

impl Args {
    pub(super) async fn run(self, context: &Context) -> Result<ExitCode> {
        let (kind, args) = match self.command {
            Command::Areas(args) => (Kind::Areas, args),
            Command::Organizations(args) => (Kind::Organizations, args),
            Command::Projects(args) => (Kind::Projects, args),
            Command::Assets(args) => (Kind::Assets, args),
            Command::Duties(args) => (Kind::Duties, args),
            Command::Budgets(args) => (Kind::Budgets, args),
            Command::List => return list(context).await,
            Command::Undo { import } => return undo_import(context, ImportId(import)).await,
            Command::Origin { code } => return origin(context, &code).await,
        };
        args.run(kind, context).await
    }
}

impl FileArgs {
    async fn run(self, kind: Kind, context: &Context) -> Result<ExitCode> {
        let map = match self.map.as_deref().map(Map::read).transpose() {
            Ok(map) => map.unwrap_or_default(),
            Err(sentence) => {
                context.narrate(&sentence);
                return Ok(ExitCode::from(2));
            }
        };
        if map.kind.is_some_and(|of| of != kind) {
            let (zh, en) = ("对照文件是另一种表的", "the map file is for another kind of sheet");
            context.narrate(&Sentence::new(zh, en));
            return Ok(ExitCode::from(2));
        }
        let request = self.request(kind, map);
        let (ledger, actor) = context.open().await?;
        let stop = Arc::new(AtomicBool::new(false));
        let listener = tokio::spawn(listen(Arc::clone(&stop)));
        let bar = said::Bar::new(context.language());
        let progress = |n| bar.at(n);
        let done = carry_out(&ledger, &actor, &request, &progress, &stop).await;
        bar.finish();
        listener.abort();
        let outcome = match done {
            Ok(outcome) => outcome,
            Err(failure) => return refused(failure, context),
        };
        if outcome.is_kept {
            ledger.sign_checkpoints().await?;
        }
        ledger.close().await?;
        self.report(&outcome, context)
    }

    fn request(&self, kind: Kind, map: Map) -> Request {
        let options = ReadOptions {
            encoding: self.encoding,
            delimiter: self.delimiter,
            sheet: self.sheet.clone(),
            header_row: self.header_row,
            limits: SheetLimits::for_operator(),
            reader: None,
        };
        let others = self.duplicates.unwrap_or_default();
        let alike = AllAlike { others, ..AllAlike::default() };
        Request {
            kind,
            file: self.file.clone(),
            map,
            is_trial: self.dry_run,
            accept_valid: self.accept_valid,
            options,
            answers: Answers { alike, ..Answers::default() },
        }
    }

    fn report(&self, outcome: &Outcome, context: &Context) -> Result<ExitCode> {
        if outcome.rejected > 0 {
            let mut default = self.file.file_name().unwrap_or_default().to_owned();
            default.push(".问题.csv");
            let path = self.rejected.clone().unwrap_or_else(|| PathBuf::from(default));
            said::write_returned(outcome, &path, context.language())?;
            context.narrate(&Sentence::new(
                format!("退回的行已写入 {}", path.display()),
                format!("rejected rows are in {}", path.display()),
            ));
        }
        if context.json {
            print(&format!("{}\n", serde_json::json!(outcome)))?;
        } else {
            print(&said::outcome(outcome, context.language()))?;
        }
        let is_whole = outcome.rejected == 0 || self.accept_valid;
        Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::from(2) })
    }
}

/// Ends the import at the next batch when the person at the keyboard says stop.
async fn listen(stop: Arc<AtomicBool>) {
    if tokio::signal::ctrl_c().await.is_ok() {
        stop.store(true, Ordering::Relaxed);
    }
}

fn refused(failure: Failure, context: &Context) -> Result<ExitCode> {
    match failure {
        Failure::Ledger(error) => return Err(error),
        Failure::Sheet(fault) => {
            let place = fault.place.as_ref().map(said::place).unwrap_or_default();
            let sentence = &fault.sentence;
            context.narrate(&Sentence::new(
                format!("{place}{}（{}）", sentence.zh, fault.code),
                format!("{place}{} ({})", sentence.en, fault.code),
            ));
        }
        Failure::Layout(faults, _) => faults.iter().for_each(|fault| context.narrate(fault)),
    }
    Ok(ExitCode::from(2))
}

async fn list(context: &Context) -> Result<ExitCode> {
    let (ledger, actor) = context.open().await?;
    let imports = ledger.read(&actor).imports(1_000).await?;
    ledger.close().await?;
    if context.json {
        print(&format!("{}\n", serde_json::json!(imports)))?;
    } else {
        print(&said::imports(&imports, context.language()))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn undo_import(context: &Context, import: ImportId) -> Result<ExitCode> {
    let (ledger, actor) = context.open().await?;
    let n = undo::undo(&ledger, &actor, import).await?;
    ledger.sign_checkpoints().await?;
    ledger.close().await?;
    if context.json {
        print(&format!("{}\n", serde_json::json!({ "import": import, "undone": n })))?;
    } else {
        let sentence = Sentence::new(
            format!("已撤销批次 {import}，{n} 行退出台账\n"),
            format!("import {import} is undone; {n} rows left the books\n"),
        );
        print(sentence.text(context.language()))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn origin(context: &Context, code: &str) -> Result<ExitCode> {
    let (ledger, actor) = context.open().await?;
    let read = ledger.read(&actor);
    let asset = read.asset(code).await?;
    let origins = read.origins::<entity::asset::Entity>(asset.id).await?;
    ledger.close().await?;
    if origins.is_empty() {
        return Err(Error::NotFound(entity::language::Label::new(
            "导入来源",
            "sheet it came from",
        )));
    }
    print(&said::origins(&asset, &origins, context))?;
    Ok(ExitCode::SUCCESS)
}
