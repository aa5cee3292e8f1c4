//! What somebody chose the columns of a sheet to be, for the next sheet of the same headers; and
//! imports found by their file.

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
        Shape::new(manager, "column_choice")
            .references_required(&[("account_id", "account")])
            .coded_required(&["kind"])
            .required(&["headers"], |column| column.string_len(64))
            .required(&["kept_at"], |column| column.timestamp_with_time_zone())
            .required(&["chosen"], |column| column.text())
            .key(&["account_id", "kind", "headers"])
            .create(manager)
            .await?;
        index(manager, "import_by_file", false, "import (file_digest)", "").await
    }
}
