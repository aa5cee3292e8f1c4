//! 巡查路线: those there are, and one of them: its stops in their order, and how each of them stands.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::{
    id::{AccountId, InspectionRouteId},
    inspection_route::{Entity, Model},
    language::Language,
};
use maud::{Markup, html};

use super::{
    budget::{of_version, word},
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    inspection::last_found,
    inspection_round::urgency,
    parts::{Tone, badge, done, fact, nothing, scrolled},
    print,
    visit::{Visit, at},
};
use crate::{
    app::{
        inspection_route::{Stop, stops},
        place::Places,
    },
    domain::{inspection_route::order::length, mistake::Mistakes, permission::Action},
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
    store::list::List,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/inspections/routes", get(list))
        .route("/inspections/routes/{id}", get(one))
}

/// The way to what is told here.
pub(super) fn way(visit: &Visit) -> Vec<(String, String)> {
    vec![
        ("/inspections".to_owned(), visit.say("巡查", "Inspections").to_owned()),
        ("/inspections/routes".to_owned(), visit.say("巡查路线", "Routes").to_owned()),
    ]
}

/// The page of a route; where it was just stored, said to be.
pub(super) fn place_of(id: InspectionRouteId, done: &str) -> String {
    let done = Some(("done", done)).filter(|(_, done)| !done.is_empty());
    at(&format!("/inspections/routes/{id}"), done)
}

/// A route that an address names.
pub(super) async fn found(state: &AppState, visit: &Visit, id: &str) -> Result<Model> {
    let id = InspectionRouteId(id.parse().unwrap_or(0));
    state.ledger.read(&visit.actor).get::<Entity>(id).await
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let said = said.filter(|(word, value)| *word != "before" && !value.trim().is_empty());
    let mut list: List<Entity> = List::read(said)?;
    if !word(&visit, "before").is_empty() {
        let back = list.go_back(word(&visit, "before"));
        back.map_err(|mistake| Error::from(Mistakes(vec![mistake])))?;
    }
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let listing = read.list(&list).await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, listing.rows.iter().map(|row| row.area_code)).await?;
    let inspectors = listing.rows.iter().map(|row| row.account_id).collect();
    let names = read.account_names(inspectors).await?;
    let may = visit.may(Action::MakeRoute);
    let body = html! {
        section.card aria-label=(visit.say("巡查路线", "Routes")) {
            @if listing.rows.is_empty() {
                (nothing(visit.say("还没有巡查路线。", "There is no route yet."), may.then(|| ("/inspections/routes/new", visit.say("制定路线", "Make a route")))))
            } @else {
                (scrolled(visit.say("巡查路线，可滚动", "Routes; scrolls"), &table(&visit, &listing.rows, &names, &places)))
                (super::budget::ways_of(&visit, &listing))
            }
        }
    };
    let shown = Page {
        place: Some(Place::Inspections),
        way: vec![way(&visit).remove(0)],
        beside: html! {
            @if may { a.btn.go href="/inspections/routes/new" { (icon(Icon::Add)) (visit.say("制定路线", "Make a route")) } }
        },
        ..Page::new(visit.say("巡查路线", "Routes of inspections"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn table(
    visit: &Visit,
    rows: &[Model],
    names: &HashMap<AccountId, String>,
    places: &Places,
) -> Markup {
    let heads = [
        visit.say("巡查员", "Inspector"),
        visit.say("资产（项）", "Assets"),
        visit.say("状态", "State"),
    ];
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("路线 / 所在地", "Route / place")) }
                th scope="col" { (heads[0]) }
                th.num scope="col" { (heads[1]) }
                th scope="col" { (heads[2]) }
            } }
            tbody { @for row in rows { tr {
                th scope="row" {
                    a.b href=(place_of(row.id, "")) { (row.name) }
                    small { (places.path_below(row.area_code, Some(visit.area()))) }
                }
                td data-l=(heads[0]) { (names.get(&row.account_id).map_or("—", String::as_str)) }
                td.num data-l=(heads[1]) { (row.stops.0.len()) }
                td data-l=(heads[2]) { (standing(visit, row)) }
            } } }
        }
    }
}

fn standing(visit: &Visit, row: &Model) -> Markup {
    match row.ended_on {
        None => badge(Tone::Good, visit.say("在用", "gone")),
        Some(day) => html! { (badge(Tone::Idle, visit.say("已停用", "ended"))) " " (day) },
    }
}

async fn one(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let row = found(&state, &visit, &id).await?;
    let read = state.ledger.read(&visit.actor);
    let along = stops(&read, &row).await?;
    let names = read.account_names(vec![row.account_id]).await?;
    let mut places = Places::new(visit.today);
    let lie = along.iter().filter_map(|stop| Some(stop.asset.as_ref()?.area_code));
    places.learn(&read, lie.chain([row.area_code])).await?;
    let around = Around::of(&state, &visit).await?;
    let inspector = names.get(&row.account_id).map_or("—", String::as_str);
    let may_end = row.ended_on.is_none() && visit.may(Action::EndRoute);
    let body = html! {
        @if !word(&visit, "done").is_empty() { (done(visit.say("已保存，并记入变更记录", "Saved, and kept in the history"))) }
        (print::above(&visit, &row.name, &around.area, inspector))
        section.card { dl.desc {
            (fact(visit.say("巡查员", "Inspector"), &html! { (inspector) }))
            (fact(visit.say("所在地", "Place"), &html! { (places.path_below(row.area_code, Some(visit.area()))) }))
            (fact(visit.say("资产", "Assets"), &html! { (along.len()) (visit.say(" 项", "")) }))
            (fact(visit.say("直线里程", "As the crow flies"), &html! { (kilometres(&visit, &along)) }))
            (fact(visit.say("状态", "State"), &standing(&visit, &row)))
        } }
        section.card.mt aria-label=(visit.say("依次巡查", "In this order")) {
            (scrolled(visit.say("依次巡查，可滚动", "In this order; scrolls"), &order(&visit, &along, &places)))
        }
        @if may_end { (ending(&visit, &row)) }
        (print::below(&visit))
    };
    let shown = Page {
        place: Some(Place::Inspections),
        way: way(&visit),
        below: inspector.to_owned(),
        beside: beside(&visit, &row),
        ..Page::new(row.name.clone(), body)
    };
    Ok(page(&visit, &around, shown))
}

fn beside(visit: &Visit, row: &Model) -> Markup {
    let id = row.id.to_string();
    let of_route = || [("route", id.as_str()), ("due", "366")];
    let runs = row.ended_on.is_none();
    html! {
        @if runs && visit.may(Action::RecordInspection) {
            a.btn.go href=(at("/inspections/round", of_route())) { (visit.say("按路线巡查", "Go it")) }
            a.btn href=(at("/inspections/sheet", of_route())) { (visit.say("纸质巡查单", "On paper")) }
        }
        @if runs && visit.may(Action::AmendRoute) { a.btn href={ (place_of(row.id, "")) "/edit" } { (visit.say("变更", "Amend")) } }
        (print::button(visit))
    }
}

/// How long the way is.
fn kilometres(visit: &Visit, along: &[Stop]) -> String {
    let place = |stop: &Stop| stop.asset.as_ref().and_then(|one| one.longitude.zip(one.latitude));
    let places: Vec<_> = along.iter().map(place).collect();
    let unknown = places.iter().filter(|place| place.is_none()).count();
    let metres = length(&places);
    let (whole, tenth) = (metres / 1_000, metres % 1_000 / 100);
    match (visit.language, unknown) {
        (Language::Chinese, 0) => format!("{whole}.{tenth} 公里"),
        (Language::Chinese, n) => format!("{whole}.{tenth} 公里（{n} 项没有坐标，未计）"),
        (Language::English, 0) => format!("{whole}.{tenth} km"),
        (Language::English, n) => format!("{whole}.{tenth} km, without {n} of no known place"),
    }
}

fn order(visit: &Visit, along: &[Stop], places: &Places) -> Markup {
    let heads = [visit.say("到期", "Due"), visit.say("上次巡查", "Last inspected")];
    html! {
        table.cards {
            thead { tr {
                th.num scope="col" { (visit.say("次序", "No.")) }
                th scope="col" { (visit.say("资产", "Asset")) }
                @for head in heads { th scope="col" { (head) } }
            } }
            tbody { @for (no, stop) in (1..).zip(along) { tr {
                td.num data-l=(visit.say("次序", "No.")) { (no) }
                th scope="row" {
                    @match &stop.asset {
                        Some(asset) => {
                            a.b href={ "/assets/" (asset.code) } { (asset.name) }
                            small { (places.path_below(asset.area_code, Some(visit.area()))) " " (asset.code) }
                        }
                        None => { (stop.code) small { (visit.say("已不在您的管辖范围", "outside your area by now")) } }
                    }
                }
                td data-l=(heads[0]) { @match stop.due_on {
                    Some(day) => { (urgency(visit, day)) small { (day) } }
                    None => { (visit.say("没有规定周期", "no interval")) }
                } }
                td data-l=(heads[1]) { (last_found(visit, stop.upkeep.as_ref())) }
            } } }
        }
    }
}

fn ending(visit: &Visit, row: &Model) -> Markup {
    html! {
        details.card.pad.mt.noprint {
            summary { (visit.say("停用这条路线", "End this route")) }
            form method="post" action={ (place_of(row.id, "")) "/end" } novalidate {
                (of_version(visit, row.version))
                div.field.mt {
                    label for="f-reason" { (visit.say("理由（留在变更记录里）*", "Reason (it stays in the history) *")) }
                    input #f-reason name="reason" maxlength=(limits::REASON_LENGTH) aria-required="true";
                }
                button.btn.mt { (visit.say("停用", "End it")) }
            }
        }
    }
}
