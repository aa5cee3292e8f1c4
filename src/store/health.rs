//! What can be told of the database, its disk and what is under way: sizes and counts, no place of
//! anything.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    account,
    area::County,
    job,
    log::{self, checkpoint, head},
    session,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, sea_query::ExprTrait,
};

use super::{
    Ledger, Read,
    connect::{is_postgres, scalar},
};
use crate::{
    domain::{permission::Action, session::is_open},
    error::Result,
};

/// What keeps the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A file of this machine.
    Sqlite,
    /// A server.
    Postgres,
}

/// The disk of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Free bytes.
    pub free: u64,
    /// All bytes.
    pub all: u64,
}

/// Where a county's log ends, and how far it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEnd {
    /// The county.
    pub county: County,
    /// Entries.
    pub size: i64,
    /// The last signed checkpoint: how many entries it holds, and when it was signed.
    pub signed: Option<(i64, DateTime<Utc>)>,
}

impl Ledger {
    /// What keeps the ledger, and how many bytes it has there.
    pub async fn kept(&self) -> Result<(Kept, u64)> {
        let (kept, sql) = if is_postgres(self.reader()) {
            (Kept::Postgres, "SELECT pg_database_size(current_database())")
        } else {
            let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
            (Kept::Sqlite, sql)
        };
        let bytes: i64 = scalar(self.reader(), sql).await?;
        Ok((kept, u64::try_from(bytes).unwrap_or(0)))
    }

    /// The room on the disk of the database; that of a server cannot be seen.
    pub fn room(&self) -> Option<Room> {
        self.disk().room()
    }
}

impl Read<'_> {
    /// Where the logs of the reader's counties end, in the order of their codes, after one of them.
    /// A county is the reader's when all of it is.
    pub async fn log_ends(&self, after: Option<County>, limit: u64) -> Result<Vec<LogEnd>> {
        let area = self.actor().area();
        let (first, last) = area.range();
        if !area.covers(&first.county().area()) {
            return Ok(Vec::new());
        }
        let mut heads = head::Entity::find()
            .filter(head::Column::County.between(first.county(), last.county()));
        if let Some(after) = after {
            heads = heads.filter(head::Column::County.gt(after));
        }
        let heads = heads.order_by_asc(head::Column::County).limit(limit);
        let heads = heads.all(self.connection()).await?;
        let signed = self.signed(heads.iter().map(|head| head.county)).await?;
        let end = |head: head::Model| LogEnd {
            signed: signed.get(&head.county).copied(),
            county: head.county,
            size: head.size,
        };
        Ok(heads.into_iter().map(end).collect())
    }

    /// The last signed checkpoint of some counties.
    async fn signed(
        &self,
        counties: impl Iterator<Item = County>,
    ) -> Result<HashMap<County, (i64, DateTime<Utc>)>> {
        let largest = checkpoint::Entity::find()
            .select_only()
            .column(checkpoint::Column::County)
            .column_as(checkpoint::Column::Size.max(), "size")
            .filter(checkpoint::Column::County.is_in(counties))
            .group_by(checkpoint::Column::County)
            .into_tuple::<(County, i64)>()
            .all(self.connection())
            .await?;
        if largest.is_empty() {
            return Ok(HashMap::new());
        }
        let one = |(county, size): (County, i64)| {
            checkpoint::Column::County.eq(county).and(checkpoint::Column::Size.eq(size))
        };
        let any = largest.into_iter().map(one).fold(Condition::any(), Condition::add);
        let rows = checkpoint::Entity::find().filter(any).all(self.connection()).await?;
        let at = |millis| DateTime::from_timestamp_millis(millis).unwrap_or_default();
        Ok(rows.into_iter().map(|row| (row.county, (row.size, at(row.at)))).collect())
    }

    /// When an action last left an entry in the logs of some counties of the reader's.
    pub async fn last_done(
        &self,
        counties: &[County],
        action: Action,
    ) -> Result<HashMap<County, DateTime<Utc>>> {
        self.require(Action::ReadHealth)?;
        let own = counties.iter().filter(|county| self.actor().area().covers(&county.area()));
        let last = log::Entity::find()
            .select_only()
            .column(log::Column::County)
            .column_as(log::Column::At.max(), "at")
            .filter(log::Column::County.is_in(own.copied()))
            .filter(log::Column::Action.eq(action.code()))
            .group_by(log::Column::County)
            .into_tuple::<(County, i64)>();
        let at = |millis| DateTime::from_timestamp_millis(millis).unwrap_or_default();
        let rows = last.all(self.connection()).await?;
        Ok(rows.into_iter().map(|(county, millis)| (county, at(millis))).collect())
    }

    /// Sessions that go on and imports that wait or run, of the accounts within the reader's area.
    pub async fn n_under_way(&self, now: DateTime<Utc>) -> Result<(u64, u64)> {
        self.require(Action::ReadHealth)?;
        let own = || {
            let ids = self.find::<account::Entity>().select_only().column(account::Column::Id);
            ids.into_query()
        };
        let sessions = session::Entity::find()
            .filter(session::Column::EndedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(now))
            .filter(session::Column::AccountId.in_subquery(own()))
            .all(self.connection())
            .await?;
        let open = sessions.iter().filter(|row| is_open(row, now));
        let jobs = job::Entity::find()
            .filter(job::Column::EndedAt.is_null())
            .filter(job::Column::AccountId.in_subquery(own()))
            .count(self.connection())
            .await?;
        Ok((u64::try_from(open.count()).unwrap_or(u64::MAX), jobs))
    }
}
