//! Rows of a noun, a page at a time, for exports; and the entry that every export leaves.

use std::collections::HashMap;

use entity::{
    area::AreaCode,
    asset::{self, Class, State},
    id::{AssetId, OrganizationId, ProjectId},
    organization, project,
};
use sea_orm::{
    ColumnTrait, Condition as Any, EntityTrait, PrimaryKeyTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use super::{Dossier, Read, Subject, Write, dossier::with_facts, read::streamed, scope};
use crate::{
    domain::sheet::OrganizationName,
    error::{Error, Result},
    limits,
};

/// Which rows an export takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Where.
    pub area: AreaCode,
    /// Of assets and duties: which class; empty for all.
    pub class: Option<Class>,
    /// Of assets and duties: whether those off the books are taken too.
    pub with_gone: bool,
}

fn next<E: Subject>(area: AreaCode, after: Option<(AreaCode, E::Id)>) -> Select<E> {
    let (first, last) = scope::range(area, "scope of rows exported");
    let mut query = E::find().filter(E::AREA.between(first, last));
    if let Some((area, id)) = after {
        // the plain bound is what the index can use
        let later = Any::any().add(E::AREA.gt(area)).add(E::ID.gt(id));
        query = query.filter(E::AREA.gte(area)).filter(later);
    }
    query.order_by_asc(E::AREA).order_by_asc(E::ID).limit(limits::READ_BATCH)
}

/// A place in the order of area, name and id, which is the order of the organizations' index.
pub type NamedPlace = (AreaCode, String, OrganizationId);

fn next_organizations(area: AreaCode, after: Option<&NamedPlace>) -> Select<organization::Entity> {
    use organization::Column;
    let (first, last) = scope::range(area, "scope of organizations exported");
    let mut query = organization::Entity::find().filter(Column::AreaCode.between(first, last));
    if let Some((area, name, id)) = after {
        let columns = [Column::AreaCode, Column::Name, Column::Id];
        let place = [Expr::value(area.to_string()), Expr::value(name.clone()), Expr::value(id.0)];
        let later = Expr::tuple(columns.map(Expr::col)).gt(Expr::tuple(place));
        query = query.filter(Column::AreaCode.gte(*area)).filter(later);
    }
    query
        .order_by_asc(Column::AreaCode)
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(limits::READ_BATCH)
}

impl Read<'_> {
    fn within(&self, area: AreaCode) -> Result<AreaCode> {
        let noun = <entity::area::Entity as Subject>::NOUN;
        if self.actor().area().covers(&area) { Ok(area) } else { Err(Error::NotFound(noun)) }
    }

    /// The next rows of a noun after a place in the order of area and id.
    pub async fn rows_after<E: Subject>(
        &self,
        area: AreaCode,
        after: Option<(AreaCode, E::Id)>,
    ) -> Result<Vec<E::Model>> {
        Ok(next::<E>(self.within(area)?, after).all(self.connection()).await?)
    }

    /// The next organizations after a place in the order of area, name and id.
    pub async fn organizations_after(
        &self,
        area: AreaCode,
        after: Option<&NamedPlace>,
    ) -> Result<Vec<organization::Model>> {
        Ok(next_organizations(self.within(area)?, after).all(self.connection()).await?)
    }

    /// Everything recorded of the next assets of a selection after a place in the order of area
    /// and id.
    pub async fn dossiers_after(
        &self,
        selection: &Selection,
        after: Option<(AreaCode, AssetId)>,
    ) -> Result<Vec<Dossier>> {
        let mut query = next::<asset::Entity>(self.within(selection.area)?, after);
        if let Some(class) = selection.class {
            query = query.filter(asset::Column::Class.eq(class));
        }
        if !selection.with_gone {
            query = query.filter(asset::Column::State.eq(State::Held));
        }
        let assets = streamed(query, self.connection()).await?;
        with_facts(self.connection(), assets).await
    }

    /// Names of organizations, wherever they stand.
    pub async fn organization_names(
        &self,
        ids: Vec<OrganizationId>,
    ) -> Result<HashMap<OrganizationId, OrganizationName>> {
        use organization::Column;
        let rows: Vec<(OrganizationId, String, AreaCode)> = organization::Entity::find()
            .select_only()
            .columns([Column::Id, Column::Name, Column::AreaCode])
            .filter(Column::Id.is_in(ids))
            .into_tuple()
            .all(self.connection())
            .await?;
        let named = |(id, name, stands_at)| (id, OrganizationName { name, stands_at });
        Ok(rows.into_iter().map(named).collect())
    }

    /// Codes of assets, wherever they lie.
    pub async fn asset_codes(&self, ids: Vec<AssetId>) -> Result<HashMap<AssetId, String>> {
        use asset::Column;
        self.pairs::<asset::Entity, _, _>(Column::Id, Column::Code, ids).await
    }

    /// Numbers and names of projects, wherever they lie.
    pub async fn project_names(
        &self,
        ids: Vec<ProjectId>,
    ) -> Result<HashMap<ProjectId, (Option<String>, String)>> {
        let rows: Vec<(ProjectId, Option<String>, String)> = project::Entity::find()
            .select_only()
            .column(project::Column::Id)
            .column(project::Column::ProjectNo)
            .column(project::Column::Name)
            .filter(project::Column::Id.is_in(ids))
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(|(id, no, name)| (id, (no, name))).collect())
    }

    async fn pairs<E, I, C>(&self, id: C, name: C, ids: Vec<I>) -> Result<HashMap<I, String>>
    where
        E: EntityTrait,
        C: ColumnTrait,
        I: Into<sea_orm::Value> + sea_orm::TryGetable + Eq + std::hash::Hash + Send,
        E::PrimaryKey: PrimaryKeyTrait,
    {
        let rows: Vec<(I, String)> = E::find()
            .select_only()
            .column(id)
            .column(name)
            .filter(id.is_in(ids))
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().collect())
    }
}

impl Write {
    /// Has an entry made although no row changes: something was taken out of the ledger.
    pub async fn leave_entry(&mut self, area: AreaCode) -> Result<()> {
        self.take_turn(area.county()).await?;
        self.pending.mark(area.county());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable};

    use super::*;

    #[tokio::test]
    async fn no_page_scans_or_sorts_a_table() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let area: AreaCode = "520381000000".parse().expect("a code");
        let build = DbBackend::Sqlite;
        let statements = [
            next::<asset::Entity>(area, Some((area, AssetId(7)))).build(build),
            next::<project::Entity>(area, Some((area, ProjectId(7)))).build(build),
            next_organizations(area, None).build(build),
            next_organizations(area, Some(&(area, "村委会".into(), OrganizationId(7))))
                .build(build),
        ];
        for statement in statements {
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let values = statement.values.unwrap_or(sea_orm::Values(Vec::new())).0;
            let explain = Statement::from_sql_and_values(build, sql, values);
            let rows = connection.query_all_raw(explain).await.expect("a plan");
            let plan: Vec<String> =
                rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect();
            let bad = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
            assert!(!plan.iter().any(bad), "{}\n{plan:#?}", statement.sql);
        }
    }
}
