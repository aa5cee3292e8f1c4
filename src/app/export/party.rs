//! Organizations, projects and areas, one a row.

use std::collections::{BTreeSet, HashMap};

use entity::{
    area::{self, AreaCode},
    id::OrganizationId,
    import::Kind,
    organization, project,
};

use super::{Counted, Part, Sheet, cells, text};
use crate::{
    app::{
        output::{ColumnKind, Target},
        place::Places,
    },
    domain::{
        area as area_rules, field::FieldValue, organization as organization_rules,
        project as project_rules,
    },
    error::Result,
    store::Read,
};

/// One row and where it stands.
struct Line<R> {
    row: R,
    area_path: String,
    unit: Option<String>,
}

const ORGANIZATION_PARTS: &[Part<Line<organization::Model>>] = &[
    Part("area_code", ColumnKind::Text, |line, _| line.row.area_code.show()),
    Part("area_path", ColumnKind::Text, |line, _| text(Some(&line.area_path))),
];

const PROJECT_PARTS: &[Part<Line<project::Model>>] = &[
    Part("area_code", ColumnKind::Text, |line, _| line.row.area_code.show()),
    Part("area_path", ColumnKind::Text, |line, _| text(Some(&line.area_path))),
    Part("implementing_unit", ColumnKind::Text, |line, _| text(line.unit.as_ref())),
];

/// Writes the organizations of an area; how to reach them stays in the vault.
pub(super) async fn organizations(
    read: &Read<'_>,
    area: AreaCode,
    target: Target,
    n: &mut Counted,
) -> Result<()> {
    let row: fn(&Line<organization::Model>) -> &organization::Model = |line| &line.row;
    let cells = cells(Kind::Organizations, organization_rules::FIELDS, row, ORGANIZATION_PARTS);
    let mut sheet = Sheet::begin(Kind::Organizations, cells, target, n)?;
    let mut places = Places::new(read.today());
    let mut after = None;
    loop {
        let page = read.organizations_after(area, after.as_ref()).await?;
        let Some(last) = page.last() else { return sheet.finish() };
        after = Some((last.area_code, last.name.clone(), last.id));
        places.learn(read, page.iter().map(|row| row.area_code)).await?;
        for row in page {
            let area_path = places.path(row.area_code);
            sheet.row(&Line { row, area_path, unit: None })?;
        }
    }
}

/// Writes the projects of an area.
pub(super) async fn projects(
    read: &Read<'_>,
    area: AreaCode,
    target: Target,
    n: &mut Counted,
) -> Result<()> {
    let row: fn(&Line<project::Model>) -> &project::Model = |line| &line.row;
    let cells = cells(Kind::Projects, project_rules::FIELDS, row, PROJECT_PARTS);
    let mut sheet = Sheet::begin(Kind::Projects, cells, target, n)?;
    let mut places = Places::new(read.today());
    let mut after = None;
    loop {
        let page = read.rows_after::<project::Entity>(area, after).await?;
        let Some(last) = page.last() else { return sheet.finish() };
        after = Some((last.area_code, last.id));
        places.learn(read, page.iter().map(|row| row.area_code)).await?;
        let units: BTreeSet<OrganizationId> =
            page.iter().filter_map(|row| row.implementing_unit_id).collect();
        let units: HashMap<_, _> = read.organization_names(units.into_iter().collect()).await?;
        for row in page {
            let area_path = places.path(row.area_code);
            let unit = row.implementing_unit_id.and_then(|id| units.get(&id));
            let unit = unit.map(|unit| unit.seen_from(row.area_code));
            sheet.row(&Line { row, area_path, unit })?;
        }
    }
}

/// Writes an area and all within it, former ones included.
pub(super) async fn areas(
    read: &Read<'_>,
    area: AreaCode,
    target: Target,
    n: &mut Counted,
) -> Result<()> {
    let row: fn(&area::Model) -> &area::Model = |row| row;
    let cells = cells(Kind::Areas, area_rules::FIELDS, row, &[]);
    let mut sheet = Sheet::begin(Kind::Areas, cells, target, n)?;
    let mut after = None;
    loop {
        let page = read.rows_after::<area::Entity>(area, after).await?;
        let Some(last) = page.last() else { return sheet.finish() };
        after = Some((last.area_code, last.id));
        for row in page {
            sheet.row(&row)?;
        }
    }
}
