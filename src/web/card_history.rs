//! The history of an asset on its card: what was changed, by whom, field by field.

use entity::{area::County, asset, language::Sentence, log::Action};
use maud::{Markup, html};

use super::visit::Visit;
use crate::{
    app::{
        history::{self, HistoryEntry, RowChange},
        output::CHINA_CLOCK,
    },
    domain::mistake::{Mistake, Mistakes},
    error::Result,
    http::AppState,
    limits,
};

/// The history, the newest first.
pub(super) async fn happened(
    state: &AppState,
    visit: &Visit,
    asset: &asset::Model,
    before: Option<&str>,
) -> Result<Markup> {
    let read = state.ledger.read(&visit.actor);
    let before = before.map(place).transpose()?;
    let most = limits::HISTORY_ENTRIES;
    let (entries, next) = history::of_asset(&read, asset.id, before, most, visit.language).await?;
    Ok(html! {
        ol.tl { @for entry in &entries { (entry_of(visit, entry)) } }
        @if next.is_some() || before.is_some() {
            nav.pager aria-label=(visit.say("翻页", "Pages")) { ul {
                @if before.is_some() { li { a href=(visit.with(&[("before", "")])) { (visit.say("最新的记录", "The newest")) } } }
                @if let Some((county, seq)) = next {
                    li { a rel="next" href=(visit.with(&[("before", &format!("{county}.{seq}"))])) { (visit.say("更早的记录", "Earlier ones")) } }
                }
            } }
        }
    })
}

/// The entry that a page goes on from.
fn place(text: &str) -> Result<(County, i64)> {
    let read = || {
        let (county, seq) = text.split_once('.')?;
        Some((county.parse().ok()?, seq.parse().ok()?))
    };
    Ok(read().ok_or_else(|| {
        let expected = Sentence::new("应为“县.序号”", "county.number");
        Mistakes(vec![Mistake::new("before", text, expected)])
    })?)
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
