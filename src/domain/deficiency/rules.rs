//! The rules one by one, in the order of their codes; those of what speaks against the ledger are in `books`.

use chrono::{Datelike, Days, NaiveDate};
use entity::{
    asset::{self, Answer, Class, UseState, Valuation},
    budget,
    duty::{self, EndReason, Kind},
    holding::{self, Right},
    inspection,
    language::{Label, Sentence},
    money::Money,
    title::State,
};

use super::{AssetFacts, Found, Thresholds, days_between, exists_since};
use crate::{
    clock::day_of,
    domain::{budget as budgets, funding},
};

/// The duty of a kind that runs on a day.
pub(super) fn running<'a>(
    facts: &AssetFacts<'a>,
    kind: Kind,
    day: NaiveDate,
) -> Option<&'a duty::Model> {
    facts.duties.iter().find(|duty| duty.kind == kind && duty.runs_on(day))
}

/// The duty of a kind that ended last before a day.
fn last_ended<'a>(facts: &AssetFacts<'a>, kind: Kind, day: NaiveDate) -> Option<&'a duty::Model> {
    let ended = facts.duties.iter().filter(|duty| duty.kind == kind);
    ended
        .filter(|duty| duty.until_on.is_some_and(|until| until < day))
        .max_by_key(|duty| duty.until_on)
}

/// The day after a duty ended.
fn day_after(duty: &duty::Model) -> Option<NaiveDate> {
    duty.until_on?.checked_add_days(Days::new(1))
}

/// A household looks after what is its own.
fn is_of_household(facts: &AssetFacts<'_>, today: NaiveDate) -> bool {
    let own = |holding: &holding::Model| holding.right == Right::Own && holding.holds_on(today);
    facts.asset.class == Class::Household && facts.holdings.iter().any(own)
}

/// What a rule found.
pub(super) fn found(since: NaiveDate, reason: Label, sentence: Sentence) -> Found {
    Found { since, reason, sentence }
}

/// Whether what the sheet says of an unregistered maintainer still holds: “not known”, or
/// “somebody”. Once a maintainer was registered, it does not.
fn is_answered(facts: &AssetFacts<'_>) -> bool {
    matches!(facts.asset.maintainer_answer, Some(Answer::Unknown | Answer::Unnamed))
        && facts.duties.iter().all(|duty| duty.kind != Kind::Maintainer)
}

/// G01: no maintainer, or its organization is dissolved, or its term is over.
pub(super) fn no_maintainer(
    facts: &AssetFacts<'_>,
    _: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let lacking = !is_of_household(facts, today)
        && running(facts, Kind::Maintainer, today).is_none()
        && !is_answered(facts);
    if !lacking {
        return None;
    }
    let Some(last) = last_ended(facts, Kind::Maintainer, today) else {
        let since = exists_since(facts.asset);
        let reason = match facts.asset.maintainer_answer {
            Some(Answer::Nobody) => {
                Label::new("登记为无人管护", "recorded as maintained by nobody")
            }
            Some(Answer::Unknown | Answer::Unnamed) | None => {
                Label::new("从未登记管护主体", "no maintainer was ever registered")
            }
        };
        let sentence = Sentence::new(
            format!("{}，自 {since} 起", reason.zh),
            format!("{} since {since}", reason.en),
        );
        return Some(found(since, reason, sentence));
    };
    let since = day_after(last)?;
    let reason = match last.end_reason {
        Some(EndReason::BodyEnded) => {
            Label::new("管护主体已注销", "the maintaining organization ended")
        }
        Some(EndReason::Revoked) => Label::new("管护指派已撤销", "the assignment was revoked"),
        Some(EndReason::Succeeded | EndReason::PersonLeft | EndReason::AssetLeft) | None => {
            Label::new("管护期限已满", "the term of the duty is over")
        }
    };
    let sentence = Sentence::new(
        format!("{}，自 {since} 起无人接替", reason.zh),
        format!("{}; nobody has taken over since {since}", reason.en),
    );
    Some(found(since, reason, sentence))
}

/// G01U: the sheet it came from says that the maintainer is not known. Kept apart from “none”.
pub(super) fn maintainer_unknown(
    facts: &AssetFacts<'_>,
    _: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let unknown = !is_of_household(facts, today)
        && running(facts, Kind::Maintainer, today).is_none()
        && is_answered(facts)
        && facts.asset.maintainer_answer == Some(Answer::Unknown);
    let since = exists_since(facts.asset);
    let reason = Label::new("登记时不清楚由谁管护", "not known who maintains it");
    unknown.then(|| found(since, reason, reason.into()))
}

/// G02: a maintainer, and no person who answers for it.
pub(super) fn no_keeper(facts: &AssetFacts<'_>, _: &Thresholds, today: NaiveDate) -> Option<Found> {
    let maintained = running(facts, Kind::Maintainer, today)?;
    if running(facts, Kind::Keeper, today).is_some() {
        return None;
    }
    let ended = last_ended(facts, Kind::Keeper, today).and_then(day_after);
    let begun = maintained.from_on.unwrap_or_else(|| exists_since(facts.asset));
    let since = ended.map_or(begun, |ended| ended.max(begun));
    let reason = match ended {
        Some(_) => Label::new("管护责任人离任后无人接替", "the keeper left and nobody took over"),
        None => Label::new("有管护主体，未落实到人", "a maintainer, but no named person"),
    };
    let sentence = Sentence::new(
        format!("{}，自 {since} 起", reason.zh),
        format!("{}, since {since}", reason.en),
    );
    Some(found(since, reason, sentence))
}

/// G03: the term of the last duty is over and nobody follows.
pub(super) fn duty_expired(
    facts: &AssetFacts<'_>,
    _: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let expired = [Kind::Maintainer, Kind::Keeper].into_iter().filter_map(|kind| {
        let last = last_ended(facts, kind, today).filter(|last| last.end_reason.is_none())?;
        running(facts, kind, today).is_none().then_some(last)
    });
    let last = expired.min_by_key(|duty| duty.until_on)?;
    let (since, until) = (day_after(last)?, last.until_on?);
    let kind = last.kind.label();
    let sentence = Sentence::new(
        format!("{}的期限已于 {until} 届满", kind.zh),
        format!("the term of the {} ended on {until}", kind.en),
    );
    Some(found(since, Label::new("管护期限已满", "the term of the duty is over"), sentence))
}

/// The years in which an asset has a budget with something set aside, its own one first.
fn budgeted<'a>(facts: &AssetFacts<'a>) -> impl Iterator<Item = &'a budget::Model> {
    let own = facts.budgets.iter().map(AsRef::as_ref);
    let asset = facts.asset;
    own.filter(move |row| row.set_aside > Money::ZERO && budgets::is_for(row, asset))
}

/// The budget out of which an asset is looked after in the year of a day: its own before that of its
/// village, and that of its kind before that for all.
pub(super) fn budget_of<'a>(facts: &AssetFacts<'a>, day: NaiveDate) -> Option<&'a budget::Model> {
    let of_year = budgeted(facts).filter(|row| row.year == day.year());
    of_year.min_by_key(|row| {
        let breadth = 12 - row.area_code.stem().len();
        (row.asset_id.is_none(), breadth, row.subclass.is_none(), row.id)
    })
}

/// G04: no money, or money not there; neither its maintainer's duty nor a budget of the year has any.
/// Where a budget ran out with its year, since the beginning of the next.
pub(super) fn unfunded(facts: &AssetFacts<'_>, _: &Thresholds, today: NaiveDate) -> Option<Found> {
    let duty = running(facts, Kind::Maintainer, today)?;
    if budget_of(facts, today).is_some() {
        return None;
    }
    let reason = match (duty.annual_budget, duty.is_funded) {
        (_, Some(false)) => {
            Label::new("本年管护经费未落实", "this year's upkeep money is not there")
        }
        (None | Some(Money::ZERO), _) => {
            Label::new("没有安排管护经费", "no money is set aside for upkeep")
        }
        (Some(_), Some(true) | None) => return None,
    };
    let begun = duty.from_on.unwrap_or_else(|| exists_since(facts.asset));
    let last = budgeted(facts).map(|row| row.year).filter(|year| *year < today.year()).max();
    let ran_out = last.and_then(|year| NaiveDate::from_ymd_opt(year + 1, 1, 1));
    let since = ran_out.map_or(begun, |ran_out| ran_out.max(begun));
    Some(found(since, reason, reason.into()))
}

/// G05: no standard or rule document.
pub(super) fn no_standard(
    facts: &AssetFacts<'_>,
    _: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let duty = running(facts, Kind::Maintainer, today)?;
    let since = duty.from_on.unwrap_or_else(|| exists_since(facts.asset));
    let reason = Label::new("没有管护制度或标准", "no maintenance rule or standard");
    duty.standard.is_none().then(|| found(since, reason, reason.into()))
}

/// The days that an asset may go without an inspection: as the agreement with its maintainer says, else
/// as the county asks of its kind; where there is danger, no longer than the county asks then. None
/// where nothing is asked.
pub(in crate::domain) fn interval(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<i64> {
    let duty = running(facts, Kind::Maintainer, today);
    let agreed = duty.and_then(|duty| duty.interval_days).map(i64::from).filter(|days| *days > 0);
    let usual = agreed.or_else(|| thresholds.inspection.days(facts.asset.subclass));
    let is_risky = facts.asset.condition == Some(asset::Condition::BadlyDamaged)
        || facts.upkeep.is_some_and(|upkeep| upkeep.condition == inspection::Condition::Danger);
    let risk = Some(thresholds.inspection.risk).filter(|days| is_risky && *days > 0);
    usual.into_iter().chain(risk).min()
}

/// Until when an asset may be inspected in time.
pub(super) struct Due {
    /// The day from which its days are counted: that of the last inspection; of one that nobody has
    /// looked at, when it was built or its maintainer took it over.
    from: NaiveDate,
    /// How many days it may go without.
    allowed: i64,
    /// The last day.
    pub(super) on: NaiveDate,
}

/// Until when an asset may be inspected in time; none of one that nobody has to look at.
pub(super) fn inspection_due(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<Due> {
    if facts.asset.use_state == Some(UseState::UnderConstruction) {
        return None;
    }
    let allowed = interval(facts, thresholds, today)?;
    let begun = running(facts, Kind::Maintainer, today).and_then(|duty| duty.from_on);
    let last = facts.upkeep.map(|upkeep| upkeep.inspected_on);
    let from =
        last.unwrap_or_else(|| exists_since(facts.asset).max(begun.unwrap_or(NaiveDate::MIN)));
    let on = from.checked_add_days(Days::new(allowed.unsigned_abs()))?;
    Some(Due { from, allowed, on })
}

/// G06: nobody has looked at it for longer than it may go without.
pub(super) fn inspection_overdue(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let Due { from, allowed, on } = inspection_due(facts, thresholds, today)?;
    let days = days_between(from, today);
    if days <= allowed {
        return None;
    }
    let since = on.checked_add_days(Days::new(1))?;
    let reason = match facts.upkeep {
        Some(_) => Label::new("逾期未巡查", "not inspected in time"),
        None => Label::new("从未巡查", "never inspected"),
    };
    let sentence = Sentence::new(
        format!("{}，自 {from} 起已 {days} 天（限 {allowed} 天）", reason.zh),
        format!("{}: {days} days since {from}, {allowed} allowed", reason.en),
    );
    Some(found(since, reason, sentence))
}

/// G07: something that was found to be bad is not mended by its day.
pub(super) fn damaged(facts: &AssetFacts<'_>, _: &Thresholds, today: NaiveDate) -> Option<Found> {
    let late = facts.work_orders.iter().filter(|row| row.state.is_live());
    let late = late.filter(|row| row.due_on.is_some_and(|due| due < today));
    let n = late.clone().count();
    let first = late.min_by_key(|row| (row.due_on, row.id))?;
    let due = first.due_on?;
    let since = due.checked_add_days(Days::new(1))?;
    let reason = match first.condition {
        inspection::Condition::Danger => {
            Label::new("有危险，逾期未修", "a danger was not mended in time")
        }
        _ => Label::new("有缺陷，逾期未修", "a defect was not mended in time"),
    };
    let days = days_between(due, today);
    let sentence = Sentence::new(
        format!("{}，限 {due}，已逾期 {days} 天（逾期工单 {n} 张）", reason.zh),
        format!("{}: due {due}, {days} days ago ({n} work orders late)", reason.en),
    );
    Some(found(since, reason, sentence))
}

/// Q01: the title is not confirmed in time.
pub(super) fn title_unconfirmed(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let reason = match facts.title.map(|title| title.state) {
        None | Some(State::Unconfirmed) => Label::new("未确权", "the title is unconfirmed"),
        Some(State::InProgress) => Label::new("确权未办结", "the title is still in progress"),
        Some(State::Confirmed | State::Disputed) => return None,
    };
    overdue(facts, today, thresholds.title_days, exists_since(facts.asset), reason)
}

/// Q02: built and not handed over in time.
pub(super) fn not_handed_over(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let is_there = facts.asset.use_state != Some(UseState::UnderConstruction);
    if !is_there || facts.asset.handed_over_on.is_some() {
        return None;
    }
    let reason = Label::new("建成后未移交", "built and not handed over");
    overdue(facts, today, thresholds.handover_days, exists_since(facts.asset), reason)
}

/// Q03: confirmed, and no certificate in time.
pub(super) fn no_certificate(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let title = facts.title.filter(|title| title.state == State::Confirmed)?;
    if title.certificate_no.is_some() {
        return None;
    }
    let since = title.confirmed_on.unwrap_or_else(|| day_of(title.updated_at));
    let reason = Label::new("已确权，未颁证", "confirmed, and no certificate issued");
    overdue(facts, today, thresholds.certificate_days, since, reason)
}

/// Q04: the title is disputed.
pub(super) fn title_disputed(
    facts: &AssetFacts<'_>,
    _: &Thresholds,
    _: NaiveDate,
) -> Option<Found> {
    let title = facts.title.filter(|title| title.state == State::Disputed)?;
    let reason = Label::new("权属有争议", "the title is disputed");
    Some(found(day_of(title.updated_at), reason, reason.into()))
}

/// A finding that opens when something has lasted longer than it may.
pub(super) fn overdue(
    facts: &AssetFacts<'_>,
    today: NaiveDate,
    allowed: i64,
    since: NaiveDate,
    reason: Label,
) -> Option<Found> {
    let days = days_between(since, today);
    if facts.asset.use_state == Some(UseState::UnderConstruction) || days < allowed {
        return None;
    }
    let sentence = Sentence::new(
        format!("{}，自 {since} 起已 {days} 天（限 {allowed} 天）", reason.zh),
        format!("{}: {days} days since {since}, {allowed} allowed", reason.en),
    );
    Some(found(since, reason, sentence))
}

/// M01: the sources do not come to the original value. Nominal value is exempt.
pub(super) fn funding_gap(facts: &AssetFacts<'_>, _: &Thresholds, _: NaiveDate) -> Option<Found> {
    let asset = facts.asset;
    if asset.valuation == Some(Valuation::Nominal) {
        return None;
    }
    let since = exists_since(asset);
    let Some(value) = asset.original_value else {
        let reason = Label::new("没有资产原值", "no original value is recorded");
        return Some(found(since, reason, reason.into()));
    };
    match funding::gap(facts.funding, asset.original_value) {
        Some(Money::ZERO) => None,
        Some(gap) => {
            let reason = Label::new(
                "资金来源合计与原值不符",
                "the sources do not come to the original value",
            );
            let sentence = Sentence::new(
                format!("资金来源合计与原值 {value} 元相差 {gap} 元"),
                format!("the sources differ from the original value of {value} yuan by {gap} yuan"),
            );
            Some(found(since, reason, sentence))
        }
        None => {
            let reason = Label::new("资金来源金额不全", "amounts of sources are missing");
            Some(found(since, reason, reason.into()))
        }
    }
}

/// M02: accepted, and no final account.
pub(super) fn no_final_account(
    facts: &AssetFacts<'_>,
    _: &Thresholds,
    _: NaiveDate,
) -> Option<Found> {
    let accepted = facts.asset.accepted_on?;
    let reason = Label::new("已验收，没有竣工决算", "accepted without a final account");
    let sentence = Sentence::new(
        format!("{accepted} 已验收，没有竣工决算金额"),
        format!("accepted on {accepted}, and no final account"),
    );
    facts.asset.final_account.is_none().then(|| found(accepted, reason, sentence))
}

/// X01: idle longer than it may.
pub(super) fn idle(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let asset = facts.asset;
    if asset.use_state != Some(UseState::Idle) {
        return None;
    }
    let since = asset.idle_since.unwrap_or_else(|| exists_since(asset));
    let days = days_between(since, today);
    let reason = Label::new("资产闲置", "the asset lies idle");
    let sentence = Sentence::new(
        format!("自 {since} 起闲置 {days} 天"),
        format!("idle for {days} days since {since}"),
    );
    (days >= thresholds.idle_days).then(|| found(since, reason, sentence))
}

/// X02: yields little for longer than it may.
pub(super) fn low_yield(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let asset = facts.asset;
    if asset.use_state != Some(UseState::LowYield) {
        return None;
    }
    let since = asset.idle_since.unwrap_or_else(|| exists_since(asset));
    let days = days_between(since, today);
    let reason = Label::new("资产低效", "the asset yields little");
    let sentence = Sentence::new(
        format!("自 {since} 起低效 {days} 天"),
        format!("yields little: {days} days since {since}"),
    );
    (days >= thresholds.low_yield_days).then(|| found(since, reason, sentence))
}

/// X03: fell idle as soon as it was built, and still is (“建成即闲置”, domain.md §10). Where it is not
/// recorded since when it lies idle, or when it was built, nothing is said.
pub(super) fn idle_at_once(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let asset = facts.asset;
    let since = asset.idle_since.filter(|since| *since <= today)?;
    let built = asset.accepted_on.or(asset.completed_on).or(asset.acquired_on)?;
    let days = days_between(built, since);
    if asset.use_state != Some(UseState::Idle) || days > thresholds.idle_at_once_days {
        return None;
    }
    let reason = Label::new("建成即闲置", "idle from the start");
    let sentence = Sentence::new(
        format!("{built} 建成，{days} 天后即自 {since} 起闲置"),
        format!("built on {built}, and idle since {since}, {days} days later"),
    );
    Some(found(since, reason, sentence))
}
