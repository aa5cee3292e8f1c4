//! Setting a finding aside: for a reason, and only until a day.

use chrono::{DateTime, NaiveDate};
use entity::{
    asset,
    finding::{self, Rule},
    id::WaiverId,
    waiver::Model,
};

use super::{
    asset::{held, reasoned},
    refusal::Refusal,
};
use crate::limits;

/// Waives an open finding until a day.
pub fn grant(
    asset: &asset::Model,
    finding: Option<&finding::Model>,
    standing: &[Model],
    (rule, reason, until_on): (Rule, &str, NaiveDate),
    today: NaiveDate,
) -> Result<Model, Refusal> {
    held(asset)?;
    reasoned(reason)?;
    if finding.is_none_or(|finding| finding.closed_on.is_some()) {
        return Err(Refusal::not_open(rule));
    }
    if until_on < today {
        return Err(Refusal::day_passed(until_on));
    }
    if (until_on - today).num_days() > limits::WAIVER_DAYS {
        return Err(Refusal::waiver_too_long(limits::WAIVER_DAYS));
    }
    if let Some(waiver) =
        standing.iter().find(|waiver| waiver.rule == rule && runs_on(waiver, today))
    {
        return Err(Refusal::waived_already(waiver.until_on));
    }
    Ok(Model {
        id: WaiverId(0),
        area_code: asset.area_code,
        asset_id: asset.id,
        rule,
        reason: reason.trim().to_owned(),
        from_on: today,
        until_on,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    })
}

/// Whether a waiver stands on a day.
pub fn runs_on(waiver: &Model, day: NaiveDate) -> bool {
    waiver.from_on <= day && day <= waiver.until_on
}
