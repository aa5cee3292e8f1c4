//! Assets as they were recorded at an instant, a page at a time. The rows that are there now are
//! walked by place, each is put back to what it was, and the filters judge that; so a page costs
//! as much as the rows it looks at, however long the log is.

use std::{cmp::Ordering, collections::HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    area::AreaCode,
    asset::{self, Column, Model, State},
    duty,
    holding::Right,
    id::AssetId,
    title,
};
use sea_orm::{EntityTrait, ModelTrait, QuerySelect, Value};

use super::{List, Listing, Narrowing, Way, asset::areas_named};
use crate::{
    clock::day_of,
    domain::{deficiency, refusal::Refusal, setting::LocalRules},
    error::Result,
    limits,
    store::{Dossier, Read},
};

impl Read<'_> {
    /// One page of the assets of a list as they were recorded at an instant, in the order of
    /// where they lie now. A page may have fewer rows than it may hold, or none, and be followed
    /// by another.
    pub async fn assets_at(
        &self,
        list: &List<asset::Entity>,
        at: DateTime<Utc>,
    ) -> Result<Listing<Model>> {
        if !list.is_by_place() || list.is_counted {
            return Err(Refusal::past_by_place().into());
        }
        let within = self.area_within(list.area).await?;
        list.check_extent(within)?;
        let areas = match &list.search {
            Some(text) => areas_named(self.connection(), within, text).await?,
            None => Vec::new(),
        };
        let walked = self.walked(list, within).await?;
        let ids: Vec<AssetId> = walked.iter().map(|(_, id)| *id).collect();
        let then = self.dossiers_then(&ids, at).await?;
        let local = self.local_rules(then.iter().map(|one| one.asset.area_code)).await?;
        let asked = Asked { list, areas, day: day_of(at), local: local.known_at(at) };
        let mut then: HashMap<AssetId, Dossier> = then
            .into_iter()
            .filter(|one| asked.holds(one))
            .map(|one| (one.asset.id, one))
            .collect();
        let is_full = walked.len() as u64 == limits::PAST_ROWS;
        let mut end = walked.last().copied().filter(|_| is_full);
        let mut rows = Vec::new();
        for (place, (area, id)) in walked.iter().enumerate() {
            rows.extend(then.remove(id).map(|one| one.asset));
            if rows.len() as u64 == list.limit {
                end = (is_full || place + 1 < walked.len()).then_some((*area, *id));
                break;
            }
        }
        let next = end.map(|(area, id)| list.cursor_at(area, id.0));
        Ok(Listing { rows, next, previous: None, total: None })
    }

    /// The assets that are there now, after the place of a list.
    async fn walked(
        &self,
        list: &List<asset::Entity>,
        within: AreaCode,
    ) -> Result<Vec<(AreaCode, AssetId)>> {
        let query = list.by_place(asset::Entity::find(), within, Way::on(list.after.as_ref()));
        let query = query.select_only().column(Column::AreaCode).column(Column::Id);
        let rows = query.limit(limits::PAST_ROWS).into_tuple::<(AreaCode, i64)>();
        let rows = rows.all(self.connection()).await?;
        Ok(rows.into_iter().map(|(area, id)| (area, AssetId(id))).collect())
    }
}

/// What an asset of the past must be.
struct Asked<'a> {
    list: &'a List<asset::Entity>,
    /// The areas that the search names.
    areas: Vec<AreaCode>,
    day: NaiveDate,
    /// The rules that were known then.
    local: LocalRules,
}

impl Asked<'_> {
    fn holds(&self, then: &Dossier) -> bool {
        self.list.filters.iter().all(|filter| self.is_so(filter, then)) && self.is_found(then)
    }

    fn is_found(&self, then: &Dossier) -> bool {
        let Some(text) = &self.list.search else { return true };
        let asset = &then.asset;
        let text = text.to_lowercase();
        let texts = [&*asset.name, &*asset.code, asset.initials.as_str()];
        texts.iter().any(|one| one.to_lowercase().contains(&text))
            || self.areas.iter().any(|area| area.covers(&asset.area_code))
    }

    fn is_so(&self, filter: &Narrowing<asset::Entity>, then: &Dossier) -> bool {
        match filter {
            Narrowing::Any(column, values) => values.contains(&then.asset.get(*column)),
            Narrowing::Between(column, first, last) => {
                let value = then.asset.get(*column);
                let is = |bound: &Option<Value>, allowed: Ordering| {
                    let compared = |bound| compare(&value, bound);
                    bound.as_ref().is_none_or(|bound| {
                        compared(bound).is_some_and(|one| one.is_eq() || one == allowed)
                    })
                };
                is(first, Ordering::Greater) && is(last, Ordering::Less)
            }
            Narrowing::Beyond("title", states, _) => {
                let state = then.title.as_ref().map(|title| title.state);
                states.contains(&state.unwrap_or(title::State::Unconfirmed).into())
            }
            Narrowing::Beyond("maintainer", bodies, _) => then.duties.iter().any(|duty| {
                let body = duty.organization_id.map(|id| Value::from(id.0));
                duty.kind == duty::Kind::Maintainer
                    && duty.runs_on(self.day)
                    && body.is_some_and(|body| bodies.contains(&body))
            }),
            Narrowing::Beyond("standing", values, _) => {
                let asset = &then.asset;
                let is_gone = asset.state != State::Replaced && !asset.is_standing();
                values.iter().any(|value| {
                    if *value == Value::from(true) { asset.is_standing() } else { is_gone }
                })
            }
            Narrowing::Beyond("owner", bodies, _) => then.holdings.iter().any(|holding| {
                let body = holding.organization_id.map(|id| Value::from(id.0));
                holding.right == Right::Own
                    && holding.holds_on(self.day)
                    && body.is_some_and(|body| bodies.contains(&body))
            }),
            Narrowing::Beyond(name @ ("fund" | "tier" | "fund_year"), values, _) => {
                then.funding.iter().filter(|source| !source.is_withdrawn).any(|source| {
                    let is = |value: Option<Value>| value.is_some_and(|one| values.contains(&one));
                    match *name {
                        "fund" => is(source.fund.map(Value::from)),
                        "tier" => is(source.tier.map(Value::from)),
                        _ => source.year.is_some_and(|year| is_between(year, values)),
                    }
                })
            }
            Narrowing::Beyond(_, rules, _) => {
                let thresholds = self.local.thresholds(then.asset.area_code, self.day);
                deficiency::evaluate(&then.facts(), &thresholds, self.day)
                    .iter()
                    .any(|one| !one.is_waived && rules.contains(&one.rule.into()))
            }
        }
    }
}

/// Whether a year lies between the first and the last of some values.
fn is_between(year: i32, values: &[Value]) -> bool {
    let year = Value::from(year);
    let bounds = values.first().zip(values.last());
    bounds.is_some_and(|(first, last)| {
        compare(&year, first).is_some_and(Ordering::is_ge)
            && compare(&year, last).is_some_and(Ordering::is_le)
    })
}

/// Which of two values of a column is the greater; nothing is neither.
fn compare(value: &Value, other: &Value) -> Option<Ordering> {
    match (value, other) {
        (Value::Int(Some(one)), Value::Int(Some(other))) => Some(one.cmp(other)),
        (Value::BigInt(Some(one)), Value::BigInt(Some(other))) => Some(one.cmp(other)),
        (Value::ChronoDate(Some(one)), Value::ChronoDate(Some(other))) => Some(one.cmp(other)),
        _ => None,
    }
}
