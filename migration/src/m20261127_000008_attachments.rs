//! Files attached to assets, titles and duties; their content once for each digest.

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
        let mut content = Shape::new(manager, "attachment_content");
        content
            .required(&["digest"], |column| column.string_len(64).primary_key())
            .required(&["sealed"], |column| column.binary());
        content.create(manager).await?;
        append_only(manager, "attachment_content").await?;

        let mut attachment = Shape::subject(manager, "attachment");
        attachment
            .references_required(&[("asset_id", "asset")])
            .coded_required(&["subject", "kind", "media"])
            .required(&["subject_id", "size"], |column| column.big_integer())
            .required(&["file_name"], |column| column.text())
            .required(&["digest", "brought_digest"], |column| column.string_len(64))
            .optional(&["preview_digest"], |column| column.string_len(64))
            .known_by("digest", ("attachment_content", "digest"))
            .known_by("preview_digest", ("attachment_content", "digest"))
            .required(&["is_withdrawn"], |column| column.boolean());
        attachment.create(manager).await?;
        ids(manager, &["attachment"]).await?;
        index(manager, "attachment_of_asset", false, "attachment (asset_id, id)", "").await?;
        // the same content stands on a thing once
        let same = "attachment (subject, subject_id, brought_digest)";
        index(manager, "attachment_once", true, same, "WHERE NOT is_withdrawn").await?;
        // what a county holds is added up by this alone
        index(manager, "attachment_size", false, "attachment (area_code, size)", "").await
    }
}
