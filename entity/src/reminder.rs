//! 提醒: what the log has for those who work with it: asked of somebody, sent back, approved,
//! reported. One row an entry of the log, a recipient and a kind; it names rows, never people.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{area::County, finding::Rule, id::AssetId};

coded_enum! {
    /// What somebody is reminded of.
    pub enum Kind {
        Assigned = "assigned" "交办整改" "asked to mend a finding",
        Returned = "returned" "整改被退回" "a rectification was sent back",
        Checked = "checked" "整改已通过核查" "a rectification was checked",
        Escalated = "escalated" "问题被督办" "a finding was escalated",
        OrderOpened = "order_opened" "新的维修工单" "a new work order",
        OrderApproved = "order_approved" "维修已批准" "a repair was approved",
        OrderReturned = "order_returned" "维修被返工" "a repair was sent back",
        OrderDone = "order_done" "维修已完工，等验收" "a repair waits to be accepted",
        OrderAccepted = "order_accepted" "维修已验收" "a repair was accepted",
        OrderDismissed = "order_dismissed" "不予维修" "a repair was dismissed",
        FaultReported = "fault_reported" "有人报修" "a fault was reported",
        MonthRecorded = "month_recorded" "考勤考核等核定" "a month of a post waits to be approved",
        MonthApproved = "month_approved" "岗位报酬已核定" "the pay of a month was approved",
        OverspendAsked = "overspend_asked" "超支等审批" "an overspend waits for a decision",
        OverspendApproved = "overspend_approved" "超支已批准" "an overspend was approved",
        OverspendDeclined = "overspend_declined" "超支未批准" "an overspend was declined",
        DutyAssigned = "duty_assigned" "新指派的管护责任" "a duty was assigned",
    }
}

/// What one entry of the log has for one recipient.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminder")]
pub struct Model {
    /// Whom it is for: an account, an organization, or a role at a place.
    #[sea_orm(primary_key, auto_increment = false)]
    pub recipient: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// The entry of the county's log.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: Kind,
    /// How many rows the entry has of it.
    pub n: i32,
    /// The first of them, by which it is looked up.
    pub subject_id: i64,
    pub asset_id: Option<AssetId>,
    /// The rule, where it is a finding.
    pub rule: Option<Rule>,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// How far an account has read.
pub mod mark {
    use chrono::NaiveDate;
    use sea_orm::entity::prelude::*;

    use crate::id::AccountId;

    /// The last entry that an account has seen, and the day on which it last looked.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "reminder_mark")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: AccountId,
        pub seq: i64,
        pub read_on: NaiveDate,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
