//! How often somebody tried to sign in: by keyed hashes, without a name or an address.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// The attempts on one account, from one device or from one address.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_attempt")]
pub struct Model {
    /// HMAC-SHA256 of what is counted, hexadecimal; its key lies outside the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: String,
    /// Attempts since then that did not succeed.
    pub n: i64,
    pub since_at: DateTime<Utc>,
    /// No further attempt is looked at before.
    pub until_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
