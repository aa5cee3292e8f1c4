//! 资产盘活: one plan for one asset that lies idle or yields little (一资产一方案, domain.md §2.8, §5): proposed,
//! approved by somebody else, carried out, and verified by somebody else than whoever reported it. What
//! is verified puts the asset back into use.
//!
//! ```text
//!           approve            report             verify
//!  待批准 ──────────▶ 实施中 ──────────▶ 待核验 ──────────▶ 已盘活
//!    ▲  ◀──────amend──┘  ▲ └─────sent back─┘
//!    └─ amend            end, for a reason, at any time: 已终止
//! ```

mod rate;

use chrono::{DateTime, NaiveDate};
use entity::{
    asset::{self, IdleReason, UseState},
    id::{AccountId, OrganizationId, RevivalId},
    money::Money,
    revival::{Batch, Mode, Model, State},
};

pub use rate::{Sum, rate_bp};

use super::{
    asset::{held, reasoned},
    deficiency::exists_since,
    refusal::Refusal,
};
use crate::{fields, limits};

fields! {
    /// The fields of a plan; only its own actions change them.
    pub FIELDS of Model {
        use_state: UseState = "提出时的使用状态" "use when it was proposed" Fixed;
        needed_since: NaiveDate = "需盘活起始日" "needed since" Fixed;
        reason: IdleReason = "闲置低效原因" "why it lies idle" Fixed;
        mode: Mode = "盘活方式" "how" Fixed;
        batch: Batch = "四个一批" "part of the four batches" Fixed;
        measures: String = "盘活措施" "measures" Fixed;
        target_on: NaiveDate = "盘活目标日期" "to be back in use by" Fixed;
        state: State = "方案状态" "state of the plan" Fixed;
        value: Money = "盘活资产原值（元）" "original value (yuan)" Fixed;
        proposed_on: NaiveDate = "提出日期" "proposed on" Fixed;
        approved_on: Option<NaiveDate> = "批准日期" "approved on" Fixed;
        report: Option<String> = "完成情况" "what was done" Fixed;
        outcome: Option<UseState> = "盘活后的使用状态" "how it is used since" Fixed;
        reported_on: Option<NaiveDate> = "报完成日期" "reported on" Fixed;
        evidence: Option<String> = "核验依据" "what was seen of it" Fixed;
        returned: Option<String> = "退回理由" "why it was sent back" Fixed;
        n_returned: i32 = "退回次数" "times sent back" Fixed;
        ended_why: Option<String> = "终止理由" "why it ended" Fixed;
        ended_on: Option<NaiveDate> = "办结日期" "came to its end on" Fixed;
    }
}

/// What somebody proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Why it lies idle or yields little.
    pub reason: IdleReason,
    /// How it is to be brought back into use.
    pub mode: Mode,
    /// Which part of the 四个一批 it belongs to.
    pub batch: Batch,
    /// What is to be done.
    pub measures: String,
    /// The day by which it is to be back in use.
    pub target_on: NaiveDate,
    /// Who sees to it.
    pub organization: OrganizationId,
}

/// Whether an asset needs to be brought back into use.
pub const fn is_needed(asset: &asset::Model) -> bool {
    matches!(asset.use_state, Some(UseState::Idle | UseState::LowYield))
}

/// Whether a plan runs past its day.
pub fn is_overdue(row: &Model, today: NaiveDate) -> bool {
    row.state.is_running() && row.target_on < today
}

/// What is wrong with a plan itself.
fn fit(plan: &Plan, today: NaiveDate) -> Result<(), Refusal> {
    reasoned(&plan.measures)?;
    if plan.target_on < today {
        return Err(Refusal::day_passed(plan.target_on));
    }
    if (plan.target_on - today).num_days() > limits::REVIVAL_DAYS {
        return Err(Refusal::revival_too_long(limits::REVIVAL_DAYS));
    }
    Ok(())
}

fn value(asset: &asset::Model) -> Money {
    asset.original_value.unwrap_or(Money::ZERO)
}

/// Proposes a plan; `standing` are those of the asset.
pub fn propose(
    asset: &asset::Model,
    standing: &[Model],
    plan: &Plan,
    (who, today): (Option<AccountId>, NaiveDate),
) -> Result<Model, Refusal> {
    held(asset)?;
    let needed = asset.use_state.filter(|_| is_needed(asset));
    let use_state = needed.ok_or_else(Refusal::revival_not_needed)?;
    if let Some(row) = standing.iter().find(|row| row.state.is_running()) {
        return Err(Refusal::revival_runs(row.target_on));
    }
    fit(plan, today)?;
    let since = asset.idle_since.unwrap_or_else(|| exists_since(asset));
    let blank = Model {
        id: RevivalId(0),
        area_code: asset.area_code,
        asset_id: asset.id,
        use_state,
        needed_since: since.min(today),
        reason: plan.reason,
        mode: plan.mode,
        batch: plan.batch,
        measures: String::new(),
        target_on: plan.target_on,
        organization_id: plan.organization,
        state: State::Proposed,
        value: value(asset),
        proposed_by: who,
        proposed_on: today,
        approved_by: None,
        approved_on: None,
        report: None,
        outcome: None,
        reported_by: None,
        reported_on: None,
        evidence: None,
        verified_by: None,
        returned: None,
        n_returned: 0,
        ended_why: None,
        ended_on: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    };
    Ok(planned(&blank, plan))
}

fn planned(row: &Model, plan: &Plan) -> Model {
    Model {
        reason: plan.reason,
        mode: plan.mode,
        batch: plan.batch,
        measures: plan.measures.trim().to_owned(),
        target_on: plan.target_on,
        organization_id: plan.organization,
        ..row.clone()
    }
}

fn in_state(row: &Model) -> Refusal {
    let label = row.state.label();
    Refusal::revival_in_state(label.zh, label.en)
}

/// Amends a plan that is not done; another plan waits for another approval.
pub fn amend(
    row: &Model,
    plan: &Plan,
    (who, today): (Option<AccountId>, NaiveDate),
) -> Result<Model, Refusal> {
    if !matches!(row.state, State::Proposed | State::Approved) {
        return Err(in_state(row));
    }
    let next = planned(row, plan);
    if next == *row {
        return Err(Refusal::nothing_changed());
    }
    fit(plan, today)?;
    Ok(Model {
        state: State::Proposed,
        proposed_by: who,
        approved_by: None,
        approved_on: None,
        ..next
    })
}

/// Approves a plan: not whoever proposed it.
pub fn approve(
    row: &Model,
    (who, today): (Option<AccountId>, NaiveDate),
) -> Result<Model, Refusal> {
    if row.state != State::Proposed {
        return Err(in_state(row));
    }
    if who.is_some() && who == row.proposed_by {
        return Err(Refusal::own_revival());
    }
    Ok(Model { state: State::Approved, approved_by: who, approved_on: Some(today), ..row.clone() })
}

/// Says that the asset is back in use, and how.
pub fn report(
    row: &Model,
    (what, outcome): (&str, UseState),
    (who, today): (Option<AccountId>, NaiveDate),
) -> Result<Model, Refusal> {
    if row.state != State::Approved {
        return Err(in_state(row));
    }
    if !OUTCOMES.contains(&outcome) {
        return Err(Refusal::revival_outcome());
    }
    reasoned(what)?;
    Ok(Model {
        state: State::Done,
        report: Some(what.trim().to_owned()),
        outcome: Some(outcome),
        reported_by: who,
        reported_on: Some(today),
        ..row.clone()
    })
}

/// How an asset that is back in use may be used.
pub const OUTCOMES: [UseState; 3] = [UseState::InUse, UseState::Leased, UseState::Lent];

/// Refuses whoever reported it: nobody verifies their own work.
fn of_another(row: &Model, who: Option<AccountId>) -> Result<(), Refusal> {
    if row.state != State::Done {
        return Err(in_state(row));
    }
    if who.is_some() && who == row.reported_by {
        return Err(Refusal::own_revival_report());
    }
    Ok(())
}

/// Verifies that the asset is back in use: the plan is closed, and the card says how it is used.
pub fn verify(
    row: &Model,
    asset: &asset::Model,
    evidence: &str,
    (who, today): (Option<AccountId>, NaiveDate),
) -> Result<(Model, asset::Model), Refusal> {
    of_another(row, who)?;
    held(asset)?;
    if evidence.trim().is_empty() {
        return Err(Refusal::revival_evidence_missing());
    }
    reasoned(evidence)?;
    let closed = Model {
        state: State::Closed,
        value: value(asset),
        evidence: Some(evidence.trim().to_owned()),
        verified_by: who,
        ended_on: Some(today),
        ..row.clone()
    };
    let used = asset::Model {
        use_state: row.outcome.or(asset.use_state),
        idle_since: None,
        idle_reason: None,
        ..asset.clone()
    };
    Ok((closed, used))
}

/// Sends it back: it is not so yet.
pub fn send_back(row: &Model, why: &str, who: Option<AccountId>) -> Result<Model, Refusal> {
    of_another(row, who)?;
    reasoned(why)?;
    Ok(Model {
        state: State::Approved,
        returned: Some(why.trim().to_owned()),
        n_returned: row.n_returned + 1,
        ..row.clone()
    })
}

/// Ends a plan that is not carried through.
pub fn end(row: &Model, why: &str, today: NaiveDate) -> Result<Model, Refusal> {
    if !row.state.is_running() {
        return Err(in_state(row));
    }
    reasoned(why)?;
    Ok(Model {
        state: State::Ended,
        ended_why: Some(why.trim().to_owned()),
        ended_on: Some(today),
        ..row.clone()
    })
}

#[cfg(test)]
mod tests;
