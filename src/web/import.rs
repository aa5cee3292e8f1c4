//! Sheets that were brought in: one's own jobs, and the imports that were kept.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::{
    id::ImportId,
    import::{self, Model},
    job,
};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    form::{Sent, hidden, replayed},
    frame::{Around, Page, Place, page},
    import_result::seen,
    parts::{Tone, badge, done, fact, grouped, mistakes, nothing},
    visit::{Visit, at},
};
use crate::{
    app::{import::undo, output::CHINA_CLOCK},
    domain::{
        mistake::{Mistake, Mistakes},
        permission::Action,
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/imports", get(list))
        .route("/imports/{id}", get(show))
        .route("/imports/{id}/undo", post(send_undo))
}

/// One's own jobs that are listed.
const JOBS: u64 = 10;

/// An instant on the clock of the offices.
pub(super) fn minute(at: chrono::DateTime<chrono::Utc>) -> String {
    at.with_timezone(&CHINA_CLOCK).format("%Y-%m-%d %H:%M").to_string()
}

/// Whether the visitor may bring sheets of any kind.
pub(super) fn may_import(visit: &Visit) -> bool {
    visit.may(Action::ImportSheet) || visit.may(Action::ImportAreas)
}

/// The import that the list goes on from.
fn after(words: &[(String, String)]) -> Result<Option<ImportId>> {
    let mut after = None;
    let mut mistakes = Mistakes::default();
    for (word, value) in words {
        let found = value.parse().ok().filter(|_| word == "after");
        if found.is_none() {
            let expected = entity::language::Sentence::new(
                "查询条件只有 after，取自上一页",
                "the only parameter is after, as the page before led to",
            );
            mistakes.push(Mistake::new(word.clone(), value, expected));
        }
        after = found.map(ImportId).or(after);
    }
    mistakes.into_result()?;
    Ok(after)
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let after = after(&visit.query)?;
    let around = Around::of(&state, &visit).await?;
    let jobs = state.jobs.own(&state.ledger, &visit.actor, JOBS).await?;
    let limit = limits::PAGE_ROWS_USUAL;
    let read = state.ledger.read(&visit.actor);
    let mut rows = read.imports_before(after, limit + 1).await?;
    let is_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let may = may_import(&visit);
    let on = if may {
        ("/imports/new", visit.say("导入第一份表格", "Import the first sheet"))
    } else {
        ("/assets", visit.say("看资产台账", "To the assets"))
    };
    let body = html! {
        @if after.is_none() && !jobs.is_empty() { (own(&visit, &jobs)) }
        section.card {
            h2.pad { (visit.say("已导入的表格", "Imports that were kept")) }
            @if rows.is_empty() {
                (nothing(visit.say("还没有导入过表格。", "No sheet was imported yet."), Some(on)))
            } @else {
                (table(&visit, &rows))
                @if let Some(last) = rows.last().filter(|_| is_more) {
                    nav.pager aria-label=(visit.say("翻页", "Pages")) {
                        ul { li { a rel="next" href=(at("/imports", [("after", last.id.to_string().as_str())])) {
                            (visit.say("下一页", "Next page"))
                        } } }
                    }
                }
            }
        }
    };
    let shown = Page {
        place: Some(Place::Imports),
        beside: html! { @if may { a.btn.go href="/imports/new" { (visit.say("导入表格", "Import a sheet")) } } },
        ..Page::new(visit.say("导入", "Imports"), body)
    };
    Ok(page(&visit, &around, shown))
}

/// One's own jobs of the last days.
fn own(visit: &Visit, jobs: &[job::Model]) -> Markup {
    html! {
        section.card {
            h2.pad { (visit.say("我最近的任务", "My latest jobs")) }
            div.wrap tabindex="0" role="region" aria-label=(visit.say("任务", "Jobs")) {
                table.cards {
                    thead { tr {
                        th scope="col" { (visit.say("任务", "Job")) }
                        th scope="col" { (visit.say("状态", "State")) }
                        th.num scope="col" { (visit.say("行", "Rows")) }
                        th scope="col" { (visit.say("时间", "When")) }
                    } }
                    tbody { @for job in jobs { tr {
                        th scope="row" {
                            a href={ "/imports/jobs/" (job.id) } { (job_name(visit, job)) }
                        }
                        td data-l=(visit.say("状态", "State")) { (job_badge(visit, job.state)) }
                        td.num data-l=(visit.say("行", "Rows")) { (grouped(job.n_rows)) }
                        td data-l=(visit.say("时间", "When")) { (minute(job.asked_at)) }
                    } } }
                }
            }
        }
    }
}

/// What a job is called.
pub(super) fn job_name(visit: &Visit, job: &job::Model) -> String {
    let what = if job.is_trial {
        visit.say("试导", "Check of")
    } else {
        visit.say("导入", "Import of")
    };
    format!("{what} {} #{}", visit.text(job.kind.label()), job.id)
}

/// The state of a job.
pub(super) fn job_badge(visit: &Visit, state: job::State) -> Markup {
    let tone = match state {
        job::State::Waiting | job::State::Running => Tone::Idle,
        job::State::Done => Tone::Good,
        job::State::Cancelled => Tone::Warning,
        job::State::Failed | job::State::Interrupted => Tone::Bad,
    };
    badge(tone, visit.text(state.label()))
}

fn table(visit: &Visit, rows: &[Model]) -> Markup {
    html! {
        div.wrap tabindex="0" role="region" aria-label=(visit.say("导入", "Imports")) {
            table.cards {
                thead { tr {
                    th scope="col" { (visit.say("文件", "File")) }
                    th scope="col" { (visit.say("内容", "Rows of")) }
                    th.num scope="col" { (visit.say("新建", "Made")) }
                    th.num scope="col" { (visit.say("变更", "Changed")) }
                    th.num scope="col" { (visit.say("退回", "Rejected")) }
                    th scope="col" { (visit.say("时间", "When")) }
                    th scope="col" { (visit.say("状态", "State")) }
                } }
                tbody { @for row in rows { tr {
                    th scope="row" { a href={ "/imports/" (row.id) } { (row.file_name) } small { "#" (row.id) } }
                    td data-l=(visit.say("内容", "Rows of")) { (visit.text(row.kind.label())) }
                    td.num data-l=(visit.say("新建", "Made")) { (grouped(row.n_created)) }
                    td.num data-l=(visit.say("变更", "Changed")) { (grouped(row.n_changed)) }
                    td.num data-l=(visit.say("退回", "Rejected")) { (grouped(row.n_rejected)) }
                    td data-l=(visit.say("时间", "When")) { (minute(row.created_at)) }
                    td data-l=(visit.say("状态", "State")) { (state_badge(visit, row)) }
                } } }
            }
        }
    }
}

fn state_badge(visit: &Visit, row: &Model) -> Markup {
    let tone = if row.state == import::State::Undone { Tone::Idle } else { Tone::Good };
    badge(tone, visit.text(row.state.label()))
}

async fn show(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&visit.actor).get::<import::Entity>(ImportId(id)).await?;
    drawn(&state, &visit, &row, None).await
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    row: &Model,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let is_undone = visit.query.iter().any(|(word, value)| word == "done" && value == "undone");
    let body = html! {
        @if is_undone { (done(visit.say("已撤销：该批次新建的内容已退出台账。", "Undone: what the import made has left the books."))) }
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        section.card.pad {
            (facts(visit, row))
            @if row.kind == import::Kind::Assets && row.state == import::State::Done { p { (seen(visit, row.id.0)) } }
        }
        @if row.state == import::State::Done && visit.may(Action::UndoImport) { (undoing(visit, row)) }
    };
    let title = if fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    let shown = Page {
        place: Some(Place::Imports),
        way: vec![("/imports".to_owned(), visit.say("导入", "Imports").to_owned())],
        below: row.file_name.clone(),
        ..Page::new(format!("{title}{} #{}", visit.say("导入", "Import"), row.id), body)
    };
    Ok(page(visit, &around, shown))
}

fn facts(visit: &Visit, row: &Model) -> Markup {
    let number = |n: i64| html! { (grouped(n)) };
    html! {
        dl.desc {
            (fact(visit.say("状态", "State"), &state_badge(visit, row)))
            (fact(visit.say("内容", "Rows of"), &html! { (visit.text(row.kind.label())) }))
            (fact(visit.say("新建", "Made"), &number(row.n_created)))
            (fact(visit.say("变更", "Changed"), &number(row.n_changed)))
            (fact(visit.say("无变化", "Unchanged"), &number(row.n_same)))
            (fact(visit.say("退回", "Rejected"), &number(row.n_rejected)))
            (fact(visit.say("导入时间", "Imported"), &html! { (minute(row.created_at)) }))
            (fact(visit.say("文件摘要", "Digest of the file"), &html! { code { (row.file_digest) } }))
        }
    }
}

fn undoing(visit: &Visit, row: &Model) -> Markup {
    html! {
        form.card.pad.stacked method="post" action={ "/imports/" (row.id) "/undo" } {
            (hidden(&visit.mark))
            p { (visit.say(
                "撤销后，这次导入新建的内容退出台账，留痕仍在。导入后有人改过其中任何一行，就不能再撤销。",
                "What this import made leaves the books; the log keeps it. It can be undone as long as nobody has changed any of its rows.",
            )) }
            button.btn { (visit.say("撤销这次导入", "Undo this import")) }
        }
    }
}

async fn send_undo(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::UndoImport)?;
    let place = at(&format!("/imports/{id}"), [("done", "undone")]);
    let led = place.clone();
    let ledger = form.once(&state.ledger, move |_: &usize| led.clone());
    let Err(error) = undo::undo(&ledger, &visit.actor, ImportId(id)).await else {
        return Ok(Redirect::to(&place).into_response());
    };
    let error = match replayed(error) {
        Ok(place) => return Ok(Redirect::to(&place).into_response()),
        Err(error) => error,
    };
    let fault = Fault::from(error);
    if !is_for_the_sender(&fault) {
        return Err(fault);
    }
    let row = state.ledger.read(&visit.actor).get::<import::Entity>(ImportId(id)).await?;
    let shown = drawn(&state, &visit, &row, Some(&fault)).await?;
    Ok((fault.status, shown).into_response())
}
