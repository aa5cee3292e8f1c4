//! 管护: a maintainer and a keeper for many assets at once: looked at first, asset by asset, then
//! carried out exactly as it was seen; ended one by one; taken back as a whole.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use entity::{
    asset,
    duty::{self, EndReason, Kind},
    id::{AssetId, DutyId},
};
use sha2::{Digest, Sha256};

use super::{duty::Assignee, named::Named, person, place::Places, reference};
use crate::{
    domain::{
        duty::{self as rules, Assignment, Terms},
        masking::Contact,
        permission::Action,
        refusal::Refusal,
        title::Party,
    },
    error::{Error, Result},
    limits,
    store::{Actor, Dossier, Ledger, Read, Write, vault},
};

/// What is to be assigned.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Who bears which duty.
    pub duties: Vec<(Kind, Assignee)>,
    /// What it asks. Money goes to the maintainer.
    pub terms: Terms,
    /// Whether a duty that runs gives way; else its asset is left as it is.
    pub succeeds: bool,
}

/// What an assignment would do to one asset.
pub struct Look {
    /// The asset.
    pub asset: asset::Model,
    /// Where it lies.
    pub place: String,
    /// What would become of each duty.
    pub steps: Vec<(Kind, std::result::Result<Assignment, Refusal>)>,
}

/// What an assignment would do.
pub struct Plan {
    /// Asset by asset.
    pub looks: Vec<Look>,
    /// What was looked at; carrying it out takes it along.
    pub seen: String,
    named: HashMap<Party, vault::Named>,
}

impl Plan {
    /// Who bears a duty now; masked.
    pub fn bearer(&self, duty: &duty::Model) -> vault::Named {
        let party = Party::of(duty.organization_id, duty.person_id);
        party.and_then(|party| self.named.get(&party)).cloned().unwrap_or_default()
    }
}

/// The terms of a duty of a kind.
fn terms_of(kind: Kind, terms: &Terms, today: NaiveDate) -> Terms {
    let from_on = terms.from_on.or(Some(today));
    match kind {
        Kind::Maintainer => Terms { from_on, ..terms.clone() },
        Kind::Keeper => Terms {
            from_on,
            annual_budget: None,
            budget_source: None,
            is_funded: None,
            ..terms.clone()
        },
    }
}

/// A digest of what an assignment depends on: the assets, their duties, who was shown to bear what,
/// and on which terms. Whoever is new to the ledger comes along as they were typed.
fn mark(dossiers: &[Dossier], offer: &Offer, today: NaiveDate) -> String {
    let mut digest = Sha256::new();
    for (kind, assignee) in &offer.duties {
        let party = match assignee {
            Assignee::Known(party) => Some(party),
            Assignee::Person(..) => None,
        };
        digest.update(format!("{kind:?}:{party:?}:{:?};", terms_of(*kind, &offer.terms, today)));
    }
    for dossier in dossiers {
        digest.update(format!("{}:{};", dossier.asset.id, dossier.asset.version));
        for duty in &dossier.duties {
            digest.update(format!("{}:{},", duty.id, duty.version));
        }
    }
    digest.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn step(
    dossier: &Dossier,
    (kind, party): (Kind, Party),
    terms: &Terms,
    today: NaiveDate,
) -> std::result::Result<Assignment, Refusal> {
    let terms = terms_of(kind, terms, today);
    rules::assign(&dossier.asset, kind, party, &terms, &dossier.duties)
}

/// Refuses terms that cannot be.
fn check(offer: &Offer, n: usize) -> Result<()> {
    if n > limits::ASSETS_PER_ACTION {
        return Err(Refusal::too_many(limits::ASSETS_PER_ACTION).into());
    }
    rules::check(&offer.terms).into_result()?;
    let term = duty::Model {
        from_on: offer.terms.from_on,
        until_on: offer.terms.until_on,
        ..rules::blank(Kind::Maintainer, AssetId(0), entity::area::AreaCode::NATION)
    };
    Ok(rules::check_term(&term)?)
}

/// What an offer would do to assets, which are told in the order of their ids.
pub async fn plan(
    ledger: &Ledger,
    actor: &Actor,
    assets: &[AssetId],
    offer: &Offer,
) -> Result<Plan> {
    actor.require(Action::AssignDuty)?;
    check(offer, assets.len())?;
    let read = ledger.read(actor);
    let today = read.today();
    let known = offer.duties.iter().filter_map(|(_, assignee)| match assignee {
        Assignee::Known(party) => Some(*party),
        Assignee::Person(..) => None,
    });
    read.check_reach(&known.collect::<Vec<_>>()).await?;
    let dossiers = read.dossiers(assets).await?;
    let mut places = Places::new(today);
    places.learn(&read, dossiers.iter().map(|one| one.asset.area_code)).await?;
    let named = named(&read, &dossiers).await?;
    let seen = mark(&dossiers, offer, today);
    let looks = dossiers.into_iter().map(|dossier| Look {
        place: places.path_below(dossier.asset.area_code, Some(actor.area())),
        steps: offer
            .duties
            .iter()
            .map(|(kind, assignee)| {
                // whoever is new to the ledger bears nothing yet
                let party = match assignee {
                    Assignee::Known(party) => *party,
                    Assignee::Person(..) => Party::Person(entity::id::PersonId(0)),
                };
                (*kind, step(&dossier, (*kind, party), &offer.terms, today))
            })
            .collect(),
        asset: dossier.asset,
    });
    Ok(Plan { looks: looks.collect(), seen, named })
}

async fn named(read: &Read<'_>, dossiers: &[Dossier]) -> Result<HashMap<Party, vault::Named>> {
    let duties = dossiers.iter().flat_map(|dossier| &dossier.duties);
    let parties = duties.filter_map(|duty| Party::of(duty.organization_id, duty.person_id));
    let parties: Vec<Party> =
        parties.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    read.parties_masked(&parties).await
}

/// Carries out an offer as it was seen, or nothing where the assets or their duties have moved on
/// since. Assets that were shown as left out are left out.
pub async fn carry_out(
    ledger: &Ledger,
    actor: &Actor,
    (assets, seen): (&[AssetId], &str),
    offer: &Offer,
) -> Result<Vec<duty::Model>> {
    check(offer, assets.len())?;
    ledger
        .write(actor, Action::AssignDuty, async |write| {
            let dossiers = write.dossiers(assets).await?;
            if mark(&dossiers, offer, write.today()) != seen {
                return Err(Error::Conflict);
            }
            let Some(first) = dossiers.first() else {
                return Err(Refusal::nothing_to_assign().into());
            };
            let mut begun = Vec::new();
            for (kind, assignee) in &offer.duties {
                let party = party_of(write, assignee, &first.asset).await?;
                reference::check_party(write, party, offer.terms.until_on).await?;
                for dossier in &dossiers {
                    let step = step(dossier, (*kind, party), &offer.terms, write.today());
                    let Ok(assignment) = step else { continue };
                    match assignment.succeeded {
                        Some(_) if !offer.succeeds => continue,
                        Some((before, closed)) => {
                            write.update::<duty::Entity>(&before, closed).await?;
                        }
                        None => {}
                    }
                    begun.push(assignment.begun);
                }
            }
            if begun.is_empty() {
                return Err(Refusal::nothing_to_assign().into());
            }
            write.insert_all::<duty::Entity>(begun).await
        })
        .await
}

async fn party_of(write: &mut Write, assignee: &Assignee, first: &asset::Model) -> Result<Party> {
    match assignee {
        Assignee::Known(party) => Ok(*party),
        Assignee::Person(contact, area) => {
            person_of(write, contact, area.unwrap_or(first.area_code)).await
        }
    }
}

async fn person_of(
    write: &mut Write,
    contact: &Contact,
    area: entity::area::AreaCode,
) -> Result<Party> {
    write.area(area).await?;
    Ok(Party::Person(person::find_or_put_in(write, area, contact, None).await?.id))
}

/// Ends one duty on a day: by its term, or for a reason.
pub async fn end(
    ledger: &Ledger,
    actor: &Actor,
    named: Named<DutyId>,
    (on, reason): (NaiveDate, Option<EndReason>),
) -> Result<duty::Model> {
    ledger
        .write(actor, Action::EndDuty, async |write| {
            let before = write.get::<duty::Entity>(named.id).await?;
            named.check(before.version)?;
            let ended = rules::end(&before, on, reason, write.today())?;
            write.update::<duty::Entity>(&before, ended).await
        })
        .await
}

/// Takes back what one assignment began: its duties are revoked, and those that gave way to them
/// go on from the next day. Answers how many were revoked.
pub async fn take_back(
    ledger: &Ledger,
    actor: &Actor,
    (first, last): (DutyId, DutyId),
) -> Result<usize> {
    actor.require(Action::TakeBackDuties)?;
    let formers = formers(&ledger.read(actor), (first, last)).await?;
    ledger
        .write(actor, Action::TakeBackDuties, async |write| {
            let begun = write.duties_begun(first, last).await?;
            write.note("n", begun.len());
            let mut resumed = Vec::new();
            for duty in &begun {
                let former = formers.get(&(duty.asset_id, duty.kind));
                let reversal = rules::take_back(duty, former, write.today())?;
                write.update::<duty::Entity>(duty, reversal.revoked).await?;
                if let Some(next) = reversal.resumed
                    && may_go_on(write, &next).await?
                {
                    resumed.push(next);
                }
            }
            write.insert_all::<duty::Entity>(resumed).await?;
            Ok(begun.len())
        })
        .await
}

/// Whether a duty may go on: its bearer is still there, and nobody bears it on one of its days.
async fn may_go_on(write: &mut Write, next: &duty::Model) -> Result<bool> {
    let asset = write.get::<asset::Entity>(next.asset_id).await?;
    let Some(party) = Party::of(next.organization_id, next.person_id) else { return Ok(false) };
    match reference::check_party(write, party, next.until_on).await {
        Err(Error::Refused(_)) => return Ok(false),
        checked => checked?,
    }
    let existing = write.duties_of(asset.id).await?;
    let is_free = existing
        .iter()
        .filter(|duty| duty.kind == next.kind)
        .all(|duty| !rules::overlap(duty, next));
    Ok(is_free && asset.state == asset::State::Held)
}

/// The duties that gave way to an assignment, as they were before it.
async fn formers(
    read: &Read<'_>,
    (first, last): (DutyId, DutyId),
) -> Result<HashMap<(AssetId, Kind), duty::Model>> {
    let begun = read.duties_begun(first, last).await?;
    let Some(head) = begun.first() else { return Ok(HashMap::new()) };
    let ids: Vec<AssetId> = begun.iter().map(|duty| duty.asset_id).collect();
    let now = read.dossiers(&ids).await?;
    let before = head.created_at - TimeDelta::milliseconds(1);
    let then = read.dossiers_then(&ids, before).await?;
    let then: HashMap<DutyId, duty::Model> =
        then.into_iter().flat_map(|one| one.duties).map(|duty| (duty.id, duty)).collect();
    let mut formers = HashMap::new();
    for duty in &begun {
        let dossier = now.iter().find(|one| one.asset.id == duty.asset_id);
        let eve = duty.from_on.and_then(|from| from.pred_opt());
        let gave_way = dossier.into_iter().flat_map(|one| &one.duties).find(|other| {
            other.kind == duty.kind
                && other.end_reason == Some(EndReason::Succeeded)
                && other.until_on == eve
        });
        let former = gave_way.and_then(|other| then.get(&other.id));
        formers.extend(former.map(|former| ((duty.asset_id, duty.kind), former.clone())));
    }
    Ok(formers)
}
