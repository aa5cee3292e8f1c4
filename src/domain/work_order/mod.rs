//! 维修工单: from the defect to the acceptance (ux.md §3.11; domain.md §4, G07). What an inspection
//! finds opens one by itself. What it may cost is approved by whoever may at that amount, and by
//! nobody who named the amount; what was reported is accepted by another person.
//!
//! ```text
//!            dispatch           begin            report           accept
//!   待派单 ──────────▶ 已派单 ──────────▶ 施工中 ──────────▶ 待验收 ──────────▶ 办结
//!     │  estimate,      │  └────────────────report──────────────▲ │
//!     │  approve: at    ▼                    ▲                    │ sent back
//!     └───────────▶ 不予维修                  └────────────────────┘
//!       any time
//! ```

mod raised;

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use entity::{
    account::Role,
    area::{AreaCode, Level},
    asset,
    funding::{Fund, Tier},
    id::{AccountId, WorkOrderId},
    inspection::{CheckItem, Condition},
    money::Money,
    setting::Key,
    work_order::{Kind, Model, State},
};

use super::{
    asset::{held, reasoned},
    funding::Source,
    inspection::points,
    refusal::Refusal,
    setting::{LocalRules, Value},
    title::Party,
};
use crate::{fields, limits};

pub use raised::raised;

fields! {
    /// The fields of a work order; only its own actions change them.
    pub FIELDS of Model {
        item: Option<CheckItem> = "检查项" "point" Fixed;
        condition: Condition = "缺陷程度" "how bad" Fixed;
        what: Option<String> = "要修什么" "what is to be mended" Fixed;
        state: State = "工单状态" "state of the work order" Fixed;
        kind: Kind = "工程性质" "kind of work" Fixed;
        estimate: Option<Money> = "估价（元）" "estimate (yuan)" Fixed;
        approved: Option<Money> = "批准金额（元）" "approved up to (yuan)" Fixed;
        approved_on: Option<NaiveDate> = "批准日期" "approved on" Fixed;
        due_on: Option<NaiveDate> = "维修期限" "to be mended by" Fixed;
        report: Option<String> = "完工情况" "what was done" Fixed;
        cost: Option<Money> = "实付金额（元）" "cost (yuan)" Fixed;
        voucher_no: Option<String> = "凭证号" "voucher number" Fixed;
        returned: Option<String> = "返工理由" "why it was sent back" Fixed;
        n_returned: i32 = "返工次数" "times sent back" Fixed;
        dismissed: Option<String> = "不予维修的理由" "why it was dismissed" Fixed;
    }
}

/// What local rules say of work orders in an area on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Days within which a defect is mended; 0 sets no day.
    pub defect_days: i64,
    /// Days within which a danger is.
    pub danger_days: i64,
    /// Up to what a village approves.
    pub village_most: Money,
    /// Up to what a town approves; beyond it the county does.
    pub town_most: Money,
}

impl Terms {
    /// What local rules say of an asset.
    pub fn of(local: &LocalRules, asset: &asset::Model, day: NaiveDate) -> Terms {
        Terms::at(local, asset.area_code, day)
    }

    /// What local rules say of an area.
    pub fn at(local: &LocalRules, area: AreaCode, day: NaiveDate) -> Terms {
        let money = |key| match local.value(key, area, day) {
            Value::Money(amount) => amount,
            _ => Money::ZERO,
        };
        Terms {
            defect_days: local.number(Key::DefectDays, area, day),
            danger_days: local.number(Key::DangerDays, area, day),
            village_most: money(Key::VillageRepairs),
            town_most: money(Key::TownRepairs),
        }
    }

    /// The day by which something is mended that was found on a day.
    pub fn due(&self, condition: Condition, found_on: NaiveDate) -> Option<NaiveDate> {
        let days = match condition {
            Condition::Danger => self.danger_days,
            Condition::Defect | Condition::Good => self.defect_days,
        };
        let days = u64::try_from(days).ok().filter(|days| *days > 0)?;
        found_on.checked_add_days(chrono::Days::new(days))
    }

    /// The level that approves an amount: each up to its own, and the county beyond.
    pub fn approver(&self, amount: Money) -> Level {
        if amount <= self.village_most {
            Level::Village
        } else if amount <= self.town_most {
            Level::Town
        } else {
            Level::County
        }
    }
}

/// The level for which a role approves; none for those that approve nothing.
pub const fn level_of(role: Role) -> Option<Level> {
    match role {
        Role::VillageOfficer => Some(Level::Village),
        Role::TownshipClerk => Some(Level::Town),
        Role::Operator | Role::FinanceApprover | Role::RuralOfficer => Some(Level::County),
        _ => None,
    }
}

/// What somebody says is to be mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// The point, where it is one of those that are looked at.
    pub item: Option<CheckItem>,
    /// How bad it is.
    pub condition: Condition,
    /// What is to be mended.
    pub what: String,
}

fn blank(asset: &asset::Model, condition: Condition, found_at: DateTime<Utc>) -> Model {
    Model {
        id: WorkOrderId(0),
        area_code: asset.area_code,
        asset_id: asset.id,
        inspection_id: None,
        fault_report_id: None,
        item: None,
        condition,
        what: None,
        found_at: found_at.trunc_subsecs(3),
        state: State::Waiting,
        kind: Kind::Repair,
        estimate: None,
        estimated_by: None,
        approved: None,
        approved_by: None,
        approved_on: None,
        spending_id: None,
        organization_id: None,
        person_id: None,
        due_on: None,
        report: None,
        reported_by: None,
        cost: None,
        voucher_no: None,
        returned: None,
        n_returned: 0,
        dismissed: None,
        ended_at: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// Opens a work order by hand; `standing` are those of the asset.
pub fn open(
    asset: &asset::Model,
    standing: &[Model],
    defect: &Defect,
    (terms, now): (&Terms, DateTime<Utc>),
) -> Result<Model, Refusal> {
    held(asset)?;
    reasoned(&defect.what)?;
    if asset.form.is_claim() {
        return Err(Refusal::mends_no_claim());
    }
    if defect.condition == Condition::Good {
        return Err(Refusal::nothing_to_mend());
    }
    if defect.item.is_some_and(|item| !points(asset).contains(&item)) {
        return Err(Refusal::no_such_point());
    }
    let live = standing.iter().filter(|row| row.state.is_live());
    if live.clone().any(|row| row.item.is_some() && row.item == defect.item) {
        return Err(Refusal::point_has_work_order());
    }
    if live.count() >= limits::LIVE_WORK_ORDERS {
        return Err(Refusal::work_orders_full(limits::LIVE_WORK_ORDERS));
    }
    Ok(Model {
        item: defect.item,
        what: Some(defect.what.trim().to_owned()),
        due_on: terms.due(defect.condition, crate::clock::day_of(now)),
        ..blank(asset, defect.condition, now)
    })
}

fn live(row: &Model) -> Result<(), Refusal> {
    if row.state.is_live() { Ok(()) } else { Err(in_state(row)) }
}

fn in_state(row: &Model) -> Refusal {
    let label = row.state.label();
    Refusal::work_order_in_state(label.zh, label.en)
}

fn changed(before: &Model, after: Model) -> Result<Model, Refusal> {
    if *before == after { Err(Refusal::nothing_changed()) } else { Ok(after) }
}

/// Says what kind of work it is and what it will cost. What was approved stays so, up to its amount,
/// unless the kind is another.
pub fn estimate(
    row: &Model,
    (kind, amount): (Kind, Money),
    who: Option<AccountId>,
) -> Result<Model, Refusal> {
    live(row)?;
    if amount.is_negative() {
        return Err(Refusal::amount_negative());
    }
    let is_other = kind != row.kind;
    let next = Model {
        kind,
        estimate: Some(amount),
        approved: row.approved.filter(|_| !is_other),
        approved_by: row.approved_by.filter(|_| !is_other),
        approved_on: row.approved_on.filter(|_| !is_other),
        ..row.clone()
    };
    Ok(Model { estimated_by: who, ..changed(row, next)? })
}

/// Approves the estimate: whoever may at its amount, and not whoever named it.
pub fn approve(
    row: &Model,
    terms: &Terms,
    (role, who): (Role, Option<AccountId>),
    today: NaiveDate,
) -> Result<Model, Refusal> {
    live(row)?;
    let amount = row.estimate.ok_or_else(Refusal::estimate_missing)?;
    if row.approved.is_some_and(|approved| approved >= amount) {
        return Err(Refusal::approved_already());
    }
    if who.is_some() && who == row.estimated_by {
        return Err(Refusal::own_estimate());
    }
    let level = terms.approver(amount);
    if level_of(role).is_none_or(|own| own > level) {
        return Err(Refusal::approved_higher(level.label().zh, level.label().en));
    }
    Ok(Model { approved: Some(amount), approved_by: who, approved_on: Some(today), ..row.clone() })
}

/// Whether an amount is covered by what was approved; what costs nothing needs no approval.
fn is_covered(row: &Model, amount: Money) -> bool {
    amount == Money::ZERO || row.approved.is_some_and(|approved| amount <= approved)
}

/// Gives it to whoever mends it, by a day. Where there is danger the approval may come afterwards,
/// but before the acceptance.
pub fn dispatch(
    row: &Model,
    (party, due_on): (Party, NaiveDate),
    today: NaiveDate,
) -> Result<Model, Refusal> {
    if !matches!(row.state, State::Waiting | State::Dispatched | State::Underway) {
        return Err(in_state(row));
    }
    if due_on < today {
        return Err(Refusal::day_passed(due_on));
    }
    if (due_on - today).num_days() > limits::RECTIFICATION_DAYS {
        return Err(Refusal::rectification_too_long(limits::RECTIFICATION_DAYS));
    }
    let is_urgent = row.condition == Condition::Danger;
    if !is_urgent && !row.estimate.is_some_and(|amount| is_covered(row, amount)) {
        return Err(Refusal::estimate_not_approved());
    }
    let (organization_id, person_id) = match party {
        Party::Organization(id) => (Some(id), None),
        Party::Person(id) => (None, Some(id)),
    };
    let next = Model {
        state: State::Dispatched,
        organization_id,
        person_id,
        due_on: Some(due_on),
        ..row.clone()
    };
    changed(row, next)
}

/// Says that the work has begun.
pub fn begin(row: &Model) -> Result<Model, Refusal> {
    if row.state != State::Dispatched {
        return Err(in_state(row));
    }
    Ok(Model { state: State::Underway, ..row.clone() })
}

/// What was done, and what it cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What was done.
    pub what: String,
    /// What it cost.
    pub cost: Money,
    /// The number of the voucher.
    pub voucher_no: Option<String>,
}

/// Says that it is done.
pub fn report(row: &Model, outcome: &Outcome, who: Option<AccountId>) -> Result<Model, Refusal> {
    if !matches!(row.state, State::Dispatched | State::Underway) {
        return Err(in_state(row));
    }
    let what = outcome.what.trim();
    if what.is_empty() {
        return Err(Refusal::report_missing());
    }
    reasoned(what)?;
    if outcome.cost.is_negative() {
        return Err(Refusal::amount_negative());
    }
    let voucher_no = outcome.voucher_no.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if outcome.cost > Money::ZERO && voucher_no.is_none() {
        return Err(Refusal::voucher_missing());
    }
    voucher_no.map_or(Ok(()), reasoned)?;
    Ok(Model {
        state: State::Done,
        report: Some(what.to_owned()),
        reported_by: who,
        cost: Some(outcome.cost),
        voucher_no: voucher_no.map(str::to_owned),
        ..row.clone()
    })
}

/// Refuses whoever reported it: nobody accepts their own work.
fn of_another(row: &Model, who: Option<AccountId>) -> Result<(), Refusal> {
    if row.state != State::Done {
        return Err(in_state(row));
    }
    if who.is_some() && who == row.reported_by {
        return Err(Refusal::own_work());
    }
    Ok(())
}

/// Sends it back.
pub fn send_back(row: &Model, why: &str, who: Option<AccountId>) -> Result<Model, Refusal> {
    of_another(row, who)?;
    reasoned(why)?;
    Ok(Model {
        state: State::Underway,
        returned: Some(why.trim().to_owned()),
        n_returned: row.n_returned + 1,
        ..row.clone()
    })
}

/// What an acceptance changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The work order.
    pub row: Model,
    /// The asset, whose value is the higher by what it cost, and where that came from; nothing where
    /// it was a repair.
    pub capital: Option<(asset::Model, Source)>,
}

/// Where the money of an improvement came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Whose money.
    pub tier: Option<Tier>,
    /// What fund.
    pub fund: Option<Fund>,
    /// Document number.
    pub document_no: Option<String>,
}

/// Accepts what was done. What an improvement or a restoration cost is added to the value of the asset
/// (后续支出资本化, domain.md §6), with its source, so that the two still come to the same.
pub fn accept(
    row: &Model,
    asset: &asset::Model,
    origin: &Origin,
    (who, now): (Option<AccountId>, DateTime<Utc>),
) -> Result<Acceptance, Refusal> {
    of_another(row, who)?;
    let cost = row.cost.unwrap_or(Money::ZERO);
    if !is_covered(row, cost) {
        return Err(Refusal::cost_not_approved(cost, row.approved.unwrap_or(Money::ZERO)));
    }
    let capital = if row.kind.is_capital() && cost > Money::ZERO {
        Some(capitalized(asset, cost, origin, now)?)
    } else {
        None
    };
    let row = Model { state: State::Accepted, ended_at: Some(ended(now)), ..row.clone() };
    Ok(Acceptance { row, capital })
}

fn ended(now: DateTime<Utc>) -> DateTime<Utc> {
    now.trunc_subsecs(3)
}

fn capitalized(
    asset: &asset::Model,
    cost: Money,
    origin: &Origin,
    now: DateTime<Utc>,
) -> Result<(asset::Model, Source), Refusal> {
    held(asset)?;
    let (Some(tier), Some(fund)) = (origin.tier, origin.fund) else {
        return Err(Refusal::capital_has_source());
    };
    let before = asset.original_value.unwrap_or(Money::ZERO);
    let value = before.checked_add(cost).ok_or_else(Refusal::amount_too_large)?;
    let year = chrono::Datelike::year(&crate::clock::day_of(now));
    let source = Source {
        tier: Some(tier),
        fund: Some(fund),
        year: Some(year),
        document_no: origin.document_no.clone(),
        source_name: None,
        amount: Some(cost),
    };
    Ok((asset::Model { original_value: Some(value), ..asset.clone() }, source))
}

/// Dismisses what will not be mended: it is not so, it is there twice, or the asset goes.
pub fn dismiss(row: &Model, why: &str, now: DateTime<Utc>) -> Result<Model, Refusal> {
    if !matches!(row.state, State::Waiting | State::Dispatched) {
        return Err(in_state(row));
    }
    reasoned(why)?;
    Ok(dropped(row, why, now))
}

/// The same whatever its state: its asset is no more.
pub fn dropped(row: &Model, why: &str, now: DateTime<Utc>) -> Model {
    Model {
        state: State::Dismissed,
        dismissed: Some(why.trim().to_owned()),
        ended_at: Some(ended(now)),
        ..row.clone()
    }
}

#[cfg(test)]
mod tests;
