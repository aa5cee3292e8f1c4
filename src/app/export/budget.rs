//! Budgets of all years, one a row.

use std::collections::HashMap;

use entity::{asset, budget, id::AssetId, import::Kind};

use super::{Counted, Part, Sheet, cells, text};
use crate::{
    app::{
        output::{ColumnKind, Target},
        place::Places,
    },
    domain::budget::FIELDS,
    error::Result,
    store::Read,
};

/// One budget and what it refers to.
struct Line {
    budget: budget::Model,
    area_path: String,
    /// Code and name of the asset that it is for alone.
    asset: Option<(String, String)>,
}

/// What a row carries beside the fields of the budget.
const PARTS: &[Part<Line>] = &[
    Part("fund_id", ColumnKind::Text, |line, _| text(Some(&line.budget.fund_id.to_string()))),
    Part("area_code", ColumnKind::Text, |line, _| text(Some(&line.budget.area_code.to_string()))),
    Part("area_path", ColumnKind::Text, |line, _| text(Some(&line.area_path))),
    Part("asset_code", ColumnKind::Text, |line, _| text(line.asset.as_ref().map(|one| &one.0))),
    Part("asset_name", ColumnKind::Text, |line, _| text(line.asset.as_ref().map(|one| &one.1))),
];

/// Writes the budgets of an area.
pub(super) async fn write(
    read: &Read<'_>,
    area: entity::area::AreaCode,
    target: Target,
    n: &mut Counted,
) -> Result<()> {
    let row: fn(&Line) -> &budget::Model = |line| &line.budget;
    let mut sheet =
        Sheet::begin(Kind::Budgets, cells(Kind::Budgets, FIELDS, row, PARTS), target, n)?;
    let mut places = Places::new(read.today());
    let mut after = None;
    loop {
        let page = read.rows_after::<budget::Entity>(area, after).await?;
        let Some(last) = page.last() else { return sheet.finish() };
        after = Some((last.area_code, last.id));
        places.learn(read, page.iter().map(|row| row.area_code)).await?;
        let ids: Vec<AssetId> = page.iter().filter_map(|row| row.asset_id).collect();
        let assets = read.some::<asset::Entity>(&ids).await?;
        let assets: HashMap<AssetId, asset::Model> =
            assets.into_iter().map(|asset| (asset.id, asset)).collect();
        for budget in page {
            let area_path = places.path(budget.area_code);
            let asset = budget.asset_id.and_then(|id| assets.get(&id));
            let asset = asset.map(|asset| (asset.code.clone(), asset.name.clone()));
            sheet.row(&Line { budget, area_path, asset })?;
        }
    }
}
