//! 确权: settling the title of an asset.

use entity::{
    asset, holding,
    id::AssetId,
    title::{self, State},
};

use super::{named::Changed, reference};
use crate::{
    domain::{
        permission::Action,
        title::{self as rules, Holder},
    },
    error::{Error, Result},
    store::{Actor, Ledger, Write},
};

/// Settles the title of an asset: its state, its certificate and who holds which right. Rights
/// that are named get these holders; the former ones end on the day before.
pub async fn settle(
    ledger: &Ledger,
    actor: &Actor,
    id: AssetId,
    next: title::Model,
    holders: &[Holder],
) -> Result<title::Model> {
    ledger
        .write(actor, Action::SettleTitle, async |write| {
            settle_within(write, id, next, holders).await
        })
        .await
}

/// Settles the title of an asset from the version that was read: 0 where none was opened. `change`
/// gets the title as it is.
pub async fn settle_at<C: Changed<title::Model>>(
    ledger: &Ledger,
    actor: &Actor,
    (id, version): (AssetId, i64),
    change: impl FnOnce(title::Model) -> C,
    holders: &[Holder],
) -> Result<title::Model> {
    ledger
        .write(actor, Action::SettleTitle, async |write| {
            let asset = write.get::<asset::Entity>(id).await?;
            let before = write.title_of(id).await?;
            let before = before.unwrap_or_else(|| rules::blank(id, asset.area_code));
            if before.version != version {
                return Err(Error::Conflict);
            }
            settle_within(write, id, change(before).row()?, holders).await
        })
        .await
}

/// Settles a title as part of a larger action.
pub async fn settle_within(
    write: &mut Write,
    id: AssetId,
    next: title::Model,
    holders: &[Holder],
) -> Result<title::Model> {
    let asset = write.get::<asset::Entity>(id).await?;
    let stored = write.title_of(id).await?;
    let before = stored.clone().unwrap_or_else(|| rules::blank(id, asset.area_code));
    let is_confirmed = (before.state, next.state) == (State::Confirmed, State::Confirmed);
    if is_confirmed && holders.is_empty() {
        let next = rules::certify(&asset, &before, &next)?;
        return write.update::<title::Entity>(&before, next).await;
    }
    let existing = write.holdings_of(id).await?;
    let kept: Vec<Holder> = existing
        .iter()
        .filter(|row| row.until_on.is_none() && holders.iter().all(|new| new.right != row.right))
        .filter_map(Holder::of)
        .collect();
    let all: Vec<Holder> = kept.into_iter().chain(holders.iter().cloned()).collect();
    let next = rules::settle(&asset, &before, next, &all, write.today())?;
    reference::check_holders(write, holders).await?;
    set_holders(write, &asset, &existing, holders).await?;
    match stored {
        Some(_) => write.update::<title::Entity>(&before, next).await,
        None => write.insert::<title::Entity>(next).await,
    }
}

/// Gives the rights that are named to these holders; holders that stay are left as they are.
pub async fn set_holders(
    write: &mut Write,
    asset: &asset::Model,
    existing: &[holding::Model],
    holders: &[Holder],
) -> Result<()> {
    let today = write.today();
    let running = existing.iter().filter(|row| row.until_on.is_none());
    for row in running.clone() {
        let named = holders.iter().any(|new| new.right == row.right);
        let stays = Holder::of(row).is_some_and(|holder| holders.contains(&holder));
        if named && !stays {
            // whoever was named earlier today by mistake held it on no day
            let closed = holding::Model { until_on: today.pred_opt(), ..row.clone() };
            write.update::<holding::Entity>(row, closed).await?;
        }
    }
    let before: Vec<Holder> = running.filter_map(Holder::of).collect();
    let new = holders.iter().filter(|holder| !before.contains(holder));
    let rows: Vec<_> =
        new.map(|holder| holder.row(asset.id, asset.area_code, Some(today))).collect();
    write.insert_all::<holding::Entity>(rows).await?;
    Ok(())
}
