//! What speaks against the ledger, and what finds an asset that is the same as another.

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
        Shape::subject(manager, "discrepancy")
            .references_required(&[("asset_id", "asset")])
            .coded_required(&["kind", "state"])
            .references(&[
                ("stock_take_id", "stock_take"),
                ("other_id", "asset"),
                ("settled_by", "account"),
            ])
            .coded(&["seen_state"])
            .required(&["found_on"], |column| column.date())
            .texts(&["reason"])
            .days(&["settled_on"])
            // a duplicate is one of another asset, and a difference was found by a stock-take
            .check("(kind = 'duplicate') = (other_id IS NOT NULL)")
            .check("(kind = 'duplicate') = (stock_take_id IS NULL)")
            .check("other_id IS NULL OR other_id < asset_id")
            .create(manager)
            .await?;
        for (name, unique, on, rest) in [
            ("discrepancy_by_area", false, "discrepancy (area_code, id)", ""),
            ("discrepancy_of_asset", false, "discrepancy (asset_id, area_code, id)", ""),
            (
                "discrepancy_of_other",
                false,
                "discrepancy (other_id)",
                "WHERE state = 'open' AND other_id IS NOT NULL",
            ),
            // one stock-take speaks at a time
            (
                "discrepancy_once",
                true,
                "discrepancy (asset_id)",
                "WHERE state = 'open' AND other_id IS NULL",
            ),
            // what was said not to be the same is not asked again
            (
                "discrepancy_pair",
                true,
                "discrepancy (asset_id, other_id)",
                "WHERE other_id IS NOT NULL AND state IN ('open', 'settled')",
            ),
            // what an asset of a place and a value is compared with
            (
                "asset_by_value_at",
                false,
                "asset (area_code, original_value)",
                "WHERE state = 'held' AND class IN ('public', 'operating')",
            ),
            // what is being counted, or waits for whoever signs it
            ("stock_take_open", false, "stock_take (area_code, id)", "WHERE state = 'counting'"),
            // projects that assets should have come of
            ("project_accepted", false, "project (area_code, id)", "WHERE accepted_on IS NOT NULL"),
        ] {
            index(manager, name, unique, on, rest).await?;
        }
        // no query ever chose it
        manager.drop_index(Index::drop().name("work_order_to_approve").to_owned()).await?;
        ids(manager, &["discrepancy"]).await
    }
}
