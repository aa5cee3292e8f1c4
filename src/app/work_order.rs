//! 维修工单: opened by hand or by what an inspection found, estimated and approved, given to whoever
//! mends it, reported done, accepted by another person.

use chrono::NaiveDate;
use entity::{
    asset, fault_report, funding,
    id::{AssetId, BudgetId, FaultReportId, WorkOrderId},
    inspection,
    money::Money,
    work_order::{Entity, Kind, Model},
};

use super::{
    fault_report::{given_up_within, mended_within, taken_over_within},
    named::Named,
    reference, spending,
};
use crate::{
    domain::{
        permission::Action,
        spending::{Payment, Request},
        title::Party,
        work_order::{self as rules, Defect, Origin, Outcome, Terms},
    },
    error::Result,
    store::{Actor, Ledger, Write},
};

/// What local rules say of work orders where an asset lies.
async fn terms(write: &Write, asset: &asset::Model) -> Result<Terms> {
    let local = write.local_rules([asset.area_code]).await?;
    Ok(Terms::of(&local, asset, write.today()))
}

/// Opens a work order by hand.
pub async fn open(ledger: &Ledger, actor: &Actor, id: AssetId, defect: &Defect) -> Result<Model> {
    ledger
        .write(actor, Action::OpenWorkOrder, async |write| {
            let asset = write.get::<asset::Entity>(id).await?;
            let standing = write.work_orders_of(id).await?;
            let terms = terms(write, &asset).await?;
            let row = rules::open(&asset, &standing, defect, (&terms, write.now()))?;
            write.insert::<Entity>(row).await
        })
        .await
}

/// Opens a work order for what somebody reported: the report goes over to it.
pub async fn open_for_report(
    ledger: &Ledger,
    actor: &Actor,
    report: FaultReportId,
    defect: &Defect,
) -> Result<Model> {
    ledger
        .write(actor, Action::OpenWorkOrder, async |write| {
            let id = write.get::<fault_report::Entity>(report).await?.asset_id;
            let asset = write.get::<asset::Entity>(id).await?;
            let standing = write.work_orders_of(id).await?;
            let terms = terms(write, &asset).await?;
            let row = rules::open(&asset, &standing, defect, (&terms, write.now()))?;
            taken_over_within(write, report).await?;
            write.insert::<Entity>(Model { fault_report_id: Some(report), ..row }).await
        })
        .await
}

/// Opens what an inspection that was just kept calls for, within the same action.
pub(super) async fn raise(
    write: &mut Write,
    asset: &asset::Model,
    inspection: &inspection::Model,
) -> Result<()> {
    if inspection.condition == inspection::Condition::Good {
        return Ok(());
    }
    let standing = write.work_orders_of(asset.id).await?;
    let terms = terms(write, asset).await?;
    for step in rules::raised(asset, inspection, &standing, &terms) {
        match step {
            (Some(before), after) => write.update::<Entity>(&before, after).await?,
            (None, after) => write.insert::<Entity>(after).await?,
        };
    }
    Ok(())
}

/// Says what kind of work it is and what it will cost.
pub async fn estimate(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WorkOrderId>>,
    said: (Kind, Money),
) -> Result<Model> {
    let named = named.into();
    let rule = |row: &Model, write: &Write| rules::estimate(row, said, write.actor().account());
    change(ledger, actor, (Action::EstimateWorkOrder, named), async |row, write| {
        Ok(rule(row, write)?)
    })
    .await
}

/// Approves the estimate. Where a budget is named, the amount is committed in it within the same action:
/// what it has not left is not approved.
pub async fn approve(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WorkOrderId>>,
    budget: Option<BudgetId>,
) -> Result<Model> {
    let named = named.into();
    change(ledger, actor, (Action::ApproveWorkOrder, named), async |row, write| {
        let asset = write.get::<asset::Entity>(row.asset_id).await?;
        let terms = terms(write, &asset).await?;
        let who = (write.actor().role(), write.actor().account());
        let approved = rules::approve(row, &terms, who, write.today())?;
        match budget {
            Some(budget) => commit(write, approved, budget).await,
            None => Ok(approved),
        }
    })
    .await
}

/// Commits in a budget what was approved, in the place of what was committed before.
async fn commit(write: &mut Write, row: Model, budget: BudgetId) -> Result<Model> {
    release(write, &row, AMENDED).await?;
    let request = Request {
        amount: row.approved.unwrap_or(Money::ZERO),
        purpose: format!("维修工单 {}", row.id),
        organization: None,
    };
    let spending = spending::commit_within(write, (budget, row.asset_id), &request).await?;
    Ok(Model { spending_id: Some(spending.id), ..row })
}

/// Why what was committed before another approval is released.
const AMENDED: &str = "维修工单另行批准 / another amount was approved";
/// Why what was committed is released where nothing is paid.
const UNPAID: &str = "维修工单办结，未支出 / the work order cost nothing";

/// Releases what is committed to a work order, if anything is.
async fn release(write: &mut Write, row: &Model, why: &str) -> Result<()> {
    let Some(id) = row.spending_id else { return Ok(()) };
    let committed = write.get::<entity::spending::Entity>(id).await?;
    if committed.state == entity::spending::State::Committed {
        spending::release_within(write, id, why).await?;
    }
    Ok(())
}

/// Books what a work order cost in the budget in which it was committed.
async fn book(write: &mut Write, row: &Model) -> Result<()> {
    let cost = row.cost.unwrap_or(Money::ZERO);
    let Some(id) = row.spending_id else { return Ok(()) };
    if cost == Money::ZERO {
        return release(write, row, UNPAID).await;
    }
    let voucher_no = row.voucher_no.clone().unwrap_or_default();
    let payment = Payment { voucher_no, paid_on: write.today() };
    spending::pay_committed_within(write, id, cost, &payment).await.map(drop)
}

/// Gives it to whoever mends it, by a day.
pub async fn dispatch(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WorkOrderId>>,
    (party, due_on): (Party, NaiveDate),
) -> Result<Model> {
    let named = named.into();
    change(ledger, actor, (Action::DispatchWorkOrder, named), async |row, write| {
        reference::check_party(write, party, Some(due_on)).await?;
        Ok(rules::dispatch(row, (party, due_on), write.today())?)
    })
    .await
}

/// Says that the work has begun.
pub async fn begin(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WorkOrderId>>,
) -> Result<Model> {
    let named = named.into();
    change(ledger, actor, (Action::BeginWorkOrder, named), async |row, _| Ok(rules::begin(row)?))
        .await
}

/// Says what was done and what it cost.
pub async fn report(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WorkOrderId>>,
    outcome: &Outcome,
) -> Result<Model> {
    let named = named.into();
    change(ledger, actor, (Action::ReportWorkOrder, named), async |row, write| {
        Ok(rules::report(row, outcome, write.actor().account())?)
    })
    .await
}

/// Accepts what was done. In the same action what it cost is paid out of the budget in which it was
/// committed, what an improvement cost is added to the value of its asset and its source to the sources,
/// and whoever reported it is told.
pub async fn accept(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WorkOrderId>>,
    origin: &Origin,
) -> Result<Model> {
    let named = named.into();
    change(ledger, actor, (Action::AcceptWorkOrder, named), async |row, write| {
        let asset = write.get::<asset::Entity>(row.asset_id).await?;
        let who = (write.actor().account(), write.now());
        let accepted = rules::accept(row, &asset, origin, who)?;
        if let Some((dearer, source)) = accepted.capital {
            let mistakes = crate::domain::funding::check(std::slice::from_ref(&source));
            mistakes.into_result()?;
            write.insert::<funding::Entity>(source.row(asset.id, asset.area_code)).await?;
            write.update::<asset::Entity>(&asset, dearer).await?;
        }
        book(write, row).await?;
        if let Some(report) = told_of(write, row).await? {
            let what = row.report.as_deref().unwrap_or_default();
            mended_within(write, report, what).await?;
        }
        Ok(accepted.row)
    })
    .await
}

/// The report that waits for a work order; none where it was settled otherwise.
async fn told_of(write: &mut Write, row: &Model) -> Result<Option<FaultReportId>> {
    let Some(id) = row.fault_report_id else { return Ok(None) };
    let report = write.get::<fault_report::Entity>(id).await?;
    Ok(Some(id).filter(|_| report.state == fault_report::State::InRepair))
}

/// Sends what was reported back, for a reason.
pub async fn send_back(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WorkOrderId>>,
    why: &str,
) -> Result<Model> {
    let named = named.into();
    change(ledger, actor, (Action::AcceptWorkOrder, named), async |row, write| {
        Ok(rules::send_back(row, why, write.actor().account())?)
    })
    .await
}

/// Dismisses what will not be mended, for a reason.
pub async fn dismiss(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WorkOrderId>>,
    why: &str,
) -> Result<Model> {
    let named = named.into();
    change(ledger, actor, (Action::DismissWorkOrder, named), async |row, write| {
        let dismissed = rules::dismiss(row, why, write.now())?;
        release(write, row, why).await?;
        if let Some(report) = told_of(write, row).await? {
            given_up_within(write, report, why).await?;
        }
        Ok(dismissed)
    })
    .await
}

/// Why work orders end whose asset was split or merged.
const REPLACED: &str = "资产已拆分或合并 / the asset was split or merged";

/// Ends the open work orders of an asset that goes off the books, within the same action.
pub(super) async fn drop_all(write: &mut Write, id: AssetId) -> Result<()> {
    for row in write.work_orders_of(id).await?.into_iter().filter(|row| row.state.is_live()) {
        let after = rules::dropped(&row, REPLACED, write.now());
        release(write, &row, REPLACED).await?;
        write.update::<Entity>(&row, after).await?;
    }
    Ok(())
}

async fn change<F>(
    ledger: &Ledger,
    actor: &Actor,
    (action, named): (Action, Named<WorkOrderId>),
    rule: F,
) -> Result<Model>
where
    F: AsyncFnOnce(&Model, &mut Write) -> Result<Model>,
{
    ledger
        .write(actor, action, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let after = rule(&before, write).await?;
            write.update::<Entity>(&before, after).await
        })
        .await
}
