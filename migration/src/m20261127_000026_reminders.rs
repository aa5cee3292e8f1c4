//! What the log has for those who work with it, how far each has read, and indexes of what waits.

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
        Shape::new(manager, "reminder")
            .required(&["recipient"], |column| column.string_len(64))
            .required(&["county"], |column| column.string_len(6))
            .required(&["seq"], |column| column.big_integer())
            .coded_required(&["kind"])
            .required(&["n"], |column| column.integer())
            .required(&["subject_id"], |column| column.big_integer())
            .references(&[("asset_id", "asset")])
            .coded(&["rule"])
            .required(&["at"], |column| column.timestamp_with_time_zone())
            .key(&["recipient", "county", "seq", "kind"])
            .create(manager)
            .await?;
        Shape::new(manager, "reminder_mark")
            .references_required(&[("account_id", "account")])
            .required(&["seq"], |column| column.big_integer())
            .required(&["read_on"], |column| column.date())
            .key(&["account_id"])
            .create(manager)
            .await?;
        for (name, on, rest) in [
            ("reminder_by_age", "reminder (at)", ""),
            // each holds what waits and nothing else
            (
                "work_order_to_approve",
                "work_order (area_code, id)",
                "WHERE state NOT IN ('accepted', 'dismissed') AND estimate > coalesce(approved, 0)",
            ),
            ("work_order_done", "work_order (area_code, id)", "WHERE state = 'done'"),
            ("attendance_waiting", "attendance (area_code, id)", "WHERE approved_on IS NULL"),
            ("overspend_asked", "overspend (area_code, id)", "WHERE state = 'asked'"),
            ("fault_report_taken", "fault_report (area_code, id)", "WHERE state = 'accepted'"),
        ] {
            index(manager, name, false, on, rest).await?;
        }
        Ok(())
    }
}
