//! 巡查: recording what was found of an asset. A record is known by the key that its device gave it:
//! however often it comes, and whatever came before it, it is kept once.

use anyhow::anyhow;
use entity::{
    asset,
    decimal_text::Expected,
    id::AssetId,
    inspection::{Entity, Model},
    measure::Coordinate,
    upkeep,
};

use super::work_order;
use crate::{
    domain::{
        distance::Place,
        inspection::{self as rules, Doubt, Record},
        mistake::{Mistake, Mistakes},
        permission::Action,
        refusal::Refusal,
    },
    error::Result,
    store::{Actor, Ledger, Read, Write},
};

/// Keeps a record of an asset; the one that is kept already, where it comes again.
pub async fn record(ledger: &Ledger, actor: &Actor, id: AssetId, sent: &Record) -> Result<Model> {
    let work = async |write: &mut Write| record_within(write, id, sent).await;
    ledger.write(actor, Action::RecordInspection, work).await
}

/// The same within an action that keeps several. What is not good opens work orders.
pub(super) async fn record_within(write: &mut Write, id: AssetId, sent: &Record) -> Result<Model> {
    let asset = write.get::<asset::Entity>(id).await?;
    let row = rules::record(&asset, sent, write.actor().account());
    // first: what was kept is answered again, whatever became of the asset since
    if let Some(kept) = write.inspection_under(&row.device_key).await? {
        if rules::is_same(&kept, &row) {
            return Ok(kept);
        }
        return Err(Refusal::inspection_key_reused().into());
    }
    rules::inspectable(&asset)?;
    rules::check(&asset, sent).into_result()?;
    let row = write.insert::<Entity>(row).await?;
    let before = write.upkeep_of(asset.id).await?;
    if let Some(after) = rules::found(before.as_ref(), &row) {
        match &before {
            Some(before) => write.update::<upkeep::Entity>(before, after).await?,
            None => write.insert::<upkeep::Entity>(after).await?,
        };
    }
    work_order::raise(write, &asset, &row).await?;
    Ok(row)
}

/// A key for a record that no device makes: it comes from a page.
pub fn fresh_key() -> Result<String> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| anyhow!("no randomness: {error}"))?;
    Ok(rules::key_of(random))
}

/// What about a record may be doubted.
pub async fn doubts(read: &Read<'_>, asset: &asset::Model, row: &Model) -> Result<Vec<Doubt>> {
    let before = read.inspection_before(row).await?;
    Ok(rules::doubts(asset, row, before.as_ref()))
}

/// Where an inspector stood: both coordinates or neither.
pub fn place(
    (longitude, latitude): (Option<&str>, Option<&str>),
    mistakes: &mut Mistakes,
) -> Option<Place> {
    let mut read = |field, text: Option<&str>, read: fn(&str) -> Result<Coordinate, Expected>| {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        let coordinate = read(text);
        coordinate.map_err(|wrong| mistakes.push(Mistake::new(field, text, wrong.0.into()))).ok()
    };
    let east = read("longitude", longitude, Coordinate::longitude);
    let north = read("latitude", latitude, Coordinate::latitude);
    east.zip(north)
}
