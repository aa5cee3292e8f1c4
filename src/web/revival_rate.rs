//! 盘活率: of the area and the areas below it, in a year, and how far the four batches are covered; every
//! number leads to the rows behind it.

use axum::{Router, extract::State, response::Response, routing::get};
use chrono::Datelike;
use entity::area::AreaCode;
use maud::{Markup, html};

use super::{
    budget::year_of,
    frame::{Around, Page, Place, page},
    parts::{Field, choice, field, grouped, nothing, scrolled},
    print,
    revival::RUNNING,
    setting::{area_named, words},
    visit::{Visit, at},
};
use crate::{
    app::{
        place::Places,
        revival::rate::{Line, Part, Rate, rate},
    },
    domain::revival::Sum,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/revivals/rate", get(show))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let word = words(&visit, &["year", "area"])?;
    let (year, area) = (year_of(&visit), area_named(word("area"))?);
    let around = Around::of(&state, &visit).await?;
    let told = rate(&state.ledger, &visit.actor, (area, Some(year))).await?;
    let mut places = Places::new(visit.today);
    let areas = told.lines.iter().map(|line| line.area).chain([told.area]);
    places.learn(&state.ledger.read(&visit.actor), areas).await?;
    let name = places.name(told.area);
    let body = html! {
        (print::above(&visit, visit.say("闲置低效资产盘活率", "Rate of revival"), &name, visit.say("金额单位：元", "Amounts in yuan")))
        (filters(&visit, year, area))
        p.mt.mut { (visit.say(
            "盘活率＝〔（盘活金额÷需盘活金额）＋（盘活数量÷需盘活总数）〕÷2×100%。需盘活＝当年已盘活＋年末仍闲置低效的（当年算到今天）；没有方案就重新使用的不算在内。",
            "The rate is the mean of the share by value and the share by number. What needed it is what was brought back into use in the year and what still lay idle or yielded little at its end (today, of this year); what came back without a plan is not counted.",
        )) }
        section.card.mt aria-label=(visit.say("盘活率", "Rate of revival")) {
            @if told.whole.needed().n == 0 && told.whole.running.n == 0 { (nothing(visit.say("这一年没有需要盘活的资产。", "Nothing needed it in that year."), Some(("/revivals", visit.say("资产盘活", "Revivals"))))) }
            @else { (scrolled(visit.say("盘活率，可滚动", "Rate of revival; scrolls"), &table(&visit, &told, &places))) }
        }
        section.card.mt {
            header { h2 { (visit.say("四个一批", "The four batches")) } }
            (scrolled(visit.say("四个一批，可滚动", "The four batches; scrolls"), &batches(&visit, &told)))
        }
        (print::below(&visit))
    };
    let shown = Page {
        place: Some(Place::Revivals),
        way: vec![("/revivals".to_owned(), visit.say("资产盘活", "Revivals").to_owned())],
        below: format!("{name} · {year}"),
        beside: print::button(&visit),
        ..Page::new(visit.say("盘活率", "Rate of revival"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn filters(visit: &Visit, year: i32, area: Option<AreaCode>) -> Markup {
    let this = visit.today.year();
    let years = (0..limits::REVIVAL_YEARS).map(|ago| (this - ago).to_string());
    let years = years.map(|year| (year.clone(), year));
    let label = visit.say("年度", "Year");
    html! {
        form.filters.card action="/revivals/rate" {
            (field(&Field { name: "year", label, hint: "", mistake: None, is_required: false }, &choice("year", None, years, &year.to_string())))
            @if let Some(area) = area { input type="hidden" name="area" value=(area); }
            div.row { button.btn.go { (visit.say("查询", "Show")) } }
        }
    }
}

/// A number and an amount, leading to the rows behind them; a dash where there are none.
fn sum(sum: Sum, way: &str) -> Markup {
    html! {
        @if sum.n == 0 { span.mut { "0" } }
        @else { a href=(way) { (grouped(sum.n)) } small { (sum.value.grouped()) } }
    }
}

/// The rate, with two decimals.
fn percent(visit: &Visit, line: &Line) -> Markup {
    html! {
        @match line.rate_bp() {
            Some(points) => { b { (points / 100) "." (format!("{:02}", points % 100)) "%" } }
            None if line.needed().n > 0 => { span.mut { (visit.say("没有原值", "no value")) } }
            None => { span.mut { "—" } }
        }
    }
}

fn table(visit: &Visit, told: &Rate, places: &Places) -> Markup {
    let is_past = told.year < visit.today.year();
    let heads = [
        visit.say("需盘活", "Needed"),
        visit.say("当年已盘活", "Brought back in the year"),
        visit.say("年后盘活", "Brought back later"),
        visit.say("仍待盘活", "Still idle"),
        visit.say("盘活率", "Rate"),
        visit.say("在办方案", "Plans that run"),
        visit.say("逾期", "Late"),
    ];
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("区划", "Area")) }
                @for (place, head) in heads.iter().enumerate() { @if place != 2 || is_past { th.num scope="col" { (head) } } }
            } }
            tbody { @for line in &told.lines { (row(visit, told, (line, &places.name(line.area)), &heads, is_past)) } }
            tfoot { (row(visit, told, (&told.whole, visit.say("合计", "Total")), &heads, is_past)) }
        }
    }
}

fn row(
    visit: &Visit,
    told: &Rate,
    (line, name): (&Line, &str),
    heads: &[&str; 7],
    is_past: bool,
) -> Markup {
    let (area, year) = (line.area.to_string(), told.year.to_string());
    let (until, next) = (told.until.to_string(), format!("{}-01-01", told.year + 1));
    let yesterday = visit.today.pred_opt().unwrap_or(visit.today).to_string();
    let plans = |more: &[(&str, &str)]| {
        let area = [("area", area.as_str()), ("sort", "place")];
        at("/revivals", area.into_iter().chain(more.iter().copied()))
    };
    let open = [("area", area.as_str()), ("standing", "yes"), ("needed_on", until.as_str())];
    let later = [("state", "closed"), ("ended_from", next.as_str()), ("needed_to", until.as_str())];
    let (needed, is_whole) = (line.needed(), line.area == told.area);
    html! {
        tr {
            th scope="row" {
                @if is_whole || line.area.level() == entity::area::Level::Village { (name) }
                @else { a href=(at("/revivals/rate", [("area", area.as_str()), ("year", year.as_str())])) { (name) } }
            }
            td.num data-l=(heads[0]) { div { (grouped(needed.n)) small { (needed.value.grouped()) } } }
            td.num data-l=(heads[1]) { div { (sum(line.revived, &plans(&[("state", "closed"), ("ended_year", &year)]))) } }
            @if is_past { td.num data-l=(heads[2]) { div { (sum(line.later, &plans(&later))) } } }
            td.num data-l=(heads[3]) { div { (sum(line.open, &at("/assets", open))) } }
            td.num data-l=(heads[4]) { (percent(visit, line)) }
            td.num data-l=(heads[5]) { div { (sum(line.running, &plans(&[("state", RUNNING)]))) } }
            td.num data-l=(heads[6]) { div { (sum(line.late, &plans(&[("state", RUNNING), ("target_to", &yesterday)]))) } }
        }
    }
}

fn batches(visit: &Visit, told: &Rate) -> Markup {
    let heads = [
        visit.say("在办", "Running"),
        visit.say("逾期", "Late"),
        visit.say("当年已盘活", "Brought back in the year"),
        visit.say("当年终止", "Ended in the year"),
    ];
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("批次", "Batch")) }
                @for head in heads { th.num scope="col" { (head) } }
            } }
            tbody { @for part in &told.parts { (batch(visit, told, part, heads)) } }
        }
        p.pad.mut.sm {
            (visit.say("有在办方案的占仍待盘活的：", "Plans that run, of what still lies idle: "))
            b { (grouped(told.whole.running.n)) " / " (grouped(told.whole.open.n)) }
        }
    }
}

fn batch(visit: &Visit, told: &Rate, part: &Part, heads: [&str; 4]) -> Markup {
    let (area, year) = (told.area.to_string(), told.year.to_string());
    let yesterday = visit.today.pred_opt().unwrap_or(visit.today).to_string();
    let plans = |more: &[(&str, &str)]| {
        let own = [("area", area.as_str()), ("sort", "place"), ("batch", part.batch.code())];
        at("/revivals", own.into_iter().chain(more.iter().copied()))
    };
    html! {
        tr {
            th scope="row" { (visit.text(part.batch.label())) }
            td.num data-l=(heads[0]) { div { (sum(part.running, &plans(&[("state", RUNNING)]))) } }
            td.num data-l=(heads[1]) { div { (sum(part.late, &plans(&[("state", RUNNING), ("target_to", &yesterday)]))) } }
            td.num data-l=(heads[2]) { div { (sum(part.closed, &plans(&[("state", "closed"), ("ended_year", &year)]))) } }
            td.num data-l=(heads[3]) { div { (sum(part.ended, &plans(&[("state", "ended"), ("ended_year", &year)]))) } }
        }
    }
}
