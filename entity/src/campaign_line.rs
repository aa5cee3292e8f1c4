//! One line of a campaign: a finding that was open on the day it began, what somebody answered, and
//! what a re-check found.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    finding::Rule,
    id::{AccountId, AssetId, CampaignId, CampaignLineId, OrganizationId},
};

coded_enum! {
    /// What a re-check found of an answer.
    pub enum Recheck {
        Confirmed = "confirmed" "与答复一致" "as it was answered",
        Differs = "differs" "与答复不符" "not as it was answered",
    }
}

/// One line. Which finding it is stays as it was; the answer and the re-check come later.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "campaign_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CampaignLineId,
    /// Where the asset lay.
    pub area_code: AreaCode,
    pub campaign_id: CampaignId,
    /// Its number within the campaign, from 1: by it the sample is drawn.
    pub no: i32,
    pub asset_id: AssetId,
    pub rule: Rule,
    /// Since when it had been so.
    pub since_on: NaiveDate,
    /// The day the ledger had found it; one that is found later has come back.
    pub found_on: NaiveDate,
    /// Whether the asset is under no management.
    pub is_unmanaged: Option<bool>,
    /// Whether it lies idle.
    pub is_idle: Option<bool>,
    /// Whether nobody looks after it.
    pub is_unkept: Option<bool>,
    /// Whether it is to be disposed of.
    pub is_to_dispose: Option<bool>,
    /// By when what is wrong is put right.
    pub due_on: Option<NaiveDate>,
    /// The unit that sees to it.
    pub organization_id: Option<OrganizationId>,
    /// What is done about it.
    pub measure: Option<String>,
    /// Who answered; empty also where it was answered at the machine itself.
    pub answered_by: Option<AccountId>,
    pub answered_on: Option<NaiveDate>,
    /// Whether it was drawn to be checked again.
    pub is_drawn: bool,
    pub recheck: Option<Recheck>,
    /// What the re-check saw.
    pub recheck_note: Option<String>,
    pub rechecked_by: Option<AccountId>,
    pub rechecked_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
