//! Work orders: what is to be mended, by whom, for how much, and whether it was.

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
        Shape::subject(manager, "work_order")
            .references_required(&[("asset_id", "asset")])
            .references(&[
                ("inspection_id", "inspection"),
                ("fault_report_id", "fault_report"),
                ("spending_id", "spending"),
            ])
            .coded(&["item"])
            .coded_required(&["condition", "state", "kind"])
            .texts(&["what", "report", "voucher_no", "returned", "dismissed"])
            .required(&["found_at"], |column| column.timestamp_with_time_zone())
            .money(&["estimate", "approved", "cost"])
            .references(&[
                ("estimated_by", "account"),
                ("approved_by", "account"),
                ("reported_by", "account"),
                ("organization_id", "organization"),
                ("person_id", "person"),
            ])
            .days(&["approved_on", "due_on"])
            .required(&["n_returned"], |column| column.integer())
            .optional(&["ended_at"], |column| column.timestamp_with_time_zone())
            .create(manager)
            .await?;
        for (name, unique, on, rest) in [
            ("work_order_by_area", false, "work_order (area_code, id)", ""),
            (
                "work_order_by_due",
                false,
                "work_order (substr(area_code, 1, 6), due_on, area_code, id)",
                "",
            ),
            ("work_order_of_asset", false, "work_order (asset_id, area_code, id)", ""),
            // one at a time for a point of an asset
            (
                "work_order_once",
                true,
                "work_order (asset_id, item)",
                "WHERE item IS NOT NULL AND state NOT IN ('accepted', 'dismissed')",
            ),
        ] {
            index(manager, name, unique, on, rest).await?;
        }
        ids(manager, &["work_order"]).await
    }
}
