//! What came of a campaign, on paper: the figures, place by place, how the sample was drawn and what
//! it showed.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use maud::html;

use super::{
    campaign::{Progress, Told, facts, found, lines, seed, way},
    frame::{Around, Page, Place, page},
    parts::scrolled,
    print,
    visit::Visit,
};
use crate::http::{AppState, fault::Fault};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/campaigns/{id}/report", get(report))
}

async fn report(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let row = found(&state, &visit, &id).await?;
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let progress = Progress::of(&read, &visit, &row).await?;
    let sample = read.lines_drawn(&row).await?;
    let told = Told::of(&read, &sample).await?;
    let area = progress.names.name(row.area_code);
    let title = format!("{}{}", row.name, visit.say("情况报告", ": report"));
    let unit = visit.say("单位：条", "Figures are lines");
    let body = html! {
        section.card { (print::above(&visit, &title, &area, unit)) (facts(&visit, &row, &progress)) }
        section.card { h2.pad { (visit.say("各地进展", "How far it has come")) } (scrolled(visit.say("各地进展", "How far it has come"), &progress.drawn(&visit, &row))) }
        (seed(&visit, &row))
        @if !sample.is_empty() {
            section.card { h2.pad { (visit.say("抽查复核", "The sample")) } (scrolled(visit.say("抽查复核", "The sample"), &lines(&visit, &sample, &told))) }
        }
        (print::below(&visit))
    };
    let shown = Page {
        place: Some(Place::Campaigns),
        way: vec![way(&visit), (format!("/campaigns/{}", row.id), row.name.clone())],
        below: progress.names.path(row.area_code),
        beside: print::at_once(&visit),
        ..Page::new(title, body)
    };
    Ok(page(&visit, &around, shown))
}
