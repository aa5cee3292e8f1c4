//! One budget: what is set aside, what of it is used, what was spent, and what was asked for beyond it.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use entity::{
    asset,
    budget::{Entity, Model},
    id::{AssetId, BudgetId},
    log::Action,
    money::Money,
    overspend, spending, upkeep_fund,
};
use maud::{Markup, html};

use super::{
    budget::{target_text, told_row, told_yuan, used_bar, way, word, yuan},
    fields::Typed,
    frame::{Around, Page, Place, page},
    overspend::{ask_form, requests},
    parts::{Tone, done, fact, mistakes, note, scrolled, titled},
    spending::table as spendings_table,
    visit::{Visit, at},
};
use crate::{
    app::budget::sheet::Row,
    domain::budget::room,
    error::Result,
    http::{AppState, fault::Fault},
    limits,
    store::Read,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/budgets/{id}", get(one))
}

async fn one(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let id = BudgetId(id.parse().unwrap_or(0));
    shown(&state, &visit, id, None).await
}

/// The page of a budget, with what was wrong with a form on it.
pub(super) async fn shown(
    state: &AppState,
    visit: &Visit,
    id: BudgetId,
    fault: Option<(&Typed, &Fault)>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&visit.actor);
    let row = told_row(&read, read.get::<Entity>(id).await?).await?;
    let before = word(visit, "before").parse().ok();
    let limit = limits::PAGE_ROWS_USUAL;
    let mut spent = read.spendings_of(id, before, limit + 1).await?;
    let is_more = spent.len() as u64 > limit;
    spent.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = spent.last().filter(|_| is_more).map(|row| row.id.0);
    let assets = assets_of(&read, &spent).await?;
    let asked = read.overspends_of(id).await?;
    // held further up, it is not the reader's to see
    let fund = read.some::<upkeep_fund::Entity>(&[row.budget.fund_id]).await?.pop();
    let around = Around::of(state, visit).await?;
    let budget = &row.budget;
    let body = html! {
        @if let Some((_, fault)) = fault { (mistakes(visit, fault)) }
        (done_words(visit))
        @if budget.remaining.is_negative() {
            (note(Tone::Warning, &html! { (visit.say("已按批准超支 ", "Overspent, as approved, by ")) (told_yuan(visit, Money::from_sum(-budget.remaining.fen()))) }))
        }
        div.grid.g21 {
            div.grid {
                section.card { (facts(visit, &row, fund.as_ref())) }
                section.card {
                    header { h2 { (visit.say("支出", "Spendings")) } @if visit.may(Action::PaySpending) { a href=(at("/spendings/new", [("budget", id.to_string().as_str())])) { (visit.say("登记支出", "Spend")) } } }
                    @if spent.is_empty() { p.pad.mut { (visit.say("还没有预占和支出。", "Nothing is committed or spent yet.")) } }
                    @else { (scrolled(visit.say("支出，可滚动", "Spendings; scrolls"), &spendings_table(visit, &spent, &assets))) }
                    @if let Some(last) = last { p.pad { a href=(visit.with(&[("before", last.to_string().as_str())])) { (visit.say("更早的支出", "Earlier ones")) } } }
                }
            }
            aside.grid { (overspends(visit, budget, &asked, fault)) }
        }
    };
    let status = fault.map_or(StatusCode::OK, |(_, fault)| fault.status);
    let title = titled(visit, &target_text(visit, &row), fault.map(|(_, one)| one));
    let shown = Page {
        place: Some(Place::Budgets),
        way: way(visit),
        below: format!("{} · {}", budget.year, visit.text(budget.source.label())),
        beside: beside(visit, budget),
        ..Page::new(title, body)
    };
    let mut response = page(visit, &around, shown);
    *response.status_mut() = status;
    Ok(response)
}

async fn assets_of(
    read: &Read<'_>,
    rows: &[spending::Model],
) -> Result<HashMap<AssetId, asset::Model>> {
    let ids: Vec<AssetId> = rows.iter().map(|row| row.asset_id).collect();
    let rows = read.some::<asset::Entity>(&ids).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

fn done_words(visit: &Visit) -> Markup {
    html! {
        @match word(visit, "done") {
            "set" => { (done(visit.say("预算已安排", "The money is set aside"))) }
            "amended" => { (done(visit.say("预算已调整", "The budget is amended"))) }
            "asked" => { (done(visit.say("超支申请已登记，等待审批", "The request is on record and waits to be decided"))) }
            "decided" => { (done(visit.say("超支申请已审批", "The request is decided"))) }
            _ => {}
        }
    }
}

fn beside(visit: &Visit, budget: &Model) -> Markup {
    html! {
        @if visit.may(Action::PaySpending) { a.btn.go href=(at("/spendings/new", [("budget", budget.id.to_string().as_str())])) { (visit.say("登记支出", "Spend")) } }
        @if visit.may(Action::AmendBudget) { a.btn href={ "/budgets/" (budget.id) "/amend" } { (visit.say("调整预算", "Amend")) } }
    }
}

fn facts(visit: &Visit, row: &Row, fund: Option<&upkeep_fund::Model>) -> Markup {
    let budget = &row.budget;
    html! {
        dl.desc {
            (fact(visit.say("用于", "For"), &html! { @if let Some(asset) = &row.asset { a href={ "/assets/" (asset.code) "/funding" } { (asset.name) } } @else { (target_text(visit, row)) } }))
            (fact(visit.say("年度", "Year"), &html! { (budget.year) }))
            (fact(visit.say("资金来源", "Source"), &html! {
                @match fund {
                    Some(fund) => a href={ "/funds/" (fund.id) } { (visit.text(fund.source.label())) " " (fund.document_no.as_deref().unwrap_or_default()) },
                    None => { (visit.text(budget.source.label())) " " span.mut { (visit.say("（上级持有）", "(held above)")) } },
                }
            }))
            (fact(visit.say("预算", "Set aside"), &told_yuan(visit, budget.set_aside)))
            (fact(visit.say("已支出", "Spent"), &html! { (told_yuan(visit, budget.spent)) (used_bar(budget)) }))
            (fact(visit.say("已预占", "Committed"), &told_yuan(visit, budget.committed)))
            (fact(visit.say("余额", "Left"), &told_yuan(visit, budget.remaining)))
            @if budget.allowed_over > Money::ZERO {
                (fact(visit.say("已批准超支", "Overspend approved"), &told_yuan(visit, budget.allowed_over)))
                (fact(visit.say("还可以用", "May still be used"), &told_yuan(visit, room(budget))))
            }
            @if let Some(needed) = row.needed {
                (fact(visit.say("需求（按标准）", "Needed (by standard)"), &html! { (told_yuan(visit, needed)) @if let Some(gap) = row.gap() { " " span.t-bad { (visit.say("缺 ", "short by ")) (yuan(gap)) } } }))
            }
        }
    }
}

/// Requests to overspend, and the form of another one.
fn overspends(
    visit: &Visit,
    budget: &Model,
    asked: &[overspend::Model],
    fault: Option<(&Typed, &Fault)>,
) -> Markup {
    html! {
        @if !asked.is_empty() || visit.may(Action::AskOverspend) {
            section.card {
                header { h2 { (visit.say("超支审批", "Overspending")) } }
                (requests(visit, asked, fault))
                @if visit.may(Action::AskOverspend) { (ask_form(visit, budget, fault)) }
            }
        }
    }
}
