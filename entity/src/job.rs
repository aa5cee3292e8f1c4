//! Imports that are carried out while their sender does something else.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{AccountId, JobId},
    import::Kind,
};

coded_enum! {
    /// How far a job has come.
    pub enum State {
        Waiting = "waiting" "等待中" "waiting",
        Running = "running" "进行中" "running",
        Done = "done" "已完成" "done",
        Failed = "failed" "未能完成" "failed",
        Cancelled = "cancelled" "已取消" "cancelled",
        Interrupted = "interrupted" "已中断" "interrupted",
    }
}

impl State {
    /// Whether the job has come to its end.
    pub const fn is_over(self) -> bool {
        !matches!(self, State::Waiting | State::Running)
    }
}

/// One import that was asked for: who carries it out, how far it is, what it came to.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    /// Who asked for it; nobody else sees it.
    pub account_id: AccountId,
    /// Which running program carries it out.
    pub runner: String,
    pub kind: Kind,
    /// Only tried, and nothing kept.
    pub is_trial: bool,
    pub state: State,
    /// Rows done.
    pub n_rows: i64,
    /// Whether its sender asked to end it.
    pub is_cancelled: bool,
    pub asked_at: DateTime<Utc>,
    /// When its runner last said that it lives.
    pub seen_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    /// What it came to, sealed: it tells of cells of the sheet.
    pub outcome: Option<Vec<u8>>,
    /// The rejected rows, sealed.
    pub returned: Option<Vec<u8>>,
}

impl ActiveModelBehavior for ActiveModel {}
