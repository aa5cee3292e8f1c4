//! Work orders: those of an asset.

use entity::{
    id::AssetId,
    work_order::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::Write;
use crate::error::Result;

impl Write {
    /// The work orders of an asset, in the order of their ids.
    pub async fn work_orders_of(&self, id: AssetId) -> Result<Vec<Model>> {
        let query = self.find::<Entity>().filter(Column::AssetId.eq(id));
        Ok(query.order_by_asc(Column::Id).all(&self.txn).await?)
    }
}
