//! Who answers for an asset, and how to reach them: beside every part of its card.

use entity::{duty, log::Action};
use maud::{Markup, html};

use super::{
    parts::grouped,
    party::telephone,
    visit::{Visit, at},
};
use crate::{
    app::card::Card,
    domain::{
        deficiency::{days_between, running},
        title::owner_on,
    },
    store::vault::Named,
};

/// Keeper, maintainer, owner, and the office of the township.
pub(super) fn people(visit: &Visit, card: &Card) -> Markup {
    let facts = card.dossier.facts();
    let bearer = |kind| {
        let duty = running(&facts, kind, card.day)?;
        card.party(duty.organization_id, duty.person_id).map(|(_, named)| named)
    };
    let owner = owner_on(&card.dossier.holdings, card.day).map(|party| card.named(party));
    let (keeper, maintainer) = (duty::Kind::Keeper, duty::Kind::Maintainer);
    html! {
        section.card {
            header { h2 { (visit.say("找谁负责", "Who answers for it")) } }
            ul.ppl {
                (person(visit, visit.text(keeper.label()), bearer(keeper), &vacancy(visit, card, keeper)))
                (person(visit, visit.text(maintainer.label()), bearer(maintainer), &vacancy(visit, card, maintainer)))
                (person(visit, visit.say("所有权人", "Owner"), owner, &html! {
                    b.t-bad { (visit.say("空缺", "nobody")) }
                }))
                @if let Some(office) = &card.office { (person(visit, visit.say("乡镇", "Township"), Some(office.clone()), &html! {})) }
            }
        }
    }
}

fn person(visit: &Visit, capacity: &str, found: Option<Named>, vacant: &Markup) -> Markup {
    html! {
        li {
            span.mut.sm { (capacity) }
            @match found {
                Some(named) => { b { (named.name) } (telephone(visit, &named)) }
                None => (vacant),
            }
        }
    }
}

/// For how long nobody has borne a duty, and the way to have somebody bear it.
fn vacancy(visit: &Visit, card: &Card, kind: duty::Kind) -> Markup {
    let asset = &card.dossier.asset;
    let same = card.dossier.duties.iter().filter(|duty| duty.kind == kind);
    let last = same.filter_map(|duty| duty.until_on).max().filter(|last| *last < card.day);
    let may = visit.may(Action::AssignDuty) && asset.is_standing() && !asset.form.is_claim();
    let way = match kind {
        duty::Kind::Maintainer => at("/duties/assign", [("asset", asset.code.as_str())]),
        duty::Kind::Keeper => {
            at("/duties/assign", [("asset", asset.code.as_str()), ("renew", "yes")])
        }
    };
    html! {
        b.t-bad {
            (visit.say("空缺", "nobody"))
            @if let Some(last) = last { " " (grouped(days_between(last, card.day))) (visit.say(" 天", " days")) }
        }
        @if may { a.tel href=(way) { (visit.say("指派", "Assign")) span.sr { " " (visit.text(kind.label())) } } }
    }
}
