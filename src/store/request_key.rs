//! Requests that come again are answered, not done again (reliability.md §5.4).

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::TimeDelta;
use entity::{
    id::AccountId,
    request_key::{self, Model},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    Statement, sea_query::Expr,
};
use sha2::{Digest, Sha256};

use super::{Actor, Ledger, Write, connect::is_postgres};
use crate::{
    domain::{permission::Action, refusal::Refusal, request_key as rules},
    error::{Error, Result},
    limits,
};

/// What tells a request from every other one of its sender.
#[derive(Clone, Debug)]
pub struct RequestKey {
    /// The key its sender made up.
    pub key: String,
    /// Method and route.
    pub route: String,
    /// SHA-256 of the body.
    pub body_digest: [u8; 32],
}

/// What was answered to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The bytes; none when they were too many to keep.
    pub body: Option<Vec<u8>>,
}

/// What became of a request under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once<T> {
    /// It was carried out now.
    Done(T),
    /// It was carried out before; this was answered then.
    Replayed(Answer),
}

/// The requests of this program that are being carried out.
#[derive(Clone, Debug, Default)]
pub(super) struct InFlight(Arc<Mutex<HashSet<[u8; 32]>>>);

/// One of them, until it is dropped.
struct Flight {
    all: InFlight,
    own: [u8; 32],
}

impl InFlight {
    fn begin(&self, own: [u8; 32]) -> Result<Flight> {
        let is_first = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(own);
        if is_first { Ok(Flight { all: self.clone(), own }) } else { Err(Error::Conflict) }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.own);
    }
}

impl Ledger {
    /// Carries out one action once for a key: with its log entry and its recorded answer, in one
    /// transaction, or not at all. The same key again is answered as it was; with another body it
    /// is refused; while the first is being carried out it is a conflict. An action that changed
    /// nothing keeps no key: doing it again changes nothing either.
    pub async fn write_once<T, F>(
        &self,
        actor: &Actor,
        action: Action,
        key: &RequestKey,
        work: F,
        answer: impl FnOnce(&T) -> Result<Answer>,
    ) -> Result<Once<T>>
    where
        F: AsyncFnOnce(&mut Write) -> Result<T>,
    {
        actor.require(action)?;
        rules::check(&key.key).into_result()?;
        let own = flight_of(actor, key);
        let _flight = self.in_flight.begin(own)?;
        let mut write = Write::begin(self, actor, action).await?;
        match carry_out(&mut write, own, key, work, answer).await {
            Ok(Once::Done(value)) => {
                write.seal().await?;
                Ok(Once::Done(value))
            }
            Ok(replayed) => {
                write.abandon().await?;
                Ok(replayed)
            }
            Err(error) => {
                write.abandon().await?;
                Err(error)
            }
        }
    }
}

async fn carry_out<T, F>(
    write: &mut Write,
    own: [u8; 32],
    key: &RequestKey,
    work: F,
    answer: impl FnOnce(&T) -> Result<Answer>,
) -> Result<Once<T>>
where
    F: AsyncFnOnce(&mut Write) -> Result<T>,
{
    if let Some(answer) = write.claim(own, key).await? {
        return Ok(Once::Replayed(answer));
    }
    let value = work(write).await?;
    write.keep_answer(key, answer(&value)?).await?;
    Ok(Once::Done(value))
}

/// A request's place among all that are being carried out.
fn flight_of(actor: &Actor, key: &RequestKey) -> [u8; 32] {
    let account = account_of(actor).0;
    Sha256::new().chain_update(account.to_be_bytes()).chain_update(&key.key).finalize().into()
}

fn account_of(actor: &Actor) -> AccountId {
    actor.account().unwrap_or(AccountId(0))
}

fn hexadecimal(key: &RequestKey) -> String {
    super::token::hexadecimal(&key.body_digest)
}

impl Write {
    /// Claims a key, or finds what was answered under it.
    async fn claim(&mut self, own: [u8; 32], key: &RequestKey) -> Result<Option<Answer>> {
        self.fly_alone(own).await?;
        let old = self.at - TimeDelta::days(limits::REQUEST_KEY_DAYS);
        request_key::Entity::delete_many()
            .filter(request_key::Column::ClaimedAt.lte(old))
            .exec(&self.txn)
            .await?;
        let account_id = account_of(&self.actor);
        let known = request_key::Entity::find_by_id((account_id, key.key.clone()));
        if let Some(row) = known.one(&self.txn).await? {
            return replay(row, key).map(Some);
        }
        let row = Model {
            account_id,
            key: key.key.clone(),
            route: key.route.clone(),
            body_digest: hexadecimal(key),
            claimed_at: self.at,
            status: 0,
            answer: None,
        };
        let row = row.into_active_model().reset_all();
        request_key::Entity::insert(row).exec_without_returning(&self.txn).await?;
        Ok(None)
    }

    /// On PostgreSQL another instance of the program may be at the same request.
    async fn fly_alone(&self, own: [u8; 32]) -> Result<()> {
        if !is_postgres(&self.txn) {
            return Ok(());
        }
        let lock = own.first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes));
        let statement = Statement::from_sql_and_values(
            self.txn.get_database_backend(),
            "SELECT pg_try_advisory_xact_lock($1)",
            [lock.into()],
        );
        let row = self.txn.query_one_raw(statement).await?;
        let is_alone = match row {
            Some(row) => row.try_get_by_index(0)?,
            None => false,
        };
        if is_alone { Ok(()) } else { Err(Error::Conflict) }
    }

    /// Keeps what is answered.
    async fn keep_answer(&mut self, key: &RequestKey, answer: Answer) -> Result<()> {
        let body = answer.body.filter(|body| body.len() <= limits::ANSWER_BYTES);
        request_key::Entity::update_many()
            .col_expr(request_key::Column::Status, Expr::value(i32::from(answer.status)))
            .col_expr(request_key::Column::Answer, Expr::value(body))
            .filter(request_key::Column::AccountId.eq(account_of(&self.actor)))
            .filter(request_key::Column::Key.eq(&key.key))
            .exec(&self.txn)
            .await?;
        Ok(())
    }
}

fn replay(row: Model, key: &RequestKey) -> Result<Answer> {
    if row.route != key.route || row.body_digest != hexadecimal(key) {
        return Err(Refusal::request_key_reused().into());
    }
    Ok(Answer { status: u16::try_from(row.status).unwrap_or_default(), body: row.answer })
}
