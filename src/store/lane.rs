//! The transaction of a write, whose new rows are stored while the next ones are being made.
//!
//! Statements that answer nothing go down a lane of their own; whoever asks the database something
//! waits until the lane is empty, so nobody ever sees a ledger without rows it has stored. Once a
//! statement of the lane has failed, every later question and the commit fail as well.

use std::{
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    StreamTrait, prelude::async_trait::async_trait,
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use crate::limits;

/// What the lane is told.
enum Order {
    /// Carry this out.
    Store(Statement),
    /// Say when everything before was carried out.
    Report(oneshot::Sender<Result<(), DbErr>>),
}

/// A transaction with a lane. The lane is opened when something first goes down it.
pub(crate) struct Lane {
    txn: Arc<DatabaseTransaction>,
    carrier: OnceLock<Carrier>,
    /// Whether something went down the lane since somebody last waited for it.
    is_used: AtomicBool,
}

/// The task that carries out what goes down the lane.
struct Carrier {
    orders: mpsc::Sender<Order>,
    task: JoinHandle<()>,
}

impl Lane {
    pub(super) fn new(txn: DatabaseTransaction) -> Lane {
        Lane { txn: Arc::new(txn), carrier: OnceLock::new(), is_used: AtomicBool::new(false) }
    }

    async fn order(&self, order: Order) -> Result<(), DbErr> {
        let carrier = self.carrier.get_or_init(|| {
            let (orders, received) = mpsc::channel(limits::STATEMENTS_WAITING);
            Carrier { orders, task: tokio::spawn(carry(Arc::clone(&self.txn), received)) }
        });
        carrier.orders.send(order).await.map_err(|_| broken())
    }

    /// Waits until everything is stored.
    async fn settle(&self) -> Result<(), DbErr> {
        if !self.is_used.load(Ordering::Relaxed) {
            return Ok(());
        }
        let (report, reported) = oneshot::channel();
        self.order(Order::Report(report)).await?;
        reported.await.map_err(|_| broken())??;
        self.is_used.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Keeps everything that was stored.
    pub(super) async fn commit(self) -> Result<(), DbErr> {
        self.settle().await?;
        self.close().await?.commit().await
    }

    /// Leaves everything as it was.
    pub(super) async fn rollback(self) -> Result<(), DbErr> {
        self.close().await?.rollback().await
    }

    async fn close(self) -> Result<DatabaseTransaction, DbErr> {
        if let Some(Carrier { orders, task }) = self.carrier.into_inner() {
            drop(orders);
            task.await.map_err(|_| broken())?;
        }
        Arc::into_inner(self.txn).ok_or_else(broken)
    }
}

/// Whoever new rows can be given to.
#[async_trait]
pub(super) trait Storing: ConnectionTrait {
    /// Has a statement carried out after those before it.
    async fn store(&self, statement: Statement) -> Result<(), DbErr>;
}

#[async_trait]
impl Storing for Lane {
    /// Without waiting for it.
    async fn store(&self, statement: Statement) -> Result<(), DbErr> {
        self.is_used.store(true, Ordering::Relaxed);
        self.order(Order::Store(statement)).await
    }
}

#[async_trait]
impl Storing for DatabaseTransaction {
    async fn store(&self, statement: Statement) -> Result<(), DbErr> {
        self.execute_raw(statement).await.map(drop)
    }
}

/// Carries statements out, one after another, until one fails.
async fn carry(txn: Arc<DatabaseTransaction>, mut orders: mpsc::Receiver<Order>) {
    let mut fault = None;
    let mut is_broken = false;
    while let Some(order) = orders.recv().await {
        match order {
            Order::Store(statement) if !is_broken => {
                fault = txn.execute_raw(statement).await.err();
                is_broken = fault.is_some();
            }
            Order::Store(_) => {}
            // the first to ask hears what it was, the others that there was something
            Order::Report(report) => {
                let state =
                    if is_broken { Err(fault.take().unwrap_or_else(broken)) } else { Ok(()) };
                drop(report.send(state));
            }
        }
    }
}

fn broken() -> DbErr {
    DbErr::Custom("an earlier statement of the transaction failed".to_owned())
}

#[async_trait]
impl ConnectionTrait for Lane {
    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(self.txn.as_ref())
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.settle().await?;
        self.txn.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.settle().await?;
        self.txn.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.settle().await?;
        self.txn.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.settle().await?;
        self.txn.query_all_raw(statement).await
    }
}

impl StreamTrait for Lane {
    type Stream<'a> = <DatabaseTransaction as StreamTrait>::Stream<'a>;

    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(self.txn.as_ref())
    }

    fn stream_raw<'a>(
        &'a self,
        statement: Statement,
    ) -> Pin<Box<dyn Future<Output = Result<Self::Stream<'a>, DbErr>> + Send + 'a>> {
        Box::pin(async move {
            self.settle().await?;
            self.txn.stream_raw(statement).await
        })
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectOptions, Database, DatabaseConnection, TransactionTrait};

    use super::*;

    async fn table() -> DatabaseConnection {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1);
        let connection = Database::connect(options).await.expect("a database");
        connection.execute_unprepared("CREATE TABLE t (n INTEGER UNIQUE)").await.expect("a table");
        connection
    }

    fn insert(n: i64) -> Statement {
        let sql = "INSERT INTO t (n) VALUES (?)";
        Statement::from_sql_and_values(DbBackend::Sqlite, sql, [n.into()])
    }

    async fn count(connection: &impl ConnectionTrait) -> Result<i64, DbErr> {
        let sql = Statement::from_string(DbBackend::Sqlite, "SELECT count(*) FROM t");
        let row = connection.query_one_raw(sql).await?.expect("a row");
        row.try_get_by_index(0)
    }

    #[tokio::test]
    async fn whoever_asks_sees_everything_that_went_before() {
        let connection = table().await;
        let lane = Lane::new(connection.begin().await.expect("begun"));
        for n in 0..1_000 {
            lane.store(insert(n)).await.expect("taken");
        }
        assert_eq!(count(&lane).await, Ok(1_000));
        lane.commit().await.expect("committed");
        assert_eq!(count(&connection).await, Ok(1_000));
    }

    #[tokio::test]
    async fn after_a_failed_statement_nothing_is_answered_and_nothing_kept() {
        let connection = table().await;
        let lane = Lane::new(connection.begin().await.expect("begun"));
        for n in [1, 1, 2] {
            lane.store(insert(n)).await.expect("taken");
        }
        let first = count(&lane).await.expect_err("a failure").to_string();
        assert!(first.contains("UNIQUE"), "{first}");
        assert!(count(&lane).await.is_err() && lane.execute_raw(insert(3)).await.is_err());
        assert!(lane.commit().await.is_err());
        assert_eq!(count(&connection).await, Ok(0));
    }

    #[tokio::test]
    async fn what_waits_is_given_up_with_the_rest() {
        let connection = table().await;
        let lane = Lane::new(connection.begin().await.expect("begun"));
        lane.store(insert(1)).await.expect("taken");
        lane.rollback().await.expect("given up");
        assert_eq!(count(&connection).await, Ok(0));
    }
}
