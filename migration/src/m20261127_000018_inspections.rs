//! Inspections, and how each asset was found last.

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
        inspections(manager).await?;
        upkeep(manager).await?;
        ids(manager, &["inspection", "upkeep"]).await
    }
}

async fn inspections(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "inspection")
        .references_required(&[("asset_id", "asset")])
        .references(&[("account_id", "account")])
        .required(&["device_key"], |column| column.string_len(36))
        .required(&["inspected_at"], |column| column.timestamp_with_time_zone())
        .coded_required(&["condition"])
        .required(&["checks"], |column| column.text())
        .required(&["is_all_at_once"], |column| column.boolean())
        .texts(&["note"])
        .optional(&["longitude", "latitude"], |column| column.big_integer())
        .numbers(&["accuracy_m"])
        .optional(&["device"], |column| column.string_len(36))
        .optional(&["device_count"], |column| column.big_integer())
        .create(manager)
        .await?;
    for (name, unique, on, rest) in [
        ("inspection_once", true, "inspection (device_key)", ""),
        ("inspection_by_area", false, "inspection (area_code, id)", ""),
        ("inspection_of_asset", false, "inspection (asset_id, inspected_at, area_code, id)", ""),
        ("inspection_of_asset_by_place", false, "inspection (asset_id, area_code, id)", ""),
        (
            "inspection_by_time",
            false,
            "inspection (substr(area_code, 1, 6), inspected_at, area_code, id)",
            "",
        ),
        (
            "inspection_of_device",
            false,
            "inspection (device, device_count)",
            "WHERE device IS NOT NULL",
        ),
    ] {
        index(manager, name, unique, on, rest).await?;
    }
    Ok(())
}

async fn upkeep(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "upkeep")
        .references_required(&[("asset_id", "asset"), ("inspection_id", "inspection")])
        .required(&["inspected_on"], |column| column.date())
        .required(&["inspected_at"], |column| column.timestamp_with_time_zone())
        .coded_required(&["condition"])
        .create(manager)
        .await?;
    index(manager, "upkeep_of_asset", true, "upkeep (asset_id)", "").await?;
    index(manager, "upkeep_by_area", false, "upkeep (area_code, id)", "").await
}
