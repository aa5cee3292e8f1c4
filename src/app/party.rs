//! What an organization or a person owns and looks after.

use std::collections::{BTreeSet, HashMap};

use entity::{asset, duty, holding, id::AssetId};

use crate::{
    domain::title::Party,
    error::Result,
    limits,
    store::{Actor, Ledger},
};

/// What a party bears and holds, as far as the reader sees it.
pub struct Borne {
    /// Its duties, each with its asset.
    pub duties: Vec<(duty::Model, asset::Model)>,
    /// Its rights, each with its asset.
    pub rights: Vec<(holding::Model, asset::Model)>,
    /// Whether there is more than is told.
    pub is_cut: bool,
}

/// What a party bears and holds today or later.
pub async fn borne(ledger: &Ledger, actor: &Actor, party: Party) -> Result<Borne> {
    let (read, most) = (ledger.read(actor), limits::PAGE_ROWS);
    let duties = read.duties_of(party, read.today(), most + 1).await?;
    let rights = read.rights_of(party, read.today(), most + 1).await?;
    let named = duties.iter().map(|row| row.asset_id).chain(rights.iter().map(|row| row.asset_id));
    let ids: BTreeSet<i64> = named.map(|id| id.0).collect();
    let ids: Vec<AssetId> = ids.into_iter().map(AssetId).collect();
    let assets = read.some::<asset::Entity>(&ids).await?;
    let assets: HashMap<AssetId, asset::Model> =
        assets.into_iter().map(|row| (row.id, row)).collect();
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let is_cut = duties.len() > most || rights.len() > most;
    let duties = duties.into_iter().take(most);
    let rights = rights.into_iter().take(most);
    let of = |id: AssetId| assets.get(&id).cloned();
    Ok(Borne {
        duties: duties.filter_map(|row| Some((row.clone(), of(row.asset_id)?))).collect(),
        rights: rights.filter_map(|row| Some((row.clone(), of(row.asset_id)?))).collect(),
        is_cut,
    })
}
