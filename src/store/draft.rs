//! Drafts: what somebody has typed and not sent yet. They stand beside the log, as jobs do, and are
//! sealed: what is typed may be personal data. Also what a page of the sign-in carries of a form
//! that met the end of its session.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    draft::{Column, Entity, Form, Model},
    id::AccountId,
    language::Label,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::OnConflict,
};

use super::Ledger;
use crate::{
    domain::refusal::Refusal,
    error::{Error, Result},
    limits,
};

/// What people call it.
pub const NOUN: Label = Label::new("草稿", "draft");

/// A draft as it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Keeping<'a> {
    /// What tells it from the others of its account.
    pub mark: &'a str,
    /// Which form it was typed into.
    pub form: Form,
    /// What was typed.
    pub typed: &'a [u8],
    /// How many drafts the account may have with this one.
    pub most: usize,
}

fn purpose(account: AccountId, mark: &str) -> Vec<u8> {
    format!("draft {account} {mark}").into_bytes()
}

/// What a carried form is sealed for.
const CARRIED: &[u8] = b"carried form";

impl Ledger {
    /// Keeps a draft, in the place of the one with its mark. Answers when.
    pub async fn keep_draft(
        &self,
        account: AccountId,
        draft: Keeping<'_>,
    ) -> Result<DateTime<Utc>> {
        if draft.typed.len() > limits::DRAFT_BYTES {
            return Err(Refusal::draft_too_large(limits::DRAFT_BYTES).into());
        }
        self.disk().require_room()?;
        let kept_at = self.clock().now();
        let typed = self.keys().seal_bytes(draft.typed, &purpose(account, draft.mark))?;
        let row = Model {
            account_id: account,
            mark: draft.mark.to_owned(),
            form: draft.form,
            kept_at,
            typed,
        };
        let txn = self.begin().await?;
        let others = Entity::find()
            .filter(Column::AccountId.eq(account))
            .filter(Column::Mark.ne(draft.mark))
            .filter(Column::KeptAt.gt(self.oldest_draft()));
        if others.count(&txn).await? >= draft.most as u64 {
            txn.rollback().await?;
            return Err(Refusal::drafts_full(draft.most).into());
        }
        let key = OnConflict::columns([Column::AccountId, Column::Mark])
            .update_columns([Column::Form, Column::KeptAt, Column::Typed])
            .to_owned();
        let active = row.into_active_model().reset_all();
        Entity::insert(active).on_conflict(key).exec_without_returning(&txn).await?;
        txn.commit().await?;
        Ok(kept_at)
    }

    /// Forgets a draft; one that is not there is forgotten already.
    pub async fn drop_draft(&self, account: AccountId, mark: &str) -> Result<()> {
        let one = Entity::delete_many()
            .filter(Column::AccountId.eq(account))
            .filter(Column::Mark.eq(mark));
        one.exec(self.writer()).await?;
        Ok(())
    }

    /// Forgets the drafts that are old enough.
    pub async fn forget_drafts(&self) -> Result<()> {
        let old = Entity::delete_many().filter(Column::KeptAt.lte(self.oldest_draft()));
        old.exec(self.writer()).await?;
        Ok(())
    }

    /// A draft that was kept last at this instant is forgotten.
    fn oldest_draft(&self) -> DateTime<Utc> {
        self.clock().now() - TimeDelta::days(limits::DRAFT_DAYS)
    }

    /// Bytes as a text that nobody else can read or make.
    pub fn seal_carried(&self, plain: &[u8]) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(self.keys().seal_bytes(plain, CARRIED)?))
    }

    /// The bytes of such a text; none of any other text.
    pub fn open_carried(&self, text: &str) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        self.keys().open_bytes(&sealed, CARRIED).ok()
    }

    fn since_drafts(&self, account: AccountId) -> sea_orm::Select<Entity> {
        Entity::find()
            .filter(Column::AccountId.eq(account))
            .filter(Column::KeptAt.gt(self.oldest_draft()))
    }

    /// The drafts of an account with what was typed, the newest first.
    pub async fn drafts(&self, account: AccountId) -> Result<Vec<(Model, Vec<u8>)>> {
        let rows = self
            .since_drafts(account)
            .order_by_desc(Column::KeptAt)
            .limit(limits::DRAFTS_CARRIED as u64)
            .all(self.reader())
            .await?;
        rows.into_iter().map(|row| self.opened_draft(row)).collect()
    }

    /// How many drafts an account has.
    pub async fn n_drafts(&self, account: AccountId) -> Result<u64> {
        Ok(self.since_drafts(account).count(self.reader()).await?)
    }

    /// One draft of an account.
    pub async fn draft(&self, account: AccountId, mark: &str) -> Result<(Model, Vec<u8>)> {
        let one = self.since_drafts(account).filter(Column::Mark.eq(mark));
        let row = one.one(self.reader()).await?.ok_or(Error::NotFound(NOUN))?;
        self.opened_draft(row)
    }

    fn opened_draft(&self, row: Model) -> Result<(Model, Vec<u8>)> {
        let typed = self.keys().open_bytes(&row.typed, &purpose(row.account_id, &row.mark))?;
        Ok((row, typed))
    }
}
