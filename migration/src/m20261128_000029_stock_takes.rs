//! Stock-takes: what was expected in a village, how it was found, and what was not on the ledger.

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
        takes(manager).await?;
        lines(manager).await?;
        finds(manager).await?;
        ids(manager, &["stock_take", "stock_line", "stock_find"]).await
    }
}

async fn takes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "stock_take")
        .required(&["year"], |column| column.integer())
        .coded_required(&["state"])
        .required(&["opened_on"], |column| column.date())
        .required(&["n_expected", "n_found", "n_missing", "n_changed", "n_unexpected"], |column| {
            column.integer()
        })
        .references(&[("opened_by", "account"), ("signed_by", "account")])
        .days(&["signed_on"])
        .texts(&["digest"])
        // nothing is counted that was not expected
        .check("n_found + n_missing + n_changed <= n_expected")
        .create(manager)
        .await?;
    for (name, on) in [
        ("stock_take_by_area", "stock_take (area_code, id)"),
        ("stock_take_by_year", "stock_take (substr(area_code, 1, 6), year, area_code, id)"),
    ] {
        index(manager, name, false, on, "").await?;
    }
    Ok(())
}

async fn lines(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "stock_line")
        .references_required(&[("stock_take_id", "stock_take"), ("asset_id", "asset")])
        .required(&["place"], |column| column.integer())
        .required(&["code", "name"], |column| column.text())
        .coded(&["recorded_state", "outcome", "seen_state"])
        .texts(&["note"])
        .references(&[("counted_by", "account")])
        .optional(&["counted_at"], |column| column.timestamp_with_time_zone())
        .create(manager)
        .await?;
    index(manager, "stock_line_by_area", false, "stock_line (area_code, id)", "").await?;
    let in_order = "stock_line (stock_take_id, place)";
    index(manager, "stock_line_in_order", true, in_order, "").await?;
    let of_take = "stock_line (stock_take_id, area_code, id)";
    index(manager, "stock_line_of_take", false, of_take, "").await?;
    index(manager, "stock_line_of_asset", true, "stock_line (asset_id, stock_take_id)", "").await
}

async fn finds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "stock_find")
        .references_required(&[("stock_take_id", "stock_take")])
        .required(&["name"], |column| column.text())
        .coded(&["subclass"])
        .texts(&["location", "note"])
        .references(&[("found_by", "account"), ("asset_id", "asset"), ("settled_by", "account")])
        .required(&["found_on"], |column| column.date())
        .coded_required(&["state"])
        .texts(&["reason"])
        .days(&["settled_on"])
        .create(manager)
        .await?;
    index(manager, "stock_find_by_area", false, "stock_find (area_code, id)", "").await?;
    let of_take = "stock_find (stock_take_id, area_code, id)";
    index(manager, "stock_find_of_take", false, of_take, "").await?;
    let open = "WHERE state = 'open'";
    index(manager, "stock_find_open", false, "stock_find (area_code, id)", open).await
}
