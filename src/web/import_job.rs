//! A sheet on its way: how far it is, what the check found, and then the import itself.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::{
    id::JobId,
    import,
    job::{self, Model},
    language::Label,
};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    form::{Form, Sent, hidden, replayed},
    frame::{Around, Page, Place, page},
    import::{job_badge, job_name, minute},
    import_new::{place, told},
    import_result::Looked,
    parts::{Tone, grouped, mistakes, note},
    visit::Visit,
};
use crate::{
    app::{
        import::{mend, returned::Returned},
        job::{Next, Told},
    },
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/imports/jobs/{id}", get(show))
        .route("/imports/jobs/{id}/rejected", get(rejected))
        .route("/imports/jobs/{id}/rejected.xlsx", get(rejected_workbook))
        .route("/imports/jobs/{id}/cancel", post(cancel))
        .route("/imports/jobs/{id}/check", post(check))
        .route("/imports/jobs/{id}/carry-out", post(carry_out))
}

/// Seconds between two looks at a job that is under way.
const LOOK: HeaderValue = HeaderValue::from_static("2");

async fn show(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    drawn(&state, &visit, JobId(id), None, None).await
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    id: JobId,
    fault: Option<&Fault>,
    form: Option<&Form>,
) -> Result<Response, Fault> {
    let job = state.jobs.job(&state.ledger, &visit.actor, id).await?;
    let told = state.jobs.told(&state.ledger, &visit.actor, &job)?.unwrap_or_default();
    let around = Around::of(state, visit).await?;
    let before = match &told.source {
        Some(source) if job.is_trial => {
            state.ledger.read(&visit.actor).import_of_file(&source.digest).await?
        }
        _ => None,
    };
    let looked = Looked {
        visit,
        job: &job,
        told: &told,
        is_held: state.jobs.is_held(&job),
        typed: fault.and_then(|fault| Some((form?, &fault.mistakes))),
    };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        section.card.pad {
            p { (job_badge(visit, job.state)) " " (words(visit, &job, &told)) }
            @if !job.state.is_over() { (on_its_way(visit, &job, state.jobs.total(&job))) }
        }
        @if let Some(before) = &before { (known(visit, before)) }
        @if !told.faults.is_empty() { (faults(&looked)) }
        @if let Some(outcome) = &told.outcome { (looked.result(outcome)) }
        @if job.state.is_over() {
            p.mt { a.btn href="/imports/new" { (visit.say("再传一份表格", "Bring another sheet")) }
                " " a href="/imports" { (visit.say("全部导入", "All imports")) } }
        }
    };
    let title = if fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    let shown = Page {
        place: Some(Place::Imports),
        way: vec![("/imports".to_owned(), visit.say("导入", "Imports").to_owned())],
        below: told.source.as_ref().map(|source| source.file_name.clone()).unwrap_or_default(),
        ..Page::new(format!("{title}{}", job_name(visit, &job)), body)
    };
    let mut response = page(visit, &around, shown);
    if !job.state.is_over() {
        response.headers_mut().insert(header::REFRESH, LOOK);
    }
    Ok(response)
}

/// That the same file was imported before.
fn known(visit: &Visit, before: &import::Model) -> Markup {
    note(
        Tone::Warning,
        &html! { p {
            (visit.say("同一个文件已经导入过：", "The very same file was imported before: "))
            a href={ "/imports/" (before.id) } { (before.file_name) " #" (before.id) } " " (minute(before.created_at))
        } },
    )
}

/// How it stands, in a sentence.
fn words(visit: &Visit, job: &Model, told: &Told) -> &'static str {
    let is_kept = told.outcome.as_ref().is_some_and(|outcome| outcome.is_kept);
    match job.state {
        job::State::Waiting => {
            visit.say("前面还有导入，轮到时自动开始。", "Others come first; it starts by itself.")
        }
        job::State::Running => visit.say(
            "正在逐行检查，可以离开本页，稍后再来看。",
            "Row by row; you may leave this page and come back.",
        ),
        job::State::Done if job.is_trial => {
            visit.say("试导完成，台账没有改动。", "Checked; the ledger is as it was.")
        }
        job::State::Done if is_kept => visit.say("已导入台账。", "It is in the ledger."),
        job::State::Done => visit.say(
            "没有导入：请按下面的说明改好后再传。",
            "Nothing was kept: correct what is said below and bring it again.",
        ),
        job::State::Failed if !told.seen.columns.is_empty() => visit.say(
            "各列还没有对应好，台账没有改动。",
            "It is not clear yet what the columns are; the ledger is as it was.",
        ),
        job::State::Failed => visit.say(
            "表格无法导入，台账没有改动。",
            "The sheet cannot be imported; the ledger is as it was.",
        ),
        job::State::Cancelled => {
            visit.say("已取消，台账没有改动。", "Cancelled; the ledger is as it was.")
        }
        job::State::Interrupted => visit.say(
            "系统重启时中断，台账没有改动，请再传一次。",
            "Interrupted as the program ended; the ledger is as it was. Bring it again.",
        ),
    }
}

fn on_its_way(visit: &Visit, job: &Model, total: Option<u64>) -> Markup {
    let rows = visit.say("行已检查", "rows checked");
    html! {
        p role="status" {
            @if let Some(total) = total {
                progress aria-label=(rows) max=(total) value=(job.n_rows) {} " " b { (grouped(job.n_rows)) } " / " (total) " " (rows)
            } @else {
                progress aria-label=(rows) {} " " b { (grouped(job.n_rows)) } " " (rows)
            }
        }
        @if job.is_cancelled {
            p.mut { (visit.say("正在取消…", "It is being cancelled…")) }
        } @else {
            form method="post" action={ "/imports/jobs/" (job.id) "/cancel" } {
                (hidden(&visit.mark))
                button.btn { (visit.say("取消", "Cancel")) }
            }
        }
        p.mut.sm { (visit.say("本页每两秒刷新一次。", "This page reloads every two seconds.")) }
    }
}

/// Why the sheet could not be read at all; where it is for its columns, the way to say what they
/// are.
fn faults(looked: &Looked<'_>) -> Markup {
    let visit = looked.visit;
    let is_for_columns = looked.is_held && !looked.told.seen.columns.is_empty();
    let told = note(
        if is_for_columns { Tone::Warning } else { Tone::Bad },
        &html! {
            @if is_for_columns { p { b { (visit.say("有的列要您指明是什么", "Some columns need your word")) } " " (looked.columns()) } }
            ul { @for fault in &looked.told.faults { li {
                (visit.tell(&fault.sentence))
                @if let Some(sheet) = &fault.sheet { " · " (sheet) }
                @if let Some(cell) = &fault.cell { " · " (cell) }
                @else if let Some(row) = fault.row { " · " (visit.say("第 ", "row ")) (row) (visit.say(" 行", "")) }
            } } }
        },
    );
    html! {
        (told)
        @if is_for_columns {
            p.mt { a.btn.go href={ "/imports/jobs/" (looked.job.id) "/columns" } { (visit.say("指明各列", "Say what the columns are")) } }
        }
    }
}

async fn rejected(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    let sheet = returned(&state, &visit, JobId(id)).await?.csv(visit.language)?;
    Ok(file(sheet, "text/csv; charset=utf-8", "rejected.csv"))
}

async fn rejected_workbook(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    let sheet = returned(&state, &visit, JobId(id)).await?.xlsx(visit.language)?;
    Ok(file(sheet, WORKBOOK, "rejected.xlsx"))
}

/// The rejected rows of one's own job.
async fn returned(state: &AppState, visit: &Visit, id: JobId) -> OurResult<Returned> {
    let job = state.jobs.job(&state.ledger, &visit.actor, id).await?;
    let returned = state.jobs.returned(&state.ledger, &visit.actor, &job)?;
    returned.ok_or(Error::NotFound(Label::new("退回的行", "rejected row")))
}

/// What a workbook is.
pub(super) const WORKBOOK: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file that is sent under a name.
pub(super) fn file(bytes: Vec<u8>, kind: &'static str, name: &str) -> Response {
    let named = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, named)], bytes)
        .into_response()
}

async fn cancel(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Redirect, Fault> {
    let job = state.jobs.cancel(&state.ledger, &sent.visit.actor, JobId(id)).await?;
    Ok(Redirect::to(&place(&job)))
}

/// Has the sheet checked once more, with what was typed beside its mistakes.
async fn check(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let next = mended(&state, &sent, JobId(id)).await;
    go_on(&state, sent, JobId(id), next).await
}

async fn mended(state: &AppState, sent: &Sent, id: JobId) -> OurResult<Next> {
    let Sent { visit, form } = sent;
    let job = state.jobs.job(&state.ledger, &visit.actor, id).await?;
    let told = state.jobs.told(&state.ledger, &visit.actor, &job)?.unwrap_or_default();
    let mut answers = state.jobs.answers(&job)?;
    if let Some(outcome) = &told.outcome {
        let typed = |name: &str| form.has(name).then(|| form.text(name));
        let of = (outcome, &told.seen);
        mend::answer(of, typed, &mut answers).map_err(Error::Invalid)?;
    }
    Ok(Next::Check(Box::new(answers)))
}

async fn carry_out(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let next = Next::CarryOut { accept_valid: sent.form.has("accept_valid") };
    go_on(&state, sent, JobId(id), Ok(next)).await
}

/// Goes on with the sheet of a check; where that cannot be, its page comes back with what was
/// typed.
async fn go_on(
    state: &AppState,
    sent: Sent,
    id: JobId,
    next: OurResult<Next>,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let error = match taken(state, &visit, &form, (id, next)).await {
        Ok(job) => return Ok(Redirect::to(&place(&job)).into_response()),
        Err(error) => error,
    };
    let fault = match replayed(error) {
        Ok(place) => return Ok(Redirect::to(&place).into_response()),
        Err(error) => Fault::from(error),
    };
    if !is_for_the_sender(&fault) {
        return Err(fault);
    }
    let shown = drawn(state, &visit, id, Some(&fault), Some(&form)).await?;
    Ok((fault.status, shown).into_response())
}

async fn taken(
    state: &AppState,
    visit: &Visit,
    form: &Form,
    (id, next): (JobId, OurResult<Next>),
) -> OurResult<Model> {
    let (key, next) = (form.request_key(), (id, next?));
    state.jobs.take_tried(&state.ledger, &visit.actor, next, &key, |job| Ok(told(job))).await
}
