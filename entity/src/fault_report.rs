//! 报修: somebody who stood before an asset says what is wrong with it, without an account. What was
//! said, and where to call back, lie in the vault.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AssetId, FaultReportId, VaultId},
};

coded_enum! {
    /// What is wrong, in words that a villager chooses from.
    pub enum Kind {
        Broken = "broken" "坏了" "it is broken",
        Stopped = "stopped" "用不了" "it does not work",
        Danger = "danger" "有危险" "it is dangerous",
        Blocked = "blocked" "堵了或脏乱" "it is blocked or dirty",
        Taken = "taken" "被人占用" "somebody has taken it over",
        Other = "other" "其他" "something else",
    }
}

coded_enum! {
    /// How far a report has come.
    pub enum State {
        Received = "received" "已收到" "received",
        Accepted = "accepted" "已受理" "accepted",
        InRepair = "in_repair" "已转维修" "in repair",
        Dismissed = "dismissed" "不属实或重复" "unfounded or told before",
        Mended = "mended" "已修好" "mended",
    }
}

impl State {
    /// Those in which somebody still has to act.
    pub const OPEN: [State; 3] = [State::Received, State::Accepted, State::InRepair];

    /// Whether somebody still has to act.
    pub fn is_open(self) -> bool {
        State::OPEN.contains(&self)
    }
}

/// One report of one asset.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "fault_report")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FaultReportId,
    pub area_code: AreaCode,
    pub asset_id: AssetId,
    pub kind: Kind,
    pub state: State,
    /// What was said, and where to call back; empty where neither was.
    pub vault_id: Option<VaultId>,
    /// A keyed sum of the code by which whoever reported it follows it up.
    pub code_digest: String,
    /// What whoever reported it is told: why it was dismissed, or what was done.
    pub answer: Option<String>,
    /// The day on which it was dismissed or mended.
    pub settled_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
