//! Duties, past and present, one a row.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use entity::{duty, id::OrganizationId, import::Kind};

use super::{Counted, Part, Sheet, cells, text};
use crate::{
    app::output::{ColumnKind, Target},
    domain::{duty::FIELDS, field::Value, sheet::OrganizationName},
    error::Result,
    store::{Read, export::Selection},
};

/// One duty and what it refers to.
struct Line {
    duty: duty::Model,
    asset_code: String,
    asset_name: String,
    organizations: Arc<HashMap<OrganizationId, OrganizationName>>,
}

/// What a row carries beside the fields of the duty.
const PARTS: &[Part<Line>] = &[
    Part("asset_code", ColumnKind::Text, |line, _| text(Some(&line.asset_code))),
    Part("asset_name", ColumnKind::Text, |line, _| text(Some(&line.asset_name))),
    Part("organization", ColumnKind::Text, |line, _| {
        let name = line.duty.organization_id.and_then(|id| line.organizations.get(&id));
        text(name.map(|name| name.seen_from(line.duty.area_code)).as_ref())
    }),
    Part("person", ColumnKind::Text, |line, _| {
        text(line.duty.person_id.map(|id| format!("P{id}")).as_ref())
    }),
    Part("end_reason", ColumnKind::Text, |line, _| {
        line.duty.end_reason.map_or(Value::Empty, |reason| Value::Coded(reason.label()))
    }),
];

/// Writes the duties on the assets of a selection.
pub(super) async fn write(
    read: &Read<'_>,
    selection: &Selection,
    target: Target,
    n: &mut Counted,
) -> Result<()> {
    let row: fn(&Line) -> &duty::Model = |line| &line.duty;
    let cells = cells(Kind::Duties, FIELDS, row, PARTS);
    let mut sheet = Sheet::begin(Kind::Duties, cells, target, n)?;
    let mut page = read.dossiers_after(selection, None).await?;
    while let Some(last) = page.last() {
        let after = Some((last.asset.area_code, last.asset.id));
        let ids: BTreeSet<OrganizationId> = page
            .iter()
            .flat_map(|dossier| &dossier.duties)
            .filter_map(|duty| duty.organization_id)
            .collect();
        let organizations = Arc::new(read.organization_names(ids.into_iter().collect()).await?);
        for dossier in page {
            for duty in dossier.duties {
                sheet.row(&Line {
                    duty,
                    asset_code: dossier.asset.code.clone(),
                    asset_name: dossier.asset.name.clone(),
                    organizations: Arc::clone(&organizations),
                })?;
            }
        }
        page = read.dossiers_after(selection, after).await?;
    }
    sheet.finish()
}
