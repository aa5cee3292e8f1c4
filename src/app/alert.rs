//! 红黄蓝预警: how many there are in each place, and which.

use std::collections::HashMap;

use entity::{
    area::{AreaCode, Level},
    asset,
    id::AssetId,
};

use super::place::Places;
use crate::{
    domain::alert::{Kind, Lead, Tier},
    error::Result,
    limits,
    store::{
        Actor, Ledger,
        alert::{Alert, Counts},
    },
};

/// What is late or soon in an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alerts {
    /// The area.
    pub area: AreaCode,
    /// Its name.
    pub name: String,
    /// How many days ahead things are told there.
    pub lead: Lead,
    /// How many there are in the areas right below it.
    pub counts: Counts,
    /// The names of those areas.
    pub names: HashMap<AreaCode, String>,
}

impl Alerts {
    /// The places that have any of a tier, in the order of their codes.
    pub fn places(&self, tier: Tier) -> Vec<AreaCode> {
        let own = self.counts.keys().filter(|(_, of, _)| *of == tier);
        let mut places: Vec<AreaCode> = own.map(|(place, ..)| *place).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// How many of a tier and a kind a place has.
    pub fn n(&self, place: AreaCode, tier: Tier, kind: Kind) -> i64 {
        self.counts.get(&(place, tier, kind)).copied().unwrap_or_default()
    }

    /// How many of a tier, and a kind or every one, the whole area has.
    pub fn total(&self, tier: Tier, kind: Option<Kind>) -> i64 {
        let own = self
            .counts
            .iter()
            .filter(|((_, of, one), _)| *of == tier && kind.is_none_or(|kind| kind == *one));
        own.map(|(_, n)| n).sum()
    }
}

/// How many alerts there are in the areas right below one; above counties nothing is told.
pub async fn alerts(ledger: &Ledger, actor: &Actor, area: Option<AreaCode>) -> Result<Alerts> {
    let read = ledger.read(actor);
    let (area, today) = (read.area_within(area).await?, read.today());
    let lead = Lead::of(&read.local_rules([area]).await?, area, today);
    let counts =
        if area.level() < Level::County { Counts::new() } else { read.alerts(area, lead).await? };
    let mut places = Places::new(today);
    places.learn(&read, counts.keys().map(|(place, ..)| *place).chain([area])).await?;
    let names = counts.keys().map(|(place, ..)| (*place, places.name(*place))).collect();
    Ok(Alerts { area, name: places.name(area), lead, counts, names })
}

/// An alert and its asset, where the reader may see it.
pub type Told = (Alert, Option<asset::Model>);

/// The first alerts of a kind and a tier, and whether there are more.
pub async fn listed(
    ledger: &Ledger,
    actor: &Actor,
    alerts: &Alerts,
    which: (Kind, Tier),
) -> Result<(Vec<Told>, bool)> {
    let read = ledger.read(actor);
    let most = limits::PAGE_ROWS;
    let mut rows = read.alerts_listed(alerts.area, which, alerts.lead, most + 1).await?;
    let is_more = rows.len() as u64 > most;
    rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let ids: Vec<AssetId> = rows.iter().map(|row| row.asset).collect();
    let assets = read.some::<asset::Entity>(&ids).await?;
    let assets: HashMap<AssetId, asset::Model> =
        assets.into_iter().map(|row| (row.id, row)).collect();
    let told = rows.into_iter().map(|row| {
        let asset = assets.get(&row.asset).cloned();
        (row, asset)
    });
    Ok((told.collect(), is_more))
}
