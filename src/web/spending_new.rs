//! Spending money of a budget: the form that commits it, or says that it is paid.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::{
    budget,
    id::{AssetId, BudgetId},
    language::Sentence,
    money::Money,
    spending::Model,
};
use maud::{Markup, html};

use super::{
    budget::{target_text, told_row, told_yuan, way, word},
    fields::{Sheet, Typed, spelt},
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    offered::{Bodies, body_called},
    parts::{Tone, mistakes, note, titled},
    proof::{Came, unless_mended},
    spending::{amount_of, day_of, done_to},
    visit::Visit,
};
use crate::{
    app::{self, budget::sheet::Row},
    domain::{
        mistake::{Mistake, Mistakes},
        permission::Action,
        spending::{Payment, Request},
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
    store::Read,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/spendings/new", get(show_new).post(send_new))
}

/// A budget out of which something is spent.
struct Spending {
    row: Row,
    bodies: Bodies,
}

impl Spending {
    async fn of(state: &AppState, visit: &Visit, budget: &str) -> Result<Spending> {
        visit.actor.require(Action::PaySpending)?;
        let read = state.ledger.read(&visit.actor);
        let id = BudgetId(budget.parse().unwrap_or(0));
        let row = told_row(&read, read.get::<budget::Entity>(id).await?).await?;
        let bodies = Bodies::of(state, visit, row.budget.area_code, ("", "")).await?;
        Ok(Spending { row, bodies })
    }

    /// The asset that a form names: the one of the budget, or one by its code.
    async fn asset(&self, read: &Read<'_>, code: &str) -> Result<AssetId> {
        if let Some(id) = self.row.budget.asset_id {
            return Ok(id);
        }
        match read.asset(code).await {
            Ok(asset) => Ok(asset.id),
            Err(Error::NotFound(_)) => {
                let expected = Sentence::new(
                    "资产编号：没有这项资产，或不在管辖范围内",
                    "code of the asset: there is none of that code within your area",
                );
                Err(Error::Invalid(Mistakes(vec![Mistake::new("asset", code, expected)])))
            }
            Err(error) => Err(error),
        }
    }
}

async fn show_new(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let spending = Spending::of(&state, &visit, word(&visit, "budget")).await?;
    let mut typed = Typed::default();
    typed.put("asset", word(&visit, "asset"));
    typed.put("how", "pay");
    typed.put("paid_on", visit.today.to_string());
    Ok(drawn(&state, &visit, &spending, (&typed, None)).await?)
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    spending: &Spending,
    (typed, fault): (&Typed, Option<&Fault>),
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let budget = &spending.row.budget;
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        (note(Tone::Idle, &html! {
            (visit.say("预算余额 ", "Left: ")) (told_yuan(visit, budget.remaining))
            @if budget.allowed_over > Money::ZERO { (visit.say("，已批准超支 ", ", overspend approved: ")) (told_yuan(visit, budget.allowed_over)) }
            (visit.say("；超出的不能登记，先申请超支。", ". What goes beyond is refused: ask to overspend first."))
        }))
        form.card.pad.mt method="post" action="/spendings/new" novalidate {
            (hidden(&visit.mark))
            input type="hidden" name="budget" value=(budget.id);
            // what the enter key presses
            button.sr tabindex="-1" aria-hidden="true" { (visit.say("保存", "Save")) }
            (how(visit, &sheet))
            (fields(visit, &sheet, spending))
            div.dock {
                button.btn.go { (visit.say("保存", "Save")) kbd { "Ctrl+S" } }
                a.btn href={ "/budgets/" (budget.id) } { (visit.say("不办了", "Leave it")) }
            }
        }
    };
    let mut way = way(visit);
    way.push((format!("/budgets/{}", budget.id), target_text(visit, &spending.row)));
    let shown = Page {
        place: Some(Place::Budgets),
        way,
        below: format!("{} · {}", target_text(visit, &spending.row), budget.year),
        ..Page::new(titled(visit, visit.say("登记支出", "Spend"), fault), body)
    };
    let status = fault.map_or(axum::http::StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

/// Whether it is paid already.
fn how(visit: &Visit, sheet: &Sheet<'_>) -> Markup {
    let choices = [
        ("pay", visit.say("已支付：有凭证", "paid: there is a voucher")),
        (
            "commit",
            visit.say("先预占：定了要花，还没付", "to be paid: it is decided, not paid yet"),
        ),
    ];
    html! {
        fieldset {
            legend { (visit.say("怎么记", "How it stands")) }
            @for (code, words) in choices {
                label.pick-one { input type="radio" name="how" value=(code) checked[sheet.typed.text("how") == code]; (words) }
            }
        }
    }
}

fn fields(visit: &Visit, sheet: &Sheet<'_>, spending: &Spending) -> Markup {
    let text = |name: &str| sheet.typed.text(name).to_owned();
    let budget = &spending.row.budget;
    html! {
        div.sheet {
            @if budget.asset_id.is_none() {
                (sheet.around(("asset", visit.say("资产编号 *", "Code of the asset *"), visit.say("这笔预算管的村镇里的一项资产", "one in the place of this budget")), &html! {
                    input #f-asset name="asset" maxlength="64" value=(text("asset")) autocomplete="off";
                }))
            }
            (sheet.around(("amount", visit.say("金额（元）*", "Amount (yuan) *"), visit.say("可写“12万”", "12万 is understood")), &html! {
                input #f-amount name="amount" inputmode="decimal" maxlength="30" value=(text("amount"));
                output.mut.sm { (spelt(visit, &text("amount"))) }
            }))
            (sheet.around(("purpose", visit.say("用途 *", "Purpose *"), visit.say("如：更换护栏立柱 6 根", "such as: six posts of the guardrail replaced")), &html! {
                input #f-purpose name="purpose" maxlength=(limits::PURPOSE_LENGTH) value=(text("purpose"));
            }))
            (sheet.around(("payee", visit.say("收款单位（可不填）", "Who is paid (may be left out)"), visit.say("单位名称", "the name of an organization")), &html! {
                input #f-payee name="payee" maxlength=(limits::ORGANIZATION_NAME_LENGTH) value=(text("payee")) list="payees" autocomplete="off";
                (spending.bodies.names("payees"))
            }))
            (sheet.around(("voucher_no", visit.say("凭证号（已支付的填）", "Voucher (where paid)"), ""), &html! {
                input #f-voucher_no name="voucher_no" maxlength=(limits::VOUCHER_LENGTH) value=(text("voucher_no"));
            }))
            (sheet.around(("paid_on", visit.say("支付日期（已支付的填）", "Paid on (where paid)"), ""), &html! {
                input #f-paid_on name="paid_on" type="date" max=(visit.today) value=(text("paid_on"));
            }))
        }
    }
}

async fn send_new(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let spending = Spending::of(&state, &visit, form.one("budget")).await?;
    let error = match sent_new(&state, &visit, &spending, &form).await {
        Ok(place) => return Ok(Redirect::to(&place).into_response()),
        Err(error) => error,
    };
    match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => {
            Ok(drawn(&state, &visit, &spending, (&Typed::sent(&form), Some(&fault))).await?)
        }
        Came::Answered(answer) => answer,
    }
}

async fn sent_new(
    state: &AppState,
    visit: &Visit,
    spending: &Spending,
    form: &Form,
) -> Result<String> {
    let is_paid = form.one("how") != "commit";
    let mut wrong = Mistakes::default();
    let amount = amount_of(form, "amount", &mut wrong);
    let paid_on = is_paid.then(|| day_of(form, "paid_on", &mut wrong)).flatten();
    let read = state.ledger.read(&visit.actor);
    let asset = spending.asset(&read, form.one("asset")).await;
    let asset = noted(asset, &mut wrong)?;
    let organization = match form.one("payee") {
        "" => None,
        name => {
            let near = spending.row.budget.area_code;
            let found = body_called(state, visit, near, ("payee", name)).await;
            noted(found.map(|row| row.id), &mut wrong)?
        }
    };
    wrong.into_result()?;
    let request = Request {
        amount: amount.unwrap_or(Money::ZERO),
        purpose: form.one("purpose").to_owned(),
        organization,
    };
    let of = (spending.row.budget.id, asset.unwrap_or(AssetId(0)));
    let ledger = form.once(&state.ledger, |row: &Model| done_to(row.id, "saved"));
    let row = if is_paid {
        let payment = Payment {
            voucher_no: form.one("voucher_no").to_owned(),
            paid_on: paid_on.unwrap_or(visit.today),
        };
        app::spending::pay(&ledger, &visit.actor, of, (&request, &payment)).await?
    } else {
        app::spending::commit(&ledger, &visit.actor, of, &request).await?
    };
    Ok(done_to(row.id, "saved"))
}

/// A value, or none where its mistakes were noted beside others.
fn noted<T>(read: Result<T>, wrong: &mut Mistakes) -> Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(Error::Invalid(mistakes)) => {
            wrong.0.extend(mistakes.0);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
