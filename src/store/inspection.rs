//! Inspections: the record that stands under a key, the one before it on the same device, and how an
//! asset was found last.

use chrono::{DateTime, Utc};
use entity::{
    asset,
    id::{AssetId, InspectionId},
    inspection::{Column, Entity, Model},
    upkeep,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value,
    sea_query::{Expr, ExprTrait},
};

use super::{Read, Write};
use crate::error::Result;

/// The order of the inspections of an asset, which an index has.
const ORDER: [Column; 3] = [Column::InspectedAt, Column::AreaCode, Column::Id];

impl Read<'_> {
    /// How an asset was found last. Only whoever may see the asset is told.
    pub async fn upkeep_of(&self, id: AssetId) -> Result<Option<upkeep::Model>> {
        self.get::<asset::Entity>(id).await?;
        let query = upkeep::Entity::find().filter(upkeep::Column::AssetId.eq(id));
        Ok(query.one(self.connection()).await?)
    }

    /// The records of an asset behind one of them, the newest first, as they were known at an instant.
    /// Only whoever may see the asset is told.
    pub async fn inspections_of(
        &self,
        id: AssetId,
        (before, known_at): (Option<InspectionId>, Option<DateTime<Utc>>),
        limit: u64,
    ) -> Result<Vec<Model>> {
        self.get::<asset::Entity>(id).await?;
        let mut query = Entity::find().filter(Column::AssetId.eq(id));
        if let Some(at) = known_at {
            query = query.filter(Column::CreatedAt.lte(at));
        }
        if let Some(before) = before {
            let last = self.get::<Entity>(before).await?;
            let place = [last.inspected_at.into(), last.area_code.into(), last.id.0.into()];
            let place = place.map(Expr::val::<Value>);
            let row = ORDER.map(|column| Expr::col((Entity, column)));
            query = query.filter(Expr::tuple(row).lt(Expr::tuple(place)));
        }
        let query = ORDER.into_iter().fold(query, QueryOrder::order_by_desc);
        Ok(query.limit(limit).all(self.connection()).await?)
    }

    /// The record of the same device that was counted before one, where the reader may see it.
    pub async fn inspection_before(&self, row: &Model) -> Result<Option<Model>> {
        let (Some(device), Some(count)) = (&row.device, row.device_count) else { return Ok(None) };
        let query = self
            .find::<Entity>()
            .filter(Column::Device.eq(device))
            .filter(Column::DeviceCount.lt(count))
            .order_by_desc(Column::DeviceCount);
        Ok(query.one(self.connection()).await?)
    }
}

impl Write {
    /// The record that stands under a key of a device, within the scope.
    pub async fn inspection_under(&self, device_key: &str) -> Result<Option<Model>> {
        let query = self.find::<Entity>().filter(Column::DeviceKey.eq(device_key));
        Ok(query.one(&self.txn).await?)
    }

    /// How an asset was found last.
    pub async fn upkeep_of(&self, id: AssetId) -> Result<Option<upkeep::Model>> {
        let query = self.find::<upkeep::Entity>().filter(upkeep::Column::AssetId.eq(id));
        Ok(query.one(&self.txn).await?)
    }
}
