//! Registering, amending and ending an organization.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::{
    area::AreaCode,
    draft::Form as Which,
    id::OrganizationId,
    language::Sentence,
    log::Action,
    organization::{self, Model},
};
use maud::{Markup, html};

use super::{
    draft::{self, Keeping, Of},
    fields::{self, Sheet, Typed},
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    offered::Areas,
    organization::way,
    parts::mistakes,
    party,
    proof::{Came, unless_mended},
    stylesheet::KEEP,
    visit::{Visit, at},
};
use crate::{
    app::{self, party::borne},
    domain::{
        field::{Change, Field},
        mistake::{Mistake, Mistakes},
        organization::{FIELDS, blank},
        title::Party,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/organizations/new", get(show_new).post(register))
        .route("/organizations/{id}/edit", get(show_edit).post(amend))
        .route("/organizations/{id}/end", get(show_end).post(end))
}

/// The forms of which drafts are kept here.
const REGISTER: Of<'static> = Of(Which::RegisterOrganization, "");
const AMEND: Which = Which::AmendOrganization;

/// The fields that a form may set.
fn may(field: &Field<Model>) -> bool {
    field.change == Change::Amend
}

/// The page of an organization, said to have had something done.
fn done_to(id: OrganizationId, what: &str) -> String {
    at(&format!("/organizations/{id}"), [("done", what)])
}

async fn show_new(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::RegisterOrganization)?;
    let (keeping, kept) = Keeping::opened(&state, &visit, REGISTER).await?;
    let begun = || {
        let mut typed = Typed::default();
        typed.put("kind", organization::Kind::Collective.code());
        typed
    };
    let typed = kept.map_or_else(begun, |fields| Typed::of(&fields));
    drawn_new(&state, &visit, (&typed, &keeping), None).await
}

async fn drawn_new(
    state: &AppState,
    visit: &Visit,
    (typed, keeping): (&Typed, &Keeping),
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let areas = Areas::of(state, visit, None).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let own = html! {
        (sheet.around(("area", visit.say("所在区划 *", "Area *"), ""), &areas.draw_or_type(&sheet)))
    };
    let ways = ("/organizations/new", "/organizations");
    let form = form(visit, &sheet, (ways, keeping), None, &own);
    framed(state, visit, (visit.say("登记单位", "Register an organization"), fault), form, None)
        .await
}

fn form(
    visit: &Visit,
    sheet: &Sheet<'_>,
    ((address, back), keeping): ((&str, &str), &Keeping),
    version: Option<i64>,
    own: &Markup,
) -> Markup {
    let hint = version.map(|_| visit.say("联系人已封存，不显示；要更换才填，留空不变。", "The contact is sealed and not shown; fill it in to replace it, leave it empty to keep it."));
    html! {
        (keeping.above(visit))
        form.card.pad.mt method="post" action=(address) novalidate data-draft {
            (hidden(&visit.mark))
            (keeping.hidden())
            @if let Some(version) = version { input type="hidden" name="version" value=(version); }
            div.sheet {
                @for field in FIELDS.iter().filter(|field| may(field)) { (sheet.draw(field, field.required)) }
                (own)
                (party::contact_fields(visit, sheet))
            }
            @if let Some(hint) = hint { p.mut.sm { (hint) } }
            div.dock {
                button.btn.go { (visit.say("保存", "Save")) kbd { "Ctrl+S" } }
                (draft::button(visit))
                a.btn href=(back) { (visit.say("不办了", "Leave it")) }
            }
        }
    }
}

async fn framed(
    state: &AppState,
    visit: &Visit,
    (title, fault): (&str, Option<&Fault>),
    body: Markup,
    row: Option<&Model>,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let wrong = if fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    let mut way = way(visit);
    way.extend(row.map(|row| (format!("/organizations/{}", row.id), row.name.clone())));
    let body = html! { @if let Some(fault) = fault { (mistakes(visit, fault)) } (body) };
    let shown = Page {
        place: Some(Place::Organizations),
        way,
        below: row.map(|row| row.name.clone()).unwrap_or_default(),
        script: Some(&KEEP),
        ..Page::new(format!("{wrong}{title}"), body)
    };
    Ok(page(visit, &around, shown))
}

async fn register(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::RegisterOrganization)?;
    let done = registered(&state, &visit, &form).await;
    let error = match done {
        Ok(row) => {
            draft::forget(&state, &visit, &form).await;
            return Ok(Redirect::to(&done_to(row.id, "saved")).into_response());
        }
        Err(error) => error,
    };
    let fault = match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => fault,
        Came::Answered(answer) => return answer,
    };
    let keeping = Keeping::sent(&form, REGISTER);
    let shown = drawn_new(&state, &visit, (&Typed::sent(&form), &keeping), Some(&fault)).await?;
    Ok((fault.status, shown).into_response())
}

async fn registered(state: &AppState, visit: &Visit, form: &Form) -> Result<Model> {
    let area: Option<AreaCode> = form.one("area").parse().ok();
    let mut row = blank(area.unwrap_or(visit.area()), "");
    let mut all = fields::set(FIELDS, &mut row, form, may);
    if area.is_none() {
        let expected = Sentence::new("请选择所在区划", "choose an area");
        all.push(Mistake::new("area", form.one("area"), expected));
    }
    let contact = with_contact(all, form)?;
    let ledger = form.once(&state.ledger, |row: &Model| done_to(row.id, "saved"));
    app::organization::register(&ledger, &visit.actor, row, contact.as_ref()).await
}

/// The contact of a form, unless something in it is wrong.
fn with_contact(
    mut all: Mistakes,
    form: &Form,
) -> Result<Option<crate::domain::masking::Contact>, Mistakes> {
    let contact = party::sent_contact(form).unwrap_or_else(|wrong| {
        wrong.0.into_iter().for_each(|one| all.push(one));
        None
    });
    all.into_result()?;
    Ok(contact)
}

async fn row(state: &AppState, visit: &Visit, id: i64) -> Result<Model> {
    state.ledger.read(&visit.actor).get::<organization::Entity>(OrganizationId(id)).await
}

async fn show_edit(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    visit.actor.require(Action::AmendOrganization)?;
    let row = row(&state, &visit, id).await?;
    let about = row.id.to_string();
    let (keeping, kept) = Keeping::opened(&state, &visit, Of(AMEND, &about)).await?;
    let typed = kept.map_or_else(|| Typed::recorded(FIELDS, &row), |fields| Typed::of(&fields));
    let version = typed.text("version").parse().unwrap_or(row.version);
    let sheet = Sheet { manner: &visit.manner, typed: &typed, fault: None, meanwhile: None };
    drawn_edit(&state, &visit, &row, &sheet, (version, &keeping)).await
}

async fn drawn_edit(
    state: &AppState,
    visit: &Visit,
    row: &Model,
    sheet: &Sheet<'_>,
    (version, keeping): (i64, &Keeping),
) -> Result<Response, Fault> {
    let back = format!("/organizations/{}", row.id);
    let address = format!("{back}/edit");
    let ways = ((&*address, &*back), keeping);
    let form = form(visit, sheet, ways, Some(version), &html! {});
    let title = visit.say("变更单位", "Amend the organization");
    framed(state, visit, (title, sheet.fault), form, Some(row)).await
}

async fn amend(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::AmendOrganization)?;
    let before = row(&state, &visit, id).await?;
    let place = done_to(before.id, "saved");
    let done = amended(&state, (&visit, &form), &before, place.clone()).await;
    let Err(error) = done else {
        draft::forget(&state, &visit, &form).await;
        return Ok(Redirect::to(&place).into_response());
    };
    let fault = match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => fault,
        Came::Answered(answer) => return answer,
    };
    let (typed, now) = (Typed::sent(&form), Typed::recorded(FIELDS, &before));
    let is_stale = fault.status == StatusCode::PRECONDITION_FAILED;
    let meanwhile = is_stale.then_some(&now);
    let sheet = Sheet { manner: &visit.manner, typed: &typed, fault: Some(&fault), meanwhile };
    let sent = form.number("version").unwrap_or_default();
    let version = if is_stale { before.version } else { sent };
    let about = before.id.to_string();
    let keeping = Keeping::sent(&form, Of(AMEND, &about));
    let shown = drawn_edit(&state, &visit, &before, &sheet, (version, &keeping)).await?;
    Ok((fault.status, shown).into_response())
}

async fn amended(
    state: &AppState,
    (visit, form): (&Visit, &Form),
    before: &Model,
    place: String,
) -> Result<Model> {
    let mut tried = before.clone();
    let contact = with_contact(fields::set(FIELDS, &mut tried, form, may), form)?;
    let ledger = form.once(&state.ledger, move |_: &Model| place.clone());
    let named = (before.id, form.number("version").unwrap_or_default());
    let change = |mut row: Model| -> Result<Model> {
        fields::set(FIELDS, &mut row, form, may).into_result()?;
        Ok(row)
    };
    app::organization::amend_with_contact(&ledger, &visit.actor, named, contact.as_ref(), change)
        .await
}

async fn show_end(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    visit.actor.require(Action::EndOrganization)?;
    let today = visit.today.to_string();
    drawn_end(&state, &visit, id, (&today, None)).await
}

async fn drawn_end(
    state: &AppState,
    visit: &Visit,
    id: i64,
    (on, fault): (&str, Option<&Fault>),
) -> Result<Response, Fault> {
    let row = row(state, visit, id).await?;
    let told = borne(&state.ledger, &visit.actor, Party::Organization(row.id)).await?;
    let back = format!("/organizations/{}", row.id);
    let verb = visit.say("注销单位", "End the organization");
    let ways = (format!("{back}/end"), back);
    let body = party::end_form(visit, (&ways.0, &ways.1), row.version, (&told, verb), (on, fault));
    framed(state, visit, (verb, fault), body, Some(&row)).await
}

async fn end(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::EndOrganization)?;
    let place = done_to(OrganizationId(id), "ended");
    let led = place.clone();
    let ledger = form.once(&state.ledger, move |_: &usize| led.clone());
    let named = (OrganizationId(id), form.number("version").unwrap_or_default());
    let done = match party::last_day(&form) {
        Ok(on) => app::organization::end(&ledger, &visit.actor, named, on).await,
        Err(wrong) => Err(Error::Invalid(wrong)),
    };
    let Err(error) = done else { return Ok(Redirect::to(&place).into_response()) };
    let fault = match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => fault,
        Came::Answered(answer) => return answer,
    };
    let shown = drawn_end(&state, &visit, id, (form.one("on"), Some(&fault))).await?;
    Ok((fault.status, shown).into_response())
}
