//! Where one's digests are sent: an address of one's own, and what became of the last one.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::{digest, language::Language};
use maud::{Markup, html};

use super::{
    form::{Sent, hidden},
    frame::{Around, Page, Place, page},
    parts::{Field, Tone, badge, done, fact, field, mistake_of, mistakes, titled},
    visit::{Visit, at},
};
use crate::{
    app::digest as acts,
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/me/mail", get(show).post(keep))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    shown(&state, &visit, None).await
}

/// The row of one's own page that tells where digests are sent.
pub(super) async fn told(state: &AppState, visit: &Visit) -> Result<Markup> {
    let known = acts::own_address(&state.ledger, &visit.actor).await?;
    let last = match visit.actor.account() {
        Some(account) => state.ledger.last_digest(account).await?,
        None => None,
    };
    let is_bounced = last.is_some_and(|last| last.state == digest::State::Bounced);
    Ok(fact(
        visit.say("摘要邮箱", "Digests go to"),
        &html! {
            a href="/me/mail" { @match &known {
                Some((address, _)) => (address),
                None => (visit.say("填写邮箱", "Give an address")),
            } }
            @if is_bounced && known.is_some() { " " (badge(Tone::Bad, visit.say("邮件被退回", "mail was refused"))) }
        },
    ))
}

async fn shown(
    state: &AppState,
    visit: &Visit,
    tried: Option<(&str, &Fault)>,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let known = acts::own_address(&state.ledger, &visit.actor).await?;
    let fault = tried.map(|(_, fault)| fault);
    let is_kept = visit.query.iter().any(|(word, _)| word == "done");
    let language = match known.as_ref().map_or(visit.language, |(_, language)| *language) {
        Language::Chinese => "zh",
        Language::English => "en",
    };
    let of_mail = Field {
        name: "mail",
        label: visit.say("邮箱", "Address"),
        hint: visit.say("留空就不再发送", "left empty, nothing is sent any more"),
        mistake: mistake_of(&visit.manner, fault, "mail"),
        is_required: false,
    };
    let body = html! {
        @if is_kept { (done(visit.say("已保存", "Kept"))) }
        @if let Some(fault) = fault { (mistakes(&visit.manner, fault)) }
        form.card.pad.stacked.mt method="post" action="/me/mail" novalidate {
            (hidden(&visit.mark))
            @if let Some((address, _)) = &known { p { (visit.say("现在发到：", "Now sent to: ")) (address) } }
            (field(&of_mail, &html! {
                input #f-mail name="mail" type="email" autocomplete="email" maxlength=(limits::MAIL_ADDRESS_LENGTH)
                    value=(tried.map_or("", |(typed, _)| typed));
            }))
            fieldset {
                legend { (visit.say("语言 Language", "Language 语言")) }
                div.row { @for (code, words) in [("zh", "中文"), ("en", "English")] {
                    label.pick-one { input type="radio" name="lang" value=(code) checked[code == language]; " " (words) }
                } }
            }
            button.btn.go { (visit.say("保存", "Save")) }
        }
        p.mut.mt { (visit.say(
            "摘要只写资产名称和件数，不写任何人的信息。邮箱加密保存，只用来发摘要。",
            "A digest names assets and numbers, and nobody. The address is kept sealed and used for digests alone.",
        )) }
    };
    let title = visit.say("摘要邮箱", "Where digests are sent");
    let page_of = Page {
        place: Some(Place::Me),
        way: vec![("/me".to_owned(), visit.say("账号与登录", "Account and sign-ins").to_owned())],
        ..Page::new(titled(&visit.manner, title, fault), body)
    };
    let mut answer = page(visit, &around, page_of);
    if fault.is_some() {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

async fn keep(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let typed = form.text("mail");
    let language = form.one("lang").parse().unwrap_or(visit.language);
    match acts::set_address(&state.ledger, &visit.actor, (typed, language)).await {
        Ok(()) => Ok(Redirect::to(&at("/me/mail", [("done", "kept")])).into_response()),
        Err(error) => {
            let fault = Fault::from(error);
            if fault.status.is_server_error() {
                return Err(fault);
            }
            shown(&state, &visit, Some((typed, &fault))).await
        }
    }
}
