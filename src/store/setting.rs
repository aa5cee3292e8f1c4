//! Local rules: those that hold for some areas lie there and above, and are no secret to whoever is
//! in their line.

use std::collections::{BTreeSet, HashMap};

use entity::{
    area::{self, AreaCode, County},
    asset,
    id::{AssetId, SettingId},
    log::{self, change},
    setting::{AssetFamily, Column, Entity, Key, Model},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use super::{Dossier, Ledger, Read, Subject, Write, dossier::dossiers, scope};
use crate::{
    domain::setting::LocalRules,
    error::{Error, Result},
    limits,
};

/// Areas asked for together.
const CODES: usize = 500;

/// The codes of areas and of all above them.
fn lines(areas: impl IntoIterator<Item = AreaCode>) -> Vec<AreaCode> {
    let line = |area: AreaCode| std::iter::once(area).chain(area.above());
    areas.into_iter().flat_map(line).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The rows of some areas themselves.
fn rows_of(areas: &[AreaCode]) -> Select<Entity> {
    Entity::find()
        .filter(Column::AreaCode.is_in(areas.iter().copied()))
        .order_by_asc(Column::AreaCode)
        .order_by_asc(Column::Key)
        .order_by_asc(Column::FromOn)
        .order_by_asc(Column::Id)
}

/// The rules that hold in some areas, past and to come.
pub(super) async fn local_rules(
    connection: &impl ConnectionTrait,
    areas: impl IntoIterator<Item = AreaCode>,
) -> Result<LocalRules> {
    let mut rows = Vec::new();
    for codes in lines(areas).chunks(CODES) {
        rows.extend(rows_of(codes).all(connection).await?);
    }
    Ok(LocalRules::new(rows))
}

/// The rules that hold anywhere in a county.
pub(super) async fn local_rules_of_county(
    connection: &impl ConnectionTrait,
    county: County,
    (first, last): (&str, &str),
) -> Result<LocalRules> {
    let mut rows = rows_of(&lines(county.area().above())).all(connection).await?;
    let within = Entity::find().filter(Column::AreaCode.between(first, last));
    rows.extend(within.all(connection).await?);
    rows.sort_unstable_by_key(|row| row.id);
    rows.dedup_by_key(|row| row.id);
    Ok(LocalRules::new(rows))
}

/// The next assets of an area after a place, in the order of area and id.
fn next_assets(within: AreaCode, after: Option<(AreaCode, AssetId)>) -> Select<asset::Entity> {
    let (mut first, last) = within.range();
    let mut query = asset::Entity::find();
    if let Some((area, id)) = after {
        // the plain bound is what the index can use
        first = Ord::max(first, area);
        let column = |column| Expr::col((asset::Entity, column));
        let row = Expr::tuple([asset::Column::AreaCode, asset::Column::Id].map(column));
        query = query.filter(row.gt(Expr::tuple([Expr::val(area), Expr::val(id)])));
    }
    query
        .filter(asset::Column::AreaCode.between(first, last))
        .order_by_asc(asset::Column::AreaCode)
        .order_by_asc(asset::Column::Id)
}

/// The places of the next assets of an area after a place.
pub(super) async fn next_places(
    connection: &impl ConnectionTrait,
    within: AreaCode,
    after: Option<(AreaCode, AssetId)>,
    limit: u64,
) -> Result<Vec<(AreaCode, AssetId)>> {
    let query = next_assets(within, after).select_only();
    let query = query.column(asset::Column::AreaCode).column(asset::Column::Id).limit(limit);
    Ok(query.into_tuple().all(connection).await?)
}

impl Read<'_> {
    /// The rules that hold in some areas, past and to come.
    pub async fn local_rules(
        &self,
        areas: impl IntoIterator<Item = AreaCode>,
    ) -> Result<LocalRules> {
        local_rules(self.connection(), areas).await
    }

    /// An area in the reader's own line: below it, itself, or above it. Others, and those that never
    /// were, are not found.
    pub async fn area_in_line(&self, asked: Option<AreaCode>) -> Result<AreaCode> {
        let own = self.actor().area();
        match asked {
            Some(asked) if asked.covers(&own) => Ok(asked),
            asked => self.area_within(asked).await,
        }
    }

    /// Every row of the rules of an area and of those above it, withdrawn ones too.
    pub async fn rule_rows(&self, area: AreaCode) -> Result<Vec<Model>> {
        let own = self.actor().area();
        if !area.covers(&own) && !scope::covers(own, &area, "scope of local rules") {
            return Err(Error::NotFound(area::Entity::NOUN));
        }
        Ok(rows_of(&lines([area])).all(self.connection()).await?)
    }

    /// Who set some rules, as the log has it.
    pub async fn who_set(&self, ids: &[SettingId]) -> Result<HashMap<SettingId, String>> {
        let mut who = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(CODES) {
            let made = change::Entity::find()
                .filter(change::Column::Noun.eq(Entity::TABLE))
                .filter(change::Column::SubjectId.is_in(ids.iter().copied()))
                .filter(change::Column::Version.eq(1))
                .all(self.connection())
                .await?;
            for county in made.iter().map(|one| one.county).collect::<BTreeSet<_>>() {
                let own = || made.iter().filter(|one| one.county == county);
                let entries: Vec<(i64, String)> = log::Entity::find()
                    .select_only()
                    .column(log::Column::Seq)
                    .column(log::Column::Actor)
                    .filter(log::Column::County.eq(county))
                    .filter(log::Column::Seq.is_in(own().map(|one| one.seq)))
                    .into_tuple()
                    .all(self.connection())
                    .await?;
                let actors: HashMap<i64, String> = entries.into_iter().collect();
                let named = own().filter_map(|one| {
                    Some((SettingId(one.subject_id), actors.get(&one.seq)?.clone()))
                });
                who.extend(named);
            }
        }
        Ok(who)
    }

    /// Everything about the next assets of an area after a place, and the place of the last of them.
    pub async fn dossiers_by_place(
        &self,
        within: AreaCode,
        after: Option<(AreaCode, AssetId)>,
        limit: u64,
    ) -> Result<(Vec<Dossier>, Option<(AreaCode, AssetId)>)> {
        let own = self.actor().area();
        if !scope::covers(own, &within, "scope of assets tried out") {
            return Err(Error::NotFound(area::Entity::NOUN));
        }
        let places = next_places(self.connection(), within, after, limit).await?;
        let ids: Vec<AssetId> = places.iter().map(|(_, id)| *id).collect();
        Ok((dossiers(self.connection(), &ids).await?, places.last().copied()))
    }
}

impl Write {
    /// The rules that hold in some areas, past and to come.
    pub async fn local_rules(
        &self,
        areas: impl IntoIterator<Item = AreaCode>,
    ) -> Result<LocalRules> {
        local_rules(&self.txn, areas).await
    }

    /// Every value that a rule was given for an area.
    pub async fn values_of(&mut self, key: Key, area: AreaCode) -> Result<Vec<Model>> {
        // two who set it at once must not both find that there is none
        self.take_turn(area.county()).await?;
        let own = rows_of(&[area]).filter(Column::Key.eq(key));
        Ok(own.limit(u64::try_from(limits::RULE_VALUES + 1).unwrap_or(1)).all(&self.txn).await?)
    }
}

impl Ledger {
    /// What the assets are called wherever somebody has said so; none where areas differ. It is asked
    /// for whoever has not signed in, of whom no area is known.
    pub async fn common_family(&self) -> Result<Option<AssetFamily>> {
        let said: Vec<String> = Entity::find()
            .select_only()
            .column(Column::Value)
            .distinct()
            .filter(Column::Key.eq(Key::AssetFamily))
            .filter(Column::WithdrawnOn.is_null())
            .filter(Column::FromOn.lte(self.today()))
            .limit(2)
            .into_tuple()
            .all(self.reader())
            .await?;
        Ok(match said.as_slice() {
            [] => Some(AssetFamily::PovertyAlleviation),
            [one] => one.parse().ok(),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{
        ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable, Values,
    };

    use super::*;

    async fn plan<E: EntityTrait>(connection: &impl ConnectionTrait, query: Select<E>) -> String {
        let statement = query.build(DbBackend::Sqlite);
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let values = statement.values.unwrap_or(Values(Vec::new()));
        let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.0);
        let rows = connection.query_all_raw(explain).await.expect("a plan");
        let steps = rows.iter().map(|row| String::try_get(row, "", "detail").expect("text"));
        steps.collect::<Vec<_>>().join("\n")
    }

    #[tokio::test]
    async fn rules_and_assets_are_found_by_their_place() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let village: AreaCode = "520381100201".parse().expect("a code");
        let steps = plan(&connection, rows_of(&lines([village]))).await;
        assert!(steps.contains("setting_by_area") && !steps.contains("TEMP B-TREE"), "{steps}");
        for after in [None, Some((village, AssetId(7)))] {
            let county = "520381000000".parse().expect("a code");
            let query = next_assets(county, after).limit(limits::READ_BATCH);
            let steps = plan(&connection, query).await;
            assert!(!steps.contains("SCAN") && !steps.contains("TEMP B-TREE"), "{steps}");
        }
    }
}
