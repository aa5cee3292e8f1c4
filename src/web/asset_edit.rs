//! Amending an asset: the fields of its card that may change by an ordinary amendment.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::{asset::Model, draft::Form as Which};
use maud::{Markup, html};

use super::{
    draft::{self, Keeping, Of},
    fields::{self, Sheet, Typed},
    form::{Form, Sent, hidden, replayed},
    frame::{Around, Page, Place, page},
    meanwhile::{Meanwhile, is_settled, is_theirs},
    parts::mistakes,
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
    let (keeping, kept) = Keeping::opened(&state, &visit, Of(Which::Amend, &asset.code)).await?;
    let sent = kept.map(|fields| Typed::of(&fields)).unwrap_or_default();
    // a draft knows which version it was typed over, so that nothing recorded since is lost
    let version = sent.text("version").parse().unwrap_or(asset.version);
    let meanwhile = Meanwhile::of(&state, &visit, (&asset, version), &sent).await?;
    drawn(&state, &visit, (&asset, &keeping), &meanwhile, None).await
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    (asset, keeping): (&Model, &Keeping),
    meanwhile: &Meanwhile,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let typed = &meanwhile.typed;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        (keeping.above(visit))
        (form(visit, (asset, keeping), &sheet, meanwhile))
    };
    let title = visit.say("变更资产", "Amend the asset");
    let title = if fault.is_some() {
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

fn form(
    visit: &Visit,
    (asset, keeping): (&Model, &Keeping),
    sheet: &Sheet<'_>,
    meanwhile: &Meanwhile,
) -> Markup {
    let save = meanwhile.button(visit, visit.say("保存", "Save"));
    let fields = amended().map(|field| (field, field.required));
    html! {
        form.card.pad.mt method="post" action={ "/assets/" (asset.code) "/edit" } novalidate data-draft {
            (hidden(&visit.mark))
            (keeping.hidden())
            // what the enter key presses
            button.sr tabindex="-1" aria-hidden="true" { (save) }
            // whoever has seen what was recorded meanwhile may save over it
            input type="hidden" name="version" value=(asset.version);
            (meanwhile.draw(visit, sheet, fields, &html! {}))
            div.dock {
                button.btn.go { (save) kbd { "Ctrl+S" } }
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
    let settled = is_settled(&form, &error).then(|| Ok(format!("/assets/{}", asset.code)));
    let error = match settled.unwrap_or_else(|| replayed(error)) {
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
    // read again: what somebody else has recorded may be newer than what was read at first
    let asset = state.ledger.read(&visit.actor).asset(&code).await?;
    let named = (&asset, form.number("version").unwrap_or_default());
    let meanwhile = Meanwhile::of(&state, &visit, named, &Typed::sent(&form)).await?;
    let keeping = Keeping::sent(&form, Of(Which::Amend, &asset.code));
    let shown = drawn(&state, &visit, (&asset, &keeping), &meanwhile, Some(&fault)).await?;
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
        let may =
            |field: &Field<Model>| field.change == Change::Amend && !is_theirs(form, field.name);
        fields::set(FIELDS, &mut card, form, may).into_result()?;
        Ok(card)
    };
    app::asset::amend(&ledger, &visit.actor, named, change).await
}
