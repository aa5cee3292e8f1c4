//! 摘要: what was sent to an account for a day or a week, so that it is sent once.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::AccountId;

coded_enum! {
    /// What became of a digest.
    pub enum State {
        Claimed = "claimed" "正在发送" "being sent",
        Waiting = "waiting" "待重发" "to be sent again",
        Sent = "sent" "已发送" "sent",
        Empty = "empty" "无内容" "nothing to tell",
        Bounced = "bounced" "退回" "refused",
    }
}

/// One digest of one account.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "digest")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The day, or the first day of the week, that it tells of.
    #[sea_orm(primary_key, auto_increment = false)]
    pub period_on: NaiveDate,
    pub state: State,
    /// It tells what stands behind this position of the log of the account's county, …
    pub behind: i64,
    /// … up to this one.
    pub upto: i64,
    /// How often it was tried.
    pub tries: i32,
    /// When it was tried last.
    pub tried_at: DateTime<Utc>,
    /// Why it was not taken: a code of the mail server, or of what failed before.
    pub problem: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
