//! 资产盘活: the plan by which an idle or low-yield asset is brought back into use, from the proposal to
//! what somebody else saw of it (domain.md §2.8, §5).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    asset::{IdleReason, UseState},
    id::{AccountId, AssetId, OrganizationId, RevivalId},
    money::Money,
};

coded_enum! {
    /// How an asset is brought back into use (盘活方式, domain.md §2.8).
    pub enum Mode {
        OwnRun = "own_run" "管理自营" "run by its owner",
        Lease = "lease" "租赁运营" "let",
        Investment = "investment" "招商引资" "an investor is sought",
        Regrouping = "regrouping" "重组整合" "joined with others",
        Renovation = "renovation" "改造提升" "renovated",
        DebtSettlement = "debt_settlement" "以资抵债" "given in payment",
        BuyOut = "buy_out" "收股转包" "taken back and let again",
        Exchange = "exchange" "产权交易" "traded on the exchange",
    }
}

coded_enum! {
    /// Which part of the 四个一批 an asset belongs to (domain.md §1.2, §2.8).
    pub enum Batch {
        Consolidate = "consolidate" "巩固一批" "consolidate",
        Upgrade = "upgrade" "升级一批" "upgrade",
        Revive = "revive" "盘活一批" "revive",
        Adjust = "adjust" "调整一批" "adjust",
    }
}

coded_enum! {
    /// How far a plan has come.
    pub enum State {
        Proposed = "proposed" "待批准" "to be approved",
        Approved = "approved" "实施中" "under way",
        Done = "done" "待核验" "to be verified",
        Closed = "closed" "已盘活" "back in use",
        Ended = "ended" "已终止" "ended",
    }
}

impl State {
    /// Whether the plan runs: an asset has one that does.
    pub const fn is_running(self) -> bool {
        matches!(self, State::Proposed | State::Approved | State::Done)
    }
}

/// One plan for one asset (一资产一方案).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "revival")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RevivalId,
    pub area_code: AreaCode,
    pub asset_id: AssetId,
    /// Idle or low-yield, as it was when the plan was proposed.
    pub use_state: UseState,
    /// Since when it was so then, as far as the ledger knew.
    pub needed_since: NaiveDate,
    pub reason: IdleReason,
    pub mode: Mode,
    pub batch: Batch,
    /// What is to be done.
    pub measures: String,
    /// The day by which it is to be back in use.
    pub target_on: NaiveDate,
    /// Who sees to it.
    pub organization_id: OrganizationId,
    pub state: State,
    /// The original value of the asset: when it was proposed, and at last when it was verified.
    pub value: Money,
    pub proposed_by: Option<AccountId>,
    pub proposed_on: NaiveDate,
    pub approved_by: Option<AccountId>,
    pub approved_on: Option<NaiveDate>,
    /// What was done.
    pub report: Option<String>,
    /// How the asset is used since.
    pub outcome: Option<UseState>,
    pub reported_by: Option<AccountId>,
    pub reported_on: Option<NaiveDate>,
    /// What whoever verified it saw of it.
    pub evidence: Option<String>,
    pub verified_by: Option<AccountId>,
    /// Why it was sent back last.
    pub returned: Option<String>,
    pub n_returned: i32,
    /// Why it ended otherwise.
    pub ended_why: Option<String>,
    /// The day on which it was verified, or ended.
    pub ended_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
