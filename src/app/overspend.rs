//! 超支审批: asking to spend more than is left, and deciding on it.

use entity::{
    budget,
    id::{BudgetId, OverspendId},
    money::Money,
    overspend::{Entity, Model},
};

use super::named::Named;
use crate::{
    domain::{
        overspend::{self as rules, Verdict},
        permission::Action,
    },
    error::Result,
    store::{Actor, Ledger},
};

/// Asks to spend so much more than is left in a budget.
pub async fn ask(
    ledger: &Ledger,
    actor: &Actor,
    budget: BudgetId,
    amount: Money,
    reason: &str,
) -> Result<Model> {
    ledger
        .write(actor, Action::AskOverspend, async |write| {
            rules::check(amount).into_result()?;
            let budget = write.get::<budget::Entity>(budget).await?;
            let row = rules::ask(&budget, amount, reason, write.actor().account())?;
            write.insert::<Entity>(row).await
        })
        .await
}

/// Decides on a request of somebody else.
pub async fn decide(
    ledger: &Ledger,
    actor: &Actor,
    request: impl Into<Named<OverspendId>>,
    verdict: Verdict<'_>,
) -> Result<Model> {
    let named = request.into();
    ledger
        .write(actor, Action::DecideOverspend, async |write| {
            verdict.check().into_result()?;
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let budget = write.get::<budget::Entity>(before.budget_id).await?;
            let by = (write.actor().account(), write.today());
            let (raised, after) = rules::decide(&budget, &before, verdict, by)?;
            if let Some(raised) = raised {
                write.update::<budget::Entity>(&budget, raised).await?;
            }
            write.update::<Entity>(&before, after).await
        })
        .await
}
