//! Where accounts have their digests sent, and what was sent.

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
        Shape::new(manager, "mail_address")
            .references_required(&[("account_id", "account")])
            .required(&["sealed"], |column| column.binary())
            .coded_required(&["language"])
            .required(&["set_at"], |column| column.timestamp_with_time_zone())
            .key(&["account_id"])
            .create(manager)
            .await?;
        Shape::new(manager, "digest")
            .references_required(&[("account_id", "account")])
            .required(&["period_on"], |column| column.date())
            .coded_required(&["state"])
            .required(&["behind", "upto"], |column| column.big_integer())
            .required(&["tries"], |column| column.integer())
            .required(&["tried_at"], |column| column.timestamp_with_time_zone())
            .coded(&["problem"])
            .key(&["account_id", "period_on"])
            .create(manager)
            .await?;
        index(manager, "digest_by_age", false, "digest (tried_at)", "").await
    }
}
