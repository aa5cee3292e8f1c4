//! 资产盘活 (domain.md §5): a plan proposed, approved by another person, carried out, verified by another
//! person, or ended for a reason; `rate` tells the rate of revival.

pub mod rate;

use entity::{
    asset::{self, UseState},
    id::{AssetId, RevivalId},
    revival::{Entity, Model},
};

use super::{named::Named, reference};
use crate::{
    domain::{
        permission::Action,
        revival::{self as rules, Plan},
        title::Party,
    },
    error::Result,
    store::{Actor, Ledger, Write},
};

/// Proposes a plan for an asset that lies idle or yields little.
pub async fn propose(ledger: &Ledger, actor: &Actor, id: AssetId, plan: &Plan) -> Result<Model> {
    ledger
        .write(actor, Action::ProposeRevival, async |write| {
            let asset = write.get::<asset::Entity>(id).await?;
            check_body(write, plan).await?;
            let standing = write.revivals_of(id).await?;
            let who = (write.actor().account(), write.today());
            let row = rules::propose(&asset, &standing, plan, who)?;
            write.insert::<Entity>(row).await
        })
        .await
}

/// Whoever is to see to it is there until then.
async fn check_body(write: &mut Write, plan: &Plan) -> Result<()> {
    let party = Party::Organization(plan.organization);
    reference::check_party(write, party, Some(plan.target_on)).await
}

/// Amends a plan; it is approved anew.
pub async fn amend(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<RevivalId>>,
    plan: &Plan,
) -> Result<Model> {
    let named = named.into();
    change(ledger, actor, (Action::AmendRevival, named), async |row, write| {
        check_body(write, plan).await?;
        Ok(rules::amend(row, plan, (write.actor().account(), write.today()))?)
    })
    .await
}

/// Approves a plan.
pub async fn approve(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<RevivalId>>,
) -> Result<Model> {
    let named = named.into();
    change(ledger, actor, (Action::ApproveRevival, named), async |row, write| {
        Ok(rules::approve(row, (write.actor().account(), write.today()))?)
    })
    .await
}

/// Says that the asset is back in use, and how.
pub async fn report(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<RevivalId>>,
    said: (&str, UseState),
) -> Result<Model> {
    let named = named.into();
    change(ledger, actor, (Action::ReportRevival, named), async |row, write| {
        Ok(rules::report(row, said, (write.actor().account(), write.today()))?)
    })
    .await
}

/// Verifies that the asset is back in use. In the same action its card says how it is used.
pub async fn verify(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<RevivalId>>,
    evidence: &str,
) -> Result<Model> {
    let named = named.into();
    change(ledger, actor, (Action::VerifyRevival, named), async |row, write| {
        let asset = write.get::<asset::Entity>(row.asset_id).await?;
        let who = (write.actor().account(), write.today());
        let (closed, used) = rules::verify(row, &asset, evidence, who)?;
        if used != asset {
            write.update::<asset::Entity>(&asset, used).await?;
        }
        Ok(closed)
    })
    .await
}

/// Sends what was reported back, for a reason.
pub async fn send_back(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<RevivalId>>,
    why: &str,
) -> Result<Model> {
    let named = named.into();
    change(ledger, actor, (Action::VerifyRevival, named), async |row, write| {
        Ok(rules::send_back(row, why, write.actor().account())?)
    })
    .await
}

/// Ends a plan that is not carried through, for a reason.
pub async fn end(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<RevivalId>>,
    why: &str,
) -> Result<Model> {
    let named = named.into();
    change(ledger, actor, (Action::EndRevival, named), async |row, write| {
        Ok(rules::end(row, why, write.today())?)
    })
    .await
}

/// Why plans end whose asset was split or merged.
const REPLACED: &str = "资产已拆分或合并 / the asset was split or merged";

/// Ends the plan of an asset that goes off the books, within the same action.
pub(super) async fn drop_all(write: &mut Write, id: AssetId) -> Result<()> {
    for row in write.revivals_of(id).await?.into_iter().filter(|row| row.state.is_running()) {
        let ended = rules::end(&row, REPLACED, write.today())?;
        write.update::<Entity>(&row, ended).await?;
    }
    Ok(())
}

async fn change<F>(
    ledger: &Ledger,
    actor: &Actor,
    (action, named): (Action, Named<RevivalId>),
    rule: F,
) -> Result<Model>
where
    F: AsyncFnOnce(&Model, &mut Write) -> Result<Model>,
{
    ledger
        .write(actor, action, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let after = rule(&before, write).await?;
            write.update::<Entity>(&before, after).await
        })
        .await
}
