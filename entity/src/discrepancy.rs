//! 待核差异: something that speaks against what the ledger says of an asset: a signed stock-take did not
//! find it, or found it in another state, or another asset is in all that tells them apart the same
//! (domain.md §4, Z02 and Z04).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    asset::UseState,
    id::{AccountId, AssetId, DiscrepancyId, StockTakeId},
};

coded_enum! {
    /// What speaks against the ledger.
    pub enum Kind {
        Missing = "missing" "盘点未找到" "not found in a stock-take",
        Changed = "changed" "盘点状态不符" "found in another state",
        Duplicate = "duplicate" "疑似重复登记" "may be registered twice",
    }
}

coded_enum! {
    /// What became of it.
    pub enum State {
        Open = "open" "待核实" "open",
        Settled = "settled" "已核实" "settled",
        Cleared = "cleared" "已消除" "cleared",
    }
}

/// One discrepancy of one asset.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "discrepancy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DiscrepancyId,
    pub area_code: AreaCode,
    pub asset_id: AssetId,
    pub kind: Kind,
    /// The signed stock-take that says so.
    pub stock_take_id: Option<StockTakeId>,
    /// The state in which it was seen.
    pub seen_state: Option<UseState>,
    /// The asset that was registered before and is the same in all that tells them apart.
    pub other_id: Option<AssetId>,
    pub found_on: NaiveDate,
    pub state: State,
    /// Why the ledger is right all the same.
    pub reason: Option<String>,
    /// Who said so; empty where it cleared by itself, and where that was done at the machine.
    pub settled_by: Option<AccountId>,
    pub settled_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
