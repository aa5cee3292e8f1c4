//! Projects: registering, amending, and what is told of one.

use entity::{
    id::ProjectId,
    organization,
    project::{self, Model},
};

use super::{named::Changed, place::Places};
use crate::{
    domain::{permission::Action, project as rules, title::Party},
    error::{Error, Result},
    store::{Actor, Ledger, Write},
};

/// Registers a project.
pub async fn register(ledger: &Ledger, actor: &Actor, project: Model) -> Result<Model> {
    ledger
        .write(actor, Action::RegisterProject, async |write| {
            rules::check(&project, write.today()).into_result()?;
            write.area(project.area_code).await?;
            check_unit(write, None, &project).await?;
            write.insert::<project::Entity>(project).await
        })
        .await
}

/// Amends a project; `version` is the one the caller read.
pub async fn amend<C: Changed<Model>>(
    ledger: &Ledger,
    actor: &Actor,
    (id, version): (ProjectId, i64),
    change: impl FnOnce(Model) -> C,
) -> Result<Model> {
    ledger
        .write(actor, Action::AmendProject, async |write| {
            let before = write.get::<project::Entity>(id).await?;
            if before.version != version {
                return Err(Error::Conflict);
            }
            let after =
                Model { id, area_code: before.area_code, version, ..change(before.clone()).row()? };
            rules::amend(&before, &after)?;
            rules::check(&after, write.today()).into_result()?;
            check_unit(write, Some(&before), &after).await?;
            write.update::<project::Entity>(&before, after).await
        })
        .await
}

/// Refuses an implementing unit that is not there.
async fn check_unit(write: &Write, before: Option<&Model>, after: &Model) -> Result<()> {
    let known = before.and_then(|before| before.implementing_unit_id);
    if let Some(id) = after.implementing_unit_id.filter(|id| known != Some(*id)) {
        write.get_party::<organization::Entity>(id).await?;
    }
    Ok(())
}

/// A project and the names of what it refers to.
pub struct Card {
    /// What is recorded.
    pub row: Model,
    /// The names of where it lies, below the reader's own area.
    pub place: String,
    /// Who carries it out.
    pub unit: Option<String>,
}

/// Everything about a project but its assets.
pub async fn card(ledger: &Ledger, actor: &Actor, id: ProjectId) -> Result<Card> {
    let read = ledger.read(actor);
    let row = read.get::<project::Entity>(id).await?;
    let mut places = Places::new(read.today());
    places.learn(&read, [row.area_code]).await?;
    let place = places.path_below(row.area_code, Some(actor.area()));
    let party = row.implementing_unit_id.map(Party::Organization);
    let named = read.parties_masked(party.as_slice()).await?;
    let unit = party.and_then(|party| named.get(&party)).map(|named| named.name.clone());
    Ok(Card { row, place, unit })
}
