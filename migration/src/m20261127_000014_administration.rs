//! When an account was last signed in to; and what was merged into an area.

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
        let by_account = "session (account_id, issued_at)";
        index(manager, "session_by_account", false, by_account, "").await?;
        let merged = "WHERE successor_code IS NOT NULL";
        index(manager, "area_merged", false, "area (successor_code, id)", merged).await
    }
}
