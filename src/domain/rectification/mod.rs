//! 整改: what becomes of a finding. Somebody is asked to act by a day, does it, says so; somebody
//! else checks it (domain.md §4). The finding itself is computed by the rules: where it clears, the
//! rectification is closed out with it, and where it comes back a new round begins.
//!
//! ```text
//!            begin            report           check
//!   未办 ──────────▶ 在办 ──────────▶ 已办待核 ──────────▶ 销号
//!     └──────────────report────────────▲  │                 ▲
//!                      ▲               └──┼ sent back       │
//!                      └──────────────────┘  the finding clears, from anywhere
//! ```

use chrono::{DateTime, NaiveDate};
use entity::{
    account::{self, Role},
    asset,
    finding::{self, Rule},
    id::{AccountId, OrganizationId, RectificationId},
    language::Label,
    organization,
    rectification::{Closing, Model, Rung, State},
};

mod late;

pub use late::{Patience, holds, next_raise, raise};

use super::{
    asset::{held, reasoned},
    permission::{Action, permits},
    refusal::Refusal,
};
use crate::{fields, limits};

fields! {
    /// The fields of a rectification; only its own actions change them.
    pub FIELDS of Model {
        rule: Rule = "问题代码" "rule" Fixed;
        round: i32 = "第几轮" "round" Fixed;
        state: State = "整改状态" "state of the rectification" Fixed;
        due_on: Option<NaiveDate> = "整改期限" "due on" Fixed;
        note: Option<String> = "交办要求" "what is asked" Fixed;
        report: Option<String> = "整改情况" "what was done" Fixed;
        returned: Option<String> = "退回理由" "why it was sent back" Fixed;
        n_escalated: i32 = "督办次数" "times escalated" Fixed;
        escalated_to: Option<Rung> = "督办到" "escalated to" Fixed;
        escalation: Option<String> = "督办意见" "what was said when it was escalated" Fixed;
        closing: Option<Closing> = "销号依据" "why it was closed out" Fixed;
        closed_on: Option<NaiveDate> = "销号日" "closed out on" Fixed;
        cleared_on: Option<NaiveDate> = "问题消除日" "the finding cleared on" Fixed;
    }
}

/// Who is to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bearer {
    /// Somebody with an account.
    Account(AccountId),
    /// An organization; whoever acts for it in the area says so.
    Organization(OrganizationId),
}

impl Bearer {
    /// Who is to act by a row.
    pub fn of(row: &Model) -> Option<Bearer> {
        let organization = row.organization_id.map(Bearer::Organization);
        row.account_id.map(Bearer::Account).or(organization)
    }

    /// One key for an account or an organization, as a finding repeats it.
    pub fn key(self) -> String {
        match self {
            Bearer::Account(id) => format!("account:{id}"),
            Bearer::Organization(id) => format!("organization:{id}"),
        }
    }

    /// Reads such a key.
    pub fn read(key: &str) -> Option<Bearer> {
        let (kind, id) = key.split_once(':')?;
        let id = id.parse().ok().filter(|id| *id > 0)?;
        match kind {
            "account" => Some(Bearer::Account(AccountId(id))),
            "organization" => Some(Bearer::Organization(OrganizationId(id))),
            _ => None,
        }
    }

    const fn columns(self) -> (Option<AccountId>, Option<OrganizationId>) {
        match self {
            Bearer::Account(id) => (Some(id), None),
            Bearer::Organization(id) => (None, Some(id)),
        }
    }
}

/// What is asked of whoever is to act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Who.
    pub bearer: Bearer,
    /// By when, that day included.
    pub due_on: NaiveDate,
    /// What is asked.
    pub note: Option<String>,
}

/// One finding, and the rounds of rectifying it there were.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The asset.
    pub asset: &'a asset::Model,
    /// The rule.
    pub rule: Rule,
    /// What the rules found, if they ever did.
    pub finding: Option<&'a finding::Model>,
    /// Every round on the asset, past and present, whatever its rule.
    pub rounds: &'a [Model],
}

impl<'a> Case<'a> {
    /// The round that runs.
    pub fn live(&self) -> Option<&'a Model> {
        self.rounds.iter().find(|round| round.rule == self.rule && round.state.is_live())
    }

    /// The version of the round that runs; 0 while none does.
    pub fn version(&self) -> i64 {
        self.live().map_or(0, |round| round.version)
    }

    /// The round that runs, or a new one for a finding that stands.
    fn round(&self) -> Result<(Option<&'a Model>, Model), Refusal> {
        held(self.asset)?;
        let stands = self.finding.filter(|finding| finding.closed_on.is_none());
        let Some(finding) = stands else { return Err(Refusal::not_open(self.rule)) };
        if finding.is_waived {
            return Err(Refusal::finding_waived());
        }
        let live = self.live();
        Ok((live, live.cloned().unwrap_or_else(|| self.blank())))
    }

    fn blank(&self) -> Model {
        let rounds = self.rounds.iter().filter(|round| round.rule == self.rule);
        Model {
            id: RectificationId(0),
            area_code: self.asset.area_code,
            asset_id: self.asset.id,
            rule: self.rule,
            round: rounds.map(|round| round.round).max().unwrap_or(0) + 1,
            state: State::Open,
            account_id: None,
            organization_id: None,
            due_on: None,
            note: None,
            report: None,
            reported_by: None,
            returned: None,
            n_escalated: 0,
            escalated_to: None,
            escalation: None,
            closing: None,
            closed_on: None,
            cleared_on: None,
            version: 0,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }
}

/// What an action makes of a case: the round that ran before, if one did, and the round since.
pub type Step<'a> = (Option<&'a Model>, Model);

/// Asks somebody to act by a day. Whoever is asked anew begins anew; another day alone changes
/// nothing of how far it has come. Once it was escalated past somebody, they give it no more time.
pub fn assign<'a>(
    case: Case<'a>,
    charge: &Charge,
    role: Role,
    today: NaiveDate,
) -> Result<Step<'a>, Refusal> {
    let (live, round) = case.round()?;
    if charge.due_on < today {
        return Err(Refusal::day_passed(charge.due_on));
    }
    if (charge.due_on - today).num_days() > limits::RECTIFICATION_DAYS {
        return Err(Refusal::rectification_too_long(limits::RECTIFICATION_DAYS));
    }
    let note = charge.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    note.map_or(Ok(()), reasoned)?;
    if round.state == State::Done {
        return Err(Refusal::rectification_to_check());
    }
    late::may_extend(&round, charge.due_on, role)?;
    let (account_id, organization_id) = charge.bearer.columns();
    let is_same = Bearer::of(&round) == Some(charge.bearer);
    let next = Model {
        state: if is_same { round.state } else { State::Open },
        account_id,
        organization_id,
        due_on: Some(charge.due_on),
        note: note.map(str::to_owned),
        ..round.clone()
    };
    if live == Some(&next) { Err(Refusal::nothing_changed()) } else { Ok((live, next)) }
}

/// Asks the level above: from the village the town, from there the department of the county, from
/// there its leader. There it stays, and is counted again.
pub fn escalate<'a>(case: Case<'a>, note: &str) -> Result<Step<'a>, Refusal> {
    reasoned(note)?;
    let (live, round) = case.round()?;
    let next = late::above(&round).unwrap_or(Rung::Leader);
    Ok((live, late::raised(&round, next, Some(note.trim().to_owned()))))
}

/// Refuses where somebody else was asked by name.
fn own(round: &Model, actor: Option<AccountId>) -> Result<(), Refusal> {
    match Bearer::of(round) {
        Some(Bearer::Account(id)) if Some(id) != actor => Err(Refusal::rectification_of_another()),
        _ => Ok(()),
    }
}

/// Refuses where a round is not as an action needs it.
fn in_state(round: &Model, is_right: bool) -> Result<(), Refusal> {
    let label = round.state.label();
    if is_right { Ok(()) } else { Err(Refusal::rectification_in_state(label.zh, label.en)) }
}

/// Begins. Where nobody was asked yet, it is taken over by whoever begins.
pub fn begin(round: &Model, actor: Option<AccountId>) -> Result<Model, Refusal> {
    in_state(round, round.state == State::Open)?;
    own(round, actor)?;
    let taken = Bearer::of(round).is_none();
    let account_id = if taken { actor } else { round.account_id };
    Ok(Model { state: State::Underway, account_id, ..round.clone() })
}

/// Says what was done.
pub fn report(round: &Model, actor: Option<AccountId>, what: &str) -> Result<Model, Refusal> {
    in_state(round, round.state.is_to_do())?;
    own(round, actor)?;
    said(what)?;
    Ok(Model {
        state: State::Done,
        report: Some(what.trim().to_owned()),
        reported_by: actor,
        ..round.clone()
    })
}

fn said(what: &str) -> Result<(), Refusal> {
    if what.trim().is_empty() { Err(Refusal::report_missing()) } else { reasoned(what) }
}

/// What somebody who checks says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// It is done.
    Accepted,
    /// It is not, and why.
    Returned(&'a str),
}

/// Checks what was reported; never one's own report.
pub fn check(
    round: &Model,
    actor: Option<AccountId>,
    verdict: Verdict<'_>,
    today: NaiveDate,
) -> Result<Model, Refusal> {
    in_state(round, round.state == State::Done)?;
    if round.reported_by == actor {
        return Err(Refusal::own_report());
    }
    match verdict {
        Verdict::Accepted => Ok(Model {
            state: State::ClosedOut,
            closing: Some(Closing::Checked),
            closed_on: Some(today),
            ..round.clone()
        }),
        Verdict::Returned(reason) => {
            reasoned(reason)?;
            Ok(Model {
                state: State::Underway,
                reported_by: None,
                returned: Some(reason.trim().to_owned()),
                ..round.clone()
            })
        }
    }
}

/// What a round becomes when its finding clears; nothing where it cleared before.
pub fn clear(round: &Model, today: NaiveDate) -> Option<Model> {
    if round.cleared_on.is_some() {
        return None;
    }
    let cleared = Model { cleared_on: Some(today), ..round.clone() };
    Some(if round.state.is_live() {
        Model {
            state: State::ClosedOut,
            closing: Some(Closing::Cleared),
            closed_on: Some(today),
            ..cleared
        }
    } else {
        cleared
    })
}

/// The round that a finding repeats: while it stands the last one that has not cleared, after that
/// the last there was.
pub fn current(rounds: &[Model], rule: Rule, is_open: bool) -> Option<&Model> {
    let of_rule = rounds.iter().filter(|round| round.rule == rule);
    let shown = of_rule.filter(|round| !is_open || round.cleared_on.is_none());
    shown.max_by_key(|round| round.round)
}

/// A finding with what it repeats of its rounds.
pub fn repeated(finding: &finding::Model, rounds: &[Model]) -> finding::Model {
    let round = current(rounds, finding.rule, finding.closed_on.is_none());
    finding::Model {
        progress: round.map(|round| round.state),
        due_on: round.and_then(|round| round.due_on),
        bearer: round.and_then(Bearer::of).map(Bearer::key),
        reporter: round.and_then(|round| round.reported_by),
        escalated_to: round.and_then(|round| round.escalated_to),
        ..finding.clone()
    }
}

/// Whether something is late: its last day has passed, and it is not done.
pub fn is_overdue(progress: Option<State>, due_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    progress.is_some_and(State::is_to_do) && due_on.is_some_and(|due| due < today)
}

/// Whether an account may be asked to mend something of an asset.
pub fn may_act(account: &account::Model, asset: &asset::Model) -> bool {
    account.state == account::State::Active
        && account.area_code.covers(&asset.area_code)
        && permits(account.role, Action::ReportRectification)
}

/// The kinds of organization for which somebody of a role acts where they are in charge.
pub const fn units_of(role: Role) -> &'static [organization::Kind] {
    use organization::Kind;
    match role {
        Role::TownshipClerk => &[Kind::TownGovernment],
        Role::VillageOfficer => &[Kind::VillageCommittee, Kind::Collective],
        Role::FinanceClerk | Role::RuralOfficer | Role::DepartmentOfficer => &[Kind::Department],
        _ => &[],
    }
}

/// What people call a finding for whose rectification nobody was asked.
pub const UNASKED: Label = Label::new("未交办", "nobody asked");

#[cfg(test)]
mod tests;
