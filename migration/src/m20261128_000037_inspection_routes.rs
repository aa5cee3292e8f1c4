//! Routes of inspectors: which assets one goes to, and in what order.

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
        Shape::subject(manager, "inspection_route")
            .references_required(&[("account_id", "account")])
            .required(&["name", "stops"], |column| column.text())
            .days(&["ended_on"])
            .create(manager)
            .await?;
        let by_area = "inspection_route (area_code, id)";
        index(manager, "inspection_route_by_area", false, by_area, "").await?;
        let running = "WHERE ended_on IS NULL";
        let of_account = "inspection_route (account_id, id)";
        index(manager, "inspection_route_of_account", false, of_account, running).await?;
        ids(manager, &["inspection_route"]).await
    }
}
