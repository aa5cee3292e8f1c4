//! 合同: concluded, amended while they run, ended before their term; what they ask to be paid follows.

use chrono::NaiveDate;
use entity::{
    asset,
    contract::{Entity, Model},
    id::{AssetId, ContractId},
};

use super::{
    named::{Changed, Named},
    reference,
};
use crate::{
    domain::{
        asset::reasoned,
        contract::{self as rules, paid_by, payer, settled},
        permission::Action,
        title::Party,
    },
    error::Result,
    store::{Actor, Ledger, Write},
};

/// Concludes a contract of an asset with whoever pays.
pub async fn conclude<C: Changed<Model>>(
    ledger: &Ledger,
    actor: &Actor,
    (id, payer): (AssetId, Option<Party>),
    terms: impl FnOnce(Model) -> C,
) -> Result<Model> {
    ledger
        .write(actor, Action::ConcludeContract, async |write| {
            let asset = write.get::<asset::Entity>(id).await?;
            let said = terms(rules::blank(&asset, write.today())).row()?;
            let said = Model { end_reason: None, ..placed(said, &asset) };
            let contract = settled(paid_by(said, payer));
            checked(write, &contract).await?;
            rules::conclude(&asset, &contract, &write.contracts_of(id).await?)?;
            let stored = write.insert::<Entity>(contract).await?;
            write.set_dues(&stored).await?;
            Ok(stored)
        })
        .await
}

/// A contract of an asset, whatever was said of where it lies.
fn placed(contract: Model, asset: &asset::Model) -> Model {
    Model {
        id: ContractId(0),
        version: 0,
        area_code: asset.area_code,
        asset_id: asset.id,
        ..contract
    }
}

/// Refuses terms that are wrong, and a payer who is not there or had ended when the contract began.
async fn checked(write: &Write, contract: &Model) -> Result<()> {
    rules::check(contract).into_result()?;
    if let Some(party) = payer(contract) {
        reference::check_party(write, party, Some(contract.starts_on)).await?;
    }
    Ok(())
}

/// Amends a contract that runs, for a reason.
pub async fn amend<C: Changed<Model>>(
    ledger: &Ledger,
    actor: &Actor,
    contract: impl Into<Named<ContractId>>,
    reason: &str,
    change: impl FnOnce(Model) -> C,
) -> Result<Model> {
    let named = contract.into();
    ledger
        .write(actor, Action::AmendContract, async |write| {
            reasoned(reason)?;
            write.note("reason", reason.trim());
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let said = change(before.clone()).row()?;
            let after = Model {
                id: before.id,
                area_code: before.area_code,
                asset_id: before.asset_id,
                version: before.version,
                ..said
            };
            let others = write.contracts_of(before.asset_id).await?;
            let next = rules::amend(&before, after, &others, write.today())?;
            rules::check(&next).into_result()?;
            let stored = write.update::<Entity>(&before, next).await?;
            write.set_dues(&stored).await?;
            Ok(stored)
        })
        .await
}

/// Ends a contract on a day within its term, for a reason: what would be due later is not.
pub async fn end(
    ledger: &Ledger,
    actor: &Actor,
    contract: impl Into<Named<ContractId>>,
    on: NaiveDate,
    reason: &str,
) -> Result<Model> {
    let named = contract.into();
    ledger
        .write(actor, Action::EndContract, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let ended = rules::end(&before, on, reason, write.today())?;
            let stored = write.update::<Entity>(&before, ended).await?;
            write.set_dues(&stored).await?;
            Ok(stored)
        })
        .await
}
