//! What a brief counts of work orders is found by an index: those that are open, those that were found
//! and those that came to their end within a span.

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
        let county = "substr(area_code, 1, 6)";
        for (name, on, rest) in [
            (
                "work_order_open",
                "area_code, due_on",
                "WHERE state <> 'accepted' AND state <> 'dismissed'",
            ),
            ("work_order_found", "{county}, found_at, area_code", ""),
            ("work_order_ended", "{county}, ended_at, area_code", "WHERE ended_at IS NOT NULL"),
        ] {
            let on = format!("work_order ({})", on.replace("{county}", county));
            index(manager, name, false, &on, rest).await?;
        }
        Ok(())
    }
}
