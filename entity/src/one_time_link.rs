//! Links with which a person sets a password: shown once, good for one use.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::AccountId;

coded_enum! {
    /// What a link is for.
    pub enum Purpose {
        FirstSignIn = "first_sign_in" "首次登录" "first sign-in",
        Reset = "reset" "重置密码" "reset of the password",
    }
}

/// One link, by the digest of what it holds.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_link")]
pub struct Model {
    /// SHA-256 of the token, hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: String,
    pub account_id: AccountId,
    pub purpose: Purpose,
    pub issued_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// When it was opened, or made void by a newer one.
    pub used_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
