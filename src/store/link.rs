//! One-time links: a digest each, good once and for three days.

use chrono::TimeDelta;
use entity::{
    account,
    id::AccountId,
    one_time_link::{self, Model, Purpose},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr,
};

use super::{
    Actor, Ledger, Write,
    credential::active,
    token::{digest, fresh},
};
use crate::{
    domain::{refusal::Refusal, secret::Secret},
    error::Result,
    limits,
};

impl Ledger {
    /// Whoever a link was issued to, if it can still be opened. Used, expired, made up and of a
    /// locked account are not told apart.
    pub async fn link_holder(&self, token: &Secret) -> Result<Actor> {
        let link = one_time_link::Entity::find_by_id(digest(token.expose()))
            .filter(one_time_link::Column::UsedAt.is_null())
            .filter(one_time_link::Column::ExpiresAt.gt(self.clock().now()))
            .one(self.reader())
            .await?;
        let link = link.ok_or_else(Refusal::link_void)?;
        let account = account::Entity::find_by_id(link.account_id).one(self.reader()).await?;
        Ok(active(account).ok_or_else(Refusal::link_void)?)
    }
}

impl Write {
    /// Issues a link; those issued to the account before are void.
    pub async fn issue_link(&mut self, account: AccountId, purpose: Purpose) -> Result<Secret> {
        self.void_links(account).await?;
        let secret = fresh()?;
        let row = Model {
            digest: digest(secret.expose()),
            account_id: account,
            purpose,
            issued_at: self.at,
            expires_at: self.at + TimeDelta::hours(limits::LINK_HOURS),
            used_at: None,
        };
        let row = row.into_active_model().reset_all();
        one_time_link::Entity::insert(row).exec_without_returning(&self.txn).await?;
        Ok(secret)
    }

    /// Uses a link up. Of two who open it at once, one does.
    pub async fn use_link(&mut self, token: &Secret) -> Result<()> {
        let used = one_time_link::Entity::update_many()
            .col_expr(one_time_link::Column::UsedAt, Expr::value(self.at))
            .filter(one_time_link::Column::Digest.eq(digest(token.expose())))
            .filter(one_time_link::Column::UsedAt.is_null())
            .filter(one_time_link::Column::ExpiresAt.gt(self.at))
            .exec(&self.txn)
            .await?;
        if used.rows_affected == 1 { Ok(()) } else { Err(Refusal::link_void().into()) }
    }

    /// Makes every link of an account void.
    pub async fn void_links(&mut self, account: AccountId) -> Result<()> {
        one_time_link::Entity::update_many()
            .col_expr(one_time_link::Column::UsedAt, Expr::value(self.at))
            .filter(one_time_link::Column::AccountId.eq(account))
            .filter(one_time_link::Column::UsedAt.is_null())
            .exec(&self.txn)
            .await?;
        Ok(())
    }
}
