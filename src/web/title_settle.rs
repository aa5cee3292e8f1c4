//! Settling the title of one asset: how far it is settled, its certificate, and who holds which
//! right in what share. The shares of a right come to the whole exactly.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::{
    asset::Model,
    draft::Form as Which,
    holding::Right,
    id::{OrganizationId, PersonId},
    language::Sentence,
    share::Share,
    title,
};
use maud::{Markup, html};

use super::{
    act::{Act, card_of, is_stale, led, sheet},
    draft::{self, Keeping, Of},
    duty_assign::common,
    fields::{self, Sheet, Typed},
    form::{Form, Sent},
    offered::{Bodies, People, body_called},
    parts::{choice, coded},
    title::suggested,
    visit::Visit,
};
use crate::{
    app::{
        self,
        confirmation::{self, Proposal},
    },
    domain::{
        mistake::{Mistake, Mistakes},
        permission::Action,
        title::{FIELDS, Holder, Party, blank},
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/{code}/settle", get(show).post(send))
}

/// Rows for holders that the form has beside those on record.
const SPARE: usize = 2;
/// Rows for holders that it has at most: what one form carries.
const MOST: usize = 80;

async fn found(state: &AppState, visit: &Visit, code: &str) -> Result<Proposal> {
    visit.actor.require(Action::SettleTitle)?;
    let asset = state.ledger.read(&visit.actor).asset(code).await?;
    let found = confirmation::proposals(&state.ledger, &visit.actor, &[asset]).await?;
    found.into_iter().next().ok_or(Error::Conflict)
}

fn title_of(one: &Proposal) -> title::Model {
    let fresh = || blank(one.asset.id, one.asset.area_code);
    one.title.clone().unwrap_or_else(fresh)
}

/// What a control holds that names a party on record.
fn code_of(party: Party) -> String {
    match party {
        Party::Organization(id) => format!("o{id}"),
        Party::Person(id) => format!("p{id}"),
    }
}

fn party_of(code: &str) -> Option<Party> {
    match code.split_at_checked(1)? {
        ("o", id) => Some(Party::Organization(OrganizationId(id.parse().ok()?))),
        ("p", id) => Some(Party::Person(PersonId(id.parse().ok()?))),
        _ => None,
    }
}

/// Those who hold a right now; where nobody owns it, those whom the ledger suggests.
fn holders(one: &Proposal) -> Vec<Holder> {
    let running = one.holdings.iter().filter(|row| row.until_on.is_none());
    let mut holders: Vec<Holder> = running.filter_map(Holder::of).collect();
    if holders.iter().all(|holder| holder.right != Right::Own) {
        holders.extend(one.owners.iter().map(|(owner, _)| owner.clone()));
    }
    holders
}

async fn show(
    State(state): State<AppState>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let one = found(&state, &visit, &code).await?;
    let title = title_of(&one);
    let of = Of(Which::SettleTitle, &one.asset.code);
    let (keeping, kept) = Keeping::opened(&state, &visit, of).await?;
    if let Some(fields) = kept {
        let typed = Typed::of(&fields);
        let (version, n) = (typed.text("version").parse().unwrap_or_default(), n_holders(&typed));
        let named = (&one, version, &keeping);
        return Ok(drawn(&state, &visit, named, (&typed, n, None), None).await?);
    }
    let mut typed = Typed::recorded(FIELDS, &title);
    let holders = holders(&one);
    for (n, holder) in holders.iter().enumerate() {
        typed.put(&format!("h{n}-right"), holder.right.code());
        typed.put(&format!("h{n}-party"), code_of(holder.party));
        typed.put(&format!("h{n}-share"), holder.share.to_string());
    }
    let n = (holders.len() + SPARE).min(MOST);
    let named = (&one, title.version, &keeping);
    Ok(drawn(&state, &visit, named, (&typed, n, None), None).await?)
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    (one, version, keeping): (&Proposal, i64, &Keeping),
    (typed, n, meanwhile): (&Typed, usize, Option<&Typed>),
    fault: Option<&Fault>,
) -> Result<Response> {
    let act = Act {
        asset: &one.asset,
        path: "settle",
        title: visit.say("办理确权", "Settle the title"),
        does: visit.say(
            "登记确权状态、权证和各项权利由谁持有。同一权利几方共有的，份额之和必须正好等于 1，如 1/3、1/3、1/3 或 60%、40%。填了的权利以这里为准，原持有人到昨日止；没填的权利不变。已确权的可补证号；要改权利人，先改为“确权中”或“权属争议”。",
            "Keeps how far the title is settled, its certificate, and who holds which right. The shares of a right come to exactly 1, such as 1/3, 1/3, 1/3 or 60%, 40%. A right that is named here gets these holders and the former ones end yesterday; others stay. A confirmed title may get its certificate; to change its holders, put it in progress or in dispute first.",
        ),
        button: visit.say("保存权属", "Save the title"),
        version,
        fault,
        keeping: Some(keeping),
    };
    let near = common(std::slice::from_ref(&one.asset)).unwrap_or_else(|| visit.area());
    let bodies = Bodies::of(state, visit, near, ("", "")).await?;
    let people = People::of(state, visit, near).await?;
    let parties: Vec<Party> =
        (0..n).filter_map(|n| party_of(typed.text(&format!("h{n}-party")))).collect();
    let read = state.ledger.read(&visit.actor);
    let on_record: Vec<Party> =
        one.holdings.iter().filter_map(Holder::of).map(|holder| holder.party).collect();
    let asked = parties.iter().copied().filter(|party| !on_record.contains(party));
    read.check_reach(&asked.collect::<Vec<_>>()).await?;
    let named = read.parties_masked(&parties).await?;
    let sheet = sheet(visit, typed, fault, meanwhile);
    let fields = html! {
        input type="hidden" name="holders" value=(n);
        @if one.title.as_ref().is_none_or(|title| title.state != title::State::Confirmed) {
            div.note { div { b { (visit.say("建议所有权人：", "Suggested owner: ")) } (suggested(visit, one)) } }
        }
        div.sheet.mt { @for field in FIELDS { (sheet.draw(field, field.name == "state")) } }
        fieldset #f-holders {
            legend { (visit.say("权利人和份额", "Holders and shares")) }
            @for n in 0..n {
                @let named = party_of(typed.text(&format!("h{n}-party"))).and_then(|party| named.get(&party));
                (holder(visit, &sheet, n, (named.map(|named| named.name.as_str()), &people)))
            }
            (bodies.names("bodies"))
            p { button.btn name="then" value="more" { (visit.say("再加一个权利人", "One more holder")) } }
        }
    };
    act.drawn(state, visit, &fields).await
}

/// The row of one holder: one on record, or one to be named.
fn holder(
    visit: &Visit,
    sheet: &Sheet<'_>,
    n: usize,
    (on_record, people): (Option<&str>, &People),
) -> Markup {
    let [right, party, name, person, share] =
        ["right", "party", "name", "person", "share"].map(|field| format!("h{n}-{field}"));
    let text = |name: &str, list: Option<&str>, most: usize| {
        html! {
            input id={ "f-" (name) } name=(name) list=[list] value=(sheet.typed.text(name)) maxlength=(most)
                autocomplete="off";
        }
    };
    let rights = choice(&right, None, coded(visit, Right::CHOICES), sheet.typed.text(&right));
    html! {
        div.sheet role="group" aria-label={ (visit.say("权利人 ", "Holder ")) (n + 1) } {
            (sheet.around((&right, visit.say("权利", "Right"), ""), &rights))
            @match on_record {
                Some(known) => {
                    div.field { span.lab { (visit.say("权利人", "Holder")) } b { (known) }
                        input type="hidden" name=(party) value=(sheet.typed.text(&party)); }
                }
                None => {
                    (sheet.around((&name, visit.say("权利人（单位）", "Holder (an organization)"), ""), &text(&name, Some("bodies"), limits::ORGANIZATION_NAME_LENGTH)))
                    (sheet.around((&person, visit.say("或已登记的人", "or a person on record"), ""), &people.draw(visit, &person, sheet.typed.text(&person))))
                }
            }
            (sheet.around((&share, visit.say("份额（空着即全部；填 0 去掉）", "Share (empty: all; 0: taken out)"), ""), &text(&share, None, 20)))
        }
    }
}

fn n_holders(typed: &Typed) -> usize {
    let n = typed.text("holders").trim().parse().ok();
    n.unwrap_or(SPARE).clamp(SPARE, MOST)
}

/// The holders that a form names.
async fn read(
    state: &AppState,
    visit: &Visit,
    (form, n): (&Form, usize),
    asset: &Model,
) -> Result<Vec<Holder>> {
    let mut mistakes = Mistakes::default();
    let mut holders = Vec::new();
    for n in 0..n {
        let of = |field: &str| form.one(&format!("h{n}-{field}"));
        if of("share") == "0"
            || ["party", "name", "person"].iter().all(|field| of(field).is_empty())
        {
            continue;
        }
        let party = match (party_of(of("party")), of("person").parse(), of("name")) {
            (Some(party), ..) => Some(party),
            (None, Ok(id), "") => Some(Party::Person(PersonId(id))),
            (None, Err(_), text) => {
                let called = body_called(state, visit, asset.area_code, ("name", text)).await;
                match called {
                    Ok(body) => Some(Party::Organization(body.id)),
                    Err(Error::Invalid(wrong)) => {
                        let named =
                            |one: Mistake| Mistake { field: format!("h{n}-name").into(), ..one };
                        mistakes.0.extend(wrong.0.into_iter().map(named));
                        None
                    }
                    Err(error) => return Err(error),
                }
            }
            (None, Ok(_), _) => {
                let refusal = crate::domain::refusal::Refusal::one_party();
                mistakes.push(Mistake::new(format!("h{n}-name"), of("name"), refusal.sentence));
                None
            }
        };
        let right: Option<Right> = of("right").parse().ok();
        if right.is_none() {
            let (zh, en) = ("请选择权利", "choose the right");
            mistakes.push(Mistake::new(format!("h{n}-right"), of("right"), Sentence::new(zh, en)));
        }
        let share = match of("share") {
            "" => Some(Share::WHOLE),
            text => text.parse().ok(),
        };
        if share.is_none() {
            let (zh, en) = ("份额应如 1/3、25% 或 0.25", "a share such as 1/3, 25% or 0.25");
            mistakes.push(Mistake::new(format!("h{n}-share"), of("share"), Sentence::new(zh, en)));
        }
        if let (Some(right), Some(party), Some(share)) = (right, party, share) {
            holders.push(Holder { right, party, share });
        }
    }
    let left = |right: Right| holders.iter().any(|holder| holder.right == right);
    for n in 0..n {
        let of = |field: &str| form.one(&format!("h{n}-{field}"));
        let right: Option<Right> = of("right").parse().ok();
        let is_out = of("share") == "0" && party_of(of("party")).is_some();
        if let Some(right) = right.filter(|right| is_out && !left(*right)) {
            let label = right.label();
            let expected = Sentence::new(
                format!("{}没有别的权利人；请填写新的权利人", label.zh),
                format!("nobody else holds the {}; name who does", label.en),
            );
            mistakes.push(Mistake::new(format!("h{n}-share"), "0", expected));
        }
    }
    mistakes.into_result()?;
    Ok(holders)
}

/// Of the holders that are named those of rights that change; the others are no news.
fn news(one: &Proposal, named: Vec<Holder>) -> Vec<Holder> {
    let sorted = |right: Right, all: &[Holder]| {
        let of = all.iter().filter(|holder| holder.right == right);
        let mut of: Vec<_> = of.map(|holder| (holder.party, holder.share.to_string())).collect();
        of.sort();
        of
    };
    let running = one.holdings.iter().filter(|row| row.until_on.is_none());
    let now: Vec<Holder> = running.filter_map(Holder::of).collect();
    let is_new = |right: Right| sorted(right, &now) != sorted(right, &named);
    let kept = Right::ALL.iter().copied().filter(|right| is_new(*right));
    let kept: Vec<Right> = kept.collect();
    named.into_iter().filter(|holder| kept.contains(&holder.right)).collect()
}

async fn send(
    State(state): State<AppState>,
    Path(code): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let one = found(&state, &visit, &code).await?;
    let typed = Typed::sent(&form);
    let n = n_holders(&typed);
    let read_version = form.number("version").unwrap_or_default();
    let keeping = Keeping::sent(&form, Of(Which::SettleTitle, &one.asset.code));
    if form.one("then") == "more" {
        let (named, n) = ((&one, read_version, &keeping), (n + 1).min(MOST));
        return Ok(drawn(&state, &visit, named, (&typed, n, None), None).await?);
    }
    let place = card_of(&format!("{}/title", one.asset.code), "settled");
    let done = async {
        let led = place.clone();
        let ledger = form.once(&state.ledger, move |_: &title::Model| led.clone());
        let holders = news(&one, read(&state, &visit, (&form, n), &one.asset).await?);
        let change = |mut title: title::Model| -> Result<title::Model> {
            fields::set(FIELDS, &mut title, &form, |_| true).into_result()?;
            Ok(title)
        };
        let named = (one.asset.id, read_version);
        app::title::settle_at(&ledger, &visit.actor, named, change, &holders).await?;
        Ok(place)
    };
    let fault = match led(done.await)? {
        Ok(response) => {
            draft::forget(&state, &visit, &form).await;
            return Ok(response);
        }
        Err(fault) => fault,
    };
    let now = title_of(&one);
    let recorded = Typed::recorded(FIELDS, &now);
    let is_stale = is_stale(&fault);
    let version = if is_stale { now.version } else { read_version };
    let meanwhile = is_stale.then_some(&recorded);
    let named = (&one, version, &keeping);
    Ok(drawn(&state, &visit, named, (&typed, n, meanwhile), Some(&fault)).await?)
}
