//! What somebody chose the columns of a sheet to be. It stands beside the log, as drafts do: it
//! says how a sheet is read and nothing of what the ledger holds.

use entity::{
    column_choice::{Column, Entity, Model},
    id::AccountId,
    import::Kind,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, sea_query::OnConflict,
};

use super::Ledger;
use crate::{error::Result, limits};

impl Ledger {
    /// Keeps a choice, in the place of the one for the same headers. Where the account has as many
    /// as it may, the oldest makes room.
    pub async fn keep_column_choice(
        &self,
        account: AccountId,
        (kind, headers): (Kind, &str),
        chosen: String,
    ) -> Result<()> {
        self.disk().require_room()?;
        let kept_at = self.clock().now();
        let headers = headers.to_owned();
        let row = Model { account_id: account, kind, headers, kept_at, chosen };
        let txn = self.begin().await?;
        let key = OnConflict::columns([Column::AccountId, Column::Kind, Column::Headers])
            .update_columns([Column::KeptAt, Column::Chosen])
            .to_owned();
        let active = row.into_active_model().reset_all();
        Entity::insert(active).on_conflict(key).exec_without_returning(&txn).await?;
        let own = Entity::find().filter(Column::AccountId.eq(account));
        if own.clone().count(&txn).await? > limits::COLUMN_CHOICES as u64
            && let Some(oldest) = own.order_by_asc(Column::KeptAt).one(&txn).await?
        {
            let key = (oldest.account_id, oldest.kind, oldest.headers);
            Entity::delete_by_id(key).exec(&txn).await?;
        }
        txn.commit().await?;
        Ok(())
    }

    /// What an account chose for headers.
    pub async fn column_choice(
        &self,
        account: AccountId,
        (kind, headers): (Kind, &str),
    ) -> Result<Option<String>> {
        let key = (account, kind, headers.to_owned());
        let found = Entity::find_by_id(key).one(self.reader()).await?;
        Ok(found.map(|row| row.chosen))
    }
}
