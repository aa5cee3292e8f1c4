//! 巡查: recording what was found of an asset, what may be doubted of it, and what is due. A record is
//! known by the key that its device gave it: however often it comes, and whatever came before it, it is
//! kept once.

use std::collections::HashMap;

use anyhow::anyhow;
use chrono::NaiveDate;
use entity::{
    area::{AreaCode, Level},
    asset, attachment,
    decimal_text::Expected,
    id::AssetId,
    inspection::{Entity, Model},
    measure::Coordinate,
    upkeep,
};

use super::work_order;
use crate::{
    domain::{
        distance,
        inspection::{self as rules, Doubt, Record},
        likeness::Likeness,
        mistake::{Mistake, Mistakes},
        permission::Action,
        refusal::Refusal,
    },
    error::Result,
    store::{Actor, Ledger, Read, Write, inspection_due::Place},
};

/// Keeps a record of an asset; the one that is kept already, where it comes again.
pub async fn record(ledger: &Ledger, actor: &Actor, id: AssetId, sent: &Record) -> Result<Model> {
    let work = async |write: &mut Write| record_within(write, id, sent).await;
    ledger.write(actor, Action::RecordInspection, work).await
}

/// The same of a record whose device tells no time: it was made when it came first.
pub async fn record_as_it_comes(
    ledger: &Ledger,
    actor: &Actor,
    id: AssetId,
    sent: &Record,
) -> Result<Model> {
    let work = async |write: &mut Write| {
        let kept = write.inspection_under(&sent.device_key.to_ascii_lowercase()).await?;
        let inspected_at = kept.map_or(sent.inspected_at, |kept| kept.inspected_at);
        record_within(write, id, &Record { inspected_at, ..sent.clone() }).await
    };
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

/// A photo of an inspection that looks like one of an inspection before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// The photo.
    pub photo: attachment::Model,
    /// The one that it looks like.
    pub earlier: attachment::Model,
}

/// Photos of an inspection that look like photos of an earlier one: of the same asset, or by the same
/// account. Each is told once, beside the one that it looks like most.
pub async fn alike(
    read: &Read<'_>,
    row: &Model,
    photos: &[attachment::Model],
) -> Result<Vec<Alike>> {
    let likeness = |file: &attachment::Model| -> Option<Likeness> {
        file.likeness.as_ref().and_then(|text| text.parse().ok())
    };
    let photos: Vec<_> = photos.iter().filter_map(|file| Some((file, likeness(file)?))).collect();
    if photos.is_empty() {
        return Ok(Vec::new());
    }
    let earlier = read.photos_before(row).await?;
    let earlier: Vec<_> = earlier.iter().filter_map(|file| Some((file, likeness(file)?))).collect();
    let most_alike = |one: Likeness| {
        let alike = earlier.iter().filter(|(_, other)| one.is_like(*other));
        alike.min_by_key(|(_, other)| one.distance(*other)).map(|(file, _)| *file)
    };
    let told = photos.into_iter().filter_map(|(photo, one)| {
        Some(Alike { photo: photo.clone(), earlier: most_alike(one)?.clone() })
    });
    Ok(told.collect())
}

/// An asset that is to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The asset.
    pub asset: asset::Model,
    /// How it was found last.
    pub upkeep: Option<upkeep::Model>,
    /// The last day on which it is inspected in time.
    pub due_on: NaiveDate,
}

/// Assets of an area that are due to be inspected by a day, behind a place: the most urgent first; and
/// the place behind which there are more. Four queries, however many there are.
pub async fn due(
    read: &Read<'_>,
    (area, until): (AreaCode, NaiveDate),
    after: Option<Place>,
    limit: u64,
) -> Result<(Vec<Due>, Option<Place>)> {
    let mut rows = read.inspections_due(area, until, after, limit + 1).await?;
    let is_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| is_more).map(|row| {
        if area.level() < Level::County {
            Place::Area(row.area_code, row.asset_id)
        } else {
            Place::Day(row.due_on, row.asset_id)
        }
    });
    let ids: Vec<AssetId> = rows.iter().map(|row| row.asset_id).collect();
    let assets = read.some::<asset::Entity>(&ids).await?;
    let mut assets: HashMap<_, _> = assets.into_iter().map(|row| (row.id, row)).collect();
    let mut upkeeps = read.upkeeps_of(&ids).await?;
    let due = rows.into_iter().filter_map(|row| {
        let asset = assets.remove(&row.asset_id)?;
        Some(Due { asset, upkeep: upkeeps.remove(&row.asset_id), due_on: row.due_on })
    });
    Ok((due.collect(), next))
}

/// Where an inspector stood: both coordinates or neither.
pub fn place(
    (longitude, latitude): (Option<&str>, Option<&str>),
    mistakes: &mut Mistakes,
) -> Option<distance::Place> {
    let mut read = |field, text: Option<&str>, read: fn(&str) -> Result<Coordinate, Expected>| {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        let coordinate = read(text);
        coordinate.map_err(|wrong| mistakes.push(Mistake::new(field, text, wrong.0.into()))).ok()
    };
    let east = read("longitude", longitude, Coordinate::longitude);
    let north = read("latitude", latitude, Coordinate::latitude);
    east.zip(north)
}
