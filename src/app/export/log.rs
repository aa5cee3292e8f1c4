//! The log of a county as a table: an entry a row, with what it changed in words.

use entity::{
    area::County,
    language::{Label, Language, Sentence},
    log::Action,
};

use crate::{
    app::{
        column::text,
        history::{self, HistoryEntry, RowChange},
        output::{Column, ColumnKind, Heading, Target, Value},
    },
    domain::{permission::Action as Permitted, refusal::Refusal},
    error::Result,
    limits,
    store::{Actor, Ledger, log::EntryFilter},
};

use ColumnKind::{Instant, Integer, Text};

const COLUMNS: [Column; 9] = [
    Column::new("county", Label::new("县", "county"), Text, 8),
    Column::new("seq", Label::new("序号", "position"), Integer, 10),
    Column::new("at", Label::new("时间", "when"), Instant, 18),
    Column::new("actor", Label::new("经办账号", "account"), Text, 18),
    Column::new("action", Label::new("办理事项", "action"), Text, 18),
    Column::new("reason", Label::new("理由", "reason"), Text, 28),
    Column::new("n_changes", Label::new("变更行数", "rows changed"), Integer, 10),
    Column::new("changes", Label::new("改了什么", "what changed"), Text, 60),
    Column::new("leaf", Label::new("摘要", "leaf hash"), Text, 66),
];
/// Entries read at a time.
const ENTRIES: u64 = 50;

/// Writes the entries of a county's log that a filter finds, the newest first. It leaves an entry
/// itself, whatever became of it. Answers how many rows were written.
pub async fn log(
    ledger: &Ledger,
    actor: &Actor,
    county: County,
    filter: &EntryFilter,
    target: Target,
) -> Result<u64> {
    actor.require(Permitted::ReadLog)?;
    actor.require(Permitted::ExportRows)?;
    let format = target.format;
    let mut n = 0;
    let written = write(ledger, actor, (county, filter), target, &mut n).await;
    ledger
        .write(actor, Permitted::ExportRows, async |write| {
            write.note("noun", "log");
            write.note("area", county.area().to_string());
            write.note("format", format.name());
            write.note("rows", n);
            write.leave_entry(actor.area()).await
        })
        .await?;
    written?;
    Ok(n)
}

async fn write(
    ledger: &Ledger,
    actor: &Actor,
    (county, filter): (County, &EntryFilter),
    target: Target,
    n: &mut u64,
) -> Result<()> {
    let language = target.language();
    let heading = Heading { title: Sentence::new("变更留痕", "The log"), notes: Vec::new() };
    let mut output = target.begin(heading, COLUMNS.to_vec())?;
    let read = ledger.read(actor);
    let mut before = None;
    loop {
        let size = (ENTRIES, limits::CHANGES_TOLD);
        let (entries, next) =
            history::of_county(&read, county, filter, before, size, language).await?;
        for told in &entries {
            if *n >= limits::EXPORT_ROWS {
                return Err(Refusal::export_too_large(limits::EXPORT_ROWS).into());
            }
            output.row(&values(told, language))?;
            *n += 1;
        }
        before = next;
        if before.is_none() {
            return Ok(output.finish()?);
        }
    }
}

fn values(told: &HistoryEntry, language: Language) -> [Value; 9] {
    let entry = &told.entry;
    let known = Action::ALL.iter().find(|action| action.code() == entry.action);
    let action = known.map_or(entry.action.as_str(), |action| action.label().text(language));
    let changes = told.changes.iter().map(|one| changed(one, language));
    let leaf: String = entry.leaf.iter().map(|byte| format!("{byte:02x}")).collect();
    let n_changes = i64::try_from(told.n_changes).unwrap_or(i64::MAX);
    [
        Value::Text(entry.county.to_string()),
        Value::Integer(entry.seq),
        chrono::DateTime::from_timestamp_millis(entry.at).map_or(Value::Empty, Value::Instant),
        Value::Text(entry.actor.clone()),
        Value::Text(action.to_owned()),
        text(told.reason.clone()),
        Value::Integer(n_changes),
        text(Some(changes.collect::<Vec<_>>().join(Label::new("；", "; ").text(language)))),
        Value::Text(leaf),
    ]
}

/// A changed row in words.
fn changed(change: &RowChange, language: Language) -> String {
    let (colon, comma) =
        (Label::new("：", ": ").text(language), Label::new("，", ", ").text(language));
    let name = match (&change.asset, &change.name) {
        (Some((code, name)), _) => format!(" {code} {name}"),
        (None, Some(name)) => format!(" {name}"),
        (None, None) => format!(" {}", change.id),
    };
    let field = |one: &history::FieldChange| {
        let (before, after) = (one.before.as_deref(), one.after.as_deref());
        match before {
            Some(before) => format!("{} {before} → {}", one.label, after.unwrap_or("—")),
            None => format!("{} {}", one.label, after.unwrap_or("—")),
        }
    };
    let fields: Vec<String> = change.fields.iter().map(field).collect();
    format!("{}{name}{colon}{}", change.label.text(language), fields.join(comma))
}
