//! What speaks against the ledger: kept when a stock-take is signed, and settled with a reason.

use entity::{
    discrepancy::{Entity, Model},
    id::{AssetId, DiscrepancyId},
    stock_line, stock_take,
};

use super::named::Named;
use crate::{
    domain::{discrepancy as rules, permission::Action},
    error::Result,
    store::{Actor, Ledger, Write},
};

/// Keeps what the lines of a stock-take that is being signed say against the ledger, and clears what an
/// earlier one said and this one does not.
pub(super) async fn keep_within(
    write: &mut Write,
    take: &stock_take::Model,
    lines: &[stock_line::Model],
) -> Result<()> {
    let ids: Vec<AssetId> = lines.iter().map(|line| line.asset_id).collect();
    let open = write.differences_of(&ids).await?;
    let is_amiss = |line: &&stock_line::Model| line.outcome != Some(stock_line::Outcome::Found);
    let amiss: Vec<AssetId> = lines.iter().filter(is_amiss).map(|line| line.asset_id).collect();
    let assets = write.assets_seen(&amiss).await?;
    let today = write.today();
    let mut rows = Vec::new();
    for line in lines {
        let asset = assets.get(&line.asset_id);
        let said = asset.and_then(|asset| rules::of_line(take, line, asset, today));
        let known = open.get(&line.asset_id);
        match (known, &said) {
            (Some(known), Some(said)) if rules::says_the_same(known, said) => continue,
            (Some(known), _) => {
                write.update::<Entity>(known, rules::clear(known, today)).await?;
            }
            (None, _) => {}
        }
        rows.extend(said);
    }
    if !rows.is_empty() {
        write.insert_all::<Entity>(rows).await?;
    }
    Ok(())
}

/// Settles a discrepancy: the ledger is right all the same, and why.
pub async fn settle(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<DiscrepancyId>>,
    reason: &str,
) -> Result<Model> {
    let named = named.into();
    ledger
        .write(actor, Action::SettleDiscrepancy, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let who = (write.actor().account(), write.today());
            write.update::<Entity>(&before, rules::settle(&before, reason, who)?).await
        })
        .await
}
