//! Rows of a duty sheet: assigning many duties at once, or changing the terms of those on record.

use std::collections::HashMap;

use entity::{
    asset, duty as entities,
    duty::Kind,
    id::{AssetId, PersonId},
    import::Outcome as RowOutcome,
    language::Sentence,
};

use super::{
    asset::{cells_changed, set_fields},
    carry_out::Batched,
    layout::Record,
    map::Map,
    resolve::Resolver,
};
use crate::{
    app,
    domain::{
        duty as rules,
        duty::Terms,
        mistake::{Mistake, Mistakes},
        title::Party,
    },
    error::Result,
    store::Write,
};

/// Carries out a batch of rows. A duty is known by its asset, its kind, who bears it and the day
/// it begins.
pub(super) async fn carry_out(
    mut batch: Batched<'_>,
    write: &mut Write,
    records: &[Record],
    resolver: &mut Resolver,
) -> Result<()> {
    let map = batch.map().clone();
    resolver.look_ahead(write, records, &map).await?;
    let codes: Vec<String> =
        records.iter().filter_map(|record| record.text("asset_code")).map(str::to_owned).collect();
    let assets = write.assets_by_code(&codes).await?;
    let mut rows = Vec::new();
    for record in records {
        let mut mistakes = record.mistakes.clone();
        let planned = plan(write, record, resolver, &map, &assets, &mut mistakes).await?;
        let Some((asset, wanted)) = planned.filter(|_| mistakes.is_empty()) else {
            batch.reject(record, &mistakes);
            continue;
        };
        let existing = write.duties_of(asset).await?;
        let stored = existing.iter().find(|duty| same_duty(duty, &wanted));
        let done = match stored {
            Some(stored) => change(write, &mut batch, record, stored, &wanted, &map).await,
            None => begin(write, asset, &wanted).await.map(Some),
        };
        match done {
            Ok(None) => batch.same(),
            Ok(Some((outcome, duty))) => {
                let subject = ("duty", duty.id.0, duty.version, duty.area_code);
                rows.push(batch.done(outcome, record.number, subject));
            }
            Err(error) => batch.refuse(record, error)?,
        }
    }
    write.note_imported(rows).await
}

fn same_duty(stored: &entities::Model, wanted: &entities::Model) -> bool {
    let of =
        |duty: &entities::Model| (duty.kind, duty.organization_id, duty.person_id, duty.from_on);
    of(stored) == of(wanted)
}

async fn begin(
    write: &mut Write,
    asset: AssetId,
    wanted: &entities::Model,
) -> Result<(RowOutcome, entities::Model)> {
    let party = Party::of(wanted.organization_id, wanted.person_id);
    let party = party.ok_or_else(crate::domain::refusal::Refusal::one_party)?;
    let terms = Terms::of(wanted);
    let begun = app::duty::assign_within(write, asset, (wanted.kind, party), &terms).await?;
    Ok((RowOutcome::Created, begun))
}

async fn change(
    write: &mut Write,
    batch: &mut Batched<'_>,
    record: &Record,
    stored: &entities::Model,
    wanted: &entities::Model,
    map: &Map,
) -> Result<Option<(RowOutcome, entities::Model)>> {
    let mut row = stored.clone();
    let mut mistakes = Mistakes::default();
    set_fields(&mut row, rules::FIELDS, record, Some, map.reading(), &mut mistakes);
    mistakes.into_result()?;
    if row == *stored {
        return Ok(None);
    }
    rules::check_term(&row)?;
    let others = write.duties_of(wanted.asset_id).await?;
    let clash = others
        .iter()
        .find(|other| other.id != row.id && other.kind == row.kind && rules::overlap(other, &row));
    if let Some(clash) = clash {
        return Err(crate::domain::refusal::Refusal::overlaps(row.kind, clash.from_on).into());
    }
    batch.changes(cells_changed(record.number, rules::FIELDS, stored, &row));
    let changed = write.update::<entities::Entity>(stored, row).await?;
    Ok(Some((RowOutcome::Changed, changed)))
}

/// The asset a row means, and the duty it describes.
async fn plan(
    write: &mut Write,
    record: &Record,
    resolver: &mut Resolver,
    map: &Map,
    assets: &HashMap<String, asset::Model>,
    mistakes: &mut Mistakes,
) -> Result<Option<(AssetId, entities::Model)>> {
    let code = record.text("asset_code").unwrap_or_default();
    let scope = write.actor().area();
    let asset = assets.get(code).filter(|asset| scope.covers(&asset.area_code));
    let Some(asset) = asset else {
        let (zh, en) = ("台账中没有这个资产编号", "no asset of this code");
        mistakes.push(Mistake::new("asset_code", code, Sentence::new(zh, en)));
        return Ok(None);
    };
    let mut duty = rules::blank(Kind::Maintainer, asset.id, asset.area_code);
    set_fields(&mut duty, rules::FIELDS, record, Some, map.reading(), mistakes);
    let kind = match (record.has("kind"), record.text("person")) {
        (true, _) => duty.kind,
        (false, Some(_)) => Kind::Keeper,
        (false, None) => Kind::Maintainer,
    };
    duty.kind = kind;
    match kind {
        Kind::Maintainer => {
            let name = record.text("organization").unwrap_or_default();
            match resolver.organization(write, name, asset.area_code, map).await? {
                Ok(id) => duty.organization_id = Some(id),
                Err(expected) => mistakes.push(Mistake::new("organization", name, expected)),
            }
        }
        Kind::Keeper => {
            let named = (record.text("person").unwrap_or_default(), record.text("person_phone"));
            let found: std::result::Result<PersonId, Sentence> =
                resolver.person(write, named, asset.area_code).await?;
            match found {
                Ok(id) => duty.person_id = Some(id),
                Err(expected) => mistakes.push(Mistake::new("person", "", expected)),
            }
        }
    }
    Ok(Some((asset.id, duty)))
}
