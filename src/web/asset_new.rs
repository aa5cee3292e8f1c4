//! Registering an asset: one page, what is needed first, and the next one like it at a key.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::{
    area::AreaCode,
    asset::{Class, Model},
    id::OrganizationId,
    language::Label,
};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    draft,
    fields::{self, Sheet, Typed},
    form::{Form, Sent, hidden, key, replayed},
    frame::{Around, Page, Place, page},
    offered::{Areas, Bodies},
    parts::{Tone, done, mistakes, note},
    stylesheet::KEEP,
    visit::{Visit, at},
};
use crate::{
    app::{self, asset::Registration, listing},
    domain::{
        asset::{Completeness, FIELDS, blank, implied_form},
        field::{Field, field},
        funding::{FIELDS as SOURCE_FIELDS, Source},
        mistake::{Mistake, Mistakes},
        permission::Action,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/new", get(show).post(send))
}

/// What stands before the area, and what behind it.
const NEEDED: [&[&str]; 2] = [
    &["name", "class", "subclass"],
    &["original_value", "acquired_on", "location", "quantity", "unit"],
];
/// What is made of other fields, or comes to be by an action of its own.
const MADE: [&str; 5] = ["form", "state", "handed_over_on", "source_key", "maintainer_answer"];
/// What the next asset is likely to have too.
const REPEATED: [&str; 13] = [
    "class",
    "subclass",
    "use_state",
    "condition",
    "unit",
    "structure",
    "project_year",
    "line_department",
    "valuation",
    "depreciation",
    "life_months",
    "built_year",
    "acquired_on",
];
/// What the next asset's sources are likely to have too.
const REPEATED_OF_SOURCE: [&str; 4] = ["tier", "fund", "year", "document_no"];
const AREA: Label = Label::new("所在区划", "area");

/// The fields that may wait.
fn later() -> impl Iterator<Item = &'static Field<Model>> {
    let is_needed = |name: &str| NEEDED.concat().contains(&name);
    FIELDS.iter().filter(move |field| !is_needed(field.name) && !MADE.contains(&field.name))
}

/// A form before it is drawn.
struct Draft<'a> {
    /// What it is kept by until it is done.
    mark: String,
    typed: Typed,
    n_sources: usize,
    fault: Option<&'a Fault>,
    namesakes: Vec<Model>,
    above: Markup,
}

impl Draft<'_> {
    fn of(typed: Typed, n_sources: usize) -> Draft<'static> {
        let n_sources = n_sources.clamp(limits::SOURCE_ROWS, limits::FUNDING_ROWS);
        let (mark, above) = (key(), html! {});
        Draft { mark, typed, n_sources, fault: None, namesakes: Vec::new(), above }
    }
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::RegisterAsset)?;
    let word = |name: &str| {
        let found = visit.query.iter().find(|(word, _)| word == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let taken_up = draft::named(&state, &visit).await?;
    let is_fresh = taken_up.is_none();
    let mut draft = match (taken_up, word("like")) {
        (Some(kept), _) => {
            let typed = Typed::of(&kept.fields);
            let n_sources = typed.text("sources").parse().unwrap_or(0);
            Draft { mark: kept.mark, ..Draft::of(typed, n_sources) }
        }
        (None, "") => Draft::of(Typed::default(), 0),
        (None, code) => like(&state, &visit, code).await?,
    };
    if let Ok(area) = word("area").parse::<AreaCode>() {
        draft.typed.put("area", area.to_string());
    }
    if word("done") == "registered" {
        draft.above = done(visit.say(
            "已登记上一项。下面已带入与它相同的内容，请填写这一项的名称、数量和金额。",
            "The last one is registered. What it shares with the next stands below: fill in name, quantity and amounts.",
        ));
    }
    if let Some(said) = draft::said(&visit) {
        draft.above = done(said);
    }
    if is_fresh {
        let drafts = app::draft::list(&state.ledger, &visit.actor).await?;
        draft.above = html! { (draft.above) (draft::list(&visit, &drafts)) };
    }
    drawn(&state, &visit, &draft).await
}

/// What another asset has that the next one is likely to have too.
async fn like(state: &AppState, visit: &Visit, code: &str) -> Result<Draft<'static>> {
    let read = state.ledger.read(&visit.actor);
    let asset = read.asset(code).await?;
    let dossier = read.dossiers(&[asset.id]).await?.pop().ok_or(Error::Conflict)?;
    let sources = dossier.funding.iter().filter(|row| !row.is_withdrawn);
    let sources: Vec<Source> = sources.map(Source::of).take(limits::FUNDING_ROWS).collect();
    let mut typed = Typed::default().with(FIELDS, &asset, "");
    for (n, source) in sources.iter().enumerate() {
        typed = typed.with(SOURCE_FIELDS, source, &before(n));
    }
    let mut typed = typed.only(|name| match name.split_once('-') {
        Some((_, of_source)) => REPEATED_OF_SOURCE.contains(&of_source),
        None => REPEATED.contains(&name),
    });
    typed.put("area", asset.area_code.to_string());
    Ok(Draft::of(typed, sources.len()))
}

/// What the names of the fields of one source begin with.
fn before(n: usize) -> String {
    format!("f{n}-")
}

async fn drawn(state: &AppState, visit: &Visit, draft: &Draft<'_>) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let place = draft.typed.text("area").parse().ok();
    let areas = Areas::of(state, visit, None).await?;
    let near = place.unwrap_or_else(|| visit.area());
    let typed = &draft.typed;
    let debtors =
        Bodies::of(state, visit, near, (typed.text("find"), typed.text("debtor"))).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault: draft.fault, meanwhile: None };
    let body = html! {
        (draft.above)
        @if let Some(fault) = draft.fault { (mistakes(visit, fault)) }
        (form(visit, draft, &sheet, (&areas, &debtors)))
    };
    let title = visit.say("登记资产", "Register an asset");
    let wrong = if draft.fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    let shown = Page {
        place: Some(Place::Assets),
        way: vec![("/assets".to_owned(), visit.say("资产台账", "Assets").to_owned())],
        below: visit
            .say("带 * 的必填；其余可以以后补", "What bears * is needed; the rest can wait")
            .to_owned(),
        script: Some(&KEEP),
        ..Page::new(format!("{wrong}{title}"), body)
    };
    Ok(page(visit, &around, shown))
}

fn form(
    visit: &Visit,
    draft: &Draft<'_>,
    sheet: &Sheet<'_>,
    (areas, debtors): (&Areas, &Bodies),
) -> Markup {
    let is_wrong_below = later().any(|field| sheet.mistake(field.name).is_some());
    let is_open = is_wrong_below
        || ["debtor", "find"]
            .iter()
            .any(|name| !sheet.typed.text(name).is_empty() || sheet.mistake(name).is_some());
    let place = html! {
        (areas.draw(sheet))
        @if areas.is_cut { p.t-warn.sm { (visit.say(
            "管辖的区划太多，这里只列出一部分；其余区划请由县或乡镇账号登记。",
            "Your area has more places than are listed: for the others ask the county or the town.",
        )) } }
    };
    html! {
        form.card.pad.mt method="post" action="/assets/new" novalidate data-draft {
            (hidden(&visit.mark))
            (draft::fields(&draft.mark, ""))
            input type="hidden" name="sources" value=(draft.n_sources);
            // what the enter key presses
            button.sr tabindex="-1" aria-hidden="true" { (visit.say("保存", "Save")) }
            @if !draft.namesakes.is_empty() { (likeness(visit, &draft.namesakes)) }
            div.sheet {
                (group(sheet, NEEDED[0]))
                (sheet.around(("area", &format!("{} *", visit.text(AREA)), ""), &place))
                (group(sheet, NEEDED[1]))
            }
            (sources(visit, draft, sheet))
            details open[is_open] {
                summary { (visit.say("其他信息（可以以后补）", "More (can wait)")) }
                div.sheet {
                    @for field in later() { (sheet.draw(field, false)) }
                    (sheet.around(("debtor", visit.say("债务人（股权、债权、基金才填）", "Debtor (of equity, debt and fund shares)"), ""), &debtors.draw(sheet, "debtor")))
                    (debtors.narrowing(sheet))
                }
            }
            div.dock {
                button.btn.go { (visit.say("保存", "Save")) kbd { "Ctrl+S" } }
                button.btn name="then" value="next" { (visit.say("保存并登记下一项", "Save, then the next")) kbd { "Ctrl+Enter" } }
                (draft::button(visit))
                a.btn href="/assets" { (visit.say("不登记了", "Leave it")) }
            }
        }
    }
}

fn group(sheet: &Sheet<'_>, names: &'static [&'static str]) -> Markup {
    html! { @for field in names.iter().filter_map(|name| field(FIELDS, name)) { (sheet.draw(field, true)) } }
}

/// Where the money came from, a row for each source.
fn sources(visit: &Visit, draft: &Draft<'_>, sheet: &Sheet<'_>) -> Markup {
    const ORDER: [&str; 6] = ["fund", "amount", "year", "tier", "document_no", "source_name"];
    let wrong = sheet.mistake("funding");
    html! {
        fieldset #f-funding tabindex="-1" {
            legend { (visit.say("资金来源（至少一项，合计一般等于原值）", "Sources of money (at least one; together they are the original value)")) }
            @if let Some(wrong) = wrong { p.t-bad.sm #e-funding { (visit.tell(wrong)) } }
            @for n in 0..draft.n_sources {
                div.sheet role="group" aria-label={ (visit.say("资金来源 ", "Source ")) (n + 1) } {
                    @for field in ORDER.iter().filter_map(|name| field(SOURCE_FIELDS, name)) {
                        (sheet.draw_named(field, &format!("{}{}", before(n), field.name), n == 0 && ["fund", "amount"].contains(&field.name)))
                    }
                }
            }
            p { button.btn name="then" value="more" { (visit.say("再加一项", "One more source")) } }
        }
    }
}

/// Assets of the same name in the same place, and the way past them.
fn likeness(visit: &Visit, namesakes: &[Model]) -> Markup {
    let body = html! {
        p { b { (visit.say("这里已有同名资产：", "There are assets of that name here: ")) } }
        ul { @for asset in namesakes {
            li { a href={ "/assets/" (asset.code) } { (asset.name) " " (asset.code) }
                @if let Some(value) = asset.original_value { " " (value.grouped()) (visit.say(" 元", " yuan")) } }
        } }
        label { input #f-other type="checkbox" name="other" value="yes"; " " (visit.say("不是同一项，仍要登记", "It is another one: register it")) }
    };
    note(Tone::Warning, &body)
}

async fn send(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::RegisterAsset)?;
    let n_sources = form.number("sources").and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let mut draft =
        Draft { mark: draft::mark_of(&form), ..Draft::of(Typed::sent(&form), n_sources) };
    let is_searched = form.one("find") != form.one("found");
    match form.one("then") {
        "more" => {
            draft.n_sources = (draft.n_sources + 1).min(limits::FUNDING_ROWS);
            return drawn(&state, &visit, &draft).await;
        }
        "find" => return drawn(&state, &visit, &draft).await,
        _ if is_searched => return drawn(&state, &visit, &draft).await,
        _ => {}
    }
    let error = match register(&state, &visit, &form, &mut draft).await.or_else(replayed) {
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
    draft.fault = Some(&fault);
    let shown = drawn(&state, &visit, &draft).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

/// Where its sender goes from there.
fn onward(asset: &Model, is_next: bool) -> String {
    if is_next {
        at("/assets/new", [("like", asset.code.as_str()), ("done", "registered")])
    } else {
        at(&format!("/assets/{}", asset.code), [("done", "registered")])
    }
}

async fn register(
    state: &AppState,
    visit: &Visit,
    form: &Form,
    draft: &mut Draft<'_>,
) -> Result<String> {
    let is_next = form.one("then") == "next";
    let ledger = form.once(&state.ledger, move |asset: &Model| onward(asset, is_next));
    let registration = read(visit, form, draft.n_sources)?;
    let (place, name) = (registration.asset.area_code, registration.asset.name.clone());
    let (whole, actor) = (Completeness::Whole, &visit.actor);
    let made = if form.has("other") {
        app::asset::register(&ledger, actor, registration, whole).await
    } else {
        app::asset::register_unlike(&ledger, actor, registration, whole).await
    };
    let asset = match made {
        Err(Error::Refused(refusal)) if refusal.code == "asset.namesake_there" => {
            draft.namesakes = listing::namesakes(&state.ledger, actor, place, &name).await?;
            return Err(Mistakes(vec![Mistake::new("other", "", refusal.sentence)]).into());
        }
        made => made?,
    };
    Ok(onward(&asset, is_next))
}

/// What the form says, with every mistake in it.
fn read(visit: &Visit, form: &Form, n_sources: usize) -> Result<Registration> {
    let mut mistakes = Mistakes::default();
    let mut asset = blank(AreaCode::NATION, Class::Public, "");
    // a code that is left empty is made
    let is_code_made = form.one("code").is_empty();
    let is_left = |name: &str| MADE.contains(&name) || (name == "code" && is_code_made);
    mistakes.0.extend(fields::set(FIELDS, &mut asset, form, |field| !is_left(field.name)).0);
    asset.form = implied_form(asset.subclass);
    asset.debtor_id = form.number("debtor").map(OrganizationId);
    match form.one("area").parse() {
        Ok(area) => asset.area_code = area,
        Err(_) => mistakes.push(Mistake::missing("area", AREA)),
    }
    let mut registration = Registration::of(asset);
    for n in 0..n_sources {
        registration.sources.extend(source(form, n, &mut mistakes));
    }
    let checked = registration.check(Completeness::Whole, visit.today);
    for mistake in checked.0 {
        if mistakes.0.iter().all(|known| known.field != mistake.field) {
            mistakes.push(mistake);
        }
    }
    mistakes.into_result()?;
    Ok(registration)
}

/// One source of money; nothing where its row is empty.
fn source(form: &Form, n: usize, mistakes: &mut Mistakes) -> Option<Source> {
    let name = |field: &Field<Source>| format!("{}{}", before(n), field.name);
    if SOURCE_FIELDS.iter().all(|field| form.one(&name(field)).is_empty()) {
        return None;
    }
    let mut source = Source::default();
    mistakes.0.extend(fields::set_named(SOURCE_FIELDS, &mut source, form, &before(n), |_| true).0);
    for field in ["fund", "amount"].iter().filter_map(|name| field(SOURCE_FIELDS, name)) {
        if form.one(&name(field)).is_empty() {
            let missing = Mistake::missing(field.name, field.label);
            mistakes.push(Mistake { field: name(field).into(), ..missing });
        }
    }
    Some(source)
}
