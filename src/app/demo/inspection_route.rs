//! A route of the sample county: the inspector goes to what is to be inspected in one town.

use chrono::Days;
use entity::{
    asset,
    inspection_route::{Entity, Model, Stops},
};

use super::{TOWN, code};
use crate::{
    app::inspection_route::{Order, make},
    domain::inspection_route::blank,
    error::Result,
    limits,
    store::{Actor, Ledger, list::List},
};

/// Stops of it.
const STOPS: u64 = 12;

/// The route, unless one was there before.
pub(super) async fn begin_with(ledger: &Ledger, actor: &Actor) -> Result<()> {
    let read = ledger.read(actor);
    let mut known = List::<Entity>::default();
    known.limit = 1;
    let goes = read.account("qinghe-inspector").await?.id;
    let until = ledger.today() + Days::new(limits::DUE_DAYS);
    let due = read.inspections_due(code(TOWN), until, None, STOPS).await?;
    let ids: Vec<_> = due.iter().map(|one| one.asset_id).collect();
    if ids.is_empty() || !read.list(&known).await?.rows.is_empty() {
        return Ok(());
    }
    let assets = read.some::<asset::Entity>(&ids).await?;
    let stops = Stops(assets.into_iter().map(|asset| asset.code).collect());
    let route = Model { name: "石桥镇季度巡查".to_owned(), stops, ..blank(goes) };
    make(ledger, actor, route, Order::Short).await?;
    Ok(())
}
