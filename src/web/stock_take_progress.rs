//! How far the places of an area are with their stock-takes of a year: town by town, and which have no
//! signed result.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{area::Level, language::Language};
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    parts::{Field, Tone, badge, bar, choice, fact, field, grouped, note, scrolled},
    stock_take::{numbers, way, word},
    visit::{Visit, at},
};
use crate::{
    app::{
        place::Places,
        stock_take::{Progress, Standing, Sums, progress},
    },
    domain::{
        permission::Action,
        stock_take::{year_due, years},
    },
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/stock-takes/progress", get(how_far))
}

async fn how_far(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let read = state.ledger.read(&visit.actor);
    let area = word(&visit, "area").parse().ok();
    let year = word(&visit, "year").parse().unwrap_or(year_due(visit.today));
    let told = progress(&read, area, year).await?;
    let mut places = Places::new(visit.today);
    let codes = told.places.iter().map(|one| one.area).chain(told.towns.keys().copied());
    places.learn(&read, codes.chain([told.area])).await?;
    let around = Around::of(&state, &visit).await?;
    let body = html! {
        section.card { (year_form(&visit, &told)) (summary(&visit, &told)) }
        @if told.area.level() < Level::County {
            (note(Tone::Idle, &html! { (visit.say("请在右上角选一个县，按县看进度。", "Choose a county at the top: progress is told county by county.")) }))
        } @else {
            (by_town(&visit, &told, &places))
            (lacking(&visit, &told, &places))
        }
    };
    let shown = Page {
        place: Some(Place::StockTakes),
        way: way(&visit),
        below: places.name(told.area),
        ..Page::new(visit.say("盘点进度", "Progress of stock-takes"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn year_form(visit: &Visit, told: &Progress) -> Markup {
    let choices = years(visit.today).map(|year| (year.to_string(), year.to_string()));
    let label = visit.say("盘点年度", "Year");
    let shape = Field { name: "year", label, hint: "", mistake: None, is_required: false };
    html! {
        form.filters action="/stock-takes/progress" {
            input type="hidden" name="area" value=(told.area);
            (field(&shape, &choice("year", None, choices, &told.year.to_string())))
            div.row { button.btn { (visit.say("查看", "Show")) } }
        }
    }
}

/// Whether the result of a year is late: days that are left, or days that it is late.
fn lateness(visit: &Visit, told: &Progress) -> Markup {
    let days = told.lateness(visit.today);
    if days > 0 {
        return badge(
            Tone::Bad,
            &match visit.language {
                Language::Chinese => format!("逾期 {days} 天"),
                Language::English => format!("{days} days late"),
            },
        );
    }
    let left = -days;
    badge(
        Tone::Warning,
        &match visit.language {
            Language::Chinese => format!("还剩 {left} 天"),
            Language::English => format!("{left} days left"),
        },
    )
}

fn summary(visit: &Visit, told: &Progress) -> Markup {
    let Sums { places, signed, counting, .. } = told.all;
    html! {
        dl.desc {
            (fact(visit.say("上报期限", "Due"), &html! { (told.due_on) }))
            (fact(visit.say("已签认", "Signed"), &html! { b { (grouped(signed)) } " / " (grouped(places)) " " (visit.say("个村", "places")) (bar(signed, places, false)) }))
            (fact(visit.say("盘点中", "Being counted"), &html! { (grouped(counting)) }))
            (fact(visit.say("未开始", "Not begun"), &html! { (grouped(places - signed - counting)) }))
            @for (name, n) in numbers(visit).into_iter().zip(sums_of(&told.all)) {
                (fact(name, &html! { (grouped(n)) }))
            }
        }
    }
}

fn sums_of(sums: &Sums) -> [i64; 5] {
    [sums.expected, sums.found, sums.missing, sums.changed, sums.unexpected]
}

fn by_town(visit: &Visit, told: &Progress, places: &Places) -> Markup {
    let heads = numbers(visit);
    let name = visit.say("各乡镇进度", "Town by town");
    let table = html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("乡镇", "Town")) }
                th.num scope="col" { (visit.say("村", "Places")) }
                th.num scope="col" { (visit.say("已签认", "Signed")) }
                th.num scope="col" { (visit.say("盘点中", "Being counted")) }
                @for head in heads { th.num scope="col" { (head) } }
            } }
            tbody { @for (town, sums) in &told.towns { tr {
                th scope="row" { a.b href=(at("/stock-takes/progress", [("area", &*town.to_string()), ("year", &*told.year.to_string())])) { (places.name(*town)) } }
                td.num data-l=(visit.say("村", "Places")) { (grouped(sums.places)) }
                td.num data-l=(visit.say("已签认", "Signed")) { (grouped(sums.signed)) }
                td.num data-l=(visit.say("盘点中", "Being counted")) { (grouped(sums.counting)) }
                @for (head, n) in heads.into_iter().zip(sums_of(sums)) { td.num data-l=(head) { (grouped(n)) } }
            } } }
        }
    };
    html! { section.card.mt { header { h2 { (name) } } (scrolled(name, &table)) } }
}

fn lacking(visit: &Visit, told: &Progress, places: &Places) -> Markup {
    let rows: Vec<&Standing> = told.lacking().collect();
    let name = visit.say("还没有签认结果的村", "Places without a signed result");
    let table = html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("村", "Place")) }
                th.num scope="col" { (visit.say("在册资产", "Assets")) }
                th scope="col" { (visit.say("进展", "How far")) }
                th scope="col" { (visit.say("期限", "Due")) }
            } }
            tbody { @for one in &rows { tr {
                th scope="row" { (places.path_below(one.area, Some(visit.area()))) }
                td.num data-l=(visit.say("在册资产", "Assets")) { (grouped(one.n_assets)) }
                td data-l=(visit.say("进展", "How far")) { (standing(visit, one, told.year)) }
                td data-l=(visit.say("期限", "Due")) { (lateness(visit, told)) }
            } } }
        }
    };
    html! {
        section.card.mt {
            header { h2 { (name) } span.mut { (rows.len()) } }
            @if rows.is_empty() { p.pad { (visit.say("都已签认。", "All are signed.")) } }
            @else { (scrolled(name, &table)) }
        }
    }
}

/// How far one place is.
fn standing(visit: &Visit, one: &Standing, year: i32) -> Markup {
    if let Some(take) = &one.take {
        let counted = take.n_expected - take.n_left();
        return html! { a href={ "/stock-takes/" (take.id) } { (visit.say("盘点中 ", "counted ")) (counted) " / " (take.n_expected) } };
    }
    if !visit.may(Action::OpenStockTake) || one.n_assets == 0 {
        return html! { (visit.say("未开始", "not begun")) };
    }
    let words = [("area", &*one.area.to_string()), ("year", &*year.to_string())];
    html! { a href=(at("/stock-takes/new", words)) { (visit.say("开始盘点", "Open it")) } }
}
