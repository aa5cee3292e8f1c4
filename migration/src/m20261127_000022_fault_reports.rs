//! Reports of faults by whoever stood before an asset.

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
        Shape::subject(manager, "fault_report")
            .references_required(&[("asset_id", "asset")])
            .references(&[("vault_id", "vault")])
            .coded_required(&["kind", "state"])
            .required(&["code_digest"], |column| column.string_len(64))
            .texts(&["answer"])
            .days(&["settled_on"])
            .create(manager)
            .await?;
        for (name, unique, on, rest) in [
            ("fault_report_by_code", true, "fault_report (code_digest)", ""),
            ("fault_report_by_area", false, "fault_report (area_code, id)", ""),
            ("fault_report_of_asset", false, "fault_report (asset_id, area_code, id)", ""),
            (
                "fault_report_by_time",
                false,
                "fault_report (substr(area_code, 1, 6), created_at, area_code, id)",
                "",
            ),
            ("fault_report_new", false, "fault_report (area_code)", "WHERE state = 'received'"),
        ] {
            index(manager, name, unique, on, rest).await?;
        }
        ids(manager, &["fault_report"]).await
    }
}
