//! What is done about what lies idle in the sample county: of five assets one has no plan, one a plan that
//! was proposed, one that is under way, one that waits to be verified, and one is back in use.

use chrono::Days;
use entity::{
    area::{AreaCode, Level},
    asset::{self, IdleReason, UseState},
    revival::{Batch, Mode},
};

use crate::{
    app::revival as acts,
    domain::{revival::Plan, sample},
    error::Result,
    store::{Actor, Ledger, list::List},
};

/// How it is done, from one asset to the next.
const WAYS: [(Mode, Batch, &str); 4] = [
    (Mode::Lease, Batch::Revive, "公开招租，租金不低于评估价"),
    (Mode::OwnRun, Batch::Consolidate, "由村集体经济组织自主经营"),
    (Mode::Renovation, Batch::Upgrade, "改造设备后转产"),
    (Mode::Regrouping, Batch::Adjust, "与邻村资产整合后统一经营"),
];

/// How many idle assets are looked at.
const LOOKED_AT: u64 = 40;

/// Plans what is to become of the first idle assets; a county that has plans is left as it is.
pub(super) async fn begin_with(ledger: &Ledger, actor: &Actor) -> Result<()> {
    let mut plans = List::<entity::revival::Entity>::default();
    (plans.area, plans.limit) = (Some(sample::county()), 1);
    if !ledger.read(actor).list(&plans).await?.rows.is_empty() {
        return Ok(());
    }
    let mut list =
        List::<asset::Entity>::read([("use_state", "idle,low_yield"), ("standing", "yes")])?;
    (list.area, list.limit) = (Some(sample::county()), LOOKED_AT);
    let rows = ledger.read(actor).list(&list).await?.rows;
    for (place, asset) in rows.iter().enumerate().filter(|(place, _)| place % 5 != 0) {
        let Some(body) = body(ledger, actor, asset.area_code).await? else { continue };
        let (mode, batch, measures) = WAYS[place % WAYS.len()];
        let plan = Plan {
            reason: asset.idle_reason.unwrap_or(IdleReason::Other),
            mode,
            batch,
            measures: measures.to_owned(),
            target_on: ledger.today() + Days::new(30 * (place as u64 % 7)),
            organization: body,
        };
        take(ledger, actor, (place, asset), &plan).await?;
    }
    Ok(())
}

/// An organization of the village or the town of an asset.
async fn body(
    ledger: &Ledger,
    actor: &Actor,
    area: AreaCode,
) -> Result<Option<entity::id::OrganizationId>> {
    for within in [area, area.at(Level::Town)] {
        let mut list = List::<entity::organization::Entity>::default();
        (list.area, list.limit) = (Some(within), 1);
        if let Some(found) = ledger.read(actor).list(&list).await?.rows.first() {
            return Ok(Some(found.id));
        }
    }
    Ok(None)
}

async fn take(
    ledger: &Ledger,
    actor: &Actor,
    (place, asset): (usize, &asset::Model),
    plan: &Plan,
) -> Result<()> {
    let row = acts::propose(ledger, actor, asset.id, plan).await?;
    if place % 5 == 1 {
        return Ok(());
    }
    acts::approve(ledger, actor, row.id).await?;
    if place % 5 == 2 {
        return Ok(());
    }
    let said = ("已投入使用，运行正常", UseState::Leased);
    acts::report(ledger, actor, row.id, said).await?;
    if place % 5 == 4 {
        acts::verify(ledger, actor, row.id, "现场查看在用，合同已归档").await?;
    }
    Ok(())
}
