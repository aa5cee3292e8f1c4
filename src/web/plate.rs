//! 标牌: plates for the assets that were chosen, on sheets of paper or of labels. A plate hangs where
//! everybody reads it, so it names organizations and no person; its square leads to what anybody may
//! see of the asset, by its short code.

use std::collections::HashMap;

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header},
    response::Response,
    routing::get,
};
use entity::{id::OrganizationId, organization::Model};
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    parts::{Field, field},
    plate_sheet::{LAYOUTS, Layout, Nudge, Plate, sheets, trial},
    print,
    public::SUPERVISION,
    selection::Choice,
    visit::Visit,
};
use crate::{
    app::public::bearers,
    domain::{permission::Action, public::Bearer, setting::ledger_name, title::Party},
    error::Result,
    http::{AppState, fault::Fault},
    limits,
    store::Dossier,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/plates", get(show))
}

/// Where this service is: as the operator settled, else as whoever prints a plate came to it.
fn site(state: &AppState, visit: &Visit, headers: &HeaderMap) -> String {
    if let Some(address) = &state.settings.public_address {
        return address.clone();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if visit.is_encrypted { "https" } else { "http" };
    format!("{scheme}://{host}")
}

async fn show(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    visit.actor.require(Action::ExportRows)?;
    let words = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let choice = Choice::read(words);
    let chosen = choice.assets(&state, &visit, limits::PLATES).await?;
    let word = |name: &str| {
        let found = visit.query.iter().find(|(word, _)| word == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let how = (Layout::of(word("sheet")), Nudge::read(word("dx"), word("dy")));
    let is_trial = !word("trial").is_empty();
    let around = Around::of(&state, &visit).await?;
    let name = visit.text(ledger_name(Some(around.family)));
    let drawn = if is_trial {
        trial(&visit, how)
    } else {
        let ids: Vec<_> = chosen.assets.iter().map(|asset| asset.id).collect();
        let site = site(&state, &visit, &headers);
        sheets(&visit, how, &plates(&state, &visit, &ids, (&site, name)).await?)
    };
    let body = html! {
        div.chips { (chosen.told(&visit)) }
        (options(&visit, &choice, how, is_trial))
        (drawn)
    };
    let shown = Page {
        place: Some(Place::Assets),
        way: vec![("/assets".to_owned(), visit.say("资产台账", "Assets").to_owned())],
        below: visit
            .say("按原大打印（缩放 100%，边距选“无”）", "print at 100%, without margins")
            .to_owned(),
        beside: print::button(&visit),
        ..Page::new(visit.say("资产标牌", "Plates"), body)
    };
    Ok(page(&visit, &around, shown))
}

/// On what they are printed, and by how much they are moved: all of it stays in the address.
fn options(
    visit: &Visit,
    choice: &Choice,
    (layout, nudge): (Layout, Nudge),
    is_trial: bool,
) -> Markup {
    let shape = |name: &'static str, label: &'static str| Field {
        name,
        label,
        hint: "",
        mistake: None,
        is_required: false,
    };
    let kinds =
        LAYOUTS.map(|one| (one.code.to_owned(), visit.say(one.label.0, one.label.1).to_owned()));
    let moved = |name: &str, value: i32| {
        html! { input id={ "f-" (name) } name=(name) type="number" min=(-limits::PLATE_NUDGE) max=(limits::PLATE_NUDGE) value=(value); }
    };
    html! {
        form.filters.card action="/assets/plates" {
            (choice.hidden())
            (field(&shape("sheet", visit.say("纸张", "Paper")), &super::parts::choice("sheet", None, kinds, layout.code)))
            (field(&shape("dx", visit.say("右移（0.1 毫米）", "To the right (0.1 mm)")), &moved("dx", nudge.right)))
            (field(&shape("dy", visit.say("下移（0.1 毫米）", "Down (0.1 mm)")), &moved("dy", nudge.down)))
            div.row {
                button.btn.go { (visit.say("排好", "Lay out")) }
                @if is_trial { a.btn href=(visit.with(&[("trial", "")])) { (visit.say("回到标牌", "The plates")) } }
                @else { a.btn href=(visit.with(&[("trial", "yes")])) { (visit.say("试印框线和标尺", "Trial sheet")) } }
            }
        }
    }
}

/// What stands on the plates.
async fn plates(
    state: &AppState,
    visit: &Visit,
    ids: &[entity::id::AssetId],
    (site, name): (&str, &str),
) -> Result<Vec<Plate>> {
    let read = state.ledger.read(&visit.actor);
    let dossiers = read.dossiers(ids).await?;
    let parties = dossiers.iter().flat_map(|one| bearers(one, visit.today)).flatten();
    let ids: Vec<_> = parties.filter_map(Party::organization).collect();
    let bodies = read.bodies(&ids).await?;
    Ok(dossiers.iter().map(|one| plate(state, visit, (one, &bodies), (site, name))).collect())
}

/// How a plate calls somebody: an organization by its name, a household and a person not at all.
fn called(visit: &Visit, party: Option<Party>, bodies: &HashMap<OrganizationId, Model>) -> String {
    let Some(party) = party else { return "—".to_owned() };
    match party.organization().and_then(|id| bodies.get(&id)).map(Bearer::of) {
        Some(Bearer::Organization(name)) => name,
        Some(Bearer::Household) | None => visit.say("受益户", "a household").to_owned(),
    }
}

fn plate(
    state: &AppState,
    visit: &Visit,
    (one, bodies): (&Dossier, &HashMap<OrganizationId, Model>),
    (site, name): (&str, &str),
) -> Plate {
    let [owner, maintainer] = bearers(one, visit.today).map(|party| called(visit, party, bodies));
    let asset = &one.asset;
    let short = state.ledger.short_code(asset.id);
    let address = short.map_or_else(
        || format!("{site}/assets/{}", asset.code),
        |code| format!("{site}/q/{}", code.plain()),
    );
    Plate {
        ledger: name.to_owned(),
        name: asset.name.clone(),
        code: asset.code.clone(),
        short: short.map(|code| code.to_string()).unwrap_or_default(),
        address,
        lines: vec![
            format!("{}{owner}", visit.say("所有权人 ", "Owner ")),
            format!("{}{maintainer}", visit.say("管护单位 ", "Maintainer ")),
        ],
        supervision: format!("{}{SUPERVISION}", visit.say("监督电话 ", "Supervision ")),
    }
}
