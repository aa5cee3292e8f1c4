//! How whoever signs in proves it: hashes and sealed secrets, never a password.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// What one account proves itself with.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credential")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Argon2id as a PHC string; none until a one-time link has been opened.
    #[sea_orm(column_type = "Text", nullable)]
    pub password: Option<String>,
    pub changed_at: DateTime<Utc>,
    pub must_change: bool,
    /// Former hashes, the newest first, one a line; kept where a profile forbids using them again.
    #[sea_orm(column_type = "Text")]
    pub former: String,
    /// The secret of the authenticator app: nonce and ciphertext, sealed by the vault's key.
    pub totp_secret: Option<Vec<u8>>,
    /// When a first code showed that the app has the secret; until then it counts for nothing.
    pub totp_confirmed_at: Option<DateTime<Utc>>,
    /// The last time step whose code was used; none at or before it is taken again.
    pub totp_step: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Codes for whoever lost the authenticator app.
pub mod recovery_code {
    use super::{AccountId, DateTime, Utc};
    use sea_orm::entity::prelude::*;

    /// One code that works once.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "recovery_code")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: AccountId,
        /// SHA-256 of the code, hexadecimal.
        #[sea_orm(primary_key, auto_increment = false)]
        pub digest: String,
        pub used_at: Option<DateTime<Utc>>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
