//! Assets listed and looked for.

use entity::asset::{Entity, Model};

use crate::{
    error::Result,
    store::{
        Actor, Ledger,
        list::{List, Listing, kept_by},
    },
};

/// One page of assets, as they stand or as they were recorded at an earlier time.
pub async fn assets(ledger: &Ledger, actor: &Actor, list: &List<Entity>) -> Result<Listing<Model>> {
    let read = ledger.read(actor);
    match list.as_of {
        None => read.list(list).await,
        Some(as_of) => read.assets_at(list, as_of.instant(ledger.clock().now())?).await,
    }
}

/// One page of assets, looked for also by the full name of whoever keeps them: for roles that may
/// know people. The name must come in a body, never in an address.
pub async fn search_assets(
    ledger: &Ledger,
    actor: &Actor,
    mut list: List<Entity>,
) -> Result<Listing<Model>> {
    if let Some(text) = &list.search {
        let read = ledger.read(actor);
        let people = read.people_named(text).await?;
        list.found_too = (!people.is_empty()).then(|| kept_by(&people, read.today()));
    }
    assets(ledger, actor, &list).await
}
