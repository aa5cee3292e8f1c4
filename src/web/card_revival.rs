//! The plans by which one asset was to be brought back into use, the one that runs first.

use entity::revival::Model;
use maud::{Markup, html};

use super::{
    parts::{nothing, scrolled},
    revival::{Told, table},
    visit::{Visit, at},
};
use crate::{
    app::card::Card,
    domain::{permission::Action, revival::is_needed},
    error::Result,
    http::AppState,
    limits,
};

/// The plans of an asset.
pub(super) async fn revivals(state: &AppState, visit: &Visit, card: &Card) -> Result<Markup> {
    let asset = &card.dossier.asset;
    let read = state.ledger.read(&visit.actor);
    let mut rows: Vec<Model> = card.dossier.revivals.clone();
    rows.sort_by_key(|row| (!row.state.is_running(), std::cmp::Reverse(row.id)));
    let is_planned = rows.first().is_some_and(|row| row.state.is_running());
    let most = usize::try_from(limits::PAGE_ROWS_USUAL).unwrap_or(usize::MAX);
    let is_more = rows.len() > most;
    rows.truncate(most);
    let told = Told::of(&read, visit, &rows).await?;
    let (id, needs) = (asset.id.to_string(), is_needed(asset) && asset.is_standing());
    let words = if needs {
        visit.say("闲置或低效，还没有盘活方案。", "It lies idle or yields little, and has no plan.")
    } else {
        visit.say(
            "没有盘活方案；只有闲置、低效的资产需要。",
            "There is no plan; only what lies idle or yields little needs one.",
        )
    };
    Ok(html! {
        @if visit.may(Action::ProposeRevival) && needs && !is_planned {
            p.pad { a.btn.go href={ "/assets/" (asset.code) "/revive" } { (visit.say("提出盘活方案", "Propose a revival plan")) } }
        }
        @if rows.is_empty() { (nothing(words, None)) }
        @else { (scrolled(visit.say("盘活方案，可滚动", "Revival plans; scrolls"), &table(visit, &rows, &told, true))) }
        @if is_more {
            p.pad { a href=(at("/revivals", [("asset", id.as_str()), ("state", "closed,ended")])) { (visit.say("已办结的方案", "Those at their end")) } }
        }
    })
}
