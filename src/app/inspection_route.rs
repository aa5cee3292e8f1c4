//! 巡查路线: made, amended and ended by whoever sends inspectors; and what is due along one.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    account, asset,
    id::InspectionRouteId,
    inspection_route::{Entity, Model},
    language::Sentence,
    upkeep,
};

use super::{
    inspection::Due,
    named::{Changed, Named},
};
use crate::{
    domain::{
        asset::reasoned,
        inspection_route as rules,
        mistake::{Mistake, Mistakes},
        permission::Action,
    },
    error::{Error, Result},
    store::{Actor, Ledger, Read, Write},
};

/// In what order the stops of a route are gone to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As they are given.
    Given,
    /// From the first one on in an order that is short.
    Short,
}

/// Makes a route.
pub async fn make(ledger: &Ledger, actor: &Actor, route: Model, order: Order) -> Result<Model> {
    ledger
        .write(actor, Action::MakeRoute, async |write| {
            let route = checked(write, route, order).await?;
            rules::add(write.n_routes_of(route.account_id).await?)?;
            write.insert::<Entity>(route).await
        })
        .await
}

/// Amends a route: its name, its stops, or who goes it.
pub async fn amend<C: Changed<Model>>(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<InspectionRouteId>>,
    order: Order,
    change: impl FnOnce(Model) -> C,
) -> Result<Model> {
    let named = named.into();
    ledger
        .write(actor, Action::AmendRoute, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            rules::running(&before)?;
            let after =
                Model { id: before.id, version: before.version, ..change(before.clone()).row()? };
            let after = checked(write, after, order).await?;
            rules::amend(&before, &after)?;
            if after.account_id != before.account_id {
                rules::add(write.n_routes_of(after.account_id).await?)?;
            }
            write.update::<Entity>(&before, after).await
        })
        .await
}

/// Ends a route for a reason: it stays readable, and nobody goes it any more.
pub async fn end(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<InspectionRouteId>>,
    reason: &str,
) -> Result<Model> {
    let named = named.into();
    ledger
        .write(actor, Action::EndRoute, async |write| {
            reasoned(reason)?;
            write.note("reason", reason.trim());
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            rules::running(&before)?;
            let after = Model { ended_on: Some(write.today()), ..before.clone() };
            write.update::<Entity>(&before, after).await
        })
        .await
}

/// A route that lies where its assets do, in the order that is asked for, gone by somebody who may.
async fn checked(write: &Write, route: Model, order: Order) -> Result<Model> {
    rules::check(&route).into_result()?;
    let name = route.name.trim().to_owned();
    let known = write.assets_coded(&route.stops.0).await?;
    let mut route = rules::placed(Model { name, ..route }, &known)?;
    if order == Order::Short {
        let mut known = by_code(known);
        let along: Vec<asset::Model> =
            route.stops.0.iter().filter_map(|code| known.remove(code)).collect();
        route.stops = rules::shortened(&along);
    }
    let is_right = match write.get_party::<account::Entity>(route.account_id).await {
        Ok(account) => rules::may_go(&account, route.area_code),
        Err(Error::NotFound(_)) => false,
        Err(error) => return Err(error),
    };
    if is_right {
        return Ok(route);
    }
    let expected = Sentence::new(
        "应为启用的、管辖这些资产所在地的、可登记巡查的账号",
        "an active account that is in charge of where these assets lie and may record inspections",
    );
    let mistake = Mistake::new("account", &route.account_id.to_string(), expected);
    Err(Mistakes(vec![mistake]).into())
}

fn by_code(assets: Vec<asset::Model>) -> HashMap<String, asset::Model> {
    assets.into_iter().map(|asset| (asset.code.clone(), asset)).collect()
}

/// One stop of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The code of the asset.
    pub code: String,
    /// The asset; nothing where it lies outside the reader's area by now.
    pub asset: Option<asset::Model>,
    /// How it was found last.
    pub upkeep: Option<upkeep::Model>,
    /// By when it is to be inspected; nothing where nothing asks for that.
    pub due_on: Option<NaiveDate>,
}

/// The stops of a route in their order, and how each of them stands: three queries, whatever it has.
pub async fn stops(read: &Read<'_>, route: &Model) -> Result<Vec<Stop>> {
    let assets = read.assets_coded(&route.stops.0).await?;
    let ids: Vec<_> = assets.iter().map(|asset| asset.id).collect();
    let (mut upkeeps, days) = (read.upkeeps_of(&ids).await?, read.days_due(&ids).await?);
    let mut assets = by_code(assets);
    let stop = |code: &String| {
        let asset = assets.remove(code);
        let id = asset.as_ref().map(|asset| asset.id);
        Stop {
            code: code.clone(),
            upkeep: id.and_then(|id| upkeeps.remove(&id)),
            due_on: id.and_then(|id| days.get(&id).copied()),
            asset,
        }
    };
    Ok(route.stops.0.iter().map(stop).collect())
}

/// What is due along a route by a day, in its order.
pub async fn due(read: &Read<'_>, route: &Model, until: NaiveDate) -> Result<Vec<Due>> {
    let along = stops(read, route).await?.into_iter().filter_map(|stop| {
        let due_on = stop.due_on.filter(|day| *day <= until)?;
        Some(Due { asset: stop.asset?, upkeep: stop.upkeep, due_on })
    });
    Ok(along.collect())
}
