//! The money of one asset: out of which sources it was built, which budgets of the year look after it,
//! and what was spent on it.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Utc};
use entity::{asset, budget, id::AssetId, money::Money};
use maud::{Markup, html};

use super::{
    budget::{told_yuan, yuan},
    parts::{Tone, badge, bar, fact, nothing, scrolled},
    spending,
    visit::{Visit, at},
};
use crate::{
    app::{
        budget::{
            cost::{Cost, costs},
            sheet::needed_by,
        },
        card::Card,
    },
    domain::{
        budget::{
            cost::{extent_of, per_unit},
            is_for, used,
        },
        funding::{FIELDS as SOURCE_FIELDS, Source},
        permission::Action,
    },
    error::Result,
    http::AppState,
    limits,
};

/// The part of the card.
pub(super) async fn money(
    state: &AppState,
    visit: &Visit,
    (card, at): (&Card, Option<DateTime<Utc>>),
) -> Result<Markup> {
    let budgets = budgets_of(card);
    Ok(html! {
        (funding(visit, card))
        h2.pad { (visit.say("管护预算", "Budgets for upkeep")) " " span.mut { (card.day.year()) } }
        (budgets_part(visit, card, &budgets))
        // what was spent is told as it is now
        @if at.is_none() { (spent(state, visit, card).await?) }
    })
}

/// The budgets of the year for an asset, its own first.
fn budgets_of(card: &Card) -> Vec<&budget::Model> {
    let (asset, year) = (&card.dossier.asset, card.day.year());
    let all = card.dossier.budgets.iter().map(AsRef::as_ref);
    let mut own: Vec<&budget::Model> =
        all.filter(|row: &&budget::Model| row.year == year && is_for(row, asset)).collect();
    own.sort_by_key(|row| (row.asset_id.is_none(), row.subclass.is_none(), row.id));
    own
}

/// The sources out of which it was built.
fn funding(visit: &Visit, card: &Card) -> Markup {
    let rows = &card.dossier.funding;
    let total =
        Money::total(rows.iter().filter(|row| !row.is_withdrawn).filter_map(|row| row.amount));
    let shown_of = |source: &Source, name: &str| {
        let field = SOURCE_FIELDS.iter().find(|field| field.name == name);
        field.map_or(String::new(), |field| (field.get)(source).text(visit.language))
    };
    html! {
        @if rows.is_empty() { (nothing(visit.say("没有登记资金来源。", "No source of money is recorded."), None)) }
        @else {
            (scrolled(visit.say("资金来源", "Sources of money"), &html! { table.cards {
                thead { tr {
                    th scope="col" { (visit.say("资金来源", "Fund")) }
                    th scope="col" { (visit.say("级次", "Tier")) }
                    th scope="col" { (visit.say("年度", "Year")) }
                    th.num scope="col" { (visit.say("金额（元）", "Amount (yuan)")) }
                } }
                tbody { @for row in rows {
                    @let source = Source::of(row);
                    tr {
                        th scope="row" { @if row.fund.is_some() { (shown_of(&source, "fund")) } @else { (visit.say("来源不详", "not recorded")) } @if row.is_withdrawn { " " (badge(Tone::Idle, visit.say("已撤回", "withdrawn"))) } }
                        td data-l=(visit.say("级次", "Tier")) { (shown_of(&source, "tier")) }
                        td data-l=(visit.say("年度", "Year")) { (shown_of(&source, "year")) }
                        td.num data-l=(visit.say("金额（元）", "Amount (yuan)")) { @if let Some(amount) = row.amount { (amount.grouped()) } }
                    }
                } }
                tfoot { tr {
                    th scope="row" colspan="3" { (visit.say("合计", "Total")) }
                    td.num { @if let Some(total) = total { (total.grouped()) } }
                } }
            } }))
        }
    }
}

fn budgets_part(visit: &Visit, card: &Card, budgets: &[&budget::Model]) -> Markup {
    let asset = &card.dossier.asset;
    let year = card.day.year().to_string();
    html! {
        @if budgets.is_empty() {
            p.pad {
                (badge(Tone::Warning, visit.say("本年没有预算", "no budget this year"))) " "
                @if visit.may(Action::SetBudget) && asset.is_standing() { a href=(at("/budgets/new", [("asset", asset.code.as_str()), ("year", year.as_str())])) { (visit.say("安排预算", "Set money aside")) } }
            }
        } @else { (scrolled(visit.say("管护预算", "Budgets"), &budgets_table(visit, budgets))) }
    }
}

fn budgets_table(visit: &Visit, budgets: &[&budget::Model]) -> Markup {
    let heads =
        [visit.say("预算", "Set aside"), visit.say("已用", "Used"), visit.say("余额", "Left")];
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("用于 · 来源", "For · source")) }
                @for head in heads { th.num scope="col" { (head) } }
            } }
            tbody { @for row in budgets { tr {
                th scope="row" {
                    (whose(visit, row))
                    small { (visit.text(row.source.label())) }
                }
                td.num data-l=(heads[0]) { (yuan(row.set_aside)) }
                td.num data-l=(heads[1]) { div { (yuan(used(row))) (bar(used(row).fen(), row.set_aside.fen(), false)) } }
                td.num data-l=(heads[2]) { (yuan(row.remaining)) }
            } } }
        }
    }
}

/// Whose budget it is; that of a place further up is told and not led to.
fn whose(visit: &Visit, row: &budget::Model) -> Markup {
    let words = match (row.asset_id, row.subclass) {
        (Some(_), _) => visit.say("本资产", "this asset"),
        (None, Some(_)) => visit.say("所在村镇的同类资产", "its kind in its place"),
        (None, None) => visit.say("所在村镇的全部资产", "all in its place"),
    };
    html! {
        @if visit.area().covers(&row.area_code) { a.b href={ "/budgets/" (row.id) } { (words) } } @else { (words) }
    }
}

/// What was spent on it, and what a unit of it cost.
async fn spent(state: &AppState, visit: &Visit, card: &Card) -> Result<Markup> {
    let asset = &card.dossier.asset;
    let read = state.ledger.read(&visit.actor);
    let rows = read.spendings_for(asset.id, limits::PAGE_ROWS_USUAL).await?;
    let known: HashMap<AssetId, asset::Model> = HashMap::from([(asset.id, asset.clone())]);
    let year = card.day.year();
    let paid = read.spent_on(asset.id, year).await?;
    let local = read.local_rules([asset.area_code]).await?;
    let needed = needed_by(&read, &local, asset);
    let asked = (Some(asset.area_code), year);
    let around = costs(&state.ledger, &visit.actor, asked).await?.rows;
    Ok(html! {
        h2.pad { (visit.say("支出", "Spendings")) }
        (compared(visit, asset, (paid, needed), &around))
        @if rows.is_empty() { p.pad.mut { (visit.say("还没有支出。", "Nothing is spent yet.")) } }
        @else { (scrolled(visit.say("支出", "Spendings"), &spending::table(visit, &rows, &known))) }
    })
}

fn compared(
    visit: &Visit,
    asset: &asset::Model,
    (paid, needed): (Money, Option<Money>),
    around: &[Cost],
) -> Markup {
    let own = extent_of(asset);
    let like = own
        .and_then(|(kind, unit, _)| around.iter().find(|row| (row.kind, row.unit) == (kind, unit)));
    let cost = own.and_then(|(.., extent)| per_unit(paid, extent));
    html! {
        dl.desc {
            (fact(visit.say("本年支出", "Paid this year"), &told_yuan(visit, paid)))
            @if let Some(needed) = needed { (fact(visit.say("需求（按标准）", "Needed (by standard)"), &told_yuan(visit, needed))) }
            @if let (Some(cost), Some((_, unit, _))) = (cost, own) {
                (fact(visit.say("单位成本", "A unit cost"), &html! { (told_yuan(visit, cost)) "/" (visit.text(unit.label())) }))
            }
            @if let Some(median) = like.and_then(|row| row.median) { (fact(visit.say("各村中位数", "Median of places"), &told_yuan(visit, median))) }
            @if let Some(standard) = like.and_then(|row| row.standard) { (fact(visit.say("标准", "Standard"), &told_yuan(visit, standard))) }
        }
    }
}
