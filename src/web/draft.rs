//! Drafts: what is typed into a form is kept until it is sent. Without scripts by a button of the
//! form; with them every few seconds by itself.

use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header::LOCATION, request::Parts},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use chrono::{DateTime, Utc};
use entity::{draft::Form as Which, id::AccountId};
use maud::{Markup, html};

use super::{
    form::{Form, Sent, hidden, key},
    sign_in::carried_page,
    visit::{Manner, Visit, at, token},
};
use crate::{
    app::{
        draft::{self, Draft, Fields},
        output::CHINA_CLOCK,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    store::Ledger,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/drafts", post(keep)).route("/drafts/{mark}/discard", post(discard))
}

/// The field that says which draft a form is.
const MARK: &str = "draft";
/// The field that names the asset whose form it is; a new one has no name yet.
const ABOUT: &str = "about";
/// Fields that belong to one page of a form and not to what was typed.
const OF_THE_PAGE: [&str; 6] = ["mark", "key", MARK, ABOUT, "quietly", "then"];

/// The mark of a draft that a form names; a new one where it names none.
pub(super) fn mark_of(form: &Form) -> String {
    let named = form.one(MARK);
    let is_mark = named.len() == 32 && named.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_mark { named.to_owned() } else { key() }
}

/// Which form it is, by the asset that it is about.
fn which(about: &str) -> Which {
    if about.is_empty() { Which::Register } else { Which::Amend }
}

/// Where a form stands.
fn place(about: &str) -> String {
    match which(about) {
        Which::Register => "/assets/new".to_owned(),
        Which::Amend => {
            let code: String = form_urlencoded::byte_serialize(about.as_bytes()).collect();
            format!("/assets/{code}/edit")
        }
    }
}

/// What was typed into a form.
fn typed(form: &Form) -> Fields {
    let all = form.all().filter(|(name, _)| *name == ABOUT || !OF_THE_PAGE.contains(name));
    all.map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}

fn clock(instant: DateTime<Utc>, form: &str) -> String {
    instant.with_timezone(&CHINA_CLOCK).format(form).to_string()
}

async fn keep(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (mark, about) = (mark_of(&form), form.one(ABOUT));
    let kept = (mark.as_str(), which(about));
    let at_once = draft::keep(&state.ledger, &visit.actor, kept, &typed(&form)).await?;
    if form.has("quietly") {
        return Ok(clock(at_once, "%H:%M").into_response());
    }
    let words = [(MARK, mark.as_str()), ("done", "draft")];
    Ok(Redirect::to(&at(&place(about), words)).into_response())
}

async fn discard(
    State(state): State<AppState>,
    Path(mark): Path<String>,
    sent: Sent,
) -> Result<Redirect, Fault> {
    draft::discard(&state.ledger, &sent.visit.actor, &mark).await?;
    Ok(Redirect::to(&at("/assets/new", [("done", "discarded")])))
}

/// The draft that the address of a page names.
pub(super) async fn named(state: &AppState, visit: &Visit) -> Result<Option<Draft>> {
    let word = visit.query.iter().find(|(word, _)| word == MARK);
    match word {
        Some((_, mark)) => draft::open(&state.ledger, &visit.actor, mark).await.map(Some),
        None => Ok(None),
    }
}

/// Forgets the draft of a form that was carried out. One that stays is no harm: it can be discarded.
pub(super) async fn forget(state: &AppState, visit: &Visit, form: &Form) {
    if form.has(MARK) {
        let forgotten = draft::discard(&state.ledger, &visit.actor, form.one(MARK)).await;
        if let Err(error) = forgotten {
            tracing::warn!(event = "draft_stays", %error);
        }
    }
}

/// What the address says was done with a draft.
pub(super) fn said(visit: &Visit) -> Option<&'static str> {
    let (_, what) = visit.query.iter().find(|(word, _)| word == "done")?;
    match what.as_str() {
        "draft" => Some(visit.say(
            "草稿已保存，只有自己看得到，保留 30 天。",
            "The draft is kept for 30 days; nobody else sees it.",
        )),
        "back" => Some(visit.say(
            "登录过期前填的内容都在下面，请接着办理。",
            "What you had typed before the sign-in ended stands below: go on.",
        )),
        "discarded" => Some(visit.say("草稿已删除。", "The draft is discarded.")),
        _ => None,
    }
}

/// What a form of drafts carries.
pub(super) fn fields(mark: &str, about: &str) -> Markup {
    html! {
        input type="hidden" name=(MARK) value=(mark);
        @if !about.is_empty() { input type="hidden" name=(ABOUT) value=(about); }
    }
}

/// The button that keeps what was typed, and the line that says when it was kept by itself.
pub(super) fn button(manner: &Manner) -> Markup {
    html! {
        button.btn formaction="/drafts" { (manner.say("存为草稿", "Save as draft")) }
        output.mut.sm aria-live="off" data-kept=(manner.say("草稿已保存 ", "Draft saved "))
            data-lost=(manner.say("草稿暂时没有存上；不要关闭页面", "The draft is not saved yet: keep this page open")) {}
    }
}

/// The drafts that may be taken up again.
pub(super) fn list(visit: &Visit, drafts: &[Draft]) -> Markup {
    html! {
        @if !drafts.is_empty() {
            section.card {
                header { h2 { (visit.say("我的草稿", "My drafts")) } span.mut.sm { (drafts.len()) } }
                ul.ppl { @for draft in drafts { (one(visit, draft)) } }
            }
        }
    }
}

fn one(visit: &Visit, draft: &Draft) -> Markup {
    let field = |name: &str| {
        let found = draft.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, text)| text.trim())
    };
    let (name, about) = (field("name"), field(ABOUT));
    let name =
        if name.is_empty() { visit.say("（还没有名称）", "(no name yet)") } else { name };
    html! {
        li {
            a.b href=(at(&place(about), [(MARK, draft.mark.as_str())])) { (name) }
            span.mut.sm { (visit.text(draft.form.label())) " " (about) " " (clock(draft.kept_at, "%m-%d %H:%M")) }
            form.tel method="post" action={ "/drafts/" (draft.mark) "/discard" } {
                (hidden(&visit.mark))
                button.btn.sm aria-label={ (visit.say("删除草稿：", "Discard the draft: ")) (name) } { (visit.say("删除", "Discard")) }
            }
        }
    }
}

/// The form whose session had ended when it came, on the page of the sign-in: whoever signs in there
/// goes on where it was typed.
pub(super) async fn carried_over(
    state: &AppState,
    (parts, form): (&Parts, &Form),
    aside: Response,
) -> Response {
    let is_of_sign_in = aside
        .headers()
        .get(LOCATION)
        .is_some_and(|place| place.to_str().is_ok_and(|place| place.starts_with("/sign-in?")));
    let about = form.one(ABOUT);
    let is_kept = form.has(MARK) && !form.has("quietly");
    if !is_of_sign_in || !is_kept {
        return aside;
    }
    let manner = Manner::of(parts, state);
    let held = state.ledger.holder_of_token(&token(parts, &manner)).await.unwrap_or_default();
    let mut fields = typed(form);
    fields.push((MARK.to_owned(), mark_of(form)));
    match draft::carry(&state.ledger, held, fields) {
        Ok(carried) => {
            (StatusCode::FORBIDDEN, carried_page(&manner, &place(about), carried.as_deref()))
                .into_response()
        }
        Err(error) => Fault::from(error).into_response(),
    }
}

/// Keeps the form that a page of the sign-in carried. Answers where it goes on.
pub(super) async fn arrived(ledger: &Ledger, account: AccountId, carried: &str) -> Option<String> {
    let mut fields = draft::carried(ledger, account, carried)?;
    let found = fields.iter().position(|(name, _)| name == MARK)?;
    let (_, mark) = fields.remove(found);
    let about = fields.iter().find(|(name, _)| name == ABOUT);
    let about = about.map_or(String::new(), |(_, about)| about.clone());
    let kept = draft::keep_carried(ledger, account, (&mark, which(&about)), &fields).await;
    match kept {
        Ok(()) => Some(at(&place(&about), [(MARK, mark.as_str()), ("done", "back")])),
        Err(Error::Refused(_)) => None,
        Err(error) => {
            tracing::warn!(event = "draft_lost", %error);
            None
        }
    }
}
