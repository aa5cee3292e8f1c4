//! 巡查路线: the assets to which one inspector goes, in the order in which they are gone to (domain.md §4).

pub mod order;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate};
use entity::{
    account,
    area::{AreaCode, Level},
    asset,
    id::{AccountId, InspectionRouteId},
    inspection_route::{Model, Stops},
    language::Sentence,
};

use super::{
    field::{Change, Field, FieldKind, FieldValue, Reading, Value},
    mistake::{Mistake, Mistakes},
    permission::{Action, permits},
    refusal::Refusal,
};
use crate::{fields, limits};

impl FieldValue for Stops {
    const KIND: FieldKind = FieldKind::Text;

    /// Codes with spaces, commas or line ends between them.
    fn read(text: Option<&str>, _: Reading) -> Result<Stops, Sentence> {
        let apart = |sign: char| sign.is_whitespace() || ",，、;；".contains(sign);
        let codes = text.unwrap_or_default().split(apart).filter(|code| !code.is_empty());
        Ok(Stops(codes.map(str::to_uppercase).collect()))
    }

    fn show(&self) -> Value {
        Value::Text(self.to_string())
    }
}

fields! {
    /// The fields of a route.
    pub FIELDS of Model {
        name: String = "路线名称" "name" Amend;
        stops: Stops = "依次巡查的资产编号" "codes of assets, in their order" Amend;
        ended_on: Option<NaiveDate> = "停用日期" "ended on" Fixed;
    }
}

/// A route of which nothing is known but who goes it.
pub fn blank(account_id: AccountId) -> Model {
    Model {
        id: InspectionRouteId(0),
        area_code: AreaCode::NATION,
        account_id,
        name: String::new(),
        stops: Stops::default(),
        ended_on: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// What is wrong with the words of a route, whatever its assets are.
pub fn check(route: &Model) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let most = limits::CAMPAIGN_NAME_LENGTH;
    mistakes.require(
        (1..=most).contains(&route.name.trim().chars().count()),
        "name",
        || route.name.clone(),
        &format!("路线名称应为 1 至 {most} 字"),
        &format!("a name of 1 to {most} characters"),
    );
    let (codes, most) = (&route.stops.0, limits::ROUTE_STOPS);
    mistakes.require(
        (1..=most).contains(&codes.len()),
        "stops",
        || codes.len().to_string(),
        &format!("一条路线应有 1 至 {most} 项资产"),
        &format!("a route of 1 to {most} assets"),
    );
    let mut seen = BTreeSet::new();
    if let Some(twice) = codes.iter().find(|code| !seen.insert(code.as_str())) {
        let expected = Sentence::new("同一项资产只能列一次", "each asset once");
        mistakes.push(Mistake::new("stops", twice, expected));
    }
    mistakes
}

/// The route with its area, which is the smallest that holds all of its assets; else what is wrong with
/// them. `assets` are those of its stops that its maker may see.
pub fn placed(route: Model, assets: &[asset::Model]) -> Result<Model, Mistakes> {
    let mut mistakes = Mistakes::default();
    let is_known = |code: &String| assets.iter().any(|asset| asset.code == *code);
    for code in route.stops.0.iter().filter(|code| !is_known(code)) {
        let expected =
            Sentence::new("应为辖区内一项资产的编号", "the code of an asset within your area");
        mistakes.push(Mistake::new("stops", code, expected));
    }
    for asset in assets.iter().filter(|asset| !asset.is_standing()) {
        let expected = Sentence::new("应为在册的资产", "an asset that stands on the ledger");
        mistakes.push(Mistake::new("stops", &asset.code, expected));
    }
    let area = assets.iter().map(|asset| asset.area_code).reduce(AreaCode::holding_both);
    match area {
        Some(area) if mistakes.is_empty() && area.level() < Level::County => {
            let expected =
                Sentence::new("一条路线的资产应在同一个县", "assets of one county on one route");
            mistakes.push(Mistake::new("stops", "", expected));
        }
        Some(area) if mistakes.is_empty() => return Ok(Model { area_code: area, ..route }),
        _ => {}
    }
    Err(mistakes)
}

/// Whether an account may go a route through an area: it is in charge there, and records inspections.
pub fn may_go(account: &account::Model, area: AreaCode) -> bool {
    account.state == account::State::Active
        && account.area_code.covers(&area)
        && permits(account.role, Action::RecordInspection)
}

/// Refuses one route more than an account may go.
pub fn add(running: usize) -> Result<(), Refusal> {
    let most = limits::ROUTES_PER_ACCOUNT;
    if running < most { Ok(()) } else { Err(Refusal::routes_full(most)) }
}

/// Refuses a change of a route that nobody goes any more, and one that changes nothing.
pub fn amend(before: &Model, after: &Model) -> Result<(), Refusal> {
    running(before)?;
    if before == after {
        return Err(Refusal::nothing_changed());
    }
    let is_touched = |field: &&Field<Model>| (field.get)(before) != (field.get)(after);
    match FIELDS.iter().filter(|field| field.change == Change::Fixed).find(is_touched) {
        Some(field) => Err(Refusal::field_fixed(field.label.zh, field.label.en)),
        None => Ok(()),
    }
}

/// A route that somebody goes.
pub fn running(route: &Model) -> Result<(), Refusal> {
    if route.ended_on.is_none() { Ok(()) } else { Err(Refusal::route_ended()) }
}

/// The stops in an order that is short; `assets` in the order of the stops.
pub fn shortened(assets: &[asset::Model]) -> Stops {
    let places: Vec<_> = assets.iter().map(|one| one.longitude.zip(one.latitude)).collect();
    let order = order::short(&places);
    Stops(order.into_iter().map(|one| assets[one].code.clone()).collect())
}

#[cfg(test)]
mod tests;
