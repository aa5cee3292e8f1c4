//! 盘盈: something that stood there in a stock-take and was not on the ledger.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    asset::Subclass,
    id::{AccountId, AssetId, StockFindId, StockTakeId},
};

coded_enum! {
    /// What became of it.
    pub enum State {
        Open = "open" "待处理" "open",
        Registered = "registered" "已登记入账" "registered",
        Dismissed = "dismissed" "不予登记" "dismissed",
    }
}

/// One thing that was found.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "stock_find")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StockFindId,
    pub area_code: AreaCode,
    pub stock_take_id: StockTakeId,
    pub name: String,
    pub subclass: Option<Subclass>,
    /// Where it stands.
    pub location: Option<String>,
    pub note: Option<String>,
    /// Who found it; empty where it was recorded at the machine itself.
    pub found_by: Option<AccountId>,
    pub found_on: NaiveDate,
    pub state: State,
    /// The asset that was registered for it.
    pub asset_id: Option<AssetId>,
    /// Why it is none of the ledger's.
    pub reason: Option<String>,
    pub settled_by: Option<AccountId>,
    pub settled_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
