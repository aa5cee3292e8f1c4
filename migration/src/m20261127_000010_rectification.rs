//! What becomes of findings: rounds of rectifying them, and what each finding repeats of its round,
//! so that lists of findings are narrowed and ordered without a join.

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
        rounds(manager).await?;
        findings(manager).await?;
        let by_end = "duty (substr(area_code, 1, 6), until_on, id)";
        index(manager, "duty_by_end", false, by_end, "WHERE until_on IS NOT NULL").await?;
        ids(manager, &["rectification"]).await
    }
}

async fn rounds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "rectification")
        .references_required(&[("asset_id", "asset")])
        .required(&["rule"], |column| column.string_len(8))
        .required(&["round", "n_escalated"], |column| column.integer())
        .coded_required(&["state"])
        .references(&[
            ("account_id", "account"),
            ("organization_id", "organization"),
            ("reported_by", "account"),
        ])
        .days(&["due_on", "closed_on", "cleared_on"])
        .texts(&["note", "report", "returned", "escalation"])
        .coded(&["escalated_to", "closing"])
        .create(manager)
        .await?;
    for (name, unique, on, rest) in [
        ("rectification_by_asset", false, "rectification (asset_id, id)", ""),
        ("rectification_by_area", false, "rectification (area_code, id)", ""),
        ("rectification_round", true, "rectification (asset_id, rule, round)", ""),
        (
            "rectification_live",
            true,
            "rectification (asset_id, rule)",
            "WHERE state <> 'closed_out'",
        ),
    ] {
        index(manager, name, unique, on, rest).await?;
    }
    Ok(())
}

async fn findings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [
        "progress varchar(32)",
        "due_on date",
        "bearer varchar(24)",
        "reporter bigint",
        "escalated_to varchar(32)",
    ] {
        let statement = format!("ALTER TABLE finding ADD COLUMN {column}");
        manager.get_connection().execute_unprepared(&statement).await?;
    }
    let county = "substr(area_code, 1, 6)";
    for (name, on, rest) in [
        ("finding_in_hand", "progress, area_code, asset_id, rule", "progress"),
        ("finding_in_hand_by_age", "{county}, progress, since_on, asset_id, rule", "progress"),
        ("finding_of_bearer", "bearer, area_code, asset_id, rule", "bearer"),
        ("finding_of_bearer_by_age", "{county}, bearer, since_on, asset_id, rule", "bearer"),
    ] {
        let on = format!("finding ({})", on.replace("{county}", county));
        index(manager, name, false, &on, &format!("WHERE {rest} IS NOT NULL")).await?;
    }
    Ok(())
}
