//! Waiving a finding: with a reason, until a day.

use chrono::NaiveDate;
use entity::{asset, finding::Rule, id::AssetId, waiver};

use crate::{
    domain::{permission::Action, waiver as rules},
    error::Result,
    store::{Actor, Ledger},
};

/// Waives an open finding on an asset until a day, inclusive.
pub async fn grant(
    ledger: &Ledger,
    actor: &Actor,
    id: AssetId,
    rule: Rule,
    reason: &str,
    until: NaiveDate,
) -> Result<waiver::Model> {
    ledger
        .write(actor, Action::WaiveFinding, async |write| {
            let asset = write.get::<asset::Entity>(id).await?;
            let finding = write.finding_of(id, rule).await?;
            let standing = write.waivers_of(id).await?;
            let terms = (rule, reason, until);
            let waiver = rules::grant(&asset, finding.as_ref(), &standing, terms, write.today())?;
            write.insert::<waiver::Entity>(waiver).await
        })
        .await
}
