//! 盘点行: one asset that a stock-take expects, and how it was found. What is expected is kept as it was
//! on the day of opening; what becomes of the asset later changes nothing of it.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    asset::UseState,
    id::{AccountId, AssetId, StockLineId, StockTakeId},
};

coded_enum! {
    /// How a line was found.
    pub enum Outcome {
        Found = "found" "账实相符" "found",
        Missing = "missing" "盘亏（未找到）" "missing",
        Changed = "changed" "状态不符" "in another state",
    }
}

/// One line of one stock-take.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "stock_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StockLineId,
    pub area_code: AreaCode,
    pub stock_take_id: StockTakeId,
    pub asset_id: AssetId,
    /// Its place among the lines, from 1: the same on paper and in the form.
    pub place: i32,
    /// What the asset was known by on the day of opening.
    pub code: String,
    pub name: String,
    /// How the ledger said that it was used.
    pub recorded_state: Option<UseState>,
    /// How it was found; empty until somebody has counted it.
    pub outcome: Option<Outcome>,
    /// In what state, where it is another than the ledger says.
    pub seen_state: Option<UseState>,
    pub note: Option<String>,
    /// Who counted it last; empty where that was done at the machine itself.
    pub counted_by: Option<AccountId>,
    pub counted_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
