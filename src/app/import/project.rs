//! Rows of a project sheet.

use entity::{import::Outcome as RowOutcome, project as entities};

use super::{
    asset::{cells_changed, set_fields},
    carry_out::Batched,
    layout::Record,
    resolve::Resolver,
};
use crate::{
    domain::{mistake::Mistake, project as rules},
    error::Result,
    store::Write,
};

/// Carries out a batch of rows. A project is known by its number within its county, or by its
/// name within its area.
pub(super) async fn carry_out(
    mut batch: Batched<'_>,
    write: &mut Write,
    records: &[Record],
    resolver: &mut Resolver,
) -> Result<()> {
    let map = batch.map().clone();
    resolver.look_ahead(write, records, &map).await?;
    let wanted = |field: &'static str| {
        records.iter().filter_map(move |record| record.text(field)).map(str::to_owned).collect()
    };
    let mut existing = write.projects_of(wanted("project_no"), wanted("name")).await?;
    let mut rows = Vec::new();
    for record in records {
        let mut mistakes = record.mistakes.clone();
        let Some(area) = resolver.area(record, &map, &mut mistakes) else {
            resolver.offer_area(write, &map, &mut mistakes).await?;
            batch.reject(record, &mistakes);
            continue;
        };
        let (number, name) = (record.text("project_no"), record.text("name"));
        let before = existing.iter().position(|row| match number {
            Some(_) => {
                row.project_no.as_deref() == number && row.area_code.county() == area.county()
            }
            None => Some(row.name.as_str()) == name && row.area_code == area,
        });
        let mut row =
            before.map_or_else(|| rules::blank(area, ""), |place| existing[place].clone());
        set_fields(&mut row, rules::FIELDS, record, Some, map.reading(), &mut mistakes);
        if record.has("implementing_unit") {
            let unit = record.text("implementing_unit");
            row.implementing_unit_id = match unit {
                None => None,
                Some(name) => match resolver.organization(write, name, area, &map).await? {
                    Ok(id) => Some(id),
                    Err(expected) => {
                        mistakes.push(Mistake::new("implementing_unit", name, expected));
                        None
                    }
                },
            };
        }
        mistakes.0.extend(rules::check(&row, write.today()).0);
        if !mistakes.is_empty() {
            batch.reject(record, &mistakes);
            continue;
        }
        let Some(place) = before else {
            let made = write.insert::<entities::Entity>(row).await?;
            let subject = ("project", made.id.0, made.version, made.area_code);
            rows.push(batch.done(RowOutcome::Created, record.number, subject));
            existing.push(made);
            continue;
        };
        let stored = existing[place].clone();
        if row == stored {
            batch.same();
            continue;
        }
        batch.changes(cells_changed(record.number, rules::FIELDS, &stored, &row));
        let changed = write.update::<entities::Entity>(&stored, row).await?;
        let subject = ("project", changed.id.0, changed.version, changed.area_code);
        rows.push(batch.done(RowOutcome::Changed, record.number, subject));
        existing[place] = changed;
    }
    write.note_imported(rows).await
}
