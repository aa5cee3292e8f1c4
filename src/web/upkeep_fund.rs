//! Funds for upkeep: what was received, what of it is set aside, what is left of each; registering one
//! and correcting it.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use chrono::Datelike;
use entity::{
    id::UpkeepFundId,
    upkeep_fund::{Entity, Model, Source},
};
use maud::{Markup, html};

use super::{
    act::about_reason,
    area_pick::PickedArea,
    budget::{of_version, told_yuan, ways_of, word, yuan},
    fields::{self, Sheet, Typed},
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    parts::{Field, bar, choice, coded, done, fact, field, mistakes, nothing, scrolled, titled},
    print,
    proof::{Came, unless_mended},
    visit::{Visit, at},
};
use crate::{
    app::{self, budget::sheet, place::Places},
    domain::{
        field::{Change, field as field_of},
        mistake::{Mistake, Mistakes},
        permission::Action,
        upkeep_fund::{FIELDS, blank},
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
    store::list::List,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/funds", get(list))
        .route("/funds/new", get(show_new).post(send_new))
        .route("/funds/{id}", get(one))
        .route("/funds/{id}/edit", get(show_edit).post(send_edit))
}

/// The fields of the form, in their order.
const TYPED: [&str; 4] = ["source", "received", "document_no", "note"];

fn asked(visit: &Visit) -> Result<List<Entity>> {
    let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let said = said.filter(|(word, value)| *word != "before" && !value.trim().is_empty());
    let mut list = List::read(said)?;
    if !word(visit, "before").is_empty() {
        list.go_back(word(visit, "before")).map_err(|mistake| Mistakes(vec![mistake]))?;
    }
    Ok(list)
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let list = asked(&visit)?;
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let listing = read.list(&list).await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, listing.rows.iter().map(|row| row.area_code)).await?;
    let place = |row: &Model| places.path_below(row.area_code, Some(visit.area()));
    let may = visit.may(Action::RegisterFund);
    let body = html! {
        (print::above(&visit, visit.say("管护资金台账", "Funds for upkeep"), &around.area, visit.say("金额单位：元", "Amounts in yuan")))
        section.card aria-label=(visit.say("管护资金", "Funds")) {
            (filters(&visit))
            @if listing.rows.is_empty() {
                (nothing(visit.say("没有这样的管护资金。", "There is no such fund."), may.then(|| ("/funds/new", visit.say("登记管护资金", "Register a fund")))))
            } @else {
                (scrolled(visit.say("管护资金，可滚动", "Funds; scrolls"), &table(&visit, &listing.rows, place)))
                (ways_of(&visit, &listing))
            }
        }
        (print::below(&visit))
    };
    let shown = Page {
        place: Some(Place::Budgets),
        way: super::budget::way(&visit),
        beside: html! {
            @if may { a.btn.go href="/funds/new" { (icon(Icon::Add)) (visit.say("登记资金", "Register a fund")) } }
            (print::button(&visit))
        },
        ..Page::new(visit.say("管护资金", "Funds for upkeep"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn filters(visit: &Visit) -> Markup {
    let labelled = |name: &'static str, label: &str, control: &Markup| {
        field(&Field { name, label, hint: "", mistake: None, is_required: false }, control)
    };
    html! {
        form.filters action="/funds" {
            (labelled("year", visit.say("年度", "Year"), &html! {
                input #f-year name="year" maxlength="9" placeholder="2024-2026" value=(word(visit, "year"));
            }))
            (labelled("source", visit.say("资金来源", "Source"), &choice(
                "source",
                Some(visit.say("全部", "all")),
                coded(&visit.manner, Source::CHOICES),
                word(visit, "source"),
            )))
            div.row {
                button.btn.go { (visit.say("查询", "Show")) }
                a.btn.link href="/funds" { (visit.say("重置", "Reset")) }
            }
        }
    }
}

fn table(visit: &Visit, rows: &[Model], place: impl Fn(&Model) -> String) -> Markup {
    let heads = [
        visit.say("年度", "Year"),
        visit.say("到账", "Received"),
        visit.say("已安排", "Set aside"),
        visit.say("结余", "Balance"),
    ];
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("来源 / 持有单位 · 文号", "Source / held by · document")) }
                th scope="col" { (heads[0]) }
                @for head in &heads[1..] { th.num scope="col" { (head) } }
            } }
            tbody { @for row in rows { tr {
                th scope="row" {
                    a.b href={ "/funds/" (row.id) } { (visit.text(row.source.label())) }
                    small { (place(row)) @if let Some(number) = &row.document_no { span.s {} (number) } }
                }
                td data-l=(heads[0]) { (row.year) }
                td.num data-l=(heads[1]) { (yuan(row.received)) }
                td.num data-l=(heads[2]) { div { (yuan(row.set_aside)) (bar(row.set_aside.fen(), row.received.fen(), false)) } }
                td.num data-l=(heads[3]) { (yuan(row.balance())) }
            } } }
        }
    }
}

fn way(visit: &Visit) -> Vec<(String, String)> {
    vec![
        ("/budgets".to_owned(), visit.say("管护预算", "Budgets").to_owned()),
        ("/funds".to_owned(), visit.say("管护资金", "Funds").to_owned()),
    ]
}

async fn one(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&visit.actor);
    let row = read.get::<Entity>(UpkeepFundId(id.parse().unwrap_or(0))).await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, [row.area_code]).await?;
    let held = places.path_below(row.area_code, Some(visit.area()));
    let budgets = read.budgets_of_fund(row.id, limits::PAGE_ROWS + 1).await?;
    let is_cut = budgets.len() as u64 > limits::PAGE_ROWS;
    let rows = sheet::rows(&read, budgets).await?;
    let around = Around::of(&state, &visit).await?;
    let id = row.id.to_string();
    let whole = at("/budgets", [("fund", id.as_str()), ("year", "2000-2999")]);
    let body = html! {
        @if !word(&visit, "done").is_empty() { (done(visit.say("已保存，并记入变更记录", "Saved, and kept in the history"))) }
        section.card {
            dl.desc {
                (fact(visit.say("资金来源", "Source"), &html! { (visit.text(row.source.label())) }))
                (fact(visit.say("持有单位", "Held by"), &html! { (held) }))
                (fact(visit.say("年度", "Year"), &html! { (row.year) }))
                (fact(visit.say("资金文号", "Document"), &html! { (row.document_no.as_deref().unwrap_or("—")) }))
                (fact(visit.say("到账金额", "Received"), &told_yuan(&visit, row.received)))
                (fact(visit.say("已安排", "Set aside"), &html! { (told_yuan(&visit, row.set_aside)) (bar(row.set_aside.fen(), row.received.fen(), false)) }))
                (fact(visit.say("结余", "Balance"), &told_yuan(&visit, row.balance())))
                @if let Some(note) = &row.note { (fact(visit.say("说明", "Note"), &html! { (note) })) }
            }
        }
        section.card.mt {
            header { h2 { (visit.say("用这笔资金安排的预算", "Budgets of this fund")) } @if is_cut { a href=(whole) { (visit.say("全部", "All")) } } }
            @if rows.is_empty() { p.pad.mut { (visit.say("还没有安排。", "Nothing is set aside yet.")) } }
            @else { (scrolled(visit.say("预算，可滚动", "Budgets; scrolls"), &budgets_table(&visit, &rows))) }
        }
    };
    let shown = Page {
        place: Some(Place::Budgets),
        way: way(&visit),
        below: held,
        beside: html! {
            @if visit.may(Action::SetBudget) { a.btn.go href=(at("/budgets/new", [("fund", id.as_str()), ("year", row.year.to_string().as_str())])) { (visit.say("从中安排预算", "Set money aside")) } }
            @if visit.may(Action::AmendFund) { a.btn href={ "/funds/" (row.id) "/edit" } { (visit.say("变更", "Amend")) } }
        },
        ..Page::new(format!("{} {}", row.year, visit.text(row.source.label())), body)
    };
    Ok(page(&visit, &around, shown))
}

fn budgets_table(visit: &Visit, rows: &[sheet::Row]) -> Markup {
    let heads = [
        visit.say("年度", "Year"),
        visit.say("预算", "Set aside"),
        visit.say("已支出", "Spent"),
        visit.say("余额", "Left"),
    ];
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("用于", "For")) }
                th scope="col" { (heads[0]) }
                @for head in &heads[1..] { th.num scope="col" { (head) } }
            } }
            tbody { @for row in rows { tr {
                th scope="row" { a.b href={ "/budgets/" (row.budget.id) } { (super::budget::target_text(visit, row)) } }
                td data-l=(heads[0]) { (row.budget.year) }
                td.num data-l=(heads[1]) { (yuan(row.budget.set_aside)) }
                td.num data-l=(heads[2]) { (yuan(row.budget.spent)) }
                td.num data-l=(heads[3]) { (yuan(row.budget.remaining)) }
            } } }
        }
    }
}

async fn show_new(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::RegisterFund)?;
    let mut typed = Typed::default();
    typed.put("year", visit.today.year().to_string());
    typed.put("source", Source::County.code());
    Ok(drawn(&state, &visit, None, (&typed, None)).await?)
}

/// The form of a new fund, or of one that is amended.
async fn drawn(
    state: &AppState,
    visit: &Visit,
    row: Option<&Model>,
    (typed, fault): (&Typed, Option<&Fault>),
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let picked = PickedArea::of(state, visit, typed.text("area")).await?;
    let (address, back, title) = match row {
        None => (
            "/funds/new".to_owned(),
            "/funds".to_owned(),
            visit.say("登记管护资金", "Register a fund"),
        ),
        Some(row) => (
            format!("/funds/{}/edit", row.id),
            format!("/funds/{}", row.id),
            visit.say("变更管护资金", "Amend the fund"),
        ),
    };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        form.card.pad method="post" action=(address) novalidate {
            @match row { Some(row) => { (of_version(visit, row.version)) } None => { (hidden(&visit.mark)) } }
            // what the enter key presses
            button.sr tabindex="-1" aria-hidden="true" { (visit.say("保存", "Save")) }
            div.sheet {
                @if row.is_none() {
                    (sheet.around(("area", visit.say("持有单位所在区划 *", "Held by the area *"), visit.say("县、乡镇或村：名称、拼音首字母或代码", "a county, a town or a village: name, initials or code")), &picked.draw(&sheet)))
                    (sheet.around(("year", visit.say("年度 *", "Year *"), ""), &html! { input #f-year name="year" inputmode="numeric" maxlength="4" value=(typed.text("year")); }))
                }
                @for name in TYPED { @if let Some(field) = field_of(FIELDS, name) { (sheet.draw(field, field.required)) } }
                @if row.is_some() {
                    (sheet.around(("reason", visit.say("理由 *", "Reason *"), ""), &html! {
                        input #f-reason name="reason" maxlength=(limits::REASON_LENGTH) value=(typed.text("reason"));
                    }))
                }
            }
            div.dock {
                button.btn.go { (visit.say("保存", "Save")) kbd { "Ctrl+S" } }
                a.btn href=(back) { (visit.say("不办了", "Leave it")) }
            }
        }
    };
    let shown = Page {
        place: Some(Place::Budgets),
        way: way(visit),
        ..Page::new(titled(visit, title, fault), body)
    };
    let status = fault.map_or(axum::http::StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

/// The page of a fund, said to have had something done.
fn done_to(id: UpkeepFundId) -> String {
    at(&format!("/funds/{id}"), [("done", "saved")])
}

async fn send_new(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::RegisterFund)?;
    let error = match registered(&state, &visit, &form).await {
        Ok(row) => return Ok(Redirect::to(&done_to(row.id)).into_response()),
        Err(error) => error,
    };
    match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => {
            Ok(drawn(&state, &visit, None, (&Typed::sent(&form), Some(&fault))).await?)
        }
        Came::Answered(answer) => answer,
    }
}

async fn registered(state: &AppState, visit: &Visit, form: &Form) -> Result<Model> {
    let picked = PickedArea::of(state, visit, form.one("area")).await?.code();
    let year = form.one("year").parse::<i32>();
    let mut row = blank(*picked.as_ref().unwrap_or(&visit.area()), year.clone().unwrap_or(0));
    let mut wrong = fields::set(FIELDS, &mut row, form, |field| field.change == Change::Amend);
    if year.is_err() {
        let expected = entity::language::Sentence::new("年度应为四位数字", "a year of four digits");
        wrong.push(Mistake::new("year", form.one("year"), expected));
    }
    if let Err(mistake) = picked {
        wrong.push(mistake);
    }
    wrong.into_result()?;
    let ledger = form.once(&state.ledger, |row: &Model| done_to(row.id));
    app::upkeep_fund::register(&ledger, &visit.actor, row).await
}

async fn show_edit(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    visit.actor.require(Action::AmendFund)?;
    let row = state.ledger.read(&visit.actor).get::<Entity>(UpkeepFundId(id)).await?;
    let typed = Typed::recorded(FIELDS, &row);
    Ok(drawn(&state, &visit, Some(&row), (&typed, None)).await?)
}

async fn send_edit(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::AmendFund)?;
    let row = state.ledger.read(&visit.actor).get::<Entity>(UpkeepFundId(id)).await?;
    let change = |mut row: Model| -> Result<Model> {
        fields::set(FIELDS, &mut row, &form, |field| field.change == Change::Amend)
            .into_result()?;
        Ok(row)
    };
    let ledger = form.once(&state.ledger, |row: &Model| done_to(row.id));
    let named = (row.id, form.number("version").unwrap_or_default());
    let reason = form.one("reason");
    let done = app::upkeep_fund::amend(&ledger, &visit.actor, named, reason, change).await;
    let error = match done {
        Ok(row) => return Ok(Redirect::to(&done_to(row.id)).into_response()),
        Err(error) => about_reason(error),
    };
    match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => {
            Ok(drawn(&state, &visit, Some(&row), (&Typed::sent(&form), Some(&fault))).await?)
        }
        Came::Answered(answer) => answer,
    }
}
