//! Areas, organizations, people, accounts, projects, assets, funding, titles, holdings, duties.

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
        areas_and_parties(manager).await?;
        projects_and_assets(manager).await?;
        rights_and_duties(manager).await?;
        let tables = [
            "area",
            "organization",
            "person",
            "account",
            "vault",
            "project",
            "asset",
            "funding",
            "title",
            "holding",
            "duty",
        ];
        ids(manager, &tables).await
    }
}

async fn areas_and_parties(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "area")
        .required(&["name"], |column| column.text())
        .coded_required(&["level"])
        .optional(&["parent_code", "successor_code"], |column| column.string_len(12))
        .days(&["valid_from", "valid_until"])
        .create(manager)
        .await?;
    index(manager, "area_current", true, "area (area_code)", "WHERE valid_until IS NULL").await?;
    index(manager, "area_by_code", false, "area (area_code, id)", "").await?;
    index(manager, "area_by_parent", false, "area (parent_code, name)", "").await?;

    Shape::new(manager, "vault")
        .required(&["id"], |column| column.big_integer().primary_key())
        .required(&["area_code"], |column| column.string_len(12))
        .required(&["sealed", "salt"], |column| column.binary())
        .required(&["commitment", "blind_index"], |column| column.string_len(64))
        .create(manager)
        .await?;
    index(manager, "vault_by_index", false, "vault (blind_index, area_code)", "").await?;

    Shape::subject(manager, "organization")
        .required(&["name"], |column| column.text())
        .coded_required(&["kind"])
        .optional(&["credit_code"], |column| column.string_len(18))
        .references(&[("contact_id", "vault")])
        .days(&["ended_on"])
        .create(manager)
        .await?;
    index(manager, "organization_by_name", false, "organization (area_code, name, id)", "").await?;
    index(manager, "organization_named", false, "organization (name)", "").await?;
    index(manager, "organization_by_credit_code", false, "organization (credit_code)", "").await?;

    Shape::subject(manager, "person")
        .references_required(&[("vault_id", "vault")])
        .references(&[("organization_id", "organization")])
        .days(&["ended_on"])
        .create(manager)
        .await?;
    index(manager, "person_by_area", false, "person (area_code, id)", "").await?;
    index(manager, "person_by_vault", false, "person (vault_id)", "").await?;

    Shape::subject(manager, "account")
        .required(&["name"], |column| column.string_len(64))
        .coded_required(&["role", "state"])
        .create(manager)
        .await?;
    index(manager, "account_by_name", true, "account (name)", "").await
}

async fn projects_and_assets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "project")
        .required(&["name"], |column| column.text())
        .texts(&["project_no", "approval_no"])
        .numbers(&["year"])
        .references(&[("implementing_unit_id", "organization")])
        .coded(&["line_department"])
        .money(&["budget", "contract_amount", "final_account"])
        .days(&["accepted_on"])
        .create(manager)
        .await?;
    index(manager, "project_named", false, "project (name)", "").await?;
    index(manager, "project_by_area", false, "project (area_code, id)", "").await?;
    index(manager, "project_by_no", false, "project (project_no)", "").await?;
    index(
        manager,
        "project_once_a_county",
        true,
        "project (substr(area_code, 1, 6), project_no)",
        "WHERE project_no IS NOT NULL",
    )
    .await?;

    Shape::subject(manager, "asset")
        .required(&["code"], |column| column.string_len(32))
        .required(&["name"], |column| column.text())
        .coded_required(&["class", "form", "state"])
        .coded(&["subclass", "use_state", "condition", "unit", "structure", "valuation"])
        .coded(&["line_department", "depreciation", "idle_reason", "maintainer_answer"])
        .texts(&["location", "specification", "handover_no", "voucher_no", "source_key", "remark"])
        .optional(&["longitude", "latitude", "quantity"], |column| column.big_integer())
        .numbers(&["beneficiary_villages", "beneficiary_households", "beneficiary_people"])
        .numbers(&["project_year", "built_year", "life_months", "residual_bp", "rate_bp"])
        .references(&[("project_id", "project"), ("parent_id", "asset")])
        .references(&[("implementing_unit_id", "organization"), ("debtor_id", "organization")])
        .money(&["budget", "contract_amount", "final_account", "audit_cut", "original_value"])
        .days(&["started_on", "completed_on", "accepted_on", "acquired_on", "handed_over_on"])
        .days(&["booked_on", "warranty_until", "idle_since", "ends_on", "recorded_on"])
        .create(manager)
        .await?;
    index(manager, "asset_by_code", true, "asset (code)", "").await?;
    index(manager, "asset_by_area", false, "asset (area_code, id)", "").await?;
    index(
        manager,
        "asset_by_source_key",
        true,
        "asset (source_key)",
        "WHERE source_key IS NOT NULL",
    )
    .await?;
    index(manager, "asset_by_project", false, "asset (project_id)", "WHERE project_id IS NOT NULL")
        .await?;

    Shape::subject(manager, "funding")
        .references_required(&[("asset_id", "asset")])
        .references(&[("project_id", "project")])
        .coded(&["tier", "fund"])
        .texts(&["source_name", "document_no"])
        .numbers(&["year"])
        .money(&["amount"])
        .required(&["is_withdrawn"], |column| column.boolean())
        .create(manager)
        .await?;
    index(manager, "funding_by_asset", false, "funding (asset_id, id)", "").await
}

async fn rights_and_duties(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "title")
        .references_required(&[("asset_id", "asset")])
        .coded_required(&["state"])
        .coded(&["tier", "register"])
        .texts(&["certificate_kind", "certificate_no", "certificate_issuer"])
        .days(&["confirmed_on", "certificate_issued_on"])
        .required(&["is_mortgaged"], |column| column.boolean())
        .create(manager)
        .await?;
    index(manager, "title_by_asset", true, "title (asset_id)", "").await?;

    Shape::subject(manager, "holding")
        .references_required(&[("asset_id", "asset")])
        .coded_required(&["right"])
        .references(&[("organization_id", "organization"), ("person_id", "person")])
        .required(&["numerator", "denominator"], |column| column.integer())
        .days(&["from_on", "until_on"])
        .create(manager)
        .await?;
    index(manager, "holding_by_asset", false, "holding (asset_id, id)", "").await?;
    party_indexes(manager, "holding").await?;

    Shape::subject(manager, "duty")
        .references_required(&[("asset_id", "asset")])
        .coded_required(&["kind"])
        .references(&[("organization_id", "organization"), ("person_id", "person")])
        .coded(&["tier", "mode", "budget_source", "end_reason"])
        .texts(&["task", "standard", "agreement_no"])
        .numbers(&["interval_days"])
        .days(&["from_on", "until_on"])
        .money(&["annual_budget"])
        .optional(&["is_funded"], |column| column.boolean())
        .create(manager)
        .await?;
    index(manager, "duty_by_asset", false, "duty (asset_id, id)", "").await?;
    index(manager, "duty_running", true, "duty (asset_id, kind)", "WHERE until_on IS NULL").await?;
    party_indexes(manager, "duty").await
}

/// What an organization or a person holds, so that it can fall vacant when they end.
async fn party_indexes(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    for party in ["organization", "person"] {
        index(
            manager,
            &format!("{table}_by_{party}"),
            false,
            &format!("{table} ({party}_id)"),
            &format!("WHERE {party}_id IS NOT NULL"),
        )
        .await?;
    }
    Ok(())
}
