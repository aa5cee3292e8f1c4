//! Digests: whose addresses are known, and what was sent for which day, so that each is sent once. It
//! stands beside the log, as reminders do.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use entity::{
    account,
    digest::{Column, Entity, Model, State},
    id::AccountId,
    language::Language,
    log::head,
    mail_address,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::{Actor, Ledger, Write};
use crate::{error::Result, limits};

/// What is sealed is of one account.
fn purpose(account: AccountId) -> Vec<u8> {
    format!("mail address {account}").into_bytes()
}

/// An account to which digests are sent.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Who reads.
    pub actor: Actor,
    /// Its id.
    pub account: AccountId,
    /// Where it is sent; none where it is laid into a folder.
    pub address: Option<String>,
    /// In which language; none where nothing was chosen.
    pub language: Option<Language>,
}

/// A digest that is this program's to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Whose.
    pub account: AccountId,
    /// For which day or week.
    pub period_on: NaiveDate,
    /// It tells what stands behind this position, …
    pub behind: i64,
    /// … up to this one.
    pub upto: i64,
    /// The how many-th attempt it is.
    pub tries: i32,
}

impl Write {
    /// Keeps where the actor's digests are sent, or forgets it.
    pub async fn set_mail_address(&mut self, address: Option<(&str, Language)>) -> Result<()> {
        let account = self.own_account().await?;
        match address {
            Some((address, language)) => {
                let row = mail_address::Model {
                    account_id: account.id,
                    sealed: self.keys.seal_bytes(address.as_bytes(), &purpose(account.id))?,
                    language: code_of(language).to_owned(),
                    set_at: self.at,
                };
                let replaced = OnConflict::column(mail_address::Column::AccountId)
                    .update_columns([
                        mail_address::Column::Sealed,
                        mail_address::Column::Language,
                        mail_address::Column::SetAt,
                    ])
                    .to_owned();
                mail_address::Entity::insert(row.into_active_model().reset_all())
                    .on_conflict(replaced)
                    .exec_without_returning(&self.txn)
                    .await?;
            }
            None => {
                mail_address::Entity::delete_by_id(account.id).exec(&self.txn).await?;
            }
        }
        self.note_account(&account);
        Ok(())
    }
}

impl Ledger {
    /// Where an account has its digests sent, and in which language.
    pub async fn mail_address(&self, account: AccountId) -> Result<Option<(String, Language)>> {
        let row = mail_address::Entity::find_by_id(account).one(self.reader()).await?;
        row.map(|row| self.opened_address(&row)).transpose()
    }

    fn opened_address(&self, row: &mail_address::Model) -> Result<(String, Language)> {
        let plain = self.keys().open_bytes(&row.sealed, &purpose(row.account_id))?;
        let address = String::from_utf8(plain).map_err(anyhow::Error::new)?;
        Ok((address, row.language.parse().unwrap_or_default()))
    }

    /// The last digest of an account.
    pub async fn last_digest(&self, account: AccountId) -> Result<Option<Model>> {
        let query = Entity::find().filter(Column::AccountId.eq(account));
        Ok(query.order_by_desc(Column::PeriodOn).one(self.reader()).await?)
    }

    /// The next accounts that may act, in the order of their ids, and the last that was looked at; where
    /// `with_address`, none without one.
    pub async fn digest_readers(
        &self,
        after: AccountId,
        with_address: bool,
    ) -> Result<(Vec<Reader>, Option<AccountId>)> {
        let rows = account::Entity::find()
            .filter(account::Column::Id.gt(after))
            .order_by_asc(account::Column::Id)
            .limit(limits::READ_BATCH)
            .all(self.reader())
            .await?;
        let ids = rows.iter().map(|row| row.id);
        let known = mail_address::Entity::find()
            .filter(mail_address::Column::AccountId.is_in(ids))
            .all(self.reader())
            .await?;
        let known: HashMap<AccountId, mail_address::Model> =
            known.into_iter().map(|row| (row.account_id, row)).collect();
        let last = rows.last().map(|row| row.id);
        let mut readers = Vec::new();
        for row in rows.into_iter().filter(|row| row.state == account::State::Active) {
            let opened = known.get(&row.id).map(|one| self.opened_address(one)).transpose()?;
            if opened.is_none() && with_address {
                continue;
            }
            let (address, language) = opened.unzip();
            readers.push(Reader { account: row.id, actor: Actor::of(row), address, language });
        }
        Ok((readers, last))
    }

    /// Takes a digest to be sent: none where it was sent, or somebody else is at it.
    pub async fn claim_digest(
        &self,
        reader: &Reader,
        period_on: NaiveDate,
    ) -> Result<Option<Claim>> {
        let now = self.clock().now();
        let key = (reader.account, period_on);
        let txn = self.begin().await?;
        let row = Entity::find_by_id(key).one(&txn).await?;
        let Some(row) = row else {
            let behind = told_before(&txn, reader.account).await?;
            let county = reader.actor.area().county();
            let head = head::Entity::find_by_id(county).one(&txn).await?;
            let row = Model {
                account_id: reader.account,
                period_on,
                state: State::Claimed,
                behind,
                upto: head.map_or(-1, |head| head.size - 1),
                tries: 1,
                tried_at: now,
                problem: None,
            };
            let claim = claim_of(&row);
            let first =
                OnConflict::columns([Column::AccountId, Column::PeriodOn]).do_nothing().to_owned();
            let insert = Entity::insert(row.into_active_model().reset_all()).on_conflict(first);
            let n = insert.try_insert().exec_without_returning(&txn).await?;
            txn.commit().await?;
            return Ok(matches!(n, sea_orm::TryInsertResult::Inserted(1)).then_some(claim));
        };
        let is_stale = now - row.tried_at >= TimeDelta::minutes(limits::DIGEST_LEASE_MINUTES);
        let is_free = match row.state {
            State::Waiting => true,
            // whoever claimed it did not come back
            State::Claimed => is_stale,
            State::Bounced => is_set_since(&txn, &row).await?,
            State::Sent | State::Empty => false,
        };
        if !is_free {
            txn.rollback().await?;
            return Ok(None);
        }
        let tries = if row.state == State::Bounced { 1 } else { row.tries + 1 };
        let taken = Entity::update_many()
            .col_expr(Column::State, Expr::value(State::Claimed.code()))
            .col_expr(Column::Tries, Expr::value(tries))
            .col_expr(Column::TriedAt, Expr::value(now))
            .filter(Column::AccountId.eq(row.account_id))
            .filter(Column::PeriodOn.eq(row.period_on))
            .filter(Column::State.eq(row.state))
            .filter(Column::TriedAt.eq(row.tried_at))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        Ok((taken.rows_affected == 1).then(|| Claim { tries, ..claim_of(&row) }))
    }

    /// Says what became of a digest that was claimed.
    pub async fn settle_digest(
        &self,
        claim: &Claim,
        state: State,
        problem: Option<&str>,
    ) -> Result<()> {
        Entity::update_many()
            .col_expr(Column::State, Expr::value(state.code()))
            .col_expr(Column::Problem, Expr::value(problem.map(ToOwned::to_owned)))
            .filter(Column::AccountId.eq(claim.account))
            .filter(Column::PeriodOn.eq(claim.period_on))
            .filter(Column::State.eq(State::Claimed))
            .filter(Column::Tries.eq(claim.tries))
            .exec(self.writer())
            .await?;
        Ok(())
    }

    /// Forgets digests that are old enough; the last of an account says where the next begins, and no
    /// reminder is kept longer.
    pub async fn forget_digests(&self) -> Result<()> {
        let oldest = self.clock().now() - TimeDelta::days(limits::REMINDER_DAYS);
        Entity::delete_many().filter(Column::TriedAt.lte(oldest)).exec(self.writer()).await?;
        Ok(())
    }
}

const fn code_of(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh",
        Language::English => "en",
    }
}

fn claim_of(row: &Model) -> Claim {
    Claim {
        account: row.account_id,
        period_on: row.period_on,
        behind: row.behind,
        upto: row.upto,
        tries: row.tries,
    }
}

/// How far an account was told.
async fn told_before(connection: &impl ConnectionTrait, account: AccountId) -> Result<i64> {
    let last = Entity::find()
        .filter(Column::AccountId.eq(account))
        .filter(Column::State.is_in([State::Sent, State::Empty]))
        .order_by_desc(Column::PeriodOn)
        .one(connection)
        .await?;
    Ok(last.map_or(-1, |row| row.upto))
}

/// Whether another address was given since one was refused.
async fn is_set_since(connection: &impl ConnectionTrait, row: &Model) -> Result<bool> {
    let known = mail_address::Entity::find_by_id(row.account_id).one(connection).await?;
    Ok(known.is_some_and(|known| known.set_at > row.tried_at))
}
