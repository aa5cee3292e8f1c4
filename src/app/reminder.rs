//! 提醒: what an account is told of. What the log has for it, and what falls due or has become late
//! since it last looked. Reading them is nobody's action: how far one has read stands beside the log.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use entity::{
    account::Role,
    area::Level,
    asset,
    id::AssetId,
    language::Label,
    reminder::{Kind, Model},
};

use super::task::soon;
use crate::{
    clock::day_of,
    domain::{
        digest::Item,
        permission::{Action, permits},
        setting::LocalRules,
    },
    error::{Error, Result},
    limits,
    store::{Actor, Ledger, Read, waiting::Dated},
};

/// What time alone brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Findings to mend that are due soon.
    MendingSoon,
    /// Findings to mend that are late.
    MendingLate,
    /// Repairs that are late.
    RepairsLate,
    /// Assets to inspect soon.
    InspectionsSoon,
    /// Assets that should have been inspected.
    InspectionsLate,
    /// Duties about to end.
    Duties,
    /// Welfare posts about to end.
    Posts,
}

impl Due {
    /// Every kind, what is late first.
    pub const ALL: [Due; 7] = [
        Due::MendingLate,
        Due::RepairsLate,
        Due::InspectionsLate,
        Due::MendingSoon,
        Due::InspectionsSoon,
        Due::Duties,
        Due::Posts,
    ];

    /// What people call it.
    pub const fn label(self) -> Label {
        match self {
            Due::MendingSoon => Label::new("整改即将到期", "Rectifications due soon"),
            Due::MendingLate => Label::new("整改已超期", "Rectifications that are late"),
            Due::RepairsLate => Label::new("维修已超期", "Repairs that are late"),
            Due::InspectionsSoon => Label::new("巡查即将到期", "Inspections due soon"),
            Due::InspectionsLate => Label::new("巡查已逾期", "Inspections that are late"),
            Due::Duties => Label::new("管护责任将到期", "Duties that end soon"),
            Due::Posts => Label::new("公益岗位将到期", "Welfare posts that end soon"),
        }
    }

    /// What its code is for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Due::MendingSoon => "rectification_soon",
            Due::MendingLate => "rectification_late",
            Due::RepairsLate => "work_order_late",
            Due::InspectionsSoon => "inspection_soon",
            Due::InspectionsLate => "inspection_late",
            Due::Duties => "duty_soon",
            Due::Posts => "welfare_post_soon",
        }
    }

    /// The page on which it is listed.
    pub const fn path(self) -> &'static str {
        match self {
            Due::MendingSoon => "/findings?mine=yes",
            Due::MendingLate => "/findings?mine=yes&overdue=yes",
            Due::RepairsLate => "/work-orders?sort=due_on",
            Due::InspectionsSoon | Due::InspectionsLate => "/inspections/round?due=7",
            Due::Duties => "/tasks?of=duties",
            Due::Posts => "/tasks?of=posts",
        }
    }

    /// Whether its day has passed.
    pub const fn is_late(self) -> bool {
        matches!(self, Due::MendingLate | Due::RepairsLate | Due::InspectionsLate)
    }

    const fn dated(self) -> Dated {
        match self {
            Due::MendingSoon | Due::MendingLate => Dated::Mending,
            Due::RepairsLate => Dated::Repairs,
            Due::InspectionsSoon | Due::InspectionsLate => Dated::Inspections,
            Due::Duties => Dated::Duties,
            Due::Posts => Dated::Posts,
        }
    }

    /// Whether it is a role's to see to.
    fn concerns(self, role: Role) -> bool {
        match self {
            Due::MendingSoon | Due::MendingLate => permits(role, Action::ReportRectification),
            Due::RepairsLate => permits(role, Action::ReportWorkOrder),
            Due::InspectionsSoon | Due::InspectionsLate => permits(role, Action::RecordInspection),
            Due::Duties => permits(role, Action::AssignDuty),
            Due::Posts => permits(role, Action::OpenPost),
        }
    }
}

/// What of a kind falls due, and how much of it since the reader last looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Falling {
    /// What.
    pub due: Due,
    /// How much now; counted up to a limit.
    pub n: u64,
    /// How much of it the reader has not seen.
    pub n_new: u64,
}

/// The days of which a reader is told.
struct Span {
    today: NaiveDate,
    /// The last day of what ends soon by the local rule.
    notice: NaiveDate,
    /// The day on which the reader last looked, and how many days ago.
    read: Option<NaiveDate>,
    first: NaiveDate,
}

impl Span {
    fn of(
        read: &Read<'_>,
        local: &LocalRules,
        (seen, first): (Option<NaiveDate>, NaiveDate),
    ) -> Span {
        let (today, notice) = soon(read, local);
        Span { today, notice, read: seen.map(|day| day.max(first)), first }
    }

    /// The first and the last day of all that is told of now.
    fn now(&self, due: Due) -> (NaiveDate, NaiveDate) {
        if due.is_late() {
            return (self.first, self.today.pred_opt().unwrap_or(self.today));
        }
        (self.today, self.ahead(due))
    }

    fn ahead(&self, due: Due) -> NaiveDate {
        match due {
            Due::Duties | Due::Posts => self.notice,
            _ => later(self.today, limits::SOON_DAYS),
        }
    }

    /// The days that came into that span since the reader last looked.
    fn fresh(&self, due: Due) -> (NaiveDate, NaiveDate) {
        let (first, last) = self.now(due);
        let Some(read) = self.read else { return (first, last) };
        if due.is_late() {
            return (read.max(first), last);
        }
        let span = (self.ahead(due) - self.today).num_days();
        let behind = later(read, u64::try_from(span).unwrap_or(0) + 1);
        (behind.max(first), last)
    }
}

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

/// How many things an account has not seen, up to a limit and one more.
pub async fn n_unread(ledger: &Ledger, actor: &Actor, local: &LocalRules) -> Result<u64> {
    if actor.account().is_none() || actor.area().level() < Level::County {
        return Ok(0);
    }
    let read = ledger.read(actor);
    let mark = read.reminder_mark().await?;
    let recipients = read.recipients().await?;
    let most = limits::REMINDERS_COUNTED + 1;
    let seq = mark.as_ref().map_or(-1, |mark| mark.seq);
    let mut n = read.n_reminders(&recipients, seq, (ledger.clock().now(), most)).await?;
    let seen = (mark.map(|mark| mark.read_on), ledger.first_reminder_day());
    let days = Span::of(&read, local, seen);
    // whoever has looked today has seen what today brings
    if days.read.is_none_or(|read| read < days.today) {
        for due in Due::ALL.into_iter().filter(|due| due.concerns(actor.role())) {
            if n < most {
                n += u64::from(read.n_dated(due.dated(), days.fresh(due)).await? > 0);
            }
        }
    }
    Ok(n.min(most))
}

/// A reminder, and its asset as the reader may see it.
#[derive(Clone, Debug)]
pub struct Told {
    /// What the log has.
    pub row: Model,
    /// The asset it is about; none where there is none, or the reader may not see it any more.
    pub asset: Option<asset::Model>,
    /// Whether the reader has not seen it.
    pub is_new: bool,
}

impl Told {
    /// The page on which it is seen to; none where the reader may not see the asset any more.
    pub fn path(&self) -> Option<String> {
        let id = self.row.subject_id;
        let code = self.asset.as_ref().map(|asset| asset.code.clone());
        match self.row.kind {
            Kind::Assigned | Kind::Returned | Kind::Checked | Kind::Escalated => {
                Some(format!("/findings/{}/{}", code?, self.row.rule?.code()))
            }
            Kind::OrderOpened
            | Kind::OrderApproved
            | Kind::OrderReturned
            | Kind::OrderDone
            | Kind::OrderAccepted
            | Kind::OrderDismissed => code.map(|_| format!("/work-orders/{id}")),
            Kind::FaultReported => code.map(|_| format!("/fault-reports/{id}")),
            Kind::MonthRecorded | Kind::MonthApproved => Some(format!("/welfare-posts/{id}")),
            Kind::OverspendAsked | Kind::OverspendApproved | Kind::OverspendDeclined => {
                Some(format!("/budgets/{id}"))
            }
            Kind::DutyAssigned => Some(format!("/assets/{}/duty", code?)),
        }
    }

    /// The same as a line of a digest.
    pub fn item(&self) -> Item {
        Item {
            label: self.row.kind.label(),
            name: self.asset.as_ref().map(|asset| asset.name.clone()),
            n: u64::try_from(self.row.n).unwrap_or(1),
            on: Some(day_of(self.row.at)),
            path: self.path().unwrap_or_else(|| "/reminders".to_owned()),
        }
    }
}

/// What an account is told of.
#[derive(Clone, Debug)]
pub struct Reminders {
    /// What falls due; kinds of which there is nothing are left out.
    pub falling: Vec<Falling>,
    /// What the log has, the newest first.
    pub told: Vec<Told>,
    /// The position to mark as read.
    pub upto: i64,
    /// The position before which there is more.
    pub next: Option<i64>,
}

/// What an account is told of, before a position of the log.
pub async fn list(
    ledger: &Ledger,
    actor: &Actor,
    before: Option<i64>,
    limit: u64,
) -> Result<Reminders> {
    let read = ledger.read(actor);
    let mark = read.reminder_mark().await?;
    let local = read.local_rules([actor.area()]).await?;
    let recipients = read.recipients().await?;
    let now = ledger.clock().now();
    let (rows, is_more) = read.reminders(&recipients, before, (now, limit)).await?;
    let next = rows.last().filter(|_| is_more).map(|last| last.seq);
    let seen = mark.as_ref().map_or(-1, |mark| mark.seq);
    let upto = rows.first().map_or(seen, |row| row.seq.max(seen));
    let falling = if before.is_some() {
        Vec::new()
    } else {
        let seen = (mark.as_ref().map(|mark| mark.read_on), ledger.first_reminder_day());
        falling(&read, &Span::of(&read, &local, seen)).await?
    };
    let mut ids: Vec<AssetId> = rows.iter().filter_map(|row| row.asset_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let assets = read.some::<asset::Entity>(&ids).await?.into_iter();
    let assets: HashMap<AssetId, asset::Model> = assets.map(|one| (one.id, one)).collect();
    let told = rows.into_iter().map(|row| Told {
        asset: row.asset_id.and_then(|id| assets.get(&id).cloned()),
        is_new: row.seq > seen,
        row,
    });
    Ok(Reminders { falling, told: told.collect(), upto, next })
}

async fn falling(read: &Read<'_>, days: &Span) -> Result<Vec<Falling>> {
    let role = read.actor().role();
    let mut falling = Vec::new();
    for due in Due::ALL.into_iter().filter(|due| due.concerns(role)) {
        let n = read.n_dated(due.dated(), days.now(due)).await?;
        if n == 0 {
            continue;
        }
        let n_new = match days.read {
            Some(read) if read >= days.today => 0,
            _ => read.n_dated(due.dated(), days.fresh(due)).await?,
        };
        falling.push(Falling { due, n, n_new });
    }
    Ok(falling)
}

/// What falls due for an account now.
pub async fn falling_now(ledger: &Ledger, actor: &Actor) -> Result<Vec<Falling>> {
    let read = ledger.read(actor);
    let mark = read.reminder_mark().await?;
    let local = read.local_rules([actor.area()]).await?;
    let seen = (mark.map(|mark| mark.read_on), ledger.first_reminder_day());
    falling(&read, &Span::of(&read, &local, seen)).await
}

/// Marks what an account was shown as read, up to a position of its county's log.
pub async fn mark_read(ledger: &Ledger, actor: &Actor, upto: i64) -> Result<()> {
    let account = actor.account().ok_or(Error::Forbidden)?;
    let last = ledger.read(actor).last_reminder().await?;
    // what is not there yet cannot have been seen
    ledger.mark_reminders(account, upto.clamp(-1, last)).await
}
