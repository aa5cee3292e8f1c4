//! Asking to overspend a budget and deciding on it: both on the page of the budget.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use entity::{
    budget,
    id::{BudgetId, OverspendId},
    money::Money,
    overspend::{Entity, Model, State as Progress},
};
use maud::{Markup, html};

use super::{
    budget::{of_version, told_yuan},
    budget_card::shown,
    fields::{Sheet, Typed},
    form::{Form, Sent, hidden},
    parts::{Tone, badge},
    proof::{Came, unless_mended},
    spending::amount_of,
    visit::{Visit, at},
};
use crate::{
    app,
    domain::{mistake::Mistakes, overspend::Verdict, permission::Action},
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/budgets/{id}/overspend", post(ask))
        .route("/overspends/{id}/decide", post(decide))
}

type Tried<'a> = Option<(&'a Typed, &'a Fault)>;

fn sheet<'a>(visit: &'a Visit, tried: Tried<'a>, none: &'a Typed) -> Sheet<'a> {
    let typed = tried.map_or(none, |(typed, _)| typed);
    let fault = tried.map(|(_, fault)| fault);
    Sheet { manner: &visit.manner, typed, fault, meanwhile: None }
}

/// The form that asks for more than is left.
pub(super) fn ask_form(visit: &Visit, budget: &budget::Model, tried: Tried<'_>) -> Markup {
    let none = Typed::default();
    let sheet = sheet(visit, tried.filter(|(typed, _)| typed.has("over")), &none);
    html! {
        form.pad.stacked.noprint method="post" action={ "/budgets/" (budget.id) "/overspend" } novalidate {
            (hidden(&visit.mark))
            p.mut.sm { (visit.say("余额不够又不能等的，先申请，由别人审批；批准多少就只能多用多少。", "Where more is needed than is left: ask, and somebody else decides. What is approved may be spent beyond it, and not a fen more.")) }
            (sheet.around(("over", visit.say("超支金额（元）", "Amount (yuan)"), visit.say("可写“12万”", "12万 is understood")), &html! {
                input #f-over name="over" inputmode="decimal" maxlength="30" value=(sheet.typed.text("over"));
            }))
            (sheet.around(("over_reason", visit.say("理由", "Reason"), ""), &html! {
                input #f-over_reason name="over_reason" maxlength=(limits::REASON_LENGTH) value=(sheet.typed.text("over_reason"));
            }))
            button.btn { (visit.say("申请超支", "Ask to overspend")) }
        }
    }
}

/// What was asked for, and the form that decides on it.
pub(super) fn requests(visit: &Visit, rows: &[Model], tried: Tried<'_>) -> Markup {
    let mine = visit.actor.account();
    html! {
        @for row in rows {
            div.pad {
                p {
                    (told_yuan(visit, row.amount)) " "
                    (badge(tone(row.state), visit.text(row.state.label())))
                }
                p { (row.reason) }
                @if let Some(document) = &row.document_no { p.mut.sm { (visit.say("批准文号：", "Document: ")) (document) } }
                @if let Some(returned) = &row.returned { p.mut.sm { (visit.say("未批准：", "Declined: ")) (returned) } }
                @if let Some(day) = row.decided_on { p.mut.sm { (day) } }
                @if row.state == Progress::Asked && visit.may(Action::DecideOverspend) {
                    @if row.asked_by == mine { p.mut.sm { (visit.say("自己申请的由别人审批。", "Somebody else decides on what you asked for.")) } }
                    @else { (decide_form(visit, row, tried)) }
                }
            }
        }
    }
}

const fn tone(state: Progress) -> Tone {
    match state {
        Progress::Asked => Tone::Warning,
        Progress::Approved => Tone::Good,
        Progress::Declined => Tone::Idle,
    }
}

fn decide_form(visit: &Visit, row: &Model, tried: Tried<'_>) -> Markup {
    let none = Typed::default();
    let own = format!("document_no-{}", row.id);
    let why = format!("returned-{}", row.id);
    let sheet = sheet(visit, tried.filter(|(typed, _)| typed.has(&own)), &none);
    let input = |name: &str, most: usize| {
        html! { input id={ "f-" (name) } name=(name) maxlength=(most) value=(sheet.typed.text(name)); }
    };
    html! {
        form.stacked.noprint method="post" action={ "/overspends/" (row.id) "/decide" } novalidate {
            (of_version(visit, row.version))
            (sheet.around((&own, visit.say("批准文号（批准时填）", "Document (to approve)"), ""), &input(&own, limits::VOUCHER_LENGTH)))
            (sheet.around((&why, visit.say("不批准的理由", "Reason (to decline)"), ""), &input(&why, limits::REASON_LENGTH)))
            div.row {
                button.btn.go name="verdict" value="approve" { (visit.say("批准", "Approve")) }
                button.btn name="verdict" value="decline" { (visit.say("不批准", "Decline")) }
            }
        }
    }
}

/// The page of a budget, said to have had something done.
fn done_to(id: BudgetId, what: &str) -> String {
    at(&format!("/budgets/{id}"), [("done", what)])
}

async fn ask(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let id = BudgetId(id);
    visit.actor.require(Action::AskOverspend)?;
    let error = match asked(&state, &visit, id, &form).await {
        Ok(place) => return Ok(Redirect::to(&place).into_response()),
        Err(error) => error,
    };
    match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => shown(&state, &visit, id, Some((&Typed::sent(&form), &fault))).await,
        Came::Answered(answer) => answer,
    }
}

async fn asked(state: &AppState, visit: &Visit, id: BudgetId, form: &Form) -> Result<String> {
    let mut mistakes = Mistakes::default();
    let amount = amount_of(form, "over", &mut mistakes);
    mistakes.into_result()?;
    let place = done_to(id, "asked");
    let answer = place.clone();
    let ledger = form.once(&state.ledger, move |_: &Model| answer.clone());
    let amount = amount.unwrap_or(Money::ZERO);
    let reason = form.one("over_reason");
    app::overspend::ask(&ledger, &visit.actor, id, amount, reason)
        .await
        .map_err(|error| renamed(error, "over", "over_reason"))?;
    Ok(place)
}

/// A mistake of an amount, and a no about the reason, stand with the field of this form.
fn renamed(error: crate::error::Error, amount: &str, reason: &str) -> crate::error::Error {
    use crate::{domain::mistake::Mistake, error::Error};
    match error {
        Error::Invalid(mut mistakes) => {
            for mistake in &mut mistakes.0 {
                if ["amount", "document_no"].contains(&&*mistake.field) {
                    mistake.field = amount.to_owned().into();
                }
            }
            Error::Invalid(mistakes)
        }
        Error::Refused(refusal) if refusal.code.starts_with("action.reason") => {
            let mistake = Mistake::new(reason.to_owned(), "", refusal.sentence);
            Error::Invalid(Mistakes(vec![mistake]))
        }
        other => other,
    }
}

async fn decide(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::DecideOverspend)?;
    let row = state.ledger.read(&visit.actor).get::<Entity>(OverspendId(id)).await?;
    let error = match decided(&state, &visit, &row, &form).await {
        Ok(place) => return Ok(Redirect::to(&place).into_response()),
        Err(error) => error,
    };
    match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => {
            shown(&state, &visit, row.budget_id, Some((&Typed::sent(&form), &fault))).await
        }
        Came::Answered(answer) => answer,
    }
}

async fn decided(state: &AppState, visit: &Visit, row: &Model, form: &Form) -> Result<String> {
    let (own, why) = (format!("document_no-{}", row.id), format!("returned-{}", row.id));
    let verdict = match form.one("verdict") {
        "approve" => Verdict::Approved(form.one(&own)),
        _ => Verdict::Declined(form.one(&why)),
    };
    let place = done_to(row.budget_id, "decided");
    let answer = place.clone();
    let ledger = form.once(&state.ledger, move |_: &Model| answer.clone());
    let named = (row.id, form.number("version").unwrap_or_default());
    app::overspend::decide(&ledger, &visit.actor, named, verdict)
        .await
        .map_err(|error| renamed(error, &own, &why))?;
    Ok(place)
}
