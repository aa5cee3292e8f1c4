//! Money for upkeep: funds, budgets out of them, what is spent out of those, and what was approved
//! beyond them. The databases themselves keep the sums.

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
        funds(manager).await?;
        budgets(manager).await?;
        spendings(manager).await?;
        overspends(manager).await?;
        ids(manager, &["upkeep_fund", "budget", "spending", "overspend"]).await
    }
}

async fn funds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "upkeep_fund")
        .coded_required(&["source"])
        .required(&["year"], |column| column.integer())
        .optional(&["document_no"], |column| column.string())
        .texts(&["note"])
        .money_required(&["received", "set_aside"])
        .check("set_aside >= 0 AND set_aside <= received AND received <= 1000000000000000")
        .create(manager)
        .await?;
    for (name, on) in [
        ("upkeep_fund_by_area", "upkeep_fund (area_code, id)"),
        ("upkeep_fund_by_year", "upkeep_fund (substr(area_code, 1, 6), year, area_code, id)"),
        (
            "upkeep_fund_by_received",
            "upkeep_fund (substr(area_code, 1, 6), received, area_code, id)",
        ),
    ] {
        index(manager, name, false, on, "").await?;
    }
    Ok(())
}

async fn budgets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "budget")
        .references_required(&[("fund_id", "upkeep_fund")])
        .coded_required(&["source"])
        .required(&["year"], |column| column.integer())
        .references(&[("asset_id", "asset")])
        .coded(&["subclass"])
        .money_required(&["set_aside", "committed", "spent", "remaining", "allowed_over"])
        .check("set_aside = spent + committed + remaining")
        .check("remaining + allowed_over >= 0")
        .check("set_aside >= 0 AND committed >= 0 AND spent >= 0 AND allowed_over >= 0")
        .create(manager)
        .await?;
    let county = "substr(area_code, 1, 6)";
    for (name, on, rest) in [
        ("budget_by_area", "budget (area_code, id)".to_owned(), ""),
        ("budget_by_year", format!("budget ({county}, year, area_code, id)"), ""),
        ("budget_by_set_aside", format!("budget ({county}, set_aside, area_code, id)"), ""),
        ("budget_by_remaining", format!("budget ({county}, remaining, area_code, id)"), ""),
        ("budget_of_fund", "budget (fund_id, area_code, id)".to_owned(), ""),
        (
            "budget_of_asset",
            "budget (asset_id, area_code, id)".to_owned(),
            "WHERE asset_id IS NOT NULL",
        ),
        ("budget_of_area", "budget (area_code, year)".to_owned(), "WHERE asset_id IS NULL"),
    ] {
        index(manager, name, false, &on, rest).await?;
    }
    Ok(())
}

async fn spendings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "spending")
        .references_required(&[("budget_id", "budget"), ("asset_id", "asset")])
        .required(&["year"], |column| column.integer())
        .coded_required(&["state"])
        .money_required(&["amount"])
        .required(&["purpose"], |column| column.text())
        .references(&[("organization_id", "organization")])
        .optional(&["voucher_no"], |column| column.string())
        .days(&["paid_on", "ended_on"])
        .texts(&["end_reason"])
        .check("amount > 0")
        .create(manager)
        .await?;
    let county = "substr(area_code, 1, 6)";
    for (name, on) in [
        ("spending_by_area", "spending (area_code, id)".to_owned()),
        ("spending_by_day", format!("spending ({county}, paid_on, area_code, id)")),
        ("spending_by_year", format!("spending ({county}, year, state)")),
        ("spending_of_budget", "spending (budget_id, area_code, id)".to_owned()),
        ("spending_of_asset", "spending (asset_id, area_code, id)".to_owned()),
    ] {
        index(manager, name, false, &on, "").await?;
    }
    Ok(())
}

async fn overspends(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "overspend")
        .references_required(&[("budget_id", "budget")])
        .coded_required(&["state"])
        .money_required(&["amount"])
        .required(&["reason"], |column| column.text())
        .references(&[("asked_by", "account"), ("decided_by", "account")])
        .optional(&["document_no"], |column| column.string())
        .texts(&["returned"])
        .days(&["decided_on"])
        .check("amount > 0")
        .create(manager)
        .await?;
    for (name, on) in [
        ("overspend_by_area", "overspend (area_code, id)"),
        ("overspend_of_budget", "overspend (budget_id, area_code, id)"),
    ] {
        index(manager, name, false, on, "").await?;
    }
    Ok(())
}
