//! 管护情况: how an asset was found last. One row an asset, kept up by what is recorded of it.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AssetId, InspectionId, UpkeepId},
    inspection::Condition,
};

/// How one asset was found last.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "upkeep")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UpkeepId,
    pub area_code: AreaCode,
    pub asset_id: AssetId,
    /// The latest inspection, by the day on which it was made.
    pub inspection_id: InspectionId,
    /// The day on which it was made.
    pub inspected_on: NaiveDate,
    /// When it was made: among those of one day the latest stands here.
    pub inspected_at: DateTime<Utc>,
    /// The worst that was found.
    pub condition: Condition,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
