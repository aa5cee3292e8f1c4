//! Reports of faults: the one that stands under a follow-up code, what was said in them, and what
//! their forms carry. Codes are made of what a form was made with, under keys of the ledger: whoever
//! sends a form again is given the same code again, and only its sum is kept.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    asset,
    fault_report::{Column, Entity, Kind, Model, State},
    id::{AssetId, FaultReportId, VaultId},
    vault,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr};

use super::{
    Ledger, Read, Write,
    key::Keys,
    token::digest,
    vault::{keyed, random},
};
use crate::{
    domain::{
        fault_report::{Told, follow_up_code, read_follow_up},
        short_code::{ShortCode, Wrong},
    },
    error::Result,
    limits,
};

impl Keys {
    /// The sum of a follow-up code that is kept.
    fn follow_up_digest(&self, plain: &str) -> Result<String> {
        keyed(&self.derived("follow-up digest"), plain.as_bytes())
    }

    /// The follow-up code of the report that a form brings.
    fn follow_up(&self, key: &str) -> Result<String> {
        let sum = keyed(&self.derived("follow-up"), key.as_bytes())?;
        let number = u64::from_str_radix(&sum[..16], 16).unwrap_or_default();
        Ok(follow_up_code(number.to_be_bytes()))
    }

    fn form_sum(&self, code: &str, key: &str) -> Result<String> {
        keyed(&self.derived("report form"), format!("{code} {key}").as_bytes())
    }
}

impl Ledger {
    /// The short code of an asset.
    pub fn short_code(&self, id: AssetId) -> Option<ShortCode> {
        ShortCode::of(id, &self.keys().derived("short code"))
    }

    /// The asset that a short code stands for, whether there is one or not.
    pub fn asset_of(&self, code: ShortCode) -> AssetId {
        code.asset(&self.keys().derived("short code"))
    }

    /// What the form of a report is made with: a key that says when it was made, and a mark that
    /// nobody else can make for it.
    pub fn report_form(&self, code: ShortCode) -> Result<(String, String)> {
        let drawn: String = random::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect();
        let key = format!("{}-{drawn}", self.clock().now().timestamp());
        let mark = self.keys().form_sum(&code.plain(), &key)?;
        Ok((key, mark))
    }

    /// Whether a form of a report was made here for an asset, and not long ago.
    pub fn knows_report_form(&self, code: ShortCode, (key, mark): (&str, &str)) -> Result<bool> {
        let made = key.split_once('-').and_then(|(at, _)| at.parse().ok());
        let made = made.and_then(|at| DateTime::<Utc>::from_timestamp(at, 0));
        let (now, span) = (self.clock().now(), TimeDelta::hours(limits::REPORT_FORM_HOURS));
        let is_fresh = made.is_some_and(|at| at <= now && now - at < span);
        // digests of both are compared, so that the time it takes tells nothing of the mark
        let is_ours = digest(mark) == digest(&self.keys().form_sum(&code.plain(), key)?);
        Ok(is_ours && is_fresh)
    }

    /// The code that follows up the report of a form, and whether there is such a report already.
    pub async fn follow_up_of(&self, key: &str) -> Result<(String, bool)> {
        let code = self.keys().follow_up(key)?;
        let is_there = matches!(self.followed(&code).await?, Ok(Some(_)));
        Ok((code, is_there))
    }

    /// The report that a follow-up code was given for, and what its asset is called.
    pub async fn followed(&self, typed: &str) -> Result<Result<Option<(Model, String)>, Wrong>> {
        let plain = match read_follow_up(typed) {
            Ok(plain) => plain,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let sum = self.keys().follow_up_digest(&plain)?;
        let row = Entity::find().filter(Column::CodeDigest.eq(sum)).one(self.reader()).await?;
        let Some(row) = row else { return Ok(Ok(None)) };
        let asset = asset::Entity::find_by_id(row.asset_id).one(self.reader()).await?;
        Ok(Ok(asset.map(|asset| (row, asset.name))))
    }
}

impl Write {
    /// The sum under which the report of a form is kept.
    pub fn follow_up_sum(&self, key: &str) -> Result<String> {
        self.keys.follow_up_digest(&self.keys.follow_up(key)?.replace('-', ""))
    }

    /// The report that stands under a sum of a follow-up code, within the scope.
    pub async fn fault_report_under(&self, sum: &str) -> Result<Option<Model>> {
        Ok(self.find::<Entity>().filter(Column::CodeDigest.eq(sum)).one(&self.txn).await?)
    }

    /// Whether somebody said the same of an asset since an instant.
    pub async fn is_reported_since(
        &self,
        (asset, kind): (AssetId, Kind),
        words: &str,
        since: DateTime<Utc>,
    ) -> Result<bool> {
        let query = self.find::<Entity>().filter(Column::AssetId.eq(asset));
        let query = query.filter(Column::Kind.eq(kind)).filter(Column::CreatedAt.gt(since));
        for row in query.all(&self.txn).await? {
            let said = match row.vault_id {
                Some(id) => Told::opened(self.contact(id).await?).words,
                None => String::new(),
            };
            if said == words {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Read<'_> {
    /// How many reports of an asset somebody still has to act on. Only whoever may see the asset is
    /// told.
    pub async fn n_open_reports(&self, id: AssetId) -> Result<u64> {
        self.get::<asset::Entity>(id).await?;
        let query = Entity::find().filter(Column::AssetId.eq(id));
        Ok(query.filter(Column::State.is_in(State::OPEN)).count(self.connection()).await?)
    }

    /// How many reports within the reader's area nobody has taken up yet.
    pub async fn n_new_reports(&self) -> Result<u64> {
        // as the index has it, which holds those alone
        let query = self.find::<Entity>().filter(Expr::cust("state = 'received'"));
        Ok(query.count(self.connection()).await?)
    }

    /// What was said in reports, as the reader may see it.
    pub async fn told_in(&self, rows: &[Model]) -> Result<HashMap<FaultReportId, Told>> {
        let ids: Vec<VaultId> = rows.iter().filter_map(|row| row.vault_id).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let query = vault::Entity::find().filter(vault::Column::Id.is_in(ids));
        let mut opened = HashMap::new();
        for record in query.all(self.connection()).await? {
            opened.insert(record.id, Told::opened(self.keys.open(&record)?));
        }
        let role = self.actor().role();
        let told = rows.iter().filter_map(|row| {
            let told = opened.get(&row.vault_id?)?;
            Some((row.id, if self.is_masked { told.seen_by(role) } else { told.clone() }))
        });
        Ok(told.collect())
    }
}
