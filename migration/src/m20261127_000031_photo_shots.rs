//! When and where a camera says that a photo from the field was taken.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut taken_at = ColumnDef::new("taken_at");
        taken_at.timestamp_with_time_zone();
        let coordinate = |name: &'static str| ColumnDef::new(name).big_integer().take();
        for column in [taken_at, coordinate("taken_longitude"), coordinate("taken_latitude")] {
            let altered = Table::alter().table("attachment").add_column(column).take();
            manager.alter_table(altered).await?;
        }
        Ok(())
    }
}
