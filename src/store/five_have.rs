//! Which of the five haves assets have: kept up whenever an asset is judged, as findings are, and counted
//! in the kept sums, so that no page looks at each asset.

use std::collections::HashMap;

use entity::{
    five_have::{Column, Entity, Model},
    id::AssetId,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::OnConflict,
};

use super::{Dossier, Read, Write, dossier::among, insert::insert_rows, scope};
use crate::{
    domain::{five_have, setting::LocalRules},
    error::Result,
};

/// Rows of one statement.
const ROWS: usize = 2_000;

/// What the rule says of an asset on a day.
pub(super) fn haves(
    dossier: &Dossier,
    local: &LocalRules,
    today: chrono::NaiveDate,
) -> Option<Model> {
    let thresholds = local.thresholds(dossier.asset.area_code, today);
    five_have::five_haves(&dossier.facts(), &thresholds, today)
}

impl Write {
    /// Keeps what assets have that are new.
    pub(super) async fn begin_haves(&mut self, made: &[Dossier], local: &LocalRules) -> Result<()> {
        let today = self.today();
        let rows: Vec<Model> = made.iter().filter_map(|one| haves(one, local, today)).collect();
        for row in &rows {
            self.tally.count_haves(row, 1);
        }
        Ok(insert_rows::<Entity>(&self.txn, &rows).await?)
    }

    /// Keeps what assets have that were judged anew, where it is something else than before.
    pub(super) async fn keep_haves(
        &mut self,
        dossiers: &[Dossier],
        local: &LocalRules,
    ) -> Result<()> {
        let ids: Vec<AssetId> = dossiers.iter().map(|one| one.asset.id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let kept = Entity::find().filter(among(Column::AssetId, &ids)).all(&self.txn).await?;
        let mut kept: HashMap<AssetId, Model> =
            kept.into_iter().map(|row| (row.asset_id, row)).collect();
        let (mut changed, mut over) = (Vec::new(), Vec::new());
        let today = self.today();
        for dossier in dossiers {
            let before = kept.remove(&dossier.asset.id);
            let after = haves(dossier, local, today);
            if before == after {
                continue;
            }
            self.pending.mark(dossier.asset.area_code.county());
            if let Some(row) = &before {
                self.tally.count_haves(row, -1);
            }
            match after {
                Some(row) => {
                    self.tally.count_haves(&row, 1);
                    changed.push(row);
                }
                None => over.push(dossier.asset.id),
            }
        }
        for batch in changed.chunks(ROWS) {
            let rows = batch.iter().cloned().map(|row| row.into_active_model().reset_all());
            let same = OnConflict::column(Column::AssetId)
                .update_columns([
                    Column::AreaCode,
                    Column::Class,
                    Column::HasRule,
                    Column::HasStandard,
                    Column::HasTeam,
                    Column::HasMoney,
                    Column::HasOversight,
                ])
                .to_owned();
            Entity::insert_many(rows).on_conflict(same).exec_without_returning(&self.txn).await?;
        }
        for batch in over.chunks(ROWS) {
            let gone = Entity::delete_many().filter(Column::AssetId.is_in(batch.iter().copied()));
            gone.exec(&self.txn).await?;
        }
        Ok(())
    }
}

impl Read<'_> {
    /// Which of the five an asset has, as it is kept; none where they are not asked of it, or where
    /// the reader may not see it.
    pub async fn haves_of(&self, id: AssetId) -> Result<Option<Model>> {
        let found = Entity::find_by_id(id).one(self.connection()).await?;
        let own = self.actor().area();
        Ok(found.filter(|row| scope::covers(own, &row.area_code, "scope of the five haves")))
    }
}
