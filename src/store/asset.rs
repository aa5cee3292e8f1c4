//! Assets: codes handed out, rows found by code or by a sender's key.

use std::collections::HashMap;

use entity::{
    asset::{self, Model},
    duty, funding, holding,
    id::AssetId,
    title,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::{
    Read, Write,
    finding::{Dossier, dossiers},
};
use crate::{
    domain::asset::{
        code::{self, SERIAL_MAX},
        code_year,
    },
    error::{Error, Result},
};

/// Characters of a code that was made here.
const CODE_LENGTH: i64 = 24;

impl Write {
    /// Gives new codes to the assets that have none, after those that others bring along.
    pub async fn give_codes(&mut self, assets: &mut [Model]) -> Result<()> {
        let today = self.today();
        let mut brought: HashMap<String, u32> = HashMap::new();
        for asset in assets.iter() {
            if let Some(serial) = code::serial(&asset.code) {
                let prefix = asset.code[..code::PREFIX_LENGTH].to_owned();
                let last = brought.entry(prefix).or_default();
                *last = Ord::max(serial, *last);
            }
        }
        for asset in assets.iter_mut().filter(|asset| asset.code.is_empty()) {
            let prefix = code::prefix(asset.area_code, code_year(asset, today), asset.class);
            let last = match self.serials.get(&prefix) {
                Some(last) => *last,
                None => self.last_serial(&prefix).await?,
            };
            let last = brought.get(&prefix).map_or(last, |brought| Ord::max(last, *brought));
            asset.code =
                code::code(&prefix, last + 1).ok_or(Error::Taken(entity::language::Label::new(
                    "本村本年本类的资产编号",
                    "last asset code of the area, year and class",
                )))?;
            self.serials.insert(prefix, last + 1);
        }
        Ok(())
    }

    async fn last_serial(&self, prefix: &str) -> Result<u32> {
        let last: Option<String> = asset::Entity::find()
            .select_only()
            .column(asset::Column::Code)
            .filter(
                asset::Column::Code
                    .between(format!("{prefix}000000"), format!("{prefix}{SERIAL_MAX}9")),
            )
            .filter(Expr::cust("length(code)").eq(CODE_LENGTH))
            .order_by_desc(asset::Column::Code)
            .limit(1)
            .into_tuple()
            .one(&self.txn)
            .await?;
        Ok(last.and_then(|code| code::serial(&code)).unwrap_or(0))
    }

    /// Everything recorded of assets, in the order of their ids. All must be within the scope.
    pub async fn dossiers(&mut self, ids: &[AssetId]) -> Result<Vec<Dossier>> {
        self.get_all::<asset::Entity>(ids).await?;
        dossiers(&self.txn, ids).await
    }

    /// Assets by their codes, whatever the scope: codes are unique for ever.
    pub async fn assets_by_code(&self, codes: &[String]) -> Result<HashMap<String, Model>> {
        let rows =
            asset::Entity::find().filter(asset::Column::Code.is_in(codes)).all(&self.txn).await?;
        Ok(rows.into_iter().map(|row| (row.code.clone(), row)).collect())
    }

    /// Assets by the keys of their senders.
    pub async fn assets_by_source_key(&self, keys: &[String]) -> Result<HashMap<String, Model>> {
        let rows = asset::Entity::find()
            .filter(asset::Column::SourceKey.is_in(keys))
            .all(&self.txn)
            .await?;
        let keyed = rows.into_iter().filter_map(|row| Some((row.source_key.clone()?, row)));
        Ok(keyed.collect())
    }

    /// The dossiers of assets that were found before, by id.
    pub async fn dossiers_of(&self, ids: &[AssetId]) -> Result<HashMap<AssetId, Dossier>> {
        let found = dossiers(&self.txn, ids).await?;
        Ok(found.into_iter().map(|dossier| (dossier.asset.id, dossier)).collect())
    }

    /// The title of an asset, if one was opened.
    pub async fn title_of(&self, asset: AssetId) -> Result<Option<title::Model>> {
        let query = self.find::<title::Entity>().filter(title::Column::AssetId.eq(asset));
        Ok(query.one(&self.txn).await?)
    }

    /// The holders of rights in an asset, past and present.
    pub async fn holdings_of(&self, asset: AssetId) -> Result<Vec<holding::Model>> {
        let query = self.find::<holding::Entity>().filter(holding::Column::AssetId.eq(asset));
        Ok(query.order_by_asc(holding::Column::Id).all(&self.txn).await?)
    }

    /// The duties on an asset, past and present.
    pub async fn duties_of(&self, asset: AssetId) -> Result<Vec<duty::Model>> {
        let query = self.find::<duty::Entity>().filter(duty::Column::AssetId.eq(asset));
        Ok(query.order_by_asc(duty::Column::Id).all(&self.txn).await?)
    }

    /// The sources of money of an asset.
    pub async fn funding_of(&self, asset: AssetId) -> Result<Vec<funding::Model>> {
        let query = self.find::<funding::Entity>().filter(funding::Column::AssetId.eq(asset));
        Ok(query.order_by_asc(funding::Column::Id).all(&self.txn).await?)
    }
}

impl Read<'_> {
    /// An asset by its code; one outside the scope is not found.
    pub async fn asset(&self, code: &str) -> Result<Model> {
        let query = self.find::<asset::Entity>().filter(asset::Column::Code.eq(code));
        let noun = <asset::Entity as super::Subject>::NOUN;
        query.one(self.connection()).await?.ok_or(Error::NotFound(noun))
    }

    /// Everything recorded of the assets of a page, within the scope.
    pub async fn dossiers(&self, assets: &[AssetId]) -> Result<Vec<Dossier>> {
        let area = self.actor().area();
        let found = dossiers(self.connection(), assets).await?;
        Ok(found.into_iter().filter(|dossier| area.covers(&dossier.asset.area_code)).collect())
    }
}
