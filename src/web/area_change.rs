//! Renaming and merging an area: a form, a page that says what would come of it, and then the change.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use chrono::NaiveDate;
use entity::{
    area::{AreaCode, Level, Model},
    language::{Label, Sentence},
    log::Action,
};
use maud::{Markup, html};

use super::{
    area::{path, way},
    fields::{Sheet, Typed},
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    offered::Areas,
    parts::{choice, fact, grouped, mistakes},
    proof::{Came, unless_mended},
    visit::{Visit, at},
};
use crate::{
    app::area::{self as areas, Contents},
    domain::mistake::{Mistake, Mistakes},
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/areas/{code}/rename", get(show_rename).post(rename))
        .route("/admin/areas/{code}/merge", get(show_merge).post(merge))
}

/// What is done to an area.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Rename,
    Merge,
}

impl Deed {
    const fn action(self) -> Action {
        match self {
            Deed::Rename => Action::RenameArea,
            Deed::Merge => Action::MergeArea,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Deed::Rename => "rename",
            Deed::Merge => "merge",
        }
    }
}

fn code(text: &str) -> Result<AreaCode> {
    text.parse().map_err(|_| Error::NotFound(Label::new("区划", "area")))
}

/// The area as it is now.
async fn present(state: &AppState, visit: &Visit, code: AreaCode) -> Result<Model> {
    let names = state.ledger.read(&visit.actor).area_history(code).await?;
    names.into_iter().last().ok_or(Error::Conflict)
}

async fn show_rename(
    State(state): State<AppState>,
    Path(of): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    show(&state, &visit, &of, Deed::Rename).await
}

async fn show_merge(
    State(state): State<AppState>,
    Path(of): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    show(&state, &visit, &of, Deed::Merge).await
}

async fn show(state: &AppState, visit: &Visit, of: &str, deed: Deed) -> Result<Response, Fault> {
    visit.actor.require(deed.action())?;
    let row = present(state, visit, code(of)?).await?;
    let mut typed = Typed::default();
    typed.put("on", visit.today.to_string());
    drawn(state, visit, (deed, &row), &typed, None).await
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    (deed, row): (Deed, &Model),
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let own = match deed {
        Deed::Rename => rename_field(visit, &sheet),
        Deed::Merge => merge_field(state, visit, &sheet, row).await?,
    };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        form.card.pad method="post" action={ (path(row.area_code)) "/" (deed.word()) } novalidate {
            (hidden(&visit.mark))
            input type="hidden" name="version" value=(row.version);
            div.sheet {
                (own)
                (sheet.around(("on", visit.say("从哪天起 *", "From which day on *"), ""), &html! {
                    input #f-on name="on" type="date" max=(visit.today) value=(typed.text("on"));
                }))
            }
            div.dock {
                button.btn.go { (visit.say("下一步：看会怎样", "Next: see what comes of it")) }
                a.btn href=(path(row.area_code)) { (visit.say("不改了", "Leave it")) }
            }
        }
    };
    let wrong = if fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    framed(state, visit, row, (format!("{wrong}{}", title(visit, deed)), body)).await
}

fn title(visit: &Visit, deed: Deed) -> &'static str {
    match deed {
        Deed::Rename => visit.say("区划更名", "Rename the area"),
        Deed::Merge => visit.say("并入另一区划", "Merge into another area"),
    }
}

async fn framed(
    state: &AppState,
    visit: &Visit,
    row: &Model,
    (title, body): (String, Markup),
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let read = state.ledger.read(&visit.actor);
    let mut way = way(visit, row.area_code, &read).await?;
    way.push((path(row.area_code), row.name.clone()));
    let shown = Page {
        place: Some(Place::Areas),
        way,
        below: format!("{} · {}", row.name, row.area_code),
        ..Page::new(title, body)
    };
    Ok(page(visit, &around, shown))
}

fn rename_field(visit: &Visit, sheet: &Sheet<'_>) -> Markup {
    let control = html! {
        input #f-name name="name" maxlength=(limits::NAME_LENGTH) value=(sheet.typed.text("name")) autocomplete="off"
            aria-required="true";
    };
    sheet.around(("name", visit.say("新名称 *", "New name *"), ""), &control)
}

async fn merge_field(
    state: &AppState,
    visit: &Visit,
    sheet: &Sheet<'_>,
    row: &Model,
) -> Result<Markup> {
    let is_in_county = row.level > Level::County;
    let within = is_in_county.then(|| row.area_code.county().area());
    // a smaller area of one's own holds all that is on offer
    let within = within.filter(|county| visit.area().covers(county));
    let offered = Areas::of(state, visit, within).await?;
    let others = offered.of_level(row.level).into_iter();
    let others = others.filter(|(code, _)| *code != row.area_code.as_str());
    let control =
        choice("into", Some(visit.say("请选择", "choose")), others, sheet.typed.text("into"));
    Ok(sheet.around(("into", visit.say("并入 *", "Into *"), ""), &control))
}

async fn rename(
    State(state): State<AppState>,
    Path(of): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::RenameArea)?;
    let row = present(&state, &visit, code(&of)?).await?;
    let done = renamed(&state, (&visit, &form), &row).await;
    answered(&state, (&visit, &form), (Deed::Rename, &row), done).await
}

async fn merge(
    State(state): State<AppState>,
    Path(of): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::MergeArea)?;
    let row = present(&state, &visit, code(&of)?).await?;
    let done = merged(&state, (&visit, &form), &row).await;
    answered(&state, (&visit, &form), (Deed::Merge, &row), done).await
}

/// What a form came to: the page to look at first, or where its sender goes.
enum Step {
    Look(Markup),
    Done(String),
}

async fn answered(
    state: &AppState,
    (visit, form): (&Visit, &Form),
    (deed, row): (Deed, &Model),
    step: Result<Step>,
) -> Result<Response, Fault> {
    let error = match step {
        Ok(Step::Done(place)) => return Ok(Redirect::to(&place).into_response()),
        Ok(Step::Look(body)) => {
            let title = format!("{}：{}", title(visit, deed), visit.say("请核对", "look first"));
            return framed(state, visit, row, (title, body)).await;
        }
        Err(error) => error,
    };
    let fault = match unless_mended(visit, form, error) {
        Came::Wrong(fault) => fault,
        Came::Answered(answer) => return answer,
    };
    let shown = drawn(state, visit, (deed, row), &Typed::sent(form), Some(&fault)).await?;
    Ok((fault.status, shown).into_response())
}

fn day(form: &Form, mistakes: &mut Mistakes) -> NaiveDate {
    form.one("on").parse().unwrap_or_else(|_| {
        let expected = Sentence::new("请填写日期", "a day is needed");
        mistakes.push(Mistake::new("on", form.one("on"), expected));
        NaiveDate::MIN
    })
}

/// Whether whoever sent the form has seen what comes of it.
fn is_sure(form: &Form) -> bool {
    form.one("sure") == "yes"
}

async fn renamed(state: &AppState, (visit, form): (&Visit, &Form), row: &Model) -> Result<Step> {
    let mut mistakes = Mistakes::default();
    let on = day(form, &mut mistakes);
    mistakes.into_result()?;
    let (code, name) = (row.area_code, form.one("name"));
    if !is_sure(form) {
        let (before, after) =
            areas::look_at_renaming(&state.ledger, &visit.actor, code, name, on).await?;
        let told = html! {
            (fact(visit.say("现名", "Name so far"), &html! { (before.name) }))
            (fact(visit.say("新名", "New name"), &html! { b { (after.name) } }))
            (fact(visit.say("从哪天起", "From"), &html! { (on) }))
            (fact(visit.say("会怎样", "What comes of it"), &html! { (visit.say(
                "代码、资产、账号都不动；此前的报表和历史仍用旧名。",
                "Code, assets and accounts stay; reports and history of before keep the former name.",
            )) }))
        };
        let carried = [("name", name.to_owned()), ("on", on.to_string())];
        return Ok(Step::Look(check(visit, (Deed::Rename, row), form, &told, &carried)));
    }
    let place = at(&path(code), [("done", "renamed")]);
    let led = place.clone();
    let ledger = form.once(&state.ledger, move |_: &Model| led.clone());
    let named = (code, form.number("version").unwrap_or_default());
    areas::rename(&ledger, &visit.actor, named, name, on).await?;
    Ok(Step::Done(place))
}

async fn merged(state: &AppState, (visit, form): (&Visit, &Form), row: &Model) -> Result<Step> {
    let mut mistakes = Mistakes::default();
    let on = day(form, &mut mistakes);
    let into: Option<AreaCode> = form.one("into").parse().ok();
    if into.is_none() {
        let expected = Sentence::new("请选择并入哪个区划", "choose the area that takes it over");
        mistakes.push(Mistake::new("into", form.one("into"), expected));
    }
    mistakes.into_result()?;
    let (code, into) = (row.area_code, into.ok_or(Error::Conflict)?);
    if !is_sure(form) {
        let (before, after, contents) =
            areas::look_at_merger(&state.ledger, &visit.actor, code, into, on).await?;
        let told = html! {
            (fact(visit.say("并入", "Into"), &html! { b { (after.name) } " " span.mut { (after.area_code) } }))
            (fact(visit.say("从哪天起", "From"), &html! { (on) }))
            (moves(visit, &contents))
            (fact(visit.say("会怎样", "What comes of it"), &html! {
                (before.name) (visit.say(" 随之撤销，历史保留；上面这些逐条转入并留痕。不能撤回。", " is closed and its history stays; all of the above moves, each with its trail. It cannot be taken back."))
            }))
        };
        let carried = [("into", into.to_string()), ("on", on.to_string())];
        return Ok(Step::Look(check(visit, (Deed::Merge, row), form, &told, &carried)));
    }
    let place = at(&path(into), [("done", "merged")]);
    let led = place.clone();
    let ledger = form.once(&state.ledger, move |_: &Model| led.clone());
    let named = (code, form.number("version").unwrap_or_default());
    areas::merge(&ledger, &visit.actor, named, into, on).await?;
    Ok(Step::Done(place))
}

/// How much moves.
fn moves(visit: &Visit, contents: &Contents) -> Markup {
    let Contents { areas: _, assets, duties, organizations, people, projects, accounts } =
        *contents;
    let told = [
        (Label::new("资产", "Assets"), assets),
        (Label::new("管护责任", "Duties"), duties),
        (Label::new("单位", "Organizations"), organizations),
        (Label::new("人员", "People"), people),
        (Label::new("项目", "Projects"), projects),
        (Label::new("账号", "Accounts"), accounts),
    ];
    html! {
        @for (label, n) in told {
            (fact(visit.text(label), &html! { (grouped(i64::try_from(n).unwrap_or(i64::MAX))) (visit.say(" 转入", " move")) }))
        }
    }
}

/// The page that says what would come of a form, and carries it.
fn check(
    visit: &Visit,
    (deed, row): (Deed, &Model),
    form: &Form,
    told: &Markup,
    carried: &[(&str, String)],
) -> Markup {
    let verb = match deed {
        Deed::Rename => visit.say("确认更名", "Rename it"),
        Deed::Merge => visit.say("确认合并", "Merge it"),
    };
    html! {
        section.card { dl.desc { (told) } }
        form.dock.mt method="post" action={ (path(row.area_code)) "/" (deed.word()) } {
            (hidden(&visit.mark))
            input type="hidden" name="version" value=(form.one("version"));
            input type="hidden" name="sure" value="yes";
            @for (name, value) in carried { input type="hidden" name=(name) value=(value); }
            button.btn.go { (verb) }
            a.btn href={ (path(row.area_code)) "/" (deed.word()) } { (visit.say("返回修改", "Back")) }
        }
    }
}
