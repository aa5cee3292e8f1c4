//! What a stock-take found that is not on the ledger: recorded, and settled later.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use entity::{
    asset,
    id::{AssetId, StockFindId, StockTakeId},
    language::Sentence,
    stock_find,
    stock_take::{Model, State as Stage},
};
use maud::{Markup, html};

use super::{
    act::led,
    fields::{Sheet, Typed, set},
    form::{Sent, hidden},
    frame::{Around, Page, Place, page},
    parts::{Tone, badge, done, mistakes, scrolled, titled},
    stock_take::{found, name_of, named, people, way, word},
    visit::{Visit, at},
};
use crate::{
    app::{self, place::Places, stock_take::Settling},
    domain::{
        field::Field,
        mistake::{Mistake, Mistakes},
        permission::Action,
        refusal::Refusal,
        stock_take::finds,
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/stock-takes/{id}/unexpected", get(show_finds).post(send_find))
        .route("/stock-finds/{id}/settle", post(send_settlement))
}

async fn show_finds(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let row = found(&state, &visit, &id).await?;
    Ok(drawn_finds(&state, &visit, &row, &Typed::default(), None).await?)
}

async fn drawn_finds(
    state: &AppState,
    visit: &Visit,
    row: &Model,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let read = state.ledger.read(&visit.actor);
    let rows = read.stock_finds(row.id).await?;
    let ids: Vec<AssetId> = rows.iter().filter_map(|find| find.asset_id).collect();
    let assets = read.some::<asset::Entity>(&ids).await?;
    let names =
        people(&read, rows.iter().flat_map(|find| [find.found_by, find.settled_by])).await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, [row.area_code]).await?;
    let path = format!("/stock-takes/{}", row.id);
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let may_record = row.state == Stage::Counting && visit.may(Action::RecordStockFind);
    let name = visit.say("账上没有的", "Not on the ledger");
    let told = html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("名称", "Name")) }
                th scope="col" { (visit.say("子类", "Kind")) }
                th scope="col" { (visit.say("坐落", "Place")) }
                th scope="col" { (visit.say("说明", "Note")) }
                th scope="col" { (visit.say("发现", "Found")) }
                th scope="col" { (visit.say("处理", "What became of it")) }
            } }
            tbody { @for find in &rows { tr {
                th scope="row" { (find.name) }
                td data-l=(visit.say("子类", "Kind")) { (find.subclass.map_or("—", |kind| visit.text(kind.label()))) }
                td data-l=(visit.say("坐落", "Place")) { (find.location.as_deref().unwrap_or("—")) }
                td data-l=(visit.say("说明", "Note")) { (find.note.as_deref().unwrap_or("—")) }
                td data-l=(visit.say("发现", "Found")) { (find.found_on) " " span.mut { (name_of(&names, find.found_by)) } }
                td data-l=(visit.say("处理", "What became of it")) { (settled(visit, find, &assets, &sheet)) }
            } } }
        }
    };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @match word(visit, "done") {
            "find" => { (done(visit.say("已登记盘盈", "Recorded"))) }
            "settle" => { (done(visit.say("已处理", "Settled"))) }
            _ => {}
        }
        section.card {
            header { h2 { (name) } span.mut { (rows.len()) } }
            @if rows.is_empty() { p.pad { (visit.say("没有登记盘盈。", "Nothing is on record.")) } }
            @else { (scrolled(name, &told)) }
        }
        @if may_record { (find_form(visit, &path, &sheet)) }
    };
    let mut way = way(visit);
    way.push((path, named(visit, row, &places)));
    let shown = Page {
        place: Some(Place::StockTakes),
        way,
        ..Page::new(titled(visit, visit.say("盘盈", "Not on the ledger"), fault), body)
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

/// What is asked of a find.
const ASKED: [&str; 4] = ["name", "subclass", "location", "note"];

fn find_form(visit: &Visit, path: &str, sheet: &Sheet<'_>) -> Markup {
    html! {
        form.card.pad.mt method="post" action={ (path) "/unexpected" } novalidate {
            (hidden(&visit.mark))
            h2 { (visit.say("登记一项", "Record one")) }
            div.sheet { @for field in finds::FIELDS.iter().filter(|field| ASKED.contains(&field.name)) {
                (sheet.draw(field, field.name == "name"))
            } }
            div.dock { button.btn.go { (visit.say("登记", "Record it")) } }
        }
    }
}

/// What became of a find, or the form that settles it.
fn settled(
    visit: &Visit,
    find: &stock_find::Model,
    assets: &[asset::Model],
    sheet: &Sheet<'_>,
) -> Markup {
    if find.state != stock_find::State::Open {
        let asset = assets.iter().find(|asset| Some(asset.id) == find.asset_id);
        return html! {
            (visit.text(find.state.label())) " "
            @if let Some(asset) = asset { a href={ "/assets/" (asset.code) } { (asset.name) } }
            @if let Some(reason) = &find.reason { (reason) }
        };
    }
    if !visit.may(Action::SettleStockFind) {
        return badge(Tone::Warning, visit.text(find.state.label()));
    }
    // what was typed belongs to the find whose form it was
    let is_this = sheet.typed.text("find") == find.id.to_string();
    let text = |name: &str| if is_this { sheet.typed.text(name) } else { "" };
    html! {
        details open[is_this] {
            summary { (visit.say("处理", "Settle it")) }
            form.stacked.noprint method="post" action={ "/stock-finds/" (find.id) "/settle" } novalidate {
                (hidden(&visit.mark))
                input type="hidden" name="version" value=(find.version);
                input type="hidden" name="find" value=(find.id);
                label { (visit.say("登记成的资产编号", "Code of the asset registered for it")) " "
                    input name="asset" value=(text("asset")) maxlength=(limits::CODE_LENGTH) autocomplete="off"; }
                label { (visit.say("或：不予登记的理由", "Or why it is none of the ledger's")) " "
                    input name="reason" value=(text("reason")) maxlength=(limits::REASON_LENGTH) autocomplete="off"; }
                button.btn { (visit.say("确定", "Settle")) }
            }
        }
    }
}

fn finds_place(row: StockTakeId, done: &str) -> String {
    at(&format!("/stock-takes/{row}/unexpected"), [("done", done)])
}

async fn send_find(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::RecordStockFind)?;
    let row = found(&state, &visit, &id).await?;
    let done = async {
        let describe = |mut find: stock_find::Model| {
            let may = |field: &Field<stock_find::Model>| ASKED.contains(&field.name);
            set(finds::FIELDS, &mut find, &form, may).into_result()?;
            Ok(find)
        };
        let place = |find: &stock_find::Model| finds_place(find.stock_take_id, "find");
        let ledger = form.once(&state.ledger, place);
        app::stock_take::record_find(&ledger, &visit.actor, row.id, describe).await?;
        Ok(finds_place(row.id, "find"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => {
            Ok(drawn_finds(&state, &visit, &row, &Typed::sent(&form), Some(&fault)).await?)
        }
    }
}

async fn send_settlement(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::SettleStockFind)?;
    let id = StockFindId(id.parse().unwrap_or(0));
    let find = state.ledger.read(&visit.actor).get::<stock_find::Entity>(id).await?;
    let row = found(&state, &visit, &find.stock_take_id.to_string()).await?;
    let done = async {
        let (code, reason) = (form.one("asset").to_owned(), form.one("reason"));
        let read = state.ledger.read(&visit.actor);
        let asset = match (code.is_empty(), reason.is_empty()) {
            (false, true) => {
                let found = read.assets_coded(std::slice::from_ref(&code)).await?;
                let unknown = || {
                    let expected = Sentence::new("没有这个编号的资产", "no asset has this code");
                    Mistakes(vec![Mistake::new("asset", &code, expected)])
                };
                Some(found.first().ok_or_else(unknown)?.id)
            }
            (true, false) => None,
            _ => return Err(Refusal::one_settlement().into()),
        };
        let settling = asset.map_or(Settling::Dismissed(reason), Settling::Registered);
        let place = |find: &stock_find::Model| finds_place(find.stock_take_id, "settle");
        let ledger = form.once(&state.ledger, place);
        let named = (id, form.number("version").unwrap_or_default());
        app::stock_take::settle_find(&ledger, &visit.actor, named, settling).await?;
        Ok(finds_place(row.id, "settle"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => {
            Ok(drawn_finds(&state, &visit, &row, &Typed::sent(&form), Some(&fault)).await?)
        }
    }
}
