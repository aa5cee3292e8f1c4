//! 考勤考核: how many days of a month a welfare post was there, how well it did, and what that is paid.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AccountId, AttendanceId, WelfarePostId},
    money::Money,
};

/// One month of one post.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "attendance")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttendanceId,
    pub area_code: AreaCode,
    pub post_id: WelfarePostId,
    /// The first day of the month.
    pub month_on: NaiveDate,
    pub days_attended: i32,
    /// What the assessment leaves of the pay, in percent.
    pub percent: i32,
    /// What the assessment says.
    pub note: Option<String>,
    /// What follows from the two.
    pub pay: Money,
    /// Who recorded it; empty where it was recorded at the machine itself.
    pub recorded_by: Option<AccountId>,
    pub approved_by: Option<AccountId>,
    /// The day on which the pay was approved; it then stands.
    pub approved_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
