//! What the columns of a sheet are: each with its header, a few of its values and the field it
//! feeds. What is chosen is checked with the file that was kept, and remembered.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::{id::JobId, import::Kind, job::Model, language::Label};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    form::{Form, Sent, hidden, replayed},
    frame::{Around, Page, Place, page},
    import::job_name,
    import_new::{place, told},
    parts::{Tone, badge, mistakes},
    visit::Visit,
};
use crate::{
    app::{
        import::{
            answer::{self, Answers, Chosen, Columns, Seen},
            column_choice,
        },
        job::{Next, Told},
    },
    domain::{reading::MoneyUnit, refusal::Refusal, sheet::columns},
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/imports/jobs/{id}/columns", get(show).post(send))
}

async fn show(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    let job = state.jobs.job(&state.ledger, &visit.actor, JobId(id)).await?;
    if !state.jobs.is_held(&job) {
        return Err(Error::from(Refusal::trial_gone()).into());
    }
    drawn(&state, &visit, &job, None).await
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    job: &Model,
    again: Option<(&Form, &Fault)>,
) -> Result<Response, Fault> {
    let told = state.jobs.told(&state.ledger, &visit.actor, job)?.unwrap_or_default();
    let around = Around::of(state, visit).await?;
    let body = html! {
        @if let Some((_, fault)) = again { (mistakes(visit, fault)) }
        (form(visit, job, &told, again.map(|(form, _)| form)))
    };
    let error = if again.is_some() { visit.say("错误：", "Error: ") } else { "" };
    let shown = Page {
        place: Some(Place::Imports),
        way: vec![
            ("/imports".to_owned(), visit.say("导入", "Imports").to_owned()),
            (format!("/imports/jobs/{}", job.id), job_name(visit, job)),
        ],
        below: told.source.as_ref().map(|source| source.file_name.clone()).unwrap_or_default(),
        ..Page::new(format!("{error}{}", visit.say("对应列", "Columns")), body)
    };
    Ok(page(visit, &around, shown))
}

const NAMES: [Label; 4] = [
    Label::new("Excel 列", "Column"),
    Label::new("样例值", "Values"),
    Label::new("对应字段", "Stands for"),
    Label::new("状态", "State"),
];

fn form(visit: &Visit, job: &Model, told: &Told, typed: Option<&Form>) -> Markup {
    let seen = &told.seen.columns;
    let known = seen.iter().filter(|column| column.chosen.field.is_some()).count();
    let title = visit.say("对应列", "Columns");
    let choices = choices(visit, job.kind);
    html! {
        form method="post" action={ "/imports/jobs/" (job.id) "/columns" } {
            (hidden(&visit.mark))
            section.card {
                h2.pad {
                    (visit.say("已认出 ", "Recognised ")) b { (known) } " / " (seen.len()) (visit.say(" 列", " columns"))
                }
                div.wrap tabindex="0" role="region" aria-label=(title) {
                    table.cards {
                        thead { tr { @for name in NAMES { th scope="col" { (visit.text(name)) } } } }
                        tbody { @for (n, column) in seen.iter().enumerate() { tr {
                            th scope="row" { (column.letters) " " b { (column.header) } }
                            td data-l=(visit.text(NAMES[1])) { (column.samples.join("；")) }
                            td data-l=(visit.text(NAMES[2])) { (select(visit, n, column, &choices, typed)) }
                            td data-l=(visit.text(NAMES[3])) { (state_of(visit, column)) }
                        } } }
                    }
                }
            }
            div.dock.mt {
                button.btn.go { (visit.say("按此对应再检查", "Check again with these")) }
                label.pick-one {
                    input type="checkbox" name="remember" value="yes" checked[typed.is_none_or(|form| form.has("remember"))];
                    (visit.say("记住，下次表头相同的表照此对应", "Remember for sheets of the same headers"))
                }
                a.btn href={ "/imports/jobs/" (job.id) } { (visit.say("返回", "Back")) }
            }
        }
    }
}

/// How sure it is what a column is.
fn state_of(visit: &Visit, column: &Seen) -> Markup {
    match (&column.chosen.field, column.is_known, &column.offered) {
        (Some(_), ..) => badge(Tone::Good, visit.say("已认出", "recognised")),
        (None, true, _) => badge(Tone::Idle, visit.say("不导入", "left out")),
        (None, false, Some(_)) => {
            badge(Tone::Warning, visit.say("按表头猜的，请核对", "a guess by its header: look"))
        }
        (None, false, None) => {
            badge(Tone::Warning, visit.say("没认出，请选择", "not recognised: choose"))
        }
    }
}

/// The fields that a column can stand for; one of amounts once for each unit.
fn choices(visit: &Visit, kind: Kind) -> Vec<(String, String)> {
    let mut choices = Vec::new();
    for column in columns(kind).into_iter().filter(|column| column.is_read) {
        let name = visit.text(column.label);
        let code = |unit| Chosen { field: Some(column.field.to_owned()), unit }.code();
        if !column.is_money() {
            choices.push((code(None), name.to_owned()));
            continue;
        }
        for unit in MoneyUnit::ALL {
            let words = format!("{name}（{}）", visit.text(unit.label()));
            choices.push((code(Some(unit)), words));
        }
    }
    choices
}

/// What the form calls a column.
fn name_of(n: usize) -> String {
    format!("column-{n}")
}

fn select(
    visit: &Visit,
    n: usize,
    column: &Seen,
    choices: &[(String, String)],
    typed: Option<&Form>,
) -> Markup {
    let name = name_of(n);
    let offered = || column.offered.as_ref().map_or_else(String::new, Chosen::code);
    let taken = match (&column.chosen.field, typed) {
        (_, Some(form)) => form.one(&name).to_owned(),
        (None, None) if !column.is_known => offered(),
        (_, None) => column.chosen.code(),
    };
    html! {
        select id={ "f-" (name) } name=(name) aria-label={ (column.letters) " " (column.header) } {
            option value="" { (visit.say("（不导入）", "(leave out)")) }
            @for (code, words) in choices { option value=(code) selected[*code == taken] { (words) } }
        }
    }
}

async fn send(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let job = state.jobs.job(&state.ledger, &visit.actor, JobId(id)).await?;
    let error = match check_again(&state, &visit, &job, &form).await {
        Ok(address) => return Ok(Redirect::to(&address).into_response()),
        Err(error) => error,
    };
    let fault = match replayed(error) {
        Ok(address) => return Ok(Redirect::to(&address).into_response()),
        Err(error) => Fault::from(error),
    };
    if !is_for_the_sender(&fault) {
        return Err(fault);
    }
    let shown = drawn(&state, &visit, &job, Some((&form, &fault))).await?;
    Ok((fault.status, shown).into_response())
}

/// Has the sheet checked once more, its columns as the form says. Answers where.
async fn check_again(
    state: &AppState,
    visit: &Visit,
    job: &Model,
    form: &Form,
) -> OurResult<String> {
    let seen = state.jobs.told(&state.ledger, &visit.actor, job)?.unwrap_or_default().seen;
    let answers = state.jobs.answers(job)?;
    let names: Vec<String> = (0..seen.columns.len()).map(name_of).collect();
    let codes = names.iter().map(|name| (name.clone(), form.one(name)));
    let chosen = answer::chosen(job.kind, codes).map_err(Error::Invalid)?;
    if form.has("remember") {
        let headers: Vec<String> =
            seen.columns.iter().map(|column| column.header.clone()).collect();
        let of = (job.kind, headers.as_slice());
        column_choice::keep(&state.ledger, &visit.actor, of, &chosen).await?;
    }
    let answers = Answers { columns: Columns::Chosen(chosen), ..answers };
    let next = (job.id, Next::Check(Box::new(answers)));
    let key = form.request_key();
    let taken = state.jobs.take_tried(&state.ledger, &visit.actor, next, &key, |job| Ok(told(job)));
    Ok(place(&taken.await?))
}
