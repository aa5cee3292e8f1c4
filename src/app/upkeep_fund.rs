//! 管护资金: registering what was received, and correcting it.

use entity::{
    id::UpkeepFundId,
    upkeep_fund::{Entity, Model},
};

use super::named::{Changed, Named};
use crate::{
    domain::{asset::reasoned, permission::Action, upkeep_fund as rules},
    error::Result,
    store::{Actor, Ledger},
};

/// Registers a fund.
pub async fn register(ledger: &Ledger, actor: &Actor, fund: Model) -> Result<Model> {
    ledger
        .write(actor, Action::RegisterFund, async |write| {
            rules::check(&fund, write.today()).into_result()?;
            write.area(fund.area_code).await?;
            write.insert::<Entity>(fund).await
        })
        .await
}

/// Amends a fund for a reason: never below what is set aside.
pub async fn amend<C: Changed<Model>>(
    ledger: &Ledger,
    actor: &Actor,
    fund: impl Into<Named<UpkeepFundId>>,
    reason: &str,
    change: impl FnOnce(Model) -> C,
) -> Result<Model> {
    let named = fund.into();
    ledger
        .write(actor, Action::AmendFund, async |write| {
            reasoned(reason)?;
            write.note("reason", reason.trim());
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let after = Model {
                id: before.id,
                area_code: before.area_code,
                version: before.version,
                ..change(before.clone()).row()?
            };
            rules::amend(&before, &after)?;
            rules::check(&after, write.today()).into_result()?;
            write.update::<Entity>(&before, after).await
        })
        .await
}
