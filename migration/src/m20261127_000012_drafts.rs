//! What somebody is typing, kept until it is done.

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
        Shape::new(manager, "draft")
            .references_required(&[("account_id", "account")])
            .required(&["mark"], |column| column.string_len(64))
            .coded_required(&["form"])
            .required(&["kept_at"], |column| column.timestamp_with_time_zone())
            .required(&["typed"], |column| column.binary())
            .key(&["account_id", "mark"])
            .create(manager)
            .await?;
        index(manager, "draft_by_age", false, "draft (kept_at)", "").await
    }
}
