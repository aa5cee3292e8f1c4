//! The forms of contracts: concluding one, amending it, ending it before its term.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use entity::{
    area::AreaCode,
    asset,
    contract::{Model, Steps},
    id::PersonId,
    language::{Label, Sentence},
};
use maud::{Markup, html};

use super::{
    act::{about_reason, led, reason},
    budget::{of_version, word},
    contract::{found, place_of, way},
    fields::{Sheet, Typed, set},
    finding_form::day,
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    offered::{Bodies, People, body_called},
    parts::{mistakes, titled},
    visit::Visit,
};
use crate::{
    app,
    domain::{
        contract::{FIELDS, NEEDED, blank, rent},
        field::{Change, Field, field},
        mistake::{Mistake, Mistakes},
        permission::Action,
        refusal::Refusal,
        title::Party,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/contracts/new", get(show_new).post(send_new))
        .route("/contracts/{id}/amend", get(show_amend).post(send_amend))
        .route("/contracts/{id}/end", post(send_end))
}

/// What is asked of every contract, in order.
const WHAT: [&str; 8] = [
    "kind",
    "contract_no",
    "signed_on",
    "starts_on",
    "ends_on",
    "platform",
    "decision",
    "decided_on",
];
/// What is asked of the rent.
const RENT: [&str; 7] =
    ["yearly_rent", "rhythm", "timing", "due_days", "free_months", "share_bp", "deposit"];
/// What is asked of money that was put in or lent.
const CLAIM: [&str; 2] = ["principal", "rate_bp"];

/// What a form is about.
#[derive(Clone, Copy)]
enum About<'a> {
    New,
    Kept(&'a Model),
}

fn drawn_fields(sheet: &Sheet<'_>, names: &[&str], is_new: bool) -> Markup {
    let shown = names.iter().filter_map(|name| field(FIELDS, name));
    let shown = shown.filter(|field| is_new || field.change == Change::Amend);
    html! { @for field in shown { (sheet.draw(field, NEEDED.contains(&field.name))) } }
}

fn rising(visit: &Visit, sheet: &Sheet<'_>) -> Markup {
    let number = |name: &str| {
        html! { input id={ "f-" (name) } name=(name) inputmode="numeric" maxlength="5" value=(sheet.typed.text(name)); }
    };
    let steps = visit.say(
        "每行一档“第几年=年租金”，如 3=12600.00；按比例递增的留空，填下面两项",
        "a line each, such as 3=12600.00; leave it empty where it rises by a rate, and fill in the next two",
    );
    html! {
        (sheet.around(("steps", visit.say("递增规则", "Steps of the rent"), steps), &html! {
            textarea #f-steps name="steps" rows="3" { (sheet.typed.text("steps")) }
        }))
        (sheet.around(("raise_every", visit.say("每几年递增一次", "Rises every so many years"), ""), &number("raise_every")))
        (sheet.around(("raise_bp", visit.say("每次递增（万分之）", "By (basis points)"), visit.say("5% 写 500", "500 is 5 %")), &number("raise_bp")))
    }
}

async fn payers(state: &AppState, visit: &Visit, sheet: &Sheet<'_>) -> Result<Markup> {
    let bodies = Bodies::of(state, visit, visit.area(), ("", "")).await?;
    let people = People::of(state, visit, visit.area()).await?;
    Ok(html! {
        (sheet.around(("payer", visit.say("付款单位", "Organization that pays"), visit.say("单位名称；自营不填", "its name; none where the owner operates it")), &html! {
            input #f-payer name="payer" maxlength=(limits::ORGANIZATION_NAME_LENGTH) value=(sheet.typed.text("payer")) list="payers" autocomplete="off";
            (bodies.names("payers"))
        }))
        (sheet.around(("person", visit.say("或付款个人", "Or the person who pays"), ""), &people.draw(&visit.manner, "person", sheet.typed.text("person"))))
    })
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    about: About<'_>,
    (typed, fault): (&Typed, Option<&Fault>),
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let (action, back, title) = match about {
        About::New => (
            "/contracts/new".to_owned(),
            "/contracts".to_owned(),
            visit.say("登记合同", "Conclude a contract"),
        ),
        About::Kept(row) => {
            let place = place_of(row.id, "");
            (format!("{place}/amend"), place, visit.say("变更合同", "Amend a contract"))
        }
    };
    let is_new = matches!(about, About::New);
    let payers = if is_new { payers(state, visit, &sheet).await? } else { Markup::default() };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        form.card.pad method="post" action=(action) novalidate {
            (hidden(&visit.mark))
            @if let About::Kept(row) = about { input type="hidden" name="version" value=(row.version); }
            div.sheet {
                @if is_new {
                    (sheet.around(("asset", visit.say("资产编号 *", "Code of the asset *"), ""), &html! {
                        input #f-asset name="asset" maxlength="64" value=(typed.text("asset")) autocomplete="off" aria-required="true";
                    }))
                    (payers)
                }
                (drawn_fields(&sheet, &WHAT, is_new))
            }
            fieldset { legend { (visit.say("租金", "Rent")) }
                div.sheet { (drawn_fields(&sheet, &RENT, is_new)) (rising(visit, &sheet)) }
            }
            fieldset { legend { (visit.say("入股、债权", "Money put in or lent")) }
                div.sheet { (drawn_fields(&sheet, &CLAIM, is_new)) }
            }
            @if !is_new { (reason(visit, &sheet)) }
            div.dock {
                button.btn.go { (visit.say("保存", "Save")) }
                a.btn href=(back) { (visit.say("不办了", "Leave it")) }
            }
        }
    };
    let mut way = way(visit);
    if let About::Kept(row) = about {
        way.push((back, row.contract_no.clone()));
    }
    let shown =
        Page { place: Some(Place::Contracts), way, ..Page::new(titled(visit, title, fault), body) };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

async fn show_new(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::ConcludeContract)?;
    let card = crate::domain::asset::blank(visit.area(), asset::Class::Operating, "");
    let mut typed = Typed::recorded(FIELDS, &blank(&card, visit.today));
    typed.put("asset", word(&visit, "asset"));
    Ok(drawn(&state, &visit, About::New, (&typed, None)).await?)
}

/// The steps of a rent that rises by the rate that a form says; none where it says none.
fn risen(form: &Form, row: &Model) -> Result<Option<Steps>, Mistake> {
    let (rate_bp, every) = (form.one("raise_bp"), form.one("raise_every"));
    if rate_bp.is_empty() && every.is_empty() {
        return Ok(None);
    }
    let number = |text: &str| text.parse::<i32>().ok();
    let years = rent::n_years(row);
    let rate = number(rate_bp).zip(number(every)).filter(|_| row.steps.0.is_empty());
    let steps = rate.and_then(|(bp, every)| rent::rising(row.yearly_rent, bp, every, years));
    steps.map(Some).ok_or_else(|| {
        let expected = Sentence::new(
            "递增：两项都填整数，且递增规则留空",
            "a rate: two whole numbers, and no steps beside them",
        );
        Mistake::new("raise_bp", rate_bp, expected)
    })
}

/// A contract with what a form says of it; the steps worked out where it rises by a rate.
fn said(form: &Form, mut row: Model, is_new: bool) -> Result<Model> {
    let may =
        |field: &Field<Model>| field.change == Change::Amend || (is_new && field.name == "kind");
    let mut wrong = set(FIELDS, &mut row, form, may);
    match risen(form, &row) {
        Ok(Some(steps)) => row.steps = steps,
        Ok(None) => {}
        Err(mistake) => wrong.push(mistake),
    }
    wrong.into_result()?;
    Ok(row)
}

/// The asset that a form names.
async fn named_asset(state: &AppState, visit: &Visit, form: &Form) -> Result<asset::Model> {
    let code = form.one("asset");
    if code.is_empty() {
        let missing = Mistake::missing("asset", Label::new("资产编号", "code of the asset"));
        return Err(Mistakes(vec![missing]).into());
    }
    match state.ledger.read(&visit.actor).asset(code).await {
        Err(Error::NotFound(_)) => {
            let expected = Sentence::new(
                "资产编号：没有这项资产，或不在管辖范围内",
                "code of the asset: there is none of that code within your area",
            );
            Err(Mistakes(vec![Mistake::new("asset", code, expected)]).into())
        }
        found => found,
    }
}

/// Who a form says pays.
async fn named_payer(
    state: &AppState,
    visit: &Visit,
    (form, near): (&Form, AreaCode),
) -> Result<Option<Party>> {
    match (form.one("payer"), form.number("person")) {
        ("", person) => Ok(person.map(|id| Party::Person(PersonId(id)))),
        (_, Some(_)) => Err(Refusal::one_party().into()),
        (name, None) => {
            let body = body_called(state, visit, near, ("payer", name)).await?;
            Ok(Some(Party::Organization(body.id)))
        }
    }
}

async fn send_new(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::ConcludeContract)?;
    let done = async {
        let asset = named_asset(&state, &visit, &form).await?;
        let payer = named_payer(&state, &visit, (&form, asset.area_code)).await?;
        let ledger = form.once(&state.ledger, |row: &Model| place_of(row.id, "saved"));
        let terms = |row| said(&form, row, true);
        let row = app::contract::conclude(&ledger, &visit.actor, (asset.id, payer), terms).await?;
        Ok(place_of(row.id, "saved"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => {
            let typed = Typed::sent(&form);
            Ok(drawn(&state, &visit, About::New, (&typed, Some(&fault))).await?)
        }
    }
}

async fn show_amend(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    visit.actor.require(Action::AmendContract)?;
    let row = found(&state, &visit, &id).await?;
    let typed = Typed::recorded(FIELDS, &row);
    Ok(drawn(&state, &visit, About::Kept(&row), (&typed, None)).await?)
}

async fn send_amend(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::AmendContract)?;
    let row = found(&state, &visit, &id).await?;
    let done = async {
        let named = (row.id, form.number("version").unwrap_or_default());
        let ledger = form.once(&state.ledger, |row: &Model| place_of(row.id, "saved"));
        let change = |row| said(&form, row, false);
        let why = form.one("reason");
        let amended = app::contract::amend(&ledger, &visit.actor, named, why, change).await;
        amended.map(|row| place_of(row.id, "saved")).map_err(about_reason)
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => {
            let typed = Typed::sent(&form);
            Ok(drawn(&state, &visit, About::Kept(&row), (&typed, Some(&fault))).await?)
        }
    }
}

/// The form that ends a contract before its term.
pub(super) fn ending(visit: &Visit, row: &Model) -> Markup {
    let (first, last) = (row.starts_on, row.ends_on);
    html! {
        details.card.pad.mt.noprint {
            summary { (visit.say("提前终止", "End it early")) }
            form.stacked method="post" action={ (place_of(row.id, "")) "/end" } novalidate {
                (of_version(visit, row.version))
                p.mut { (visit.say("最后一日以后的应收取消，当期按天折算。", "What would be due after the last day is not; the period of that day is paid by its days.")) }
                div.field {
                    label for="f-on" { (visit.say("最后一日 *", "Last day *")) }
                    input #f-on name="on" type="date" min=(first) max=(last) value=(visit.today.clamp(first, last)) aria-required="true";
                }
                div.field {
                    label for="f-reason" { (visit.say("理由（留在变更记录里）*", "Reason (it stays in the history) *")) }
                    input #f-reason name="reason" maxlength=(limits::REASON_LENGTH) aria-required="true";
                }
                div { button.btn { (visit.say("终止", "End it")) } }
            }
        }
    }
}

async fn send_end(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::EndContract)?;
    let row = found(&state, &visit, &id).await?;
    let done = async {
        let on = day(&form, "on", ("最后一日", "last day"))?;
        let named = (row.id, form.number("version").unwrap_or_default());
        let ledger = form.once(&state.ledger, |row: &Model| place_of(row.id, "saved"));
        let ended = app::contract::end(&ledger, &visit.actor, named, on, form.one("reason")).await;
        ended.map(|row| place_of(row.id, "saved")).map_err(about_reason)
    };
    led(done.await)?
}
