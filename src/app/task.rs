//! 待办: what waits for an account, by what its role may do. Each group has the number that its list
//! has.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use entity::{
    account::Role,
    area::{AreaCode, Level},
    asset, duty,
    finding::Rule,
    id::AssetId,
    language::Label,
    money::Money,
    setting::Key,
    welfare_post,
};

use super::{
    asset_total::Figures,
    job::Jobs,
    report::{self, Line, ReportRequest, Sought},
};
use crate::{
    clock::day_of,
    domain::{
        fault_report::handles,
        permission::{Action, permits},
        rectification::holds,
        setting::LocalRules,
        work_order::{Terms, level_of as approver},
    },
    error::Result,
    store::{
        Actor, Ledger, Read,
        finding_list::{Narrowed, Order, Waiting},
        report::Extent,
        task::EndPlace,
        waiting::{Dated, Queue, Queued},
    },
};

/// What waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Findings that the account, or its unit, is to mend.
    ToMend,
    /// Findings reported done that it may check.
    ToCheck,
    /// Findings escalated to the level it works at.
    Escalated,
    /// Reports of faults that nobody has taken up.
    Reports,
    /// Titles to be confirmed.
    Titles,
    /// Assets that nobody maintains.
    NoMaintainer,
    /// Duties about to end.
    Ending,
    /// Sheets that were checked and not carried out, and the last one where it failed.
    Imports,
    /// Accounts whose owner has not signed in yet.
    Invitations,
    /// Estimates of repairs that its level approves.
    Estimates,
    /// Repairs reported done that it may accept.
    Repairs,
    /// Months of welfare posts whose pay it may approve.
    Months,
    /// Requests to overspend that it may decide on.
    Overspends,
    /// Reports of faults that were taken up and not answered.
    Answers,
    /// Assets that should have been inspected.
    Inspections,
    /// Agreements of welfare posts that end soon.
    Posts,
    /// Stock-takes with lines that nobody has counted yet.
    StockCounts,
    /// Stock-takes that wait for whoever signs them.
    StockTakes,
    /// What stock-takes found and was not on the ledger.
    StockFinds,
    /// Projects that were accepted and of which no asset is registered.
    Projects,
}

impl Kind {
    /// Every kind, the most urgent first.
    pub const ALL: [Kind; 20] = [
        Kind::ToMend,
        Kind::ToCheck,
        Kind::Escalated,
        Kind::Reports,
        Kind::Answers,
        Kind::Estimates,
        Kind::Repairs,
        Kind::Overspends,
        Kind::Months,
        Kind::Inspections,
        Kind::NoMaintainer,
        Kind::Titles,
        Kind::StockTakes,
        Kind::StockCounts,
        Kind::StockFinds,
        Kind::Projects,
        Kind::Ending,
        Kind::Posts,
        Kind::Imports,
        Kind::Invitations,
    ];

    /// What people call it.
    pub const fn label(self) -> Label {
        match self {
            Kind::ToMend => Label::new("等我整改", "For me to mend"),
            Kind::ToCheck => Label::new("等我核查", "For me to check"),
            Kind::Escalated => Label::new("督办到本级", "Escalated to this level"),
            Kind::Reports => Label::new("新报修", "New reports of faults"),
            Kind::Titles => Label::new("待确权", "Titles to confirm"),
            Kind::NoMaintainer => Label::new("缺管护主体", "Without a maintainer"),
            Kind::Ending => Label::new("管护将到期", "Duties that end soon"),
            Kind::Imports => Label::new("导入未办结", "Imports not finished"),
            Kind::Invitations => {
                Label::new("还没有首次登录的账号", "Accounts that wait for a first sign-in")
            }
            Kind::Estimates => Label::new("维修待批准", "Repairs to approve"),
            Kind::Repairs => Label::new("维修待验收", "Repairs to accept"),
            Kind::Months => Label::new("考勤考核待核定", "Months of posts to approve"),
            Kind::Overspends => Label::new("超支待审批", "Overspends to decide on"),
            Kind::Answers => Label::new("报修待答复", "Reports of faults to answer"),
            Kind::Inspections => Label::new("逾期未巡查", "Inspections overdue"),
            Kind::Posts => Label::new("公益岗位将到期", "Welfare posts that end soon"),
            Kind::StockCounts => Label::new("盘点未完成", "Stock-takes to count"),
            Kind::StockTakes => Label::new("盘点待签认", "Stock-takes to sign"),
            Kind::StockFinds => Label::new("盘盈待处理", "Finds of stock-takes to settle"),
            Kind::Projects => Label::new("项目未登记资产", "Projects without assets"),
        }
    }

    /// The findings that wait, where it is findings.
    pub fn findings(self, role: Role) -> Option<Narrowed> {
        let waiting = |waiting| Narrowed { waiting: Some(waiting), ..Narrowed::default() };
        match self {
            Kind::ToMend => Some(waiting(Waiting::ToMend)),
            Kind::ToCheck => Some(waiting(Waiting::ToCheck)),
            Kind::Escalated => Some(waiting(Waiting::At(holds(role)?))),
            Kind::Titles => Some(Narrowed::of(Rule::TitleUnconfirmed)),
            Kind::NoMaintainer => Some(Narrowed::of(Rule::NoMaintainer)),
            Kind::Inspections => Some(Narrowed::of(Rule::InspectionOverdue)),
            _ => None,
        }
    }

    /// Whether it is a role's to see to.
    pub fn concerns(self, role: Role) -> bool {
        match self {
            Kind::ToMend => permits(role, Action::ReportRectification),
            Kind::ToCheck => permits(role, Action::CheckRectification),
            Kind::Escalated => holds(role).is_some(),
            Kind::Reports | Kind::Answers => handles(role),
            Kind::Titles => permits(role, Action::SettleTitle),
            Kind::NoMaintainer => role == Role::TownshipClerk,
            Kind::Ending => permits(role, Action::AssignDuty),
            Kind::Imports => {
                permits(role, Action::ImportSheet) || permits(role, Action::ImportAreas)
            }
            Kind::Invitations => permits(role, Action::InviteAccount),
            Kind::Estimates => permits(role, Action::ApproveWorkOrder),
            Kind::Repairs => permits(role, Action::AcceptWorkOrder),
            Kind::Months => permits(role, Action::ApproveAttendance),
            Kind::Overspends => permits(role, Action::DecideOverspend),
            Kind::Inspections => permits(role, Action::RecordInspection),
            Kind::Posts => permits(role, Action::OpenPost),
            Kind::StockCounts => permits(role, Action::CountStock),
            Kind::StockTakes => permits(role, Action::SignStockTake),
            Kind::StockFinds => permits(role, Action::SettleStockFind),
            Kind::Projects => permits(role, Action::RegisterAsset),
        }
    }

    /// The queue that it is, by what local rules let the actor's level approve.
    pub fn queue(self, actor: &Actor, local: &LocalRules, today: NaiveDate) -> Option<Queue> {
        let terms = || Terms::at(local, actor.area(), today);
        match self {
            Kind::Estimates => Some(match approver(actor.role())? {
                Level::Village => Queue::Estimates(Money::ZERO, Some(terms().village_most)),
                Level::Town => {
                    let Terms { village_most, town_most, .. } = terms();
                    Queue::Estimates(village_most, Some(town_most))
                }
                _ => Queue::Estimates(terms().town_most, None),
            }),
            Kind::Repairs => Some(Queue::Repairs),
            Kind::Months => Some(Queue::Months),
            Kind::Overspends => Some(Queue::Overspends),
            Kind::Answers => Some(Queue::Reports),
            Kind::StockCounts => Some(Queue::StockCounts),
            Kind::StockTakes => Some(Queue::StockTakes),
            Kind::StockFinds => Some(Queue::StockFinds),
            _ => None,
        }
    }
}

/// The days within which a duty is about to end, by the rule of the reader's area.
pub(super) fn soon(read: &Read<'_>, local: &LocalRules) -> (NaiveDate, NaiveDate) {
    let (area, today) = (read.actor().area(), read.today());
    let days = local.number(Key::DutyNotice, area, today);
    let last = today.checked_add_days(Days::new(days.unsigned_abs()));
    (today, last.unwrap_or(today))
}

/// What waits, in figures; nothing of what does not concern the account. The figures and the local
/// rules must be those of its own area.
pub async fn counted(
    ledger: &Ledger,
    actor: &Actor,
    jobs: &Jobs,
    (figures, local): (&Figures, &LocalRules),
) -> Result<Vec<(Kind, u64)>> {
    let mut counted = Vec::new();
    for kind in Kind::ALL.into_iter().filter(|kind| kind.concerns(actor.role())) {
        let n = match kind.findings(actor.role()) {
            Some(narrowed) => n_findings(&ledger.read(actor), &narrowed, figures).await?,
            None => match kind {
                Kind::Ending => {
                    let read = ledger.read(actor);
                    let (first, last) = soon(&read, local);
                    read.n_duties_ending(first, last).await?
                }
                Kind::Posts => {
                    let read = ledger.read(actor);
                    read.n_dated(Dated::Posts, soon(&read, local)).await?
                }
                Kind::Reports => ledger.read(actor).n_new_reports().await?,
                Kind::Projects => ledger.read(actor).n_unregistered().await?,
                Kind::Imports => {
                    let waiting = jobs.waiting(ledger, actor).await?;
                    u64::try_from(waiting.len()).unwrap_or(u64::MAX)
                }
                Kind::Invitations => ledger.read(actor).n_accounts_invited().await?,
                _ => match kind.queue(actor, local, ledger.today()) {
                    Some(queue) => ledger.read(actor).n_queued(queue).await?,
                    None => 0,
                },
            },
        };
        counted.push((kind, n));
    }
    Ok(counted)
}

/// How many findings wait: from the kept sums where nothing narrows them but the rule.
async fn n_findings(read: &Read<'_>, narrowed: &Narrowed, figures: &Figures) -> Result<u64> {
    let n = if let Some(rule) = narrowed.rule.filter(|_| narrowed.is_plain()) {
        figures.n_found(rule)
    } else {
        let area = read.actor().area();
        let extent = Extent { area, class: None, with_gone: false, with_waived: false };
        read.findings_counted(narrowed, &extent).await?.values().map(|sum| sum.n).sum()
    };
    Ok(u64::try_from(n).unwrap_or(0))
}

/// The first findings of a group: what is late first, then what has lasted longest.
pub async fn findings(
    ledger: &Ledger,
    actor: &Actor,
    narrowed: Narrowed,
    limit: u64,
) -> Result<Vec<Line>> {
    let order = if actor.area().level() >= Level::County { Order::Age } else { Order::Place };
    let page = async |narrowed, limit| {
        let sought = Sought { request: ReportRequest::default(), narrowed, order };
        Ok::<_, crate::error::Error>(
            report::findings_page(ledger, actor, &sought, None, limit).await?.0,
        )
    };
    if narrowed.waiting != Some(Waiting::ToMend) {
        return page(narrowed, limit).await;
    }
    let mut lines = page(Narrowed { is_overdue: true, ..narrowed }, limit).await?;
    // what is late is among the first of all, so that as many more are enough
    for line in page(narrowed, limit * 2).await? {
        if !line.is_overdue && u64::try_from(lines.len()).unwrap_or(u64::MAX) < limit {
            lines.push(line);
        }
    }
    Ok(lines)
}

/// A duty that is about to end, and its asset.
pub type Ending = (duty::Model, asset::Model);

/// Duties about to end after a place, and the place of the last where there are more.
pub async fn ending(
    ledger: &Ledger,
    actor: &Actor,
    after: Option<EndPlace>,
    limit: u64,
) -> Result<(Vec<Ending>, Option<EndPlace>)> {
    let read = ledger.read(actor);
    let local = read.local_rules([actor.area()]).await?;
    let mut duties = read.duties_ending(soon(&read, &local), after, limit + 1).await?;
    let is_more = duties.len() as u64 > limit;
    duties.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let place = |duty: &duty::Model| Some((duty.until_on?, duty.id.0));
    let next = duties.last().filter(|_| is_more).and_then(place);
    let mut ids: Vec<AssetId> = duties.iter().map(|duty| duty.asset_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = read.dossiers(&ids).await?.into_iter();
    let assets: HashMap<AssetId, asset::Model> =
        found.map(|dossier| (dossier.asset.id, dossier.asset)).collect();
    let told = duties.into_iter().filter_map(|duty| {
        let asset = assets.get(&duty.asset_id)?.clone();
        Some((duty, asset))
    });
    Ok((told.collect(), next))
}

/// What waits in a queue, as it is told.
#[derive(Clone, Debug)]
pub struct Waits {
    /// Where it is seen to.
    pub at: Case,
    /// What the asset is called, where it is about one.
    pub asset: Option<asset::Model>,
    /// How much money it is about.
    pub amount: Option<Money>,
    /// Since when it has waited.
    pub since: NaiveDate,
    /// Where it stands in its list.
    pub place: (AreaCode, i64),
}

/// Where something that waits is seen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// A work order.
    WorkOrder(i64),
    /// A welfare post.
    Post(i64),
    /// A budget.
    Budget(i64),
    /// A report of a fault.
    Report(i64),
    /// A stock-take.
    StockTake(i64),
    /// What a stock-take found.
    StockFinds(i64),
}

/// What waits in a queue after a place, and the place of the last where there is more.
pub async fn queued(
    ledger: &Ledger,
    actor: &Actor,
    kind: Kind,
    after: Option<(AreaCode, i64)>,
    limit: u64,
) -> Result<(Vec<Waits>, Option<(AreaCode, i64)>)> {
    let read = ledger.read(actor);
    let local = read.local_rules([actor.area()]).await?;
    let Some(queue) = kind.queue(actor, &local, ledger.today()) else {
        return Ok((Vec::new(), None));
    };
    let mut rows = told(read.queued(queue, after, limit + 1).await?);
    let is_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| is_more).map(|(_, waits)| waits.place);
    let ids: Vec<AssetId> = rows.iter().filter_map(|(asset, _)| *asset).collect();
    let assets = read.some::<asset::Entity>(&ids).await?.into_iter();
    let assets: HashMap<AssetId, asset::Model> = assets.map(|one| (one.id, one)).collect();
    let named = rows.into_iter().map(|(asset, waits)| {
        let asset = asset.and_then(|id| assets.get(&id).cloned());
        Waits { asset, ..waits }
    });
    Ok((named.collect(), next))
}

fn told(rows: Queued) -> Vec<(Option<AssetId>, Waits)> {
    macro_rules! waits {
        ($rows:expr, $row:ident, $asset:expr, $case:expr, $amount:expr) => {
            $rows
                .into_iter()
                .map(|$row| {
                    let since = day_of($row.updated_at);
                    let place = ($row.area_code, $row.id.0);
                    ($asset, Waits { at: $case, asset: None, amount: $amount, since, place })
                })
                .collect()
        };
    }
    match rows {
        Queued::Orders(rows) => {
            waits!(
                rows,
                row,
                Some(row.asset_id),
                Case::WorkOrder(row.id.0),
                row.cost.or(row.estimate)
            )
        }
        Queued::Months(rows) => waits!(rows, row, None, Case::Post(row.post_id.0), Some(row.pay)),
        Queued::Overspends(rows) => {
            waits!(rows, row, None, Case::Budget(row.budget_id.0), Some(row.amount))
        }
        Queued::Reports(rows) => {
            waits!(rows, row, Some(row.asset_id), Case::Report(row.id.0), None)
        }
        Queued::StockTakes(rows) => waits!(rows, row, None, Case::StockTake(row.id.0), None),
        Queued::StockFinds(rows) => {
            waits!(rows, row, None, Case::StockFinds(row.stock_take_id.0), None)
        }
    }
}

/// The agreements of welfare posts that end soon, the first to end first.
pub async fn posts_ending(
    ledger: &Ledger,
    actor: &Actor,
    limit: u64,
) -> Result<Vec<welfare_post::Model>> {
    let read = ledger.read(actor);
    let local = read.local_rules([actor.area()]).await?;
    read.posts_ending(soon(&read, &local), limit).await
}
