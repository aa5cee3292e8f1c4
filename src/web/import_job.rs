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
    job::{self, Model},
    language::Label,
};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    form::{Sent, hidden, replayed},
    frame::{Around, Page, Place, page},
    import::{job_badge, job_name},
    import_new::{place, told},
    parts::{Tone, fact, grouped, mistakes, note},
    visit::Visit,
};
use crate::{
    app::{
        import::outcome::{Outcome, Remark},
        job::{Told, ToldFault},
    },
    error::Error,
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/imports/jobs/{id}", get(show))
        .route("/imports/jobs/{id}/rejected", get(rejected))
        .route("/imports/jobs/{id}/cancel", post(cancel))
        .route("/imports/jobs/{id}/carry-out", post(carry_out))
}

/// Seconds between two looks at a job that is under way.
const LOOK: HeaderValue = HeaderValue::from_static("2");
/// Rows of each table of the result; all mistakes come with the rejected rows.
const SHOWN: usize = 100;

async fn show(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    drawn(&state, &visit, JobId(id), None).await
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    id: JobId,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let job = state.jobs.job(&state.ledger, &visit.actor, id).await?;
    let told = state.jobs.told(&state.ledger, &visit.actor, &job)?.unwrap_or_default();
    let around = Around::of(state, visit).await?;
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        section.card.pad {
            p { (job_badge(visit, job.state)) " " (words(visit, &job, &told)) }
            @if !job.state.is_over() { (on_its_way(visit, &job)) }
        }
        @if !told.faults.is_empty() { (faults(visit, &told.faults)) }
        @if let Some(outcome) = &told.outcome { (result(visit, state, &job, &told, outcome)) }
        @if job.state.is_over() {
            p { a.btn href="/imports/new" { (visit.say("再传一份表格", "Bring another sheet")) }
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

fn on_its_way(visit: &Visit, job: &Model) -> Markup {
    let rows = visit.say("行已检查", "rows checked");
    html! {
        p role="status" { progress aria-label=(rows) {} " " b { (grouped(job.n_rows)) } " " (rows) }
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

/// Why the sheet could not be read at all.
fn faults(visit: &Visit, faults: &[ToldFault]) -> Markup {
    note(
        Tone::Bad,
        &html! {
            ul { @for fault in faults { li {
                (visit.tell(&fault.sentence))
                @if let Some(sheet) = &fault.sheet { " · " (sheet) }
                @if let Some(cell) = &fault.cell { " · " (cell) }
                @else if let Some(row) = fault.row { " · " (visit.say("第 ", "row ")) (row) (visit.say(" 行", "")) }
            } } }
        },
    )
}

fn number(n: u64) -> String {
    grouped(i64::try_from(n).unwrap_or(i64::MAX))
}

fn result(visit: &Visit, state: &AppState, job: &Model, told: &Told, outcome: &Outcome) -> Markup {
    let counted = |label: Label, n: u64| fact(visit.text(label), &html! { b { (number(n)) } });
    html! {
        section.card.pad {
            dl.desc {
                (counted(Label::new("新建", "Made"), outcome.created))
                (counted(Label::new("变更", "Changed"), outcome.changed))
                (counted(Label::new("无变化", "Unchanged"), outcome.same))
                (counted(Label::new("退回", "Rejected"), outcome.rejected))
                @if let Some(source) = &told.source {
                    (fact(visit.say("读取方式", "Read as"), &html! {
                        (visit.tell(&source.format))
                        @if let Some(encoding) = &source.encoding { " · " (visit.tell(encoding)) }
                        @if let Some(sheet) = &source.sheet { " · " (sheet) }
                    }))
                }
                (fact(visit.say("认出的列", "Columns found"), &html! {
                    @for (n, (_, header)) in outcome.columns.iter().enumerate() { @if n > 0 { "、" } (header) }
                }))
            }
            @if let Some(import) = outcome.import.filter(|_| outcome.is_kept) {
                p { a.btn.go href={ "/imports/" (import) } { (visit.say("看这次导入（可撤销）", "See this import; it can be undone there")) } }
            }
            @if job.is_trial { (next(visit, state, job, outcome)) }
        }
        @if outcome.n_mistakes > 0 {
            (remarks(visit, visit.say("要改的地方", "To be corrected"), &outcome.mistakes, outcome.n_mistakes))
            @if told.n_returned > 0 {
                p { a.btn download href={ "/imports/jobs/" (job.id) "/rejected" } {
                    (visit.say("下载退回的行（附原因）", "Download the rejected rows and why")) " CSV · " (told.n_returned)
                } }
            }
        }
        @if outcome.n_warnings > 0 {
            (remarks(visit, visit.say("请留意", "To be looked at"), &outcome.warnings, outcome.n_warnings))
        }
        @if outcome.n_changes > 0 { (changes(visit, outcome)) }
    }
}

/// What can be done after a check.
fn next(visit: &Visit, state: &AppState, job: &Model, outcome: &Outcome) -> Markup {
    let n = outcome.created + outcome.changed;
    html! {
        @if state.jobs.is_held(job) {
            form method="post" action={ "/imports/jobs/" (job.id) "/carry-out" } {
                (hidden(&visit.mark))
                button.btn.go { (visit.say("正式导入 ", "Import these ")) (number(n)) (visit.say(" 行", " rows")) }
            }
        } @else if outcome.rejected > 0 {
            p { (visit.say(
                "改好退回的行再传一次；也可在上传时选择「有错的行退回，其余照常导入」。",
                "Correct the rejected rows and bring the sheet again, or choose there to import the others.",
            )) }
        } @else if n == 0 {
            p { (visit.say("表里的内容台账都有了，不用导入。", "The ledger says all of it already; there is nothing to import.")) }
        } @else {
            p { (visit.say("这份文件已导入，或保留的时间已过；要导入请再传一次。", "This sheet was imported, or was kept long enough; bring it again to import it.")) }
        }
    }
}

fn head(visit: &Visit, names: &[Label]) -> Markup {
    html! { thead { tr { @for name in names { th scope="col" { (visit.text(*name)) } } } } }
}

/// How many of all are shown, where not all are.
fn beginning(visit: &Visit, all: u64) -> Markup {
    html! {
        @if all > SHOWN as u64 {
            p.pad.mut { (visit.say("只列前 ", "The first ")) (SHOWN) (visit.say(" 处，共 ", " of ")) (number(all)) (visit.say(" 处", "")) }
        }
    }
}

fn remarks(visit: &Visit, title: &str, remarks: &[Remark], all: u64) -> Markup {
    const NAMES: [Label; 4] = [
        Label::new("行", "Row"),
        Label::new("列", "Column"),
        Label::new("表里写的", "Found"),
        Label::new("应为", "Expected"),
    ];
    html! {
        section.card {
            h2.pad { (title) " " b { (number(all)) } }
            div.wrap tabindex="0" role="region" aria-label=(title) {
                table.cards {
                    (head(visit, &NAMES))
                    tbody { @for one in remarks.iter().take(SHOWN) { tr {
                        th scope="row" { @if let Some(sheet) = &one.sheet { (sheet) " · " } (visit.say("第 ", "row ")) (one.row) (visit.say(" 行", "")) }
                        td data-l=(visit.text(NAMES[1])) { (one.column) " " (one.header) }
                        td data-l=(visit.text(NAMES[2])) { (one.found) }
                        td data-l=(visit.text(NAMES[3])) { (visit.tell(&one.expected)) }
                    } } }
                }
            }
            (beginning(visit, all))
        }
    }
}

/// The header of a field in the sheet.
fn header_of<'a>(outcome: &'a Outcome, field: &'a str) -> &'a str {
    let found = outcome.columns.iter().find(|(known, _)| known == field);
    found.map_or(field, |(_, header)| header)
}

fn changes(visit: &Visit, outcome: &Outcome) -> Markup {
    const NAMES: [Label; 4] = [
        Label::new("行", "Row"),
        Label::new("字段", "Field"),
        Label::new("台账原来", "The ledger said"),
        Label::new("改为", "The sheet says"),
    ];
    let title = visit.say("将变更的内容", "What changes");
    html! {
        section.card {
            h2.pad { (title) " " b { (number(outcome.n_changes)) } }
            div.wrap tabindex="0" role="region" aria-label=(title) {
                table.cards {
                    (head(visit, &NAMES))
                    tbody { @for one in outcome.changes.iter().take(SHOWN) { tr {
                        th scope="row" { (one.row) }
                        td data-l=(visit.text(NAMES[1])) { (header_of(outcome, &one.field)) }
                        td data-l=(visit.text(NAMES[2])) { del { (one.before) } }
                        td data-l=(visit.text(NAMES[3])) { ins { (one.after) } }
                    } } }
                }
            }
            (beginning(visit, outcome.n_changes))
        }
    }
}

async fn rejected(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    let job = state.jobs.job(&state.ledger, &visit.actor, JobId(id)).await?;
    let returned = state.jobs.returned(&state.ledger, &visit.actor, &job)?;
    let none = Error::NotFound(Label::new("退回的行", "rejected row"));
    let sheet = returned.ok_or(none)?.csv(visit.language)?;
    let named = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"rejected.csv\""),
    ];
    Ok((named, sheet).into_response())
}

async fn cancel(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Redirect, Fault> {
    let job = state.jobs.cancel(&state.ledger, &sent.visit.actor, JobId(id)).await?;
    Ok(Redirect::to(&place(&job)))
}

async fn carry_out(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let key = form.request_key();
    let taken = state
        .jobs
        .take_tried(&state.ledger, &visit.actor, JobId(id), &key, |job| Ok(told(job)))
        .await;
    let error = match taken {
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
    let shown = drawn(&state, &visit, JobId(id), Some(&fault)).await?;
    Ok((fault.status, shown).into_response())
}
