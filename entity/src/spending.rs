//! 支出: what was committed and paid out of a budget for an asset. Nothing is deleted: a commitment is
//! released, a payment reversed.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AssetId, BudgetId, OrganizationId, SpendingId},
    money::Money,
};

coded_enum! {
    /// How far a spending has come.
    pub enum State {
        Committed = "committed" "已预占" "committed",
        Paid = "paid" "已支付" "paid",
        Released = "released" "已释放" "released",
        Reversed = "reversed" "已冲销" "reversed",
    }
}

/// One spending.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "spending")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SpendingId,
    /// Where the asset lies.
    pub area_code: AreaCode,
    pub budget_id: BudgetId,
    /// The asset it is for.
    pub asset_id: AssetId,
    /// The year of the budget.
    pub year: i32,
    pub state: State,
    /// What is committed, or was paid.
    pub amount: Money,
    /// What it is for.
    pub purpose: String,
    /// Who is paid.
    pub organization_id: Option<OrganizationId>,
    /// The number of the voucher.
    pub voucher_no: Option<String>,
    pub paid_on: Option<NaiveDate>,
    /// Why it was released or reversed.
    pub end_reason: Option<String>,
    /// When it was released or reversed.
    pub ended_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
