//! 五有: the five marks on the card of an asset, with what mends each; and how far areas are covered, every
//! number a link to the assets behind it.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{
    area::Level,
    asset,
    five_have::{Have, Model},
};
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    parts::{Tone, badge, grouped, nothing, scrolled},
    print,
    setting::{area_named, words},
    visit::{Visit, at},
};
use crate::{
    app::{
        five_have::{Coverage, Line, coverage},
        place::Places,
    },
    domain::{five_have::lacking, permission::Action},
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/five-haves", get(show))
}

/// Where what is lacking is mended, what it says there, and who may.
fn mended(have: Have, asset: &asset::Model) -> (String, (&'static str, &'static str), Action) {
    let code = asset.code.as_str();
    let assign = || at("/duties/assign", [("asset", code), ("renew", "yes")]);
    match have {
        Have::Rule => (assign(), ("补管护协议", "Record the agreement"), Action::AssignDuty),
        Have::Standard => (assign(), ("写明标准", "Lay down a standard"), Action::AssignDuty),
        Have::Team => (assign(), ("落实责任人", "Name who does it"), Action::AssignDuty),
        Have::Money => (
            at("/budgets/new", [("asset", code)]),
            ("安排预算", "Set money aside"),
            Action::SetBudget,
        ),
        Have::Oversight => {
            (format!("/assets/{code}/inspect"), ("去巡查", "Inspect it"), Action::RecordInspection)
        }
    }
}

/// The five marks of an asset, on its card.
pub(super) fn marks(visit: &Visit, asset: &asset::Model, row: &Model) -> Markup {
    html! {
        section.card {
            header { h2 { (visit.say("五有", "The five haves")) } }
            ul.ppl { @for have in Have::ALL {
                @let name = visit.text(have.label());
                @if row.has(*have) { li { (badge(Tone::Good, name)) } }
                @else {
                    @let (way, says, action) = mended(*have, asset);
                    // one cell of the list's grid, so that long words wrap
                    li { div {
                        (badge(Tone::Warning, visit.say("缺", "lacks"))) " " (name) " "
                        span.mut.sm { (visit.text(lacking(*have))) } " "
                        @if visit.may(action) { span.sm { a href=(way) { (visit.say(says.0, says.1)) } } }
                    } }
                }
            } }
        }
    }
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let word = words(&visit, &["area"])?;
    let area = area_named(word("area"))?;
    let around = Around::of(&state, &visit).await?;
    let told = coverage(&state.ledger, &visit.actor, area).await?;
    let mut places = Places::new(visit.today);
    let areas = told.lines.iter().map(|line| line.area).chain([told.whole.area]);
    places.learn(&state.ledger.read(&visit.actor), areas).await?;
    let name = places.name(told.whole.area);
    let title = visit.say("五有覆盖", "The five haves");
    let body = html! {
        (print::above(&visit, visit.say("管护五有覆盖情况", "How far the five haves are covered"), &name, visit.say("单位：项", "Assets")))
        p.mt.mut { (visit.say(
            "有制度（管护协议）、有标准、有队伍（管护主体和责任人）、有经费（本年预算）、有监督（在周期内巡查）。到户类、股权债权、在建和已不在的资产不算。",
            "A written agreement, a standard, a maintainer with a keeper, money this year, inspections in time. What households own, claims, and what is not built or not there are not counted.",
        )) }
        section.card.mt aria-label=(title) {
            @if told.whole.asked == 0 { (nothing(visit.say("没有要求五有的资产。", "No asset is asked for them."), Some(("/assets", visit.say("资产台账", "Assets"))))) }
            @else { (scrolled(visit.say("五有覆盖，可滚动", "The five haves; scrolls"), &table(&visit, &told, &places))) }
        }
        (print::below(&visit))
    };
    let shown = Page {
        place: Some(Place::Haves),
        below: name.clone(),
        beside: print::button(&visit),
        ..Page::new(title, body)
    };
    Ok(page(&visit, &around, shown))
}

fn table(visit: &Visit, told: &Coverage, places: &Places) -> Markup {
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("区划", "Area")) }
                th.num scope="col" { (visit.say("应有", "Asked")) }
                @for have in Have::ALL { th.num scope="col" { (visit.text(have.label())) } }
                th.num scope="col" { (visit.say("五有齐全", "All five")) }
            } }
            tbody { @for line in &told.lines { (row(visit, line, &places.name(line.area), line.area != told.whole.area)) } }
            tfoot { (row(visit, &told.whole, visit.say("合计", "Total"), false)) }
        }
    }
}

/// Hundredths of a percent as text, downwards: all is all.
fn share(n: i64, of: i64) -> String {
    let points = if of > 0 { n.saturating_mul(1_000) / of } else { 0 };
    format!("{}.{}%", points / 10, points % 10)
}

fn row(visit: &Visit, line: &Line, name: &str, is_below: bool) -> Markup {
    let area = line.area.to_string();
    let assets = |filter: &str, value: &str| {
        at("/assets", [("area", area.as_str()), ("standing", "yes"), (filter, value)])
    };
    let cell = |label: &str, n: i64, code: &str| {
        let lacks = line.asked - n;
        html! {
            td.num data-l=(label) { div {
                @if n > 0 { a href=(assets("has", code)) { (grouped(n)) } } @else { span.mut { "0" } }
                small { (share(n, line.asked)) }
                @if lacks > 0 { small { (visit.say("缺 ", "lack ")) a href=(assets("has_not", code)) { (grouped(lacks)) } } }
            } }
        }
    };
    html! {
        tr {
            th scope="row" {
                @if is_below && line.area.level() != Level::Village { a href=(at("/five-haves", [("area", area.as_str())])) { (name) } }
                @else { (name) }
            }
            td.num data-l=(visit.say("应有", "Asked")) { a href=(assets("has", "asked")) { (grouped(line.asked)) } }
            @for (have, n) in Have::ALL.iter().zip(line.have) { (cell(visit.text(have.label()), n, have.code())) }
            (cell(visit.say("五有齐全", "All five"), line.all, "all"))
        }
    }
}
