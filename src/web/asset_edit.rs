//! Amending an asset: the fields of its card that may change by an ordinary amendment.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::asset::Model;
use maud::{Markup, html};

use super::{
    draft,
    fields::{self, Sheet, Typed},
    form::{Form, Sent, hidden, key, replayed},
    frame::{Around, Page, Place, page},
    parts::{done, mistakes},
    stylesheet::KEEP,
    visit::{Visit, at},
};
use crate::{
    app,
    domain::{
        asset::FIELDS,
        field::{Change, Field},
        permission::Action,
    },
    error::Result,
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/{code}/edit", get(show).post(send))
}

/// The fields that an ordinary amendment may change.
fn amended() -> impl Iterator<Item = &'static Field<Model>> {
    FIELDS.iter().filter(|field| field.change == Change::Amend)
}

async fn show(
    State(state): State<AppState>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    visit.actor.require(Action::AmendAsset)?;
    let asset = state.ledger.read(&visit.actor).asset(&code).await?;
    let kept = draft::named(&state, &visit).await?;
    let typed = kept
        .as_ref()
        .map_or_else(|| Typed::recorded(FIELDS, &asset), |kept| Typed::of(&kept.fields));
    // a draft knows which version it was typed over, so that nothing recorded since is lost
    let version = typed.text("version").parse().unwrap_or(asset.version);
    let mark = kept.map_or_else(key, |kept| kept.mark);
    let sheet = Sheet { manner: &visit.manner, typed: &typed, fault: None, meanwhile: None };
    drawn(&state, &visit, &asset, &sheet, (version, &mark)).await
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    asset: &Model,
    sheet: &Sheet<'_>,
    kept: (i64, &str),
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let body = html! {
        @if let Some(said) = draft::said(visit) { (done(said)) }
        @if let Some(fault) = sheet.fault { (mistakes(visit, fault)) }
        (form(visit, asset, sheet, kept))
    };
    let title = visit.say("变更资产", "Amend the asset");
    let title = if sheet.fault.is_some() {
        format!("{}{title}", visit.say("错误：", "Error: "))
    } else {
        title.to_owned()
    };
    let shown = Page {
        place: Some(Place::Assets),
        way: vec![
            ("/assets".to_owned(), visit.say("资产台账", "Assets").to_owned()),
            (format!("/assets/{}", asset.code), asset.name.clone()),
        ],
        below: format!("{} · {}", asset.name, asset.code),
        script: Some(&KEEP),
        ..Page::new(title, body)
    };
    Ok(page(visit, &around, shown))
}

fn form(visit: &Visit, asset: &Model, sheet: &Sheet<'_>, (version, mark): (i64, &str)) -> Markup {
    html! {
        form.card.pad.mt method="post" action={ "/assets/" (asset.code) "/edit" } novalidate data-draft {
            (hidden(&visit.mark))
            (draft::fields(mark, &asset.code))
            // what the enter key presses
            button.sr tabindex="-1" aria-hidden="true" { (visit.say("保存", "Save")) }
            input type="hidden" name="version" value=(version);
            div.sheet { @for field in amended() { (sheet.draw(field, field.required)) } }
            div.dock {
                button.btn.go { (visit.say("保存", "Save")) kbd { "Ctrl+S" } }
                (draft::button(visit))
                a.btn href={ "/assets/" (asset.code) } { (visit.say("不改了", "Leave it")) }
            }
        }
    }
}

async fn send(
    State(state): State<AppState>,
    Path(code): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let asset = state.ledger.read(&visit.actor).asset(&code).await?;
    let done = at(&format!("/assets/{}", asset.code), [("done", "amended")]);
    let Err(error) = amend(&state, &visit, &form, &asset, done.clone()).await else {
        draft::forget(&state, &visit, &form).await;
        return Ok(Redirect::to(&done).into_response());
    };
    let error = match replayed(error) {
        Ok(place) => {
            draft::forget(&state, &visit, &form).await;
            return Ok(Redirect::to(&place).into_response());
        }
        Err(error) => error,
    };
    let fault = Fault::from(error);
    if !is_for_the_sender(&fault) {
        return Err(fault);
    }
    let (typed, now) = (Typed::sent(&form), Typed::recorded(FIELDS, &asset));
    let is_stale = fault.status == StatusCode::PRECONDITION_FAILED;
    let sheet = Sheet {
        manner: &visit.manner,
        typed: &typed,
        fault: Some(&fault),
        meanwhile: is_stale.then_some(&now),
    };
    // whoever has seen what was recorded meanwhile may save over it
    let version = if is_stale { asset.version } else { form.number("version").unwrap_or_default() };
    let mark = draft::mark_of(&form);
    let shown = drawn(&state, &visit, &asset, &sheet, (version, &mark)).await?;
    Ok((fault.status, shown).into_response())
}

/// Whether the sender can mend it where it was typed.
pub(super) fn is_for_the_sender(fault: &Fault) -> bool {
    [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT, StatusCode::PRECONDITION_FAILED]
        .contains(&fault.status)
}

async fn amend(
    state: &AppState,
    visit: &Visit,
    form: &Form,
    asset: &Model,
    done: String,
) -> Result<Model> {
    let ledger = form.once(&state.ledger, move |_: &Model| done.clone());
    let named = (asset.id, form.number("version").unwrap_or_default());
    let change = |mut card: Model| {
        let may = |field: &Field<Model>| field.change == Change::Amend;
        fields::set(FIELDS, &mut card, form, may).into_result()?;
        Ok(card)
    };
    app::asset::amend(&ledger, &visit.actor, named, change).await
}
