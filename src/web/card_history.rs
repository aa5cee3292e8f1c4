//! The history of an asset on its card: what was changed, by whom, field by field.

use entity::{asset, log::Action};
use maud::{Markup, html};

use super::visit::Visit;
use crate::{
    app::{
        history::{self, HistoryEntry, RowChange},
        output::CHINA_CLOCK,
    },
    error::Result,
    http::AppState,
    limits,
};

/// The history, the newest first.
pub(super) async fn happened(
    state: &AppState,
    visit: &Visit,
    asset: &asset::Model,
) -> Result<Markup> {
    let read = state.ledger.read(&visit.actor);
    let (entries, _) =
        history::of_asset(&read, asset.id, None, limits::HISTORY_ENTRIES, visit.language).await?;
    Ok(html! { ol.tl { @for entry in &entries { (entry_of(visit, entry)) } } })
}

fn entry_of(visit: &Visit, told: &HistoryEntry) -> Markup {
    let entry = &told.entry;
    let at = chrono::DateTime::from_timestamp_millis(entry.at).unwrap_or_default();
    let at = at.with_timezone(&CHINA_CLOCK).format("%Y-%m-%d %H:%M");
    let action = Action::ALL.iter().find(|action| action.code() == entry.action);
    let action = action.map_or(entry.action.as_str(), |action| visit.text(action.label()));
    html! {
        li {
            time { (at) } b { (action) } " " span.mut { (entry.actor) }
            @if let Some(reason) = &told.reason { p { (visit.say("理由：", "Reason: ")) (reason) } }
            @for change in &told.changes { (change_of(visit, change)) }
            p.mut.sm {
                (visit.say("留痕 ", "Log ")) (entry.county) " #" (entry.seq)
                // whoever may read the log of the county sees the whole entry and its proof
                @if visit.may(Action::ReadLog) && visit.area().covers(&entry.county.area()) {
                    " " a href={ "/log/" (entry.county) "/" (entry.seq) } { (visit.say("原文与证明", "entry and proof")) }
                }
            }
        }
    }
}

fn change_of(visit: &Visit, change: &RowChange) -> Markup {
    html! {
        @if !change.fields.is_empty() {
            p.sm { b { (visit.text(change.label)) } }
            ul.sm { @for field in &change.fields {
                li {
                    (field.label) (visit.say("：", ": "))
                    @if let Some(before) = &field.before { del { (before) } " → " }
                    @match &field.after { Some(after) => ins { (after) }, None => { (visit.say("（清空）", "(cleared)")) } }
                }
            } }
        }
    }
}
