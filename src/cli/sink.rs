//! Where a command writes its table: standard output, or a file that is whole or not there.

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    str::FromStr,
};

use anyhow::Context as _;
use clap::Args;
use entity::language::Sentence;
use tempfile::NamedTempFile;

use super::Context;
use crate::{
    app::output::{Format, Options, Target, TerminalOptions},
    domain::mistake::{Mistake, Mistakes},
    error::{Error, Result},
    store::Ledger,
};

/// 输出到哪里、用什么格式 / where the table goes, and in what form
#[derive(Args, Clone, Debug)]
pub(super) struct SinkArgs {
    /// table、csv、xlsx 或 json；不填时看文件扩展名 / by default the extension of the file decides
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// 写到文件，不填则写到屏幕 / a file, instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// A target, and the file that takes its name once the table is whole.
pub(super) struct Opened {
    pub(super) target: Target,
    file: Option<(NamedTempFile, PathBuf)>,
}

impl SinkArgs {
    /// The form, where `usual` is the one of this command on a terminal.
    fn format(&self, context: &Context, usual: Format) -> Format {
        let by_extension = || {
            let extension = self.out.as_deref().and_then(Path::extension)?.to_str()?;
            Format::ALL
                .into_iter()
                .find(|format| format.extension().eq_ignore_ascii_case(extension))
        };
        let asked = self.format.or_else(by_extension);
        asked.unwrap_or(if context.json { Format::Json } else { usual })
    }

    /// Opens the sink.
    pub(super) fn open(&self, context: &Context, ledger: &Ledger, usual: Format) -> Result<Opened> {
        let format = self.format(context, usual);
        let mut options = Options::new(context.language(), ledger.clock().now());
        let Some(path) = &self.out else {
            let is_terminal = io::stdout().is_terminal();
            if is_terminal && format == Format::Xlsx {
                return Err(binary());
            }
            options.terminal = TerminalOptions { width: None, bold: is_terminal };
            let target = Target { format, options, sink: Box::new(io::stdout()) };
            return Ok(Opened { target, file: None });
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let unwritable = || format!("{} 不能写入 / cannot be written", path.display());
        let file =
            NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).with_context(unwritable)?;
        let sink = file.reopen().with_context(unwritable)?;
        let target = Target { format, options, sink: Box::new(sink) };
        Ok(Opened { target, file: Some((file, path.clone())) })
    }
}

/// A workbook is not for the eye.
fn binary() -> Error {
    let expected = Sentence::new(
        "Excel 工作簿不能显示在屏幕上：请用 --out 文件名.xlsx",
        "a workbook cannot be shown on a terminal: use --out FILE.xlsx",
    );
    Error::Invalid(Mistakes(vec![Mistake::new("out", "", expected)]))
}

/// The file of a table, to be named when the table is whole.
pub(super) struct Unnamed(Option<(NamedTempFile, PathBuf)>);

impl Opened {
    /// The target to write to, and the file to keep afterwards.
    pub(super) fn split(self) -> (Target, Unnamed) {
        (self.target, Unnamed(self.file))
    }
}

impl Unnamed {
    /// Names the file when all went well. A reader who went away is no failure.
    pub(super) fn keep<T>(self, written: Result<T>) -> Result<Option<T>> {
        match written {
            Ok(value) => {
                if let Some((file, path)) = self.0 {
                    file.persist(&path).map_err(anyhow::Error::new)?;
                }
                Ok(Some(value))
            }
            Err(error) if error.is_broken_pipe() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Reads a coded value by its code or either of its names.
pub(super) fn coded<T: FromStr<Err = ()>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|()| format!("“{text}”不在列表中 / is not in the list"))
}
