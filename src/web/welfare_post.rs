//! Welfare posts: who holds them, until when, how much belongs to them; one post with its assets and
//! its months.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::{
    asset, attendance,
    id::{AssetId, WelfarePostId},
    post_asset,
    welfare_post::{Entity, Kind, Model},
};
use maud::{Markup, html};

use super::{
    fields::{Sheet, Typed},
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    parts::{
        Field, Tone, badge, choice, coded, done, fact, field, grouped, mistakes, nothing, scrolled,
        titled,
    },
    visit::{Visit, at},
    welfare_post_form as forms,
};
use crate::{
    app::place::Places,
    domain::{mistake::Mistakes, permission::Action, title::Party},
    error::Result,
    http::{AppState, fault::Fault},
    store::{
        Read,
        list::{List, Listing},
        vault::Named,
    },
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/welfare-posts", get(list)).route("/welfare-posts/{id}", get(one))
}

/// Whether a post is held today.
fn state_badge(visit: &Visit, row: &Model) -> Markup {
    match row.end_reason {
        Some(reason) => badge(Tone::Idle, visit.text(reason.label())),
        None if row.until_on < visit.today => {
            badge(Tone::Idle, visit.say("协议到期", "the agreement is over"))
        }
        None if row.from_on > visit.today => badge(Tone::Idle, visit.say("未开始", "not begun")),
        None => badge(Tone::Good, visit.say("在岗", "held")),
    }
}

fn asked(visit: &Visit) -> Result<List<Entity>> {
    let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let said =
        said.filter(|(word, value)| !["before", "done"].contains(word) && !value.trim().is_empty());
    let mut list = List::read(said)?;
    let before = visit.query.iter().find(|(word, place)| word == "before" && !place.is_empty());
    if let Some((_, place)) = before {
        list.go_back(place).map_err(|mistake| Mistakes(vec![mistake]))?;
    }
    Ok(list)
}

/// What is told beside posts: who holds them, where, and how many assets belong to each.
struct Told {
    holders: HashMap<Party, Named>,
    places: Places,
    n_assets: HashMap<WelfarePostId, i64>,
}

impl Told {
    /// The same few queries, however many rows there are.
    async fn of(read: &Read<'_>, visit: &Visit, rows: &[Model]) -> Result<Told> {
        let holders: Vec<Party> = rows.iter().map(|row| Party::Person(row.person_id)).collect();
        let mut places = Places::new(visit.today);
        places.learn(read, rows.iter().map(|row| row.area_code)).await?;
        let ids: Vec<WelfarePostId> = rows.iter().map(|row| row.id).collect();
        Ok(Told {
            holders: read.parties_masked(&holders).await?,
            places,
            n_assets: read.n_assets_of_posts(&ids, visit.today).await?,
        })
    }

    /// Who holds it; masked.
    fn holder(&self, row: &Model) -> String {
        let named = self.holders.get(&Party::Person(row.person_id));
        named.map_or_else(|| "—".to_owned(), |named| format!("{} {}", named.name, named.phone))
    }
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let list = asked(&visit)?;
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let listing = read.list(&list).await?;
    let told = Told::of(&read, &visit, &listing.rows).await?;
    let body = html! {
        section.card aria-label=(visit.say("公益岗位", "Welfare posts")) {
            (filters(&visit))
            @if listing.rows.is_empty() { (none(&visit)) }
            @else {
                (scrolled(visit.say("公益岗位，可滚动", "Welfare posts; scrolls"), &table(&visit, &listing.rows, &told)))
                (ways(&visit, &listing))
            }
        }
    };
    let shown = Page {
        place: Some(Place::Posts),
        beside: html! { @if visit.may(Action::OpenPost) {
            a.btn.go href="/welfare-posts/new" { (icon(Icon::Add)) (visit.say("聘任", "Give a post")) }
        } },
        ..Page::new(visit.say("公益岗位", "Welfare posts"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn none(visit: &Visit) -> Markup {
    let is_narrowed = visit.query.iter().any(|(_, value)| !value.is_empty());
    if is_narrowed {
        let way = ("/welfare-posts", visit.say("看全部岗位", "All posts"));
        return nothing(visit.say("没有符合条件的岗位。", "No post is like that."), Some(way));
    }
    let way = visit
        .may(Action::OpenPost)
        .then(|| ("/welfare-posts/new", visit.say("聘任第一个", "Give the first one")));
    nothing(visit.say("还没有公益岗位。", "There is no welfare post yet."), way)
}

fn filters(visit: &Visit) -> Markup {
    let word = |name: &str| {
        let found = visit.query.iter().find(|(word, _)| word == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let label = visit.say("岗位类型", "Kind");
    let shape = Field { name: "kind", label, hint: "", mistake: None, is_required: false };
    html! {
        form.filters action="/welfare-posts" {
            (field(&shape, &choice("kind", Some(visit.say("全部", "all")), coded(&visit.manner, Kind::CHOICES), word("kind"))))
            div.row {
                button.btn.go { (visit.say("查询", "Show")) }
                a.btn.link href="/welfare-posts" { (visit.say("重置", "Reset")) }
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

/// How much belongs to a post.
fn extent(visit: &Visit, row: &Model) -> String {
    let length = row.length_km.map(|km| format!("{km} {}", visit.say("公里", "km")));
    let places = row.n_places.map(|n| format!("{n} {}", visit.say("处", "places")));
    let parts: Vec<String> = length.into_iter().chain(places).collect();
    if parts.is_empty() { "—".to_owned() } else { parts.join("、") }
}

/// A table of posts.
fn table(visit: &Visit, rows: &[Model], told: &Told) -> Markup {
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("岗位", "Post")) }
                th scope="col" { (visit.say("在岗人", "Held by")) }
                th scope="col" { (visit.say("区划", "Area")) }
                th scope="col" { (visit.say("范围", "Extent")) }
                th.num scope="col" { (visit.say("管护资产（项）", "Assets")) }
                th.num scope="col" { (visit.say("月报酬（元）", "Monthly pay (yuan)")) }
                th scope="col" { (visit.say("协议到", "Until")) }
                th scope="col" { (visit.say("状态", "State")) }
            } }
            tbody { @for row in rows { tr {
                th scope="row" { a.b href={ "/welfare-posts/" (row.id) } { (visit.text(row.kind.label())) } }
                td data-l=(visit.say("在岗人", "Held by")) { (told.holder(row)) }
                td data-l=(visit.say("区划", "Area")) { (told.places.path_below(row.area_code, Some(visit.area()))) }
                td data-l=(visit.say("范围", "Extent")) { (extent(visit, row)) }
                td.num data-l=(visit.say("管护资产（项）", "Assets")) { (grouped(told.n_assets.get(&row.id).copied().unwrap_or(0))) }
                td.num data-l=(visit.say("月报酬（元）", "Monthly pay (yuan)")) { (row.monthly_pay.grouped()) }
                td data-l=(visit.say("协议到", "Until")) { (row.until_on) }
                td data-l=(visit.say("状态", "State")) { (state_badge(visit, row)) }
            } } }
        }
    }
}

/// The posts that look after an asset, or that somebody has or had; nothing where there are none.
pub(super) async fn posts(read: &Read<'_>, visit: &Visit, rows: &[Model]) -> Result<Markup> {
    if rows.is_empty() {
        return Ok(html! {});
    }
    let told = Told::of(read, visit, rows).await?;
    let name = visit.say("公益岗位", "Welfare posts");
    Ok(html! {
        h2.pad { (name) }
        (scrolled(name, &table(visit, rows, &told)))
    })
}

/// What was done, by the word that the form led here with.
fn said(visit: &Visit) -> Option<&'static str> {
    let (_, word) = visit.query.iter().find(|(word, _)| word == "done")?;
    Some(match word.as_str() {
        "open" => visit.say("已聘任", "The post is given"),
        "amend" => visit.say("已变更", "Amended"),
        "end" => visit.say("已退岗，名下资产已空出", "Ended; its assets fell vacant"),
        "month" => visit.say("考勤考核已登记，等别人核定", "Recorded; somebody else approves it"),
        "approve" => visit.say("报酬已核定", "The pay is approved"),
        _ => return None,
    })
}

async fn one(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let row = found(&state, &visit, &id).await?;
    Ok(drawn(&state, &visit, &row, &Typed::default(), None).await?)
}

/// A post by what the address says.
pub(super) async fn found(state: &AppState, visit: &Visit, id: &str) -> Result<Model> {
    // what is no number names no post
    let id = WelfarePostId(id.parse().unwrap_or(0));
    state.ledger.read(&visit.actor).get::<Entity>(id).await
}

/// The page of a post, with what was typed into a form of it.
pub(super) async fn drawn(
    state: &AppState,
    visit: &Visit,
    row: &Model,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let read = state.ledger.read(&visit.actor);
    let told = Told::of(&read, visit, std::slice::from_ref(row)).await?;
    let links = read.assets_of_post(row.id).await?;
    let ids: Vec<AssetId> = links.iter().map(|link| link.asset_id).collect();
    let assets = read.some::<asset::Entity>(&ids).await?;
    let months = read.months_of_post(row.id).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if let Some(said) = said(visit) { (done(said)) }
        div.grid.g21 {
            div.grid {
                (facts(visit, row, &told))
                (belongings(visit, &links, &assets))
                (worked(visit, &months))
            }
            div.grid { (forms::beside(visit, row, &months, &sheet)) }
        }
    };
    let title = format!("{} · {}", visit.text(row.kind.label()), told.holder(row));
    let shown = Page {
        place: Some(Place::Posts),
        way: vec![("/welfare-posts".to_owned(), visit.say("公益岗位", "Welfare posts").to_owned())],
        below: told.places.path(row.area_code),
        beside: html! {
            (state_badge(visit, row))
            @if visit.may(Action::AmendPost) && row.end_reason.is_none() {
                a.btn href={ "/welfare-posts/" (row.id) "/amend" } { (icon(Icon::Edit)) (visit.say("变更", "Amend")) }
            }
        },
        ..Page::new(titled(visit, &title, fault), body)
    };
    let status = fault.map_or(axum::http::StatusCode::OK, |fault| fault.status);
    Ok(axum::response::IntoResponse::into_response((status, page(visit, &around, shown))))
}

fn facts(visit: &Visit, row: &Model, told: &Told) -> Markup {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".to_owned());
    html! {
        section.card {
            header { h2 { (visit.say("岗位", "The post")) } }
            dl.desc {
                (fact(visit.say("在岗人", "Held by"), &html! { a href={ "/persons/" (row.person_id) } { (told.holder(row)) } }))
                (fact(visit.say("管护范围", "What belongs to it"), &html! { (text(&row.scope)) }))
                (fact(visit.say("长度、处数", "Extent"), &html! { (extent(visit, row)) }))
                (fact(visit.say("协议", "Agreement"), &html! { (text(&row.agreement_no)) " " span.mut { (row.from_on) " — " (row.until_on) } }))
                (fact(visit.say("月报酬（元）", "Monthly pay (yuan)"), &html! { (row.monthly_pay.grouped()) }))
                (fact(visit.say("每月应出勤", "Days due a month"), &html! { (row.days_due) (visit.say(" 天", " days")) }))
            }
        }
    }
}

fn belongings(visit: &Visit, links: &[post_asset::Model], assets: &[asset::Model]) -> Markup {
    let known: HashMap<AssetId, &asset::Model> =
        assets.iter().map(|asset| (asset.id, asset)).collect();
    let standing: Vec<_> = links.iter().filter(|link| link.until_on.is_none()).collect();
    html! {
        section.card {
            header { h2 { (visit.say("管护资产", "Assets")) } span.mut { (standing.len()) } }
            @if standing.is_empty() { p.pad.mut { (visit.say("没有登记管护的资产。", "No asset is on record.")) } }
            @else {
                ul.ways.pad { @for link in standing {
                    li {
                        @match known.get(&link.asset_id) {
                            Some(asset) => { a href={ "/assets/" (asset.code) } { (asset.name) } }
                            // it lies where the reader may not look
                            None => { "—" }
                        }
                        " " span.mut.sm { (visit.say("自 ", "since ")) (link.from_on) }
                    }
                } }
            }
        }
    }
}

fn worked(visit: &Visit, months: &[attendance::Model]) -> Markup {
    let total = entity::money::Money::total(
        months.iter().filter(|row| row.approved_on.is_some()).map(|row| row.pay),
    );
    let table = html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("月份", "Month")) }
                th.num scope="col" { (visit.say("出勤（天）", "Days")) }
                th.num scope="col" { (visit.say("考核（%）", "Assessment (%)")) }
                th.num scope="col" { (visit.say("应发（元）", "Pay (yuan)")) }
                th scope="col" { (visit.say("考核情况", "What it says")) }
                th scope="col" { (visit.say("核定", "Approved")) }
            } }
            tbody { @for row in months { tr {
                th scope="row" { (row.month_on.format("%Y-%m")) }
                td.num data-l=(visit.say("出勤（天）", "Days")) { (row.days_attended) }
                td.num data-l=(visit.say("考核（%）", "Assessment (%)")) { (row.percent) }
                td.num data-l=(visit.say("应发（元）", "Pay (yuan)")) { (row.pay.grouped()) }
                td data-l=(visit.say("考核情况", "What it says")) { (row.note.as_deref().unwrap_or("—")) }
                td data-l=(visit.say("核定", "Approved")) {
                    @match row.approved_on {
                        Some(on) => { (on) }
                        None => { (forms::approve(visit, row)) }
                    }
                }
            } } }
        }
    };
    html! {
        section.card {
            header { h2 { (visit.say("考勤与报酬", "Months and pay")) } @if let Some(total) = total { span.mut { (visit.say("已核定 ", "approved: ")) (total.grouped()) (visit.say(" 元", " yuan")) } } }
            @if months.is_empty() { p.pad.mut { (visit.say("还没有登记过考勤。", "No month is on record.")) } }
            @else { (scrolled(visit.say("考勤与报酬，可滚动", "Months and pay; scrolls"), &table)) }
        }
    }
}

/// Where the sender of a form goes.
pub(super) fn place_of(id: WelfarePostId, done: &str) -> String {
    at(&format!("/welfare-posts/{id}"), [("done", done)])
}
