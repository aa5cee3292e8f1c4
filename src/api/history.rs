//! Entries of the log over the API: for auditors as they were hashed, and of one asset, field by
//! field, for whoever may see it.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    area::County,
    id::AssetId,
    language::{Language, Sentence},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{Asked, answer},
    caller::Caller,
    log::county,
    page::{Limit, Page, cursor, place},
};
use crate::{
    app::history::{self, FieldChange, HistoryEntry, RowChange},
    domain::{
        mistake::{Mistake, Mistakes},
        permission::Action,
    },
    error::Result as OurResult,
    http::{
        AppState,
        fault::{Fault, language_of},
    },
    limits,
    store::log::{EntryFilter, EntryLine},
};

/// What a list of entries is asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EntryQuery {
    /// The account that acted.
    actor: Option<String>,
    /// The code of an action, such as asset.correct.
    action: Option<String>,
    /// With `id`: entries that changed this row; the table of the row, such as asset.
    noun: Option<String>,
    /// With `noun`: the id of the row.
    id: Option<i64>,
    /// Not before this instant (RFC 3339).
    from: Option<DateTime<Utc>>,
    /// Not after this instant (RFC 3339).
    to: Option<DateTime<Utc>>,
    /// The `next` of the page before.
    after: Option<i64>,
    /// Rows of the page: 1 to 200.
    #[param(value_type = Option<u64>)]
    limit: Option<Limit>,
}

impl EntryQuery {
    fn filter(self) -> OurResult<EntryFilter> {
        let mut mistakes = Mistakes::default();
        let action = self.action.as_deref().map(|code| {
            let known = Action::ALL.iter().copied().find(|action| action.code() == code);
            if known.is_none() {
                let expected = Sentence::new("没有这种办理事项", "there is no such action");
                mistakes.push(Mistake::new("action", code, expected));
            }
            known
        });
        let subject = match (self.noun, self.id) {
            (Some(noun), Some(id)) => Some((noun, id)),
            (None, None) => None,
            _ => {
                let expected = Sentence::new("noun 与 id 须同时给出", "noun and id go together");
                mistakes.push(Mistake::new("id", "", expected));
                None
            }
        };
        mistakes.into_result()?;
        let action = action.flatten();
        let (actor, from, to) = (self.actor, self.from, self.to);
        Ok(EntryFilter { actor, action, subject, from, to, ..EntryFilter::default() })
    }
}

/// An entry of a log as a list shows it.
#[derive(Serialize, ToSchema)]
pub struct EntryView {
    /// Its position in the log of the county.
    seq: i64,
    /// When.
    at: Option<DateTime<Utc>>,
    /// The account that acted.
    actor: String,
    /// The code of the action.
    action: String,
    /// The leaf hash, hexadecimal.
    leaf: String,
}

impl From<EntryLine> for EntryView {
    fn from(line: EntryLine) -> EntryView {
        EntryView {
            seq: line.seq,
            at: DateTime::from_timestamp_millis(line.at),
            actor: line.actor,
            action: line.action,
            leaf: hexadecimal(&line.leaf),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// List the entries of a county's log, in their order. To verify a log from end to end takes as
/// long as it is: that is done by `taizhang verify` on the machine itself.
#[utoipa::path(get, path = "/logs/{county}/entries", tag = "log",
    params(("county" = String, Path), EntryQuery),
    responses((status = 200, body = Page<EntryView>)))]
pub async fn list_log_entries(
    State(state): State<AppState>,
    caller: Caller,
    Path(of): Path<String>,
    Asked(query): Asked<EntryQuery>,
) -> Result<Response, Fault> {
    let county = county(&caller, &of)?;
    let (limit, after) = (Limit::checked(query.limit)?, query.after);
    let read = state.ledger.read(&caller.actor);
    let lines = read.entry_lines(county, &query.filter()?, after, limit + 1).await?;
    let page = Page::cut(lines, limit, |line| line.seq.to_string(), EntryView::from);
    Ok(answer(StatusCode::OK, page))
}

/// Get an entry as it was hashed, byte by byte; the header `Leaf-Hash` holds its leaf hash.
#[utoipa::path(get, path = "/logs/{county}/entries/{seq}", tag = "log",
    params(("county" = String, Path), ("seq" = i64, Path)),
    responses((status = 200, description = "The bytes of the entry (RFC 8785)",
        content_type = "application/json", headers(("Leaf-Hash" = String)))))]
pub async fn get_log_entry(
    State(state): State<AppState>,
    caller: Caller,
    Path((of, seq)): Path<(String, i64)>,
) -> Result<Response, Fault> {
    let county = county(&caller, &of)?;
    let entry = state.ledger.read(&caller.actor).entry(county, seq).await?;
    let leaf = (HeaderName::from_static("leaf-hash"), hexadecimal(&entry.leaf));
    let kind = (header::CONTENT_TYPE, "application/json".to_owned());
    Ok(([kind, leaf], entry.body).into_response())
}

/// What a history is asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HistoryQuery {
    /// The `next` of the page before.
    after: Option<String>,
    /// Entries of the page: 1 to 50.
    limit: Option<usize>,
}

/// An entry that touched an asset.
#[derive(Serialize, ToSchema)]
pub struct HistoryView {
    /// The county whose log has it.
    county: String,
    /// Its position there.
    seq: i64,
    /// When.
    at: Option<DateTime<Utc>>,
    /// The account that acted.
    actor: String,
    /// The code of the action.
    action: String,
    /// The action in the caller's language.
    action_name: String,
    /// Why it was done, where a reason was given.
    reason: Option<String>,
    /// The rows of the asset that it changed.
    changes: Vec<RowChangeView>,
}

/// One row that an entry changed.
#[derive(Serialize, ToSchema)]
pub struct RowChangeView {
    /// asset, title, holding, duty, funding, waiver or rectification.
    noun: &'static str,
    /// The same in the caller's language.
    noun_name: &'static str,
    /// Its id.
    id: i64,
    /// The version that came of it.
    version: i64,
    /// The fields that differ.
    fields: Vec<FieldChangeView>,
}

/// One field that differs.
#[derive(Serialize, ToSchema)]
pub struct FieldChangeView {
    /// Its name.
    field: String,
    /// What it is called in the caller's language.
    label: String,
    /// What it said before.
    before: Option<String>,
    /// What it says since.
    after: Option<String>,
}

impl HistoryView {
    fn of(told: HistoryEntry, language: Language) -> HistoryView {
        let HistoryEntry { entry, reason, changes, .. } = told;
        let field = |FieldChange { name: field, label, before, after }| FieldChangeView {
            field,
            label,
            before,
            after,
        };
        let row = |RowChange { noun, label, id, version, fields, .. }| RowChangeView {
            noun,
            noun_name: label.text(language),
            id,
            version,
            fields: fields.into_iter().map(field).collect(),
        };
        let known = Action::ALL.iter().find(|action| action.code() == entry.action);
        let name = known.map_or(entry.action.as_str(), |action| action.label().text(language));
        HistoryView {
            county: entry.county.as_str().to_owned(),
            seq: entry.seq,
            at: DateTime::from_timestamp_millis(entry.at),
            actor: entry.actor,
            action_name: name.to_owned(),
            action: entry.action,
            reason,
            changes: changes.into_iter().map(row).collect(),
        }
    }
}

/// Get what happened to an asset, the newest first: every entry that touched it, its titles,
/// duties, sources of money, waivers and rectifications.
#[utoipa::path(get, path = "/assets/{id}/history", tag = "assets",
    params(("id" = i64, Path), HistoryQuery),
    responses((status = 200, body = Page<HistoryView>)))]
pub async fn get_asset_history(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<i64>,
    Asked(query): Asked<HistoryQuery>,
) -> Result<Response, Fault> {
    let limit = query.limit.unwrap_or(limits::HISTORY_ENTRIES);
    if !(1..=limits::HISTORY_ENTRIES).contains(&limit) {
        return Err(Limit::out_of_range(limits::HISTORY_ENTRIES as u64));
    }
    let after = place::<County>(query.after.as_deref())?;
    let (language, read) = (language_of(&headers), state.ledger.read(&caller.actor));
    let (told, next) = history::of_asset(&read, AssetId(id), after, limit, language).await?;
    let items = told.into_iter().map(|one| HistoryView::of(one, language)).collect();
    let next = next.map(|(county, seq)| cursor(county.as_str(), seq));
    Ok(answer(StatusCode::OK, Page { items, next, total: None }))
}
