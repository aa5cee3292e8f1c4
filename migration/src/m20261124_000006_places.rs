//! Organizations and accounts are listed by place, as every other noun is; areas below another by
//! code.

use sea_orm_migration::prelude::*;

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index(manager, "organization_by_area", false, "organization (area_code, id)", "").await?;
        index(manager, "account_by_area", false, "account (area_code, id)", "").await?;
        index(manager, "area_below", false, "area (parent_code, area_code, id)", "").await
    }
}
