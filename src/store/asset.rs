//! Assets: codes handed out, rows found by code or by a sender's key.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    asset::{self, Class, Model, State, Subclass, UseState},
    duty, funding, holding,
    id::AssetId,
    money::Money,
    title,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, ExprTrait, LikeExpr},
};

use super::{
    Read, Write,
    finding::{Dossier, dossiers},
    scope,
};
use crate::{
    domain::asset::{code, code_year},
    error::{Error, Result},
};

/// Characters of a code that was made here.
const CODE_LENGTH: i64 = 24;
/// Areas whose codes one query looks up.
const AREAS: usize = 100;

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
        let is_seen = |asset: &Model| scope::covers(area, &asset.area_code, "scope of dossiers");
        Ok(found.into_iter().filter(|dossier| is_seen(&dossier.asset)).collect())
    }
}

/// Which assets a list shows. What is empty limits nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssetFilter {
    /// Where.
    pub area: Option<AreaCode>,
    /// Of which class.
    pub class: Option<Class>,
    /// Of which subclass.
    pub subclass: Option<Subclass>,
    /// In which state on the books.
    pub state: Option<State>,
    /// In what use.
    pub use_state: Option<UseState>,
    /// What the name or the code contains.
    pub search: Option<String>,
}

/// An asset as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AssetLine {
    /// Its id.
    pub id: AssetId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub area_code: AreaCode,
    /// Its class.
    pub class: Class,
    /// Its subclass.
    pub subclass: Option<Subclass>,
    /// Its state on the books.
    pub state: State,
    /// Its use.
    pub use_state: Option<UseState>,
    /// Its original value.
    pub original_value: Option<Money>,
    /// When it was acquired.
    pub acquired_on: Option<NaiveDate>,
    /// Its version.
    pub version: i64,
}

/// The columns of [`AssetLine`].
const LINE: [asset::Column; 11] = [
    asset::Column::Id,
    asset::Column::Code,
    asset::Column::Name,
    asset::Column::AreaCode,
    asset::Column::Class,
    asset::Column::Subclass,
    asset::Column::State,
    asset::Column::UseState,
    asset::Column::OriginalValue,
    asset::Column::AcquiredOn,
    asset::Column::Version,
];

fn line_page(
    within: AreaCode,
    filter: &AssetFilter,
    after: Option<(AreaCode, AssetId)>,
    limit: u64,
) -> Select<asset::Entity> {
    use asset::Column;
    let (first, last) = scope::range(within, "scope of a list of assets");
    let mut query = asset::Entity::find().filter(Column::AreaCode.between(first, last));
    if let Some((area, id)) = after {
        // the plain bound is what the index can use
        let later = Condition::any().add(Column::AreaCode.gt(area)).add(Column::Id.gt(id));
        query = query.filter(Column::AreaCode.gte(area)).filter(later);
    }
    if let Some(class) = filter.class {
        query = query.filter(Column::Class.eq(class));
    }
    if let Some(subclass) = filter.subclass {
        query = query.filter(Column::Subclass.eq(subclass));
    }
    if let Some(state) = filter.state {
        query = query.filter(Column::State.eq(state));
    }
    if let Some(use_state) = filter.use_state {
        query = query.filter(Column::UseState.eq(use_state));
    }
    if let Some(search) = &filter.search {
        let contains = LikeExpr::new(format!("%{}%", escaped(search))).escape('\\');
        let either = Condition::any()
            .add(Expr::col(Column::Name).like(contains.clone()))
            .add(Expr::col(Column::Code).like(contains));
        query = query.filter(either);
    }
    query.order_by_asc(Column::AreaCode).order_by_asc(Column::Id).limit(limit)
}

/// A text in which no character stands for others.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

impl Read<'_> {
    /// One page of the assets of a filter, in the order of area and id, after a place in it.
    pub async fn asset_lines(
        &self,
        filter: &AssetFilter,
        after: Option<(AreaCode, AssetId)>,
        limit: u64,
    ) -> Result<Vec<AssetLine>> {
        let within = self.area_within(filter.area).await?;
        let query = line_page(within, filter, after, limit).select_only().columns(LINE);
        Ok(query.into_model::<AssetLine>().all(self.connection()).await?)
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable};

    use super::*;

    #[tokio::test]
    async fn no_page_scans_or_sorts_the_assets() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let area: AreaCode = "520381000000".parse().expect("a code");
        let filters = [
            AssetFilter::default(),
            AssetFilter { class: Some(Class::Public), ..AssetFilter::default() },
            AssetFilter { search: Some("渠".into()), ..AssetFilter::default() },
        ];
        for filter in filters {
            let after = Some((area, AssetId(7)));
            let statement = line_page(area, &filter, after, 50).build(DbBackend::Sqlite);
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let values = statement.values.unwrap_or(sea_orm::Values(Vec::new())).0;
            let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
            let rows = connection.query_all_raw(explain).await.expect("a plan");
            let plan: Vec<String> =
                rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect();
            let bad = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
            assert!(!plan.iter().any(bad), "{}\n{plan:#?}", statement.sql);
        }
    }

    #[test]
    fn no_character_of_a_search_stands_for_others() {
        assert_eq!(escaped(r"50%_a\b"), r"50\%\_a\\b");
    }
}
