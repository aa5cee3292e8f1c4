//! Organizations: registering, amending, ending.

use chrono::NaiveDate;
use entity::{
    id::{OrganizationId, VaultId},
    organization::{self, Model},
};

use super::{
    duty::vacate,
    named::{Changed, Named},
    person::note_reveal,
};
use crate::{
    domain::{
        masking::Contact, organization as rules, permission::Action, refusal::Refusal, title::Party,
    },
    error::{Error, Result},
    store::{Actor, Ledger, Write},
};

/// Registers an organization, with a contact that goes to the vault.
pub async fn register(
    ledger: &Ledger,
    actor: &Actor,
    organization: Model,
    contact: Option<&Contact>,
) -> Result<Model> {
    ledger
        .write(actor, Action::RegisterOrganization, async |write| {
            write.area(organization.area_code).await?;
            put_in(write, organization, contact).await
        })
        .await
}

/// Registers an organization as part of a larger action.
pub async fn put_in(
    write: &mut Write,
    organization: Model,
    contact: Option<&Contact>,
) -> Result<Model> {
    rules::check(&organization).into_result()?;
    let contact_id = match contact {
        Some(contact) => Some(write.seal_contact(organization.area_code, contact).await?),
        None => None,
    };
    write.insert::<organization::Entity>(Model { contact_id, ..organization }).await
}

/// Amends an organization; `version` is the one the caller read.
pub async fn amend<C: Changed<Model>>(
    ledger: &Ledger,
    actor: &Actor,
    named: (OrganizationId, i64),
    change: impl FnOnce(Model) -> C,
) -> Result<Model> {
    amend_with_contact(ledger, actor, named, None, change).await
}

/// Amends an organization, and its contact where one is given: that goes to the vault, and the log
/// keeps the number of the sealed record alone.
pub async fn amend_with_contact<C: Changed<Model>>(
    ledger: &Ledger,
    actor: &Actor,
    (id, version): (OrganizationId, i64),
    contact: Option<&Contact>,
    change: impl FnOnce(Model) -> C,
) -> Result<Model> {
    ledger
        .write(actor, Action::AmendOrganization, async |write| {
            let before = write.get::<organization::Entity>(id).await?;
            if before.version != version {
                return Err(Error::Conflict);
            }
            let after = Model {
                id,
                area_code: before.area_code,
                contact_id: sealed(write, &before, contact).await?,
                ended_on: before.ended_on,
                version,
                ..change(before.clone()).row()?
            };
            if after == before {
                return Err(Refusal::nothing_changed().into());
            }
            rules::check(&after).into_result()?;
            write.update::<organization::Entity>(&before, after).await
        })
        .await
}

/// The sealed contact of an organization: the one that is there, unless another is given.
async fn sealed(
    write: &mut Write,
    before: &Model,
    contact: Option<&Contact>,
) -> Result<Option<VaultId>> {
    let Some(contact) = contact else { return Ok(before.contact_id) };
    if let Some(id) = before.contact_id
        && write.contact(id).await? == *contact
    {
        return Ok(Some(id));
    }
    Ok(Some(write.seal_contact(before.area_code, contact).await?))
}

/// Ends an organization; its duties fall vacant in the same transaction. Answers how many.
pub async fn end(
    ledger: &Ledger,
    actor: &Actor,
    organization: impl Into<Named<OrganizationId>>,
    on: NaiveDate,
) -> Result<usize> {
    let named = organization.into();
    ledger
        .write(actor, Action::EndOrganization, async |write| {
            let before = write.get::<organization::Entity>(named.id).await?;
            named.check(before.version)?;
            let ended = rules::end(&before, on, write.today())?;
            write.update::<organization::Entity>(&before, ended).await?;
            vacate(write, Party::Organization(named.id), on).await
        })
        .await
}

/// Shows the contact of an organization whole, for a reason that stays in the log; what is shown
/// does not.
pub async fn reveal_contact(
    ledger: &Ledger,
    actor: &Actor,
    id: OrganizationId,
    reason: &str,
) -> Result<Contact> {
    ledger
        .write(actor, Action::RevealPerson, async |write| {
            let row = write.get::<organization::Entity>(id).await?;
            let vault_id = row.contact_id.ok_or_else(Refusal::contact_missing)?;
            note_reveal(write, ("organization", id.0), reason).await?;
            write.leave_entry(row.area_code).await?;
            write.contact(vault_id).await
        })
        .await
}
