//! Bringing a sheet: it is checked first, and nothing is kept before somebody has seen the result.

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRequestParts, Request, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::{import::Kind, job, language::Sentence};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    form::{hidden, led, replayed, require_mark},
    frame::{Around, Page, Place, page},
    import_job::{WORKBOOK, file},
    parts::{Field, choice, coded, field, mistakes},
    visit::Visit,
};
use crate::{
    app::{
        import::{
            self, Request as Asked,
            answer::{Alike, AllAlike, Answers, Columns},
        },
        job::NewJob,
    },
    domain::mistake::{Mistake, Mistakes},
    error::{Error, Result as OurResult},
    http::{
        AppState,
        fault::Fault,
        sheet_form::{self, Received, Texts},
    },
    store::Answer,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/imports/new", get(show).post(send))
        .route("/imports/template", get(template))
}

/// What every form carries, and a sheet of another program does not.
const OWN: &[&str] = &["mark", "key"];

/// Refuses whoever may bring no sheet of any kind.
fn may_bring(visit: &Visit) -> OurResult<()> {
    let may = |kind: &Kind| visit.actor.require(import::action(*kind));
    Kind::ALL.iter().map(may).find(Result::is_ok).unwrap_or_else(|| may(&Kind::Assets))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    may_bring(&visit)?;
    let said = visit.query.iter().filter(|(word, _)| word == "kind");
    let texts: Texts = said.map(|(_, code)| ("kind", code.clone())).collect();
    drawn(&state, &visit, &texts, None).await
}

/// A sheet to be filled in.
async fn template(visit: Visit) -> Result<Response, Fault> {
    may_bring(&visit)?;
    let said = visit.query.iter().find(|(word, _)| word == "kind");
    let code = said.map_or("", |(_, code)| code);
    let kind: Kind = code.parse().map_err(|()| {
        let codes: Vec<&str> = Kind::CHOICES.iter().map(|(code, _)| *code).collect();
        let codes = codes.join(", ");
        let expected = Sentence::new(format!("应为：{codes}"), format!("one of: {codes}"));
        Error::Invalid(Mistakes(vec![Mistake::new("kind", code, expected)]))
    })?;
    let book = import::template::workbook(kind, visit.language)?;
    Ok(file(book, WORKBOOK, &format!("{}.xlsx", kind.code())))
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    texts: &Texts,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        (form(visit, texts, fault))
    };
    let title = visit.say("导入表格", "Import a sheet");
    let error = if fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    let shown = Page {
        place: Some(Place::Imports),
        way: vec![("/imports".to_owned(), visit.say("导入", "Imports").to_owned())],
        ..Page::new(format!("{error}{title}"), body)
    };
    Ok(page(visit, &around, shown))
}

/// What is wrong with a field, in the reader's language.
fn mistake_of<'a>(visit: &Visit, fault: Option<&'a Fault>, name: &str) -> Option<&'a str> {
    let mistakes = &fault?.mistakes.0;
    let found = mistakes.iter().find(|mistake| mistake.field == name);
    found.map(|mistake| visit.tell(&mistake.expected))
}

fn form(visit: &Visit, texts: &Texts, fault: Option<&Fault>) -> Markup {
    let typed = |name: &str| texts.get(name).map_or("", String::as_str);
    let around = |name: &str, label: &str, hint: &str, is_required: bool, control: &Markup| {
        let mistake = mistake_of(visit, fault, name);
        field(&Field { name, label, hint, mistake, is_required }, control)
    };
    let kind = if typed("kind").is_empty() { Kind::Assets.code() } else { typed("kind") };
    let may = |code: &str| code.parse().is_ok_and(|kind| visit.may(import::action(kind)));
    let kinds: Vec<_> = coded(visit, Kind::CHOICES).filter(|(code, _)| may(code)).collect();
    let templates = kinds.clone();
    html! {
        form.card.pad.stacked method="post" action="/imports/new" enctype="multipart/form-data" {
            (hidden(&visit.mark))
            input type="hidden" name="dry_run" value="true";
            p { (visit.say(
                "先试导：逐行检查，不改台账。看过结果再决定是否导入。",
                "First it is checked row by row and the ledger stays as it is. Having seen the result you decide.",
            )) }
            (around("kind", visit.say("表格内容", "The rows are"), "", true,
                &choice("kind", None, kinds, kind)))
            p.sm { (visit.say("空白模板：", "Blank sheets: "))
                @for (n, (code, words)) in templates.iter().enumerate() {
                    @if n > 0 { " · " }
                    a download href={ "/imports/template?kind=" (code) } { (words) }
                }
            }
            (around("file", visit.say("文件", "File"),
                visit.say("CSV、XLSX 或 XLS，不超过 50 MB", "CSV, XLSX or XLS of at most 50 MB"), true, &html! {
                input #f-file name="file" type="file" accept=".csv,.xlsx,.xls,.txt" required;
            }))
            (around("sheet", visit.say("工作表", "Sheet"),
                visit.say("不填取第一个有内容的", "the first with anything in it when nothing is said"), false, &html! {
                input #f-sheet name="sheet" maxlength="64" value=(typed("sheet"));
            }))
            (around("header_row", visit.say("表头在第几行", "Row of the headers"),
                visit.say("不填自动查找", "looked for when nothing is said"), false, &html! {
                input #f-header_row name="header_row" inputmode="numeric" maxlength="6" value=(typed("header_row"));
            }))
            (around("map", visit.say("对照文件", "Map file"),
                visit.say("可不选。列名与台账不同时，上传后在页面上选对应列即可；这里的对照文件（TOML）还能说明词语的含义", "Optional. Headers that differ are matched on a page after the upload; a map file (TOML) can also say what words mean"), false, &html! {
                input #f-map name="map" type="file" accept=".toml";
            }))
            div.dock {
                button.btn.go { (visit.say("上传并试导", "Upload and check")) }
                a.btn href="/imports" { (visit.say("返回", "Back")) }
            }
        }
    }
}

/// Where the sender of a sheet goes.
pub(super) fn place(job: &job::Model) -> String {
    format!("/imports/jobs/{}", job.id)
}

/// What the sender of a sheet is told, now and when the form comes again.
pub(super) fn told(job: &job::Model) -> Answer {
    led(place(job))
}

async fn send(State(state): State<AppState>, request: Request) -> Result<Response, Response> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &state).await?;
    let request = Request::from_parts(parts, body);
    taken(&state, &visit, request).await.map_err(IntoResponse::into_response)
}

async fn taken(state: &AppState, visit: &Visit, request: Request) -> Result<Response, Fault> {
    let room = state.jobs.place(&visit.actor)?;
    // the mark comes before the file: what another page made is refused unread
    let admit = |texts: &Texts| {
        let said = |name: &str| texts.get(name).map_or("", String::as_str);
        require_mark(said("mark"), &visit.mark)?;
        Ok(said("key").to_owned())
    };
    let received: Received = sheet_form::receive(request, OWN, admit).await?;
    let texts = received.texts.clone();
    let asked = received.asked(state.settings.reader.clone());
    let job = match asked {
        Ok((key, upload, request)) => {
            let actor = visit.actor.clone();
            // every row is tried, whatever is wrong with others
            let alike = AllAlike { others: Alike::Ask, ..AllAlike::default() };
            // a map file says what the columns are
            let has_map = texts.get("map").is_some_and(|map| !map.is_empty());
            let columns = if has_map { Columns::Named } else { Columns::Remembered };
            let answers = Answers { columns, alike, ..request.answers };
            let request = Asked { accept_valid: true, answers, ..request };
            let (upload, total) = (Arc::new(upload), None);
            let new = NewJob { actor, request, upload, place: room, total };
            state.jobs.take(&state.ledger, new, &key, |job| Ok(told(job))).await
        }
        Err(error) => Err(error),
    };
    let error = match job {
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
    let shown = drawn(state, visit, &texts, Some(&fault)).await?;
    Ok((fault.status, shown).into_response())
}
