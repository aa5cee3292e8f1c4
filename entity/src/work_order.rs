//! 维修工单: something of an asset that is to be mended, from the defect to the acceptance.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{
        AccountId, AssetId, FaultReportId, InspectionId, OrganizationId, PersonId, SpendingId,
        WorkOrderId,
    },
    inspection::{CheckItem, Condition},
    money::Money,
};

coded_enum! {
    /// How far a work order has come (ux.md §3.11).
    pub enum State {
        Waiting = "waiting" "待派单" "to be dispatched",
        Dispatched = "dispatched" "已派单" "dispatched",
        Underway = "underway" "施工中" "under way",
        Done = "done" "待验收" "to be accepted",
        Accepted = "accepted" "办结" "accepted",
        Dismissed = "dismissed" "不予维修" "dismissed",
    }
}

impl State {
    /// Whether it has not come to its end.
    pub const fn is_live(self) -> bool {
        !matches!(self, State::Accepted | State::Dismissed)
    }
}

coded_enum! {
    /// What kind of work it is.
    pub enum Kind {
        Repair = "repair" "日常维修" "repair",
        Restoration = "restoration" "恢复重建" "restoration",
        Improvement = "improvement" "提等升级" "improvement",
    }
}

impl Kind {
    /// Whether what it cost is added to the value of the asset.
    pub const fn is_capital(self) -> bool {
        !matches!(self, Kind::Repair)
    }
}

/// One work order of one asset.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "work_order")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WorkOrderId,
    pub area_code: AreaCode,
    pub asset_id: AssetId,
    /// The earliest inspection that found it.
    pub inspection_id: Option<InspectionId>,
    /// The report of somebody who stood before the asset.
    pub fault_report_id: Option<FaultReportId>,
    /// The point that was not good.
    pub item: Option<CheckItem>,
    /// The worst that it was found to be: a defect or a danger.
    pub condition: Condition,
    /// What is to be mended.
    pub what: Option<String>,
    /// When it was found first.
    pub found_at: DateTime<Utc>,
    pub state: State,
    pub kind: Kind,
    /// What it will cost.
    pub estimate: Option<Money>,
    /// Who said so; empty also where it was said at the machine itself.
    pub estimated_by: Option<AccountId>,
    /// Up to what it may cost.
    pub approved: Option<Money>,
    pub approved_by: Option<AccountId>,
    pub approved_on: Option<NaiveDate>,
    /// What of a budget is committed to it, or was paid for it.
    pub spending_id: Option<SpendingId>,
    /// Who mends it: a contractor, or a keeper.
    pub organization_id: Option<OrganizationId>,
    pub person_id: Option<PersonId>,
    /// The last day by which it is to be mended.
    pub due_on: Option<NaiveDate>,
    /// What was done.
    pub report: Option<String>,
    pub reported_by: Option<AccountId>,
    /// What it cost.
    pub cost: Option<Money>,
    pub voucher_no: Option<String>,
    /// Why it was sent back last.
    pub returned: Option<String>,
    pub n_returned: i32,
    /// Why it was dismissed.
    pub dismissed: Option<String>,
    /// When it came to its end.
    pub ended_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
