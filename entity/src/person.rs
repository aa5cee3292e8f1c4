//! People who keep or own assets: a row that says nothing about them but where the vault holds it.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{OrganizationId, PersonId, VaultId},
};

/// One person; name and telephone are sealed in the vault.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    pub area_code: AreaCode,
    pub vault_id: VaultId,
    /// The organization the person works for.
    pub organization_id: Option<OrganizationId>,
    /// Last day in any duty: left, moved or died.
    pub ended_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
