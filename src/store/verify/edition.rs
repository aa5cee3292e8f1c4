//! Areas that came in in bulk: their digest is recomputed from the rows as they were at first.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    area::County,
    log::{self, change},
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::Value as Json;

use super::{
    body::{Change, Fields, OwnedFields},
    replay::AREA,
    row::{Kept, shown},
};
use crate::{
    domain::verification::{Fault, Kind, Place},
    error::Result,
    store::{area::Edition, subject::NOUNS},
};

/// One change of an area that came in in bulk.
pub(super) struct Amendment {
    place: Place,
    at: i64,
    version: i64,
    after: OwnedFields,
    before: OwnedFields,
}

impl Amendment {
    /// A change in the log of a county.
    pub(super) fn of(county: County, seq: u64, at: i64, change: &Change<'_>) -> Amendment {
        Amendment {
            place: Place::row(county, super::noun(change.noun), change.id).in_entry(seq),
            at,
            version: change.version,
            after: change.after.to_owned(),
            before: change.before.as_ref().map(Fields::to_owned).unwrap_or_default(),
        }
    }
}

/// What an entry says of the areas it brought in, and what is recomputed of them.
struct Claim {
    place: Place,
    at: i64,
    first: i64,
    last: i64,
    note: Json,
    recomputed: Edition,
    /// One of its rows is known to be wrong, so the digest tells nothing more.
    is_spoiled: bool,
}

/// Every edition of areas in the logs walked, and every later change of such an area.
#[derive(Default)]
pub(super) struct Editions {
    claims: Vec<Claim>,
    amended: BTreeMap<i64, Vec<Amendment>>,
    pub(super) faults: Vec<Fault>,
}

impl Editions {
    /// Takes the note of an entry that brought areas in; false when it is none.
    pub(super) fn take(&mut self, county: County, seq: u64, at: i64, note: &str) -> bool {
        let note: Json = serde_json::from_str(note).unwrap_or_default();
        let number = |name: &str| note.get(name).and_then(Json::as_i64);
        let (Some(first), Some(last)) = (number("first_id"), number("last_id")) else {
            return false;
        };
        let is_of_areas = note.get("noun").and_then(Json::as_str) == Some(NOUNS[AREA].0);
        let place = Place::entry(county, seq);
        let recomputed = Edition::default();
        let is_spoiled = false;
        self.claims.push(Claim { place, at, first, last, note, recomputed, is_spoiled });
        is_of_areas
    }

    /// Takes a later change of an area.
    pub(super) fn amend(&mut self, id: i64, amendment: Amendment) {
        self.amended.entry(id).or_default().push(amendment);
    }

    /// Takes a stored area, in the order of the ids; false when it came in in no edition.
    pub(super) fn claims(&mut self, kept: &Kept) -> bool {
        let Some(claim) = self.claims.iter_mut().find(|claim| {
            claim.at == kept.created_at && (claim.first..=claim.last).contains(&kept.id)
        }) else {
            return false;
        };
        let mut amendments = self.amended.remove(&kept.id).unwrap_or_default();
        amendments.sort_by_key(|one| one.version);
        let fields = match taken_back(kept, amendments, claim) {
            Ok(fields) => fields,
            Err(fault) => {
                claim.is_spoiled = true;
                self.faults.push(*fault);
                return true;
            }
        };
        let fields = fields.iter().map(|(name, value)| (&**name, &**value));
        claim.recomputed.add_fields(kept.id, fields);
        true
    }

    /// What does not agree once every area was taken.
    pub(super) fn finish(&mut self, is_all: bool) -> Vec<Fault> {
        let mut faults = std::mem::take(&mut self.faults);
        for claim in std::mem::take(&mut self.claims).into_iter().filter(|one| !one.is_spoiled) {
            let note = claim.recomputed.note().unwrap_or_default();
            let differing = ["n", "first_id", "last_id", "digest"]
                .into_iter()
                .find(|name| note.get(*name) != claim.note.get(*name));
            if let Some(name) = differing {
                let ids = format!("{} {}–{}", NOUNS[AREA].0, claim.first, claim.last);
                let shown = |note: &Json| note.get(name).map_or("0".into(), Json::to_string);
                let fault = Fault::new(Kind::Edition, claim.place.part(format!("{ids}, {name}")));
                faults.push(fault.expected(shown(&claim.note)).found(shown(&note)));
            }
        }
        let orphans = std::mem::take(&mut self.amended).into_values().flatten();
        faults.extend(
            orphans.take(usize::from(is_all)).map(|one| Fault::new(Kind::RowMissing, one.place)),
        );
        faults
    }
}

/// The changes of areas in logs that are not walked: those areas may have come in in an edition
/// whose log is.
pub(super) async fn changes_elsewhere(
    txn: &DatabaseTransaction,
    walked: &BTreeSet<County>,
) -> Result<Vec<(i64, Amendment)>> {
    let rows = change::Entity::find()
        .filter(change::Column::Noun.eq(NOUNS[AREA].0))
        .filter(change::Column::Version.gt(1))
        .filter(change::Column::County.is_not_in(walked.iter().copied()))
        .all(txn)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let entry = log::Entity::find_by_id((row.county, row.seq)).one(txn).await?;
        let Some(entry) = entry else { continue };
        let body = Fields::read(&entry.body).unwrap_or_default();
        let Some(change) = body.change(AREA, row.subject_id, row.version) else { continue };
        let seq = u64::try_from(row.seq).unwrap_or(0);
        found.push((change.id, Amendment::of(row.county, seq, entry.at, &change)));
    }
    Ok(found)
}

/// The fields of an area as they were at first: every later change taken back, each of which must
/// lead to what the one after it found.
fn taken_back(
    kept: &Kept,
    amendments: Vec<Amendment>,
    claim: &Claim,
) -> Result<BTreeMap<String, String>, Box<Fault>> {
    let fields = kept.fields.fields().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut fields: BTreeMap<String, String> = fields.collect();
    let (mut version, mut at) = (kept.version, Some(kept.updated_at));
    for amendment in amendments.into_iter().rev() {
        let place = amendment.place;
        if version != amendment.version {
            let fault = Fault::new(Kind::RowChanged, place.part("version"));
            return Err(Box::new(fault.expected(amendment.version).found(version)));
        }
        if at.is_some_and(|at| at != amendment.at) {
            return Err(Box::new(Fault::new(Kind::RowChanged, place.part("updated_at"))));
        }
        let differing =
            amendment.after.iter().find(|(name, value)| fields.get(name) != Some(value));
        if let Some((name, value)) = differing {
            let fault = Fault::new(Kind::RowChanged, place.part(name));
            let found = shown(name, fields.get(name).map(String::as_str));
            return Err(Box::new(fault.expected(shown(name, Some(value))).found(found)));
        }
        fields.extend(amendment.before);
        // a row keeps the instant of its last version alone
        (version, at) = (version - 1, None);
    }
    let place = Place::row(kept.county(), super::noun(AREA), kept.id);
    let place =
        Place { county: claim.place.county, ..place.in_entry(claim.place.seq.unwrap_or(0)) };
    if version != 1 {
        let fault = Fault::new(Kind::RowChanged, place.part("version"));
        return Err(Box::new(fault.expected(1).found(version)));
    }
    match at.filter(|at| *at != claim.at) {
        Some(_) => Err(Box::new(Fault::new(Kind::RowChanged, place.part("updated_at")))),
        None => Ok(fields),
    }
}
