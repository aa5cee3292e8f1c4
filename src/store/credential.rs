//! What accounts prove themselves with: stored, compared, replaced.

use anyhow::anyhow;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use chrono::{DateTime, Utc};
use entity::{
    account,
    credential::{self, Model, recovery_code},
    id::AccountId,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use super::{Actor, Ledger, Write, key::Keys, token::digest, vault::random};
use crate::{
    domain::{
        password,
        second_factor::{self, RECOVERY_BYTES, SECRET_BYTES},
        secret::Secret,
    },
    error::{Error, Result},
    limits,
};

/// Bytes of the nonce before a sealed secret.
const NONCE: usize = 24;

/// Whoever a sign-in name may belong to, and what would prove it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The account.
    pub account: account::Model,
    /// Its credential; none before the first sign-in.
    pub credential: Option<Model>,
}

impl Candidate {
    /// The stored hash.
    pub fn hash(&self) -> Option<&str> {
        self.credential.as_ref()?.password.as_deref()
    }

    /// Whether codes of an app are asked for.
    pub fn has_second_factor(&self) -> bool {
        self.credential.as_ref().is_some_and(|one| one.totp_confirmed_at.is_some())
    }
}

/// A second factor about to be enrolled; shown once.
#[derive(Clone, Debug)]
pub struct NewFactor {
    /// What the app reads.
    pub uri: Secret,
}

impl Keys {
    fn seal_secret(&self, account: AccountId, secret: &[u8]) -> Result<Vec<u8>> {
        let nonce = random::<NONCE>()?;
        let aad = owner(account);
        let payload = Payload { msg: secret, aad: aad.as_bytes() };
        let cipher = XChaCha20Poly1305::new((&self.vault).into());
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload);
        Ok([nonce.as_slice(), &sealed.map_err(|_| anyhow!("sealing failed"))?].concat())
    }

    fn open_secret(&self, account: AccountId, sealed: &[u8]) -> Result<Vec<u8>> {
        let broken = || Error::Internal(anyhow!("a sealed secret does not open with this key"));
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE).ok_or_else(broken)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| broken())?;
        let aad = owner(account);
        let payload = Payload { msg: ciphertext, aad: aad.as_bytes() };
        let cipher = XChaCha20Poly1305::new((&self.vault).into());
        cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| broken())
    }
}

/// Bound to the ciphertext, so that a secret copied to another account does not open.
fn owner(account: AccountId) -> String {
    format!("second factor of account {account}")
}

impl Ledger {
    /// The account of a sign-in name, whatever its state.
    pub async fn candidate(&self, name: &str) -> Result<Option<Candidate>> {
        let found = account::Entity::find()
            .filter(account::Column::Name.eq(name))
            .one(self.reader())
            .await?;
        let Some(account) = found else { return Ok(None) };
        self.candidate_of(account).await.map(Some)
    }

    /// What an account is proven by.
    pub async fn candidate_of(&self, account: account::Model) -> Result<Candidate> {
        let credential = credential::Entity::find_by_id(account.id).one(self.reader()).await?;
        Ok(Candidate { account, credential })
    }

    /// Takes a code of the app, or a recovery code; each once. Whether it was right.
    pub async fn accept_code(&self, candidate: &Candidate, given: &str) -> Result<bool> {
        let Some(credential) = candidate.credential.as_ref() else { return Ok(false) };
        let Some(sealed) = credential.totp_secret.as_ref() else { return Ok(false) };
        let (id, now) = (credential.account_id, self.clock().now());
        if let Some(letters) = second_factor::read_recovery_code(given) {
            let used = recovery_code::Entity::update_many()
                .col_expr(recovery_code::Column::UsedAt, Expr::value(now))
                .filter(recovery_code::Column::AccountId.eq(id))
                .filter(recovery_code::Column::Digest.eq(digest(&letters)))
                .filter(recovery_code::Column::UsedAt.is_null())
                .exec(self.writer())
                .await?;
            return Ok(used.rows_affected == 1);
        }
        let secret = self.keys().open_secret(id, sealed)?;
        let step = second_factor::check(&secret, given, now, credential.totp_step);
        let Some(step) = step else { return Ok(false) };
        let unused = Condition::any()
            .add(credential::Column::TotpStep.is_null())
            .add(credential::Column::TotpStep.lt(step));
        let used = credential::Entity::update_many()
            .col_expr(credential::Column::TotpStep, Expr::value(step))
            .filter(credential::Column::AccountId.eq(id))
            .filter(unused)
            .exec(self.writer())
            .await?;
        Ok(used.rows_affected == 1)
    }

    /// Stores the same password hashed at today's costs.
    pub async fn renew_hash(&self, id: AccountId, old: &str, new: String) -> Result<()> {
        credential::Entity::update_many()
            .col_expr(credential::Column::Password, Expr::value(new))
            .filter(credential::Column::AccountId.eq(id))
            .filter(credential::Column::Password.eq(old))
            .exec(self.writer())
            .await?;
        Ok(())
    }

    /// Makes the secret that an app and the ledger will share. It counts for nothing until a first
    /// code shows that the app has it; one that counts already is not replaced.
    pub async fn offer_factor(&self, account: &account::Model) -> Result<NewFactor> {
        let secret = random::<SECRET_BYTES>()?;
        let sealed = self.keys().seal_secret(account.id, &secret)?;
        let done = credential::Entity::update_many()
            .col_expr(credential::Column::TotpSecret, Expr::value(sealed))
            .col_expr(credential::Column::TotpStep, Expr::value(None::<i64>))
            .filter(credential::Column::AccountId.eq(account.id))
            .filter(credential::Column::TotpConfirmedAt.is_null())
            .exec(self.writer())
            .await?;
        if done.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        Ok(NewFactor { uri: second_factor::uri(self.name(), &account.name, &secret) })
    }
}

impl Write {
    /// Has the entry name an account although its row did not change.
    pub fn note_account(&mut self, account: &account::Model) {
        self.note("account", account.id.0);
        self.pending.mark(account.area_code.county());
    }

    /// Whether an account was signed in to before.
    pub async fn has_credential(&self, account: AccountId) -> Result<bool> {
        Ok(credential::Entity::find_by_id(account).one(&self.txn).await?.is_some())
    }

    /// The actor's own account, whose turn is taken.
    pub async fn own_account(&mut self) -> Result<account::Model> {
        let id = self.actor.account().ok_or(Error::Forbidden)?;
        self.get::<account::Entity>(id).await
    }

    /// Sets a password by its hash; what it replaces is kept as far as the profile asks.
    pub async fn set_password(
        &mut self,
        account: AccountId,
        hash: String,
        profile: password::Profile,
    ) -> Result<()> {
        let before = credential::Entity::find_by_id(account).one(&self.txn).await?;
        let former = before.as_ref().map_or_else(String::new, |before| former(before, profile));
        let row = Model {
            account_id: account,
            password: Some(hash),
            changed_at: self.at,
            must_change: false,
            former,
            totp_secret: None,
            totp_confirmed_at: None,
            totp_step: None,
        };
        // an enrolled second factor stays as it is
        let replaced = OnConflict::column(credential::Column::AccountId)
            .update_columns([
                credential::Column::Password,
                credential::Column::ChangedAt,
                credential::Column::MustChange,
                credential::Column::Former,
            ])
            .to_owned();
        credential::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(replaced)
            .exec_without_returning(&self.txn)
            .await?;
        Ok(())
    }

    /// Takes the password away: only a one-time link lets in again.
    pub async fn clear_password(&mut self, account: AccountId) -> Result<()> {
        credential::Entity::update_many()
            .col_expr(credential::Column::Password, Expr::value(None::<String>))
            .filter(credential::Column::AccountId.eq(account))
            .exec(&self.txn)
            .await?;
        Ok(())
    }

    /// Has the offered second factor count from now on, with new recovery codes, shown once.
    pub async fn confirm_factor(&mut self, account: AccountId) -> Result<Vec<Secret>> {
        let done = credential::Entity::update_many()
            .col_expr(credential::Column::TotpConfirmedAt, Expr::value(self.at))
            .filter(credential::Column::AccountId.eq(account))
            .filter(credential::Column::TotpSecret.is_not_null())
            .filter(credential::Column::TotpConfirmedAt.is_null())
            .exec(&self.txn)
            .await?;
        if done.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        self.forget_recovery_codes(account).await?;
        let mut codes = Vec::with_capacity(limits::RECOVERY_CODES);
        for _ in 0..limits::RECOVERY_CODES {
            let code = second_factor::recovery_code(&random::<RECOVERY_BYTES>()?);
            let letters = second_factor::read_recovery_code(code.expose()).unwrap_or_default();
            let row = recovery_code::Model {
                account_id: account,
                digest: digest(&letters),
                used_at: None,
            };
            let row = row.into_active_model().reset_all();
            recovery_code::Entity::insert(row).exec_without_returning(&self.txn).await?;
            codes.push(code);
        }
        Ok(codes)
    }

    /// Takes the second factor away; the password must be changed with the next sign-in, because
    /// it may be too short to stand alone. Whether there was one.
    pub async fn drop_factor(&mut self, account: AccountId) -> Result<bool> {
        let done = credential::Entity::update_many()
            .col_expr(credential::Column::TotpSecret, Expr::value(None::<Vec<u8>>))
            .col_expr(credential::Column::TotpConfirmedAt, Expr::value(None::<DateTime<Utc>>))
            .col_expr(credential::Column::TotpStep, Expr::value(None::<i64>))
            .col_expr(credential::Column::MustChange, Expr::value(true))
            .filter(credential::Column::AccountId.eq(account))
            .filter(credential::Column::TotpConfirmedAt.is_not_null())
            .exec(&self.txn)
            .await?;
        self.forget_recovery_codes(account).await?;
        Ok(done.rows_affected == 1)
    }

    async fn forget_recovery_codes(&mut self, account: AccountId) -> Result<()> {
        recovery_code::Entity::delete_many()
            .filter(recovery_code::Column::AccountId.eq(account))
            .exec(&self.txn)
            .await?;
        Ok(())
    }
}

/// The former hashes, the newest first, as many as a profile keeps.
fn former(before: &Model, profile: password::Profile) -> String {
    let all = before.password.as_deref().into_iter().chain(before.former.lines());
    all.take(password::former_kept(profile)).collect::<Vec<_>>().join("\n")
}

/// Whoever a link or a session belongs to.
pub(super) fn active(account: Option<account::Model>) -> Option<Actor> {
    account.filter(|account| account.state == account::State::Active).map(Actor::of)
}
