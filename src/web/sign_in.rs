//! Signing in and out, and the one-time code that sets a password.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::session::Kind;
use maud::{Markup, html};

use super::{
    draft,
    form::{Form, SentByAnybody, SentFirst},
    frame::{self, home},
    parts::{Field, Tone, done, field, mistake_of, note},
    visit::{Carried, Manner, Visit, at, cookies, kept},
};
use crate::{
    app::sign_in::{self, Device},
    domain::secret::Secret,
    error::Error,
    http::{AppState, cookie::Kept, fault::Fault},
};

/// The page on which a one-time code sets a password.
pub const LINK: &str = "/link";

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(first))
        .route("/sign-in", get(show).post(send))
        .route("/sign-out", post(leave))
        .route(LINK, get(show_link).post(send_link))
}

/// Where a visitor begins.
async fn first(visit: Visit) -> Redirect {
    Redirect::to(home(visit.role()))
}

/// The address after the sign-in: one of ours, or the first page.
fn next(words: &[(String, String)]) -> &str {
    let asked = words.iter().find(|(word, _)| word == "next").map_or("", |(_, value)| value);
    within(asked)
}

/// An address on this host, and no other.
pub(super) fn within(asked: &str) -> &str {
    let is_ours = asked.starts_with('/') && !asked.starts_with("//") && !asked.contains('\\');
    let is_plain = asked.chars().all(|character| character.is_ascii_graphic());
    if is_ours && is_plain { asked } else { "/" }
}

async fn show(manner: Manner) -> Response {
    let words = manner.query.iter().find(|(word, _)| word == "done");
    let said = words.map(|(_, what)| match what.as_str() {
        "link" => manner.say("密码已设置，请登录", "The password is set: sign in"),
        _ => manner.say("已退出登录", "You are signed out"),
    });
    let said = said.map(done);
    let entry = Entry { next: next(&manner.query), ..Entry::default() };
    kept(&manner, page(&manner, &entry, said, None))
}

/// What stands in the form of the sign-in before anybody types.
#[derive(Clone, Copy, Default)]
struct Entry<'a> {
    /// Where to go on.
    next: &'a str,
    /// The name of the account.
    name: &'a str,
    /// A form that met the end of its session, sealed.
    carried: &'a str,
}

/// The page for whoever sent a form after their session had ended; `carried` is what was typed, none
/// where it is too much to be carried.
pub(super) fn carried_page(manner: &Manner, next: &str, carried: Option<&str>) -> Markup {
    let said = match carried {
        Some(_) => manner.say(
            "登录已过期。刚才填的内容没有丢：登录后会回到那张表单。",
            "Your sign-in had ended. What you typed is not lost: sign in, and the form comes back.",
        ),
        None => manner.say(
            "登录已过期，刚才填的内容太多，带不过去：请按浏览器的“后退”，先抄下来，或到“我的草稿”里找自动保存的那一份。",
            "Your sign-in had ended, and what you typed is too much to be carried: go back in the browser, or look for the draft that was saved by itself.",
        ),
    };
    let entry = Entry { next, carried: carried.unwrap_or_default(), ..Entry::default() };
    page(manner, &entry, Some(note(Tone::Warning, &html! { p { (said) } })), None)
}

/// The page; what was typed stays, but for what is secret.
fn page(
    manner: &Manner,
    entry: &Entry<'_>,
    above: Option<Markup>,
    fault: Option<&Fault>,
) -> Markup {
    let Entry { next, name, carried } = *entry;
    let input = |name: &'static str, label: &str, control: &Markup| {
        field(&Field { name, label, hint: "", mistake: None, is_required: false }, control)
    };
    let body = html! {
        @if let Some(above) = above { (above) }
        form.card.pad.stacked method="post" action="/sign-in" {
            input type="hidden" name="next" value=(next);
            @if !carried.is_empty() { input type="hidden" name="carried" value=(carried); }
            (input("name", manner.say("账号", "Account"), &html! {
                input #f-name name="name" value=(name) autocomplete="username" autocapitalize="none" required maxlength="64";
            }))
            (input("password", manner.say("密码", "Password"), &html! {
                input #f-password name="password" type="password" autocomplete="current-password" required maxlength="128";
            }))
            (input("code", manner.say("动态验证码（启用了的账号填写）", "Code of the authenticator, where the account has one"), &html! {
                input #f-code name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="32";
            }))
            button.btn.go { (manner.say("登录", "Sign in")) }
        }
        p { a href="/link" { (manner.say("第一次登录，或密码已重置：用一次性登录码设置密码", "First sign-in, or the password was reset: set it by a one-time code")) } }
        p.mut { (manner.say(
            "忘记密码请找本单位管理员重置；村民查看公示不用登录。",
            "A forgotten password is reset by the administrator of your unit.",
        )) }
    };
    frame::plain_form(manner, manner.say("登录", "Sign in"), fault, &body)
}

async fn send(
    State(state): State<AppState>,
    manner: Manner,
    carried: Carried,
    SentByAnybody(form): SentByAnybody,
) -> Response {
    let code = Some(form.one("code")).filter(|code| !code.is_empty());
    let device = Device { label: carried.agent, address: carried.address, mark: carried.device };
    let (name, password) = (form.one("name"), form.text("password"));
    let opened = sign_in::sign_in(&state.ledger, name, password, code, device, Kind::Browser).await;
    let opened = match opened {
        Ok(opened) => opened,
        Err(error) => return refused(&manner, &form, error),
    };
    if let Some(token) = carried.token {
        // the session so far has no cookie any more
        if let Ok(before) = sign_in::session_of_browser(&state.ledger, &token).await {
            _ = sign_in::sign_out(&state.ledger, before).await;
        }
    }
    let session = Kept::Session.keep(opened.token.expose(), manner.is_encrypted);
    let mark = opened.device_mark.as_ref();
    let device = mark.and_then(|mark| Kept::Device.keep(mark.expose(), manner.is_encrypted));
    let arrived = match form.one("carried") {
        "" => None,
        carried => draft::arrived(&state.ledger, opened.account.id, carried).await,
    };
    let next = arrived.unwrap_or_else(|| within(form.one("next")).to_owned());
    (cookies_of([session, device]), Redirect::to(&next)).into_response()
}

fn cookies_of<const N: usize>(
    all: [Option<axum::http::HeaderValue>; N],
) -> axum::response::AppendHeaders<Vec<(axum::http::HeaderName, axum::http::HeaderValue)>> {
    axum::response::AppendHeaders(cookies(all))
}

/// The page again, with what is wrong; a wrong password says no more than that.
fn refused(manner: &Manner, form: &Form, error: Error) -> Response {
    let fault = Fault::from(error);
    if fault.status.is_server_error() {
        return fault.into_response();
    }
    let entry = Entry {
        next: within(form.one("next")),
        name: form.one("name"),
        carried: form.one("carried"),
    };
    let shown = page(manner, &entry, None, Some(&fault));
    // not 401, which asks for a kind of credential that no page has
    let status = if fault.status == StatusCode::UNAUTHORIZED {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        fault.status
    };
    (status, shown).into_response()
}

async fn leave(State(state): State<AppState>, sent: SentFirst) -> Result<Response, Fault> {
    sign_in::sign_out(&state.ledger, sent.entered.session).await?;
    let gone = Kept::Session.forget(sent.entered.manner.is_encrypted);
    let place = at("/sign-in", [("done", "out")]);
    Ok((cookies_of([gone]), Redirect::to(&place)).into_response())
}

async fn show_link(manner: Manner) -> Response {
    kept(&manner, link_page(&manner, "", None))
}

fn link_page(manner: &Manner, code: &str, fault: Option<&Fault>) -> Markup {
    let input = |name: &'static str, label: &str, hint: &str, control: &Markup| {
        field(&Field { name, label, hint, mistake: None, is_required: false }, control)
    };
    let body = html! {
        form.card.pad.stacked method="post" action="/link" {
            (input("code", manner.say("一次性登录码", "One-time code"), "", &html! {
                input #f-code name="code" value=(code) autocomplete="off" autocapitalize="none" spellcheck="false" required maxlength="64";
            }))
            (new_password(manner, fault))
            button.btn.go { (manner.say("设置密码", "Set the password")) }
        }
        p { a href="/sign-in" { (manner.say("已有密码：登录", "There is a password: sign in")) } }
    };
    frame::plain_form(manner, manner.say("设置密码", "Set a password"), fault, &body)
}

/// A new password, twice.
pub(super) fn new_password(manner: &Manner, fault: Option<&Fault>) -> Markup {
    let mistake = |name| mistake_of(manner, fault, name);
    let hint = manner.say(
        "不少于 15 个字符；一句只有自己知道的话最好记也最难猜",
        "15 characters or more; a sentence only you know is easy to keep and hard to guess",
    );
    html! {
        (field(&Field { name: "password", label: manner.say("新密码", "New password"), hint, mistake: mistake("password"), is_required: false }, &html! {
            input #f-password name="password" type="password" autocomplete="new-password" required maxlength="128";
        }))
        (field(&Field { name: "again", label: manner.say("再输一遍", "Once more"), hint: "", mistake: mistake("again"), is_required: false }, &html! {
            input #f-again name="again" type="password" autocomplete="new-password" required maxlength="128";
        }))
    }
}

/// The new password of a form, if both are the same.
pub(super) fn same_password(form: &Form) -> Result<&str, Error> {
    let password = form.text("password");
    if password == form.text("again") {
        return Ok(password);
    }
    let (zh, en) = ("两次输入的密码不一致", "the two passwords are not the same");
    let expected = entity::language::Sentence::new(zh, en);
    let mistake = crate::domain::mistake::Mistake::new("again", "", expected);
    Err(crate::domain::mistake::Mistakes(vec![mistake]).into())
}

async fn send_link(
    State(state): State<AppState>,
    manner: Manner,
    SentByAnybody(form): SentByAnybody,
) -> Response {
    let set = async {
        let password = same_password(&form)?;
        sign_in::open_link(&state.ledger, &Secret::new(form.one("code").to_owned()), password).await
    };
    match set.await {
        Ok(()) => Redirect::to(&at("/sign-in", [("done", "link")])).into_response(),
        Err(error) => {
            let fault = Fault::from(error);
            if fault.status.is_server_error() {
                return fault.into_response();
            }
            let shown = link_page(&manner, form.one("code"), Some(&fault));
            (StatusCode::UNPROCESSABLE_ENTITY, shown).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_sign_in_nobody_is_led_elsewhere() {
        for (asked, led) in [
            ("/assets?q=a", "/assets?q=a"),
            ("//elsewhere", "/"),
            ("https://elsewhere", "/"),
            ("/\\elsewhere", "/"),
            ("/a\r\nb", "/"),
            ("", "/"),
        ] {
            assert_eq!(within(asked), led, "{asked}");
        }
    }
}
