//! Credentials, sessions, one-time links, attempts, and requests that are not done twice.

use sea_orm_migration::prelude::*;

use crate::columns::{Shape, ids, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        credentials(manager).await?;
        sessions(manager).await?;
        counted(manager).await?;
        ids(manager, &["session"]).await
    }
}

/// A digest: SHA-256, hexadecimal.
fn digest(column: &mut ColumnDef) -> &mut ColumnDef {
    column.string_len(64)
}

fn instant(column: &mut ColumnDef) -> &mut ColumnDef {
    column.timestamp_with_time_zone()
}

async fn credentials(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::new(manager, "credential")
        .references_required(&[("account_id", "account")])
        .texts(&["password"])
        .required(&["changed_at"], instant)
        .required(&["must_change"], |column| column.boolean())
        .required(&["former"], |column| column.text())
        .optional(&["totp_secret"], |column| column.binary())
        .optional(&["totp_confirmed_at"], instant)
        .optional(&["totp_step"], |column| column.big_integer())
        .key(&["account_id"])
        .create(manager)
        .await?;
    Shape::new(manager, "recovery_code")
        .references_required(&[("account_id", "account")])
        .required(&["digest"], digest)
        .optional(&["used_at"], instant)
        .key(&["account_id", "digest"])
        .create(manager)
        .await?;
    Shape::new(manager, "one_time_link")
        .required(&["digest"], digest)
        .references_required(&[("account_id", "account")])
        .coded_required(&["purpose"])
        .required(&["issued_at", "expires_at"], instant)
        .optional(&["used_at"], instant)
        .key(&["digest"])
        .create(manager)
        .await?;
    index(manager, "one_time_link_by_account", false, "one_time_link (account_id)", "").await
}

async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::new(manager, "session")
        .required(&["id"], |column| column.big_integer().primary_key())
        .references_required(&[("account_id", "account")])
        .coded_required(&["kind"])
        .required(&["device"], |column| column.text())
        .required(&["issued_at", "seen_at", "expires_at", "stepped_up_at"], instant)
        .required(&["must_change_password", "must_enroll"], |column| column.boolean())
        .optional(&["ended_at"], instant)
        .coded(&["end_reason"])
        .create(manager)
        .await?;
    index(manager, "session_open", false, "session (account_id, id)", "WHERE ended_at IS NULL")
        .await?;
    Shape::new(manager, "session_token")
        .required(&["digest"], digest)
        .references_required(&[("session_id", "session")])
        .required(&["issued_at"], instant)
        .optional(&["used_at"], instant)
        .key(&["digest"])
        .create(manager)
        .await?;
    index(manager, "session_token_by_session", false, "session_token (session_id)", "").await
}

async fn counted(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::new(manager, "sign_in_attempt")
        .required(&["digest"], digest)
        .required(&["n"], |column| column.big_integer())
        .required(&["since_at", "until_at"], instant)
        .key(&["digest"])
        .create(manager)
        .await?;
    index(manager, "sign_in_attempt_by_age", false, "sign_in_attempt (since_at)", "").await?;
    Shape::new(manager, "request_key")
        .required(&["account_id"], |column| column.big_integer())
        .required(&["key"], |column| column.string_len(128))
        .required(&["route"], |column| column.text())
        .required(&["body_digest"], digest)
        .required(&["claimed_at"], instant)
        .required(&["status"], |column| column.integer())
        .optional(&["answer"], |column| column.binary())
        .key(&["account_id", "key"])
        .create(manager)
        .await?;
    index(manager, "request_key_by_age", false, "request_key (claimed_at)", "").await
}
