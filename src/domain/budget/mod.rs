//! 管护预算: money set aside for a target in a year, from one fund. What is set aside is what is spent,
//! what is committed and what is left, whatever is done (domain.md §2.6; ux.md §3.12). `copy` makes the
//! budgets of a year of those of the year before; `cost` tells what a unit costs.

pub mod copy;
pub mod cost;

use chrono::{DateTime, Datelike, NaiveDate};
use entity::{
    area::{AreaCode, Level},
    asset::{self, Subclass},
    budget::Model,
    id::{AssetId, BudgetId, UpkeepFundId},
    money::Money,
    upkeep_fund::{self, Source},
};

use super::{
    asset::held,
    mistake::{Mistake, Mistakes},
    refusal::Refusal,
    upkeep_fund as funds,
};
use crate::{fields, limits};

fields! {
    /// The fields of a budget; its own actions change them.
    pub FIELDS of Model {
        year: i32 = "年度" "year" Fixed;
        source: Source = "资金来源" "source" Fixed;
        subclass: Option<Subclass> = "资产类型" "kind of asset" Fixed;
        set_aside: Money = "预算金额" "set aside" Fixed;
        committed: Money = "已预占" "committed" Fixed;
        spent: Money = "已支出" "spent" Fixed;
        remaining: Money = "余额" "left" Fixed;
        allowed_over: Money = "已批准超支" "overspend approved" Fixed;
    }
}

/// Whether a fund or a budget may be of a year: the next one at the latest.
pub fn is_year(year: i32, today: NaiveDate) -> bool {
    (limits::FIRST_BUDGET_YEAR..=today.year() + 1).contains(&year)
}

/// What a budget is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    /// The village or the town; where the asset lies.
    pub area: AreaCode,
    /// One asset alone.
    pub asset: Option<AssetId>,
    /// Assets of one kind alone.
    pub subclass: Option<Subclass>,
}

impl Target {
    /// What a row is for.
    pub const fn of(row: &Model) -> Target {
        Target { area: row.area_code, asset: row.asset_id, subclass: row.subclass }
    }

    /// What is wrong with it; `asset` is the one that it names.
    pub fn check(&self, asset: Option<&asset::Model>) -> Result<Mistakes, Refusal> {
        let mut mistakes = Mistakes::default();
        if let Some(asset) = asset {
            held(asset)?;
            if asset.form.is_claim() {
                return Err(Refusal::claim_has_no_upkeep());
            }
        }
        let (zh, en) = ("写了资产就不写类型", "a budget of one asset names no kind");
        let is_one = self.asset.is_none() || self.subclass.is_none();
        mistakes.require(is_one, "subclass", String::new, zh, en);
        if self.subclass.is_some_and(Subclass::is_claim) {
            return Err(Refusal::claim_has_no_upkeep());
        }
        let (zh, en) =
            ("预算安排到资产、村或乡镇", "a budget is for an asset, a village or a town");
        let is_low = asset.is_some() || self.area.level() >= Level::Town;
        mistakes.require(is_low, "area_code", || self.area.to_string(), zh, en);
        Ok(mistakes)
    }
}

/// Whether a budget is for an asset: its own, or its village's or town's for its kind or for all.
pub fn is_for(budget: &Model, asset: &asset::Model) -> bool {
    match budget.asset_id {
        Some(id) => id == asset.id,
        None => {
            budget.area_code.covers(&asset.area_code)
                && budget.subclass.is_none_or(|kind| asset.subclass == Some(kind))
        }
    }
}

/// Sets money of a fund aside; `standing` are the budgets of the target and year from that fund.
pub fn set(
    fund: &upkeep_fund::Model,
    target: Target,
    (year, amount): (i32, Money),
    standing: &[Model],
) -> Result<(upkeep_fund::Model, Model), Refusal> {
    if !fund.area_code.covers(&target.area) {
        return Err(Refusal::fund_held_elsewhere());
    }
    if let Some(row) = standing.iter().find(|row| Target::of(row) == target) {
        return Err(Refusal::budget_there(year, row.set_aside));
    }
    let drawn = funds::draw(fund, amount)?;
    let row = Model {
        fund_id: fund.id,
        source: fund.source,
        year,
        asset_id: target.asset,
        subclass: target.subclass,
        set_aside: amount,
        remaining: amount,
        ..blank(target.area)
    };
    Ok((drawn, row))
}

/// A budget of nothing for a place.
pub const fn blank(area: AreaCode) -> Model {
    Model {
        id: BudgetId(0),
        area_code: area,
        fund_id: UpkeepFundId(0),
        source: Source::Other,
        year: 0,
        asset_id: None,
        subclass: None,
        set_aside: Money::ZERO,
        committed: Money::ZERO,
        spent: Money::ZERO,
        remaining: Money::ZERO,
        allowed_over: Money::ZERO,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// What is wrong with the year and the amount of a new budget.
pub fn check(fund: &upkeep_fund::Model, year: i32, amount: Money, today: NaiveDate) -> Mistakes {
    let mut mistakes = amount_above_zero("amount", amount);
    if !is_year(year, today) {
        mistakes.push(funds::year_mistake("year", year, today));
    }
    let (zh, en) = ("早于资金的年度", "before the year of its fund");
    mistakes.require(year >= fund.year, "year", || year.to_string(), zh, en);
    mistakes
}

/// What to say of an amount that is not above zero.
pub fn amount_above_zero(field: &'static str, amount: Money) -> Mistakes {
    let mut mistakes = Mistakes::default();
    if amount <= Money::ZERO {
        let expected = entity::language::Sentence::new("金额应大于零", "an amount above zero");
        mistakes.push(Mistake::new(field, &amount.to_string(), expected));
    }
    mistakes
}

/// Sets another amount aside: never less than is spent and committed.
pub fn amend(
    fund: &upkeep_fund::Model,
    budget: &Model,
    amount: Money,
) -> Result<(upkeep_fund::Model, Model), Refusal> {
    if amount == budget.set_aside {
        return Err(Refusal::nothing_changed());
    }
    let used = used(budget);
    if amount < used {
        return Err(Refusal::budget_below_used(amount, budget.spent, budget.committed));
    }
    // both lie between nothing and what was received
    let more = Money::from_fen(amount.fen() - budget.set_aside.fen());
    let drawn = funds::draw(fund, more)?;
    let remaining = Money::from_fen(amount.fen() - used.fen());
    Ok((drawn, Model { set_aside: amount, remaining, ..budget.clone() }))
}

/// What is spent and committed.
pub fn used(budget: &Model) -> Money {
    Money::from_sum(budget.spent.fen().saturating_add(budget.committed.fen()))
}

/// How much may still be committed or paid: what is left and what was approved beyond it.
pub fn room(budget: &Model) -> Money {
    Money::from_sum(budget.remaining.fen().saturating_add(budget.allowed_over.fen()))
}

/// A budget after so much more, or less, is committed and spent; refused beyond its room.
pub fn book(budget: &Model, committed: Money, spent: Money) -> Result<Model, Refusal> {
    let asked = Money::from_sum(committed.fen().saturating_add(spent.fen()));
    let short = || Refusal::budget_short(asked, budget.remaining, budget.allowed_over);
    if asked > room(budget) {
        return Err(short());
    }
    let after = |before: Money, more: Money| {
        before.checked_add(more).filter(|after| !after.is_negative()).ok_or_else(short)
    };
    let (committed, spent) = (after(budget.committed, committed)?, after(budget.spent, spent)?);
    let remaining = budget.set_aside.fen() - committed.fen() - spent.fen();
    Ok(Model { committed, spent, remaining: Money::from_sum(remaining), ..budget.clone() })
}

/// Whether another amount set aside may open or close a finding: only whether there is something
/// counts, and a year to come does not yet.
pub fn decides_findings(before: Option<&Model>, after: &Model, today: NaiveDate) -> bool {
    let has_money = |row: &Model| row.set_aside > Money::ZERO;
    after.asset_id.is_none()
        && after.year <= today.year()
        && before.is_some_and(has_money) != has_money(after)
}

#[cfg(test)]
mod tests;
