//! Indexes of what somebody begins with: what is to be mended, and what may be doubted.

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
        for (name, on, rest) in [
            (
                "work_order_live",
                "work_order (area_code, id)",
                "WHERE state NOT IN ('accepted', 'dismissed')",
            ),
            ("work_order_dismissed", "work_order (area_code, id)", "WHERE state = 'dismissed'"),
            ("fault_report_dismissed", "fault_report (area_code, id)", "WHERE state = 'dismissed'"),
            ("inspection_all_at_once", "inspection (area_code, id)", "WHERE is_all_at_once"),
        ] {
            index(manager, name, false, on, rest).await?;
        }
        Ok(())
    }
}
