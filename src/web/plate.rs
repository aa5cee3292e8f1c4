//! 标牌: plates of 60 by 40 millimetres for the assets that were chosen. A plate hangs where
//! everybody reads it, so it names organizations and no person; its square leads to the card.

use std::collections::HashMap;

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header},
    response::Response,
    routing::get,
};
use entity::duty::Kind;
use fast_qr::qr::{QRBuilder, QRCode};
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    print,
    selection::Choice,
    visit::Visit,
};
use crate::{
    domain::{
        deficiency::running,
        permission::Action,
        setting::ledger_name,
        title::{Party, owner_on},
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
    store::{Dossier, vault::Named},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/plates", get(show))
}

/// The telephone of the nation's office of supervision of poverty alleviation.
const SUPERVISION: &str = "12317";

/// Where this service is, as whoever prints a plate came to it.
fn site(visit: &Visit, headers: &HeaderMap) -> String {
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
    let chosen = Choice::read(words).assets(&state, &visit, limits::PLATES).await?;
    let read = state.ledger.read(&visit.actor);
    let ids: Vec<_> = chosen.assets.iter().map(|asset| asset.id).collect();
    let dossiers = read.dossiers(&ids).await?;
    let parties: Vec<Party> =
        dossiers.iter().flat_map(|one| bearers(&visit, one)).flatten().collect();
    let named = read.parties_masked(&parties).await?;
    let around = Around::of(&state, &visit).await?;
    let site = site(&visit, &headers);
    let name = visit.text(ledger_name(Some(around.family)));
    let body = html! {
        div.chips { (chosen.told(&visit)) }
        div.plates.mt { @for one in &dossiers { (plate(&visit, one, &named, (&site, name))) } }
    };
    let shown = Page {
        place: Some(Place::Assets),
        way: vec![("/assets".to_owned(), visit.say("资产台账", "Assets").to_owned())],
        below: visit
            .say("60×40 毫米，按原大打印（缩放 100%）", "60 by 40 mm: print at 100%")
            .to_owned(),
        beside: print::button(&visit),
        ..Page::new(visit.say("资产标牌", "Plates"), body)
    };
    Ok(page(&visit, &around, shown))
}

/// The owner and the maintainer of an asset, as far as there are any.
fn bearers(visit: &Visit, one: &Dossier) -> [Option<Party>; 2] {
    let owner = owner_on(&one.holdings, visit.today);
    let facts = one.facts();
    let maintainer = running(&facts, Kind::Maintainer, visit.today);
    [owner, maintainer.and_then(|duty| Party::of(duty.organization_id, duty.person_id))]
}

/// How a plate calls somebody: an organization by its name, a person not at all.
fn called(visit: &Visit, party: Option<Party>, named: &HashMap<Party, Named>) -> String {
    match party {
        Some(Party::Person(_)) => visit.say("受益户", "a household").to_owned(),
        Some(party) => named.get(&party).cloned().unwrap_or_default().name,
        None => "—".to_owned(),
    }
}

fn plate(
    visit: &Visit,
    one: &Dossier,
    named: &HashMap<Party, Named>,
    (site, name): (&str, &str),
) -> Markup {
    let [owner, maintainer] = bearers(visit, one).map(|party| called(visit, party, named));
    let asset = &one.asset;
    html! {
        div.plate role="group" aria-label=(asset.name) {
            div {
                span { (name) }
                b { (asset.name) }
                span { (asset.code) }
                span { (visit.say("所有权人 ", "Owner ")) (owner) }
                span { (visit.say("管护单位 ", "Maintainer ")) (maintainer) }
                b { (visit.say("监督电话 ", "Supervision ")) (SUPERVISION) }
            }
            (square(visit, &format!("{site}/assets/{}", asset.code)))
        }
    }
}

/// The square that leads to an address; nothing where the address is too long for one.
fn square(visit: &Visit, address: &str) -> Markup {
    let Ok(code) = QRBuilder::new(address).build() else { return html! {} };
    // four modules of white around it, as readers ask for
    let side = code.size + 8;
    html! {
        svg viewBox={ "0 0 " (side) " " (side) } role="img" aria-label=(visit.say("扫码看资产卡片", "Scan to see the card")) { path d=(strokes(&code)) {} }
    }
}

/// Its dark modules, run by run.
fn strokes(code: &QRCode) -> String {
    let mut path = String::new();
    for row in 0..code.size {
        let mut at = 0;
        while at < code.size {
            let dark = (at..code.size).take_while(|place| code[row][*place].value()).count();
            if dark > 0 {
                path.extend(["M", &(at + 4).to_string(), " ", &(row + 4).to_string()]);
                path.extend(["h", &dark.to_string(), "v1h-", &dark.to_string(), "z"]);
            }
            at += dark + 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strokes_are_the_dark_modules() {
        let code = QRBuilder::new("https://ledger.example/assets/520381100201201").build();
        let code = code.expect("a code");
        let mut drawn = vec![vec![false; code.size]; code.size];
        for run in strokes(&code).split('M').skip(1) {
            let (place, rest) = run.split_once('h').expect("a run");
            let (x, y) = place.split_once(' ').expect("a place");
            let n: usize = rest.split('v').next().expect("a length").parse().expect("a number");
            let (x, y): (usize, usize) = (x.parse().expect("x"), y.parse().expect("y"));
            for step in 0..n {
                drawn[y - 4][x - 4 + step] = true;
            }
        }
        for (row, line) in drawn.iter().enumerate() {
            for (column, is_dark) in line.iter().enumerate() {
                assert_eq!(*is_dark, code[row][column].value(), "{row} {column}");
            }
        }
    }
}
