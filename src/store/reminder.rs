//! Reminders: kept beside the log with each entry, and read by whom they are for. They repeat what the
//! log has, and are forgotten after a while. Positions of a county's log are given out in the order of
//! its commits, so that what is marked as read hides nothing that comes later.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    area::County,
    id::AccountId,
    log::head,
    reminder::{Column, Entity, Kind, Model, mark},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Func, OnConflict, Query, SelectStatement},
};

use super::{Ledger, Read, Write, insert::insert_rows};
use crate::{
    domain::reminder::{Call, desk, own},
    error::Result,
    limits,
};

/// Reminders of some recipients behind a position.
fn since(recipients: &[String], county: County, seq: i64, oldest: DateTime<Utc>) -> Select<Entity> {
    Entity::find()
        .filter(Column::Recipient.is_in(recipients.iter().map(String::as_str)))
        .filter(Column::County.eq(county))
        .filter(Column::Seq.gt(seq))
        .filter(Column::At.gt(oldest))
}

/// Those of one recipient before a position, the newest first.
fn before(
    recipient: &str,
    county: County,
    seq: Option<i64>,
    oldest: DateTime<Utc>,
) -> Select<Entity> {
    let query = Entity::find()
        .filter(Column::Recipient.eq(recipient))
        .filter(Column::County.eq(county))
        .filter(Column::Seq.lt(seq.unwrap_or(i64::MAX)))
        .filter(Column::At.gt(oldest));
    query.order_by_desc(Column::Seq).order_by_desc(Column::Kind)
}

/// How many rows a query has, up to a number.
pub(super) fn counted<E: EntityTrait>(query: Select<E>, most: u64) -> SelectStatement {
    let rows = query.select_only().expr_as(Expr::val(1), "one").limit(most);
    Query::select()
        .expr(Expr::cust("count(*)"))
        .from_subquery(sea_orm::QueryTrait::into_query(rows), "some")
        .to_owned()
}

/// Reads such a number.
pub(super) async fn count<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    query: Select<E>,
    most: u64,
) -> Result<u64> {
    let row = connection.query_one(&counted(query, most)).await?;
    let n: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(u64::try_from(n).unwrap_or(0))
}

impl Write {
    /// Keeps what an entry has for whom it concerns, each kind once a recipient.
    pub(super) async fn keep_reminders<'a>(
        &self,
        (county, seq): (County, i64),
        calls: impl Iterator<Item = &'a Call>,
    ) -> Result<()> {
        let actor = [self.actor.account().map(own), desk(self.actor.role(), self.actor.area())];
        let mut rows: BTreeMap<(&str, Kind), Model> = BTreeMap::new();
        for call in calls.filter(|call| !actor.iter().flatten().any(|own| *own == call.recipient)) {
            let row = rows.entry((&call.recipient, call.kind)).or_insert_with(|| Model {
                recipient: call.recipient.clone(),
                county,
                seq,
                kind: call.kind,
                n: 0,
                subject_id: call.subject,
                asset_id: call.asset,
                rule: call.rule,
                at: self.at,
            });
            row.n += 1;
        }
        let rows: Vec<Model> = rows.into_values().collect();
        Ok(insert_rows::<Entity>(&self.txn, &rows).await?)
    }
}

impl Read<'_> {
    /// For whom the reader is told things: the account, its role at its place, its units.
    pub async fn recipients(&self) -> Result<Vec<String>> {
        let actor = self.actor();
        let mut recipients = self.bearer_keys().await?;
        recipients.extend(desk(actor.role(), actor.area()));
        Ok(recipients)
    }

    /// How many reminders stand behind a position, up to a number.
    pub async fn n_reminders(
        &self,
        recipients: &[String],
        seq: i64,
        (now, most): (DateTime<Utc>, u64),
    ) -> Result<u64> {
        let county = self.actor().area().county();
        let query = since(recipients, county, seq, oldest(now));
        count(self.connection(), query, most).await
    }

    /// The reminders before a position, the newest first, and whether there are more. An entry is told
    /// whole.
    pub async fn reminders(
        &self,
        recipients: &[String],
        seq: Option<i64>,
        (now, limit): (DateTime<Utc>, u64),
    ) -> Result<(Vec<Model>, bool)> {
        let county = self.actor().area().county();
        let mut rows = Vec::new();
        for recipient in recipients {
            let query = before(recipient, county, seq, oldest(now)).limit(limit + 1);
            rows.extend(query.all(self.connection()).await?);
        }
        rows.sort_by_key(|row| std::cmp::Reverse((row.seq, row.kind)));
        let Some(over) = usize::try_from(limit).ok().and_then(|n| rows.get(n)).map(|row| row.seq)
        else {
            return Ok((rows, false));
        };
        let first = rows.first().map_or(over, |row| row.seq);
        rows.retain(|row| row.seq > over || (first == over && row.seq == over));
        Ok((rows, true))
    }

    /// The last position of the log of the reader's county.
    pub async fn last_reminder(&self) -> Result<i64> {
        let county = self.actor().area().county();
        let head = head::Entity::find_by_id(county).one(self.connection()).await?;
        Ok(head.map_or(-1, |head| head.size - 1))
    }

    /// How far the reader has read.
    pub async fn reminder_mark(&self) -> Result<Option<mark::Model>> {
        let Some(account) = self.actor().account() else { return Ok(None) };
        Ok(mark::Entity::find_by_id(account).one(self.connection()).await?)
    }
}

/// What was told at this instant or before is forgotten.
fn oldest(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::days(limits::REMINDER_DAYS)
}

impl Ledger {
    /// Marks what an account was shown as read, up to a position. It never goes back.
    pub async fn mark_reminders(&self, account: AccountId, seq: i64) -> Result<()> {
        self.disk().require_room()?;
        let row = mark::Model { account_id: account, seq, read_on: self.today() };
        let later = |column: &str| {
            let sql = format!(
                "CASE WHEN excluded.{column} > reminder_mark.{column} THEN excluded.{column} \
                 ELSE reminder_mark.{column} END"
            );
            Expr::cust(sql)
        };
        let key = OnConflict::column(mark::Column::AccountId)
            .value(mark::Column::Seq, later("seq"))
            .value(mark::Column::ReadOn, later("read_on"))
            .to_owned();
        let active = row.into_active_model().reset_all();
        let insert = mark::Entity::insert(active).on_conflict(key);
        insert.exec_without_returning(self.writer()).await?;
        Ok(())
    }

    /// The day on which an account is shown everything that is kept as new.
    pub fn first_reminder_day(&self) -> NaiveDate {
        crate::clock::day_of(oldest(self.clock().now()))
    }

    /// Forgets the reminders that are old enough.
    pub async fn forget_reminders(&self) -> Result<()> {
        let old = Entity::delete_many().filter(Column::At.lte(oldest(self.clock().now())));
        old.exec(self.writer()).await?;
        Ok(())
    }
}

/// A column as an expression, which no index is chosen for.
pub(super) fn unindexed<C: ColumnTrait>(column: C) -> Expr {
    Expr::expr(Func::coalesce([
        Expr::col(column.as_column_ref()),
        Expr::col(column.as_column_ref()),
    ]))
}
