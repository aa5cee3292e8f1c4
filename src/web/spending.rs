//! One spending with its vouchers, and what may still become of it.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use chrono::NaiveDate;
use entity::{
    asset,
    attachment::Subject,
    budget,
    id::{AssetId, OrganizationId, SpendingId},
    language::Sentence,
    money::Money,
    organization,
    spending::{Entity, Model, State as Progress},
};
use maud::{Markup, html};

use super::{
    act::about_reason,
    attachment::beside,
    budget::{of_version, told_yuan, way, word, yuan},
    fields::{Sheet, Typed},
    form::{Form, Sent},
    frame::{Around, Page, Place, page},
    parts::{Tone, badge, done, fact, mistakes, titled},
    photo::voucher_form,
    proof::{Came, unless_mended},
    visit::{Visit, at},
};
use crate::{
    app,
    domain::{
        budget::room,
        field::{FieldValue, Reading},
        mistake::{Mistake, Mistakes},
        permission::Action,
        spending::Payment,
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/spendings/{id}", get(show))
        .route("/spendings/{id}/pay", post(pay))
        .route("/spendings/{id}/release", post(release))
        .route("/spendings/{id}/reverse", post(reverse))
}

/// Reads an amount of a form, in yuan or ten thousand yuan.
pub(super) fn amount_of(form: &Form, name: &'static str, mistakes: &mut Mistakes) -> Option<Money> {
    let text = Some(form.one(name)).filter(|text| !text.is_empty());
    let read = Money::read(text, Reading::default());
    read.map_err(|wrong| {
        let (zh, en) = ("金额：", "amount: ");
        let expected = Sentence::new(format!("{zh}{}", wrong.zh), format!("{en}{}", wrong.en));
        mistakes.push(Mistake::new(name, text.unwrap_or_default(), expected));
    })
    .ok()
}

/// Reads a day of a form.
pub(super) fn day_of(
    form: &Form,
    name: &'static str,
    mistakes: &mut Mistakes,
) -> Option<NaiveDate> {
    let text = Some(form.one(name)).filter(|text| !text.is_empty());
    NaiveDate::read(text, Reading::default())
        .map_err(|wrong| {
            let expected =
                Sentence::new(format!("支付日期：{}", wrong.zh), format!("day: {}", wrong.en));
            mistakes.push(Mistake::new(name, text.unwrap_or_default(), expected));
        })
        .ok()
}

/// How far it has come, as a badge.
pub(super) fn state_badge(visit: &Visit, state: Progress) -> Markup {
    let tone = match state {
        Progress::Paid => Tone::Good,
        Progress::Committed => Tone::Warning,
        Progress::Released | Progress::Reversed => Tone::Idle,
    };
    badge(tone, visit.text(state.label()))
}

/// A table of spendings.
pub(super) fn table(
    visit: &Visit,
    rows: &[Model],
    assets: &HashMap<AssetId, asset::Model>,
) -> Markup {
    let heads = [
        visit.say("用途", "Purpose"),
        visit.say("状态", "State"),
        visit.say("凭证 / 日期", "Voucher / day"),
        visit.say("金额（元）", "Amount (yuan)"),
    ];
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("资产", "Asset")) }
                @for head in &heads[..3] { th scope="col" { (head) } }
                th.num scope="col" { (heads[3]) }
            } }
            tbody { @for row in rows { tr {
                th scope="row" {
                    a.b href={ "/spendings/" (row.id) } {
                        @match assets.get(&row.asset_id) { Some(asset) => { (asset.name) } None => { (visit.say("支出 ", "spending ")) (row.id) } }
                    }
                    small { (row.year) }
                }
                td data-l=(heads[0]) { (row.purpose) }
                td data-l=(heads[1]) { (state_badge(visit, row.state)) }
                td data-l=(heads[2]) {
                    div { (row.voucher_no.as_deref().unwrap_or("—")) @if let Some(day) = row.paid_on { " " span.mut.nw { (day) } } }
                }
                td.num data-l=(heads[3]) {
                    @if row.state == Progress::Reversed || row.state == Progress::Released { del { (yuan(row.amount)) } } @else { (yuan(row.amount)) }
                }
            } } }
        }
    }
}

/// The page of a spending, said to have had something done.
pub(super) fn done_to(id: SpendingId, what: &str) -> String {
    at(&format!("/spendings/{id}"), [("done", what)])
}

async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let id = SpendingId(id.parse().unwrap_or(0));
    shown(&state, &visit, id, None).await
}

async fn shown(
    state: &AppState,
    visit: &Visit,
    id: SpendingId,
    tried: Option<(&Typed, &Fault)>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&visit.actor);
    let row = read.get::<Entity>(id).await?;
    let asset = read.get::<asset::Entity>(row.asset_id).await?;
    // that of a town is not a villager's to see
    let budget = read.some::<budget::Entity>(&[row.budget_id]).await?.pop();
    let payee: Vec<OrganizationId> = row.organization_id.into_iter().collect();
    let payee = read.some::<organization::Entity>(&payee).await?.pop();
    let mut files = read.attachments_of(asset.id).await?;
    files.retain(|file| (file.subject, file.subject_id) == (Subject::Spending, row.id.0));
    let around = Around::of(state, visit).await?;
    let fault = tried.map(|(_, fault)| fault);
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if !word(visit, "done").is_empty() { (done(visit.say("已保存，并记入变更记录", "Saved, and kept in the history"))) }
        section.card { (facts(visit, (&row, &asset), budget.as_ref(), payee.as_ref())) }
        section.card.mt {
            header { h2 { (visit.say("凭证和票据", "Vouchers and receipts")) } }
            @if files.iter().all(|file| file.is_withdrawn) { p.pad.mut { (visit.say("还没有附件。", "No file yet.")) } }
            (beside(visit, &files, (Subject::Spending, row.id.0), "pad"))
            @if visit.may(Action::PaySpending) { (voucher_form(visit, &asset.code, row.id)) }
        }
        (doings(visit, (&row, budget.as_ref()), tried))
    };
    let mut way = way(visit);
    if let Some(budget) = &budget {
        let name = format!("{} {}", budget.year, visit.say("年预算", "budget"));
        way.push((format!("/budgets/{}", budget.id), name));
    }
    let shown = Page {
        place: Some(Place::Budgets),
        way,
        below: format!("{} · {}", asset.name, asset.code),
        ..Page::new(titled(visit, &row.purpose, fault), body)
    };
    let mut response = page(visit, &around, shown);
    *response.status_mut() = fault.map_or(axum::http::StatusCode::OK, |fault| fault.status);
    Ok(response)
}

fn facts(
    visit: &Visit,
    (row, asset): (&Model, &asset::Model),
    budget: Option<&budget::Model>,
    payee: Option<&organization::Model>,
) -> Markup {
    html! {
        dl.desc {
            (fact(visit.say("状态", "State"), &state_badge(visit, row.state)))
            (fact(visit.say("金额", "Amount"), &told_yuan(visit, row.amount)))
            (fact(visit.say("资产", "Asset"), &html! { a href={ "/assets/" (asset.code) "/funding" } { (asset.name) } }))
            (fact(visit.say("用途", "Purpose"), &html! { (row.purpose) }))
            (fact(visit.say("预算", "Budget"), &html! {
                @match budget {
                    Some(budget) => a href={ "/budgets/" (budget.id) } { (budget.year) " " (visit.text(budget.source.label())) },
                    None => { (row.year) " " span.mut { (visit.say("（上级持有）", "(held above)")) } },
                }
            }))
            @if row.organization_id.is_some() {
                (fact(visit.say("收款单位", "Who is paid"), &html! { @match payee { Some(payee) => a href={ "/organizations/" (payee.id) } { (payee.name) }, None => "—" } }))
            }
            @if let Some(voucher) = &row.voucher_no { (fact(visit.say("凭证号", "Voucher"), &html! { (voucher) })) }
            @if let Some(day) = row.paid_on { (fact(visit.say("支付日期", "Paid on"), &html! { (day) })) }
            @if let (Some(reason), Some(day)) = (&row.end_reason, row.ended_on) {
                (fact(visit.say("释放或冲销", "Released or reversed"), &html! { (day) " " (reason) }))
            }
        }
    }
}

/// What may still become of a spending.
fn doings(
    visit: &Visit,
    (row, budget): (&Model, Option<&budget::Model>),
    tried: Option<(&Typed, &Fault)>,
) -> Markup {
    let none = Typed::default();
    let typed = tried.map_or(&none, |(typed, _)| typed);
    let fault = tried.map(|(_, fault)| fault);
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let is_committed = row.state == Progress::Committed;
    html! {
        @if is_committed && visit.may(Action::PaySpending) && budget.is_some() {
            section.card.mt {
                header { h2 { (visit.say("支付", "Pay")) } }
                (pay_form(visit, &sheet, row, budget))
            }
        }
        @if is_committed && visit.may(Action::ReleaseSpending) && budget.is_some() {
            section.card.mt {
                header { h2 { (visit.say("释放预占", "Release")) } }
                (end_form(visit, &sheet, row, ("release", visit.say("不用了，钱退回预算", "It is not needed: the money is free again"), visit.say("释放预占", "Release"))))
            }
        }
        @if row.state == Progress::Paid && visit.may(Action::ReverseSpending) && budget.is_some() {
            section.card.mt {
                header { h2 { (visit.say("冲销", "Reverse")) } }
                (end_form(visit, &sheet, row, ("reverse", visit.say("记错了或款已退回：原记录保留，钱退回预算", "Recorded wrongly, or paid back: the record stays, the money is free again"), visit.say("冲销", "Reverse"))))
            }
        }
    }
}

fn pay_form(
    visit: &Visit,
    sheet: &Sheet<'_>,
    row: &Model,
    budget: Option<&budget::Model>,
) -> Markup {
    let or = |name: &str, usual: String| {
        let typed = sheet.typed.text(name);
        if sheet.typed.has(name) { typed.to_owned() } else { usual }
    };
    let most = budget.map(|budget| room(budget).fen().saturating_add(row.amount.fen()));
    html! {
        form.pad method="post" action={ "/spendings/" (row.id) "/pay" } novalidate {
            (of_version(visit, row.version))
            div.sheet {
                (sheet.around(("amount", visit.say("实付金额（元）*", "Paid (yuan) *"), visit.say("比预占少的，余下的退回预算", "where it is less, the rest is free again")), &html! {
                    input #f-amount name="amount" inputmode="decimal" maxlength="30" value=(or("amount", row.amount.to_string()));
                }))
                (sheet.around(("voucher_no", visit.say("凭证号 *", "Voucher *"), ""), &html! {
                    input #f-voucher_no name="voucher_no" maxlength=(limits::VOUCHER_LENGTH) value=(or("voucher_no", String::new()));
                }))
                (sheet.around(("paid_on", visit.say("支付日期 *", "Paid on *"), ""), &html! {
                    input #f-paid_on name="paid_on" type="date" max=(visit.today) value=(or("paid_on", visit.today.to_string()));
                }))
            }
            @if let Some(most) = most { p.mut.sm { (visit.say("最多可付 ", "At most ")) (yuan(Money::from_sum(most))) (visit.say(" 元", " yuan")) } }
            button.btn.go { (visit.say("登记支付", "Pay")) }
        }
    }
}

fn end_form(
    visit: &Visit,
    sheet: &Sheet<'_>,
    row: &Model,
    (path, does, button): (&str, &str, &str),
) -> Markup {
    html! {
        form.pad.stacked method="post" action={ "/spendings/" (row.id) "/" (path) } novalidate {
            (of_version(visit, row.version))
            p.mut { (does) }
            (sheet.around(("reason", visit.say("理由 *", "Reason *"), ""), &html! {
                input #f-reason name="reason" maxlength=(limits::REASON_LENGTH) value=(sheet.typed.text("reason"));
            }))
            button.btn { (button) }
        }
    }
}

/// A form about a spending, answered by where it leads or shown again with what was wrong.
async fn taken(
    state: &AppState,
    (visit, form): (&Visit, &Form),
    id: SpendingId,
    done: Result<Model>,
) -> Result<Response, Fault> {
    let error = match done {
        Ok(row) => return Ok(Redirect::to(&done_to(row.id, "saved")).into_response()),
        Err(error) => about_reason(error),
    };
    match unless_mended(visit, form, error) {
        Came::Wrong(fault) => shown(state, visit, id, Some((&Typed::sent(form), &fault))).await,
        Came::Answered(answer) => answer,
    }
}

fn named(id: SpendingId, form: &Form) -> (SpendingId, i64) {
    (id, form.number("version").unwrap_or_default())
}

async fn pay(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let id = SpendingId(id);
    let paid = async {
        let mut wrong = Mistakes::default();
        let amount = amount_of(&form, "amount", &mut wrong);
        let paid_on = day_of(&form, "paid_on", &mut wrong);
        // whatever is wrong with the form, what lies elsewhere is not found
        visit.actor.require(Action::PaySpending)?;
        state.ledger.read(&visit.actor).get::<Entity>(id).await?;
        wrong.into_result()?;
        let ledger = form.once(&state.ledger, |row: &Model| done_to(row.id, "saved"));
        let payment = Payment {
            voucher_no: form.one("voucher_no").to_owned(),
            paid_on: paid_on.unwrap_or(visit.today),
        };
        let amount = amount.unwrap_or(Money::ZERO);
        app::spending::pay_committed(&ledger, &visit.actor, named(id, &form), amount, &payment)
            .await
    };
    taken(&state, (&visit, &form), id, paid.await).await
}

async fn release(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let id = SpendingId(id);
    let ledger = form.once(&state.ledger, |row: &Model| done_to(row.id, "saved"));
    let reason = form.one("reason");
    let done = app::spending::release(&ledger, &visit.actor, named(id, &form), reason).await;
    taken(&state, (&visit, &form), id, done).await
}

async fn reverse(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let id = SpendingId(id);
    let ledger = form.once(&state.ledger, |row: &Model| done_to(row.id, "saved"));
    let reason = form.one("reason");
    let done = app::spending::reverse(&ledger, &visit.actor, named(id, &form), reason).await;
    taken(&state, (&visit, &form), id, done).await
}
