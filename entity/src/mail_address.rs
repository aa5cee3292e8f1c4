//! Where an account has its digests sent, sealed; it stands beside the log, as credentials do.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// The address of one account: nobody but its account reads it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_address")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The address, sealed: it is personal data.
    pub sealed: Vec<u8>,
    /// The language of what is sent: `zh` or `en`.
    pub language: String,
    pub set_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
