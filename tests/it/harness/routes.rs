//! Routes of inspectors.

use entity::{
    account::Role,
    asset,
    id::AccountId,
    inspection_route::{Model, Stops},
};
use taizhang::{
    app::inspection_route::{self as acts, Order},
    domain::inspection_route::blank,
    store::Actor,
};

use super::Town;

/// A route to some assets, for somebody to go.
pub(crate) fn route(account: AccountId, name: &str, assets: &[&asset::Model]) -> Model {
    let stops = Stops(assets.iter().map(|asset| asset.code.clone()).collect());
    Model { name: name.to_owned(), stops, ..blank(account) }
}

/// The account of the inspector.
pub(crate) async fn inspector(town: &Town) -> AccountId {
    town.as_role(Role::Inspector).await.account().expect("an account")
}

/// The same, made.
pub(crate) async fn made(town: &Town, route: Model) -> Model {
    acts::make(&town.ledger, &Actor::operator(), route, Order::Given).await.expect("a route")
}
