//! What speaks against what the ledger says of one asset: a stock-take that did not find it, another asset
//! that may be the same; and the form that says why the ledger is right all the same.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use entity::{
    asset,
    discrepancy::{Entity, Kind, Model, State as Stage},
    id::{AssetId, DiscrepancyId},
};
use maud::{Markup, html};

use super::{
    act::led,
    fields::Typed,
    form::{Sent, hidden},
    frame::{Around, Page, Place, page},
    parts::{Tone, badge, done, mistakes, nothing, scrolled, titled},
    stock_take::word,
    visit::{Visit, at},
};
use crate::{
    app,
    domain::permission::Action,
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/assets/{code}/discrepancies", get(show))
        .route("/discrepancies/{id}/settle", post(send))
}

/// The page about the discrepancies of an asset.
fn path_of(asset: &asset::Model) -> String {
    format!("/assets/{}/discrepancies", asset.code)
}

async fn show(
    State(state): State<AppState>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let asset = state.ledger.read(&visit.actor).asset(&code).await?;
    Ok(drawn(&state, &visit, &asset, &Typed::default(), None).await?)
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    asset: &asset::Model,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let read = state.ledger.read(&visit.actor);
    let mut rows = read.discrepancies_of(asset.id).await?;
    rows.sort_by_key(|row| (row.state != Stage::Open, std::cmp::Reverse(row.id)));
    let ids: Vec<AssetId> = rows.iter().filter_map(|row| row.other_id).collect();
    let others = read.some::<asset::Entity>(&ids).await?;
    let name = visit.say("待核差异", "Discrepancies");
    let told = html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("差异", "Discrepancy")) }
                th scope="col" { (visit.say("见到的", "What was seen")) }
                th scope="col" { (visit.say("发现日期", "Found on")) }
                th scope="col" { (visit.say("处理", "What became of it")) }
            } }
            tbody { @for row in &rows { tr {
                th scope="row" { (visit.text(row.kind.label())) }
                td data-l=(visit.say("见到的", "What was seen")) { (seen(visit, row, &others)) }
                td data-l=(visit.say("发现日期", "Found on")) { (row.found_on) }
                td data-l=(visit.say("处理", "What became of it")) { (settled(visit, row, typed)) }
            } } }
        }
    };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if word(visit, "done") == "settle" { (done(visit.say("已核实", "Settled"))) }
        section.card {
            header { h2 { (name) } span.mut { (rows.len()) } }
            @if rows.is_empty() {
                (nothing(visit.say("台账与盘点没有差异，也没有疑似重复的登记。", "Nothing speaks against the ledger."), None))
            } @else { (scrolled(name, &told)) }
        }
    };
    let shown = Page {
        place: Some(Place::Assets),
        way: vec![
            ("/assets".to_owned(), visit.say("资产台账", "Assets").to_owned()),
            (format!("/assets/{}", asset.code), asset.name.clone()),
        ],
        below: asset.name.clone(),
        ..Page::new(titled(visit, name, fault), body)
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

/// What was seen instead, with the way to it.
fn seen(visit: &Visit, row: &Model, others: &[asset::Model]) -> Markup {
    let other = others.iter().find(|other| Some(other.id) == row.other_id);
    html! {
        @if let Some(state) = row.seen_state { (visit.text(state.label())) " " }
        @if let Some(take) = row.stock_take_id {
            a href={ "/stock-takes/" (take) } { (visit.say("盘点结果", "The stock-take")) }
        }
        @if let Some(other) = other {
            a href={ "/assets/" (other.code) } { (other.name) } " " span.mut.sm { (other.code) }
        }
    }
}

/// What became of one, or the form that settles it.
fn settled(visit: &Visit, row: &Model, typed: &Typed) -> Markup {
    if row.state != Stage::Open {
        return html! {
            (visit.text(row.state.label()))
            @if let Some(on) = row.settled_on { " " (on) }
            @if let Some(reason) = &row.reason { " " (reason) }
        };
    }
    if !visit.may(Action::SettleDiscrepancy) {
        return badge(Tone::Warning, visit.text(row.state.label()));
    }
    let asked = match row.kind {
        Kind::Duplicate => visit.say("不是同一项的理由", "Why it is another one"),
        Kind::Missing | Kind::Changed => visit.say("账面无误的理由", "Why the ledger is right"),
    };
    // what was typed belongs to the one whose form it was
    let is_this = typed.text("discrepancy") == row.id.to_string();
    let text = if is_this { typed.text("reason") } else { "" };
    html! {
        details open[is_this] {
            summary { (visit.say("核实", "Settle it")) }
            p.mut.sm { (visit.say(
                "台账有误的请更正或处置，差异自动消除；账面无误的在这里说明理由。",
                "Where the ledger is wrong, correct it: the discrepancy clears by itself. Where it is right, say why.",
            )) }
            form.stacked.noprint method="post" action={ "/discrepancies/" (row.id) "/settle" } novalidate {
                (hidden(&visit.mark))
                input type="hidden" name="version" value=(row.version);
                input type="hidden" name="discrepancy" value=(row.id);
                label { (asked) " "
                    input name="reason" value=(text) maxlength=(limits::REASON_LENGTH) autocomplete="off"; }
                button.btn { (visit.say("确定", "Settle")) }
            }
        }
    }
}

async fn send(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::SettleDiscrepancy)?;
    let id = DiscrepancyId(id.parse().unwrap_or(0));
    let read = state.ledger.read(&visit.actor);
    let row = read.get::<Entity>(id).await?;
    let asset = read.get::<asset::Entity>(row.asset_id).await?;
    let place = at(&path_of(&asset), [("done", "settle")]);
    let done = async {
        let again = place.clone();
        let ledger = form.once(&state.ledger, move |_: &Model| again.clone());
        let named = (id, form.number("version").unwrap_or_default());
        app::discrepancy::settle(&ledger, &visit.actor, named, form.one("reason")).await?;
        Ok(place.clone())
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => Ok(drawn(&state, &visit, &asset, &Typed::sent(&form), Some(&fault)).await?),
    }
}
