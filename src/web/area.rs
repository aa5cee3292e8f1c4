//! Areas: the tree a level at a time, and one of them with its names over time, what was merged into
//! it, and what lies in it.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::{
    area::{self, AreaCode, Level, Model},
    log::Action,
    organization,
};
use maud::{Markup, html};

use super::{
    account::pages,
    frame::{Around, Page, Place, page},
    parts::{Tone, badge, done, fact, grouped, nothing, scrolled},
    visit::{Visit, at},
};
use crate::{
    app::{
        place::Places,
        report::{self, Outline},
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
    store::{
        Read,
        list::{List, Listing},
    },
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/areas", get(own)).route("/admin/areas/{code}", get(show))
}

/// The page of an area.
pub(super) fn path(code: AreaCode) -> String {
    format!("/admin/areas/{code}")
}

async fn own(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    drawn(&state, &visit, visit.area()).await
}

async fn show(
    State(state): State<AppState>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let none = |_| Error::NotFound(entity::language::Label::new("区划", "area"));
    drawn(&state, &visit, code.parse().map_err(none)?).await
}

/// What lies directly below an area: closed parts too, unless the address says otherwise.
async fn parts(
    read: &Read<'_>,
    visit: &Visit,
    code: AreaCode,
    is_known: bool,
) -> Result<Listing<Model>> {
    let said = visit.query.iter().filter(|(word, _)| word != "done");
    let said: Vec<(&str, &str)> = said.map(|(word, value)| (&**word, &**value)).collect();
    let list = async |word: &'static str, value: String| {
        let words = said.iter().copied().chain([(word, value.as_str())]);
        let mut list = List::<area::Entity>::read(words)?;
        list.area = Some(code);
        list.limit = limits::PAGE_ROWS_USUAL;
        read.list(&list).await
    };
    if is_known {
        return list("parent", code.to_string()).await;
    }
    // nobody brought in what is at the top: its parts are the highest that are known
    for level in [Level::Province, Level::Prefecture, Level::County] {
        let found = list("level", level.code().to_owned()).await?;
        if !found.rows.is_empty() {
            return Ok(found);
        }
    }
    list("level", Level::County.code().to_owned()).await
}

async fn drawn(state: &AppState, visit: &Visit, code: AreaCode) -> Result<Response, Fault> {
    let read = state.ledger.read(&visit.actor);
    let names = match read.area_history(code).await {
        Ok(names) => names,
        // one's own area is there whether or not it was brought in
        Err(Error::NotFound(_)) if code == visit.area() => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let around = Around::of(state, visit).await?;
    let merged = read.areas_merged_into(code).await?;
    let listing = parts(&read, visit, code, !names.is_empty()).await?;
    let is_open = names.last().is_none_or(|last| last.valid_until.is_none());
    let outline = if is_open {
        Some(report::outline(&state.ledger, &visit.actor, Some(code)).await?)
    } else {
        None
    };
    let bodies = bodies(&read, code, &listing.rows).await?;
    let mut places = Places::new(visit.today);
    let successors = listing.rows.iter().chain(&names).filter_map(|row| row.successor_code);
    places.learn(&read, successors.chain([code])).await?;
    let name = names.last().map_or_else(|| places.name(code), |last| last.name.clone());
    let body = html! {
        @if let Some(said) = said(visit) { (done(said)) }
        section.card { (facts(visit, (code, &names), outline.as_ref(), &places)) }
        @if names.len() > 1 || !merged.is_empty() { section.card.mt { (over_time(visit, &names, &merged)) } }
        section.card.mt {
            header { h2 { (visit.say("下级区划", "Its parts")) } }
            @if listing.rows.is_empty() {
                (nothing(visit.say("没有下级区划。", "It has no parts."), None))
            } @else {
                (table(visit, &listing.rows, outline.as_ref(), &bodies, &places))
                (pages(visit, listing.next.as_deref()))
            }
        }
    };
    let shown = Page {
        place: Some(Place::Areas),
        way: way(visit, code, &read).await?,
        below: format!(
            "{code} · {}",
            visit.text(names.last().map_or(code.level(), |row| row.level).label())
        ),
        beside: beside(visit, code, is_open && !names.is_empty()),
        ..Page::new(name, body)
    };
    Ok(page(visit, &around, shown))
}

fn said(visit: &Visit) -> Option<&'static str> {
    let (_, what) = visit.query.iter().find(|(word, _)| word == "done")?;
    Some(match what.as_str() {
        "renamed" => visit.say("已更名，旧名保留在下面", "Renamed; the former name stays below"),
        _ => visit.say("已合并，资产和账号已随之转入", "Merged; what lay there has moved here"),
    })
}

/// The way from one's own area down to another.
pub(super) async fn way(
    visit: &Visit,
    code: AreaCode,
    read: &Read<'_>,
) -> Result<Vec<(String, String)>> {
    let mut above: Vec<AreaCode> =
        code.above().filter(|one| visit.area().covers(one) && *one != visit.area()).collect();
    above.reverse();
    let mut places = Places::new(visit.today);
    places.learn(read, above.iter().copied()).await?;
    let mut way = Vec::new();
    if code != visit.area() {
        way.push(("/admin/areas".to_owned(), visit.say("区划", "Areas").to_owned()));
        way.extend(above.into_iter().map(|one| (path(one), places.name(one))));
    }
    Ok(way)
}

fn beside(visit: &Visit, code: AreaCode, is_open: bool) -> Markup {
    html! {
        @if is_open && visit.may(Action::RenameArea) { a.btn href={ (path(code)) "/rename" } { (visit.say("更名", "Rename")) } }
        @if is_open && visit.may(Action::MergeArea) { a.btn href={ (path(code)) "/merge" } { (visit.say("并入另一区划", "Merge into another")) } }
        @if visit.may(Action::ImportAreas) { a.btn href="/imports/new" { (visit.say("导入区划", "Import areas")) } }
    }
}

/// Organizations by part, where the parts are those of one county: above it they would be counted
/// one by one.
async fn bodies(read: &Read<'_>, code: AreaCode, rows: &[Model]) -> Result<HashMap<String, i64>> {
    let digits = rows.iter().map(|row| row.area_code.stem().len()).max();
    match digits.filter(|_| code.level() >= Level::County) {
        Some(digits) => read.n_by_digits::<organization::Entity>(code, digits).await,
        None => Ok(HashMap::new()),
    }
}

fn facts(
    visit: &Visit,
    (code, names): (AreaCode, &[Model]),
    outline: Option<&Outline>,
    places: &Places,
) -> Markup {
    let last = names.last();
    let area = code.to_string();
    html! {
        dl.desc {
            (fact(visit.say("区划代码", "Code"), &html! { (code) }))
            (fact(visit.say("状态", "State"), &html! { @match last {
                Some(row) => (state(visit, row, false, places)),
                None => { span.mut { (visit.say("未导入", "not brought in")) } },
            } }))
            @if let Some(outline) = outline {
                (fact(visit.say("在册资产", "Assets"), &html! { a href=(at("/assets", [("area", area.as_str())])) { (grouped(outline.all.n)) } }))
                (fact(visit.say("问题", "Findings"), &html! { a href=(at("/findings", [("area", area.as_str())])) { (grouped(outline.n_found())) } }))
            }
            @if let Some(from) = last.and_then(|row| row.valid_from) { (fact(visit.say("本名启用", "This name since"), &html! { (from) })) }
            @if visit.may(Action::ReadAccounts) {
                (fact(visit.say("账号", "Accounts"), &html! { a href=(at("/admin/accounts", [("area", area.as_str())])) { (visit.say("看这里的账号", "those of this area")) } }))
            }
        }
    }
}

/// Whether an area is there now; what became of it where it is not.
fn state(visit: &Visit, row: &Model, is_renamed: bool, places: &Places) -> Markup {
    let Some(until) = row.valid_until else {
        return badge(Tone::Good, visit.say("现行", "valid"));
    };
    html! {
        @match row.successor_code {
            Some(into) => {
                (badge(Tone::Idle, visit.say("已并入", "merged into"))) " "
                // what lies outside one's area has no name here
                @if visit.area().covers(&into) { a href=(path(into)) { (places.name(into)) } } @else { (into) }
            }
            None if is_renamed => { (badge(Tone::Idle, visit.say("曾用名", "former name"))) }
            None => { (badge(Tone::Idle, visit.say("已撤销", "closed"))) }
        }
        small { (visit.say("至 ", "until ")) (until) }
    }
}

/// Its names one after another, and what was merged into it.
fn over_time(visit: &Visit, names: &[Model], merged: &[Model]) -> Markup {
    let day =
        |day: Option<chrono::NaiveDate>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
    html! {
        header { h2 { (visit.say("沿革", "Over time")) } }
        ol.tl {
            @for row in names.iter().rev() {
                li { time { (day(row.valid_from)) " – " (day(row.valid_until)) } b { (row.name) } }
            }
            @for row in merged {
                li { time { (day(row.valid_until)) } a href=(path(row.area_code)) { (row.name) } " " span.mut { (row.area_code) } (visit.say(" 并入", " was merged into it")) }
            }
        }
    }
}

fn table(
    visit: &Visit,
    rows: &[Model],
    outline: Option<&Outline>,
    bodies: &HashMap<String, i64>,
    places: &Places,
) -> Markup {
    let heads = [visit.say("名称 / 代码", "Name / code"), visit.say("状态", "State")];
    let counts = [visit.say("在册资产", "Assets"), visit.say("单位", "Organizations")];
    let assets = |code: AreaCode| {
        let part = outline.and_then(|told| told.parts.iter().find(|part| part.area == code));
        part.map_or(0, |part| part.all.n)
    };
    let is_renamed = |row: &Model| {
        let same = |other: &&Model| other.area_code == row.area_code && other.id != row.id;
        rows.iter().filter(same).any(|other| other.valid_from > row.valid_until)
    };
    let table = html! {
        table.cards {
            thead { tr {
                @for head in heads { th scope="col" { (head) } }
                @for head in counts { th.num scope="col" { (head) } }
            } }
            tbody { @for row in rows { @let is_present = row.valid_until.is_none(); tr {
                th scope="row" { a.b href=(path(row.area_code)) { (row.name) } small { (row.area_code) } }
                td data-l=(heads[1]) { (state(visit, row, is_renamed(row), places)) }
                td.num data-l=(counts[0]) { @if is_present { (grouped(assets(row.area_code))) } @else { span.mut { "—" } } }
                td.num data-l=(counts[1]) {
                    @match bodies.get(row.area_code.stem()).filter(|_| is_present) {
                        Some(n) => { (grouped(*n)) }
                        None => { span.mut { "—" } }
                    }
                }
            } } }
        }
    };
    scrolled(visit.say("下级区划", "Its parts"), &table)
}
