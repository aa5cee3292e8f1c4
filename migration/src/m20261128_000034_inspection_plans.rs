//! What an inspection plan is counted from: the interval and the bearers of assets that are to be
//! inspected; and the paper sheet that a record was typed from.

use sea_orm_migration::{prelude::*, sea_orm::ConnectionTrait};

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            "inspection_due ADD COLUMN subclass varchar(32)",
            // 0: not known yet, until the asset is judged again
            "inspection_due ADD COLUMN interval_days integer NOT NULL DEFAULT 0",
            "inspection_due ADD COLUMN organization_id bigint",
            "inspection_due ADD COLUMN person_id bigint",
            "inspection ADD COLUMN sheet_no text",
        ] {
            let sql = format!("ALTER TABLE {column}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        for (name, on, rest) in [
            (
                "inspection_due_planned",
                "inspection_due (area_code, subclass, interval_days, due_on)",
                "",
            ),
            (
                "inspection_due_borne",
                "inspection_due (area_code, organization_id, person_id, interval_days, due_on)",
                "",
            ),
            (
                "inspection_by_sheet",
                "inspection (sheet_no, area_code, id)",
                "WHERE sheet_no IS NOT NULL",
            ),
        ] {
            index(manager, name, false, on, rest).await?;
        }
        Ok(())
    }
}
