//! Requests that were carried out, so that a repetition is answered and not done again.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// One request, under the key that its sender gave it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request_key")]
pub struct Model {
    /// Whose request it was; zero for whoever works at the machine itself.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Method and route.
    #[sea_orm(column_type = "Text")]
    pub route: String,
    /// SHA-256 of the body, hexadecimal.
    pub body_digest: String,
    pub claimed_at: DateTime<Utc>,
    /// The status that was answered.
    pub status: i32,
    /// The bytes that were answered; none when they were too many to keep.
    pub answer: Option<Vec<u8>>,
}

impl ActiveModelBehavior for ActiveModel {}
