//! Stock-takes on paper, A4: the sheet to count with, line by line in the order of the form, and the
//! result to be signed and filed.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::stock_take::Model;
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    parts::scrolled,
    print,
    stock_take::{found, named, of, outcome, recorded, way},
    visit::Visit,
};
use crate::{
    app::{place::Places, stock_take::whole},
    http::{AppState, fault::Fault},
    store::Read,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/stock-takes/{id}/sheet", get(sheet))
        .route("/stock-takes/{id}/print", get(result))
}

async fn places_of(read: &Read<'_>, visit: &Visit, row: &Model) -> crate::error::Result<Places> {
    let mut places = Places::new(visit.today);
    places.learn(read, [row.area_code]).await?;
    Ok(places)
}

/// Those who sign it by hand.
fn signed_by_hand(visit: &Visit) -> Markup {
    html! {
        p.psign.row {
            span { (visit.say("盘点人（签字）：", "Counted by: ")) }
            span { (visit.say("村负责人（签字）：", "For the village: ")) }
            span { (visit.say("监盘人（签字）：", "Witnessed by: ")) }
            span { (visit.say("日期：", "Date: ")) }
        }
    }
}

async fn sheet(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let row = found(&state, &visit, &id).await?;
    let read = state.ledger.read(&visit.actor);
    let lines = read.stock_lines(row.id, 0, whole()).await?;
    let places = places_of(&read, &visit, &row).await?;
    let around = Around::of(&state, &visit).await?;
    let title = named(&visit, &row, &places);
    // a box to tick by pen
    let tick = "□";
    let name = visit.say("盘点表", "Counting sheet");
    let table = html! {
        table {
            thead { tr {
                th.num scope="col" { (visit.say("序号", "No.")) }
                th scope="col" { (visit.say("短码", "Code")) }
                th scope="col" { (visit.say("资产", "Asset")) }
                th scope="col" { (visit.say("账面状态", "On the ledger")) }
                th scope="col" { (visit.say("相符", "Found")) }
                th scope="col" { (visit.say("盘亏", "Missing")) }
                th scope="col" { (visit.say("状态不符（写明）", "Another state (which)")) }
                th scope="col" { (visit.say("说明", "Note")) }
            } }
            tbody { @for line in &lines { tr {
                td.num { (line.place) }
                td { @if let Some(code) = state.ledger.short_code(line.asset_id) { (code) } }
                th scope="row" { (line.name) " " span.mut.sm { (line.code) } }
                td { (recorded(&visit, line)) }
                td { (tick) } td { (tick) } td { (tick) } td {}
            } } }
        }
    };
    let blank = html! {
        table aria-label=(visit.say("账上没有的", "Not on the ledger")) {
            thead { tr {
                th scope="col" { (visit.say("账上没有的：名称", "Not on the ledger: name")) }
                th scope="col" { (visit.say("坐落", "Place")) }
                th scope="col" { (visit.say("说明", "Note")) }
            } }
            tbody { @for _ in 0..5 { tr { td { "\u{a0}" } td {} td {} } } }
        }
    };
    let body = html! {
        section.card.pad.upright {
            h2.ptitle { (title) " · " (name) }
            p.pmeta.row {
                span { (visit.say("范围固定于：", "As the ledger was on: ")) (row.opened_on) }
                span { (visit.say("应有：", "Expected: ")) (row.n_expected) (visit.say(" 项", "")) }
            }
            (scrolled(name, &table))
            (scrolled(visit.say("账上没有的，可滚动", "Not on the ledger; scrolls"), &blank))
            (signed_by_hand(&visit))
        }
    };
    let mut way = way(&visit);
    way.push((format!("/stock-takes/{}", row.id), title));
    let shown = Page {
        place: Some(Place::StockTakes),
        way,
        below: visit
            .say("A4 纵向；盘完按同样的顺序录入", "A4; typed back in the same order")
            .to_owned(),
        beside: print::button(&visit),
        ..Page::new(name, body)
    };
    Ok(page(&visit, &around, shown))
}

async fn result(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let row = found(&state, &visit, &id).await?;
    let read = state.ledger.read(&visit.actor);
    let lines = read.stock_lines(row.id, 0, whole()).await?;
    let finds = read.stock_finds(row.id).await?;
    let places = places_of(&read, &visit, &row).await?;
    let around = Around::of(&state, &visit).await?;
    let title = named(&visit, &row, &places);
    let name = visit.say("盘点结果", "Result of the stock-take");
    let [expected, found_n, missing, changed, unexpected] = of(&row);
    let table = html! {
        table {
            thead { tr {
                th.num scope="col" { (visit.say("序号", "No.")) }
                th scope="col" { (visit.say("资产编号", "Code")) }
                th scope="col" { (visit.say("资产", "Asset")) }
                th scope="col" { (visit.say("账面状态", "On the ledger")) }
                th scope="col" { (visit.say("盘点结果", "Result")) }
                th scope="col" { (visit.say("说明", "Note")) }
            } }
            tbody { @for line in &lines { tr {
                td.num { (line.place) }
                td { (line.code) }
                th scope="row" { (line.name) }
                td { (recorded(&visit, line)) }
                td { (outcome(&visit, line)) }
                td { (line.note.as_deref().unwrap_or_default()) }
            } } }
        }
    };
    let body = html! {
        section.card.pad.upright {
            h2.ptitle { (title) " · " (name) }
            p.pmeta.row {
                span { (visit.say("状态：", "State: ")) (visit.text(row.state.label())) }
                @if let Some(on) = row.signed_on { span { (visit.say("签认日期：", "Signed on: ")) (on) } }
                span { (visit.say("范围固定于：", "As the ledger was on: ")) (row.opened_on) }
            }
            p { (visit.say("应有 ", "Expected ")) (expected) (visit.say("，相符 ", ", found ")) (found_n) (visit.say("，盘亏 ", ", missing ")) (missing) (visit.say("，状态不符 ", ", in another state ")) (changed) (visit.say("，盘盈 ", ", not on the ledger ")) (unexpected) }
            (scrolled(name, &table))
            @if !finds.is_empty() {
                p.mt { b { (visit.say("盘盈", "Not on the ledger")) } }
                ul.ways { @for find in &finds {
                    li { (find.name) " " (find.location.as_deref().unwrap_or_default()) " " (find.note.as_deref().unwrap_or_default()) }
                } }
            }
            @if let Some(digest) = &row.digest {
                p.mt.sm { (visit.say("结果摘要（SHA-256）：", "Digest (SHA-256): ")) code { (digest) } }
            }
            (signed_by_hand(&visit))
        }
    };
    let mut way = way(&visit);
    way.push((format!("/stock-takes/{}", row.id), title));
    let shown = Page {
        place: Some(Place::StockTakes),
        way,
        below: visit.say("A4 纵向", "A4").to_owned(),
        beside: print::button(&visit),
        ..Page::new(name, body)
    };
    Ok(page(&visit, &around, shown))
}
