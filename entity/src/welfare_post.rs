//! 公益岗位: somebody who is paid to look after public assets, by an agreement (domain.md §2.6, §4).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{PersonId, WelfarePostId},
    measure::Quantity,
    money::Money,
};

coded_enum! {
    /// What the post looks after.
    pub enum Kind {
        Road = "road" "道路养护" "road upkeep",
        Water = "water" "供水管护" "water supply",
        Sanitation = "sanitation" "保洁" "sanitation",
        River = "river" "河道巡护" "river patrol",
        Forest = "forest" "护林" "forest patrol",
        Solar = "solar" "光伏管护" "solar upkeep",
        Facility = "facility" "公共设施管护" "public facilities",
        Other = "other" "其他" "other",
    }
}

coded_enum! {
    /// Why a post ended before its term.
    pub enum EndReason {
        Left = "left" "本人离岗" "the person left",
        Unfit = "unfit" "考核不合格" "found unfit",
        Withdrawn = "withdrawn" "岗位撤销" "the post was withdrawn",
    }
}

/// One post: one person, by one agreement.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "welfare_post")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WelfarePostId,
    pub area_code: AreaCode,
    pub person_id: PersonId,
    pub kind: Kind,
    /// What belongs to it, in words.
    pub scope: Option<String>,
    /// How far it goes, in kilometres.
    pub length_km: Option<Quantity>,
    /// How many places it has.
    pub n_places: Option<i32>,
    pub agreement_no: Option<String>,
    /// What a whole month is paid.
    pub monthly_pay: Money,
    /// Days of work that make a whole month.
    pub days_due: i32,
    pub from_on: NaiveDate,
    /// The last day of the agreement.
    pub until_on: NaiveDate,
    /// Why it ended before; empty as long as the term runs or ran out.
    pub end_reason: Option<EndReason>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Model {
    /// Whether it is held on a day.
    pub fn runs_on(&self, day: NaiveDate) -> bool {
        self.from_on <= day && day <= self.until_on
    }
}

impl ActiveModelBehavior for ActiveModel {}
