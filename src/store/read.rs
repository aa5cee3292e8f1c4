//! The read door: hands out queries already limited to what the actor may see.

use chrono::NaiveDate;
use entity::account::Role;
use futures_util::TryStreamExt;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, Select,
    StreamTrait,
};

use super::{Actor, Subject, key::Keys, scope};
use crate::{
    domain::permission::Action,
    error::{Error, Result},
    limits,
};

/// The read door, open.
pub struct Read<'a> {
    db: &'a DatabaseConnection,
    actor: &'a Actor,
    pub(super) keys: &'a Keys,
    today: NaiveDate,
    pub(super) is_masked: bool,
}

impl<'a> Read<'a> {
    pub(super) fn new(
        db: &'a DatabaseConnection,
        actor: &'a Actor,
        keys: &'a Keys,
        today: NaiveDate,
    ) -> Read<'a> {
        // whoever stands at the machine holds the keys
        Read { db, actor, keys, today, is_masked: actor.role() != Role::Operator }
    }

    /// The same door, through which people are seen whole.
    pub(super) fn unmasked(self) -> Read<'a> {
        Read { is_masked: false, ..self }
    }

    /// A row by its id; one outside the scope is not found.
    pub async fn get<E: Subject>(&self, id: E::Id) -> Result<E::Model> {
        let row = self.find::<E>().filter(E::ID.eq(id)).one(self.db).await?;
        row.ok_or(Error::NotFound(E::NOUN))
    }

    /// Rows by their ids; those outside the scope are left out.
    pub async fn some<E: Subject>(&self, ids: &[E::Id]) -> Result<Vec<E::Model>> {
        let mut rows = Vec::with_capacity(ids.len());
        for batch in ids.chunks(limits::IMPORT_BATCH) {
            let query = self.find::<E>().filter(E::ID.is_in(batch.iter().copied()));
            rows.extend(query.all(self.db).await?);
        }
        Ok(rows)
    }

    /// Rows of a noun within the scope.
    pub fn find<E: Subject>(&self) -> Select<E> {
        let (first, last) = scope::range_of::<E>(self.actor.area(), "scope of a read");
        E::find().filter(E::AREA.between(first, last))
    }

    /// Who reads.
    pub const fn actor(&self) -> &'a Actor {
        self.actor
    }

    /// The day it is.
    pub const fn today(&self) -> NaiveDate {
        self.today
    }

    /// Refuses unless the reader may do an action.
    pub fn require(&self, action: Action) -> Result<()> {
        self.actor.require(action)
    }

    pub(super) const fn connection(&self) -> &'a DatabaseConnection {
        self.db
    }
}

/// Every row of a query, each made out while the database looks for the next.
pub(super) async fn streamed<E: EntityTrait>(
    query: Select<E>,
    connection: &(impl ConnectionTrait + StreamTrait),
) -> Result<Vec<E::Model>, DbErr>
where
    E::Model: Send,
{
    query.stream(connection).await?.try_collect().await
}
