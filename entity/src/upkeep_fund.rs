//! 管护资金: money that was received for upkeep, whoever holds it, and how much of it is set aside.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{area::AreaCode, id::UpkeepFundId, money::Money};

coded_enum! {
    /// Where money for upkeep comes from (经费来源, domain.md §2.6).
    pub enum Source {
        County = "county" "县级管护专项资金" "county upkeep fund",
        Award = "award" "一次性奖补" "one-off award",
        Collective = "collective" "村集体收益" "collective income",
        Reserve = "reserve" "公积公益金" "reserve and welfare fund",
        Fees = "fees" "水费等收费" "water and other fees",
        Other = "other" "其他" "other",
    }
}

/// One sum that was received. What is not set aside in budgets is its balance, never below zero.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "upkeep_fund")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UpkeepFundId,
    /// Who holds it: a county, a town or a village.
    pub area_code: AreaCode,
    pub source: Source,
    /// The year it is for.
    pub year: i32,
    /// Document number of the allotment.
    pub document_no: Option<String>,
    pub note: Option<String>,
    /// What was received.
    pub received: Money,
    /// What of it is set aside in budgets.
    pub set_aside: Money,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What is not set aside yet.
    pub fn balance(&self) -> Money {
        self.received.checked_sub(self.set_aside).unwrap_or(Money::ZERO)
    }
}
