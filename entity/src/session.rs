//! Sign-ins that last, and the tokens that carry them: their digests, never the tokens.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, SessionId};

coded_enum! {
    /// What carries a session.
    pub enum Kind {
        Browser = "browser" "浏览器" "browser",
        Api = "api" "接口" "API",
    }
}

coded_enum! {
    /// Why a session ended before its time.
    pub enum EndReason {
        SignedOut = "signed_out" "本人退出" "signed out",
        Revoked = "revoked" "被终止" "revoked",
        Displaced = "displaced" "被新会话取代" "displaced by a newer one",
        TokenReused = "token_reused" "令牌重复使用" "a used token came again",
        CredentialChanged = "credential_changed" "登录凭据已变更" "a credential changed",
        AccountLocked = "account_locked" "账号停用" "the account was locked",
    }
}

/// One sign-in: the family of all tokens that followed from it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub account_id: AccountId,
    pub kind: Kind,
    /// What the person is shown of the device, such as the browser's name.
    #[sea_orm(column_type = "Text")]
    pub device: String,
    pub issued_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    /// Its last moment, however much it is used.
    pub expires_at: DateTime<Utc>,
    /// When the person last proved who it is.
    pub stepped_up_at: DateTime<Utc>,
    /// Nothing else may be done in it before the password is changed.
    pub must_change_password: bool,
    /// Nothing else may be done in it before a second factor is enrolled.
    pub must_enroll: bool,
    pub ended_at: Option<DateTime<Utc>>,
    pub end_reason: Option<EndReason>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The opaque tokens of sessions.
pub mod token {
    use super::{DateTime, SessionId, Utc};
    use sea_orm::entity::prelude::*;

    /// One refresh token, or one id that a browser's cookie held.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session_token")]
    pub struct Model {
        /// SHA-256 of the token, hexadecimal.
        #[sea_orm(primary_key, auto_increment = false)]
        pub digest: String,
        pub session_id: SessionId,
        pub issued_at: DateTime<Utc>,
        /// When the next one took its place.
        pub used_at: Option<DateTime<Utc>>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
