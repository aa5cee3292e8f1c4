//! What was found of one asset: its inspections, the newest first, a page at a time.

use chrono::{DateTime, Utc};
use entity::id::InspectionId;
use maud::{Markup, html};

use super::{
    inspection::{Told, last_found, table},
    parts::{nothing, scrolled},
    visit::Visit,
};
use crate::{app::card::Card, domain::permission::Action, error::Result, http::AppState, limits};

/// The inspections of an asset behind one of them, as they were known at an instant.
pub(super) async fn inspections(
    state: &AppState,
    visit: &Visit,
    (card, at): (&Card, Option<DateTime<Utc>>),
    before: Option<&str>,
) -> Result<Markup> {
    let asset = &card.dossier.asset;
    let read = state.ledger.read(&visit.actor);
    let before = before.and_then(|id| id.parse().ok()).map(InspectionId);
    let limit = limits::PAGE_ROWS_USUAL;
    let mut rows = read.inspections_of(asset.id, (before, at), limit + 1).await?;
    let is_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = rows.last().filter(|_| is_more).map(|row| row.id);
    let told = Told::of(&read, visit, &rows).await?;
    let n_reports = read.n_open_reports(asset.id).await?;
    let short = state.ledger.short_code(asset.id);
    Ok(html! {
        p.pad.row {
            span { (last_found(visit, card.dossier.upkeep.as_ref())) }
            @if visit.may(Action::RecordInspection) && asset.is_standing() && !asset.form.is_claim() {
                a.btn href={ "/assets/" (asset.code) "/inspect" } { (visit.say("巡查", "Inspect")) }
            }
            span { a href={ "/fault-reports?asset=" (asset.id) } { (visit.say("报修", "Fault reports")) } @if n_reports > 0 { " " b { (n_reports) } (visit.say(" 件没办结", " open")) } }
            @if let Some(short) = short { span.mut { (visit.say("短码 ", "Short code ")) (short) } }
        }
        @if rows.is_empty() { (nothing(visit.say("没有巡查记录。", "No inspection is on record."), None)) }
        @else { (scrolled(visit.say("巡查记录，可滚动", "Inspections; scrolls"), &table(visit, &rows, &told, true))) }
        @if let Some(last) = last {
            p.pad { a href=(visit.with(&[("before", last.to_string().as_str())])) { (visit.say("更早的巡查", "Earlier ones")) } }
        }
    })
}
