//! People who keep assets: known by a sealed name and telephone; leaving.

use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    id::{OrganizationId, PersonId},
    person::{self, Model},
};

use super::{duty::vacate, named::Named, welfare_post};
use crate::{
    domain::{
        asset::reasoned, masking::Contact, permission::Action, refusal::Refusal, title::Party,
    },
    error::Result,
    store::{Actor, Ledger, Write},
};

/// The person of a name and a telephone in an area: the one on record, or a new one.
pub async fn find_or_put_in(
    write: &mut Write,
    area_code: AreaCode,
    contact: &Contact,
    organization_id: Option<OrganizationId>,
) -> Result<Model> {
    if let Some(person) = write.find_person(area_code, contact).await? {
        return Ok(person);
    }
    let vault_id = write.seal_contact(area_code, contact).await?;
    let person = Model {
        id: PersonId(0),
        area_code,
        vault_id,
        organization_id,
        ended_on: None,
        version: 0,
        created_at: write.now(),
        updated_at: write.now(),
    };
    write.insert::<person::Entity>(person).await
}

/// Records that a person has left; their duties and posts fall vacant in the same transaction.
pub async fn end(
    ledger: &Ledger,
    actor: &Actor,
    person: impl Into<Named<PersonId>>,
    on: NaiveDate,
) -> Result<usize> {
    let named = person.into();
    ledger
        .write(actor, Action::EndPerson, async |write| {
            let before = write.get::<person::Entity>(named.id).await?;
            named.check(before.version)?;
            if let Some(on) = before.ended_on {
                return Err(Refusal::party_ended(on).into());
            }
            if on > write.today() {
                return Err(Refusal::day_in_future(on).into());
            }
            let ended = Model { ended_on: Some(on), ..before.clone() };
            write.update::<person::Entity>(&before, ended).await?;
            welfare_post::end_all(write, named.id, on).await?;
            vacate(write, Party::Person(named.id), on).await
        })
        .await
}

/// Shows a person whole, for a reason that stays in the log; what is shown does not.
pub async fn reveal(ledger: &Ledger, actor: &Actor, id: PersonId, reason: &str) -> Result<Contact> {
    ledger
        .write(actor, Action::RevealPerson, async |write| {
            let row = write.get::<person::Entity>(id).await?;
            note_reveal(write, ("person", id.0), reason).await?;
            write.leave_entry(row.area_code).await?;
            write.contact(row.vault_id).await
        })
        .await
}

/// Counts a reveal, and says in the log what is revealed, and why.
pub(super) async fn note_reveal(
    write: &mut Write,
    (noun, id): (&str, i64),
    reason: &str,
) -> Result<()> {
    reasoned(reason)?;
    write.count_reveal().await?;
    write.note("noun", noun);
    write.note("id", id);
    write.note("reason", reason.trim());
    Ok(())
}
