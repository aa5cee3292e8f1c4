//! Stock-takes: those there are, one of them, and how an asset was counted last.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::{
    area::AreaCode,
    id::{AccountId, StockTakeId},
    stock_line::{self, Outcome},
    stock_take::{Entity, Model, State as Stage},
};
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    parts::{
        Field, Tone, badge, bar, choice, coded, done, fact, field, grouped, instant, note, nothing,
        scrolled,
    },
    visit::{Visit, at},
};
use crate::{
    app::{place::Places, stock_take::is_as_signed},
    domain::{mistake::Mistakes, permission::Action},
    error::Result,
    http::{AppState, fault::Fault},
    limits,
    store::{
        Read,
        list::{List, Listing},
    },
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/stock-takes", get(list)).route("/stock-takes/{id}", get(one))
}

/// What the address says of something.
pub(super) fn word<'a>(visit: &'a Visit, name: &str) -> &'a str {
    let found = visit.query.iter().find(|(word, _)| word == name);
    found.map_or("", |(_, value)| value.as_str())
}

/// The way to a page about stock-takes.
pub(super) fn way(visit: &Visit) -> Vec<(String, String)> {
    vec![("/stock-takes".to_owned(), visit.say("资产盘点", "Stock-takes").to_owned())]
}

/// How far a stock-take has come.
pub(super) fn stage(visit: &Visit, row: &Model) -> Markup {
    let tone = match row.state {
        Stage::Counting => Tone::Warning,
        Stage::Signed => Tone::Good,
        Stage::Superseded => Tone::Idle,
    };
    badge(tone, visit.text(row.state.label()))
}

/// A stock-take by what the address says.
pub(super) async fn found(state: &AppState, visit: &Visit, id: &str) -> Result<Model> {
    // what is no number names no stock-take
    let id = StockTakeId(id.parse().unwrap_or(0));
    state.ledger.read(&visit.actor).get::<Entity>(id).await
}

/// What a stock-take is called.
pub(super) fn named(visit: &Visit, row: &Model, places: &Places) -> String {
    let (year, name) = (row.year, places.name(row.area_code));
    match visit.language {
        entity::language::Language::Chinese => format!("{name} {year} 年度资产盘点"),
        entity::language::Language::English => format!("Stock-take of {name}, {year}"),
    }
}

fn asked(visit: &Visit) -> Result<List<Entity>> {
    let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let said = said.filter(|(word, value)| *word != "before" && !value.trim().is_empty());
    let mut list = List::read(said)?;
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
    let mut places = Places::new(visit.today);
    places.learn(&read, listing.rows.iter().map(|row| row.area_code)).await?;
    let body = html! {
        section.card aria-label=(visit.say("资产盘点", "Stock-takes")) {
            (filters(&visit))
            @if listing.rows.is_empty() { (none(&visit)) }
            @else {
                (scrolled(visit.say("资产盘点，可滚动", "Stock-takes; scrolls"), &table(&visit, &listing.rows, &places)))
                (ways(&visit, &listing))
            }
        }
    };
    let shown = Page {
        place: Some(Place::StockTakes),
        beside: html! {
            a.btn href="/stock-takes/progress" { (visit.say("盘点进度", "Progress")) }
            @if visit.may(Action::OpenStockTake) {
                a.btn.go href="/stock-takes/new" { (icon(Icon::Add)) (visit.say("开始盘点", "Open one")) }
            }
        },
        ..Page::new(visit.say("资产盘点", "Stock-takes"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn none(visit: &Visit) -> Markup {
    if visit.query.iter().any(|(_, value)| !value.is_empty()) {
        let way = ("/stock-takes", visit.say("看全部盘点", "All stock-takes"));
        return nothing(
            visit.say("没有符合条件的盘点。", "No stock-take is like that."),
            Some(way),
        );
    }
    let way = visit
        .may(Action::OpenStockTake)
        .then(|| ("/stock-takes/new", visit.say("开始第一次", "Open the first one")));
    nothing(visit.say("还没有盘点。", "There is no stock-take yet."), way)
}

fn filters(visit: &Visit) -> Markup {
    let shape = |name, label| Field { name, label, hint: "", mistake: None, is_required: false };
    let state = choice(
        "state",
        Some(visit.say("全部", "all")),
        coded(&visit.manner, Stage::CHOICES),
        word(visit, "state"),
    );
    html! {
        form.filters action="/stock-takes" {
            (field(&shape("year", visit.say("年度", "Year")), &html! {
                input #f-year name="year" inputmode="numeric" maxlength="4" value=(word(visit, "year"));
            }))
            (field(&shape("state", visit.say("状态", "State")), &state))
            div.row {
                button.btn.go { (visit.say("查询", "Show")) }
                a.btn.link href="/stock-takes" { (visit.say("重置", "Reset")) }
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

/// What the numbers of stock-takes are called.
pub(super) fn numbers(visit: &Visit) -> [&'static str; 5] {
    [
        visit.say("应有", "Expected"),
        visit.say("相符", "Found"),
        visit.say("盘亏", "Missing"),
        visit.say("状态不符", "Changed"),
        visit.say("盘盈", "Not on the ledger"),
    ]
}

fn table(visit: &Visit, rows: &[Model], places: &Places) -> Markup {
    let heads = numbers(visit);
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("村", "Place")) }
                th scope="col" { (visit.say("年度", "Year")) }
                @for head in heads { th.num scope="col" { (head) } }
                th scope="col" { (visit.say("签认", "Signed")) }
                th scope="col" { (visit.say("状态", "State")) }
            } }
            tbody { @for row in rows { tr {
                th scope="row" { a.b href={ "/stock-takes/" (row.id) } { (places.path_below(row.area_code, Some(visit.area()))) } }
                td data-l=(visit.say("年度", "Year")) { (row.year) }
                @for (head, n) in heads.into_iter().zip(of(row)) { td.num data-l=(head) { (grouped(n)) } }
                td data-l=(visit.say("签认", "Signed")) { @match row.signed_on { Some(on) => { (on) } None => { "—" } } }
                td data-l=(visit.say("状态", "State")) { (stage(visit, row)) }
            } } }
        }
    }
}

/// The numbers of a stock-take, in the order in which they are told.
pub(super) fn of(row: &Model) -> [i64; 5] {
    [row.n_expected, row.n_found, row.n_missing, row.n_changed, row.n_unexpected].map(i64::from)
}

/// What was done, by the word that the form led here with.
fn said(visit: &Visit) -> Option<&'static str> {
    Some(match word(visit, "done") {
        "open" => visit.say(
            "已开始：范围已按今天的台账固定",
            "Opened: what it expects is fixed as the ledger says today",
        ),
        "count" => visit.say("已登记", "Counted"),
        "sign" => visit.say("已签认", "Signed"),
        _ => return None,
    })
}

/// Sign-in names of whoever had to do with a stock-take.
pub(super) async fn people(
    read: &Read<'_>,
    ids: impl IntoIterator<Item = Option<AccountId>>,
) -> Result<HashMap<AccountId, String>> {
    let mut ids: Vec<AccountId> = ids.into_iter().flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    read.account_names(ids).await
}

/// One of them; whoever works at the machine itself has no name.
pub(super) fn name_of(names: &HashMap<AccountId, String>, id: Option<AccountId>) -> &str {
    id.and_then(|id| names.get(&id)).map_or("—", String::as_str)
}

async fn one(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let row = found(&state, &visit, &id).await?;
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let mut places = Places::new(visit.today);
    places.learn(&read, [row.area_code]).await?;
    let after = word(&visit, "after").parse().unwrap_or(0);
    let lines = read.stock_lines(row.id, after, limits::STOCK_LINES_SHOWN).await?;
    let amiss = read.stock_lines_amiss(row.id).await?;
    let ids = lines.iter().chain(&amiss).map(|line| line.counted_by);
    let names = people(&read, ids.chain([row.opened_by, row.signed_by])).await?;
    let is_whole = is_as_signed(&read, &row).await?;
    let path = format!("/stock-takes/{}", row.id);
    let body = html! {
        @if let Some(said) = said(&visit) { (done(said)) }
        (facts(&visit, &row, &names, is_whole))
        @if !amiss.is_empty() {
            (listed(&visit, visit.say("账实不符", "Not as the ledger says"), &amiss, &names))
        }
        (listed(&visit, visit.say("盘点明细", "Line by line"), &lines, &names))
        (turned(&visit, &path, (after, &lines), row.n_expected))
    };
    let title = named(&visit, &row, &places);
    let shown = Page {
        place: Some(Place::StockTakes),
        way: way(&visit),
        below: places.path(row.area_code),
        beside: beside(&visit, &row, &path),
        ..Page::new(title, body)
    };
    Ok(page(&visit, &around, shown))
}

fn beside(visit: &Visit, row: &Model, path: &str) -> Markup {
    let is_open = row.state == Stage::Counting;
    html! {
        (stage(visit, row))
        @if is_open && visit.may(Action::CountStock) {
            a.btn.go href={ (path) "/count" } { (visit.say("登记盘点", "Count")) }
        }
        @if is_open && visit.may(Action::SignStockTake) {
            a.btn href={ (path) "/sign" } { (visit.say("签认", "Sign")) }
        }
        a.btn href={ (path) "/unexpected" } { (visit.say("盘盈", "Not on the ledger")) }
        @if is_open { a.btn href={ (path) "/sheet" } { (icon(Icon::Print)) (visit.say("盘点表", "Counting sheet")) } }
        a.btn href={ (path) "/print" } { (icon(Icon::Print)) (visit.say("结果", "Result")) }
    }
}

fn facts(
    visit: &Visit,
    row: &Model,
    names: &HashMap<AccountId, String>,
    is_whole: Option<bool>,
) -> Markup {
    let counted = i64::from(row.n_expected - row.n_left());
    html! {
        section.card {
            header { h2 { (visit.say("结果", "Result")) } }
            dl.desc {
                @for (name, n) in numbers(visit).into_iter().zip(of(row)) {
                    (fact(name, &html! { (grouped(n)) }))
                }
                (fact(visit.say("已盘", "Counted"), &html! { (grouped(counted)) " / " (grouped(row.n_expected.into())) (bar(counted, row.n_expected.into(), false)) }))
                (fact(visit.say("开始", "Opened"), &html! { (row.opened_on) " " span.mut { (name_of(names, row.opened_by)) } }))
                @if let Some(on) = row.signed_on {
                    (fact(visit.say("签认", "Signed"), &html! { (on) " " span.mut { (name_of(names, row.signed_by)) } }))
                }
                @if let Some(digest) = &row.digest {
                    (fact(visit.say("结果摘要", "Digest"), &html! { code.sm { (digest) } }))
                }
            }
            @match is_whole {
                Some(true) => { p.pad.mut.sm { (visit.say("已核对：明细与签认时一致。", "Checked: every line is as it was signed.")) } }
                Some(false) => { (note(Tone::Bad, &html! { (visit.say("明细与签认时的摘要不一致，签认后有人改动过数据，请核验台账。", "The lines are not what was signed: something was altered since. Verify the ledger.")) })) }
                None => {}
            }
        }
    }
}

/// How a line was found.
pub(super) fn outcome(visit: &Visit, line: &stock_line::Model) -> Markup {
    match line.outcome {
        None => badge(Tone::Idle, visit.say("未盘", "not counted")),
        Some(Outcome::Found) => html! { (visit.text(Outcome::Found.label())) },
        Some(outcome @ Outcome::Missing) => badge(Tone::Bad, visit.text(outcome.label())),
        Some(outcome @ Outcome::Changed) => html! {
            (badge(Tone::Warning, visit.text(outcome.label())))
            @if let Some(seen) = line.seen_state { " " (visit.text(seen.label())) }
        },
    }
}

fn listed(
    visit: &Visit,
    name: &str,
    lines: &[stock_line::Model],
    names: &HashMap<AccountId, String>,
) -> Markup {
    let table = html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("资产", "Asset")) }
                th scope="col" { (visit.say("账面状态", "On the ledger")) }
                th scope="col" { (visit.say("盘点结果", "Result")) }
                th scope="col" { (visit.say("说明", "Note")) }
                th scope="col" { (visit.say("盘点人、时间", "Counted")) }
            } }
            tbody { @for line in lines { tr {
                th scope="row" { (line.place) ". " a href={ "/assets/" (line.code) } { (line.name) } }
                td data-l=(visit.say("账面状态", "On the ledger")) { (recorded(visit, line)) }
                td data-l=(visit.say("盘点结果", "Result")) { (outcome(visit, line)) }
                td data-l=(visit.say("说明", "Note")) { (line.note.as_deref().unwrap_or("—")) }
                td data-l=(visit.say("盘点人、时间", "Counted")) {
                    @match line.counted_at { Some(at) => { (name_of(names, line.counted_by)) " " (instant(at)) } None => { "—" } }
                }
            } } }
        }
    };
    html! { section.card.mt { header { h2 { (name) } } (scrolled(name, &table)) } }
}

/// How the ledger says that the asset of a line is used.
pub(super) fn recorded(visit: &Visit, line: &stock_line::Model) -> &'static str {
    line.recorded_state.map_or("—", |state| visit.text(state.label()))
}

/// The ways to the lines before and behind those that are shown.
pub(super) fn turned(
    visit: &Visit,
    path: &str,
    (after, lines): (i32, &[stock_line::Model]),
    n: i32,
) -> Markup {
    let shown = i32::try_from(limits::STOCK_LINES_SHOWN).unwrap_or(i32::MAX);
    let last = lines.last().map_or(after, |line| line.place);
    let to = |place: i32| at(path, [("after", &*place.to_string())]);
    html! {
        nav.row.pad.noprint aria-label=(visit.say("翻页", "Pages")) {
            @if after > 0 { a.btn href=(to((after - shown).max(0))) { (visit.say("上一页", "Back")) } }
            @if last < n { a.btn href=(to(last)) { (visit.say("下一页", "On")) } }
        }
    }
}

/// What an asset's card tells of how it was counted last; nothing where it never was.
pub(super) async fn last_of(
    read: &Read<'_>,
    visit: &Visit,
    id: entity::id::AssetId,
) -> Result<Markup> {
    let Some((take, line)) = read.counted_last(id).await? else { return Ok(html! {}) };
    let on = take.signed_on.unwrap_or(take.opened_on);
    Ok(html! {
        h2.pad { (visit.say("最近盘点", "Counted last")) }
        dl.desc {
            (fact(visit.say("结果", "Result"), &outcome(visit, &line)))
            (fact(visit.say("盘点", "Stock-take"), &html! { a href={ "/stock-takes/" (take.id) } { (take.year) (visit.say(" 年度", "")) } " " span.mut { (visit.say("签认于 ", "signed on ")) (on) } }))
            @if let Some(at) = line.counted_at { (fact(visit.say("盘点时间", "Counted at"), &html! { (instant(at)) })) }
            @if let Some(said) = &line.note { (fact(visit.say("说明", "Note"), &html! { (said) })) }
        }
    })
}

/// The area that a form is about first: the one that the address names, else the visitor's own.
pub(super) fn first_area(visit: &Visit) -> AreaCode {
    word(visit, "area").parse().ok().unwrap_or(visit.area())
}
