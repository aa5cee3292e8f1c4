//! Imports: what a sheet names is looked up in batches, what it made is kept row by row.

use std::collections::{HashMap, HashSet};

use entity::{
    area::{self, AreaCode},
    asset, duty,
    id::{AssetId, ImportId, OrganizationId, PersonId, ProjectId},
    import::{self, row},
    organization, person, project,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Select,
};

use super::{Read, Subject, Write, insert::insert_rows, scope};
use crate::{
    error::{Error, Result},
    limits,
};

/// Rows of one statement.
const BATCH: usize = 4_000;
/// Names of one query.
const NAMES: usize = 500;

/// Which row of a sheet made which row of the ledger.
pub type ImportedRow = row::Model;

/// The imports of a file that stand, the last first.
fn of_file(imports: Select<import::Entity>, digest: &str) -> Select<import::Entity> {
    imports
        .filter(import::Column::FileDigest.eq(digest))
        .filter(import::Column::State.eq(import::State::Done))
        .order_by_desc(import::Column::Id)
}

impl Write {
    /// Keeps which rows of a sheet made or changed which rows of the ledger.
    pub async fn note_imported(&mut self, rows: Vec<ImportedRow>) -> Result<()> {
        insert_rows::<row::Entity>(&self.txn, &rows).await?;
        Ok(())
    }

    /// Organizations of some names wherever they stand: name, area, id. One that has ended is
    /// left out where another of its name goes on in its place.
    pub async fn organizations_by_name(
        &self,
        names: &[String],
    ) -> Result<Vec<(String, AreaCode, OrganizationId)>> {
        let rows = self.organizations_of_names(names).await?;
        let place = |row: &organization::Model| (row.name.clone(), row.area_code);
        let running: HashSet<_> =
            rows.iter().filter(|row| row.ended_on.is_none()).map(place).collect();
        let rows =
            rows.into_iter().filter(|row| row.ended_on.is_none() || !running.contains(&place(row)));
        Ok(rows.map(|row| (row.name, row.area_code, row.id)).collect())
    }

    /// Organizations of some names that stand in the scope or above it.
    pub async fn organizations_of_names(
        &self,
        names: &[String],
    ) -> Result<Vec<organization::Model>> {
        let own = self.actor.area();
        let is_seen = |area: &AreaCode| {
            scope::covers(own, area, "scope of organizations named") || area.covers(&own)
        };
        let mut found = Vec::new();
        for names in names.chunks(NAMES) {
            let rows = organization::Entity::find()
                .filter(organization::Column::Name.is_in(names))
                .order_by_asc(organization::Column::Id)
                .all(&self.txn)
                .await?;
            found.extend(rows.into_iter().filter(|row| is_seen(&row.area_code)));
        }
        Ok(found)
    }

    /// Projects of some numbers or names within the scope: what they were found by, area, id.
    pub async fn projects_by_name(
        &self,
        names: &[String],
    ) -> Result<Vec<(String, AreaCode, ProjectId)>> {
        let rows = self.projects_of(names.to_vec(), names.to_vec()).await?;
        let mut found = Vec::new();
        for row in rows {
            let place = (row.area_code, row.id);
            if let Some(number) = row.project_no.filter(|number| *number != row.name) {
                found.push((number, place.0, place.1));
            }
            found.push((row.name, place.0, place.1));
        }
        Ok(found)
    }

    /// Projects within the scope that have one of the numbers or one of the names.
    pub async fn projects_of(
        &self,
        numbers: Vec<String>,
        names: Vec<String>,
    ) -> Result<Vec<project::Model>> {
        if numbers.is_empty() && names.is_empty() {
            return Ok(Vec::new());
        }
        let query = self.find::<project::Entity>().filter(
            Condition::any()
                .add(project::Column::ProjectNo.is_in(numbers))
                .add(project::Column::Name.is_in(names)),
        );
        Ok(query.order_by_asc(project::Column::Id).all(&self.txn).await?)
    }

    /// Valid areas by the area above them and their name.
    pub async fn areas_by_name(
        &self,
        wanted: &[(Option<AreaCode>, String)],
    ) -> Result<Vec<(Option<AreaCode>, String, AreaCode)>> {
        let mut found = Vec::new();
        for batch in wanted.chunks(NAMES) {
            let names = batch.iter().map(|(_, name)| name.as_str());
            let parents = batch.iter().filter_map(|(parent, _)| *parent);
            let mut under = Condition::any().add(area::Column::ParentCode.is_in(parents));
            if batch.iter().any(|(parent, _)| parent.is_none()) {
                under = under.add(area::Column::ParentCode.is_null());
            }
            let rows = area::Entity::find()
                .filter(under)
                .filter(area::Column::Name.is_in(names))
                .filter(area::Column::ValidUntil.is_null())
                .all(&self.txn)
                .await?;
            let asked: HashSet<_> = batch.iter().collect();
            let rows = rows.into_iter().map(|row| ((row.parent_code, row.name), row.area_code));
            let rows = rows.filter(|(key, _)| asked.contains(key));
            found.extend(rows.map(|((parent, name), code)| (parent, name, code)));
        }
        Ok(found)
    }

    /// Assets on the books that have one of some names in its area: area and name, id, code.
    pub async fn assets_named(
        &self,
        wanted: &[(AreaCode, String)],
    ) -> Result<Vec<((AreaCode, String), AssetId, String)>> {
        use sea_orm::QuerySelect;
        let mut found = Vec::new();
        for batch in wanted.chunks(NAMES) {
            let asked: HashSet<&(AreaCode, String)> = batch.iter().collect();
            let rows: Vec<(AreaCode, String, AssetId, String)> = self
                .find::<asset::Entity>()
                .select_only()
                .columns([asset::Column::AreaCode, asset::Column::Name])
                .columns([asset::Column::Id, asset::Column::Code])
                .filter(asset::Column::AreaCode.is_in(batch.iter().map(|(area, _)| *area)))
                .filter(asset::Column::Name.is_in(batch.iter().map(|(_, name)| name.as_str())))
                .filter(asset::Column::State.eq(asset::State::Held))
                .order_by_asc(asset::Column::Id)
                .into_tuple()
                .all(&self.txn)
                .await?;
            let rows = rows.into_iter().map(|(area, name, id, code)| ((area, name), id, code));
            found.extend(rows.filter(|(place, ..)| asked.contains(place)));
        }
        Ok(found)
    }

    /// The names of the valid areas below one, or at the top.
    pub async fn area_names_below(&self, parent: Option<AreaCode>) -> Result<Vec<String>> {
        use sea_orm::QuerySelect;
        let below = match parent {
            Some(parent) => area::Column::ParentCode.eq(parent),
            None => area::Column::ParentCode.is_null(),
        };
        let names = area::Entity::find()
            .select_only()
            .column(area::Column::Name)
            .filter(below)
            .filter(area::Column::ValidUntil.is_null())
            .limit(limits::AREAS_OFFERED);
        Ok(names.into_tuple().all(&self.txn).await?)
    }

    /// The valid areas within the sender's own, code and name; none where there are more than are
    /// looked through.
    pub async fn areas_looked_through(&self) -> Result<Vec<(AreaCode, String)>> {
        use sea_orm::QuerySelect;
        let (first, last) = self.actor().area().range();
        let areas: Vec<(AreaCode, String)> = area::Entity::find()
            .select_only()
            .columns([area::Column::AreaCode, area::Column::Name])
            .filter(area::Column::AreaCode.between(first, last))
            .filter(area::Column::ValidUntil.is_null())
            .limit(limits::AREAS_OFFERED + 1)
            .into_tuple()
            .all(&self.txn)
            .await?;
        let is_whole = areas.len() as u64 <= limits::AREAS_OFFERED;
        Ok(if is_whole { areas } else { Vec::new() })
    }

    /// Whether a person of this number may be named by the actor.
    pub async fn person_in_reach(&self, id: PersonId) -> Result<bool> {
        match self.get_party::<person::Entity>(id).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// How many rows of an import were changed since, or made more than once.
    pub async fn n_touched(&self, import: ImportId) -> Result<u64> {
        let rows = self.imported(import).await?;
        let mut versions: HashMap<(String, i64), i64> = HashMap::new();
        for row in &rows {
            versions.insert((row.noun.clone(), row.subject_id), row.version);
        }
        let mut touched = 0;
        for noun in ["asset", "duty", "organization"] {
            let ids: Vec<i64> =
                rows.iter().filter(|row| row.noun == noun).map(|row| row.subject_id).collect();
            for ids in ids.chunks(BATCH) {
                let stored = match noun {
                    "asset" => self.versions_of::<asset::Entity>(ids).await?,
                    "duty" => self.versions_of::<duty::Entity>(ids).await?,
                    _ => self.versions_of::<organization::Entity>(ids).await?,
                };
                let differing = stored
                    .into_iter()
                    .filter(|(id, version)| versions.get(&(noun.to_owned(), *id)) != Some(version));
                touched += differing.count() as u64;
            }
        }
        Ok(touched)
    }

    async fn versions_of<E: Subject>(&self, ids: &[i64]) -> Result<Vec<(i64, i64)>> {
        use sea_orm::QuerySelect;
        Ok(E::find()
            .select_only()
            .column(E::ID)
            .column(E::VERSION)
            .filter(E::ID.is_in(ids.iter().copied()))
            .into_tuple()
            .all(&self.txn)
            .await?)
    }

    /// The rows an import made or changed.
    pub async fn imported(&self, import: ImportId) -> Result<Vec<ImportedRow>> {
        let query = row::Entity::find().filter(row::Column::ImportId.eq(import));
        Ok(query.order_by_asc(row::Column::Number).all(&self.txn).await?)
    }
}

impl Read<'_> {
    /// The imports of the scope, the newest first.
    pub async fn imports(&self, limit: u64) -> Result<Vec<import::Model>> {
        use sea_orm::QuerySelect;
        let query = self.find::<import::Entity>().order_by_desc(import::Column::Id).limit(limit);
        Ok(query.all(self.connection()).await?)
    }

    /// The imports of the scope before one, the newest first.
    pub async fn imports_before(
        &self,
        before: Option<ImportId>,
        limit: u64,
    ) -> Result<Vec<import::Model>> {
        use sea_orm::QuerySelect;
        let mut query = self.find::<import::Entity>().order_by_desc(import::Column::Id);
        if let Some(before) = before {
            query = query.filter(import::Column::Id.lt(before));
        }
        Ok(query.limit(limit).all(self.connection()).await?)
    }

    /// The last import of a file that stands, by the digest of its bytes.
    pub async fn import_of_file(&self, digest: &str) -> Result<Option<import::Model>> {
        let query = of_file(self.find::<import::Entity>(), digest);
        Ok(query.one(self.connection()).await?)
    }

    /// Which sheets a row of the ledger came from, the newest first.
    pub async fn origins<E: Subject>(
        &self,
        id: E::Id,
    ) -> Result<Vec<(import::Model, ImportedRow)>> {
        let rows = row::Entity::find()
            .filter(row::Column::Noun.eq(E::TABLE))
            .filter(row::Column::SubjectId.eq(id))
            .order_by_desc(row::Column::ImportId)
            .all(self.connection())
            .await?;
        let ids: Vec<ImportId> = rows.iter().map(|row| row.import_id).collect();
        let imports = import::Entity::find()
            .filter(import::Column::Id.is_in(ids))
            .all(self.connection())
            .await?;
        let imports: HashMap<ImportId, import::Model> =
            imports.into_iter().map(|row| (row.id, row)).collect();
        let both =
            rows.into_iter().filter_map(|row| Some((imports.get(&row.import_id)?.clone(), row)));
        Ok(both.collect())
    }

    /// Whether the ledger holds any area at all.
    pub async fn n_areas(&self) -> Result<u64> {
        Ok(self.find::<area::Entity>().count(self.connection()).await?)
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable};

    use super::*;

    #[tokio::test]
    async fn an_import_is_found_by_its_file() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let (first, last) = "520381000000".parse::<AreaCode>().expect("a code").range();
        let scoped = import::Entity::find().filter(import::Column::AreaCode.between(first, last));
        let statement = of_file(scoped, "00").build(DbBackend::Sqlite);
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let values = statement.values.map(|values| values.0).unwrap_or_default();
        let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        let rows = connection.query_all_raw(explain).await.expect("a plan");
        let plan: Vec<String> =
            rows.iter().map(|row| String::try_get(row, "", "detail").expect("a step")).collect();
        assert!(plan.iter().any(|step| step.contains("import_by_file")), "{plan:?}");
    }
}
