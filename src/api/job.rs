//! Imports over the API: a sheet is brought, carried out while its sender does something else, and
//! asked about.

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    id::JobId,
    job::Model,
    language::{Label, Language, Sentence},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    PREFIX,
    body::{answer, replayed, request_key},
    caller::Caller,
};
use crate::{
    app::{
        import::outcome::{CellChange, Outcome, Remark},
        job::{NewJob, Told, ToldFault, ToldSource},
    },
    error::{Error, Result as OurResult},
    http::{
        AppState,
        fault::{Fault, language_of},
        sheet_form,
    },
    store::Answer,
};

/// A sheet and how to read it.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "it is the schema of a form that is read as it comes")]
pub struct SheetForm {
    /// A CSV, XLSX or XLS file of at most 50 MB.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// areas, organizations, projects, assets or duties.
    kind: String,
    /// A map file (TOML): which column feeds which field, which words mean what.
    map: Option<String>,
    /// Check only, keep nothing.
    dry_run: Option<bool>,
    /// Keep the good rows when others are rejected.
    accept_valid: Option<bool>,
    /// What becomes of asset rows that the ledger most likely holds, by name and village: new (the
    /// default), update or skip.
    duplicates: Option<String>,
    /// utf-8, gb18030, utf-16le or utf-16be, when the detected one is wrong.
    encoding: Option<String>,
    /// One of , ; | or tab, when the detected one is wrong.
    delimiter: Option<String>,
    /// The sheet of a workbook.
    sheet: Option<String>,
    /// The row of the headers.
    header_row: Option<u64>,
}

/// An import that was asked for.
#[derive(Serialize, ToSchema)]
pub struct JobView {
    /// Its id.
    id: i64,
    /// What the rows are.
    kind: &'static str,
    /// Only tried, and nothing kept.
    is_trial: bool,
    /// waiting, running, done, failed, cancelled or interrupted. Done is also one that kept
    /// nothing because rows were rejected; the others keep nothing.
    state: &'static str,
    /// Rows done so far.
    rows: i64,
    /// Whether its end was asked for.
    is_cancelled: bool,
    /// When it was asked for.
    asked_at: DateTime<Utc>,
    /// When it ended.
    ended_at: Option<DateTime<Utc>>,
    /// What it came to, when it is done.
    outcome: Option<OutcomeView>,
    /// Why the sheet could not be carried out, when it failed.
    faults: Vec<FaultView>,
}

/// What an import came to.
#[derive(Serialize, ToSchema)]
pub struct OutcomeView {
    /// The number of the import; none when nothing was kept.
    import: Option<i64>,
    /// Whether it was kept.
    is_kept: bool,
    /// How the sheet was read.
    source: Option<SourceView>,
    /// Columns that were recognised.
    columns: Vec<ColumnView>,
    /// Rows that made something.
    created: u64,
    /// Rows that changed something.
    changed: u64,
    /// Rows that said what the ledger says already.
    same: u64,
    /// Rows that cannot be taken.
    rejected: u64,
    /// Rows left out because the ledger holds them already, as was asked.
    skipped: u64,
    /// Rejected rows that can be fetched.
    returned: usize,
    /// Organizations made along with the rows, as the map asked.
    organizations_created: u64,
    /// Changed cells, the first thousand.
    changes: Vec<ChangeView>,
    /// All changed cells.
    n_changes: u64,
    /// Mistakes, the first thousand.
    mistakes: Vec<RemarkView>,
    /// All mistakes.
    n_mistakes: u64,
    /// Warnings, the first thousand.
    warnings: Vec<RemarkView>,
    /// All warnings.
    n_warnings: u64,
}

/// How a sheet was read.
#[derive(Serialize, ToSchema)]
#[schema(as = SheetSource)]
pub struct SourceView {
    /// The name it came with.
    file_name: String,
    /// SHA-256 of its bytes, hexadecimal.
    digest: String,
    /// What kind of file it is.
    format: String,
    /// Its encoding, where it is a text.
    encoding: Option<String>,
    /// What stands between its cells, where it is a text.
    delimiter: Option<String>,
    /// The sheet of a workbook that was read.
    sheet: Option<String>,
    /// All sheets of a workbook.
    sheets: Vec<String>,
}

/// A column that was recognised.
#[derive(Serialize, ToSchema)]
pub struct ColumnView {
    /// The field it feeds.
    field: String,
    /// Its header.
    header: String,
}

/// A changed cell.
#[derive(Serialize, ToSchema)]
pub struct ChangeView {
    /// The row of the sheet.
    row: u64,
    /// The field.
    field: String,
    /// What the ledger held.
    before: String,
    /// What the sheet says.
    after: String,
}

/// One place in a sheet where something is to be said.
#[derive(Serialize, ToSchema)]
pub struct RemarkView {
    /// The sheet of a workbook.
    sheet: Option<String>,
    /// The row.
    row: u64,
    /// The letters of the column; empty when the row as a whole is meant.
    column: String,
    /// The header of the column.
    header: String,
    /// The field.
    field: String,
    /// What was found.
    found: String,
    /// What was expected, and so what to do.
    expected: String,
    /// What the sender most likely meant, where one name is near.
    offered: Option<String>,
}

/// Why a sheet could not be carried out.
#[derive(Serialize, ToSchema)]
pub struct FaultView {
    /// A stable word for programs.
    code: String,
    /// What is wrong.
    detail: String,
    /// The sheet of a workbook.
    sheet: Option<String>,
    /// The row.
    row: Option<u64>,
    /// The cell.
    cell: Option<String>,
}

fn remark(remark: Remark, language: Language) -> RemarkView {
    let Remark { sheet, row, column, header, field, found, expected, offered } = remark;
    let expected = expected.text(language).to_owned();
    RemarkView { sheet, row, column, header, field, found, expected, offered }
}

impl OutcomeView {
    fn of(
        source: Option<ToldSource>,
        returned: usize,
        outcome: Outcome,
        language: Language,
    ) -> OutcomeView {
        let said = |sentence: &Sentence| sentence.text(language).to_owned();
        let remarks = |all: Vec<Remark>| all.into_iter().map(|one| remark(one, language)).collect();
        let change = |CellChange { row, field, before, after }| ChangeView {
            row,
            field: field.into_owned(),
            before,
            after,
        };
        let column = |(field, header)| ColumnView { field, header };
        OutcomeView {
            import: outcome.import.filter(|_| outcome.is_kept),
            is_kept: outcome.is_kept,
            source: source.map(|source| SourceView {
                format: said(&source.format),
                encoding: source.encoding.as_ref().map(said),
                delimiter: source.delimiter.as_ref().map(said),
                file_name: source.file_name,
                digest: source.digest,
                sheet: source.sheet,
                sheets: source.sheets,
            }),
            columns: outcome.columns.into_iter().map(column).collect(),
            created: outcome.created,
            changed: outcome.changed,
            same: outcome.same,
            rejected: outcome.rejected,
            skipped: outcome.skipped,
            returned,
            organizations_created: outcome.organizations_created,
            changes: outcome.changes.into_iter().map(change).collect(),
            n_changes: outcome.n_changes,
            mistakes: remarks(outcome.mistakes),
            n_mistakes: outcome.n_mistakes,
            warnings: remarks(outcome.warnings),
            n_warnings: outcome.n_warnings,
        }
    }
}

impl JobView {
    fn of(job: &Model, told: Option<Told>, language: Language) -> JobView {
        let Told { source, outcome, n_returned, faults, .. } = told.unwrap_or_default();
        let fault = |ToldFault { code, sentence, sheet, row, cell }| {
            let detail = sentence.text(language).to_owned();
            FaultView { code, detail, sheet, row, cell }
        };
        JobView {
            id: job.id.0,
            kind: job.kind.code(),
            is_trial: job.is_trial,
            state: job.state.code(),
            rows: job.n_rows,
            is_cancelled: job.is_cancelled,
            asked_at: job.asked_at,
            ended_at: job.ended_at,
            outcome: outcome.map(|one| OutcomeView::of(source, n_returned, one, language)),
            faults: faults.into_iter().map(fault).collect(),
        }
    }
}

/// What the sender of a sheet is told, now and when the request comes again.
fn accepted(job: &Model) -> OurResult<Answer> {
    let view = JobView::of(job, None, Language::default());
    let body = serde_json::to_vec(&view).map_err(anyhow::Error::new)?;
    Ok(Answer { status: StatusCode::ACCEPTED.as_u16(), body: Some(body) })
}

/// An answer that says where the job is asked about.
fn located(id: i64, answer: Response) -> Response {
    ([(header::LOCATION, format!("{PREFIX}/imports/jobs/{id}"))], answer).into_response()
}

/// Bring a sheet and have it imported. The answer comes as soon as the file is there; the import
/// goes on whether or not its sender stays. It is known for seven days.
#[utoipa::path(post, path = "/imports", tag = "imports",
    request_body(content = SheetForm, content_type = "multipart/form-data"),
    params(("Idempotency-Key" = String, Header)),
    responses((status = 202, body = JobView, headers(("Location" = String)))))]
pub async fn start_import(
    State(state): State<AppState>,
    Caller { actor, .. }: Caller,
    request: Request,
) -> Result<Response, Fault> {
    let place = state.jobs.place(&actor)?;
    let (parts, body) = request.into_parts();
    // a request without a key is refused before its file comes
    let key = request_key(&parts, [0; 32])?.key;
    let request = Request::from_parts(parts, body);
    let received = sheet_form::receive(request, &[], |_| Ok(key.clone())).await?;
    let (key, upload, request) = received.asked(state.settings.reader.clone())?;
    let new = NewJob { actor, request, upload: Arc::new(upload), place, total: None };
    match state.jobs.take(&state.ledger, new, &key, accepted).await {
        Ok(job) => {
            let view = JobView::of(&job, None, Language::default());
            Ok(located(job.id.0, answer(StatusCode::ACCEPTED, view)))
        }
        Err(error) => again(error),
    }
}

/// The answer to a form that came before, with the place of its job.
fn again(error: Error) -> Result<Response, Fault> {
    let Error::Replayed(_, Some(body)) = &error else { return replayed(error) };
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let id = body["id"].as_i64().unwrap_or_default();
    Ok(located(id, replayed(error)?))
}

/// Get how far an import of one's own is, and what it came to.
#[utoipa::path(get, path = "/imports/jobs/{id}", tag = "imports", params(("id" = i64, Path)),
    responses((status = 200, body = JobView)))]
pub async fn get_import_job(
    State(state): State<AppState>,
    Caller { actor, .. }: Caller,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let job = state.jobs.job(&state.ledger, &actor, JobId(id)).await?;
    let told = state.jobs.told(&state.ledger, &actor, &job)?;
    Ok(answer(StatusCode::OK, JobView::of(&job, told, language_of(&headers))))
}

/// End an import of one's own before its time: within a thousand rows, and nothing of it is kept.
/// One that is over stays as it is, so this may be said again and needs no key.
#[utoipa::path(post, path = "/imports/jobs/{id}/cancel", tag = "imports",
    params(("id" = i64, Path)), responses((status = 200, body = JobView)))]
pub async fn cancel_import_job(
    State(state): State<AppState>,
    Caller { actor, .. }: Caller,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let job = state.jobs.cancel(&state.ledger, &actor, JobId(id)).await?;
    let told = state.jobs.told(&state.ledger, &actor, &job)?;
    Ok(answer(StatusCode::OK, JobView::of(&job, told, language_of(&headers))))
}

/// Get the rejected rows of an import of one's own as CSV, with a column that says what is wrong.
#[utoipa::path(get, path = "/imports/jobs/{id}/rejected", tag = "imports",
    params(("id" = i64, Path)),
    responses((status = 200, description = "A sheet", content_type = "text/csv")))]
pub async fn get_rejected_rows(
    State(state): State<AppState>,
    Caller { actor, .. }: Caller,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let job = state.jobs.job(&state.ledger, &actor, JobId(id)).await?;
    let none = Label::new("退回的行", "rejected row");
    let returned = state.jobs.returned(&state.ledger, &actor, &job)?;
    let sheet = returned.ok_or(Error::NotFound(none))?.csv(language_of(&headers))?;
    let named = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"rejected.csv\""),
    ];
    Ok((named, sheet).into_response())
}
