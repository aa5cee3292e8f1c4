//! A person who keeps or owns assets: masked; whole for a reason; leaving.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::{
    id::PersonId,
    log::Action,
    person::{self, Model},
};
use maud::html;

use super::{
    form::Sent,
    frame::{Around, Page, Place, page},
    organization::way,
    parts::{Tone, badge, done, fact, mistakes, titled},
    party,
    proof::{Came, unless_mended},
    visit::{Visit, at},
    welfare_post,
};
use crate::{
    app::{self, party::borne, place::Places},
    domain::{masking::Contact, title::Party},
    error::{Error, Result},
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/persons/{id}", get(show))
        .route("/persons/{id}/reveal", post(reveal))
        .route("/persons/{id}/end", get(show_end).post(end))
}

/// The row of somebody, and the masked contact.
async fn known(state: &AppState, visit: &Visit, id: PersonId) -> Result<(Model, Contact)> {
    let read = state.ledger.read(&visit.actor);
    let row = read.get::<person::Entity>(id).await?;
    let contact = read.contacts(std::iter::once(row.vault_id)).await?.remove(&row.vault_id);
    Ok((row, contact.unwrap_or_default().masked()))
}

async fn show(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    drawn(&state, &visit, PersonId(id), (None, None)).await
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    id: PersonId,
    (revealed, fault): (Option<&Contact>, Option<&Fault>),
) -> Result<Response, Fault> {
    let (row, masked) = known(state, visit, id).await?;
    let told = borne(&state.ledger, &visit.actor, Party::Person(id)).await?;
    let mut places = Places::new(visit.today);
    places.learn(&state.ledger.read(&visit.actor), [row.area_code]).await?;
    let read = state.ledger.read(&visit.actor);
    let posts = read.posts_of_person(id).await?;
    let posts = welfare_post::posts(&read, visit, &posts).await?;
    let around = Around::of(state, visit).await?;
    let is_done = visit.query.iter().any(|(word, _)| word == "done");
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if is_done { (done(visit.say("已记为离任，管护责任和权利已终止", "Left, and duties and rights ended"))) }
        section.card.mt { dl.desc {
            (fact(visit.say("姓名和电话", "Name and telephone"), &party::contact(visit, Party::Person(id), Some(&masked), revealed)))
            (fact(visit.say("状态", "State"), &match row.ended_on {
                None => badge(Tone::Good, visit.say("在任", "there")),
                Some(on) => badge(Tone::Idle, &format!("{} {on}", visit.say("已离任", "left"))),
            }))
            (fact(visit.say("所在区划", "Area"), &html! { (places.path(row.area_code)) }))
            @if let Some(body) = row.organization_id { (fact(visit.say("所在单位", "Works for"), &html! { a href={ "/organizations/" (body) } { (visit.say("看单位", "see it")) } })) }
        } }
        (party::borne(visit, &told))
        @if !posts.0.is_empty() { section.card.mt { (posts) } }
        @if revealed.is_none() { (party::reveal_form(visit, &format!("/persons/{id}/reveal"), fault)) }
    };
    let shown = Page {
        place: Some(Place::Organizations),
        way: way(visit),
        below: places.path(row.area_code),
        beside: html! {
            @if row.ended_on.is_none() && visit.may(Action::EndPerson) {
                a.btn href={ "/persons/" (id) "/end" } { (visit.say("离任…", "Has left…")) }
            }
        },
        ..Page::new(titled(visit, &masked.name, fault), body)
    };
    Ok(page(visit, &around, shown))
}

/// Shows somebody whole on this answer alone; each time leaves its reason in the log.
async fn reveal(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let id = PersonId(id);
    let error = match app::person::reveal(&state.ledger, &visit.actor, id, form.one("reason")).await
    {
        Ok(contact) => return drawn(&state, &visit, id, (Some(&contact), None)).await,
        Err(error) => error,
    };
    let fault = match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => fault,
        Came::Answered(answer) => return answer,
    };
    let shown = drawn(&state, &visit, id, (None, Some(&fault))).await?;
    Ok((fault.status, shown).into_response())
}

async fn show_end(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    visit.actor.require(Action::EndPerson)?;
    let today = visit.today.to_string();
    drawn_end(&state, &visit, PersonId(id), (&today, None)).await
}

async fn drawn_end(
    state: &AppState,
    visit: &Visit,
    id: PersonId,
    (on, fault): (&str, Option<&Fault>),
) -> Result<Response, Fault> {
    let (row, masked) = known(state, visit, id).await?;
    let told = borne(&state.ledger, &visit.actor, Party::Person(id)).await?;
    let around = Around::of(state, visit).await?;
    let back = format!("/persons/{id}");
    let verb = visit.say("记为离任", "Record that they left");
    let ways = (format!("{back}/end"), back.clone());
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        (party::end_form(visit, (&ways.0, &ways.1), row.version, (&told, verb), (on, fault)))
    };
    let wrong = if fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    let mut way = way(visit);
    way.push((back, masked.name.clone()));
    let shown = Page {
        place: Some(Place::Organizations),
        way,
        below: masked.name,
        ..Page::new(format!("{wrong}{verb}"), body)
    };
    Ok(page(visit, &around, shown))
}

async fn end(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::EndPerson)?;
    let id = PersonId(id);
    let place = at(&format!("/persons/{id}"), [("done", "ended")]);
    let led = place.clone();
    let ledger = form.once(&state.ledger, move |_: &usize| led.clone());
    let named = (id, form.number("version").unwrap_or_default());
    let done = match party::last_day(&form) {
        Ok(on) => app::person::end(&ledger, &visit.actor, named, on).await,
        Err(wrong) => Err(Error::Invalid(wrong)),
    };
    let Err(error) = done else { return Ok(Redirect::to(&place).into_response()) };
    let fault = match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => fault,
        Came::Answered(answer) => return answer,
    };
    let shown = drawn_end(&state, &visit, id, (form.one("on"), Some(&fault))).await?;
    Ok((fault.status, shown).into_response())
}
