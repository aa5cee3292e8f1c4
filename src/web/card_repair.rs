//! What is and was mended of one asset: its work orders, the open ones first.

use entity::work_order::Model;
use maud::{Markup, html};

use super::{
    parts::{nothing, scrolled},
    visit::{Visit, at},
    work_order::{ENDED, Told, table},
};
use crate::{app::card::Card, domain::permission::Action, error::Result, http::AppState, limits};

/// The work orders of an asset.
pub(super) async fn repairs(state: &AppState, visit: &Visit, card: &Card) -> Result<Markup> {
    let asset = &card.dossier.asset;
    let read = state.ledger.read(&visit.actor);
    let mut rows: Vec<Model> = card.dossier.work_orders.clone();
    rows.sort_by_key(|row| (!row.state.is_live(), std::cmp::Reverse(row.id)));
    let most = usize::try_from(limits::PAGE_ROWS_USUAL).unwrap_or(usize::MAX);
    let is_more = rows.len() > most;
    rows.truncate(most);
    let told = Told::of(&read, visit, &rows).await?;
    let id = asset.id.to_string();
    Ok(html! {
        @if visit.may(Action::OpenWorkOrder) && asset.is_standing() && !asset.form.is_claim() {
            p.pad { a.btn href={ "/assets/" (asset.code) "/mend" } { (visit.say("开维修工单", "Open a work order")) } }
        }
        @if rows.is_empty() { (nothing(visit.say("没有维修工单。", "No work order is on record."), None)) }
        @else { (scrolled(visit.say("维修工单，可滚动", "Work orders; scrolls"), &table(visit, &rows, &told, true))) }
        @if is_more {
            p.pad { a href=(at("/work-orders", [("asset", id.as_str()), ("state", ENDED)])) { (visit.say("已办结的工单", "Those at their end")) } }
        }
    })
}
