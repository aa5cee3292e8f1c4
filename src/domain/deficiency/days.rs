//! The days on which what is found may change although nobody changed anything.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::{AssetFacts, exists_since, threshold};
use crate::clock::day_of;

/// Days on which [`evaluate`](super::evaluate) may answer otherwise than on the day before, within
/// a span. Every rule compares the day with a recorded day, as it is, the day after it or a
/// threshold later; there are more days here than it takes, and none is missing.
pub fn turning_days(
    facts: &AssetFacts<'_>,
    first: NaiveDate,
    last: NaiveDate,
) -> BTreeSet<NaiveDate> {
    let asset = facts.asset;
    let mut recorded = vec![exists_since(asset)];
    recorded.extend([asset.accepted_on, asset.idle_since].into_iter().flatten());
    for duty in facts.duties {
        recorded.extend([duty.from_on, duty.until_on].into_iter().flatten());
    }
    for holding in facts.holdings {
        recorded.extend([holding.from_on, holding.until_on].into_iter().flatten());
    }
    for waiver in facts.waivers {
        recorded.extend([waiver.from_on, waiver.until_on]);
    }
    if let Some(title) = facts.title {
        recorded.push(day_of(title.updated_at));
        recorded.extend(title.confirmed_on);
    }
    let waits = [
        0,
        1,
        threshold::TITLE_DAYS,
        threshold::HANDOVER_DAYS,
        threshold::CERTIFICATE_DAYS,
        threshold::IDLE_DAYS,
    ];
    let waits = waits.map(|days| Days::new(u64::try_from(days).unwrap_or(0)));
    let later = recorded
        .into_iter()
        .flat_map(|day| waits.into_iter().filter_map(move |wait| day.checked_add_days(wait)));
    later.filter(|day| (first..=last).contains(day)).chain([first, last]).collect()
}

/// The last day on which a change had the findings of an asset evaluated.
pub fn touched_on(facts: &AssetFacts<'_>) -> NaiveDate {
    let rows = facts.duties.iter().map(|row| row.updated_at);
    let rows = rows.chain(facts.holdings.iter().map(|row| row.updated_at));
    let rows = rows.chain(facts.funding.iter().map(|row| row.updated_at));
    let rows = rows.chain(facts.waivers.iter().map(|row| row.updated_at));
    let rows = rows.chain(facts.title.iter().map(|row| row.updated_at));
    day_of(rows.fold(facts.asset.updated_at, Ord::max))
}
