//! Webhooks: where the events of an area are sent, and how far each has come.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{area::AreaCode, id::WebhookId};

coded_enum! {
    /// Whether a webhook sends.
    pub enum State {
        Active = "active" "启用" "active",
        Paused = "paused" "暂停" "paused",
        Ended = "ended" "终止" "ended",
    }
}

/// One address that is told of what happens in an area.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookId,
    pub area_code: AreaCode,
    /// Where events are sent: without a user, a query or anything else that is secret.
    pub address: String,
    /// The nouns that it is told of, with a space between; every one when empty.
    pub nouns: String,
    /// The codes of the actions that it is told of, with a space between; every one when empty.
    pub actions: String,
    pub state: State,
    /// The position from which it was last told to send again.
    pub replay_from: Option<i64>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// How far a webhook has come; it stands beside the log, as credentials do.
pub mod delivery {
    use super::{DateTime, Utc, WebhookId};
    use crate::area::County;
    use sea_orm::entity::prelude::*;

    /// The deliveries of one webhook.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_delivery")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub webhook_id: WebhookId,
        /// Whose log is told.
        pub county: County,
        /// What is signed with, sealed.
        pub secret: Vec<u8>,
        /// What was signed with before it, sealed, …
        pub former_secret: Option<Vec<u8>>,
        /// … and is signed with as well until then.
        pub former_until: Option<DateTime<Utc>>,
        /// Everything up to this position is done with.
        pub behind: i64,
        /// Whether anything is sent: it is neither paused, ended nor failing.
        pub is_on: bool,
        /// Whether it was given up after too many failures.
        pub is_failing: bool,
        /// How often sending failed since it last succeeded.
        pub failures: i32,
        /// Before this nothing is sent.
        pub next_at: DateTime<Utc>,
        /// Which program is sending, …
        pub holder: Option<String>,
        /// … and until when it is taken to be.
        pub held_until: Option<DateTime<Utc>>,
        /// What the last attempt came to: a status, or what failed before there was one.
        pub outcome: Option<String>,
        /// When that was.
        pub tried_at: Option<DateTime<Utc>>,
        /// When something was last taken.
        pub taken_at: Option<DateTime<Utc>>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
