//! Webhooks: where the events of an area are sent, and how far each has come.

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
        Shape::subject(manager, "webhook")
            .required(&["address", "nouns", "actions"], |column| column.text())
            .coded_required(&["state"])
            .optional(&["replay_from"], |column| column.big_integer())
            .create(manager)
            .await?;
        Shape::new(manager, "webhook_delivery")
            .references_required(&[("webhook_id", "webhook")])
            .required(&["county"], |column| column.string_len(6))
            .required(&["secret"], |column| column.binary())
            .optional(&["former_secret"], |column| column.binary())
            .optional(&["former_until", "held_until", "tried_at", "taken_at"], |column| {
                column.timestamp_with_time_zone()
            })
            .required(&["behind"], |column| column.big_integer())
            .required(&["is_on", "is_failing"], |column| column.boolean())
            .required(&["failures"], |column| column.integer())
            .required(&["next_at"], |column| column.timestamp_with_time_zone())
            .texts(&["holder", "outcome"])
            .key(&["webhook_id"])
            .create(manager)
            .await?;
        for (name, on) in [
            ("webhook_by_area", "webhook (area_code, id)"),
            ("webhook_delivery_on", "webhook_delivery (is_on, webhook_id)"),
        ] {
            index(manager, name, false, on, "").await?;
        }
        ids(manager, &["webhook"]).await
    }
}
