//! 管护: assigning duties to one asset or many; what falls vacant when someone ends.

use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    asset,
    duty::{self, EndReason, Kind},
    holding,
    id::AssetId,
};

use super::{person, reference};
use crate::{
    domain::{
        duty::{self as rules, Terms},
        masking::Contact,
        permission::Action,
        refusal::Refusal,
        title::Party,
    },
    error::Result,
    limits,
    store::{Actor, Ledger, Write, list::List},
};

/// Who is to bear a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignee {
    /// Somebody on record.
    Known(Party),
    /// A person by name and telephone: the one on record in an area, or a new one. Without an area
    /// it is that of the first asset.
    Person(Contact, Option<AreaCode>),
}

impl From<Party> for Assignee {
    fn from(party: Party) -> Assignee {
        Assignee::Known(party)
    }
}

/// Assigns a duty on one or many assets to one party. All of them or none.
pub async fn assign(
    ledger: &Ledger,
    actor: &Actor,
    assets: &[AssetId],
    (kind, assignee): (Kind, impl Into<Assignee>),
    terms: &Terms,
) -> Result<Vec<duty::Model>> {
    if assets.len() > limits::ASSETS_PER_ACTION {
        return Err(Refusal::too_many(limits::ASSETS_PER_ACTION).into());
    }
    let assignee = assignee.into();
    ledger
        .write(actor, Action::AssignDuty, async |write| {
            assign_all(write, assets, (kind, &assignee), terms).await
        })
        .await
}

/// Assigns a duty on every asset of a list, where there are as many as the caller was told.
pub async fn assign_listed(
    ledger: &Ledger,
    actor: &Actor,
    (list, expected): (List<asset::Entity>, u64),
    (kind, assignee): (Kind, impl Into<Assignee>),
    terms: &Terms,
) -> Result<Vec<duty::Model>> {
    let assignee = assignee.into();
    ledger
        .write(actor, Action::AssignDuty, async |write| {
            let assets = write.ids_listed(&list, limits::ASSETS_PER_ACTION).await?;
            let found = u64::try_from(assets.len()).unwrap_or(u64::MAX);
            if found != expected {
                return Err(Refusal::count_differs(found, expected).into());
            }
            assign_all(write, &assets, (kind, &assignee), terms).await
        })
        .await
}

async fn assign_all(
    write: &mut Write,
    assets: &[AssetId],
    (kind, assignee): (Kind, &Assignee),
    terms: &Terms,
) -> Result<Vec<duty::Model>> {
    rules::check(terms).into_result()?;
    let Some(first) = assets.first() else { return Ok(Vec::new()) };
    // its county's turn first: whoever ends the party waits there
    let first = write.get::<asset::Entity>(*first).await?;
    let party = match assignee {
        Assignee::Known(party) => *party,
        Assignee::Person(contact, area) => {
            let area = area.unwrap_or(first.area_code);
            write.area(area).await?;
            Party::Person(person::find_or_put_in(write, area, contact, None).await?.id)
        }
    };
    let terms = Terms { from_on: terms.from_on.or(Some(write.today())), ..terms.clone() };
    let mut begun = Vec::with_capacity(assets.len());
    for id in assets {
        begun.push(assign_within(write, *id, (kind, party), &terms).await?);
    }
    Ok(begun)
}

/// Assigns a duty as part of a larger action.
pub async fn assign_within(
    write: &mut Write,
    id: AssetId,
    (kind, party): (Kind, Party),
    terms: &Terms,
) -> Result<duty::Model> {
    let asset = write.get::<asset::Entity>(id).await?;
    reference::check_party(write, party, terms.until_on).await?;
    let existing = write.duties_of(id).await?;
    let assignment = rules::assign(&asset, kind, party, terms, &existing)?;
    if let Some((before, closed)) = assignment.succeeded {
        write.update::<duty::Entity>(&before, closed).await?;
    }
    write.insert::<duty::Entity>(assignment.begun).await
}

/// Lets everything a party bears fall vacant after a day. Answers how many duties ended. What it
/// bears outside the actor's area would stay with nobody, so then it is refused.
pub async fn vacate(write: &mut Write, party: Party, on: NaiveDate) -> Result<usize> {
    let reason = match party {
        Party::Organization(_) => EndReason::BodyEnded,
        Party::Person(_) => EndReason::PersonLeft,
    };
    if write.bears_outside(party, on).await? {
        return Err(Refusal::bears_outside().into());
    }
    let duties = write.duties_borne(party, on).await?;
    for duty in &duties {
        let closed = rules::close(duty, on, reason);
        write.update::<duty::Entity>(duty, closed).await?;
    }
    for right in write.rights_held(party, on).await? {
        let until = right.from_on.map_or(on, |from| from.max(on));
        let closed = holding::Model { until_on: Some(until), ..right.clone() };
        write.update::<holding::Entity>(&right, closed).await?;
    }
    Ok(duties.len())
}
