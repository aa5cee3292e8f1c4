//! Assets: codes handed out, rows found by code or by a sender's key.

use std::collections::{BTreeSet, HashMap};

use entity::{
    area::AreaCode,
    asset::{self, Model},
    duty, funding, holding,
    id::AssetId,
    money::Money,
    title,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use super::{
    Read, Write,
    dossier::{Dossier, dossiers, with_facts},
    scope,
};
use crate::{
    domain::asset::{code, code_year},
    error::{Error, Result},
    limits,
};

/// Characters of a code that was made here.
const CODE_LENGTH: i64 = 24;
/// Areas whose codes one query looks up.
const AREAS: usize = 100;

/// An asset by what it is called.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct NamedAsset {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it was worth.
    pub original_value: Option<Money>,
    state: asset::State,
}

/// The assets of a place, the newest first.
fn newest_of(all: Select<asset::Entity>, place: AreaCode, limit: u64) -> Select<asset::Entity> {
    use asset::Column;
    all.select_only()
        .columns([Column::Code, Column::Name, Column::OriginalValue, Column::State])
        .filter(Column::AreaCode.eq(place))
        .order_by_desc(Column::AreaCode)
        .order_by_desc(Column::Id)
        .limit(limit)
}

/// The newest assets of a place, and some of exactly a name however old; of both those on the
/// books.
async fn names_compared(
    db: &impl ConnectionTrait,
    all: Select<asset::Entity>,
    (place, name): (AreaCode, &str),
) -> Result<Vec<NamedAsset>> {
    let newest = newest_of(all.clone(), place, limits::NAMES_COMPARED);
    let mut found: Vec<NamedAsset> = newest.into_model().all(db).await?;
    if found.len() as u64 == limits::NAMES_COMPARED {
        let same = newest_of(all, place, limits::ALIKE_SHOWN as u64);
        let same = same.filter(asset::Column::Name.eq(name));
        let same = same.filter(asset::Column::State.eq(asset::State::Held));
        let same: Vec<NamedAsset> = same.into_model().all(db).await?;
        let is_new = |one: &NamedAsset| found.iter().all(|known| known.code != one.code);
        let older: Vec<NamedAsset> = same.into_iter().filter(is_new).collect();
        found.extend(older);
    }
    found.retain(|one| one.state == asset::State::Held);
    Ok(found)
}

impl Write {
    /// Gives new codes to the assets that have none, after those that others bring along.
    pub async fn give_codes(&mut self, assets: &mut [Model]) -> Result<()> {
        let today = self.today();
        let areas =
            assets.iter().filter(|asset| asset.code.is_empty()).map(|asset| asset.area_code);
        let areas: BTreeSet<AreaCode> = areas.collect();
        self.learn_serials(&areas).await?;
        for asset in assets.iter() {
            if let Some(serial) = code::serial(&asset.code) {
                let prefix = asset.code[..code::PREFIX_LENGTH].to_owned();
                let last = self.serials.entry(prefix).or_default();
                *last = Ord::max(serial, *last);
            }
        }
        for asset in assets.iter_mut().filter(|asset| asset.code.is_empty()) {
            let prefix = code::prefix(asset.area_code, code_year(asset, today), asset.class);
            let last = self.serials.entry(prefix.clone()).or_default();
            *last += 1;
            asset.code =
                code::code(&prefix, *last).ok_or(Error::Taken(entity::language::Label::new(
                    "本村本年本类的资产编号",
                    "last asset code of the area, year and class",
                )))?;
        }
        Ok(())
    }

    /// Learns the last serial of every beginning of a code in some areas, many areas a query.
    async fn learn_serials(&mut self, areas: &BTreeSet<AreaCode>) -> Result<()> {
        let unknown: Vec<AreaCode> =
            areas.iter().copied().filter(|area| !self.coded.contains(area)).collect();
        for batch in unknown.chunks(AREAS) {
            let within = batch.iter().fold(Condition::any(), |any, area| {
                let ends = ["0", "9"].map(|digit| format!("{area}{}", digit.repeat(12)));
                let [first, last] = ends;
                any.add(asset::Column::Code.between(first, last))
            });
            let prefix = Expr::cust("substr(code, 1, 18)");
            let lasts: Vec<(String, String)> = asset::Entity::find()
                .select_only()
                .column_as(prefix.clone(), "prefix")
                .column_as(asset::Column::Code.max(), "last")
                .filter(within)
                .filter(Expr::cust("length(code)").eq(CODE_LENGTH))
                .group_by(prefix)
                .into_tuple()
                .all(&self.txn)
                .await?;
            for (prefix, last) in lasts {
                let serial = code::serial(&last).unwrap_or(0);
                let known = self.serials.entry(prefix).or_default();
                *known = Ord::max(serial, *known);
            }
            self.coded.extend(batch);
        }
        Ok(())
    }

    /// Everything recorded of assets, in the order of their ids. All must be within the scope.
    pub async fn dossiers(&mut self, ids: &[AssetId]) -> Result<Vec<Dossier>> {
        self.get_all::<asset::Entity>(ids).await?;
        dossiers(&self.txn, ids).await
    }

    /// The assets of a place whose names are compared with that of a new one.
    pub async fn names_compared(&self, place: AreaCode, name: &str) -> Result<Vec<NamedAsset>> {
        names_compared(&self.txn, self.find::<asset::Entity>(), (place, name)).await
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
    /// The assets of a place whose names are compared with that of a new one.
    pub async fn names_compared(&self, place: AreaCode, name: &str) -> Result<Vec<NamedAsset>> {
        names_compared(self.connection(), self.find::<asset::Entity>(), (place, name)).await
    }

    /// An asset by its code; one outside the scope is not found.
    pub async fn asset(&self, code: &str) -> Result<Model> {
        let query = self.find::<asset::Entity>().filter(asset::Column::Code.eq(code));
        let noun = <asset::Entity as super::Subject>::NOUN;
        query.one(self.connection()).await?.ok_or(Error::NotFound(noun))
    }

    /// Assets by their codes, in the order of their ids; those outside the scope are left out.
    pub async fn assets_coded(&self, codes: &[String]) -> Result<Vec<Model>> {
        let query = self.find::<asset::Entity>().filter(asset::Column::Code.is_in(codes));
        Ok(query.order_by_asc(asset::Column::Id).all(self.connection()).await?)
    }

    /// Everything recorded of the assets of a page, within the scope.
    pub async fn dossiers(&self, assets: &[AssetId]) -> Result<Vec<Dossier>> {
        let area = self.actor().area();
        let found = dossiers(self.connection(), assets).await?;
        let is_seen = |asset: &Model| scope::covers(area, &asset.area_code, "scope of dossiers");
        Ok(found.into_iter().filter(|dossier| is_seen(&dossier.asset)).collect())
    }

    /// Everything recorded beside assets that were read before, in their order: the assets are not
    /// read again.
    pub async fn dossiers_beside(&self, assets: Vec<Model>) -> Result<Vec<Dossier>> {
        let area = self.actor().area();
        let is_seen = |asset: &Model| scope::covers(area, &asset.area_code, "scope of dossiers");
        with_facts(self.connection(), assets.into_iter().filter(is_seen).collect()).await
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{Database, DbBackend, QueryTrait, Statement, TryGetable};

    use super::*;

    #[tokio::test]
    async fn names_are_compared_by_the_index_of_their_place() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let place: AreaCode = "520381101201".parse().expect("a village");
        let (first, last) = place.county().area().range();
        let all = asset::Entity::find().filter(asset::Column::AreaCode.between(first, last));
        let newest = newest_of(all, place, limits::NAMES_COMPARED);
        let same = newest.clone().filter(asset::Column::Name.eq("便民桥"));
        for query in [newest, same] {
            let asked = query.build(DbBackend::Sqlite);
            let sql = format!("EXPLAIN QUERY PLAN {}", asked.sql);
            let values = asked.values.map(|values| values.0).unwrap_or_default();
            let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
            let rows = connection.query_all_raw(explain).await.expect("a plan");
            let plan: Vec<String> =
                rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect();
            let is_by_place = |step: &String| step.contains("asset_by_area (area_code=?");
            let is_sorted = plan.iter().any(|step| step.contains("TEMP B-TREE"));
            assert!(plan.iter().all(is_by_place) && !is_sorted, "{}\n{plan:#?}", asked.sql);
        }
    }
}
