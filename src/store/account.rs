//! Accounts found by their names, and what stands beside them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    account::{self, Model, State},
    area::AreaCode,
    credential,
    id::AccountId,
    job, one_time_link, session,
};
use sea_orm::{
    ColumnTrait, EntityTrait, IdenStatic, Iterable, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use super::{Read, Subject, Write};
use crate::{
    domain::{permission::Action, session as rules},
    error::{Error, Result},
    limits,
};

/// How an account is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// When it was last signed in to.
    pub last_at: Option<DateTime<Utc>>,
    /// Sessions that are open.
    pub n_open: usize,
    /// Whether a password was ever set.
    pub has_password: bool,
    /// Whether codes of an app are asked for.
    pub has_second_factor: bool,
}

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

    /// Accounts within the scope that may act and are in charge of a place, for whoever may ask
    /// them to: those of the place itself first.
    pub async fn accounts_over(&self, place: AreaCode) -> Result<Vec<Model>> {
        self.require(Action::AssignRectification)?;
        let areas = std::iter::once(place).chain(place.above());
        let query = self
            .find::<account::Entity>()
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

    /// How accounts are used, for whoever may see them; in three queries, however many there are.
    pub async fn usage(
        &self,
        accounts: &[Model],
        now: DateTime<Utc>,
    ) -> Result<HashMap<AccountId, Usage>> {
        self.require(Action::ReadAccounts)?;
        let own = accounts.iter().filter(|row| self.actor().area().covers(&row.area_code));
        let ids: Vec<AccountId> = own.map(|row| row.id).collect();
        let mut usage: HashMap<AccountId, Usage> =
            ids.iter().map(|id| (*id, Usage::default())).collect();
        let last = session::Entity::find()
            .select_only()
            .column(session::Column::AccountId)
            .column_as(session::Column::IssuedAt.max(), "last_at")
            .filter(session::Column::AccountId.is_in(ids.iter().copied()))
            .group_by(session::Column::AccountId)
            .into_tuple::<(AccountId, DateTime<Utc>)>();
        for (id, at) in last.all(self.connection()).await? {
            usage.entry(id).or_default().last_at = Some(at);
        }
        let open = session::Entity::find()
            .filter(session::Column::AccountId.is_in(ids.iter().copied()))
            .filter(session::Column::EndedAt.is_null());
        for row in open.all(self.connection()).await? {
            if rules::is_open(&row, now) {
                usage.entry(row.account_id).or_default().n_open += 1;
            }
        }
        let proofs = credential::Entity::find().filter(credential::Column::AccountId.is_in(ids));
        for row in proofs.all(self.connection()).await? {
            let one = usage.entry(row.account_id).or_default();
            one.has_password = row.password.is_some();
            one.has_second_factor = row.totp_confirmed_at.is_some();
        }
        Ok(usage)
    }

    /// Open sessions of an account that the reader sees, the newest first.
    pub async fn sessions_of(
        &self,
        account: &Model,
        now: DateTime<Utc>,
    ) -> Result<Vec<session::Model>> {
        self.require(Action::ReadAccounts)?;
        self.get::<account::Entity>(account.id).await?;
        let open = session::Entity::find()
            .filter(session::Column::AccountId.eq(account.id))
            .filter(session::Column::EndedAt.is_null())
            .order_by_desc(session::Column::Id);
        let rows = open.all(self.connection()).await?;
        Ok(rows.into_iter().filter(|row| rules::is_open(row, now)).collect())
    }

    /// Imports of an account that wait or run, without what they came to.
    pub async fn jobs_of(&self, account: &Model) -> Result<Vec<job::Model>> {
        self.require(Action::ReadAccounts)?;
        self.get::<account::Entity>(account.id).await?;
        let sealed = [job::Column::Outcome, job::Column::Returned];
        let told = job::Column::iter()
            .filter(|column| !sealed.iter().any(|one| one.as_str() == column.as_str()));
        let mut query = job::Entity::find().select_only().columns(told);
        for column in sealed {
            query = query.column_as(Expr::cust("CAST(NULL AS bytea)"), column.as_str());
        }
        let own = query
            .filter(job::Column::AccountId.eq(account.id))
            .filter(job::Column::EndedAt.is_null())
            .order_by_desc(job::Column::Id);
        Ok(own.all(self.connection()).await?)
    }

    /// One-time links of an account that could still be opened.
    pub async fn n_links_of(&self, account: &Model, now: DateTime<Utc>) -> Result<u64> {
        self.require(Action::ReadAccounts)?;
        self.get::<account::Entity>(account.id).await?;
        let good = one_time_link::Entity::find()
            .filter(one_time_link::Column::AccountId.eq(account.id))
            .filter(one_time_link::Column::UsedAt.is_null())
            .filter(one_time_link::Column::ExpiresAt.gt(now));
        Ok(good.count(self.connection()).await?)
    }

    /// Others who have the role of an account and reach its area: of those that the reader sees,
    /// the nearest first.
    pub async fn peers_of(&self, account: &Model) -> Result<Vec<Model>> {
        self.require(Action::ReadAccounts)?;
        let areas = std::iter::once(account.area_code).chain(account.area_code.above());
        let query = self
            .find::<account::Entity>()
            .filter(account::Column::AreaCode.is_in(areas))
            .filter(account::Column::Role.eq(account.role))
            .filter(account::Column::State.eq(State::Active))
            .filter(account::Column::Id.ne(account.id))
            .order_by_desc(account::Column::AreaCode)
            .order_by_asc(account::Column::Id);
        let most = u64::try_from(limits::CANDIDATES_SHOWN).unwrap_or(u64::MAX);
        Ok(query.limit(most).all(self.connection()).await?)
    }
}
