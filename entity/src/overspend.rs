//! 超支审批: more than is left in a budget was asked for, and somebody else decided.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AccountId, BudgetId, OverspendId},
    money::Money,
};

coded_enum! {
    /// What became of a request.
    pub enum State {
        Asked = "asked" "待审批" "to be decided",
        Approved = "approved" "已批准" "approved",
        Declined = "declined" "未批准" "declined",
    }
}

/// One request to spend more than is left.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "overspend")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OverspendId,
    /// The area of the budget.
    pub area_code: AreaCode,
    pub budget_id: BudgetId,
    pub state: State,
    /// By how much more may be spent.
    pub amount: Money,
    /// Why it is needed.
    pub reason: String,
    /// Who asked; empty where it was done at the machine itself.
    pub asked_by: Option<AccountId>,
    /// The document that says so, where it was approved.
    pub document_no: Option<String>,
    /// Why it was declined.
    pub returned: Option<String>,
    /// Who decided; empty also where it was done at the machine itself.
    pub decided_by: Option<AccountId>,
    pub decided_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
