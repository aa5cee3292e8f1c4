//! Findings and their kept sums, waivers, imports, and the log.

use sea_orm_migration::prelude::*;

use crate::columns::{Shape, append_only, ids, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        findings(manager).await?;
        imports(manager).await?;
        log(manager).await?;
        ids(manager, &["waiver", "import"]).await
    }
}

async fn findings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::new(manager, "finding")
        .required(&["asset_id"], |column| column.big_integer())
        .required(&["rule"], |column| column.string_len(8))
        .required(&["area_code"], |column| column.string_len(12))
        .coded_required(&["class"])
        .required(&["is_standing", "is_waived"], |column| column.boolean())
        .required(&["since_on", "opened_on"], |column| column.date())
        .required(&["value"], |column| column.big_integer())
        .days(&["closed_on"])
        .key(&["asset_id", "rule"])
        .create(manager)
        .await?;
    index(
        manager,
        "finding_open",
        false,
        "finding (rule, area_code, asset_id)",
        "WHERE closed_on IS NULL",
    )
    .await?;

    Shape::new(manager, "tally")
        .required(&["digits"], |column| column.integer())
        .required(&["subject"], |column| column.string_len(8))
        .required(&["area_code"], |column| column.string_len(12))
        .coded_required(&["class"])
        .required(&["is_standing"], |column| column.boolean())
        .required(&["n", "value"], |column| column.big_integer())
        .key(&["digits", "subject", "area_code", "class", "is_standing"])
        .create(manager)
        .await?;

    Shape::subject(manager, "waiver")
        .references_required(&[("asset_id", "asset")])
        .required(&["rule"], |column| column.string_len(8))
        .required(&["reason"], |column| column.text())
        .required(&["from_on", "until_on"], |column| column.date())
        .create(manager)
        .await?;
    index(manager, "waiver_by_asset", false, "waiver (asset_id, id)", "").await
}

async fn imports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "import")
        .coded_required(&["kind", "state"])
        .required(&["file_name", "format", "columns"], |column| column.text())
        .required(&["file_digest"], |column| column.string_len(64))
        .texts(&["encoding", "sheet"])
        .required(&["n_created", "n_changed", "n_same", "n_rejected"], |column| {
            column.big_integer()
        })
        .create(manager)
        .await?;
    index(manager, "import_by_digest", false, "import (file_digest, kind)", "").await?;

    Shape::new(manager, "import_row")
        .required(&["import_id", "subject_id", "number", "version"], |column| column.big_integer())
        .coded_required(&["noun", "outcome"])
        .required(&["area_code"], |column| column.string_len(12))
        .key(&["import_id", "noun", "subject_id"])
        .create(manager)
        .await?;
    index(manager, "import_row_by_subject", false, "import_row (noun, subject_id)", "").await
}

async fn log(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::new(manager, "log_entry")
        .required(&["county"], |column| column.string_len(6))
        .required(&["seq", "at"], |column| column.big_integer())
        .required(&["actor", "action"], |column| column.text())
        // before the body, so that reading the tree does not read every entry
        .required(&["leaf"], |column| column.binary())
        .required(&["body"], |column| column.text())
        .key(&["county", "seq"])
        .create(manager)
        .await?;
    Shape::new(manager, "log_change")
        .coded_required(&["noun"])
        .required(&["subject_id", "version", "seq"], |column| column.big_integer())
        .required(&["county"], |column| column.string_len(6))
        .key(&["noun", "subject_id", "version", "county"])
        .create(manager)
        .await?;
    Shape::new(manager, "log_head")
        .required(&["county"], |column| column.string_len(6))
        .required(&["size"], |column| column.big_integer())
        .required(&["frontier"], |column| column.binary())
        .key(&["county"])
        .create(manager)
        .await?;
    Shape::new(manager, "checkpoint")
        .required(&["county"], |column| column.string_len(6))
        .required(&["size", "at"], |column| column.big_integer())
        .required(&["note"], |column| column.text())
        .key(&["county", "size"])
        .create(manager)
        .await?;
    Shape::new(manager, "ledger")
        .required(&["id"], |column| column.integer().primary_key())
        .required(&["name", "verifier"], |column| column.text())
        .create(manager)
        .await?;
    for table in ["log_entry", "log_change", "checkpoint"] {
        append_only(manager, table).await?;
    }
    Ok(())
}
