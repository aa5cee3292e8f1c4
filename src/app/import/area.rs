//! Rows of an area sheet. New areas are bulk reference data: one entry keeps their digest.

use std::collections::HashSet;

use entity::{
    area::{self as entities, AreaCode},
    import::Outcome as RowOutcome,
    language::Sentence,
};

use super::{
    asset::{cells_changed, set_fields},
    carry_out::Batched,
    layout::Record,
    map::Map,
};
use crate::{
    domain::{
        area as rules,
        mistake::{Mistake, Mistakes},
    },
    error::Result,
    store::{self, Write},
};

/// What one sheet of areas has brought so far.
#[derive(Default)]
pub(super) struct Edition {
    digest: store::Edition,
    codes: HashSet<AreaCode>,
}

impl Edition {
    /// Puts the digest of all new areas into the log.
    pub(super) fn finish(self, write: &mut Write) {
        write.close_edition(self.digest);
    }
}

/// Carries out a batch of rows.
pub(super) async fn carry_out(
    mut batch: Batched<'_>,
    write: &mut Write,
    records: &[Record],
    edition: &mut Edition,
) -> Result<()> {
    let map = batch.map().clone();
    let codes: Vec<AreaCode> =
        records.iter().filter_map(|record| record.text("area_code")?.parse().ok()).collect();
    let existing = write.areas_by_code(&codes).await?;
    let closed = write.closed_areas(&codes).await?;
    let parents = parents_wanted(records, edition);
    let known = write.areas_by_code(&parents).await?;
    let (mut fresh, mut of, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for record in records {
        let (mut row, mut mistakes) = read_row(record, &map);
        if row.parent_code.is_none() {
            let mut above = row.area_code.above();
            row.parent_code =
                above.find(|code| edition.codes.contains(code) || known.contains_key(code));
        }
        check_parent(&row, &existing, edition, |code| known.contains_key(&code), &mut mistakes);
        mistakes.0.extend(rules::check(&row).0);
        let before = existing.get(&row.area_code);
        let is_former = row.valid_until.is_some();
        if before.is_none() && !is_former && !edition.codes.insert(row.area_code) {
            let (zh, en) = ("代码在本表中重复", "the code stands twice in this sheet");
            let found = row.area_code.to_string();
            mistakes.push(Mistake::new("area_code", &found, Sentence::new(zh, en)));
        }
        if !mistakes.is_empty() {
            batch.reject(record, &mistakes);
            continue;
        }
        if row.valid_until.is_some() && is_on_record(&row, &closed) {
            batch.same();
            continue;
        }
        let Some(before) = before else {
            fresh.push(row);
            of.push(record);
            continue;
        };
        row = entities::Model {
            id: before.id,
            version: before.version,
            created_at: before.created_at,
            updated_at: before.updated_at,
            valid_from: row.valid_from.or(before.valid_from),
            // made of the name when the row is put in
            initials: before.initials.clone(),
            ..row
        };
        if row == *before {
            batch.same();
            continue;
        }
        batch.changes(cells_changed(record.number, rules::FIELDS, before, &row));
        let changed = write.update::<entities::Entity>(before, row).await?;
        let subject = ("area", changed.id.0, changed.version, changed.area_code);
        rows.push(batch.done(RowOutcome::Changed, record.number, subject));
    }
    let made = write.add_areas(&mut edition.digest, fresh).await?;
    for (area, record) in made.into_iter().zip(of) {
        let subject = ("area", area.0.0, 1, area.1);
        rows.push(batch.done(RowOutcome::Created, record.number, subject));
    }
    write.note_imported(rows).await
}

/// The area a row describes, and what is wrong with it.
fn read_row(record: &Record, map: &Map) -> (entities::Model, Mistakes) {
    let mut mistakes = record.mistakes.clone();
    let mut row = rules::blank(AreaCode::NATION, "");
    set_fields(&mut row, rules::FIELDS, record, Some, map.reading(), &mut mistakes);
    if !record.has("area_code") || !record.has("name") {
        let (zh, en) = ("须有区划代码和名称两列", "a code and a name are needed");
        mistakes.push(Mistake::new("area_code", "", Sentence::new(zh, en)));
    }
    if record.text("level").is_none() {
        row.level = row.area_code.level();
    }
    (row, mistakes)
}

/// Whether a former area is kept as the sheet has it.
fn is_on_record(row: &entities::Model, closed: &[entities::Model]) -> bool {
    closed.iter().any(|stored| {
        (stored.area_code, &stored.name, stored.valid_until, stored.successor_code)
            == (row.area_code, &row.name, row.valid_until, row.successor_code)
    })
}

/// The codes above the rows that the sheet has not brought itself.
fn parents_wanted(records: &[Record], edition: &Edition) -> Vec<AreaCode> {
    let mut wanted = HashSet::new();
    for record in records {
        let code: Option<AreaCode> = record.text("area_code").and_then(|code| code.parse().ok());
        let parent: Option<AreaCode> =
            record.text("parent_code").and_then(|code| code.parse().ok());
        let above = code.into_iter().flat_map(|code| code.above()).chain(parent);
        wanted.extend(above.filter(|code| !edition.codes.contains(code)));
    }
    wanted.into_iter().collect()
}

fn check_parent(
    row: &entities::Model,
    existing: &std::collections::HashMap<AreaCode, entities::Model>,
    edition: &Edition,
    is_known: impl Fn(AreaCode) -> bool,
    mistakes: &mut Mistakes,
) {
    let Some(parent) = row.parent_code else { return };
    if edition.codes.contains(&parent) || existing.contains_key(&parent) || is_known(parent) {
        return;
    }
    let refusal = crate::domain::refusal::Refusal::area_without_parent(parent.as_str());
    mistakes.push(Mistake::new("parent_code", parent.as_str(), refusal.sentence));
}
