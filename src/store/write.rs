//! The write door, open: everything changed through it is in scope, versioned and recorded.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};
use entity::area::{AreaCode, County};
use sea_orm::{
    ColumnTrait, ConnectionTrait, Iterable, ModelTrait, QueryFilter, QuerySelect, Select,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, sea_query::Expr,
};
use serde_json::Value as Json;

use super::{
    Actor, Ledger, Subject,
    connect::is_postgres,
    finding::Findings,
    insert::insert_rows,
    key::Keys,
    lane::Lane,
    scope,
    subject::Fact,
    tally::Tally,
    trail::{Change, Pending},
};
use crate::{
    clock::day_of,
    domain::permission::Action,
    error::{Error, Result},
    limits,
};

/// The class of the advisory locks with which writers take turns on PostgreSQL.
const TURNS: i32 = 7457;

/// The write door, open.
pub struct Write {
    pub(super) txn: Lane,
    pub(super) actor: Actor,
    pub(super) at: DateTime<Utc>,
    pub(super) keys: Arc<Keys>,
    pub(super) pending: Pending,
    pub(super) findings: Findings,
    pub(super) tally: Tally,
    ids: HashMap<&'static str, VecDeque<i64>>,
    last_ids: HashMap<&'static str, i64>,
    turns: BTreeSet<County>,
    /// The last serial given to each beginning of an asset code.
    pub(super) serials: HashMap<String, u32>,
    /// Areas whose serials are known.
    pub(super) coded: BTreeSet<AreaCode>,
}

impl Write {
    pub(super) async fn begin(ledger: &Ledger, actor: &Actor, action: Action) -> Result<Write> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let txn = ledger.writer().begin_with_options(options).await?;
        actor.reload(&txn).await?;
        let at = ledger.clock().now();
        Ok(Write {
            txn: Lane::new(txn),
            actor: actor.clone(),
            at,
            keys: Arc::clone(ledger.keys()),
            pending: Pending::new(actor.name(), action, at),
            findings: Findings::default(),
            tally: Tally::default(),
            ids: HashMap::new(),
            last_ids: HashMap::new(),
            turns: BTreeSet::new(),
            serials: HashMap::new(),
            coded: BTreeSet::new(),
        })
    }

    /// The instant of the action.
    pub const fn now(&self) -> DateTime<Utc> {
        self.at
    }

    /// The day of the action, in China.
    pub fn today(&self) -> NaiveDate {
        day_of(self.at)
    }

    /// Who acts.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// A fact about the action that its entries keep beside the changed rows, such as the reason.
    pub fn note(&mut self, key: &'static str, value: impl Into<Json>) {
        self.pending.note(key, value.into());
    }

    /// Rows of a noun within the actor's scope.
    pub fn find<E: Subject>(&self) -> Select<E> {
        let (first, last) = scope::range_of::<E>(self.actor.area(), "scope of a row to change");
        E::find().filter(E::AREA.between(first, last))
    }

    /// A row by its id; one outside the scope is not found. Its county's turn is taken, so what
    /// is read stays so until the end.
    pub async fn get<E: Subject>(&mut self, id: E::Id) -> Result<E::Model> {
        let query = || self.find::<E>().filter(E::ID.eq(id));
        let row = query().one(&self.txn).await?.ok_or(Error::NotFound(E::NOUN))?;
        let county = E::area(&row).county();
        if self.turns.contains(&county) {
            return Ok(row);
        }
        self.take_turn(county).await?;
        if !is_postgres(&self.txn) {
            return Ok(row);
        }
        let again = self.find::<E>().filter(E::ID.eq(id));
        again.one(&self.txn).await?.ok_or(Error::NotFound(E::NOUN))
    }

    /// Rows by their ids, in the order of the ids; all must be within the scope.
    pub async fn get_all<E: Subject>(&mut self, ids: &[E::Id]) -> Result<Vec<E::Model>> {
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            rows.push(self.get::<E>(*id).await?);
        }
        Ok(rows)
    }

    /// Waits until no other writer is at work in a county. SQLite has one writer anyhow.
    pub async fn take_turn(&mut self, county: County) -> Result<()> {
        let is_taken = !self.turns.insert(county) || crate::broken::is("turns are not taken");
        if is_taken || !is_postgres(&self.txn) {
            return Ok(());
        }
        let statement = Statement::from_sql_and_values(
            self.txn.get_database_backend(),
            "SELECT pg_advisory_xact_lock($1, $2)",
            [TURNS.into(), i32::try_from(county.number()).unwrap_or(0).into()],
        );
        self.txn.execute_raw(statement).await?;
        Ok(())
    }

    /// The next free id of a noun.
    async fn next_id<E: Subject>(&mut self) -> Result<E::Id> {
        if let Some(id) = self.ids.get_mut(E::TABLE).and_then(VecDeque::pop_front) {
            return Ok(E::Id::from(id));
        }
        let n = if self.ids.contains_key(E::TABLE) { limits::IMPORT_BATCH } else { 1 };
        let fresh = self.fresh_ids::<E>(i64::try_from(n).unwrap_or(1)).await?;
        let ids = self.ids.entry(E::TABLE).or_default();
        ids.extend(fresh);
        ids.pop_front().map(E::Id::from).ok_or(Error::Busy)
    }

    /// Ids nobody has. On SQLite the only writer counts on from the highest; rows are never
    /// deleted, so no id comes back. PostgreSQL has a sequence a table.
    async fn fresh_ids<E: Subject>(&mut self, n: i64) -> Result<Vec<i64>> {
        if is_postgres(&self.txn) {
            let sql =
                format!("SELECT nextval('{}_id_next') FROM generate_series(1, {n})", E::TABLE);
            let statement = Statement::from_string(self.txn.get_database_backend(), sql);
            let rows = self.txn.query_all_raw(statement).await?;
            return Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?);
        }
        let last = match self.last_ids.get(E::TABLE) {
            Some(last) => *last,
            None => self.highest_id::<E>().await?,
        };
        self.last_ids.insert(E::TABLE, last + n);
        Ok((last + 1..=last + n).collect())
    }

    async fn highest_id<E: Subject>(&self) -> Result<i64> {
        let highest: Option<Option<i64>> = E::find()
            .select_only()
            .column_as(E::ID.max(), "max")
            .into_tuple()
            .one(&self.txn)
            .await?;
        Ok(highest.flatten().unwrap_or(0))
    }

    /// Stores a new row and gives it its id, its first version and its stamps.
    pub async fn insert<E: Subject>(&mut self, row: E::Model) -> Result<E::Model> {
        let mut rows = self.insert_all::<E>(vec![row]).await?;
        rows.pop().ok_or(Error::Conflict)
    }

    /// Stores new rows, in as few statements as the database takes.
    pub async fn insert_all<E: Subject>(&mut self, rows: Vec<E::Model>) -> Result<Vec<E::Model>> {
        for county in rows.iter().map(|row| E::area(row).county()).collect::<BTreeSet<_>>() {
            self.take_turn(county).await?;
        }
        let rows = self.stamped::<E>(rows).await?;
        insert_rows::<E>(&self.txn, &rows).await?;
        for row in &rows {
            self.record::<E>(None, row)?;
        }
        Ok(rows)
    }

    /// New rows with their ids, their first version and their stamps, checked against the scope.
    pub(super) async fn stamped<E: Subject>(
        &mut self,
        mut rows: Vec<E::Model>,
    ) -> Result<Vec<E::Model>> {
        for row in &mut rows {
            self.check_scope::<E>(E::area(row))?;
            let id = self.next_id::<E>().await?;
            E::set_id(row, id);
            E::stamp(row, 1, self.at, self.at);
            E::derive(row);
        }
        Ok(rows)
    }

    /// Stores the next version of a row that was read. Fails when someone else was faster.
    pub async fn update<E: Subject>(
        &mut self,
        before: &E::Model,
        after: E::Model,
    ) -> Result<E::Model> {
        let after = self.change::<E>(before, after).await?;
        self.unburden().await?;
        Ok(after)
    }

    /// Stores the next version of a row, and judges nothing yet.
    pub(super) async fn change<E: Subject>(
        &mut self,
        before: &E::Model,
        mut after: E::Model,
    ) -> Result<E::Model> {
        for area in [E::area(before), E::area(&after)] {
            self.check_scope::<E>(area)?;
            self.take_turn(area.county()).await?;
        }
        let version = E::version(before);
        E::stamp(&mut after, version + 1, E::created_at(before), self.at);
        E::derive(&mut after);
        let mut update = E::update_many();
        for column in E::Column::iter() {
            let value = after.get(column);
            if value != before.get(column) {
                update = update.col_expr(column, column.save_as(Expr::val(value)));
            }
        }
        let done = update
            .filter(E::ID.eq(E::id(before)))
            .filter(E::VERSION.eq(version))
            .exec(&self.txn)
            .await?;
        if done.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        self.record::<E>(Some(before), &after)?;
        Ok(after)
    }

    fn check_scope<E: Subject>(&self, area: AreaCode) -> Result<()> {
        if self.actor.area().covers(&area) { Ok(()) } else { Err(Error::NotFound(E::NOUN)) }
    }

    fn record<E: Subject>(&mut self, before: Option<&E::Model>, after: &E::Model) -> Result<()> {
        let change = Change::of::<E>(before, after)?;
        self.pending.push(change, before.map(E::area), E::area(after));
        let Some(fact) = E::fact(after) else { return Ok(()) };
        let is_new = before.is_none();
        let is_counted = matches!(fact, Fact::Asset(_) | Fact::Funding(_));
        let before = before.filter(|_| is_counted).and_then(E::fact);
        if let Fact::Asset(asset) = &fact {
            if let Some(Fact::Asset(before)) = &before {
                self.tally.count_asset(before, -1);
            }
            self.tally.count_asset(asset, 1);
        }
        self.findings.touch(fact, before, is_new);
        Ok(())
    }

    /// Writes to the log what was changed so far, and evaluates the assets it touched, when much
    /// has gathered. An action that makes many things calls it between one and the next, so that
    /// nothing is judged half made.
    pub async fn unburden(&mut self) -> Result<()> {
        if self.pending.len() >= limits::CHANGES_BUFFERED { self.flush().await } else { Ok(()) }
    }

    /// Writes what was changed so far to the log, and evaluates the assets it touched.
    pub(super) async fn flush(&mut self) -> Result<()> {
        self.settle_findings().await?;
        self.append_entries().await
    }

    /// Carries it all to the end: findings, log entries, kept sums, commit.
    pub(super) async fn seal(mut self) -> Result<()> {
        if self.pending.is_untouched() {
            return self.abandon().await;
        }
        self.flush().await?;
        self.store_tally().await?;
        self.store_heads().await?;
        self.txn.commit().await?;
        Ok(())
    }

    /// Leaves everything as it was.
    pub(super) async fn abandon(self) -> Result<()> {
        self.txn.rollback().await?;
        Ok(())
    }
}
