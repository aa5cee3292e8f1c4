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
    parts::done,
    sign_in::carried_page,
    visit::{Manner, Visit, at, token},
};
use crate::{
    app::{
        draft::{self, Draft, Fields},
        output::CHINA_CLOCK,
    },
    domain::permission::Action,
    error::{Error, Result},
    http::{AppState, fault::Fault},
    store::Ledger,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/drafts", post(keep)).route("/drafts/{mark}/discard", post(discard))
}

/// The field that says which draft a form is.
const MARK: &str = "draft";
/// The field that says which form it is.
const OF: &str = "draft_of";
/// The field that names what the form is about: an asset by its code, an organization by its
/// number; what is new has no name yet.
const ABOUT: &str = "about";
/// Fields that belong to one page of a form and not to what was typed.
const OF_THE_PAGE: [&str; 6] = ["mark", "key", MARK, "quietly", "then", "seen"];

/// Every form of which drafts are kept: where it stands, and which field tells its drafts apart.
const FORMS: [(Which, &str, &str); 9] = [
    (Which::Register, "/assets/new", "name"),
    (Which::Amend, "/assets/{about}/edit", "name"),
    (Which::Correct, "/assets/{about}/correct", "name"),
    (Which::Split, "/assets/{about}/split", "p0-name"),
    (Which::Merge, "/assets/merge", "name"),
    (Which::SettleTitle, "/assets/{about}/settle", ""),
    (Which::AssignDuty, "/duties/assign", "maintainer"),
    (Which::RegisterOrganization, "/organizations/new", "name"),
    (Which::AmendOrganization, "/organizations/{about}/edit", "name"),
];

/// A form of which drafts are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Of<'a>(pub(super) Which, pub(super) &'a str);

impl<'a> Of<'a> {
    /// The form that some fields belong to; those that do not say are of an asset's card.
    fn fields(fields: impl Fn(&str) -> &'a str) -> Of<'a> {
        let about = fields(ABOUT);
        let usual = if about.is_empty() { Which::Register } else { Which::Amend };
        Of(fields(OF).parse().unwrap_or(usual), about)
    }

    fn row(&self) -> (&'static str, &'static str) {
        let row = FORMS.iter().find(|(which, ..)| *which == self.0);
        row.map_or(("/", ""), |(_, place, name)| (*place, *name))
    }

    /// Where it stands.
    fn place(&self) -> String {
        let about: String = form_urlencoded::byte_serialize(self.1.as_bytes()).collect();
        self.row().0.replace("{about}", &about)
    }
}

/// The mark of a draft that a form names; a new one where it names none.
pub(super) fn mark_of(form: &Form) -> String {
    let named = form.one(MARK);
    let is_mark = named.len() == 32 && named.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_mark { named.to_owned() } else { key() }
}

/// What was typed into a form.
fn typed(form: &Form) -> Fields {
    let all = form.all().filter(|(name, _)| !OF_THE_PAGE.contains(name));
    all.map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}

fn clock(instant: DateTime<Utc>, form: &str) -> String {
    instant.with_timezone(&CHINA_CLOCK).format(form).to_string()
}

async fn keep(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (mark, of) = (mark_of(&form), Of::fields(|name| form.one(name)));
    let kept = (mark.as_str(), of.0);
    let at_once = draft::keep(&state.ledger, &visit.actor, kept, &typed(&form)).await?;
    if form.has("quietly") {
        return Ok(clock(at_once, "%H:%M").into_response());
    }
    let words = [(MARK, mark.as_str()), ("done", "draft")];
    Ok(Redirect::to(&at(&of.place(), words)).into_response())
}

async fn discard(
    State(state): State<AppState>,
    Path(mark): Path<String>,
    sent: Sent,
) -> Result<Redirect, Fault> {
    draft::discard(&state.ledger, &sent.visit.actor, &mark).await?;
    // where all of one's drafts are listed, for whoever may be there
    let place = if sent.visit.may(Action::RegisterAsset) { "/assets/new" } else { "/" };
    Ok(Redirect::to(&at(place, [("done", "discarded")])))
}

fn text<'a>(fields: &'a Fields, name: &str) -> &'a str {
    let found = fields.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, text)| text.trim())
}

/// The draft of a form that the address of its page names.
pub(super) async fn named(state: &AppState, visit: &Visit, of: Of<'_>) -> Result<Option<Draft>> {
    let Some((_, mark)) = visit.query.iter().find(|(word, _)| word == MARK) else {
        return Ok(None);
    };
    let draft = draft::open(&state.ledger, &visit.actor, mark).await?;
    let is_of_it = of == Of(draft.form, text(&draft.fields, ABOUT));
    is_of_it.then_some(Some(draft)).ok_or(Error::NotFound(draft::NOUN))
}

/// The drafts of a form that may be taken up again; where assets are registered, those of all forms.
pub(super) async fn listed(state: &AppState, visit: &Visit, of: Of<'_>) -> Result<Markup> {
    let mut drafts = draft::list(&state.ledger, &visit.actor).await?;
    let is_of_it = |draft: &Draft| of == Of(draft.form, text(&draft.fields, ABOUT));
    drafts.retain(|draft| of.0 == Which::Register || is_of_it(draft));
    Ok(list(visit, &drafts))
}

/// The draft that a form is, and those that may be taken up in its place.
pub(super) struct Keeping {
    which: Which,
    about: String,
    mark: String,
    others: Markup,
}

impl Keeping {
    /// Of a form that is opened, with what was typed into it before where it is taken up again.
    pub(super) async fn opened(
        state: &AppState,
        visit: &Visit,
        of: Of<'_>,
    ) -> Result<(Keeping, Option<Fields>)> {
        let kept = named(state, visit, of).await?;
        let others = match kept {
            Some(_) => html! {},
            None => listed(state, visit, of).await?,
        };
        let (mark, fields) = kept.map_or_else(|| (key(), None), |one| (one.mark, Some(one.fields)));
        Ok((Keeping { which: of.0, about: of.1.to_owned(), mark, others }, fields))
    }

    /// Of a form that came and is shown again.
    pub(super) fn sent(form: &Form, of: Of<'_>) -> Keeping {
        let (which, about) = (of.0, of.1.to_owned());
        Keeping { which, about, mark: mark_of(form), others: html! {} }
    }

    /// What stands above the form: what was done with the draft, and the others.
    pub(super) fn above(&self, visit: &Visit) -> Markup {
        html! { @if let Some(said) = said(visit) { (done(said)) } (self.others) }
    }

    /// What the form carries.
    pub(super) fn hidden(&self) -> Markup {
        fields(Of(self.which, &self.about), &self.mark)
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
pub(super) fn fields(of: Of<'_>, mark: &str) -> Markup {
    html! {
        input type="hidden" name=(MARK) value=(mark);
        input type="hidden" name=(OF) value=(of.0.code());
        @if !of.1.is_empty() { input type="hidden" name=(ABOUT) value=(of.1); }
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

fn list(visit: &Visit, drafts: &[Draft]) -> Markup {
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
    let about = text(&draft.fields, ABOUT);
    let of = Of(draft.form, about);
    let name = match text(&draft.fields, of.row().1) {
        "" => visit.say("（还没有名称）", "(no name yet)"),
        name => name,
    };
    html! {
        li {
            a.b href=(at(&of.place(), [(MARK, draft.mark.as_str())])) { (name) }
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
    let of = Of::fields(|name| form.one(name));
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
            (StatusCode::FORBIDDEN, carried_page(&manner, &of.place(), carried.as_deref()))
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
    let of = Of::fields(|name| text(&fields, name));
    let kept = draft::keep_carried(ledger, account, (&mark, of.0), &fields).await;
    match kept {
        Ok(()) => Some(at(&of.place(), [(MARK, mark.as_str()), ("done", "back")])),
        Err(Error::Refused(_)) => None,
        Err(error) => {
            tracing::warn!(event = "draft_lost", %error);
            None
        }
    }
}
