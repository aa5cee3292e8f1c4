//! 纸质巡查单: what is due, as a sheet of A4 to be filled in by hand where there is no phone. It has a number; a
//! record that is typed from it carries the number, and so leads back to its paper.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::inspection::Condition;
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    inspection_round::{Asked, Told, told},
    parts::{nothing, scrolled},
    print,
    visit::{Visit, at},
};
use crate::{
    app::inspection::Due,
    domain::{
        inspection::{plan::sheet_no, points},
        permission::Action,
    },
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/inspections/sheet", get(show))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::RecordInspection)?;
    let asked = Asked::read(&visit.query)?;
    let mut told = told(&state, &visit, &asked).await?;
    let is_cut = told.due.len() > limits::SHEET_ASSETS;
    told.due.truncate(limits::SHEET_ASSETS);
    let around = Around::of(&state, &visit).await?;
    let ids: Vec<i64> = told.due.iter().map(|due| due.asset.id.0).collect();
    let number = sheet_no(visit.today, visit.actor.account(), &ids);
    let shorts = shorts(&state, &told);
    let title = visit.say("纸质巡查单", "Paper inspection sheet");
    let body = html! {
        (print::above(&visit, title, &around.area, &number))
        p.mt {
            (visit.say("巡查单号 ", "Sheet no. ")) b { (number) } " "
            span.mut.noprint { (visit.say("在纸上逐项勾选；回来登记时填这个单号，记录就能对回这张纸。", "Tick each point on paper. Whoever types it in gives this number: so each record leads back to its paper.")) }
        }
        @if is_cut { p.mt.noprint { (visit.say("只印最急的 ", "The most urgent alone: ")) (limits::SHEET_ASSETS) (visit.say(" 项；其余用区划和天数另印。", " assets; print the others by area and days.")) } }
        section.card.mt aria-label=(title) {
            @if told.due.is_empty() { (nothing(visit.say("没有要巡查的资产。", "Nothing is to be inspected."), Some(("/inspections/round", visit.say("待巡查", "To be inspected"))))) }
            @else { (scrolled(visit.say("纸质巡查单，可滚动", "Paper inspection sheet; scrolls"), &table(&visit, &told, &shorts))) }
        }
        @if !told.due.is_empty() {
            p.mt { (visit.say("巡查人签字：＿＿＿＿＿＿　日期：＿＿＿＿年＿＿月＿＿日　登记人：＿＿＿＿＿＿", "Inspected by: ____________  Date: ____________  Typed in by: ____________")) }
        }
        (print::below(&visit))
    };
    let shown = Page {
        place: Some(Place::Round),
        way: vec![(
            "/inspections/round".to_owned(),
            visit.say("待巡查", "To be inspected").to_owned(),
        )],
        below: number.clone(),
        beside: html! {
            a.btn href=(at("/inspections", [("sheet", number.as_str())])) { (visit.say("已登记的记录", "Records of this sheet")) }
            (print::button(&visit))
        },
        ..Page::new(title, body)
    };
    Ok(page(&visit, &around, shown))
}

/// The short codes of assets, as they stand on their plates.
fn shorts(state: &AppState, told: &Told) -> Vec<String> {
    let short = |due: &Due| state.ledger.short_code(due.asset.id);
    told.due
        .iter()
        .map(|due| short(due).map_or_else(String::new, |code| code.to_string()))
        .collect()
}

fn table(visit: &Visit, told: &Told, shorts: &[String]) -> Markup {
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("资产", "Asset")) }
                th scope="col" { (visit.say("检查项", "Points")) }
                th scope="col" { (visit.say("情况说明", "What was seen")) }
            } }
            tbody { @for (due, short) in told.due.iter().zip(shorts) { (row(visit, told, due, short)) } }
        }
    }
}

fn row(visit: &Visit, told: &Told, due: &Due, short: &str) -> Markup {
    let asset = &due.asset;
    html! {
        tr {
            th scope="row" {
                a.b href={ "/assets/" (asset.code) "/inspect" } { (asset.name) }
                small { (told.places.path_below(asset.area_code, Some(visit.area()))) }
                small { (asset.code) " · " (short) }
                small { (visit.say("应查 ", "due ")) (due.due_on) }
            }
            td data-l=(visit.say("检查项", "Points")) { div { @for item in points(asset) {
                span.nw { (visit.text(item.label())) @for one in Condition::ALL { " □" (visit.text(one.label())) } }
                br;
            } } }
            td data-l=(visit.say("情况说明", "What was seen")) { "　" }
        }
    }
}
