//! 巡查到期: until when assets may be inspected in time. It repeats what the rules say of each, so
//! that whoever walks is shown the most urgent first without every asset being judged.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    asset::Subclass,
    id::{AssetId, OrganizationId, PersonId},
};

/// The last day of one asset; an asset that nobody has to look at has none.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "inspection_due")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub asset_id: AssetId,
    pub area_code: AreaCode,
    /// The last day on which it is inspected in time.
    pub due_on: NaiveDate,
    pub subclass: Option<Subclass>,
    /// Days between two inspections; 0 where it was not judged since they are kept.
    pub interval_days: i32,
    /// Who maintains it.
    pub organization_id: Option<OrganizationId>,
    /// Who keeps it.
    pub person_id: Option<PersonId>,
}

impl ActiveModelBehavior for ActiveModel {}
