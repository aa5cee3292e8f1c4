//! Accounts found by their names.

use entity::account::{self, Model};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::{Read, Subject, Write};
use crate::{
    domain::permission::Action,
    error::{Error, Result},
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
}
