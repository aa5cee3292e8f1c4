//! What a row refers to: it must be there and within reach, and it must not have ended.

use chrono::NaiveDate;
use entity::{asset, id::OrganizationId, organization, person, project};

use crate::{
    domain::{
        refusal::Refusal,
        title::{Holder, Party},
    },
    error::Result,
    store::Write,
};

/// Refuses a party that ends before what it is given does. Without `until` that has no end.
pub(super) async fn check_party(
    write: &Write,
    party: Party,
    until: Option<NaiveDate>,
) -> Result<()> {
    let ended = match party {
        Party::Organization(id) => write.get_party::<organization::Entity>(id).await?.ended_on,
        Party::Person(id) => write.get_party::<person::Entity>(id).await?.ended_on,
    };
    match ended.filter(|on| until.is_none_or(|until| until > *on)) {
        Some(on) => Err(Refusal::party_ended(on).into()),
        None => Ok(()),
    }
}

/// Refuses holders that are not there or have ended.
pub(super) async fn check_holders(write: &Write, holders: &[Holder]) -> Result<()> {
    for holder in holders {
        check_party(write, holder.party, None).await?;
    }
    Ok(())
}

/// Refuses a card whose place, project or organizations are not there. What `before` named
/// already is not asked for again.
pub(super) async fn check_card(
    write: &mut Write,
    before: Option<&asset::Model>,
    after: &asset::Model,
) -> Result<()> {
    if before.is_none_or(|before| before.area_code != after.area_code) {
        write.area(after.area_code).await?;
    }
    let project = after.project_id.filter(|id| before.and_then(|row| row.project_id) != Some(*id));
    if let Some(id) = project {
        write.get_party::<project::Entity>(id).await?;
    }
    let named: [fn(&asset::Model) -> Option<OrganizationId>; 2] =
        [|row| row.implementing_unit_id, |row| row.debtor_id];
    for named in named {
        let id = named(after).filter(|id| before.and_then(named) != Some(*id));
        if let Some(id) = id {
            write.get_party::<organization::Entity>(id).await?;
        }
    }
    Ok(())
}
