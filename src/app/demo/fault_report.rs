//! What villagers of the sample county reported of what stands in the open: one report is new, one is
//! taken up, one is mended.

use entity::{asset::Subclass, fault_report::Kind};

use crate::{
    app::fault_report::{accept, file, mend},
    domain::{
        fault_report::{Filing, Told, is_open_to_all},
        sample::{Entry, Sample},
    },
    error::Result,
    store::{Actor, Ledger},
};

/// What is said of the first roads that are open to all.
const SAID: [(Kind, &str); 3] = [
    (Kind::Danger, "路边护栏松了，小孩老去摇"),
    (Kind::Blocked, "水沟堵了，一下雨路面就积水"),
    (Kind::Broken, "路面塌了一块，车过不去"),
];

/// Files the reports and goes on with two of them; what was filed before stays as it is.
pub(super) async fn file_all(ledger: &Ledger, actor: &Actor, sample: &Sample) -> Result<()> {
    let is_road = |entry: &&Entry| entry.asset.subclass == Some(Subclass::Road);
    let roads = sample.entries.iter().filter(is_road);
    let keys: Vec<String> = roads.filter_map(|entry| entry.asset.source_key.clone()).collect();
    let keys = &keys[..keys.len().min(SAID.len() * 4)];
    let known = super::assets(ledger, actor, keys).await?;
    let standing = keys.iter().filter_map(|key| known.get(key)).filter(|one| is_open_to_all(one));
    for (n, (asset, (kind, words))) in standing.zip(SAID).enumerate() {
        let key = format!("sample-{n}");
        if ledger.follow_up_of(&key).await?.1 {
            continue;
        }
        let Some(villager) = ledger.passer_by(asset.id).await? else { continue };
        let filing =
            Filing { key, kind, told: Told { words: words.to_owned(), ..Told::default() } };
        let row = file(ledger, &villager, (asset.id, &filing), None).await?;
        match n {
            1 => drop(accept(ledger, actor, row.id).await?),
            2 => drop(mend(ledger, actor, row.id, "已填平压实，可以通车").await?),
            _ => {}
        }
    }
    Ok(())
}
