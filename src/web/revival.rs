//! Revival plans: which assets are to be brought back into use, how, by when, and by whom.

use std::collections::HashMap;

use axum::{Router, extract::State, response::Response, routing::get};
use chrono::Datelike;
use entity::{
    asset,
    id::AssetId,
    revival::{Batch, Entity, Mode, Model, State as Progress},
};
use maud::{Markup, html};

use super::{
    budget::ways_of,
    frame::{Around, Page, Place, page},
    parts::{Field, Tone, badge, choice, coded, field, grouped, nothing, scrolled},
    print,
    visit::{Visit, at},
};
use crate::{
    app::place::Places,
    domain::{mistake::Mistakes, revival::is_overdue, title::Party},
    error::Result,
    http::{AppState, fault::Fault},
    store::{Read, list::List, vault::Named},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/revivals", get(list))
}

/// How far a plan has come, as a badge.
pub(super) fn state_badge(visit: &Visit, row: &Model) -> Markup {
    let tone = match row.state {
        Progress::Proposed | Progress::Done => Tone::Warning,
        Progress::Approved | Progress::Ended => Tone::Idle,
        Progress::Closed => Tone::Good,
    };
    badge(tone, visit.text(row.state.label()))
}

/// The day by which the asset is to be back in use, and by how many days it is late.
pub(super) fn target(visit: &Visit, row: &Model) -> Markup {
    let days = (visit.today - row.target_on).num_days();
    html! {
        (row.target_on)
        @if is_overdue(row, visit.today) { " " span.t-bad.nw { (visit.say("逾期 ", "late by ")) (grouped(days)) (visit.say(" 天", " days")) } }
    }
}

/// What the list shows where nobody chooses a state.
pub(super) const RUNNING: &str = "proposed,approved,done";
/// Those that came to their end.
const ENDED: &str = "closed,ended";

fn word<'a>(visit: &'a Visit, name: &str) -> &'a str {
    let found = visit.query.iter().find(|(word, _)| word == name);
    found.map_or("", |(_, value)| value.as_str())
}

fn asked(visit: &Visit) -> Result<List<Entity>> {
    let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let said = said.filter(|(word, value)| *word != "before" && !value.trim().is_empty());
    // what is due first, of one county; over several, by place
    let is_of_county = visit.area().level() >= entity::area::Level::County;
    let is_said = |name: &str| said.clone().any(|(word, _)| word == name);
    let order = (is_of_county && !is_said("sort")).then_some(("sort", "target_on"));
    let running = (!is_said("state")).then_some(("state", RUNNING));
    let mut list = List::read(order.into_iter().chain(running).chain(said))?;
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
    let year = visit.today.year().to_string();
    let body = html! {
        (print::above(&visit, visit.say("闲置低效资产盘活台账", "Idle and low-yield assets to be revived"), &around.area, visit.say("金额单位：元", "Amounts in yuan")))
        section.card.mt aria-label=(visit.say("盘活方案", "Revival plans")) {
            (filters(&visit))
            @if listing.rows.is_empty() { (none(&visit)) }
            @else {
                (scrolled(visit.say("盘活方案，可滚动", "Revival plans; scrolls"), &table(&visit, &listing.rows, &told, false)))
                (ways_of(&visit, &listing))
            }
        }
        (print::below(&visit))
    };
    let shown = Page {
        place: Some(Place::Revivals),
        beside: html! {
            a.btn href=(at("/revivals/rate", [("year", year.as_str())])) { (visit.say("盘活率", "Rate of revival")) }
            (print::button(&visit))
        },
        ..Page::new(visit.say("资产盘活", "Revivals"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn none(visit: &Visit) -> Markup {
    let is_narrowed = visit.query.iter().any(|(_, value)| !value.is_empty());
    if is_narrowed {
        let way = ("/revivals", visit.say("看在办的方案", "Plans that run"));
        return nothing(visit.say("没有符合条件的方案。", "No plan is like that."), Some(way));
    }
    let words = visit.say(
        "没有在办的盘活方案。在闲置、低效资产的卡片上提出。",
        "No plan runs. One is proposed on the card of an asset that lies idle or yields little.",
    );
    let way = (
        "/assets?use_state=idle,low_yield",
        visit.say("看闲置、低效资产", "Idle and low-yield assets"),
    );
    nothing(words, Some(way))
}

fn filters(visit: &Visit) -> Markup {
    let groups = [(RUNNING, "在办", "running"), (ENDED, "已办结", "at their end")];
    let groups = groups.map(|(code, zh, en)| (code.to_owned(), visit.say(zh, en).to_owned()));
    let states = groups.into_iter().chain(coded(&visit.manner, Progress::CHOICES));
    let shape = |name, label| Field { name, label, hint: "", mistake: None, is_required: false };
    let all = Some(visit.say("全部", "all"));
    let kept =
        ["asset", "area", "organization", "target_to", "ended_year", "ended_from", "needed_to"];
    html! {
        form.filters action="/revivals" {
            @for name in kept { @if !word(visit, name).is_empty() { input type="hidden" name=(name) value=(word(visit, name)); } }
            (field(&shape("state", visit.say("状态", "State")), &choice("state", None, states, word(visit, "state"))))
            (field(&shape("batch", visit.say("四个一批", "Batch")), &choice("batch", all, coded(&visit.manner, Batch::CHOICES), word(visit, "batch"))))
            (field(&shape("mode", visit.say("盘活方式", "How")), &choice("mode", all, coded(&visit.manner, Mode::CHOICES), word(visit, "mode"))))
            div.row {
                button.btn.go { (visit.say("查询", "Show")) }
                a.btn.link href="/revivals" { (visit.say("重置", "Reset")) }
            }
        }
    }
}

/// What is told beside plans: their assets, where these lie, who sees to them.
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
        let parties: Vec<Party> =
            rows.iter().map(|row| Party::Organization(row.organization_id)).collect();
        let parties = read.parties_masked(&parties).await?;
        Ok(Told {
            assets: assets.into_iter().map(|asset| (asset.id, asset)).collect(),
            places,
            parties,
        })
    }

    /// Who sees to it.
    pub(super) fn body(&self, row: &Model) -> &str {
        let named = self.parties.get(&Party::Organization(row.organization_id));
        named.map_or("—", |named| named.name.as_str())
    }
}

/// A table of plans; on the card of their asset it is not named again.
pub(super) fn table(visit: &Visit, rows: &[Model], told: &Told, is_on_card: bool) -> Markup {
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("方案", "Plan")) }
                @if !is_on_card { th scope="col" { (visit.say("资产", "Asset")) } }
                th scope="col" { (visit.say("闲置低效起始", "Needed since")) }
                th scope="col" { (visit.say("目标日期", "Target")) }
                th scope="col" { (visit.say("状态", "State")) }
                th scope="col" { (visit.say("责任单位", "Seen to by")) }
                th.num scope="col" { (visit.say("原值（元）", "Value (yuan)")) }
            } }
            tbody { @for row in rows { (line(visit, row, told, is_on_card)) } }
        }
    }
}

fn line(visit: &Visit, row: &Model, told: &Told, is_on_card: bool) -> Markup {
    let asset = told.assets.get(&row.asset_id);
    html! {
        tr {
            th scope="row" {
                a.b href={ "/revivals/" (row.id) } { (visit.text(row.mode.label())) }
                small { (visit.text(row.batch.label())) " · " (visit.text(row.use_state.label())) }
            }
            @if !is_on_card {
                td data-l=(visit.say("资产", "Asset")) { @if let Some(asset) = asset {
                    a href={ "/assets/" (asset.code) "/revival" } { (asset.name) }
                    small { (told.places.path_below(asset.area_code, Some(visit.area()))) }
                } }
            }
            td data-l=(visit.say("闲置低效起始", "Needed since")) { (row.needed_since) }
            td data-l=(visit.say("目标日期", "Target")) { (target(visit, row)) }
            td data-l=(visit.say("状态", "State")) { (state_badge(visit, row)) }
            td data-l=(visit.say("责任单位", "Seen to by")) { (told.body(row)) }
            td.num data-l=(visit.say("原值（元）", "Value (yuan)")) { (row.value.grouped()) }
        }
    }
}
