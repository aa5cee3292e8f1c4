//! 管护预算: money set aside for the upkeep of an asset, a village, or what a village has of a kind,
//! in a year, from one fund; what of it is committed, spent and left.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    asset::Subclass,
    id::{AssetId, BudgetId, UpkeepFundId},
    money::Money,
    upkeep_fund::Source,
};

/// One budget. What is set aside is what is spent, what is committed and what is left; what is left
/// goes below zero by no more than was approved.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "budget")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BudgetId,
    /// The village or the town it is for; that of the asset where it is for one.
    pub area_code: AreaCode,
    pub fund_id: UpkeepFundId,
    /// Where the money of its fund comes from: the fund itself may be held further up.
    pub source: Source,
    pub year: i32,
    /// The asset it is for alone.
    pub asset_id: Option<AssetId>,
    /// The kind of assets it is for alone.
    pub subclass: Option<Subclass>,
    pub set_aside: Money,
    pub committed: Money,
    pub spent: Money,
    /// What is left.
    pub remaining: Money,
    /// By how much it may be overspent: what was approved.
    pub allowed_over: Money,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
