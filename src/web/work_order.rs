//! Work orders: what is to be mended, the most urgent first.

use std::collections::HashMap;

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{
    asset,
    finding::Rule,
    id::AssetId,
    inspection::Condition,
    language::Label,
    work_order::{Entity, Model, State as Progress},
};
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    inspection::condition_badge,
    parts::{Field, Tone, badge, choice, coded, field, grouped, note, nothing, scrolled},
    visit::{Visit, at},
};
use crate::{
    app::place::Places,
    domain::{mistake::Mistakes, title::Party},
    error::Result,
    http::{AppState, fault::Fault},
    store::{
        Read,
        list::{List, Listing},
        vault::Named,
    },
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/work-orders", get(list))
}

/// How far a work order has come, as a badge.
pub(super) fn state_badge(visit: &Visit, row: &Model) -> Markup {
    let tone = match row.state {
        Progress::Waiting | Progress::Done => Tone::Warning,
        Progress::Dispatched | Progress::Underway | Progress::Dismissed => Tone::Idle,
        Progress::Accepted => Tone::Good,
    };
    badge(tone, visit.text(row.state.label()))
}

/// The day by which it is due, and by how many days it is late.
pub(super) fn due(visit: &Visit, row: &Model) -> Markup {
    let late = row.due_on.filter(|due| row.state.is_live() && *due < visit.today);
    let days = late.map_or(0, |due| (visit.today - due).num_days());
    html! {
        @match row.due_on { Some(due) => { (due) } None => { "—" } }
        @if days > 0 { " " span.t-bad.nw { (visit.say("逾期 ", "late by ")) (grouped(days)) (visit.say(" 天", " days")) } }
    }
}

/// What is to be mended: the point, and what was seen of it.
pub(super) fn what(visit: &Visit, row: &Model) -> String {
    let item = row.item.map(|item| visit.text(item.label()));
    match (item, row.what.as_deref()) {
        (Some(item), Some(what)) => format!("{item}{}{what}", visit.say("：", ": ")),
        (Some(item), None) => item.to_owned(),
        (None, what) => what.unwrap_or("—").to_owned(),
    }
}

/// What the list shows where nobody chooses a state.
const OPEN: &str = "waiting,dispatched,underway,done";
/// Those that came to their end.
pub(super) const ENDED: &str = "accepted,dismissed";

fn asked(visit: &Visit) -> Result<List<Entity>> {
    let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let said = said.filter(|(word, value)| *word != "before" && !value.trim().is_empty());
    // the most urgent first, of one county; over several, by place
    let is_of_county = visit.area().level() >= entity::area::Level::County;
    let is_said = |name: &str| said.clone().any(|(word, _)| word == name);
    let order = (is_of_county && !is_said("sort")).then_some(("sort", "due_on"));
    let open = (!is_said("state")).then_some(("state", OPEN));
    let mut list = List::read(order.into_iter().chain(open).chain(said))?;
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
    let told = Told::of(&read, &visit, &listing.rows).await?;
    let n_late = around.n_found(Rule::Damaged);
    let body = html! {
        @if n_late > 0 {
            (note(Tone::Warning, &html! {
                (visit.say("损毁未修 ", "Not mended in time: "))
                a href=(at("/findings", [("rule", Rule::Damaged.code())])) { b { (n_late) } (visit.say(" 项资产", " assets")) }
            }))
        }
        section.card.mt aria-label=(visit.say("维修工单", "Work orders")) {
            (filters(&visit))
            @if listing.rows.is_empty() { (none(&visit)) }
            @else {
                (scrolled(visit.say("维修工单，可滚动", "Work orders; scrolls"), &table(&visit, &listing.rows, &told, false)))
                (ways(&visit, &listing))
            }
        }
    };
    let shown = Page {
        place: Some(Place::WorkOrders),
        ..Page::new(visit.say("维修工单", "Work orders"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn none(visit: &Visit) -> Markup {
    let is_narrowed = visit.query.iter().any(|(_, value)| !value.is_empty());
    if is_narrowed {
        let way = ("/work-orders", visit.say("看未办结的工单", "Open work orders"));
        return nothing(
            visit.say("没有符合条件的工单。", "No work order is like that."),
            Some(way),
        );
    }
    let words = visit.say(
        "没有未办结的工单。巡查发现缺陷或危险时，会自动开单。",
        "No work order is open. What an inspection finds to be bad opens one by itself.",
    );
    nothing(words, Some(("/inspections", visit.say("巡查", "Inspections"))))
}

fn filters(visit: &Visit) -> Markup {
    let word = |name: &str| {
        let found = visit.query.iter().find(|(word, _)| word == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let groups = [(OPEN, "未办结", "open"), (ENDED, "已办结、不予维修", "at their end")];
    let groups = groups.map(|(code, zh, en)| (code.to_owned(), visit.say(zh, en).to_owned()));
    let states = groups.into_iter().chain(coded(&visit.manner, Progress::CHOICES));
    let bad: Vec<(&'static str, Label)> =
        [Condition::Danger, Condition::Defect].map(|one| (one.code(), one.label())).to_vec();
    let shape = |name, label| Field { name, label, hint: "", mistake: None, is_required: false };
    html! {
        form.filters action="/work-orders" {
            @if !word("asset").is_empty() { input type="hidden" name="asset" value=(word("asset")); }
            (field(&shape("state", visit.say("状态", "State")), &choice("state", None, states, word("state"))))
            (field(&shape("condition", visit.say("程度", "How bad")), &choice(
                "condition",
                Some(visit.say("全部", "all")),
                bad.iter().map(|(code, label)| ((*code).to_owned(), visit.text(*label).to_owned())),
                word("condition"),
            )))
            div.row {
                button.btn.go { (visit.say("查询", "Show")) }
                a.btn.link href="/work-orders" { (visit.say("重置", "Reset")) }
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

/// What is told beside work orders: their assets, where these lie, who mends.
pub(super) struct Told {
    assets: HashMap<AssetId, asset::Model>,
    places: Places,
    parties: HashMap<Party, Named>,
}

impl Told {
    /// The same few queries, however many rows there are.
    pub(super) async fn of(read: &Read<'_>, visit: &Visit, rows: &[Model]) -> Result<Told> {
        let ids: Vec<AssetId> = rows.iter().map(|row| row.asset_id).collect();
        let assets = read.some::<asset::Entity>(&ids).await?;
        let mut places = Places::new(visit.today);
        places.learn(read, assets.iter().map(|asset| asset.area_code)).await?;
        let parties: Vec<Party> = rows.iter().filter_map(mender).collect();
        let parties = read.parties_masked(&parties).await?;
        Ok(Told {
            assets: assets.into_iter().map(|asset| (asset.id, asset)).collect(),
            places,
            parties,
        })
    }

    /// Who mends it.
    pub(super) fn mender(&self, row: &Model) -> Option<&Named> {
        self.parties.get(&mender(row)?)
    }
}

fn mender(row: &Model) -> Option<Party> {
    Party::of(row.organization_id, row.person_id)
}

/// A table of work orders; on the card of their asset it is not named again.
pub(super) fn table(visit: &Visit, rows: &[Model], told: &Told, is_on_card: bool) -> Markup {
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("要修什么", "What is to be mended")) }
                @if !is_on_card { th scope="col" { (visit.say("资产", "Asset")) } }
                th scope="col" { (visit.say("期限", "Due")) }
                th scope="col" { (visit.say("状态", "State")) }
                th scope="col" { (visit.say("承修", "Mended by")) }
                th.num scope="col" { (visit.say("估价（元）", "Estimate (yuan)")) }
                th.num scope="col" { (visit.say("实付（元）", "Cost (yuan)")) }
            } }
            tbody { @for row in rows { (line(visit, row, told, is_on_card)) } }
        }
    }
}

fn line(visit: &Visit, row: &Model, told: &Told, is_on_card: bool) -> Markup {
    let asset = told.assets.get(&row.asset_id);
    html! {
        tr {
            th scope="row" { a.b href={ "/work-orders/" (row.id) } { (what(visit, row)) } " " (condition_badge(visit, row.condition)) }
            @if !is_on_card {
                td data-l=(visit.say("资产", "Asset")) { @if let Some(asset) = asset {
                    a href={ "/assets/" (asset.code) "/repairs" } { (asset.name) }
                    small { (told.places.path_below(asset.area_code, Some(visit.area()))) }
                } }
            }
            td data-l=(visit.say("期限", "Due")) { (due(visit, row)) }
            td data-l=(visit.say("状态", "State")) { (state_badge(visit, row)) }
            td data-l=(visit.say("承修", "Mended by")) { (told.mender(row).map_or("—", |named| named.name.as_str())) }
            td.num data-l=(visit.say("估价（元）", "Estimate (yuan)")) { (amount(row.estimate)) }
            td.num data-l=(visit.say("实付（元）", "Cost (yuan)")) { (amount(row.cost)) }
        }
    }
}

/// An amount in yuan, or that there is none.
pub(super) fn amount(money: Option<entity::money::Money>) -> String {
    money.map_or_else(|| "—".to_owned(), entity::money::Money::grouped)
}
