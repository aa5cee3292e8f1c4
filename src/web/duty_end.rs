//! Ending one duty: its term is over, whoever bore it left, or the assignment is revoked.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::{
    asset,
    duty::{self, EndReason, Kind},
    id::DutyId,
    language::Sentence,
};
use maud::html;

use super::{
    asset_edit::is_for_the_sender,
    duty_assign::day,
    fields::{Sheet, Typed},
    form::{Form, Sent, hidden, replayed},
    frame::{Around, Page, Place, page},
    parts::{Tone, choice, fact, mistakes, note},
    visit::{Visit, at},
};
use crate::{
    app::assignment,
    domain::{
        duty::reasons_to_end,
        mistake::{Mistake, Mistakes},
        permission::Action,
        reading,
        title::Party,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/duties/{id}/end", get(show).post(send))
}

/// What a duty may be ended for; the empty word is its term.
fn reasons(kind: Kind) -> Vec<(&'static str, Option<EndReason>)> {
    let before_the_term = reasons_to_end(kind).iter().map(|reason| (reason.code(), Some(*reason)));
    std::iter::once(("term", None)).chain(before_the_term).collect()
}

async fn found(state: &AppState, visit: &Visit, id: &str) -> Result<(duty::Model, asset::Model)> {
    visit.actor.require(Action::EndDuty)?;
    let read = state.ledger.read(&visit.actor);
    // what is no number names no duty
    let duty = read.get::<duty::Entity>(DutyId(id.parse().unwrap_or(0))).await?;
    let asset = read.get::<asset::Entity>(duty.asset_id).await?;
    Ok((duty, asset))
}

async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let (duty, asset) = found(&state, &visit, &id).await?;
    let mut typed = Typed::default();
    typed.put("on", visit.today.to_string());
    Ok(drawn(&state, &visit, (&duty, &asset), &typed, None).await?)
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    (duty, asset): (&duty::Model, &asset::Model),
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let party = Party::of(duty.organization_id, duty.person_id);
    let parties: Vec<Party> = party.into_iter().collect();
    let named = state.ledger.read(&visit.actor).parties_masked(&parties).await?;
    let name = named.into_values().next().unwrap_or_default().name;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let offered = reasons(duty.kind).into_iter().map(|(code, reason)| {
        let term = visit.say("期满或按约结束", "the term is over, as agreed");
        (code.to_owned(), reason.map_or(term, |reason| visit.text(reason.label())).to_owned())
    });
    let on = html! { input #f-on name="on" type="date" value=(typed.text("on")); };
    let back = format!("/assets/{}/duty", asset.code);
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        (note(Tone::Idle, &html! { (visit.say(
            "终止后，这项责任到所填日期为止；从次日起没有人承担，会进入问题清单，直到指派新的。记录保留。",
            "The duty ends on the day you give. From the next day on nobody bears it, and that is a finding until somebody new is assigned. The record stays.",
        )) }))
        form.card.pad.mt method="post" action={ "/duties/" (duty.id) "/end" } novalidate {
            (hidden(&visit.mark))
            input type="hidden" name="version" value=(duty.version);
            dl.desc {
                (fact(visit.say("资产", "Asset"), &html! { a href=(back) { (asset.name) } }))
                (fact(visit.text(duty.kind.label()), &html! { (name) }))
                (fact(visit.say("起止", "From — until"), &html! { (day(duty.from_on)) " — " (day(duty.until_on)) }))
            }
            div.sheet.mt {
                (sheet.around(("on", visit.say("最后一日", "Last day"), ""), &on))
                (sheet.around(("why", visit.say("原因", "Why"), ""), &choice("why", None, offered, typed.text("why"))))
            }
            div.dock {
                button.btn.go { (visit.say("终止这项责任", "End this duty")) }
                a.btn href=(back) { (visit.say("不终止了", "Leave it")) }
            }
        }
    };
    let wrong = if fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    let title = visit.say("终止管护责任", "End a duty");
    let shown = Page {
        place: Some(Place::Duties),
        way: vec![
            ("/duties".to_owned(), visit.say("管护责任", "Duties").to_owned()),
            (back.clone(), asset.name.clone()),
        ],
        ..Page::new(format!("{wrong}{title}"), body)
    };
    Ok(page(visit, &Around::of(state, visit).await?, shown))
}

async fn send(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (duty, asset) = found(&state, &visit, &id).await?;
    let place = at(&format!("/assets/{}/duty", asset.code), [("done", "ended")]);
    let error = match end(&state, &visit, &form, &duty, place).await.or_else(replayed) {
        Ok(place) => return Ok(Redirect::to(&place).into_response()),
        Err(error) => error,
    };
    let fault = Fault::from(error);
    if !is_for_the_sender(&fault) {
        return Err(fault);
    }
    let shown = drawn(&state, &visit, (&duty, &asset), &Typed::sent(&form), Some(&fault)).await?;
    Ok((fault.status, shown).into_response())
}

async fn end(
    state: &AppState,
    visit: &Visit,
    form: &Form,
    duty: &duty::Model,
    place: String,
) -> Result<String> {
    let known = reasons(duty.kind);
    let reason = known.iter().find(|(code, _)| *code == form.one("why"));
    let Some((_, reason)) = reason else {
        let expected = Sentence::new("请选择原因", "choose why");
        return Err(Mistakes(vec![Mistake::new("why", form.one("why"), expected)]).into());
    };
    let on = reading::date(form.one("on"), reading::DateOrder::default());
    let on = on.map_err(|wrong| {
        Error::from(Mistakes(vec![Mistake::new("on", form.one("on"), wrong.expected)]))
    })?;
    let led = place.clone();
    let ledger = form.once(&state.ledger, move |_: &duty::Model| led.clone());
    let named = (duty.id, form.number("version").unwrap_or_default()).into();
    assignment::end(&ledger, &visit.actor, named, (on, *reason)).await?;
    Ok(place)
}
