//! What inspections in the field need: what each photo looks like, and until when each asset may be
//! inspected in time.

use sea_orm_migration::prelude::*;

use crate::columns::{Shape, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let likeness = "ALTER TABLE attachment ADD COLUMN likeness varchar(16)";
        manager.get_connection().execute_unprepared(likeness).await?;
        let of_thing = "attachment (subject_id, subject)";
        index(manager, "attachment_of_thing", false, of_thing, "").await?;
        // of no use to a list by place, which would be sorted
        let by_account = "inspection (abs(account_id), id)";
        index(manager, "inspection_of_account", false, by_account, "").await?;
        due(manager).await
    }
}

async fn due(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::new(manager, "inspection_due")
        .references_required(&[("asset_id", "asset")])
        .required(&["area_code"], |column| column.string_len(12))
        .required(&["due_on"], |column| column.date())
        .key(&["asset_id"])
        .create(manager)
        .await?;
    let by_day = "inspection_due (substr(area_code, 1, 6), due_on, asset_id)";
    index(manager, "inspection_due_by_day", false, by_day, "").await?;
    let by_area = "inspection_due (area_code, asset_id, due_on)";
    index(manager, "inspection_due_by_area", false, by_area, "").await
}
