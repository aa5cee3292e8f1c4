//! Assigning duties to one asset or to all that were chosen: filled in once, looked at asset by
//! asset with what is so now and what would be, then carried out as it was seen.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use chrono::{Days, Months, NaiveDate};
use entity::{
    area::AreaCode,
    asset,
    draft::Form as Which,
    duty::{self, Kind},
    id::{AssetId, PersonId},
    language::Sentence,
};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    draft::{self, Keeping, Of},
    duty_look::{Looked, look},
    fields::{self, Sheet, Typed},
    form::{Form, Sent, hidden, replayed},
    frame::{Around, Page, Place, page},
    offered::{Bodies, People, body_called},
    parts::{Tone, mistakes, note},
    selection::{Choice, Chosen, WORDS},
    stylesheet::KEEP,
    visit::{Visit, at},
};
use crate::{
    app::{
        assignment::{self, Offer},
        duty::Assignee,
    },
    domain::{
        deficiency::running,
        duty::{FIELDS, Terms, blank},
        field::{Field, field},
        masking::Contact,
        mistake::{Mistake, Mistakes},
        permission::Action,
        reading,
        title::Party,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/duties/assign", get(show).post(send))
}

/// The form of which drafts are kept here.
const ASSIGN: Of<'static> = Of(Which::AssignDuty, "");
/// What stands in the form, in order: when, what, the money.
const TERMS: [&[&str]; 3] = [
    &["from_on", "until_on", "tier", "mode"],
    &["task", "standard", "interval_days", "agreement_no"],
    &["annual_budget", "budget_source", "is_funded"],
];

/// What is no term of the duty, and no field of the form that is shown again.
fn is_carried(name: &str) -> bool {
    !WORDS.contains(&name) && !["mark", "key", "then", "seen", "succeed"].contains(&name)
}

/// The smallest area that holds all assets.
pub(super) fn common(assets: &[asset::Model]) -> Option<AreaCode> {
    let first = assets.first()?.area_code;
    std::iter::once(first)
        .chain(first.above())
        .find(|area| assets.iter().all(|asset| area.covers(&asset.area_code)))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::AssignDuty)?;
    let (keeping, kept) = Keeping::opened(&state, &visit, ASSIGN).await?;
    if let Some(fields) = kept {
        let choice = Choice::read(fields.iter().map(|(name, text)| (&**name, &**text)));
        let chosen = choice.assets(&state, &visit, limits::ASSETS_PER_ACTION).await?;
        let typed = Typed::of(&fields);
        return drawn(&state, &visit, (&choice, &chosen, &keeping), typed, None).await;
    }
    let words = || visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let choice = Choice::read(words());
    let chosen = choice.assets(&state, &visit, limits::ASSETS_PER_ACTION).await?;
    let is_renewed = words().any(|word| word == ("renew", "yes"));
    let typed = match &chosen.assets[..] {
        [only] if is_renewed => present(&state, &visit, only.id).await?,
        _ => Typed::default(),
    };
    let typed = with_term(&visit, typed);
    drawn(&state, &visit, (&choice, &chosen, &keeping), typed, None).await
}

/// A year from today, where nothing is said of the term.
fn with_term(visit: &Visit, mut typed: Typed) -> Typed {
    if typed.text("from_on").is_empty() {
        typed.put("from_on", visit.today.to_string());
    }
    if typed.text("until_on").is_empty() {
        let year = visit.today.checked_add_months(Months::new(12));
        let last = year.and_then(|day| day.checked_sub_days(Days::new(1)));
        typed.put("until_on", last.map(|day| day.to_string()).unwrap_or_default());
    }
    typed
}

/// What is so now, to go on from today on other terms.
async fn present(state: &AppState, visit: &Visit, id: AssetId) -> Result<Typed> {
    let read = state.ledger.read(&visit.actor);
    let Some(dossier) = read.dossiers(&[id]).await?.pop() else { return Ok(Typed::default()) };
    let facts = dossier.facts();
    let duties = [Kind::Maintainer, Kind::Keeper].map(|kind| running(&facts, kind, visit.today));
    let mut typed = match duties[0].or(duties[1]) {
        Some(duty) => Typed::recorded(FIELDS, duty),
        None => Typed::default(),
    };
    if let Some(id) = duties[0].and_then(|duty| duty.organization_id) {
        let named = read.parties(&[Party::Organization(id)]).await?;
        typed.put("maintainer", named.into_values().next().unwrap_or_default().name);
    }
    if let Some(id) = duties[1].and_then(|duty| duty.person_id) {
        typed.put("keeper", id.to_string());
    }
    // whoever began today gives way tomorrow
    let last = duties.iter().flatten().filter_map(|duty| duty.from_on).max();
    let next = last.and_then(|day| day.succ_opt()).map_or(visit.today, |day| day.max(visit.today));
    typed.put("from_on", next.to_string());
    typed.put("until_on", "");
    typed.put("succeed", "yes");
    Ok(typed)
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    (choice, chosen, keeping): (&Choice, &Chosen, &Keeping),
    typed: Typed,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let near = common(&chosen.assets).unwrap_or_else(|| visit.area());
    let bodies = Bodies::of(state, visit, near, ("", "")).await?;
    let people = People::of(state, visit, near).await?;
    let sheet = Sheet { manner: &visit.manner, typed: &typed, fault, meanwhile: None };
    let counted = match choice {
        // the number that is told now is the one that is confirmed
        Choice::Filter(of, _) => Choice::Filter(of.clone(), chosen.assets.len() as u64),
        choice => choice.clone(),
    };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        (keeping.above(visit))
        form.card.pad.mt method="post" action="/duties/assign" novalidate data-draft {
            (hidden(&visit.mark))
            (keeping.hidden())
            (counted.hidden())
            @if !typed.text("succeed").is_empty() { input type="hidden" name="succeed" value=(typed.text("succeed")); }
            (chosen.told(visit))
            (whom(visit, &sheet, (&bodies, &people)))
            @for names in TERMS {
                div.sheet { @for field in names.iter().filter_map(|name| field(FIELDS, name)) { (sheet.draw(field, false)) } }
            }
            div.dock {
                button.btn.go name="then" value="check" { (visit.say("下一步：核对", "Next: look at it")) }
                (draft::button(visit))
                a.btn href="/assets" { (visit.say("不指派了", "Leave it")) }
                span.mut.sm { (visit.say("核对后才会保存", "Nothing is saved before you have looked at it")) }
            }
        }
    };
    let wrong = if fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    Ok(page(visit, &around, framed(visit, &format!("{wrong}{}", title(visit)), body)))
}

fn title(visit: &Visit) -> &'static str {
    visit.say("指派管护责任", "Assign a duty")
}

fn framed(visit: &Visit, title: &str, body: Markup) -> Page {
    Page {
        place: Some(Place::Duties),
        way: vec![("/duties".to_owned(), visit.say("管护责任", "Duties").to_owned())],
        script: Some(&KEEP),
        ..Page::new(title, body)
    }
}

/// Who is to bear it.
fn whom(visit: &Visit, sheet: &Sheet<'_>, (bodies, people): (&Bodies, &People)) -> Markup {
    let text = |name: &str, list: Option<&str>, kind: &str, most: usize| {
        html! {
            input id={ "f-" (name) } name=(name) type=(kind) list=[list] value=(sheet.typed.text(name)) maxlength=(most)
                autocomplete="off";
        }
    };
    let maintainer = html! {
        (text("maintainer", Some("bodies"), "text", limits::ORGANIZATION_NAME_LENGTH))
        (bodies.names("bodies"))
    };
    let keeper = people.draw(visit, "keeper", sheet.typed.text("keeper"));
    html! {
        div.sheet.mt {
            (sheet.around(("maintainer", visit.say("管护主体（单位）", "Maintainer (an organization)"), visit.say("全称、统一社会信用代码或名称的一部分", "its name, its credit code or a part of its name")), &maintainer))
            (sheet.around(("keeper", visit.say("管护责任人（已登记的人）", "Keeper (a person on record)"), visit.say("电话随人带出", "the telephone comes along")), &keeper))
            (sheet.around(("keeper_name", visit.say("名单里没有的责任人：姓名", "A keeper who is not listed: name"), ""), &text("keeper_name", None, "text", limits::NAME_LENGTH)))
            (sheet.around(("keeper_phone", visit.say("其电话", "Their telephone"), ""), &text("keeper_phone", None, "tel", 20)))
        }
    }
}

/// What a form offers.
async fn read(state: &AppState, visit: &Visit, form: &Form, near: AreaCode) -> Result<Offer> {
    let mut mistakes = Mistakes::default();
    let mut duties = Vec::new();
    match form.one("maintainer") {
        "" => {}
        text => match body_called(state, visit, near, ("maintainer", text)).await {
            Ok(body) => {
                duties.push((Kind::Maintainer, Assignee::Known(Party::Organization(body.id))));
            }
            Err(Error::Invalid(wrong)) => mistakes.0.extend(wrong.0),
            Err(error) => return Err(error),
        },
    }
    match keeper(form) {
        Ok(found) => duties.extend(found.map(|found| (Kind::Keeper, found))),
        Err(wrong) => mistakes.0.extend(wrong.0),
    }
    if duties.is_empty() && mistakes.is_empty() {
        let expected =
            Sentence::new("请填写管护主体或管护责任人", "name a maintainer, a keeper, or both");
        mistakes.push(Mistake::new("maintainer", "", expected));
    }
    let mut row = blank(Kind::Maintainer, AssetId(0), AreaCode::NATION);
    let may = |field: &Field<duty::Model>| field.name != "kind";
    mistakes.0.extend(fields::set(FIELDS, &mut row, form, may).0);
    let terms = Terms::of(&row);
    mistakes.0.extend(crate::domain::duty::check(&terms).0);
    if let Err(refusal) = crate::domain::duty::check_term(&row) {
        mistakes.push(Mistake::new("until_on", form.one("until_on"), refusal.sentence));
    }
    mistakes.into_result()?;
    Ok(Offer { duties, terms, succeeds: form.one("succeed") == "yes" })
}

/// The keeper: one on record, or one by name and telephone. Mistakes never tell what was typed.
pub(super) fn keeper(form: &Form) -> Result<Option<Assignee>, Mistakes> {
    let (name, phone) = (form.one("keeper_name"), form.one("keeper_phone"));
    if let Some(id) = form.number("keeper") {
        if name.is_empty() && phone.is_empty() {
            return Ok(Some(Assignee::Known(Party::Person(PersonId(id)))));
        }
        let expected = Sentence::new(
            "责任人从名单里选或另填姓名，只能取其一",
            "choose a keeper from the list or name another one, not both",
        );
        return Err(Mistakes(vec![Mistake::new("keeper_name", "", expected)]));
    }
    if name.is_empty() && phone.is_empty() {
        return Ok(None);
    }
    let mut mistakes = Mistakes::default();
    let name = reading::name(name, limits::NAME_LENGTH).unwrap_or_else(|wrong| {
        mistakes.push(Mistake::new("keeper_name", "", wrong.expected));
        String::new()
    });
    let phone = reading::phone(phone).unwrap_or_else(|wrong| {
        mistakes.push(Mistake::new("keeper_phone", "", wrong.expected));
        String::new()
    });
    mistakes.into_result()?;
    Ok(Some(Assignee::Person(Contact { name, phone }, None)))
}

async fn send(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::AssignDuty)?;
    let choice = Choice::read(form.all());
    let is_confirmed = form.one("then") == "confirm";
    if is_confirmed && let Choice::Ids(ids) = &choice {
        // first of all: whether it was carried out before
        match carry_out(&state, &visit, &form, ids).await.or_else(replayed) {
            Ok(place) => {
                draft::forget(&state, &visit, &form).await;
                return Ok(Redirect::to(&place).into_response());
            }
            Err(Error::Conflict) => {}
            Err(error) => return again(&state, &visit, &form, &choice, Fault::from(error)).await,
        }
    }
    let chosen = choice.assets(&state, &visit, limits::ASSETS_PER_ACTION).await?;
    if form.one("then") == "edit" {
        let named = (&choice, &chosen, &Keeping::sent(&form, ASSIGN));
        return drawn(&state, &visit, named, Typed::sent(&form), None).await;
    }
    let near = common(&chosen.assets).unwrap_or_else(|| visit.area());
    let offer = match read(&state, &visit, &form, near).await {
        Ok(offer) => offer,
        Err(error) => return again(&state, &visit, &form, &choice, Fault::from(error)).await,
    };
    checked(&state, &visit, &form, (&chosen, &offer), is_confirmed).await
}

/// The form again, with what was typed and what is wrong with it.
async fn again(
    state: &AppState,
    visit: &Visit,
    form: &Form,
    choice: &Choice,
    fault: Fault,
) -> Result<Response, Fault> {
    if !is_for_the_sender(&fault) {
        return Err(fault);
    }
    let chosen = choice.assets(state, visit, limits::ASSETS_PER_ACTION).await?;
    let status = fault.status;
    let named = (choice, &chosen, &Keeping::sent(form, ASSIGN));
    let shown = drawn(state, visit, named, Typed::sent(form), Some(&fault)).await?;
    Ok((status, shown).into_response())
}

async fn carry_out(
    state: &AppState,
    visit: &Visit,
    form: &Form,
    ids: &[AssetId],
) -> Result<String> {
    let place = |begun: &Vec<duty::Model>| {
        let id =
            |duty: Option<&duty::Model>| duty.map_or(String::new(), |duty| duty.id.to_string());
        let (first, last) = (id(begun.first()), id(begun.last()));
        at("/duties/assigned", [("first", first.as_str()), ("last", last.as_str())])
    };
    let ledger = form.once(&state.ledger, place);
    let read_assets = state.ledger.read(&visit.actor).dossiers(ids).await?;
    let assets: Vec<asset::Model> = read_assets.into_iter().map(|one| one.asset).collect();
    let near = common(&assets).unwrap_or_else(|| visit.area());
    let offer = read(state, visit, form, near).await?;
    let begun =
        assignment::carry_out(&ledger, &visit.actor, (ids, form.one("seen")), &offer).await?;
    Ok(place(&begun))
}

/// What would become of each asset; nothing is done yet.
async fn checked(
    state: &AppState,
    visit: &Visit,
    form: &Form,
    (chosen, offer): (&Chosen, &Offer),
    is_stale: bool,
) -> Result<Response, Fault> {
    let ids: Vec<AssetId> = chosen.assets.iter().map(|asset| asset.id).collect();
    let plan = assignment::plan(&state.ledger, &visit.actor, &ids, offer).await?;
    let names = bearers(state, visit, offer).await?;
    let looked =
        Looked { plan: &plan, names: &names, from: offer.terms.from_on.unwrap_or(visit.today) };
    let n = looked.n();
    let body = html! {
        @if is_stale {
            (note(Tone::Warning, &html! { (visit.say(
                "你核对之后，这些资产或其管护责任有了变化。下面是现在的情况，请重新核对。",
                "These assets or their duties have changed since you looked. Below is what is so now: look again.",
            )) }))
        }
        (chosen.told(visit))
        form.card.mt method="post" action="/duties/assign" {
            (hidden(&visit.mark))
            (Choice::pinned(&chosen.assets).hidden())
            input type="hidden" name="seen" value=(plan.seen);
            @for (name, text) in form.all().filter(|(name, _)| is_carried(name)) { input type="hidden" name=(name) value=(text); }
            (look(visit, &looked))
            @if n.borne > 0 {
                fieldset.pad {
                    legend { (visit.say("已有人承担的 ", "Borne by somebody already: ")) (n.borne) (visit.say(" 项怎么办", "")) }
                    p { label { input type="radio" name="succeed" value="no" checked[!offer.succeeds]; " " (visit.say("跳过：原责任不变", "Leave them as they are")) } }
                    p { label { input type="radio" name="succeed" value="yes" checked[offer.succeeds]; " " (visit.say("接替：原责任到新责任起始日的前一日止", "Take over: the former duty ends on the day before")) } }
                }
            }
            div.dock {
                @if n.free + n.borne > 0 { button.btn.go name="then" value="confirm" { (visit.say("确认指派", "Assign")) } }
                button.btn name="then" value="edit" { (visit.say("返回修改", "Change it")) }
                a.btn href="/assets" { (visit.say("不指派了", "Leave it")) }
            }
        }
    };
    let title = visit.say("核对指派", "Look at the assignment");
    let shown = page(visit, &Around::of(state, visit).await?, framed(visit, title, body));
    let status = if is_stale { StatusCode::PRECONDITION_FAILED } else { StatusCode::OK };
    Ok((status, shown).into_response())
}

/// How those are called who are to bear it; people masked.
async fn bearers(state: &AppState, visit: &Visit, offer: &Offer) -> Result<Vec<(Kind, String)>> {
    let known = offer.duties.iter().filter_map(|(_, assignee)| match assignee {
        Assignee::Known(party) => Some(*party),
        Assignee::Person(..) => None,
    });
    let known: Vec<Party> = known.collect();
    let named = state.ledger.read(&visit.actor).parties_masked(&known).await?;
    let name = |assignee: &Assignee| match assignee {
        Assignee::Known(party) => named.get(party).cloned().map(|one| (one.name, one.phone)),
        Assignee::Person(contact, _) => {
            let masked = contact.masked();
            Some((masked.name, masked.phone))
        }
    };
    let told = |assignee| {
        let (name, phone) = name(assignee).unwrap_or_default();
        format!("{name} {phone}").trim().to_owned()
    };
    Ok(offer.duties.iter().map(|(kind, assignee)| (*kind, told(assignee))).collect())
}

/// A day as people write it, or nothing.
pub(super) fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
