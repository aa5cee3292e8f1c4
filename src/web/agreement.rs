//! 管护责任书: the agreement of a duty, one sheet an asset, for both to sign.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{
    asset,
    duty::{Kind, Model},
    id::AssetId,
};
use maud::{Markup, html};

use super::{
    duty_done::span,
    frame::{Around, Page, Place, page},
    parts::nothing,
    print,
    selection::Choice,
    visit::Visit,
};
use crate::{
    app::place::Places,
    domain::{duty::FIELDS, field::field, refusal::Refusal, setting::agreement_name, title::Party},
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
    store::{Dossier, vault::Named},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/duties/agreements", get(show))
}

/// The sheet of one asset.
struct Agreement {
    asset: asset::Model,
    place: String,
    /// What is agreed, with who bears it.
    duties: Vec<(Model, Named)>,
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let agreements = agreements(&state, &visit).await?;
    let around = Around::of(&state, &visit).await?;
    let title = visit.text(agreement_name(around.family));
    let n = agreements.len();
    let body = html! {
        @if agreements.is_empty() {
            (nothing(
                visit.say("这项资产现在没有在任的管护责任，没有责任书可打印。", "No duty runs on this asset: there is no agreement to print."),
                Some(("/duties", visit.say("去指派", "Assign one"))),
            ))
        }
        @for one in &agreements { (sheet(&visit, one, title)) }
    };
    let shown = Page {
        place: Some(Place::Duties),
        way: vec![("/duties".to_owned(), visit.say("管护责任", "Duties").to_owned())],
        below: format!(
            "{n} {}",
            visit.say("份，A4 纵向，一项资产一页", "sheets of A4, one an asset")
        ),
        beside: print::button(&visit),
        ..Page::new(visit.say("管护责任书", "Agreements of upkeep"), body)
    };
    Ok(page(&visit, &around, shown))
}

/// The duties that an assignment began, or those that run on the assets of a choice.
async fn agreements(state: &AppState, visit: &Visit) -> Result<Vec<Agreement>> {
    let read = state.ledger.read(&visit.actor);
    let word = |name: &str| {
        let found = visit.query.iter().find(|(word, _)| word == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let duties: Option<Vec<Model>> = if word("first").is_empty() {
        None
    } else {
        let (first, last) = span(word)?;
        Some(read.duties_begun(first, last).await?)
    };
    let ids: Vec<AssetId> = if let Some(duties) = &duties {
        let ids: std::collections::BTreeSet<i64> =
            duties.iter().map(|duty| duty.asset_id.0).collect();
        ids.into_iter().map(AssetId).collect()
    } else {
        let words = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
        let chosen = Choice::read(words).assets(state, visit, limits::AGREEMENTS).await?;
        chosen.assets.iter().map(|asset| asset.id).collect()
    };
    if ids.len() > limits::AGREEMENTS {
        return Err(Error::from(Refusal::too_many(limits::AGREEMENTS)));
    }
    let dossiers = read.dossiers(&ids).await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, dossiers.iter().map(|one| one.asset.area_code)).await?;
    // what was assigned, and beside it whoever bears the other duty already
    let agreed = |dossier: &Dossier| -> Vec<Model> {
        let assigned = duties.iter().flatten().filter(|duty| duty.asset_id == dossier.asset.id);
        let mut agreed: Vec<Model> = assigned.cloned().collect();
        for duty in dossier.duties.iter().filter(|duty| duty.runs_on(visit.today)) {
            if agreed.iter().all(|known| known.kind != duty.kind) {
                agreed.push(duty.clone());
            }
        }
        agreed
    };
    let agreed: Vec<(Dossier, Vec<Model>)> = dossiers
        .into_iter()
        .map(|one| (agreed(&one), one))
        .map(|(duties, one)| (one, duties))
        .collect();
    let party = |duty: &Model| Party::of(duty.organization_id, duty.person_id);
    let parties: Vec<Party> =
        agreed.iter().flat_map(|(_, duties)| duties.iter().filter_map(party)).collect();
    let named = read.parties_masked(&parties).await?;
    let with_name = |duty: Model| {
        let named = party(&duty).and_then(|party| named.get(&party)).cloned().unwrap_or_default();
        (duty, named)
    };
    Ok(agreed
        .into_iter()
        .filter(|(_, duties)| !duties.is_empty())
        .map(|(dossier, duties)| Agreement {
            place: places.path(dossier.asset.area_code),
            asset: dossier.asset,
            duties: duties.into_iter().map(with_name).collect(),
        })
        .collect())
}

/// What an agreement says of a duty.
const SAID: [&str; 9] = [
    "from_on",
    "until_on",
    "tier",
    "mode",
    "task",
    "standard",
    "interval_days",
    "annual_budget",
    "budget_source",
];

fn sheet(visit: &Visit, one: &Agreement, title: &str) -> Markup {
    let main = one.duties.iter().find(|(duty, _)| duty.kind == Kind::Maintainer);
    let main = main.or(one.duties.first());
    let of = |kind: Kind| {
        let found = one.duties.iter().find(|(duty, _)| duty.kind == kind);
        found.map(|(_, named)| named.name.as_str()).unwrap_or_default()
    };
    let number = main.and_then(|(duty, _)| duty.agreement_no.clone()).unwrap_or_default();
    html! {
        section.card.pad.upright {
            h2.ptitle { (title) }
            p.pmeta.row { span { (visit.say("编号：", "No.: ")) (number) } span { (visit.say("资产编号：", "Asset code: ")) (one.asset.code) } }
            table aria-label=(title) {
                tbody {
                    tr { th scope="row" { (visit.say("资产名称", "Asset")) } td { (one.asset.name) } }
                    tr { th scope="row" { (visit.say("所在地", "Place")) } td { (one.place) } }
                    tr { th scope="row" { (visit.say("管护主体", "Maintainer")) } td { (of(Kind::Maintainer)) } }
                    tr { th scope="row" { (visit.say("管护责任人", "Keeper")) } td { (of(Kind::Keeper)) } }
                    @if let Some((duty, _)) = main {
                        @for field in SAID.iter().filter_map(|name| field(FIELDS, name)) {
                            @let text = (field.get)(duty).text(visit.language);
                            @if !text.is_empty() { tr { th scope="row" { (visit.text(field.label)) } td { (text) } } }
                        }
                    }
                }
            }
            p.mt { (visit.say(
                "双方约定：承担方在上述期限内按管护内容和标准管护该项资产，定期巡查，发现损毁、闲置、被侵占的及时报告；不得擅自处置。交付方按约落实管护经费，并对管护情况进行监督。",
                "Both agree: whoever bears the duty looks after the asset as set out above, inspects it regularly, reports damage, idleness and encroachment at once, and disposes of nothing alone. Whoever hands it over sees to the money and supervises the upkeep.",
            )) }
            p.psign.row {
                span { (visit.say("交付方（盖章）：", "Handing over (seal):")) }
                span { (visit.say("承担方（签章）：", "Bearing it (signature):")) }
            }
            p.psign.row {
                span { (visit.say("代表（签字）：", "Represented by:")) }
                span { (visit.say("日期：", "Date:")) }
            }
        }
    }
}
