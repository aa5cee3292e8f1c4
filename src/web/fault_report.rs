//! Reports of faults, for those who handle them: the newest first, one with what was said and what
//! can be done now.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::{
    asset,
    attachment::Subject,
    fault_report::{Entity, Kind, Model, State as Stage},
    id::{AssetId, FaultReportId},
};
use maud::{Markup, html};

use super::{
    fault_report_new::stage,
    fields::{Sheet, Typed},
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    parts::{
        Field, Tone, badge, choice, coded, done, fact, field, instant, mistakes, nothing, scrolled,
        titled,
    },
    party::{reveal_form, telephone},
    photo::pictures,
    proof::{Came, unless_mended},
    visit::{Visit, at},
};
use crate::{
    app::{self, place::Places},
    domain::{
        fault_report::{Told, handles},
        mistake::{Mistake, Mistakes},
        permission::Action,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
    store::{
        Read,
        list::{List, Listing},
        vault::Named,
    },
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/fault-reports", get(list))
        .route("/fault-reports/{id}", get(show))
        .route("/fault-reports/{id}/accept", post(accept))
        .route("/fault-reports/{id}/dismiss", post(dismiss))
        .route("/fault-reports/{id}/mend", post(mend))
        .route("/fault-reports/{id}/reveal", post(reveal))
}

/// The words of the address that the list goes by.
const WORDS: [&str; 4] = ["state", "kind", "area", "asset"];

fn asked(visit: &Visit) -> Result<List<Entity>> {
    let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let said = said.filter(|(word, value)| *word != "before" && !value.trim().is_empty());
    // the newest first, of one county; over several, by place
    let is_of_county = visit.area().level() >= entity::area::Level::County;
    let is_ordered = said.clone().any(|(word, _)| word == "sort");
    let order = (is_of_county && !is_ordered).then_some(("sort", "-reported_at"));
    let mut list = List::read(order.into_iter().chain(said))?;
    let before = visit.query.iter().find(|(word, place)| word == "before" && !place.is_empty());
    if let Some((_, place)) = before {
        list.go_back(place).map_err(|mistake| Mistakes(vec![mistake]))?;
    }
    Ok(list)
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let list = asked(&visit)?;
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let listing = read.list(&list).await?;
    let beside = Beside::of(&read, &visit, &listing.rows).await?;
    let is_narrowed =
        visit.query.iter().any(|(word, value)| WORDS.contains(&word.as_str()) && !value.is_empty());
    let body = html! {
        section.card aria-label=(visit.say("报修记录", "Reports")) {
            (filters(&visit))
            @if listing.rows.is_empty() { (none(&visit, is_narrowed)) }
            @else {
                (scrolled(visit.say("报修记录，可滚动", "Reports; scrolls"), &table(&visit, &listing.rows, &beside)))
                (ways(&visit, &listing))
            }
        }
    };
    let shown = Page {
        place: Some(Place::FaultReports),
        beside: html! { a.btn href="/q" { (visit.say("看牌子", "Look up a plate")) } },
        ..Page::new(visit.say("报修", "Fault reports"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn none(visit: &Visit, is_narrowed: bool) -> Markup {
    if is_narrowed {
        let way = ("/fault-reports", visit.say("看全部报修", "All reports"));
        return nothing(visit.say("没有符合条件的报修。", "No report is like that."), Some(way));
    }
    let words = visit.say(
        "还没有人报修。给资产挂上标牌，村民扫码就能报修。",
        "Nobody has reported anything. Put up plates: whoever scans one can report a fault.",
    );
    nothing(words, Some(("/assets", visit.say("资产台账", "Assets"))))
}

fn filters(visit: &Visit) -> Markup {
    let word = |name: &str| {
        let found = visit.query.iter().find(|(word, _)| word == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let all = Some(visit.say("全部", "all"));
    let labelled = |name: &'static str, label: &str, choices: &'static [_]| {
        let shape = Field { name, label, hint: "", mistake: None, is_required: false };
        field(&shape, &choice(name, all, coded(&visit.manner, choices), word(name)))
    };
    html! {
        form.filters action="/fault-reports" {
            (labelled("state", visit.say("状态", "State"), Stage::CHOICES))
            (labelled("kind", visit.say("事项", "What is wrong"), Kind::CHOICES))
            div.row {
                button.btn.go { (visit.say("查询", "Show")) }
                a.btn.link href="/fault-reports" { (visit.say("重置", "Reset")) }
            }
        }
    }
}

fn ways(visit: &Visit, listing: &Listing<Model>) -> Markup {
    let way = |word, place: &str| {
        let other = if word == "after" { "before" } else { "after" };
        visit.with(&[(other, ""), (word, place)])
    };
    html! {
        nav.row.pad.noprint aria-label=(visit.say("翻页", "Pages")) {
            @if let Some(place) = &listing.previous { a.btn href=(way("before", place)) { (visit.say("上一页", "Back")) } }
            @if let Some(place) = &listing.next { a.btn href=(way("after", place)) { (visit.say("下一页", "On")) } }
        }
    }
}

/// What is told beside reports: their assets, where these lie, what was said.
struct Beside {
    assets: HashMap<AssetId, asset::Model>,
    places: Places,
    told: HashMap<FaultReportId, Told>,
}

impl Beside {
    /// Three queries, however many rows there are.
    async fn of(read: &Read<'_>, visit: &Visit, rows: &[Model]) -> Result<Beside> {
        let ids: Vec<AssetId> = rows.iter().map(|row| row.asset_id).collect();
        let assets = read.some::<asset::Entity>(&ids).await?;
        let mut places = Places::new(visit.today);
        places.learn(read, assets.iter().map(|asset| asset.area_code)).await?;
        let assets = assets.into_iter().map(|asset| (asset.id, asset)).collect();
        Ok(Beside { assets, places, told: read.told_in(rows).await? })
    }
}

/// The first reports that nobody has taken up.
pub(super) async fn new_reports(state: &AppState, visit: &Visit, limit: u64) -> Result<Markup> {
    let mut list = List::<Entity>::read([("state", Stage::Received.code())])?;
    list.limit = limit;
    let read = state.ledger.read(&visit.actor);
    let rows = read.list(&list).await?.rows;
    let beside = Beside::of(&read, visit, &rows).await?;
    Ok(html! {
        ul.ppl { @for row in &rows { li {
            div {
                a.b href={ "/fault-reports/" (row.id) } { @if let Some(asset) = beside.assets.get(&row.asset_id) { (asset.name) } }
                " " span.mut.sm { (visit.text(row.kind.label())) }
            }
            div { @if let Some(told) = beside.told.get(&row.id) { (told.words) } }
            div.mut.sm { (instant(row.created_at)) }
        } } }
    })
}

fn table(visit: &Visit, rows: &[Model], beside: &Beside) -> Markup {
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("报修", "Report")) }
                th scope="col" { (visit.say("资产", "Asset")) }
                th scope="col" { (visit.say("事项", "What is wrong")) }
                th scope="col" { (visit.say("时间", "Time")) }
                th scope="col" { (visit.say("状态", "State")) }
            } }
            tbody { @for row in rows { tr {
                th scope="row" { a.b href={ "/fault-reports/" (row.id) } { (visit.say("第 ", "No. ")) (row.id) (visit.say(" 号", "")) } }
                td data-l=(visit.say("资产", "Asset")) { @if let Some(asset) = beside.assets.get(&row.asset_id) {
                    div { a href={ "/assets/" (asset.code) "/inspections" } { (asset.name) } small { (beside.places.path_below(asset.area_code, Some(visit.area()))) } }
                } }
                td data-l=(visit.say("事项", "What is wrong")) { div { (visit.text(row.kind.label()))
                    @if let Some(told) = beside.told.get(&row.id).filter(|told| !told.words.is_empty()) { small { (told.words) } }
                } }
                td data-l=(visit.say("时间", "Time")) { (instant(row.created_at)) }
                td data-l=(visit.say("状态", "State")) { (stage(visit, row.state)) }
            } } }
        }
    }
}

async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    // what is no number names no report
    let id = FaultReportId(id.parse().unwrap_or(0));
    Ok(drawn(&state, &visit, id, (&Typed::default(), None), None).await?)
}

/// What was done, by the word that the form led here with.
fn said(visit: &Visit) -> Option<&'static str> {
    let (_, what) = visit.query.iter().find(|(word, _)| word == "done")?;
    Some(match what.as_str() {
        "accept" => visit.say("已受理", "The report is accepted"),
        "dismiss" => {
            visit.say("已退回，报修人查得到理由", "Dismissed; whoever reported it reads why")
        }
        "mend" => visit.say("已办结，报修人查得到结果", "Mended; whoever reported it reads so"),
        _ => return None,
    })
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    id: FaultReportId,
    (typed, fault): (&Typed, Option<&Fault>),
    whole: Option<&Told>,
) -> Result<Response> {
    let read = state.ledger.read(&visit.actor);
    let row = read.get::<Entity>(id).await?;
    let asset = read.get::<asset::Entity>(row.asset_id).await?;
    let told = read.told_in(std::slice::from_ref(&row)).await?.remove(&row.id);
    let mut files = read.attachments_of(asset.id).await?;
    files.retain(|file| {
        (file.subject, file.subject_id) == (Subject::FaultReport, row.id.0) && !file.is_withdrawn
    });
    let mut places = Places::new(visit.today);
    places.learn(&read, [asset.area_code]).await?;
    let around = Around::of(state, visit).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if let Some(said) = said(visit) { (done(said)) }
        div.grid.g21 {
            div.grid {
                section.card { dl.desc {
                    (fact(visit.say("资产", "Asset"), &html! { a href={ "/assets/" (asset.code) } { (asset.name) } }))
                    (fact(visit.say("所在地", "Place"), &html! { (places.path(asset.area_code)) }))
                    (fact(visit.say("事项", "What is wrong"), &html! { (visit.text(row.kind.label())) }))
                    (fact(visit.say("状态", "State"), &stage(visit, row.state)))
                    (fact(visit.say("报修时间", "Reported at"), &html! { (instant(row.created_at)) }))
                    @if let Some(day) = row.settled_on { (fact(visit.say("办结日", "Settled on"), &html! { (day) })) }
                    @if let Some(answer) = &row.answer { (fact(visit.say("答复", "Answer"), &html! { (answer) })) }
                    (spoken(visit, told.as_ref(), whole))
                } }
                @if !files.is_empty() {
                    section.card {
                        header { h2 { (visit.say("现场照片", "Photos")) } }
                        (pictures(files.iter()))
                    }
                }
            }
            div.grid {
                (forms(visit, (&row, &asset.code), &sheet))
                @if row.vault_id.is_some() && whole.is_none() {
                    (reveal_form(visit, &format!("/fault-reports/{id}/reveal"), fault.filter(|fault| fault.code.starts_with("action.reason"))))
                }
            }
        }
    };
    let shown = Page {
        place: Some(Place::FaultReports),
        way: vec![("/fault-reports".to_owned(), visit.say("报修", "Fault reports").to_owned())],
        below: format!("{} · {}", asset.name, asset.code),
        ..Page::new(titled(visit, &format!("{} {id}", visit.say("报修", "Report")), fault), body)
    };
    Ok(page(visit, &around, shown))
}

/// What was said, as far as the reader sees it.
fn spoken(visit: &Visit, told: Option<&Told>, whole: Option<&Told>) -> Markup {
    let Some(shown) = whole.or(told) else {
        return fact(
            visit.say("说了什么", "What was said"),
            &html! { span.mut { (visit.say("没有写，也没留电话", "nothing, and no telephone")) } },
        );
    };
    let called = Named { phone: shown.phone.clone(), ..Named::default() };
    html! {
        (fact(visit.say("说了什么", "What was said"), &html! {
            @if !shown.words.is_empty() { (shown.words) }
            @else if whole.is_none() && !handles(visit.role()) { span.mut { (visit.say("办理人员可见", "for those who handle reports")) } }
            @else { span.mut { (visit.say("没有写", "nothing")) } }
        }))
        (fact(visit.say("回电话", "Call back"), &html! {
            @if shown.phone.is_empty() { span.mut { (visit.say("没留电话", "no telephone")) } } @else { (telephone(visit, &called)) }
            @if whole.is_some() { " " (badge(Tone::Warning, visit.say("已显示全文", "shown whole"))) " " span.mut.sm { (visit.say("只在本页，已记入留痕", "on this page alone, and noted in the log")) } }
        }))
    }
}

/// What can be done now, by whoever may.
fn forms(visit: &Visit, (row, code): (&Model, &str), sheet: &Sheet<'_>) -> Markup {
    let is_new = row.state == Stage::Received;
    let is_early = is_new || row.state == Stage::Accepted;
    let line = |name: &str| {
        html! { input id={ "f-" (name) } name=(name) value=(sheet.typed.text(name)) maxlength=(limits::REASON_LENGTH) autocomplete="off"; }
    };
    let form = |what: &str, title: &str, fields: &Markup, button: &str, is_go: bool| {
        html! {
            section.card {
                header { h2 { (title) } }
                form.pad.stacked method="post" action={ "/fault-reports/" (row.id) "/" (what) } novalidate {
                    (hidden(&visit.mark))
                    input type="hidden" name="version" value=(row.version);
                    (fields)
                    button.btn.go[is_go] { (button) }
                }
            }
        }
    };
    let why = visit.say(
        "理由（报修人看得到，留在变更记录里）*",
        "Why (whoever reported it reads it, and it stays in the history) *",
    );
    let what = visit
        .say("怎么修的（报修人看得到，可不填）", "What was done (whoever reported it reads it)");
    html! {
        @if is_new && visit.may(Action::AcceptFaultReport) {
            (form("accept", visit.say("受理", "Accept"), &html! { p.mut.sm { (visit.say("表示有人管了；随后安排维修。", "It says that somebody sees to it; then have it mended.")) } }, visit.say("受理", "Accept"), true))
        }
        @if is_early && visit.may(Action::OpenWorkOrder) {
            section.card { p.pad {
                a.btn href=(at(&format!("/assets/{code}/mend"), [("report", row.id.to_string().as_str())])) { (visit.say("开维修工单", "Open a work order")) }
            } }
        }
        @if row.state.is_open() && visit.may(Action::MendFaultReport) {
            (form("mend", visit.say("已修好", "Mended"), &sheet.around(("what", what, ""), &line("what")), visit.say("记为已修好", "Record it as mended"), !is_new))
        }
        @if is_early && visit.may(Action::DismissFaultReport) {
            (form("dismiss", visit.say("不属实或重复", "Unfounded or told before"), &sheet.around(("why", why, ""), &line("why")), visit.say("退回", "Dismiss it"), false))
        }
    }
}

/// On to where a form leads, or the page again with what was typed.
async fn led(
    state: &AppState,
    (visit, form): (&Visit, &Form),
    (id, what): (FaultReportId, &str),
    done: Result<Model>,
) -> Result<Response, Fault> {
    let Err(error) = done else { return Ok(Redirect::to(&place(id, what)).into_response()) };
    let fault = match unless_mended(visit, form, about_words(what, error)) {
        Came::Wrong(fault) => fault,
        Came::Answered(answer) => return answer,
    };
    let typed = Typed::sent(form);
    let shown = drawn(state, visit, id, (&typed, Some(&fault)), None).await?;
    Ok((fault.status, shown).into_response())
}

/// A no about what was said stands with its field.
fn about_words(what: &str, error: Error) -> Error {
    match error {
        Error::Refused(refusal) if refusal.code.starts_with("action.reason") => {
            let field = if what == "mend" { "what" } else { "why" };
            Mistakes(vec![Mistake::new(field, "", refusal.sentence)]).into()
        }
        other => other,
    }
}

/// The page of a report after something was done.
fn place(id: FaultReportId, what: &str) -> String {
    at(&format!("/fault-reports/{id}"), [("done", what)])
}

async fn accept(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let id = FaultReportId(id);
    let ledger = form.once(&state.ledger, move |_: &Model| place(id, "accept"));
    let named = (id, form.number("version").unwrap_or_default());
    let done = app::fault_report::accept(&ledger, &visit.actor, named).await;
    led(&state, (&visit, &form), (id, "accept"), done).await
}

async fn dismiss(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let id = FaultReportId(id);
    let ledger = form.once(&state.ledger, move |_: &Model| place(id, "dismiss"));
    let named = (id, form.number("version").unwrap_or_default());
    let done = app::fault_report::dismiss(&ledger, &visit.actor, named, form.one("why")).await;
    led(&state, (&visit, &form), (id, "dismiss"), done).await
}

async fn mend(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let id = FaultReportId(id);
    let ledger = form.once(&state.ledger, move |_: &Model| place(id, "mend"));
    let named = (id, form.number("version").unwrap_or_default());
    let done = app::fault_report::mend(&ledger, &visit.actor, named, form.one("what")).await;
    led(&state, (&visit, &form), (id, "mend"), done).await
}

/// Shows what was said whole on this answer alone; each time leaves its reason in the log.
async fn reveal(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let id = FaultReportId(id);
    let shown = app::fault_report::reveal(&state.ledger, &visit.actor, id, form.one("reason"));
    let error = match shown.await {
        Ok(told) => {
            return Ok(drawn(&state, &visit, id, (&Typed::default(), None), Some(&told)).await?);
        }
        Err(error) => error,
    };
    let fault = match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => fault,
        Came::Answered(answer) => return answer,
    };
    let shown = drawn(&state, &visit, id, (&Typed::default(), Some(&fault)), None).await?;
    Ok((fault.status, shown).into_response())
}
