//! Imports that are carried out while their sender does something else; and the log found by who
//! did what and when.

use sea_orm_migration::prelude::*;

use crate::columns::{Shape, ids, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        jobs(manager).await?;
        for (name, on) in [
            ("log_entry_by_actor", "log_entry (county, actor, seq)"),
            ("log_entry_by_action", "log_entry (county, action, seq)"),
            ("log_entry_by_time", "log_entry (county, at, seq)"),
        ] {
            index(manager, name, false, on, "").await?;
        }
        ids(manager, &["job"]).await
    }
}

async fn jobs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::new(manager, "job")
        .required(&["id"], |column| column.big_integer().primary_key())
        .references_required(&[("account_id", "account")])
        .required(&["runner"], |column| column.string_len(64))
        .coded_required(&["kind", "state"])
        .required(&["is_trial", "is_cancelled"], |column| column.boolean())
        .required(&["n_rows"], |column| column.big_integer())
        .required(&["asked_at", "seen_at"], |column| column.timestamp_with_time_zone())
        .optional(&["ended_at"], |column| column.timestamp_with_time_zone())
        .optional(&["outcome", "returned"], |column| column.binary())
        .create(manager)
        .await?;
    index(manager, "job_by_age", false, "job (asked_at)", "").await
}
