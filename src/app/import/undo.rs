//! Undoing an import while nobody has touched what it made: nothing is deleted, everything it
//! made leaves the books.

use entity::{
    area::AreaCode,
    asset,
    duty::{self, EndReason},
    funding,
    id::{AssetId, BudgetId, DutyId, ImportId, OrganizationId},
    import::{self, Kind, State},
    money::Money,
    organization,
};

use crate::{
    app::{budget, import::action},
    domain::{budget as budgets, duty as duties, permission::Action, refusal::Refusal},
    error::Result,
    store::{Actor, Ledger, Write},
};

/// Undoes an import. Answers how many rows left the books.
pub async fn undo(ledger: &Ledger, actor: &Actor, id: ImportId) -> Result<usize> {
    ledger
        .write(actor, Action::UndoImport, async |write| {
            let before = write.get::<import::Entity>(id).await?;
            write.actor().require(action(before.kind))?;
            if before.state == State::Undone {
                return Err(Refusal::import_undone_already().into());
            }
            if before.n_changed > 0 {
                return Err(Refusal::import_changed_rows(before.n_changed).into());
            }
            if matches!(before.kind, Kind::Areas | Kind::Projects) {
                return Err(Refusal::import_is_reference(before.kind.label()).into());
            }
            let touched = write.n_touched(id).await?;
            if touched > 0 {
                return Err(Refusal::import_touched(touched).into());
            }
            write.note("undone", id.0);
            let rows = write.imported(id).await?;
            let mut places = Vec::new();
            for row in &rows {
                match row.noun.as_str() {
                    "asset" => void_asset(write, AssetId(row.subject_id)).await?,
                    "duty" => revoke_duty(write, DutyId(row.subject_id)).await?,
                    "budget" => places.extend(take_back(write, BudgetId(row.subject_id)).await?),
                    _ => end_organization(write, OrganizationId(row.subject_id)).await?,
                }
            }
            budget::look_again_at(write, places).await?;
            let undone = import::Model { state: State::Undone, ..before.clone() };
            write.update::<import::Entity>(&before, undone).await?;
            Ok(rows.len())
        })
        .await
}

async fn void_asset(write: &mut Write, id: AssetId) -> Result<()> {
    let before = write.get::<asset::Entity>(id).await?;
    for duty in write.duties_of(id).await? {
        if duty.end_reason.is_none() {
            revoke_duty(write, duty.id).await?;
        }
    }
    for row in write.funding_of(id).await?.into_iter().filter(|row| !row.is_withdrawn) {
        let withdrawn = funding::Model { is_withdrawn: true, ..row.clone() };
        write.update::<funding::Entity>(&row, withdrawn).await?;
    }
    let void = asset::Model { state: asset::State::Void, ..before.clone() };
    write.update::<asset::Entity>(&before, void).await?;
    Ok(())
}

/// Gives all that a budget set aside back to its fund. Answers the place whose findings may be others now.
async fn take_back(write: &mut Write, id: BudgetId) -> Result<Option<AreaCode>> {
    let before = write.get::<entity::budget::Entity>(id).await?;
    let after = budget::put(write, &before, Money::ZERO).await?;
    let decides = budgets::decides_findings(Some(&before), &after, write.today());
    Ok(decides.then_some(after.area_code))
}

async fn revoke_duty(write: &mut Write, id: DutyId) -> Result<()> {
    let before = write.get::<duty::Entity>(id).await?;
    let revoked = duties::close(&before, write.today(), EndReason::Revoked);
    write.update::<duty::Entity>(&before, revoked).await?;
    Ok(())
}

async fn end_organization(write: &mut Write, id: OrganizationId) -> Result<()> {
    let before = write.get::<organization::Entity>(id).await?;
    let today = write.today();
    crate::app::duty::vacate(write, crate::domain::title::Party::Organization(id), today).await?;
    let ended = organization::Model { ended_on: Some(today), ..before.clone() };
    write.update::<organization::Entity>(&before, ended).await?;
    Ok(())
}
