//! 专项排查、回头看: the findings of an area that were open on a day, gone through one by one
//! (domain.md §4).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    finding::Rule,
    id::{AccountId, CampaignId},
};

coded_enum! {
    /// How far a campaign has come.
    pub enum State {
        Running = "running" "进行中" "running",
        ClosedOut = "closed_out" "已办结" "closed out",
    }
}

/// One campaign over an area. Its lines are what was open on the day it began.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "campaign")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CampaignId,
    pub area_code: AreaCode,
    pub name: String,
    /// What is to be achieved, or the document that asks for it.
    pub purpose: Option<String>,
    /// The only rule that it looks at; every one when empty.
    pub rule: Option<Rule>,
    pub state: State,
    /// The day whose open findings are its lines.
    pub opened_on: NaiveDate,
    /// By when everything is to be answered.
    pub due_on: NaiveDate,
    /// How many lines it has.
    pub n_lines: i32,
    /// Who began it; empty where it was begun at the machine itself.
    pub opened_by: Option<AccountId>,
    /// The published seed by which anybody draws the same sample.
    pub seed: Option<String>,
    /// How many lines were drawn.
    pub n_drawn: Option<i32>,
    /// The day they were drawn.
    pub drawn_on: Option<NaiveDate>,
    /// What came of it, as it was closed out.
    pub conclusion: Option<String>,
    pub closed_by: Option<AccountId>,
    pub closed_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
