//! Confirming what the ledger suggests, for one asset or for all that were chosen: looked at
//! first, with the grounds of each, then carried out as it was seen.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use maud::{Markup, html};

use super::{
    act::is_stale,
    asset_column::title_badge,
    asset_edit::is_for_the_sender,
    form::{Form, Sent, hidden, replayed},
    frame::{Around, Page, Place, page},
    parts::{Field, Tone, badge, field, mistake_of, mistakes, note, scrolled, titled},
    selection::{Choice, Chosen},
    title::suggested,
    visit::{Visit, at},
};
use crate::{
    app::confirmation::{self, Proposal},
    domain::{
        mistake::{Mistake, Mistakes},
        permission::Action,
        reading,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/titles/confirm", get(show).post(send))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::SettleTitle)?;
    let words = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let choice = Choice::read(words);
    let chosen = choice.assets(&state, &visit, limits::ASSETS_PER_ACTION).await?;
    Ok(drawn(&state, &visit, &chosen, &visit.today.to_string(), None).await?)
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    chosen: &Chosen,
    day: &str,
    fault: Option<&Fault>,
) -> Result<Response> {
    let rows = confirmation::proposals(&state.ledger, &visit.actor, &chosen.assets).await?;
    let n_ready = rows.iter().filter(|row| row.is_ready()).count();
    let is_moved = fault.is_some_and(is_stale);
    // what has moved is nobody's mistake
    let wrong = fault.filter(|_| !is_moved);
    let on = Field {
        name: "on",
        label: visit.say("确权日期", "Confirmed on"),
        hint: "",
        mistake: mistake_of(visit, wrong, "on"),
        is_required: true,
    };
    let body = html! {
        @if is_moved {
            (note(Tone::Warning, &html! { (visit.say(
                "你核对之后，这些资产的权属有了变化。下面是现在的情况，请重新核对。",
                "These titles have changed since you looked. Below is what is so now: look again.",
            )) }))
        } @else if let Some(fault) = wrong { (mistakes(visit, fault)) }
        (chosen.told(visit))
        form.card.mt method="post" action="/titles/confirm" novalidate {
            (hidden(&visit.mark))
            (Choice::pinned(&chosen.assets).hidden())
            input type="hidden" name="seen" value=(confirmation::mark(&rows));
            p.pad {
                (visit.say("可确认 ", "Can be confirmed: ")) b { (n_ready) } (visit.say(" 项", ""))
                @if n_ready < rows.len() { (visit.say("，需逐项办理、这次不作改动 ", "; to be settled one by one, and left as they are: ")) b.t-warn { (rows.len() - n_ready) } (visit.say(" 项", "")) }
            }
            (scrolled(visit.say("确权前后对照", "Before and after"), &html! { table.cards {
                thead { tr {
                    th scope="col" { (visit.say("资产 / 编号", "Asset / code")) }
                    th scope="col" { (visit.say("现在", "Now")) }
                    th scope="col" { (visit.say("确认为 / 依据", "Then / why")) }
                } }
                tbody { @for row in &rows { (line(visit, row)) } }
            } }))
            @if n_ready > 0 {
                div.pad {
                    (field(&on, &html! { input #f-on name="on" type="date" value=(day) max=(visit.today); }))
                }
            }
            div.dock {
                @if n_ready > 0 { button.btn.go { (visit.say("确认权属", "Confirm")) } }
                a.btn href="/titles" { (visit.say("不确认了", "Leave it")) }
            }
        }
    };
    let shown = Page {
        place: Some(Place::Titles),
        way: vec![("/titles".to_owned(), visit.say("权属确认", "Titles").to_owned())],
        ..Page::new(titled(visit, visit.say("核对权属", "Look at the titles"), wrong), body)
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &Around::of(state, visit).await?, shown)).into_response())
}

fn line(visit: &Visit, row: &Proposal) -> Markup {
    html! {
        tr {
            th scope="row" { a.b href={ "/assets/" (row.asset.code) "/title" } { (row.asset.name) } small { (row.place) " " (row.asset.code) } }
            td data-l=(visit.say("现在", "Now")) { (title_badge(visit, Some(row.state()))) }
            td data-l=(visit.say("确认为 / 依据", "Then / why")) {
                @if row.is_ready() { (suggested(visit, row)) }
                @else {
                    (badge(Tone::Idle, visit.say("不作改动", "left as it is")))
                    small { a href={ "/assets/" (row.asset.code) "/settle" } { (visit.say("逐项办理", "settle it")) } }
                }
            }
        }
    }
}

async fn send(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::SettleTitle)?;
    let choice = Choice::read(form.all());
    let chosen = choice.assets(&state, &visit, limits::ASSETS_PER_ACTION).await?;
    let error = match confirm(&state, &visit, &form, &chosen).await.or_else(replayed) {
        Ok(place) => return Ok(Redirect::to(&place).into_response()),
        Err(error) => error,
    };
    let fault = Fault::from(error);
    if !is_for_the_sender(&fault) {
        return Err(fault);
    }
    Ok(drawn(&state, &visit, &chosen, form.one("on"), Some(&fault)).await?)
}

async fn confirm(state: &AppState, visit: &Visit, form: &Form, chosen: &Chosen) -> Result<String> {
    let on = reading::date(form.one("on"), reading::DateOrder::default());
    let on = on.map_err(|wrong| {
        Error::from(Mistakes(vec![Mistake::new("on", form.one("on"), wrong.expected)]))
    })?;
    let place = |n: &usize| {
        let n = n.to_string();
        at("/titles", [("done", n.as_str())])
    };
    let ledger = form.once(&state.ledger, place);
    let rows = confirmation::proposals(&state.ledger, &visit.actor, &chosen.assets).await?;
    let seen = (form.one("seen") == confirmation::mark(&rows)).then_some(&rows[..]);
    let n = confirmation::confirm(&ledger, &visit.actor, seen, on).await?;
    Ok(place(&n))
}
