//! How the result of an import is told: counts, places, what to do.

use std::{fmt::Write as _, io::IsTerminal, path::Path};

use entity::{asset, import, language::Language};
use indicatif::{ProgressBar, ProgressStyle};

use super::super::{Context, narrate};
use crate::{
    app::{
        import::{
            origin,
            outcome::{Outcome, Remark},
            returned,
        },
        sheet::Place,
    },
    error::Result,
    store::ImportedRow,
};

/// Rows between two plain lines of progress.
const STEP: u64 = 50_000;

/// Progress: a bar on a terminal, plain lines otherwise.
pub(super) struct Bar {
    bar: Option<ProgressBar>,
    language: Language,
}

impl Bar {
    pub(super) fn new(language: Language) -> Bar {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} {pos} {msg} {elapsed}");
            let bar = ProgressBar::new_spinner();
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.set_message(rows(language));
            bar
        });
        Bar { bar, language }
    }

    pub(super) fn at(&self, n: u64) {
        match &self.bar {
            Some(bar) => bar.set_position(n),
            None if n % STEP < 1_000 && n >= STEP => {
                narrate(&format!("{n} {}", rows(self.language)));
            }
            None => {}
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

const fn rows(language: Language) -> &'static str {
    match language {
        Language::Chinese => "行",
        Language::English => "rows",
    }
}

/// Mistakes and changes shown one by one on a terminal.
const SHOWN: usize = 20;

/// The result of an import.
pub(super) fn outcome(outcome: &Outcome, language: Language) -> String {
    let zh = language == Language::Chinese;
    let mut text = String::new();
    let mut line = |chinese: String, english: String| {
        text.push_str(if zh { &chinese } else { &english });
        text.push('\n');
    };
    if let Some(source) = &outcome.source {
        let mut how = source.format.label().text(language).to_owned();
        for part in [
            source.encoding.map(|encoding| encoding.label().text(language).to_owned()),
            source.delimiter.map(|delimiter| delimiter.label().text(language).to_owned()),
            source.sheet.clone(),
        ]
        .into_iter()
        .flatten()
        {
            let _ = write!(how, " · {part}");
        }
        line(format!("{}：{how}", source.file_name), format!("{}: {how}", source.file_name));
    }
    let Outcome { created, changed, same, rejected, n_changes, n_warnings, .. } = outcome;
    line(
        format!(
            "新建 {created}，变更 {changed}（{n_changes} 格），无变化 {same}，退回 {rejected}，提醒 {n_warnings}"
        ),
        format!(
            "created {created}, changed {changed} ({n_changes} cells), same {same}, rejected {rejected}, warnings {n_warnings}"
        ),
    );
    if outcome.skipped > 0 {
        let n = outcome.skipped;
        line(format!("跳过台账已有的 {n} 行"), format!("{n} rows skipped that the ledger holds"));
    }
    if outcome.organizations_created > 0 {
        let n = outcome.organizations_created;
        line(
            format!("按对照文件新建单位 {n} 个"),
            format!("{n} organizations registered as the map asks"),
        );
    }
    for change in outcome.changes.iter().take(SHOWN) {
        let (row, field, before, after) =
            (change.row, &change.field, &change.before, &change.after);
        line(
            format!("  第 {row} 行 {field}：{before} → {after}"),
            format!("  row {row} {field}: {before} → {after}"),
        );
    }
    for mistake in outcome.mistakes.iter().take(SHOWN) {
        line(remark("✗", mistake, Language::Chinese), remark("✗", mistake, Language::English));
    }
    let more = outcome.n_mistakes.saturating_sub(SHOWN as u64);
    if more > 0 {
        line(format!("  …… 另有 {more} 处错误"), format!("  … and {more} more mistakes"));
    }
    for warning in outcome.warnings.iter().take(SHOWN) {
        line(remark("!", warning, Language::Chinese), remark("!", warning, Language::English));
    }
    let (chinese, english) = verdict(outcome);
    line(chinese, english);
    text
}

fn verdict(outcome: &Outcome) -> (String, String) {
    match outcome {
        Outcome { is_trial: true, .. } => {
            ("试运行，未写入".to_owned(), "dry run: nothing was kept".to_owned())
        }
        Outcome { is_kept: true, import, .. } => {
            let number = import.unwrap_or_default();
            (format!("已导入，批次 {number}"), format!("imported as {number}"))
        }
        Outcome { rejected: 1.., .. } => (
            "有退回的行，整个文件未导入；改好后重新导入，或加 --accept-valid 先导入无误的行".to_owned(),
            "rows were rejected, so nothing was imported; mend them, or add --accept-valid to keep \
             the good rows"
                .to_owned(),
        ),
        _ => ("与台账一致，没有变化".to_owned(), "the ledger says the same; nothing changed".to_owned()),
    }
}

fn remark(mark: &str, remark: &Remark, language: Language) -> String {
    let Remark { sheet, row, column, header, found, expected, .. } = remark;
    let sheet = sheet.as_deref().map(|sheet| format!("{sheet}!")).unwrap_or_default();
    let expected = expected.text(language);
    match language {
        Language::Chinese => {
            format!("  {mark} {sheet}{column}{row} {header}「{found}」：{expected}")
        }
        Language::English => {
            format!("  {mark} {sheet}{column}{row} {header} “{found}”: {expected}")
        }
    }
}

/// Where a fault of a file lies, to stand before its sentence.
pub(super) fn place(place: &Place) -> String {
    let sheet = place.sheet.as_deref().map(|sheet| format!("{sheet}!")).unwrap_or_default();
    match (place.address(), place.row) {
        (Some(address), _) => format!("{sheet}{address} "),
        (None, Some(row)) => format!("{sheet}{row} "),
        (None, None) => String::new(),
    }
}

/// Writes the rejected rows, with the column that says what is wrong: as a workbook where the
/// file is called so, as CSV otherwise.
pub(super) fn write_returned(outcome: &Outcome, path: &Path, language: Language) -> Result<()> {
    let (headers, rows) = outcome.returned(language);
    if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx")) {
        std::fs::write(path, returned::workbook(&headers, rows)?)?;
        return Ok(());
    }
    returned::write(&headers, rows, std::fs::File::create(path)?)
}

/// Imports, one a line.
pub(super) fn imports(imports: &[import::Model], language: Language) -> String {
    imports
        .iter()
        .map(|one| {
            format!(
                "{}\t{}\t{}\t{}\t+{} ~{} ={} ✗{}\n",
                one.id,
                one.kind.label().text(language),
                one.state.label().text(language),
                one.file_name,
                one.n_created,
                one.n_changed,
                one.n_same,
                one.n_rejected
            )
        })
        .collect()
}

/// Where the values of an asset came from: field, value, file, sheet, row, column.
pub(super) fn origins(
    asset: &asset::Model,
    origins: &[(import::Model, ImportedRow)],
    context: &Context,
) -> String {
    let origins = origin::origins(asset, origins, context.language());
    if context.json {
        return format!("{}\n", serde_json::json!(origins));
    }
    let line = |one: &origin::Origin| {
        let origin::Origin { label, value, file, sheet, column, row, header, .. } = one;
        let sheet = sheet.as_deref().unwrap_or("-");
        format!("{label}\t{value}\t{file}\t{sheet}\t{column}{row}\t{header}\n")
    };
    origins.iter().map(line).collect()
}
