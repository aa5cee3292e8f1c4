//! 管护预算: setting money of a fund aside, amending it, and copying the budgets of the year before
//! (ux.md §3.12). A budget of a whole place decides about findings of all assets there: they are
//! evaluated in the same transaction, a batch at a time, so that no finding is ever older than what is
//! set aside. `sheet` tells the rows of the page, `cost` what a unit costs.

pub mod cost;
pub mod sheet;

use entity::{
    area::AreaCode,
    asset,
    asset::Subclass,
    budget::{Entity, Model},
    id::{AssetId, BudgetId, UpkeepFundId},
    money::Money,
    upkeep_fund,
};

use super::named::Named;
use crate::{
    domain::{
        asset::reasoned,
        budget::{
            self as rules, Target,
            copy::{self, Plan},
        },
        permission::Action,
        refusal::Refusal,
    },
    error::{Error, Result},
    limits,
    store::{Actor, Ledger, Subject as _, Write},
};

/// Money that is to be set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBudget {
    /// Out of which fund.
    pub fund: UpkeepFundId,
    /// The year.
    pub year: i32,
    /// The village or the town; that of the asset where one is named.
    pub area: Option<AreaCode>,
    /// The asset that it is for alone.
    pub asset: Option<AssetId>,
    /// The kind of assets that it is for alone.
    pub subclass: Option<Subclass>,
    /// How much.
    pub amount: Money,
}

/// Sets money of a fund aside.
pub async fn set(ledger: &Ledger, actor: &Actor, new: &NewBudget) -> Result<Model> {
    let work = async |write: &mut Write| set_within(write, new).await;
    ledger.write(actor, Action::SetBudget, work).await
}

/// The same within an action that sets several.
pub(super) async fn set_within(write: &mut Write, new: &NewBudget) -> Result<Model> {
    let row = place(write, new).await?;
    if rules::decides_findings(None, &row, write.today()) {
        look_again(write, row.area_code).await?;
    }
    Ok(row)
}

/// Sets money of a fund aside; whoever does so has the findings of the place looked at again.
pub(super) async fn place(write: &mut Write, new: &NewBudget) -> Result<Model> {
    let fund = write.get::<upkeep_fund::Entity>(new.fund).await?;
    let target = target(write, new).await?;
    rules::check(&fund, new.year, new.amount, write.today()).into_result()?;
    let standing = write.budgets_from((fund.id, new.year), target.area).await?;
    let (drawn, row) = rules::set(&fund, target, (new.year, new.amount), &standing)?;
    write.update::<upkeep_fund::Entity>(&fund, drawn).await?;
    write.insert::<Entity>(row).await
}

/// What a new budget is for.
pub(super) async fn target(write: &mut Write, new: &NewBudget) -> Result<Target> {
    let asset = match new.asset {
        Some(id) => Some(write.get::<asset::Entity>(id).await?),
        None => None,
    };
    let area = match (&asset, new.area) {
        (Some(asset), _) => asset.area_code,
        (None, Some(area)) => write.area(area).await?.area_code,
        (None, None) => return Err(Error::NotFound(entity::area::Entity::NOUN)),
    };
    let target = Target { area, asset: new.asset, subclass: new.subclass };
    target.check(asset.as_ref())?.into_result()?;
    Ok(target)
}

/// Evaluates every asset of an area: what is set aside for the place decides about them.
pub(super) async fn look_again(write: &mut Write, area: AreaCode) -> Result<()> {
    let mut after = None;
    loop {
        let evaluated = write.evaluate_after(area, after, limits::READ_BATCH).await?;
        if evaluated.last.is_none() {
            return Ok(());
        }
        after = evaluated.last;
    }
}

/// Evaluates every asset of some areas, each once: whatever lies in another one of them is evaluated
/// with it.
pub(super) async fn look_again_at(write: &mut Write, mut places: Vec<AreaCode>) -> Result<()> {
    places.sort_unstable();
    places.dedup();
    let is_below = |area: &AreaCode| places.iter().any(|other| other != area && other.covers(area));
    for area in places.iter().filter(|area| !is_below(area)) {
        look_again(write, *area).await?;
    }
    Ok(())
}

/// Sets another amount aside; whoever does so has the findings of the place looked at again.
pub(super) async fn put(write: &mut Write, before: &Model, amount: Money) -> Result<Model> {
    let fund = write.get::<upkeep_fund::Entity>(before.fund_id).await?;
    let (drawn, after) = rules::amend(&fund, before, amount)?;
    write.update::<upkeep_fund::Entity>(&fund, drawn).await?;
    write.update::<Entity>(before, after).await
}

/// Sets another amount aside, for a reason.
pub async fn amend(
    ledger: &Ledger,
    actor: &Actor,
    budget: impl Into<Named<BudgetId>>,
    amount: Money,
    reason: &str,
) -> Result<Model> {
    let named = budget.into();
    ledger
        .write(actor, Action::AmendBudget, async |write| {
            reasoned(reason)?;
            write.note("reason", reason.trim());
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let after = put(write, &before, amount).await?;
            if rules::decides_findings(Some(&before), &after, write.today()) {
                look_again(write, after.area_code).await?;
            }
            Ok(after)
        })
        .await
}

/// What is to be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyOrder {
    /// All budgets in this area.
    pub area: AreaCode,
    /// Those of the year before this one.
    pub year: i32,
    /// Out of which fund the new ones are.
    pub fund: UpkeepFundId,
    /// By how many hundredths of a percent they are more, or less.
    pub rate_bp: i32,
}

fn planned(last: &[Model], there: &[Model], rate_bp: i32) -> Result<Plan> {
    let most = limits::BUDGETS_PER_COPY;
    if last.len() > most {
        return Err(Refusal::too_many(most).into());
    }
    let plan = copy::plan(last, there, rate_bp).ok_or_else(Refusal::budget_sum_too_large)?;
    if plan.lines.is_empty() {
        return Err(Refusal::nothing_to_copy().into());
    }
    Ok(plan)
}

/// What copying would make, without making it; refused as the copying itself would be.
pub async fn look_at_copy(
    ledger: &Ledger,
    actor: &Actor,
    order: &CopyOrder,
) -> Result<(upkeep_fund::Model, Plan)> {
    actor.require(Action::SetBudget)?;
    let read = ledger.read(actor);
    let fund = read.get::<upkeep_fund::Entity>(order.fund).await?;
    if !actor.area().covers(&order.area) {
        return Err(Error::NotFound(entity::area::Entity::NOUN));
    }
    copy::check(order.rate_bp).into_result()?;
    let last = read.budgets_of_year(order.area, order.year - 1).await?;
    let there = read.budgets_of_year(order.area, order.year).await?;
    let plan = planned(&last, &there, order.rate_bp)?;
    made_of(&fund, &plan, order.year, read.today())?;
    Ok((fund, plan))
}

/// The fund since, and the budgets that a plan makes of it.
fn made_of(
    fund: &upkeep_fund::Model,
    plan: &Plan,
    year: i32,
    today: chrono::NaiveDate,
) -> Result<(upkeep_fund::Model, Vec<Model>)> {
    rules::check(fund, year, plan.after, today).into_result()?;
    // the whole is told where it is too much, not the part at which it ends
    crate::domain::upkeep_fund::draw(fund, plan.after)?;
    let mut drawn = fund.clone();
    let mut rows = Vec::with_capacity(plan.lines.len());
    for line in &plan.lines {
        let (next, row) = rules::set(&drawn, line.target, (year, line.after), &[])?;
        drawn = next;
        rows.push(row);
    }
    Ok((drawn, rows))
}

/// Copies the budgets of the year before as they were looked at: so many, and what they come to.
pub async fn copy(
    ledger: &Ledger,
    actor: &Actor,
    order: &CopyOrder,
    seen: (usize, Money),
) -> Result<Vec<Model>> {
    ledger
        .write(actor, Action::SetBudget, async |write| {
            let fund = write.get::<upkeep_fund::Entity>(order.fund).await?;
            copy::check(order.rate_bp).into_result()?;
            let last = write.budgets_of_year(order.area, order.year - 1).await?;
            let there = write.budgets_of_year(order.area, order.year).await?;
            let plan = planned(&last, &there, order.rate_bp)?;
            if (plan.lines.len(), plan.after) != seen {
                return Err(Refusal::copy_differs(plan.lines.len(), plan.after).into());
            }
            let today = write.today();
            let (drawn, rows) = made_of(&fund, &plan, order.year, today)?;
            write.update::<upkeep_fund::Entity>(&fund, drawn).await?;
            let rows = write.insert_all::<Entity>(rows).await?;
            let decide = rows.iter().filter(|row| rules::decides_findings(None, row, today));
            let places = decide.map(|row| row.area_code).collect();
            look_again_at(write, places).await?;
            Ok(rows)
        })
        .await
}
