//! Duties are listed by place, whoever bears them, and by the day on which they end.

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
        index(manager, "duty_by_area", false, "duty (area_code, id)", "").await?;
        let by_bearer = "duty (organization_id, area_code, id)";
        index(manager, "duty_by_bearer", false, by_bearer, "").await?;
        let ending = "duty (organization_id, until_on, area_code, id)";
        index(manager, "duty_by_bearer_and_last_day", false, ending, "").await?;
        let by_end = "duty (substr(area_code, 1, 6), until_on, area_code, id)";
        index(manager, "duty_by_last_day", false, by_end, "").await
    }
}
