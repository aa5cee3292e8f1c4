//! Rows of an organization sheet.

use entity::{import::Outcome as RowOutcome, organization as entities};

use super::{
    asset::{cells_changed, set_fields},
    carry_out::Batched,
    layout::Record,
    resolve::Resolver,
};
use crate::{
    app,
    domain::{
        masking::Contact,
        mistake::{Mistake, Mistakes},
        organization as rules, reading,
    },
    error::Result,
    limits,
    store::Write,
};

/// Carries out a batch of rows. An organization is known by its credit code, or by its name
/// within its area.
pub(super) async fn carry_out(
    mut batch: Batched<'_>,
    write: &mut Write,
    records: &[Record],
    resolver: &mut Resolver,
) -> Result<()> {
    let map = batch.map().clone();
    resolver.look_ahead(write, records, &map).await?;
    let names: Vec<String> =
        records.iter().filter_map(|record| record.text("name")).map(str::to_owned).collect();
    let mut existing = write.organizations_of_names(&names).await?;
    let mut rows = Vec::new();
    for record in records {
        let mut mistakes = record.mistakes.clone();
        let area = resolver.area(record, &map, &mut mistakes);
        let contact = contact(record, &mut mistakes);
        let Some(area) = area else {
            resolver.offer_area(write, &map, &mut mistakes).await?;
            batch.reject(record, &mistakes);
            continue;
        };
        let name = record.text("name").unwrap_or_default();
        let before = existing.iter().position(|row| row.name == name && row.area_code == area);
        let mut row =
            before.map_or_else(|| rules::blank(area, ""), |place| existing[place].clone());
        let said = |name| (name != "ended_on").then_some(name);
        set_fields(&mut row, rules::FIELDS, record, said, map.reading(), &mut mistakes);
        if !record.has("name") {
            let label = rules::FIELDS[0].label;
            mistakes.push(Mistake::missing("name", label));
        }
        mistakes.0.extend(rules::check(&row).0);
        if !mistakes.is_empty() {
            batch.reject(record, &mistakes);
            continue;
        }
        batch.warn(record, rules::warnings(&row));
        let Some(place) = before else {
            let made = app::organization::put_in(write, row, contact.as_ref()).await?;
            resolver.registered(&made);
            let subject = ("organization", made.id.0, made.version, made.area_code);
            rows.push(batch.done(RowOutcome::Created, record.number, subject));
            existing.push(made);
            continue;
        };
        let stored = existing[place].clone();
        change_contact(write, &stored, &mut row, contact.as_ref()).await?;
        if row == stored {
            batch.same();
            continue;
        }
        batch.changes(cells_changed(record.number, rules::FIELDS, &stored, &row));
        let changed = write.update::<entities::Entity>(&stored, row).await?;
        let subject = ("organization", changed.id.0, changed.version, changed.area_code);
        rows.push(batch.done(RowOutcome::Changed, record.number, subject));
        existing[place] = changed;
    }
    write.note_imported(rows).await
}

async fn change_contact(
    write: &mut Write,
    stored: &entities::Model,
    row: &mut entities::Model,
    contact: Option<&Contact>,
) -> Result<()> {
    let Some(contact) = contact else { return Ok(()) };
    let known = match stored.contact_id {
        Some(id) => Some(write.contact(id).await?),
        None => None,
    };
    if known.as_ref() != Some(contact) {
        row.contact_id = Some(write.seal_contact(row.area_code, contact).await?);
    }
    Ok(())
}

/// The contact that a row names; none when it names none.
fn contact(record: &Record, mistakes: &mut Mistakes) -> Option<Contact> {
    let mut part =
        |field: &'static str,
         read: &dyn Fn(&str) -> std::result::Result<String, reading::Unreadable>| {
            let text = record.text(field)?;
            match read(text) {
                Ok(text) => Some(text),
                Err(unreadable) => {
                    // the text may be somebody's number: it is not repeated
                    mistakes.push(Mistake::new(field, "", unreadable.expected));
                    None
                }
            }
        };
    let name = part("contact_name", &|text| reading::name(text, limits::NAME_LENGTH));
    let phone = part("contact_phone", &|text| reading::phone(text));
    (name.is_some() || phone.is_some())
        .then(|| Contact { name: name.unwrap_or_default(), phone: phone.unwrap_or_default() })
}
