//! 支出: committing and paying money of budgets. Another action books within its own transaction by
//! [`commit_within`], [`pay_within`], [`pay_committed_within`] and [`release_within`].

use entity::{
    asset, budget,
    id::{AssetId, BudgetId, SpendingId},
    money::Money,
    spending::{Entity, Model},
};

use super::{named::Named, reference};
use crate::{
    domain::{
        permission::Action,
        spending::{self as rules, Payment, Request, Step},
        title::Party,
    },
    error::Result,
    store::{Actor, Ledger, Write},
};

/// Stores what a step came to: the budget since, and a new spending or the next version of one.
async fn store(
    write: &mut Write,
    before: (&budget::Model, Option<&Model>),
    (budget, spending): Step,
) -> Result<Model> {
    write.update::<budget::Entity>(before.0, budget).await?;
    match before.1 {
        Some(before) => write.update::<Entity>(before, spending).await,
        None => write.insert::<Entity>(spending).await,
    }
}

/// The budget and the asset of a request.
async fn found(
    write: &mut Write,
    (budget, asset): (BudgetId, AssetId),
    request: &Request,
) -> Result<(budget::Model, asset::Model)> {
    rules::check(request).into_result()?;
    let budget = write.get::<budget::Entity>(budget).await?;
    let asset = write.get::<asset::Entity>(asset).await?;
    if let Some(id) = request.organization {
        reference::check_party(write, Party::Organization(id), Some(write.today())).await?;
    }
    Ok((budget, asset))
}

/// Commits money of a budget for an asset, within another action.
pub async fn commit_within(
    write: &mut Write,
    of: (BudgetId, AssetId),
    request: &Request,
) -> Result<Model> {
    let (budget, asset) = found(write, of, request).await?;
    let step = rules::commit(&budget, &asset, request)?;
    store(write, (&budget, None), step).await
}

/// Pays for an asset out of a budget at once, within another action.
pub async fn pay_within(
    write: &mut Write,
    of: (BudgetId, AssetId),
    (request, payment): (&Request, &Payment),
) -> Result<Model> {
    let (budget, asset) = found(write, of, request).await?;
    rules::check_payment(payment, budget.year, write.today()).into_result()?;
    let step = rules::pay(&budget, &asset, request, payment)?;
    store(write, (&budget, None), step).await
}

/// Pays what was committed, within another action: that much, less, or more where there is room.
pub async fn pay_committed_within(
    write: &mut Write,
    spending: impl Into<Named<SpendingId>>,
    amount: Money,
    payment: &Payment,
) -> Result<Model> {
    let mut mistakes = crate::domain::budget::amount_above_zero("amount", amount);
    let (budget, before) = both(write, spending.into()).await?;
    mistakes.0.extend(rules::check_payment(payment, budget.year, write.today()).0);
    mistakes.into_result()?;
    let step = rules::pay_committed(&budget, &before, amount, payment)?;
    store(write, (&budget, Some(&before)), step).await
}

/// Releases a commitment, within another action.
pub async fn release_within(
    write: &mut Write,
    spending: impl Into<Named<SpendingId>>,
    reason: &str,
) -> Result<Model> {
    let (budget, before) = both(write, spending.into()).await?;
    let step = rules::release(&budget, &before, reason, write.today())?;
    store(write, (&budget, Some(&before)), step).await
}

/// A spending and its budget.
async fn both(write: &mut Write, named: Named<SpendingId>) -> Result<(budget::Model, Model)> {
    let spending = write.get::<Entity>(named.id).await?;
    named.check(spending.version)?;
    let budget = write.get::<budget::Entity>(spending.budget_id).await?;
    Ok((budget, spending))
}

/// Commits money of a budget for an asset.
pub async fn commit(
    ledger: &Ledger,
    actor: &Actor,
    of: (BudgetId, AssetId),
    request: &Request,
) -> Result<Model> {
    let work = async |write: &mut Write| commit_within(write, of, request).await;
    ledger.write(actor, Action::CommitSpending, work).await
}

/// Pays for an asset out of a budget at once.
pub async fn pay(
    ledger: &Ledger,
    actor: &Actor,
    of: (BudgetId, AssetId),
    paid: (&Request, &Payment),
) -> Result<Model> {
    let work = async |write: &mut Write| pay_within(write, of, paid).await;
    ledger.write(actor, Action::PaySpending, work).await
}

/// Pays what was committed.
pub async fn pay_committed(
    ledger: &Ledger,
    actor: &Actor,
    spending: impl Into<Named<SpendingId>>,
    amount: Money,
    payment: &Payment,
) -> Result<Model> {
    let named = spending.into();
    let work = async |write: &mut Write| pay_committed_within(write, named, amount, payment).await;
    ledger.write(actor, Action::PaySpending, work).await
}

/// Releases a commitment, for a reason.
pub async fn release(
    ledger: &Ledger,
    actor: &Actor,
    spending: impl Into<Named<SpendingId>>,
    reason: &str,
) -> Result<Model> {
    let named = spending.into();
    let work = async |write: &mut Write| {
        write.note("reason", reason.trim());
        release_within(write, named, reason).await
    };
    ledger.write(actor, Action::ReleaseSpending, work).await
}

/// Reverses a payment, for a reason.
pub async fn reverse(
    ledger: &Ledger,
    actor: &Actor,
    spending: impl Into<Named<SpendingId>>,
    reason: &str,
) -> Result<Model> {
    let named = spending.into();
    let work = async |write: &mut Write| {
        write.note("reason", reason.trim());
        let (budget, before) = both(write, named).await?;
        let step = rules::reverse(&budget, &before, reason, write.today())?;
        store(write, (&budget, Some(&before)), step).await
    };
    ledger.write(actor, Action::ReverseSpending, work).await
}
