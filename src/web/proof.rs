//! A fresh proof of who acts, asked for in the middle of something: the form that needs it waits on
//! the page that asks, and goes on from there by itself.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    form::{Form, replayed},
    frame,
    parts::{Field, field},
    visit::{Manner, Visit},
};
use crate::{error::Error, http::fault::Fault};

/// The refusal that asks for a proof.
const DUE: &str = "sign_in.step_up_due";
/// The address at which a waiting form goes on.
pub(super) const RESUMED: &str = "resume";
/// The proof itself.
pub(super) const PROOF: &str = "proof";

/// What became of a form that was not carried out now.
pub(super) enum Came {
    /// Its sender can mend it where it was typed.
    Wrong(Fault),
    /// This is the whole answer.
    Answered(Result<Response, Fault>),
}

/// What became of a form that was not carried out now. One that was carried out before leads where
/// it led then; one that needs a fresh proof waits for it.
pub(super) fn unless_mended(visit: &Visit, form: &Form, error: Error) -> Came {
    let error = match replayed(error) {
        Ok(place) => return Came::Answered(Ok(Redirect::to(&place).into_response())),
        Err(error) => error,
    };
    let fault = Fault::from(error);
    if fault.code == DUE {
        let page = (StatusCode::FORBIDDEN, asked(visit, form, None));
        return Came::Answered(Ok(page.into_response()));
    }
    if is_for_the_sender(&fault) { Came::Wrong(fault) } else { Came::Answered(Err(fault)) }
}

/// The page that asks for a proof and carries a form with it.
pub(super) fn asked(manner: &Manner, form: &Form, fault: Option<&Fault>) -> Markup {
    let is_waiting = form.has(RESUMED);
    let address = if is_waiting { form.one(RESUMED) } else { form.path() };
    let carried = form.all().filter(|(name, _)| ![RESUMED, PROOF].contains(name));
    let body = html! {
        p { (manner.say(
            "办理此事前要再确认一次是本人。填好的内容还在，确认后自动继续，不用重填。",
            "Before this is done, show again who you are. What you filled in is kept: it goes on by itself.",
        )) }
        form.card.pad.stacked method="post" action="/me/proof" {
            @for (name, value) in carried { input type="hidden" name=(name) value=(value); }
            input type="hidden" name=(RESUMED) value=(address);
            (proof_field(manner))
            button.btn.go { (manner.say("确认并继续", "Confirm and go on")) }
        }
    };
    let title = manner.say("再确认一次是本人", "Show again who you are");
    frame::plain_form(manner, title, fault, &body)
}

/// The field of the proof.
pub(super) fn proof_field(manner: &Manner) -> Markup {
    let label = manner.say(
        "动态验证码；没有启用的输入密码",
        "Code of the authenticator; the password where there is none",
    );
    let shape = Field { name: PROOF, label, hint: "", mistake: None, is_required: false };
    field(
        &shape,
        &html! {
            input #f-proof name=(PROOF) type="password" autocomplete="current-password" required autofocus maxlength="128";
        },
    )
}
