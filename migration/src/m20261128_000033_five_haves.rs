//! Which of the five things that upkeep needs each asset has.

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
        Shape::new(manager, "five_have")
            .required(&["asset_id"], |column| column.big_integer().primary_key())
            .required(&["area_code"], |column| column.string_len(12))
            .coded_required(&["class"])
            .required(
                &["has_rule", "has_standard", "has_team", "has_money", "has_oversight"],
                |column| column.boolean(),
            )
            .known_by("asset_id", ("asset", "id"))
            .create(manager)
            .await?;
        index(manager, "five_have_by_area", false, "five_have (area_code, asset_id)", "").await
    }
}
