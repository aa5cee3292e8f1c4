//! Requests that come again are answered, not done again (reliability.md §5.4).

use std::{
    any::Any,
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::anyhow;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::AccountId,
    request_key::{self, Model},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    Statement, sea_query::Expr,
};
use sha2::{Digest, Sha256};

use super::{Actor, Ledger, Write, connect::is_postgres, key::Keys, vault::keyed};
use crate::{
    broken,
    domain::{refusal::Refusal, request_key as rules},
    error::{Error, Result},
    limits,
};

/// Faults put in on purpose.
const NOT_KEPT: &str = "a request key is not kept";
pub(super) const KEPT_LATE: &str = "a request key is kept after the commit";

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

/// The requests of this program that are being carried out.
#[derive(Clone, Debug, Default)]
pub(super) struct InFlight(Arc<Mutex<HashSet<[u8; 32]>>>);

/// One of them, until it is dropped.
pub(super) struct Flight {
    all: InFlight,
    own: [u8; 32],
}

impl InFlight {
    /// A request's place among those that are being carried out.
    pub(super) fn fly(&self, key: &RequestKey, actor: &Actor) -> Result<Flight> {
        rules::check(&key.key).into_result()?;
        self.begin(flight_of(actor, key))
    }

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

/// Makes the answer of what an action comes to.
type Answering = dyn Fn(&dyn Any) -> Result<Answer> + Send + Sync;

/// A request that is to be carried out once: its key, and how its answer is made of what came of it.
pub(super) struct Request {
    key: RequestKey,
    answer: Box<Answering>,
    is_taken: AtomicBool,
}

impl Ledger {
    /// The same ledger, on which the next action is carried out once for a key: with its log entry
    /// and its recorded answer, in one transaction, or not at all. The same key again ends in
    /// [`Error::Replayed`] with what was answered; with another body it is refused; while the
    /// first is being carried out it is a conflict. An action that changed nothing keeps no key:
    /// doing it again changes nothing either.
    ///
    /// `answer` is given what the action comes to.
    pub fn once<T: 'static>(
        &self,
        key: RequestKey,
        answer: impl Fn(&T) -> Result<Answer> + Send + Sync + 'static,
    ) -> Ledger {
        let answer = move |value: &dyn Any| match value.downcast_ref::<T>() {
            Some(value) => answer(value),
            None => Err(Error::Internal(anyhow!("the answer is for another action"))),
        };
        let request = Request { key, answer: Box::new(answer), is_taken: AtomicBool::new(false) };
        self.answering(request)
    }

    /// The request that the next action answers, if no action has yet.
    pub(super) fn take_request(&self) -> Option<Arc<Request>> {
        let request = self.request.as_ref()?;
        (!request.is_taken.swap(true, Ordering::Relaxed)).then(|| Arc::clone(request))
    }
}

impl Request {
    /// Its place among the requests that are being carried out, until it is given up. A conflict
    /// when the same request is there already.
    pub(super) fn fly(&self, in_flight: &InFlight, actor: &Actor) -> Result<Flight> {
        in_flight.fly(&self.key, actor)
    }

    /// Carries out an action, and nothing where the request was carried out before.
    pub(super) async fn carry_out<T: 'static, F>(&self, write: &mut Write, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Write) -> Result<T>,
    {
        if let Some(answer) =
            claim(&write.txn, &write.keys, &write.actor, write.at, &self.key).await?
        {
            return Err(Error::Replayed(answer.status, answer.body));
        }
        let value = work(write).await?;
        keep_answer(&write.txn, &write.actor, &self.key, (self.answer)(&value)?).await?;
        Ok(value)
    }

    /// What is kept of it, once it came to a value.
    fn kept(
        &self,
        keys: &Keys,
        actor: &Actor,
        value: &dyn Any,
        at: DateTime<Utc>,
    ) -> Result<Model> {
        let Answer { status, body } = (self.answer)(value)?;
        let claimed = claimed(keys, actor, &self.key, at)?;
        Ok(Model { status: status.into(), answer: body, ..claimed })
    }
}

impl Ledger {
    /// Keeps a request in a transaction after that of its action: a fault put in on purpose.
    pub(super) async fn keep_late<T: 'static>(
        &self,
        request: Option<Arc<Request>>,
        actor: &Actor,
        value: &T,
    ) -> Result<()> {
        let Some(request) = request else { return Ok(()) };
        let row = request.kept(self.keys(), actor, value, self.clock().now())?;
        let txn = self.begin().await?;
        let row = row.into_active_model().reset_all();
        request_key::Entity::insert(row).exec_without_returning(&txn).await?;
        txn.commit().await?;
        Ok(())
    }
}

/// A key that is claimed and has no answer yet.
fn claimed(keys: &Keys, actor: &Actor, key: &RequestKey, at: DateTime<Utc>) -> Result<Model> {
    Ok(Model {
        account_id: account_of(actor),
        key: key.key.clone(),
        route: key.route.clone(),
        body_digest: sealed_digest(keys, key)?,
        claimed_at: at,
        status: 0,
        answer: None,
    })
}

/// A request's place among all that are being carried out.
fn flight_of(actor: &Actor, key: &RequestKey) -> [u8; 32] {
    let account = account_of(actor).0;
    Sha256::new().chain_update(account.to_be_bytes()).chain_update(&key.key).finalize().into()
}

fn account_of(actor: &Actor) -> AccountId {
    actor.account().unwrap_or(AccountId(0))
}

/// The digest of a body as it is kept: keyed, because a body may hold a name and a telephone, which
/// a bare digest would let anyone find out by trying.
fn sealed_digest(keys: &Keys, key: &RequestKey) -> Result<String> {
    keyed(&keys.index, &key.body_digest)
}

/// Claims a key within a transaction, or finds what was answered under it.
pub(super) async fn claim(
    txn: &impl ConnectionTrait,
    keys: &Keys,
    actor: &Actor,
    at: DateTime<Utc>,
    key: &RequestKey,
) -> Result<Option<Answer>> {
    fly_alone(txn, flight_of(actor, key)).await?;
    let old = at - TimeDelta::days(limits::REQUEST_KEY_DAYS);
    request_key::Entity::delete_many()
        .filter(request_key::Column::ClaimedAt.lte(old))
        .exec(txn)
        .await?;
    let mut known = request_key::Entity::find().filter(request_key::Column::Key.eq(&key.key));
    if !broken::is("scope of request keys") {
        known = known.filter(request_key::Column::AccountId.eq(account_of(actor)));
    }
    if let Some(row) = known.one(txn).await? {
        return replay(row, key, keys).map(Some);
    }
    if [NOT_KEPT, KEPT_LATE].into_iter().any(broken::is) {
        return Ok(None);
    }
    let row = claimed(keys, actor, key, at)?.into_active_model().reset_all();
    request_key::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(None)
}

/// On PostgreSQL another instance of the program may be at the same request.
async fn fly_alone(txn: &impl ConnectionTrait, own: [u8; 32]) -> Result<()> {
    if !is_postgres(txn) {
        return Ok(());
    }
    let lock = own.first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes));
    let statement = Statement::from_sql_and_values(
        txn.get_database_backend(),
        // a ledger in another schema of the database has requests of its own
        "SELECT pg_try_advisory_xact_lock($1 # hashtext(current_schema())::bigint)",
        [lock.into()],
    );
    let row = txn.query_one_raw(statement).await?;
    let is_alone = match row {
        Some(row) => row.try_get_by_index(0)?,
        None => false,
    };
    if is_alone { Ok(()) } else { Err(Error::Conflict) }
}

/// Keeps what is answered.
pub(super) async fn keep_answer(
    txn: &impl ConnectionTrait,
    actor: &Actor,
    key: &RequestKey,
    answer: Answer,
) -> Result<()> {
    let body = answer.body.filter(|body| body.len() <= limits::ANSWER_BYTES);
    request_key::Entity::update_many()
        .col_expr(request_key::Column::Status, Expr::value(i32::from(answer.status)))
        .col_expr(request_key::Column::Answer, Expr::value(body))
        .filter(request_key::Column::AccountId.eq(account_of(actor)))
        .filter(request_key::Column::Key.eq(&key.key))
        .exec(txn)
        .await?;
    Ok(())
}

/// Whether something was answered to an account under a key.
pub(super) async fn is_answered(
    connection: &impl ConnectionTrait,
    account: AccountId,
    key: &str,
) -> Result<bool> {
    let row = request_key::Entity::find_by_id((account, key.to_owned())).one(connection).await?;
    Ok(row.is_some_and(|row| row.status != 0))
}

fn replay(row: Model, key: &RequestKey, keys: &Keys) -> Result<Answer> {
    if row.route != key.route || row.body_digest != sealed_digest(keys, key)? {
        return Err(Refusal::request_key_reused().into());
    }
    Ok(Answer { status: u16::try_from(row.status).unwrap_or_default(), body: row.answer })
}
