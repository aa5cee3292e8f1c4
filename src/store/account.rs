//! Accounts found by their names.

use std::collections::HashMap;

use entity::{
    account::{self, Model, State},
    area::AreaCode,
    id::AccountId,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Read, Subject, Write};
use crate::{
    domain::permission::Action,
    error::{Error, Result},
    limits,
};

impl Write {
    /// An account by its sign-in name, within the scope.
    pub async fn account(&mut self, name: &str) -> Result<Model> {
        let query = self.find::<account::Entity>().filter(account::Column::Name.eq(name));
        let row = query.one(&self.txn).await?.ok_or(Error::NotFound(account::Entity::NOUN))?;
        self.get::<account::Entity>(row.id).await
    }
}

impl Read<'_> {
    /// An account by its sign-in name, within the scope.
    pub async fn account(&self, name: &str) -> Result<Model> {
        let query = self.find::<account::Entity>().filter(account::Column::Name.eq(name));
        query.one(self.connection()).await?.ok_or(Error::NotFound(account::Entity::NOUN))
    }

    /// Every account within the scope, by name, for whoever may see them.
    pub async fn accounts(&self) -> Result<Vec<Model>> {
        self.require(Action::ReadAccounts)?;
        let query = self.find::<account::Entity>().order_by_asc(account::Column::Name);
        Ok(query.all(self.connection()).await?)
    }

    /// Accounts that may act and are in charge of a place, for whoever may ask them to: those of
    /// the place itself first.
    pub async fn accounts_over(&self, place: AreaCode) -> Result<Vec<Model>> {
        self.require(Action::AssignRectification)?;
        let areas = std::iter::once(place).chain(place.above());
        let query = account::Entity::find()
            .filter(account::Column::AreaCode.is_in(areas))
            .filter(account::Column::State.eq(State::Active))
            .order_by_desc(account::Column::AreaCode)
            .order_by_asc(account::Column::Id);
        Ok(query.limit(limits::ACCOUNTS_OFFERED).all(self.connection()).await?)
    }

    /// Sign-in names of accounts, wherever they are in charge.
    pub async fn account_names(&self, ids: Vec<AccountId>) -> Result<HashMap<AccountId, String>> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(AccountId, String)> = account::Entity::find()
            .select_only()
            .columns([account::Column::Id, account::Column::Name])
            .filter(account::Column::Id.is_in(ids))
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().collect())
    }
}
