//! Welfare posts: who holds them, what belongs to them, and what each month is paid.

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
        posts(manager).await?;
        assets(manager).await?;
        attendance(manager).await?;
        ids(manager, &["welfare_post", "post_asset", "attendance"]).await
    }
}

async fn posts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "welfare_post")
        .references_required(&[("person_id", "person")])
        .coded_required(&["kind"])
        .texts(&["scope", "agreement_no"])
        .optional(&["length_km"], |column| column.big_integer())
        .numbers(&["n_places"])
        .money(&["monthly_pay"])
        .required(&["days_due"], |column| column.integer())
        .required(&["from_on", "until_on"], |column| column.date())
        .coded(&["end_reason"])
        .create(manager)
        .await?;
    for (name, on) in [
        ("welfare_post_by_area", "welfare_post (area_code, id)"),
        ("welfare_post_of_person", "welfare_post (person_id, area_code, id)"),
        (
            "welfare_post_by_last_day",
            "welfare_post (substr(area_code, 1, 6), until_on, area_code, id)",
        ),
    ] {
        index(manager, name, false, on, "").await?;
    }
    Ok(())
}

async fn assets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "post_asset")
        .references_required(&[("post_id", "welfare_post"), ("asset_id", "asset")])
        .required(&["from_on"], |column| column.date())
        .days(&["until_on"])
        .create(manager)
        .await?;
    index(manager, "post_asset_by_area", false, "post_asset (area_code, id)", "").await?;
    index(manager, "post_asset_of_asset", false, "post_asset (asset_id, id)", "").await?;
    index(manager, "post_asset_of_post", false, "post_asset (post_id, id)", "").await?;
    let once = "post_asset (post_id, asset_id)";
    index(manager, "post_asset_once", true, once, "WHERE until_on IS NULL").await
}

async fn attendance(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "attendance")
        .references_required(&[("post_id", "welfare_post")])
        .required(&["month_on"], |column| column.date())
        .required(&["days_attended", "percent"], |column| column.integer())
        .texts(&["note"])
        .money(&["pay"])
        .references(&[("recorded_by", "account"), ("approved_by", "account")])
        .days(&["approved_on"])
        .create(manager)
        .await?;
    index(manager, "attendance_by_area", false, "attendance (area_code, id)", "").await?;
    let of_post = "attendance (post_id, area_code, id)";
    index(manager, "attendance_of_post", false, of_post, "").await?;
    index(manager, "attendance_once", true, "attendance (post_id, month_on)", "").await?;
    let by_month = "attendance (substr(area_code, 1, 6), month_on, area_code, id)";
    index(manager, "attendance_by_month", false, by_month, "").await
}
