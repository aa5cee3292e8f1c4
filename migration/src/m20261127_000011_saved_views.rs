//! Lists that are kept under a name: for oneself, for the accounts of one's area, for a county.

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
        Shape::subject(manager, "saved_view")
            .references_required(&[("account_id", "account")])
            .required(&["name", "words"], |column| column.text())
            .coded_required(&["seen_by"])
            .required(&["is_default", "is_withdrawn"], |column| column.boolean())
            .create(manager)
            .await?;
        ids(manager, &["saved_view"]).await?;
        let own = "saved_view (account_id, id)";
        index(manager, "saved_view_by_account", false, own, "").await?;
        let shared = "saved_view (substr(area_code, 1, 6), seen_by, id)";
        index(manager, "saved_view_shared", false, shared, "").await?;
        // an account begins with one view at most
        let begun = "saved_view (account_id)";
        index(manager, "saved_view_default", true, begun, "WHERE is_default").await
    }
}
