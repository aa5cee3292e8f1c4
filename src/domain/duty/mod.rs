//! 管护: assigning a maintainer or a keeper; duties of one kind never overlap, gaps stay visible
//! (domain.md §2.6, §4).

use chrono::{DateTime, Days, NaiveDate};
use entity::{
    area::AreaCode,
    asset,
    duty::{BudgetSource, EndReason, Kind, Mode, Model, Tier},
    id::{AssetId, DutyId},
    money::Money,
};

use super::{asset::held, mistake::Mistakes, refusal::Refusal, title::Party};
use crate::fields;

fields! {
    /// The fields of a duty that a sheet may carry.
    pub FIELDS of Model {
        kind: Kind = "责任类型" "duty kind" Fixed;
        tier: Option<Tier> = "管护层级" "tier" Amend;
        mode: Option<Mode> = "管护模式" "mode" Amend;
        task: Option<String> = "管护内容" "task" Amend;
        standard: Option<String> = "管护标准" "standard" Amend;
        interval_days: Option<i32> = "巡查间隔（天）" "inspection interval (days)" Amend;
        agreement_no: Option<String> = "管护协议号" "agreement no." Amend;
        from_on: Option<NaiveDate> = "管护起始日" "from" Amend;
        until_on: Option<NaiveDate> = "管护截止日" "until" Amend;
        annual_budget: Option<Money> = "年度管护经费" "annual budget" Amend;
        budget_source: Option<BudgetSource> = "经费来源" "budget source" Amend;
        is_funded: Option<bool> = "经费是否落实" "funded" Amend;
    }
}

/// What a duty asks, apart from who bears it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// At which level.
    pub tier: Option<Tier>,
    /// How.
    pub mode: Option<Mode>,
    /// What is to be done.
    pub task: Option<String>,
    /// By what standard.
    pub standard: Option<String>,
    /// Days between two inspections.
    pub interval_days: Option<i32>,
    /// Number of the agreement.
    pub agreement_no: Option<String>,
    /// First day; empty only for rows of an old sheet.
    pub from_on: Option<NaiveDate>,
    /// Last day, inclusive.
    pub until_on: Option<NaiveDate>,
    /// Money for a year.
    pub annual_budget: Option<Money>,
    /// Where it comes from.
    pub budget_source: Option<BudgetSource>,
    /// Whether it is there.
    pub is_funded: Option<bool>,
}

impl Terms {
    /// The terms of a stored duty.
    pub fn of(duty: &Model) -> Terms {
        Terms {
            tier: duty.tier,
            mode: duty.mode,
            task: duty.task.clone(),
            standard: duty.standard.clone(),
            interval_days: duty.interval_days,
            agreement_no: duty.agreement_no.clone(),
            from_on: duty.from_on,
            until_on: duty.until_on,
            annual_budget: duty.annual_budget,
            budget_source: duty.budget_source,
            is_funded: duty.is_funded,
        }
    }
}

/// A duty of a kind for an asset, not yet borne by anybody.
pub fn blank(kind: Kind, asset_id: AssetId, area_code: AreaCode) -> Model {
    Model {
        id: DutyId(0),
        area_code,
        asset_id,
        kind,
        organization_id: None,
        person_id: None,
        tier: None,
        mode: None,
        task: None,
        standard: None,
        interval_days: None,
        agreement_no: None,
        from_on: None,
        until_on: None,
        annual_budget: None,
        budget_source: None,
        is_funded: None,
        end_reason: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// The duty that terms and a party make.
pub fn with(kind: Kind, asset: &asset::Model, party: Party, terms: &Terms) -> Model {
    let (organization_id, person_id) = party.columns();
    let terms = terms.clone();
    Model {
        organization_id,
        person_id,
        tier: terms.tier,
        mode: terms.mode,
        task: terms.task,
        standard: terms.standard,
        interval_days: terms.interval_days,
        agreement_no: terms.agreement_no,
        from_on: terms.from_on,
        until_on: terms.until_on,
        annual_budget: terms.annual_budget,
        budget_source: terms.budget_source,
        is_funded: terms.is_funded,
        ..blank(kind, asset.id, asset.area_code)
    }
}

/// What assigning a duty does: the duty that gives way, and the one that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The running duty and its closed next row.
    pub succeeded: Option<(Model, Model)>,
    /// The duty that begins.
    pub begun: Model,
}

/// Assigns a duty. A duty of the same kind that runs when the new one begins gives way to it on
/// the day before; any other overlap is refused.
pub fn assign(
    asset: &asset::Model,
    kind: Kind,
    party: Party,
    terms: &Terms,
    existing: &[Model],
) -> Result<Assignment, Refusal> {
    held(asset)?;
    if asset.form.is_claim() {
        return Err(Refusal::claim_has_no_upkeep());
    }
    check_party(kind, party)?;
    let begun = with(kind, asset, party, terms);
    check_term(&begun)?;
    let same: Vec<&Model> = existing.iter().filter(|duty| duty.kind == kind).collect();
    let running = begun.from_on.and_then(|from| {
        same.iter()
            .copied()
            .find(|duty| duty.runs_on(from) && duty.from_on.is_none_or(|day| day < from))
    });
    let succeeded = running.and_then(|duty| {
        let closed =
            close(duty, begun.from_on?.checked_sub_days(Days::new(1))?, EndReason::Succeeded);
        Some((duty.clone(), closed))
    });
    for duty in same {
        // told apart by place, because rows that are not stored yet have no ids
        let gives_way = running.is_some_and(|running| std::ptr::eq(running, duty));
        if !gives_way && overlap(duty, &begun) {
            return Err(Refusal::overlaps(kind, duty.from_on));
        }
    }
    Ok(Assignment { succeeded, begun })
}

/// What is wrong with the terms of a duty.
pub fn check(terms: &Terms) -> Mistakes {
    let mut mistakes = Mistakes::default();
    mistakes.require(
        terms.annual_budget.is_none_or(|money| money >= Money::ZERO),
        "annual_budget",
        || terms.annual_budget.map(|money| money.to_string()).unwrap_or_default(),
        "金额不能为负",
        "an amount may not be negative",
    );
    mistakes.require(
        terms.interval_days.is_none_or(|days| days > 0),
        "interval_days",
        || terms.interval_days.map(|days| days.to_string()).unwrap_or_default(),
        "巡查间隔至少 1 天",
        "at least one day between two inspections",
    );
    mistakes
}

/// A maintainer is an organization, a keeper a person.
pub fn check_party(kind: Kind, party: Party) -> Result<(), Refusal> {
    match (kind, party) {
        (Kind::Maintainer, Party::Organization(_)) | (Kind::Keeper, Party::Person(_)) => Ok(()),
        (Kind::Maintainer, Party::Person(_)) | (Kind::Keeper, Party::Organization(_)) => {
            Err(Refusal::wrong_party(kind.label().zh, kind.label().en))
        }
    }
}

/// Refuses a term that ends before it begins.
pub fn check_term(duty: &Model) -> Result<(), Refusal> {
    match (duty.from_on, duty.until_on) {
        (Some(from), Some(until)) if until < from => Err(Refusal::term_reversed()),
        _ => Ok(()),
    }
}

/// Whether two duties share a day. An empty end is open.
pub fn overlap(left: &Model, right: &Model) -> bool {
    let begins_in_time = |from: Option<NaiveDate>, until: Option<NaiveDate>| match (from, until) {
        (Some(from), Some(until)) => from <= until,
        _ => true,
    };
    begins_in_time(left.from_on, right.until_on) && begins_in_time(right.from_on, left.until_on)
}

/// Ends a duty on a day for a reason. It never ends before it began nor later than it would have.
pub fn close(duty: &Model, on: NaiveDate, reason: EndReason) -> Model {
    let on = duty.until_on.map_or(on, |until| until.min(on));
    let on = duty.from_on.map_or(on, |from| from.max(on));
    Model { until_on: Some(on), end_reason: Some(reason), ..duty.clone() }
}

/// Why somebody may end a duty before its term. The other reasons follow from something else: a next
/// duty, an organization that ended, an asset that left the books.
pub const fn reasons_to_end(kind: Kind) -> &'static [EndReason] {
    match kind {
        Kind::Maintainer => &[EndReason::Revoked],
        Kind::Keeper => &[EndReason::Revoked, EndReason::PersonLeft],
    }
}

/// Ends a duty on a day: by its term where no reason is given.
pub fn end(
    duty: &Model,
    on: NaiveDate,
    reason: Option<EndReason>,
    today: NaiveDate,
) -> Result<Model, Refusal> {
    if let Some(until) = over(duty, today) {
        return Err(Refusal::duty_over(until));
    }
    if let Some(reason) = reason.filter(|reason| !reasons_to_end(duty.kind).contains(reason)) {
        let (said, kind) = (reason.label(), duty.kind.label());
        return Err(Refusal::duty_reason_unfit(said.zh, said.en, kind.zh, kind.en));
    }
    if duty.from_on.is_some_and(|from| on < from) {
        return Err(Refusal::term_reversed());
    }
    if let Some(until) = duty.until_on.filter(|until| *until < on) {
        return Err(Refusal::duty_ends_before(until));
    }
    let ended = Model { until_on: Some(on), end_reason: reason, ..duty.clone() };
    if ended == *duty { Err(Refusal::nothing_changed()) } else { Ok(ended) }
}

/// The last day of a duty that is over, or that was ended before.
fn over(duty: &Model, today: NaiveDate) -> Option<NaiveDate> {
    duty.until_on.filter(|until| *until < today || duty.end_reason.is_some())
}

/// What taking an assignment back does: the duty is revoked, and the one that gave way to it goes
/// on from the next day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reversal {
    /// The duty that was assigned, revoked.
    pub revoked: Model,
    /// The former one, begun anew.
    pub resumed: Option<Model>,
}

/// Takes an assignment back. `former` is the duty that gave way to it, as it was before. What was
/// so on days that have passed stays so.
pub fn take_back(
    begun: &Model,
    former: Option<&Model>,
    today: NaiveDate,
) -> Result<Reversal, Refusal> {
    if let Some(until) = over(begun, today) {
        return Err(Refusal::duty_over(until));
    }
    let mut revoked = close(begun, today.pred_opt().unwrap_or(today), EndReason::Revoked);
    if let Some(from) = begun.from_on.filter(|from| *from > today) {
        // what had not begun was borne on no day
        revoked.until_on = from.pred_opt();
    }
    let next = revoked.until_on.and_then(|until| until.succ_opt());
    let goes_on = |former: &&Model| former.until_on.is_none_or(|until| next <= Some(until));
    let resumed = former.filter(goes_on).map(|former| Model {
        id: DutyId(0),
        from_on: next,
        end_reason: None,
        version: 0,
        ..former.clone()
    });
    Ok(Reversal { revoked, resumed })
}

/// A span of days within which nothing changes: who bore a duty, if anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch<'a> {
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub until: NaiveDate,
    /// The duty that ran; none where nobody bore it.
    pub duty: Option<&'a Model>,
}

impl Stretch<'_> {
    /// How many days it has, the first and the last included.
    pub fn days(&self) -> i64 {
        (self.until - self.from).num_days() + 1
    }
}

/// The days from one to another, cut where a duty of a kind begins or ends. One stretch begins on
/// the day after the other ends: what was borne and what was vacant make up the whole.
pub fn continuity(
    duties: &[Model],
    kind: Kind,
    (since, today): (NaiveDate, NaiveDate),
) -> Vec<Stretch<'_>> {
    let mut same: Vec<&Model> = duties.iter().filter(|duty| duty.kind == kind).collect();
    same.sort_by_key(|duty| (duty.from_on, duty.until_on));
    let mut stretches = Vec::with_capacity(2 * same.len() + 1);
    let mut next = Some(since);
    for duty in same {
        let Some(begin) = next else { break };
        let from = duty.from_on.map_or(begin, |from| from.max(begin));
        let until = duty.until_on.map_or(today, |until| until.min(today));
        if until < from {
            continue;
        }
        if let Some(eve) = from.pred_opt().filter(|eve| begin <= *eve) {
            stretches.push(Stretch { from: begin, until: eve, duty: None });
        }
        stretches.push(Stretch { from, until, duty: Some(duty) });
        next = until.succ_opt();
    }
    if let Some(from) = next.filter(|from| *from <= today) {
        stretches.push(Stretch { from, until: today, duty: None });
    }
    stretches
}

#[cfg(test)]
mod tests;
