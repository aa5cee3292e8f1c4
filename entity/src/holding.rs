//! Who holds which right in an asset, and in what share.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AssetId, HoldingId, OrganizationId, PersonId},
    share::Share,
};

coded_enum! {
    /// One of the rights that are carried apart (四权, 六权, domain.md §1.4).
    pub enum Right {
        Own = "own" "所有权" "ownership",
        Use = "use" "使用权" "right of use",
        Operate = "operate" "经营权" "operating right",
        Income = "income" "收益权" "income right",
        Dispose = "dispose" "处置权" "disposal right",
        Supervise = "supervise" "监督权" "right to supervise",
    }
}

/// One holder of one right, an organization or a person, from a day on until another.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "holding")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HoldingId,
    pub area_code: AreaCode,
    pub asset_id: AssetId,
    pub right: Right,
    pub organization_id: Option<OrganizationId>,
    pub person_id: Option<PersonId>,
    pub numerator: i32,
    pub denominator: i32,
    /// First day it holds; empty when not recorded.
    pub from_on: Option<NaiveDate>,
    /// Last day it held; empty while it holds.
    pub until_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The exact share; empty when the two stored numbers make none.
    pub fn share(&self) -> Option<Share> {
        Share::new(u32::try_from(self.numerator).ok()?, u32::try_from(self.denominator).ok()?)
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from_on.is_none_or(|from| from <= day)
            && self.until_on.is_none_or(|until| day <= until)
    }
}
