//! Rectifications: what becomes of a finding. Who is to act, by when, how far it has come.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::{AreaCode, Level},
    finding::Rule,
    id::{AccountId, AssetId, OrganizationId, RectificationId},
};

coded_enum! {
    /// How far a rectification has come (domain.md §4).
    pub enum State {
        Open = "open" "未办" "not begun",
        Underway = "underway" "在办" "under way",
        Done = "done" "已办待核" "done, to be checked",
        ClosedOut = "closed_out" "销号" "closed out",
    }
}

impl State {
    /// Whether it has not come to its end.
    pub const fn is_live(self) -> bool {
        !matches!(self, State::ClosedOut)
    }

    /// Whether whoever is to act has not done it yet.
    pub const fn is_to_do(self) -> bool {
        matches!(self, State::Open | State::Underway)
    }
}

coded_enum! {
    /// Why a rectification was closed out.
    pub enum Closing {
        Checked = "checked" "核查通过" "checked by another person",
        Cleared = "cleared" "问题已消除" "the finding cleared",
    }
}

coded_enum! {
    /// Who up the line sees to what the village has not mended: the town, the department of the
    /// county, its leader (domain.md §4: 属地管理, 主体责任).
    pub enum Rung {
        Town = "town" "乡镇" "town",
        Department = "county" "县级主管部门" "department of the county",
        Leader = "leader" "县领导" "leader of the county",
    }
}

impl Rung {
    /// The level of the area in which they sit.
    pub const fn level(self) -> Level {
        match self {
            Rung::Town => Level::Town,
            Rung::Department | Rung::Leader => Level::County,
        }
    }
}

/// One round of rectifying one finding. A finding that comes back begins a new one.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "rectification")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RectificationId,
    pub area_code: AreaCode,
    pub asset_id: AssetId,
    pub rule: Rule,
    /// The how many-th round it is for this asset and rule, from 1.
    pub round: i32,
    pub state: State,
    /// Who is to act, where it is somebody with an account.
    pub account_id: Option<AccountId>,
    /// Who is to act, where it is an organization.
    pub organization_id: Option<OrganizationId>,
    /// The last day by which it is to be done.
    pub due_on: Option<NaiveDate>,
    /// What is asked of whoever is to act.
    pub note: Option<String>,
    /// What was done, as it was reported.
    pub report: Option<String>,
    /// Who reported it; empty also where it was done at the machine itself.
    pub reported_by: Option<AccountId>,
    /// Why it was sent back last.
    pub returned: Option<String>,
    /// How often it was escalated.
    pub n_escalated: i32,
    /// To whom it was escalated last.
    pub escalated_to: Option<Rung>,
    /// What was said when it was escalated last; empty where it was, being late, by the night.
    pub escalation: Option<String>,
    pub closing: Option<Closing>,
    pub closed_on: Option<NaiveDate>,
    /// The day the finding cleared; empty as long as it stands.
    pub cleared_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
