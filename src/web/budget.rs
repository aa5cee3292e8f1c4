//! Budgets for upkeep: what is set aside in a year, what of it is used, what is missing, and first of
//! all the public assets for which there is nothing (ux.md §3.12).

use axum::{Router, extract::State, response::Response, routing::get};
use chrono::Datelike;
use entity::{
    area::{AreaCode, Level},
    asset,
    budget::{Entity, Model},
    id::AssetId,
    log::Action,
    money::Money,
    upkeep_fund::Source,
};
use maud::{Markup, html};

use super::{
    form::hidden,
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    parts::{Field, Tone, badge, bar, choice, coded, done, field, grouped, nothing, scrolled},
    print,
    visit::{Visit, at},
};
use crate::{
    app::{
        budget::sheet::{self, Row},
        place::Places,
    },
    domain::{budget::used, mistake::Mistakes},
    error::Result,
    http::{AppState, fault::Fault},
    limits,
    store::{
        Read,
        budget::BudgetSums,
        list::{List, Listing},
    },
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/budgets", get(list)).route("/budgets/unfunded", get(unfunded))
}

/// An amount in yuan, with commas.
pub(super) fn yuan(amount: Money) -> Markup {
    html! { span.nw { (amount.grouped()) } }
}

/// An amount with its unit.
pub(super) fn told_yuan(visit: &Visit, amount: Money) -> Markup {
    html! { b { (amount.grouped()) } (visit.say(" 元", " yuan")) }
}

/// A word of the address.
pub(super) fn word<'a>(visit: &'a Visit, name: &str) -> &'a str {
    let found = visit.query.iter().find(|(word, _)| word == name);
    found.map_or("", |(_, value)| value.trim())
}

/// The year that the address names; this year where it names none.
pub(super) fn year_of(visit: &Visit) -> i32 {
    word(visit, "year").parse().unwrap_or_else(|_| visit.today.year())
}

/// The budgets of a year that the address asks for.
fn asked(visit: &Visit) -> Result<List<Entity>> {
    let year = visit.today.year().to_string();
    let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let said = said.filter(|(word, value)| *word != "before" && !value.trim().is_empty());
    let is_said = said.clone().any(|(word, _)| word == "year");
    let usual = (!is_said).then_some(("year", year.as_str()));
    let mut list = List::read(usual.into_iter().chain(said))?;
    let before = visit.query.iter().find(|(word, place)| word == "before" && !place.is_empty());
    if let Some((_, place)) = before {
        list.go_back(place).map_err(|mistake| Mistakes(vec![mistake]))?;
    }
    Ok(list)
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let (list, year) = (asked(&visit)?, year_of(&visit));
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let area = read.area_within(list.area).await?;
    let sums = read.budget_sums(area, year).await?;
    let listing = read.list(&list).await?;
    let (previous, next) = (listing.previous.clone(), listing.next.clone());
    let rows = sheet::rows(&read, listing.rows).await?;
    // wider than a county nobody asks for each asset
    let is_narrow = area.level() >= Level::County;
    let lacking =
        if is_narrow { Some(Lacking::of(&read, &visit, (area, year)).await?) } else { None };
    let body = html! {
        @if word(&visit, "done") == "copied" { (done(visit.say("上年预算已复制", "The budgets of last year are copied"))) }
        (print::above(&visit, visit.say("管护经费预算执行表", "Budgets for upkeep"), &around.area, visit.say("金额单位：元", "Amounts in yuan")))
        (strip(&visit, &sums, lacking.as_ref(), year))
        @if let Some(lacking) = lacking.as_ref().filter(|one| one.n > 0) { (lacking_part(&visit, lacking, year)) }
        section.card.mt aria-label=(visit.say("管护预算", "Budgets for upkeep")) {
            (filters(&visit, year))
            @if rows.is_empty() { (none(&visit)) }
            @else {
                (scrolled(visit.say("管护预算，可滚动", "Budgets; scrolls"), &table(&visit, &rows, &sums)))
                (ways(&visit, rows.len(), previous.as_deref(), next.as_deref()))
            }
        }
        (print::below(&visit))
    };
    let title = format!("{year}{}", visit.say(" 管护经费", ": money for upkeep"));
    let shown = Page {
        place: Some(Place::Budgets),
        beside: doings(&visit, year),
        ..Page::new(title, body)
    };
    Ok(page(&visit, &around, shown))
}

fn doings(visit: &Visit, year: i32) -> Markup {
    let of_year = year.to_string();
    html! {
        @if visit.may(Action::SetBudget) {
            a.btn.go href=(at("/budgets/new", [("year", of_year.as_str())])) { (icon(Icon::Add)) (visit.say("安排预算", "Set money aside")) }
            a.btn href=(at("/budgets/copy", [("year", of_year.as_str())])) { (visit.say("复制上年", "Copy last year")) }
            a.btn href="/imports/new?kind=budgets" { (visit.say("导入", "Import")) }
        }
        a.btn href="/funds" { (visit.say("管护资金", "Funds")) }
        a.btn href=(at("/budgets/costs", [("year", of_year.as_str())])) { (visit.say("单位成本", "Unit costs")) }
        @if visit.may(Action::ExportRows) {
            a.btn download href="/budgets.xlsx" { (visit.say("导出 Excel", "Export Excel")) }
        }
        (print::button(visit))
    }
}

/// What the budgets come to.
fn strip(visit: &Visit, sums: &BudgetSums, lacking: Option<&Lacking>, year: i32) -> Markup {
    let used = sums.spent.fen().saturating_add(sums.committed.fen());
    let figure = |label: &str, amount: Money| {
        html! { div { h2 { (label) } p.fig { (super::parts::ten_thousands(amount)) small { (visit.say("万元", "10,000 yuan")) } } } }
    };
    let of_year = year.to_string();
    html! {
        div.strip {
            (figure(visit.say("预算", "Set aside"), sums.set_aside))
            div {
                h2 { (visit.say("已支出", "Spent")) }
                p.fig { (super::parts::ten_thousands(sums.spent)) small { (visit.say("万元", "10,000 yuan")) } }
                (bar(used, sums.set_aside.fen(), false))
            }
            (figure(visit.say("已预占", "Committed"), sums.committed))
            (figure(visit.say("余额", "Left"), sums.remaining))
            @if let Some(lacking) = lacking {
                a href=(at("/budgets/unfunded", [("year", of_year.as_str())])) {
                    h2 { (visit.say("没钱管的公益资产", "Public assets without money")) }
                    p.fig { (told_n(lacking.n)) small { (visit.say("项", "")) } }
                }
            }
        }
    }
}

/// A number that is counted up to a bound.
fn told_n(n: u64) -> String {
    let more = if n >= limits::LIST_COUNTED { "+" } else { "" };
    format!("{}{more}", grouped(i64::try_from(n).unwrap_or(i64::MAX)))
}

/// Public assets for which nothing is set aside.
struct Lacking {
    n: u64,
    first: Vec<asset::Model>,
    places: Places,
}

impl Lacking {
    async fn of(read: &Read<'_>, visit: &Visit, of: (AreaCode, i32)) -> Result<Lacking> {
        let first = read.unfunded_assets(of, None, limits::UNFUNDED_SHOWN).await?;
        let n = if first.is_empty() { 0 } else { read.n_unfunded(of.0, of.1).await? };
        let mut places = Places::new(visit.today);
        places.learn(read, first.iter().map(|row| row.area_code)).await?;
        Ok(Lacking { n, first, places })
    }
}

fn lacking_part(visit: &Visit, lacking: &Lacking, year: i32) -> Markup {
    let of_year = year.to_string();
    html! {
        section.card.mt {
            header {
                h2 { (visit.say("没钱管", "Nothing set aside")) " " span.mut { (told_n(lacking.n)) (visit.say(" 项公益资产没有预算", " public assets have no budget")) } }
                a href=(at("/budgets/unfunded", [("year", of_year.as_str())])) { (visit.say("全部", "All")) }
            }
            (scrolled(visit.say("没钱管的资产", "Assets without money"), &lacking_table(visit, &lacking.first, &lacking.places, year)))
        }
    }
}

fn lacking_table(visit: &Visit, rows: &[asset::Model], places: &Places, year: i32) -> Markup {
    let (kind, amount) = (visit.say("类型", "Kind"), visit.say("数量", "Quantity"));
    let of_year = year.to_string();
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("资产", "Asset")) }
                th scope="col" { (kind) }
                th.num scope="col" { (amount) }
                th scope="col" { (visit.say("经费", "Money")) }
            } }
            tbody { @for row in rows { tr {
                th scope="row" {
                    a.b href={ "/assets/" (row.code) "/funding" } { (row.name) }
                    small { (places.path_below(row.area_code, Some(visit.area()))) }
                }
                td data-l=(kind) { (row.subclass.map_or("—", |kind| visit.text(kind.label()))) }
                td.num data-l=(amount) { @if let (Some(quantity), Some(unit)) = (row.quantity, row.unit) { (quantity.decimal().normalize()) " " (visit.text(unit.label())) } @else { "—" } }
                td data-l=(visit.say("经费", "Money")) {
                    div {
                        (badge(Tone::Bad, visit.say("没钱管", "no money"))) " "
                        @if visit.may(Action::SetBudget) { a href=(at("/budgets/new", [("asset", row.code.as_str()), ("year", of_year.as_str())])) { (visit.say("安排", "set aside")) } }
                    }
                }
            } } }
        }
    }
}

fn filters(visit: &Visit, year: i32) -> Markup {
    let labelled = |name: &'static str, label: &str, control: &Markup| {
        field(&Field { name, label, hint: "", mistake: None, is_required: false }, control)
    };
    html! {
        form.filters action="/budgets" {
            (labelled("year", visit.say("年度", "Year"), &html! {
                input #f-year name="year" inputmode="numeric" maxlength="9" value=(year);
            }))
            (labelled("source", visit.say("资金来源", "Source"), &choice(
                "source",
                Some(visit.say("全部", "all")),
                coded(&visit.manner, Source::CHOICES),
                word(visit, "source"),
            )))
            (labelled("kind", visit.say("资产类型", "Kind of asset"), &choice(
                "kind",
                Some(visit.say("全部", "all")),
                coded(&visit.manner, asset::Subclass::CHOICES),
                word(visit, "kind"),
            )))
            @if !word(visit, "area").is_empty() { input type="hidden" name="area" value=(word(visit, "area")); }
            div.row {
                button.btn.go { (visit.say("查询", "Show")) }
                a.btn.link href="/budgets" { (visit.say("重置", "Reset")) }
            }
        }
    }
}

fn none(visit: &Visit) -> Markup {
    let may = visit.may(Action::SetBudget);
    let words = visit.say(
        "没有这样的管护预算。先登记管护资金，再从中安排预算。",
        "There is no such budget. First register a fund, then set money of it aside.",
    );
    nothing(words, may.then(|| ("/budgets/new", visit.say("安排预算", "Set money aside"))))
}

/// What a budget is for: the asset, or its place and kind.
fn target(visit: &Visit, row: &Row) -> Markup {
    let (budget, place) = (&row.budget, &row.place);
    html! {
        a.b href={ "/budgets/" (budget.id) } {
            @match (&row.asset, budget.asset_id, budget.subclass) {
                (Some(asset), ..) => { (asset.name) }
                (None, Some(id), _) => { (visit.say("资产 ", "asset ")) (id) }
                (None, None, Some(kind)) => { (place) (visit.say("：", ": ")) (visit.text(kind.label())) }
                (None, None, None) => { (place) (visit.say("：全部", ": all")) }
            }
        }
        small {
            @if row.asset.is_some() { (place) span.s {} }
            (visit.text(budget.source.label()))
        }
    }
}

/// What is spent and committed, as a bar.
pub(super) fn used_bar(budget: &Model) -> Markup {
    let used = used(budget).fen();
    bar(used, budget.set_aside.fen().max(1), used > budget.set_aside.fen())
}

fn table(visit: &Visit, rows: &[Row], sums: &BudgetSums) -> Markup {
    let heads = [
        visit.say("需求（按标准）", "Needed (by standard)"),
        visit.say("预算", "Set aside"),
        visit.say("已用", "Used"),
        visit.say("余额", "Left"),
        visit.say("缺口", "Gap"),
    ];
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("村 / 资产 · 来源", "Place / asset · source")) }
                @for head in heads { th.num scope="col" { (head) } }
            } }
            tbody { @for row in rows {
                @let budget = &row.budget;
                tr {
                    th scope="row" { (target(visit, row)) }
                    td.num data-l=(heads[0]) { @match row.needed { Some(needed) => { (yuan(needed)) } None => { span.mut { "—" } } } }
                    td.num data-l=(heads[1]) { (yuan(budget.set_aside)) }
                    td.num data-l=(heads[2]) { div { (yuan(used(budget))) (used_bar(budget)) } }
                    td.num data-l=(heads[3]) { @if budget.remaining.is_negative() { span.t-bad { (yuan(budget.remaining)) } } @else { (yuan(budget.remaining)) } }
                    td.num data-l=(heads[4]) { @match row.gap() { Some(gap) => { span.t-bad { (yuan(gap)) } } None => { span.mut { "—" } } } }
                }
            } }
            tfoot { tr {
                th scope="row" colspan="2" { (visit.say("本年合计", "All of the year")) " " span.mut { (sums.n) (visit.say(" 笔", "")) } }
                td.num { (yuan(sums.set_aside)) }
                td.num { (yuan(Money::from_sum(sums.spent.fen().saturating_add(sums.committed.fen())))) }
                td.num { (yuan(sums.remaining)) }
                td {}
            } }
        }
    }
}

/// The way to the pages around one of a list.
pub(super) fn ways(visit: &Visit, n: usize, previous: Option<&str>, next: Option<&str>) -> Markup {
    html! {
        nav.pager aria-label=(visit.say("翻页", "Pages")) {
            span { (visit.say("本页 ", "This page: ")) (n) (visit.say(" 项", "")) }
            ul {
                @if let Some(previous) = previous {
                    li { a rel="prev" href=(visit.with(&[("after", ""), ("before", previous)])) { (visit.say("上一页", "Previous page")) } }
                }
                @if let Some(next) = next {
                    li { a rel="next" href=(visit.with(&[("before", ""), ("after", next)])) { (visit.say("下一页", "Next page")) } }
                }
            }
        }
    }
}

/// A place in the list of assets without money: area and id.
fn place_in(text: &str) -> Option<(AreaCode, AssetId)> {
    let (area, id) = text.split_once('-')?;
    Some((area.parse().ok()?, AssetId(id.parse().ok()?)))
}

async fn unfunded(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let year = year_of(&visit);
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let area = read.area_within(super::setting::area_named(word(&visit, "area"))?).await?;
    let limit = visit.rows;
    let mut rows =
        read.unfunded_assets((area, year), place_in(word(&visit, "after")), limit + 1).await?;
    let is_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| is_more).map(|row| format!("{}-{}", row.area_code, row.id));
    let mut places = Places::new(visit.today);
    places.learn(&read, rows.iter().map(|row| row.area_code)).await?;
    let body = html! {
        p { (visit.say("在册的公益性资产，本年没有为它、为所在村镇的同类资产或全部资产安排预算。", "Public assets on the books for which nothing is set aside this year: neither for them, nor for their kind in their place, nor for all there.")) }
        section.card.mt aria-label=(visit.say("没钱管的资产", "Assets without money")) {
            @if rows.is_empty() { (nothing(visit.say("没有这样的资产。", "There is none."), Some(("/budgets", visit.say("管护预算", "Budgets"))))) }
            @else {
                (scrolled(visit.say("没钱管的资产，可滚动", "Assets without money; scrolls"), &lacking_table(&visit, &rows, &places, year)))
                (ways(&visit, rows.len(), None, next.as_deref()))
            }
        }
    };
    let shown = Page {
        place: Some(Place::Budgets),
        way: way(&visit),
        below: year.to_string(),
        ..Page::new(visit.say("没钱管的公益资产", "Public assets without money"), body)
    };
    Ok(page(&visit, &around, shown))
}

/// The way to a page about a budget.
pub(super) fn way(visit: &Visit) -> Vec<(String, String)> {
    vec![("/budgets".to_owned(), visit.say("管护预算", "Budgets").to_owned())]
}

/// The name of what a budget is for, as plain text.
pub(super) fn target_text(visit: &Visit, row: &Row) -> String {
    match (&row.asset, row.budget.subclass) {
        (Some(asset), _) => asset.name.clone(),
        (None, Some(kind)) => {
            format!("{}{}{}", row.place, visit.say("：", ": "), visit.text(kind.label()))
        }
        (None, None) => format!("{}{}", row.place, visit.say("：全部", ": all")),
    }
}

/// One row, told as the list tells it.
pub(super) async fn told_row(read: &Read<'_>, budget: Model) -> Result<Row> {
    let mut rows = sheet::rows(read, vec![budget]).await?;
    rows.pop().ok_or(crate::error::Error::Conflict)
}

/// The hidden fields of a form about a version.
pub(super) fn of_version(visit: &Visit, version: i64) -> Markup {
    html! { (hidden(&visit.mark)) input type="hidden" name="version" value=(version); }
}

/// Listings of another noun page the same way.
pub(super) fn ways_of<M>(visit: &Visit, listing: &Listing<M>) -> Markup {
    ways(visit, listing.rows.len(), listing.previous.as_deref(), listing.next.as_deref())
}
