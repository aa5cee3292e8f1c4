//! Sessions: opened, recognized by a token, renewed, ended. A used token that comes again ends the
//! session it belonged to.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    account, credential,
    id::{AccountId, SessionId},
    session::{self, EndReason, Kind, Model, token},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, SqliteTransactionMode,
    TransactionOptions, TransactionTrait, sea_query::Expr,
};

use super::{
    Actor, Ledger, Write,
    connect::{is_postgres, scalar},
    token::{digest, fresh},
};
use crate::{
    broken,
    domain::{secret::Secret, session as rules},
    error::{Error, Result},
    limits,
};

/// What a new session is opened with.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Whose it is.
    pub account: AccountId,
    /// When the password was set that was looked at.
    pub password_of: DateTime<Utc>,
    /// What carries it.
    pub kind: Kind,
    /// What the person is shown of the device.
    pub device: String,
    /// Whether the password must be changed first.
    pub must_change_password: bool,
    /// Whether a second factor must be enrolled first.
    pub must_enroll: bool,
}

/// An open session and the account it belongs to, as both are now.
#[derive(Clone, Debug)]
pub struct Bearer {
    session: Model,
    account: account::Model,
}

impl Bearer {
    /// The session.
    pub const fn session(&self) -> &Model {
        &self.session
    }

    /// The account.
    pub const fn account(&self) -> &account::Model {
        &self.account
    }

    /// Whoever acts in it.
    pub fn actor(&self) -> Actor {
        Actor::of_session(self.account.clone(), &self.session)
    }
}

impl Ledger {
    /// A transaction for what stands beside the counties' logs.
    pub(super) async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writer().begin_with_options(options).await?)
    }

    /// Opens a session; the oldest of its kind makes room. Whoever was locked or reset since the
    /// password was looked at gets none.
    pub async fn open_session(&self, opening: Opening) -> Result<(Model, Secret)> {
        let (now, secret) = (self.clock().now(), fresh()?);
        let txn = self.begin().await?;
        if !is_still_proven(&txn, &opening).await? {
            txn.rollback().await?;
            return Err(Error::Unauthenticated);
        }
        make_room(&txn, opening.account, opening.kind, now).await?;
        let sql = if is_postgres(&txn) {
            "SELECT nextval('session_id_next')"
        } else {
            "SELECT coalesce(max(id), 0) + 1 FROM session"
        };
        let row = Model {
            id: SessionId(scalar(&txn, sql).await?),
            account_id: opening.account,
            kind: opening.kind,
            device: rules::device_label(&opening.device),
            issued_at: now,
            seen_at: now,
            expires_at: rules::last_moment(opening.kind, now),
            stepped_up_at: now,
            must_change_password: opening.must_change_password,
            must_enroll: opening.must_enroll,
            ended_at: None,
            end_reason: None,
        };
        let active = row.clone().into_active_model().reset_all();
        session::Entity::insert(active).exec_without_returning(&txn).await?;
        put_token(&txn, row.id, &secret, now).await?;
        txn.commit().await?;
        Ok((row, secret))
    }

    /// The session of an id, if it goes on and its account may act.
    pub async fn bearer(&self, id: SessionId) -> Result<Bearer> {
        let session = session::Entity::find_by_id(id).one(self.reader()).await?;
        let is_open = |session: &Model| {
            rules::is_open(session, self.clock().now()) || broken::is("a revoked session goes on")
        };
        let session = session.filter(is_open);
        let session = session.ok_or(Error::Unauthenticated)?;
        let account = account::Entity::find_by_id(session.account_id).one(self.reader()).await?;
        let account = account.filter(|account| account.state == account::State::Active);
        Ok(Bearer { session, account: account.ok_or(Error::Unauthenticated)? })
    }

    /// The session of an opaque token. A refresh token that was used before ends its session:
    /// somebody else has it too. The former id of a browser is worth nothing and ends nothing,
    /// because the browser itself may still be asking with it.
    pub async fn bearer_of_token(&self, token: &Secret, kind: Kind) -> Result<Bearer> {
        let row = token::Entity::find_by_id(digest(token.expose())).one(self.reader()).await?;
        let row = row.ok_or(Error::Unauthenticated)?;
        let bearer = self.bearer(row.session_id).await?;
        if bearer.session.kind != kind {
            return Err(Error::Unauthenticated);
        }
        if row.used_at.is_some() && kind == Kind::Browser {
            return Err(Error::Unauthenticated);
        }
        if row.used_at.is_some() {
            self.end_session(row.session_id, EndReason::TokenReused).await?;
            let (account, session) = (bearer.account.id.0, bearer.session.id.0);
            tracing::warn!(target: "security", event = "token_reuse", account, session);
            return Err(Error::Unauthenticated);
        }
        Ok(bearer)
    }

    /// Puts a new token in the place of one. Of two who try at once, one gets it.
    pub async fn renew_token(&self, bearer: &Bearer, old: &Secret) -> Result<Secret> {
        let (now, secret) = (self.clock().now(), fresh()?);
        let id = bearer.session.id;
        let txn = self.begin().await?;
        let used = token::Entity::update_many()
            .col_expr(token::Column::UsedAt, Expr::value(now))
            .filter(token::Column::Digest.eq(digest(old.expose())))
            .filter(token::Column::SessionId.eq(id))
            .filter(token::Column::UsedAt.is_null())
            .exec(&txn)
            .await?;
        let seen = session::Entity::update_many()
            .col_expr(session::Column::SeenAt, Expr::value(now))
            .filter(session::Column::Id.eq(id))
            .filter(session::Column::EndedAt.is_null())
            .exec(&txn)
            .await?;
        if used.rows_affected != 1 || seen.rows_affected != 1 {
            txn.rollback().await?;
            return Err(Error::Conflict);
        }
        put_token(&txn, id, &secret, now).await?;
        txn.commit().await?;
        Ok(secret)
    }

    /// Takes note that a session is in use; not at every request.
    pub async fn note_seen(&self, bearer: &Bearer) -> Result<()> {
        let now = self.clock().now();
        if now < bearer.session.seen_at + TimeDelta::seconds(limits::SEEN_SECONDS) {
            return Ok(());
        }
        let seen = [(session::Column::SeenAt, now)];
        self.set_instants(bearer.session.id, seen).await
    }

    /// Takes note that the person proved anew who it is.
    pub async fn note_step_up(&self, id: SessionId) -> Result<()> {
        let now = self.clock().now();
        let instants = [(session::Column::SeenAt, now), (session::Column::SteppedUpAt, now)];
        self.set_instants(id, instants).await
    }

    async fn set_instants(
        &self,
        id: SessionId,
        instants: impl IntoIterator<Item = (session::Column, DateTime<Utc>)>,
    ) -> Result<()> {
        let mut update = session::Entity::update_many()
            .filter(session::Column::Id.eq(id))
            .filter(session::Column::EndedAt.is_null());
        for (column, at) in instants {
            update = update.col_expr(column, Expr::value(at));
        }
        update.exec(self.writer()).await?;
        Ok(())
    }

    /// Ends one session.
    pub async fn end_session(&self, id: SessionId, reason: EndReason) -> Result<()> {
        let one = Condition::all().add(session::Column::Id.eq(id));
        end(self.writer(), one, reason, self.clock().now()).await.map(drop)
    }

    /// The open sessions of an account, the newest first.
    pub async fn sessions(&self, account: AccountId) -> Result<Vec<Model>> {
        let now = self.clock().now();
        let mut open = session::Entity::find().filter(session::Column::EndedAt.is_null());
        if !broken::is("scope of sessions") {
            open = open.filter(session::Column::AccountId.eq(account));
        }
        let rows = open.order_by_desc(session::Column::Id).all(self.reader()).await?;
        Ok(rows.into_iter().filter(|row| rules::is_open(row, now)).collect())
    }

    /// Whose session a browser's token was of, also when it has ended.
    pub async fn holder_of_token(&self, token: &Secret) -> Result<Option<AccountId>> {
        let row = token::Entity::find_by_id(digest(token.expose())).one(self.reader()).await?;
        match row {
            Some(row) => self.session_holder(row.session_id).await,
            None => Ok(None),
        }
    }

    /// Whose a session is.
    pub async fn session_holder(&self, id: SessionId) -> Result<Option<AccountId>> {
        let row = session::Entity::find_by_id(id).one(self.reader()).await?;
        Ok(row.map(|row| row.account_id))
    }
}

impl Write {
    /// Ends one session within an action; whether it was open.
    pub async fn end_session(&mut self, id: SessionId, reason: EndReason) -> Result<bool> {
        let one = Condition::all().add(session::Column::Id.eq(id));
        Ok(end(&self.txn, one, reason, self.at).await? > 0)
    }

    /// Ends every session of an account but one.
    pub async fn end_sessions(
        &mut self,
        account: AccountId,
        but: Option<SessionId>,
        reason: EndReason,
    ) -> Result<()> {
        lock_account(&self.txn, account).await?;
        let all = Condition::all()
            .add(session::Column::AccountId.eq(account))
            .add_option(but.map(|but| session::Column::Id.ne(but)));
        end(&self.txn, all, reason, self.at).await.map(drop)
    }

    /// The password was changed: more may be done in a session.
    pub async fn note_password_changed(&mut self, id: SessionId) -> Result<()> {
        self.free(id, session::Column::MustChangePassword).await
    }

    /// A second factor was enrolled: more may be done in a session.
    pub async fn note_enrolled(&mut self, id: SessionId) -> Result<()> {
        self.free(id, session::Column::MustEnroll).await
    }

    async fn free(&mut self, id: SessionId, duty: session::Column) -> Result<()> {
        session::Entity::update_many()
            .col_expr(duty, Expr::value(false))
            .filter(session::Column::Id.eq(id))
            .exec(&self.txn)
            .await?;
        Ok(())
    }
}

async fn put_token(
    txn: &DatabaseTransaction,
    session_id: SessionId,
    secret: &Secret,
    now: DateTime<Utc>,
) -> Result<()> {
    let digest = digest(secret.expose());
    let row = token::Model { digest, session_id, issued_at: now, used_at: None };
    let active = row.into_active_model().reset_all();
    token::Entity::insert(active).exec_without_returning(txn).await?;
    Ok(())
}

async fn end(
    connection: &impl ConnectionTrait,
    which: Condition,
    reason: EndReason,
    now: DateTime<Utc>,
) -> Result<u64> {
    let done = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now))
        .col_expr(session::Column::EndReason, Expr::value(reason.code()))
        .filter(which)
        .filter(session::Column::EndedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}

/// Whether the account may still act and its password is the one that was looked at. Whoever opens
/// or ends sessions of the account at the same time waits here.
async fn is_still_proven(txn: &DatabaseTransaction, opening: &Opening) -> Result<bool> {
    let account = lock_account(txn, opening.account).await?;
    let credential = credential::Entity::find_by_id(opening.account).one(txn).await?;
    let is_active = account.is_some_and(|account| account.state == account::State::Active);
    let is_same = credential
        .is_some_and(|one| one.password.is_some() && one.changed_at == opening.password_of);
    Ok(is_active && is_same)
}

async fn lock_account(txn: &impl ConnectionTrait, id: AccountId) -> Result<Option<account::Model>> {
    Ok(account::Entity::find_by_id(id).lock_exclusive().one(txn).await?)
}

/// Ends the oldest sessions of a kind until one more may be opened, and forgets the tokens of
/// those that ended: without its row a token is nothing.
async fn make_room(
    txn: &DatabaseTransaction,
    account: AccountId,
    kind: Kind,
    now: DateTime<Utc>,
) -> Result<()> {
    let rows = session::Entity::find()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::EndedAt.is_null())
        .order_by_desc(session::Column::Id)
        .all(txn)
        .await?;
    let (open, over): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| rules::is_open(row, now));
    let oldest = open.iter().filter(|row| row.kind == kind).skip(limits::SESSIONS - 1);
    let closing: Vec<SessionId> = oldest.chain(&over).map(|row| row.id).collect();
    if closing.is_empty() {
        return Ok(());
    }
    let those = Condition::all().add(session::Column::Id.is_in(closing.clone()));
    end(txn, those, EndReason::Displaced, now).await?;
    token::Entity::delete_many().filter(token::Column::SessionId.is_in(closing)).exec(txn).await?;
    Ok(())
}
