//! Pages show first what has been wrong the longest.

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
        let by_age = "finding (substr(area_code, 1, 6), rule, since_on, asset_id)";
        index(manager, "finding_by_age", false, by_age, "WHERE closed_on IS NULL").await
    }
}
