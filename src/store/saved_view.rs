//! Views found: one's own, and those that others share with the reader.

use entity::{
    area::AreaCode,
    id::{AccountId, SavedViewId},
    saved_view::{Column, Entity, Model, Seen},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use super::{Read, Subject, Write};
use crate::{
    error::{Error, Result},
    limits,
};

/// The views of an account that it did not take away.
fn own(account: AccountId) -> Select<Entity> {
    Entity::find()
        .filter(Column::AccountId.eq(account))
        .filter(Column::IsWithdrawn.eq(false))
        .order_by_asc(Column::Id)
}

/// The views that others share with an account of an area.
fn shared(account: Option<AccountId>, area: AreaCode) -> Select<Entity> {
    let reaches = Condition::any()
        .add(Column::SeenBy.eq(Seen::County))
        .add(Condition::all().add(Column::SeenBy.eq(Seen::Area)).add(Column::AreaCode.eq(area)));
    Entity::find()
        .filter(Expr::cust("substr(area_code, 1, 6)").eq(area.county().as_str()))
        .filter(Column::SeenBy.is_in([Seen::Area, Seen::County]))
        .filter(Column::IsWithdrawn.eq(false))
        .filter(reaches)
        .filter(Condition::all().add_option(account.map(|own| Column::AccountId.ne(own))))
}

impl Read<'_> {
    /// The reader's own views, then those that are shared with the reader, in the order in which
    /// they were saved.
    pub async fn saved_views(&self) -> Result<Vec<Model>> {
        let (account, area) = (self.actor().account(), self.actor().area());
        let mut views = match account {
            Some(account) => own(account).all(self.connection()).await?,
            None => Vec::new(),
        };
        let shared = shared(account, area).limit(limits::VIEWS_SHARED);
        let mut others = shared.all(self.connection()).await?;
        others.sort_by_key(|view| view.id);
        views.extend(others);
        Ok(views)
    }
}

impl Write {
    /// The views of an account that it did not take away.
    pub async fn own_views(&self, account: AccountId) -> Result<Vec<Model>> {
        Ok(own(account).all(&self.txn).await?)
    }

    /// A view of the actor's own that was not taken away.
    pub async fn own_view(&mut self, id: SavedViewId) -> Result<Model> {
        let view = self.get::<Entity>(id).await?;
        if Some(view.account_id) != self.actor().account() || view.is_withdrawn {
            return Err(Error::NotFound(Entity::NOUN));
        }
        Ok(view)
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable};

    use super::*;

    #[tokio::test]
    async fn views_are_found_by_index() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let area = "520381100000".parse().expect("a code");
        for query in [own(AccountId(7)), shared(Some(AccountId(7)), area)] {
            let statement = query.build(DbBackend::Sqlite);
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let values = statement.values.map(|values| values.0).unwrap_or_default();
            let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
            for row in connection.query_all_raw(explain).await.expect("a plan") {
                let step = String::try_get(&row, "", "detail").expect("text");
                assert!(!step.starts_with("SCAN"), "{step}");
            }
        }
    }
}
