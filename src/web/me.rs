//! One's own account: where one is signed in, the password, the second factor, a renewed proof.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::{id::SessionId, session};
use maud::{Markup, html};

use super::{
    form::{Form, Sent, SentFirst, hidden},
    frame::{self, Around, Page, Place, page},
    mail_address,
    parts::{Field, Tone, badge, done, fact, field},
    proof,
    sign_in::{new_password, same_password, within},
    visit::{Carried, Entered, Visit, at, cookies},
};
use crate::{
    app::{output::CHINA_CLOCK, sign_in},
    domain::secret::Secret,
    error::{Error, Result},
    http::{AppState, cookie::Kept, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/me", get(show))
        .route("/me/sessions/{id}/end", post(end))
        .route("/me/password", get(show_password).post(change_password))
        .route("/me/second-factor", get(show_factor).post(send_factor))
        .route("/me/proof", get(show_proof).post(prove))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let around = Around::of(&state, &visit).await?;
    let sessions = sign_in::sessions(&state.ledger, &visit.actor).await?;
    let mail = mail_address::told(&state, &visit).await?;
    let said =
        visit.query.iter().find(|(word, _)| word == "done").map(|(_, what)| match what.as_str() {
            "password" => visit.say(
                "密码已更改，其他设备上的登录已全部结束",
                "The password is changed; every other sign-in has ended",
            ),
            "factor" => visit.say("动态验证已启用", "The authenticator counts from now on"),
            _ => visit.say("该登录已结束", "That sign-in has ended"),
        });
    let body = html! {
        @if let Some(said) = said { (done(said)) }
        section.card.mt {
            header { h2 { (visit.say("账号", "Account")) } }
            dl.desc {
                (fact(visit.say("账号", "Account"), &html! { (visit.actor.name()) }))
                (fact(visit.say("角色", "Role"), &html! { (visit.text(visit.role().label())) }))
                (fact(visit.say("管辖区划", "Area"), &html! { (around.area) " " span.mut { (visit.area()) } }))
                (fact(visit.say("密码", "Password"), &html! { a href="/me/password" { (visit.say("更改密码", "Change it")) } }))
                (fact(visit.say("动态验证", "Authenticator"), &html! { a href="/me/second-factor" { (visit.say("启用动态验证码", "Enroll one")) } }))
                (mail)
            }
        }
        section.card.mt {
            header { h2 { (visit.say("登录中的设备", "Where you are signed in")) } }
            div.wrap tabindex="0" role="region" aria-label=(visit.say("登录中的设备", "Where you are signed in")) {
                table.cards {
                    thead { tr {
                        th scope="col" { (visit.say("设备", "Device")) }
                        th scope="col" { (visit.say("登录时间", "Signed in")) }
                        th scope="col" { (visit.say("最近使用", "Last used")) }
                        th scope="col" { (visit.say("办理", "Do")) }
                    } }
                    tbody { @for row in &sessions { (session_row(&visit, row)) } }
                }
            }
        }
    };
    let shown = Page {
        place: Some(Place::Me),
        ..Page::new(visit.say("账号与登录", "Account and sign-ins"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn session_row(visit: &Visit, row: &session::Model) -> Markup {
    let at = |instant: chrono::DateTime<chrono::Utc>| {
        instant.with_timezone(&CHINA_CLOCK).format("%Y-%m-%d %H:%M").to_string()
    };
    html! {
        tr {
            th scope="row" { (row.device) small { (visit.text(row.kind.label())) } }
            td data-l=(visit.say("登录时间", "Signed in")) { (at(row.issued_at)) }
            td data-l=(visit.say("最近使用", "Last used")) { (at(row.seen_at)) }
            td {
                @if row.id == visit.session { (badge(Tone::Good, visit.say("本次登录", "this one"))) }
                @else {
                    form method="post" action={ "/me/sessions/" (row.id) "/end" } {
                        (hidden(&visit.mark))
                        button.btn.sm { (visit.say("结束登录", "End it")) }
                    }
                }
            }
        }
    }
}

async fn end(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Redirect, Fault> {
    sign_in::revoke_session(&state.ledger, &sent.visit.actor, SessionId(id)).await?;
    Ok(Redirect::to(&at("/me", [("done", "session")])))
}

/// The address to go on to after something that was due.
fn next(entered: &Entered) -> &str {
    let asked = entered.manner.query.iter().find(|(word, _)| word == "next");
    asked.map_or("", |(_, value)| value.as_str())
}

async fn show_password(entered: Entered) -> Markup {
    password_page(&entered, next(&entered), None)
}

fn password_page(entered: &Entered, next: &str, fault: Option<&Fault>) -> Markup {
    let manner = &entered.manner;
    let body = html! {
        form.card.pad.stacked method="post" action="/me/password" {
            (hidden(&entered.mark))
            input type="hidden" name="next" value=(next);
            (field(&Field { name: "old", label: manner.say("现在的密码", "The password so far"), hint: "", mistake: None, is_required: false }, &html! {
                input #f-old name="old" type="password" autocomplete="current-password" required maxlength="128";
            }))
            (new_password(manner, fault))
            button.btn.go { (manner.say("更改密码", "Change the password")) }
        }
        p { a href="/me" { (manner.say("返回", "Back")) } }
    };
    frame::plain_form(manner, manner.say("更改密码", "Change the password"), fault, &body)
}

/// A page again with what is wrong; what is broken on our side is told as such.
fn again(error: Error, shown: impl FnOnce(&Fault) -> Markup) -> Response {
    let fault = Fault::from(error);
    if fault.status.is_server_error() {
        return fault.into_response();
    }
    (StatusCode::UNPROCESSABLE_ENTITY, shown(&fault)).into_response()
}

async fn change_password(State(state): State<AppState>, sent: SentFirst) -> Response {
    let SentFirst { entered, form } = sent;
    let changed = async {
        let new = same_password(&form)?;
        sign_in::change_password(&state.ledger, entered.session, form.text("old"), new).await
    };
    match changed.await {
        Ok(()) => gone_on(&form, &at("/me", [("done", "password")])),
        Err(error) => {
            again(error, |fault| password_page(&entered, within(form.one("next")), Some(fault)))
        }
    }
}

/// On to where somebody was when something else was due first.
fn gone_on(form: &Form, usual: &str) -> Response {
    let next = form.one("next");
    Redirect::to(if next.is_empty() { usual } else { within(next) }).into_response()
}

async fn show_factor(entered: Entered) -> Markup {
    factor_page(&entered, next(&entered), None)
}

fn factor_page(entered: &Entered, next: &str, fault: Option<&Fault>) -> Markup {
    let manner = &entered.manner;
    let body = html! {
        p { (manner.say(
            "审核、管理和审计账号登录时除密码外还要一次性的动态验证码，由手机上的验证器应用生成。",
            "Who approves, administers or audits signs in with a code beside the password. An authenticator app makes it.",
        )) }
        form.card.pad.stacked method="post" action="/me/second-factor" {
            (hidden(&entered.mark))
            input type="hidden" name="next" value=(next);
            (field(&Field { name: "proof", label: manner.say("先输入密码确认是本人", "First the password, to show that it is you"), hint: "", mistake: None, is_required: false }, &html! {
                input #f-proof name="proof" type="password" autocomplete="current-password" required maxlength="128";
            }))
            button.btn.go { (manner.say("生成密钥", "Make a key")) }
        }
        p { a href="/me" { (manner.say("返回", "Back")) } }
    };
    let title = manner.say("启用动态验证码", "Enroll an authenticator");
    frame::plain_form(manner, title, fault, &body)
}

/// The key for the app, and the field for the first code.
fn key_page(entered: &Entered, next: &str, uri: &str, fault: Option<&Fault>) -> Markup {
    let manner = &entered.manner;
    let secret =
        uri.split_once("secret=").map_or("", |(_, rest)| rest.split('&').next().unwrap_or(""));
    let body = html! {
        @if !uri.is_empty() {
            p { (manner.say("在验证器应用中添加这个密钥（只显示这一次）：", "Add this key to the authenticator app; it is shown this once:")) }
            p.card.pad { code { (secret) } }
            p { a href=(uri) { (manner.say("在本机的验证器中打开", "Open it in the authenticator of this device")) } }
        }
        form.card.pad.stacked method="post" action="/me/second-factor" {
            (hidden(&entered.mark))
            input type="hidden" name="next" value=(next);
            (field(&Field { name: "code", label: manner.say("应用显示的六位数字", "The six digits that it shows"), hint: "", mistake: None, is_required: false }, &html! {
                input #f-code name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="8";
            }))
            button.btn.go { (manner.say("启用", "Enroll")) }
        }
    };
    let title = manner.say("启用动态验证码", "Enroll an authenticator");
    frame::plain_form(manner, title, fault, &body)
}

async fn send_factor(State(state): State<AppState>, sent: SentFirst) -> Response {
    let SentFirst { entered, form } = sent;
    let next = form.one("next");
    if form.one("code").is_empty() {
        let offered =
            sign_in::enroll_second_factor(&state.ledger, entered.session, form.text("proof")).await;
        return match offered {
            Ok(factor) => key_page(&entered, next, factor.uri.expose(), None).into_response(),
            Err(error) => again(error, |fault| factor_page(&entered, next, Some(fault))),
        };
    }
    match sign_in::confirm_second_factor(&state.ledger, entered.session, form.one("code")).await {
        Ok(codes) => recovery_page(&entered, next, &codes).into_response(),
        Err(error) => again(error, |fault| key_page(&entered, next, "", Some(fault))),
    }
}

fn recovery_page(entered: &Entered, next: &str, codes: &[Secret]) -> Markup {
    let manner = &entered.manner;
    let on = if next.is_empty() { "/me?done=factor" } else { within(next) };
    let body = html! {
        p { (manner.say(
            "动态验证已启用。手机丢失时可用下面的恢复码登录，每个只能用一次，只显示这一次，请抄下收好：",
            "The authenticator counts from now on. Should the phone be lost, each of these codes signs in once. They are shown this once: write them down.",
        )) }
        ol.card.pad { @for code in codes { li { code { (code.expose()) } } } }
        p { a.btn.go href=(on) { (manner.say("已抄下，继续", "Written down: go on")) } }
    };
    frame::plain(manner, manner.say("恢复码", "Recovery codes"), &body)
}

async fn show_proof(entered: Entered) -> Markup {
    proof_page(&entered, next(&entered), None)
}

fn proof_page(entered: &Entered, next: &str, fault: Option<&Fault>) -> Markup {
    let manner = &entered.manner;
    let body = html! {
        p { (manner.say(
            "查看个人信息、审批和管理账号前，要再确认一次是本人；五分钟内有效。",
            "What shows personal data, approves or administers accounts asks again who is there. It holds for five minutes.",
        )) }
        form.card.pad.stacked method="post" action="/me/proof" {
            (hidden(&entered.mark))
            input type="hidden" name="next" value=(next);
            (proof::proof_field(manner))
            button.btn.go { (manner.say("确认", "Confirm")) }
        }
    };
    let title = manner.say("再确认一次是本人", "Show again who you are");
    frame::plain_form(manner, title, fault, &body)
}

async fn prove(State(state): State<AppState>, carried: Carried, sent: SentFirst) -> Response {
    let SentFirst { entered, form } = sent;
    let token = carried.token.as_ref();
    match sign_in::step_up(&state.ledger, entered.session, form.text("proof"), token).await {
        Ok(next) => {
            let kept =
                next.and_then(|id| Kept::Session.keep(id.expose(), entered.manner.is_encrypted));
            let on = match form.one(proof::RESUMED) {
                "" => gone_on(&form, "/me"),
                // the form that waited is sent once more, to where it was meant for
                address => Redirect::temporary(within(address)).into_response(),
            };
            (AppendHeaders(cookies([kept])), on).into_response()
        }
        Err(error) if form.has(proof::RESUMED) => {
            again(error, |fault| proof::asked(&entered.manner, &form, Some(fault)))
        }
        Err(error) => {
            again(error, |fault| proof_page(&entered, within(form.one("next")), Some(fault)))
        }
    }
}
