//! What was found of the assets of the sample county that somebody has to look at: soon after its
//! register was drawn up, in between, and lately.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use entity::{
    asset,
    inspection::{Checked, Checks, Condition},
};

use crate::{
    app::inspection::record_within,
    domain::{
        inspection::{Record, key_of, points},
        permission::Action,
        sample::{Look, Sample},
    },
    error::Result,
    store::{Actor, Ledger, Write},
};

/// How often those are looked at who are looked at in time.
pub(super) const ROUNDS: usize = 3;

/// Records what was found in one of the rounds; what is on record stays.
pub(super) async fn record(
    ledger: &Ledger,
    actor: &Actor,
    (sample, round): (&Sample, usize),
) -> Result<()> {
    let looks = |look: Look| round == 0 || !look.is_late;
    let entries = sample.entries.iter().enumerate();
    let entries: Vec<_> = entries.filter(|(_, entry)| entry.look.is_some_and(looks)).collect();
    let keys = entries.iter().filter_map(|(_, entry)| entry.asset.source_key.clone());
    let keys: Vec<String> = keys.collect();
    let assets = super::assets(ledger, actor, &keys).await?;
    let over = ledger.clock().now();
    let keep = async |write: &mut Write| {
        for (place, entry) in &entries {
            let asset = entry.asset.source_key.as_ref().and_then(|key| assets.get(key));
            let (Some(look), Some(asset)) = (entry.look, asset) else { continue };
            let made = made(asset, look, (*place, round), over);
            let is_kept = write.inspection_under(&made.device_key).await?.is_some();
            if asset.is_standing() && !is_kept {
                record_within(write, asset.id, &made).await?;
            }
        }
        Ok(())
    };
    ledger.write(actor, Action::RecordInspection, keep).await
}

/// Some time of the working day of an instant, in China.
fn worked(at: DateTime<Utc>, place: usize) -> DateTime<Utc> {
    let minutes = i64::try_from(place * 37 % 480).unwrap_or(0);
    let midnight = at.date_naive().and_time(NaiveTime::MIN).and_utc();
    midnight + TimeDelta::hours(1) + TimeDelta::minutes(minutes)
}

/// What was found in a round that was over at an instant: what is wrong is found in the last one.
fn made(
    asset: &asset::Model,
    look: Look,
    (place, round): (usize, usize),
    over: DateTime<Utc>,
) -> Record {
    let is_last = round + 1 == ROUNDS || look.is_late;
    let found = if is_last { look.condition } else { Condition::Good };
    let seen = match found {
        Condition::Good => None,
        Condition::Defect => Some("局部破损，不影响使用"),
        Condition::Danger => Some("松动，已拉警示带"),
    };
    let points = points(asset);
    let worst = place % points.len();
    let checked = points.into_iter().enumerate().map(|(n, item)| {
        let is_worst = n == worst;
        Checked {
            item,
            condition: if is_worst { found } else { Condition::Good },
            note: seen.filter(|_| is_worst).map(str::to_owned),
        }
    });
    let mut key = [0; 16];
    for (byte, part) in key.iter_mut().zip([0, round, place / 256, place % 256]) {
        *byte = u8::try_from(part).unwrap_or(0);
    }
    Record {
        device_key: key_of(key),
        inspected_at: worked(over - TimeDelta::days(look.days_ago % 60 + 1), place),
        checks: Checks(checked.collect()),
        is_all_at_once: false,
        note: None,
        place: None,
        accuracy_m: None,
        device: None,
        device_count: None,
        sheet_no: None,
    }
}
