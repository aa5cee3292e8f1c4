//! What speaks against the ledger (domain.md §4, Z02 and Z04): what a signed stock-take says of an asset,
//! and which assets may be one that was registered twice. It clears by itself once the ledger says what was
//! seen; else somebody says, with a reason, that the ledger is right.

use chrono::{DateTime, NaiveDate};
use entity::{
    asset::{self, Class, UseState},
    discrepancy::{Kind, Model, State},
    finding::Rule,
    id::{AccountId, DiscrepancyId},
    stock_line::{self, Outcome},
    stock_take,
};

use super::{
    asset::{likeness::Likeness, reasoned},
    reading::half_width,
    refusal::Refusal,
};
use crate::fields;

fields! {
    /// The fields of a discrepancy.
    pub FIELDS of Model {
        kind: Kind = "差异" "discrepancy" Fixed;
        seen_state: Option<UseState> = "实际使用状态" "state as seen" Fixed;
        found_on: NaiveDate = "发现日期" "found on" Fixed;
        state: State = "处理情况" "what became of it" Fixed;
        reason: Option<String> = "核实说明" "why the ledger is right" Fixed;
        settled_on: Option<NaiveDate> = "处理日期" "settled on" Fixed;
    }
}

/// The rule that a kind is found by.
pub const fn rule_of(kind: Kind) -> Rule {
    match kind {
        Kind::Missing | Kind::Changed => Rule::Differs,
        Kind::Duplicate => Rule::Duplicate,
    }
}

/// Whether a discrepancy stands and is found by a rule.
pub fn is_of(row: &Model, rule: Rule) -> bool {
    row.state == State::Open && rule_of(row.kind) == rule
}

fn blank(asset: &asset::Model, kind: Kind, today: NaiveDate) -> Model {
    Model {
        id: DiscrepancyId(0),
        area_code: asset.area_code,
        asset_id: asset.id,
        kind,
        stock_take_id: None,
        seen_state: None,
        other_id: None,
        found_on: today,
        state: State::Open,
        reason: None,
        settled_by: None,
        settled_on: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// What a line that was signed says against the ledger as it stands now; nothing where they agree, or the
/// ledger was put right since the line was counted.
pub fn of_line(
    take: &stock_take::Model,
    line: &stock_line::Model,
    asset: &asset::Model,
    today: NaiveDate,
) -> Option<Model> {
    let kind = match line.outcome? {
        Outcome::Found => return None,
        Outcome::Missing => Kind::Missing,
        Outcome::Changed => Kind::Changed,
    };
    let row = Model {
        stock_take_id: Some(take.id),
        seen_state: line.seen_state,
        ..blank(asset, kind, today)
    };
    (!is_answered(&row, asset)).then_some(row)
}

/// Whether two stock-takes say the same of an asset: the earlier one goes on.
pub fn says_the_same(one: &Model, other: &Model) -> bool {
    (one.kind, one.seen_state) == (other.kind, other.seen_state)
}

/// Whether the ledger says by now what a stock-take saw.
pub fn is_answered(row: &Model, asset: &asset::Model) -> bool {
    match row.kind {
        Kind::Missing => !asset.is_standing(),
        Kind::Changed => !asset.is_standing() || asset.use_state == row.seen_state,
        Kind::Duplicate => false,
    }
}

/// Whether an asset is compared with others at all. What households are given is alike by the dozen.
pub fn is_compared(asset: &asset::Model) -> bool {
    let is_shared = matches!(asset.class, Class::Public | Class::Operating);
    is_shared && asset.is_standing() && asset.original_value.is_some()
}

/// Whether two values tell two assets apart: both are there and differ.
fn tells_apart<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}

/// A text without what people write one way or the other.
fn folded(text: Option<&String>) -> Option<String> {
    let text = half_width(text?).to_lowercase();
    Some(text.chars().filter(|sign| sign.is_alphanumeric()).collect())
}

/// Whether two assets of one place may be one that was registered twice: name, class and value are the
/// same, and nothing that both say differs. Several alike that one act registered, or one asset was split
/// into, were meant to be several.
pub fn is_same(one: &asset::Model, other: &asset::Model) -> bool {
    let is_of_one_act = one.created_at == other.created_at
        || matches!((one.parent_id, other.parent_id), (Some(one), Some(other)) if one == other);
    if one.id == other.id || is_of_one_act || !is_compared(one) || !is_compared(other) {
        return false;
    }
    let told = |asset: &asset::Model| (asset.area_code, asset.class, asset.original_value);
    let is_apart = tells_apart(one.subclass.as_ref(), other.subclass.as_ref())
        || tells_apart(
            folded(one.location.as_ref()).as_ref(),
            folded(other.location.as_ref()).as_ref(),
        )
        || tells_apart(one.quantity.as_ref(), other.quantity.as_ref())
        || tells_apart(one.unit.as_ref(), other.unit.as_ref())
        || tells_apart(one.project_id.as_ref(), other.project_id.as_ref())
        || tells_apart(one.project_year.as_ref(), other.project_year.as_ref())
        || tells_apart(one.accepted_on.as_ref(), other.accepted_on.as_ref());
    told(one) == told(other) && !is_apart && Likeness::of(&one.name) == Likeness::of(&other.name)
}

/// That an asset may be one that was registered before.
pub fn duplicate(asset: &asset::Model, other: &asset::Model, today: NaiveDate) -> Model {
    Model { other_id: Some(other.id), ..blank(asset, Kind::Duplicate, today) }
}

/// The discrepancy once nothing speaks against the ledger any more.
pub fn clear(row: &Model, today: NaiveDate) -> Model {
    Model { state: State::Cleared, settled_on: Some(today), ..row.clone() }
}

/// The discrepancy after somebody said why the ledger is right all the same.
pub fn settle(
    row: &Model,
    reason: &str,
    (who, today): (Option<AccountId>, NaiveDate),
) -> Result<Model, Refusal> {
    if row.state != State::Open {
        return Err(Refusal::discrepancy_closed());
    }
    reasoned(reason)?;
    let reason = Some(reason.trim().to_owned());
    let settled_on = Some(today);
    Ok(Model { state: State::Settled, reason, settled_by: who, settled_on, ..row.clone() })
}

#[cfg(test)]
mod tests;
