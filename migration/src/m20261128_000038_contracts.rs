//! Contracts: who operates an asset for how much, and what they ask to be paid, period by period.

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
        contracts(manager).await?;
        dues(manager).await?;
        ids(manager, &["contract"]).await
    }
}

async fn contracts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "contract")
        .references_required(&[("asset_id", "asset")])
        .coded_required(&["kind", "rhythm", "timing"])
        .required(&["contract_no"], |column| column.string())
        .references(&[("organization_id", "organization"), ("person_id", "person")])
        .required(&["signed_on", "starts_on", "ends_on", "last_on"], |column| column.date())
        .optional(&["platform", "decision"], |column| column.string())
        .days(&["decided_on"])
        .money_required(&["deposit", "yearly_rent", "principal"])
        .required(&["due_days", "free_months", "share_bp", "rate_bp"], |column| column.integer())
        .required(&["steps"], |column| column.text())
        .texts(&["end_reason"])
        .check("starts_on <= last_on AND last_on <= ends_on")
        .check("organization_id IS NULL OR person_id IS NULL")
        .check("(kind = 'own') = (organization_id IS NULL AND person_id IS NULL)")
        .check("deposit >= 0 AND yearly_rent >= 0 AND principal >= 0")
        .check("due_days BETWEEN 0 AND 60 AND free_months >= 0")
        .check("share_bp BETWEEN 0 AND 10000 AND rate_bp BETWEEN 0 AND 10000")
        .create(manager)
        .await?;
    index(manager, "contract_once", true, "contract (asset_id, contract_no)", "").await?;
    let county = "substr(area_code, 1, 6)";
    for (name, on) in [
        ("contract_by_area", "contract (area_code, id)".to_owned()),
        ("contract_by_start", format!("contract ({county}, starts_on, area_code, id)")),
        ("contract_by_last_day", format!("contract ({county}, last_on, area_code, id)")),
        ("contract_by_rent", format!("contract ({county}, yearly_rent, area_code, id)")),
        ("contract_of_asset", "contract (asset_id, area_code, id)".to_owned()),
    ] {
        index(manager, name, false, &on, "").await?;
    }
    for (name, column) in
        [("contract_of_organization", "organization_id"), ("contract_of_person", "person_id")]
    {
        let on = format!("contract ({column}, area_code, id)");
        index(manager, name, false, &on, &format!("WHERE {column} IS NOT NULL")).await?;
    }
    Ok(())
}

async fn dues(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::new(manager, "contract_due")
        .references_required(&[("contract_id", "contract")])
        .required(&["number"], |column| column.integer())
        .coded_required(&["kind"])
        .required(&["from_on", "to_on", "due_on"], |column| column.date())
        .money_required(&["amount"])
        .check("amount >= 0 AND from_on <= to_on AND number > 0")
        .key(&["contract_id", "number"])
        .create(manager)
        .await
}
