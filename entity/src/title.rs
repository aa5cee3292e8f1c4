//! 确权: how far the title of an asset is settled, and by what certificate.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AssetId, TitleId},
};

coded_enum! {
    /// How far the title is settled (确权状态, domain.md §2.5). A dispute is a state, not an error.
    pub enum State {
        Unconfirmed = "unconfirmed" "未确权" "unconfirmed",
        InProgress = "in_progress" "确权中" "in progress",
        Confirmed = "confirmed" "已确权" "confirmed",
        Disputed = "disputed" "权属争议" "disputed",
    }
}

coded_enum! {
    /// At which level it was confirmed (确权层级).
    pub enum Tier {
        County = "county" "县" "county",
        Township = "township" "乡镇" "township",
        Village = "village" "村" "village",
        Group = "group" "组" "group",
        Household = "household" "户" "household",
    }
}

coded_enum! {
    /// In which books the asset is kept (纳入系统).
    pub enum Register {
        StateAssets = "state_assets" "国有资产" "state assets",
        CollectiveAssets = "collective_assets" "农村集体资产" "rural collective assets",
        ThisLedger = "this_ledger" "仅本台账" "this ledger only",
    }
}

/// The title of one asset.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "title")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TitleId,
    pub area_code: AreaCode,
    #[sea_orm(unique)]
    pub asset_id: AssetId,
    pub state: State,
    pub tier: Option<Tier>,
    pub register: Option<Register>,
    pub confirmed_on: Option<NaiveDate>,
    pub certificate_kind: Option<String>,
    pub certificate_no: Option<String>,
    pub certificate_issuer: Option<String>,
    pub certificate_issued_on: Option<NaiveDate>,
    pub is_mortgaged: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
