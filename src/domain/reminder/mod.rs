//! 提醒: who is told of what a changed row says (ux.md §3.9, §3.11). Pure: a row before and after is
//! all it takes. Nobody is told of what they did themselves; the door leaves that out.

use std::any::Any;

use entity::{
    account::Role,
    area::{AreaCode, Level},
    attendance, duty, fault_report,
    finding::Rule,
    id::{AccountId, AssetId},
    overspend,
    rectification::{self, Closing},
    reminder::Kind,
    work_order,
};

use crate::domain::rectification::{Bearer, holds};

/// What somebody is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Whom it is for.
    pub recipient: String,
    /// What it is.
    pub kind: Kind,
    /// The row by which it is looked up.
    pub subject: i64,
    /// The asset it is about.
    pub asset: Option<AssetId>,
    /// The rule, where it is a finding.
    pub rule: Option<Rule>,
}

/// What is told of one row, before it is said to whom.
struct Told {
    subject: i64,
    asset: Option<AssetId>,
    rule: Option<Rule>,
    area: AreaCode,
    calls: Vec<Call>,
}

impl Told {
    fn of(area: AreaCode, subject: i64, asset: Option<AssetId>) -> Told {
        Told { subject, asset, rule: None, area, calls: Vec::new() }
    }

    fn tell(&mut self, kind: Kind, recipients: impl IntoIterator<Item = String>) {
        let (subject, asset, rule) = (self.subject, self.asset, self.rule);
        let calls =
            recipients.into_iter().map(|recipient| Call { recipient, kind, subject, asset, rule });
        self.calls.extend(calls);
    }

    fn tell_account(&mut self, kind: Kind, account: Option<AccountId>) {
        self.tell(kind, account.map(own));
    }

    fn tell_desks(&mut self, kind: Kind, roles: &[Role]) {
        let desks = roles.iter().filter_map(|role| desk(*role, self.area));
        self.tell(kind, desks.collect::<Vec<_>>());
    }
}

/// An account as a recipient.
pub fn own(account: AccountId) -> String {
    Bearer::Account(account).key()
}

/// The level at which a role has its desk.
const fn level_of(role: Role) -> Level {
    match role {
        Role::VillageOfficer => Level::Village,
        Role::TownshipClerk => Level::Town,
        _ => Level::County,
    }
}

/// A role at the place of its desk as a recipient: all who act in it there. None where what happened
/// lies above it.
pub fn desk(role: Role, area: AreaCode) -> Option<String> {
    let level = level_of(role);
    (area.level() >= level).then(|| format!("{}:{}", role.code(), area.at(level)))
}

/// Whoever sees to what is to be mended on the spot.
const ON_THE_SPOT: &[Role] = &[Role::VillageOfficer, Role::TownshipClerk];

/// Who is told what of a row.
pub fn calls<M: Any>(before: Option<&M>, after: &M) -> Vec<Call> {
    macro_rules! tried {
        ($($of:ident $model:ty;)+) => {$(
            if let Some(after) = (after as &dyn Any).downcast_ref::<$model>() {
                let before = before.and_then(|row| (row as &dyn Any).downcast_ref::<$model>());
                return $of(before, after).calls;
            }
        )+};
    }
    tried! {
        rectified rectification::Model;
        repaired work_order::Model;
        reported fault_report::Model;
        attended attendance::Model;
        overspent overspend::Model;
        assigned duty::Model;
    }
    Vec::new()
}

fn rectified(before: Option<&rectification::Model>, after: &rectification::Model) -> Told {
    let mut told = Told::of(after.area_code, after.id.0, Some(after.asset_id));
    told.rule = Some(after.rule);
    let bearer = Bearer::of(after);
    let borne = || bearer.map(Bearer::key);
    if bearer.is_some() && before.and_then(Bearer::of) != bearer {
        told.tell(Kind::Assigned, borne());
    }
    if after.returned.is_some() && before.is_some_and(|row| row.state > after.state) {
        told.tell(Kind::Returned, borne());
    }
    let is_new = before.is_none_or(|row| row.closing != after.closing);
    if after.closing == Some(Closing::Checked) && is_new {
        told.tell(Kind::Checked, borne());
        if after.reported_by.map(Bearer::Account) != bearer {
            told.tell_account(Kind::Checked, after.reported_by);
        }
    }
    let is_raised = after.escalated_to.is_some()
        && before.is_none_or(|row| {
            (row.n_escalated, row.escalated_to) != (after.n_escalated, after.escalated_to)
        });
    if is_raised {
        let rung = after.escalated_to;
        let roles: Vec<Role> = Role::of_accounts().filter(|role| holds(*role) == rung).collect();
        told.tell_desks(Kind::Escalated, &roles);
    }
    told
}

fn repaired(before: Option<&work_order::Model>, after: &work_order::Model) -> Told {
    use work_order::State;
    let mut told = Told::of(after.area_code, after.id.0, Some(after.asset_id));
    let Some(before) = before else {
        told.tell_desks(Kind::OrderOpened, ON_THE_SPOT);
        return told;
    };
    if after.approved.is_some() && before.approved != after.approved {
        told.tell_account(Kind::OrderApproved, after.estimated_by);
    }
    if after.n_returned > before.n_returned {
        told.tell_account(Kind::OrderReturned, before.reported_by);
    }
    if before.state != after.state {
        match after.state {
            State::Done => told.tell_desks(Kind::OrderDone, ON_THE_SPOT),
            State::Accepted => told.tell_account(Kind::OrderAccepted, after.reported_by),
            State::Dismissed => told.tell_desks(Kind::OrderDismissed, ON_THE_SPOT),
            State::Waiting | State::Dispatched | State::Underway => {}
        }
    }
    told
}

fn reported(before: Option<&fault_report::Model>, after: &fault_report::Model) -> Told {
    let mut told = Told::of(after.area_code, after.id.0, Some(after.asset_id));
    if before.is_none() {
        told.tell_desks(Kind::FaultReported, ON_THE_SPOT);
    }
    told
}

fn attended(before: Option<&attendance::Model>, after: &attendance::Model) -> Told {
    let mut told = Told::of(after.area_code, after.post_id.0, None);
    if after.approved_on.is_none() {
        told.tell_desks(Kind::MonthRecorded, &[Role::TownshipClerk]);
    } else if before.is_none_or(|row| row.approved_on.is_none()) {
        told.tell_account(Kind::MonthApproved, after.recorded_by);
    }
    told
}

fn overspent(before: Option<&overspend::Model>, after: &overspend::Model) -> Told {
    use overspend::State;
    let mut told = Told::of(after.area_code, after.budget_id.0, None);
    if before.is_some_and(|row| row.state == after.state) {
        return told;
    }
    match after.state {
        State::Asked => {
            told.tell_desks(Kind::OverspendAsked, &[Role::FinanceApprover, Role::FinanceClerk]);
        }
        State::Approved => told.tell_account(Kind::OverspendApproved, after.asked_by),
        State::Declined => told.tell_account(Kind::OverspendDeclined, after.asked_by),
    }
    told
}

fn assigned(before: Option<&duty::Model>, after: &duty::Model) -> Told {
    let mut told = Told::of(after.area_code, after.id.0, Some(after.asset_id));
    if before.is_none() {
        told.tell_desks(Kind::DutyAssigned, ON_THE_SPOT);
    }
    told
}

#[cfg(test)]
mod tests;
