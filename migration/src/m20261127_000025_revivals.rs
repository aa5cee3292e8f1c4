//! Plans to bring idle and low-yield assets back into use.

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
        Shape::subject(manager, "revival")
            .references_required(&[("asset_id", "asset"), ("organization_id", "organization")])
            .coded_required(&["use_state", "reason", "mode", "batch", "state"])
            .required(&["needed_since", "target_on", "proposed_on"], |column| column.date())
            .required(&["measures"], |column| column.text())
            .money_required(&["value"])
            .references(&[
                ("proposed_by", "account"),
                ("approved_by", "account"),
                ("reported_by", "account"),
                ("verified_by", "account"),
            ])
            .days(&["approved_on", "reported_on", "ended_on"])
            .coded(&["outcome"])
            .texts(&["report", "evidence", "returned", "ended_why"])
            .required(&["n_returned"], |column| column.integer())
            .create(manager)
            .await?;
        for (name, unique, on, rest) in [
            ("revival_by_area", false, "revival (area_code, id)", ""),
            (
                "revival_by_target",
                false,
                "revival (substr(area_code, 1, 6), target_on, area_code, id)",
                "",
            ),
            (
                "revival_by_end",
                false,
                "revival (substr(area_code, 1, 6), ended_on, area_code, id)",
                "",
            ),
            ("revival_of_asset", false, "revival (asset_id, area_code, id)", ""),
            // one plan that runs
            (
                "revival_once",
                true,
                "revival (asset_id)",
                "WHERE state IN ('proposed', 'approved', 'done')",
            ),
            // what the rate of revival is counted from: the plans of an area, and what needs one
            (
                "revival_counted",
                false,
                "revival (area_code, state, batch, ended_on, needed_since, target_on, value)",
                "",
            ),
            (
                "asset_unused",
                false,
                "asset (area_code, use_state, idle_since, condition, original_value, id)",
                "WHERE state = 'held' AND use_state IN ('idle', 'low_yield')",
            ),
        ] {
            index(manager, name, unique, on, rest).await?;
        }
        ids(manager, &["revival"]).await
    }
}
