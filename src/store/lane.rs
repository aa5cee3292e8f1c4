//! The transaction of a write, whose new rows are stored while the next ones are being made.
//!
//! Statements that answer nothing go down a lane of their own; whoever asks the database something
//! waits until the lane is empty, so nobody ever sees a ledger without rows it has stored. Once a
//! statement of the lane has failed, every later question and the commit fail as well.

use std::sync::Arc;

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    prelude::async_trait::async_trait,
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

/// A transaction with a lane.
pub(crate) struct Lane {
    txn: Arc<DatabaseTransaction>,
    orders: mpsc::Sender<Order>,
    carrier: JoinHandle<()>,
}

impl Lane {
    pub(super) fn new(txn: DatabaseTransaction) -> Lane {
        let txn = Arc::new(txn);
        let (orders, received) = mpsc::channel(limits::STATEMENTS_WAITING);
        let carrier = tokio::spawn(carry(Arc::clone(&txn), received));
        Lane { txn, orders, carrier }
    }

    /// Has a statement carried out after those before it, without waiting for it.
    pub(super) async fn store(&self, statement: Statement) -> Result<(), DbErr> {
        self.orders.send(Order::Store(statement)).await.map_err(|_| broken())
    }

    /// Waits until everything is stored.
    async fn settle(&self) -> Result<(), DbErr> {
        let (report, reported) = oneshot::channel();
        self.orders.send(Order::Report(report)).await.map_err(|_| broken())?;
        reported.await.map_err(|_| broken())?
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
        drop(self.orders);
        self.carrier.await.map_err(|_| broken())?;
        Arc::into_inner(self.txn).ok_or_else(broken)
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
        self.txn.get_database_backend()
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
