//! Campaigns: the findings of an area that were open on a day, what was answered of each, and what a
//! sample of them showed.

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
        campaigns(manager).await?;
        lines(manager).await?;
        ids(manager, &["campaign", "campaign_line"]).await
    }
}

async fn campaigns(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "campaign")
        .required(&["name"], |column| column.text())
        .texts(&["purpose", "seed", "conclusion"])
        .optional(&["rule"], |column| column.string_len(8))
        .coded_required(&["state"])
        .required(&["opened_on", "due_on"], |column| column.date())
        .required(&["n_lines"], |column| column.integer())
        .numbers(&["n_drawn"])
        .days(&["drawn_on", "closed_on"])
        .references(&[("opened_by", "account"), ("closed_by", "account")])
        .create(manager)
        .await?;
    index(manager, "campaign_by_area", false, "campaign (area_code, id)", "").await?;
    let by_due = "campaign (substr(area_code, 1, 6), due_on, area_code, id)";
    index(manager, "campaign_by_due", false, by_due, "").await
}

async fn lines(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "campaign_line")
        .references_required(&[("campaign_id", "campaign"), ("asset_id", "asset")])
        .required(&["no"], |column| column.integer())
        .required(&["rule"], |column| column.string_len(8))
        .required(&["since_on", "found_on"], |column| column.date())
        .optional(&["is_unmanaged", "is_idle", "is_unkept", "is_to_dispose"], |column| {
            column.boolean()
        })
        .days(&["due_on", "answered_on", "rechecked_on"])
        .references(&[
            ("organization_id", "organization"),
            ("answered_by", "account"),
            ("rechecked_by", "account"),
        ])
        .texts(&["measure", "recheck_note"])
        .required(&["is_drawn"], |column| column.boolean())
        .coded(&["recheck"])
        .create(manager)
        .await?;
    for (name, unique, on) in [
        ("campaign_line_by_area", false, "campaign_line (area_code, id)"),
        ("campaign_line_of", false, "campaign_line (campaign_id, area_code, id)"),
        ("campaign_line_no", true, "campaign_line (campaign_id, no)"),
        ("campaign_line_once", true, "campaign_line (campaign_id, asset_id, rule)"),
    ] {
        index(manager, name, unique, on, "").await?;
    }
    Ok(())
}
