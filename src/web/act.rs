//! What the forms of one asset's actions have in common: what the action does in plain words, the
//! asset, what is wrong, the way back.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::asset::Model;
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    draft::{self, Keeping},
    fields::{Sheet, Typed},
    form::{hidden, replayed},
    frame::{Around, Page, Place, page},
    parts::{Tone, mistakes, note},
    stylesheet::KEEP,
    visit::{Visit, at},
};
use crate::{
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
};

/// A form about one asset.
pub(super) struct Act<'a> {
    /// The asset.
    pub(super) asset: &'a Model,
    /// The last part of its address.
    pub(super) path: &'static str,
    /// What it is called.
    pub(super) title: &'a str,
    /// What it does.
    pub(super) does: &'a str,
    /// What its button says.
    pub(super) button: &'a str,
    /// The version that was read.
    pub(super) version: i64,
    /// What was wrong with it the last time.
    pub(super) fault: Option<&'a Fault>,
    /// Its draft; none of what is soon filled in.
    pub(super) keeping: Option<&'a Keeping>,
}

impl Act<'_> {
    /// The page around its fields.
    pub(super) async fn drawn(
        &self,
        state: &AppState,
        visit: &Visit,
        fields: &Markup,
    ) -> Result<Response> {
        let around = Around::of(state, visit).await?;
        let card = format!("/assets/{}", self.asset.code);
        let body = html! {
            @if let Some(fault) = self.fault { (mistakes(visit, fault)) }
            (note(Tone::Idle, &html! { (self.does) }))
            @if let Some(keeping) = self.keeping { (keeping.above(visit)) }
            form.card.pad.mt method="post" action={ (card) "/" (self.path) } novalidate data-draft[self.keeping.is_some()] {
                (hidden(&visit.mark))
                @if let Some(keeping) = self.keeping { (keeping.hidden()) }
                input type="hidden" name="version" value=(self.version);
                // what the enter key presses
                button.sr tabindex="-1" aria-hidden="true" { (self.button) }
                (fields)
                div.dock {
                    button.btn.go { (self.button) }
                    @if self.keeping.is_some() { (draft::button(visit)) }
                    a.btn href=(card) { (visit.say("不办了", "Leave it")) }
                }
            }
        };
        let wrong = if self.fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
        let shown = Page {
            place: Some(Place::Assets),
            way: vec![
                ("/assets".to_owned(), visit.say("资产台账", "Assets").to_owned()),
                (card.clone(), self.asset.name.clone()),
            ],
            below: format!("{} · {}", self.asset.name, self.asset.code),
            script: self.keeping.map(|_| &KEEP),
            ..Page::new(format!("{wrong}{}", self.title), body)
        };
        let status = self.fault.map_or(StatusCode::OK, |fault| fault.status);
        Ok((status, page(visit, &around, shown)).into_response())
    }
}

/// Where the sender of a form goes, or what is wrong that can be mended where it was typed.
pub(super) fn led(done: Result<String>) -> Result<Result<Response, Fault>, Fault> {
    match done.or_else(replayed) {
        Ok(place) => Ok(Ok(Redirect::to(&place).into_response())),
        Err(error) => {
            let fault = Fault::from(error);
            if is_for_the_sender(&fault) { Ok(Err(fault)) } else { Err(fault) }
        }
    }
}

/// Whether somebody else was faster.
pub(super) fn is_stale(fault: &Fault) -> bool {
    fault.status == StatusCode::PRECONDITION_FAILED
}

/// The card of an asset after something was done.
pub(super) fn card_of(code: &str, done: &str) -> String {
    at(&format!("/assets/{code}"), [("done", done)])
}

/// The field of the reason.
pub(super) fn reason(visit: &Visit, sheet: &Sheet<'_>) -> Markup {
    let control = html! {
        input #f-reason name="reason" maxlength=(limits::REASON_LENGTH) value=(sheet.typed.text("reason"))
            aria-required="true";
    };
    let label = visit.say("理由（留在变更记录里）*", "Reason (it stays in the history) *");
    sheet.around(("reason", label, ""), &control)
}

/// A sheet of what was typed.
pub(super) fn sheet<'a>(
    visit: &'a Visit,
    typed: &'a Typed,
    fault: Option<&'a Fault>,
    meanwhile: Option<&'a Typed>,
) -> Sheet<'a> {
    Sheet { manner: &visit.manner, typed, fault, meanwhile }
}

/// A no about the reason stands with its field.
pub(super) fn about_reason(error: Error) -> Error {
    match error {
        Error::Refused(refusal) if refusal.code.starts_with("action.reason") => {
            let mistake = crate::domain::mistake::Mistake::new("reason", "", refusal.sentence);
            crate::domain::mistake::Mistakes(vec![mistake]).into()
        }
        other => other,
    }
}
