//! Setting money of a fund aside, and amending a budget.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use chrono::Datelike;
use entity::{
    area::AreaCode,
    asset::{self, Subclass},
    budget::{Entity, Model},
    id::{BudgetId, UpkeepFundId},
    language::Sentence,
    money::Money,
    upkeep_fund,
};
use maud::{Markup, html};

use super::{
    act::about_reason,
    area_pick::PickedArea,
    budget::{of_version, target_text, told_row, told_yuan, way, word},
    fields::{Sheet, Typed, spelt},
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    parts::{Tone, choice, coded, mistakes, note, titled},
    proof::{Came, unless_mended},
    spending::amount_of,
    visit::{Visit, at},
};
use crate::{
    app::{self, budget::NewBudget, place::Places},
    domain::{
        field::{FieldValue, Reading},
        mistake::{Mistake, Mistakes},
        permission::Action,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/budgets/new", get(show_new).post(send_new))
        .route("/budgets/{id}/amend", get(show_amend).post(send_amend))
}

/// A page around a form, with what was wrong with it.
pub(super) async fn framed(
    state: &AppState,
    visit: &Visit,
    (title, fault): (&str, Option<&Fault>),
    body: Markup,
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let body = html! { @if let Some(fault) = fault { (mistakes(visit, fault)) } (body) };
    let shown = Page {
        place: Some(Place::Budgets),
        way: way(visit),
        ..Page::new(titled(visit, title, fault), body)
    };
    let status = fault.map_or(axum::http::StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

/// What is typed of an amount, with what it comes to in words.
fn amount_field(visit: &Visit, sheet: &Sheet<'_>, label: &str) -> Markup {
    let text = sheet.typed.text("amount");
    sheet.around(
        ("amount", label, visit.say("可写“12万”", "12万 is understood")),
        &html! {
            input #f-amount name="amount" inputmode="decimal" maxlength="30" value=(text);
            output.mut.sm { (spelt(visit, text)) }
        },
    )
}

pub(super) fn year_field(visit: &Visit, sheet: &Sheet<'_>) -> Markup {
    sheet.around(
        ("year", visit.say("年度 *", "Year *"), ""),
        &html! { input #f-year name="year" inputmode="numeric" maxlength="4" value=(sheet.typed.text("year")); },
    )
}

/// The funds of which something may still be set aside.
pub(super) async fn fund_field(
    state: &AppState,
    visit: &Visit,
    sheet: &Sheet<'_>,
) -> Result<Markup> {
    let read = state.ledger.read(&visit.actor);
    let funds = read.funds_offered().await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, funds.iter().map(|fund| fund.area_code)).await?;
    let told = |fund: &upkeep_fund::Model| {
        let place = places.path_below(fund.area_code, Some(visit.area()));
        let rest = visit.say("结余", "balance");
        let number = fund.document_no.as_deref().unwrap_or_default();
        let source = visit.text(fund.source.label());
        let words =
            format!("{} {place} {source} {number} {rest} {}", fund.year, fund.balance().grouped());
        (fund.id.to_string(), words)
    };
    let offered = funds.iter().map(told);
    let none = visit.say("请选择", "choose");
    let control = choice("fund", Some(none), offered, sheet.typed.text("fund"));
    let control = html! {
        (control)
        @if funds.is_empty() { p.mut.sm { (visit.say("还没有可用的资金，", "No fund has anything left: ")) a href="/funds/new" { (visit.say("先登记管护资金", "register one first")) } } }
    };
    Ok(sheet.around(("fund", visit.say("管护资金 *", "Fund *"), ""), &control))
}

/// The fund that a form names.
pub(super) fn fund_of(form: &Form, wrong: &mut Mistakes) -> UpkeepFundId {
    let id = form.number("fund");
    if id.is_none() {
        let expected = Sentence::new("请选择管护资金", "choose a fund");
        wrong.push(Mistake::new("fund", form.one("fund"), expected));
    }
    UpkeepFundId(id.unwrap_or_default())
}

/// The year that a form names.
pub(super) fn year_of(form: &Form, wrong: &mut Mistakes) -> i32 {
    let year = form.one("year").parse().ok();
    if year.is_none() {
        let expected = Sentence::new("年度应为四位数字", "a year of four digits");
        wrong.push(Mistake::new("year", form.one("year"), expected));
    }
    year.unwrap_or_default()
}

async fn show_new(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::SetBudget)?;
    let mut typed = Typed::default();
    for name in ["asset", "area", "subclass", "fund"] {
        typed.put(name, word(&visit, name));
    }
    let year = word(&visit, "year");
    let this = visit.today.year().to_string();
    typed.put("year", if year.is_empty() { &this } else { year });
    Ok(drawn_new(&state, &visit, (&typed, None)).await?)
}

async fn drawn_new(
    state: &AppState,
    visit: &Visit,
    (typed, fault): (&Typed, Option<&Fault>),
) -> Result<Response> {
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let picked = PickedArea::of(state, visit, typed.text("area")).await?;
    let fund = fund_field(state, visit, &sheet).await?;
    let body = html! {
        (note(Tone::Idle, &html! { (visit.say(
            "安排到一项资产，写资产编号；安排到村或乡镇，写区划，可以只管一类资产。同一对象每笔资金各一笔预算。",
            "For one asset give its code; for a village or a town its area, there for one kind alone if wanted. Each fund has one budget for the same.",
        )) }))
        form.card.pad.mt method="post" action="/budgets/new" novalidate {
            (hidden(&visit.mark))
            // what the enter key presses
            button.sr tabindex="-1" aria-hidden="true" { (visit.say("安排预算", "Set it aside")) }
            div.sheet {
                (fund)
                (year_field(visit, &sheet))
                (sheet.around(("asset", visit.say("资产编号（安排到一项资产时）", "Code of the asset (for one alone)"), ""), &html! {
                    input #f-asset name="asset" maxlength="64" value=(typed.text("asset")) autocomplete="off";
                }))
                (sheet.around(("area", visit.say("村或乡镇（安排到村镇时）", "Village or town (for a place)"), visit.say("名称、拼音首字母或代码", "name, initials or code")), &picked.draw(&sheet)))
                (sheet.around(("subclass", visit.say("只管一类资产", "For one kind alone"), ""), &choice("subclass", Some(visit.say("全部", "all")), coded(visit, Subclass::CHOICES), typed.text("subclass"))))
                (amount_field(visit, &sheet, visit.say("预算金额（元）*", "Amount (yuan) *")))
            }
            div.dock {
                button.btn.go { (visit.say("安排预算", "Set it aside")) kbd { "Ctrl+S" } }
                a.btn href="/budgets" { (visit.say("不办了", "Leave it")) }
            }
        }
    };
    framed(state, visit, (visit.say("安排管护预算", "Set money aside"), fault), body).await
}

/// What a form asks to be set aside.
async fn new_budget(state: &AppState, visit: &Visit, form: &Form) -> Result<NewBudget> {
    let mut wrong = Mistakes::default();
    let (fund, year) = (fund_of(form, &mut wrong), year_of(form, &mut wrong));
    let amount = amount_of(form, "amount", &mut wrong);
    let subclass = Some(form.one("subclass")).filter(|text| !text.is_empty());
    let subclass = Option::<Subclass>::read(subclass, Reading::default());
    let subclass =
        subclass.map_err(|why| wrong.push(Mistake::new("subclass", form.one("subclass"), why)));
    let code = form.one("asset");
    let asset: Option<asset::Model> = match code {
        "" => None,
        code => match state.ledger.read(&visit.actor).asset(code).await {
            Ok(row) => Some(row),
            Err(Error::NotFound(_)) => {
                let expected = Sentence::new(
                    "资产编号：没有这项资产，或不在管辖范围内",
                    "code of the asset: there is none of that code within your area",
                );
                wrong.push(Mistake::new("asset", code, expected));
                None
            }
            Err(error) => return Err(error),
        },
    };
    let mut area: Option<AreaCode> = None;
    if code.is_empty() {
        let picked = PickedArea::of(state, visit, form.one("area")).await?;
        area = picked.code().map_err(|mistake| wrong.push(mistake)).ok();
    }
    wrong.into_result()?;
    Ok(NewBudget {
        fund,
        year,
        area,
        asset: asset.map(|row| row.id),
        subclass: subclass.unwrap_or_default(),
        amount: amount.unwrap_or(Money::ZERO),
    })
}

/// The page of a budget, said to have had something done.
fn done_to(id: BudgetId, what: &str) -> String {
    at(&format!("/budgets/{id}"), [("done", what)])
}

async fn send_new(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::SetBudget)?;
    let done = async {
        let new = new_budget(&state, &visit, &form).await?;
        let ledger = form.once(&state.ledger, |row: &Model| done_to(row.id, "set"));
        app::budget::set(&ledger, &visit.actor, &new).await.map_err(area_named)
    };
    let error = match done.await {
        Ok(row) => return Ok(Redirect::to(&done_to(row.id, "set")).into_response()),
        Err(error) => error,
    };
    match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => {
            Ok(drawn_new(&state, &visit, (&Typed::sent(&form), Some(&fault))).await?)
        }
        Came::Answered(answer) => answer,
    }
}

/// A mistake of the area stands with its field of the form.
fn area_named(error: Error) -> Error {
    let Error::Invalid(mut mistakes) = error else { return error };
    for mistake in mistakes.0.iter_mut().filter(|mistake| mistake.field == "area_code") {
        mistake.field = "area".into();
    }
    Error::Invalid(mistakes)
}

async fn show_amend(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    visit.actor.require(Action::AmendBudget)?;
    let row = state.ledger.read(&visit.actor).get::<Entity>(BudgetId(id)).await?;
    let mut typed = Typed::default();
    typed.put("amount", row.set_aside.to_string());
    Ok(drawn_amend(&state, &visit, row, (&typed, None)).await?)
}

async fn drawn_amend(
    state: &AppState,
    visit: &Visit,
    budget: Model,
    (typed, fault): (&Typed, Option<&Fault>),
) -> Result<Response> {
    let read = state.ledger.read(&visit.actor);
    let row = told_row(&read, budget).await?;
    let budget = &row.budget;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let body = html! {
        (note(Tone::Idle, &html! {
            b { (target_text(visit, &row)) } (visit.say("：已支出 ", ": spent ")) (told_yuan(visit, budget.spent))
            (visit.say("，已预占 ", ", committed ")) (told_yuan(visit, budget.committed))
            (visit.say("；不能调到比这更少，也不能超过资金结余。", ". It cannot be less than that, nor more than the fund has."))
        }))
        form.card.pad.mt method="post" action={ "/budgets/" (budget.id) "/amend" } novalidate {
            (of_version(visit, budget.version))
            div.sheet {
                (amount_field(visit, &sheet, visit.say("预算调整为（元）*", "Set aside (yuan) *")))
                (sheet.around(("reason", visit.say("理由 *", "Reason *"), ""), &html! {
                    input #f-reason name="reason" maxlength=(limits::REASON_LENGTH) value=(typed.text("reason"));
                }))
            }
            div.dock {
                button.btn.go { (visit.say("调整预算", "Amend")) kbd { "Ctrl+S" } }
                a.btn href={ "/budgets/" (budget.id) } { (visit.say("不办了", "Leave it")) }
            }
        }
    };
    framed(state, visit, (visit.say("调整管护预算", "Amend the budget"), fault), body).await
}

async fn send_amend(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::AmendBudget)?;
    let row = state.ledger.read(&visit.actor).get::<Entity>(BudgetId(id)).await?;
    let done = async {
        let mut wrong = Mistakes::default();
        let amount = amount_of(&form, "amount", &mut wrong);
        wrong.into_result()?;
        let ledger = form.once(&state.ledger, |row: &Model| done_to(row.id, "amended"));
        let named = (row.id, form.number("version").unwrap_or_default());
        let (amount, reason) = (amount.unwrap_or(Money::ZERO), form.one("reason"));
        app::budget::amend(&ledger, &visit.actor, named, amount, reason).await
    };
    let error = match done.await {
        Ok(row) => return Ok(Redirect::to(&done_to(row.id, "amended")).into_response()),
        Err(error) => about_reason(error),
    };
    match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => {
            Ok(drawn_amend(&state, &visit, row, (&Typed::sent(&form), Some(&fault))).await?)
        }
        Came::Answered(answer) => answer,
    }
}
